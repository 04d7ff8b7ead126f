"""Estimator: trains, evaluates and asks a model that a function makes."""

import copy
import tempfile

import numpy as np
from tensorflow.core.protobuf import config_pb2
from tensorflow.python.framework import errors, ops
from tensorflow.python.ops import metrics as metric_ops
from tensorflow.python.platform import tf_logging as logging
from tensorflow.python.training import (
    basic_session_run_hooks,
    checkpoint_utils,
    device_setter,
)

from tf1gan.legacy.refusal import refuse
from tf1gan.legacy.restored.contrib.learn import (
    exports,
    inputs,
    measuring,
    run_config,
    runs,
    signatures,
    watching,
)
from tf1gan.legacy.restored.contrib.learn.arguments import names_of
from tf1gan.legacy.restored.contrib.learn.keys import MetricKey, ModeKeys
from tf1gan.legacy.restored.contrib.learn.model_fn import ModelFnOps
from tf1gan.legacy.restored.contrib.learn.parameters import Parameters

_ON_SERVERS = ["Variable", "VariableV2", "AutoReloadVariable", "MutableHashTable",
               "MutableHashTableV2", "MutableHashTableOfTensors", "MutableHashTableOfTensorsV2",
               "MutableDenseHashTable", "MutableDenseHashTableV2", "VarHandleOp"]


class Evaluable:
    """What can be evaluated."""

    @property
    def model_dir(self):
        raise NotImplementedError

    def evaluate(self, x=None, y=None, input_fn=None, feed_fn=None, batch_size=None, steps=None,
                 metrics=None, name=None, checkpoint_path=None, hooks=None):
        raise NotImplementedError


class Trainable:
    """What can be trained."""

    def fit(self, x=None, y=None, input_fn=None, steps=None, batch_size=None, monitors=None,
            max_steps=None):
        raise NotImplementedError


