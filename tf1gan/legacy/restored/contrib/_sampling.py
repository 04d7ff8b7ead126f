"""Examples that are drawn again: by a probability, by classes, or at a rate."""

import tensorflow.compat.v1 as tf
from tensorflow.python.framework import tensor_shape
from tensorflow.python.ops import control_flow_ops, random_ops
from tensorflow.python.training import moving_averages

_SEEN_BEFORE = 10       # of each class, until its share is known better
_TOLERANCE = 1e-6


def rejection_sample(tensors, accept_prob_fn, batch_size, queue_threads=1, enqueue_many=False,
                     prebatch_capacity=16, prebatch_threads=1, runtime_checks=False, name=None):
    """Batches of the examples that are accepted.

    Args:
      tensors: one example, or several where `enqueue_many`.
      accept_prob_fn: an example -> how probably it is accepted, [].
    """
    with tf.variable_scope(name, "rejection_sample", tensors):
        parts = _converted(tensors)
        if enqueue_many:
            for part in parts:
                first = tensor_shape.dimension_at_index(part.shape.with_rank_at_least(1), 0)
                tensor_shape.Dimension(first).assert_is_compatible_with(
                    tensor_shape.Dimension(parts[0].shape[0]))
            parts = _one_by_one(parts, prebatch_threads, prebatch_capacity)
        probability = accept_prob_fn(parts)
        if runtime_checks:
            probability = tf.identity(control_flow_ops.with_dependencies(
                [tf.assert_less_equal(0.0, probability), tf.assert_less_equal(probability, 1.0)],
                probability), name="prob_with_checks")
        batch = tf.train.maybe_batch(parts, keep_input=random_ops.random_uniform([]) < probability,
                                     batch_size=batch_size, num_threads=queue_threads)
        return [batch] if isinstance(batch, tf.Tensor) else batch


def _converted(tensors):
    from tensorflow.python.framework import indexed_slices
    return indexed_slices.internal_convert_n_to_tensor_or_indexed_slices(tensors)


def _one_by_one(parts, threads, capacity):
    batch = tf.train.batch(parts, batch_size=1, num_threads=threads, capacity=capacity,
                           enqueue_many=True)
    return [tf.squeeze(part, [0]) for part in (batch if len(parts) > 1 else [batch])]


def stratified_sample(tensors, labels, target_probs, batch_size, init_probs=None,
                      enqueue_many=False, queue_capacity=16, threads_per_queue=1, name=None):
    """Batches in which each class has a share of its own.

    Args:
      tensors: one example, or several where `enqueue_many`.
      labels: its class, a whole number.
      target_probs: [classes]: the share of each in the batches.
      init_probs: [classes]: the share of each in the data; without it, it is counted.

    Returns (a batch of each tensor, the classes).
    """
    with tf.name_scope(name, "stratified_sample", list(tensors) + [labels]):
        parts, labels = _converted(tensors), tf.convert_to_tensor(labels)
        target_probs = tf.convert_to_tensor(target_probs, dtype=tf.float32)
        if not enqueue_many:
            parts, labels = [tf.expand_dims(part, 0) for part in parts], tf.expand_dims(labels, 0)
        if init_probs is None:
            target_probs.shape.assert_is_fully_defined()
            init_probs = _shares(labels, target_probs.shape.num_elements())
        else:
            init_probs = tf.convert_to_tensor(init_probs, dtype=tf.float32)
        parts, labels, (init_probs, target_probs) = _checked(
            parts, labels, [init_probs, target_probs])
        can_be = tf.Assert(tf.reduce_all(tf.logical_or(
            tf.not_equal(init_probs, 0), tf.equal(target_probs, 0))),
            ["a class that does not occur cannot have a share:", init_probs, target_probs])
        init_probs = control_flow_ops.with_dependencies([can_be], init_probs)
        ratios = target_probs / init_probs
        ratios = tf.where_v2(tf.is_nan(ratios), tf.zeros_like(ratios), ratios)
        accepted = ratios / tf.reduce_max(ratios)
        rejected = tf.reduce_sum((1 - accepted) * init_probs)
        accepted = tf.cond(tf.less(rejected, .5), lambda: accepted, lambda: tf.Print(
            accepted, [accepted], message="Most examples are left out, as they are accepted by:",
            first_n=10))
        *values, label = _one_by_one(parts + [labels], threads_per_queue, queue_capacity)
        probability = tf.gather(accepted, label)
        *batch, label = tf.train.maybe_batch(
            values + [label], keep_input=random_ops.random_uniform([]) < probability,
            batch_size=batch_size, num_threads=threads_per_queue)
        return batch, label


