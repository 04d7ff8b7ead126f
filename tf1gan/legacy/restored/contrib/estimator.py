"""`tf.contrib.estimator`: heads, what is put around an estimator, hooks; by tensorflow-estimator.

What 1.15.5 had moved to `tf.estimator.experimental` by then is there under its earlier name, too.
"""

from tf1gan.legacy.api import estimator
from tf1gan.legacy.names import Later

DROPPED = "2.0"
_HEADS = """
binary_classification_head logistic_regression_head multi_class_head multi_head multi_label_head
poisson_regression_head regression_head
"""
# Module of tensorflow-estimator -> names.
_OF_TODAY = {
    "canned.dnn": "dnn_logit_fn_builder", "canned.linear": "linear_logit_fn_builder",
    "canned.saved_model_estimator": "SavedModelEstimator",
    "early_stopping": "make_early_stopping_hook read_eval_metrics stop_if_higher_hook "
                      "stop_if_lower_hook stop_if_no_decrease_hook stop_if_no_increase_hook",
    "hooks.hooks": "InMemoryEvaluatorHook make_stop_at_checkpoint_step_hook",
    "export.export": "build_raw_supervised_input_receiver_fn "
                     "build_supervised_input_receiver_fn_from_input_fn"}
GIVES = " ".join([_HEADS, *_OF_TODAY.values(), "add_metrics call_logit_fn clip_gradients_by_norm "
                  "export_all_saved_models export_saved_model_for_mode forward_features"])
NEEDS = ("tensorflow-estimator",)
PATHS = ("python.estimator.extenders", "python.estimator.head", "python.estimator.early_stopping",
         "python.estimator.hooks", "python.estimator.multi_head", "python.estimator.logit_fns",
         "python.estimator.export")
_TREES = "boosted trees left tensorflow-estimator with 2.13, and their operations TensorFlow"
_TOWERS = "it is of several GPUs; on one machine without them, a model_fn needs no towers"
_RECURRENT = "its cells' variables were other ones than those of tensorflow-estimator's; a " \
             "model_fn with tf.nn.dynamic_rnn does the same"
_ANNOTATED = "its annotations are for tools that are not there; tf.estimator has the same models"
REFUSED = dict(
    TowerOptimizer=_TOWERS, replicate_model_fn=_TOWERS, RNNClassifier=_RECURRENT,
    RNNEstimator=_RECURRENT, DNNClassifierWithLayerAnnotations=_ANNOTATED,
    DNNRegressorWithLayerAnnotations=_ANNOTATED, boosted_trees_classifier_train_in_memory=_TREES,
    boosted_trees_regressor_train_in_memory=_TREES)


def make(given):
    from tf1gan.legacy.restored.contrib import _heads
    heads = _heads.make(given.tf)
    names = {name: heads[name] for name in _HEADS.split()}
    for module, some in _OF_TODAY.items():
        names.update({name: Later(lambda name=name, module=module: getattr(estimator.load(
            "tensorflow_estimator.python.estimator." + module), name)) for name in some.split()})
    return dict(names, call_logit_fn=call_logit_fn, export_all_saved_models=_export_all,
                export_saved_model_for_mode=_export_for_mode, **_extenders(given.tf))


def call_logit_fn(logit_fn, features, mode, params, config):
    """What a logit_fn gives, for those of mode, params and config that it takes."""
    import tensorflow.compat.v1 as tf
    made = logit_fn(features=features, **_taken(logit_fn, dict(
        mode=mode, params=params, config=config)))
    if not isinstance(made, tf.Tensor) and not (isinstance(made, dict) and all(
            isinstance(name, str) and isinstance(part, tf.Tensor) for name, part in made.items())):
        raise ValueError(f"A logit_fn gives a tensor, or a dictionary of some, not {made}.")
    return made


def _taken(function, named):
    from tensorflow.python.util import function_utils
    return {name: value for name, value in named.items()
            if name in function_utils.fn_args(function)}


def _export_for_mode(estimator, export_dir_base, input_receiver_fn, assets_extra=None,
                     as_text=False, checkpoint_path=None, mode="infer"):
    return estimator.export_saved_model(export_dir_base, input_receiver_fn, assets_extra, as_text,
                                        checkpoint_path, experimental_mode=mode)


