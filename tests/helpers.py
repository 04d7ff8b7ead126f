"""Small images to train on, and where things are."""

import contextlib
import gzip
import os
import struct
import sys

import numpy as np
import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)        # tf1gan need not be installed

import tf1gan  # noqa: E402
from tf1gan import graph, models  # noqa: E402
from tf1gan.compat import tf  # noqa: E402
from tf1gan.data import formats  # noqa: E402
from tf1gan.graph import several  # noqa: E402

try:
    import fcntl
except ImportError:     # Windows: run the tests in one process there
    fcntl = None

# Their graphs take seconds: with them, tests that have every model are slow.
LARGE = ("dcgan", "keras_gan", "eager_dcgan")
MNIST_FOLDER = os.environ.get("TF1GAN_TEST_DATA", os.path.join(ROOT, "mnist_data"))


def slow(*values):
    """The values of a test's parameters that make it slow."""
    return pytest.param(*values, marks=pytest.mark.slow)


def each_model(large=LARGE):
    """Every model, as a test's parameters."""
    return [slow(model) if model in large else model for model in models.MODELS]


def idx(array):
    """A uint8 array as the bytes of an IDX file."""
    header = struct.pack(">" + "I" * (1 + array.ndim), 0x0800 + array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


def small_arrays(count=600):
    """`count` + 60 images of bars whose place depends on the label: a digit for our purposes."""
    rs = np.random.RandomState(0)
    labels = np.arange(count + 60) % 10
    images = rs.randint(0, 60, (count + 60, 28, 28))
    for image, label in zip(images, labels):
        image[4:24, 3 + 2 * label:6 + 2 * label] = 255
    return images[:count], labels[:count], images[count:], labels[count:]


def write_idx(folder, arrays=None, zipped=True):
    """Writes four IDX files into a folder."""
    for file, array in zip(formats.FILES, arrays or small_arrays()):
        path = os.path.join(str(folder), file.name + (".gz" if zipped else ""))
        with (gzip.open if zipped else open)(path, "wb") as out:
            out.write(idx(array))


def build(model, **options):
    """tf1gan.build without a loop of iterations, which takes a third of the time for `gan`."""
    with _no_loop():
        return tf1gan.build(model, **options)


def graph_of_a_run(model, seed=0, **hyperparameters):
    """The GANGraph that a run would have but for its loop."""
    with _no_loop():
        return graph.build_from(models.resolve(model, hyperparameters), seed)


@contextlib.contextmanager
def _no_loop():
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(several, "iterations", lambda *_: None)
        yield


def set_variables(session, values):
    """Gives variables values, (variable, array) pairs, in one run.

    One run for each would take far longer: TensorFlow prepares the graph for each kind of run.
    """
    values = list(values)
    session.run([variable.initializer for variable, _ in values],
                {variable.initializer.inputs[1]: value for variable, value in values})


def as_built(session):
    """A tf.Session class that runs graphs as they were built.

    Rewriting one for speed takes TensorFlow longer than all that a short test runs of it.
    """
    class AsBuilt(session):
        as_users = session

        def __init__(self, target="", graph=None, config=None):
            settings = tf.ConfigProto()
            settings.CopyFrom(config or settings)
            settings.graph_options.rewrite_options.disable_meta_optimizer = True
            super().__init__(target, graph, settings)
    return AsBuilt


@contextlib.contextmanager
def alone(path):
    """While no other process is at it: waits for those that are."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".lock", "w") as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
