"""Attention that only moves on, along its memory."""

import functools

import numpy as np
from tensorflow.python.framework import dtypes, ops
from tensorflow.python.ops import (
    array_ops,
    clip_ops,
    functional_ops,
    math_ops,
    random_ops,
    variable_scope,
)

from tf1gan.legacy.restored.contrib.seq2seq.mechanisms import (
    _Bahdanau,
    _BaseAttentionMechanism,
    _Luong,
    known_or_asked,
    layer_of_keys,
)


class _BaseMonotonicAttentionMechanism(_BaseAttentionMechanism):
    """A mechanism that begins at the first place; its scores have a bias."""

    def initial_alignments(self, batch_size, dtype):
        return array_ops.one_hot(array_ops.zeros((batch_size,), dtype=dtypes.int32),
                                 self._alignments_size, dtype=dtype)

    def _biased(self, score, dtype):
        return score + variable_scope.get_variable(
            "attention_score_bias", dtype=dtype, initializer=self._score_bias_init)


class BahdanauMonotonicAttention(_BaseMonotonicAttentionMechanism, _Bahdanau):
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
                         True, score_mask_value, None, name)
        self._num_units, self._normalize, self._name = num_units, normalize, name
        self._score_bias_init = score_bias_init


class LuongMonotonicAttention(_BaseMonotonicAttentionMechanism, _Luong):
    """Multiplicative attention that only moves on."""

    _scope = "luong_monotonic_attention"

    def __init__(self, num_units, memory, memory_sequence_length=None, scale=False,
                 score_mask_value=None, sigmoid_noise=0.0, sigmoid_noise_seed=None,
                 score_bias_init=0.0, mode="parallel", dtype=None,
                 name="LuongMonotonicAttention"):
        super().__init__(None, memory, _moving_on(sigmoid_noise, mode, sigmoid_noise_seed),
                         memory_sequence_length,
                         layer_of_keys("memory_layer", num_units, dtype or dtypes.float32), True,
                         score_mask_value, None, name)
        self._num_units, self._scale, self._name = num_units, scale, name
        self._score_bias_init = score_bias_init


def _moving_on(noise, mode, seed):
    return functools.partial(_monotonic_probability_fn, sigmoid_noise=noise, mode=mode, seed=seed)


def _monotonic_probability_fn(score, previous_alignments, sigmoid_noise, mode, seed=None):
    if sigmoid_noise > 0:
        score += sigmoid_noise * random_ops.random_normal(array_ops.shape(score),
                                                          dtype=score.dtype, seed=seed)
    chosen = math_ops.cast(score > 0, score.dtype) if mode == "hard" else math_ops.sigmoid(score)
    return monotonic_attention(chosen, previous_alignments, mode)


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
