"""A Network as a SavedModel of TensorFlow 2's, and the process that tries it without tf1gan."""

import os
import subprocess
import sys
import tempfile

import numpy as np

from tf1gan.compat import tf
from tf1gan.converting import graphs
from tf1gan.converting.network import INPUT
from tf1gan.converting.original import SECONDS
from tf1gan.errors import UserError, reason

NEAR = 1e-6         # of the largest value, or of 1
NEAR_ONNX = 1e-5        # the same where another library computes
# What the fresh process does, with TensorFlow and NumPy alone.
_PROGRAM = """
import sys
import numpy as np
import tensorflow as tf
folder, signature, given, written = sys.argv[1:]
function = tf.saved_model.load(folder).signatures[signature]
with np.load(given) as file:
    def read(array):        # bytes are written as hexadecimal digits: NumPy would cut them
        if array.dtype.kind != "U":
            return array
        return np.vectorize(bytes.fromhex, otypes=[object])(array)
    takes = {name: tf.constant(read(file[f"of {at}"])) for at, name in enumerate(
        file["names"].tolist())}
    found = function(**takes)
def as_digits(array):
    return np.vectorize(bytes.hex, otypes=[str])(array) if array.dtype.kind == "O" else array
names = list(found)
np.savez(written, names=np.array(names, str), **{
    f"of {at}": as_digits(np.asarray(found[name].numpy(), object if found[name].dtype == tf.string
                                     else None)) for at, name in enumerate(names)})
"""


def write(folder, network, held, signature="serving_default"):
    """Writes a network into a folder that is there, with its weights as variables.

    Args:
      held: weights.Held.

    Raises:
      UserError: TensorFlow does not build it.
    """
    v2 = tf.compat.v2
    kinds = {node.name: node for node in network.graph_def.node}
    try:
        module = v2.Module()
        variables = {name: v2.Variable(value, name=name, trainable=value.dtype.kind == "f")
                     for name, value in held.variables.items() if name in kinds}
        module.weights = list(variables.values())
        tables = {name: _table(v2, *found) for name, found in held.tables.items() if name in kinds}
        module.tables = list(tables.values())
        graph_def = _without(network.graph_def, set(variables) | set(tables))
        names = list(network.ends.inputs)

        def serve(*given):
            takes = {INPUT + name: value for name, value in zip(names, given)}
            for name, variable in variables.items():
                takes[name] = tf.get_default_graph().capture(variable.handle) \
                    if kinds[name].op == "VarHandleOp" else variable.read_value()
            for name, table in tables.items():
                takes[name] = tf.get_default_graph().capture(table.resource_handle)
            outputs = tf.import_graph_def(
                _filled(graph_def, takes), {name + ":0": value for name, value in takes.items()},
                list(network.outputs.values()), name="")
            return {key: tf.identity(value) for key, value in zip(network.outputs, outputs)}
        # Not tf.function, which puts what has effects in order, across the frames of old loops.
        whole = tf.wrap_function(serve, [_spec(name, kinds.get(INPUT + name)) for name in names])
        function = whole.prune(whole.inputs[:len(names)], whole.structured_outputs)
        v2.saved_model.save(module, folder, {signature: function})
    except (tf.errors.OpError, ValueError, TypeError, LookupError, RuntimeError,
            NotImplementedError, AssertionError) as error:
        raise UserError(f"TensorFlow does not build the network as a function: {reason(error)}"
                        ) from error


def _table(v2, keys, values):
    """A table. What is not in it has a default of the graph's own."""
    kinds = [tf.string if array.dtype.kind in "OSU" else tf.as_dtype(array.dtype)
             for array in (keys, values)]
    initializer = v2.lookup.KeyValueTensorInitializer(keys, values, *kinds)
    return v2.lookup.StaticHashTable(initializer, "" if kinds[1] == tf.string else -1)


