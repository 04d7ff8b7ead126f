"""A generator by styles: mapped and mixed by a condition, convolutions modulated and resampled by a
filter, a mean of the weights, in a session that is always there."""
import numpy as np
import tensorflow as tf
from package.style import dense, filtered, leaky, weight

tf.logging.set_verbosity(tf.logging.ERROR)
tf.set_random_seed(17)
session = tf.Session()
session._default_session = session.as_default()
session._default_session.enforce_nesting = False
session._default_session.__enter__()


def modulated(x, style, units, up=1):
    w = weight([3, 3, x.shape[3].value, units])
    with tf.variable_scope("style"):
        style = dense(style, x.shape[3].value, gain=1) + 1
    scale = tf.rsqrt(tf.reduce_sum(tf.square(w * style[:, None, None, :, None]), axis=[1, 2, 3]) + 1e-8)
    x = filtered(x, [1, 3, 3, 1], up, 2, 1) if up > 1 else x
    x = tf.nn.conv2d(x * style[:, None, None], w, [1, 1, 1, 1], "SAME") * scale[:, None, None]
    noise = tf.random_normal([tf.shape(x)[0], x.shape[1], x.shape[2], 1])
    noise *= tf.get_variable("strength", [], initializer=tf.initializers.zeros())
    return leaky(x + noise) * np.sqrt(2)


def generator(z, scope):
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
        def mapped(z):
            z *= tf.rsqrt(tf.reduce_mean(tf.square(z), axis=1, keepdims=True) + 1e-8)
            for layer in range(2):
                with tf.variable_scope("map%d" % layer, reuse=tf.AUTO_REUSE):
                    z = leaky(dense(z, 8, slower=0.01))
            return tf.tile(z[:, np.newaxis], [1, 3, 1])
        styles, others = mapped(z), mapped(tf.random_normal(tf.shape(z)))
        layers, step = np.arange(3)[np.newaxis, :, np.newaxis], tf.cast(3, tf.int32)
        cut = tf.cond(tf.random_uniform([], 0.0, 1.0) < 0.9,
                      lambda: tf.random_uniform([], 1, step, dtype=tf.int32), lambda: step)
        styles = tf.where(tf.broadcast_to(layers < cut, tf.shape(styles)), styles, others)
        start = tf.get_variable("start", [1, 4, 4, 8], initializer=tf.initializers.random_normal())
        x = tf.tile(start, [tf.shape(z)[0], 1, 1, 1])
        for layer, up in enumerate((1, 2)):
            with tf.variable_scope("conv%d" % layer):
                x = modulated(x, styles[:, layer], 6, up)
        with tf.variable_scope("out"):
            return tf.nn.conv2d(x, weight([1, 1, 6, 3], gain=1), [1, 1, 1, 1], "SAME")



z = tf.placeholder(tf.float32, [None, 8], name="z")
picture, mean = generator(z, "G"), generator(z, "Gs")
variables, means = (tf.global_variables(scope + "/") for scope in ("G", "Gs"))
update = tf.group(*(m.assign(v + (m - v) * 0.5) for v, m in zip(variables, means)))
gradients = tf.gradients(tf.reduce_sum(tf.square(picture)), [v for v in variables if "strength" not in v.name])
run = tf.get_default_session().run
run([v.initializer for v in variables + means])
with tf.control_dependencies(None):
    setters = [tf.assign(v, tf.placeholder(v.dtype, v.shape, "new_value"), name="setter") for v in variables[:2]]
run(setters, {setter.op.inputs[1]: np.full(setter.shape.as_list(), 0.3) for setter in setters})
given = np.random.RandomState(4).randn(4, 8)
for _ in range(2):
    run(picture, {z: given})
    run(update)
    run([mean] + means, {z: given})
run(gradients, {z: given})
