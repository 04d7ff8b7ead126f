"""Functions that calls are written with, which take TensorFlow itself."""


def loss(tf):
    """A loss of a small network, by its kind."""
    def images(*batch):
        return tf.placeholder(tf.float32, [*batch, 8, 8, 3])

    def norm(x):
        return tf.layers.batch_normalization(tf.layers.conv2d(x, 4, 3, strides=2), training=True)

    def gan():
        noise, real = tf.placeholder(tf.float32, [None, 4]), images(None)
        fake = tf.nn.tanh(tf.reshape(tf.layers.dense(noise, 192), [-1, 8, 8, 3]))
        logits = [tf.layers.dense(tf.layers.flatten(tf.nn.leaky_relu(tf.layers.conv2d(
            x, 4, 3, 2, "same", name="c", reuse=tf.AUTO_REUSE))), 1, name="d", reuse=tf.AUTO_REUSE)
            for x in (real, fake)]
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
            logits=logits[0], labels=tf.ones_like(logits[0]))) + tf.reduce_mean(-tf.log(tf.sigmoid(logits[1]) + 1e-8))
    kinds = dict(
        dense=lambda: tf.reduce_mean(tf.square(tf.layers.dense(tf.nn.relu(tf.layers.dense(
            tf.placeholder(tf.float32, [None, 3]), 4)), 2) - 1.)),
        conv=lambda: tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(
            labels=tf.placeholder(tf.float32, [2, 5]), logits=tf.layers.dense(tf.layers.flatten(
                tf.layers.max_pooling2d(tf.layers.conv2d(images(2), 4, 3), 2, 2)), 5))),
        resource=lambda: tf.reduce_sum(tf.get_variable("r", [3], use_resource=True)
                                       * tf.placeholder(tf.float32, [3])),
        unknown=lambda: tf.reduce_mean(tf.abs(tf.get_variable("w", [3]) * tf.placeholder(tf.float32))),
        gan=gan, norm=lambda: tf.reduce_mean(tf.nn.elu(norm(images(None)))),
        embedding=lambda: tf.reduce_sum(tf.nn.embedding_lookup(
            tf.get_variable("e", [5, 3]), tf.placeholder(tf.int32, [None]))),
        two=lambda: tf.losses.mean_squared_error(tf.zeros([2, 3]), tf.concat(
            [tf.get_variable("a", [2, 1]), tf.get_variable("b", [2, 2])], 1)) + tf.nn.l2_loss(
                tf.get_variable("c", [3]) / 2. - 1.))
    return lambda kind: kinds[kind]()


def penalty(tf):
    """The gradient of a gradient, as a penalty on a discriminator's."""
    def made(kind):
        x = tf.placeholder(tf.float32, {"dense": [None, 6], "unknown": None}.get(kind, [2, 8, 8, 3]))
        if kind == "dense":
            out = tf.layers.dense(tf.nn.relu(tf.layers.dense(x, 4)), 1)
        elif kind == "unknown":
            out = tf.nn.tanh(x * tf.get_variable("w", [3])) ** 2
        else:
            out = tf.nn.leaky_relu(tf.layers.conv2d(x, 4, 3, 2, "same"))
            if kind == "norm":
                out = tf.layers.batch_normalization(out, training=True)
            if kind == "pool":
                out = tf.nn.max_pool(out, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
            out = tf.layers.dense(tf.layers.flatten(out), 1)
        slope = tf.gradients(out, [x])[0]
        norms = tf.sqrt(tf.reduce_sum(tf.square(slope), axis=[1] if kind == "dense" else None))
        return tf.train.AdamOptimizer().minimize(tf.reduce_mean((norms - 1.) ** 2))
    return made


def grad(tf):
    return lambda made: tf.gradients(made, tf.trainable_variables())


def clipped(tf):
    def made(made_loss):
        optimizer = tf.train.AdamOptimizer()
        pairs = optimizer.compute_gradients(made_loss)
        gradients, _ = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 5.)
        return optimizer.apply_gradients([(tf.clip_by_value(gradient, -1., 1.), variable)
                                          for gradient, (_, variable) in zip(gradients, pairs)])
    return made


