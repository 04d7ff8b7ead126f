"""Losses: (logits on real, logits on fake) -> (generator loss, discriminator loss).

Logits are float32 [batch, 1], each loss is a scalar. Both are to be minimized.
"""

from tf1gan.compat import tf


def cross_entropy(logits_real, logits_fake, smooth=0.0):
    """Document 000's loss: real images want label 1, generated ones label 0.

    D: mean(ce(real, 1)) * (1 - smooth) + mean(ce(fake, 0)); G: mean(ce(fake, 1)) * (1 - smooth).

    The document calls the factor label smoothing. Smoothed labels would be
    ce(real, 1 - smooth); this scales those terms, and the numbers depend on it.
    """
    # The cross entropy of a logit is softplus(-logit) with label 1, softplus(logit) with 0.
    g_loss = tf.reduce_mean(tf.nn.softplus(-logits_fake)) * (1 - smooth)
    d_loss = (tf.reduce_mean(tf.nn.softplus(-logits_real)) * (1 - smooth)
              + tf.reduce_mean(tf.nn.softplus(logits_fake)))
    return g_loss, d_loss


def mean_cross_entropy(logits_real, logits_fake):
    """Document 001's loss: D sees real and generated images in one batch and takes its mean.

    With as many of one as of the other, that is half of `cross_entropy`'s for D; G's is the
    same.
    """
    g_loss, d_loss = cross_entropy(logits_real, logits_fake)
    return g_loss, d_loss / 2


def log(logits_real, logits_fake):
    """The loss of documents 002 and 004.

    D: -mean(log D(x) + log(1 - D(G(z)))); G: -mean(log D(G(z))).
    Goodfellow et al. (2014), with their remedy for G. Computed from logits: the documents
    take the logarithm of a sigmoid, which is log 0 once D is sure.
    """
    g_loss = tf.reduce_mean(tf.nn.softplus(-logits_fake))
    d_loss = tf.reduce_mean(tf.nn.softplus(-logits_real) + tf.nn.softplus(logits_fake))
    return g_loss, d_loss


LOSSES = {
    "cross_entropy": cross_entropy,
    "mean_cross_entropy": mean_cross_entropy,
    "log": log,
}
