"""The arguments that a script's function takes."""

import functools

from tensorflow.python.util import tf_decorator, tf_inspect


def names_of(function):
    """Their names, without those that a functools.partial has given."""
    _, function = tf_decorator.unwrap(function)
    if isinstance(function, functools.partial):
        names = tf_inspect.getfullargspec(function.func).args[len(function.args):]
        return tuple(name for name in names if name not in function.keywords)
    return tuple(tf_inspect.getfullargspec(function).args)
