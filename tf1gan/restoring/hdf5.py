"""Keras's weights in HDF5, as Keras 1, Keras 2 and tf.keras wrote them.

Keras 1 calls a kernel W, and has it in the order of its images' axes; with Theano behind it,
Keras 1 and 2 turn it by half a circle. Here all come out as Keras 2 on TensorFlow has them,
channels last.
https://github.com/keras-team/keras/blob/2.2.4/keras/engine/saving.py,
`preprocess_weights_for_loading`, does the same.

A file is taken for hostile: nothing of it is read but what a model of that shape needs.
"""

import contextlib
import os
import re
import signal
from typing import Callable, List, Mapping, NamedTuple, Sequence

import numpy as np

from tf1gan import files
from tf1gan.errors import UserError, reason

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MOST_NAMES, _LONGEST_NAME = 1000, 1000
_LONGEST_CONFIG = 2 ** 20
_LARGEST = 2 ** 25          # numbers: no model has an array with as many
_SECONDS = 60               # that reading may take
# As Keras 2 names the parts of a layer, and as Keras 1 did. Its running_std holds variances.
_KINDS = {"W": "kernel", "b": "bias", "running_mean": "moving_mean",
          "running_std": "moving_variance"}
_KIND = re.compile(r"(?:^|[/_])(kernel|bias|gamma|beta|moving_mean|moving_variance|"
                   + "|".join(_KINDS) + r")(?:_\d+)?(?::0)?$")


class Weights(NamedTuple):
    """What an HDF5 file holds, by the paths in it and in the order of its layers."""
    format: str
    shapes: Mapping[str, List[int]]
    kinds: Mapping[str, str]
    read: Callable[[str], np.ndarray]
    theano: bool            # what wrote it, as far as the file says
    of_keras_1: bool


def is_hdf5(path):
    """Whether a file is an HDF5 file."""
    try:
        with files.opened(path) as file:
            return file.read(len(_SIGNATURE)) == _SIGNATURE
    except OSError:         # such as a checkpoint's prefix
        return False


def kind_of(name):
    """"kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance", or None."""
    match = _KIND.search(name)
    return _KINDS.get(match.group(1), match.group(1)) if match else None


def read(path):
    """The Weights of an HDF5 file. Raises UserError: damaged, not Keras's, or h5py is missing."""
    h5py = _h5py(path)
    _try_in_a_child(h5py, path)
    with _told(path):
        datasets, layout = _opened(h5py, path)
    turns = _turns(layout, {name: dataset.shape for name, dataset in datasets.items()})

    def read_one(name):
        with _told(path):
            return turns[name].of(datasets[name][()])
    return Weights(
        format=_in_words(layout), read=read_one,
        shapes={name: list(turn.shape) for name, turn in turns.items()},
        kinds={name: kind_of(name) for name in datasets if kind_of(name)},
        theano=layout.theano, of_keras_1=layout.of_keras_1)


def attribute(path, key, longest):
    """An attribute of a file, which is a text, or "" where it has none.

    Raises UserError where it is longer, no text, the file is damaged, or h5py is missing.
    """
    h5py = _h5py(path)
    _try_in_a_child(h5py, path)
    with _told(path):
        with h5py.File(path, "r") as file:
            return _text(h5py, file, key, longest)


# -- What stands where -----------------------------------------------------------------------

def _opened(h5py, path):
    """(a file's datasets by their paths, its _Layout)."""
    file = h5py.File(path, "r")
    root = _inside(h5py, file, "model_weights") if "model_weights" in file else file
    datasets = dict(_datasets(h5py, path, root))
    return datasets, _layout(h5py, file, root, {
        name: dataset.shape for name, dataset in datasets.items()})


def _datasets(h5py, path, root):
    """(path in the file, dataset) of each weight, in order."""
    if "layer_names" not in root.attrs:
        raise UserError(f"{path} is an HDF5 file without layer_names, which Keras 1 and 2 write: "
                        "save it with `model.save_weights(FILE)` of either")
    for layer in _names(h5py, root.attrs, "layer_names"):
        group = _inside(h5py, root, layer)
        for name in _names(h5py, group.attrs, "weight_names"):
            dataset = _inside(h5py, group, name)
            if not isinstance(dataset, h5py.Dataset) or dataset.dtype.kind != "f":
                raise ValueError(f"{layer}/{name} holds no floats")
            if dataset.external or getattr(dataset, "is_virtual", False):
                raise ValueError(f"{layer}/{name} is in another file")
            yield f"{layer}/{name}", dataset


def _names(h5py, attributes, key):
    """An attribute that is a list of names: of a fixed length, or of any, as h5py 3.14 has them."""
    if key not in attributes:
        raise ValueError(f"a layer has no {key}")
    kept = attributes.get_id(key)
    if len(kept.shape) != 1 or kept.shape[0] > _MOST_NAMES:
        raise ValueError(f"{key} has the shape {kept.shape}")
    if not kept.shape[0]:               # which Keras writes as floats
        return []
    if kept.dtype.kind != "S" and h5py.check_dtype(vlen=kept.dtype) not in (str, bytes):
        raise ValueError(f"{key} holds no names")
    names = [name.decode("utf-8") if isinstance(name, bytes) else name for name in attributes[key]]
    longest = max(map(len, names))
    if longest > _LONGEST_NAME:
        raise ValueError(f"{key} has a name of {longest} characters")
    return names


def _inside(h5py, group, path):
    """What has a path in a group, if it is in this very file."""
    for part in path.split("/"):
        if not isinstance(group, h5py.Group) or not isinstance(
                group.get(part, getlink=True), h5py.HardLink):
            raise ValueError(f"it has no {path}")
        group = group[part]
    return group


