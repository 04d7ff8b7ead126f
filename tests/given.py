"""What tests are given: images, runs, graphs, commands."""

import contextlib
import gc
import io
import os
import signal
import subprocess
import sys
import tempfile
from typing import NamedTuple

import forks
import pytest
from helpers import MNIST_FOLDER, ROOT, alone, as_built, build, small_arrays, write_idx

from tf1gan import cli, plots, process, training
from tf1gan.compat import open_first_session, tf
from tf1gan.data import load
from tf1gan.graph import several
from tf1gan.restoring import fit
from tf1gan.training import prepared, ways

# The first session of a process decides how many threads an operation has in all later ones, and
# their number decides how sums are rounded. Each test's runs round alike, whichever came first,
# and as those of a process of its own do for small models.
open_first_session(tf.ConfigProto(intra_op_parallelism_threads=1))


# TensorFlow's modules are a million objects, which are there to stay: Python need not look through
# them for garbage again and again while graphs are built.
tf.layers       # noqa: B018
gc.collect()
gc.freeze()
_EAGERLY = tf.executing_eagerly()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Each test hears Ctrl-C, which is ignored where tests were started in a shell's background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    """None leaves it ignored for those after it, as a command does that ends: see `command`."""
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN, "Ctrl-C is left ignored"
    assert tf.executing_eagerly() is _EAGERLY, "a graph is left open"


# -- Quick graphs ------------------------------------------------------------------------------
#
# The loop of iterations is not unrolled, graphs are run as they were built, and curves are drawn
# once. A graph that has been built is trained again: nothing of it changes in a run, and building
# it takes most of a short run's time. What differs in no operation (how long a run is, say) is the
# settings' that are asked for. Nor are networks made again for the shapes of their variables.

@pytest.fixture(autouse=True)
def quick_graphs(request, monkeypatch):
    """Tests marked `as_users` have loops, sessions and curves as users do."""
    if request.node.get_closest_marker("as_users"):
        as_users(monkeypatch)
        monkeypatch.setattr(plots, "loss_curves", LOSS_CURVES)


def as_users(patched):
    patched.setattr(several, "UNROLLED", UNROLLED)
    patched.setattr(tf, "Session", SESSION)


def curves_once(*arguments):
    if not _CURVES:
        _CURVES.append(LOSS_CURVES(*arguments))
    return _CURVES[0]


def prepare_once(settings, seed, whose, way):
    if whose.size > 1:
        return prepared.prepare(settings, seed, whose, way)
    values = {name: value for name, value in settings.values.items() if name not in _NO_PART}
    key = repr((settings._replace(asked={}, values=values, n_sample=0, goal={}), seed, way,
                several.UNROLLED))
    if key not in _GRAPHS:
        while len(_GRAPHS) >= 40:
            del _GRAPHS[next(iter(_GRAPHS))]
        _GRAPHS[key] = prepared.prepare(settings, seed, whose, way)
    found = _GRAPHS[key] = _GRAPHS.pop(key)     # the last to go
    return found._replace(graph=found.graph._replace(settings=settings))


def variables_once(settings):
    key = settings.model.name, repr(settings.values)
    if key not in _VARIABLES:
        _VARIABLES[key] = VARIABLES_OF(settings)
    return dict(_VARIABLES[key])


UNROLLED, SESSION, LOSS_CURVES = several.UNROLLED, tf.Session, plots.loss_curves
VARIABLES_OF = fit.variables_of
_CURVES, _GRAPHS, _VARIABLES = [], {}, {}
_NO_PART = ("epochs", "steps", "n_sample", "stop_g_loss", "stop_d_loss")    # of a graph

# Not by a fixture: those that are made once for several tests train, too.
several.UNROLLED, tf.Session, plots.loss_curves = 1, as_built(tf.Session), curves_once
training.prepare, fit.variables_of = prepare_once, variables_once
ways.LONG = 10 ** 10        # nothing is measured


# -- Images ------------------------------------------------------------------------------------

@pytest.fixture(scope="session")
def mnist():
    """MNIST's training images in file order, uint8 [60000, 28, 28]; fetched where missing."""
    images = load(MNIST_FOLDER)
    assert images.name == "MNIST"
    return images.train_images


@pytest.fixture(scope="session")
def small_data(tmp_path_factory):
    """A folder of 600 training and 60 test images that are not MNIST."""
    folder = tmp_path_factory.mktemp("small_data")
    write_idx(folder)
    return str(folder)


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory):
    """The same with 132 training images, of which 11 are held back."""
    folder = tmp_path_factory.mktemp("tiny_data")
    write_idx(folder, small_arrays(132))
    return str(folder)


# -- Runs --------------------------------------------------------------------------------------

