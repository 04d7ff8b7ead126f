"""Files that appear whole or not at all, and pickles that execute nothing."""

import contextlib
import os
import pickle
import tempfile

from tf1gan.errors import UserError, WriteError


TEMPORARY = ".tmp-"         # how the names of unfinished files begin


@contextlib.contextmanager
def atomic(path):
    """A binary file that takes the name `path` only when the block ends without an error.

    Written to a temporary name in the same folder, flushed to disk, then renamed.

    Raises:
      WriteError: if the folder cannot be written to.
    """
    folder = os.path.dirname(os.path.abspath(path))
    temporary = None
    try:
        os.makedirs(folder, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=folder)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())      # mkstemp's own mode is for secrets
        os.replace(temporary, path)
    except OSError as error:
        raise WriteError("cannot write %s: %s" % (path, error.strerror or error))
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


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


class _ArraysOnly(pickle.Unpickler):
    """Admits what numpy arrays and numpy numbers are pickled with, and no other name."""

    _ADMITTED = {
        (module, name)
        for package in ("numpy.core", "numpy._core")
        for module, name in ((package + ".multiarray", "_reconstruct"),
                             (package + ".multiarray", "scalar"),
                             (package + ".numeric", "_frombuffer"))
    } | {("numpy", "ndarray"), ("numpy", "dtype"), ("_codecs", "encode")}

    def find_class(self, module, name):
        if (module, name) not in self._ADMITTED:
            raise pickle.UnpicklingError("it names %s.%s" % (module, name))
        # numpy 2 moved numpy.core; each numpy finds its own wherever the file was written.
        for renamed in (module.replace("numpy.core", "numpy._core"),
                        module.replace("numpy._core", "numpy.core")):
            try:
                return super().find_class(renamed, name)
            except (ImportError, AttributeError):
                continue
        raise pickle.UnpicklingError("this numpy has no %s.%s" % (module, name))
