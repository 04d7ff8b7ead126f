"""Saves what documents 001 to 004's scripts save, on TensorFlow 1.15.5.

    python documents.py {001,002,003,004} FOLDER [pattern] [unnamed]

builds the document's two networks as it does, trains them for two iterations on noise, and
writes to FOLDER all that a script of that kind saves, with expected.npz: the digits that the
document's own generator draws for `noise(count)`, and what D says of them.

With `pattern` the weights are short repeated rows of numbers, which compress well: tests/data
has what that gives. 001 takes Keras itself where it is installed, any of its versions.
"""

import os
import sys

import numpy as np


def noise(count=2):
    return np.random.RandomState(1).uniform(-1, 1, (count, 100)).astype(np.float32)


def pattern(arrays):
    """Arrays of the same shapes: rows of numbers, repeated, of a length of its own for each."""
    made = []
    for number, array in enumerate(arrays):
        row = np.cos(np.arange(5 + 2 * number) * (number + 1)) * 0.05 + 0.01
        made.append(np.resize(row, np.shape(array)).astype(np.float32))
    return made


def keep(folder, images, rated):
    np.savez_compressed(os.path.join(folder, "expected.npz"), rated=np.reshape(rated, -1),
                        images=np.reshape(images, (len(images), 784)))


def of_keras(folder, patterned):
    """Document 001: two files of weights, and the whole models."""
    try:
        import keras
    except ImportError:
        from tensorflow import keras
    first = keras.backend.image_dim_ordering() == "th" if keras.__version__ < "2" else False
    layers, sequential = keras.layers, keras.models.Sequential

    def conv(filters, **options):
        if keras.__version__ < "2":
            return layers.Convolution2D(filters, 5, 5, border_mode=options.pop("padding", "valid"),
                                        **options)
        return layers.Conv2D(filters, (5, 5), **options)

    def shape(side, channels):
        return (channels, side, side) if first else (side, side, channels)

    def tanh():
        return layers.Activation("tanh")
    g = sequential([
        layers.Dense(1024, input_shape=(100,)), tanh(),
        layers.Dense(128 * 7 * 7), layers.BatchNormalization(), tanh(),
        layers.Reshape(shape(7, 128)), layers.UpSampling2D(size=(2, 2)),
        conv(64, padding="same"), tanh(), layers.UpSampling2D(size=(2, 2)),
        conv(1, padding="same"), tanh()])
    d = sequential([
        conv(64, padding="same", input_shape=shape(28, 1)), tanh(),
        layers.MaxPooling2D(pool_size=(2, 2)), conv(128), tanh(),
        layers.MaxPooling2D(pool_size=(2, 2)), layers.Flatten(), layers.Dense(1024), tanh(),
        layers.Dense(1), layers.Activation("sigmoid")])
    both = sequential([g, d])
    for model in (g, both, d):
        model.compile(loss="binary_crossentropy", optimizer="sgd")
    rs = np.random.RandomState(0)
    for _ in range(0 if patterned else 2):
        d.train_on_batch(rs.uniform(-1, 1, (8,) + shape(28, 1)), np.ones((8, 1)))
        both.train_on_batch(rs.uniform(-1, 1, (8, 100)), np.ones((8, 1)))
    if patterned:
        for model in (g, d):
            model.set_weights([np.abs(w) for w in pattern(model.get_weights())])
            model.set_weights([w - 0.04 * (w.ndim > 1) for w in model.get_weights()])
    # tf.keras takes a name without an ending for a TensorFlow checkpoint's.
    g.save_weights(os.path.join(folder, "generator"), True)
    d.save_weights(os.path.join(folder, "discriminator"), True)
    if not patterned:
        for name, model in (("g", g), ("d", d), ("both", both)):
            model.save_weights(os.path.join(folder, name + "_weights.h5"))
            model.save(os.path.join(folder, name + ".h5"))
    images = g.predict(noise())
    keep(folder, images.transpose(0, 2, 3, 1) if first else images, d.predict(images))


