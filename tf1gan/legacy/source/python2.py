"""Python 2: its syntax by fissix (lib2to3 left Python with 3.13), and its division.

Only with --python2, which nothing turns on by itself: `7 / 2` is 3 in one and 3.5 in the other.
"""

import contextlib
import functools
import io
import locale
import math
import numbers
import operator
import pickle
import re

import numpy as np

from tf1gan.legacy.extras import needed
from tf1gan.legacy.names import Restored
from tf1gan.legacy.source import promotion, single_elements

# Fixers that add imports, or rename what stands under its old name here anyway.
_LEFT_OUT = ("import", "imports", "imports2", "urllib", "reduce", "intern", "reload", "itertools",
             "itertools_imports", "future", "xrange", "raw_input", "unicode", "basestring", "long",
             "standarderror", "execfile", "asserts", "buffer", "sys_exc", "operator", "input",
             "idioms", "set_literal", "ws_comma")
_ADDED = "from functools import cmp_to_key\n"       # of a sort's comparison: it is a builtin here


def translate(text, path):
    """Python 2's source in Python 3's syntax, line for line.

    Raises:
      SyntaxError: it is neither.
    """
    text = _leading_tabs_as_spaces(text)
    with needed("fissix", "--python2"):
        from fissix import refactor
        from fissix.pgen2 import parse, token, tokenize
    fixers = [name for name in refactor.get_fixers_from_package("fissix.fixes")
              if name.rsplit("fix_", 1)[1] not in _LEFT_OUT]
    tool = refactor.RefactoringTool(fixers)
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            tree = tool.refactor_string(text if text.endswith("\n") else text + "\n", path)
    except (parse.ParseError, tokenize.TokenError) as error:
        line = error.context[1][0] if isinstance(error, parse.ParseError) else 1
        raise SyntaxError("invalid syntax, of Python 2 as of 3", (path, line, 1, "")) from None
    for leaf in tree.leaves():
        if leaf.type == token.STRING and leaf.value[:2].lower() == "ur":
            leaf.value = leaf.value[1:]
    return str(tree) if _ADDED in text else str(tree).replace(_ADDED, "", 1)


def divides_truly(text):
    return re.search(r"^\s*from\s+__future__\s+import\s.*\bdivision\b", text, re.M) is not None


def _leading_tabs_as_spaces(text):
    return re.sub(r"^[ \t]+", lambda match: match.group().expandtabs(8), text, flags=re.M)


def operators(others):
    """`olddiv` and `iolddiv`, which are `/` and `/=` of Python 2; and what tests for them.

    It asked an operand's `__div__`, which tensors have still: `div` is their operation's name, and
    a list beside whole numbers is of whole numbers.

    Args:
      others: those of promotion.operators() that are needed, which do what is no whole number.
    """
    true_division = others.get("truediv", operator.truediv)
    in_place = others.get("itruediv", operator.itruediv)

    def olddiv(a, b):
        if _is_whole(a) and _is_whole(b):
            return a // b
        made = _asked(a, b, "__div__")
        return true_division(a, b) if made is NotImplemented else made

    def iolddiv(a, b):
        if _is_whole(a) and _is_whole(b):
            return operator.ifloordiv(a, b)
        made = _asked(a, b, "__idiv__", "__div__")
        return in_place(a, b) if made is NotImplemented else made
    return dict(olddiv=olddiv, iolddiv=iolddiv, need_nothing=promotion.need_nothing)


def _asked(a, b, *names):
    """What the left operand's methods of these names, or the right one's `__rdiv__`, make."""
    for name, one, other in [(name, a, b) for name in names] + [("__rdiv__", b, a)]:
        method = getattr(type(one), name, None)
        if method is not None:
            made = method(one, other)
            if made is not NotImplemented:
                return made
    return NotImplemented


def _is_whole(value):
    if isinstance(value, (numbers.Integral, np.bool_)):
        return True
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "bui"
    return type(value).__name__ == "Dimension"


def old_round(number, digits=0):
    """`round` of Python 2: halves go away from zero, and the result is a float."""
    number, scale = single_elements.of_element(float, number), 10.0 ** digits
    return math.copysign(math.floor(abs(number) * scale + 0.5) / scale, number)


def old_sorted(items, cmp=None, key=None, reverse=False):
    """`sorted` of Python 2, which may be given a comparison."""
    if cmp is not None:
        of_comparison = functools.cmp_to_key(cmp)
        key = of_comparison if key is None else lambda item, key=key: of_comparison(key(item))
    return sorted(items, key=key, reverse=reverse)


def old_pickle():
    """`pickle`, which reads Python 2's strings, and takes files that were opened as text.

    Protocol 0, the default then, was text: files of it were often opened without "b".
    """
    class Pickler(pickle.Pickler):
        def __init__(self, file, protocol=0, **options):
            super().__init__(_of_bytes(file), protocol, **options)
            self._file = file       # which would close with its last reference

    class Unpickler(pickle.Unpickler):
        def __init__(self, file, **options):
            options.setdefault("encoding", "latin1")
            super().__init__(_of_bytes(file), **options)
            self._file = file

    def dump(value, file, protocol=0, **options):
        Pickler(file, protocol, **options).dump(value)

    def load(file, **options):
        return Unpickler(file, **options).load()

    def loads(data, **options):
        return load(io.BytesIO(_bytes(data) if isinstance(data, str) else data), **options)

    def dumps(value, protocol=0, **options):
        return pickle.dumps(value, protocol, **options)
    return Restored("pickle", pickle, dict(
        Pickler=Pickler, Unpickler=Unpickler, dump=dump, load=load, loads=loads, dumps=dumps))


class TextFile(io.TextIOWrapper):
    """A file opened as text, as Python 2 had it: of bytes, whatever these are."""

    def __init__(self, name, mode="r", buffering=-1):
        binary = mode.replace("U", "").replace("t", "") or "r"
        super().__init__(open(name, binary + "b", buffering if buffering > 1 else -1),
                         errors="surrogateescape", newline=None if "U" in mode else "\n",
                         line_buffering=buffering == 1)
        self.mode, self._is_unbuffered = mode, buffering == 0

    def write(self, data):
        if isinstance(data, str):
            written = super().write(data)
        else:                               # such as `dumps` gives
            self.flush()
            written = self.buffer.write(data)
        if self._is_unbuffered:
            self.flush()
        return written


def _bytes(text):
    """What Python 2 had in a string that a TextFile gave, or that stands in the source."""
    if any("\udc80" <= each <= "\udcff" for each in text):
        return text.encode(locale.getpreferredencoding(False), "surrogateescape")
    return text.encode("latin1")


def _of_bytes(file):
    """A file's bytes, be it opened as text or a StringIO."""
    if isinstance(file, io.TextIOWrapper):
        file.flush()
        if file.readable() and file.seekable():
            file.seek(file.tell())          # gives back what was read ahead of the last line
        return file.buffer
    return _BytesOfText(file) if isinstance(file, io.StringIO) else file


class _BytesOfText:
    """A StringIO, read and written as bytes."""

    def __init__(self, file):
        self._file = file

    def write(self, data):
        return self._file.write(bytes(data).decode("latin1"))

    def read(self, size=-1):
        return self._file.read(size).encode("latin1")

    def readline(self):
        return self._file.readline().encode("latin1")
