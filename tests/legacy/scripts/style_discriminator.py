"""A discriminator of its own gradients: the spread over a batch, a penalty on the gradient, a loss that
is scaled, updates by a condition, statistics, pictures from a buffer larger than the data set."""
import numpy as np
import tensorflow as tf
from package.style import dense, filtered, leaky, weight

tf.logging.set_verbosity(tf.logging.ERROR)
tf.set_random_seed(17)
session = tf.Session()
session._default_session = session.as_default()
session._default_session.enforce_nesting = False
session._default_session.__enter__()


def discriminator(x):
    with tf.variable_scope("D", reuse=tf.AUTO_REUSE):
        with tf.variable_scope("conv"):
            x = leaky(filtered(tf.nn.conv2d(x, weight([3, 3, 3, 6]), [1, 1, 1, 1], "SAME"), [1, 2, 1], 1, 1, 1))
        x = x[:, ::2, ::2]
        y = tf.reshape(x, [tf.minimum(2, tf.shape(x)[0]), -1, 1, 6, 4, 4])
        y -= tf.reduce_mean(y, axis=0, keepdims=True)
        y = tf.reduce_mean(tf.sqrt(tf.reduce_mean(tf.square(y), axis=0) + 1e-8), axis=[2, 3, 4], keepdims=True)
        y = tf.tile(tf.reduce_mean(y, axis=[2]), [2, 1, 4, 4])
        with tf.variable_scope("out"):
            return dense(tf.concat([x, tf.transpose(y, [0, 2, 3, 1])], axis=3), 1, gain=1)


pictures = tf.data.Dataset.from_tensor_slices(np.random.RandomState(2).rand(7, 8, 8, 3).astype("f"))
pictures = pictures.shuffle(50000).repeat().prefetch(3).batch(4)
iterator = tf.data.Iterator.from_structure(pictures.output_types, pictures.output_shapes)
reals, begin = iterator.get_next(), iterator.make_initializer(pictures)
reals.set_shape([4, 8, 8, 3])
flipped = tf.where(tf.random_uniform([4, 1, 1, 1]) + tf.zeros_like(reals) < 0.5, reals, tf.reverse(reals, [2]))
fakes, rate = tf.random_normal([4, 8, 8, 3]), tf.placeholder(tf.float32, [], name="rate")
scores = discriminator(flipped)
loss = tf.nn.softplus(discriminator(fakes)) + tf.nn.softplus(-scores)
slopes = tf.gradients(tf.reduce_sum(scores), [flipped])[0]
loss = tf.reduce_mean(loss + 5 * tf.reduce_sum(tf.square(slopes), axis=[1, 2, 3])[:, None])
trainables = tf.trainable_variables("D/")
with tf.control_dependencies(None):
    scaling = tf.Variable(np.float32(6.0), name="loss_scaling", trainable=False)
    sums = tf.Variable(tf.zeros([3]), name="statistics", trainable=False, collections=["autosummary"])
optimizer = tf.train.AdamOptimizer(rate, beta1=0.0, beta2=0.99, epsilon=1e-8, name="opt0")
found = optimizer.compute_gradients(loss * tf.exp(scaling * np.log(2.0)), trainables, gate_gradients=0)
found = [(g * tf.exp(-scaling * np.log(2.0)), v) for g, v in found]
fine = tf.reduce_all(tf.stack([tf.reduce_all(tf.is_finite(g)) for g, _ in found]))
step = tf.cond(fine, lambda: tf.group(tf.assign_add(scaling, 0.5), optimizer.apply_gradients(found)),
               lambda: tf.group(tf.assign_sub(scaling, 1.0)))
value = tf.reshape(tf.cast(loss, tf.float32), [-1])
noted = tf.stack([tf.cast(tf.size(value), tf.float32), tf.reduce_sum(value), tf.reduce_sum(tf.square(value))])
noted = tf.cond(tf.is_variable_initialized(sums), lambda: tf.assign_add(sums, noted), lambda: tf.assign(sums, noted))
session.run([v.initializer for v in trainables + optimizer.variables() + [scaling]] + [begin])
for _ in range(3):
    session.run(reals)
    session.run([noted, step], {rate: 0.01})
session.run(trainables + [scaling, sums])
session.run(sums.initializer)
