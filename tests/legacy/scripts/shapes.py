"""Sizes that are tensors, a static shape, and the seeds that come of the count of operations."""
import numpy as np
import tensorflow as tf

tf.set_random_seed(1)
x = tf.placeholder(tf.float32, [None, 8, 8, 2])
n = tf.shape(x)[0]
drawn = []
for shape in ([n, 28, 28, 10], (28, n, 10), [n, n], [3, 4], [28, 28, n]):
    tf.ones(shape)
    tf.zeros(shape)
    drawn.append(tf.random_normal([2]))
a, b = tf.split(x, [3, 5], 1)
drawn.append(tf.random_uniform([2]))
y = tf.nn.conv2d_transpose(x, tf.ones([3, 3, 5, 2]), [4, 16, 16, 5], [1, 2, 2, 1])
dilated = tf.layers.conv2d(x, 2, 3, dilation_rate=2)
drawn.append(tf.truncated_normal([int(y.shape[0])]))
w = tf.get_variable("w", [3, 3], initializer=tf.initializers.identity())
drawn.append(tf.random_normal([2]))
print(y.shape, dilated.shape, a.shape)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(drawn)
    sess.run([y[:, ::5, ::5], dilated], {x: np.ones([4, 8, 8, 2])})
