"""Document 001's GAN: an upsampling generator and a max-pooling discriminator, all tanh.

Document 001, its sections on the generator, the discriminator and training; written there
with Keras's Sequential.
"""

from tf1gan import layers
from tf1gan.compat import tf
from tf1gan.images import FILE, PIXELS, SIDE
from tf1gan.models.model import D_THEN_G, Model, Recipe, ends_epoch

DEFAULTS = dict(
    batch_size=32,      # the document leaves it open and speaks of 16 to 64
    learning_rate=0.001,
    momentum=0.9,       # Nesterov's
    activation="tanh",  # of every layer of the generator
    epochs=30,
    n_sample=25,
)

RECIPES = {
    "document": Recipe({}, "2,843 iterations of 56,250", 5),
    "best": Recipe(
        dict(optimizer="adam", loss="hinge", learning_rate=0.0005, beta1=0.5, gradient_penalty=10,
             ema=0.998, steps=4500),
        "4,500 iterations", 11),
}

def generator(z, reuse=False, training=True, activation="tanh"):
    """Noise to images.

    Args:
      z: float32 [batch, 100] in [-1, 1].
      reuse: whether the variables exist already.
      training: batch normalization by the batch's statistics; otherwise by the moving ones.
      activation: "tanh" or, as the document tried, "relu": of every layer, the last too.

    Returns:
      float32 [batch, 784], in [-1, 1] with tanh.
    """
    activate = {"tanh": tf.nn.tanh, "relu": tf.nn.relu}[activation]
    with tf.variable_scope("generator", reuse=reuse):
        with tf.variable_scope("fc_layer1"):
            h = activate(layers.dense(z, 1024))                         # [batch, 1024]
        with tf.variable_scope("fc_layer2"):
            h = layers.dense(h, 128 * 7 * 7, wide=True)
            h = activate(layers.batch_normalization(h, training=training))
            h = tf.reshape(h, [-1, 7, 7, 128])                          # [batch, 7, 7, 128]
        with tf.variable_scope("cnn_layer1"):
            h = activate(layers.conv2d(h, 64, 5, enlarged=True))        # [batch, 14, 14, 64]
        with tf.variable_scope("output"):
            h = activate(layers.conv2d(h, 1, 5, enlarged=True))         # [batch, 28, 28, 1]
            return tf.reshape(h, [-1, PIXELS])


def discriminator(x, reuse=False, training=True):
    """Images to the belief that they are real.

    Args:
      x: float32 [batch, 784] in [-1, 1].
      reuse: whether the variables exist already.
      training: makes no difference here.

    Returns:
      (logits, probabilities), each float32 [batch, 1].
    """
    with tf.variable_scope("discriminator", reuse=reuse):
        with tf.variable_scope("cnn_layer1"):
            h = tf.reshape(x, [-1, SIDE, SIDE, 1])
            h = tf.nn.tanh(layers.conv2d(h, 64, 5))                     # [batch, 28, 28, 64]
            h = tf.layers.max_pooling2d(h, 2, 2)                        # [batch, 14, 14, 64]
        with tf.variable_scope("cnn_layer2"):
            h = tf.nn.tanh(layers.conv2d(h, 128, 5, padding="VALID"))   # [batch, 10, 10, 128]
            h = tf.layers.max_pooling2d(h, 2, 2)                        # [batch, 5, 5, 128]
        with tf.variable_scope("fc_layer"):
            h = tf.reshape(h, [-1, 5 * 5 * 128])
            h = tf.nn.tanh(layers.dense(h, 1024, wide=True))            # [batch, 1024]
        with tf.variable_scope("output"):
            logits = layers.dense(h, 1)                                 # [batch, 1]
            return logits, tf.nn.sigmoid(logits)


def line(moment):
    """The line of an epoch: the losses of its last batch."""
    return (f"Epoch is {moment.epoch - 1}, batch {moment.batch} d_loss : {moment.d_loss:f}, "
            f"batch {moment.batch} g_loss : {moment.g_loss:f}")


MODEL = Model(
    name="keras_gan",
    document="001",
    takes="30 epochs, 1 h 30 min",
    generator=generator,
    discriminator=discriminator,
    generator_options=("activation",),
    discriminator_options=(),
    defaults=DEFAULTS,
    recipes=RECIPES,
    loss="mean_cross_entropy",
    optimizer="nesterov",
    order=D_THEN_G,
    reports=ends_epoch,
    line=line,
    fakes_by_moving_statistics=True,
    validation_size=0,
    image_order=FILE,
    save_every=100,
    save_at=9,
    batch_picture_every=100,
    summary_every=20,
)
