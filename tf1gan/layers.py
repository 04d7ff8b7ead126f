"""What tf.layers lacks: weights and dropout masks that are functions of a seed."""

import zlib

from tf1gan.compat import tf


def dropout(x, rate, seed=None):
    """Sets a share of `x` to zero and scales the rest so that the mean stays.

    Args:
      x: float tensor of any shape.
      rate: the share, a Python number from 0 to below 1. At 0, `x` is returned. With a
        seed it is rounded to a multiple of 2**-16.
      seed: int64 tensor [2] from `mask_seed`; the mask is then a function of it and of
        the current variable scope, so that each layer has its own and a continued run
        draws the same. None draws from TensorFlow's own stream instead.

    Returns:
      tensor like `x`.
    """
    if not rate:
        return x
    if seed is None:
        return tf.nn.dropout(x, rate=rate)
    scope = zlib.crc32(tf.get_variable_scope().name.encode())
    with tf.name_scope("dropout"):
        keep = _uniform_int16(tf.shape(x), seed + tf.constant([scope, 0], tf.int64)) \
            >= tf.constant(round(rate * 2 ** 16) - 2 ** 15, tf.int16)
        return x * (tf.cast(keep, x.dtype) * (1 / (1 - rate)))


def _uniform_int16(shape, seed):
    """int16 tensor, each value as likely: two from every 32 bits drawn, to halve the cost."""
    size = tf.reduce_prod(shape)
    drawn = tf.random.stateless_uniform([(size + 1) // 2], seed=seed, dtype=tf.int32,
                                        minval=-2 ** 31, maxval=2 ** 31 - 1)
    return tf.reshape(tf.reshape(tf.bitcast(drawn, tf.int16), [-1])[:size], shape)


def dropout_rate(dropout, training, document_rate):
    """Which rate a network uses: the one given, or the document's in training and none else."""
    if dropout is not None:
        return dropout
    return document_rate if training else 0.0


def mask_seed(seed, step, number):
    """The dropout seed of one pass through a network.

    Args:
      seed: the run's seed, a Python int from 0 to 2**31 - 1.
      step: the global step, an int64 scalar tensor.
      number: which pass of the iteration it is, a Python int below 2**16.

    Returns:
      int64 tensor [2]; its first element leaves the low 32 bits for the layer.
    """
    return tf.stack([tf.constant(seed << 32, tf.int64), step * 2 ** 16 + number])


def seeded(seed):
    """A custom getter for a variable scope: initial values as functions of the seed and the name.

    The kernels of tf.layers start Glorot-uniform. On TensorFlow 2 Keras draws them from a
    stream that tf.set_random_seed does not reach; here they start the same on either.
    """
    def seeded_getter(getter, name, *args, **kwargs):
        initializer = kwargs.get("initializer")
        if hasattr(initializer, "get_config"):
            config = initializer.get_config()
            if "seed" in config and config["seed"] is None:
                own = (seed + zlib.crc32(name.encode())) % 2 ** 31
                kwargs["initializer"] = (
                    tf.glorot_uniform_initializer(seed=own)
                    if type(initializer).__name__ == "GlorotUniform"
                    else type(initializer).from_config(dict(config, seed=own)))
        return getter(name, *args, **kwargs)
    return seeded_getter
