"""Calls that expand into other operations than in 1.15, and are rebuilt as it had them.

Where only the number of operations differs it is counted, in `counts` and `counted_layers`.
"""

import contextlib
import functools
import importlib
import numbers
import re

from tf1gan.legacy.names import Restored
from tf1gan.legacy.numbers import (
    counted_data,
    counted_layers,
    counted_methods,
    counted_ragged,
    eager,
    eager_training,
    feature_columns,
    gradients,
    images,
    keras_functions,
    keras_training,
    keras_variables,
    rebuilt,
    tensordot,
)


def restore(seeds):
    """Rebuilds and counts, in TensorFlow's and Keras's own modules."""
    _random_uniform()
    _dropout()
    _saturated()
    rebuilt.restore()
    tensordot.restore()
    _axes_of_reductions()
    _regularizers()
    _noise_of_keras()
    keras_functions.restore()
    keras_variables.fed_themselves(seeds)
    keras_training.restore(seeds)
    _names_of_keras()
    feature_columns.restore()
    images.restore(seeds)
    counted_methods.count(seeds)
    counted_data.count(seeds)
    counted_ragged.count(seeds)
    gradients.count(seeds)
    eager.restore()
    eager_training.restore(seeds)
    counted_layers.count(seeds)


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
        elif isinstance(minval, float) and minval == 0:     # tf.random_uniform_initializer's
            minval = 0
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


def _saturated():
    """What is too large for a type was cut off on either side as need be; until 2.12."""
    from tensorflow.python.framework import dtypes, ops
    from tensorflow.python.ops import gen_math_ops, math_ops

    def saturate_cast(value, dtype, name=None):
        with ops.name_scope(name, "saturate_cast", [value]) as name:
            value, dtype = ops.convert_to_tensor(value, name="value"), dtypes.as_dtype(dtype)
            for cut, limit, is_less in ((gen_math_ops.maximum, "min", value.dtype.min
                                         < dtype.base_dtype.min),
                                        (gen_math_ops.minimum, "max", value.dtype.max
                                         > dtype.base_dtype.max)):
                if is_less:
                    value = cut(value, ops.convert_to_tensor(
                        getattr(dtype.base_dtype, limit), dtype=value.dtype, name=limit))
            return math_ops.cast(value, dtype.base_dtype, name=name)
    math_ops.saturate_cast = saturate_cast


def _axes_of_reductions():
    """The axes of a scalar are a constant; since 2.2 they are computed. A variable's were."""
    from tensorflow.python.eager import context
    from tensorflow.python.framework import constant_op, sparse_tensor, tensor
    from tensorflow.python.ops import array_ops, math_ops
    today, known = math_ops._ReductionDims, (tensor.Tensor, sparse_tensor.SparseTensor)

    def axes(x, axis, *more):
        if axis is None and getattr(getattr(x, "shape", None), "rank", None) == 0:
            return constant_op.constant([], dtype="int32")
        if axis is None and not isinstance(x, known) and not context.executing_eagerly():
            return math_ops.range(0, array_ops.rank(x))
        return today(x, axis, *more)
    math_ops._ReductionDims = axes


def _regularizers():
    """A variable's regularizer was called once; since 2.2 it is when its tensor is used, too."""
    from tensorflow.python.framework import ops
    from tensorflow.python.ops import variable_scope
    today = variable_scope._VariableStore._get_single_variable

    def get(this, name, *arguments, regularizer=None, **named):
        if regularizer is None:
            return today(this, name, *arguments, **named)
        made = []

        def once(variable):
            if not made:
                with ops.colocate_with(variable), ops.name_scope(f"{name}/Regularizer/"), \
                        ops.init_scope():
                    made.append(regularizer(variable))
            return made[0]
        return today(this, name, *arguments, regularizer=once, **named)
    variable_scope._VariableStore._get_single_variable = get
    variable_scope._LazyEvalTensor = lambda make: make()


def _noise_of_keras():
    """Keras's layers of noise took their seeds from NumPy's generator; until 2.7.

    So did the masks of recurrent cells' dropout.
    """
    import numpy as np
    from tensorflow.python.util import tf_decorator

    def of_numpy(layer):
        generator = layer._random_generator
        if generator._seed is None:
            generator.make_legacy_seed = lambda: np.random.randint(int(10e6))
    for name in ("gaussian_noise.GaussianNoise", "gaussian_dropout.GaussianDropout",
                 "alpha_dropout.AlphaDropout"):
        module, name = name.split(".")
        layer = getattr(importlib.import_module(
            f"tf_keras.src.layers.regularization.{module}"), name)

        def call(this, *arguments, today=layer.call, **named):
            of_numpy(this)
            return today(this, *arguments, **named)
        layer.call = tf_decorator.make_decorator(layer.call, call)
    cells = importlib.import_module("tf_keras.src.layers.rnn.dropout_rnn_cell_mixin")
    of_cells = cells.DropoutRNNCellMixin
    for name in ("_create_dropout_mask", "_create_recurrent_dropout_mask"):
        setattr(of_cells, name, functools.partialmethod(_first, of_numpy, getattr(of_cells, name)))


def _first(this, do, today, *arguments, **named):
    do(this)
    return today(this, *arguments, **named)


def _names_of_keras():
    """`lstm/kernel`, since 2.3 `lstm/lstm_cell/kernel`; `conv_lst_m2d`, later `conv_lstm2d`."""
    def of_class(name):
        name = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
        name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
        return "private" + name if name[0] == "_" else name
    for module in ("utils.generic_utils", "engine.base_layer", "engine.base_layer_v1"):
        importlib.import_module(f"tf_keras.src.{module}").to_snake_case = of_class
    for module in ("base_rnn", "stacked_rnn_cells"):
        module = importlib.import_module(f"tf_keras.src.layers.rnn.{module}")
        module.backend = Restored("backend", module.backend, dict(
            name_scope=lambda name: contextlib.nullcontext()))
