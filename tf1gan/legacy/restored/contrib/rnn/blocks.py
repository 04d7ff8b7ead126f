"""Cells whose steps are one operation of TensorFlow's: LSTMBlockCell, GRUBlockCell and the like."""

import importlib

from tensorflow.python.framework import dtypes, ops
from tensorflow.python.ops import array_ops, gen_rnn_ops, init_ops, math_ops, nn_ops

from tf1gan.legacy.restored.contrib.rnn.linear import LayerRNNCell, LSTMStateTuple, known_depth

_base = importlib.import_module("tf_keras.src.legacy_tf_layers.base")


def _weights(layer, input_size, peephole):
    """The variables of an LSTM's cell, as LSTMCell calls them: kernel, bias, peepholes."""
    units = layer._num_units
    layer._kernel = layer.add_weight("kernel", [input_size + units, units * 4])
    layer._bias = layer.add_weight("bias", [units * 4],
                                   initializer=init_ops.constant_initializer(0.0))
    layer._diagonals = dict(
        (short, layer.add_weight(f"w_{short[-1]}_diag", [units])) for short in
        ("wci", "wcf", "wco")) if peephole else None
    layer.built = True


def _diagonals(layer, dtype):
    if layer._diagonals:
        return layer._diagonals
    return dict.fromkeys(("wci", "wcf", "wco"), array_ops.zeros([layer._num_units], dtype=dtype))


class LSTMBlockCell(LayerRNNCell):
    """LSTMCell's numbers, in one operation."""

    def __init__(self, num_units, forget_bias=1.0, cell_clip=None, use_peephole=False, dtype=None,
                 reuse=None, name="lstm_cell"):
        super().__init__(_reuse=reuse, dtype=dtype, name=name)
        self._num_units, self._use_peephole = num_units, use_peephole
        self._options = dict(forget_bias=forget_bias, use_peephole=use_peephole,
                             cell_clip=-1 if cell_clip is None else cell_clip)

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def build(self, input_shape):
        size = input_shape[1]
        _weights(self, getattr(size, "value", size), self._use_peephole)

    def call(self, inputs, state):
        if len(state) != 2:
            raise ValueError(f"A state is a pair, and not {len(state)} tensors.")
        step = gen_rnn_ops.lstm_block_cell(
            x=inputs, cs_prev=state[0], h_prev=state[1], w=self._kernel, b=self._bias,
            **_diagonals(self, self.dtype), **self._options)
        return step.h, LSTMStateTuple(step.cs, step.h)


class LSTMBlockWrapper(_base.Layer):
    """A network over time, [time, batch, size] or a list of [batch, size]."""

    @property
    def num_units(self):
        raise NotImplementedError

    def _call_cell(self, inputs, initial_cell_state, initial_output, dtype, sequence_length):
        """Returns the cells' states and the outputs, [time, batch, units] each."""
        raise NotImplementedError

    def call(self, inputs, initial_state=None, dtype=None, sequence_length=None):
        is_list = isinstance(inputs, list)
        inputs = array_ops.stack(inputs) if is_list else inputs
        batch, time = _known_or_asked(inputs, 1), _known_or_asked(inputs, 0)
        if initial_state is None:
            if dtype is None:
                raise ValueError("Without an initial_state, dtype says what type it has.")
            zeros = array_ops.zeros(array_ops.stack([batch, self.num_units]), dtype=dtype)
            initial_state = zeros, zeros
        elif len(initial_state) != 2:
            raise ValueError(f"An initial_state is a pair, and not {len(initial_state)} tensors.")
        dtype = initial_state[0].dtype if dtype is None else dtype
        if sequence_length is not None:
            sequence_length = ops.convert_to_tensor(sequence_length)
        states, outputs = self._call_cell(inputs, *initial_state, dtype, sequence_length)
        if sequence_length is None:
            end = states[-1], outputs[-1]
        else:
            mask = array_ops.transpose(array_ops.sequence_mask(sequence_length, time, dtype=dtype),
                                       [1, 0])
            outputs *= array_ops.tile(array_ops.expand_dims(mask, [-1]), [1, 1, self.num_units])
            whole = [array_ops.concat([array_ops.expand_dims(first, [0]), rest], 0)
                     for first, rest in zip(initial_state, (states, outputs))]
            end = [array_ops.gather_nd(part, array_ops.stack(
                [sequence_length, math_ops.range(batch)], axis=1)) for part in whole]
        return array_ops.unstack(outputs) if is_list else outputs, LSTMStateTuple(*end)


def _known_or_asked(inputs, axis):
    size = inputs.shape.with_rank(3).dims[axis].value
    return array_ops.shape(inputs)[axis] if size is None else size


