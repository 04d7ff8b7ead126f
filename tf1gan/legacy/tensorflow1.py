"""`tensorflow` as 1.15 had it: graph mode, and the names that 2.x dropped.

`tf.compat.v1` of today is nearly all of it. What is not is listed in `restored`, with the version
that dropped it.
"""

import functools
import importlib
import traceback
import types
import warnings

from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.legacy.api import (
    absl_flags,
    before_1_0,
    data_sets,
    estimator,
    gfile,
    gpu,
    input_data,
    internals,
    keras_names,
    logging_levels,
    nchw,
    numpy_numbers,
    shapes,
    slim_repairs,
    versions,
    wide_kernels,
)
from tf1gan.legacy.graphs import old_graphs
from tf1gan.legacy.names import Later, Restored
from tf1gan.legacy.numbers import counts, expansions, loops, shuffling
from tf1gan.legacy.numbers.seeds import Seeds
from tf1gan.legacy.refusal import files_around, refuse
from tf1gan.legacy.restored import Given, contrib


class TensorFlow1:
    """TensorFlow, loaded when the script first imports it."""

    def __init__(self, mnist, steps, say, version=versions.USUAL):
        """Args:
          mnist: a folder with the images, or None.
          steps: the Steps that count updates.
          say: prints a line.
          version: whose names, one of versions.VERSIONS.
        """
        self._mnist, self._steps, self._say, self._version = mnist, steps, say, version
        self._made = None

    def tensorflow(self):
        return self._parts()["tensorflow"]

    def keras(self):
        return self._parts()["keras"]

    def tensorflow_estimator(self):
        self._parts()
        return estimator.load("tensorflow_estimator")

    def tf_slim(self):
        self._parts()
        return slim_repairs.module()

    def absl(self):
        return Restored("absl", lambda: importlib.import_module("absl"),
                        dict(flags=absl_flags.of_absl()))

    def _parts(self):
        if self._made is None:
            self._made = self._make()
        return self._made

    def _make(self):
        if not tf.__version__.startswith("2."):
            raise UserError(f"this is TensorFlow {tf.__version__}: run the script with python "
                            "itself")
        tf.disable_v2_behavior()
        today = importlib.import_module("tensorflow.compat.v1")
        seeds = Seeds(self._say)
        seeds.restore()
        expansions.restore(seeds)
        loops.restore(seeds)
        shuffling.restore(seeds)
        data_sets.restore(seeds)
        leave_the_runner_out_of_tracebacks()
        numpy_numbers.take()
        shapes.restore()
        old_graphs.restore(seeds, self._say)
        gpu.restore(self._say)
        nchw.restore(self._say)
        wide_kernels.restore()
        warn_of_interactive_sessions()
        self._steps.watch()
        # These import TensorFlow, which compat did first.
        from tf1gan.legacy.api import session_runs, session_threads
        session_runs.restore(None if self._steps.limit is None else self._steps.before)
        session_threads.restore()
        from tensorflow.python.framework import random_seed
        loader = input_data.Loader(self._mnist, random_seed.get_seed, today.float32, today.uint8)
        examples, datasets = input_data.modules(loader)
        keras = keras_names.of_tensorflow(today, loader)
        module = Restored("tensorflow", today, restored(
            today, seeds, versions.VERSIONS[self._version]))
        logging, tf_logging = logging_levels.restored()
        module._restored.update(
            logging=logging, get_seed=random_seed.get_seed,
            examples=examples, keras=keras,
            contrib=Later(lambda: contrib.make(Given(
                module, datasets, self._steps, seeds, self._say), self._version)),
            compat=Restored("tensorflow.compat", today.compat, dict(v1=module)))
        module._restored["python"] = Restored("tensorflow.python", lambda: internals.load(), dict(
            internals.at_the_top(), keras=keras_names.of_tensorflow_python(keras),
            estimator=Later(lambda: estimator.load("tensorflow_estimator.python.estimator")),
            platform=Restored("tensorflow.python.platform", lambda: importlib.import_module(
                "tensorflow.python.platform"), dict(
                    flags=module.flags, app=module.app, tf_logging=tf_logging,
                    test=of_tests("python.platform.test")))))
        if self._version != versions.USUAL:
            module._restored["python"]._restored["ops"] = internals.ops_before_1_14(
                module.map_fn)
        seen = before_1_0.made_of(module) if self._version == "0.12" else module
        module._restored["compat"] = Restored("tensorflow.compat", today.compat, dict(v1=seen))
        return {"tensorflow": seen, "keras": keras_names.separate(keras, seen)}


def restored(today, seeds, version):
    """What `tf` of 1.15 had and `tf.compat.v1` of today has not, or has otherwise.

    Args:
      version: what a script that asks is told: it goes the way of that version.
    """
    flags = absl_flags.of_tensorflow()
    from tensorflow.python.framework import random_seed
    counted = counts.counted(today, seeds)
    counted["random"].update(get_seed=random_seed.get_seed)
    counted["nn"].update(cross_entropies(today.nn), conv2d_transpose=known_shape(
        today.nn.conv2d_transpose))
    counted["gfile"], of_io, of_train = gfile.restore()
    counted["train"].update(of_train)
    counted["io"].update(gfile=Restored("tensorflow.io.gfile", today.io.gfile, of_io))
    for part, functions in POSITIONS.items():
        owner = getattr(today, part) if part else today
        counted.setdefault(part, {}).update({name: by_position(getattr(owner, name), names)
                                             for name, names in functions.items()})
    parts = {part: Restored(f"tensorflow.{part}", getattr(today, part), names)
             for part, names in counted.items() if part}
    return dict(
        counted[""], **parts,
        __version__=version, VERSION=version,
        version=Restored("tensorflow.version", today.version, dict(VERSION=version)),
        app=Restored("tensorflow.app", today.app, dict(flags=flags)),
        flags=flags,                                                        # clash with absl's own
        test=of_tests("compat.v1.test"),
        core=Later(lambda: importlib.import_module("tensorflow.core")),     # not of compat.v1
        tools=Later(lambda: importlib.import_module("tensorflow.tools")),
        pywrap_tensorflow=Later(                                            # 2.2
            lambda: internals.load().pywrap_tensorflow),
        estimator=Later(estimator.make),                                    # 2.16
    )


