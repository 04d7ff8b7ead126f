"""What rewriting puts into a script: calls of operators and tests of kinds, and their names."""

import ast
import builtins
import types

from tf1gan.legacy.source import promotion
from tf1gan.legacy.source.plain_kinds import TRUSTED

# Names among the script's builtins: of the operators, of `type` and of promotion.PLAIN.
NAME, TYPE, TYPES = "__tf1gan_operators__", "__tf1gan_type__", "__tf1gan_plain__"


def name(which):
    return ast.Name(which, ast.Load())


def attribute(which):
    return ast.Attribute(name(NAME), which, ast.Load())


def operator(which, *operands):
    return ast.Call(attribute(which), list(operands), [])


def are_plain(names):
    tests = [ast.Compare(ast.Call(name(TYPE), [name(each)], []), [ast.In()], [name(TYPES)])
             for each in names]
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)


def given(operators):
    """The builtins that rewritten code calls: name -> value."""
    python = {each: getattr(builtins, each, range) for each in TRUSTED}         # xrange is range
    return {NAME: types.SimpleNamespace(**python, **operators), TYPE: type,
            TYPES: promotion.PLAIN}
