"""Functions of Keras's backend that 1.15 made of a variable, which each part of them read anew."""

import functools
import importlib

from tf1gan.compat import tf
from tf1gan.legacy.numbers import rebuilt


def functions(backend):
    """Today's function -> the one that takes its place."""
    return {getattr(backend, function.__name__): function for function in (
        var, std, binary_crossentropy, categorical_crossentropy, ctc_decode)}


def var(x, axis=None, keepdims=False):
    return rebuilt.reduce_variance(_number(x), axis, keepdims)


def std(x, axis=None, keepdims=False):
    return rebuilt.reduce_std(_number(x), axis, keepdims)


def binary_crossentropy(target, output, from_logits=False):
    """What it is of was not made a tensor first; until 2.3."""
    backend = _backend()
    output, from_logits = backend._get_logits(output, from_logits, "Sigmoid", "")
    if from_logits:
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=output)
    output = _inside(output)
    of_ones = target * tf.math.log(output + backend.epsilon())
    return -(of_ones + (1 - target) * tf.math.log(1 - output + backend.epsilon()))


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """The same, and of shapes that did not have to fit before they were broadcast; until 2.3."""
    output, from_logits = _backend()._get_logits(output, from_logits, "Softmax", "")
    if from_logits:
        return tf.nn.softmax_cross_entropy_with_logits_v2(
            labels=target, logits=output, axis=axis)
    output = _inside(output / tf.reduce_sum(output, axis, True))
    return -tf.reduce_sum(target * tf.math.log(output), axis)


def ctc_decode(y_pred, input_length, greedy=True, beam_width=100, top_paths=1):
    """What was decoded was as long as the longest; since 2.4 as what it is decoded of."""
    from tensorflow.python.ops import sparse_ops
    backend = _backend()
    inputs = tf.math.log(tf.transpose(y_pred, [1, 0, 2]) + backend.epsilon())
    lengths = tf.cast(input_length, tf.int32)
    if greedy:
        decoded, scores = tf.nn.ctc_greedy_decoder(inputs=inputs, sequence_length=lengths)
    else:
        decoded, scores = tf.compat.v1.nn.ctc_beam_search_decoder(
            inputs=inputs, sequence_length=lengths, beam_width=beam_width, top_paths=top_paths)
    return [sparse_ops.sparse_to_dense(
        each.indices, each.dense_shape, each.values, default_value=-1) for each in decoded], scores


def fed_themselves(seeds):
    """A variable among the inputs of K.function was fed itself; since 2.3 what is read of it.

    One among the outputs was passed on.
    """
    backend = _backend()
    today = backend.GraphExecutionFunction.__init__

    @functools.wraps(today)
    def __init__(this, inputs, outputs, *arguments, **named):
        today(this, inputs, outputs, *arguments, **named)
        seeds.count_more(sum(hasattr(each, "assign_add") for each in tf.nest.flatten(outputs))
                         - sum(hasattr(each, "handle") for each in tf.nest.flatten(inputs)))
    backend.GraphExecutionFunction.__init__ = __init__


def _number(x):
    return tf.cast(x, _backend().floatx()) if x.dtype.base_dtype == tf.bool else x


def _inside(probabilities):
    """Cut off at epsilon on both sides."""
    backend = _backend()
    least = backend._constant_to_tensor(backend.epsilon(), probabilities.dtype.base_dtype)
    return tf.clip_by_value(probabilities, least, 1. - least)


def _backend():
    return importlib.import_module("tf_keras.src.backend")
