"""Beam search: the likeliest sequences, several of them at a time."""

import collections

import numpy as np
from tensorflow.python.framework import dtypes, ops, tensor, tensor_shape, tensor_util
from tensorflow.python.ops import (
    array_ops,
    cond,
    control_flow_assert,
    math_ops,
    tensor_array_ops,
)
from tensorflow.python.util import nest

from tf1gan.legacy.restored.contrib.seq2seq import trees
from tf1gan.legacy.restored.contrib.seq2seq.beam_step import (
    BeamSearchDecoderOutput,
    BeamSearchDecoderState,
    attention_of,
    known_rank,
    next_beams,
)
from tf1gan.legacy.restored.contrib.seq2seq.decoding import Decoder, size_after
from tf1gan.legacy.restored.contrib.seq2seq.helpers import looking_up

FinalBeamSearchDecoderOutput = collections.namedtuple("FinalBeamDecoderOutput", (
    "predicted_ids", "beam_search_decoder_output"))


def tile_batch(t, multiplier, name=None):
    """Each row as many times, one after another."""
    with ops.name_scope(name, "tile_batch", nest.flatten(t) + [multiplier]):
        return nest.map_structure(lambda part: _tiled(part, multiplier), t)


def _tiled(value, multiplier):
    value = ops.convert_to_tensor(value, name="t")
    shape = array_ops.shape(value)
    if not value.shape.rank:
        raise ValueError(f"How many axes {value.name} has is not known, or it has none.")
    rows = value.shape.dims[0].value
    tiling = [1, multiplier] + [1] * (value.shape.rank - 1)
    tiled = array_ops.tile(array_ops.expand_dims(value, 1), tiling)
    tiled = array_ops.reshape(tiled, array_ops.concat(([shape[0] * multiplier], shape[1:]), 0))
    tiled.set_shape(tensor_shape.TensorShape([None if rows is None else rows * multiplier])
                    .concatenate(value.shape[1:]))
    return tiled


