"""Conditional random fields over chains of tags.

Inputs are [batch, time, tags], transitions [tags, tags].
"""

import importlib

import numpy as np
from tensorflow.python.framework import constant_op, dtypes, smart_cond, tensor, tensor_shape
from tensorflow.python.ops import (
    array_ops,
    cond,
    gen_array_ops,
    math_ops,
    rnn,
    variable_scope,
)

_RNNCell = importlib.import_module("tf_keras.src.layers.rnn.legacy_cells").RNNCell


def _of_one_step(inputs, one, more):
    """What one function gives of sequences of one step, and another of longer ones."""
    steps = tensor_shape.dimension_value(inputs.shape[1]) or array_ops.shape(inputs)[1]
    is_one = math_ops.equal(steps, 1)
    if isinstance(is_one, tensor.Tensor):
        known = smart_cond.smart_constant_value(is_one)
        if known is None:
            return cond.cond(is_one, one, more)
        is_one = known
    return one() if is_one else more()


def _zero_of_empty(values, lengths):
    return array_ops.where(math_ops.less_equal(lengths, 0), array_ops.zeros_like(values), values)


def _less_one(lengths):
    return math_ops.maximum(constant_op.constant(0, dtype=lengths.dtype), lengths - 1)


def _first_and_rest(inputs):
    first = array_ops.squeeze(array_ops.slice(inputs, [0, 0, 0], [-1, 1, -1]), [1])
    return first, lambda: array_ops.slice(inputs, [0, 1, 0], [-1, -1, -1])


def crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params):
    """The score of given tags, [batch]."""
    def one():
        rows = array_ops.shape(inputs, out_type=tag_indices.dtype)[0]
        rows = array_ops.reshape(math_ops.range(rows, dtype=tag_indices.dtype), [-1, 1])
        scores = array_ops.gather_nd(array_ops.squeeze(inputs, [1]),
                                     array_ops.concat([rows, tag_indices], axis=1))
        return _zero_of_empty(scores, sequence_lengths)

    def more():
        return crf_unary_score(tag_indices, sequence_lengths, inputs) \
            + crf_binary_score(tag_indices, sequence_lengths, transition_params)
    return _of_one_step(inputs, one, more)


def crf_multitag_sequence_score(inputs, tag_bitmap, sequence_lengths, transition_params):
    """The score of all sequences of tags that a map allows, [batch]."""
    def allowed():
        return array_ops.where(tag_bitmap, inputs, array_ops.fill(
            array_ops.shape(inputs), float("-inf")))
    return _of_one_step(
        inputs,
        lambda: math_ops.reduce_logsumexp(allowed(), axis=[1, 2], keepdims=False),
        lambda: crf_log_norm(allowed(), sequence_lengths, transition_params))


def crf_log_norm(inputs, sequence_lengths, transition_params):
    """The score of all sequences of tags, [batch]."""
    first, rest = _first_and_rest(inputs)

    def one():
        return _zero_of_empty(math_ops.reduce_logsumexp(first, [1]), sequence_lengths)

    def more():
        others, cell = rest(), CrfForwardRnnCell(transition_params)
        _, alphas = rnn.dynamic_rnn(cell, others, sequence_length=_less_one(sequence_lengths),
                                    initial_state=first, dtype=dtypes.float32)
        return _zero_of_empty(math_ops.reduce_logsumexp(alphas, [1]), sequence_lengths)
    return _of_one_step(inputs, one, more)


def crf_log_likelihood(inputs, tag_indices, sequence_lengths, transition_params=None):
    """(the log-likelihood of given tags [batch], the transitions)."""
    if transition_params is None:
        tags = tensor_shape.dimension_value(inputs.shape[2])
        transition_params = variable_scope.get_variable("transitions", [tags, tags])
    score = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return score - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


def _mask(tags, lengths):
    return array_ops.sequence_mask(lengths, maxlen=array_ops.shape(tags)[1], dtype=dtypes.float32)


def crf_unary_score(tag_indices, sequence_lengths, inputs):
    """What the inputs give for given tags, [batch]."""
    rows, steps, tags = (array_ops.shape(inputs)[axis] for axis in range(3))
    flat = array_ops.reshape(inputs, [-1])
    places = array_ops.expand_dims(math_ops.range(rows) * steps * tags, 1)
    places += array_ops.expand_dims(math_ops.range(steps) * tags, 0)
    if tag_indices.dtype == dtypes.int64:
        places = math_ops.cast(places, dtypes.int64)
    places = array_ops.reshape(places + tag_indices, [-1])
    scores = array_ops.reshape(array_ops.gather(flat, places), [rows, steps])
    return math_ops.reduce_sum(scores * _mask(tag_indices, sequence_lengths), 1)


