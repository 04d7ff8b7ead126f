"""tf.contrib.legacy_seq2seq: its models, fed their outputs or not, buckets, losses."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import legacy_seq2seq as seq2seq
from tensorflow.contrib.legacy_seq2seq.python.ops.seq2seq import rnn_decoder

tf.set_random_seed(8)
B, H, V, W = 3, 4, 6, 5
source = [tf.placeholder(tf.int32, [B], "source%d" % step) for step in range(3)]
target = [tf.placeholder(tf.int32, [B], "target%d" % step) for step in range(3)]
rows = [tf.one_hot(part, H) for part in source]
fed = tf.placeholder(tf.bool, [])
ones = [tf.ones([B])] * 3


def cell():
    return tf.nn.rnn_cell.BasicLSTMCell(H)


projection = tf.get_variable("w", [H, V]), tf.get_variable("b", [V])
MODELS = [
    lambda: seq2seq.basic_rnn_seq2seq(rows, rows[:2], cell()),
    lambda: seq2seq.tied_rnn_seq2seq(rows, rows[:2], cell()),
    lambda: seq2seq.embedding_rnn_seq2seq(source, target, cell(), V, V, W, feed_previous=True),
    lambda: seq2seq.embedding_rnn_seq2seq(source, target, cell(), V, V, W, projection, fed),
    lambda: seq2seq.embedding_tied_rnn_seq2seq(source, target, cell(), V, W, feed_previous=fed),
    lambda: seq2seq.embedding_attention_seq2seq(source, target, cell(), V, V, W, 2),
    lambda: seq2seq.embedding_attention_seq2seq(
        source, target, tf.nn.rnn_cell.GRUCell(H), V, V, W, output_projection=projection,
        feed_previous=fed, initial_state_attention=True),
    lambda: rnn_decoder(rows, cell().zero_state(B, tf.float32), cell(), lambda prev, _: prev),
]
results, losses = [], []
for place, model in enumerate(MODELS):
    with tf.variable_scope("model%d" % place):
        outputs, state = model()
    results += [outputs, tf.nn.rnn_cell.LSTMStateTuple(*state) if isinstance(state, tuple) else state]
    if outputs[0].shape[-1].value == V:
        losses.append(seq2seq.sequence_loss(outputs, target, ones))
many, _ = seq2seq.one2many_rnn_seq2seq(
    source, {"one": target, "two": target[:2]}, cell(), {"one": cell(), "two": cell()}, V,
    {"one": V, "two": V}, W, feed_previous=fed)
results += [many["one"], many["two"]]
with tf.variable_scope("buckets"):
    outputs, of_buckets = seq2seq.model_with_buckets(
        source, target, target, ones, [(2, 2), (3, 3)],
        lambda x, y: seq2seq.embedding_attention_seq2seq(x, y, tf.nn.rnn_cell.GRUCell(H), V, V, W),
        softmax_loss_function=lambda labels, logits: tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits))
results += [outputs[1], seq2seq.sequence_loss_by_example(outputs[1], target, ones, False)]
results += losses + of_buckets
loss = losses[1] + losses[2]           # with a condition, and with attention
drawn = tf.random_uniform([3])
step = tf.train.GradientDescentOptimizer(0.2).minimize(loss)
rs = np.random.RandomState(4)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for turn in range(2):
        feed = {part: rs.randint(0, V, B) for part in source + target}
        feed[fed] = turn == 1
        session.run([loss, drawn] + results, feed)
        session.run(step, feed)
    session.run(tf.trainable_variables())