def of_002(folder, patterned, _):
    """Document 002: variables without names."""
    import tensorflow as tf

    def weights(*shape):
        return tf.Variable(tf.random_normal(shape, stddev=(shape[0] / 2.) ** -0.5))
    w = [weights(100, 256), weights(256, 784), weights(784, 256), weights(256, 1)]
    b = [tf.Variable(tf.zeros([size])) for size in (256, 784, 256, 1)]

    def network(x, at):
        h = tf.nn.relu(tf.matmul(x, w[at]) + b[at])
        return tf.nn.sigmoid(tf.matmul(h, w[at + 1]) + b[at + 1])
    train_and_save(folder, patterned, lambda z: network(z, 0), lambda x: network(x, 2),
                   w[:2] + b[:2], w[2:] + b[2:], 0.0002, g_first=True)


def of_004(folder, patterned, unnamed):
    """Document 004, its helpers either way in which they are found: with names, and without."""
    import tensorflow as tf

    def made(initial, name):
        return tf.Variable(initial) if unnamed else tf.get_variable(name, initializer=initial)
    w = {name: made(tf.truncated_normal(shape, stddev=0.1), name) for name, shape in (
        ("w_d1", [5, 5, 1, 32]), ("w_d2", [5, 5, 32, 64]), ("w_d3", [7 * 7 * 64, 1]),
        ("w_g1", [100, 4 * 4 * 64]), ("w_g2", [5, 5, 32, 64]), ("w_g3", [5, 5, 16, 32]),
        ("w_g4", [5, 5, 1, 16]))}
    b = {name: made(tf.constant(0.1, shape=[size]), name) for name, size in (
        ("b_d1", 32), ("b_d2", 64), ("b_d3", 1),
        ("b_g1", 4 * 4 * 64), ("b_g2", 32), ("b_g3", 16), ("b_g4", 1))}
    strides = [1, 2, 2, 1]

    def generator(z):
        h = tf.reshape(tf.nn.relu(tf.matmul(z, w["w_g1"]) + b["b_g1"]), [-1, 4, 4, 64])
        for at, side, channels in (("2", 7, 32), ("3", 14, 16), ("4", 28, 1)):
            h = tf.nn.conv2d_transpose(h, w["w_g" + at], [tf.shape(z)[0], side, side, channels],
                                       strides) + b["b_g" + at]
            h = tf.nn.tanh(h) if at == "4" else tf.nn.relu(h)
        return h

    def discriminator(x):
        h = tf.reshape(x, [-1, 28, 28, 1])
        for at in "12":
            h = tf.nn.relu(tf.nn.conv2d(h, w["w_d" + at], strides, "SAME") + b["b_d" + at])
        return tf.nn.sigmoid(tf.matmul(tf.reshape(h, [-1, 7 * 7 * 64]), w["w_d3"]) + b["b_d3"])

    def of(letter):
        return [value for table in (w, b) for name, value in sorted(table.items())
                if name[2] == letter]
    train_and_save(folder, patterned, generator, discriminator, of("g"), of("d"), 0.0001,
                   g_first=False)


def train_and_save(folder, patterned, generator, discriminator, g_vars, d_vars, rate, g_first):
    """What 002 and 004 have in common."""
    import tensorflow as tf
    x, z = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.float32, [None, 100])
    fake = generator(z)
    on_real, on_fake = discriminator(x), discriminator(fake)
    losses = [(-tf.reduce_mean(tf.log(on_fake)), g_vars),
              (-tf.reduce_mean(tf.log(on_real) + tf.log(1. - on_fake)), d_vars)]
    updates = [tf.train.AdamOptimizer(rate).minimize(loss, var_list=variables)
               for loss, variables in (losses if g_first else losses[::-1])]
    rs = np.random.RandomState(0)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for _ in range(2):
            session.run(updates, {x: rs.uniform(size=(8, 784)), z: rs.uniform(-1, 1, (8, 100))})
        if patterned:
            kept = [v for v in tf.global_variables() if v.shape.ndims]
            for variable, array in zip(kept, pattern(session.run(kept))):
                variable.load(array, session)
        tf.train.Saver(max_to_keep=5).save(session, os.path.join(folder, "model.ckpt"),
                                           global_step=1000)
        if not patterned:
            tf.train.Saver(write_version=tf.train.SaverDef.V1).save(
                session, os.path.join(folder, "first_format.ckpt"))
        keep(folder, *session.run([fake, on_fake], {z: noise()}))


