import tensorflow as tf


def lrelu(x, leak=0.2, name="lrelu"):
    with tf.variable_scope(name):
        return 0.5 * (1 + leak) * x + 0.5 * (1 - leak) * abs(x)
