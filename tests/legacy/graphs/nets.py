"""Small graphs as scripts of TensorFlow 1 built them: networks, their losses and updates.

Each function builds one in the default graph and returns the runs to make of it: lists of tensors
or operations, fetched in this order. Placeholders are fed what `feeds` gives for their names.
"""

import tensorflow as tf


def images(channels=2):
    return tf.placeholder(tf.float32, [None, 4, 4, channels], name="images")


def rows(width=3):
    return tf.placeholder(tf.float32, [None, width], name=f"rows{width}")


def normalization_with_a_phase():
    phase = tf.placeholder(tf.bool, name="phase")
    x = images()
    y = tf.layers.batch_normalization(tf.layers.conv2d(x, 3, 3, padding="same"), training=phase)
    z = tf.layers.batch_normalization(tf.layers.dense(tf.layers.flatten(y), 4), training=phase)
    loss = tf.reduce_mean(z * z) + tf.reduce_mean(y * y)
    step = tf.train.GradientDescentOptimizer(.1).minimize(loss)
    return [[y, z, loss], [step], [tf.get_collection(tf.GraphKeys.UPDATE_OPS)], [y, z, loss]]


def normalization_of_slim():
    from tensorflow.contrib import layers, slim
    phase = tf.placeholder(tf.bool, name="phase")
    with slim.arg_scope([slim.conv2d], normalizer_fn=slim.batch_norm,
                        normalizer_params={"is_training": phase, "scale": True, "fused": True}):
        y = slim.conv2d(images(), 3, [3, 3])
    z = layers.batch_norm(y, is_training=phase, fused=False, decay=.9)
    w = layers.batch_norm(y, is_training=True, updates_collections=None, fused=True,
                          data_format="NHWC")
    v = layers.layer_norm(layers.instance_norm(y))
    loss = slim.losses.log_loss(tf.sigmoid(z), tf.ones_like(z)) + tf.reduce_sum(w * y * v)
    step = slim.learning.create_train_op(loss, tf.train.MomentumOptimizer(.01, .9))
    return [[y, z, w, v], [step], [y, z, w, v]]


def normalization_in_training():
    x = images()
    y = [tf.nn.fused_batch_norm(x, [1., 2.], [0., 1.], is_training=True)[0],
         tf.nn.fused_batch_norm(x, [1., 2.], [0., 1.], [0., 1.], [1., 1.], is_training=False)[0],
         tf.layers.batch_normalization(x, training=True, fused=False, renorm=True),
         tf.keras.layers.BatchNormalization()(x, training=True)]
    return [y, tf.gradients(y, x), tf.gradients(tf.gradients(y[0], x)[0] * x, x)]


def a_condition():
    x, flag = rows(), tf.placeholder(tf.bool, name="phase")
    w = tf.get_variable("w", [3, 3])
    y = tf.cond(flag, lambda: tf.matmul(x, w), lambda: tf.cond(
        tf.reduce_sum(x) > 0, lambda: x * 2., lambda: tf.matmul(x, w) * x))
    z = tf.case([(tf.reduce_sum(x) > 100., lambda: x), (flag, lambda: x * x)], lambda: -x)
    step = tf.train.AdamOptimizer(.1).minimize(tf.reduce_sum(y * z))
    return [[y, z], [step], [y, w], tf.gradients(y * z, [x, w])]


def a_loop():
    x, w = rows(), tf.get_variable("w", [3, 3])
    _, y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(tf.matmul(y, w))),
                         [0, x], shape_invariants=[tf.TensorShape([]),
                                                   tf.TensorShape([None, 3])])
    _, z = tf.while_loop(
        lambda i, z: tf.reduce_sum(z) < 50, lambda i, z: (i + 1, tf.cond(
            i > 1, lambda: z * z, lambda: tf.while_loop(lambda a: tf.reduce_sum(a) < 20,
                                                        lambda a: a * 1.5, [z]))),
        [0, tf.exp(x)], parallel_iterations=1)
    step = tf.train.GradientDescentOptimizer(.1).minimize(tf.reduce_sum(y))
    return [[y, z], tf.gradients([y, z], [x]), [step], [w]]