class BeamSearchDecoder(Decoder):
    """Keeps the best beams of each sequence, [batch, beam, ...]."""

    def __init__(self, cell, embedding, start_tokens, end_token, initial_state, beam_width,
                 output_layer=None, length_penalty_weight=0.0, coverage_penalty_weight=0.0,
                 reorder_tensor_arrays=True):
        self._cell, self._output_layer, self._width = cell, output_layer, beam_width
        self._reorder, self._penalties = reorder_tensor_arrays, (
            length_penalty_weight, coverage_penalty_weight)
        self._embedded = looking_up(embedding)
        self._start_tokens = ops.convert_to_tensor(start_tokens, dtype=dtypes.int32,
                                                   name="start_tokens")
        if self._start_tokens.shape.rank != 1:
            raise ValueError(f"start_tokens has one axis, not {self._start_tokens.shape.rank}.")
        self._end_token = ops.convert_to_tensor(end_token, dtype=dtypes.int32, name="end_token")
        if self._end_token.shape.rank != 0:
            raise ValueError(f"end_token is one number, not of {self._end_token.shape}.")
        self._rows = array_ops.size(start_tokens)
        self._first_state = nest.map_structure(self._split_state, initial_state, cell.state_size)
        self._start_tokens = array_ops.tile(array_ops.expand_dims(self._start_tokens, 1),
                                            [1, beam_width])
        self._start_inputs = self._embedded(self._start_tokens)
        self._ended = self._of_first_beam(False, True, dtypes.bool)

    def _of_first_beam(self, on, off, dtype):
        return array_ops.one_hot(array_ops.zeros([self._rows], dtype=dtypes.int32),
                                 depth=self._width, on_value=on, off_value=off, dtype=dtype)

    @property
    def batch_size(self):
        return self._rows

    @property
    def tracks_own_finished(self):
        return True

    @property
    def output_size(self):
        return BeamSearchDecoderOutput(*[tensor_shape.TensorShape([self._width])] * 3)

    @property
    def output_dtype(self):
        dtype = nest.flatten(self._first_state)[0].dtype
        return BeamSearchDecoderOutput(
            nest.map_structure(lambda _: dtype, size_after(self._cell, self._output_layer)),
            dtypes.int32, dtypes.int32)

    def initialize(self, name=None):
        dtype = nest.flatten(self._first_state)[0].dtype
        log_probs = self._of_first_beam(ops.convert_to_tensor(0.0, dtype=dtype),
                                        ops.convert_to_tensor(-np.inf, dtype=dtype), dtype)
        attention = attention_of(self._first_state, self._penalties[1])
        return self._ended, self._start_inputs, BeamSearchDecoderState(
            cell_state=self._first_state, log_probs=log_probs, finished=self._ended,
            lengths=array_ops.zeros([self._rows, self._width], dtype=dtypes.int64),
            accumulated_attention_probs=() if attention is None else attention)

    def step(self, time, inputs, state, name=None):
        with ops.name_scope(name, "BeamSearchDecoderStep", (time, inputs, state)):
            inputs = nest.map_structure(lambda part: self._merged(part, part.shape[2:]), inputs)
            cell_state = nest.map_structure(self._merge_state, state.cell_state,
                                            self._cell.state_size)
            outputs, cell_state = self._cell(inputs, cell_state)
            outputs = nest.map_structure(lambda part: self._split(part, part.shape[1:]), outputs)
            cell_state = nest.map_structure(self._split_state, cell_state, self._cell.state_size)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            output, state = next_beams(outputs, cell_state, state, self._rows, self._width,
                                        self._end_token, *self._penalties)
            inputs = cond.cond(math_ops.reduce_all(state.finished), lambda: self._start_inputs,
                               lambda: self._embedded(output.predicted_ids))
        return output, state, inputs, state.finished

    def finalize(self, outputs, final_state, sequence_lengths):
        longest = math_ops.cast(math_ops.reduce_max(final_state.lengths, axis=1), dtypes.int32)
        predicted = trees.gather_tree(outputs.predicted_ids, outputs.parent_ids,
                                max_sequence_lengths=longest, end_token=self._end_token)
        if self._reorder:
            final_state = final_state._replace(cell_state=nest.map_structure(
                lambda part: self._in_order(part, outputs.parent_ids, final_state.lengths),
                final_state.cell_state))
        return FinalBeamSearchDecoderOutput(predicted, outputs), final_state

    # Beams are rows of the cell's batch, and an axis everywhere else.

    def _merged(self, value, size):
        size, shape = _as_shape(size), array_ops.shape(value)
        rows = tensor_util.constant_value(self._rows)
        merged = array_ops.reshape(value, array_ops.concat(
            ([self._rows * self._width], shape[2:]), 0))
        merged.set_shape(tensor_shape.TensorShape(
            [None if rows is None else rows * self._width]).concatenate(size))
        return merged

    def _split(self, value, size):
        size, shape = _as_shape(size), array_ops.shape(value)
        split = array_ops.reshape(value, array_ops.concat(
            ([self._rows, self._width], shape[1:]), 0))
        rows = tensor_util.constant_value(self._rows)
        expected = tensor_shape.TensorShape([rows, self._width]).concatenate(size)
        if not split.shape.is_compatible_with(expected):
            raise ValueError(
                f"A state of the shape {value.shape} is split by beams into {split.shape}, not "
                f"into {expected}: a zero_state has batch_size * beam_width rows.")
        split.set_shape(expected)
        return split

    def _split_state(self, value, size):
        if isinstance(value, tensor_array_ops.TensorArray) or known_rank(value) < 1:
            return value
        return self._split(value, size)

    def _merge_state(self, value, size):
        if isinstance(value, tensor_array_ops.TensorArray) or known_rank(value) < 2:
            return value
        return self._merged(value, size)

    def _in_order(self, array, parent_ids, lengths):
        """What a TensorArray of the state holds, in the order of the beams that were found."""
        if not isinstance(array, tensor_array_ops.TensorArray) or not array.element_shape.rank \
                or self._is_known_not_to_fit(array.element_shape):
            return array
        value = array.stack()
        shape, rows = array_ops.shape(value), self._rows * self._width
        whole = math_ops.equal(shape[1], rows)
        if value.shape.rank > 2:
            whole = math_ops.logical_or(whole, math_ops.logical_and(
                math_ops.equal(shape[1], self._rows), math_ops.equal(shape[2], self._width)))
        message = ("A TensorArray that does not hold [batch, beam, ...] has no order by beams; "
                   "reorder_tensor_arrays=False leaves it as it is.")
        with ops.control_dependencies([control_flow_assert.Assert(whole, [message])]):
            return trees.in_order(value, parent_ids, lengths)

    def _is_known_not_to_fit(self, shape):
        """As 1.15 told it: of two sizes that are known, they have to be those of both axes."""
        rows, first = tensor_util.constant_value(self._rows), shape.dims[0].value
        if rows is None or first is None:
            return False
        second = shape.dims[1].value if shape.rank > 1 else None
        return first != rows * self._width or (
            second is not None and (first != rows or second != self._width))


def _as_shape(size):
    if isinstance(size, tensor.Tensor):
        return tensor_shape.as_shape(tensor_util.constant_value(size))
    return tensor_shape.TensorShape(size)
