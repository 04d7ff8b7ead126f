"""Attention: mechanisms that score a memory."""

import functools
import importlib
import math

import numpy as np
from tensorflow.python.framework import dtypes, ops
from tensorflow.python.ops import (
    array_ops,
    check_ops,
    clip_ops,
    functional_ops,
    init_ops,
    math_ops,
    nn_ops,
    random_ops,
    variable_scope,
)
from tensorflow.python.util import nest

from tf1gan.legacy.restored.contrib.seq2seq.asked import unanswered

_cells = importlib.import_module("tf_keras.src.layers.rnn.legacy_cells")
_Dense = importlib.import_module("tf_keras.src.legacy_tf_layers.core").Dense


def known_or_asked(value, axis):
    size = value.shape.dims[axis].value
    return size or array_ops.shape(value)[axis]


class AttentionMechanism:
    """(query, state) -> (alignments [batch, length of the memory], next state)."""

    alignments_size, state_size = map(unanswered, ("alignments_size", "state_size"))


class _OfMemory(AttentionMechanism):
    """A mechanism that has a memory, [batch, length, ...], and keys that a layer makes of it."""

    def __init__(self, query_layer, memory, probability_fn, memory_sequence_length, memory_layer,
                 score_mask_value, custom_key_value_fn, name):
        self.query_layer, self.memory_layer = query_layer, memory_layer
        self.dtype = memory_layer.dtype
        if score_mask_value is None:
            score_mask_value = dtypes.as_dtype(self.dtype).as_numpy_dtype(-np.inf)
        self._probability_fn = lambda score, before: probability_fn(
            _masked_score(score, memory_sequence_length, score_mask_value), before)
        with ops.name_scope(name, "BaseAttentionMechanismInit", nest.flatten(memory)):
            self.values = _masked_memory(memory, memory_sequence_length)
            self.keys = memory_layer(self.values) if memory_layer else self.values
            if custom_key_value_fn is not None:
                self.keys, self.values = custom_key_value_fn(self.keys, self.values)
            self.batch_size = known_or_asked(self.keys, 0)
            self._size = known_or_asked(self.keys, 1)

    alignments_size = state_size = property(lambda self: self._size)

    def initial_alignments(self, batch_size, dtype):
        return _cells._zero_state_tensors(self._size, batch_size, dtype)

    def initial_state(self, batch_size, dtype):
        return self.initial_alignments(batch_size, dtype)

    def _aligned(self, score, state):
        alignments = self._probability_fn(score, state)
        return alignments, alignments


def _masked_memory(memory, lengths):
    memory = nest.map_structure(lambda part: ops.convert_to_tensor(part, name="memory"), memory)
    if lengths is not None:
        lengths = ops.convert_to_tensor(lengths, name="memory_sequence_length")
    for part in nest.flatten(memory):
        if not part.shape[2:].is_fully_defined():
            raise ValueError(f"The memory {part.name} has a shape that is not known beyond its "
                             f"first two axes: {part.shape}")
    if lengths is None:
        return memory
    first = nest.flatten(memory)[0]
    mask = array_ops.sequence_mask(lengths, maxlen=array_ops.shape(first)[1], dtype=first.dtype)

    def masked(part):
        ones = array_ops.ones(part.shape.rank - 2, dtype=dtypes.int32)
        return part * array_ops.reshape(mask, array_ops.concat((array_ops.shape(mask), ones), 0))
    return nest.map_structure(masked, memory)


def _masked_score(score, lengths, value):
    if lengths is None:
        return score
    message = "memory_sequence_length holds a length that is not above 0."
    with ops.control_dependencies([check_ops.assert_positive(lengths, message=message)]):
        mask = array_ops.sequence_mask(lengths, maxlen=array_ops.shape(score)[1])
    return array_ops.where(mask, score, value * array_ops.ones_like(score))


# -- Mechanisms ------------------------------------------------------------------------------

def layer_of_keys(name, units, dtype):
    return _Dense(units, name=name, use_bias=False, dtype=dtype)


