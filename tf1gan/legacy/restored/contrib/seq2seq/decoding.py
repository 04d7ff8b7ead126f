"""Decoders, and the loop that runs one until all of its sequences have ended."""

import collections
import importlib

from tensorflow.python.framework import constant_op, dtypes, ops, tensor_shape, tensor_util
from tensorflow.python.ops import (
    array_ops,
    math_ops,
    rnn,
    tensor_array_ops,
    variable_scope,
    while_loop,
)
from tensorflow.python.util import nest

from tf1gan.legacy.restored.contrib.seq2seq.asked import unanswered

_cells = importlib.import_module("tf_keras.src.layers.rnn.legacy_cells")

BasicDecoderOutput = collections.namedtuple("BasicDecoderOutput", ("rnn_output", "sample_id"))


class Decoder:
    """One step of decoding, and what it begins with."""

    batch_size, output_size, output_dtype = map(unanswered, (
        "batch_size", "output_size", "output_dtype"))
    tracks_own_finished = property(lambda self: False)

    def initialize(self, name=None):
        """Returns (which have ended, first inputs, first state)."""
        raise NotImplementedError

    def step(self, time, inputs, state, name=None):
        """Returns (outputs, next state, next inputs, which have ended)."""
        raise NotImplementedError

    def finalize(self, outputs, final_state, sequence_lengths):
        raise NotImplementedError


def size_after(cell, layer):
    """The size of what a layer makes of a cell's output."""
    if layer is None:
        return cell.output_size
    shapes = nest.map_structure(
        lambda size: tensor_shape.TensorShape([None]).concatenate(size), cell.output_size)
    return nest.map_structure(lambda shape: shape[1:], layer.compute_output_shape(shapes))


class BasicDecoder(Decoder):
    """Runs a cell, and asks a helper what its next inputs are."""

    def __init__(self, cell, helper, initial_state, output_layer=None):
        self._cell, self._helper = cell, helper
        self._initial_state, self._output_layer = initial_state, output_layer

    @property
    def batch_size(self):
        return self._helper.batch_size

    @property
    def output_size(self):
        return BasicDecoderOutput(size_after(self._cell, self._output_layer),
                                  self._helper.sample_ids_shape)

    @property
    def output_dtype(self):
        first, *_ = nest.flatten(self._initial_state)
        sizes = self.output_size.rnn_output
        return BasicDecoderOutput(sample_id=self._helper.sample_ids_dtype,
                                  rnn_output=nest.map_structure(lambda _: first.dtype, sizes))

    def initialize(self, name=None):
        return self._helper.initialize() + (self._initial_state,)

    def step(self, time, inputs, state, name=None):
        with ops.name_scope(name, "BasicDecoderStep", (time, inputs, state)):
            made, after = self._cell(inputs, state)
            if self._output_layer is not None:
                made = self._output_layer(made)
            asked = dict(time=time, outputs=made, state=after)
            samples = self._helper.sample(**asked)
            ended, following, after = self._helper.next_inputs(sample_ids=samples, **asked)
            return BasicDecoderOutput(made, samples), after, following, ended


def dynamic_decode(decoder, output_time_major=False, impute_finished=False,
                   maximum_iterations=None, parallel_iterations=32, swap_memory=False, scope=None):
    """Decodes until all sequences have ended.

    Returns:
      (outputs [batch, time, ...], last state, lengths [batch]).
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(f"decoder is of type {type(decoder).__name__}, no Decoder.")
    with variable_scope.variable_scope(scope, "decoder") as own_scope:
        if own_scope.caching_device is None and not _inside_a_loop():
            own_scope.set_caching_device(lambda operation: operation.device)
        if maximum_iterations is not None:
            maximum_iterations = ops.convert_to_tensor(
                maximum_iterations, dtype=dtypes.int32, name="maximum_iterations")
            if maximum_iterations.shape.rank != 0:
                raise ValueError("maximum_iterations is one number, not of the shape "
                                 f"{maximum_iterations.shape}.")
        ended, inputs, state = decoder.initialize()
        zeros = nest.map_structure(
            lambda size, dtype: _cells._zero_state_tensors(size, decoder.batch_size, dtype),
            decoder.output_size, decoder.output_dtype)
        if maximum_iterations is not None:
            ended = math_ops.logical_or(ended, 0 >= maximum_iterations)
        lengths = array_ops.zeros_like(ended, dtype=dtypes.int32)
        time = constant_op.constant(0, dtype=dtypes.int32)
        arrays = nest.map_structure(
            lambda size, dtype: tensor_array_ops.TensorArray(
                dtype, size=0, dynamic_size=True,
                element_shape=_shape_of(decoder.batch_size, size)),
            decoder.output_size, decoder.output_dtype)

        def step(time, arrays, state, inputs, ended, lengths):
            outputs, next_state, next_inputs, next_ended = decoder.step(time, inputs, state)
            if not decoder.tracks_own_finished:
                next_ended = math_ops.logical_or(next_ended, ended)
            lengths = array_ops.where(
                math_ops.logical_not(ended),
                array_ops.fill(array_ops.shape(lengths), time + 1), lengths)
            for before, after in ((state, next_state), (arrays, outputs), (inputs, next_inputs)):
                nest.assert_same_structure(before, after)
            if impute_finished:
                outputs = nest.map_structure(
                    lambda output, zero: array_ops.where(ended, zero, output), outputs, zeros)
                next_state = nest.map_structure(
                    lambda after, before: _kept(ended, after, before), next_state, state)
            arrays = nest.map_structure(lambda array, output: array.write(time, output), arrays,
                                        outputs)
            return time + 1, arrays, next_state, next_inputs, next_ended, lengths
        _, arrays, state, _, _, lengths = while_loop.while_loop(
            lambda *variables: math_ops.logical_not(math_ops.reduce_all(variables[4])), step,
            loop_vars=(time, arrays, state, inputs, ended, lengths),
            parallel_iterations=parallel_iterations, maximum_iterations=maximum_iterations,
            swap_memory=swap_memory)
        outputs = nest.map_structure(lambda array: array.stack(), arrays)
        try:
            outputs, state = decoder.finalize(outputs, state, lengths)
        except NotImplementedError:
            pass
        if not output_time_major:
            outputs = nest.map_structure(rnn._transpose_batch_time, outputs)
    return outputs, state, lengths


def _inside_a_loop():
    from tensorflow.python.ops import control_flow_util
    context = ops.get_default_graph()._get_control_flow_context()
    return control_flow_util.GetContainingWhileContext(context) is not None


def _shape_of(batch_size, size):
    if not isinstance(size, tensor_shape.TensorShape) or size.rank == 0:
        return None
    batch_size = tensor_util.constant_value(ops.convert_to_tensor(batch_size, name="batch_size"))
    return tensor_shape.TensorShape([batch_size]).concatenate(size)


def _kept(ended, after, before):
    """The state before, where a sequence has ended; what is one for all of them goes on."""
    if isinstance(before, tensor_array_ops.TensorArray):
        return after
    after.set_shape(before.shape)
    return after if after.shape.rank == 0 else array_ops.where(ended, before, after)
