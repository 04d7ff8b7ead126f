"""Small parts of tf.contrib: images, HParams, vocabularies, losses, tables, signals, draws."""
import os

import numpy as np
import tensorflow as tf
from tensorflow.contrib import learn
from tensorflow.contrib.image.python.ops.image_ops import rotate
from tensorflow.contrib.tensorboard.plugins import projector
from tensorflow.contrib.training.python.training.hparam import HParams

tf.set_random_seed(6)
rs = np.random.RandomState(5)
contrib = tf.contrib
pixels = tf.placeholder(tf.float32, [2, 9, 8, 3])
weights = tf.get_variable("w", [2, 9, 8, 3])
flows = tf.constant(rs.randn(2, 9, 8, 2).astype(np.float32))
moves = contrib.image.translations_to_projective_transforms([[1.0, 2.0], [-3.0, 0.5]])
turns = contrib.image.angles_to_projective_transforms([0.3, 2.0], 9.0, 8.0)
turned = rotate(weights * pixels, [0.5, -0.2], "BILINEAR")
images = [
    turned, rotate(pixels[0], 1.2), rotate(tf.cast(pixels[0, :, :, 0] * 255, tf.uint8), 0.7),
    contrib.image.translate(pixels, [2.0, -1.5]), contrib.image.translate(pixels, [[1, 2], [3., 1]]),
    contrib.image.transform(pixels, contrib.image.compose_transforms(moves, turns), "BILINEAR"),
    contrib.image.transform(pixels, [1., 0.1, 0., 0., 1.2, 1., 0.01, 0.], output_shape=[4, 5])]
labels = tf.constant([0, 1, 0, 1])
rows = tf.nn.l2_normalize(tf.constant(rs.randn(4, 5).astype(np.float32)), 1)
metric = contrib.losses.metric_learning
losses = [
    metric.triplet_semihard_loss(labels, rows), metric.npairs_loss(labels, rows, rows * 2),
    metric.contrastive_loss(labels, rows, rows[::-1]), metric.lifted_struct_loss(labels, rows),
    contrib.losses.softmax_cross_entropy(rows, tf.one_hot(labels, 5)),
    contrib.losses.mean_squared_error(rows, rows * 2), contrib.losses.get_total_loss()]
accuracy, update = contrib.metrics.streaming_accuracy(labels, tf.constant([0, 1, 1, 1]))
words = contrib.lookup.index_table_from_tensor(tf.constant(["a", "b", "c"]), num_oov_buckets=2)
table = contrib.lookup.HashTable(contrib.lookup.KeyValueTensorInitializer(
    ["x", "y"], tf.constant([3., 4.])), -1.)
numbers = [
    words.lookup(tf.constant(["c", "z", "a"])), table.lookup(tf.constant(["y", "q"])),
    contrib.lookup.index_to_string_table_from_tensor(tf.constant(["a", "b"])).lookup(
        tf.constant([1, 5], tf.int64)),
    contrib.signal.hann_window(8),
    contrib.stateless.stateless_random_normal([3], [1, 2]),
    contrib.stateless.stateless_random_uniform([3], [1, 2]),
    contrib.nn.alpha_dropout(rows, 0.7, seed=3),
    contrib.nn.deprecated_flipped_softmax_cross_entropy_with_logits(rows, tf.one_hot(labels, 5)),
    contrib.distributions.Normal(1., 2.).log_prob(rows),
    contrib.distributions.kl_divergence(contrib.distributions.Bernoulli(probs=.2),
                                        contrib.distributions.Bernoulli(probs=.6)),
    contrib.distributions.Uniform(2., 3.).sample(4, seed=2), tf.random_normal([3])]
# What follows draws nothing by the graph's seed.
images += [contrib.image.dense_image_warp(pixels, flows), contrib.nn.scaled_softplus(rows, 0.5, 0.9),
           tf.abs(contrib.signal.stft(weights[0, :, :, 0], 4, 2))]
step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(turned ** 2))
with tf.Session() as session:
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer(),
                 tf.tables_initializer()])
    feed = {pixels: rs.rand(2, 9, 8, 3)}
    session.run([images, losses, numbers, update], feed)
    session.run([step, accuracy], feed)
    session.run(weights)

hparams = HParams(rate=0.1, sizes=[3, 4], name="best", deep=True)
hparams.parse("rate=0.5,sizes=[7,8,9],name=other,deep=false")
hparams.set_hparam("rate", 2)
print(hparams.rate, hparams.sizes, hparams.name, hparams.deep, "rate" in hparams, str(hparams))
print(hparams.to_json(sort_keys=True), hparams.get("none", 3), repr(hparams))
print(contrib.training.parse_values("a[2]=5,b=1.5", {"a": int, "b": float}))
texts = ["The cat sat, didn't it? TheCat", "A cat and a DOG-house", "cat"]
vocabulary = learn.preprocessing.VocabularyProcessor(6, min_frequency=0)
print(np.array(list(vocabulary.fit_transform(texts))).tolist(), len(vocabulary.vocabulary_))
vocabulary.save("vocabulary")
again = learn.preprocessing.VocabularyProcessor.restore("vocabulary")
print(np.array(list(again.transform(["cat and mouse"]))).tolist(), list(again.reverse([[1, 2, 0]])))
rare = learn.preprocessing.VocabularyProcessor(4, 1).fit(texts)
print(np.array(list(rare.transform(texts))).tolist(), rare.vocabulary_._mapping)
print(np.array(list(learn.preprocessing.ByteProcessor(5).transform(["h\xe9llo", "a"]))).tolist())
config = projector.ProjectorConfig()
config.embeddings.add().tensor_name = "w"
projector.visualize_embeddings(tf.summary.FileWriter("logs"), config)
print(open(os.path.join("logs", "projector_config.pbtxt")).read())
