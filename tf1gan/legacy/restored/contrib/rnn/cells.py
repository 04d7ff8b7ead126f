"""Cells that only contrib.rnn had."""


from tensorflow.python.framework import dtypes, tensor_shape
from tensorflow.python.ops import (
    array_ops,
    clip_ops,
    init_ops,
    math_ops,
    nn_ops,
    random_ops,
    variable_scope,
)

from tf1gan.legacy.restored.contrib.rnn.linear import (
    Linear,
    LSTMStateTuple,
    RNNCell,
    Sized,
    known_depth,
    layer_norm,
)

_get = variable_scope.get_variable
_sigmoid, _tanh = math_ops.sigmoid, math_ops.tanh


def _four(value, axis=1, parts=4):
    return array_ops.split(value=value, num_or_size_splits=parts, axis=axis)


class LayerNormBasicLSTMCell(Sized, RNNCell):
    """An LSTM with layer normalization, and dropout that leaves its memory alone."""

    def __init__(self, num_units, forget_bias=1.0, input_size=None, activation=_tanh,
                 layer_norm=True, norm_gain=1.0, norm_shift=0.0, dropout_keep_prob=1.0,
                 dropout_prob_seed=None, reuse=None):
        super().__init__(_reuse=reuse)
        self._activation, self._forget_bias = activation, forget_bias
        self._keep_prob, self._seed = dropout_keep_prob, dropout_prob_seed
        self._normalized, self._gain, self._shift = layer_norm, norm_gain, norm_shift
        self._state_size = LSTMStateTuple(num_units, num_units)
        self._output_size = num_units

    def call(self, inputs, state):
        c, h = state
        both = array_ops.concat([inputs, h], 1)
        size = 4 * self._output_size
        gates = math_ops.matmul(both, _get("kernel", [both.shape[-1], size], dtype=both.dtype))
        if not self._normalized:
            gates = nn_ops.bias_add(gates, _get("bias", [size], dtype=both.dtype))
        i, j, f, o = (self._norm(gate, name) for gate, name in zip(
            _four(gates), ("input", "transform", "forget", "output")))
        new = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            new = nn_ops.dropout(new, self._keep_prob, seed=self._seed)
        c = self._norm(c * _sigmoid(f + self._forget_bias) + _sigmoid(i) * new, "state")
        h = self._activation(c) * _sigmoid(o)
        return h, LSTMStateTuple(c, h)

    def _norm(self, value, name):
        if not self._normalized:
            return value
        return layer_norm(value, name, self._gain, self._shift, value.dtype)


class CoupledInputForgetGateLSTMCell(Sized, RNNCell):
    """An LSTM that takes in as much as it forgets."""

    def __init__(self, num_units, use_peepholes=False, initializer=None, num_proj=None,
                 proj_clip=None, num_unit_shards=1, num_proj_shards=1, forget_bias=1.0,
                 state_is_tuple=True, activation=_tanh, reuse=None, layer_norm=False,
                 norm_gain=1.0, norm_shift=0.0):
        super().__init__(_reuse=reuse)
        self._units, self._proj, self._proj_clip = num_units, num_proj, proj_clip
        self._peepholes, self._forget_bias, self._activation = (
            use_peepholes, forget_bias, activation)
        self._shards, self._proj_shards = num_unit_shards, num_proj_shards
        self._normalized, self._gain, self._shift = layer_norm, norm_gain, norm_shift
        self._is_tuple, self._output_size = state_is_tuple, num_proj or num_units
        self._state_size = LSTMStateTuple(num_units, self._output_size) if state_is_tuple \
            else num_units + self._output_size

    def call(self, inputs, state):
        units, dtype = self._units, inputs.dtype
        size = units if self._proj is None else self._proj
        if self._is_tuple:
            c, h = state
        else:
            c = array_ops.slice(state, [0, 0], [-1, units])
            h = array_ops.slice(state, [0, units], [-1, size])
        weights = _in_shards("W", [known_depth(inputs) + size, 3 * units], dtype, self._shards)
        bias = _get("B", shape=[3 * units], initializer=init_ops.zeros_initializer(), dtype=dtype)
        gates = math_ops.matmul(array_ops.concat([inputs, h], 1), weights)
        if not self._normalized:
            gates = nn_ops.bias_add(gates, bias)
        j, f, o = (self._norm(gate, name) for gate, name in zip(
            _four(gates, parts=3), ("transform", "forget", "output")))
        if self._peepholes:
            of_f, of_o = (_get(name, shape=[units], dtype=dtype)
                          for name in ("W_F_diag", "W_O_diag"))
            kept = _sigmoid(f + self._forget_bias + of_f * c)
        else:
            kept = _sigmoid(f + self._forget_bias)
        c = self._norm(kept * c + (1 - kept) * self._activation(j), "state")
        h = _sigmoid(o + of_o * c if self._peepholes else o) * self._activation(c)
        if self._proj is not None:
            h = math_ops.matmul(h, _in_shards("W_P", [units, self._proj], dtype,
                                              self._proj_shards))
            if self._proj_clip is not None:
                h = clip_ops.clip_by_value(h, -self._proj_clip, self._proj_clip)
        return h, LSTMStateTuple(c, h) if self._is_tuple else array_ops.concat([c, h], 1)

    def _norm(self, value, name):
        if not self._normalized:
            return value
        return layer_norm(value, name, self._gain, self._shift)


