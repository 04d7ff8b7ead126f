"""What tf.layers lacks: speed, and weights and dropout masks that are functions of a seed."""

import zlib
from typing import Any, NamedTuple

import numpy as np

from tf1gan import strategy
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.layers import convolutions


def conv2d(x, filters, size, strides=1, padding="SAME", enlarged=False):
    """tf.layers.conv2d, its variables `conv2d/kernel` and `conv2d/bias`, but faster.

    Args:
      x: float32 [batch, side, side, channels].
      filters: how many channels the result has.
      size: of the kernel, both ways.
      strides: 1 or 2.
      padding: "SAME" or "VALID".
      enlarged: first repeat each pixel twice both ways, as Keras's UpSampling2D does, in the
        same step; of an odd size, strides 1 and padding "SAME".
    """
    with tf.variable_scope("conv2d"):
        kernel = _kernel([size, size, x.shape.as_list()[3], filters])
        y = (convolutions.enlarged_conv2d(x, kernel) if enlarged
             else convolutions.conv2d(x, kernel, strides, padding))
        return tf.nn.bias_add(y, _bias(filters))


def conv2d_transpose(x, filters, size, strides=1, padding="SAME", use_bias=True):
    """tf.layers.conv2d_transpose, its variables those of `conv2d_transpose/`, but faster.

    Args and result as `conv2d`'s; use_bias: whether there is a `bias`.
    """
    with tf.variable_scope("conv2d_transpose"):
        kernel = _kernel([size, size, filters, x.shape.as_list()[3]])
        y = convolutions.conv2d_transpose(x, kernel, strides, padding)
        return tf.nn.bias_add(y, _bias(filters)) if use_bias else y


def dense(x, units, use_bias=True, wide=False):
    """tf.layers.dense, its variables `dense/kernel` and `dense/bias`, but sooner built.

    Args:
      x: float32 [batch, inputs].
      units: the size of the result.
      use_bias: whether there is a `bias`.
      wide: whether the kernel is many times the size of `x`, and then the gradient faster.

    Returns:
      float32 [batch, units].
    """
    with tf.variable_scope("dense"):
        kernel = tf.convert_to_tensor(_kernel([x.shape.as_list()[1], units]))
        y = _times_wide(x, kernel) if wide else tf.matmul(x, kernel)
        return tf.nn.bias_add(y, _bias(units)) if use_bias else y


def _times_wide(x, kernel):
    """x times a kernel that must not be read column by column."""
    @tf.custom_gradient
    def matmul(x, kernel):
        def gradient(dy):
            return (tf.transpose(tf.matmul(kernel, dy, transpose_b=True)),
                    tf.matmul(x, dy, transpose_a=True))
        return tf.matmul(x, kernel), gradient
    return matmul(x, kernel)


def _kernel(shape):
    return tf.get_variable("kernel", shape, initializer=tf.glorot_uniform_initializer())


def _bias(size):
    return tf.get_variable("bias", [size], initializer=tf.zeros_initializer())


MOMENTUM, EPSILON = 0.99, 1e-3      # tf.layers.batch_normalization's own


def batch_normalization(x, training=True, name=None):
    """tf.layers.batch_normalization, its variables and numbers, but sooner built.

    Where several workers have the rows of a batch, it is by the statistics of all of them.

    Args:
      x: float32 [batch, channels] or [batch, side, side, channels].
      training: whether by the batch's statistics, with updates of the moving ones in UPDATE_OPS;
        otherwise by the moving ones.
      name: of its variables' scope; None is "batch_normalization".

    Returns:
      tensor like `x`.
    """
    def variable(name, initializer, trainable=True):
        return tf.get_variable(name, [x.shape.as_list()[-1]], initializer=initializer(),
                               trainable=trainable)

    with tf.variable_scope(name or "batch_normalization"):
        gamma, beta = variable("gamma", tf.ones_initializer), variable("beta", tf.zeros_initializer)
        moving = (variable("moving_mean", tf.zeros_initializer, trainable=False),
                  variable("moving_variance", tf.ones_initializer, trainable=False))
        scale, offset = tf.convert_to_tensor(gamma), tf.convert_to_tensor(beta)
        if not training:
            return _normalized(x, scale, offset, *map(tf.convert_to_tensor, moving))
        y, *statistics = strategy.of_graph().normalized(x, scale, offset, EPSILON)
        # As there: with the fused kernel the difference from 1 is float32's.
        decay = np.float32(1 - (np.float32(MOMENTUM) if len(x.shape) == 4 else MOMENTUM))
        for kept, value in zip(moving, statistics):
            change = (kept - value) * decay
            tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, kept.assign_sub(change).op)
        return y


