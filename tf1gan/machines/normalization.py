"""Batch normalization by the statistics of a batch whose rows several workers have.

Ioffe and Szegedy, "Batch Normalization" (2015), as tf.layers does it: its variables, its moving
statistics and its numbers, but for rounding.
"""

from tf1gan.compat import tf
from tf1gan.machines import collectives


def normalized(of, x, gamma, beta, epsilon):
    """strategy.Alone.normalized, by the statistics of all workers' rows; `of` is their Group."""
    y, mean, variance = _normalized(of, x, gamma, beta, epsilon)
    if len(x.shape) == 4:       # tf.layers' fused kernel keeps the unbiased variance
        count = _count(x) * of.size
        variance *= count / (count - 1)
    return y, mean, variance


def _count(x):
    """Of how many numbers a channel's statistics are on one worker."""
    return tf.cast(tf.reduce_prod(tf.shape(x)[:-1]), x.dtype)


def _normalized(of, x, gamma, beta, epsilon):
    """(x normalized, the mean and the variance of each channel over all workers' rows)."""
    axes = list(range(len(x.shape) - 1))

    @tf.custom_gradient
    def normalized(x, gamma, beta):
        # The whole's variance from the parts': without the difference of two large squares.
        of_each = collectives.gathered(of, tf.stack(tf.nn.moments(x, axes)))
        mean = tf.reduce_mean(of_each[:, 0], 0)
        variance = tf.reduce_mean(of_each[:, 1] + tf.square(of_each[:, 0] - mean), 0)
        factor = tf.rsqrt(variance + epsilon)
        scale = factor * gamma

        def gradient(dy, *_):
            centred = x - mean
            of_beta = tf.reduce_sum(dy, axes)
            of_gamma = tf.reduce_sum(dy * centred, axes) * factor
            by_mean, by_variance = tf.unstack(
                collectives.mean(of, tf.stack([of_beta, of_gamma]) / _count(x)))
            return (dy * scale - (centred * (scale * factor * by_variance) + scale * by_mean),
                    of_gamma, of_beta)
        return (x * scale + (beta - mean * scale), mean, variance), gradient
    return normalized(x, gamma, beta)
