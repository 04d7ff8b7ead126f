"""tf.contrib.seq2seq: decoders with each helper, attention, beam search, the loss of sequences."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import seq2seq
from tensorflow.python.layers.core import Dense

tf.set_random_seed(3)
B, T, E, H, V, END = 3, 5, 4, 4, 7, 1
tokens, lengths = tf.placeholder(tf.int32, [B, T]), tf.placeholder(tf.int32, [B])
encoded = tf.placeholder(tf.float32, [B, 6, H])
embedding = tf.get_variable("embedding", [V, E])
inputs = tf.nn.embedding_lookup(embedding, tokens)
memory_lengths = tf.constant([4, 6, 5])
start = tf.fill([B], 2)
results, parts = [], []


def decode(name, helper, cell=None, state=None, layer=None, **named):
    with tf.variable_scope(name):
        cell = cell or tf.nn.rnn_cell.GRUCell(H)
        state = cell.zero_state(B, tf.float32) if state is None else state
        decoder = seq2seq.BasicDecoder(cell, helper, state, layer or Dense(V, use_bias=False))
        outputs, state, ends = seq2seq.dynamic_decode(decoder, maximum_iterations=6, **named)
    results.extend([outputs.rnn_output, outputs.sample_id, ends])
    return outputs, state


training, _ = decode("training", seq2seq.TrainingHelper(inputs, lengths), impute_finished=True)
mask = tf.sequence_mask(lengths, T, dtype=tf.float32)
longest = tf.reduce_max(lengths)
logits = training.rnn_output
targets, weights = tokens[:, :longest], mask[:, :longest]
loss = seq2seq.sequence_loss(logits, targets, weights)
for flags in ((False, True, False, False), (True, False, False, False), (False, False, True, True),
              (False, False, False, True), (False, False, False, False)):
    results.append(seq2seq.sequence_loss(logits, targets, weights, *flags))
decode("greedy", seq2seq.GreedyEmbeddingHelper(embedding, start, END))
decode("sampled", seq2seq.SampleEmbeddingHelper(embedding, start, END, 0.8, seed=4))
decode("scheduled", seq2seq.ScheduledEmbeddingTrainingHelper(
    inputs, lengths, embedding, 0.5, seed=4, scheduling_seed=5))
decode("outputs", seq2seq.ScheduledOutputTrainingHelper(inputs, lengths, 0.5, seed=6),
       layer=Dense(E))
decode("custom", seq2seq.CustomHelper(
    lambda: (tf.tile([False], [B]), tf.zeros([B, E])),
    lambda time, outputs, state: tf.argmax(outputs, -1, output_type=tf.int32),
    lambda time, outputs, state, sample_ids: (tf.fill([B], time > 2), tf.gather(
        embedding, sample_ids), state)))
decode("inferred", seq2seq.InferenceHelper(
    lambda outputs: outputs, [E], tf.float32, tf.zeros([B, E]),
    lambda sample: tf.reduce_sum(sample, -1) > 9.), layer=Dense(E), output_time_major=True)

MECHANISMS = [
    lambda memory, n: seq2seq.BahdanauAttention(H, memory, n, normalize=True),
    lambda memory, n: seq2seq.LuongAttention(H, memory, n, scale=True),
    lambda memory, n: seq2seq.BahdanauMonotonicAttention(H, memory, n, sigmoid_noise=0.),
    lambda memory, n: seq2seq.LuongMonotonicAttention(H, memory, n, mode="hard"),
]
for place, mechanism in enumerate(MECHANISMS):
    with tf.variable_scope("attending%d" % place):
        cell = seq2seq.AttentionWrapper(
            tf.nn.rnn_cell.LSTMCell(H), mechanism(encoded, memory_lengths),
            attention_layer_size=3 if place % 2 else None, alignment_history=place == 0,
            output_attention=place != 1)
        outputs, state = decode("decoder", seq2seq.TrainingHelper(inputs, lengths), cell)
        results += [state.alignments] + ([] if place else [state.alignment_history.stack()])
        loss += tf.reduce_sum(outputs.rnn_output ** 2) if place == 2 else 0.

for place, weight in enumerate((0., 0.7)):
    with tf.variable_scope("beams%d" % place):
        tiled, n = seq2seq.tile_batch((encoded, memory_lengths), 3)
        two = [seq2seq.LuongAttention(H, tiled, n), seq2seq.BahdanauAttention(3, tiled, n)]
        cell = seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(H), two, [3, 2],
                                        alignment_history=place == 1)
        state = cell.zero_state(3 * B, tf.float32).clone(cell_state=tiled[:, 0])
        decoder = seq2seq.BeamSearchDecoder(
            cell, embedding, start, END, state, 3, Dense(V, name="out"), weight, weight / 2)
        outputs, state, ends = seq2seq.dynamic_decode(decoder, maximum_iterations=6)
        results += [outputs.predicted_ids, outputs.beam_search_decoder_output.scores, ends]
        results += [state.cell_state.alignment_history[0].stack()] if place else []
results += [seq2seq.hardmax(encoded), seq2seq.safe_cumprod(tf.nn.sigmoid(encoded), axis=1),
            seq2seq.monotonic_attention(tf.nn.sigmoid(encoded[:, 0]), mask[:, :H], "recursive"),
            seq2seq.gather_tree([[[1, 2]], [[3, 4]], [[5, END]]], [[[0, 0]], [[0, 0]], [[1, 0]]],
                                [3], END), tf.random_normal([3])]
step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
rs = np.random.RandomState(2)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for _ in range(2):
        feed = {tokens: rs.randint(0, V, [B, T]), lengths: [3, 5, 2], encoded: rs.randn(B, 6, H)}
        session.run([loss] + results, feed)
        session.run(step, feed)
    session.run(tf.trainable_variables())
