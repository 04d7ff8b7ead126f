"""Small graphs in the style of scripts of TensorFlow 1, to be timed by time_scripts.py.

    python small_graphs.py NAME

trains the graph of that name, as small_loops.py says.
"""

import sys

import numpy as np
import tensorflow as tf
from small_loops import serve

tf.set_random_seed(1)
np.random.seed(1)
mean_of = tf.reduce_mean
entropy = tf.nn.sigmoid_cross_entropy_with_logits


def adversarial(real, fake):
    d_loss = mean_of(entropy(labels=tf.ones_like(real), logits=real)) + mean_of(
        entropy(labels=tf.zeros_like(fake), logits=fake))
    return d_loss, mean_of(entropy(labels=tf.ones_like(fake), logits=fake))


def adam(loss, scope=None):
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS, scope)):
        return tf.train.AdamOptimizer(2e-4, 0.5).minimize(
            loss, var_list=tf.trainable_variables(scope))


def dense():
    x, z = (tf.placeholder(tf.float32, [None, size]) for size in (64, 16))
    def g(z):
        with tf.variable_scope("g"):
            return tf.layers.dense(tf.layers.dense(z, 32, tf.nn.relu), 64, tf.nn.sigmoid)
    def d(x):
        with tf.variable_scope("d", reuse=tf.AUTO_REUSE):
            return tf.layers.dense(tf.layers.dense(x, 32, tf.nn.relu), 1)
    losses = adversarial(d(x), d(g(z)))
    steps = [adam(losses[0], "d"), adam(losses[1], "g")]
    images, noise = np.random.rand(32, 64), np.random.rand(32, 16)
    return [([steps[0], losses[0]], {x: images, z: noise}), ([steps[1], losses[1]], {z: noise})]


def dense_resource():
    tf.get_variable_scope().set_use_resource(True)
    return dense()


def summaries():
    runs = dense()
    for v in tf.trainable_variables():
        tf.summary.histogram(v.op.name, v)
    for fetches, _ in runs:
        tf.summary.scalar(fetches[1].op.name, fetches[1])
    merged = tf.summary.merge_all()
    (fetches, feed), other = runs
    return [(fetches + [merged], feed), other]


def dcgan():
    x, z = tf.placeholder(tf.float32, [None, 16, 16, 3]), tf.placeholder(tf.float32, [None, 16])
    def norm(x):
        return tf.layers.batch_normalization(x, training=True, momentum=0.9)
    def g(z):
        with tf.variable_scope("g"):
            h = tf.reshape(tf.layers.dense(z, 4 * 4 * 16), [-1, 4, 4, 16])
            h = tf.nn.relu(norm(h))
            h = tf.nn.relu(norm(tf.layers.conv2d_transpose(h, 8, 5, 2, "same")))
            return tf.tanh(tf.layers.conv2d_transpose(h, 3, 5, 2, "same"))
    def d(x):
        with tf.variable_scope("d", reuse=tf.AUTO_REUSE):
            h = tf.nn.leaky_relu(tf.layers.conv2d(x, 8, 5, 2, "same"))
            h = tf.nn.leaky_relu(norm(tf.layers.conv2d(h, 16, 5, 2, "same")))
            return tf.layers.dense(tf.layers.flatten(h), 1)
    losses = adversarial(d(x), d(g(z)))
    steps = [adam(losses[0], "d"), adam(losses[1], "g")]
    images, noise = np.random.rand(8, 16, 16, 3), np.random.rand(8, 16)
    return [([steps[0], losses[0]], {x: images, z: noise}), ([steps[1], losses[1]], {z: noise})]


def pixel_cnn():
    x = tf.placeholder(tf.float32, [4, 8, 8, 3])
    names = iter(range(1000))
    def concat_elu(x):
        return tf.nn.elu(tf.concat([x, -x], 3))
    def conv(x, filters, size=(1, 1)):
        with tf.variable_scope("conv_%d" % next(names)):
            shape = list(size) + [int(x.shape[-1]), filters]
            v = tf.get_variable("V", shape, initializer=tf.random_normal_initializer(0, 0.05))
            g = tf.get_variable("g", [filters], initializer=tf.constant_initializer(1.))
            b = tf.get_variable("b", [filters], initializer=tf.constant_initializer(0.))
            w = tf.reshape(g, [1, 1, 1, filters]) * tf.nn.l2_normalize(v, [0, 1, 2])
            return tf.nn.bias_add(tf.nn.conv2d(x, w, [1, 1, 1, 1], "VALID"), b)
    def down(x, filters):
        return conv(tf.pad(x, [[0, 0], [1, 0], [1, 1], [0, 0]]), filters, (2, 3))
    def right(x, filters):
        return conv(tf.pad(x, [[0, 0], [1, 0], [1, 0], [0, 0]]), filters, (2, 2))
    def gated(x, layer, other=None):
        h = layer(concat_elu(x), 8)
        if other is not None:
            h += conv(concat_elu(other), 8)
        a, b = tf.split(layer(tf.nn.dropout(concat_elu(h), 0.5), 16), 2, 3)
        return x + a * tf.nn.sigmoid(b)
    u = down(x, 8)
    ul = down(x, 8) + right(x, 8)
    for _ in range(4):
        u = gated(u, down)
        ul = gated(ul, right, u)
    made = conv(tf.nn.elu(ul), 3)
    loss = mean_of(tf.square(made - x))
    step = adam(loss)
    with tf.control_dependencies([step]):
        step = tf.train.ExponentialMovingAverage(0.999).apply(tf.trainable_variables())
    return [([loss, step], {x: np.random.rand(4, 8, 8, 3)})]


