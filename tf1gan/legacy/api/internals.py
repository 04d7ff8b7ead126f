"""`tensorflow.python`: TensorFlow's own modules, which scripts took names from that have moved.

Nothing that TensorFlow has under the old name is replaced.
"""

import functools
import importlib
import sys

from tf1gan.legacy.names import Later, Restored

MOVED = (
    # module, names, module of today (and the name there), moved by
    ("framework.ops", "Tensor", "framework.tensor"),                                    # 2.14
    ("framework.ops", "IndexedSlices IndexedSlicesValue convert_to_tensor_or_indexed_slices "
                      "convert_n_to_tensor_or_indexed_slices", "framework.indexed_slices"),  # 2.5
    ("framework.ops", "register_tensor_conversion_function",
     "framework.tensor_conversion_registry"),                                           # 2.5
    ("framework.graph_util", "convert_variables_to_constants",
     "framework.convert_to_constants"),                                                 # 2.16
    ("ops.array_ops", "stack unstack", "ops.array_ops_stack"),                          # 2.12
    ("ops.control_flow_ops", "Assert", "ops.control_flow_assert"),                      # 2.12
    ("ops.control_flow_ops", "case", "ops.control_flow_case"),                          # 2.12
    ("ops.control_flow_ops", "cond", "ops.cond"),                                       # 2.12
    ("ops.control_flow_ops", "switch_case", "ops.control_flow_switch_case"),            # 2.12
    ("ops.control_flow_ops", "while_loop", "ops.while_loop"),                           # 2.12
    ("ops.variable_scope", "variable=VariableV1", "ops.variable_v1"),                   # 2.13
    ("ops.variables", "VariableV1 is_variable_initialized", "ops.variable_v1"),         # 2.13
    ("ops.variables", "RefVariable", "ops.ref_variable"),                               # 2.13
    ("ops.random_ops", "random_crop", "ops.random_crop_ops"),                           # 2.11
    ("ops.nn", "dynamic_rnn static_rnn raw_rnn bidirectional_dynamic_rnn "
               "static_state_saving_rnn", "ops.rnn"),                                   # 2.9
    ("pywrap_tensorflow", "NewCheckpointReader", "training.py_checkpoint_reader"),      # 2.3
    ("util.nest", "is_sequence=is_nested", "util.nest"),                                # 2.8
)
# Which stood at the top, too, until 2.0: tf.python.graph_util.
AT_THE_TOP = dict(
    framework="constant_op dtypes errors_impl graph_util random_seed tensor_shape tensor_util",
    ops="array_ops check_ops clip_ops control_flow_ops math_ops nn_ops random_ops "
        "resource_variable_ops rnn rnn_cell sparse_ops state_ops tensor_array_ops",
    platform="gfile tf_logging", util="nest", eager="context")
MODULES = {"training.training_ops": "ops.gen_training_ops"}                             # 2.13
# Modules of tf-keras that TensorFlow's own tf.layers are looked for in; moved by 2.16.
LAYERS = ("", ".base", ".convolutional", ".core", ".normalization", ".pooling")


def load():
    """`tensorflow.python`, with what has moved under its old names, too."""
    for module, names, today in MOVED:
        module = importlib.import_module("tensorflow.python." + module)
        for name in names.split():
            name, _, name_today = name.partition("=")
            if not hasattr(module, name):
                setattr(module, name, getattr(
                    importlib.import_module("tensorflow.python." + today), name_today or name))
    for name, today in MODULES.items():
        parent, _, last = ("tensorflow.python." + name).rpartition(".")
        module = importlib.import_module("tensorflow.python." + today)
        if not hasattr(importlib.import_module(parent), last):
            setattr(importlib.import_module(parent), last, module)
            sys.modules.setdefault(f"{parent}.{last}", module)
    for name in LAYERS:
        if f"tf_keras.legacy_tf_layers{name}" not in sys.modules:
            sys.modules[f"tf_keras.legacy_tf_layers{name}"] = importlib.import_module(
                f"tf_keras.src.legacy_tf_layers{name}")
    _give_shapes(importlib.import_module("tensorflow.python.framework.tensor_shape"))
    return importlib.import_module("tensorflow.python")


def at_the_top():
    """name -> the module, which is loaded when a script asks `tensorflow.python` for it."""
    def module(folder, name):
        load()
        return importlib.import_module(f"tensorflow.python.{folder}.{name}")
    return {name: Later(functools.partial(module, folder, name))
            for folder, names in AT_THE_TOP.items() for name in names.split()}


def ops_before_1_14(map_fn):
    """`tensorflow.python.ops`, with `functional_ops.map_fn`, whose place 1.14 changed."""
    def module(name):
        return importlib.import_module("tensorflow.python." + name)
    functions = Restored("tensorflow.python.ops.functional_ops",
                         lambda: module("ops.functional_ops"), dict(map_fn=map_fn))
    return Restored("tensorflow.python.ops", lambda: module("ops"),
                    dict(functional_ops=functions))


def _give_shapes(module):
    """Functions that made shapes of fixed ranks; dropped by 2.0."""
    shape = module.TensorShape
    for name, make in (("scalar", lambda: shape([])), ("vector", lambda length: shape([length])),
                       ("matrix", lambda rows, columns: shape([rows, columns]))):
        if not hasattr(module, name):
            setattr(module, name, make)
