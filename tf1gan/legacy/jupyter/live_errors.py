"""How an IPython shell shows the errors of cells that see TensorFlow 1."""

import linecache
import sys
import types

from tf1gan import console
from tf1gan.errors import UserError
from tf1gan.legacy import causes, source, tracebacks
from tf1gan.legacy.refusal import NotRestored, Refused
from tf1gan.legacy.steps import Stopped

MAGIC = "tf1gan"            # its name, %tf1gan
_IN_LINES = (Refused, NotRestored, UserError, Stopped)


def show_in_lines(shell, cells, say, place):
    """Refusals as a line; tracebacks without the runner's own; and what is known of a cause.

    Args:
      cells: has the Program that the cells are of, as `program`.
      say: prints a line.
      place: (path, line) -> a line of a cell in words.
    """
    showtraceback, showsyntaxerror = shell.showtraceback, shell.showsyntaxerror

    def shown(exc_tuple=None, *arguments, **named):
        error = (exc_tuple or sys.exc_info())[1] or getattr(sys, "last_value", None)
        if isinstance(error, _IN_LINES):
            return in_a_line(error)
        for part in _chain(error):
            part.__traceback__ = without_ours(part.__traceback__)
        if error is not None:           # before Python 3.11 sys.exc_info() has the whole traceback
            exc_tuple = type(error), error, error.__traceback__
        result = showtraceback(exc_tuple, *arguments, **named)
        dialect = cells.program.dialect
        cause = error is not None and causes.of(error, dialect.python2, dialect.flag)
        if cause:
            say(cause)
        return result

    def in_a_line(error):
        error.__traceback__ = without_ours(error.__traceback__)     # for %debug
        sys.last_type, sys.last_value = type(error), error
        sys.last_traceback = shell.InteractiveTB.tb = error.__traceback__
        shell._showtraceback(type(error), error, [console.plain(" ".join(str(error).split()))])

    def syntax_shown(filename=None, *arguments, **named):
        error = sys.exc_info()[1]
        python2_line = _python_2(error, place) if not cells.program.dialect.python2 else None
        if python2_line is None:
            return showsyntaxerror(filename, *arguments, **named)
        return in_a_line(Refused(python2_line))
    shell.showtraceback, shell.showsyntaxerror = shown, syntax_shown


def _python_2(error, place):
    """What is said of a cell that Python 3 cannot read, where it is Python 2; else None."""
    text = "".join(linecache.getlines(getattr(error, "filename", None) or ""))
    if not text or not source.is_python_2(text, error):
        return None
    return (f"{place(error.filename, error.lineno)}: this is Python 2: %{MAGIC} "
            "--python2 in the first cell runs it, with Python 2's division; so does a kernel made "
            "by `tf1gan kernel install --python2`")


def _chain(error):
    """An error, and those that it came of."""
    waiting, seen = [error], []
    while waiting:
        part = waiting.pop()
        if part is not None and not any(part is one for one in seen):
            seen.append(part)
            waiting += [part.__cause__, part.__context__]
    return seen


def without_ours(traceback):
    """A traceback without the runner's frames; where there are no others, the same."""
    frames, part = [], traceback
    while part is not None:
        frames.append(part)
        part = part.tb_next
    kept = [part for part in frames if not tracebacks.is_ours(part.tb_frame.f_code.co_filename)]
    if not kept or len(kept) == len(frames):
        return traceback
    made = None
    for part in reversed(kept):
        made = types.TracebackType(made, part.tb_frame, part.tb_lasti, part.tb_lineno)
    return made
