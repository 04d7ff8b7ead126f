"""Helpers: what a decoder samples, what its next inputs are, and when it ends."""

import contextlib

from tensorflow.python.framework import dtypes, ops, tensor, tensor_shape
from tensorflow.python.ops import (
    array_ops,
    cond,
    embedding_ops,
    math_ops,
    random_ops,
    rnn,
    tensor_array_ops,
)
from tensorflow.python.util import nest

from tf1gan.legacy.restored.contrib.seq2seq.asked import unanswered


class Helper:
    """What a BasicDecoder asks."""

    batch_size, sample_ids_shape, sample_ids_dtype = map(unanswered, (
        "batch_size", "sample_ids_shape", "sample_ids_dtype"))

    def initialize(self, name=None):
        """Returns (which have ended, first inputs)."""
        raise NotImplementedError

    def sample(self, time, outputs, state, name=None):
        raise NotImplementedError

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        """Returns (which have ended, next inputs, next state)."""
        raise NotImplementedError


class _Told(Helper):
    """A helper that keeps the answers. Samples are whole numbers, one a sequence, if not told."""

    _samples = tensor_shape.TensorShape([]), dtypes.int32

    batch_size = property(lambda self: self._batch_size)
    sample_ids_shape = property(lambda self: self._samples[0])
    sample_ids_dtype = property(lambda self: self._samples[1])


class CustomHelper(_Told):
    """A helper of functions."""

    def __init__(self, initialize_fn, sample_fn, next_inputs_fn, sample_ids_shape=None,
                 sample_ids_dtype=None):
        self._functions = dict(Initialize=initialize_fn, Sample=sample_fn,
                               NextInputs=next_inputs_fn)
        self._samples = (tensor_shape.TensorShape(sample_ids_shape or []),
                         sample_ids_dtype or dtypes.int32)
        self._known_size = None

    @property
    def batch_size(self):
        if self._known_size is None:
            raise ValueError("batch_size is known once initialize was called")
        return self._known_size

    def initialize(self, name=None):
        with self._scope(name, "Initialize") as first:
            ended, inputs = first()
            if self._known_size is None:
                self._known_size = array_ops.size(ended)
        return ended, inputs

    def sample(self, time, outputs, state, name=None):
        with self._scope(name, "Sample", time, outputs, state) as sample:
            return sample(time=time, outputs=outputs, state=state)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        with self._scope(name, "NextInputs", time, outputs, state) as following:
            return following(time=time, outputs=outputs, state=state, sample_ids=sample_ids)

    @contextlib.contextmanager
    def _scope(self, name, step, *values):
        """A scope for one of the functions, which it gives."""
        with ops.name_scope(name, type(self).__name__ + step, values):
            yield self._functions[step]


class TrainingHelper(_Told):
    """The next inputs are those that are given, whatever is sampled."""

    def __init__(self, inputs, sequence_length, time_major=False, name=None):
        with ops.name_scope(name, "TrainingHelper", [inputs, sequence_length]):
            self._inputs = ops.convert_to_tensor(inputs, name="inputs")
            steps = self._inputs if time_major else nest.map_structure(
                rnn._transpose_batch_time, self._inputs)
            self._arrays = nest.map_structure(in_an_array, steps)
            self._lengths = ops.convert_to_tensor(sequence_length, name="sequence_length")
            if self._lengths.shape.rank != 1:
                raise ValueError("sequence_length has one axis, not the shape "
                                 f"{self._lengths.shape}")
            self._zeros = nest.map_structure(lambda part: array_ops.zeros_like(part[0, :]), steps)
            self._batch_size = array_ops.size(sequence_length)

    inputs = property(lambda self: self._inputs)
    sequence_length = property(lambda self: self._lengths)

    def initialize(self, name=None):
        with ops.name_scope(name, "TrainingHelperInitialize"):
            ended = math_ops.equal(0, self._lengths)
            return ended, self._read(math_ops.reduce_all(ended), 0)

    def sample(self, time, outputs, name=None, **_):
        with ops.name_scope(name, "TrainingHelperSample", [time, outputs]):
            return math_ops.cast(math_ops.argmax(outputs, axis=-1), dtypes.int32)

    def next_inputs(self, time, outputs, state, name=None, **_):
        with ops.name_scope(name, "TrainingHelperNextInputs", [time, outputs, state]):
            time = time + 1
            ended = time >= self._lengths
            return ended, self._read(math_ops.reduce_all(ended), time), state

    def _read(self, all_ended, time):
        return cond.cond(all_ended, lambda: self._zeros, lambda: nest.map_structure(
            lambda array: array.read(time), self._arrays))


