"""Heads of estimators: losses, metrics and exports of logits, of one label or of several."""

from tf1gan.legacy.api import estimator
from tf1gan.legacy.restored.contrib import _multi_head


def make(tf):
    """name -> function."""
    heads = estimator.load("tensorflow_estimator.python.estimator.canned.head")
    mean = tf.losses.Reduction.SUM_OVER_BATCH_SIZE

    def multi_class_head(n_classes, weight_column=None, label_vocabulary=None,
                         loss_reduction=mean, loss_fn=None, name=None):
        """The head of one class of `n_classes`, 3 or more."""
        return heads._multi_class_head_with_softmax_cross_entropy_loss(
            n_classes, weight_column, label_vocabulary, loss_reduction, loss_fn, name)

    def binary_classification_head(weight_column=None, thresholds=None, label_vocabulary=None,
                                   loss_reduction=mean, loss_fn=None, name=None):
        """The head of one class of two."""
        return heads._binary_logistic_head_with_sigmoid_cross_entropy_loss(
            weight_column, thresholds, label_vocabulary, loss_reduction, loss_fn, name)

    def regression_head(weight_column=None, label_dimension=1, loss_reduction=mean, loss_fn=None,
                        inverse_link_fn=None, name=None):
        """The head of numbers, [..., label_dimension]."""
        return heads._regression_head(weight_column, label_dimension, loss_reduction, loss_fn,
                                      inverse_link_fn, name)

    def poisson_regression_head(weight_column=None, label_dimension=1, loss_reduction=mean,
                                compute_full_loss=True, name=None):
        """The head of counts, whose mean is the exponential of the logits."""
        def loss(labels, logits):
            return tf.nn.log_poisson_loss(targets=labels, log_input=logits,
                                          compute_full_loss=compute_full_loss)
        return heads._regression_head(weight_column, label_dimension, loss_reduction, loss,
                                      tf.exp, name)

    def logistic_regression_head(weight_column=None, loss_reduction=mean, name=None):
        """The head of numbers between 0 and 1."""
        def loss(labels, logits):
            labels = heads._assert_range(labels, n_classes=2, message="labels are from 0 to 1")
            return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
        return heads._regression_head(weight_column, 1, loss_reduction, loss, tf.sigmoid, name)
    return dict(multi_class_head=multi_class_head, regression_head=regression_head,
                binary_classification_head=binary_classification_head,
                poisson_regression_head=poisson_regression_head,
                logistic_regression_head=logistic_regression_head,
                multi_label_head=_of_labels(tf, heads, mean),
                multi_head=_multi_head.make(tf, heads))


