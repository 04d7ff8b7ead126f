"""A source file of the script, compiled: translated and rewritten where that is asked for."""

import ast
import re
import tokenize
import warnings
from typing import NamedTuple

from tf1gan.errors import UserError
from tf1gan.legacy.refusal import Refused, place
from tf1gan.legacy.source import python2, rewriting

# Words of Python 3's complaints about Python 2, and what stands in such lines.
_PYTHON_2 = re.compile(
    # Statements, at a line's start or after a colon or semicolon on it.
    r"(?:^|[:;])\s*(?:print\s+[^(=\s]|print\s*$|print\s*>>|exec\s+[^(=]|raise\s+\w+\s*,)"
    r"|^\s*except\s+[\w.]+\s*,\s*\w+\s*:|<>|\b0[0-7]+\b|`|\d+[lL]\b|\bur['\"]"
    # Parameters that are taken apart: def f(a, (b, c)) and lambda (a, b): a.
    r"|\bdef\s+\w+\s*\((?:[^()]*,)?\s*\(|\blambda\s+(?:[^:()]*,)?\s*\(", re.M)


class Dialect(NamedTuple):
    """How the script's sources are read."""
    python2: bool = False
    operators: tuple = ()       # names of those that replace the script's own
    true_division: bool = False     # Python 2, and a cell before has asked for it
    flag: str = "--python2"     # what asks for Python 2


def read(path):
    """A source file's text, in the encoding that it declares.

    Raises:
      UserError: it is not text in that encoding.
    """
    try:
        with tokenize.open(path) as file:
            text = file.read()
    except (UnicodeDecodeError, SyntaxError) as error:
        raise UserError(f"{path} is not Python's source: it is not text in UTF-8, nor in an "
                        "encoding that its first lines name") from error
    if "\0" in text:
        raise UserError(f"{path} is not Python's source: it has null bytes in it, as UTF-16 has")
    return text


def compiled(text, name, dialect, first=None):
    """Code of a module.

    Args:
      first: changes the syntax tree, before its operators are replaced.

    Raises:
      SyntaxError: it is not Python's.
      Refused: it is Python 2's, and nobody said so.
    """
    tree = parse(text, name, dialect, first)
    return compile(tree, name, "exec", dont_inherit=True)


def parse(text, name, dialect, first=None):
    """The syntax tree of a module, rewritten as the dialect has it."""
    division = "truediv"
    if dialect.python2:
        if not (dialect.true_division or python2.divides_truly(text)):
            division = "olddiv"
        text = python2.translate(text, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)      # "\d" in a string, `is 0`
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            tree = ast.parse(text, name)
        except SyntaxError as error:
            if not dialect.python2 and is_python_2(text, error):
                raise Refused(f"{place(name, error.lineno)}: this is Python 2: {dialect.flag} "
                              "runs it, with Python 2's division") from None
            raise
    if first is not None:
        first(tree)
    return rewriting.rewrite(tree, dialect.operators, division)


def is_python_2(text, error):
    """Whether a line that Python 3 does not take is one that Python 2 took."""
    if isinstance(error, TabError):
        return True
    lines = text.splitlines()
    near = "\n".join(lines[max((error.lineno or 1) - 1, 0):(error.lineno or 1)])
    return _PYTHON_2.search(near) is not None
