"""`tf.contrib.sparsemax`: the nearest probabilities to some numbers, many of which are 0."""

DROPPED = "2.0"
GIVES = "sparsemax sparsemax_loss"
NEEDS = ()
PATHS = ("python.ops.sparsemax", "python.ops.sparsemax_loss")
REFUSED = {}


def make(given):
    tf = given.tf

    def sparsemax(logits, name=None):
        """The probabilities, [batch, classes], that are the nearest to logits [batch, classes]."""
        with tf.name_scope(name, "sparsemax", [logits]):
            logits = tf.convert_to_tensor(logits, name="logits")
            number, classes = tf.shape(logits)[0], tf.shape(logits)[1]
            largest, _ = tf.nn.top_k(logits, k=classes)
            sums = tf.cumsum(largest, axis=1)
            places = tf.range(1, tf.cast(classes, logits.dtype) + 1, dtype=logits.dtype)
            # As many of the largest are left that the last of them is above the threshold.
            left = tf.reduce_sum(tf.cast(1 + places * largest > sums, tf.int32), axis=1)
            last = tf.stack([tf.range(0, number), tf.maximum(left, 1) - 1], axis=1)
            threshold = (tf.gather_nd(sums, last) - 1) / tf.cast(left, logits.dtype)
            made = tf.maximum(tf.cast(0, logits.dtype), logits - threshold[:, tf.newaxis])
            is_none = tf.logical_or(tf.equal(left, 0), tf.is_nan(sums[:, -1]))
            nothing = tf.fill([number, classes], tf.cast(float("nan"), logits.dtype))
            return tf.where(is_none, nothing, made)

    def sparsemax_loss(logits, sparsemax, labels, name=None):
        """The loss of each row, [batch], where labels are probabilities [batch, classes]."""
        with tf.name_scope(name, "sparsemax_loss", [logits, sparsemax, labels]):
            logits, sparse, labels = (
                tf.convert_to_tensor(value, name=told) for value, told in (
                    (logits, "logits"), (sparsemax, "sparsemax"), (labels, "labels")))
            counts = tf.logical_or(sparse > 0, tf.is_nan(sparse))
            of_sparse = tf.where(counts, sparse * (logits - 0.5 * sparse), tf.zeros_like(sparse))
            of_labels = labels * (0.5 * labels - logits)
            is_off = tf.logical_and(tf.equal(labels, 0), tf.is_inf(logits))
            of_labels = tf.where(is_off, tf.zeros_like(logits), of_labels)
            return tf.reduce_sum(of_sparse + of_labels, axis=1)
    return dict(sparsemax=sparsemax, sparsemax_loss=sparsemax_loss)
