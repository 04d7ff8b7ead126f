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
    real_as_real = tf.nn.sigmoid_cross_entropy_with_logits(
        logits=logits_real, labels=tf.ones_like(logits_real)) * (1 - smooth)
    fake_as_fake = tf.nn.sigmoid_cross_entropy_with_logits(
        logits=logits_fake, labels=tf.zeros_like(logits_fake))
    fake_as_real = tf.nn.sigmoid_cross_entropy_with_logits(
        logits=logits_fake, labels=tf.ones_like(logits_fake)) * (1 - smooth)
    g_loss = tf.reduce_mean(fake_as_real)
    d_loss = tf.reduce_mean(real_as_real) + tf.reduce_mean(fake_as_fake)
    return g_loss, d_loss


LOSSES = {"cross_entropy": cross_entropy}
