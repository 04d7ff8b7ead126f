"""tf_slim, which is contrib's own code, made to work where TensorFlow moved what it takes from it.

tf_slim 1.1.0 is of 2020: what it takes from TensorFlow's own modules is put back by `internals`.
"""

import importlib

from tf1gan.legacy.api import internals
from tf1gan.legacy.extras import needed


def load():
    """tf_slim, repaired. Raises ModuleNotFoundError where it is not installed."""
    internals.load()
    loaded = importlib.import_module("tf_slim")
    _register_gradients()
    return loaded


def _register_gradients():
    """That of GDN's lower bound, which contrib registered and tf_slim does not."""
    from tensorflow.python.framework import ops
    gradient = importlib.import_module("tf_slim.layers.layers").GDN._lower_bound_grad
    if "GDNLowerBound" not in ops.gradient_registry.list():
        ops.RegisterGradient("GDNLowerBound")(gradient)


def module(part=""):
    """tf_slim, or a module in it. Refuses in one line where it is not installed."""
    with needed("tf_slim", "tf.contrib"):
        load()
        return importlib.import_module("tf_slim" + (f".{part}" if part else ""))
