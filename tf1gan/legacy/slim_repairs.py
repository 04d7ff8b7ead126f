"""tf_slim, which is contrib's own code, made to work where TensorFlow moved what it takes from it.

tf_slim 1.1.0 is of 2020. Each row is a name that it takes from one of TensorFlow's own modules,
and where that stands today. Nothing that TensorFlow has under the old name is replaced.
"""

import importlib
import sys

MOVED = (
    # module, name, module of today, name there
    ("framework.ops", "Tensor", "framework.tensor", "Tensor"),                          # 2.14
    ("framework.ops", "IndexedSlices", "framework.indexed_slices", "IndexedSlices"),    # 2.5
    ("ops.array_ops", "stack", "ops.array_ops_stack", "stack"),                         # 2.12
    ("ops.array_ops", "unstack", "ops.array_ops_stack", "unstack"),                     # 2.12
    ("ops.control_flow_ops", "Assert", "ops.control_flow_assert", "Assert"),            # 2.12
    ("ops.control_flow_ops", "case", "ops.control_flow_case", "case"),                  # 2.12
    ("ops.control_flow_ops", "cond", "ops.cond", "cond"),                               # 2.12
    ("ops.control_flow_ops", "while_loop", "ops.while_loop", "while_loop"),             # 2.12
    ("ops.variable_scope", "variable", "ops.variable_v1", "VariableV1"),                # 2.13
)

# Modules of tf-keras that TensorFlow's own tf.layers are looked for in; moved by 2.16.
LAYERS = ("", ".base", ".convolutional", ".core", ".normalization", ".pooling")


def load():
    """tf_slim, repaired. Raises ModuleNotFoundError where it is not installed."""
    for module in LAYERS:
        if f"tf_keras.legacy_tf_layers{module}" not in sys.modules:
            sys.modules[f"tf_keras.legacy_tf_layers{module}"] = importlib.import_module(
                f"tf_keras.src.legacy_tf_layers{module}")
    for module, name, today, name_today in MOVED:
        module = importlib.import_module("tensorflow.python." + module)
        if not hasattr(module, name):
            setattr(module, name, getattr(importlib.import_module("tensorflow.python." + today),
                                          name_today))
    return importlib.import_module("tf_slim")