def _without(graph_def, names):
    """The graph without some nodes, which are given to it."""
    made = tf.GraphDef()
    made.CopyFrom(graph_def)
    kept = [node for node in made.node if node.name not in names
            and not node.name.startswith(INPUT)]
    kept = [type(node).FromString(node.SerializeToString()) for node in kept]
    del made.node[:]
    made.node.extend(kept)
    return made


def _filled(graph_def, given):
    """The graph with a placeholder for each value that it is given, as its importer wants it."""
    made = tf.GraphDef()
    made.CopyFrom(graph_def)
    for name, value in given.items():
        made.node.add(name=name, op="Placeholder").attr["dtype"].type = value.dtype.as_datatype_enum
    return made


def _spec(name, node):
    if node is None:        # the outputs do not need it after all
        raise UserError(f"no output depends on the input {name}: leave it out")
    shape = node.attr["shape"].shape
    return tf.TensorSpec(tf.TensorShape(shape), graphs.type_of(node.attr["dtype"].type), name=name)


# -- Trying ----------------------------------------------------------------------------------

def compare(folder, expected, values, signature="serving_default"):
    """The largest difference of what a fresh process computes from what is expected.

    Args:
      folder: a SavedModel's.
      expected, values: names of results, of arguments -> arrays.

    Raises:
      UserError: it does not load, or differs by more than NEAR.
    """
    with tempfile.TemporaryDirectory() as place:
        given, written = os.path.join(place, "given.npz"), os.path.join(place, "written.npz")
        np.savez(given, names=np.array(list(values), str), **{      # names may be NumPy's own
            f"of {at}": as_digits(array) for at, array in enumerate(values.values())})
        environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
        environment.pop("TF_USE_LEGACY_KERAS", None)
        words = ["-c", _PROGRAM, os.path.abspath(folder), signature, given, written]
        try:
            done = subprocess.run(
                [sys.executable] + words,
                cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, universal_newlines=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise UserError(f"the result does not come to an end in TensorFlow 2 within {SECONDS} "
                            "seconds") from error
        if done.returncode:
            raise UserError("the result does not run in TensorFlow 2 alone: " + last_line(done))
        with np.load(written) as file:
            found = {name: file[f"of {at}"] for at, name in enumerate(file["names"].tolist())}
    return max(difference(name, value, found[name]) for name, value in expected.items())


def last_line(done):
    """What a process that failed said last."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[-1] if lines and done.returncode > 0 else "the process was killed" + (
        f" (signal {-done.returncode})" if done.returncode < 0 else "")


def as_digits(array):
    """An array of bytes as one of hexadecimal digits; any other as it is."""
    return np.vectorize(bytes.hex, otypes=[str])(array.astype(object)) \
        if array.dtype.kind in "OS" else array


def difference(name, wanted, found, near=NEAR):
    """How far two arrays are apart, at most. Raises UserError where that is too far."""
    if wanted.dtype.kind in "OSU":
        if as_digits(wanted).tolist() != found.tolist():
            raise UserError(f"{name} differs from the original's")
        return 0.0
    if wanted.shape != found.shape:
        raise UserError(f"{name} is {list(found.shape)}, and the original's {list(wanted.shape)}")
    one, two = (array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
                for array in (wanted, found))
    if not np.array_equal(np.isfinite(one), np.isfinite(two)):
        raise UserError(f"{name} is not finite where the original is, or the other way round")
    if one.size and not np.isfinite(one).any():
        raise UserError(f"{name} has no finite number on these inputs, so that there is nothing to "
                        "compare: give others with --check FILE.npz, arrays by the names of the "
                        "inputs")
    one, two = one[np.isfinite(one)], two[np.isfinite(two)]
    apart = float(np.abs(one - two).max()) if one.size else 0.0
    if apart > near * max(1.0, float(np.abs(one).max()) if one.size else 0):
        raise UserError(f"{name} differs from the original's by {apart:.2g}: try other inputs with "
                        "--check FILE.npz, and fix or name what is random with --inputs")
    return apart
