"""What is said where a script cannot go on: which line of it wants what, and what to do."""

import os
import sys

_GENERATED = "__autograph_generated_file"       # how AutoGraph's files begin
_NOBODY = "the script"       # for who asks, where no line of it is being run


class Refused(BaseException):
    """Something of TensorFlow 1 that is not restored. No `except Exception` of a script takes it.

    The runner ends with its line and status 2.
    """


class NotRestored(AttributeError):
    """The same, where it is not the script that asks."""


def refuse(what):
    """Raises Refused for the line of the script that is being run.

    Where nothing of the script asks, but a prompt that looks for names to complete, it is an
    NotRestored.
    """
    line = own_line()
    if line == _NOBODY:
        raise NotRestored(what)
    raise Refused(f"{line}: {what}")


def own_line(frame=None):
    """The innermost line of the script's own files on the stack, as "gan.py, line 12"."""
    frame = frame or sys._getframe(1)
    while frame is not None:
        if os.path.basename(frame.f_code.co_filename).startswith(_GENERATED):
            written = _as_it_was_written(frame)
            if written:
                return _named(*written)
        elif is_own(frame):
            return _named(frame.f_builtins, frame.f_code.co_filename, frame.f_lineno)
        frame = frame.f_back
    return _NOBODY


def _as_it_was_written(frame):
    """(Builtins, file and line) of the script's that AutoGraph made a frame's line of, or None."""
    wanted = frame.f_code.co_filename, frame.f_lineno
    while frame is not None:
        builtins = _builtins_of(frame.f_locals.get("f"))
        if frame.f_code.co_name == "converted_call" and "__tf1gan_legacy__" in builtins:
            lines = getattr(frame.f_locals.get("converted_f"), "ag_source_map", {})
            for made, origin in lines.items():
                if (made.filename, made.lineno) == wanted:
                    return builtins, origin.loc.filename, origin.loc.lineno
        frame = frame.f_back
    return None


def _builtins_of(function):
    """Those of a function's module, where they are a dictionary, as the script's are."""
    names = getattr(getattr(function, "__func__", function), "__globals__", {})
    found = names.get("__builtins__", {})
    return found if isinstance(found, dict) else {}


def _named(builtins, path, line):
    """A line, by the number of its cell where it is of a live one."""
    named = builtins.get("__tf1gan_legacy__")
    return (named if callable(named) else place)(path, line)


def place(path, line):
    near = os.path.relpath(path) if os.path.isabs(path) else path
    return f"{path if near.startswith(os.pardir) else near}, line {line}"


def is_own(frame):
    """Whether a frame runs code of the script or of the modules beside it."""
    return "__tf1gan_legacy__" in frame.f_builtins


def files_around():
    """The files whose lines are on the stack before the script's first, and the runner's."""
    waiting, frame = set(), sys._getframe(1)
    while frame is not None:
        if is_own(frame):
            waiting.clear()             # what the script called
        else:
            waiting.add(frame.f_code.co_filename)
        frame = frame.f_back
    here = os.path.dirname(os.path.abspath(__file__))
    return waiting | {os.path.join(folder, name) for folder, _, names in os.walk(here)
                      for name in names if name.endswith(".py")}
