"""A cell around a cell that attends to a memory."""

import collections
import importlib

import numpy as np
from tensorflow.python.framework import dtypes, ops, tensor, tensor_shape
from tensorflow.python.ops import (
    array_ops,
    check_ops,
    control_flow_assert,
    math_ops,
    tensor_array_ops,
)
from tensorflow.python.util import nest

from tf1gan.legacy.restored.contrib.seq2seq.mechanisms import (
    AttentionMechanism,
    known_or_asked,
    layer_of_keys,
)

_cells = importlib.import_module("tf_keras.src.layers.rnn.legacy_cells")


class AttentionWrapperState(collections.namedtuple("AttentionWrapperState", (
        "cell_state", "attention", "time", "alignments", "alignment_history",
        "attention_state"))):
    """The state of an AttentionWrapper."""

    def clone(self, **changed):
        """The same with other parts, whose shapes have to be the same."""
        def checked(old, new):
            if isinstance(old, tensor.Tensor) and isinstance(new, tensor.Tensor):
                return _with_shape_of(old, new)
            return new
        return nest.map_structure(checked, self, self._replace(**changed))


def _with_shape_of(old, new):
    """A tensor that is checked, when the graph runs, to have another one's shape.

    It takes as many operations as on 1.15.5, none where both shapes are known.
    """
    is_known = old.shape.is_fully_defined()
    with ops.name_scope(f"{new.op.name}/"):
        expected = old.shape.as_list() if is_known else array_ops.shape(old, name="expected_shape")
        if is_known and new.shape.is_fully_defined():
            if not new.shape.is_compatible_with(expected):
                raise ValueError(f"{new.name} is of {new.shape}, and not of {old.shape}.")
            return new
        if is_known and not expected:
            return array_ops.reshape(new, [])
        expected = np.asarray(expected, np.int32) if is_known else expected
        actual = array_ops.shape(new, name="actual")
        is_rank = math_ops.equal(array_ops.size(expected), array_ops.rank(new))
        is_it = math_ops.logical_and(is_rank, math_ops.reduce_all(math_ops.logical_or(
            math_ops.equal(expected, -1), math_ops.equal(expected, actual))))
        message = f"{new.name} has another shape than it had: [expected] [actual]"
        with ops.control_dependencies([control_flow_assert.Assert(
                is_it, [message, expected, actual])]):
            checked = array_ops.identity(new)
        if is_known:
            checked.set_shape(old.shape)
        return checked


