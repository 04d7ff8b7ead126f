"""Losses of heads: each gives (the mean of the weighted losses, their sum by that of weights)."""

from tensorflow.python.framework import dtypes, ops, sparse_tensor
from tensorflow.python.ops import (
    array_ops,
    control_flow_assert,
    math_ops,
    nn,
    sparse_ops,
    weights_broadcast_ops,
)
from tensorflow.python.ops.losses import losses
from tensorflow.python.platform import tf_logging as logging

from tf1gan.legacy.restored.contrib.learn.arguments import names_of


def mean_squared(labels, logits, weights=None):
    with ops.name_scope(None, "mean_squared_loss", (logits, labels)) as name:
        labels, logits = _in_columns(labels, logits)
        return _weighted(math_ops.squared_difference(
            logits, math_ops.cast(labels, dtypes.float32), name=name), weights)


def poisson(labels, logits, weights=None):
    with ops.name_scope(None, "_poisson_loss", (logits, labels)) as name:
        labels, logits = _in_columns(labels, logits)
        return _weighted(nn.log_poisson_loss(labels, logits, compute_full_loss=True, name=name),
                         weights)


def _in_columns(labels, logits):
    logits, labels = [ops.convert_to_tensor(each) for each in (logits, labels)]
    if labels.shape.rank == 1:
        labels = array_ops.expand_dims(labels, axis=1)
    if logits.shape.rank == 1:
        logits = array_ops.expand_dims(logits, axis=1)
    logits.shape.assert_is_compatible_with(labels.shape)
    return labels, logits


def of_two_classes(labels, logits, weights=None):
    with ops.name_scope(None, "log_loss_with_two_classes", (logits, labels)) as name:
        logits, labels = ops.convert_to_tensor(logits), math_ops.cast(labels, dtypes.float32)
        if labels.shape.rank == 1:
            labels = array_ops.expand_dims(labels, axis=1)
        return _weighted(nn.sigmoid_cross_entropy_with_logits(
            labels=labels, logits=logits, name=name), weights)


def of_classes(labels, logits, weights=None):
    """Raises ValueError for labels that are no whole numbers."""
    with ops.name_scope(None, "softmax_cross_entropy_loss", (logits, labels)) as name:
        labels = ops.convert_to_tensor(labels)
        if not labels.dtype.is_integer:
            raise ValueError(f"Labels have to be whole numbers, not {labels.dtype}.")
        is_column = labels.shape.rank == 2
        if is_column:
            labels = array_ops.squeeze(labels, axis=(1,))
        loss = nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits, name=name)
        return _weighted(array_ops.expand_dims(loss, axis=(1,)) if is_column else loss, weights)


def of_labels(labels, logits, weights=None):
    with ops.name_scope(None, "sigmoid_cross_entropy_loss", (logits, labels)) as name:
        return _weighted(nn.sigmoid_cross_entropy_with_logits(
            labels=math_ops.cast(labels, dtypes.float32), logits=logits, name=name), weights)


def hinge(labels, logits, weights=None):
    with ops.name_scope(None, "hinge_loss", (logits, labels)) as name:
        with ops.control_dependencies([control_flow_assert.Assert(
                math_ops.less_equal(array_ops.rank(labels), 2),
                ("Labels have the shape [batch] or [batch, 1].",))]):
            labels = array_ops.reshape(labels, shape=(-1, 1))
        return _weighted(losses.hinge_loss(labels=labels, logits=logits, scope=name,
                                           reduction=losses.Reduction.NONE), weights)


def of_a_script(function):
    """A function of labels, logits and weights that gives one number."""
    if function is None:
        return None
    takes = names_of(function)
    for name in ("labels", "logits", "weights"):
        if name not in takes:
            raise ValueError(f"loss_fn takes no {name}.")

    def loss(labels, logits, weights=None):
        given = (labels, logits) if weights is None else (labels, logits, weights)
        return (function(*given),) * 2
    return loss


def _weighted(losses_of_rows, weights):
    with ops.name_scope("loss", values=(losses_of_rows, weights)) as scope:
        if weights is None:
            return (math_ops.reduce_mean(losses_of_rows, name=scope),) * 2
        weights = weights_broadcast_ops.broadcast_weights(weights, losses_of_rows)
        with ops.name_scope(None, "weighted_loss", (losses_of_rows, weights)) as name:
            weighted = math_ops.multiply(losses_of_rows, weights, name=name)
        return math_ops.reduce_mean(weighted, name=scope), math_ops.div(
            math_ops.reduce_sum(weighted),
            math_ops.cast(math_ops.reduce_sum(weights), dtypes.float32),
            name="weighted_average_loss")


def weights_of(features, name):
    """The weights among features, float32 [batch, 1], or None where there is no name."""
    if not name:
        return None
    if name not in features:
        raise ValueError(f"There are no weights {name} among the features.")
    with ops.name_scope(None, "weight_tensor", tuple(features.values())):
        weights = math_ops.cast(features[name], dtypes.float32)
        if weights.shape.rank != 1:
            return weights
        logging.warning("The weights %s are made a column.", name)
        if isinstance(weights, sparse_tensor.SparseTensor):
            return sparse_ops.sparse_reshape(weights, (-1, 1))
        return array_ops.reshape(weights, (-1, 1))
