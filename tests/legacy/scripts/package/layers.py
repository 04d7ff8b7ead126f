import tensorflow.contrib.slim as slim
from tensorflow.python.framework import ops as framework_ops

from .ops import lrelu

assert lrelu and framework_ops


def linear(x, size, scope):
    return slim.fully_connected(x, size, activation_fn=None, scope=scope)
