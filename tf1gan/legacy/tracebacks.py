"""Tracebacks of the script: its own lines, not those of what runs it."""

import ast
import os
import sys
import tokenize
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
_CLI, _PROCESS = (os.path.join(os.path.dirname(HERE), name) for name in (
    os.path.join("cli", ""), "process.py"))


def show(error):
    """The script's own traceback: without the runner's lines before and between."""
    shown = traceback.TracebackException(type(error), error, error.__traceback__)
    waiting, seen = [shown], set()
    while waiting:
        part = waiting.pop()
        if part is None or id(part) in seen:
            continue
        seen.add(id(part))
        frames = [frame for frame in part.stack if not is_ours(frame.filename)]
        # None are left of a mistake in the script's syntax, or of one of the runner's own.
        if frames or isinstance(error, SyntaxError):
            part.stack = traceback.StackSummary.from_list(frames)
        waiting += [part.__cause__, part.__context__]
    print("".join(shown.format()), end="", file=sys.stderr, flush=True)


def is_ours(path):
    return path.startswith((HERE, "<frozen importlib", _CLI, _PROCESS)) \
        or path in (ast.__file__, tokenize.__file__)
