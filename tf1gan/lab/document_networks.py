"""The documents' networks in plain TensorFlow, for the benchmark to compare with.

They are those of each document's listing; Keras's layers are tf.layers here. Nothing of the rest
of the package is used.
"""

from typing import Callable, NamedTuple

from tf1gan.compat import tf

PIXELS, NOISE_SIZE = 784, 100


class Networks(NamedTuple):
    generator: Callable                     # noise -> images [batch, 784]
    discriminator: Callable                 # images -> logits [batch, 1]


# -- Document 000 ------------------------------------------------------------------------------

def _gan_generator(z):
    h = tf.nn.leaky_relu(tf.layers.dense(z, 128, name="fc_layer"), alpha=0.01)
    return tf.nn.tanh(tf.layers.dense(tf.nn.dropout(h, rate=0.2), 784, name="output"))


def _gan_discriminator(x):
    h = tf.nn.leaky_relu(tf.layers.dense(x, 128, name="fc_layer"), alpha=0.01)
    return tf.layers.dense(tf.nn.dropout(h, rate=0.2), 1, name="output")


def _normalized_000(h, name):
    h = tf.layers.batch_normalization(h, training=True, name=name)
    return tf.nn.dropout(tf.nn.leaky_relu(h, alpha=0.01), rate=0.2)


def _dcgan_generator(z):
    h = tf.reshape(tf.layers.dense(z, 4 * 4 * 512, name="fc_layer"), [-1, 4, 4, 512])
    h = _normalized_000(h, "normalized0")
    h = _normalized_000(tf.layers.conv2d_transpose(h, 256, 4, name="cnn_layer1"), "normalized1")
    h = tf.layers.conv2d_transpose(h, 128, 3, 2, padding="SAME", name="cnn_layer2")
    h = _normalized_000(h, "normalized2")
    h = tf.layers.conv2d_transpose(h, 1, 3, 2, padding="SAME", name="output")
    biases = tf.get_variable("biases", [1], initializer=tf.zeros_initializer())
    return tf.nn.tanh(tf.reshape(h + biases, [-1, PIXELS]))


def _dcgan_discriminator(x):
    h = tf.reshape(x, [-1, 28, 28, 1])
    h = tf.layers.conv2d(h, 128, 3, 2, padding="SAME", name="cnn_layer1")
    h = _normalized_000(h, "normalized1")
    h = tf.layers.conv2d(h, 256, 3, 2, padding="SAME", name="cnn_layer2")
    h = _normalized_000(h, "normalized2")
    h = _normalized_000(tf.layers.conv2d(h, 512, 4, name="cnn_layer3"), "normalized3")
    return tf.layers.dense(tf.reshape(h, [-1, 4 * 4 * 512]), 1, name="output")


# -- Document 001 ------------------------------------------------------------------------------

def _keras_generator(z, training=True):
    h = tf.nn.tanh(tf.layers.dense(z, 1024, name="fc_layer1"))
    h = tf.layers.dense(h, 128 * 7 * 7, name="fc_layer2")
    h = tf.nn.tanh(tf.layers.batch_normalization(h, training=training, name="normalized"))
    h = tf.image.resize_nearest_neighbor(tf.reshape(h, [-1, 7, 7, 128]), [14, 14])
    h = tf.nn.tanh(tf.layers.conv2d(h, 64, 5, padding="SAME", name="cnn_layer1"))
    h = tf.image.resize_nearest_neighbor(h, [28, 28])
    h = tf.nn.tanh(tf.layers.conv2d(h, 1, 5, padding="SAME", name="output"))
    return tf.reshape(h, [-1, PIXELS])


def _keras_discriminator(x):
    h = tf.reshape(x, [-1, 28, 28, 1])
    h = tf.nn.tanh(tf.layers.conv2d(h, 64, 5, padding="SAME", name="cnn_layer1"))
    h = tf.layers.max_pooling2d(h, 2, 2)
    h = tf.nn.tanh(tf.layers.conv2d(h, 128, 5, name="cnn_layer2"))
    h = tf.reshape(tf.layers.max_pooling2d(h, 2, 2), [-1, 5 * 5 * 128])
    h = tf.nn.tanh(tf.layers.dense(h, 1024, name="fc_layer"))
    return tf.layers.dense(h, 1, name="output")


# -- Document 002 ------------------------------------------------------------------------------

