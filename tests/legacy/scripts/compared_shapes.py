"""Shapes with sizes that are not known, compared: by operators, in lists, by unittest."""
import unittest

import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 8, 8, 3])
y = tf.layers.conv2d(x, 3, 3, padding="same")
unknown = tf.placeholder(tf.float32)
known = tf.TensorShape([2, 3])
shapes = [tf.TensorShape(None), tf.TensorShape([None]), tf.TensorShape([None, 8]), tf.TensorShape([]),
          tf.TensorShape([2, 3]), [None, 8], (2, 3), [2, 3], None, 3, "ab", "", {}, [tf.Dimension(None)]]


def said(call):
    try:
        return call()
    except Exception as error:
        return type(error).__name__


for place, one in enumerate(shapes):
    for other in shapes:
        if isinstance(one, tf.TensorShape) or isinstance(other, tf.TensorShape):
            print(place, [said(call) for call in (
                lambda: one == other, lambda: one != other, lambda: one in [other], lambda: [one] == [other])])
same = x.shape
print(same == same, same != same, same == x.get_shape(), x.shape == y.shape, x.shape[1:] == y.shape[1:],
      x.shape.is_compatible_with(y.shape), tf.TensorShape(x.shape) == x.shape, known == y.shape,
      x.shape[0] == y.shape[0], x.shape.as_list() == y.shape.as_list(), tuple(x.shape) == tuple(y.shape))


class Compared(unittest.TestCase):
    def runTest(self):
        for check, other in ((self.assertEqual, y.shape), (self.assertEqual, [None, 8, 8, 3]),
                             (self.assertNotEqual, y.shape), (self.assertEqual, x.shape),
                             (self.assertIn, [y.shape]), (self.assertIn, [x.shape])):
            print(said(lambda: check(x.shape, other)))


Compared().debug()


def block(inputs):
    made = tf.layers.conv2d(inputs, 3, 3, padding="same")
    if inputs.get_shape() != made.get_shape():
        inputs = tf.layers.conv2d(inputs, 3, 1, name="projection")
    return inputs + made


tf.set_random_seed(1)
block(x)
drawn = tf.random_uniform([3])
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(drawn)
