"""InfoGAN with slim: codes drawn in the graph, log-likelihoods, variables by scope."""
import numpy as np
import tensorflow as tf
import tensorflow.contrib.slim as slim
from tensorflow.contrib.framework.python.ops import variables as vlib

tf.set_random_seed(31)
B = 8
ds = tf.distributions
cat = tf.multinomial(tf.zeros([B, 5]), 1)
c = tf.one_hot(tf.reshape(cat, [-1]), 5)
u = tf.random_uniform([B, 2], -1, 1)
z = tf.concat([tf.random_normal([B, 6], stddev=0.5), c, u], 1)
x = tf.placeholder(tf.float32, [B, 8, 8, 1])


def lrelu(t):
    return tf.maximum(0.1 * t, t)


def generator(z):
    with tf.variable_scope("gen") as vs:
        with slim.arg_scope([slim.conv2d_transpose], kernel_size=[4, 4], stride=2,
                            activation_fn=tf.nn.relu, normalizer_fn=slim.batch_norm,
                            normalizer_params=dict(is_training=True, decay=0.9)):
            net = slim.fully_connected(z, 2 * 2 * 8, normalizer_fn=slim.batch_norm)
            net = tf.reshape(net, [-1, 2, 2, 8])
            net = slim.conv2d_transpose(net, 4)
            return slim.conv2d_transpose(net, 1, activation_fn=tf.sigmoid, normalizer_fn=None)


def disc(x, reuse=False):
    with tf.variable_scope("dis", reuse=reuse):
        with slim.arg_scope([slim.conv2d, slim.fully_connected], activation_fn=lrelu,
                            weights_initializer=tf.random_normal_initializer(stddev=0.02)):
            net = slim.conv2d(x, 4, 4, 2)
            net = slim.flatten(net)
            net = slim.dropout(net, 0.8)
            net = slim.fully_connected(net, 16)
            d = slim.fully_connected(net, 1, activation_fn=None)
            q = slim.fully_connected(net, 9, activation_fn=None, scope="q")
            return d, q


g = generator(z)
(dr, _), (df, q) = disc(x), disc(g, True)
d_loss = slim.losses.sigmoid_cross_entropy(dr, tf.ones_like(dr)) + tf.losses.sigmoid_cross_entropy(
    tf.zeros_like(df), df)
g_loss = tf.losses.sigmoid_cross_entropy(tf.ones([B, 1]), df)
info = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=c, logits=q[:, :5])) \
    - tf.reduce_mean(ds.Normal(q[:, 5:7], tf.exp(q[:, 7:])).log_prob(u))
gv, dv = slim.get_variables("gen"), vlib.get_trainable_variables("dis")
gs = slim.get_or_create_global_step()
up = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(up):
    g_step = tf.train.AdamOptimizer(1e-3, 0.5).minimize(
        g_loss + info, var_list=[v for v in gv if v in tf.trainable_variables()], global_step=gs)
d_step = tf.train.AdamOptimizer(1e-3, 0.5).minimize(d_loss + info, var_list=dv)
rs = np.random.RandomState(0)
with tf.Session() as s:
    s.run(tf.global_variables_initializer())
    for i in range(20):
        f = {x: rs.rand(B, 8, 8, 1)}
        s.run(d_step, f)
        s.run(g_step, f)
        s.run([d_loss, g_loss, info, gs, cat], f)
    s.run(dv)