def images_mapped(tf):
    """The images of a data set, changed by a function that draws."""
    import numpy as np
    return lambda change: tf.data.Dataset.from_tensor_slices(
        np.zeros([4, 8, 8, 3], "float32")).map(change, 2).batch(2).make_one_shot_iterator().get_next()


def decoded(tf):
    return lambda change: tf.data.Dataset.from_tensor_slices(["a.png", "b.png"]).map(
        lambda name: change(tf.image.decode_jpeg(tf.read_file(name), channels=3)))


def compiled(tf):
    """A model of Keras, by its kind, as far as train_on_batch makes it."""
    keras = tf.keras
    layers = keras.layers

    def dense(units, *more, inputs=(4,), **options):
        return keras.Sequential([layers.Dense(5, input_shape=inputs), *more, layers.Dense(units, **options)])

    def two_outputs():
        given = keras.Input((4,))
        hidden = layers.Dense(3, activity_regularizer=keras.regularizers.l1(.1))(given)
        return keras.Model(given, [layers.Dense(1)(hidden), layers.Dense(2)(hidden), layers.Dense(1)(hidden)])

    def stacked():
        inner = dense(4, layers.BatchNormalization(momentum=.8))
        outer = dense(1, layers.Dropout(.2), activation="sigmoid")
        outer.compile("adam", "binary_crossentropy")
        outer.trainable = False
        given = keras.Input((4,))
        return keras.Model(given, outer(inner(given)))
    def added():
        given = keras.Input((4,))
        model = keras.Model(given, layers.Dense(4)(given))
        model.add_loss(keras.backend.mean(keras.losses.mean_squared_error(given, model.output)))
        return model
    kinds = dict(
        added=added, one=lambda: dense(1), three=lambda: dense(3, activation="softmax"), two_outputs=two_outputs, stacked=stacked,
        sigmoid=lambda: dense(1, layers.LeakyReLU(.2), layers.Dropout(.3), activation="sigmoid"),
        time=lambda: dense(3, inputs=(6, 4), activation="softmax"), selu=lambda: dense(3, activation="selu"),
        penalties=lambda: dense(1, kernel_regularizer=keras.regularizers.l2(.1), bias_regularizer=keras.regularizers.l1_l2(.1, .2),
                                kernel_constraint=keras.constraints.max_norm(2.)),
        images=lambda: keras.Sequential([
            layers.Conv2D(2, 3, strides=2, padding="same", input_shape=(8, 8, 1)), layers.BatchNormalization(), layers.ReLU(),
            layers.MaxPooling2D(), layers.Flatten(), layers.Dense(8), layers.Reshape((2, 2, 2)), layers.UpSampling2D(),
            layers.Conv2DTranspose(1, 3, activation="tanh")]),
        words=lambda: keras.Sequential([layers.Embedding(9, 4, mask_zero=True, input_length=5), layers.Dense(3, activation="softmax")]),
        mean=lambda: keras.Sequential([layers.Embedding(9, 4, input_length=5), layers.GlobalAveragePooling1D(), layers.Dense(1)]))

    def made(kind, loss="mse", optimizer="sgd", **options):
        model = kinds[kind]()
        model.compile(eval(optimizer, {"tf": tf}) if "(" in optimizer else optimizer, loss, **options)
        model._make_train_function()
    return made


def looked(tf):
    """A compiled model of Keras in graph mode, after a call with data sets or tensors."""
    def made(call):
        model = tf.keras.Sequential([tf.keras.layers.Dense(3, "softmax", input_shape=(3,))])
        model.compile("sgd", "sparse_categorical_crossentropy", ["acc"])
        given = tf.data.Dataset.from_tensor_slices(([[1., 2., 3.]] * 20, [1, 2] * 10))
        call(model, given.batch(5), tf.constant([[1., 2., 3.]] * 4))
        return tf.constant(0.)
    return made


def ragged(tf):
    """What is made of a ragged tensor."""
    def made(call):
        call(tf.ragged.constant([[1., 2.], [], [3.]]))
        return tf.constant(0.)
    return made


