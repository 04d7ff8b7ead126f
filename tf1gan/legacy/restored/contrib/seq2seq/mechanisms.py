"""Attention: mechanisms that score a memory."""

import importlib
import math

import numpy as np
from tensorflow.python.framework import dtypes, ops
from tensorflow.python.ops import (
    array_ops,
    check_ops,
    init_ops,
    math_ops,
    nn_ops,
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


class _BaseAttentionMechanism(AttentionMechanism):
    """A mechanism that has a memory, [batch, length, ...], and keys that a layer makes of it.

    Scripts have mechanisms of their own, which are made of this class and of the attributes here.
    """

    def __init__(self, query_layer, memory, probability_fn, memory_sequence_length=None,
                 memory_layer=None, check_inner_dims_defined=True, score_mask_value=None,
                 custom_key_value_fn=None, name=None):
        self._query_layer, self._memory_layer = query_layer, memory_layer
        self.dtype = memory_layer.dtype
        if score_mask_value is None:
            score_mask_value = dtypes.as_dtype(self.dtype).as_numpy_dtype(-np.inf)
        self._probability_fn = lambda score, before: probability_fn(
            _maybe_mask_score(score, memory_sequence_length, None, score_mask_value), before)
        with ops.name_scope(name, "BaseAttentionMechanismInit", nest.flatten(memory)):
            self._values = _prepare_memory(
                memory, memory_sequence_length, check_inner_dims_defined=check_inner_dims_defined)
            self._keys = memory_layer(self._values) if memory_layer else self._values
            if custom_key_value_fn is not None:
                self._keys, self._values = custom_key_value_fn(self._keys, self._values)
            self._batch_size = known_or_asked(self._keys, 0)
            self._alignments_size = known_or_asked(self._keys, 1)

    query_layer = property(lambda self: self._query_layer)
    memory_layer = property(lambda self: self._memory_layer)
    keys = property(lambda self: self._keys)
    values = property(lambda self: self._values)
    batch_size = property(lambda self: self._batch_size)
    alignments_size = state_size = property(lambda self: self._alignments_size)

    def initial_alignments(self, batch_size, dtype):
        return _cells._zero_state_tensors(self._alignments_size, batch_size, dtype)

    def initial_state(self, batch_size, dtype):
        return self.initial_alignments(batch_size, dtype)

    def _aligned(self, score, state):
        alignments = self._probability_fn(score, state)
        return alignments, alignments


def _prepare_memory(memory, memory_sequence_length=None, memory_mask=None,
                    check_inner_dims_defined=True):
    """A memory with zeros after its rows' ends, which lengths or a mask say."""
    memory = nest.map_structure(lambda part: ops.convert_to_tensor(part, name="memory"), memory)
    _not_both(memory_sequence_length, memory_mask)
    lengths = memory_sequence_length
    if lengths is not None:
        lengths = ops.convert_to_tensor(lengths, name="memory_sequence_length")
    for part in nest.flatten(memory) if check_inner_dims_defined else ():
        if not part.shape[2:].is_fully_defined():
            raise ValueError(f"The memory {part.name} has a shape that is not known beyond its "
                             f"first two axes: {part.shape}")
    if lengths is None and memory_mask is None:
        return memory
    first = nest.flatten(memory)[0]
    mask = math_ops.cast(memory_mask, first.dtype) if lengths is None else \
        array_ops.sequence_mask(lengths, maxlen=array_ops.shape(first)[1], dtype=first.dtype)

    def masked(part):
        rank = array_ops.rank(part) if part.shape.rank is None else part.shape.rank
        ones = array_ops.ones(rank - 2, dtype=dtypes.int32)
        return part * array_ops.reshape(mask, array_ops.concat((array_ops.shape(mask), ones), 0))
    return nest.map_structure(masked, memory)


def _maybe_mask_score(score, memory_sequence_length=None, memory_mask=None,
                      score_mask_value=None):
    _not_both(memory_sequence_length, memory_mask)
    mask = memory_mask
    if memory_sequence_length is not None:
        message = "memory_sequence_length holds a length that is not above 0."
        with ops.control_dependencies([
                check_ops.assert_positive(memory_sequence_length, message=message)]):
            mask = array_ops.sequence_mask(memory_sequence_length,
                                           maxlen=array_ops.shape(score)[1])
    return score if mask is None else array_ops.where(
        mask, score, score_mask_value * array_ops.ones_like(score))


def _not_both(lengths, mask):
    if lengths is not None and mask is not None:
        raise ValueError("Either memory_sequence_length is given, or memory_mask: not both.")


# -- Mechanisms ------------------------------------------------------------------------------

def layer_of_keys(name, units, dtype):
    return _Dense(units, name=name, use_bias=False, dtype=dtype)


def _luong_score(query, keys, scale):
    """Luong's: the product of a query and each key."""
    if query.shape[-1] != keys.shape[-1]:
        raise ValueError(
            f"The query {query.name} has {query.shape[-1]} units and the keys {keys.name} have "
            f"{keys.shape[-1]}: they have to be the same number.")
    score = array_ops.squeeze(
        math_ops.matmul(array_ops.expand_dims(query, 1), keys, transpose_b=True), [1])
    return score if scale is None else scale * score


class _Luong(_BaseAttentionMechanism):

    def _score(self, query):
        with variable_scope.variable_scope(None, self._scope, [query]):
            scale = variable_scope.get_variable(
                "attention_g", dtype=query.dtype, initializer=init_ops.ones_initializer,
                shape=()) if self._scale else None
            return self._biased(_luong_score(query, self.keys, scale), query.dtype)

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
                         layer_of_keys("memory_layer", num_units, dtype or dtypes.float32), True,
                         score_mask_value, custom_key_value_fn, name)
        self._num_units, self._scale, self._name = num_units, scale, name


