"""A gradient penalty: a gradient of a gradient, noise drawn in the graph, an average of weights."""
import numpy as np
import tensorflow as tf

tf.set_random_seed(4)
batch, dim = 6, 8
x = tf.placeholder(tf.float32, [batch, dim])
w1 = tf.Variable(tf.truncated_normal([dim, 16], stddev=0.3), name="w1")
w2 = tf.Variable(tf.random_uniform([16, 1], -0.1, 0.1), name="w2")


def critic(x):
    return tf.matmul(tf.nn.relu(tf.matmul(x, w1)), w2)


fake = tf.random_normal([batch, dim])
alpha = tf.random_uniform([batch, 1], 0., 1.)
between = alpha * x + (1 - alpha) * fake
slope = tf.gradients(critic(between), [between])[0]
norm = tf.sqrt(tf.reduce_sum(tf.square(slope), axis=1))
loss = tf.reduce_mean(critic(fake)) - tf.reduce_mean(critic(x)) \
    + 10. * tf.reduce_mean((norm - 1.) ** 2)
optimizer = tf.train.AdamOptimizer(1e-3, beta1=0., beta2=0.9)
step = optimizer.apply_gradients([(tf.clip_by_norm(g, 5.), v)
                                  for g, v in optimizer.compute_gradients(loss)])
average = tf.train.ExponentialMovingAverage(0.9)
with tf.control_dependencies([step]):
    step = average.apply([w1, w2])
rs = np.random.RandomState(3)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(20):
        feed = {x: rs.rand(batch, dim)}
        sess.run([loss, norm], feed)
        sess.run(step, feed)
    sess.run([w1, average.average(w2)])
