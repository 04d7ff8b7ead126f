"""ModelFnOps: what a model's function returns."""

import collections

from tensorflow.python.framework import ops, sparse_tensor, tensor_shape
from tensorflow.python.ops import array_ops
from tensorflow.python.saved_model import signature_constants
from tensorflow.python.training import session_run_hook

from tf1gan.legacy.api import estimator
from tf1gan.legacy.restored.contrib.learn.keys import (
    MetricKey,
    ModeKeys,
    PredictionKey,
    ProblemType,
)


class ModelFnOps(collections.namedtuple(
        "ModelFnOps", "predictions loss train_op eval_metric_ops output_alternatives "
        "training_chief_hooks training_hooks scaffold mode")):
    """Predictions, the loss, the operation that trains, and what is measured.

    Raises:
      ValueError: something is missing that the mode needs, or the loss is no scalar.
      TypeError: a hook is none.
    """

    def __new__(cls, mode, predictions=None, loss=None, train_op=None, eval_metric_ops=None,
                output_alternatives=None, training_chief_hooks=None, training_hooks=None,
                scaffold=None):
        ModeKeys.validate(mode)
        ops._get_graph_from_inputs([one for one in (predictions, loss, train_op)
                                    if one is not None])
        if train_op is None and mode == ModeKeys.TRAIN:
            raise ValueError("A train_op is needed to train.")
        if train_op is not None and not isinstance(train_op, ops.Operation):
            train_op = ops.convert_to_tensor(train_op).op
        if loss is None and mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("A loss is needed to train and to evaluate.")
        loss = None if loss is None else _scalar(loss)
        if predictions is None and mode in (ModeKeys.INFER, ModeKeys.EVAL):
            raise ValueError("Predictions are needed to predict and to evaluate.")
        if isinstance(predictions, dict):
            predictions = {name: sparse_tensor.convert_to_tensor_or_sparse_tensor(one)
                           for name, one in predictions.items()}
        elif predictions is not None:
            predictions = sparse_tensor.convert_to_tensor_or_sparse_tensor(predictions)
        if eval_metric_ops is not None and not isinstance(eval_metric_ops, dict):
            raise ValueError("eval_metric_ops have to be a dictionary.")
        hooks, chief_hooks = training_hooks or [], training_chief_hooks or []
        for hook in hooks + chief_hooks:
            if not isinstance(hook, session_run_hook.SessionRunHook):
                raise TypeError(f"{hook} is no SessionRunHook.")
        return super().__new__(
            cls, predictions=predictions, loss=loss, train_op=train_op,
            eval_metric_ops={} if eval_metric_ops is None else eval_metric_ops,
            output_alternatives=output_alternatives, training_chief_hooks=chief_hooks,
            training_hooks=hooks, scaffold=scaffold, mode=mode)

    def estimator_spec(self, default_serving_output_alternative_key=None):
        """The same for tf.estimator."""
        core = estimator.load("tensorflow_estimator.python.estimator.model_fn")
        modes = {ModeKeys.TRAIN: core.ModeKeys.TRAIN, ModeKeys.EVAL: core.ModeKeys.EVAL,
                 ModeKeys.INFER: core.ModeKeys.PREDICT}
        outputs = None
        if self.output_alternatives:
            outputs, usual = dict(self.output_alternatives), (
                signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY)
            if len(outputs) > 1 and usual not in outputs:
                outputs[usual] = outputs[default_serving_output_alternative_key]
            outputs = {key: _exported(*output) for key, output in outputs.items()}
        return core.EstimatorSpec(
            mode=modes[self.mode], predictions=self.predictions, loss=self.loss,
            train_op=self.train_op, eval_metric_ops={
                key: metric for key, metric in self.eval_metric_ops.items()
                if key != MetricKey.LOSS}, export_outputs=outputs,
            training_chief_hooks=self.training_chief_hooks, training_hooks=self.training_hooks,
            scaffold=self.scaffold)


def _scalar(loss):
    loss = ops.convert_to_tensor(loss)
    if loss.shape.num_elements() not in (None, 1):
        raise ValueError(f"The loss has to be one number, not {loss}.")
    is_scalar = loss.shape.is_compatible_with(tensor_shape.TensorShape([]))
    return loss if is_scalar else array_ops.reshape(loss, [])


def scores_and_classes(outputs):
    """(scores or probabilities, classes where they are strings), or None for each."""
    scores = outputs.get(PredictionKey.SCORES)
    scores = outputs.get(PredictionKey.PROBABILITIES) if scores is None else scores
    classes = outputs.get(PredictionKey.CLASSES)
    return scores, classes if classes is not None and classes.dtype == "string" else None


def _exported(problem_type, predictions):
    export = estimator.load("tensorflow_estimator.python.estimator.export.export_lib")
    scores, classes = scores_and_classes(predictions)
    if problem_type == ProblemType.LINEAR_REGRESSION:
        return export.RegressionOutput(scores)
    if problem_type in (ProblemType.CLASSIFICATION, ProblemType.LOGISTIC_REGRESSION):
        return export.ClassificationOutput(scores=scores, classes=classes)
    if problem_type == ProblemType.UNSPECIFIED:
        return export.PredictOutput(predictions)
    raise ValueError(f"There is no problem_type {problem_type}.")
