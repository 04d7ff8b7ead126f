"""Builtins of Python 2: what is given a string or a file of source."""

import ast
import functools
import sys

from tf1gan.legacy import source
from tf1gan.legacy.source import python2


def make(builtins, dialect):
    """Builtins that read Python 2's source in strings and files, or do otherwise than Python 3's.

    Args:
      builtins: a function that gives all of the script's.
      dialect: a function that gives the script's Dialect.
    """
    def compiled(code, mode):
        """A string's code: of an expression alone, to be evaluated."""
        if not isinstance(code, str):
            return code
        tree = source.parse(code, "<string>", dialect())
        if mode == "eval":
            if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
                compile(code, "<string>", "eval")       # says so
            tree = ast.Expression(tree.body[0].value)
        return compile(tree, "<string>", mode, dont_inherit=True)

    def names(frame, globals, locals):
        if globals is None:
            return frame.f_globals, frame.f_locals if locals is None else locals
        globals.setdefault("__builtins__", builtins())
        return globals, locals

    def execfile(path, globals=None, locals=None):
        exec(source.compiled(source.read(path), path, dialect()),
             *names(sys._getframe(1), globals, locals))

    def old_exec(code, globals=None, locals=None):
        exec(compiled(code, "exec"), *names(sys._getframe(1), globals, locals))

    def old_eval(code, globals=None, locals=None):
        return eval(compiled(code.strip() if isinstance(code, str) else code, "eval"),
                    *names(sys._getframe(1), globals, locals))

    def old_input(prompt=""):
        frame = sys._getframe(1)
        return old_eval(input(prompt), frame.f_globals, frame.f_locals)

    def old_open(name, mode="r", buffering=-1, *more, **named):
        if "b" in mode or more or named:
            return open(name, mode, buffering, *more, **named)
        return python2.TextFile(name, mode, buffering)

    return dict(execfile=execfile, exec=old_exec, eval=old_eval, input=old_input, file=old_open,
                open=old_open, round=python2.old_round, sorted=python2.old_sorted,
                cmp_to_key=functools.cmp_to_key)