def _text(h5py, file, key, longest=_LONGEST_CONFIG):
    """An attribute that is a text, or an empty one."""
    if key not in file.attrs:
        return ""
    kept = file.attrs.get_id(key)
    fixed = kept.dtype.kind == "S" and kept.dtype.itemsize <= longest
    if kept.shape or not (fixed or h5py.check_dtype(vlen=kept.dtype) in (str, bytes)):
        raise ValueError(f"{key} is no text")
    text = file.attrs[key]
    return text.decode("utf-8") if isinstance(text, bytes) else str(text)


# -- How arrays lie --------------------------------------------------------------------------

class _Layout(NamedTuple):
    version: str            # of Keras, as far as the file says
    theano: bool
    channels_first: bool
    of_keras_1: bool


class _Turn(NamedTuple):
    """How an array comes to lie as Keras 2 on TensorFlow has it."""
    shape: Sequence[int]
    of: Callable[[np.ndarray], np.ndarray]


def _layout(h5py, file, root, shapes):
    version = _text(h5py, root, "keras_version") or _text(h5py, file, "keras_version")
    backend = _text(h5py, root, "backend") or _text(h5py, file, "backend")
    of_keras_1 = any(re.search(r"_W(:0)?$", name) for name in shapes)
    if of_keras_1 and not backend:      # only TensorFlow's variables have names with an output
        backend = "tensorflow" if all(name.endswith(":0") for name in shapes) else "theano"
    kernels = [shape for shape in shapes.values() if len(shape) == 4]
    first = (all(s[2] == s[3] for s in kernels) and any(s[0] != s[1] for s in kernels)
             if of_keras_1 else "channels_first" in _text(h5py, file, "model_config"))
    return _Layout(version or ("1" if of_keras_1 else ""), backend == "theano", first, of_keras_1)


def _turns(layout, shapes):
    """Names -> _Turn.

    Where images have their channels first, so have the rows of a dense layer that follows the
    last convolution, and the columns, and all that comes of them, of one that precedes the first.
    """
    kernels = [(name, _kernel_shape(layout, shape)) for name, shape in shapes.items()
               if kind_of(name) == "kernel"]
    rows, columns = {}, {}
    if layout.channels_first:
        for (_, shape), (following, next_shape) in zip(kernels, kernels[1:]):
            if len(shape) == 4 and len(next_shape) == 2 and not next_shape[0] % shape[3]:
                rows[following] = shape[3]
            if len(shape) == 2 and len(next_shape) == 4 and not shape[1] % next_shape[2]:
                columns[shape[1]] = next_shape[2]
    return {name: _turn(layout, shape, rows.get(name), columns.get(shape[-1] if shape else None))
            for name, shape in shapes.items()}


def _kernel_shape(layout, shape):
    if len(shape) == 4 and layout.of_keras_1 and layout.channels_first:
        filters, channels, height, width = shape
        return height, width, channels, filters
    return shape


def _turn(layout, shape, rows, columns):
    """Args: rows, columns: how many channels each axis has, where they come first."""
    if len(shape) == 4:
        def of_kernel(array):
            if layout.of_keras_1 and layout.channels_first:
                array = array.transpose(2, 3, 1, 0)
            return array[::-1, ::-1] if layout.theano else array
        return _Turn(_kernel_shape(layout, shape), of_kernel)

    def of_flat(array):
        if rows:
            array = _channels_last(array, 0, rows)
        return _channels_last(array, array.ndim - 1, columns) if columns else array
    return _Turn(shape, of_flat)


def _channels_last(array, axis, channels):
    """An axis of [channels * pixels] as one of [pixels * channels]."""
    before, after = array.shape[:axis], array.shape[axis + 1:]
    parted = array.reshape(before + (channels, -1) + after)
    return np.swapaxes(parted, axis, axis + 1).reshape(array.shape)


def _in_words(layout):
    notes = [word for word, true in (("Theano's kernels", layout.theano),
                                     ("channels first", layout.channels_first)) if true]
    return "HDF5 of Keras" + " ".join(["", layout.version] if layout.version else []) + (
        f" ({', '.join(notes)})" if notes else "")


def _h5py(path):
    try:
        import h5py
    except ImportError as error:
        raise UserError(f"{path} is an HDF5 file, and reading it needs h5py: "
                        "pip install h5py") from error
    return h5py


def _try_in_a_child(h5py, path):
    """Reads a file in a process of its own first, which a damaged one may kill.

    HDF5's library trusts what it reads. Where processes cannot be forked, there is no trial. Raises
    UserError where it did not survive.
    """
    if not hasattr(os, "fork"):
        return
    child = os.fork()
    if not child:
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(_SECONDS)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            datasets, _ = _opened(h5py, path)
            for dataset in datasets.values():
                if dataset.size <= _LARGEST:
                    dataset[()]
        finally:
            os._exit(0)             # what raises an error does so again, and is told
    if os.WIFSIGNALED(os.waitpid(child, 0)[1]):
        raise UserError(f"{path} is damaged: the HDF5 library cannot read it; copy it again")


@contextlib.contextmanager
def _told(path):
    """What reading a damaged or a hostile file raises, as one line."""
    try:
        yield
    except UserError:
        raise
    except (OSError, ValueError, RuntimeError, LookupError, TypeError, AttributeError,
            MemoryError) as error:
        raise UserError(f"{path} is damaged, or not a file of Keras weights: {reason(error)}"
                        ) from error