def _normalized(x, scale, offset, mean, variance):
    """x normalized by these statistics of each channel."""
    if len(x.shape) == 4:
        return tf.nn.fused_batch_norm(x, scale, offset, mean, variance, epsilon=EPSILON,
                                      is_training=False)[0]
    return tf.nn.batch_normalization(x, mean, variance, offset, scale, EPSILON)


def dropout(x, rate, seed=None):
    """Sets a share of `x` to zero and scales the rest so that the mean stays.

    Args:
      x: float tensor of any shape.
      rate: the share, a Python number from 0 to below 1. At 0, `x` is returned. With a
        seed it is rounded to a multiple of 2**-16, but not to 0 or 1.
      seed: a Seed, or what takes its place; the mask is then a function of it and of
        the current variable scope, so that each layer has its own and a continued run
        draws the same. None draws from TensorFlow's own stream instead.

    Returns:
      tensor like `x`.

    Raises:
      UserError: a rate that a mask would take for 0 or for 1.
    """
    if not rate:
        return x
    if seed is None:
        return tf.nn.dropout(x, rate=rate)
    dropped = round(rate * 2 ** 16)         # of 2**16
    if not 0 < dropped < 2 ** 16:
        raise UserError(f"dropout (--dropout) must be 0 or from 0.00001 to 0.99999, not {rate!r}")
    scope = zlib.crc32(tf.get_variable_scope().name.encode())
    with tf.name_scope("dropout"):
        with tf.control_dependencies(None):     # a mask waits for nothing but its seed
            drawn = strategy.of_graph().own_rows(seed.bits(scope, x))
            keep = drawn >= tf.constant(dropped - 2 ** 15, tf.int16)
            mask = tf.cast(keep, x.dtype) * (1 / (1 - rate))
        return x * mask


class Seed(NamedTuple):
    """Of all that is drawn in one pass through a network; or in this pass of n iterations.

    What is drawn then has those along its first axis.
    """
    value: Any          # int64 tensor [2] or [n, 2]; the first of two leaves the low 32 bits for
                        # the layer

    def bits(self, layer, x):
        """int16, each value as likely, in the shape of the whole batch's x; `layer` is a number.

        Two come from every 32 bits drawn, to halve the cost.
        """
        shape = strategy.of_graph().whole_shape(x)
        size = tf.reduce_prod(shape)
        drawn = self._draw([(size + 1) // 2], self.value + tf.constant([layer, 0], tf.int64),
                           dtype=tf.int32, minval=-2 ** 31, maxval=2 ** 31 - 1)
        several = self.value.shape.as_list()[:-1]
        drawn = tf.reshape(tf.bitcast(drawn, tf.int16), several + [-1])[..., :size]
        return tf.reshape(drawn, tf.concat([several, shape], 0) if several else shape)

    def shares(self, x):
        """float32 in [0, 1), [rows, 1], of the whole batch's rows of x."""
        return self._draw([strategy.of_graph().all_rows(x), 1], self.value)

    @staticmethod
    def _draw(shape, seeds, **options):
        if len(seeds.shape) > 1:
            return tf.stack([Seed._draw(shape, seed, **options) for seed in tf.unstack(seeds)])
        return tf.random.stateless_uniform(shape, seed=seeds, **options)


def mask_seed(seed, step, number):
    """The Seed of one pass through a network.

    Args:
      seed: the run's seed, a Python int from 0 to 2**31 - 1.
      step: the global step, an int64 tensor: a scalar, or those of n iterations.
      number: which pass of the iteration it is, a Python int below 2**16.
    """
    return Seed(tf.stack([tf.zeros_like(step) + (seed << 32), step * 2 ** 16 + number], -1))


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
