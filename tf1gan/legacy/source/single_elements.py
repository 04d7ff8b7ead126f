"""Arrays of one element where a number is wanted, which NumPy took until 2.4.

    float(a)   int(a)   math.sqrt(a)   "%.1f" % a   b[0] = a        for a = np.array([2.5])

In the script's own source, these are calls of what stands here where `single_element_trees` says
that they may be needed. Each tries what Python does first, and so costs little for anything else.
"""

import math
import re
import types
import warnings

import numpy as np

REFUSED = (ValueError, TypeError)       # what NumPy raises
_CALLED = frozenset((float, int, complex))
_OF_MATH = frozenset(each for each in vars(math).values()
                     if isinstance(each, types.BuiltinFunctionType)) - {
                         getattr(math, name, None) for name in ("trunc", "gcd", "lcm", "comb")}
CONVERSION = re.compile(
    r"%(?:\((?P<name>[^)]*)\))?[-#0 +]*(?P<width>\*|\d+)?(?:\.(?P<digits>\*|\d+)?)?[hlL]?"
    r"(?P<kind>.)", re.S)
NUMERIC = frozenset("diueEfFgG")        # those that took an array; %x and %c never did


def is_needed():
    """Whether NumPy of today refuses what it took."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            float(np.zeros(1))
    except TypeError:
        return True
    return False


def operators():
    """name -> what rewritten code calls."""
    return dict(of_element=of_element, of_elements=of_elements, formatted=formatted,
                set_element=set_element, element_for=element_for, refused=REFUSED)


def of_element(function, value):
    """`function(value)`; of the element, if it is Python's and refuses an array of one."""
    try:
        return function(value)
    except REFUSED:
        if function is bool and isinstance(value, np.ndarray) and not value.size:
            return False
        if not _is_single(value) or not _is_python(function):
            raise
    return function(_element(value, function))


def of_elements(function, *values):
    """The same for several values."""
    try:
        return function(*values)
    except REFUSED:
        if not any(map(_is_single, values)) or not _is_python(function):
            raise
    return function(*[_element(each, function) if _is_single(each) else each for each in values])


def _is_python(function):
    return isinstance(function, (type, types.BuiltinFunctionType)) \
        and (function in _CALLED or function in _OF_MATH)


def _element(value, function):
    item = value.item()
    return float(item) if isinstance(item, str) and function not in _CALLED else item


def formatted(text, values):
    """`text % values`."""
    try:
        return text % values
    except TypeError:
        if not isinstance(text, str):
            raise
        numbers = _formatted_numbers(text, values)
        if numbers is None:
            raise
    return text % numbers


def set_element(value, array, place):
    """`array[place] = value`, in Python's order."""
    try:
        array[place] = value
    except REFUSED:
        number = element_for(array, value)
        if number is None:
            raise
        array[place] = number


def element_for(array, value):
    """What NumPy put into an array for another of one element; None if it refused that, too."""
    made = {"b": bool, "i": int, "u": int, "f": float, "c": complex}
    if not (isinstance(array, np.ndarray) and array.dtype.kind in made and _is_single(value)):
        return None
    try:
        return np.array(made[array.dtype.kind](value.item()))       # whose bits may be too many
    except (ValueError, TypeError, OverflowError):
        return None


def _is_single(value):
    return isinstance(value, np.ndarray) and value.ndim > 0 and value.size == 1


def _formatted_numbers(text, values):
    """The values with elements where a number is wanted; None if that changes nothing."""
    made = dict(values) if isinstance(values, dict) else dict(
        enumerate(values if isinstance(values, tuple) else (values,)))
    place, is_changed = 0, False
    for each in CONVERSION.finditer(text):
        if each["kind"] == "%":
            continue
        place += (each["width"] == "*") + (each["digits"] == "*")
        key = each["name"] if isinstance(values, dict) else place
        if each["kind"] in NUMERIC and _is_single(made.get(key)):
            made[key] = (int if each["kind"] in "diu" else float)(made[key].item())
            is_changed = True
        place += 1
    if not is_changed:
        return None
    return made if isinstance(values, dict) else tuple(made.values())