def arrays():
    x = rows()
    y = tf.map_fn(lambda row: tf.reduce_sum(row) * row, x)
    z = tf.scan(lambda a, row: a * .5 + row, x, initializer=tf.zeros([3]))
    w = tf.foldl(lambda a, row: a + row * row, x)
    array = tf.TensorArray(tf.float32, 3, clear_after_read=False).unstack(tf.transpose(x))
    v = array.write(0, x[:, 0]) if False else array.gather([2, 0])
    parts = tf.TensorArray(tf.float32, 2, infer_shape=False).write(0, x).write(1, x[:1]).concat()
    return [[y, z, w, v, parts], tf.gradients([y, z, w], x), tf.gradients(v, x),
            [tf.dynamic_stitch([[0, 2], [1]], [x[:2], x[:1]])] + tf.dynamic_partition(
                x, [0, 1, 1, 0], 2)]


def recurrent(cell, name, **options):
    def build():
        x = tf.placeholder(tf.float32, [None, 5, 3], name="sequences")
        made = cell()
        y, state = tf.nn.dynamic_rnn(made, x, sequence_length=[5, 2, 3, 4], dtype=tf.float32)
        with tf.variable_scope("static"):
            z, _ = tf.nn.static_rnn(cell(), tf.unstack(x, 5, 1), dtype=tf.float32)
        with tf.variable_scope("both"):
            both, _ = tf.nn.bidirectional_dynamic_rnn(cell(), cell(), x, dtype=tf.float32)
        loss = tf.reduce_sum(y) + tf.reduce_sum(z[-1]) + tf.reduce_sum(both[0] * both[1])
        optimizer = tf.train.AdamOptimizer(.01)
        pairs = optimizer.compute_gradients(loss)
        clipped, _ = tf.clip_by_global_norm([gradient for gradient, _ in pairs], 1.)
        step = optimizer.apply_gradients(zip(clipped, [v for _, v in pairs]))
        return [[y, state, z[-1], both], [step], [y, loss]]
    build.__name__ = "recurrent_" + name
    return build


def lstm():
    return tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.DropoutWrapper(
        tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True), .5, seed=3),
        tf.nn.rnn_cell.BasicLSTMCell(4)])


def block():
    from tensorflow.contrib import rnn
    return rnn.LSTMBlockCell(4)


def fused_block():
    from tensorflow.contrib import rnn
    x = tf.placeholder(tf.float32, [None, 5, 3], name="sequences")
    y, state = rnn.LSTMBlockFusedCell(4)(tf.transpose(x, [1, 0, 2]), dtype=tf.float32)
    return [[y, state], tf.gradients(y, x)]


def optimizers(resource):
    def build():
        x = rows()
        steps, losses = [], []
        for number, make in enumerate((
                lambda: tf.train.GradientDescentOptimizer(.1),
                lambda: tf.train.AdamOptimizer(.1, beta1=.5),
                lambda: tf.train.MomentumOptimizer(.1, .9, use_nesterov=True),
                lambda: tf.train.RMSPropOptimizer(.1, momentum=.5, centered=True),
                lambda: tf.train.RMSPropOptimizer(.1),
                lambda: tf.train.AdagradOptimizer(.1),
                lambda: tf.train.AdadeltaOptimizer(.1),
                lambda: tf.train.FtrlOptimizer(.1, l1_regularization_strength=.01),
                lambda: tf.train.ProximalGradientDescentOptimizer(.1, l2_regularization_strength=.1),
                lambda: tf.train.ProximalAdagradOptimizer(.1),
                lambda: tf.train.AdagradDAOptimizer(.1, tf.train.get_or_create_global_step()))):
            with tf.variable_scope(f"by{number}", use_resource=resource):
                w = tf.get_variable("w", [3, 2])
                e = tf.get_variable("e", [5, 3])
                loss = tf.reduce_sum(tf.matmul(x, w)[:, :1] * tf.nn.embedding_lookup(e, [0, 3, 3, 1]))
                losses.append(loss)
                optimizer = make()
                steps.append(optimizer.minimize(loss))
        return [losses, steps, steps, losses, tf.trainable_variables()]
    build.__name__ = f"optimizers_of_{'resources' if resource else 'references'}"
    return build


