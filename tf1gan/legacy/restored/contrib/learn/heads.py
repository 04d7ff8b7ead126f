"""Heads: what of a model comes after its logits, for one kind of labels each."""

from tensorflow.python.framework import dtypes, ops, sparse_tensor
from tensorflow.python.ops import (
    array_ops,
    lookup_ops,
    math_ops,
    metrics as metric_ops,
    nn,
    sparse_ops,
    string_ops,
)

from tf1gan.legacy.restored.contrib.learn import head_losses as losses, head_metrics as measured
from tf1gan.legacy.restored.contrib.learn.keys import MetricKey, PredictionKey, ProblemType
from tf1gan.legacy.restored.contrib.learn.single_head import SingleHead


def with_names_of_classes(predictions, label_keys=None):
    """Probabilities, and the names of the classes that these are of, in each row."""
    probabilities = predictions[PredictionKey.PROBABILITIES]
    with ops.name_scope(None, "_classification_output_alternatives", (probabilities,)):
        batch = array_ops.shape(probabilities)[0]
        if label_keys:
            classes = array_ops.tile(array_ops.expand_dims(label_keys, axis=0), [batch, 1],
                                     name="classes_tensor")
        else:
            number = array_ops.shape(probabilities)[1]
            classes = string_ops.as_string(array_ops.tile(array_ops.expand_dims(
                math_ops.range(number), axis=0), [batch, 1]), name="classes_tensor")
    return {PredictionKey.PROBABILITIES: probabilities, PredictionKey.CLASSES: classes}


class RegressionHead(SingleHead):
    """Numbers."""

    def __init__(self, scope, label_dimension, loss_fn, link_fn, *names):
        super().__init__(scope, ProblemType.LINEAR_REGRESSION, label_dimension, loss_fn, *names)
        self._link_fn = link_fn

    def _predictions(self, logits):
        key = PredictionKey.SCORES
        with ops.name_scope(None, "predictions", (logits,)):
            if self.logits_dimension == 1:
                logits = array_ops.squeeze(logits, axis=(1,), name=key)
            return {key: self._link_fn(logits)}


def _of_two(logits):
    return array_ops.concat((array_ops.zeros_like(logits), logits), 1)


class BinaryHead(SingleHead):
    """Two classes, with one logit."""

    def __init__(self, loss_fn, thresholds, *names):
        super().__init__("binary_logistic_head", ProblemType.LOGISTIC_REGRESSION, 1,
                         loss_fn or losses.of_two_classes, *names)
        self._thresholds = thresholds or (0.5,)

    def _predictions(self, logits):
        with ops.name_scope(None, "predictions", (logits,)):
            two = _of_two(logits)
            return {PredictionKey.LOGITS: logits,
                    PredictionKey.LOGISTIC: math_ops.sigmoid(logits, name=PredictionKey.LOGISTIC),
                    PredictionKey.PROBABILITIES: nn.softmax(
                        two, name=PredictionKey.PROBABILITIES),
                    PredictionKey.CLASSES: math_ops.argmax(two, 1, name=PredictionKey.CLASSES)}

    def _exported(self, predictions):
        return with_names_of_classes(predictions)

    def _metrics(self, predictions, labels, weights):
        logistic, key = predictions[PredictionKey.LOGISTIC], MetricKey
        found = {key.ACCURACY: metric_ops.accuracy(
            labels, predictions[PredictionKey.CLASSES], weights),
            key.PREDICTION_MEAN: measured.mean(logistic, weights),
            key.LABEL_MEAN: measured.mean(labels, weights),
            key.ACCURACY_BASELINE: measured.mean(labels, weights),
            key.AUC: measured.auc(logistic, labels, weights),
            key.AUC_PR: measured.auc(logistic, labels, weights, curve="PR")}
        for threshold in self._thresholds:
            for name, metric in ((key.ACCURACY_MEAN, measured.accuracy_at),
                                 (key.PRECISION_MEAN, measured.precision_at),
                                 (key.RECALL_MEAN, measured.recall_at)):
                found[name % threshold] = metric(logistic, labels, weights, threshold)
        return found


class SvmHead(SingleHead):
    """Two classes, with a hinge loss."""

    def __init__(self, *names):
        super().__init__("binary_svm_head", ProblemType.LOGISTIC_REGRESSION, 1, losses.hinge,
                         *names)

    def _predictions(self, logits):
        with ops.name_scope(None, "predictions", (logits,)):
            return {PredictionKey.LOGITS: logits, PredictionKey.CLASSES: math_ops.argmax(
                _of_two(logits), 1, name=PredictionKey.CLASSES)}

    def _metrics(self, predictions, labels, weights):
        return {MetricKey.ACCURACY: metric_ops.accuracy(
            labels, predictions[PredictionKey.CLASSES], weights)}


