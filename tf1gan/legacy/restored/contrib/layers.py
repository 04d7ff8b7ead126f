"""`tf.contrib.layers`, which is tf_slim's: contrib's own code, with contrib's defaults."""

import importlib

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.numbers import counts

DROPPED = "2.0"
GIVES = None            # tf_slim's
NEEDS = ("tf_slim",)
PATHS = ("layers", "python.layers", "python.layers.layers")
REFUSED = {}

# Names that tf_slim.layers leaves in its module.
_INSIDE = ("bias_add", "conv1d", "conv2d", "conv3d", "relu", "relu6", "elu", "linear",
           "legacy_fully_connected", "legacy_linear", "legacy_relu", "softmax")
_MODULES = ("initializers", "regularizers", "normalization", "utils", "optimizers")


def make(given):
    today = slim_repairs.module("layers")
    inside = vars(importlib.import_module("tf_slim.layers.layers"))
    names = dict(vars(today))
    names.update({name: inside[name] for name in _INSIDE if name in inside})
    names.update({name: slim_repairs.module(f"layers.{name}") for name in _MODULES})
    names["scale_gradient"] = counted_scale(given.seeds, today)
    names.update(encoders(given.tf))
    return names


def encoders(tf):
    """What slim has, too, and tf_slim has not: whole numbers embedded."""
    from tf1gan.legacy.restored.contrib import _encoders
    return dict({name: getattr(_encoders, name) for name in (
        "bow_encoder", "embed_sequence", "embedding_lookup_unique")},
        safe_embedding_lookup_sparse=tf.nn.safe_embedding_lookup_sparse)


def counted_scale(seeds, today):
    return counts.counting(seeds, today.scale_gradient, None, "tf.contrib.layers.scale_gradient")