def _scaled_score(query, keys, scale):
    """Luong's: the product of a query and each key."""
    if query.shape[-1] != keys.shape[-1]:
        raise ValueError(
            f"The query {query.name} has {query.shape[-1]} units and the keys {keys.name} have "
            f"{keys.shape[-1]}: they have to be the same number.")
    score = array_ops.squeeze(
        math_ops.matmul(array_ops.expand_dims(query, 1), keys, transpose_b=True), [1])
    return score if scale is None else scale * score


class _Luong(_OfMemory):

    def _score(self, query):
        with variable_scope.variable_scope(None, self._scope, [query]):
            scale = variable_scope.get_variable(
                "attention_g", dtype=query.dtype, initializer=init_ops.ones_initializer,
                shape=()) if self._scale else None
            return self._biased(_scaled_score(query, self.keys, scale), query.dtype)

    def _biased(self, score, dtype):
        return score

    def __call__(self, query, state):
        return self._aligned(self._score(query), state)


class LuongAttention(_Luong):
    """Multiplicative attention."""

    _scope = "luong_attention"

    def __init__(self, num_units, memory, memory_sequence_length=None, scale=False,
                 probability_fn=None, score_mask_value=None, dtype=None, custom_key_value_fn=None,
                 name="LuongAttention"):
        probability_fn = probability_fn or nn_ops.softmax
        super().__init__(None, memory, lambda score, _: probability_fn(score),
                         memory_sequence_length,
                         layer_of_keys("memory_layer", num_units, dtype or dtypes.float32),
                         score_mask_value, custom_key_value_fn, name)
        self._scale = scale


class _Bahdanau(_OfMemory):

    def _score(self, query):
        units = self._num_units
        with variable_scope.variable_scope(None, self._scope, [query]):
            query = self.query_layer(query) if self.query_layer else query
            weights = variable_scope.get_variable("attention_v", [units], dtype=query.dtype)
            if self._normalize:
                gain = variable_scope.get_variable(
                    "attention_g", dtype=query.dtype, shape=(),
                    initializer=init_ops.constant_initializer(math.sqrt(1.0 / units)))
                bias = variable_scope.get_variable("attention_b", [units], dtype=query.dtype,
                                                   initializer=init_ops.zeros_initializer())
            asked = array_ops.expand_dims(query, 1)
            if self._normalize:
                weights = gain * weights * math_ops.rsqrt(
                    math_ops.reduce_sum(math_ops.square(weights)))
                inner = self.keys + asked + bias
            else:
                inner = self.keys + asked
            score = math_ops.reduce_sum(weights * math_ops.tanh(inner), [2])
            return self._biased(score, query.dtype)

    def _biased(self, score, dtype):
        return score

    def __call__(self, query, state):
        return self._aligned(self._score(query), state)


class BahdanauAttention(_Bahdanau):
    """Additive attention."""

    _scope = "bahdanau_attention"

    def __init__(self, num_units, memory, memory_sequence_length=None, normalize=False,
                 probability_fn=None, score_mask_value=None, dtype=None, custom_key_value_fn=None,
                 name="BahdanauAttention"):
        probability_fn, dtype = probability_fn or nn_ops.softmax, dtype or dtypes.float32
        super().__init__(layer_of_keys("query_layer", num_units, dtype), memory,
                         lambda score, _: probability_fn(score), memory_sequence_length,
                         layer_of_keys("memory_layer", num_units, dtype), score_mask_value,
                         custom_key_value_fn, name)
        self._num_units, self._normalize = num_units, normalize


class _Monotonic:
    """What both monotonic mechanisms have: a bias, and a start at the first place."""

    def initial_alignments(self, batch_size, dtype):
        return array_ops.one_hot(array_ops.zeros((batch_size,), dtype=dtypes.int32), self._size,
                                 dtype=dtype)

    def _biased(self, score, dtype):
        return score + variable_scope.get_variable(
            "attention_score_bias", dtype=dtype, initializer=self._score_bias_init)


