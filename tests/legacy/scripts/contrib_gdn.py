"""Divisive normalization by tf.contrib.layers.gdn, its gradients, and what is drawn after them."""
import numpy as np
import tensorflow as tf

CALLS = [([2, 3, 3, 4], {}), ([2, 3, 3, 4], dict(inverse=True)), ([2, 3, 4], dict(gamma_init=.3)),
         ([None, 3, 3, 3], dict(inverse=True, beta_min=1e-3))]
for shape, options in CALLS:
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        rs = np.random.RandomState(0)
        x = tf.placeholder(tf.float32, shape)
        y = tf.contrib.layers.gdn(x, **options)
        gradients = tf.gradients(y, tf.trainable_variables() + [x])
        step = tf.train.GradientDescentOptimizer(.01).minimize(tf.reduce_sum(y * y))
        # Away from the bound, where a square root's last bit decides what has a gradient.
        away = [variable.assign_add(tf.fill(variable.shape, .01))
                for variable in tf.trainable_variables()]
        drawn = tf.random_uniform([3])
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            session.run(away)
            feed = {x: rs.randn(*[size or 2 for size in shape])}
            for _ in range(3):
                session.run([y, drawn] + gradients, feed)
                session.run(step, feed)