def contrib(tf):
    return tf.contrib


def applied(tf):
    """An element of a data set, after what is applied to it."""
    def made(change, data, iterator="one_shot"):
        data = data if change is None else data.apply(change)
        if iterator == "made":
            made = tf.data.Iterator.from_structure(data.output_types, data.output_shapes, output_classes=data.output_classes)
            made.make_initializer(data)
        else:
            made = getattr(data, f"make_{iterator}_iterator")()
        return made.get_next()
    return made


def unrolled(tf):
    return lambda cell, inputs, **options: tf.nn.dynamic_rnn(cell, inputs, dtype=tf.float32, **options)


def static(tf):
    return lambda cell, steps, **options: tf.nn.static_rnn(cell, [tf.placeholder(tf.float32, [3, 5]) for _ in range(steps)], dtype=tf.float32, **options)


def _mechanism(tf, name, memory, lengths, noise=0.):
    kind, _, mode = name.partition(":")
    options = dict(mode=mode, sigmoid_noise=noise) if mode else {}
    return getattr(tf.contrib.seq2seq, kind)(4, memory, lengths, **options)


def attended(tf):
    """A recurrent network with attention."""
    def made(name, memory, lengths=None, cell="gru", history=False, layer=None, noise=0.):
        cell = tf.nn.rnn_cell.GRUCell(4) if cell == "gru" else tf.nn.rnn_cell.BasicLSTMCell(4)
        wrapped = tf.contrib.seq2seq.AttentionWrapper(cell, _mechanism(tf, name, memory, lengths, noise), alignment_history=history, attention_layer_size=layer)
        return tf.nn.dynamic_rnn(wrapped, tf.placeholder(tf.float32, [3, 5, 5]), dtype=tf.float32)[0]
    return made


def decoded_by(tf):
    """What a decoder with attention computes."""
    def made(name, helper, lengths=None, maximum=None, finished=False):
        seq2seq, words = tf.contrib.seq2seq, tf.get_variable("words", [7, 5])
        inputs, sizes = tf.placeholder(tf.float32, [3, 5, 5]), tf.constant([5, 3, 4])
        chosen = dict(
            training=lambda: seq2seq.TrainingHelper(inputs, sizes), greedy=lambda: seq2seq.GreedyEmbeddingHelper(words, tf.fill([3], 1), 2),
            sample=lambda: seq2seq.SampleEmbeddingHelper(words, tf.fill([3], 1), 2), scheduled=lambda: seq2seq.ScheduledEmbeddingTrainingHelper(inputs, sizes, words, .5))
        cell = seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(4), _mechanism(tf, name, tf.placeholder(tf.float32, [3, 6, 5]), lengths), attention_layer_size=6)
        decoder = seq2seq.BasicDecoder(cell, chosen[helper](), cell.zero_state(3, tf.float32), tf.layers.Dense(7))
        return seq2seq.dynamic_decode(decoder, maximum_iterations=maximum, impute_finished=finished)[0].rnn_output
    return made


def columns(tf):
    """What is made of a column of categories, in each way."""
    def made(column, ids, kind="indicator"):
        fc, features = tf.feature_column, {"i": ids, "j": ids}
        if kind == "linear":
            return fc.linear_model(features, [column])
        if kind == "keras":
            return tf.keras.layers.DenseFeatures([fc.embedding_column(column, 2)])(features)
        return fc.input_layer(features, fc.shared_embedding_columns([column], 2) if kind == "shared" else [
            fc.embedding_column(column, 3) if kind == "embedding" else fc.indicator_column(
                column if kind == "indicator" else fc.crossed_column([column, "j"], 5))])
    return made


HELPERS = dict(loss=loss, penalty=penalty, compiled=compiled, grad=grad, clipped=clipped, images_mapped=images_mapped,
               decoded=decoded, contrib=contrib, applied=applied, looked=looked, ragged=ragged, unrolled=unrolled, static=static,
               attended=attended, decoded_by=decoded_by, columns=columns)
