"""A file of weights, whatever wrote it: variables by name, shapes, and a way to read them."""

import os
import re
from typing import Any, Callable, Mapping, NamedTuple, Optional, Tuple

import numpy as np

from tf1gan import runs
from tf1gan.errors import UserError
from tf1gan.restoring import hdf5, kinds

_OF_AN_OBJECT = "/.ATTRIBUTES/VARIABLE_VALUE"
_SLOT = re.compile(r"(?P<of>.+)/\.OPTIMIZER_SLOT/(?P<optimizer>.+)/(?P<slot>\w+)$")


class Saved(NamedTuple):
    """A file of weights."""
    path: str                               # of the file, or a checkpoint's prefix
    format: str                             # what it is, in words
    shapes: Mapping[str, list]              # in the order of the file's layers where it has layers
    slots: Mapping[str, Mapping[str, str]]  # of variables, {an optimizer's slot: its name}
    kinds: Mapping[str, str]                # "kernel", "bias", ... of those that are a layer's
    layered: bool                           # whether the order of the names is that of the layers
    read: Callable[[str], np.ndarray]       # name -> float array of its shape; raises UserError

    @property
    def variables(self):
        """The names of what is no optimizer's slot, in order."""
        slots = {name for of_one in self.slots.values() for name in of_one.values()}
        return [name for name in self.shapes if name not in slots]


def opened(path, whole=False, best=False) -> Tuple[Saved, Optional[Mapping[str, Any]]]:
    """The weights that a path means, and the config.json beside them as a dict, or None.

    Of a run that trains, the newest checkpoint may be one of the oldest, and deleted, a
    moment later.

    Args:
      path, whole, best: as for runs.find_checkpoint; an HDF5 file, too.

    Raises:
      UserError: there are none, or they cannot be read; says what else there is.
    """
    other = kinds.what_is(path)
    if other:
        raise UserError(other)
    while True:
        prefix, config = runs.find_checkpoint(path, whole=whole, best=best)
        try:
            if hdf5.is_hdf5(prefix):
                return _of_keras(prefix, hdf5.read(prefix)), config
            if prefix.endswith((".h5", ".hdf5")) and os.path.isfile(prefix):
                raise UserError(f"{prefix} is no HDF5 file, whatever its name says, or not whole")
            return _of_tensorflow(prefix, *runs.read_checkpoint(prefix)), config
        except UserError:
            if runs.exists(prefix):
                raise


def opened_whole(path):
    """`opened` of a folder's newest whole checkpoint, or of a generator where it has those alone.

    Raises:
      UserError: what `opened` raises, of a whole checkpoint that is damaged, too.
    """
    try:
        runs.find_checkpoint(path, whole=True)
    except UserError:
        return opened(path)
    return opened(path, whole=True)


def short(name):
    """A variable's name without what TensorFlow's object-based checkpoints add to it."""
    return name[:-len(_OF_AN_OBJECT)] if name.endswith(_OF_AN_OBJECT) else name


def _of_keras(path, weights):
    def read(name):
        return _floats(path, name, weights.read(name))
    return Saved(path, weights.format, weights.shapes, {}, weights.kinds, True, read)


def _of_tensorflow(path, shapes, read_any):
    shapes = {name: shapes[name] for name in sorted(shapes, key=_by_number)}
    of_objects = any(name.endswith(_OF_AN_OBJECT) for name in shapes)
    slots = {}
    for name in shapes:
        # "Variable" and "Adam_1" of Variable/Adam_1.
        of, slot = _slot_of_object(name) if of_objects else name.rpartition("/")[::2]
        if of in shapes:
            slots.setdefault(of, {})[slot] = name
    in_slots = {name for of_one in slots.values() for name in of_one.values()}
    kinds = {name: hdf5.kind_of(short(name)) for name in shapes if name not in in_slots}
    return Saved(
        path, "TensorFlow checkpoint" + (" of objects (tf.train.Checkpoint)" if of_objects else ""),
        shapes, slots, {name: kind for name, kind in kinds.items() if kind},
        of_objects, lambda name: _floats(path, name, read_any(name)))


def _by_number(name):
    """Sorts Variable_10 after Variable_9, and Variable before Variable_1."""
    return [(int(part), "") if part.isdigit() else (-1, part)
            for part in re.split(r"(\d+)", short(name))]


def _slot_of_object(name):
    """(variable, slot as "OPTIMIZER/m") of an object-based checkpoint's, or (None, None)."""
    match = _SLOT.match(short(name))
    if not match:
        return None, None
    return match.group("of") + _OF_AN_OBJECT, match.group("optimizer") + "/" + match.group("slot")


def _floats(path, name, array):
    """An array as floats. Raises UserError where it holds anything else."""
    array = np.asarray(array)
    if array.dtype.kind != "f" and array.dtype.name != "bfloat16":
        raise UserError(f"{path} has {short(name)} as {array.dtype}, not as floats: it is no "
                        "network's weight")
    return array.astype(np.float32)
