"""Document 002's GAN: one hidden layer of 256 in each network, images in [0, 1].

Goodfellow et al., "Generative Adversarial Nets" (2014). Document 002, its listing.
"""

from tf1gan.compat import tf
from tf1gan.images import PIXELS
from tf1gan.models.model import TOGETHER, Model, Recipe

DEFAULTS = dict(
    batch_size=128,
    learning_rate=0.0002,
    beta1=0.9,
    steps=100000,
    stop_g_loss=3.0,    # the run ends at a report with both losses at or below these: with
                        # its document's loss, or where they are given
    stop_d_loss=0.4,
    n_sample=40,
)

RECIPES = {
    "document": Recipe({}, "25,001, 35,001 and 44,001 steps, its own ends"),
    "best": Recipe(
        dict(loss="hinge", learning_rate=0.002, beta1=0.5, gradient_penalty=10, ema=0.999,
             steps=33000),
        "33,000 steps", 2),
}

# The keys of the document's dictionaries, in the order in which it makes the variables, which have
# no names: both networks' weights, then their biases.
IN_DOCUMENT = (
    ("gen_hidden1", "generator/hidden/weights"), ("gen_out", "generator/output/weights"),
    ("disc_hidden1", "discriminator/hidden/weights"), ("disc_out", "discriminator/output/weights"),
    ("gen_hidden1", "generator/hidden/biases"), ("gen_out", "generator/output/biases"),
    ("disc_hidden1", "discriminator/hidden/biases"), ("disc_out", "discriminator/output/biases"),
)


def _initializer(inputs):
    """The document's, which it calls Xavier's: normal with variance 2 / inputs.

    Glorot and Bengio (2010) have 2 / (inputs + outputs). This is He's et al. (2015).
    """
    return tf.random_normal_initializer(stddev=(inputs / 2) ** -0.5)


def _variables(inputs, hidden, outputs):
    """Both layers' weights, then both layers' biases: the document's order."""
    return (tf.get_variable("hidden/weights", [inputs, hidden],
                            initializer=_initializer(inputs)),
            tf.get_variable("output/weights", [hidden, outputs],
                            initializer=_initializer(hidden)),
            tf.get_variable("hidden/biases", [hidden], initializer=tf.zeros_initializer()),
            tf.get_variable("output/biases", [outputs], initializer=tf.zeros_initializer()))


def generator(z, reuse=False, training=True):
    """Noise to images.

    Args:
      z: float32 [batch, 100] in [-1, 1].
      reuse: whether the variables exist already.
      training: makes no difference here.

    Returns:
      float32 [batch, 784] in [0, 1].
    """
    with tf.variable_scope("generator", reuse=reuse):
        w_hidden, w_output, b_hidden, b_output = _variables(100, 256, PIXELS)
        h = tf.nn.relu(tf.matmul(z, w_hidden) + b_hidden)               # [batch, 256]
        return tf.nn.sigmoid(tf.matmul(h, w_output) + b_output)         # [batch, 784]


def discriminator(x, reuse=False, training=True):
    """Images to the belief that they are real.

    Args:
      x: float32 [batch, 784] in [0, 1].
      reuse, training: as in `generator`.

    Returns:
      (logits, probabilities), each float32 [batch, 1].
    """
    with tf.variable_scope("discriminator", reuse=reuse):
        w_hidden, w_output, b_hidden, b_output = _variables(PIXELS, 256, 1)
        h = tf.nn.relu(tf.matmul(x, w_hidden) + b_hidden)               # [batch, 256]
        logits = tf.matmul(h, w_output) + b_output                      # [batch, 1]
        return logits, tf.nn.sigmoid(logits)


def reports(moment):
    """Every 1,000 iterations, the first one among them. There the run may end, too."""
    return moment.index % 1000 == 0


def line(moment):
    return (f"Step:{moment.index} Generator Loss:{moment.g_loss:.4f} "
            f"Discriminator Loss:{moment.d_loss:.4f}")


MODEL = Model(
    name="xavier_gan",
    document="002",
    takes="100,000 steps or until its losses are low, 1 minute to its own end at step 25,000",
    generator=generator,
    discriminator=discriminator,
    generator_options=(),
    discriminator_options=(),
    defaults=DEFAULTS,
    recipes=RECIPES,
    loss="log",
    optimizer="adam",
    order=TOGETHER,
    reports=reports,
    line=line,
    in_document=IN_DOCUMENT,
    iterations_per_run=20,
    image_range=(0.0, 1.0),
    draws=(0.0, 1.0),
    sample_every=1000,
    save_every=1000,
)
