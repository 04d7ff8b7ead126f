"""Percentiles and moving means of tf.contrib.distributions, seeds after them, errors."""
import numpy as np
import tensorflow as tf

d, rs = tf.contrib.distributions, np.random.RandomState(0)
values = rs.randn(4, 5, 3).astype(np.float32)
for known in (True, False):
    for q in (0, 37.5, 50., 100):
        for axis in (None, 0, -1, [1, 2], [2, 0], [0, 1, 2], []):
            for named in (dict(), dict(keep_dims=True), dict(interpolation="lower"),
                          dict(interpolation="higher", validate_args=True)):
                if axis == [] and not known:
                    continue
                with tf.Graph().as_default(), tf.Session() as session:
                    tf.set_random_seed(3)
                    x = tf.constant(values) if known else tf.placeholder_with_default(
                        values, [None, 5, None])
                    try:
                        made = d.percentile(x, q, axis, **named)
                        print(made.shape)
                        session.run([made, tf.random_uniform([2])])
                    except Exception as error:
                        print(len(type(error).__name__))
with tf.Graph().as_default(), tf.Session() as session:
    tf.set_random_seed(3)
    whole = d.percentile(tf.constant([3, 1, 2, 5]), 50.)
    x = tf.constant(values)
    session.run([whole, tf.gradients(d.percentile(x, 30., axis=1), x)])
    fed = tf.placeholder(tf.float32, [3])
    moving = d.moving_mean_variance(fed, 0.9)
    again = d.moving_mean_variance(fed * 2, 0.5, name="named", collections=["mine", "variables"])
    logarithm = tf.get_variable("log", [3])
    update = d.assign_log_moving_mean_exp(logarithm, fed, 0.7)
    print([one.name for one in tf.global_variables()], len(tf.get_collection("mine")),
          tf.trainable_variables())
    following = tf.random_uniform([2])
    session.run(tf.global_variables_initializer())
    session.run([following])
    for _ in range(3):
        session.run([moving, again, update], {fed: rs.randn(3)})
        session.run(tf.global_variables())
    for wrong in (lambda: d.percentile(x, [1., 2.]), lambda: d.percentile(x, 1., 3),
                  lambda: d.percentile(x, 1., interpolation="linear"),
                  lambda: d.percentile(x, 1., tf.placeholder(tf.int32, [])),
                  lambda: d.percentile(x, 1., 0.5), lambda: d.percentile(tf.placeholder(
                      tf.float32), 1., 0), lambda: d.moving_mean_variance(tf.constant([1]), 0.5),
                  lambda: session.run(d.percentile(x, 101., validate_args=True))):
        try:
            wrong()
            print(0)
        except Exception as error:
            print(len(type(error).__name__))
