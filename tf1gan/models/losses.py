"""Losses: (logits on real, logits on fake) -> (generator loss, discriminator loss).

Logits are float32 [batch, 1], each loss is a scalar. Both are to be minimized. A new one is a
function and a row of LOSSES.
"""

from typing import Callable, NamedTuple, Optional, Tuple

from tf1gan.compat import tf


class Loss(NamedTuple):
    """A loss, and what its paper does beside it."""
    function: Callable              # (logits on real, logits on fake) -> (G's loss, D's loss)
    takes: Tuple[str, ...] = ()     # hyperparameters that are its own arguments
    probabilistic: bool = False     # whether the sigmoid of a logit is a probability
    d_steps: int = 1                # updates of D in an iteration
    penalty: float = 0.0            # weight of the gradient penalty in D's loss
    clip: Optional[float] = None    # bound of D's weights after each update
    same_as: str = ""               # another loss that is the same function


def cross_entropy(logits_real, logits_fake, smooth=0.0, label_smoothing=0.0):
    """Document 000's loss: real images want label 1, generated ones label 0.

    D: mean(ce(real, 1)) * (1 - smooth) + mean(ce(fake, 0)); G: mean(ce(fake, 1)) * (1 - smooth).

    The document calls the factor label smoothing. It scales those terms, and the numbers
    depend on it. `label_smoothing` is the proper form, one-sided: D's ce(real, 1 - it)
    (Salimans et al. 2016, section 3.4).
    """
    # The cross entropy of a logit is softplus(-logit) with label 1, softplus(logit) with 0.
    g_loss = tf.reduce_mean(tf.nn.softplus(-logits_fake)) * (1 - smooth)
    # With label 1 - s it is softplus(-logit) + s * logit.
    real_as_real = tf.nn.softplus(-logits_real)
    if label_smoothing:
        real_as_real += label_smoothing * logits_real
    d_loss = (tf.reduce_mean(real_as_real) * (1 - smooth)
              + tf.reduce_mean(tf.nn.softplus(logits_fake)))
    return g_loss, d_loss


def mean_cross_entropy(logits_real, logits_fake, label_smoothing=0.0):
    """Document 001's loss: D sees real and generated images in one batch and takes its mean.

    With as many of one as of the other, that is half of `cross_entropy`'s for D; G's is the same.
    """
    g_loss, d_loss = cross_entropy(logits_real, logits_fake, label_smoothing=label_smoothing)
    return g_loss, d_loss / 2


def log(logits_real, logits_fake, label_smoothing=0.0):
    """The loss of documents 002 and 004.

    D: -mean(log D(x) + log(1 - D(G(z)))); G: -mean(log D(G(z))).
    Goodfellow et al. (2014), with their remedy for G. Computed from logits: the documents
    take the logarithm of a sigmoid, which is log 0 once D is sure.
    """
    return cross_entropy(logits_real, logits_fake, label_smoothing=label_smoothing)


def minimax(logits_real, logits_fake, label_smoothing=0.0):
    """D: as `log`; G: mean(log(1 - D(G(z)))). Goodfellow et al. (2014), equation 1."""
    _, d_loss = cross_entropy(logits_real, logits_fake, label_smoothing=label_smoothing)
    return -tf.reduce_mean(tf.nn.softplus(logits_fake)), d_loss


def lsgan(logits_real, logits_fake):
    """D: mean((D(x) - 1)^2) / 2 + mean(D(G(z))^2) / 2; G: mean((D(G(z)) - 1)^2) / 2.

    D is the logit. Mao et al., "Least Squares Generative Adversarial Networks" (2017), equation 9.
    """
    g_loss = tf.reduce_mean(tf.square(logits_fake - 1)) / 2
    d_loss = (tf.reduce_mean(tf.square(logits_real - 1))
              + tf.reduce_mean(tf.square(logits_fake))) / 2
    return g_loss, d_loss


def wgan(logits_real, logits_fake):
    """D: mean(D(G(z))) - mean(D(x)); G: -mean(D(G(z))), D being the logit.

    Arjovsky et al., "Wasserstein GAN" (2017), who then clip D's weights to [-0.01, 0.01];
    Gulrajani et al. (2017) add `gradient_penalty` instead.
    """
    g_loss = -tf.reduce_mean(logits_fake)
    return g_loss, -g_loss - tf.reduce_mean(logits_real)


def hinge(logits_real, logits_fake):
    """D: mean(max(0, 1 - D(x))) + mean(max(0, 1 + D(G(z)))); G: -mean(D(G(z))), by logits.

    Lim and Ye, "Geometric GAN" (2017).
    """
    d_loss = (tf.reduce_mean(tf.nn.relu(1 - logits_real))
              + tf.reduce_mean(tf.nn.relu(1 + logits_fake)))
    return -tf.reduce_mean(logits_fake), d_loss


def gradient_penalty(discriminate, real, fake, share):
    """mean((|gradient of D's logit at x| - 1)^2), x between real and generated images.

    Gulrajani et al., "Improved Training of Wasserstein GANs" (2017), algorithm 1.

    Args:
      discriminate: images -> logits [batch, 1].
      real, fake: float32 [batch, 784]. An epoch's last batch can have fewer real images
        (document 003): each of them has its generated one, and the others none.
      share: float32 [batch, 1] in [0, 1], how much of each x is generated.

    Returns:
      a scalar.
    """
    between = real + share * (fake[:tf.shape(real)[0]] - real)
    gradient, = tf.gradients(discriminate(between), between)
    # At 0 the root has no gradient of its own: a little is added.
    norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=1) + 1e-12)
    return tf.reduce_mean(tf.square(norm - 1))


_SMOOTHED = ("label_smoothing",)

LOSSES = {
    "cross_entropy": Loss(cross_entropy, ("smooth",) + _SMOOTHED, probabilistic=True),
    "mean_cross_entropy": Loss(mean_cross_entropy, _SMOOTHED, probabilistic=True),
    "log": Loss(log, _SMOOTHED, probabilistic=True, same_as="cross_entropy"),
    "minimax": Loss(minimax, _SMOOTHED, probabilistic=True),
    "lsgan": Loss(lsgan),
    "wgan": Loss(wgan, d_steps=5, clip=0.01),
    "wgan-gp": Loss(wgan, d_steps=5, penalty=10.0),
    "hinge": Loss(hinge),
}
