"""One step of a beam search: the best continuations of all beams of a sequence."""

import collections

from tensorflow.python.framework import dtypes, ops, tensor_shape, tensor_util
from tensorflow.python.ops import array_ops, math_ops, nn_ops, tensor_array_ops
from tensorflow.python.util import nest

from tf1gan.legacy.restored.contrib.seq2seq.attention import AttentionWrapperState

BeamSearchDecoderState = collections.namedtuple("BeamSearchDecoderState", (
    "cell_state", "log_probs", "finished", "lengths", "accumulated_attention_probs"))
BeamSearchDecoderOutput = collections.namedtuple("BeamSearchDecoderOutput", (
    "scores", "predicted_ids", "parent_ids"))


def next_beams(logits, cell_state, state, rows, width, end_token, length_weight,
                coverage_weight):
    known_rows = tensor_util.constant_value(rows)
    going_on = math_ops.logical_not(state.finished)
    log_probs = _only_the_end(nn_ops.log_softmax(logits), end_token, state.finished)
    totals = array_ops.expand_dims(state.log_probs, 2) + log_probs
    words = logits.shape.dims[-1].value or array_ops.shape(logits)[-1]
    longer = array_ops.one_hot(
        indices=array_ops.fill([rows, width], end_token), depth=words,
        on_value=math_ops.cast(0, dtypes.int64), off_value=math_ops.cast(1, dtypes.int64),
        dtype=dtypes.int64)
    longer *= array_ops.expand_dims(math_ops.cast(going_on, dtypes.int64), 2)
    lengths = longer + array_ops.expand_dims(state.lengths, 2)
    covered, attention = None, attention_of(cell_state, coverage_weight)
    if attention is not None:
        attention *= array_ops.expand_dims(math_ops.cast(going_on, dtypes.float32), 2)
        covered = state.accumulated_attention_probs + attention
    scores = _scores(totals, lengths, length_weight, coverage_weight, state.finished, covered)
    scores = array_ops.reshape(scores, [rows, -1])
    best, places = nn_ops.top_k(scores, k=ops.convert_to_tensor(
        width, dtype=dtypes.int32, name="beam_width"))
    best.set_shape([known_rows, width])
    places.set_shape([known_rows, width])

    def of_beams(value, indices, size, shape, name=None):
        return _gather(indices, value, rows, size, shape, name)
    probs = of_beams(totals, places, width * words, [-1], "next_beam_probs")
    predicted = math_ops.cast(math_ops.mod(places, words, name="next_beam_word_ids"), dtypes.int32)
    parents = math_ops.cast(places / words, dtypes.int32, name="next_beam_parent_ids")
    had_ended = of_beams(state.finished, parents, width, [-1])
    ended = math_ops.logical_or(had_ended, math_ops.equal(predicted, end_token),
                                name="next_beam_finished")
    longer = math_ops.cast(math_ops.logical_not(had_ended), dtypes.int64)
    lengths = of_beams(state.lengths, parents, width, [-1])
    lengths += longer
    if covered is not None:
        covered = of_beams(covered, parents, width, [rows * width, -1],
                           "next_accumulated_attention_probs")

    def of_state(value):
        by_row = [rows * width, -1]             # an operation of each part
        if isinstance(value, tensor_array_ops.TensorArray) or known_rank(value) < 2:
            return value
        return of_beams(value, parents, width, by_row)
    cell_state = nest.map_structure(of_state, cell_state)
    return BeamSearchDecoderOutput(best, predicted, parents), BeamSearchDecoderState(
        cell_state=cell_state, log_probs=probs, lengths=lengths, finished=ended,
        accumulated_attention_probs=() if covered is None else covered)


def _only_the_end(log_probs, end_token, ended):
    """A sequence that has ended goes on with its end alone."""
    words = array_ops.shape(log_probs)[2]
    dtype = log_probs.dtype
    row = array_ops.one_hot(end_token, words, dtype=dtype,
                            on_value=ops.convert_to_tensor(0.0, dtype=dtype), off_value=dtype.min)
    rows = array_ops.tile(array_ops.reshape(row, [1, 1, -1]),
                          array_ops.concat([array_ops.shape(ended), [1]], 0))
    mask = array_ops.tile(array_ops.expand_dims(ended, 2), [1, 1, words])
    return array_ops.where(mask, rows, log_probs)


def _scores(log_probs, lengths, length_weight, coverage_weight, ended, covered):
    weight = ops.convert_to_tensor(length_weight, name="penalty_factor")
    weight.set_shape(())
    known, penalty = tensor_util.constant_value(weight), 1.0
    if known is None or known != 0:
        lengths = 5.0 + math_ops.cast(lengths, dtypes.float32)
        penalty = math_ops.div(lengths ** weight, 6.0 ** weight)
    scores = log_probs / math_ops.cast(penalty, dtype=log_probs.dtype)
    coverage_weight = ops.convert_to_tensor(coverage_weight, name="coverage_penalty_weight")
    if coverage_weight.shape.rank != 0:
        raise ValueError(f"coverage_penalty_weight is one number, not {coverage_weight.shape}.")
    if tensor_util.constant_value(coverage_weight) == 0.0:
        return scores
    covered = array_ops.where(math_ops.equal(covered, 0.0), array_ops.ones_like(covered), covered)
    penalty = math_ops.reduce_sum(math_ops.log(math_ops.minimum(covered, 1.0)), 2)
    penalty *= math_ops.cast(ended, dtypes.float32)
    return scores + array_ops.expand_dims(penalty * coverage_weight, 2)


def attention_of(cell_state, coverage_weight):
    """The mean of all alignments of a state, [batch, beam, length]; None where none is asked."""
    if coverage_weight == 0.0:
        return None
    states = [cell_state] if isinstance(cell_state, AttentionWrapperState) else [
        state for state in cell_state if isinstance(state, AttentionWrapperState)] \
        if isinstance(cell_state, tuple) else []
    if not states:
        raise ValueError("Coverage is of attention, which no cell has: its weight has to be 0.")
    return _mean([_mean(state.alignments) if isinstance(state.alignments, tuple)
                  else state.alignments for state in states], unless_one=True)


def _mean(parts, unless_one=False):
    if unless_one and len(parts) == 1:
        return parts[0]
    return math_ops.reduce_mean(array_ops.concat(
        [array_ops.expand_dims(part, -1) for part in parts], -1), -1)


def _gather(indices, value, rows, size, shape, name=None):
    """Of each sequence, the parts that indices name."""
    with ops.name_scope(name, "tensor_gather_helper"):
        first = array_ops.expand_dims(math_ops.range(rows) * size, 1)
        indices = array_ops.reshape(indices + first, [-1])
        found = array_ops.gather(array_ops.reshape(value, shape), indices)
        whole = array_ops.shape(value)[:1 + len(shape)]
        known = tensor_shape.TensorShape([tensor_util.constant_value(rows)]).concatenate(
            value.shape[1:1 + len(shape)])
        found = array_ops.reshape(found, whole, name="output")
        found.set_shape(known)
        return found


def known_rank(value):
    if value.shape.rank is None:
        raise ValueError(f"How many axes {value} has is not known.")
    return value.shape.rank


