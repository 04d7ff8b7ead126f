"""What objects of NumPy's and Python's own types have lost: `image.tostring()`, `thread.isAlive()`.

These types cannot be given it back. In the script's own source `x.tostring` is replaced by a call
of `attribute(x, "tostring")`.
"""

import array
import functools
import sys
import threading

import numpy as np


def attribute(value, name):
    """`value.name`, or what it was."""
    has_lost, lost = LOST[name]
    return lost(value) if has_lost(value) and not hasattr(value, name) else getattr(value, name)


def _itemset(a, *place_and_value):
    *place, value = place_and_value
    if len(place) == 1 and not isinstance(place[0], tuple):
        a.flat[place[0]] = value
    else:
        a[place[0] if place and isinstance(place[0], tuple) else tuple(place)] = value


def _of(*types):
    return lambda value: isinstance(value, types)


def _is_sys(value):
    return value is sys


LOST = {
    # name: (whose it was, the object -> what stood there)
    "tostring": (_of(np.ndarray, np.generic, array.array), lambda a: a.tobytes),  # NumPy 2.3, 3.9
    "ptp": (_of(np.ndarray, np.generic), lambda a: functools.partial(np.ptp, a)),       # NumPy 2.0
    "itemset": (_of(np.ndarray), lambda a: functools.partial(_itemset, a)),             # NumPy 2.0
    "newbyteorder": (_of(np.ndarray, np.generic), lambda a: lambda order="S": a.view(
        a.dtype.newbyteorder(order))),                                                  # NumPy 2.0
    "fromstring": (_of(array.array), lambda a: a.frombytes),                            # 3.9
    "isAlive": (_of(threading.Thread), lambda thread: thread.is_alive),                 # 3.9
    "message": (_of(BaseException), lambda error: error.args[0] if len(error.args) == 1 else ""),
    "maxint": (_is_sys, lambda _: sys.maxsize),                                         # 3.0
    "setdefaultencoding": (_is_sys, lambda _: lambda encoding: None),                   # 3.0
}
