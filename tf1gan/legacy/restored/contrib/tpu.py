"""`tf.contrib.tpu`: what `tf.tpu` kept, and what does nothing where there is no TPU."""

DROPPED = "2.0"
GIVES = """
CrossShardOptimizer batch_parallel bfloat16_scope core cross_replica_sum initialize_system
outside_compilation replicate rewrite shard shutdown_system
"""
NEEDS = ()
PATHS = ("python.tpu", "python.tpu.tpu_optimizer", "python.tpu.bfloat16")
_ESTIMATORS = "it is of estimators on TPUs, and no TPU is here"
REFUSED = dict.fromkeys(
    ("AsyncCheckpointSaverHook", "InputPipelineConfig", "RunConfig", "TPUConfig", "TPUEstimator",
     "TPUEstimatorSpec", "export_estimator_savedmodel"), _ESTIMATORS)


def make(given):
    return {name: getattr(given.tf.tpu, name) for name in GIVES.split()}
