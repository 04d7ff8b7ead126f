"""Files that appear whole or not at all, and pickles that execute nothing."""

import contextlib
import errno
import os
import pickle
import stat
import tempfile

import numpy as np

from tf1gan.errors import UserError, WriteError


TEMPORARY = ".tmp-"         # how the names of unfinished files begin


@contextlib.contextmanager
def atomic(path):
    """A binary file that takes the name `path` only when the block ends without an error.

    Written to a temporary name in the same folder, flushed to disk, then renamed. Where
    `path` is a link, what it leads to is replaced; a file that is there keeps its mode.

    Raises:
      WriteError: if the folder cannot be written to, or `path` is not a regular file.
    """
    temporary = None
    try:
        mode = _mode(path)
        target = os.path.realpath(path)
        folder = os.path.dirname(target)
        os.makedirs(folder, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=folder)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)       # mkstemp's own is for secrets
        os.replace(temporary, target)
    except OSError as error:
        raise WriteError("cannot write %s: %s" % (path, error.strerror or error))
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def check_writable(path):
    """Refuses a place where `atomic` could not write, before there is anything to lose.

    Raises:
      WriteError: it is not a regular file, or its folder cannot be written to.
    """
    try:
        _mode(path)
        folder = os.path.dirname(os.path.realpath(path))
        while not os.path.lexists(folder):
            folder = os.path.dirname(folder)
        tempfile.TemporaryFile(prefix=TEMPORARY, dir=folder).close()
    except (OSError, ValueError) as error:
        raise WriteError("cannot write %s: %s" % (path, getattr(error, "strerror", 0) or error))


def _mode(path):
    """The mode that a file written to `path` gets. Raises OSError unless one can be there."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        if os.path.basename(path):
            return 0o666 & ~_umask()
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a regular file; name another")
    return stat.S_IMODE(mode)


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def save_pickle(path, value):
    with atomic(path) as file:
        pickle.dump(value, file, protocol=4)        # 4: any Python 3 reads it


def load_pickle(path):
    """Reads a pickle of numpy arrays and plain containers; anything else is refused unexecuted.

    Raises:
      UserError: if the file cannot be read, is not such a pickle, or names other code.
    """
    try:
        with open(path, "rb") as file:
            return loads(file)
    except OSError as error:
        raise UserError("cannot read %s: %s" % (path, error.strerror or error))
    except Exception as error:      # a damaged pickle can fail in any way there is
        raise UserError("%s is not a pickle of numbers and arrays: %s" % (path, error))


def loads(file):
    """Unpickles an open binary file under the same restriction, with the errors as they come."""
    return _ArraysOnly(file, encoding="latin1").load()


class _ArraysOnly(pickle._Unpickler):
    """Admits what arrays and numbers of numpy are pickled with, and no other name.

    The admitted names stand for the functions below, which do no more than that takes. This
    is the unpickler written in Python: the other makes room for as many objects as a
    pickle's numbering of them promises.
    """

    def find_class(self, module, name):
        admitted = {
            ("multiarray", "_reconstruct"): _empty_array,
            ("multiarray", "scalar"): _scalar,
            ("numeric", "_frombuffer"): _array_of_buffer,
        }.get((module.rsplit(".", 1)[-1], name)) if module.startswith(_NUMPY) else {
            ("numpy", "ndarray"): _NDARRAY,
            ("numpy", "dtype"): _Dtype,
            ("_codecs", "encode"): _latin1,
            ("__builtin__", "bytes"): _no_bytes,
        }.get((module, name))
        if admitted is None:
            raise pickle.UnpicklingError("it names %s.%s" % (module, name))
        return admitted

    def load_build(self):
        """Gives an object its state; to an array, a dtype of numpy's for the stand-in in it."""
        state = self.stack[-1]
        if isinstance(self.stack[-2], np.ndarray):
            version, shape, kind, fortran, content = state
            self.stack[-1] = version, shape, kind.dtype, fortran, content
        super().load_build()

    dispatch = dict(pickle._Unpickler.dispatch)
    dispatch[pickle.BUILD[0]] = load_build


_NUMPY = ("numpy.core.", "numpy._core.")        # before numpy 2, and since
_NDARRAY = object()                             # is only ever an argument


def _empty_array(kind, shape, typecode):
    """What numpy begins each pickled array with; its content follows as its state."""
    if kind is not _NDARRAY or shape != (0,):
        raise pickle.UnpicklingError("not an array")
    return np.ndarray(shape, dtype="b")


class _Dtype:
    """Stands for a dtype of numbers, of whose own state nothing but the byte order is taken."""

    def __init__(self, description, *_):
        self.dtype = np.dtype(description)
        if self.dtype.kind not in "biuf":
            raise pickle.UnpicklingError("an array of %s" % self.dtype)

    def __setstate__(self, state):
        order = state[1]
        if order not in ("<", ">", "=", "|"):
            raise pickle.UnpicklingError("a byte order of %r" % (order,))
        self.dtype = self.dtype.newbyteorder(order)


def _scalar(kind, content):
    return np.frombuffer(content, kind.dtype, count=1)[0]


def _array_of_buffer(content, kind, shape, order):
    return np.frombuffer(content, kind.dtype).reshape(shape, order=order)


def _no_bytes():
    """How protocol 2 writes b""."""
    return b""


def _latin1(text, encoding):
    """How protocol 2 writes bytes."""
    if encoding != "latin1":
        raise pickle.UnpicklingError("text in %s" % encoding)
    return text.encode("latin1")
