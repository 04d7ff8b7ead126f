"""What a file or a folder is that is no checkpoint, by what stands in it, in words."""

import os
import re
import zipfile

import numpy as np

from tf1gan.compat import tf
from tf1gan.restoring.hdf5 import is_hdf5

_READ = 4096                        # bytes that say what a file is
_LARGEST_GRAPH = 2 ** 31            # bytes; no message of protobuf is larger
_TABLE_ENDS = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"       # TensorFlow's index, and its first format
_REMEDY = ": name a run's folder, a checkpoint's prefix or an HDF5 file of Keras's"
_PART = re.compile(r"\.(index|meta|data-\d{5}-of-\d{5})$")
_SAVED_MODEL = ("saved_model.pb", "saved_model.pbtxt")
# What a file begins with -> what it is, and what to do.
_BEGINNINGS = (
    (b"\x89PNG\r\n", "a picture (PNG)"), (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"), (b"BM", "a picture (BMP)"),
    (b"\x1f\x8b", "a file packed by gzip: unpack it and name what is in it"),
    (b"BZh", "a file packed by bzip2: unpack it and name what is in it"),
    (b"\x00\x00\x08\x03", "images of MNIST (IDX)"), (b"\x00\x00\x08\x01", "labels of MNIST (IDX)"),
    (b"\x80\x02", "a pickle"), (b"\x80\x03", "a pickle"), (b"\x80\x04", "a pickle"),
    (b"\x80\x05", "a pickle"), (b"\x08\x01\x12", "the graph of a SavedModel: name its folder"))


def what_is(path):
    """What there is at a path, if it is known and not weights that are read here; else None.

    Nothing of a file is executed or unpacked.
    """
    path = os.fspath(path)
    try:
        if os.path.isdir(path):
            return _folder(path)
        prefix = _PART.sub("", path)
        if os.path.isfile(prefix + ".index") or not os.path.isfile(path) or is_hdf5(path):
            return None
        return _file(path)
    except OSError:                 # for those who read it to say
        return None


def _folder(path):
    names = sorted(os.listdir(path))
    if not names:
        return f"{path} is an empty folder{_REMEDY}"
    if any(name in names for name in _SAVED_MODEL):
        weights = os.path.join(path, "variables", "variables")
        return f"{path} is a SavedModel: " + (
            f"its weights are {weights}, which is a checkpoint's prefix"
            if os.path.isfile(weights + ".index") else "its weights are constants of its graph")
    if "checkpoint" in names and os.path.isfile(os.path.join(path, "checkpoint")) \
            and not any(name.endswith(".index") for name in names):
        listed = _listed(os.path.join(path, "checkpoint"))
        if listed and not os.path.isfile(os.path.join(path, listed)):
            return f"{path} has a list of checkpoints (checkpoint), but {repr(listed)[1:-1]}, " \
                   f"which it names, is not there{_REMEDY}"
    if any(name.endswith(".index") for name in names):
        return None
    parts = [name for name in names if ".data-" in name and _PART.search(name)]
    if parts:
        return f"{path} has {parts[0]}, a part of a checkpoint, but not its .index{_REMEDY}"
    weights = [name for name in names if is_hdf5(os.path.join(path, name))]
    if weights:
        return f"{path} has no checkpoint, but HDF5 files: name one, such as " \
               f"{os.path.join(path, weights[0])}"
    return None


def _listed(path):
    """The checkpoint that TensorFlow's list names, or ""."""
    with open(path, "rb") as file:
        found = re.match(rb'model_checkpoint_path: "([^"\n]*)"', file.read(_READ))
    return found.group(1).decode("utf-8", "replace") if found else ""


def _file(path):
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        start = file.read(_READ)
        file.seek(max(size - len(_TABLE_ENDS), 0))
        end = file.read()
    if end == _TABLE_ENDS:
        return None                 # a checkpoint of the first format
    words = _in_words(path, start, size) or "no checkpoint, nor any other file that is known here"
    return f"{path} is {words}" + ("" if ": " in words else _REMEDY)


def _in_words(path, start, size):
    if not size:
        return "empty"
    if _PART.search(path) and not path.endswith(".meta"):
        return f"a part of a checkpoint, whose {os.path.basename(_PART.sub('', path))}.index is " \
               "not there"
    if start.startswith(b"\x93NUMPY"):
        return _array(path)
    if start.startswith(b"PK\x03\x04"):
        return _archive(path)
    if ".tfevents." in os.path.basename(path):
        return "a file of TensorBoard's events: name its folder to tensorboard --logdir"
    for beginning, words in _BEGINNINGS:
        if start.startswith(beginning):
            return words
    if start[4:8] == b"TFL3":
        return "a model of TensorFlow Lite"
    return _text(start) or _graph(path, size)


def _array(path):
    with open(path, "rb") as file:
        try:
            version = np.lib.format.read_magic(file)
            read = np.lib.format.read_array_header_1_0 if version == (1, 0) \
                else np.lib.format.read_array_header_2_0
            shape, _, dtype = read(file)
        except ValueError:
            return "a damaged array of NumPy's (.npy)"
    return f"an array of NumPy's (.npy), {dtype} {list(shape)}, and no checkpoint: np.load reads it"


def _archive(path):
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return "a damaged zip archive"
    if names and all(name.endswith(".npy") for name in names):
        shown = ", ".join(repr(name[:-len(".npy")])[1:-1] for name in names[:3])
        return f"arrays of NumPy's (.npz): {shown}{', ...' if len(names) > 3 else ''}, and no " \
               "checkpoint: np.load reads it"
    if "model.weights.h5" in names:
        return "a model of Keras 3 (.keras), which is not read: save it as HDF5 with Keras 2"
    if any(name.endswith("/data.pkl") for name in names):
        return "a file of PyTorch's"
    return "a zip archive: unpack it and name what is in it"


def _text(start):
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 4:        # not only cut off
            return None
        text = start[:error.start].decode("utf-8")
    if re.search(r"[\x00-\x08\x0e-\x1f]", text):
        return None
    if text.startswith("model_checkpoint_path:"):
        return "TensorFlow's list of checkpoints: name its folder, or one of them"
    if re.match(r"\s*(node|meta_info_def|graph_def|versions|library)\s*\{", text):
        return "a graph as text, without weights of its own"
    return "text, and no checkpoint"


def _graph(path, size):
    """Of a GraphDef or a MetaGraphDef, what it holds."""
    if size >= _LARGEST_GRAPH:
        return None
    with open(path, "rb") as file:
        content = file.read()
    meta, graph = tf.MetaGraphDef(), tf.GraphDef()
    for message in (meta, graph):
        try:
            message.ParseFromString(content)
        except Exception:           # each protobuf has an error of its own
            message.Clear()
    if meta.graph_def.node:
        version = meta.meta_info_def.tensorflow_version
        return f"a graph (MetaGraphDef) of {len(meta.graph_def.node)} operations" + (
            f", written by TensorFlow {version!r}".replace("'", "") if version else "") + \
            ", without weights: those are in a checkpoint of the same name"
    if graph.node and all(node.name and node.op for node in graph.node):
        kinds = [node.op for node in graph.node]
        if any(kind.startswith("Variable") or kind == "VarHandleOp" for kind in kinds):
            return f"a graph (GraphDef) of {len(kinds)} operations, without weights: those are " \
                   "in a checkpoint"
        return f"a frozen graph (GraphDef) of {len(kinds)} operations, whose weights are " \
               f"constants ({kinds.count('Const')}): tf.import_graph_def reads it, and no " \
               "model is restored from it"
    return None