def updates():
    step = tf.train.get_or_create_global_step()
    x = rows()
    with tf.variable_scope("parts", partitioner=tf.fixed_size_partitioner(2)):
        w = tf.get_variable("w", [4, 3], regularizer=lambda w: .1 * tf.nn.l2_loss(w))
    rate = tf.train.exponential_decay(.1, step, 2, .5, staircase=True)
    others = [tf.train.polynomial_decay(.1, step, 10), tf.train.cosine_decay(.1, step, 10),
              tf.train.piecewise_constant(step, [1, 2], [.1, .2, .3]),
              tf.train.inverse_time_decay(.1, step, 1, .5)]
    y = tf.matmul(x, tf.transpose(w))
    loss = tf.losses.mean_squared_error(tf.ones_like(y), y) + tf.losses.get_total_loss()
    averages = tf.train.ExponentialMovingAverage(.9, step)
    train = tf.train.GradientDescentOptimizer(rate).minimize(loss, step)
    with tf.control_dependencies([train]):
        both = averages.apply(tf.trainable_variables())
    counted = tf.Variable(0, trainable=False, name="counted", collections=["local_variables"])
    mean, update = tf.metrics.mean(y)
    add = [tf.assign_add(counted, 2), tf.count_up_to(tf.Variable(0, name="up"), 5)]
    clip = tf.Variable([3., -3.], name="clip")
    scatter = tf.scatter_update(tf.Variable(tf.zeros([4, 2]), name="s"), [1], [[2., 3.]])
    return [[loss, rate, others], [both], [both, update], [loss, mean, rate, others],
            [averages.average(v) for v in tf.trainable_variables()[:1]], add,
            [clip.assign(tf.clip_by_value(clip, -1., 1.)), scatter]]


def summaries():
    x = rows()
    tf.summary.scalar("mean", tf.reduce_mean(x))
    tf.summary.histogram("rows", x)
    tf.summary.image("picture", tf.reshape(x, [1, 4, 3, 1]))
    tf.summary.text("words", tf.constant("a text"))
    tf.summary.tensor_summary("t", x)
    return [[tf.summary.merge_all()]]


def gan():
    z, x = rows(), rows(4)

    def network(x, sizes, name, reuse=False):
        with tf.variable_scope(name, reuse=reuse, initializer=tf.glorot_uniform_initializer(1)):
            for number, size in enumerate(sizes):
                x = tf.layers.dense(x, size, name=str(number))
                x = tf.nn.dropout(tf.nn.leaky_relu(x), .8, seed=number) if number == 0 else x
            return x
    fake = network(z, [5, 4], "g")
    logits = network(x, [6, 1], "d"), network(fake, [6, 1], "d", True)
    d_loss = sum(tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
        labels=tf.fill(tf.shape(given), label), logits=given)) for given, label in zip(logits, (1., 0.)))
    g_loss = -tf.reduce_mean(logits[1])
    between = x * .3 + fake * .7
    slopes = tf.gradients(network(between, [6, 1], "d", True), between)[0]
    penalty = tf.reduce_mean((tf.sqrt(tf.reduce_sum(slopes ** 2, 1)) - 1) ** 2)
    d_step = tf.train.AdamOptimizer(.01, .5).minimize(
        d_loss + 10 * penalty, var_list=tf.trainable_variables("d"))
    g_step = tf.train.AdamOptimizer(.01, .5).minimize(g_loss, var_list=tf.trainable_variables("g"))
    tf.add_to_collection("train_ops", d_step)
    tf.add_to_collection("samples", fake)
    return [[fake, penalty, d_loss], [d_step], [g_step], [fake, penalty, d_loss, g_loss]]


def of_keras():
    x = images()
    layers = tf.keras.layers
    model = tf.keras.Sequential([
        layers.Conv2D(3, 3, padding="same", input_shape=(4, 4, 2)), layers.BatchNormalization(),
        layers.LeakyReLU(.2), layers.UpSampling2D(), layers.Conv2DTranspose(2, 3, strides=2),
        layers.SeparableConv2D(2, 2), layers.GlobalAveragePooling2D(), layers.Dense(2, "softmax")])
    y = model(x)
    s = tf.placeholder(tf.float32, [None, 5, 3], name="sequences")
    z = [layers.LSTM(3)(s), layers.GRU(2, return_sequences=True)(s), layers.SimpleRNN(2)(s),
         layers.Bidirectional(layers.LSTM(2))(s), layers.TimeDistributed(layers.Dense(2))(s)]
    step = tf.train.AdamOptimizer().minimize(tf.reduce_sum(y * y) + sum(map(tf.reduce_sum, z)))
    return [[y] + z, [step], [y] + z]


GRAPHS = [
    normalization_with_a_phase, normalization_of_slim, normalization_in_training, a_condition,
    a_loop, arrays, recurrent(lstm, "lstm"), recurrent(lambda: tf.nn.rnn_cell.GRUCell(4), "gru"),
    recurrent(block, "block"), fused_block, optimizers(False), optimizers(True), updates,
    summaries, gan, of_keras]
