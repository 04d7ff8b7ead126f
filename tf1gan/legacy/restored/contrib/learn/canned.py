"""The estimators whose models are there: linear, deep, and both."""

from tensorflow.python.ops import metrics as metric_ops, nn, partitioned_variables

from tf1gan.legacy.restored.contrib.learn import estimator, head_metrics, kinds, networks
from tf1gan.legacy.restored.contrib.learn.keys import (
    MetricKey,
    ModeKeys,
    PredictionKey,
    ProblemType,
)
from tf1gan.legacy.restored.contrib.learn.metric_spec import MetricSpec
from tf1gan.legacy.restored.contrib.learn.model_fn import ModelFnOps


def LogisticRegressor(model_fn, thresholds=None, model_dir=None, config=None,
                      feature_engineering_fn=None):
    """An estimator of a function of features, labels and mode, which predicts probabilities."""
    def with_metrics(features, labels, mode, params):
        predictions, loss, train_op = model_fn(features, labels, mode)
        metrics = None
        if mode == ModeKeys.EVAL:
            metrics = _of_probabilities(predictions, labels, params.get("thresholds") or [0.5])
        return ModelFnOps(mode=mode, predictions=predictions, loss=loss, train_op=train_op,
                          eval_metric_ops=metrics, output_alternatives={
                              "head": (ProblemType.LOGISTIC_REGRESSION,
                                       {"predictions": predictions})})
    return estimator.Estimator(
        model_fn=with_metrics, model_dir=model_dir, config=config,
        params={"thresholds": thresholds}, feature_engineering_fn=feature_engineering_fn)


def _of_probabilities(predictions, labels, thresholds):
    if isinstance(labels, dict) and len(labels) == 1:
        labels, = labels.values()
    found = {MetricKey.PREDICTION_MEAN: metric_ops.mean(predictions),
             MetricKey.LABEL_MEAN: metric_ops.mean(labels),
             MetricKey.ACCURACY_BASELINE: metric_ops.mean(labels),
             MetricKey.AUC: metric_ops.auc(labels, predictions)}
    for threshold in thresholds:
        chosen = head_metrics.at_least(predictions, threshold)
        for name, metric in ((MetricKey.ACCURACY_MEAN, metric_ops.accuracy),
                             (MetricKey.PRECISION_MEAN, metric_ops.precision),
                             (MetricKey.RECALL_MEAN, metric_ops.recall)):
            found[name % threshold] = metric(labels, chosen)
    return found


class _Canned(estimator.Estimator):
    """Predicts by the method that `_usual` names, or what `outputs` names."""

    def predict(self, x=None, input_fn=None, batch_size=None, outputs=None, as_iterable=True):
        given = dict(x=x, input_fn=input_fn, batch_size=batch_size, as_iterable=as_iterable)
        if not outputs:
            return getattr(self, self._usual)(**given)
        return super().predict(outputs=outputs, **given)

    def _of_one_key(self, key, x, input_fn, batch_size, as_iterable):
        """One of the predictions, alone."""
        found = estimator.Estimator.predict(self, x=x, input_fn=input_fn, batch_size=batch_size,
                                            outputs=[key], as_iterable=as_iterable)
        return (one[key] for one in found) if as_iterable else found[key]


