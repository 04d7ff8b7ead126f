"""How many operations more or fewer 1.15 made in a layer, for the seeds derived from it."""

import importlib
import sys

from tf1gan.legacy.numbers.counts import after, counting


def count(seeds):
    """Keras's layers, which tf.layers are, too."""
    for layers, conv, transposed, flatten in (
            ("tf_keras.src.layers", "convolutional.base_conv", "convolutional.conv2d_transpose",
             "reshaping.flatten"),
            # A copy in TensorFlow itself, which tf_slim's layers are made of.
            ("tensorflow.python.keras.layers", "convolutional", "convolutional", "core")):
        for module, name, method, operations in (
                (conv, "Conv", "build", _convolved),
                (transposed, "Conv2DTranspose", "call", _transposed),
                (flatten, "Flatten", "call", _flattened)):
            after(seeds, getattr(importlib.import_module(f"{layers}.{module}"), name), method,
                   operations)
    for module, name, method, operations in (
            ("normalization.batch_normalization", "BatchNormalizationBase", "_fused_batch_norm",
             _normalized),
            ("normalization.batch_normalization", "BatchNormalizationBase", "call",
             lambda layer, inputs, *_, **__: None if layer.virtual_batch_size
             or inputs.shape.rank == 5 else 0),
            ("normalization.layer_normalization", "LayerNormalization", "call", None),
            ("regularization.dropout", "Dropout", "call", _dropped),
            ("merging.dot", "Dot", "call", None),
            ("rnn.time_distributed", "TimeDistributed", "call", None),
            ("rnn.base_rnn", "RNN", "__call__", None)):
        after(seeds, getattr(importlib.import_module(f"tf_keras.src.layers.{module}"), name),
               method, operations, f"tf.keras.layers.{name}")
    _everywhere(seeds, importlib.import_module("tf_keras.src.backend"), "resize_images", _resized)


def _everywhere(seeds, module, name, operations):
    """Counts after a function of Keras's, which stands in the modules of its API, too."""
    today = getattr(module, name)
    call = counting(seeds, today, operations, f"tf.keras.{module.__name__.split('.')[-1]}.{name}")
    for module in [known for path, known in list(sys.modules.items())
                   if path.startswith("tf_keras.") and vars(known).get(name) is today]:
        setattr(module, name, call)


def _resized(x, height_factor, width_factor, data_format, *_, **__):
    """Height and width were looked up, known or not."""
    axes = slice(2, 4) if data_format == "channels_first" else slice(1, 3)
    return 4 if x.shape[axes].is_fully_defined() else 0


def _convolved(layer, *_):
    """The rate of dilation was a constant of the graph, where there is none."""
    return int(all(rate == 1 for rate in layer.dilation_rate))


def _transposed(layer, inputs):
    """Height and width of the output were computed in the graph, known or not."""
    axes = (2, 3) if layer.data_format == "channels_first" else (1, 2)
    if axes == (2, 3) and type(layer).__module__.startswith("tf_keras."):
        return None             # which no CPU computes
    known = [axis for axis in axes if inputs.shape.as_list()[axis] is not None]
    return len(known) * (7 if layer.padding == "valid" else 5)


def _flattened(layer, inputs):
    """Where the batch's size is unknown, it was looked up."""
    shape = inputs.shape
    return 6 if shape[:1].as_list() == [None] and shape[1:].is_fully_defined() else 0


def _dropped(layer, inputs, training=None):
    """Where nothing is dropped, that was still asked of training."""
    if layer.rate != 0 or training is False:
        return 0
    return None if training is None else -1 if training is True else 7


def _normalized(layer, inputs, training, **_):
    """Constants for what the kernel is not given."""
    from tensorflow.python.framework import tensor_util
    from tensorflow.python.ops import resource_variable_ops
    if not isinstance(training, (bool, int)):
        training = tensor_util.constant_value(training)
    if resource_variable_ops.is_resource_variable(layer.moving_mean):
        return -2 if training is None else 0 if training else 1
    return 0 if training is None else 2 if training else 1