def _bahdanau_score(processed_query, keys, attention_v, attention_g=None, attention_b=None):
    """Bahdanau's: the sum of a query and each key, by weights, which may be normalized."""
    asked = array_ops.expand_dims(processed_query, 1)
    if attention_g is None or attention_b is None:
        return math_ops.reduce_sum(attention_v * math_ops.tanh(keys + asked), [2])
    weights = attention_g * attention_v * math_ops.rsqrt(
        math_ops.reduce_sum(math_ops.square(attention_v)))
    return math_ops.reduce_sum(weights * math_ops.tanh(keys + asked + attention_b), [2])


class _Bahdanau(_BaseAttentionMechanism):

    def _score(self, query):
        units = self._num_units
        with variable_scope.variable_scope(None, self._scope, [query]):
            query = self.query_layer(query) if self.query_layer else query
            weights = variable_scope.get_variable("attention_v", [units], dtype=query.dtype)
            gain = bias = None
            if self._normalize:
                gain = variable_scope.get_variable(
                    "attention_g", dtype=query.dtype, shape=(),
                    initializer=init_ops.constant_initializer(math.sqrt(1.0 / units)))
                bias = variable_scope.get_variable("attention_b", [units], dtype=query.dtype,
                                                   initializer=init_ops.zeros_initializer())
            score = _bahdanau_score(query, self.keys, weights, gain, bias)
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
                         layer_of_keys("memory_layer", num_units, dtype), True, score_mask_value,
                         custom_key_value_fn, name)
        self._num_units, self._normalize, self._name = num_units, normalize, name


def hardmax(logits, name=None):
    """1 where a row is largest."""
    with ops.name_scope(name, "Hardmax", [logits]):
        logits = ops.convert_to_tensor(logits, name="logits")
        depth = logits.shape.dims[-1].value
        depth = array_ops.shape(logits)[-1] if depth is None else depth
        return array_ops.one_hot(math_ops.argmax(logits, -1), depth, dtype=logits.dtype)