def _export_all(estimator, export_dir_base, input_receiver_fn_map, assets_extra=None,
                as_text=False, checkpoint_path=None):
    return estimator.experimental_export_all_saved_models(
        export_dir_base, input_receiver_fn_map, assets_extra, as_text, checkpoint_path)


def _extenders(tf):
    class Transformed(tf.train.Optimizer):
        """An optimizer whose gradients are changed before they are applied."""

        def __init__(self, optimizer, change, name):
            super().__init__(use_locking=False, name=name)
            self._optimizer, self._change = optimizer, change

        def compute_gradients(self, *arguments, **named):
            return self._optimizer.compute_gradients(*arguments, **named)

        def apply_gradients(self, grads_and_vars, global_step=None, name=None):
            return self._optimizer.apply_gradients(self._change(grads_and_vars), global_step, name)

        def get_slot(self, *arguments, **named):
            return self._optimizer.get_slot(*arguments, **named)

        def get_slot_names(self, *arguments, **named):
            return self._optimizer.get_slot_names(*arguments, **named)

    def clip_gradients_by_norm(optimizer, clip_norm):
        """An optimizer that clips all gradients together, by their norm."""
        def change(grads_and_vars):
            gradients, variables = zip(*grads_and_vars)
            return list(zip(tf.clip_by_global_norm(gradients, clip_norm)[0], variables))
        return Transformed(optimizer, change, "ClipByNorm" + optimizer.get_name())

    def add_metrics(estimator, metric_fn):
        """An estimator that also evaluates metric_fn: of features, labels, predictions, config."""
        from tensorflow.python.util import function_utils
        wrong = set(function_utils.fn_args(metric_fn)) - {"features", "labels", "predictions",
                                                          "config"}
        if wrong:
            raise ValueError(f"A metric_fn takes no {sorted(wrong)}.")

        def model_fn(features, labels, mode, config):
            spec = estimator.model_fn(features, labels, mode, config)
            if mode != tf.estimator.ModeKeys.EVAL:
                return spec
            more = metric_fn(**_taken(metric_fn, dict(
                features=features, labels=labels, predictions=spec.predictions, config=config)))
            return spec._replace(eval_metric_ops=dict(spec.eval_metric_ops or {}, **more))
        return tf.estimator.Estimator(model_fn, estimator.model_dir, estimator.config,
                                      warm_start_from=estimator._warm_start_settings)

    def forward_features(estimator, keys=None, sparse_default_values=None):
        """An estimator whose predictions hold features, too."""
        keys = [keys] if isinstance(keys, str) else keys
        if keys is not None and not (isinstance(keys, (list, tuple))
                                     and all(isinstance(key, str) for key in keys)):
            raise TypeError(f"The keys are names of features, not {keys}.")

        def model_fn(features, labels, mode, config):
            spec = estimator.model_fn(features, labels, mode, config)
            if spec.predictions is None:
                return spec
            if not isinstance(spec.predictions, dict):
                raise ValueError("The predictions are no dictionary that features can be put into.")
            forwarded = list(features if keys is None else keys)
            for key in forwarded:
                if key not in features:
                    raise ValueError(f"There is no feature {key}, but {list(features)}.")
                if key in spec.predictions:
                    raise ValueError(f"There is a prediction {key}, too.")
            for key in forwarded:
                spec.predictions[key] = _dense(features[key], key, sparse_default_values or {})
            spec = spec._replace(predictions=spec.predictions)
            for name in ("predict", "serving_default"):
                output = (spec.export_outputs or {}).get(name)
                if isinstance(output, tf.estimator.export.PredictOutput):
                    output.outputs.update({key: spec.predictions[key] for key in forwarded})
            return spec
        return tf.estimator.Estimator(model_fn, estimator.model_dir, estimator.config)

    def _dense(feature, key, defaults):
        feature = tf.convert_to_tensor_or_sparse_tensor(feature)
        if key in defaults:
            if not isinstance(feature, tf.SparseTensor):
                raise ValueError(f"The feature {key} is not sparse.")
            feature = tf.sparse_tensor_to_dense(feature, default_value=defaults[key])
        if not isinstance(feature, tf.Tensor):
            raise ValueError(f"The feature {key} is sparse: sparse_default_values makes it dense.")
        return feature
    return dict(clip_gradients_by_norm=clip_gradients_by_norm, add_metrics=add_metrics,
                forward_features=forward_features)