class AttentionWrapper(_cells.RNNCell):
    """A cell that attends: to its output and inputs comes what its mechanisms read."""

    def __init__(self, cell, attention_mechanism, attention_layer_size=None,
                 alignment_history=False, cell_input_fn=None, output_attention=True,
                 initial_cell_state=None, name=None, attention_layer=None, attention_fn=None,
                 dtype=None):
        super().__init__(name=name, dtype=dtype)
        self._is_multi = isinstance(attention_mechanism, (list, tuple))
        self._mechanisms = tuple(attention_mechanism) if self._is_multi else (attention_mechanism,)
        for mechanism in self._mechanisms:
            if not isinstance(mechanism, AttentionMechanism):
                raise TypeError(f"An attention_mechanism is of type {type(mechanism).__name__}.")
        if attention_layer_size is not None and attention_layer is not None:
            raise ValueError("A layer is made of attention_layer_size, or is attention_layer: "
                             "here both are given.")
        self._cell, self._attention_fn = cell, attention_fn or _compute_attention
        self._make_layers(attention_layer_size, attention_layer)
        self._cell_input_fn = cell_input_fn or (
            lambda inputs, attention: array_ops.concat([inputs, attention], -1))
        self._output_attention, self._history = output_attention, alignment_history
        with ops.name_scope(name, "AttentionWrapperInit"):
            self._initial_cell_state = None
            if initial_cell_state is not None:
                rows = known_or_asked(nest.flatten(initial_cell_state)[-1], 0)
                with ops.control_dependencies(self._checks(rows, "Making")):
                    self._initial_cell_state = nest.map_structure(
                        lambda part: array_ops.identity(part, name="check_initial_cell_state"),
                        initial_cell_state)

    def _make_layers(self, sizes, layers):
        def one_each(given):
            given = tuple(given) if isinstance(given, (list, tuple)) else (given,)
            if len(given) != len(self._mechanisms):
                raise ValueError(f"There are {len(given)} attention layers, or sizes of them, for "
                                 f"{len(self._mechanisms)} mechanisms.")
            return given
        depths = [mechanism.values.shape.dims[-1].value for mechanism in self._mechanisms]
        self._layers = None
        if sizes is not None:
            sizes = one_each(sizes)
            self._layers = tuple(layer_of_keys("attention_layer", size, mechanism.dtype)
                                 for size, mechanism in zip(sizes, self._mechanisms))
        elif layers is not None:
            self._layers = one_each(layers)
            sizes = [layer.compute_output_shape([None, self._cell.output_size + depth])[-1]
                     for layer, depth in zip(self._layers, depths)]
        self._size = sum(getattr(size, "value", size) for size in (
            depths if sizes is None else sizes))

    def _checks(self, rows, when):
        message = (f"{when} an AttentionWrapper: the memory has another number of rows than the "
                   "state. A beam search needs each row beam_width times, by tf.contrib.seq2seq's "
                   "tile_batch.")
        return [check_ops.assert_equal(rows, mechanism.batch_size, message=message)
                for mechanism in self._mechanisms]

    def _one_or_all(self, parts):
        parts = tuple(parts)
        return parts if self._is_multi else parts[0]

    @property
    def output_size(self):
        return self._size if self._output_attention else self._cell.output_size

    @property
    def state_size(self):
        sizes = [mechanism.alignments_size for mechanism in self._mechanisms]
        return AttentionWrapperState(
            cell_state=self._cell.state_size, time=tensor_shape.TensorShape([]),
            attention=self._size, alignments=self._one_or_all(sizes),
            attention_state=self._one_or_all(mech.state_size for mech in self._mechanisms),
            alignment_history=self._one_or_all(size if self._history else () for size in sizes))

    def zero_state(self, batch_size, dtype):
        with ops.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            state = self._initial_cell_state
            if state is None:
                state = self._cell.get_initial_state(batch_size=batch_size, dtype=dtype)
            with ops.control_dependencies(self._checks(batch_size, "A zero_state of")):
                state = nest.map_structure(
                    lambda part: array_ops.identity(part, name="checked_cell_state"), state)
            alignments = [mechanism.initial_alignments(batch_size, dtype)
                          for mechanism in self._mechanisms]
            return AttentionWrapperState(
                cell_state=state, time=array_ops.zeros([], dtype=dtypes.int32),
                attention=_cells._zero_state_tensors(self._size, batch_size, dtype),
                alignments=self._one_or_all(alignments),
                attention_state=self._one_or_all(
                    mechanism.initial_state(batch_size, dtype) for mechanism in self._mechanisms),
                alignment_history=self._one_or_all(
                    tensor_array_ops.TensorArray(dtype, size=0, dynamic_size=True,
                                                 element_shape=first.shape)
                    if self._history else () for first in alignments))

    def call(self, inputs, state):
        if not isinstance(state, AttentionWrapperState):
            raise TypeError(f"The state of an AttentionWrapper is an AttentionWrapperState, and "
                            f"not a {type(state).__name__}.")
        output, cell_state = self._cell(self._cell_input_fn(inputs, state.attention),
                                        state.cell_state)
        rows = known_or_asked(output, 0)
        with ops.control_dependencies(self._checks(rows, "Calling")):
            output = array_ops.identity(output, name="checked_cell_output")
        states, histories = (part if self._is_multi else [part] for part in (
            state.attention_state, state.alignment_history))
        attentions, alignments, next_states, next_histories = [], [], [], []
        for place, mechanism in enumerate(self._mechanisms):
            attention, aligned, next_state = self._attention_fn(
                mechanism, output, states[place], self._layers[place] if self._layers else None)
            next_histories.append(histories[place].write(state.time, aligned)
                                  if self._history else ())
            attentions.append(attention)
            alignments.append(aligned)
            next_states.append(next_state)
        attention = array_ops.concat(attentions, 1)
        state = AttentionWrapperState(
            time=state.time + 1, cell_state=cell_state, attention=attention,
            attention_state=self._one_or_all(next_states),
            alignments=self._one_or_all(alignments),
            alignment_history=self._one_or_all(next_histories))
        return attention if self._output_attention else output, state


def _compute_attention(attention_mechanism, cell_output, attention_state, attention_layer):
    """What a mechanism reads, by an output; a layer may make the attention of both."""
    alignments, state = attention_mechanism(cell_output, state=attention_state)
    read = array_ops.squeeze(math_ops.matmul(array_ops.expand_dims(alignments, 1),
                                             attention_mechanism.values), [1])
    if attention_layer is not None:
        read = attention_layer(array_ops.concat([cell_output, read], 1))
    return read, alignments, state
