"""`tf.logging` as it begins on 1.15: a script's own warnings are said.

TensorFlow 2's, which are about what is old in such scripts, are not, until the script sets a level.
"""

import functools
import importlib

from tf1gan.legacy.names import Restored

# Not those that count calls by the line that makes them.
_SAYING = ("log", "warn", "warning", "log_if")


def restored():
    """`tf.logging`, and `tensorflow.python.platform.tf_logging`."""
    today = importlib.import_module("tensorflow.python.platform.tf_logging")
    state = {"is_set": today.get_verbosity() != today.ERROR}

    def get_verbosity():
        return today.get_verbosity() if state["is_set"] else today.WARN

    def set_verbosity(v):
        state["is_set"] = True
        today.set_verbosity(v)

    def saying(function):
        @functools.wraps(function)
        def call(*arguments, **named):
            if state["is_set"]:
                return function(*arguments, **named)
            today.set_verbosity(today.WARN)
            try:
                return function(*arguments, **named)
            finally:
                today.set_verbosity(today.ERROR)
        return call
    names = dict({name: saying(getattr(today, name)) for name in _SAYING},
                 get_verbosity=get_verbosity, set_verbosity=set_verbosity)
    return tuple(Restored(name, lambda path=path: importlib.import_module(path), names)
                 for name, path in (
                     ("tensorflow.logging", "tensorflow.compat.v1.logging"),
                     ("tensorflow.python.platform.tf_logging", today.__name__)))
