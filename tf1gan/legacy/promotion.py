"""Arithmetic of NumPy 1: the type of a result went by the values of scalars.

Since NumPy 2.0 it goes by types alone. Three cases give other numbers:

    np.uint8(200) + 100             was 300, is 44
    np.float32(0.1) == 0.1          was False, is True;   np.float32(3) * 1.1 was a float64
    float32_array * np.float64(2)   was float32, is float64

Operators in the script's own source are replaced by calls of `Operators`, which bring the operands
to the type of NumPy 1 where the two differ. Ufuncs called by name (np.multiply) and what NumPy does
inside its own functions are today's.
"""

import ast
import copy
import operator

import numpy as np

from tf1gan.legacy import methods

NAME = "__tf1gan_operators__"

_BINARY = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv",
    ast.FloorDiv: "floordiv", ast.Mod: "mod", ast.Pow: "pow", ast.BitAnd: "and_",
    ast.BitOr: "or_", ast.BitXor: "xor",
}
_COMPARISONS = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt",
                ast.GtE: "ge"}
_INEXACT = "fc"


def rewrite(tree, operators, division="truediv"):
    """A module's syntax tree, with the operators in `operators` and lost methods replaced by calls.

    `division` is the one that stands in for `/`.
    """
    return ast.fix_missing_locations(_Rewriter(operators, division).visit(tree))


class _Rewriter(ast.NodeTransformer):

    def __init__(self, operators, division):
        self._operators = operators
        self._binary = {**_BINARY, ast.Div: division}

    def visit_BinOp(self, node):
        self.generic_visit(node)
        name = self._binary.get(type(node.op))
        if name not in self._operators or _is_text(node.left):
            return node
        return self._call(name, node, node.left, node.right)

    def visit_AugAssign(self, node):
        """`a += b` changes an array in place; of a scalar it is `a = a + b`."""
        self.generic_visit(node)
        name = self._binary.get(type(node.op))
        calls = any(isinstance(part, (ast.Call, ast.NamedExpr, ast.Await))
                    for part in ast.walk(node.target))
        if name not in self._operators or calls:        # a call is made once
            return node
        value = copy.deepcopy(node.target)
        value.ctx = ast.Load()
        return ast.copy_location(ast.Assign(
            [node.target], self._call("i" + name.rstrip("_"), node, value, node.value)), node)

    def visit_Compare(self, node):
        self.generic_visit(node)
        name = _COMPARISONS.get(type(node.ops[0])) if len(node.ops) == 1 else None
        if name not in self._operators:
            return node
        return self._call(name, node, node.left, node.comparators[0])

    def visit_Attribute(self, node):
        self.generic_visit(node)
        if node.attr not in methods.LOST or not isinstance(node.ctx, ast.Load):
            return node
        return self._call("attribute", node, node.value, ast.Constant(node.attr))

    @staticmethod
    def _call(name, node, left, right):
        function = ast.Attribute(ast.Name(NAME, ast.Load()), name, ast.Load())
        return ast.copy_location(ast.Call(function, [left, right], []), node)


def _is_text(node):
    """A string, whose % and + are no arithmetic."""
    return isinstance(node, (ast.JoinedStr, ast.Constant)) and isinstance(
        getattr(node, "value", ""), str)


# -- NumPy 1's types -------------------------------------------------------------------------

def operators():
    """name -> function of two operands, as NumPy 1 did it."""
    made = {name: _of_numpy_1(getattr(operator, name))
            for name in list(_BINARY.values()) + list(_COMPARISONS.values())}
    for name in _BINARY.values():
        in_place = "i" + name.rstrip("_")
        made[in_place] = _in_place(getattr(operator, in_place), made[name])
    return made


def is_needed():
    """Whether NumPy of today differs; NumPy 1 does by itself what this restores."""
    return int(np.__version__.split(".")[0]) >= 2


def _of_numpy_1(function):
    def call(a, b):
        if isinstance(a, _NUMPY) or isinstance(b, _NUMPY):
            a, b = as_numpy_1(a, b)
        return function(a, b)
    return call


def _in_place(function, otherwise):
    def call(a, b):
        return otherwise(a, b) if isinstance(a, np.generic) else function(a, b)
    return call


_NUMPY = (np.ndarray, np.generic)
_PYTHON = (bool, int, float, complex)


def as_numpy_1(a, b):
    """Two operands, brought to where NumPy of today gives them the type that NumPy 1 gave."""
    kinds = _dtype(a), _dtype(b)
    if kinds[0] is None or kinds[1] is None:
        return a, b
    scalars = _is_scalar(a), _is_scalar(b)
    if not any(scalars):
        return a, b
    wanted = _result(a, b, kinds, scalars)
    if wanted is None or wanted == np.result_type(*[
            side if type(side) in _PYTHON else kind for side, kind in zip((a, b), kinds)]):
        return a, b
    return tuple(wanted.type(side) if scalar and not isinstance(side, np.ndarray)
                 else np.asarray(side, wanted) if scalar else side
                 for side, scalar in zip((a, b), scalars))


def _dtype(value):
    """The NumPy type of a number or an array of numbers; None of anything else."""
    if isinstance(value, _NUMPY):
        return value.dtype if value.dtype.kind in "biufc" else None
    if type(value) in _PYTHON:
        try:
            return np.dtype(type(value)) if type(value) is not int else np.array(value).dtype
        except OverflowError:
            return None
    return None


def _is_scalar(value):
    return not isinstance(value, np.ndarray) or value.ndim == 0


def _result(a, b, kinds, scalars):
    """The type of a result in NumPy 1."""
    if all(scalars) or _category(kinds[scalars.index(True)]) \
            > _category(kinds[scalars.index(False)]):
        return np.promote_types(*kinds)
    place = scalars.index(True)
    scalar, array = (a, b)[place], kinds[1 - place]
    least = np.min_scalar_type(scalar)
    if least.kind == "u" and array.kind == "i":
        # A small number that is not negative is of either kind.
        signed = np.dtype(f"i{least.itemsize}")
        if scalar <= np.iinfo(signed).max:
            least = signed
    return np.promote_types(least, array)


def _category(dtype):
    return {"b": 0, "u": 1, "i": 1, "f": 2, "c": 2}[dtype.kind]
