"""What is measured of a head's predictions: each gives (value, update)."""

from tensorflow.python.framework import dtypes, ops
from tensorflow.python.ops import array_ops, math_ops, metrics as metric_ops, weights_broadcast_ops


def mean(values, weights=None, class_id=None):
    """Of numbers, or of a column of them."""
    values = math_ops.cast(values, dtypes.float32)
    weights = _spread(weights, values)
    return metric_ops.mean(*_of_class(class_id, values, weights))


def share(values, class_id, weights):
    """How often whole numbers are `class_id`."""
    return metric_ops.mean(array_ops.where(
        math_ops.equal(math_ops.cast(class_id, dtypes.int32), math_ops.cast(values, dtypes.int32)),
        array_ops.ones_like(values), array_ops.zeros_like(values)), weights=weights)


def auc(predictions, labels, weights=None, class_id=None, curve="ROC"):
    predictions = math_ops.cast(predictions, dtypes.float32)
    labels = math_ops.cast(labels, dtypes.bool)
    predictions, weights = _of_class(class_id, predictions, _spread(weights, predictions))
    labels, _ = _of_class(class_id, labels, None)
    return metric_ops.auc(labels, predictions, weights, curve=curve)


def at_least(predictions, threshold):
    return math_ops.cast(math_ops.greater_equal(predictions, threshold), dtypes.float32)


def accuracy_at(predictions, labels, weights, threshold):
    return metric_ops.accuracy(labels, at_least(predictions, threshold), weights)


def precision_at(predictions, labels, weights, threshold):
    return _at(metric_ops.precision_at_thresholds, predictions, labels, weights, threshold)


def recall_at(predictions, labels, weights, threshold):
    return _at(metric_ops.recall_at_thresholds, predictions, labels, weights, threshold)


def _at(metric, predictions, labels, weights, threshold):
    found = metric(labels, predictions, (threshold,), _floats(weights))
    return tuple(map(array_ops.squeeze, found))


def _floats(weights):
    if weights is None:
        return None
    with ops.name_scope(None, "float_weights", (weights,)) as name:
        return math_ops.cast(weights, dtypes.float32, name=name)


def _spread(weights, values):
    weights = _floats(weights)
    return None if weights is None else weights_broadcast_ops.broadcast_weights(weights, values)


def _of_class(class_id, values, weights):
    if class_id is None:
        return values, weights
    return values[:, class_id], None if weights is None else weights[:, class_id]
