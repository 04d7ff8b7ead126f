"""What is said where a script cannot go on: which line of it wants what, and what to do."""

import os
import sys


class Refused(BaseException):
    """Something of TensorFlow 1 that is not restored. No `except Exception` of a script takes it.

    The runner ends with its line and status 2.
    """


def refuse(what):
    """Raises Refused for the line of the script that is being run."""
    raise Refused(f"{own_line()}: {what}")


def own_line(frame=None):
    """The innermost line of the script's own files on the stack, as "gan.py, line 12"."""
    frame = frame or sys._getframe(1)
    while frame is not None:
        if is_own(frame):
            return place(frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back
    return "the script"


def place(path, line):
    near = os.path.relpath(path) if os.path.isabs(path) else path
    return f"{path if near.startswith(os.pardir) else near}, line {line}"


def is_own(frame):
    """Whether a frame runs code of the script or of the modules beside it."""
    return "__tf1gan_legacy__" in frame.f_builtins
