"""What a file or a folder is that is no checkpoint, by what stands in it, in words."""

import glob
import os
import pickletools
import re
import zipfile

import numpy as np

from tf1gan import files, runs
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.restoring import claims
from tf1gan.restoring.hdf5 import is_hdf5
from tf1gan.runs import wire

_READ = 4096                        # bytes that say what a file is
_TABLE_ENDS = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"       # TensorFlow's index, and its first format
_REMEDY = ": name a run's folder, a checkpoint's prefix or an HDF5 file of Keras's"
_PART = re.compile(r"\.(index|meta|data-\d{5}-of-\d{5})$")
# A node's operation that is a variable, in bytes and as text.
_VARIABLE = re.compile(rb'(\x12[\x08\x0a\x0b]|op: ")(VarHandleOp|VariableV2|Variable)')
_PICKLE = 2 ** 20                   # bytes of a pickle that are looked at
_MANY = 100                         # of its operations, which no text happens to consist of
# What a file begins with -> what it is, and what to do.
_BEGINNINGS = (
    (b"\x89PNG\r\n", "a picture (PNG)"), (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"), (b"BM", "a picture (BMP)"),
    (b"\x1f\x8b", "a file packed by gzip: unpack it and name what is in it"),
    (b"BZh", "a file packed by bzip2: unpack it and name what is in it"),
    (b"\xfd7zXZ", "a file packed by xz: unpack it and name what is in it"),
    (b"7z\xbc\xaf", "an archive of 7-Zip's: unpack it and name what is in it"),
    (b"%PDF-", "a document (PDF)"),
    (b"\x00\x00\x08\x03", "images of MNIST (IDX)"), (b"\x00\x00\x08\x01", "labels of MNIST (IDX)"),
    (b"\x80\x02", "a pickle"), (b"\x80\x03", "a pickle"), (b"\x80\x04", "a pickle"),
    (b"\x80\x05", "a pickle"), (b"\x08\x01\x12", "the graph of a SavedModel: name its folder"))


def what_is(path):
    """What there is at a path, if it is known and not weights that are read here; else None.

    Nothing of a file is executed or unpacked.
    """
    path = os.fspath(path)
    if os.path.islink(path) and not os.path.exists(path):
        return f"{path} is a link to what is not there{_REMEDY}"
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        return f"{path} is a pipe or a device, and no file{_REMEDY}"
    try:
        if os.path.isdir(path):
            return _folder(path)
        prefix = _PART.sub("", path)
        if os.path.isfile(prefix + ".index"):
            return _stand_in(prefix)
        if not os.path.isfile(path) or is_hdf5(path):
            return None
        return _file(path)
    except OSError:                 # for those who read it to say
        return None


def _folder(path):
    names = sorted(os.listdir(path))
    if not names:
        return f"{path} is an empty folder{_REMEDY}"
    for name in set(claims.SAVED_MODEL) & set(names):
        return _saved_model(path, name)
    if any(name.startswith((runs.MODEL, runs.GENERATOR, runs.BEST)) for name in names
           if name.endswith(".index")) or runs.latest_of_list(path):
        return None
    listed = claims.listed(os.path.join(path, "checkpoint"))
    missing = f" has a list of checkpoints (checkpoint), but {repr(listed)[1:-1]}, which it " \
              "names, is not there" if listed else ""
    prefixes = [name[:-len(".index")] for name in names if name.endswith(".index")] or [
        name for name in names if _is_table(os.path.join(path, name))]
    if prefixes:
        return f"{path}{missing or ' has no list of checkpoints (checkpoint)'}: name one by its " \
               f"prefix, such as {os.path.join(path, prefixes[-1])}"
    if missing:
        return f"{path}{missing}{_REMEDY}"
    parts = [name for name in names if ".data-" in name and _PART.search(name)]
    if parts:
        return f"{path} has {parts[0]}, a part of a checkpoint, but not its .index{_REMEDY}"
    weights = [name for name in names if is_hdf5(os.path.join(path, name))]
    if weights:
        return f"{path} has no checkpoint, but HDF5 files: name one, such as " \
               f"{os.path.join(path, weights[0])}"
    return None


def _saved_model(path, name):
    if not os.path.isfile(os.path.join(path, name)):
        return f"{os.path.join(path, name)} is not a file{_REMEDY}"
    prefix = os.path.join(path, "variables", "variables")
    there = os.path.isfile(prefix + ".index")
    weights = f"its weights are {prefix}, which is a checkpoint's prefix"
    file = os.path.join(path, name)
    content = _checked(file) or b""
    if not _is_whole(name, content):
        return f"{path} is a SavedModel whose {name} cannot be read: " + (
            weights if there else "copy its folder again")
    if there:
        return f"{path} is a SavedModel: {weights}"
    if _VARIABLE.search(content):
        return f"{path} is a SavedModel, but its weights, {prefix}.index, are not there: copy " \
               "its folder variables, too"
    return f"{path} is a SavedModel: its weights are constants of its graph; tf1gan convert " \
           "makes one for TensorFlow 2 of it, and tf1gan sample draws from it"


def _is_whole(name, content):
    """Whether a SavedModel's file can be read."""
    if name.endswith(".pbtxt"):
        return b"meta_graphs" in content and content.count(b"{") == content.count(b"}")
    # Its fields are its version and graphs, which tf has no message for: a graph's are read.
    try:
        for begin, end in wire.inside(content, (2,)):
            tf.MetaGraphDef.FromString(content[begin:end])
    except Exception:               # each protobuf has an error of its own
        return False
    return bool(content)


def _is_table(path):
    """Whether it is a checkpoint of the first format, or an index."""
    if not os.path.isfile(path):
        return False
    with files.opened(path) as file:
        file.seek(max(os.path.getsize(path) - len(_TABLE_ENDS), 0))
        return file.read() == _TABLE_ENDS


def _stand_in(prefix):
    """What there is in place of a checkpoint's files, such as Git LFS's pointers; or None."""
    for path in [prefix + ".index"] + sorted(glob.glob(glob.escape(prefix) + ".data-*")):
        with files.opened(path) as file:
            start = file.read(_READ)
        if _downloaded(start):
            return f"{path} is {_downloaded(start)}"
    return None


def _downloaded(start):
    """What is often downloaded in place of a file, or None."""
    if start.startswith(b"version https://git-lfs"):
        return "a pointer of Git LFS's in place of the file: get that with git lfs pull"
    if re.match(rb"\s*(<!doctype html|<html)", start, re.IGNORECASE):
        return "a web page (HTML) in place of the file: download that again"
    return None


def _file(path):
    if _is_table(path):
        return None                 # a checkpoint of the first format
    size = os.path.getsize(path)
    with files.opened(path) as file:
        start = file.read(_READ)
    words = _in_words(path, start, size) or "no checkpoint, nor any other file that is known here"
    return f"{path} is {words}" + ("" if ": " in words else _REMEDY)


def _in_words(path, start, size):
    if not size:
        return "empty"
    if _downloaded(start):
        return _downloaded(start)
    if _PART.search(path) and not path.endswith(".meta"):
        return f"a part of a checkpoint, whose {os.path.basename(_PART.sub('', path))}.index is " \
               "not there"
    if start.startswith(b"\x93NUMPY"):
        return _array(path)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(path)
    if ".tfevents." in os.path.basename(path):
        return "a file of TensorBoard's events: name its folder to tensorboard --logdir"
    for beginning, words in _BEGINNINGS:
        if start.startswith(beginning):
            return words
    if start[4:8] == b"TFL3":
        return "a model of TensorFlow Lite"
    if start[257:262] == b"ustar":
        return "a tar archive: unpack it and name what is in it"
    if _is_old_pickle(path):
        return "a pickle"
    damaged = "no graph that can be read, whatever its name says, or not a whole one" \
        if path.endswith((".meta", ".pb")) else None
    return _text(start) or _graph(path) or damaged


def _is_old_pickle(path):
    """Whether it is a pickle of protocol 0 or 1, which has no mark. Executes nothing of it."""
    with files.opened(path) as file:
        content = file.read(_PICKLE)
        whole = not file.read(1)
    count = end = 0
    try:
        for operation, _, place in pickletools.genops(content):
            count += 1
            if operation.name == "STOP":
                end = place + 1
    except Exception:               # whatever it makes of what is no pickle, or of its beginning
        return not whole and count > _MANY
    return whole and end == len(content) > 1


def _array(path):
    with files.opened(path) as file:
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
    if not names:
        return "an archive with nothing in it"
    if all(name.endswith(".npy") for name in names):
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


def _checked(path):
    """A file's bytes, or None where they are no graph's. Raises UserError for what they claim."""
    try:
        with claims.mapped(path) as mapped:
            claims.check_content(path, mapped)
            return mapped[:]
    except UserError:
        raise
    except ValueError:
        return None


def _graph(path):
    """Of a GraphDef or a MetaGraphDef, what it holds."""
    content = _checked(path)
    if content is None:
        return None
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
               f"constants ({kinds.count('Const')}): tf1gan convert makes a SavedModel of it, " \
               "and tf1gan sample draws from it"
    return None