def _two_layers(x, sizes):
    """Matrix products with a hidden layer, as the document writes them out."""
    h = x
    for k, (inputs, outputs) in enumerate(zip(sizes[:-1], sizes[1:])):
        w = tf.get_variable(f"w{k}", [inputs, outputs], initializer=tf.random_normal_initializer(
            stddev=(inputs / 2) ** -0.5))
        b = tf.get_variable(f"b{k}", [outputs], initializer=tf.zeros_initializer())
        h = tf.add(tf.matmul(h, w), b)
        h = h if k else tf.nn.relu(h)
    return h


def _xavier_generator(z):
    return tf.nn.sigmoid(_two_layers(z, (NOISE_SIZE, 256, PIXELS)))


def _xavier_discriminator(x):
    return _two_layers(x, (PIXELS, 256, 1))


# -- Document 003 ------------------------------------------------------------------------------

def _normalized_003(h, name):
    h = tf.layers.batch_normalization(h, training=True, name=name)
    return tf.nn.leaky_relu(h, alpha=0.3)


def _eager_generator(z):
    h = tf.layers.dense(z, 7 * 7 * 256, use_bias=False, name="fc_layer")
    h = tf.reshape(_normalized_003(h, "normalized0"), [-1, 7, 7, 256])
    for k, (channels, strides) in enumerate([(128, 1), (64, 2)], 1):
        h = tf.layers.conv2d_transpose(h, channels, 5, strides, padding="SAME", use_bias=False,
                                       name=f"cnn_layer{k}")
        h = _normalized_003(h, f"normalized{k}")
    h = tf.layers.conv2d_transpose(h, 1, 5, 2, padding="SAME", use_bias=False, name="output")
    return tf.reshape(tf.nn.tanh(h), [-1, PIXELS])


def _eager_discriminator(x):
    h = tf.reshape(x, [-1, 28, 28, 1])
    for k, channels in enumerate([64, 128], 1):
        h = tf.layers.conv2d(h, channels, 5, 2, padding="SAME", name=f"cnn_layer{k}")
        h = tf.nn.dropout(tf.nn.leaky_relu(h, 0.3), rate=0.3)
    return tf.layers.dense(tf.reshape(h, [-1, 7 * 7 * 128]), 1, name="output")


# -- Document 004 ------------------------------------------------------------------------------

def _weights_and_biases(name, shape, size):
    return (tf.get_variable("w_" + name, shape,
                            initializer=tf.truncated_normal_initializer(stddev=0.1)),
            tf.get_variable("b_" + name, [size], initializer=tf.constant_initializer(0.1)))


def _plain_generator(z):
    w, b = _weights_and_biases("g1", [NOISE_SIZE, 4 * 4 * 64], 4 * 4 * 64)
    h = tf.reshape(tf.nn.relu(tf.add(tf.matmul(z, w), b)), [-1, 4, 4, 64])
    for k, (side, inputs, outputs) in enumerate([(7, 64, 32), (14, 32, 16), (28, 16, 1)]):
        w, b = _weights_and_biases(f"g{k + 2}", [5, 5, outputs, inputs], outputs)
        shape = tf.stack([tf.shape(z)[0], side, side, outputs])
        h = tf.add(tf.nn.conv2d_transpose(h, w, shape, [1, 2, 2, 1], padding="SAME"), b)
        h = tf.nn.relu(h) if outputs > 1 else tf.nn.tanh(h)
    return tf.reshape(h, [-1, PIXELS])


def _plain_discriminator(x):
    h = tf.reshape(x, [-1, 28, 28, 1])
    for name, inputs, outputs in (("d1", 1, 32), ("d2", 32, 64)):
        w, b = _weights_and_biases(name, [5, 5, inputs, outputs], outputs)
        h = tf.nn.relu(tf.add(tf.nn.conv2d(h, w, [1, 2, 2, 1], padding="SAME"), b))
    w, b = _weights_and_biases("d3", [7 * 7 * 64, 1], 1)
    return tf.add(tf.matmul(tf.reshape(h, [-1, 7 * 7 * 64]), w), b)


def _in_scope(name, network):
    """A network whose variables are made in a scope, where it is first called."""
    def scoped(inputs, **options):
        with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
            return network(inputs, **options)
    return scoped


NETWORKS = {name: Networks(_in_scope("generator", generator),
                           _in_scope("discriminator", discriminator))
            for name, generator, discriminator in (
                ("gan", _gan_generator, _gan_discriminator),
                ("dcgan", _dcgan_generator, _dcgan_discriminator),
                ("keras_gan", _keras_generator, _keras_discriminator),
                ("xavier_gan", _xavier_generator, _xavier_discriminator),
                ("eager_dcgan", _eager_generator, _eager_discriminator),
                ("plain_dcgan", _plain_generator, _plain_discriminator))}
