"""What a session gives of one element, put into arrays and texts as with NumPy 1.18."""
from __future__ import print_function

import numpy as np
import tensorflow as tf

one = np.array([2.5])


class Meter:
    size = int(np.array([4]))
    kept = np.zeros(4)
    kept[1] = one

    def __init__(self):
        self.values, self.n, self.last = np.zeros((3, 2)), 0, np.array([9.5])

    def add(self, value):
        self.values[self.n % 3, 1] = value
        self.values[self.n % 3, 0] += value * 2
        self.n += 1
        return "%d: %.2f" % (self.n, value)

    def take(self):
        self.values[-1, -1] = self.last


meter = Meter()
with tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    loss = tf.reduce_mean(tf.reshape(x, [1, -1]), 1)
    losses, pairs = np.zeros(3), np.zeros((3, 2))
    for step in range(3):
        losses[step] = sess.run(loss, {x: [step, 1.5]})
        pairs[step, 0], pairs[step, 1] = sess.run([loss, loss * 2], {x: [step, 2.5]})
        print(meter.add(sess.run(loss, {x: [step, step]})))
        print("step %d, loss %.4f" % (step, sess.run(loss, {x: [1.0, step]})),
              float(sess.run(loss, {x: [1.0]})))
    meter.take()
    sess.run(x, {x: losses})
    sess.run(x, {x: np.concatenate([pairs.ravel(), meter.values.ravel(), meter.kept])})
print(losses.tolist(), pairs.tolist(), meter.values.tolist(), Meter.size)
