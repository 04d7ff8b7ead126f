"""Files that are read as files, and files and folders that appear whole or not at all."""

import contextlib
import errno
import os
import re
import shutil
import stat
import tempfile

from tf1gan.errors import WriteError

TEMPORARY = ".tmp-"         # how the names of unfinished files begin
_MADE = (".png", ".gif", ".npz", ".onnx", ".html")      # what commands write of a model


def opened(path):
    """A file opened for its bytes. Raises OSError for a pipe, which would be waited for."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise OSError(errno.EINVAL, "it is not a file", path)
    return open(path, "rb")


def cache():
    """The folder of what is made once for a machine: $TF1GAN_CACHE, or ~/.cache/tf1gan."""
    return os.environ.get("TF1GAN_CACHE") or os.path.join(
        os.path.expanduser("~"), ".cache", "tf1gan")


@contextlib.contextmanager
def atomic(path):
    """A binary file that takes the name `path` only when the block ends without an error.

    Written to a temporary name in the same folder, flushed to disk, then renamed. Where `path` is a
    link, what it leads to is replaced; a file that is there keeps its mode. Raises WriteError where
    the folder cannot be written to, or `path` is not a regular file.
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
        raise WriteError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def check_writable(path):
    """Raises WriteError where `atomic` could not write, before there is anything to lose."""
    try:
        _mode(path)
        folder = os.path.dirname(os.path.realpath(path))
        while not os.path.lexists(folder):
            folder = os.path.dirname(folder)
        tempfile.TemporaryFile(prefix=TEMPORARY, dir=folder).close()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", 0) or error
        raise WriteError(f"cannot write {path}: {why}") from error


def check_kept(source, *written):
    """Raises WriteError where what is written would replace what is read, or belongs to it.

    Args:
      source: a file, the prefix of a checkpoint's files, one of these, or a folder, in which
        pictures, arrays and pages may be replaced.
      written: paths of files, or None.
    """
    source = os.path.realpath(source)
    prefix = re.sub(r"\.(meta|index|data-\d{5}-of-\d{5})$|-\d{5}-of-\d{5}$", "", source)
    for path in filter(None, written):
        target = os.path.realpath(path)
        belongs = target == source or re.match(
            re.escape(prefix) + r"(\.(meta|index|data-.*)|-\d{5}-of-\d{5})?$", target)
        inside = target.startswith(os.path.join(source, "")) and not target.endswith(_MADE)
        if os.path.exists(target) and (belongs or inside):
            raise WriteError(f"cannot write {path}: it is what is read, or belongs to it; name "
                             "another file")


@contextlib.contextmanager
def atomic_folder(path):
    """A new folder, given by a temporary name, that is `path` when the block ends without an error.

    Where `path` is an empty folder or a link to one, that is what it becomes. Raises WriteError as
    `check_new_folder` does, and where there is no room.
    """
    check_new_folder(path)
    temporary = None
    try:
        target = os.path.realpath(path)
        parent = os.path.dirname(target)
        os.makedirs(parent, exist_ok=True)
        temporary = tempfile.mkdtemp(prefix=TEMPORARY, dir=parent)
        yield temporary
        for folder, _, names in os.walk(temporary):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    os.fsync(file.fileno())
        os.chmod(temporary, 0o777 & ~_umask())      # mkdtemp's own is for secrets
        os.rename(temporary, target)
    except OSError as error:
        raise WriteError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def check_new_folder(path):
    """Raises WriteError where anything but an empty folder is, or where none can be made."""
    try:
        target = os.path.realpath(path)
        if os.path.isdir(target):
            if os.listdir(target):
                raise OSError(errno.ENOTEMPTY, "it exists and is not empty; name another folder")
        elif os.path.lexists(target):
            raise OSError(errno.EEXIST, "it exists and is not a folder; name another")
        parent = os.path.dirname(target)
        while not os.path.lexists(parent):
            parent = os.path.dirname(parent)
        os.rmdir(tempfile.mkdtemp(prefix=TEMPORARY, dir=parent))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", 0) or error
        raise WriteError(f"cannot write {path}: {why}") from error


def _mode(path):
    """The mode that a file written to `path` gets. Raises OSError unless one can be there."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        if os.path.basename(path):
            return 0o666 & ~_umask()
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)) from None
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a regular file; name another")
    return stat.S_IMODE(mode)


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask
