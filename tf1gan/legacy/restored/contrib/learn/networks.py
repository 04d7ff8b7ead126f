"""The functions of the canned estimators' models: deep, linear, and both together."""

import math

from tensorflow.python.feature_column import feature_column
from tensorflow.python.framework import ops
from tensorflow.python.ops import (
    clip_ops,
    control_flow_ops,
    gradients,
    nn,
    partitioned_variables,
    state_ops,
    variable_scope,
)
from tensorflow.python.summary import summary
from tensorflow.python.training import ftrl, sync_replicas_optimizer, training_util

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.restored.contrib._feature_columns import embedded, inputs
from tf1gan.legacy.restored.contrib._feature_columns.base import FeatureColumn
from tf1gan.legacy.restored.contrib.learn.keys import ModeKeys

_DEEP_RATE, _LINEAR_RATE, _SLICE = 0.05, 0.2, 64 << 20
_ACTIVATIONS = {"relu": nn.relu, "tanh": nn.tanh, "sigmoid": nn.sigmoid}


def deep(features, labels, mode, params, config=None):
    """params: head, hidden_units, feature_columns, optimizer, activation_fn, dropout,
    gradient_clip_norm, embedding_lr_multipliers, input_layer_min_slice_size."""
    features, head = _dictionary(features), params["head"]
    servers = config.num_ps_replicas if config else 0
    activation = params.get("activation_fn")
    if isinstance(activation, str):
        if activation not in _ACTIVATIONS:
            raise ValueError(f"There is no activation {activation} among {sorted(_ACTIVATIONS)}.")
        activation = _ACTIVATIONS[activation]

    def train(loss):
        return slim_repairs.module("layers").optimize_loss(
            loss=loss, global_step=training_util.get_global_step(), learning_rate=_DEEP_RATE,
            optimizer=_called(params.get("optimizer") or "Adagrad"),
            gradient_multipliers=_multipliers(params.get("embedding_lr_multipliers"),
                                              input_scope),
            clip_gradients=params.get("gradient_clip_norm"), name="dnn", summaries=[])
    with _scope("dnn", features, _partitioner(servers)):
        logits, input_scope = _network(
            features, mode, params["feature_columns"], params["hidden_units"], activation,
            params.get("dropout"), head.logits_dimension, _partitioner(
                servers, params.get("input_layer_min_slice_size") or _SLICE), "_")
        return head.create_model_fn_ops(features=features, mode=mode, labels=labels,
                                        train_op_fn=train, logits=logits)


def linear(features, labels, mode, params, config=None):
    """params: head, feature_columns, optimizer, gradient_clip_norm, joint_weights."""
    features, head, columns = _dictionary(features), params["head"], params["feature_columns"]
    servers = config.num_ps_replicas if config else 0
    optimizer = params.get("optimizer") or ftrl.FtrlOptimizer(learning_rate=_linear_rate(columns))

    def train(loss):
        variables = ops.get_collection("linear")
        slopes = gradients.gradients(loss, variables)
        if params.get("gradient_clip_norm"):
            slopes, _ = clip_ops.clip_by_global_norm(slopes, params["gradient_clip_norm"])
        chosen = _called(optimizer)
        if isinstance(chosen, str):
            chosen = slim_repairs.module("layers.optimizers").OPTIMIZER_CLS_NAMES[chosen](
                learning_rate=_LINEAR_RATE)
        return chosen.apply_gradients(zip(slopes, variables),
                                      global_step=training_util.get_global_step())
    with _scope("linear", features, _partitioner(servers, _SLICE)) as scope:
        logits = _sum(features, columns, params.get("joint_weights"), head.logits_dimension, scope)
        return head.create_model_fn_ops(features=features, mode=mode, labels=labels,
                                        train_op_fn=train, logits=logits)


