"""tf.contrib.integrate: a system's course, steps of both kinds, gradients, errors."""
import numpy as np
import tensorflow as tf

integrate, rs = tf.contrib.integrate, np.random.RandomState(0)
matrix = rs.randn(4, 4)


def lorenz(y, t):
    return tf.stack([10 * (y[1] - y[0]), y[0] * (28 - y[2]) - y[1], y[0] * y[1] - 8 / 3. * y[2]])


def tried(call):
    with tf.Graph().as_default(), tf.Session() as session:
        try:
            made = call()
            session.run(tf.global_variables_initializer())
            session.run(made)
        except Exception as error:
            print(len(type(error).__name__))


def learned(solve, *more):
    weights = tf.get_variable("w", initializer=tf.constant(
        np.linspace(-0.5, 0.6, 9).reshape(3, 3).astype(np.float32)))
    start = tf.placeholder_with_default(np.ones((2, 3), np.float32), [None, 3])
    y = solve(lambda y, t: tf.tanh(tf.matmul(y, weights)) * tf.cast(t, tf.float32), start,
              [0.0, 0.5, 1.2], *more)
    print(y.shape)
    return [y] + tf.gradients(y[-1], [weights, start])


double = tf.constant([0, 2, 20], tf.float64)
tried(lambda: integrate.odeint(lorenz, double, np.linspace(0, 1, 9), full_output=True))
tried(lambda: integrate.odeint(lorenz, tf.cast(double, tf.float32), np.linspace(0, 1, 9), 1e-4))
tried(lambda: integrate.odeint(lambda y, t: tf.matmul(matrix, y) * tf.sin(t),
                               rs.randn(4, 3), np.linspace(0, 1.5, 7), full_output=True))
tried(lambda: integrate.odeint(lambda y, t: 1j * y * tf.cast(t, tf.complex128), tf.constant(
    1j + 1, tf.complex128), [0., 1., 3.], full_output=True))
tried(lambda: integrate.odeint(
    lambda y, t: -y * y, tf.constant(1.0, tf.float64), tf.constant([0., 1., 2.]), method="dopri5",
    options=dict(first_step=.1, safety=.8, ifactor=3., dfactor=.5, max_num_steps=50),
    full_output=True))
tried(lambda: learned(integrate.odeint, 1e-4, 1e-4))
for method in ("rk4", "midpoint"):
    tried(lambda: learned(integrate.odeint_fixed, 0.1, method))
    for step in (None, 0.13, [0.1, 0.2, 0.7]):
        tried(lambda: integrate.odeint_fixed(lambda y, t: tf.cast(t, tf.float32) * y, [1., 2.],
                                             [0., 1., 1.5, 2.5], step, method))
slow = (lambda y, t: -y * y), 1.0, [0.0, 1.0, 2.0]
for more in (dict(method="dopri5", options=dict(max_num_steps=1)), dict(method="other"),
             dict(options={}), dict(method="dopri5", options=dict(other=1)),
             dict(y0=1), dict(t=tf.constant([0, 1])), dict(t=[0., 2., 1.]), dict(t=[0, 1])):
    tried(lambda: integrate.odeint(**dict(zip(("func", "y0", "t"), slow), **more)))
for more in (dict(method="other"), dict(dt=[0.1]), dict(y0=1), dict(t=[0., 2., 1.]),
             dict(t=tf.ones([2, 3])), dict(dt=1)):
    tried(lambda: integrate.odeint_fixed(**dict(zip(("func", "y0", "t"), slow), **more)))
