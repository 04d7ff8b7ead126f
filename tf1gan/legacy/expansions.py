"""Calls that expand into other operations than in 1.15.

Where their numbers differ they are rebuilt. Where only the number of operations does, it is
counted, for the seeds that are derived from it. Where it is not known, that is said.
"""

import functools
import importlib
import numbers


def restore(seeds):
    """Rebuilds and counts, in TensorFlow's and Keras's own modules."""
    _random_uniform()
    _dropout()
    _reductions_of_scalars()
    _count_layers(seeds)
    _regularizers()
    _gradients(seeds)


def _sizes_multiplied(shape, *_, **__):
    """1.15 multiplied the sizes in the graph, where one is a tensor, to see if they were large."""
    from tensorflow.python.framework import tensor
    if isinstance(shape, tensor.Tensor) or not isinstance(shape, (list, tuple)):
        return 0
    made, is_tensor = 0, None
    for size in shape:
        size_is = isinstance(size, tensor.Tensor)
        if is_tensor is not None and (is_tensor or size_is):
            made += 1 if is_tensor and size_is else 2       # a constant of the other
        is_tensor = bool(is_tensor) or size_is
    return made + 2 if is_tensor else 0             # and compared the product


# How many operations more 1.15 made in a call, or a function of its arguments; None: unknown.
COUNTS = {
    "tf": {"split": lambda value, sizes=None, *_, **named: int(isinstance(
               named.get("num_or_size_splits", sizes), int)),
           "zeros": _sizes_multiplied, "ones": _sizes_multiplied, "clip_by_global_norm": 1,
           "tensordot": 4, "einsum": None,
           "random_gamma": -2, "linspace": None, "lin_space": None, "eye": None, "map_fn": None,
           "scan": None, "foldl": None, "matrix_diag_part": None, "matrix_set_diag": None,
           "confusion_matrix": None},
    "tf.nn": {"dynamic_rnn": None, "static_rnn": None, "bidirectional_dynamic_rnn": None,
              "raw_rnn": None, "swish": None},
    "tf.image": {"resize_image_with_crop_or_pad": None, "rgb_to_grayscale": 2,
                 "per_image_standardization": 1},
    "tf.train": {"polynomial_decay": 1},
}


def counted(today, seeds):
    """Part of `tf` -> name -> function, whose operations are counted as 1.15's."""
    made = {part: {name: counting(seeds, getattr(_part(today, part), name), more, f"{part}.{name}")
                   for name, more in names.items()} for part, names in COUNTS.items()}
    gamma = made["tf"]["random_gamma"]

    def random_gamma(*arguments, **named):
        seeds.draws_otherwise("tf.random_gamma")
        return gamma(*arguments, **named)
    made["tf"]["random_gamma"] = random_gamma
    return made


def _part(today, part):
    return getattr(today, part[3:]) if part != "tf" else today


def counting(seeds, function, more, name):
    """A function that notes how many operations more 1.15 made in it."""
    @functools.wraps(function)
    def call(*arguments, **named):
        result = function(*arguments, **named)
        if more is None:
            seeds.inexact_from_here(name)
        else:
            seeds.count_more(more(*arguments, **named) if callable(more) else more)
        return result
    return call


# -- Rebuilt ---------------------------------------------------------------------------------

def _random_uniform():
    """From 0 to 1 it was scaled like any other range; left out since 2.1."""
    from tensorflow.python.framework import dtypes
    from tensorflow.python.ops import random_ops
    today = random_ops.random_uniform

    def random_uniform(shape, minval=0, maxval=None, dtype=dtypes.float32, seed=None, name=None):
        # A NumPy number is not taken for the 0 and 1 that are left out.
        if dtypes.as_dtype(dtype).is_floating:
            minval = float(minval) if isinstance(minval, numbers.Integral) else minval
            maxval = 1.0 if maxval is None else maxval
            maxval = float(maxval) if isinstance(maxval, numbers.Integral) else maxval
        return today(shape, minval, maxval, dtype=dtype, seed=seed, name=name)
    random_ops.random_uniform = random_uniform


def _dropout():
    """The mask was multiplied with, and the scale computed in the graph; until 2.3."""
    from tensorflow.python.eager import context
    from tensorflow.python.framework import ops, tensor_util
    from tensorflow.python.ops import math_ops, nn_ops
    today = nn_ops._dropout

    def dropout(x, rate, noise_shape, uniform_sampler, dummy_rng_step, name, default_name):
        if context.executing_eagerly():
            return today(x, rate, noise_shape, uniform_sampler, dummy_rng_step, name, default_name)
        with ops.name_scope(name, "dropout", [x]):
            x = ops.convert_to_tensor(x, name="x")
            if not x.dtype.is_floating:
                raise ValueError("x has to be a floating point tensor since it's going to be "
                                 f"scaled. Got a {x.dtype} tensor instead.")
            if isinstance(rate, numbers.Real) and not 0 <= rate < 1:
                raise ValueError("rate must be a scalar tensor or a float in the range [0, 1), "
                                 f"got {rate:g}")
            if isinstance(rate, numbers.Real) and rate == 0:
                return x
            rate = ops.convert_to_tensor(rate, dtype=x.dtype, name="rate")
            if tensor_util.constant_value(rate) == 0:
                return x
            noise_shape = nn_ops._get_noise_shape(x, noise_shape)
            kept = uniform_sampler(shape=noise_shape, dtype=x.dtype)
            scale = 1 / (1 - rate)
            result = x * scale * math_ops.cast(kept >= rate, x.dtype)
            result.set_shape(x.get_shape())
            return result
    nn_ops._dropout = dropout


