"""WGAN: tf.flags, tf.layers, weights clipped in a group after the optimizer."""
import os
import numpy as np
import tensorflow as tf

tf.flags.DEFINE_integer("batch", 8, "size")
tf.flags.DEFINE_float("clip", 0.01, "c")
tf.flags.DEFINE_boolean("is_train", True, "b")
tf.flags.DEFINE_string("out", "out", "d")
F = tf.flags.FLAGS


class WGAN(object):
    def __init__(self, sess):
        self.sess = sess
        self.build()

    def g(self, z, reuse=None):
        with tf.variable_scope("g", reuse=reuse):
            h = tf.layers.dense(z, 4 * 4 * 4, kernel_initializer=tf.contrib.layers.xavier_initializer())
            h = tf.nn.relu(tf.layers.batch_normalization(h, training=F.is_train, fused=False))
            h = tf.reshape(h, (-1, 4, 4, 4))
            h = tf.layers.conv2d_transpose(h, 1, 3, 2, "same", use_bias=False, activation=tf.nn.tanh,
                                           kernel_regularizer=tf.contrib.layers.l2_regularizer(0.01))
            return h

    def d(self, x, reuse=None):
        with tf.variable_scope("d", reuse=reuse):
            h = tf.layers.separable_conv2d(x, 4, 3, 2, padding="same")
            h = tf.nn.leaky_relu(h, 0.2)
            h = tf.layers.average_pooling2d(h, 2, 2)
            h = tf.contrib.layers.flatten(h)
            h = tf.layers.dense(h, 8, activation=tf.nn.selu)
            return tf.layers.dense(h, 1)

    def build(self):
        self.z = tf.placeholder(tf.float32, [None, 5], "z")
        self.x = tf.placeholder(tf.float32, [None, 8, 8, 1], "x")
        self.fake = self.g(self.z)
        dr, df = self.d(self.x), self.d(self.fake, True)
        self.d_loss = tf.reduce_mean(df) - tf.reduce_mean(dr)
        self.g_loss = -tf.reduce_mean(df) + tf.losses.get_regularization_loss()
        t = tf.trainable_variables()
        dv = [v for v in t if "d/" in v.name]
        gv = [v for v in t if v.name.startswith("g/")]
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            self.d_op = tf.train.RMSPropOptimizer(5e-4).minimize(self.d_loss, var_list=dv)
            self.g_op = tf.train.RMSPropOptimizer(5e-4, momentum=0.5, centered=True).minimize(self.g_loss, var_list=gv)
        self.clip = tf.group(*[tf.assign(v, tf.clip_by_value(v, -F.clip, F.clip)) for v in dv])
        tf.summary.scalar("d", self.d_loss)
        tf.summary.image("fake", self.fake, 2)
        for v in t:
            tf.summary.histogram(v.op.name, v)
        self.merged = tf.summary.merge_all()

    def train(self):
        rs = np.random.RandomState(1)
        w = tf.summary.FileWriter(F.out, self.sess.graph)
        tf.global_variables_initializer().run()
        for i in range(20):
            for _ in range(2):
                fd = {self.x: rs.rand(F.batch, 8, 8, 1) * 2 - 1, self.z: rs.randn(F.batch, 5)}
                self.sess.run(self.d_op, fd)
                self.sess.run(self.clip)
            self.sess.run(self.g_op, fd)
            s, dl, gl = self.sess.run([self.merged, self.d_loss, self.g_loss], fd)
            w.add_summary(s, i)
            print("%d %.5f %.5f" % (i, dl, gl))
        w.close()
        print(len(os.listdir(F.out)))


def main(_):
    tf.set_random_seed(12)
    with tf.Session() as sess:
        WGAN(sess).train()


if __name__ == "__main__":
    tf.app.run()
