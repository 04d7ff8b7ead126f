"""Files as TensorFlow 1 found and removed them.

A pattern in a folder that is not there was an error, also for what looks for files in this way, as
a Saver does for a checkpoint. Today nothing is found there.
"""

import inspect
import os
import re

from tf1gan.legacy.names import Restored

_WILD = re.compile(r"[*?\[\\]")


def restore():
    """Restores it in TensorFlow's own modules.

    Returns:
      names of tf.gfile, of tf.io.gfile and of tf.train -> functions.
    """
    from tensorflow.python.lib.io import file_io
    from tensorflow.python.platform import gfile
    today, remove = file_io.get_matching_files_v2, file_io.delete_recursively_v2

    def glob(pattern):
        return [name for each in (pattern if isinstance(pattern, (list, tuple)) else [pattern])
                for name in _found(each, today)]

    def get_matching_files(filename):
        return glob(filename)

    def rmtree(path):
        _check_folder(_text(path), only_if_there=True)
        remove(path)

    def delete_recursively(dirname):
        rmtree(dirname)
    file_io.get_matching_files_v2, file_io.get_matching_files = glob, get_matching_files
    file_io.delete_recursively_v2, file_io.delete_recursively = rmtree, delete_recursively
    gfile.Glob, gfile.DeleteRecursively = get_matching_files, delete_recursively
    _graphs_as_text()
    return (dict(Glob=get_matching_files, DeleteRecursively=delete_recursively),
            dict(glob=glob, rmtree=rmtree), dict(NewCheckpointReader=_reader()))


def _graphs_as_text():
    """`write_graph`, which TensorFlow 2.16 to 2.20 ask of protobuf in a way that 7 has not."""
    from google.protobuf import text_format
    from tensorflow.python.framework import graph_io
    if "float_format" not in inspect.signature(text_format.MessageToString).parameters:
        graph_io.text_format = Restored("text_format", text_format, dict(
            MessageToString=lambda message, float_format=None, **named:
            text_format.MessageToString(message, **named)))


def _reader():
    """Opens a checkpoint."""
    from tensorflow.python.framework import errors
    from tensorflow.python.training import py_checkpoint_reader
    today = py_checkpoint_reader.NewCheckpointReader

    def open_checkpoint(filepattern):
        try:
            return today(filepattern)
        except errors.NotFoundError as error:
            folder = os.path.dirname(_text(filepattern)) or "."
            if os.path.isdir(folder) or "://" in folder:
                raise
            raise errors.InvalidArgumentError(
                None, None, "Unsuccessful TensorSliceReader constructor: Failed to get matching "
                f"files on {_text(filepattern)}: Not found: {folder}; No such file or directory"
                ) from error
    py_checkpoint_reader.NewCheckpointReader = open_checkpoint
    return open_checkpoint


def _found(pattern, find):
    text = _text(pattern)
    fixed = text[:_WILD.search(text).start()] if _WILD.search(text) else text
    folder = os.path.dirname(fixed)
    if not text or "://" in text:
        return find(pattern)
    _check_folder(folder or ".")
    if not os.path.basename(text):
        return []
    # Where the pattern names no folder, what is found is in this one, by name.
    return find(pattern if folder else os.path.join(".", text))


def _check_folder(path, only_if_there=False):
    from tensorflow.python.framework import errors
    if "://" in path or os.path.isdir(path):
        return
    if os.path.exists(path):
        raise errors.FailedPreconditionError(None, None, f"{path}; Not a directory")
    if not only_if_there:
        raise errors.NotFoundError(None, None, f"{path}; No such file or directory")


def _text(path):
    from tensorflow.python.util import compat
    return compat.as_str_any(compat.path_to_str(path))
