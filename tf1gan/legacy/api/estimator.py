"""`tf.estimator`, which left TensorFlow with 2.16: the package tensorflow-estimator.

Its last release, 2.15.0, is of TensorFlow 2.15. What it takes from TensorFlow's own modules and
has gone since is put back; a TPU's parts, which no machine without one uses, refuse to be used.
"""

import importlib
import sys
import types

from tf1gan.legacy.extras import needed
from tf1gan.legacy.names import Restored
from tf1gan.legacy.refusal import refuse

# What 1.15.5's tf.estimator has and the package has not.
REFUSED = dict.fromkeys(
    ("BoostedTreesClassifier", "BoostedTreesEstimator", "BoostedTreesRegressor"),
    "boosted trees left tensorflow-estimator with 2.13, and their operations TensorFlow")
# Modules of TensorFlow for a TPU; gone with 2.16.
_OF_TPU = ("tpu_embedding", "session_support", "tpu_embedding_gradient")


def make():
    """`tf.estimator` of 1.15."""
    return _Estimator("tensorflow.estimator", load())


def load(module="tensorflow_estimator._api.v1.estimator"):
    """A module of the package; refused by name where the package is not installed."""
    _repair()
    with needed("tensorflow-estimator", "tf.estimator"):
        return importlib.import_module(module)


class _Estimator(Restored):

    def __getattr__(self, name):
        if name in REFUSED:
            refuse(f"tf.estimator.{name} is not restored: {REFUSED[name]}")
        return super().__getattr__(name)


def _repair():
    from tensorflow.python.util import tf_export
    if not hasattr(tf_export, "ESTIMATOR_API_NAME"):
        tf_export.ESTIMATOR_API_NAME = name = "estimator"
        for attributes, version in ((tf_export.API_ATTRS, ""), (tf_export.API_ATTRS_V1, "_v1")):
            attributes[name] = tf_export._Attributes(f"_estimator_api_names{version}",
                                                     f"_estimator_api_constants{version}")
    _put_back("tensorflow.python.distribute.estimator_training", dict(
        should_run_distribute_coordinator=lambda config: False,
        **{name: _refuse_strategies for name in ("init_run_config", "train_and_evaluate",
                                                 "estimator_train", "estimator_evaluate")}))
    for name in _OF_TPU:
        path = f"tensorflow.python.tpu.{name}"
        _put_back(path, dict(__getattr__=lambda name, path=path: _of_a_tpu(path, name)))


def _put_back(path, names):
    """A module of TensorFlow's that is gone."""
    parent, _, last = path.rpartition(".")
    parent = importlib.import_module(parent)
    if not hasattr(parent, last):
        module = sys.modules[path] = types.ModuleType(path)
        vars(module).update(names)
        setattr(parent, last, module)


def _refuse_strategies(*_, **__):
    refuse("tf.estimator.RunConfig's train_distribute and eval_distribute are not restored: leave "
           "them out to train in this process")


def _of_a_tpu(path, name):
    """A class that stands where TPUEstimator takes it from, and refuses to be made."""
    if name.startswith("__"):
        raise AttributeError(name)

    def __init__(self, *_, **__):
        refuse(f"{path}.{name} is not restored: it needs a TPU")
    return type(name, (), dict(__init__=__init__))
