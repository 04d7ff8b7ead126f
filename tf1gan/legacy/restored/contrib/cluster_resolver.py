"""`tf.contrib.cluster_resolver`, whose classes are those of `tf.distribute` since 1.13."""

import importlib

from tf1gan.legacy.names import Later

DROPPED = "2.0"
# Classes, and where TensorFlow has them.
_MODULES = dict(
    ClusterResolver="cluster_resolver", SimpleClusterResolver="cluster_resolver",
    UnionClusterResolver="cluster_resolver", GCEClusterResolver="gce_cluster_resolver",
    KubernetesClusterResolver="kubernetes_cluster_resolver",
    SlurmClusterResolver="slurm_cluster_resolver",
    TFConfigClusterResolver="tfconfig_cluster_resolver",
    TPUClusterResolver="tpu.tpu_cluster_resolver")
GIVES = " ".join(sorted(_MODULES))
NEEDS = ()
PATHS = ("python.training",)
REFUSED = {}


def make(given):
    def named(name):
        return Later(lambda: getattr(importlib.import_module(
            f"tensorflow.python.distribute.cluster_resolver.{_MODULES[name]}"), name))
    return {name: named(name) for name in _MODULES}
