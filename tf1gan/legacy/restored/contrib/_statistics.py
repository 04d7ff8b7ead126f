"""Percentiles, and means and variances that move with what they are given."""

import numpy as np
from tensorflow.python.ops import control_flow_ops


def make(tf):
    """name -> function."""
    rounded = dict(lower=tf.ceil, higher=tf.floor, nearest=tf.round)

    def percentile(x, q, axis=None, interpolation=None, keep_dims=False, validate_args=False,
                   name=None):
        """The number that q of 100 are not above; one of those in x.

        Args:
          axis: constant axes, over which it is taken; all without it.
          interpolation: "nearest", "lower" or "higher".
        """
        if interpolation not in (None, *rounded):
            raise ValueError(f"Numbers are {sorted(rounded)}, not {interpolation}.")
        with tf.name_scope(name or "percentile", values=[x, q]):
            x, q = tf.convert_to_tensor(x, name="x"), tf.cast(q, tf.float64, name="q")
            if q.shape.rank not in (None, 0):
                raise ValueError(f"q is one number, not {q.shape}.")
            if validate_args:
                q = control_flow_ops.with_dependencies([
                    tf.assert_rank(q, 0), tf.assert_greater_equal(q, tf.cast(0., tf.float64)),
                    tf.assert_less_equal(q, tf.cast(100., tf.float64))], q)
            axes = None if axis is None else _axes(tf, axis, x)
            rows = tf.reshape(x, [-1]) if axes is None else _rows(tf, x, axes)
            above = 1. - q / 100.
            number = tf.cast(tf.shape(rows)[-1], tf.float64)
            index = rounded[interpolation or "nearest"]((number - 1) * above)
            number = tf.shape(rows)[-1]
            index = tf.clip_by_value(tf.cast(index, tf.int32), 0, number - 1)
            ordered, _ = tf.nn.top_k(rows, k=tf.shape(rows)[-1])
            result = ordered[..., index]
            result.set_shape(rows.shape[:-1])
            if keep_dims and axes is None:
                rank = tf.rank(x) if x.shape.rank is None else x.shape.rank
                result *= tf.ones(tf.ones(shape=[rank], dtype=tf.int32), dtype=x.dtype)
            elif keep_dims:
                for place in sorted(axes):
                    result = tf.expand_dims(result, axis=place)
            return result

    def assign_moving_mean_variance(mean_var, variance_var, value, decay, name=None):
        """(the mean, the variance) of a value and what was before, as updates of variables."""
        with tf.name_scope(name, "assign_moving_mean_variance", [
                variance_var, mean_var, value, decay]):
            with tf.colocate_with(variance_var), tf.colocate_with(mean_var):
                kind = _of_floats("mean_var", mean_var)
                if kind != variance_var.dtype.base_dtype:
                    raise TypeError(f"mean_var is of {kind.name}, and variance_var is not.")
                value = tf.convert_to_tensor(value, dtype=kind, name="value")
                decay = tf.convert_to_tensor(decay, dtype=kind, name="decay")
                away = value - mean_var
                with tf.control_dependencies([away]):
                    mean = tf.assign_add(mean_var, (1. - decay) * away)
                    variance = tf.assign_sub(variance_var, (1. - decay) * (
                        variance_var - decay * tf.square(away)))
                return mean, variance

    def assign_log_moving_mean_exp(log_mean_exp_var, log_value, decay, name=None):
        """The logarithm of a moving mean of exp(log_value), as an update of a variable."""
        with tf.name_scope(name, "assign_log_moving_mean_exp", [
                log_mean_exp_var, log_value, decay]):
            with tf.colocate_with(log_mean_exp_var):
                kind = _of_floats("log_mean_exp_var", log_mean_exp_var)
                log_value = tf.convert_to_tensor(log_value, dtype=kind, name="log_value")
                decay = tf.convert_to_tensor(decay, dtype=kind, name="decay")
                away = (log_value - log_mean_exp_var)[tf.newaxis, ...]
                parts = tf.concat([tf.log(decay) * tf.ones_like(away),
                                   away + tf.log1p(-decay)], axis=0)
                return log_mean_exp_var.assign_add(tf.reduce_logsumexp(parts, axis=0))

    def moving_mean_variance(value, decay, collections=None, name=None):
        """The same with variables of its own, which begin at 0."""
        collections = [tf.GraphKeys.GLOBAL_VARIABLES] if collections is None else collections
        with tf.variable_scope(name, "moving_mean_variance", [value, decay]):
            value = tf.convert_to_tensor(value, name="value")
            decay = tf.convert_to_tensor(decay, dtype=_of_floats("value", value), name="decay")
            variance, mean = (tf.get_variable(
                told, shape=value.shape, dtype=value.dtype, initializer=tf.zeros_initializer(),
                trainable=False, collections=collections)
                for told in ("moving_variance", "moving_mean"))
            return assign_moving_mean_variance(mean, variance, value, decay)
    return dict(percentile=percentile, moving_mean_variance=moving_mean_variance,
                assign_moving_mean_variance=assign_moving_mean_variance,
                assign_log_moving_mean_exp=assign_log_moving_mean_exp)


def _axes(tf, axis, x):
    axis = tf.convert_to_tensor(axis, name="axis")
    tf.debugging.assert_integer(axis)
    known, rank = tf.get_static_value(axis), x.shape.rank
    if known is None or known.ndim > 1:
        raise ValueError(f"The axes are constants, not {axis}.")
    if not rank:
        raise ValueError(f"How many axes there are has to be known, and be 1 or more: {x}")
    axes = [int(one) for one in known.reshape(-1)]
    if any(not -rank <= one < rank for one in axes):
        raise ValueError(f"There are {rank} axes, and not {axes}.")
    return [one % rank for one in axes]


def _rows(tf, x, axes):
    """x with some axes as one, the last."""
    first = [axis for axis in range(x.shape.rank) if axis not in axes]
    turned = tf.transpose(x, perm=first + axes)
    if x.shape.is_fully_defined():
        sizes = x.shape.as_list()
        shape = [sizes[axis] for axis in first] + [int(np.prod([sizes[axis] for axis in axes]))]
    else:
        shape = tf.concat([tf.shape(turned)[:len(first)], [-1]], axis=0)
    return tf.reshape(turned, shape=shape)


def _of_floats(told, value):
    kind = value.dtype.base_dtype
    if not kind.is_floating:
        raise TypeError(f"{told} is of {kind.name}, and not of floats.")
    return kind
