"""tf.contrib.opt, crf, cudnn_rnn's cells, layers.embed_sequence and summaries of the graph."""
import os

import numpy as np
import tensorflow as tf
from tensorflow.contrib import crf, opt
from tensorflow.contrib.cudnn_rnn.python.ops import cudnn_rnn_ops
from tensorflow.contrib.opt.python.training import sign_decay

rs = np.random.RandomState(7)
x = tf.placeholder(tf.float32, [4, 5])
words = tf.constant([1, 3, 3])
counter = tf.train.get_or_create_global_step()
tf.get_variable_scope().set_initializer(tf.random_uniform_initializer(-1, 1, seed=3))
Momentum = opt.extend_with_decoupled_weight_decay(tf.train.GradientDescentOptimizer)


MAKERS = [
    lambda w, t: opt.AdaMaxOptimizer(0.1), lambda w, t: opt.NadamOptimizer(0.1),
    lambda w, t: opt.LazyAdamOptimizer(0.1), lambda w, t: opt.AddSignOptimizer(0.05),
    lambda w, t: opt.PowerSignOptimizer(0.05, sign_decay_fn=sign_decay.get_linear_decay_fn(9)),
    lambda w, t: opt.AddSignOptimizer(0.05, sign_decay_fn=sign_decay.get_cosine_decay_fn(9)),
    lambda w, t: opt.AdamWOptimizer(0.01, 0.1), lambda w, t: opt.MomentumWOptimizer(0.01, 0.1, 0.9),
    lambda w, t: Momentum(0.02, learning_rate=0.1), lambda w, t: opt.LARSOptimizer(0.1),
    lambda w, t: opt.RegAdagradOptimizer(0.1),
    lambda w, t: opt.MovingAverageOptimizer(tf.train.MomentumOptimizer(0.1, 0.9), 0.9),
    lambda w, t: opt.MultitaskOptimizerWrapper(tf.train.AdamOptimizer(0.1)),
    lambda w, t: opt.VariableClippingOptimizer(
        tf.train.GradientDescentOptimizer(0.5), {w: [0], t: [1]}, 0.3),
]
SPARSE = {0, 1, 2, 3, 4, 13}
steps, losses, saver = [], [], None
for place, make in enumerate(MAKERS):
    with tf.variable_scope("model%d" % place):
        w, t = tf.get_variable("w", [5, 3]), tf.get_variable("t", [6, 3])
        # A weight may decay before or after it is read for a gradient that depends on it.
        loss = tf.reduce_sum(tf.matmul(x, w) ** (1 if place in (6, 7, 8) else 2))
        if place in SPARSE:
            loss += tf.reduce_sum((tf.nn.embedding_lookup(t, words) - 1.) ** 2)
        optimizer = make(w, t)
        pairs = [pair for pair in optimizer.compute_gradients(loss, [w, t]) if pair[0] is not None]
        if place == 12:
            pairs, norm = opt.clip_gradients_by_global_norm(pairs, 2.)
            losses.append(norm)
        steps.append(optimizer.apply_gradients(pairs, counter if place in (4, 5) else None))
        if place == 11:
            saver = optimizer.swapping_saver([
                v for v in tf.global_variables() if v.name.startswith("model11")])
        losses.append(loss)
lengths = tf.constant([3, 5, 1, 0])
scores, tags = tf.get_variable("scores", [4, 5, 3]), tf.constant(rs.randint(0, 3, [4, 5]), tf.int32)
likelihood, transitions = crf.crf_log_likelihood(scores, tags, lengths)
chain = [likelihood, crf.crf_decode(scores, transitions, lengths),
         crf.crf_log_likelihood(scores[:, :1], tags[:, :1], lengths, transitions)[0],
         crf.crf_decode(scores[:, :1], transitions, lengths),
         crf.crf_multitag_sequence_score(scores, scores > -0.5, lengths, transitions)]
cells = [cudnn_rnn_ops.CudnnCompatibleLSTMCell(3), tf.contrib.cudnn_rnn.CudnnCompatibleGRUCell(3)]
chain += [cell(x, cell.zero_state(4, tf.float32))[0] for cell in cells]
chain += [tf.contrib.layers.embed_sequence(words[None], 6, 2),
          tf.contrib.layers.bow_encoder(words[None], 6, 2, sparse_lookup=False)]
steps.append(tf.train.GradientDescentOptimizer(0.1).minimize(-tf.reduce_sum(likelihood)))
v = tf.get_variable("v", [3], initializer=tf.ones_initializer)


class Outside(opt.ExternalOptimizerInterface):
    def _minimize(self, initial_val, loss_grad_func, packed_bounds, step_callback, **_):
        for _ in range(8):
            loss, slope = loss_grad_func(initial_val)
            low, high = np.transpose(packed_bounds)
            initial_val = np.clip(initial_val - 0.3 * slope, low, high)
            step_callback(initial_val)
        return initial_val


outside = Outside(tf.reduce_sum((v - [1., 2., 3.]) ** 2), [v, w], var_to_bounds={v: (0., 2.5)})
writer = tf.contrib.summary.create_file_writer("logs-of-graph")
with writer.as_default(), tf.contrib.summary.always_record_summaries():
    tf.contrib.summary.scalar("loss", losses[0], step=counter)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(tf.contrib.summary.summary_writer_initializer_op())
    for _ in range(5):
        feed = {x: rs.randn(4, 5)}
        session.run(losses + chain, feed)
        for step in steps:
            session.run(step, feed)
        session.run(tf.contrib.summary.all_summary_ops(), feed)
    session.run(tf.trainable_variables())
    outside.minimize(session)
    session.run(v)
    saver.save(session, "swapped")
    print(sorted(np.round(np.abs(tf.train.load_variable("swapped", name)).sum(), 3)
                 for name, _ in tf.train.list_variables("swapped")))
print(crf.viterbi_decode(rs.randn(4, 3), rs.randn(3, 3)), os.path.exists("logs-of-graph"))
