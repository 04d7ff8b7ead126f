"""Pickles that hold source code, which their own classes run when they are opened: with --trust.

StyleGAN's and progressive GAN's networks are kept so: the class has a `__setstate__` that gives the
source of the network's module to `exec`. Pickles without such a class are opened as Python opens
them.
"""

import sys

from tf1gan.legacy import source
from tf1gan.legacy.refusal import refuse

OPENS = "__setstate__"          # the method by which an object takes what a pickle holds


def may_run_source(text):
    """Whether a module's source may run what it is given, such as what stands in a pickle."""
    return "exec" in text


def make_exec(is_trusted, dialect, today=exec):
    """`exec` for the modules of which `may_run_source` says so.

    Args:
      is_trusted: whether the user said --trust.
      dialect: a function that gives the script's Dialect.
      today: what the script's other modules have as `exec`.
    """
    def run(code, globals=None, locals=None, **more):
        frame = sys._getframe(1)
        file = _pickle_of(frame)
        if file is None or not isinstance(code, str):
            if globals is None:
                globals, own = frame.f_globals, frame.f_locals
                # Since 3.13 a function's own names are no dictionary, and `exec` gets a copy.
                own = own if isinstance(own, dict) else dict(own)
                locals = own if locals is None else locals
            globals.setdefault("__builtins__", frame.f_builtins)
            return today(code, globals, locals, **more)
        if not is_trusted:
            refuse(f"{file} holds code of its own, which would run here with all that you may do: "
                   "--trust (before the script's name) runs it; say so of files only that you, or "
                   "people whom you trust, have written")
        globals.setdefault("__builtins__", frame.f_builtins)
        exec(source.compiled(code, f"<code in {file}>", dialect()), globals, locals)
    return run


def _pickle_of(frame):
    """The pickle that an object is being made of, in words; None where none is."""
    while frame is not None and frame.f_code.co_name != OPENS:
        frame = frame.f_back
    if frame is None:
        return None
    while frame is not None:
        for value in list(frame.f_locals.values()):
            name = getattr(value, "name", None)
            if isinstance(name, str) and callable(getattr(value, "readinto", None)):
                return name
        frame = frame.f_back
    return "a pickle"
