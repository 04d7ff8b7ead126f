"""Document 000's DCGAN: three (transposed) convolutions and a dense layer in each network.

Radford et al., "Unsupervised Representation Learning with Deep Convolutional Generative
Adversarial Networks" (2015), in the document's simplified form: batch normalization after
every hidden layer of both networks, dropout after that.
Document 000, sections "Hyperparameters", "Generator" and "Discriminator".
"""

from tf1gan import layers
from tf1gan.compat import tf
from tf1gan.images import PIXELS, SIDE
from tf1gan.models import gan
from tf1gan.models.model import Recipe

DEFAULTS = dict(gan.DEFAULTS, epochs=2)

RECIPES = {
    "document": Recipe({}, "2 epochs"),
    # --bfloat16 is not every CPU's.
    "best": Recipe(
        dict(learning_rate=0.0005, beta1=0.5, batch_size=32, dropout=0, ema=0.999, epochs=3),
        "3 epochs", 16),
}


def generator(z, reuse=False, training=True, alpha=0.01, dropout=0.2, always_drop=False, seed=None):
    """Noise to images.

    Args:
      z: float32 [batch, 100] in [-1, 1].
      reuse: whether the variables exist already.
      training: batch normalization by the batch's statistics, and dropout; otherwise by
        the moving statistics, and none.
      alpha: slope of the leaky ReLU.
      dropout: the share that is dropped while training.
      always_drop: drop it while sampling, too, as the document does.
      seed: of the dropout masks, see layers.dropout.

    Returns:
      float32 [batch, 784] in [-1, 1].
    """
    rate = dropout if training or always_drop else 0.0
    with tf.variable_scope("generator", reuse=reuse):
        with tf.variable_scope("fc_layer"):
            h = tf.reshape(layers.dense(z, 4 * 4 * 512), [-1, 4, 4, 512])
            h = _activated(h, training, alpha, rate, seed)              # [batch, 4, 4, 512]
        with tf.variable_scope("cnn_layer1"):
            h = layers.conv2d_transpose(h, 256, 4, strides=1, padding="VALID")
            h = _activated(h, training, alpha, rate, seed)              # [batch, 7, 7, 256]
        with tf.variable_scope("cnn_layer2"):
            h = layers.conv2d_transpose(h, 128, 3, strides=2, padding="SAME")
            h = _activated(h, training, alpha, rate, seed)              # [batch, 14, 14, 128]
        with tf.variable_scope("output"):
            h = layers.conv2d_transpose(h, 1, 3, strides=2, padding="SAME")
            # The layer has a bias already. The document adds this second one.
            biases = tf.get_variable("biases", [1], initializer=tf.zeros_initializer())
            return tf.nn.tanh(tf.reshape(h + biases, [-1, PIXELS]))        # [batch, 784]


def discriminator(x, reuse=False, training=True, alpha=0.01, dropout=0.2, seed=None):
    """Images to the belief that they are real.

    Args:
      x: float32 [batch, 784] in [-1, 1].
      reuse, training, alpha, dropout, seed: as in `generator`.

    Returns:
      (logits, probabilities), each float32 [batch, 1].
    """
    rate = dropout if training else 0.0
    with tf.variable_scope("discriminator", reuse=reuse):
        with tf.variable_scope("cnn_layer1"):
            h = tf.reshape(x, [-1, SIDE, SIDE, 1])
            h = layers.conv2d(h, 128, 3, strides=2, padding="SAME")
            h = _activated(h, training, alpha, rate, seed)              # [batch, 14, 14, 128]
        with tf.variable_scope("cnn_layer2"):
            h = layers.conv2d(h, 256, 3, strides=2, padding="SAME")
            h = _activated(h, training, alpha, rate, seed)              # [batch, 7, 7, 256]
        with tf.variable_scope("cnn_layer3"):
            h = layers.conv2d(h, 512, 4, strides=1, padding="VALID")
            h = _activated(h, training, alpha, rate, seed)              # [batch, 4, 4, 512]
        with tf.variable_scope("output"):
            logits = layers.dense(tf.reshape(h, [-1, 4 * 4 * 512]), 1)
            return logits, tf.nn.sigmoid(logits)                        # [batch, 1]


def _activated(h, training, alpha, rate, seed):
    h = layers.batch_normalization(h, training=training)
    return layers.dropout(tf.nn.leaky_relu(h, alpha=alpha), rate, seed)


MODEL = gan.MODEL._replace(
    name="dcgan",
    document="000, convolutional",
    takes="2 epochs, 9 minutes",
    generator=generator,
    discriminator=discriminator,
    defaults=DEFAULTS,
    recipes=RECIPES,
    iterations_per_run=1,
    sample_every=150,
    summary_every=10,
)
