"""What the cells are made of: a matrix for several inputs, a norm of activations, sizes."""

import importlib

from tensorflow.python.ops import array_ops, init_ops, math_ops, nn_ops, variable_scope
from tensorflow.python.util import nest

from tf1gan.legacy.api import slim_repairs

_legacy = importlib.import_module("tf_keras.src.layers.rnn.legacy_cells")
RNNCell, LayerRNNCell = _legacy.RNNCell, _legacy.LayerRNNCell
LSTMStateTuple = _legacy.LSTMStateTuple


class Linear:
    """The sum of matrices times inputs, [batch, size] each, in one matrix: `kernel`, `bias`."""

    def __init__(self, args, output_size, build_bias, bias_initializer=None,
                 kernel_initializer=None):
        self._several = nest.is_nested(args)
        args = list(args) if self._several else [args]
        if not args:
            raise ValueError("There are no args to multiply.")
        sizes = [argument.shape.with_rank(2)[1] for argument in args]
        sizes = [getattr(size, "value", size) for size in sizes]
        if None in sizes:
            raise ValueError("How long rows are is not known of each of the inputs.")
        dtype = args[0].dtype
        with variable_scope.variable_scope(variable_scope.get_variable_scope()) as scope:
            self._kernel = variable_scope.get_variable(
                "kernel", [sum(sizes), output_size], dtype=dtype, initializer=kernel_initializer)
            self._bias = None
            if build_bias:
                scope.set_partitioner(None)
                self._bias = variable_scope.get_variable(
                    "bias", [output_size], dtype=dtype, initializer=bias_initializer
                    or init_ops.constant_initializer(0.0, dtype=dtype))

    def __call__(self, args):
        args = list(args) if self._several else [args]
        joined = args[0] if len(args) == 1 else array_ops.concat(args, 1)
        result = math_ops.matmul(joined, self._kernel)
        return result if self._bias is None else nn_ops.bias_add(result, self._bias)


def linear(args, output_size, bias, bias_initializer=None, kernel_initializer=None):
    """The same, made and applied."""
    return Linear(args, output_size, bias, bias_initializer, kernel_initializer)(args)


def layer_norm(inputs, scope, gain, shift, dtype=None):
    """Layer normalization, whose `gamma` and `beta` begin at a gain and a shift."""
    shape = inputs.shape[-1:]
    with variable_scope.variable_scope(scope):
        for name, value in (("gamma", gain), ("beta", shift)):
            variable_scope.get_variable(name, shape=shape, dtype=dtype,
                                        initializer=init_ops.constant_initializer(value))
    return slim_repairs.module("layers").layer_norm(inputs, reuse=True, scope=scope)


def known_depth(inputs):
    """The size of [batch, size]. Raises ValueError where it is unknown."""
    size = inputs.shape.with_rank(2)[1]
    size = getattr(size, "value", size)
    if size is None:
        raise ValueError(f"How many inputs there are is not known of the shape {inputs.shape}.")
    return size


class Sized:
    """A cell with sizes that it knows when it is made."""

    @property
    def state_size(self):
        return self._state_size

    @property
    def output_size(self):
        return self._output_size
