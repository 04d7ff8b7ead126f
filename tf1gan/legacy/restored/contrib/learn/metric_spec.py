"""MetricSpec: a metric, and which predictions, labels and weights it is of."""

from tensorflow.python.platform import tf_logging as logging
from tensorflow.python.util import tf_decorator

from tf1gan.legacy.restored.contrib.learn.arguments import names_of

_LABELS = ("labels", "label", "targets", "target")
_PREDICTIONS = ("predictions", "prediction", "logits", "logit")
_WEIGHTS = ("weights", "weight")


class MetricSpec:
    """A metric of one of several predictions, labels and features that are weights."""

    def __init__(self, metric_fn, prediction_key=None, label_key=None, weight_key=None):
        """Raises ValueError if the metric has not the argument that a key is for."""
        self._metric_fn_name = getattr(metric_fn, "__name__", None) or getattr(
            getattr(metric_fn, "func", None), "__name__", str(metric_fn))
        self._metric_fn = _by_name(metric_fn, self._metric_fn_name, label_key is not None,
                                   weight_key is not None)
        self._prediction_key, self._label_key = prediction_key, label_key
        self._weight_key = weight_key

    @property
    def prediction_key(self):
        return self._prediction_key

    @property
    def label_key(self):
        return self._label_key

    @property
    def weight_key(self):
        return self._weight_key

    @property
    def metric_fn(self):
        """The metric, which takes labels, predictions and weights by these names."""
        return self._metric_fn

    def __str__(self):
        return (f"MetricSpec(metric_fn={self._metric_fn_name}, "
                f"prediction_key={self.prediction_key}, label_key={self.label_key}, "
                f"weight_key={self.weight_key})")

    def create_metric_ops(self, inputs, labels, predictions):
        """What the metric returns for the labels, predictions and weights of the keys."""
        prediction = _of_key("prediction", predictions, self.prediction_key)
        label = _of_key("label", labels, self.label_key)
        try:
            return self.metric_fn(
                labels=label, predictions=prediction,
                weights=inputs[self.weight_key] if self.weight_key else None)
        except Exception as error:
            logging.error("%s could not be computed: %s", self, error)
            raise


def _of_key(what, value, key):
    if key:
        if not isinstance(value, dict):
            raise ValueError(f"{what}_key is {key}, but there is a single {what}: {value}.")
        if key not in value:
            raise KeyError(f"There is no {what} {key} among {list(value)}.")
        return value[key]
    if not isinstance(value, dict):
        return value
    if len(value) != 1:
        raise ValueError(f"{what}_key has to say which of {list(value)}.")
    return next(iter(value.values()))


def _by_name(function, name, has_labels, has_weights):
    """The function with its arguments called labels, predictions and weights.

    What it has under none of its usual names is given by its place, predictions first.
    """
    arguments = names_of(tf_decorator.unwrap(function)[1])
    label = _one_of(name, arguments, _LABELS, has_labels)
    prediction = _one_of(name, arguments, _PREDICTIONS, False)
    weight = _one_of(name, arguments, _WEIGHTS, has_weights)

    def called(_sentinel=None, labels=None, predictions=None, weights=None):
        if _sentinel is not None:
            raise ValueError("labels, predictions and weights are given by their names.")
        named = {} if weights is None else {weight: weights}
        if prediction:
            named[prediction] = predictions
            if label:
                named[label] = labels
            return function(**named)
        if label and label == arguments[0]:
            return function(labels, predictions, **named)
        if label:
            named[label] = labels
        return function(predictions, **named)
    return called


def _one_of(name, arguments, candidates, is_needed):
    found = [argument for argument in candidates if argument in arguments]
    if len(found) > 1:
        raise ValueError(f"{name} takes {found}, of which only one is known what it is.")
    if not found and is_needed:
        raise ValueError(f"{name}({', '.join(arguments)}) takes none of {candidates}.")
    return found[0] if found else None
