"""Every cell of tf.contrib.rnn, and its networks, trained: weights, losses, and draws after them."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import rnn
from tensorflow.contrib.rnn.python.ops.core_rnn_cell import _linear

tf.set_random_seed(7)
N, T, D, H = 3, 4, 4, 4
x = tf.placeholder(tf.float32, [N, T, D])
words = tf.placeholder(tf.int32, [N, T])
times = tf.placeholder(tf.float32, [N, T, 1])
images = tf.placeholder(tf.float32, [N, T, 4, 4, 2])
lengths = tf.constant([2, 4, 3])

CELLS = [
    rnn.LayerNormBasicLSTMCell(H, dropout_keep_prob=0.7),
    rnn.LayerNormBasicLSTMCell(H, layer_norm=False, forget_bias=0.5),
    rnn.CoupledInputForgetGateLSTMCell(H, use_peepholes=True, num_proj=3, proj_clip=0.1),
    rnn.CoupledInputForgetGateLSTMCell(H, layer_norm=True, state_is_tuple=False),
    rnn.UGRNNCell(H, initializer=tf.random_normal_initializer(stddev=0.3)),
    rnn.IntersectionRNNCell(3, num_in_proj=3),
    rnn.GLSTMCell(H, number_of_groups=2, num_proj=2),
    rnn.NASCell(H, num_proj=3, use_bias=True),
    rnn.SRUCell(H), rnn.IndRNNCell(H), rnn.IndyGRUCell(H), rnn.IndyLSTMCell(H),
    rnn.LSTMBlockCell(H, use_peephole=True, cell_clip=0.2), rnn.GRUBlockCell(H),
    rnn.GRUBlockCellV2(H), rnn.CompiledWrapper(rnn.BasicRNNCell(H)),
    rnn.InputProjectionWrapper(rnn.GRUCell(H), 3, tf.nn.relu),
    rnn.OutputProjectionWrapper(rnn.LSTMCell(H), 3),
    rnn.AttentionCellWrapper(rnn.LSTMCell(H), 3),
    rnn.AttentionCellWrapper(rnn.GRUCell(H), 3, attn_size=2, attn_vec_size=5, state_is_tuple=False),
    rnn.HighwayWrapper(rnn.GRUCell(H)), rnn.HighwayWrapper(rnn.ResidualWrapper(rnn.GRUCell(H)), False),
    rnn.DropoutWrapper(rnn.LSTMCell(H), 0.7, 0.7, 0.7, variational_recurrent=True, input_size=D,
                       dtype=tf.float32),
]
TRAINED = 0, 12, 13, 18
ends = []
for place, cell in enumerate(CELLS):
    with tf.variable_scope("cell%d" % place):
        state = cell.zero_state(N, tf.float32)
        out, state = cell(x[:, 0], state)
        ends.append(tf.reduce_mean(out))
after = tf.random_normal([3])

with tf.variable_scope("others"):
    out, _ = tf.nn.dynamic_rnn(rnn.PhasedLSTMCell(H), (times, x), dtype=tf.float32)
    ends.append(tf.reduce_mean(out))
    cell = rnn.ConvLSTMCell(2, [4, 4, 2], 3, [3, 3])
    out, _ = cell(images[:, 0], cell.zero_state(N, tf.float32))
    ends.append(tf.reduce_mean(out))
    cell = rnn.EmbeddingWrapper(rnn.BasicLSTMCell(H), 9, 5)
    out, _ = rnn.static_rnn(cell, tf.unstack(words, axis=1), dtype=tf.float32)
    ends.append(tf.reduce_mean(_linear([out[-1], x[:, 0]], 2, True)))
    steps = rnn.transpose_batch_time(x)
    out, end = rnn.LSTMBlockFusedCell(H, use_peephole=True)(steps, dtype=tf.float32,
                                                            sequence_length=lengths)
    ends += [tf.reduce_mean(out), tf.reduce_mean(end.c)]
    back = rnn.TimeReversedFusedRNN(rnn.FusedRNNCellAdaptor(rnn.GRUCell(H), use_dynamic_rnn=True))
    ends.append(tf.reduce_mean(back(steps, dtype=tf.float32, sequence_length=lengths)[0]))
    two = [[rnn.GRUCell(H)] for _ in range(4)]
    out, fw, _ = rnn.stack_bidirectional_dynamic_rnn(two[0], two[1], x, dtype=tf.float32,
                                                     sequence_length=lengths)
    ends += [tf.reduce_mean(out), tf.reduce_mean(fw[0])]
    with tf.variable_scope("static"):
        out, _, bw = rnn.stack_bidirectional_rnn(two[2], two[3], tf.unstack(x, axis=1),
                                                 dtype=tf.float32)
    ends += [tf.reduce_mean(out[0]), tf.reduce_mean(bw[0])]
drawn = tf.random_uniform([3])
loss = tf.reduce_sum(tf.stack([ends[place] for place in TRAINED] + ends[len(CELLS):][:6]) ** 2)
step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
rs = np.random.RandomState(1)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(2):
        feed = {x: rs.randn(N, T, D), words: rs.randint(0, 9, [N, T]), images: rs.rand(N, T, 4, 4, 2),
                times: np.cumsum(rs.rand(N, T, 1), 1)}
        sess.run(ends + [after, drawn], feed)
        sess.run(step, feed)
    sess.run(tf.trainable_variables())