def _reductions_of_scalars():
    """The axes of a scalar are a constant; since 2.2 they are computed."""
    from tensorflow.python.framework import constant_op
    from tensorflow.python.ops import math_ops
    today = math_ops._ReductionDims

    def axes(x, axis, *more):
        if axis is None and getattr(getattr(x, "shape", None), "rank", None) == 0:
            return constant_op.constant([], dtype="int32")
        return today(x, axis, *more)
    math_ops._ReductionDims = axes


def _regularizers():
    """A variable's regularizer was called once; since 2.2 once more, to see what it gives."""
    from tensorflow.python.ops import variable_scope
    today = variable_scope._VariableStore._get_single_variable

    def get(this, *arguments, regularizer=None, **named):
        if regularizer is None:
            return today(this, *arguments, **named)
        calls = []

        def once(variable):
            calls.append(variable)
            return regularizer(variable) if len(calls) > 1 else True
        return today(this, *arguments, regularizer=once, **named)
    variable_scope._VariableStore._get_single_variable = get


# -- Counted ---------------------------------------------------------------------------------

def _count_layers(seeds):
    """Keras's layers, which tf.layers are, too."""
    from tensorflow.python.util import tf_decorator

    def after(owner, method, operations):
        today = getattr(owner, method)

        def call(this, *arguments, **named):
            result = today(this, *arguments, **named)
            seeds.count_more(operations(this, *arguments, **named))
            return result
        # Keras asks for the arguments that a layer takes.
        setattr(owner, method, tf_decorator.make_decorator(today, call))

    for layers, conv, transposed, flatten, dense, upsampling in (
            ("tf_keras.src.layers", "convolutional.base_conv", "convolutional.conv2d_transpose",
             "reshaping.flatten", "core.dense", "reshaping.up_sampling2d"),
            # A copy in TensorFlow itself, which tf_slim's layers are made of.
            ("tensorflow.python.keras.layers", "convolutional", "convolutional", "core", "core",
             "convolutional")):
        for module, name, method, operations in (
                (conv, "Conv", "build", _convolved),
                (transposed, "Conv2DTranspose", "call", _transposed),
                (flatten, "Flatten", "call", _flattened),
                (upsampling, "UpSampling2D", "call", lambda *_: 4),
                (dense, "Dense", "call", lambda layer, inputs: 4 * (inputs.shape.rank > 2))):
            after(getattr(importlib.import_module(f"{layers}.{module}"), name), method, operations)
    normalization = importlib.import_module("tf_keras.src.layers.normalization.batch_normalization")
    after(normalization.BatchNormalizationBase, "_fused_batch_norm", _normalized)
    after(importlib.import_module("tensorflow.python.ops.init_ops").Identity, "__call__",
          lambda *_, **__: -4)


def _convolved(layer, *_):
    """The rate of dilation was a constant of the graph, where there is none."""
    return int(all(rate == 1 for rate in layer.dilation_rate))


def _transposed(layer, inputs):
    """Height and width of the output were computed in the graph, known or not."""
    axes = (2, 3) if layer.data_format == "channels_first" else (1, 2)
    known = [axis for axis in axes if inputs.shape.as_list()[axis] is not None]
    return len(known) * (7 if layer.padding == "valid" else 5)


def _flattened(layer, inputs):
    """Where the batch's size is unknown, it was looked up."""
    shape = inputs.shape
    return 6 if shape[:1].as_list() == [None] and shape[1:].is_fully_defined() else 0


def _normalized(layer, inputs, training, **_):
    """Constants for what the kernel is not given."""
    from tensorflow.python.framework import tensor_util
    from tensorflow.python.ops import resource_variable_ops
    if resource_variable_ops.is_resource_variable(layer.moving_mean):
        return 0
    if not isinstance(training, (bool, int)):
        training = tensor_util.constant_value(training)
    return 0 if training is None else 2 if training else 1


def _gradients(seeds):
    """Gradients of many operations take fewer operations now."""
    from tensorflow.python.ops import gradients_util
    today = gradients_util._GradientsHelper

    def gradients(*arguments, **named):
        result = today(*arguments, **named)
        seeds.inexact_from_here("a gradient")
        return result
    gradients_util._GradientsHelper = gradients
