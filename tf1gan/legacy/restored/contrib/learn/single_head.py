"""What is the same in heads of one kind of labels."""

from tensorflow.python.framework import ops, sparse_tensor
from tensorflow.python.ops import (
    array_ops,
    control_flow_ops,
    math_ops,
    metrics as metric_ops,
    nn,
    variable_scope,
)
from tensorflow.python.summary import summary
from tensorflow.python.training import adagrad

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.restored.contrib.learn import head_losses as losses
from tf1gan.legacy.restored.contrib.learn.keys import MetricKey, ModeKeys
from tf1gan.legacy.restored.contrib.learn.model_fn import ModelFnOps


class Head:
    """Makes ModelFnOps of logits."""

    @property
    def logits_dimension(self):
        raise NotImplementedError

    def create_model_fn_ops(self, features, mode, labels=None, train_op_fn=None, logits=None,
                            logits_input=None, scope=None):
        raise NotImplementedError


class SingleHead(Head):
    """One kind of labels: their loss, predictions and metrics are of the classes made of it."""

    def __init__(self, scope, problem_type, logits_dimension, loss_fn, label_name,
                 weight_column_name, enable_centered_bias, head_name):
        if logits_dimension is None or logits_dimension < 1:
            raise ValueError(f"logits_dimension is {logits_dimension}, which is less than 1.")
        self._scope, self._problem_type, self._loss_fn = scope, problem_type, loss_fn
        self._logits_dimension, self._label_name = logits_dimension, label_name
        self._weight_column_name, self._head_name = weight_column_name, head_name
        self._enable_centered_bias = enable_centered_bias

    @property
    def logits_dimension(self):
        return self._logits_dimension

    @property
    def label_name(self):
        return self._label_name

    @property
    def weight_column_name(self):
        return self._weight_column_name

    @property
    def head_name(self):
        return self._head_name

    def create_model_fn_ops(self, features, mode, labels=None, train_op_fn=None, logits=None,
                            logits_input=None, scope=None):
        """Args:
          train_op_fn: makes the operation that trains of the loss.
          logits: or logits_input, what they are a linear function of.
        """
        with variable_scope.variable_scope(
                scope, default_name=self.head_name or self._scope,
                values=tuple(features.values()) + (labels, logits, logits_input)):
            ModeKeys.validate(mode)
            if mode == ModeKeys.INFER or labels is None:
                labels = None
            else:
                labels = self._labels(sparse_tensor.convert_to_tensor_or_sparse_tensor(
                    labels[self.label_name] if isinstance(labels, dict) else labels))
            logits = _logits(logits_input, logits, self.logits_dimension)
            bias = None
            if self._enable_centered_bias:
                bias = _centered_bias(self.logits_dimension, self.head_name)
                logits = nn.bias_add(logits, bias)
            predictions = self._predictions(logits)
            made = dict(mode=mode, predictions=predictions)
            if labels is not None:
                made.update(self._trained_and_measured(
                    features, mode, labels, logits, predictions, train_op_fn, bias))
            return ModelFnOps(output_alternatives={self.head_name: (
                self._problem_type, self._exported(predictions))}, **made)

    def _trained_and_measured(self, features, mode, labels, logits, predictions, train_op_fn,
                              bias):
        weights = losses.weights_of(features, self.weight_column_name)
        loss, average = self._loss(labels, logits, weights)
        summarize(self.head_name, average)
        train_op = None
        if mode == ModeKeys.TRAIN:
            if train_op_fn is None:
                raise ValueError("train_op_fn is needed to train.")
            batch, more = array_ops.shape(logits)[0], []
            if bias is not None:
                more.append(self._bias_step(bias, batch, labels, weights))
            with ops.name_scope(None, "train_op", (loss, labels)):
                train_op = train_op_fn(loss)
                train_op = control_flow_ops.group(train_op, *more) if more else train_op
        with ops.name_scope("metrics"):
            metrics = {MetricKey.LOSS: metric_ops.mean(average)}
            metrics.update(self._metrics(predictions, labels, weights))
        return dict(loss=loss, train_op=train_op, eval_metric_ops={
            _named(self.head_name, key): metric for key, metric in metrics.items()})

    def _bias_step(self, bias, batch, labels, weights):
        """An update of the bias, as if the logits were nothing else."""
        with ops.name_scope(None, "centered_bias_step", (labels,)) as name:
            dimension = array_ops.shape(bias)[0]
            logits = array_ops.reshape(array_ops.tile(bias, (batch,)), (batch, dimension))
            with ops.name_scope(None, "centered_bias", (labels, logits)):
                loss = math_ops.reduce_mean(self._loss(labels, logits, weights),
                                            name="training_loss")
        return adagrad.AdagradOptimizer(0.1).minimize(loss, var_list=(bias,), name=name)

    def _labels(self, labels):
        if isinstance(labels, sparse_tensor.SparseTensor):
            raise ValueError("Labels have to be dense here.")
        return labels

    def _loss(self, labels, logits, weights):
        return self._loss_fn(labels, logits, weights)

    def _exported(self, predictions):
        return predictions

    def _predictions(self, logits):
        raise NotImplementedError

    def _metrics(self, predictions, labels, weights):
        return {}


def _named(head_name, key):
    return f"{key}/{head_name}" if head_name else key


def summarize(head_name, loss):
    with ops.name_scope(""):
        summary.scalar(_named(head_name, MetricKey.LOSS), array_ops.identity(loss))


def _logits(logits_input, logits, dimension):
    if (logits is None) == (logits_input is None):
        raise ValueError("Either logits or logits_input is needed.")
    if logits is None:
        return slim_repairs.module("layers").linear(logits_input, dimension, scope="logits")
    logits = ops.convert_to_tensor(logits, name="logits")
    if logits.shape.dims is not None:
        logits.shape.dims[-1].assert_is_compatible_with(dimension)
    return logits


def _centered_bias(dimension, head_name):
    bias = variable_scope.variable(name="centered_bias_weight", initial_value=array_ops.zeros(
        shape=(dimension,)), trainable=True)
    for place in range(dimension):
        summary.scalar(_named(head_name, f"centered_bias/bias_{place}"), bias[place])
    return bias