class GreedyEmbeddingHelper(_Told):
    """The next inputs are the embeddings of what was likeliest."""

    def __init__(self, embedding, start_tokens, end_token):
        self._embedded = looking_up(embedding)
        first, self._end_token = (
            ops.convert_to_tensor(token, dtype=dtypes.int32, name=name)
            for token, name in ((start_tokens, "start_tokens"), (end_token, "end_token")))
        if first.shape.rank != 1:
            raise ValueError(f"start_tokens has one axis, not {first.shape.rank}")
        self._batch_size = array_ops.size(start_tokens)
        if self._end_token.shape.rank != 0:
            raise ValueError(f"end_token is one number, not of {self._end_token.shape}")
        self._start_tokens, self._start_inputs = first, self._embedded(first)

    def initialize(self, name=None):
        return _none_ended(self), self._start_inputs

    def sample(self, time, outputs, state, name=None):
        _one_tensor(outputs)
        return math_ops.argmax(outputs, axis=-1, output_type=dtypes.int32)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        ended = math_ops.equal(sample_ids, self._end_token)
        inputs = cond.cond(math_ops.reduce_all(ended), lambda: self._start_inputs,
                           lambda: self._embedded(sample_ids))
        return ended, inputs, state


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """The next inputs are the embeddings of what was drawn."""

    def __init__(self, embedding, start_tokens, end_token, softmax_temperature=None, seed=None):
        super().__init__(embedding, start_tokens, end_token)
        self._temperature, self._seed = softmax_temperature, seed

    def sample(self, time, outputs, state, name=None):
        _one_tensor(outputs)
        logits = outputs if self._temperature is None else outputs / self._temperature
        return drawn(logits, seed=self._seed)


class InferenceHelper(_Told):
    """The next inputs are what a function makes of the outputs."""

    def __init__(self, sample_fn, sample_shape, sample_dtype, start_inputs, end_fn,
                 next_inputs_fn=None):
        self._sample_fn, self._end_fn, self._next_inputs_fn = sample_fn, end_fn, next_inputs_fn
        self._samples = tensor_shape.TensorShape(sample_shape), sample_dtype
        self._batch_size = array_ops.shape(start_inputs)[0]
        self._start_inputs = ops.convert_to_tensor(start_inputs, name="start_inputs")

    def initialize(self, name=None):
        return _none_ended(self), self._start_inputs

    def sample(self, time, outputs, state, name=None):
        return self._sample_fn(outputs)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        inputs = sample_ids if self._next_inputs_fn is None else self._next_inputs_fn(sample_ids)
        return self._end_fn(sample_ids), inputs, state


def looking_up(embedding):
    """A function that embeds, of one or of a matrix."""
    return embedding if callable(embedding) else (
        lambda numbers: embedding_ops.embedding_lookup(embedding, numbers))


def _none_ended(helper):
    return array_ops.tile([False], [helper.batch_size])


def in_an_array(value):
    return tensor_array_ops.TensorArray(
        dtype=value.dtype, size=array_ops.shape(value)[0],
        element_shape=value.shape[1:]).unstack(value)


def _one_tensor(outputs):
    if not isinstance(outputs, tensor.Tensor):
        raise TypeError(f"The outputs are one tensor here, not a {type(outputs).__name__}")


def in_sample_shape(draw, sample_shape):
    """Draws as many as a shape holds, and gives them that shape: (number) -> [number, ...]."""
    with ops.name_scope(None, "call_sampler", values=[sample_shape]):
        sample_shape = ops.convert_to_tensor(sample_shape, dtype=dtypes.int32, name="sample_shape")
        scalar = math_ops.cast(math_ops.equal(array_ops.rank(sample_shape), 0), dtypes.int32)
        sample_shape = array_ops.reshape(sample_shape, array_ops.pad(
            array_ops.shape(sample_shape), paddings=[[scalar, 0]], constant_values=1))
        samples = draw(math_ops.reduce_prod(sample_shape))
        rest = array_ops.shape(samples)[1:]
        return array_ops.reshape(samples, array_ops.concat([sample_shape, rest], 0))


def drawn(logits, dtype=dtypes.int32, sample_shape=(), seed=None):
    """Whole numbers by their logits, [..., classes]."""
    logits = ops.convert_to_tensor(logits, name="logits")
    classes = array_ops.shape(logits)[-1]
    batch = array_ops.shape(logits)[:-1]

    def draw(number):
        rows = logits if logits.shape.rank == 2 else array_ops.reshape(logits, [-1, classes])
        draws = random_ops.multinomial(
            rows, number, seed=seed,
            output_dtype=dtypes.int64 if logits.dtype.size > 4 else dtypes.int32)
        draws = array_ops.reshape(array_ops.transpose(draws),
                                  array_ops.concat([[number], batch], 0))
        return math_ops.cast(draws, dtype)
    return in_sample_shape(draw, sample_shape)


def happened(probability, dtype=dtypes.int32, sample_shape=(), seed=None):
    """Whether something of a probability happened."""
    probability = ops.convert_to_tensor(probability, name="probs")
    batch = array_ops.shape(probability)

    def draw(number):
        shape = array_ops.concat([[number], batch], 0)
        uniform = random_ops.random_uniform(shape, seed=seed, dtype=probability.dtype)
        return math_ops.cast(math_ops.less(uniform, probability), dtype)
    return in_sample_shape(draw, sample_shape)
