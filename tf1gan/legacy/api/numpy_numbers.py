"""NumPy's numbers for sizes, axes, seeds and options, where 2.x takes Python's only.

1,692 calls with numbers of nine types were made here and on 1.15.5; what it took and 2.x does not
comes from the places below. Not restored: sizes of an image as 8 bits, with which TensorFlow itself
calculates by the rules of NumPy 2; True for the number of a session's threads or a Saver's files.
"""

import importlib
import numbers

import numpy as np


def take():
    """Has TensorFlow and Keras take them."""
    from tensorflow.python.eager import execute
    from tensorflow.python.framework import tensor_shape
    from tensorflow.python.ops import math_ops
    repeat = importlib.import_module("tf_keras.src.layers").RepeatVector
    for owner, name, place, plain in (
            # A comparison of NumPy's numbers, as Dataset.prefetch makes one, since NumPy 2.
            (execute, "make_bool", 0, _truth),
            (tensor_shape.Dimension, "__init__", 1, _size),             # 2.2
            (math_ops, "argmax_v2", 1, whole),                          # 2.0
            (repeat, "__init__", 1, whole)):                            # 2.3
        setattr(owner, name, _with_plain(getattr(owner, name), place, plain))


def whole(number):
    """NumPy's number as Python's; anything else as it is."""
    return int(number) if isinstance(number, (np.generic, np.ndarray)) and np.ndim(number) == 0 \
        and number.dtype.kind in "biuf" and number == int(number) else number


def _truth(value):
    return bool(value) if isinstance(value, np.bool_) else value


def _size(value):
    """A dimension could be 50.0, as a division makes it, or True."""
    if isinstance(value, (bool, np.generic)) or isinstance(value, numbers.Real) \
            and not isinstance(value, numbers.Integral):
        try:
            return int(value) if int(value) == value else value
        except (TypeError, ValueError, OverflowError):
            return value            # TensorFlow says so
    return value


def _with_plain(function, place, plain):
    """A function one of whose arguments is made plain, be it named or not."""
    from tensorflow.python.util import tf_decorator, tf_inspect
    name = list(tf_inspect.getfullargspec(function).args)[place]

    def call(*arguments, **named):
        if name in named:
            named[name] = plain(named[name])
        arguments = arguments[:place] + tuple(map(plain, arguments[place:place + 1])) \
            + arguments[place + 1:]
        return function(*arguments, **named)
    return tf_decorator.make_decorator(function, call)
