"""Document 000's GAN: two networks of two dense layers each.

Goodfellow et al., "Generative Adversarial Nets" (2014), with leaky ReLU and dropout.
Document 000, sections "Hyperparameters", "Generator" and "Discriminator".
"""

from tf1gan import layers
from tf1gan.compat import tf
from tf1gan.images import PIXELS
from tf1gan.models.model import G_THEN_D, Model, Recipe, ends_epoch

DEFAULTS = dict(
    batch_size=64,
    learning_rate=0.001,
    beta1=0.4,
    smooth=0.1,         # scales the loss on real images, and the generator's
    dropout=0.2,
    alpha=0.01,         # slope of the leaky ReLU
    epochs=300,
    n_sample=25,
    g_steps=1,          # updates of G in an iteration, the document's m
    d_steps=1,          # updates of D in an iteration, the document's n
)

RECIPES = {
    "document": Recipe({}, "300 epochs"),
    "best": Recipe(     # found by search.py, see docs/results.md
        dict(loss="hinge", learning_rate=0.002, beta1=0.5, gradient_penalty=10, d_steps=2,
             ema=0.999, steps=121600),
        "121,600 iterations", 6),
}


def generator(z, reuse=False, training=True, alpha=0.01, dropout=0.2, always_drop=False, seed=None):
    """Noise to images.

    Args:
      z: float32 [batch, 100] in [-1, 1].
      reuse: whether the variables exist already.
      training: dropout is on while training and off while sampling.
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
            h = tf.nn.leaky_relu(layers.dense(z, 128), alpha=alpha)     # [batch, 128]
            h = layers.dropout(h, rate, seed)
        with tf.variable_scope("output"):
            return tf.nn.tanh(layers.dense(h, PIXELS))                     # [batch, 784]


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
        with tf.variable_scope("fc_layer"):
            h = tf.nn.leaky_relu(layers.dense(x, 128), alpha=alpha)     # [batch, 128]
            h = layers.dropout(h, rate, seed)
        with tf.variable_scope("output"):
            logits = layers.dense(h, 1)                                 # [batch, 1]
            return logits, tf.nn.sigmoid(logits)


def line(moment):
    return (f"Epoch {moment.epoch}/{moment.epochs}... Generator Loss: {moment.g_loss:.4f}... "
            f"Discriminator Loss: {moment.d_loss:.4f}")


MODEL = Model(
    name="gan",
    document="000, fully connected",
    takes="300 epochs, 6 minutes",
    generator=generator,
    discriminator=discriminator,
    generator_options=("alpha", "dropout"),
    discriminator_options=("alpha", "dropout"),
    defaults=DEFAULTS,
    recipes=RECIPES,
    loss="cross_entropy",
    optimizer="adam",
    order=G_THEN_D,
    reports=ends_epoch,
    line=line,
    iterations_per_run=20,
)
