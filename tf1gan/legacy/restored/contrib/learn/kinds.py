"""Heads by the functions that make them, and those of several heads, or of a loss alone."""

from tensorflow.python.framework import ops
from tensorflow.python.ops import array_ops, control_flow_ops, math_ops, variable_scope

from tf1gan.legacy.restored.contrib.learn import head_losses, heads
from tf1gan.legacy.restored.contrib.learn.keys import ModeKeys
from tf1gan.legacy.restored.contrib.learn.model_fn import ModelFnOps
from tf1gan.legacy.restored.contrib.learn.single_head import Head, summarize


def regression_head(label_name=None, weight_column_name=None, label_dimension=1,
                    enable_centered_bias=False, head_name=None, link_fn=None):
    """Numbers, with the mean of squared differences."""
    return heads.RegressionHead(
        "regression_head", label_dimension, head_losses.mean_squared,
        link_fn or array_ops.identity, label_name, weight_column_name, enable_centered_bias,
        head_name)


def poisson_regression_head(label_name=None, weight_column_name=None, label_dimension=1,
                            enable_centered_bias=False, head_name=None):
    """Counts, of which the logits are logarithms."""
    return heads.RegressionHead(
        "regression_head", label_dimension, head_losses.poisson, math_ops.exp, label_name,
        weight_column_name, enable_centered_bias, head_name)


def multi_class_head(n_classes, label_name=None, weight_column_name=None,
                     enable_centered_bias=False, head_name=None, thresholds=None,
                     metric_class_ids=None, loss_fn=None, label_keys=None):
    """One class of several."""
    if n_classes is None or n_classes < 2:
        raise ValueError(f"n_classes is {n_classes}, which is less than 2.")
    loss_fn = head_losses.of_a_script(loss_fn)
    names = label_name, weight_column_name, enable_centered_bias, head_name
    if n_classes > 2:
        return heads.MultiClassHead(n_classes, loss_fn, metric_class_ids, label_keys, *names)
    if metric_class_ids or label_keys:
        raise ValueError("metric_class_ids and label_keys are for more than two classes.")
    return heads.BinaryHead(loss_fn, thresholds, *names)


def binary_svm_head(label_name=None, weight_column_name=None, enable_centered_bias=False,
                    head_name=None, thresholds=None):
    """One class of two, with a hinge loss."""
    return heads.SvmHead(label_name, weight_column_name, enable_centered_bias, head_name)


def multi_label_head(n_classes, label_name=None, weight_column_name=None,
                     enable_centered_bias=False, head_name=None, thresholds=None,
                     metric_class_ids=None, loss_fn=None):
    """Any of several classes."""
    if n_classes < 2:
        raise ValueError(f"n_classes is {n_classes}, which is less than 2.")
    return heads.MultiLabelHead(
        n_classes, head_losses.of_a_script(loss_fn), metric_class_ids, label_name,
        weight_column_name, enable_centered_bias, head_name)


def loss_only_head(loss_fn, head_name=None):
    """A loss that is added to those of other heads."""
    return LossOnlyHead(loss_fn, head_name)


def multi_head(heads, loss_weights=None):
    """Several heads, whose losses are added with weights."""
    if loss_weights and len(loss_weights) != len(heads):
        raise ValueError(f"There are {len(loss_weights)} loss_weights for {len(heads)} heads.")
    return MultiHead(heads, loss_weights)


def no_op_train_fn(loss):
    """Trains nothing."""
    return control_flow_ops.no_op()


class LossOnlyHead(Head):
    """A loss without labels and predictions."""

    def __init__(self, loss_fn, head_name):
        self._loss_fn, self.head_name = loss_fn, head_name or "loss_only_head"

    @property
    def logits_dimension(self):
        return 0

    def create_model_fn_ops(self, features, mode, labels=None, train_op_fn=None, logits=None,
                            logits_input=None, scope=None):
        ModeKeys.validate(mode)
        loss = train_op = None
        if mode != ModeKeys.INFER:
            with variable_scope.variable_scope(scope, default_name=self.head_name):
                loss = self._loss_fn()
                loss = math_ops.add_n(loss) if isinstance(loss, list) else loss
                summarize(self.head_name, loss)
                if mode == ModeKeys.TRAIN:
                    if train_op_fn is None:
                        raise ValueError("train_op_fn is needed to train.")
                    with ops.name_scope(None, "train_op", (loss,)):
                        train_op = train_op_fn(loss)
        return ModelFnOps(mode=mode, loss=loss, train_op=train_op, predictions={},
                          eval_metric_ops={})


class MultiHead(Head):
    """Several heads on one model. Their predictions have (head's name, key) for keys."""

    def __init__(self, several, loss_weights):
        if not all(head.head_name for head in several):
            raise ValueError("Each of several heads needs a head_name.")
        self._heads, self._loss_weights = several, loss_weights

    @property
    def logits_dimension(self):
        return sum(head.logits_dimension for head in self._heads)

    def create_model_fn_ops(self, features, mode, labels=None, train_op_fn=None, logits=None,
                            logits_input=None, scope=None):
        ModeKeys.validate(mode)
        common = dict(features=features, mode=mode, labels=labels, train_op_fn=no_op_train_fn,
                      scope=scope)
        if logits is None:
            made = [head.create_model_fn_ops(logits_input=logits_input, **common)
                    for head in self._heads]
        else:
            made = [head.create_model_fn_ops(logits=part, **common)
                    for head, part in zip(self._heads, self._parts(logits))]
        named = [(head.head_name, one) for head, one in zip(self._heads, made)]
        if mode == ModeKeys.INFER:
            return ModelFnOps(
                mode=mode, predictions=_predictions(named), output_alternatives={
                    name: one.output_alternatives[name] for head, (name, one) in zip(
                        self._heads, named) if not isinstance(head, LossOnlyHead)})
        loss = self._sum([one.loss for one in made])
        metrics = {key: metric for one in made for key, metric in one.eval_metric_ops.items()}
        if mode == ModeKeys.EVAL:
            return ModelFnOps(mode=mode, predictions=_predictions(named), loss=loss,
                              eval_metric_ops=metrics)
        if train_op_fn is None:
            raise ValueError("train_op_fn is needed to train.")
        return ModelFnOps(mode=mode, loss=loss, eval_metric_ops=metrics,
                          train_op=control_flow_ops.group(
                              train_op_fn(loss), *[one.train_op for one in made]))

    def _parts(self, logits):
        """The logits of each head."""
        if isinstance(logits, dict):
            return [None if isinstance(head, LossOnlyHead) else logits[head.head_name]
                    for head in self._heads]
        found, begin = [], 0
        for head in self._heads:
            found.append(array_ops.slice(logits, [0, begin], [-1, head.logits_dimension]))
            begin += head.logits_dimension
        return found

    def _sum(self, losses):
        if self._loss_weights:
            losses = [math_ops.multiply(loss, weight)
                      for loss, weight in zip(losses, self._loss_weights)]
        return math_ops.add_n(losses)


def _predictions(named):
    return {(name, key): value for name, one in named for key, value in one.predictions.items()}
