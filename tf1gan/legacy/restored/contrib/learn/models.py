"""Linear models as functions of features and labels: (predictions, loss)."""

from tensorflow.python.framework import ops
from tensorflow.python.ops import array_ops, init_ops, math_ops, nn, variable_scope
from tensorflow.python.ops.losses import losses
from tensorflow.python.summary import summary


def linear_regression_zero_init(x, y):
    """A linear regression that begins with zeros."""
    return linear_regression(x, y, init_mean=0.0, init_stddev=0.0)


def logistic_regression_zero_init(x, y):
    """A logistic regression that begins with zeros."""
    return logistic_regression(x, y, init_mean=0.0, init_stddev=0.0)


def linear_regression(x, y, init_mean=None, init_stddev=1.0):
    """Predictions and the mean of squared differences."""
    outputs = 1 if len(y.shape) == 1 else y.shape[1]
    return _regression("linear_regression", x, y, outputs, init_mean, init_stddev,
                       mean_squared_error_regressor)


def logistic_regression(x, y, class_weight=None, init_mean=None, init_stddev=1.0):
    """Probabilities of classes, and the cross-entropy with labels that are rows of 0 and 1.

    Args:
      class_weight: what logits are multiplied with; without it, the tensor "class_weight:0" of the
        graph, where there is one.
    """
    def classify(x, y, weights, bias):
        chosen = class_weight
        if not chosen:
            try:
                chosen = ops.get_default_graph().get_tensor_by_name("class_weight:0")
            except KeyError:
                pass
        return softmax_classifier(x, y, weights, bias, class_weight=chosen)
    return _regression("logistic_regression", x, y, y.shape[-1], init_mean, init_stddev, classify)


def _regression(name, x, y, outputs, mean, deviation, finish):
    with variable_scope.variable_scope(name):
        scope, dtype = variable_scope.get_variable_scope().name, x.dtype.base_dtype
        summary.histogram(f"{scope}.x", x)
        summary.histogram(f"{scope}.y", y)

        def variable(of, shape):
            initializer = None if mean is None else init_ops.random_normal_initializer(
                mean, deviation, dtype=dtype)
            return variable_scope.get_variable(of, shape, initializer=initializer, dtype=dtype)
        weights, bias = variable("weights", [x.shape[1], outputs]), variable("bias", [outputs])
        summary.histogram(f"{scope}.weights", weights)
        summary.histogram(f"{scope}.bias", bias)
        return finish(x, y, weights, bias)


def mean_squared_error_regressor(tensor_in, labels, weights, biases, name=None):
    """(predictions, loss)."""
    with ops.name_scope(name, "mean_squared_error_regressor", [tensor_in, labels]):
        predictions = nn.xw_plus_b(tensor_in, weights, biases)
        if len(labels.shape) == 1 and len(predictions.shape) == 2:
            predictions = array_ops.squeeze(predictions, axis=[1])
        return predictions, losses.mean_squared_error(labels, predictions)


def softmax_classifier(tensor_in, labels, weights, biases, class_weight=None, name=None):
    """(probabilities, loss)."""
    with ops.name_scope(name, "softmax_classifier", [tensor_in, labels]):
        logits = nn.xw_plus_b(tensor_in, weights, biases)
        if class_weight is not None:
            logits = math_ops.multiply(logits, class_weight)
        return nn.softmax(logits), losses.softmax_cross_entropy(labels, logits)