class BaseEstimator(Parameters, Evaluable, Trainable):
    """What estimators have in common; what a mode's operations are, those made of it say."""

    def __init__(self, model_dir=None, config=None):
        config = config or run_config.RunConfig()
        self._session_config = config.session_config or config_pb2.ConfigProto(
            allow_soft_placement=True)
        if None not in (model_dir, config.model_dir) and model_dir != config.model_dir:
            raise ValueError(f"model_dir is {model_dir}, but {config.model_dir} in the RunConfig.")
        self._model_dir = model_dir or config.model_dir
        if self._model_dir is None:
            self._model_dir = tempfile.mkdtemp()
            logging.warning("The model is kept in a temporary folder: %s", self._model_dir)
        self._config = config if config.model_dir is not None else config.replace(
            model_dir=self._model_dir)
        self._device_fn = _devices(self._config)
        self._features_info = self._labels_info = self._graph = None

    @property
    def config(self):
        return copy.deepcopy(self._config)

    @property
    def model_dir(self):
        return self._model_dir

    @property
    def model_fn(self):
        def public_model_fn(features, labels, mode, config):
            return self._call_model_fn(features, labels, mode, config=config)
        return public_model_fn

    def fit(self, x=None, y=None, input_fn=None, steps=None, batch_size=None, monitors=None,
            max_steps=None):
        """Trains, for `steps` more, or until there were `max_steps`."""
        if steps is not None and max_steps is not None:
            raise ValueError("Either steps or max_steps may be given.")
        inputs.check(x, y, input_fn, None, batch_size)
        if x is not None:
            SKCompat(self).fit(x, y, batch_size, steps, max_steps, monitors)
            return self
        if max_steps is not None and self._steps_until_now() >= max_steps:
            logging.info("There were %d steps already.", max_steps)
            return self
        hooks = watching.replace_monitors_with_hooks(monitors, self)
        if steps is not None or max_steps is not None:
            hooks.append(basic_session_run_hooks.StopAtStepHook(steps, max_steps))
        loss = runs.train(self, input_fn, hooks)
        logging.info("Loss for final step: %s.", loss)
        return self

    def _steps_until_now(self):
        try:
            return checkpoint_utils.load_variable(self._model_dir, ops.GraphKeys.GLOBAL_STEP)
        except (ValueError, errors.OpError):
            return -1

    def partial_fit(self, x=None, y=None, input_fn=None, steps=1, batch_size=None, monitors=None):
        """Trains for a step."""
        return self.fit(x=x, y=y, input_fn=input_fn, steps=steps, batch_size=batch_size,
                        monitors=monitors)

    def evaluate(self, x=None, y=None, input_fn=None, feed_fn=None, batch_size=None, steps=None,
                 metrics=None, name=None, checkpoint_path=None, hooks=None, log_progress=True):
        """Name of a metric -> its value, over all batches, or over `steps`."""
        inputs.check(x, y, input_fn, feed_fn, batch_size)
        if x is not None:
            return SKCompat(self).score(x, y, batch_size, steps, metrics, name)
        return self._evaluate_model(input_fn, steps, feed_fn, metrics, name, checkpoint_path,
                                    hooks, log_progress)

    def _evaluate_model(self, input_fn, steps, feed_fn=None, metrics=None, name="",
                        checkpoint_path=None, hooks=None, log_progress=True):
        if metrics is not None and not isinstance(metrics, dict):
            raise ValueError(f"metrics have to be a dictionary, not {metrics}.")
        results, step = runs.evaluate(self, input_fn, steps, feed_fn, metrics, name,
                                      checkpoint_path, hooks, log_progress)
        if results is not None:
            results.update({"global_step": step})
        return results

    def predict(self, x=None, input_fn=None, batch_size=None, outputs=None, as_iterable=True,
                iterate_batches=False):
        """Predictions of rows, one after another, or all with as_iterable=False.

        Args:
          outputs: the names of those that are wanted, where there are several.
          iterate_batches: gives them batch by batch.
        """
        inputs.check(x, None, input_fn, None, batch_size)
        if x is not None and not as_iterable:
            return SKCompat(self).predict(x, batch_size)
        input_fn, feed_fn = inputs.of(x, None, input_fn, None, batch_size)
        return runs.infer(self, input_fn, feed_fn, outputs, as_iterable, iterate_batches)

    def export(self, *_, **__):
        refuse("tf.contrib.learn.Estimator.export is not restored: it wrote a format that "
               "tf.saved_model took the place of; export_savedmodel is there")

    def get_variable_value(self, name):
        return checkpoint_utils.load_variable(self.model_dir, name)

    def get_variable_names(self):
        return [name for name, _ in checkpoint_utils.list_variables(self.model_dir)]

    def _check_inputs(self, features, labels):
        """Raises ValueError where they are of other types or shapes than those of before."""
        for what, tensors, known in (("features", features, "_features_info"),
                                     ("labels", labels, "_labels_info")):
            info = getattr(self, known)
            if tensors is None and what == "labels":
                continue
            if info is None:
                setattr(self, known, signatures.of(tensors))
            elif not signatures.agree(tensors, info):
                raise ValueError(f"The {what} {tensors} are others than those of before: {info}.")

    def _get_train_ops(self, features, labels):
        raise NotImplementedError

    def _get_eval_ops(self, features, labels, metrics):
        raise NotImplementedError

    def _get_predict_ops(self, features):
        raise NotImplementedError


def _devices(config):
    if config.num_ps_replicas <= 0:
        return None
    worker = f"/job:{config.task_type}/task:{config.task_id}" if config.task_type \
        else "/job:worker"
    return device_setter.replica_device_setter(
        ps_tasks=config.num_ps_replicas, worker_device=worker, merge_devices=True,
        ps_ops=_ON_SERVERS, cluster=config.cluster_spec)


def _as_they_are(features, labels):
    return features, labels


