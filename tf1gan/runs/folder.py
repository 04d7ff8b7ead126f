"""A run's folder: what stands where, and how it is opened, read and guarded.

    config.json                 every hyperparameter, the seed, the data, versions
    checkpoint, model.ckpt-*    everything, to resume
    generator.ckpt-*            the generator alone, under the documents' names
    losses.pkl, samples.pkl     the documents' formats
    monitor.json, states.json   what the monitor remembers, and which states began and ended
    events.out.tfevents.*       TensorBoard
    samples/, loss.png          pictures
    .lock, .unsaved             who trains in it; that no checkpoint has been written yet
"""

import contextlib
import errno
import os
import platform
import re

import numpy as np

import tf1gan
from tf1gan import pickles
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.images import PIXELS

try:
    import fcntl
except ImportError:     # Windows: runs are not guarded against a second process there
    fcntl = None

LOCK = ".lock"
LOSSES, SAMPLES = "losses.pkl", "samples.pkl"
_LONG = "x" * 100       # as the names are that TensorFlow gives to a checkpoint's parts


def folder_of(logdir, name):
    """logs/RUN. Raises UserError unless `name` is a single name, and both are text that fits."""
    logdir = os.fspath(logdir)
    if not name or name in (".", "..") or re.search(r"[/\\\x00-\x1f\x7f]", name):
        raise UserError(f"--run takes a run's name, not {name!r}: name the folder that holds "
                        "the runs with --logdir")
    for words, value in (("--run", name), ("--logdir", logdir)):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise UserError(f"{words} is not UTF-8, which TensorFlow's file names must be: "
                            f"{ascii(value)}") from None
        if "\0" in value:
            raise UserError(f"{words} is not a valid file name: {ascii(value)}")
    folder = os.path.join(logdir, name)
    path = os.path.abspath(folder)
    # Of what is not there a part of the name is not looked at.
    for each in [os.path.join(path, _LONG)] + path.split(os.sep):
        try:
            os.lstat(each)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise UserError(f"the name {folder} is too long for a folder: give a shorter "
                                "--run or --logdir") from None
    return folder


def versions():
    return {"tf1gan": tf1gan.__version__, "python": platform.python_version(),
            "tensorflow": tf.__version__, "numpy": np.__version__}


def check_files(folder, names):
    """Checks that what is to be a file is none but a file.

    Raises:
      UserError: a folder or the like has one of the names.
    """
    for path in (os.path.join(folder, name) for name in names):
        if os.path.exists(path) and not os.path.isfile(path):
            raise UserError(f"{path} is not a file, and a run keeps a file of that name: move it "
                            "elsewhere")


def is_used(folder):
    """Whether a folder holds anything but a lock."""
    return os.path.isdir(folder) and bool(set(os.listdir(folder)) - {LOCK})


@contextlib.contextmanager
def locked(folder, remedy="name another run with --run"):
    """Makes the folder and keeps every other process from training in it.

    Args:
      remedy: what to do where one does, beside waiting.

    Raises:
      UserError: one does already, or the folder cannot be made.
    """
    path = os.path.join(folder, LOCK)
    try:
        os.makedirs(folder, exist_ok=True)
        check_files(folder, (LOCK,))        # a pipe could be waited for
        file = open(path, "w")
    except OSError as error:
        raise UserError(f"cannot write to {folder} ({error.strerror}): name another folder with "
                        "--logdir") from error
    with file:
        if not _lock(file) or not _is_at(file, path):
            raise UserError(f"another process is using {folder}: wait until it ends, or {remedy}")
        yield


def _lock(file):
    """Whether no other process has it locked. Where nothing can be locked, none has."""
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:     # a file system without locks
        pass
    return True


def _is_at(file, path):
    """Whether an open file is what has that name: the folder may have been set aside."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except OSError:
        return False


def read_history(folder):
    """A run's losses and samples.

    Returns:
      (a list of [g_loss, d_loss], a list of float [n, 784], of which all have the same n).

    Raises:
      UserError: a file cannot be read, or holds something else; names it.
    """
    found = []
    for name, items in ((LOSSES, _losses), (SAMPLES, _samples)):
        path = os.path.join(folder, name)
        try:
            recorded = pickles.load(path)
            if not isinstance(recorded, list):
                raise TypeError
            found.append(items(recorded))
        except UserError as error:
            raise UserError(f"{error}; {_REMEDY}") from error
        except (ArithmeticError, TypeError, ValueError) as error:
            raise UserError(f"{path} does not hold what a run writes there: {_REMEDY}") from error
    return tuple(found)


_REMEDY = "restore it, or start over with --fresh"


def _losses(recorded):
    for pair in recorded:
        g_loss, d_loss = None if isinstance(pair, (bytes, str)) else pair
        float(0.0 + g_loss + d_loss)        # no number is an error
    return recorded


def _samples(recorded):
    for sample in recorded:
        count, pixels = sample.shape if isinstance(sample, np.ndarray) else (0, 0)
        if not (count == len(recorded[0]) and count and pixels == PIXELS):
            raise ValueError
    return recorded


def set_aside(folder):
    """Renames a run's folder to the first free of RUN.1, RUN.2, ... and returns that."""
    number = 1
    while os.path.lexists(f"{folder}.{number}"):
        number += 1
    aside = f"{folder}.{number}"
    try:
        os.rename(folder, aside)
    except OSError as error:
        raise UserError(f"cannot rename {folder} to {aside}: {error.strerror}") from error
    return aside
