"""tf.layers, and what is drawn by the graph's seed after layers of every kind."""
import numpy as np
import tensorflow as tf

tf.set_random_seed(21)
x = tf.placeholder(tf.float32, [None, 6, 6, 2])
keep = tf.placeholder(tf.float32)
training = tf.placeholder(tf.bool)
h = tf.layers.conv2d(x, 4, 3, padding="same", activation=tf.nn.leaky_relu)
h = tf.layers.batch_normalization(h, training=True, momentum=0.8)
h = tf.layers.conv2d_transpose(h, 3, 3, strides=2, padding="valid")
h = tf.layers.batch_normalization(h, training=training)
h = tf.layers.max_pooling2d(h, 2, 2)
h = tf.layers.dropout(h, 0.3, training=training)
h = tf.nn.dropout(tf.layers.flatten(h), keep)
h = tf.layers.dense(h, 7, tf.nn.elu, kernel_initializer=tf.variance_scaling_initializer())
h = tf.nn.dropout(h, rate=0.25) + tf.random_uniform([7])
a, b = tf.split(tf.layers.dense(h, 4), 2, 1)
loss = tf.losses.mean_squared_error(a, b) + tf.reduce_mean(tf.random_normal([3])) ** 2 \
    + tf.losses.sigmoid_cross_entropy(tf.ones_like(a), a)
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    step = tf.train.GradientDescentOptimizer(1e-3).minimize(loss)
rs = np.random.RandomState(2)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(20):
        feed = {x: rs.rand(4, 6, 6, 2), keep: 0.8, training: True}
        sess.run([loss, a], feed)
        sess.run(step, feed)
    sess.run(b, {x: rs.rand(4, 6, 6, 2), keep: 1.0, training: False})
