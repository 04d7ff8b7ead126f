"""Parts of tf.contrib with unknown sizes, gradients of few rows, or classes of a script's own."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import opt, seq2seq
from tensorflow.contrib.seq2seq.python.ops import attention_wrapper

tf.set_random_seed(3)
rs = np.random.RandomState(0)
rows = tf.placeholder(tf.float32, [None, 3], name="rows")
encoded = tf.placeholder(tf.float32, [None, 4, 3], name="encoded")


class Own(attention_wrapper.BahdanauAttention):
    """Attention whose score is read by the script."""

    def __call__(self, query, state):
        with tf.variable_scope(None, "own", [query]):
            v = tf.get_variable("v", [self._num_units])
            score = attention_wrapper._bahdanau_score(self.query_layer(query), self._keys, v)
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class Base(attention_wrapper._BaseAttentionMechanism):
    """Attention of the memory's first number."""

    def __call__(self, query, state):
        score = attention_wrapper._maybe_mask_score(
            self.keys[:, :, 0], tf.fill([tf.shape(query)[0]], 3), None, -1e9)
        return self._probability_fn(score, state), state


lengths = tf.fill([tf.shape(encoded)[0]], 2)
results = []
for place, mechanism in enumerate((
        Own(5, encoded, lengths, name="mine"),
        Base(None, encoded, lambda score, _: tf.nn.softmax(score),
             memory_layer=tf.layers.Dense(2, name="memory_layer", use_bias=False,
                                          dtype=tf.float32)))):
    with tf.variable_scope("wrapped%d" % place):
        cell = seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(3), mechanism)
        state = cell.zero_state(tf.shape(rows)[0], tf.float32).clone(cell_state=rows)
        output, after = cell(rows, state)
        results += [output, after.alignments, state.cell_state, tf.random_normal([2])]
        print(state.cell_state.name, state.attention.name, output.shape)
solution = tf.contrib.integrate.odeint(lambda y, t: -y, rows, [0., 1.])
warped = tf.contrib.image.dense_image_warp(
    tf.cast(encoded[..., None], tf.float64), tf.stack([rows[:, :1, None] * encoded] * 2, -1))
print(solution.name, warped.name, seq2seq.gather_tree([[[1]]], [[[0]]], [1], 2).name,
      tf.contrib.integrate.odeint_fixed(lambda y, t: -y, rows, [0., 1.], method="midpoint").name)
scores, changes = rs.rand(2, 4, 3).astype(np.float32), rs.rand(3, 3).astype(np.float32)
sizes = np.array([4, 2], np.int32)
with tf.Session() as session:
    session.run(tf.contrib.crf.crf_decode(scores, changes, sizes))
    session.run(tf.contrib.crf.crf_log_norm(scores, sizes, changes))
results += [solution, warped]
results += [tf.contrib.nn.deprecated_flipped_sigmoid_cross_entropy_with_logits(
    rows, targets=tf.sigmoid(rows))]


class Plain(tf.train.GradientDescentOptimizer):
    def __init__(self, learning_rate, **named):
        super(Plain, self).__init__(learning_rate, **named)


def few_rows(optimizer, use_resource, around=None):
    with tf.variable_scope(optimizer.get_name() + str(use_resource), use_resource=use_resource):
        table = tf.get_variable("table", [6, 3], initializer=tf.constant_initializer(.5))
        loss = tf.reduce_sum((tf.nn.embedding_lookup(table, [1, 3, 3]) - 1.) ** 2)
        if around is None:
            return optimizer.minimize(loss), table, optimizer
        with around():
            return optimizer.minimize(loss), table, optimizer


trained = []
for resource in (False, True):
    adagrad = opt.RegAdagradOptimizer(.1)
    trained += [few_rows(adagrad, resource, adagrad.avoid_updating_slots),
                few_rows(opt.RegAdagradOptimizer(.1, name="Reg"), resource),
                few_rows(opt.LARSOptimizer(.1), resource),
                few_rows(opt.extend_with_decoupled_weight_decay(Plain)(
                    .02, learning_rate=.1, name="Mine"), resource)]
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    feed = {rows: rs.rand(2, 3), encoded: rs.rand(2, 4, 3)}
    for _ in range(2):
        session.run([step for step, _, _ in trained], feed)
        session.run([table for _, table, _ in trained])
        session.run([optimizer.get_slot(table, name) for _, table, optimizer in trained
                     for name in optimizer.get_slot_names()])
    session.run(results[:-3] + [results[-1]], feed)
    session.run(results[-3:-1], feed)