def timegan(static=False):
    batch, times, size, hidden = 16, 12, 5, 12
    x, z = (tf.placeholder(tf.float32, [batch, times, size]) for _ in range(2))
    t = tf.placeholder(tf.int32, [batch])
    def network(scope, x, size, activation=tf.nn.sigmoid, layers=2):
        with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
            cell = tf.nn.rnn_cell.MultiRNNCell(
                [tf.nn.rnn_cell.GRUCell(hidden, activation=tf.nn.tanh) for _ in range(layers)])
            if static:
                made, _ = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)
                made = tf.stack(made, 1)
            else:
                made, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, sequence_length=t)
            return tf.contrib.layers.fully_connected(made, size, activation_fn=activation)
    h = network("embedder", x, hidden)
    back = network("recovery", h, size)
    e_hat = network("generator", z, hidden)
    h_hat = network("supervisor", e_hat, hidden, layers=1)
    real, fake = (network("discriminator", each, 1, None) for each in (h, h_hat))
    d_loss, g_loss = adversarial(real, fake)
    e_loss = tf.losses.mean_squared_error(x, back)
    g_loss += 100 * tf.sqrt(mean_of(tf.squared_difference(h[:, 1:], h_hat[:, :-1])))
    lists = [tf.trainable_variables("embedder") + tf.trainable_variables("recovery"),
             tf.trainable_variables("generator") + tf.trainable_variables("supervisor"),
             tf.trainable_variables("discriminator")]
    steps = [tf.train.AdamOptimizer().minimize(loss, var_list=variables)
             for loss, variables in zip((e_loss, g_loss, d_loss), lists)]
    series, noise = np.random.rand(batch, times, size), np.random.rand(batch, times, size)
    lengths = [times] * batch
    feed = {x: series, z: noise, t: lengths}
    return [([step, loss], feed) for step, loss in zip(steps, (e_loss, g_loss, d_loss))]


def static_rnn():
    return timegan(static=True)


def munit():
    x = tf.placeholder(tf.float32, [1, 16, 16, 3])
    style = tf.placeholder(tf.float32, [1, 8])
    def instance_norm(x):
        with tf.variable_scope("instance_norm_%d" % len(tf.trainable_variables())):
            size = int(x.shape[-1])
            mean, var = tf.nn.moments(x, [1, 2], keep_dims=True)
            scale = tf.get_variable("scale", [size], initializer=tf.ones_initializer())
            shift = tf.get_variable("shift", [size], initializer=tf.zeros_initializer())
            return scale * (x - mean) / tf.sqrt(var + 1e-5) + shift
    def adaptive(x, gamma, beta):
        mean, var = tf.nn.moments(x, [1, 2], keep_dims=True)
        return gamma * (x - mean) / tf.sqrt(var + 1e-5) + beta
    def conv(x, filters, size, stride=1):
        pad = (size - 1) // 2
        x = tf.pad(x, [[0, 0], [pad, pad], [pad, pad], [0, 0]], "REFLECT")
        return tf.layers.conv2d(x, filters, size, stride, kernel_regularizer=decay)

    def decay(v):
        return 1e-4 * tf.nn.l2_loss(v)
    with tf.variable_scope("gen"):
        h = tf.nn.relu(instance_norm(conv(x, 4, 7)))
        for filters in (8, 16):
            h = tf.nn.relu(instance_norm(conv(h, filters, 4, 2)))
        for _ in range(4):
            h = h + instance_norm(conv(tf.nn.relu(instance_norm(conv(h, 16, 3))), 16, 3))
        s = tf.layers.dense(tf.layers.dense(style, 32, tf.nn.relu), 32, tf.nn.relu)
        for _ in range(4):
            gammas = [tf.reshape(tf.layers.dense(s, 16), [-1, 1, 1, 16]) for _ in range(4)]
            r = tf.nn.relu(adaptive(conv(h, 16, 3), *gammas[:2]))
            h = h + adaptive(conv(r, 16, 3), *gammas[2:])
        for filters in (8, 4):
            h = tf.image.resize_nearest_neighbor(h, [int(each) * 2 for each in h.shape[1:3]])
            h = tf.nn.relu(tf.contrib.layers.layer_norm(conv(h, filters, 5)))
        made = tf.tanh(conv(h, 3, 7))
    def d(x):
        with tf.variable_scope("dis", reuse=tf.AUTO_REUSE):
            outs = []
            for scale in range(3):
                with tf.variable_scope("ms_%d" % scale):
                    h = x
                    for place, filters in enumerate((4, 8)):
                        h = tf.nn.leaky_relu(tf.layers.conv2d(h, filters, 4, 2, "same",
                                                              name="c%d" % place))
                    outs.append(tf.layers.conv2d(h, 1, 1, name="out"))
                x = tf.layers.average_pooling2d(x, 3, 2, "same")
            return outs
    d_loss = sum(mean_of(tf.squared_difference(a, 1.)) + mean_of(tf.square(b))
                 for a, b in zip(d(x), d(made)))
    g_loss = sum(mean_of(tf.squared_difference(b, 1.)) for b in d(made)) \
        + mean_of(tf.abs(made - x)) + tf.losses.get_regularization_loss("gen")
    steps = [adam(d_loss, "dis"), adam(g_loss, "gen")]
    feed = {x: np.random.rand(1, 16, 16, 3), style: np.random.rand(1, 8)}
    return [([step, loss], feed) for step, loss in zip(steps, (d_loss, g_loss))]


