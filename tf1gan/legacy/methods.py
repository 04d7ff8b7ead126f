"""Methods that NumPy's and Python's own objects have lost: `array.tostring()`, `thread.isAlive()`.

These types cannot be given methods. In the script's own source `x.tostring` is replaced by a call
of `attribute(x, "tostring")`.
"""

import array
import functools
import threading

import numpy as np


def _itemset(a, *place_and_value):
    *place, value = place_and_value
    a[tuple(place) if len(place) > 1 else np.unravel_index(*place, a.shape) if place else ()] = value


LOST = {
    # name: (types, function of the object)
    "tostring": ((np.ndarray, np.generic, array.array), lambda a, *more, **named: a.tobytes(
        *more, **named)),                                               # NumPy 2.3, Python 3.9
    "ptp": ((np.ndarray, np.generic), np.ptp),                          # NumPy 2.0
    "itemset": ((np.ndarray,), _itemset),                               # NumPy 2.0
    "newbyteorder": ((np.ndarray, np.generic), lambda a, order="S": a.view(
        a.dtype.newbyteorder(order))),                                  # NumPy 2.0
    "fromstring": ((array.array,), lambda a, text: a.frombytes(text)),  # Python 3.9
    "isAlive": ((threading.Thread,), threading.Thread.is_alive),        # Python 3.9
}


def attribute(value, name):
    """`value.name`, or what it was."""
    types, function = LOST[name]
    if isinstance(value, types) and not hasattr(value, name):
        return functools.partial(function, value)
    return getattr(value, name)
