"""A small classifier of digits: the ruler by which samples are measured.

MNIST's is part of this package, so that its numbers compare wherever they are measured. It
was made by

    python -m tf1gan.evaluation.classifier --data-dir mnist_data --out FILE.npz

Other images have their own, trained once in the same way and kept in a cache. Training takes
one thread, in a process of its own: the weights are then the same on any number of cores.
"""

import concurrent.futures
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from tf1gan import console, data, files, layers, process, runs
from tf1gan.compat import tf
from tf1gan.errors import UserError, WriteError
from tf1gan.images import CLASSES, PIXELS, SIDE

VERSION = 3             # of the network, of how it is trained and of how it is kept
SEED = 0
EPOCHS = 5
BATCH = 128
FEATURES = 128
OF_MNIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mnist_classifier.npz")
COMMAND = "python -m tf1gan.evaluation.classifier --data-dir DIR --out FILE"


class Facts(NamedTuple):
    """What a trained classifier is known by."""
    data: str           # the images' name
    seed: int
    accuracy: float     # on the test images
    version: int


class Classifier:
    """Digits to features and to probabilities of the ten classes.

    Attributes:
      facts: Facts.
    """

    def __init__(self, arrays, facts):
        """arrays: the weights by name, as `read` gives them."""
        self.facts = facts
        with tf.Graph().as_default() as graph, _variables():
            self._images = tf.placeholder(tf.float32, [None, PIXELS])
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
        images = np.asarray(images, np.float32).reshape(-1, PIXELS)

        def seen(start):
            return self._session.run(self._outputs, {self._images: images[start:start + 500]})
        # Beside a small model that trains, an operation has one thread: then parts side by side.
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(seen, range(0, len(images), 500)))
        return tuple(np.concatenate(part) for part in zip(*parts))

    def close(self):
        self._session.close()


def load(images):
    """The classifier of data.load's images: the package's own, from the cache, or trained now."""
    path, found = find(images)
    if not found:
        console.say("Training a classifier for these images, which is done once.")
        make(images, path)
        found = read(path)
        console.say(f"It recognizes {100 * found[1].accuracy:.2f} % of the test images.")
    return Classifier(*found)


