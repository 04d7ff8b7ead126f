"""A small classifier of digits: the ruler by which samples are measured.

It is trained once on the training images and kept in a cache, named for the images and the
seed it came from, so that numbers of different runs compare.
"""

import contextlib
import os
import time
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from tf1gan import data, files, layers
from tf1gan.compat import tf
from tf1gan.errors import UserError

VERSION = 1             # of the network and of how it is trained
SEED = 0
EPOCHS = 4
BATCH = 128
FEATURES = 128
CLASSES = 10


class Facts(NamedTuple):
    """What a trained classifier is known by."""
    data: str           # the images' name
    seed: int
    accuracy: float     # on the test images


class Classifier:
    """Digits to features and to probabilities of the ten classes.

    Attributes:
      facts: Facts.
    """

    def __init__(self, arrays, facts):
        """arrays: the weights by name, as `trained` keeps them."""
        self.facts = facts
        with tf.Graph().as_default() as graph, _variables():
            self._images = tf.placeholder(tf.float32, [None, data.PIXELS])
            features, logits = _network(self._images)
            self._outputs = features, tf.nn.softmax(logits)
            feeds = {variable: tf.placeholder(tf.float32, variable.shape)
                     for variable in tf.global_variables()}
            load = [variable.assign(value) for variable, value in feeds.items()]
            graph.finalize()
            self._session = tf.Session(graph=graph)
            self._session.run(load, {value: arrays[variable.op.name]
                                     for variable, value in feeds.items()})

    def __call__(self, images):
        """(features float32 [n, 128], probabilities float32 [n, 10]) of images in [0, 1]."""
        images = np.asarray(images, np.float32).reshape(-1, data.PIXELS)
        parts = [self._session.run(self._outputs, {self._images: images[start:start + 500]})
                 for start in range(0, len(images), 500)]
        return tuple(np.concatenate(part) for part in zip(*parts))

    def close(self):
        self._session.close()


def load(images, cache=None):
    """The classifier of these images: from the cache, or trained now and kept there.

    Args:
      images: of mnist.load.
      cache: a folder; None is $TF1GAN_CACHE, or ~/.cache/tf1gan.

    Raises:
      UserError: the cache cannot be read or written; names it.
    """
    cache = cache or os.environ.get("TF1GAN_CACHE") or os.path.join(
        os.path.expanduser("~"), ".cache", "tf1gan")
    path = os.path.join(cache, "classifier-%d-%s-%d.npz" % (
        VERSION, "".join(c if c.isalnum() else "_" for c in images.name), SEED))
    if os.path.exists(path):
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            accuracy = float(arrays.pop("accuracy"))
            return Classifier(arrays, Facts(images.name, SEED, accuracy))
        except Exception as error:      # whatever a damaged file makes numpy raise
            raise UserError("%s cannot be read (%s): remove it, and the classifier is trained "
                            "again" % (path, error))
    arrays, accuracy = train(images, SEED)
    try:
        os.makedirs(cache, exist_ok=True)
    except OSError as error:
        raise UserError("cannot make %s (%s): name another cache with TF1GAN_CACHE"
                        % (cache, error.strerror))
    with files.atomic(path) as file:
        np.savez(file, accuracy=accuracy, **arrays)
    return Classifier(arrays, Facts(images.name, SEED, accuracy))


def train(images, seed, epochs=EPOCHS):
    """Trains the network. Returns (its weights by name, its accuracy on the test images)."""
    parts = data.split(images, False, 0, seed)
    total = epochs * max(1, parts.train.num_examples // BATCH)
    print("Training the classifier that measures digits, once for these images.", flush=True)
    with tf.Graph().as_default() as graph, _variables(seed):
        x = tf.placeholder(tf.float32, [None, data.PIXELS])
        y = tf.placeholder(tf.int32, [None])
        step = tf.train.get_or_create_global_step()
        _, logits = _network(x, training=True, seed=layers.mask_seed(seed, step, 0))
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=y, logits=logits))
        rate = 0.003 * (1 - tf.cast(step, tf.float32) / total)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train_op = tf.train.AdamOptimizer(rate).minimize(loss, global_step=step)
        weights = {v.op.name: v for v in tf.global_variables() if v.op.name.startswith("digits/")
                   and "Adam" not in v.op.name}
        initialize = tf.global_variables_initializer()
        graph.finalize()
        with tf.Session() as session:
            session.run(initialize)
            shown = time.monotonic()
            with tqdm(total=total, desc="classifier", unit="it", disable=None,
                      dynamic_ncols=True) as bar:
                for _ in range(total):
                    batch, labels = parts.train.next_batch(BATCH)
                    value, _ = session.run([loss, train_op], {x: batch, y: labels})
                    bar.update()
                    if time.monotonic() - shown > 0.5:
                        bar.set_postfix(loss="%.4f" % value, refresh=False)
                        shown = time.monotonic()
            arrays = session.run(weights)
    with contextlib.closing(Classifier(arrays, None)) as trained:
        _, probabilities = trained(parts.test.images)
    accuracy = float((probabilities.argmax(axis=1) == parts.test.labels).mean())
    print("It knows %.2f %% of the test images." % (100 * accuracy), flush=True)
    return arrays, accuracy


def _network(x, training=False, seed=None):
    """Images [batch, 784] -> (features [batch, 128], logits [batch, 10])."""
    with tf.variable_scope("digits"):
        h = tf.reshape(x, [-1, 28, 28, 1])
        for number, (width, stride) in enumerate(((32, 1), (32, 2), (64, 1), (64, 2))):
            with tf.variable_scope("cnn_layer%d" % (number + 1)):
                h = tf.layers.conv2d(h, width, 3, strides=stride, padding="SAME", use_bias=False)
                h = tf.nn.relu(tf.layers.batch_normalization(h, training=training))
        with tf.variable_scope("features"):         # [batch, 7, 7, 64] before
            h = tf.layers.dense(tf.reshape(h, [-1, 7 * 7 * 64]), FEATURES, use_bias=False)
            features = tf.nn.relu(tf.layers.batch_normalization(h, training=training))
        with tf.variable_scope("output"):
            h = layers.dropout(features, 0.4 if training else 0.0, seed)
            return features, tf.layers.dense(h, CLASSES)


def _variables(seed=0):
    tf.set_random_seed(seed)
    return tf.variable_scope(tf.get_variable_scope(), use_resource=True,
                             custom_getter=layers.seeded(seed))