class LSTMBlockFusedCell(LSTMBlockWrapper):
    """A whole LSTM over time, in one operation."""

    def __init__(self, num_units, forget_bias=1.0, cell_clip=None, use_peephole=False, reuse=None,
                 dtype=None, name="lstm_fused_cell"):
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._num_units, self._use_peephole = num_units, use_peephole
        self._options = dict(forget_bias=forget_bias, use_peephole=use_peephole,
                             cell_clip=-1 if cell_clip is None else cell_clip)

    @property
    def num_units(self):
        return self._num_units

    def build(self, input_shape):
        size = input_shape[2]
        _weights(self, getattr(size, "value", size), self._use_peephole)

    def _call_cell(self, inputs, initial_cell_state=None, initial_output=None, dtype=None,
                   sequence_length=None):
        time = _known_or_asked(inputs, 0)
        diagonals = _diagonals(self, dtype)
        longest = time if sequence_length is None else math_ops.reduce_max(sequence_length)
        network = gen_rnn_ops.block_lstm(
            seq_len_max=math_ops.cast(longest, dtypes.int64), x=inputs, cs_prev=initial_cell_state,
            h_prev=initial_output, w=self._kernel, b=self._bias, **diagonals, **self._options)
        return network.cs, network.h


class GRUBlockCell(LayerRNNCell):
    """GRUCell's numbers, in one operation; the names of its variables are its own."""

    _NAMES = "w_ru", "b_ru", "w_c", "b_c"

    def __init__(self, num_units=None, cell_size=None, reuse=None, name="gru_cell"):
        super().__init__(_reuse=reuse, name=name)
        if (cell_size is None) == (num_units is None):
            raise ValueError("The number of units is num_units, or cell_size: one of these.")
        self._units = cell_size if num_units is None else num_units

    @property
    def state_size(self):
        return self._units

    @property
    def output_size(self):
        return self._units

    def build(self, input_shape):
        size = getattr(input_shape[1], "value", input_shape[1]) + self._units
        shapes = [size, 2 * self._units], [2 * self._units], [size, self._units], [self._units]
        starts = None, 1.0, None, 0.0
        self._all = [self.add_weight(name, shape, initializer=None if start is None else
                                     init_ops.constant_initializer(start))
                     for name, shape, start in zip(self._NAMES, shapes, starts)]
        self.built = True

    def call(self, inputs, h_prev):
        if known_depth(h_prev) != self._units:
            raise ValueError(f"The state has {h_prev.shape[1]} units, and the cell {self._units}.")
        w_ru, b_ru, w_c, b_c = self._all
        new = gen_rnn_ops.gru_block_cell(x=inputs, h_prev=h_prev, w_ru=w_ru, w_c=w_c, b_ru=b_ru,
                                         b_c=b_c).h
        return new, new


class GRUBlockCellV2(GRUBlockCell):
    """The same, with GRUCell's names of variables."""

    _NAMES = "gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias"


# -- Gradients, which contrib registered -----------------------------------------------------

def _gradient_of_lstm_block_cell(operation, *gradients):
    inputs = dict(zip(("x", "cs_prev", "h_prev", "w", "wci", "wcf", "wco", "b"), operation.inputs))
    outputs = dict(zip(("i", "cs", "f", "o", "ci", "co"), operation.outputs))
    cs_prev, gates, *diagonals = gen_rnn_ops.lstm_block_cell_grad(
        **inputs, **outputs, cs_grad=gradients[1], h_grad=gradients[6],
        use_peephole=operation.get_attr("use_peephole"))
    x, h_prev, w = (inputs[name] for name in ("x", "h_prev", "w"))
    rows, size = x.shape.with_rank(2).as_list()
    rows = -1 if rows is None else rows
    both = math_ops.matmul(gates, w, transpose_b=True)
    of_x = array_ops.slice(both, (0, 0), (rows, size))
    of_h = array_ops.slice(both, (0, size), (rows, known_depth(inputs["cs_prev"])))
    of_w = math_ops.matmul(array_ops.concat([x, h_prev], 1), gates, transpose_a=True)
    return (of_x, cs_prev, of_h, of_w, *diagonals, nn_ops.bias_add_grad(gates))


def _gradient_of_gru_block_cell(operation, *gradients):
    x, h_prev = operation.inputs[:2]
    r, u, c, _ = operation.outputs
    of_x, of_h, of_c, of_ru = gen_rnn_ops.gru_block_cell_grad(*operation.inputs, r, u, c,
                                                              gradients[3])
    joined = array_ops.concat([x, h_prev], 1)
    of_w_ru = math_ops.matmul(joined, of_ru, transpose_a=True)
    of_b_ru = nn_ops.bias_add_grad(of_ru)
    joined = array_ops.concat([x, h_prev * r], 1)
    of_w_c = math_ops.matmul(joined, of_c, transpose_a=True)
    return of_x, of_h, of_w_ru, of_w_c, of_b_ru, nn_ops.bias_add_grad(of_c)


for _name, _gradient in (("LSTMBlockCell", _gradient_of_lstm_block_cell),
                         ("GRUBlockCell", _gradient_of_gru_block_cell)):
    if _name not in ops.gradient_registry.list():
        ops.RegisterGradient(_name)(_gradient)
