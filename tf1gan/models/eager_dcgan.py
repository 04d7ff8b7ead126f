"""Document 003's DCGAN: batch normalization in the generator, dropout in the discriminator.

Document 003, listings 6 to 13; written there with tf.keras and eager execution.
"""

from tf1gan import layers
from tf1gan.compat import tf
from tf1gan.images import EPOCHS, PIXELS, SIDE
from tf1gan.models.model import TOGETHER, Model, Recipe, ends_epoch

DEFAULTS = dict(
    batch_size=256,
    learning_rate=0.0001,
    beta1=0.9,
    dropout=0.3,
    alpha=0.3,          # Keras's own slope of the leaky ReLU, four times the usual
    epochs=200,
    n_sample=16,
)

RECIPES = {
    "document": Recipe({}, "5 epochs of 200", 5),
    "best": Recipe(
        dict(loss="hinge", learning_rate=0.001, beta1=0.5, gradient_penalty=10, batch_size=64,
             dropout=0, ema=0.999, epochs=12),
        "12 epochs", 18),
}


def generator(z, reuse=False, training=True, alpha=0.3):
    """Noise to images.

    Args:
      z: float32 [batch, 100], normal.
      reuse: whether the variables exist already.
      training: batch normalization by the batch's statistics; otherwise by the moving ones.
      alpha: slope of the leaky ReLU.

    Returns:
      float32 [batch, 784] in [-1, 1].
    """
    with tf.variable_scope("generator", reuse=reuse):
        with tf.variable_scope("fc_layer"):
            h = layers.dense(z, 7 * 7 * 256, use_bias=False)
            h = layers.batch_normalization(h, training=training)
            h = tf.nn.leaky_relu(h, alpha=alpha)
            h = tf.reshape(h, [-1, 7, 7, 256])                          # [batch, 7, 7, 256]
        with tf.variable_scope("cnn_layer1"):
            h = layers.conv2d_transpose(h, 128, 5, strides=1, padding="SAME", use_bias=False)
            h = layers.batch_normalization(h, training=training)
            h = tf.nn.leaky_relu(h, alpha=alpha)                        # [batch, 7, 7, 128]
        with tf.variable_scope("cnn_layer2"):
            h = layers.conv2d_transpose(h, 64, 5, strides=2, padding="SAME", use_bias=False)
            h = layers.batch_normalization(h, training=training)
            h = tf.nn.leaky_relu(h, alpha=alpha)                        # [batch, 14, 14, 64]
        with tf.variable_scope("output"):
            h = layers.conv2d_transpose(h, 1, 5, strides=2, padding="SAME", use_bias=False)
            return tf.nn.tanh(tf.reshape(h, [-1, PIXELS]))                 # [batch, 784]


def discriminator(x, reuse=False, training=True, alpha=0.3, dropout=0.3, seed=None):
    """Images to the belief that they are real.

    Args:
      x: float32 [batch, 784] in [-1, 1].
      reuse, training, alpha: as in `generator`.
      dropout: the share that is dropped while training.
      seed: of the dropout masks, see layers.dropout.

    Returns:
      (logits, probabilities), each float32 [batch, 1].
    """
    rate = dropout if training else 0.0
    with tf.variable_scope("discriminator", reuse=reuse):
        with tf.variable_scope("cnn_layer1"):
            h = tf.reshape(x, [-1, SIDE, SIDE, 1])
            h = layers.conv2d(h, 64, 5, strides=2, padding="SAME")
            h = tf.nn.leaky_relu(h, alpha=alpha)                        # [batch, 14, 14, 64]
            h = layers.dropout(h, rate, seed)
        with tf.variable_scope("cnn_layer2"):
            h = layers.conv2d(h, 128, 5, strides=2, padding="SAME")
            h = tf.nn.leaky_relu(h, alpha=alpha)                        # [batch, 7, 7, 128]
            h = layers.dropout(h, rate, seed)
        with tf.variable_scope("output"):
            logits = layers.dense(tf.reshape(h, [-1, 7 * 7 * 128]), 1)
            return logits, tf.nn.sigmoid(logits)                        # [batch, 1]


def line(moment):
    return (f"Time taken for epoch {moment.epoch} is {moment.seconds:.1f} sec, generator loss "
            f"{moment.g_loss:.4f}, discriminator loss {moment.d_loss:.4f}")


MODEL = Model(
    name="eager_dcgan",
    document="003",
    takes="200 epochs, 3 h 30 min",
    generator=generator,
    discriminator=discriminator,
    generator_options=("alpha",),
    discriminator_options=("alpha", "dropout"),
    defaults=DEFAULTS,
    recipes=RECIPES,
    loss="cross_entropy",
    optimizer="adam",
    order=TOGETHER,
    reports=ends_epoch,
    line=line,
    noise="normal",
    validation_size=0,
    image_order=EPOCHS,
    summary_every=10,
    preview=True,
)
