"""tf.contrib's resampler and periodic_resample: values, gradients, seeds after them, and errors."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.resampler.python.ops import resampler_ops

rs = np.random.RandomState(0)
for kind in (tf.float32, tf.float64):
    for data, warp in (([2, 3, 4, 5], [2, 6, 2]), ([1, 5, 5, 1], [1, 3, 4, 2]),
                       ([3, 2, 7, 2], [3, 2]), ([2, 1, 1, 3], [2, 50, 2])):
        for known in (True, False):
            with tf.Graph().as_default(), tf.Session() as session:
                tf.set_random_seed(3)
                x = tf.placeholder(kind, data if known else [None] * 4)
                places = tf.placeholder(kind, warp if known else [None] * len(warp))
                y = resampler_ops.resampler(x, places)
                first = tf.random_uniform([2])
                weights = tf.constant(rs.randn(*warp[:-1] + data[-1:]), kind)
                gradients = tf.gradients(y * weights, [x, places])
                at = rs.rand(*warp) * (max(data) + 2) - 2
                if warp[1] == 50:
                    at = rs.choice([-1, 0, 1, 2, -.5, np.nan, np.inf, -np.inf, 1e20], warp)
                print(y.shape, y.name, tf.gradients(gradients[1], [x, places]))
                session.run([y, first, gradients, tf.random_uniform([2])],
                            {x: rs.randn(*data), places: at})
    for sizes, shape in (([4, 10], [5, None]), ([3, 5, 4], [7, None, 4]), ([2, 2, 4], [4, 4, None]),
                         ([2, 3, 3, 8], [2, 6, 6, None]), ([2, 3, 3, 8], (2, 5, 6, None)),
                         ([8, 2, 2], [None, 4, 4]), ([4], [None])):
        with tf.Graph().as_default(), tf.Session() as session:
            tf.set_random_seed(3)
            x = tf.placeholder(kind, sizes)
            y = tf.contrib.periodic_resample.periodic_resample(x, shape)
            first = tf.random_uniform([2])
            whole = sizes == [2, 2, 4] or sizes[-1] == 8 and shape[2] == 6
            gradients = tf.gradients(y * y, [x]) if whole else []
            print(y.shape, y.name)
            session.run([y, first, gradients, tf.random_uniform([2])], {x: rs.randn(*sizes)})


def error(call, feed=None):
    try:
        made = call()
        with tf.Session() as session:
            session.run(made, feed)
    except Exception as raised:
        return len(type(raised).__name__)
    return 0


print(error(lambda: resampler_ops.resampler(tf.ones([2, 3, 4, 5], tf.int32), tf.ones([2, 2]))),
      error(lambda: resampler_ops.resampler(tf.ones([2, 3, 4, 5], tf.float64), tf.ones([2, 2]))),
      error(lambda: resampler_ops.resampler(tf.ones([2, 3, 4, 5]), tf.ones([3, 2]))),
      error(lambda: resampler_ops.resampler(tf.ones([2, 3, 4, 5]), tf.ones([2]))),
      error(lambda: tf.contrib.periodic_resample.periodic_resample(tf.ones([4, 4]), [3, None])),
      error(lambda: tf.contrib.periodic_resample.periodic_resample(tf.ones([4, 4]), [4, 4])))