def of_tests(name):
    """A module that says what TensorFlow is built with.

    TensorFlow 1 came in two packages: without a GPU here, this is the one that was built without.
    """
    def is_built_for_a_gpu():
        return bool(tf.config.experimental.list_physical_devices("GPU"))
    return Restored(f"tensorflow.{name}", lambda: importlib.import_module(f"tensorflow.{name}"),
                    dict(is_built_with_cuda=is_built_for_a_gpu,
                         is_built_with_gpu_support=is_built_for_a_gpu))


def leave_the_runner_out_of_tracebacks():
    """An error of a node tells where the script made it: by its own lines and TensorFlow's."""
    from tensorflow.python.util import tf_should_use, tf_stack
    files = frozenset(files_around())

    def format_stack(frame=None, limit=0):
        """Of an object that was never used."""
        frames = [each for each in traceback.extract_stack(frame) if each.filename not in files]
        return traceback.format_list(frames[-limit:])
    tf_should_use.traceback = types.SimpleNamespace(format_stack=format_stack)

    class WithoutTheRunner(tf_stack.StackTraceFilter):
        parent = None

        def get_filtered_filenames(self):
            return files

    def of_a_thread():
        made = WithoutTheRunner()
        made.update()
        return [made]
    tf_stack._source_filter_stacks.default_factory = of_a_thread
    tf_stack._source_filter_stacks.clear()


# -- Orders of arguments ---------------------------------------------------------------------

# Part of `tf` -> functions before whose name there is one argument more today.
_SCATTERED = ("tensor", "indices", "updates", "name")
POSITIONS = {"": {"scatter_nd": ("indices", "updates", "shape", "name"),
                  **dict.fromkeys(("tensor_scatter_add", "tensor_scatter_sub"), _SCATTERED)},
             "manip": {"scatter_nd": ("indices", "updates", "shape", "name")},
             "nn": {"top_k": ("input", "k", "sorted", "name")},
             "math": {"top_k": ("input", "k", "sorted", "name")}}


def by_position(function, names):
    """A function whose positional arguments have these names."""
    @functools.wraps(function)
    def call(*arguments, **named):
        return function(*arguments[len(names):], **dict(zip(names, arguments), **named))
    return call


# -- Cross-entropies -------------------------------------------------------------------------

NAMED_ONLY = ("sigmoid_cross_entropy_with_logits", "softmax_cross_entropy_with_logits",
              "sparse_softmax_cross_entropy_with_logits")


def cross_entropies(nn):
    """The three that 1.15 takes with named arguments only.

    Their positional arguments were (logits, labels) before TensorFlow 1.0; 1.15 refuses them, and
    2.x takes them silently as (labels, logits).
    """
    return {name: _named_only(getattr(nn, name), name) for name in NAMED_ONLY}


def _named_only(function, name):
    def cross_entropy(_sentinel=None, labels=None, logits=None, *more, **named):
        if _sentinel is not None or labels is None or logits is None:
            refuse(f"tf.nn.{name} takes labels=... and logits=... by name only, as on "
                   "TensorFlow 1.15; before 1.0 the first was logits, and --tensorflow 0.12 takes "
                   "it so")
        if more:
            named.update(zip(("name",) if "dim" not in named and name.startswith("sigmoid")
                             else ("dim", "name"), more))
        return function(labels=labels, logits=logits, **named)
    cross_entropy.__name__ = name
    return cross_entropy


# -- Shapes ----------------------------------------------------------------------------------

def known_shape(function):
    """tf.nn.conv2d_transpose, whose result has the shape that it is given, batch and all.

    Today the batch's size is taken from the input, where it may be unknown.
    """
    def conv2d_transpose(value=None, filter=None, output_shape=None, *more, **named):
        result = function(value, filter, output_shape, *more, **named)
        try:
            result.set_shape([int(size) for size in output_shape])
        except (TypeError, ValueError):
            pass                    # not all of it is known
        return result
    return conv2d_transpose


# -- Sessions --------------------------------------------------------------------------------

def warn_of_interactive_sessions():
    """A second one is a warning, which cells that are run again give; in 2.16 an error's line."""
    from tensorflow.python.client import session
    kind = session.InteractiveSession
    today = kind.__init__

    def __init__(this, *arguments, **named):
        active, kind._active_session_count = kind._active_session_count, 0
        try:
            today(this, *arguments, **named)
        finally:
            kind._active_session_count += active
        if active:
            warnings.warn(
                "An interactive session is already active. This can cause out-of-memory errors "
                "in some cases. You must explicitly call `InteractiveSession.close()` to release "
                "resources held by the other session(s).", stacklevel=2)
    kind.__init__ = __init__
