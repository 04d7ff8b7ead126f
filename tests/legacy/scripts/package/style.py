"""Layers of a network of styles: weights of equal rates, their own gradients, filters."""
import numpy as np
import tensorflow as tf


def weight(shape, gain=np.sqrt(2), slower=1.0):
    std = gain / np.sqrt(np.prod(shape[:-1]))
    start = tf.initializers.random_normal(0, 1.0 / slower)
    return tf.get_variable("weight", shape=shape, initializer=start) * (std * slower)


def dense(x, units, **options):
    if len(x.shape) > 2:
        x = tf.reshape(x, [-1, np.prod([size.value for size in x.shape[1:]])])
    bias = tf.get_variable("bias", [units], initializer=tf.initializers.zeros())
    return tf.matmul(x, weight([x.shape[1].value, units], **options)) + bias


def leaky(x, alpha=0.2):
    @tf.custom_gradient
    def function(x):
        y = tf.maximum(x, x * alpha)

        @tf.custom_gradient
        def gradient(dy):
            return tf.where(y >= 0, dy, dy * alpha), lambda ddx: tf.where(y >= 0, ddx, ddx * alpha)
        return y, gradient
    return function(x)


def filtered(x, kernel, up=1, before=0, after=0):
    s = [x.shape[axis].value for axis in (1, 2, 3)]
    x = tf.reshape(x, [-1, s[0], 1, s[1], 1, s[2]])
    x = tf.pad(x, [[0, 0], [0, 0], [0, up - 1], [0, 0], [0, up - 1], [0, 0]])
    x = tf.pad(tf.reshape(x, [-1, s[0] * up, s[1] * up, s[2]]), [[0, 0], [before, after], [before, after], [0, 0]])
    x = tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [-1, s[0] * up + before + after, s[1] * up + before + after, 1])
    k = tf.constant(np.outer(kernel, kernel)[::-1, ::-1, None, None] / np.sum(kernel) ** 2 * up ** 2, tf.float32)
    x = tf.nn.conv2d(x, k, strides=[1, 1, 1, 1], padding="VALID")
    return tf.transpose(tf.reshape(x, [-1, s[2], x.shape[1].value, x.shape[2].value]), [0, 2, 3, 1])
