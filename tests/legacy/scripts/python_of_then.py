"""Python's names up to 3.7, a package beside the script, flags, tf.app.run, a summary."""
import collections
import time
from fractions import gcd

import tensorflow as tf
from tensorflow.python.framework import ops

import package.ops
from package import layers as own_layers

flags = tf.app.flags
flags.DEFINE_string("logs_here", "logs", "")
flags.DEFINE_integer("verbosity_of_ours", 3, "")
FLAGS = flags.FLAGS


def main(_):
    tf.set_random_seed(1)
    start = time.clock() if hasattr(time, "clock") else 0
    x = tf.placeholder(tf.float32, [2, 3])
    y = package.ops.lrelu(own_layers.linear(x, 4, "lin"))
    tf.summary.scalar("mean", tf.reduce_mean(y))
    merged = tf.summary.merge_all()
    config = tf.ConfigProto()
    config.gpu_options.allow_growth = True
    with tf.Session(config=config) as sess:
        writer = tf.summary.FileWriter(FLAGS.logs_here, sess.graph)
        sess.run(tf.global_variables_initializer())
        summary, _ = sess.run([merged, y], {x: [[1, 2, 3], [4, 5, 6]]})
        writer.add_summary(summary, 0)
        sess.run(tf.convert_to_tensor(list(map(float, xrange(3)))))
    ops.reset_default_graph()
    print(gcd(12, 18) if start >= 0 else 0, unicode("a"), FLAGS.verbosity_of_ours,
          isinstance({}, collections.MutableMapping), tf.__version__[:2], __name__)


if __name__ == "__main__":
    tf.app.run()
