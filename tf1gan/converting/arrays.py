"""Variables written as NumPy arrays, as an object-based checkpoint, or as a name-based one."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

import numpy as np

from tf1gan import console, files, restoring, runs
from tf1gan.compat import tf
from tf1gan.converting import graphs
from tf1gan.converting.saved_model import last_line
from tf1gan.errors import UserError, WriteError, reason
from tf1gan.restoring import graph_claims
from tf1gan.restoring.saved import short

_GRAPH_OF_OBJECTS = "_CHECKPOINTABLE_OBJECT_GRAPH"
_OF_AN_OBJECT = "/.ATTRIBUTES/VARIABLE_VALUE"
_COUNTER = "save_counter" + _OF_AN_OBJECT
_SLOT = re.compile(r"/\.OPTIMIZER_SLOT/.+/(\w+)$")
_LONGEST = 60000        # bytes of a name in an archive
_CONSTANT = 16          # numbers from which on a frozen graph's constant is a weight
# What reads the result again: all that it needs are the libraries.
_PROGRAM = """
import sys
import numpy as np
kind, path, expected = sys.argv[1:]
if kind == "npz":
    read = np.load(path, allow_pickle=False).__getitem__
else:
    import tensorflow as tf
    read = tf.train.load_checkpoint(path).get_tensor
with np.load(expected) as file:
    names = file["names"].tolist()
    for at, name in enumerate(names):
        found = np.asarray(read(name))
        if not np.array_equal(found, file[f"of {at}"], equal_nan=found.dtype.kind in "fc"):
            raise SystemExit(f"{name} differs")
"""


def write(path, npz, checkpoint):
    """Writes the variables of a checkpoint, or of Keras's HDF5, without a graph.

    A checkpoint of objects becomes one of names, and the other way round.
    """
    saved, _ = restoring.opened(path, whole=True)
    if restoring.is_hdf5(saved.path):
        shapes, read = saved.shapes, saved.read
    else:
        shapes, read = runs.read_checkpoint(saved.path)
    of_objects = _GRAPH_OF_OBJECTS in shapes
    values = {name: np.asarray(read(name)) for name in sorted(shapes)
              if name not in (_GRAPH_OF_OBJECTS, _COUNTER)}
    named = {by_name(name): value for name, value in values.items()} if of_objects else values
    if of_objects and all(name.startswith(_TOP + "/") for name in named):    # of our own making
        named = {name[len(_TOP) + 1:]: value for name, value in named.items()}
    console.say(f"{saved.path}: {saved.format}")
    _write(named, npz, checkpoint, as_objects=not of_objects)


def write_of_source(source, npz, checkpoint):
    """Writes the variables of a graph's checkpoint, or the constants of a frozen graph."""
    if source.prefix:
        shapes, read = runs.read_checkpoint(source.prefix)
        values = {name: np.asarray(read(name)) for name in sorted(shapes)}
    elif source.arrays:
        values = dict(source.arrays)
    else:
        values = {}
        graph_claims.check(source.path, source.graph_def)
        for node in source.graph_def.node:
            sizes = [each.size for each in node.attr["value"].tensor.tensor_shape.dim] \
                if node.op == "Const" else [0]
            if np.prod(sizes, dtype=np.float64) >= _CONSTANT and \
                    node.attr["value"].tensor.ByteSize() >= _CONSTANT:
                values[node.name] = graphs.value_of(node)
        values = {name: value for name, value in values.items() if value.dtype.kind == "f"}
    if not values:
        raise UserError(f"{source.path} has no weights beside its graph: put the checkpoint of the "
                        "same name beside it")
    _write(values, npz, checkpoint, as_objects=True)


def by_name(key):
    """The name of a variable of a checkpoint of objects, as TensorFlow 1 has names."""
    name = _SLOT.sub(r"/\1", short(key))
    return re.sub(r"\.([.S])", lambda found: "/" if found.group(1) == "S" else ".", name)


def _write(values, npz, checkpoint, as_objects):
    kept = {name: value for name, value in values.items() if value.dtype.kind in "fiubc"
            or value.dtype.name == "bfloat16"}
    left_out = sorted(set(values) - set(kept))
    total = f"{len(kept)} variables, {sum(value.size for value in kept.values())} numbers"
    if npz:
        with files.atomic(npz) as file, tempfile.TemporaryDirectory() as place:
            path = os.path.join(place, "arrays.npz")
            _write_npz(path, {name: value.astype(np.float32) if value.dtype.name == "bfloat16"
                              else value for name, value in kept.items()})
            _check("npz", path, {name: name for name in kept}, kept)
            with open(path, "rb") as written:
                shutil.copyfileobj(written, file)
        console.say(f"Arrays: {npz}, {total}")
    if checkpoint:
        try:
            with files.atomic_folder(checkpoint) as folder:
                keys = _write_objects(folder, kept) if as_objects else _write_names(folder, kept)
                _check("checkpoint", os.path.join(folder, _NAME), keys, kept)
        except tf.errors.OpError as error:
            raise WriteError(f"cannot write {checkpoint}: {reason(error)}") from error
        kind = "of objects (tf.train.Checkpoint)" if as_objects else "of names (tf.train.Saver)"
        console.say(f"Checkpoint {kind}: {os.path.join(checkpoint, _NAME)}, {total}")
    if left_out:
        console.say(f"Left out, no numbers: {', '.join(left_out[:5])}")


def _write_npz(path, values):
    """As np.savez, which takes no array with the name of one of its own arguments."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in values.items():
            if len(name.encode()) > _LONGEST:
                raise UserError(f"a variable has a name of {len(name)} characters, which an npz "
                                "file cannot hold: write --checkpoint")
            with archive.open(name + ".npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asanyarray(value), allow_pickle=False)


_NAME, _TOP = "model.ckpt", "variables"


def _write_objects(folder, values):
    """Writes variables as a tree of dictionaries. Returns their keys, by name."""
    v2, tree, keys = tf.compat.v2, {}, {}
    for name in sorted(values):             # what others begin with comes first
        parts, place, path = name.split("/"), tree, []
        while len(parts) > 1 and isinstance(place.get(parts[0], {}), dict):
            path.append(parts[0])
            place = place.setdefault(parts.pop(0), {})
        last = "/".join(parts)              # such as a slot's, whose variable has no parts
        place[last] = v2.Variable(values[name], trainable=False)
        keys[name] = "/".join(each.replace(".", "..").replace("/", ".S")
                              for each in [_TOP] + path + [last]) + _OF_AN_OBJECT
    v2.train.Checkpoint(**{_TOP: tree}).write(os.path.join(folder, _NAME))
    return keys


def _write_names(folder, values):
    """Writes variables by their names. Returns their keys."""
    names = sorted(values)
    tf.raw_ops.SaveV2(prefix=os.path.join(folder, _NAME), tensor_names=names,
                      shape_and_slices=[""] * len(names),
                      tensors=[tf.compat.v2.constant(values[name]) for name in names])
    tf.train.update_checkpoint_state(folder, _NAME, [_NAME])
    return {name: name for name in names}


def _check(kind, path, keys, values):
    """Has a fresh process read what was written. Raises UserError where something differs."""
    with tempfile.TemporaryDirectory() as place:
        expected = os.path.join(place, "expected.npz")
        names = sorted(values)
        np.savez(expected, names=np.array([keys[name] for name in names], dtype=str),
                 **{f"of {at}": values[name] for at, name in enumerate(names)})
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, kind, os.path.abspath(path), expected], cwd=place,
            env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3"), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False)
    if done.returncode:
        raise UserError(f"what was written is not read again: {last_line(done)}")