def _in_shards(name, shape, dtype, shards):
    """A matrix in as many variables, whose rows are shared evenly."""
    if shards > shape[0]:
        raise ValueError(f"{shards} shards are more than the rows of {shape}.")
    rows = [shape[0] // shards + (place < shape[0] % shards) for place in range(shards)]
    made = [_get(f"{name}_{place}", [size] + shape[1:], dtype=dtype)
            for place, size in enumerate(rows)]
    return made[0] if shards == 1 else array_ops.concat(made, 0, name=name + "/concat")


class UGRNNCell(Sized, RNNCell):
    """The update gate network: a GRU with one gate."""

    def __init__(self, num_units, initializer=None, forget_bias=1.0, activation=_tanh, reuse=None):
        super().__init__(_reuse=reuse)
        self._state_size = self._output_size = num_units
        self._initializer, self._forget_bias = initializer, forget_bias
        self._activation, self._linear = activation, None

    def call(self, inputs, state):
        known_depth(inputs)
        with variable_scope.variable_scope(variable_scope.get_variable_scope(),
                                           initializer=self._initializer):
            both = array_ops.concat([inputs, state], 1)
            self._linear = self._linear or Linear(both, 2 * self._state_size, True)
            gate, new = _four(self._linear(both), parts=2)
            new = self._activation(new)
            gate = _sigmoid(gate + self._forget_bias)
            state = gate * state + (1.0 - gate) * new
        return state, state


class IntersectionRNNCell(Sized, RNNCell):
    """A network of gates in time and in depth; inputs are as wide as it is."""

    def __init__(self, num_units, num_in_proj=None, initializer=None, forget_bias=1.0,
                 y_activation=nn_ops.relu, reuse=None):
        super().__init__(_reuse=reuse)
        self._state_size = self._output_size = num_units
        self._initializer, self._forget_bias = initializer, forget_bias
        self._proj, self._activation = num_in_proj, y_activation
        self._of_input = self._linear = None

    def call(self, inputs, state):
        units = self._state_size
        with variable_scope.variable_scope(variable_scope.get_variable_scope(),
                                           initializer=self._initializer):
            if known_depth(inputs) != units:
                if not self._proj:
                    raise ValueError(f"{known_depth(inputs)} inputs meet {units} units: "
                                     f"num_in_proj={units} brings them to the same number.")
                with variable_scope.variable_scope("in_projection"):
                    self._of_input = self._of_input or Linear(inputs, units, True)
                    inputs = self._of_input(inputs)
            both = array_ops.concat([inputs, state], 1)
            self._linear = self._linear or Linear(both, 4 * units, True)
            result = self._linear(both)
            of_h, h, of_y, y = (result[:, first:first + units]
                                for first in range(0, 4 * units, units))
            h, y = _tanh(h), self._activation(y)
            of_h, of_y = _sigmoid(of_h + self._forget_bias), _sigmoid(of_y + self._forget_bias)
            state = of_h * state + (1.0 - of_h) * h
            return of_y * inputs + (1.0 - of_y) * y, state


class PhasedLSTMCell(Sized, RNNCell):
    """An LSTM that opens in phases of a time that comes with its inputs: (time, x)."""

    def __init__(self, num_units, use_peepholes=False, leak=0.001, ratio_on=0.1,
                 trainable_ratio_on=True, period_init_min=1.0, period_init_max=1000.0, reuse=None):
        super().__init__(_reuse=reuse)
        self._state_size, self._output_size = LSTMStateTuple(num_units, num_units), num_units
        self._peepholes, self._leak = use_peepholes, leak
        self._ratio_on, self._trainable = ratio_on, trainable_ratio_on
        self._period = period_init_min, period_init_max
        self._linear = {}

    def call(self, inputs, state):
        units = self._output_size
        c, h = state
        time, x = inputs
        seen = [x, h]
        gates = _sigmoid(self._of("mask_gates", seen + [c] * self._peepholes, 2 * units))
        taken, kept = _four(gates, parts=2)
        new = _tanh(self._of("new_input", seen, units))
        new_c = c * kept + taken * new
        shown = _sigmoid(self._of("output_gate", seen + [new_c] * self._peepholes, units))
        new_h = _tanh(new_c) * shown
        period = _get("period", [units], initializer=_spread_evenly_in_logarithms(*self._period))
        phase = _get("phase", [units], initializer=init_ops.random_uniform_initializer(
            0.0, period.initial_value))
        ratio = _get("ratio_on", [units], trainable=self._trainable,
                     initializer=init_ops.constant_initializer(self._ratio_on))
        passed = _part_of_cycle(time, phase, period)
        rising = 2 * passed / ratio
        falling, closed = 2 - rising, self._leak * passed
        open_ = array_ops.where(passed < ratio, falling, closed)
        open_ = array_ops.where(passed < 0.5 * ratio, rising, open_)
        new_c = open_ * new_c + (1 - open_) * c
        new_h = open_ * new_h + (1 - open_) * h
        return new_h, LSTMStateTuple(new_c, new_h)

    def _of(self, name, args, size):
        with variable_scope.variable_scope(name):
            if name not in self._linear:
                self._linear[name] = Linear(args, size, True)
            return self._linear[name](args)


def _spread_evenly_in_logarithms(low, high):
    def initializer(shape, dtype=dtypes.float32, partition_info=None):
        return math_ops.exp(random_ops.random_uniform(shape, math_ops.log(low), math_ops.log(high),
                                                      dtype))
    return initializer


def _part_of_cycle(time, phase, period):
    """How much of its cycle has passed, 0 to 1; its gradient is that of a straight line."""
    phase, period = (math_ops.cast(value, dtype=time.dtype) for value in (phase, period))
    since = time - phase
    rest = array_ops.stop_gradient(math_ops.mod(since, period) - since) + since
    return math_ops.cast(rest / period, dtype=dtypes.float32)


class ConvLSTMCell(Sized, RNNCell):
    """An LSTM of images, whose gates are convolutions."""

    def __init__(self, conv_ndims, input_shape, output_channels, kernel_shape, use_bias=True,
                 skip_connection=False, forget_bias=1.0, initializers=None,
                 name="conv_lstm_cell"):
        super().__init__(name=name)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError(f"A shape is {conv_ndims} axes and channels, not {input_shape}.")
        input_shape = list(input_shape)
        self._axis, self._channels, self._kernel = conv_ndims + 1, output_channels, list(
            kernel_shape)
        self._use_bias, self._skip, self._forget_bias = use_bias, skip_connection, forget_bias
        size = tensor_shape.TensorShape(input_shape[:-1] + [output_channels])
        self._state_size = LSTMStateTuple(size, size)
        self._output_size = tensor_shape.TensorShape(input_shape[:-1] + [
            output_channels + (input_shape[-1] if skip_connection else 0)])

    def call(self, inputs, state, scope=None):
        cell, hidden = state
        i, j, f, o = _four(self._convolved([inputs, hidden]), axis=self._axis)
        cell = _sigmoid(f + self._forget_bias) * cell
        cell += _sigmoid(i) * _tanh(j)
        output = _tanh(cell) * _sigmoid(o)
        if self._skip:
            output = array_ops.concat([output, inputs], axis=-1)
        return output, LSTMStateTuple(cell, output)

    def _convolved(self, args):
        rank = self._axis + 1
        convolution = {3: nn_ops.conv1d, 4: nn_ops.conv2d, 5: nn_ops.conv3d}[rank]
        depth, features = sum(part.shape.as_list()[-1] for part in args), 4 * self._channels
        dtype = args[0].dtype
        kernel = _get("kernel", self._kernel + [depth, features], dtype=dtype)
        result = convolution(array_ops.concat(axis=rank - 1, values=args), kernel,
                             1 if rank == 3 else rank * [1], padding="SAME")
        if not self._use_bias:
            return result
        return result + _get("biases", [features], dtype=dtype,
                             initializer=init_ops.constant_initializer(0.0, dtype=dtype))


class Conv1DLSTMCell(ConvLSTMCell):
    def __init__(self, name="conv_1d_lstm_cell", **named):
        super().__init__(conv_ndims=1, name=name, **named)


class Conv2DLSTMCell(ConvLSTMCell):
    def __init__(self, name="conv_2d_lstm_cell", **named):
        super().__init__(conv_ndims=2, name=name, **named)


class Conv3DLSTMCell(ConvLSTMCell):
    def __init__(self, name="conv_3d_lstm_cell", **named):
        super().__init__(conv_ndims=3, name=name, **named)
