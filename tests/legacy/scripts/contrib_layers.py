"""tf.contrib.layers: dense and convolutional layers, batch_norm with its defaults, regularizers."""
import numpy as np
import tensorflow as tf
import tensorflow.contrib.layers as layers
from tensorflow.contrib.layers.python.layers import batch_norm
from tensorflow.contrib.framework.python.ops import arg_scope

tf.set_random_seed(2)
z = tf.placeholder(tf.float32, [None, 10])
x = tf.placeholder(tf.float32, [None, 12, 12, 1])
with tf.variable_scope("g"):
    h = layers.fully_connected(z, 3 * 3 * 8, activation_fn=tf.nn.relu,
                               normalizer_fn=layers.batch_norm,
                               weights_initializer=layers.xavier_initializer())
    h = tf.reshape(h, [-1, 3, 3, 8])
    h = layers.convolution2d_transpose(h, 4, 5, stride=2, padding="SAME",
                                       normalizer_fn=layers.batch_norm)
    fake = layers.conv2d_transpose(h, 1, [4, 4], [2, 2], activation_fn=tf.nn.tanh)


def discriminator(x, reuse=None):
    with tf.variable_scope("d", reuse=reuse), arg_scope(
            [layers.conv2d], weights_regularizer=layers.l2_regularizer(2.5e-5)):
        h = layers.conv2d(x, 4, [3, 3], stride=2)
        h = batch_norm(h, decay=0.9, updates_collections=None, epsilon=1e-5, scale=True,
                       is_training=True)
        h = layers.max_pool2d(h, 2)
        h = layers.layer_norm(layers.flatten(h))
        return layers.linear(h, 1)


real, fake_logits = discriminator(x), discriminator(fake, True)
loss = tf.reduce_mean(tf.nn.softplus(-real) + tf.nn.softplus(fake_logits)) \
    + tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
noise = tf.random_normal([4])
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    step = tf.train.AdamOptimizer(1e-3).minimize(loss)
rs = np.random.RandomState(0)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(20):
        feed = {z: rs.rand(6, 10), x: rs.rand(6, 12, 12, 1)}
        sess.run([loss, noise], feed)
        sess.run(step, feed)
    sess.run([fake, tf.global_variables()[:12]], {z: rs.rand(2, 10)})
