"""Pickles of numbers and arrays, whole at every moment and read without executing anything."""

import os
import pickle

import numpy as np

from tf1gan import files
from tf1gan.errors import UserError, WriteError


def save(path, value, protocol=4):
    """Writes a pickle whole. Any Python 3 reads protocols 3 and 4."""
    with files.atomic(path) as file:
        pickle.dump(value, file, protocol)


class Growing:
    """A pickle of a list, to which is added what is new in the list since it was last saved."""

    def __init__(self, path):
        self._path = path
        self._items = 0             # those in the file
        self._size = None           # the file's, as it was left; None fits no file

    def save(self, items):
        """Writes a list that begins with what was saved before.

        Raises WriteError where the file cannot be written; it is as it was.
        """
        new = items[self._items:]
        if not os.path.exists(self._path) or os.path.getsize(self._path) != self._size:
            save(self._path, items, _BY_NUMBER)
        elif new:
            self._add(pickle.dumps(new, _BY_NUMBER)[len(_NEW_LIST):])
        self._items, self._size = len(items), os.path.getsize(self._path)

    def _add(self, content):
        """Puts content in the place of the last byte, which ends the pickle.

        The first byte is written last: until then the pickle ends where it did.
        """
        try:
            with open(self._path, "r+b", buffering=0) as file:
                try:
                    _write_at(file, self._size, content[1:])
                except OSError:
                    file.truncate(self._size)
                    raise
                _write_at(file, self._size - 1, content[:1])
        except OSError as error:
            raise WriteError(f"cannot write {self._path}: {error.strerror or error}") from error


# Protocol 3 numbers the objects that it refers to, and new ones take the numbers of the old.
_BY_NUMBER = 3
_NEW_LIST = pickle.dumps([], _BY_NUMBER)[:-1]


def _write_at(file, place, content):
    file.seek(place)
    view = memoryview(content)
    while view:
        view = view[file.write(view):]
    os.fsync(file.fileno())


def load(path):
    """Reads a pickle of numpy arrays and plain containers; anything else is refused unexecuted.

    Raises UserError where the file cannot be read, is not such a pickle, or names other code.
    """
    try:
        with files.opened(path) as file:
            return loads(file)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror or error}") from error
    except EOFError as error:
        raise UserError(f"{path} is not a pickle of numbers and arrays: it ends too soon"
                        ) from error
    except Refused as error:
        raise UserError(f"{path} is not a pickle of numbers and arrays: {error}") from error
    except Exception as error:      # a damaged pickle can fail in any way there is
        raise UserError(f"{path} is not a pickle of numbers and arrays: it is damaged, or "
                        "something else") from error


def loads(file):
    """Unpickles an open binary file under the same restriction, with the errors as they come."""
    return _ArraysOnly(file, encoding="latin1").load()


def restricted(file, stand_in):
    """An unpickler under the same restriction, for which other names have stand-ins.

    Args:
      stand_in: (module, name) -> what stands for a name, before all that is admitted, or None;
        what is neither is `Anything`.
    """
    class WithStandIns(_ArraysOnly):
        def find_class(self, module, name):
            found = stand_in(module, name)
            if found is not None:
                return found
            try:
                return super().find_class(module, name)
            except Refused:
                return Anything
    return WithStandIns(file, encoding="latin1")


class Refused(pickle.UnpicklingError):
    """What a pickle has that is neither a number nor an array, in words."""


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
            ("__builtin__", "bytes"): lambda: b"",      # as protocol 2 writes that
        }.get((module, name))
        if admitted is None:
            raise Refused(f"it names {module}.{name}")
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


class Anything:
    """Stands for what a pickle names and nobody reads: takes what it is given, and keeps none."""

    def __init__(self, *_):
        pass

    __setstate__ = __setitem__ = append = extend = __init__


_NUMPY = ("numpy.core.", "numpy._core.")        # before numpy 2, and since
_NDARRAY = object()                             # is only ever an argument


def _empty_array(kind, shape, typecode):
    """What numpy begins each pickled array with; its content follows as its state."""
    if kind is not _NDARRAY or shape != (0,):
        raise Refused("not an array")
    return np.ndarray(shape, dtype="b")


class _Dtype:
    """Stands for a dtype of numbers, of whose own state nothing but the byte order is taken."""

    def __init__(self, description, *_):
        self.dtype = np.dtype(description)
        if self.dtype.kind not in "biuf":
            raise Refused(f"an array of {self.dtype}")

    def __setstate__(self, state):
        order = state[1]
        if order not in ("<", ">", "=", "|"):
            raise Refused(f"a byte order of {order!r}")
        self.dtype = self.dtype.newbyteorder(order)


def _scalar(kind, content):
    return np.frombuffer(content, kind.dtype, count=1)[0]


def _array_of_buffer(content, kind, shape, order):
    return np.frombuffer(content, kind.dtype).reshape(shape, order=order)


def _latin1(text, encoding):
    """How protocol 2 writes bytes."""
    if encoding != "latin1":
        raise Refused(f"text in {encoding}")
    return text.encode("latin1")