class Estimator(BaseEstimator):
    """A model that a function makes of features and labels.

    The function may take mode, params, config and model_dir, and gives ModelFnOps, or predictions,
    loss and train_op.
    """

    def __init__(self, model_fn=None, model_dir=None, config=None, params=None,
                 feature_engineering_fn=None):
        super().__init__(model_dir=model_dir, config=config)
        if model_fn is not None:
            takes = "params" in names_of(model_fn)
            if params is not None and not takes:
                raise ValueError(f"{model_fn} takes no params, but these are given: {params}.")
            if params is None and takes:
                logging.warning("%s takes params, but none are given.", model_fn)
        self._model_fn, self.params = model_fn, params
        self._feature_engineering_fn = feature_engineering_fn or _as_they_are

    def _call_model_fn(self, features, labels, mode, metrics=None, config=None):
        features, labels = self._feature_engineering_fn(features, labels)
        known = dict(mode=mode, params=self.params, config=config or self.config,
                     model_dir=self.model_dir)
        takes = names_of(self._model_fn)
        made = self._model_fn(features, labels, **{
            name: value for name, value in known.items() if name in takes})
        if not isinstance(made, ModelFnOps):
            if len(made) != 3:
                raise ValueError("model_fn has to return ModelFnOps.")
            made = ModelFnOps(mode=mode, predictions=made[0], loss=made[1], train_op=made[2])
        if metrics:
            made.eval_metric_ops.update(measuring.metrics_of(metrics, features, labels,
                                                             made.predictions))
        return made

    def _get_train_ops(self, features, labels):
        return self._call_model_fn(features, labels, ModeKeys.TRAIN)

    def _get_eval_ops(self, features, labels, metrics):
        made = self._call_model_fn(features, labels, ModeKeys.EVAL, metrics)
        if MetricKey.LOSS not in made.eval_metric_ops:
            made.eval_metric_ops[MetricKey.LOSS] = metric_ops.mean(made.loss)
        return made

    def _get_predict_ops(self, features):
        return self._call_model_fn(features, signatures.placeholders(self._labels_info),
                                   ModeKeys.INFER)

    def export_savedmodel(self, export_dir_base, serving_input_fn,
                          default_output_alternative_key=None, assets_extra=None, as_text=False,
                          checkpoint_path=None, graph_rewrite_specs=exports.AS_IT_IS,
                          strip_default_attrs=False):
        """Writes the model for serving into a new folder, whose name (bytes) is returned."""
        return exports.export_savedmodel(
            self, export_dir_base, serving_input_fn, default_output_alternative_key, assets_extra,
            as_text, checkpoint_path, graph_rewrite_specs, strip_default_attrs)


class SKCompat(Parameters):
    """An estimator with scikit-learn's methods, which take arrays."""

    def __init__(self, estimator):
        self._estimator = estimator

    def fit(self, x, y, batch_size=128, steps=None, max_steps=None, monitors=None):
        input_fn, feed_fn = inputs.of(x, y, None, None, batch_size, shuffle=True, epochs=None)
        feeds = [basic_session_run_hooks.FeedFnHook(feed_fn)] if feed_fn else []
        self._estimator.fit(input_fn=input_fn, steps=steps, max_steps=max_steps,
                            monitors=feeds + list(monitors or []))
        return self

    def score(self, x, y, batch_size=128, steps=None, metrics=None, name=None):
        input_fn, feed_fn = inputs.of(x, y, None, None, batch_size)
        return self._estimator._evaluate_model(input_fn, steps, feed_fn, metrics, name)

    def predict(self, x, batch_size=128, outputs=None):
        input_fn, feed_fn = inputs.of(x, None, None, None, batch_size)
        found = list(runs.infer(self._estimator, input_fn, feed_fn, outputs, True, True))
        if not isinstance(found[0], dict):
            return np.concatenate(found, axis=0)
        return {key: np.concatenate([batch[key] for batch in found], axis=0) for key in found[0]}
