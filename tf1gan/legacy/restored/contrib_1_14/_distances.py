"""Scores of logits, and distances between two sets of activations, [examples, features]."""

_SMALLEST = 1e-10       # singular values below it have no root


def make(tf):
    """Name -> function. Each computes in float64, and returns the type that it was given."""
    def precisely(function):
        def computed(first, *more, **named):
            first = tf.convert_to_tensor(first)
            given = first.dtype
            doubles = [tf.cast(part, tf.float64) for part in (first,) + more[:1]]
            return tf.cast(function(*(doubles + list(more[1:])), **named), given)
        computed.__name__ = function.__name__
        return computed

    @precisely
    def classifier_score_from_logits(logits):
        """The exponential of the mean divergence of p(label | image) from p(label)."""
        logits.shape.assert_has_rank(2)
        shares = tf.nn.softmax(logits)
        of_all = tf.reduce_mean(shares, axis=0)
        divergence = tf.reduce_sum(shares * (tf.nn.log_softmax(logits) - tf.log(of_all)), axis=1)
        return tf.exp(tf.reduce_mean(divergence))

    @precisely
    def mean_only_frechet_classifier_distance_from_activations(real, generated):
        return tf.reduce_sum(tf.squared_difference(
            tf.reduce_mean(real, 0), tf.reduce_mean(generated, 0)))

    @precisely
    def diagonal_only_frechet_classifier_distance_from_activations(real, generated):
        (mean, variance), (mean_2, variance_2) = [
            tf.nn.moments(part, axes=[0]) for part in (real, generated)]
        return tf.reduce_sum(tf.squared_difference(mean, mean_2)) + tf.reduce_sum(
            variance + variance_2 - 2.0 * tf.sqrt(variance * variance_2))

    @precisely
    def frechet_classifier_distance_from_activations(real, generated):
        means = [tf.reduce_mean(part, 0) for part in (real, generated)]
        covariances = [covariance(part - mean) for part, mean in zip((real, generated), means)]
        trace = tf.trace(covariances[0] + covariances[1]) - 2.0 * trace_of_root(*covariances)
        return trace + tf.reduce_sum(tf.squared_difference(*means))

    def covariance(centered):
        examples = tf.cast(tf.shape(centered)[0], tf.float64)
        return tf.matmul(centered, centered, transpose_a=True) / (examples - 1)

    def root(matrix):
        values, u, v = tf.svd(matrix)
        roots = tf.where(tf.less(values, _SMALLEST), values, tf.sqrt(values))
        return tf.matmul(tf.matmul(u, tf.diag(roots)), v, transpose_b=True)

    def trace_of_root(one, other):
        """Of the root of their product, by that of a symmetric matrix of the same trace."""
        first = root(one)
        return tf.trace(root(tf.matmul(first, tf.matmul(other, first))))

    def kernel_classifier_distance_from_activations(real_activations, generated_activations,
                                                    max_block_size=10, dtype=None):
        return kernel_classifier_distance_and_std_from_activations(
            real_activations, generated_activations, max_block_size, dtype)[0]

    def kernel_classifier_distance_and_std_from_activations(
            real_activations, generated_activations, max_block_size=10, dtype=None):
        """The squared maximum mean discrepancy of (xy / features + 1)^3, its mean over blocks of
        examples, and the standard error of that mean."""
        real, generated = [tf.convert_to_tensor(part, dtype) for part in (
            real_activations, generated_activations)]
        kind = real.dtype
        counts = [tf.shape(part)[0] for part in (real, generated)]
        blocks = tf.cast(tf.ceil(tf.cast(tf.maximum(*counts), tf.float64) / max_block_size),
                         tf.int32)

        def starts(count):
            """Where the blocks begin: as even as they can be, the longer ones last."""
            small = count // blocks
            longer = count - small * blocks
            sizes = tf.concat([tf.fill([blocks - longer], small), tf.fill([longer], small + 1)], 0)
            return tf.concat([tf.zeros([1], tf.int32), tf.cumsum(sizes)], 0)
        of_real, of_generated = starts(counts[0]), starts(counts[1])

        def kernel(one, other):
            features = tf.cast(tf.shape(real)[1], kind)
            return (tf.matmul(one, other, transpose_b=True) / features + 1.0) ** 3

        def without_diagonal(matrix, count):
            return (tf.reduce_sum(matrix) - tf.trace(matrix)) / (count * (count - 1.0))

        def of_a_block(place):
            x = real[of_real[place]:of_real[place + 1]]
            y = generated[of_generated[place]:of_generated[place + 1]]
            m, n = [tf.cast(tf.shape(part)[0], kind) for part in (x, y)]
            return (without_diagonal(kernel(x, x), m) + without_diagonal(kernel(y, y), n)
                    - 2.0 * tf.reduce_mean(kernel(x, y)))
        found = tf.map_fn(of_a_block, tf.range(blocks), dtype=kind, back_prop=False)
        mean, count = tf.reduce_mean(found), tf.cast(blocks, kind)
        spread = tf.sqrt(tf.reduce_sum((found - mean) ** 2) / (count - 1.0))
        return mean, tf.cond(tf.greater(blocks, 1), lambda: spread / tf.sqrt(count),
                             lambda: tf.constant(float("nan"), kind))
    return {function.__name__: function for function in (
        classifier_score_from_logits, mean_only_frechet_classifier_distance_from_activations,
        diagonal_only_frechet_classifier_distance_from_activations,
        frechet_classifier_distance_from_activations,
        kernel_classifier_distance_from_activations,
        kernel_classifier_distance_and_std_from_activations)}