class _Classifier(_Canned):
    _usual = "predict_classes"

    def predict_classes(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        found = self._of_one_key(PredictionKey.CLASSES, x, input_fn, batch_size, as_iterable)
        return found if as_iterable else found.reshape(-1)

    def predict_proba(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        return self._of_one_key(PredictionKey.PROBABILITIES, x, input_fn, batch_size, as_iterable)


class _Regressor(_Canned):
    _usual = "predict_scores"

    def predict_scores(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        return self._of_one_key(PredictionKey.SCORES, x, input_fn, batch_size, as_iterable)


class _RegressorWithMetrics(_Regressor):

    def evaluate(self, x=None, y=None, input_fn=None, feed_fn=None, batch_size=None, steps=None,
                 metrics=None, name=None, checkpoint_path=None, hooks=None):
        """As others; a bare function among the metrics is one of the scores."""
        metrics = {key if isinstance(metric, MetricSpec) or isinstance(key, tuple)
                   else (key, PredictionKey.SCORES): metric
                   for key, metric in (metrics or {}).items()}
        return super().evaluate(
            x=x, y=y, input_fn=input_fn, feed_fn=feed_fn, batch_size=batch_size, steps=steps,
            metrics=metrics, name=name, checkpoint_path=checkpoint_path, hooks=hooks)


class DNNClassifier(_Classifier):
    """Classes, by hidden layers."""

    def __init__(self, hidden_units, feature_columns, model_dir=None, n_classes=2,
                 weight_column_name=None, optimizer=None, activation_fn=nn.relu, dropout=None,
                 gradient_clip_norm=None, enable_centered_bias=False, config=None,
                 feature_engineering_fn=None, embedding_lr_multipliers=None,
                 input_layer_min_slice_size=None, label_keys=None):
        super().__init__(networks.deep, model_dir, config, dict(
            head=kinds.multi_class_head(
                n_classes, weight_column_name=weight_column_name,
                enable_centered_bias=enable_centered_bias, label_keys=label_keys),
            hidden_units=hidden_units, feature_columns=tuple(feature_columns or []),
            optimizer=optimizer, activation_fn=activation_fn, dropout=dropout,
            gradient_clip_norm=gradient_clip_norm,
            embedding_lr_multipliers=embedding_lr_multipliers,
            input_layer_min_slice_size=input_layer_min_slice_size), feature_engineering_fn)


class DNNRegressor(_RegressorWithMetrics):
    """Numbers, by hidden layers."""

    def __init__(self, hidden_units, feature_columns, model_dir=None, weight_column_name=None,
                 optimizer=None, activation_fn=nn.relu, dropout=None, gradient_clip_norm=None,
                 enable_centered_bias=False, config=None, feature_engineering_fn=None,
                 label_dimension=1, embedding_lr_multipliers=None,
                 input_layer_min_slice_size=None):
        super().__init__(networks.deep, model_dir, config, dict(
            head=kinds.regression_head(
                label_dimension=label_dimension, weight_column_name=weight_column_name,
                enable_centered_bias=enable_centered_bias),
            hidden_units=hidden_units, feature_columns=tuple(feature_columns or []),
            optimizer=optimizer, activation_fn=activation_fn, dropout=dropout,
            gradient_clip_norm=gradient_clip_norm,
            embedding_lr_multipliers=embedding_lr_multipliers,
            input_layer_min_slice_size=input_layer_min_slice_size), feature_engineering_fn)


class DNNEstimator(estimator.Estimator):
    """A head on hidden layers."""

    def __init__(self, head, hidden_units, feature_columns, model_dir=None, optimizer=None,
                 activation_fn=nn.relu, dropout=None, gradient_clip_norm=None, config=None,
                 feature_engineering_fn=None, embedding_lr_multipliers=None,
                 input_layer_min_slice_size=None):
        super().__init__(networks.deep, model_dir, config, dict(
            head=head, hidden_units=hidden_units, feature_columns=feature_columns,
            optimizer=optimizer, activation_fn=activation_fn, dropout=dropout,
            gradient_clip_norm=gradient_clip_norm,
            embedding_lr_multipliers=embedding_lr_multipliers,
            input_layer_min_slice_size=input_layer_min_slice_size), feature_engineering_fn)


class LinearClassifier(_Classifier):
    """Classes, by sums."""

    def __init__(self, feature_columns, model_dir=None, n_classes=2, weight_column_name=None,
                 optimizer=None, gradient_clip_norm=None, enable_centered_bias=False,
                 _joint_weight=False, config=None, feature_engineering_fn=None, label_keys=None):
        assert feature_columns, "feature_columns are needed."
        super().__init__(networks.linear, model_dir, config, dict(
            head=kinds.multi_class_head(
                n_classes, weight_column_name=weight_column_name,
                enable_centered_bias=enable_centered_bias, label_keys=label_keys),
            feature_columns=feature_columns, optimizer=optimizer,
            gradient_clip_norm=gradient_clip_norm, joint_weights=_joint_weight),
            feature_engineering_fn)

    def predict_classes(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        return self._of_one_key(PredictionKey.CLASSES, x, input_fn, batch_size, as_iterable)


class LinearRegressor(_Regressor):
    """Numbers, by sums."""

    def __init__(self, feature_columns, model_dir=None, weight_column_name=None, optimizer=None,
                 gradient_clip_norm=None, enable_centered_bias=False, label_dimension=1,
                 _joint_weights=False, config=None, feature_engineering_fn=None):
        assert feature_columns, "feature_columns are needed."
        super().__init__(networks.linear, model_dir, config, dict(
            head=kinds.regression_head(
                weight_column_name=weight_column_name, label_dimension=label_dimension,
                enable_centered_bias=enable_centered_bias),
            feature_columns=feature_columns, optimizer=optimizer,
            gradient_clip_norm=gradient_clip_norm, joint_weights=_joint_weights),
            feature_engineering_fn)


class LinearEstimator(estimator.Estimator):
    """A head on sums."""

    def __init__(self, feature_columns, head, model_dir=None, weight_column_name=None,
                 optimizer=None, gradient_clip_norm=None, _joint_weights=False, config=None,
                 feature_engineering_fn=None):
        assert feature_columns, "feature_columns are needed."
        super().__init__(networks.linear, model_dir, config, dict(
            head=head, feature_columns=feature_columns, optimizer=optimizer,
            gradient_clip_norm=gradient_clip_norm, joint_weights=_joint_weights),
            feature_engineering_fn)


def _of_both(linear, deep, config, slice_size, **params):
    """The params of a model of two parts."""
    linear, deep = tuple(linear or []), tuple(deep or [])
    if not linear + deep:
        raise ValueError("linear_feature_columns or dnn_feature_columns are needed.")
    if slice_size is not None:
        params["input_layer_partitioner"] = partitioned_variables.min_max_variable_partitioner(
            max_partitions=config.num_ps_replicas if config else 0, min_slice_size=slice_size)
    return dict(params, linear_feature_columns=linear, dnn_feature_columns=deep)


class DNNLinearCombinedEstimator(estimator.Estimator):
    """A head on hidden layers and sums."""

    def __init__(self, head, model_dir=None, linear_feature_columns=None, linear_optimizer=None,
                 _joint_linear_weights=False, dnn_feature_columns=None, dnn_optimizer=None,
                 dnn_hidden_units=None, dnn_activation_fn=None, dnn_dropout=None,
                 gradient_clip_norm=None, config=None, feature_engineering_fn=None,
                 embedding_lr_multipliers=None, fix_global_step_increment_bug=False,
                 input_layer_partitioner=None):
        super().__init__(networks.both, model_dir, config, _of_both(
            linear_feature_columns, dnn_feature_columns, config, None, head=head,
            linear_optimizer=linear_optimizer, joint_linear_weights=_joint_linear_weights,
            dnn_optimizer=dnn_optimizer, dnn_hidden_units=dnn_hidden_units,
            dnn_activation_fn=dnn_activation_fn, dnn_dropout=dnn_dropout,
            gradient_clip_norm=gradient_clip_norm,
            embedding_lr_multipliers=embedding_lr_multipliers,
            fix_global_step_increment_bug=fix_global_step_increment_bug,
            input_layer_partitioner=input_layer_partitioner), feature_engineering_fn)


class DNNLinearCombinedClassifier(_Classifier):
    """Classes, by hidden layers and sums: the wide and deep model."""

    def __init__(self, model_dir=None, n_classes=2, weight_column_name=None,
                 linear_feature_columns=None, linear_optimizer=None, _joint_linear_weights=False,
                 dnn_feature_columns=None, dnn_optimizer=None, dnn_hidden_units=None,
                 dnn_activation_fn=nn.relu, dnn_dropout=None, gradient_clip_norm=None,
                 enable_centered_bias=False, config=None, feature_engineering_fn=None,
                 embedding_lr_multipliers=None, input_layer_min_slice_size=None, label_keys=None,
                 fix_global_step_increment_bug=False):
        super().__init__(networks.both, model_dir, config, _of_both(
            linear_feature_columns, dnn_feature_columns, config, input_layer_min_slice_size,
            head=kinds.multi_class_head(
                n_classes, weight_column_name=weight_column_name,
                enable_centered_bias=enable_centered_bias, label_keys=label_keys),
            linear_optimizer=linear_optimizer, joint_linear_weights=_joint_linear_weights,
            dnn_optimizer=dnn_optimizer, dnn_hidden_units=dnn_hidden_units,
            dnn_activation_fn=dnn_activation_fn, dnn_dropout=dnn_dropout,
            gradient_clip_norm=gradient_clip_norm,
            embedding_lr_multipliers=embedding_lr_multipliers,
            fix_global_step_increment_bug=fix_global_step_increment_bug), feature_engineering_fn)


class DNNLinearCombinedRegressor(_RegressorWithMetrics):
    """Numbers, by hidden layers and sums."""

    def __init__(self, model_dir=None, weight_column_name=None, linear_feature_columns=None,
                 linear_optimizer=None, _joint_linear_weights=False, dnn_feature_columns=None,
                 dnn_optimizer=None, dnn_hidden_units=None, dnn_activation_fn=nn.relu,
                 dnn_dropout=None, gradient_clip_norm=None, enable_centered_bias=False,
                 label_dimension=1, config=None, feature_engineering_fn=None,
                 embedding_lr_multipliers=None, input_layer_min_slice_size=None,
                 fix_global_step_increment_bug=False):
        super().__init__(networks.both, model_dir, config, _of_both(
            linear_feature_columns, dnn_feature_columns, config, input_layer_min_slice_size,
            head=kinds.regression_head(
                weight_column_name=weight_column_name, label_dimension=label_dimension,
                enable_centered_bias=enable_centered_bias),
            linear_optimizer=linear_optimizer, joint_linear_weights=_joint_linear_weights,
            dnn_optimizer=dnn_optimizer, dnn_hidden_units=dnn_hidden_units,
            dnn_activation_fn=dnn_activation_fn, dnn_dropout=dnn_dropout,
            gradient_clip_norm=gradient_clip_norm,
            embedding_lr_multipliers=embedding_lr_multipliers,
            fix_global_step_increment_bug=fix_global_step_increment_bug), feature_engineering_fn)