@pytest.fixture
def train(tmp_path, small_data):
    """Trains a model on the small data. Returns the run's folder."""
    def call(model="gan", run="run", **values):
        settings = {key: values.pop(key) for key in list(values)
                    if key in training.Options._fields}
        settings.setdefault("data_dir", small_data)
        settings.setdefault("logdir", tmp_path / "logs")        # as a path and not as text
        values.setdefault("batch_size", 50)
        values.setdefault("n_sample", 4)
        return training.train(model, training.Options(run=run, **settings), **values)[0]
    return call


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Makes a folder that all of xdist's workers share: the first that asks fills it.

    A function of (its name, a function that fills the folder it is given) -> the folder.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def made(name, fill):
        folder = shared / "once" / name
        with alone(str(folder)):
            if not folder.exists():
                making = folder.parent / ("making-" + name)
                making.mkdir()
                fill(str(making))
                making.rename(folder)
        return str(folder)
    return made


@pytest.fixture(scope="session")
def trained(once, tiny_data):
    """model -> the folder of a short run of it, stopped after 3 steps and continued to 7.

    An epoch has 5 of them, or 6 with keras_gan and eager_dcgan, which hold no images back.
    """
    return lambda model: _short_run(once, tiny_data, model, "parts", (3, 7))


@pytest.fixture(scope="session")
def untouched(once, tiny_data):
    """model -> the folder of the same run, trained to 7 at once."""
    return lambda model: _short_run(once, tiny_data, model, "whole", (7,))


def _short_run(once, data_dir, model, name, stops):
    def fill(folder):
        with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(io.StringIO()):
            if model in ("gan", "dcgan"):       # with a loop and without
                as_users(patched)
            for steps in stops:
                training.train(model, training.Options(
                    logdir=folder, data_dir=data_dir, sample_every=2, summary_every=1),
                    steps=steps, batch_size=22, n_sample=4)
    return os.path.join(once(f"{name}-{model}", fill), model)


@pytest.fixture(scope="session")
def sure_run(once, small_data):
    """(The folder, what was said) of a run whose discriminator is soon sure.

    It learns, and the generator hardly does.
    """
    def fill(folder):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            training.train("gan", training.Options(
                logdir=folder, data_dir=small_data, summary_every=1), steps=300, batch_size=50,
                n_sample=4, learning_rate=0.01, g_learning_rate=1e-9, dropout=0.0)
        with open(os.path.join(folder, "said"), "w") as file:
            file.write(said.getvalue())
    folder = once("sure", fill)
    with open(os.path.join(folder, "said")) as file:
        return os.path.join(folder, "gan"), file.read()


@pytest.fixture(scope="session")
def graph_of():
    """model -> its GANGraph with seed 7, built once, in a graph of its own, without a loop."""
    built = {}

    def graph(model):
        if model not in built:
            with tf.Graph().as_default():
                built[model] = build(model, seed=7)
        return built[model]
    return graph


# -- Commands ----------------------------------------------------------------------------------

class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def command(tmp_path, monkeypatch, capfd):
    """Does in this process what one of the scripts does, in a folder of its own."""
    def run(name, *arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", [name + ".py"])
        capfd.readouterr()
        before = {number: signal.getsignal(number) for number in process.SIGNALS}
        try:
            with pytest.raises(SystemExit) as ended:
                cli.run(name, [str(argument) for argument in arguments])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        return Done(ended.value.code, *capfd.readouterr())
    return run


@pytest.fixture(scope="session")
def forked():
    """What does what this Python does, and has TensorFlow loaded: see forks."""
    with _forking(sys.executable) as path:
        yield path


@pytest.fixture(scope="session")
def other_forked(other_python):
    """The same of the Python with the other TensorFlow."""
    with _forking(other_python) as path:
        yield path


@contextlib.contextmanager
def _forking(python):
    if not hasattr(os, "fork"):
        yield python
        return
    with tempfile.TemporaryDirectory() as folder, forks.python(folder, python) as path:
        yield path


@pytest.fixture
def script(tmp_path, forked):
    """Runs one of the scripts in a folder of its own, as a user would."""
    def run(name, *arguments, **options):
        command = [options.pop("python", forked), os.path.join(ROOT, "scripts", name)]
        options.setdefault("cwd", str(tmp_path))
        options.setdefault("env", {key: value for key, value in os.environ.items()
                                   if not key.startswith("TF_")})
        return subprocess.run(command + [str(argument) for argument in arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, timeout=300, **options)
    return run


@pytest.fixture(scope="session")
def other_python():
    """A Python with the other TensorFlow, where TF1GAN_OTHER_PYTHON names one."""
    path = os.environ.get("TF1GAN_OTHER_PYTHON")
    if not path:
        pytest.skip("TF1GAN_OTHER_PYTHON names no Python with the other TensorFlow")
    return path
