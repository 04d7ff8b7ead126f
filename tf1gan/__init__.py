"""tf1gan: five TensorFlow 1 GAN tutorials on MNIST, brought back to life.

    with tf.Graph().as_default():
        graph = tf1gan.build("gan", batch_size=64, seed=7)

What a user imports is loaded when it is first asked for: a --help need not wait for it.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tf1gan.data import read_data_sets
    from tf1gan.errors import UserError
    from tf1gan.graph import GANGraph, build
    from tf1gan.models import MODELS, Model
    from tf1gan.sampling import Sampler

__version__ = "1.0.0"
__all__ = ["GANGraph", "MODELS", "Model", "Sampler", "UserError", "build", "read_data_sets"]

_HOME = {"GANGraph": "graph", "MODELS": "models", "Model": "models", "Sampler": "sampling",
         "UserError": "errors", "build": "graph", "read_data_sets": "data"}


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module 'tf1gan' has no attribute {name!r}")
    value = getattr(importlib.import_module("tf1gan." + _HOME[name]), name)
    globals()[name] = value
    return value


def load_ipython_extension(shell):
    """`%load_ext tf1gan`: the cells after it see TensorFlow 1."""
    importlib.import_module("tf1gan.legacy.jupyter.live").load_extension(shell)


def __dir__():
    return sorted(list(globals()) + __all__)