def layers():
    x = made = tf.placeholder(tf.float32, [None, 16])
    for _ in range(60):
        made = made + 0.1 * tf.layers.dense(made, 16, tf.tanh)
    loss = mean_of(tf.square(made))
    return [([adam(loss), loss], {x: np.random.rand(16, 16)})]


def convolutions():
    x = made = tf.placeholder(tf.float32, [None, 8, 8, 3])
    for _ in range(8):
        made = tf.layers.conv2d(made, 16, 3, padding="same", activation=tf.nn.elu)
        made = tf.layers.batch_normalization(made, training=True)
    loss = mean_of(tf.square(made))
    return [([adam(loss), loss], {x: np.random.rand(4, 8, 8, 3)})]


def attention():
    x = h = tf.placeholder(tf.float32, [None, 10, 32])
    def heads(x):
        return tf.transpose(tf.reshape(tf.layers.dense(x, 32), [-1, 10, 4, 8]), [0, 2, 1, 3])
    for _ in range(2):
        weights = tf.nn.softmax(tf.matmul(heads(h), heads(h), transpose_b=True) / 8 ** 0.5)
        seen = tf.transpose(tf.matmul(weights, heads(h)), [0, 2, 1, 3])
        h += tf.layers.dense(tf.reshape(seen, [-1, 10, 32]), 32)
        h += tf.layers.dense(tf.layers.dense(h, 64, tf.nn.relu), 32)
    loss = mean_of(tf.square(h))
    return [([adam(loss), loss], {x: np.random.rand(8, 10, 32)})]


def regression():
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    w, b = tf.Variable(0.1), tf.Variable(0.)
    loss = tf.square(x * w + b - y)
    return [(tf.train.GradientDescentOptimizer(0.01).minimize(loss), {x: 1., y: 2.}),
            (loss, {x: 1., y: 2.})]


def data_set():
    images = np.random.rand(256, 64).astype(np.float32)
    data = tf.data.Dataset.from_tensor_slices(images).map(lambda x: x * 2. - 1.)
    x = data.shuffle(100).repeat().batch(32).prefetch(1).make_one_shot_iterator().get_next()
    made = tf.layers.dense(tf.layers.dense(x, 32, tf.nn.relu), 64)
    loss = mean_of(tf.square(made - x))
    return [([adam(loss), loss], {})]


def queue():
    images = tf.constant(np.random.rand(256, 64).astype(np.float32))
    x, = tf.train.slice_input_producer([images])
    x = tf.train.batch([x], 32, num_threads=2, capacity=128)
    made = tf.layers.dense(tf.layers.dense(x, 32, tf.nn.relu), 64)
    loss = mean_of(tf.square(made - x))
    return [([adam(loss), loss], {})]


def runner_of(runs):
    """A function that makes each of the runs of a graph once."""
    session = tf.Session()
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    tf.train.start_queue_runners(session, start=True)

    def run():
        for fetches, feed in runs:
            session.run(fetches, feed)
    return run


if __name__ == "__main__":
    serve(runner_of(globals()[sys.argv[1]]()), 30)