def find(images):
    """Where the classifier of these images is kept, and (its weights, Facts) if it is there.

    Where it is not, the place has been made and can be written to. Raises UserError, which names
    the cache, where it cannot be read or written.
    """
    if images.name == "MNIST":
        return OF_MNIST, read(OF_MNIST)
    cache = files.cache()
    name = "".join(c if c.isalnum() else "_" for c in images.name)
    path = os.path.join(cache, f"classifier-{VERSION}-{name}-{SEED}.npz")
    if os.path.exists(path):
        return path, read(path)
    try:
        os.makedirs(cache, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            pass
    except OSError as error:
        raise UserError(f"cannot write to {cache} ({error.strerror or error}): name another "
                        "folder with TF1GAN_CACHE") from error
    return path, None


def read(path):
    """(The weights by name, float32; Facts) of a file that `make` wrote.

    Raises:
      UserError: it is damaged.
    """
    try:
        # numpy leaves a damaged file open that it has opened itself.
        with files.opened(path) as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {name: file[name].astype(np.float32) for name in file.files if name != "facts"}
            facts = runs.parsed(str(file["facts"]).encode())
        name, seed, accuracy, version = (facts[name] for name in Facts._fields)
        return arrays, Facts(str(name), int(seed), float(accuracy), int(version))
    except Exception as error:      # whatever a damaged file makes numpy raise
        remedy = ("install tf1gan again" if path == OF_MNIST else
                  "delete it, and the classifier is trained again")
        why = getattr(error, "strerror", None) or "it is damaged"
        raise UserError(f"{path} cannot be read ({why}): {remedy}") from error


# -- Training ----------------------------------------------------------------------------------

def make(images, path):
    """Trains the classifier of these images in a process of its own, and writes it to a file.

    TensorFlow's threads are those of a process's first session, and how many there are
    decides how sums are divided.

    Raises:
      WriteError: the file cannot be written.
      UserError: the process failed; it has said why.
    """
    code = ("from tf1gan import process; from tf1gan.evaluation import classifier; "
            "process.end_with(classifier.in_this_process)")
    try:
        with tempfile.TemporaryDirectory(
                prefix=files.TEMPORARY, dir=os.path.dirname(os.path.abspath(path))) as folder:
            given, made = (os.path.join(folder, name) for name in ("images.npz", "made.npz"))
            np.savez(given, **images._asdict())
            status = subprocess.call([sys.executable, "-c", code, given, made],
                                     env=process.of_another_python())
            if status:
                raise UserError("the classifier could not be trained: its process ended with "
                                f"status {status}")
            os.replace(made, path)
    except OSError as error:
        raise WriteError(f"cannot write {path}: {error.strerror or error}") from error


def in_this_process():
    """What `make` starts: trains on the images of one file and writes another."""
    given, made = sys.argv[1:]
    with np.load(given, allow_pickle=False) as file:
        images = data.Images(**file)._replace(name=str(file["name"]))
    parts = data.split(images, False, 0, SEED)
    # A matrix fits in half precision; statistics need not.
    arrays = {name: array.astype(np.float16) if array.ndim > 1 else array
              for name, array in train(parts, SEED).items()}
    with contextlib.closing(Classifier(arrays, None)) as trained:
        _, probabilities = trained(parts.test.images)
    facts = Facts(parts.name, SEED,
                  float((probabilities.argmax(axis=1) == parts.test.labels).mean()), VERSION)
    words = json.dumps(dict(facts._asdict(), made_by=COMMAND, tensorflow=tf.__version__,
                            numpy=np.__version__, python=platform.python_version()))
    with files.atomic(made) as file:
        np.savez_compressed(file, facts=words, **arrays)


def train(parts, seed, epochs=EPOCHS):
    """Trains the network on one thread. Returns its weights by name.

    Args:
      parts: data.DataSets.
    """
    total = epochs * max(1, parts.train.num_examples // BATCH)
    with tf.Graph().as_default() as graph, _variables(seed):
        x = tf.placeholder(tf.float32, [None, PIXELS])
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
        one_thread = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1,
                                    use_per_session_threads=True)
        with tf.Session(config=one_thread) as session:
            session.run(initialize)
            shown = time.monotonic()
            with tqdm(total=total, desc="classifier", unit="it", disable=None,
                      dynamic_ncols=True) as bar:
                for _ in range(total):
                    batch, labels = parts.train.next_batch(BATCH)
                    value, _ = session.run([loss, train_op], {x: batch, y: labels})
                    bar.update()
                    if time.monotonic() - shown > 0.5:
                        bar.set_postfix(loss=f"{value:.4f}", refresh=False)
                        shown = time.monotonic()
            return session.run(weights)


def _network(x, training=False, seed=None):
    """Images [batch, 784] -> (features [batch, 128], logits [batch, 10])."""
    with tf.variable_scope("digits"):
        h = tf.reshape(x, [-1, SIDE, SIDE, 1])
        # Few multiplications: beside a small model's training they are most of what it costs.
        for number, (width, size, stride) in enumerate(((32, 5, 2), (64, 3, 2), (64, 3, 1))):
            with tf.variable_scope(f"cnn_layer{number + 1}"):
                h = tf.layers.conv2d(h, width, size, strides=stride, padding="SAME", use_bias=False)
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


def main():
    parser = process.Parser("python -m tf1gan.evaluation.classifier --out FILE.npz",
                            prog="python -m tf1gan.evaluation.classifier", description=
                            "Trains the classifier that measures digits, on one thread.")
    parser.add_argument("--data-dir", default="mnist_data", metavar="DIR",
                        help="folder of the images; default: %(default)s")
    parser.add_argument("--out", required=True, metavar="FILE.npz",
                        help="the file to write its weights to")
    flags = parser.parse_args()
    make(data.load(flags.data_dir), flags.out)
    console.say(f"{flags.out}: it recognizes {100 * read(flags.out)[1].accuracy:.2f} % of the "
                "test images.")


if __name__ == "__main__":
    process.end_with(main)
