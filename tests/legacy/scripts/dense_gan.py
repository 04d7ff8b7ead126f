"""Graph mode: placeholders, a reused scope, two optimizers; a seed, and names renamed before 1.15."""
import numpy as np
import tensorflow as tf

tf.set_random_seed(11)
np.random.seed(5)


def generator(z):
    with tf.variable_scope("G"):
        w1 = tf.get_variable("w1", [20, 32], initializer=tf.truncated_normal_initializer(stddev=0.1))
        b1 = tf.get_variable("b1", [32], initializer=tf.constant_initializer(0.0))
        h = tf.nn.relu(tf.matmul(z, w1) + b1)
        w2 = tf.Variable(tf.random_normal([32, 64], stddev=1. / tf.sqrt(32 / 2.)))
        return tf.nn.sigmoid(tf.matmul(h, w2))


def discriminator(x, reuse=False):
    with tf.variable_scope("D", reuse=reuse):
        w1 = tf.get_variable("w1", [64, 32.0])          # 32.0 was taken
        h = tf.maximum(tf.matmul(x, w1), 0.2 * tf.matmul(x, w1))
        return tf.matmul(h, tf.get_variable("w2", [32, 1]))


z = tf.placeholder(tf.float32, [None, 20], name="z")
x = tf.placeholder(tf.float32, [None, 64], name="x")
real, fake = discriminator(x), discriminator(generator(z), reuse=True)
d_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
    logits=tf.concat([real, fake], 0),
    labels=tf.concat([tf.ones_like(real), tf.zeros_like(fake)], 0)))
g_loss = -tf.reduce_mean(tf.log(tf.sigmoid(fake) + 1e-8))
mean = tf.reduce_sum(tf.reduce_mean(real, keep_dims=True), reduction_indices=[1])
variables = tf.trainable_variables()
d_step = tf.train.AdamOptimizer(1e-3, beta1=0.5).minimize(
    d_loss, var_list=[v for v in variables if v.name.startswith("D")])
g_step = tf.train.RMSPropOptimizer(1e-3).minimize(
    g_loss, var_list=[v for v in variables if v.name.startswith("G")])
clip = [v.assign(tf.clip_by_value(v, -0.5, 0.5)) for v in variables if v.name.startswith("D")]

sess = tf.InteractiveSession()
sess.run(tf.initialize_all_variables())
for step in xrange(20):
    feed = {z: np.random.uniform(-1, 1, [8, 20]), x: np.random.rand(8, 64)}
    d, g, m = sess.run([d_loss, g_loss, mean], feed)
    sess.run(d_step, feed)
    sess.run(clip)
    _ = sess.run([g_step], feed_dict=feed)
print(fake.eval(feed).shape)
saver = tf.train.Saver(max_to_keep=1)
saver.save(sess, "./model.ckpt", global_step=20)
saver.restore(sess, tf.train.latest_checkpoint("./"))
