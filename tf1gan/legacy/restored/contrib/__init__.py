"""`tensorflow.contrib`, which left TensorFlow with 2.0: a file here for each part that is restored.

What 1.15.5's contrib held beside them is refused by name; what it had not is missing, as there.
"""

import importlib
import sys

from tf1gan.legacy import restored
from tf1gan.legacy.api import versions
from tf1gan.legacy.names import Later
from tf1gan.legacy.restored import contrib_1_14

_NO_KERNEL = "its operations were compiled into contrib, and TensorFlow 2 has not got them"
_NO_OPERATION = "TensorFlow 2 has not got its operations"
_ELSEWHERE = "it reads from a service, and tensorflow-io took it over, for TensorFlow 2"

# Parts of 1.15.5's contrib -> why they are not there, what to do instead.
REFUSED = {
    "all_reduce": "it is of several GPUs, which tf.distribute has today",
    "bigtable": _ELSEWHERE, "boosted_trees": _NO_KERNEL,
    "cloud": _ELSEWHERE,
    "cmake": "it has no module in it", "compiler": "tf.xla.experimental is there",
    "constrained_optimization": "TensorFlow Constrained Optimization (tfco) took it over",
    "decision_trees": "it has no module in it",
    "distribute": "tf.distribute is there",
    "fused_conv": _NO_KERNEL,
    "hadoop": _ELSEWHERE, "ignite": _ELSEWHERE,
    "input_pipeline": _NO_KERNEL,
    "kafka": _ELSEWHERE, "kinesis": _ELSEWHERE,
    "labeled_tensor": "few people's scripts use it, and it was left out",
    "libsvm": _NO_KERNEL,
    "linear_optimizer": "tf.estimator.experimental.LinearSDCA trains tf.estimator's linear models "
                        "by the same method",
    "meta_graph_transform": "it is of TensorFlow's own tools, which are no longer shipped",
    "mixed_precision": "it scales losses for float16 on GPUs; training in float32 needs no scale",
    "nearest_neighbor": _NO_KERNEL,
    "proto": "tf.io.decode_proto and tf.io.encode_proto are there",
    "quantization": "tf.quantization is there",
    "quantize": "it rewrites graphs for TensorFlow Lite, and was left out; "
                "tensorflow-model-optimization does that for Keras",
    "recurrent": "tf.nn.dynamic_rnn computes the same", "reduce_slice_ops": _NO_KERNEL,
    "remote_fused_graph": _NO_OPERATION,
    "rpc": _NO_OPERATION, "specs": "few people's scripts use it, and it was left out",
    "stat_summarizer": "it is of TensorFlow's own tools, which are no longer shipped",
    "tensor_forest": _NO_KERNEL, "tensorrt": "it is of NVIDIA's GPUs alone",
    "testing": "it is of TensorFlow's own tests", "text": _NO_KERNEL,
    "tfprof": "tf.profiler is there",
    "timeseries": "it is made of estimators of its own, and was left out",
}


# Parts that 1.15.5's contrib does not import: attributes of it once a script has imported them.
IMPORTED = frozenset("""
all_reduce bigtable boosted_trees cmake decision_trees fused_conv hadoop hooks ignite kafka kinesis
libsvm meta_graph_transform nearest_neighbor session_bundle tensorrt text
""".split())

# Parts that 1.15.5 has not got, either: asked for, they are missing, as there.
BEFORE_1_15 = {
    "gan": "1.14 had it, 1.15 no more: --tensorflow 1.14 gives its eval and gan_train; TF-GAN, "
           "which took it over, cannot be imported on TensorFlow 2.16 and later",
    "nccl": "1.12 had it, 1.15 no more: --tensorflow 1.14 gives it; it is of several GPUs",
}


class _Contrib(restored.Part):
    """What is IMPORTED is missing, as there, until a script imports it."""

    def __getattr__(self, name):
        if name in IMPORTED:
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")
        return super().__getattr__(name)

    def __dir__(self):
        return sorted(set(super().__dir__()) - IMPORTED | IMPORTED & set(vars(self)))

    def imported(self, name):
        return super().__getattr__(name) if name in IMPORTED else super().imported(name)


def make(given, version=versions.USUAL):
    """`tf.contrib`.

    Args:
      given: restored.Given.
      version: one of versions.VERSIONS.
    """
    return _Contrib("tensorflow.contrib", {
        name: Later(lambda name=name: restored.part(
            f"tensorflow.contrib.{name}", description(name), given))
        for name in names(version)}, REFUSED)


def names(version=versions.USUAL):
    """The parts that are restored."""
    return restored.found(sys.modules[__name__]) + (
        restored.found(contrib_1_14) if version == "1.14" else [])


def description(name):
    """The file of a part that is restored; it loads without TensorFlow."""
    folder = contrib_1_14 if name in restored.found(contrib_1_14) else sys.modules[__name__]
    return importlib.import_module(f"{folder.__name__}.{name}")
