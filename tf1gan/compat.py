"""The one place where TensorFlow is imported: `from tf1gan.compat import tf`.

`tf` is `tensorflow.compat.v1`: on TensorFlow 2 the TensorFlow 1 API, on 1.15 the
very same names. Nothing else in the package asks which one it is.
"""

import contextlib
import inspect
import os
import tempfile
import types
import warnings

from tf1gan.errors import NotInstalled, UserError, reason

# tf.layers lives in Keras 2. TensorFlow 2.16 and later bring Keras 3 and look here
# for permission to use tf-keras instead. TensorFlow 1.15 does not read it.
os.environ["TF_USE_LEGACY_KERAS"] = "1"

# Errors that matter come as exceptions. Who wants TensorFlow's own log sets another level.
_QUIET = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3") == "3"


@contextlib.contextmanager
def hold_back_stderr(shown=True):
    """Keeps what C++ libraries print to descriptor 2 while they load.

    TensorFlow's first lines come before its log level is read. They are shown if
    loading fails (and `shown`), and not touched where the user has chosen another log level.
    """
    try:
        saved = os.dup(2) if _QUIET else None
    except OSError:             # no descriptor 2 at all
        saved = None
    if saved is None:
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(saved, held.read() if shown else b"")
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)


def _load():
    with hold_back_stderr(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import tensorflow.compat.v1 as loaded
        except ImportError as error:
            raise NotInstalled(f"TensorFlow cannot be loaded ({reason(error)}): "
                               "pip install -r requirements.txt") from error
        try:
            loaded.layers.dense     # noqa: B018
        except (AttributeError, ImportError) as error:
            raise NotInstalled(
                "tf.layers is not available: install the tf-keras of TensorFlow's own minor "
                "version (pip install -r requirements.txt), and import tf1gan before anything "
                "that loads Keras 3") from error

    warnings.filterwarnings("ignore", message=r".*tf\.layers\..* is deprecated")
    if _QUIET:
        loaded.logging.set_verbosity(loaded.logging.ERROR)
    return loaded


def open_first_session(config=None):
    """Opens a process's first session, which decides how many threads an operation has in any.

    On TensorFlow 2 that would else be an eager one, which a loop in a graph opens unasked when it
    is built. TensorFlow 2.18, for one, says at the first run that a pass of its own is off,
    whatever the log level.
    """
    graph = tf.Graph()
    with graph.as_default():
        nothing = tf.no_op()
    with hold_back_stderr(), tf.Session(graph=graph, config=config) as session:
        session.run(nothing)


def check_tensorflow_2(what):
    """Raises UserError where this is TensorFlow 1."""
    if tf.__version__.startswith("1."):
        raise UserError(f"{what} needs TensorFlow 2, and this is {tf.__version__}: use a Python "
                        "that has it (docs/old_models.md)")


@contextlib.contextmanager
def loops_as_functions():
    """While a graph is built, a loop is a function of its own, on 1.15 as on 2.

    Gradients can be taken inside it.
    """
    before = tf.control_flow_v2_enabled()
    tf.enable_control_flow_v2()
    try:
        yield
    finally:
        if not before:          # for others, as TensorFlow 1's scripts in the same process
            tf.disable_control_flow_v2()


def compiles():
    """Whether this TensorFlow can compile a function (by XLA)."""
    return "jit_compile" in inspect.signature(tf.function).parameters


def compiled(function):
    """A function of tensors, compiled; where `compiles`."""
    return tf.function(function, autograph=False, jit_compile=True)


class _TensorFlow(types.ModuleType):
    """tensorflow.compat.v1, imported when something of it is first used.

    It takes seconds and hundreds of megabytes, which a --help or a mistyped flag need not wait for.
    """

    def __getattr__(self, name):
        if name.startswith("__") and name != "__version__":     # what Python asks of any module
            raise AttributeError(name)
        loaded = self.__dict__.get("_loaded")
        if loaded is None:
            loaded = self.__dict__["_loaded"] = _load()
        value = getattr(loaded, name)
        setattr(self, name, value)          # asked for once
        return value


tf = _TensorFlow("tensorflow.compat.v1")