def _shares(labels, classes):
    """[classes]: how often each has been seen, as a part of all."""
    counts = tf.Variable([_SEEN_BEFORE] * classes, trainable=False, name="class_count",
                         dtype=tf.int64)
    seen = counts.assign_add(tf.reduce_sum(tf.one_hot(labels, classes, dtype=tf.int64), 0))
    seen += 0           # a copy, which other threads do not change
    return tf.cast(tf.truediv(seen, tf.reduce_sum(seen)), tf.float32)


def _checked(parts, labels, shares):
    checked = []
    for share in shares:
        share.shape.assert_is_fully_defined()
        share.shape.assert_has_rank(1)
        total = tf.reduce_sum(share)
        checked.append(control_flow_ops.with_dependencies([
            tf.assert_non_negative(share), tf.assert_less(total, 1.0 + _TOLERANCE),
            tf.assert_less(1.0 - _TOLERANCE, total)], share))
    classes = checked[0].shape.num_elements()
    if any(share.shape.num_elements() != classes for share in checked):
        raise ValueError("init_probs and target_probs are of as many classes.")
    labels.shape.assert_has_rank(1)
    for part in parts:
        first = tensor_shape.dimension_at_index(part.shape.with_rank_at_least(1), 0)
        tensor_shape.Dimension(first).assert_is_compatible_with(
            tensor_shape.Dimension(labels.shape[0]))
    number = tf.shape(labels)[0]
    some = tf.assert_positive(number)
    labels = control_flow_ops.with_dependencies([some], labels)
    parts = [control_flow_ops.with_dependencies(
        [some, tf.assert_equal(tf.shape(part)[0], number)], part) for part in parts]
    labels = control_flow_ops.with_dependencies([
        tf.assert_integer(labels), tf.assert_non_negative(labels),
        tf.assert_less(labels, tf.cast(classes, labels.dtype))], labels)
    return parts, labels, checked


def resample_at_rate(inputs, rates, scope=None, seed=None, back_prop=False):
    """Each row as often as a Poisson distribution of its rate says.

    Args:
      inputs: tensors [rows, ...].
      rates: [rows].
    """
    with tf.name_scope(scope, default_name="resample_at_rate", values=list(inputs) + [rates]):
        rates = tf.convert_to_tensor(rates, name="rates")
        times = tf.cast(tf.random_poisson(rates, (), rates.dtype, seed=seed), tf.int32)
        rows = _repeated(times)
        rows = rows if back_prop else tf.stop_gradient(rows)
        return [tf.gather(part, rows) for part in inputs]


def _repeated(times):
    """Indices, each as often as `times` says."""
    with tf.name_scope(None, "repeat_range", [times]) as scope:
        times = tf.convert_to_tensor(times, name="counts")
        number = tf.shape(times)[0]
        made = tf.TensorArray(tf.int32, size=number, infer_shape=False)
        made, written = tf.while_loop(
            lambda _, row: row < number,
            lambda made, row: (made.write(row, tf.fill(times[row:row + 1], row)), row + 1),
            [made, 0])
        return tf.cond(written > 0, made.concat, lambda: tf.zeros([0], tf.int32), name=scope)


def weighted_resample(inputs, weights, overall_rate, scope=None, mean_decay=0.999, seed=None):
    """Each row at a rate by its weight, so that all are taken at `overall_rate` in the mean.

    Returns (the tensors, the rate of each row of them).
    """
    with tf.name_scope(scope, "weighted_resample", inputs) as whole:
        with tf.variable_scope(scope, "estimate_mean", inputs):
            mean = tf.get_local_variable(
                "estimated_mean", initializer=tf.cast(0, weights.dtype), dtype=weights.dtype)
            mean = moving_averages.assign_moving_average(mean, tf.reduce_mean(weights), mean_decay)
        rates = weights * overall_rate / mean
        rates, *made = resample_at_rate([rates] + inputs, rates, scope=whole, seed=seed)
        return made, rates