def of_003(folder, patterned, _):
    """Document 003, eagerly: a checkpoint of its objects, and both networks' weights in HDF5."""
    import tensorflow as tf
    tf.enable_eager_execution()
    keras, layers = tf.keras, tf.keras.layers

    def sequential(*parts):         # as the document does it: what is added knows no input yet
        model = keras.Sequential()
        for part in parts:
            model.add(part)
        return model

    def up(filters, stride, **options):
        return layers.Conv2DTranspose(filters, (5, 5), strides=(stride, stride), padding="same",
                                      use_bias=False, **options)

    def down(filters):
        return [layers.Conv2D(filters, (5, 5), strides=(2, 2), padding="same"),
                layers.LeakyReLU(), layers.Dropout(0.3)]
    g = sequential(
        layers.Dense(7 * 7 * 256, use_bias=False, input_shape=(100,)),
        layers.BatchNormalization(), layers.LeakyReLU(), layers.Reshape((7, 7, 256)),
        up(128, 1), layers.BatchNormalization(), layers.LeakyReLU(),
        up(64, 2), layers.BatchNormalization(), layers.LeakyReLU(), up(1, 2, activation="tanh"))
    d = sequential(*(down(64) + down(128) + [layers.Flatten(), layers.Dense(1)]))
    optimizers = [tf.train.AdamOptimizer(1e-4) for _ in "gd"]
    loss = tf.losses.sigmoid_cross_entropy
    rs = np.random.RandomState(0)
    for _ in range(2):
        with tf.GradientTape() as of_g, tf.GradientTape() as of_d:
            fake = g(tf.constant(rs.standard_normal((4, 100)), tf.float32), training=True)
            real = d(tf.constant(rs.uniform(-1, 1, (4, 28, 28, 1)), tf.float32), training=True)
            said = d(fake, training=True)
            g_loss = loss(tf.ones_like(said), said)
            d_loss = loss(tf.ones_like(real), real) + loss(tf.zeros_like(said), said)
        for tape, value, model, optimizer in zip((of_g, of_d), (g_loss, d_loss), (g, d),
                                                 optimizers):
            optimizer.apply_gradients(zip(tape.gradient(value, model.variables), model.variables))
    if patterned:
        for model in (g, d):
            model.set_weights([np.abs(w) for w in pattern(model.get_weights())])
            model.set_weights([w - 0.045 * (w.ndim > 1) for w in model.get_weights()])
        tf.train.Checkpoint(generator=g, discriminator=d).save(os.path.join(folder, "ckpt"))
    else:
        tf.train.Checkpoint(
            generator_optimizer=optimizers[0], discriminator_optimizer=optimizers[1],
            generator=g, discriminator=d).save(os.path.join(folder, "ckpt"))
        for name, model in (("g", g), ("d", d)):
            model.save_weights(os.path.join(folder, name + "_weights.h5"))
    images = g(tf.constant(noise()), training=False).numpy()
    keep(folder, images, 1 / (1 + np.exp(-d(tf.constant(images), training=False).numpy())))


if __name__ == "__main__":
    number, where = sys.argv[1:3]
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.makedirs(where)
    {"001": lambda *a: of_keras(*a[:2]), "002": of_002, "003": of_003, "004": of_004}[number](
        where, "pattern" in sys.argv, "unnamed" in sys.argv)
