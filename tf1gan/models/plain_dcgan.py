"""Document 004's DCGAN: no batch normalization, a tanh output beside images in [0, 1].

Radford et al. (2015), of which the document keeps the convolutions. Document 004, sections
"Build convolutional discriminator and generator" and "Build cost function".
"""

from tf1gan import layers
from tf1gan.compat import tf
from tf1gan.images import PIXELS, SIDE
from tf1gan.layers import convolutions
from tf1gan.models.model import D_THEN_G, Model, Recipe

DEFAULTS = dict(
    batch_size=256,
    learning_rate=0.0001,
    beta1=0.9,
    channels=(64, 32, 16),      # of the generator's layers; their number is its depth
    steps=20001,                # the document's steps 0 to 20,000
    n_sample=25,
)

# Against its collapse: docs/collapse.md says what each does.
_CURE = dict(batch_size=64, image_range=(-1, 1), batch_norm="generator", learning_rate=0.0002,
             beta1=0.5)

RECIPES = {
    "document": Recipe({}, "20,001 steps"),
    "best": Recipe(
        dict(_CURE, loss="hinge", learning_rate=0.001, gradient_penalty=10, ema=0.999, steps=10000),
        "10,000 steps", 6),
    "cure": Recipe(dict(_CURE, steps=4000), "4,000 steps", 3),
}

# The document's order: weights, then biases, of D first. It names them so in either case: those of
# its dictionaries, and those that it gives to its helpers.
IN_DOCUMENT = tuple((name, f"{network}/{name}") for network, names in (
    ("discriminator", ("w_d1", "w_d2", "w_d3")), ("generator", ("w_g1", "w_g2", "w_g3", "w_g4")),
    ("discriminator", ("b_d1", "b_d2", "b_d3")), ("generator", ("b_g1", "b_g2", "b_g3", "b_g4")),
) for name in names)


def _weights(name, shape, stddev):
    return tf.get_variable(name, shape, initializer=tf.truncated_normal_initializer(stddev=stddev))


def _biases(name, size):
    return tf.get_variable(name, [size], initializer=tf.constant_initializer(0.1))


def _normalized(h, wanted, training, name):
    return layers.batch_normalization(h, training=training, name=name) if wanted else h


def generator(z, reuse=False, training=True, channels=(64, 32, 16), stddev=0.1, batch_norm=None):
    """Noise to images.

    Args:
      z: float32 [batch, 100] in [-1, 1].
      reuse: whether the variables exist already.
      training: only makes a difference to batch normalization.
      channels: of the dense layer's images and of each transposed convolution's but the
        last's, which has 1; 1 to 5 of them.
      stddev: of the initial weights.
      batch_norm: "both" or "generator" normalizes every hidden layer; the document does not.

    Returns:
      float32 [batch, 784] in [-1, 1].
    """
    # Each transposed convolution doubles the side, to end at 28: 4, 7, 14, 28 with three.
    sides = [-(-SIDE // 2 ** k) for k in range(len(channels), -1, -1)]
    widths = list(channels) + [1]
    with tf.variable_scope("generator", reuse=reuse):
        # With the document's three channels: w_g1 [100, 1024], w_g2 [5, 5, 32, 64],
        # w_g3 [5, 5, 16, 32], w_g4 [5, 5, 1, 16]; then b_g1 [1024], b_g2 [32], b_g3 [16], b_g4 [1].
        dense = sides[0] ** 2 * widths[0]
        kernels = [[5, 5, widths[k], widths[k - 1]] for k in range(1, len(widths))]
        weights = [_weights(f"w_g{number}", shape, stddev)
                   for number, shape in enumerate([[100, dense]] + kernels, 1)]
        biases = [_biases(f"b_g{number}", size)
                  for number, size in enumerate([dense] + widths[1:], 1)]
        h = tf.matmul(z, weights[0]) + biases[0]
        h = tf.reshape(h, [-1, sides[0], sides[0], widths[0]])          # [batch, 4, 4, 64]
        h = tf.nn.relu(_normalized(h, batch_norm is not None, training, "bn_g1"))
        for k in range(1, len(widths)):
            h = convolutions.conv2d_transpose(h, weights[k], 2, side=sides[k])
            h = h + biases[k]               # [batch, 7, 7, 32], [.., 14, 14, 16], [.., 28, 28, 1]
            if k < len(channels):
                h = tf.nn.relu(_normalized(h, batch_norm is not None, training, f"bn_g{k + 1}"))
        h = tf.nn.tanh(h)
        return tf.reshape(h, [-1, PIXELS])


def discriminator(x, reuse=False, training=True, stddev=0.1, batch_norm=None):
    """Images to the belief that they are real.

    Args:
      x: float32 [batch, 784] in [0, 1].
      reuse, training, stddev: as in `generator`.
      batch_norm: "both" normalizes the second layer. Radford et al. leave out the first.

    Returns:
      (logits, probabilities), each float32 [batch, 1].
    """
    with tf.variable_scope("discriminator", reuse=reuse):
        w1 = _weights("w_d1", [5, 5, 1, 32], stddev)
        w2 = _weights("w_d2", [5, 5, 32, 64], stddev)
        w3 = _weights("w_d3", [7 * 7 * 64, 1], stddev)
        b1, b2, b3 = _biases("b_d1", 32), _biases("b_d2", 64), _biases("b_d3", 1)
        h = tf.reshape(x, [-1, SIDE, SIDE, 1])
        h = convolutions.conv2d(h, w1, 2)
        h = tf.nn.relu(h + b1)                                          # [batch, 14, 14, 32]
        h = convolutions.conv2d(h, w2, 2)
        h = _normalized(h + b2, batch_norm == "both", training, "bn_d2")
        h = tf.nn.relu(h)                                               # [batch, 7, 7, 64]
        logits = tf.matmul(tf.reshape(h, [-1, 7 * 7 * 64]), w3) + b3    # [batch, 1]
        return logits, tf.nn.sigmoid(logits)


def reports(moment):
    """Every 100 iterations at first, and every 1,000 from the 1,000th on."""
    return moment.index % (100 if moment.index < 1000 else 1000) == 0


def line(moment):
    return (f"step {moment.index}, discriminator loss {moment.d_loss:.5f}  "
            f"generator loss {moment.g_loss:.5f}")


MODEL = Model(
    name="plain_dcgan",
    document="004",
    takes="20,001 steps, 25 minutes",
    generator=generator,
    discriminator=discriminator,
    generator_options=("channels", "stddev", "batch_norm"),
    discriminator_options=("stddev", "batch_norm"),
    options=("stddev", "batch_norm"),
    defaults=DEFAULTS,
    recipes=RECIPES,
    loss="log",
    optimizer="adam",
    order=D_THEN_G,
    reports=reports,
    line=line,
    in_document=IN_DOCUMENT,
    image_range=(0.0, 1.0),
    sample_every=200,
    summary_every=20,
)
