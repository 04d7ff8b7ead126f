"""Arithmetic of NumPy 1: the type of a result went by the values of scalars.

Since NumPy 2.0 it goes by types alone. Three cases give other numbers:

    np.uint8(200) + 100             was 300, is 44
    np.float32(0.1) == 0.1          was False, is True;   np.float32(3) * 1.1 was a float64
    float32_array * np.float64(2)   was float32, is float64

Operators in the script's own source are replaced by calls of `operators`, which bring the operands
to the type of NumPy 1 where the two differ; `rewriting` says which. Ufuncs called by name
(np.multiply) and what NumPy does inside its own functions are today's.
"""

import ast
import functools
import itertools
import operator

import numpy as np

from tf1gan.legacy.source import single_elements

BINARY = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv",
    ast.FloorDiv: "floordiv", ast.Mod: "mod", ast.Pow: "pow", ast.BitAnd: "and_",
    ast.BitOr: "or_", ast.BitXor: "xor",
}
COMPARISONS = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt",
               ast.GtE: "ge"}
# Values of these types alone make values of these types alone, by the same rules in both.
PLAIN = frozenset((bool, int, float, complex, str, bytes, type(None)))
SMALL, LARGE = 1e-6, 1e6
_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
_ARRAY = np.ndarray
_NUMPY = (np.ndarray, np.generic)
_PYTHON = (bool, int, float, complex)
_WHOLE = frozenset(np.dtype(sign).type for sign in "bBhHiIlLqQ")
_FLOATS = frozenset((float, np.float16, np.float32, np.float64))
_HUGE = 2 ** 63
_SCALARS = _WHOLE | _FLOATS | {bool, complex, np.bool_, np.complex64, np.complex128}
_TYPES = _SCALARS - PLAIN | {_ARRAY}


def operators():
    """name -> function of two operands, as NumPy 1 did it."""
    known, of_division = {}, _short_ones_divided()

    def known_of(name):
        return of_division if name == "truediv" else known
    made = {name: _of_numpy_1(getattr(operator, name), known_of(name))
            for name in list(BINARY.values()) + list(COMPARISONS.values())}
    if single_elements.is_needed():         # of a text
        made["mod"] = _of_numpy_1(operator.mod, known, single_elements.formatted)
    for name in BINARY.values():
        in_place = "i" + name.rstrip("_")
        made[in_place] = _in_place(getattr(operator, in_place), known_of(name))
    return dict(made, need_nothing=need_nothing)


def _short_ones_divided():
    """Types of a quotient's operands, where whole scalars of 8 or 16 bits made a float32.

    They did if each number of the second type is one of the first, too.
    """
    return {(one, other): (np.float32, np.float32)
            for one, other in itertools.product(*[[np.int8, np.uint8, np.int16, np.uint16]] * 2)
            if np.can_cast(other, one)}


def need_nothing(*values):
    """Whether operators of such values alone are the same in NumPy 1, for expressions that
    array_trees.may_be_of_arrays takes: plain ones, or arrays of one type of floats, beside which
    there are no numbers but floats that are not large.
    """
    kind, others = None, False
    for value in values:
        if type(value) is _ARRAY:
            found = value.dtype
            if found is not kind:
                if kind is not None or found is not _FLOAT32 and found is not _FLOAT64:
                    return False
                kind = found
            if not value.ndim:
                return False
        elif type(value) not in PLAIN:
            return False
        elif type(value) is not float or value and not SMALL < abs(value) < LARGE:
            others = True
    return kind is None or not others


def is_needed():
    """Whether NumPy of today differs; NumPy 1 does by itself what this restores."""
    return int(np.__version__.split(".")[0]) >= 2


def _of_numpy_1(function, known, otherwise=None):
    """An operator.

    Args:
      known: kinds of two operands -> what `_types` says of them. Filled as kinds are met.
      otherwise: function of operands that stay as they are, and are not all plain or arrays.
    """
    otherwise = otherwise or function

    def call(a, b):
        one, other = type(a), type(b)
        if one in PLAIN and other in PLAIN or one is other is _ARRAY and a.dtype is b.dtype:
            return function(a, b)
        if not (one in _TYPES or other in _TYPES or isinstance(a, _NUMPY) or isinstance(b, _NUMPY)):
            return otherwise(a, b)
        kinds = (one, other) if one in _SCALARS and other in _SCALARS else _kinds(a, b)
        types = known.get(kinds, known)
        if types is known:
            types = _types(a, b)
            if kinds is not None:
                known[kinds] = types
        if types is None:
            return otherwise(a, b)
        one, other = types
        return function(a if one is None else one(a), b if other is None else other(b))
    return call


def _in_place(function, known):
    """Of `a += b`, which changes an array or a list; of a number it is `a = a + b`."""
    otherwise = _of_numpy_1(function, known)

    def call(a, b):
        if isinstance(a, _ARRAY) and not a.ndim:        # stays the one that it is
            return function(a, b)
        return otherwise(a, b)
    return call


def _kinds(a, b):
    """What the types that operands are brought to go by; None if it is their values.

    Beside an array NumPy 1 took an integer for as many bits as it needs, and a float for one of 16
    below 65,000.
    """
    one, other = type(a), type(b)
    if one is _ARRAY and other is float and -65000 < b < 65000 and a.ndim:
        return a.dtype, float
    if one in _SCALARS and other is int and -_HUGE <= b < _HUGE \
            or other in _SCALARS and one is int and -_HUGE <= a < _HUGE:
        return one, other
    one = a.dtype if one is _ARRAY and a.ndim else _kind(a, one)
    other = b.dtype if other is _ARRAY and b.ndim else _kind(b, other)
    return None if one is None or other is None else (one, other)


def _kind(value, kind):
    if kind in _FLOATS:
        return kind if -65000 < value < 65000 else None
    if kind is int:
        return value.bit_length() if value >= 0 else ~(~value).bit_length()
    if kind in _WHOLE:
        value = int(value)
        return kind, value.bit_length() if value >= 0 else ~(~value).bit_length()
    return kind if kind is bool or kind is np.bool_ else None


def _types(a, b):
    """What makes two operands those of NumPy 1; None where nothing is to be done."""
    wanted = wanted_type(a, b)
    if wanted is None:
        return None
    both = _is_scalar(a) and _is_scalar(b)
    return _maker(a, wanted, both), _maker(b, wanted, both)


def _maker(side, wanted, both):
    if not _is_scalar(side) or type(side) is wanted.type:
        return None
    if both and type(side) is float and wanted.type is np.float64:
        return None             # the other is made one
    return functools.partial(np.asarray, dtype=wanted) if isinstance(side, np.ndarray) \
        else wanted.type


# -- NumPy 1's types -------------------------------------------------------------------------

def wanted_type(a, b):
    """The type that scalars among two operands are to have; None if they are right as they are."""
    kinds = _dtype(a), _dtype(b)
    if kinds[0] is None or kinds[1] is None:
        return None
    scalars = _is_scalar(a), _is_scalar(b)
    if not any(scalars):
        return None
    wanted = _result(a, b, kinds, scalars)
    if wanted is None or wanted == np.result_type(*[
            side if type(side) in _PYTHON else kind for side, kind in zip((a, b), kinds)]):
        return None
    return wanted


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