def both(features, labels, mode, params, config=None):
    """params: head, those of a linear model and of a deep one, with prefixes, and
    fix_global_step_increment_bug: the step counts once for an update of both."""
    wide, narrow = params.get("linear_feature_columns"), params.get("dnn_feature_columns")
    if not wide and not narrow:
        raise ValueError("linear_feature_columns or dnn_feature_columns are needed.")
    features, head = _dictionary(features), params["head"]
    servers = config.num_ps_replicas if config else 0
    optimizers = {}
    for part, usual in (("linear", "Ftrl"), ("dnn", "Adagrad")):
        optimizers[part] = _called(params.get(f"{part}_optimizer") or usual)
        if isinstance(optimizers[part], sync_replicas_optimizer.SyncReplicasOptimizer):
            raise ValueError("SyncReplicasOptimizer is not for a model of two parts.")
    of_network = of_sum = None
    if narrow:
        if not params.get("dnn_hidden_units"):
            raise ValueError("dnn_hidden_units are needed with dnn_feature_columns.")
        with _scope("dnn", features, _partitioner(servers)):
            of_network, input_scope = _network(
                features, mode, narrow, params["dnn_hidden_units"],
                params.get("dnn_activation_fn") or nn.relu, params.get("dnn_dropout"),
                head.logits_dimension, params.get("input_layer_partitioner")
                or _partitioner(servers, _SLICE), "/")
    if wide:
        with _scope("linear", features, _partitioner(servers, _SLICE)) as scope:
            of_sum = _sum(features, wide, params.get("joint_linear_weights"),
                          head.logits_dimension, scope)
            _summarize(of_sum, scope.name, "/")
    logits = of_network if of_sum is None else of_sum if of_network is None \
        else of_network + of_sum
    counts_once = params.get("fix_global_step_increment_bug", True)

    def train(loss):
        step, made = training_util.get_global_step(), []
        common = dict(loss=loss, global_step=step, summaries=[],
                      clip_gradients=params.get("gradient_clip_norm"),
                      increment_global_step=not counts_once)
        optimize = slim_repairs.module("layers").optimize_loss
        if of_network is not None:
            made.append(optimize(
                learning_rate=_DEEP_RATE, optimizer=optimizers["dnn"],
                gradient_multipliers=_multipliers(params.get("embedding_lr_multipliers"),
                                                  input_scope),
                variables=ops.get_collection("dnn"), name="dnn", **common))
        if of_sum is not None:
            made.append(optimize(
                learning_rate=_linear_rate(wide), optimizer=optimizers["linear"],
                variables=ops.get_collection("linear"), name="linear", **common))
        made = control_flow_ops.group(*made)
        if not counts_once:
            return made
        with ops.control_dependencies([made]), ops.colocate_with(step):
            return state_ops.assign_add(step, 1).op
    return head.create_model_fn_ops(features=features, mode=mode, labels=labels,
                                    train_op_fn=train, logits=logits)


def _dictionary(features):
    return features if isinstance(features, dict) else {"": features}


def _called(optimizer):
    return optimizer() if callable(optimizer) else optimizer


def _linear_rate(columns):
    return min(_LINEAR_RATE, 1.0 / math.sqrt(len(columns)))


def _partitioner(servers, *slice_size):
    return partitioned_variables.min_max_variable_partitioner(
        servers, 0, *slice_size)


def _are_of_then(columns):
    return all(isinstance(column, FeatureColumn) for column in columns)


def _scope(name, features, partitioner):
    return variable_scope.variable_scope(name, values=tuple(features.values()),
                                         partitioner=partitioner)


def _network(features, mode, columns, hidden_units, activation, dropout, outputs, of_input,
             separator):
    """(logits, the name of the scope of the input)."""
    layers = slim_repairs.module("layers")

    def connected(name, net, units, activation_fn):
        with variable_scope.variable_scope(name, values=(net,)) as scope:
            net = layers.fully_connected(net, units, activation_fn=activation_fn,
                                         variables_collections=["dnn"], scope=scope)
            if dropout is not None and mode == ModeKeys.TRAIN and name != "logits":
                net = layers.dropout(net, keep_prob=1.0 - dropout)
        _summarize(net, scope.name, separator)
        return net
    with _scope("input_from_feature_columns", features, of_input) as input_scope:
        if _are_of_then(columns):
            net = inputs.input_from_feature_columns(
                features, columns, weight_collections=["dnn"], scope=input_scope)
        else:
            net = feature_column.input_layer(
                features=features, feature_columns=columns, weight_collections=["dnn"])
    for number, units in enumerate(hidden_units):
        net = connected(f"hiddenlayer_{number}", net, units, activation)
    return connected("logits", net, outputs, None), input_scope.name


def _sum(features, columns, is_joint, outputs, scope):
    """The logits of a linear model."""
    if not _are_of_then(columns):
        return feature_column.linear_model(
            features=features, feature_columns=columns, units=outputs,
            weight_collections=["linear"])
    make = inputs.joint_weighted_sum_from_feature_columns if is_joint \
        else inputs.weighted_sum_from_feature_columns
    return make(features, columns, outputs, weight_collections=["linear"], scope=scope)[0]


def _summarize(value, tag, separator):
    summary.scalar(f"{tag}{separator}fraction_of_zero_values", nn.zero_fraction(value))
    summary.histogram(f"{tag}{separator}activation", value)


def _multipliers(of_columns, scope):
    """Variable -> what its gradient is multiplied with, of embedding_columns."""
    found = {}
    for column, multiplier in (of_columns or {}).items():
        if not isinstance(column, embedded._EmbeddingColumn):
            raise ValueError(f"Only embedding columns have learning rates of their own, not "
                             f"{column}.")
        variables = ops.get_collection("dnn", f"{scope}/{column.name}")
        if not variables:
            raise ValueError(f"There is no variable of the column {column}.")
        found.update(dict.fromkeys(variables, multiplier))
    return found or None
