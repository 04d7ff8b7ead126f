"""tf.contrib.slim: arg_scope, is_training by a placeholder, UPDATE_OPS, slim's own train op."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import slim

tf.set_random_seed(8)
x = tf.placeholder(tf.float32, [None, 8, 8, 3])
y = tf.placeholder(tf.int64, [None])
training = tf.placeholder(tf.bool)
with slim.arg_scope([slim.conv2d, slim.fully_connected],
                    normalizer_fn=slim.batch_norm,
                    normalizer_params={"is_training": training, "decay": 0.9},
                    weights_initializer=tf.truncated_normal_initializer(0, 0.02),
                    weights_regularizer=slim.l2_regularizer(0.0005)):
    net = slim.repeat(x, 2, slim.conv2d, 4, [3, 3], scope="conv")
    net = slim.avg_pool2d(net, [2, 2])
    net = slim.fully_connected(slim.flatten(net), 10)
    logits = slim.fully_connected(net, 3, activation_fn=None, normalizer_fn=None)
slim.losses.sparse_softmax_cross_entropy(logits, y)
total = slim.losses.get_total_loss()
train = slim.learning.create_train_op(total, tf.train.MomentumOptimizer(0.01, 0.9))
rs = np.random.RandomState(1)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(20):
        feed = {x: rs.rand(5, 8, 8, 3), y: rs.randint(0, 3, 5), training: True}
        sess.run(total, feed)
        sess.run(train, feed)
    sess.run([logits, tf.train.get_global_step()], {x: rs.rand(5, 8, 8, 3), training: False})
    sess.run(slim.get_variables_by_suffix("moving_mean"))