def crf_binary_score(tag_indices, sequence_lengths, transition_params):
    """What the transitions give for given tags, [batch]."""
    tags = transition_params.shape[0]
    number = array_ops.shape(tag_indices)[1] - 1
    before, after = (array_ops.slice(tag_indices, [0, first], [-1, number]) for first in (0, 1))
    places = before * tags + after
    scores = array_ops.gather(array_ops.reshape(transition_params, [-1]), places)
    mask = array_ops.slice(_mask(tag_indices, sequence_lengths), [0, 1], [-1, -1])
    return math_ops.reduce_sum(scores * mask, 1)


class _OfTransitions(_RNNCell):
    """A cell along a chain, whose state has a number for each tag."""

    def __init__(self, transition_params):
        self._transitions = array_ops.expand_dims(transition_params, 0)
        self._tags = tensor_shape.dimension_value(transition_params.shape[0])

    @property
    def state_size(self):
        return self._tags

    @property
    def output_size(self):
        return self._tags

    def _scores(self, state):
        return array_ops.expand_dims(state, 2) + self._transitions


class CrfForwardRnnCell(_OfTransitions):
    """The score of all sequences of tags so far, by their last tag."""

    def __call__(self, inputs, state, scope=None):
        alphas = inputs + math_ops.reduce_logsumexp(self._scores(state), [1])
        return alphas, alphas


class CrfDecodeForwardRnnCell(_OfTransitions):
    """The score of the likeliest, and the tag before its last."""

    def __call__(self, inputs, state, scope=None):
        scores = self._scores(state)
        state = inputs + math_ops.reduce_max(scores, [1])
        return math_ops.cast(math_ops.argmax(scores, 1), dtype=dtypes.int32), state


class CrfDecodeBackwardRnnCell(_RNNCell):
    """The tag before, as the forward cell noted it."""

    def __init__(self, num_tags):
        self._tags = num_tags

    @property
    def state_size(self):
        return 1

    @property
    def output_size(self):
        return 1

    def __call__(self, inputs, state, scope=None):
        state = array_ops.squeeze(state, axis=[1])
        rows = math_ops.range(array_ops.shape(inputs)[0])
        tags = array_ops.expand_dims(gen_array_ops.gather_nd(
            inputs, array_ops.stack([rows, state], axis=1)), axis=-1)
        return tags, tags


def crf_decode(potentials, transition_params, sequence_length):
    """(the likeliest tags [batch, time] int32, their scores [batch])."""
    def one():
        squeezed = array_ops.squeeze(potentials, [1])
        tags = array_ops.expand_dims(math_ops.argmax(squeezed, axis=1), 1)
        score = math_ops.reduce_max(squeezed, axis=1)
        return math_ops.cast(tags, dtype=dtypes.int32), score

    def more():
        cell = CrfDecodeForwardRnnCell(transition_params)
        first, rest = _first_and_rest(potentials)
        rest, steps = rest(), _less_one(sequence_length)

        def run(cell, inputs, state):
            return rnn.dynamic_rnn(cell, inputs, sequence_length=steps, initial_state=state,
                                   time_major=False, dtype=dtypes.int32)
        before, score = run(cell, rest, first)
        before = gen_array_ops.reverse_sequence(before, steps, seq_dim=1)
        cell = CrfDecodeBackwardRnnCell(tensor_shape.dimension_value(potentials.shape[2]))
        last = math_ops.cast(math_ops.argmax(score, axis=1), dtype=dtypes.int32)
        last = array_ops.expand_dims(last, axis=-1)
        tags, _ = run(cell, before, last)
        tags = array_ops.concat([last, array_ops.squeeze(tags, axis=[2])], axis=1)
        tags = gen_array_ops.reverse_sequence(tags, sequence_length, seq_dim=1)
        return tags, math_ops.reduce_max(score, axis=1)
    return _of_one_step(potentials, one, more)


def viterbi_decode(score, transition_params):
    """(the likeliest tags of one sequence, their score), by NumPy, of [time, tags]."""
    best = np.zeros_like(score)
    before = np.zeros_like(score, dtype=np.int32)
    best[0] = score[0]
    for step in range(1, score.shape[0]):
        ways = np.expand_dims(best[step - 1], 1) + transition_params
        best[step] = score[step] + np.max(ways, 0)
        before[step] = np.argmax(ways, 0)
    tags = [np.argmax(best[-1])]
    for pointers in reversed(before[1:]):
        tags.append(pointers[tags[-1]])
    return tags[::-1], np.max(best[-1])