class MultiClassHead(SingleHead):
    """More than two classes: whole numbers, or the strings that are `label_keys`."""

    def __init__(self, n_classes, loss_fn, metric_class_ids, label_keys, *names):
        super().__init__("multi_class_head", ProblemType.CLASSIFICATION, n_classes,
                         loss_fn or losses.of_classes, *names)
        self._metric_class_ids = _class_ids(metric_class_ids, n_classes)
        if label_keys and len(label_keys) != n_classes:
            raise ValueError(f"There are {len(label_keys)} label_keys for {n_classes} classes.")
        self._label_keys = label_keys

    def _labels(self, labels):
        labels = super()._labels(labels)
        numbers = labels
        if self._label_keys:
            numbers = lookup_ops.index_table_from_tensor(
                self._label_keys, name="label_id_lookup").lookup(labels)
        return {"labels": labels, "label_ids": numbers}

    def _loss(self, labels, logits, weights):
        return self._loss_fn(labels["label_ids"], logits, weights=weights)

    def _predictions(self, logits):
        with ops.name_scope(None, "predictions", (logits,)):
            classes = math_ops.argmax(logits, 1, name=PredictionKey.CLASSES)
            if self._label_keys:
                classes = lookup_ops.index_to_string_table_from_tensor(
                    self._label_keys, name="class_string_lookup").lookup(classes)
            return {PredictionKey.LOGITS: logits, PredictionKey.PROBABILITIES: nn.softmax(
                logits, name=PredictionKey.PROBABILITIES), PredictionKey.CLASSES: classes}

    def _exported(self, predictions):
        return with_names_of_classes(predictions, self._label_keys)

    def _metrics(self, predictions, labels, weights):
        key, classes = MetricKey, predictions[PredictionKey.CLASSES]
        found = {key.ACCURACY: metric_ops.accuracy(labels["labels"], classes, weights)}
        for number in () if self._label_keys else self._metric_class_ids:
            found[key.CLASS_PREDICTION_MEAN % number] = measured.share(classes, number, weights)
            found[key.CLASS_LABEL_MEAN % number] = measured.share(labels["label_ids"], number,
                                                                  weights)
            for name, of in ((key.CLASS_PROBABILITY_MEAN, PredictionKey.PROBABILITIES),
                             (key.CLASS_LOGITS_MEAN, PredictionKey.LOGITS)):
                found[name % number] = measured.mean(predictions[of], weights, number)
        return found


def _class_ids(numbers, n_classes):
    for number in numbers or ():
        if not 0 <= number < n_classes:
            raise ValueError(f"There is no class {number} among {n_classes}.")
    return tuple(numbers or ())


class MultiLabelHead(SingleHead):
    """Classes of which several, or none, may be right: rows of 0 and 1, or sparse ids."""

    def __init__(self, n_classes, loss_fn, metric_class_ids, *names):
        super().__init__("multi_label_head", ProblemType.CLASSIFICATION, n_classes,
                         loss_fn or losses.of_labels, *names)
        self._metric_class_ids = _class_ids(metric_class_ids, n_classes)

    def _labels(self, labels):
        if not isinstance(labels, sparse_tensor.SparseTensor):
            return labels
        return math_ops.cast(sparse_ops.sparse_to_indicator(labels, self.logits_dimension),
                             dtypes.int64)

    def _predictions(self, logits):
        with ops.name_scope(None, "predictions", (logits,)):
            return {PredictionKey.LOGITS: logits, PredictionKey.PROBABILITIES: math_ops.sigmoid(
                logits, name=PredictionKey.PROBABILITIES), PredictionKey.CLASSES: math_ops.cast(
                    math_ops.greater(logits, 0), dtypes.int64, name=PredictionKey.CLASSES)}

    def _exported(self, predictions):
        return with_names_of_classes(predictions)

    def _metrics(self, predictions, labels, weights):
        key, classes = MetricKey, predictions[PredictionKey.CLASSES]
        probabilities = predictions[PredictionKey.PROBABILITIES]
        found = {key.ACCURACY: metric_ops.accuracy(labels, classes, weights),
                 key.AUC: measured.auc(probabilities, labels, weights),
                 key.AUC_PR: measured.auc(probabilities, labels, weights, curve="PR")}
        for number in self._metric_class_ids:
            for name, values in ((key.CLASS_PREDICTION_MEAN, classes),
                                 (key.CLASS_LABEL_MEAN, labels),
                                 (key.CLASS_PROBABILITY_MEAN, probabilities),
                                 (key.CLASS_LOGITS_MEAN, predictions[PredictionKey.LOGITS])):
                found[name % number] = measured.mean(values, weights, number)
            found[key.CLASS_AUC % number] = measured.auc(probabilities, labels, weights, number)
            found[key.CLASS_AUC_PR % number] = measured.auc(probabilities, labels, weights, number,
                                                            curve="PR")
        return found