class BahdanauMonotonicAttention(_Monotonic, _Bahdanau):
    """Additive attention that only moves on."""

    _scope = "bahdanau_monotonic_attention"

    def __init__(self, num_units, memory, memory_sequence_length=None, normalize=False,
                 score_mask_value=None, sigmoid_noise=0.0, sigmoid_noise_seed=None,
                 score_bias_init=0.0, mode="parallel", dtype=None,
                 name="BahdanauMonotonicAttention"):
        dtype = dtype or dtypes.float32
        super().__init__(layer_of_keys("query_layer", num_units, dtype), memory,
                         _moving_on(sigmoid_noise, mode, sigmoid_noise_seed),
                         memory_sequence_length, layer_of_keys("memory_layer", num_units, dtype),
                         score_mask_value, None, name)
        self._num_units, self._normalize = num_units, normalize
        self._score_bias_init = score_bias_init


class LuongMonotonicAttention(_Monotonic, _Luong):
    """Multiplicative attention that only moves on."""

    _scope = "luong_monotonic_attention"

    def __init__(self, num_units, memory, memory_sequence_length=None, scale=False,
                 score_mask_value=None, sigmoid_noise=0.0, sigmoid_noise_seed=None,
                 score_bias_init=0.0, mode="parallel", dtype=None,
                 name="LuongMonotonicAttention"):
        super().__init__(None, memory, _moving_on(sigmoid_noise, mode, sigmoid_noise_seed),
                         memory_sequence_length,
                         layer_of_keys("memory_layer", num_units, dtype or dtypes.float32),
                         score_mask_value, None, name)
        self._scale, self._score_bias_init = scale, score_bias_init


def _moving_on(noise, mode, seed):
    def probability(score, before):
        if noise > 0:
            score += noise * random_ops.random_normal(array_ops.shape(score), dtype=score.dtype,
                                                      seed=seed)
        chosen = math_ops.cast(score > 0, score.dtype) if mode == "hard" \
            else math_ops.sigmoid(score)
        return monotonic_attention(chosen, before, mode)
    return functools.wraps(monotonic_attention)(probability)


def safe_cumprod(x, *args, **kwargs):
    """A cumulative product by logarithms, of numbers from 0 to 1."""
    with ops.name_scope(None, "SafeCumprod", [x]):
        x = ops.convert_to_tensor(x, name="x")
        least = np.finfo(x.dtype.as_numpy_dtype).tiny
        return math_ops.exp(math_ops.cumsum(
            math_ops.log(clip_ops.clip_by_value(x, least, 1)), *args, **kwargs))


def monotonic_attention(p_choose_i, previous_attention, mode):
    """Where attention moves on to, [batch, length], by the probabilities to stop at each place."""
    p_choose_i = ops.convert_to_tensor(p_choose_i, name="p_choose_i")
    previous_attention = ops.convert_to_tensor(previous_attention, name="previous_attention")
    if mode == "recursive":
        rows = known_or_asked(p_choose_i, 0)
        passed = array_ops.concat([array_ops.ones((rows, 1)), 1 - p_choose_i[:, :-1]], 1)
        return p_choose_i * array_ops.transpose(functional_ops.scan(
            lambda sum_, parts: array_ops.reshape(parts[0] * sum_ + parts[1], (rows,)),
            [array_ops.transpose(passed), array_ops.transpose(previous_attention)],
            array_ops.zeros((rows,))))
    if mode == "parallel":
        passed = safe_cumprod(1 - p_choose_i, axis=1, exclusive=True)
        return p_choose_i * passed * math_ops.cumsum(
            previous_attention / clip_ops.clip_by_value(passed, 1e-10, 1.0), axis=1)
    if mode == "hard":
        p_choose_i *= math_ops.cumsum(previous_attention, axis=1)
        return p_choose_i * math_ops.cumprod(1 - p_choose_i, axis=1, exclusive=True)
    raise ValueError(f"mode is recursive, parallel or hard, not {mode!r}.")


def hardmax(logits, name=None):
    """1 where a row is largest."""
    with ops.name_scope(name, "Hardmax", [logits]):
        logits = ops.convert_to_tensor(logits, name="logits")
        depth = logits.shape.dims[-1].value
        depth = array_ops.shape(logits)[-1] if depth is None else depth
        return array_ops.one_hot(math_ops.argmax(logits, -1), depth, dtype=logits.dtype)
