"""`tf.contrib.tpu`: what `tf.tpu` kept, and what does nothing where there is no TPU.

Its estimator, with use_tpu=False, is an estimator; by tensorflow-estimator.
"""

import importlib

from tf1gan.legacy.api import estimator
from tf1gan.legacy.names import Later, Restored

DROPPED = "2.0"
_OF_TODAY = """
CrossShardOptimizer batch_parallel bfloat16_scope core cross_replica_sum initialize_system
outside_compilation replicate rewrite shard shutdown_system
"""
# Names of TensorFlow's own modules, and which.
_OF_MODULES = dict(
    DeviceAssignment="tpu.device_assignment", device_assignment="tpu.device_assignment",
    InfeedQueue="tpu.tpu_feed", Topology="tpu.topology", repeat="tpu.training_loop",
    while_loop="tpu.training_loop", infeed_dequeue="tpu.ops.tpu_ops",
    infeed_dequeue_tuple="tpu.ops.tpu_ops", **{name: "ops.gen_tpu_ops" for name in (
        "infeed_enqueue", "infeed_enqueue_tuple", "outfeed_dequeue", "outfeed_dequeue_tuple",
        "outfeed_enqueue", "outfeed_enqueue_tuple")})
# Names of tensorflow-estimator's, and the module of each.
_ESTIMATORS = dict(
    InputPipelineConfig="tpu_config", RunConfig="tpu_config", TPUConfig="tpu_config",
    TPUEstimator="tpu_estimator", TPUEstimatorSpec="tpu_estimator",
    export_estimator_savedmodel="tpu_estimator")
GIVES = _OF_TODAY + " ".join(sorted(_ESTIMATORS) + sorted(_OF_MODULES) + [
    "AsyncCheckpointSaverHook"])
NEEDS = ("tensorflow-estimator",)
PATHS = ("python.tpu", "python.tpu.tpu_optimizer", "python.tpu.bfloat16", "python.tpu.tpu_config",
         "python.tpu.tpu_estimator")
_KERAS = "it trains Keras's models on a TPU; without one, Keras's own fit does the same"
REFUSED = dict(keras_to_tpu_model=_KERAS, TPUDistributionStrategy=_KERAS,
               profiler="it profiles a TPU, which is not here")


def make(given):
    def of_estimators(name):
        module = "tensorflow_estimator.python.estimator.tpu." + _ESTIMATORS[name]
        return Later(lambda: getattr(estimator.load(module), name))

    def module(name):
        return Later(lambda: importlib.import_module("tensorflow.python.tpu." + name))

    def of_module(name):
        return Later(lambda: getattr(importlib.import_module(
            "tensorflow.python." + _OF_MODULES[name]), name))
    named = "tensorflow.contrib.tpu.python"
    own = dict(tpu=dict(tpu_function=module("tpu_function"), tpu_feed=module("tpu_feed")),
               ops=dict(tpu_ops=module("ops.tpu_ops")))
    return dict({name: getattr(given.tf.tpu, name) for name in _OF_TODAY.split()},
                python=Restored(named, None, {
                    part: Restored(f"{named}.{part}", None, modules)
                    for part, modules in own.items()}),
                AsyncCheckpointSaverHook=Later(lambda: _saver_hook(given.tf)),
                **{name: of_estimators(name) for name in _ESTIMATORS},
                **{name: of_module(name) for name in _OF_MODULES})


def _saver_hook(tf):
    class AsyncCheckpointSaverHook(tf.train.CheckpointSaverHook):
        """Saves checkpoints, in this thread: the files, and their steps, are the same."""
    return AsyncCheckpointSaverHook
