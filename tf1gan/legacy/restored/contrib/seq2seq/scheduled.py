"""Helpers that take what was sampled for an input, with some probability."""

from tensorflow.python.framework import dtypes, ops
from tensorflow.python.ops import array_ops, cond, gen_array_ops, math_ops, rnn
from tensorflow.python.util import nest

from tf1gan.legacy.restored.contrib.seq2seq.helpers import (
    TrainingHelper,
    drawn,
    happened,
    in_an_array,
    looking_up,
)


def _probability(value):
    value = ops.convert_to_tensor(value, name="sampling_probability")
    if value.shape.rank not in (0, 1):
        raise ValueError(f"sampling_probability is one number, or one for each row: not "
                         f"{value.shape}.")
    return value


def _rows(which):
    return math_ops.cast(array_ops.where(which), dtypes.int32)


def _put_together(sampled_rows, sampled, given_rows, given, shape):
    return array_ops.scatter_nd(sampled_rows, sampled, shape) \
        + array_ops.scatter_nd(given_rows, given, shape)


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """Some next inputs are the embeddings of what was drawn, the others those given."""

    def __init__(self, inputs, sequence_length, embedding, sampling_probability, time_major=False,
                 seed=None, scheduling_seed=None, name=None):
        with ops.name_scope(name, "ScheduledEmbeddingSamplingWrapper",
                            [embedding, sampling_probability]):
            self._embedded = looking_up(embedding)
            self._probability = _probability(sampling_probability)
            self._seed, self._scheduling_seed = seed, scheduling_seed
            super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time, outputs, state, name=None):
        with ops.name_scope(name, type(self).__name__ + "Sample", [time, outputs, state]):
            chosen = happened(self._probability, dtypes.bool, self.batch_size,
                              self._scheduling_seed)
            return array_ops.where(chosen, drawn(outputs, seed=self._seed),
                                   gen_array_ops.fill([self.batch_size], -1))

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        with ops.name_scope(name, type(self).__name__ + "NextInputs",
                            [time, outputs, state, sample_ids]):
            ended, given, state = super().next_inputs(time=time, outputs=outputs, state=state,
                                                      sample_ids=sample_ids, name=name)

            def mixed():
                sampled_rows, given_rows = _rows(sample_ids > -1), _rows(sample_ids <= -1)
                sampled = array_ops.gather_nd(sample_ids, sampled_rows)
                others = array_ops.gather_nd(given, given_rows)
                return _put_together(sampled_rows, self._embedded(sampled), given_rows, others,
                                     array_ops.shape(given))
            return ended, cond.cond(math_ops.reduce_all(ended), lambda: given, mixed), state


class ScheduledOutputTrainingHelper(TrainingHelper):
    """Some next inputs are made of the outputs, the others are those given."""

    def __init__(self, inputs, sequence_length, sampling_probability, time_major=False, seed=None,
                 next_inputs_fn=None, auxiliary_inputs=None, name=None):
        with ops.name_scope(name, type(self).__name__,
                            [inputs, auxiliary_inputs, sampling_probability]):
            self._probability = _probability(sampling_probability)
            self._more = None
            if auxiliary_inputs is not None:
                inputs = ops.convert_to_tensor(inputs, name="inputs")
                auxiliary_inputs = ops.convert_to_tensor(auxiliary_inputs,
                                                         name="auxiliary_inputs")
                inputs = nest.map_structure(lambda *parts: array_ops.concat(parts, -1), inputs,
                                            auxiliary_inputs)
                if not time_major:
                    auxiliary_inputs = nest.map_structure(rnn._transpose_batch_time,
                                                          auxiliary_inputs)
                self._more = nest.map_structure(in_an_array, auxiliary_inputs)
            self._seed, self._next_inputs_fn = seed, next_inputs_fn
            super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time, outputs, state, name=None):
        with ops.name_scope(name, type(self).__name__ + "Sample", [time, outputs, state]):
            return happened(self._probability, sample_shape=self.batch_size, seed=self._seed)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        with ops.name_scope(name, type(self).__name__ + "NextInputs",
                            [time, outputs, state, sample_ids]):
            ended, given, state = super().next_inputs(time=time, outputs=outputs, state=state,
                                                      sample_ids=sample_ids, name=name)
            chosen = math_ops.cast(sample_ids, dtypes.bool)

            def with_more(values, rows=None):
                if self._more is None:
                    return values
                more = nest.map_structure(lambda array: array.read(time + 1), self._more)
                if rows is not None:
                    more = array_ops.gather_nd(more, rows)
                return nest.map_structure(lambda *parts: array_ops.concat(parts, -1), values, more)

            def mixed():
                if self._next_inputs_fn is None:
                    return array_ops.where(chosen, with_more(outputs), given)
                sampled_rows, given_rows = _rows(chosen), _rows(math_ops.logical_not(chosen))
                sampled = array_ops.gather_nd(outputs, sampled_rows)
                others = array_ops.gather_nd(given, given_rows)
                return _put_together(
                    sampled_rows, with_more(self._next_inputs_fn(sampled), sampled_rows),
                    given_rows, others, array_ops.shape(given))
            all_ended = math_ops.reduce_all(ended)
            nothing = math_ops.logical_not(math_ops.reduce_any(chosen))
            return ended, cond.cond(math_ops.logical_or(all_ended, nothing), lambda: given,
                                    mixed), state