def _of_labels(tf, heads, mean):
    names = estimator.load("tensorflow_estimator.python.estimator.canned.metric_keys").MetricKeys
    specs = estimator.load("tensorflow_estimator.python.estimator.model_fn")

    class MultiLabelHead(heads._Head):
        """Each class for itself is there or not."""

        def __init__(self, n_classes, weight_column, thresholds, label_vocabulary, loss_reduction,
                     loss_fn, classes, name):
            self._n_classes, self._weight_column, self._loss_fn = n_classes, weight_column, loss_fn
            self._thresholds, self._vocabulary = thresholds, label_vocabulary
            self._reduction, self._classes, self._name = loss_reduction, classes, name

        name = property(lambda self: self._name)
        logits_dimension = property(lambda self: self._n_classes)

        def _indicators(self, labels):
            if labels is None:
                raise ValueError("There are no labels.")
            if not isinstance(labels, tf.SparseTensor):
                return heads._assert_range(labels, 2, message="labels are 0 or 1 for each class")
            if labels.dtype == tf.string:
                from tensorflow.python.ops import lookup_ops
                table = lookup_ops.index_table_from_tensor(
                    vocabulary_list=tuple(self._vocabulary), name="class_id_lookup")
                labels = tf.SparseTensor(labels.indices, table.lookup(labels.values),
                                         labels.dense_shape)
                return tf.to_int64(tf.sparse_to_indicator(labels, self._n_classes))
            with tf.control_dependencies([
                    tf.assert_integer(labels.values), tf.assert_less(
                        labels.values, tf.convert_to_tensor(self._n_classes, labels.dtype)),
                    tf.assert_non_negative(labels.values)]):
                return tf.to_int64(tf.sparse_to_indicator(labels, self._n_classes))

        def create_loss(self, features, mode, logits, labels):
            logits = tf.convert_to_tensor(logits)
            labels = heads._check_dense_labels_match_logits_and_reshape(
                labels=self._indicators(labels), logits=logits,
                expected_labels_dimension=self._n_classes)
            if self._loss_fn:
                loss = heads._call_loss_fn(loss_fn=self._loss_fn, labels=labels, logits=logits,
                                           features=features, expected_loss_dim=1)
            else:
                loss = tf.reduce_mean(tf.losses.sigmoid_cross_entropy(
                    labels, logits, reduction=tf.losses.Reduction.NONE), axis=-1, keepdims=True)
            weights = heads._get_weights_and_check_match_logits(
                features=features, weight_column=self._weight_column, logits=logits)
            whole = tf.losses.compute_weighted_loss(loss, weights, reduction=self._reduction)
            return heads.LossSpec(whole, loss, weights, labels)

        def _create_tpu_estimator_spec(self, features, mode, logits, labels=None, optimizer=None,
                                       train_op_fn=None, regularization_losses=None):
            spec, modes = specs._TPUEstimatorSpec, tf.estimator.ModeKeys
            with tf.name_scope(self._name, "head"):
                logits = heads._check_logits_final_dim(logits, self._n_classes)
                with tf.name_scope(None, "predictions", (logits,)):
                    probabilities = tf.sigmoid(logits, name="probabilities")
                    predictions = dict(logits=logits, probabilities=probabilities)
                if mode == modes.PREDICT:
                    output = heads._classification_output(
                        scores=probabilities, n_classes=self._n_classes,
                        label_vocabulary=self._vocabulary)
                    return spec(mode=mode, predictions=predictions, export_outputs=dict(
                        serving_default=output, classification=output,
                        predict=tf.estimator.export.PredictOutput(predictions)))
                loss, each, weights, labels = self.create_loss(features, mode, logits, labels)
                more = tf.add_n(regularization_losses) if regularization_losses else None
                total = loss if more is None else tf.add_n([loss, more])
                if mode == modes.EVAL:
                    return spec(mode=mode, predictions=predictions, loss=total,
                                eval_metrics=heads._create_eval_metrics_tuple(self._metrics, dict(
                                    labels=labels, probabilities=probabilities, weights=weights,
                                    unreduced_loss=each, regularization_loss=more)))
                train_op = heads._append_update_ops(_multi_head.training(
                    tf, total, optimizer, train_op_fn))
                of_each = loss / tf.reduce_sum(weights * tf.ones_like(each)) \
                    if self._reduction == tf.losses.Reduction.SUM else None
            with tf.name_scope(""):
                for key, value in ((names.LOSS, total), (names.LOSS_MEAN, of_each),
                                   (names.LOSS_REGULARIZATION, more)):
                    if value is not None:
                        tf.summary.scalar(heads._summary_key(self._name, key), value)
            return spec(mode=mode, predictions=predictions, loss=total, train_op=train_op)

        def _metrics(self, labels, probabilities, weights, unreduced_loss, regularization_loss):
            given, made = dict(labels=labels, predictions=probabilities, weights=weights), {}

            def add(key, metric, **named):
                made[heads._summary_key(self._name, key)] = metric(name=key, **named)
            with tf.name_scope(None, "metrics", [labels, probabilities, weights, unreduced_loss,
                                                 regularization_loss]):
                add(names.LOSS_MEAN, tf.metrics.mean, values=unreduced_loss, weights=weights)
                add(names.AUC, tf.metrics.auc, **given)
                add(names.AUC_PR, tf.metrics.auc, curve="PR", **given)
                if regularization_loss is not None:
                    add(names.LOSS_REGULARIZATION, tf.metrics.mean, values=regularization_loss)
                for threshold in self._thresholds:
                    for key, metric in (
                            (names.ACCURACY_AT_THRESHOLD, heads._accuracy_at_threshold),
                            (names.PRECISION_AT_THRESHOLD, heads._precision_at_threshold),
                            (names.RECALL_AT_THRESHOLD, heads._recall_at_threshold)):
                        add(key % threshold, metric, threshold=threshold, **given)
                for place in self._classes:
                    self._of_a_class(place, add, **given)
            return made

        def _of_a_class(self, place, add, labels, predictions, weights):
            named = self._vocabulary is not None
            told = self._vocabulary[place] if named else place
            one = dict(labels=labels[..., place:place + 1], weights=weights,
                       predictions=predictions[..., place:place + 1])
            add((names.PROBABILITY_MEAN_AT_NAME if named else names.PROBABILITY_MEAN_AT_CLASS)
                % told, heads._predictions_mean, predictions=one["predictions"], weights=weights)
            add((names.AUC_AT_NAME if named else names.AUC_AT_CLASS) % told, heads._auc, **one)
            add((names.AUC_PR_AT_NAME if named else names.AUC_PR_AT_CLASS) % told, heads._auc,
                curve="PR", **one)

    def multi_label_head(n_classes, weight_column=None, thresholds=None, label_vocabulary=None,
                         loss_reduction=mean, loss_fn=None, classes_for_class_based_metrics=None,
                         name=None):
        """The head of any number of `n_classes` at once, 2 or more."""
        thresholds = tuple(thresholds or ())
        if n_classes is None or n_classes < 2:
            raise ValueError(f"There are 2 classes or more, not {n_classes}.")
        if any(not 0 < threshold < 1 for threshold in thresholds):
            raise ValueError(f"Thresholds are between 0 and 1, not {thresholds}.")
        if label_vocabulary is not None and (not isinstance(label_vocabulary, (list, tuple))
                                             or len(label_vocabulary) != n_classes):
            raise ValueError(f"label_vocabulary is a list of {n_classes} names.")
        if loss_fn:
            heads._validate_loss_fn_args(loss_fn)
        if loss_reduction not in tf.losses.Reduction.all() \
                or loss_reduction == tf.losses.Reduction.NONE:
            raise ValueError(f"The loss cannot be reduced by {loss_reduction}.")
        classes = tuple(classes_for_class_based_metrics or ())
        if classes and isinstance(classes[0], str):
            if not label_vocabulary:
                raise ValueError("Classes have names where there is a label_vocabulary.")
            classes = tuple(map(label_vocabulary.index, classes))
        if any(not 0 <= place < n_classes for place in classes):
            raise ValueError(f"Classes are from 0 to {n_classes - 1}, not {classes}.")
        return MultiLabelHead(n_classes, weight_column, thresholds, label_vocabulary,
                              loss_reduction, loss_fn, classes, name)
    return multi_label_head
