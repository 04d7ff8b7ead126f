"""tf.contrib.bayesflow.monte_carlo: expectations by samples, their gradients, seeds after them."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.bayesflow.python.ops import monte_carlo as again

monte_carlo, d = tf.contrib.bayesflow.monte_carlo, tf.contrib.distributions
with tf.Graph().as_default(), tf.Session() as session:
    tf.set_random_seed(3)
    mean = tf.constant([0.5, 1.5])
    normal, wide = d.Normal(mean, [1.0, 2.0]), d.Normal([0.0, 0.0], [3.0, 4.0])
    drawn = normal.sample(50, seed=2)
    found = [
        monte_carlo.expectation(tf.square, drawn),
        monte_carlo.expectation(tf.square, drawn, normal.log_prob, False),
        again.expectation(tf.exp, drawn, axis=[0, 1], keep_dims=True, name="named"),
        monte_carlo.expectation_importance_sampler(tf.sin, normal.log_prob, wide, n=40, seed=4),
        monte_carlo.expectation_importance_sampler(tf.sin, normal.log_prob, wide, n=40),
        monte_carlo.expectation_importance_sampler_logspace(
            lambda z: -tf.square(z), normal.log_prob, wide, z=np.linspace(
                -3, 3, 60).reshape(30, 2).astype(np.float32)),
        tf.random_uniform([2])]
    gradients = [tf.gradients(one, mean)[0] for one in found[:-1]]
    session.run(found + gradients)
    session.run([d.tridiag([1., 2.], [3., 4., 5.], [6., 7.]),
                 d.fill_triangular_inverse(d.fill_triangular([1., 2., 3., 4., 5., 6.]))])
    for wrong in (lambda: monte_carlo.expectation(3, drawn),
                  lambda: monte_carlo.expectation(tf.exp, drawn, use_reparametrization=False),
                  lambda: monte_carlo.expectation_importance_sampler(tf.exp, tf.exp, wide),
                  lambda: monte_carlo.expectation_importance_sampler_logspace(
                      tf.exp, tf.exp, wide, 1.0, 3)):
        try:
            wrong()
            print(0)
        except Exception as error:
            print(len(type(error).__name__))
