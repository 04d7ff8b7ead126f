"""Inputs of networks and of linear models, made of features by their columns."""

import functools

from tensorflow.python.framework import dtypes, ops, sparse_tensor
from tensorflow.python.ops import (
    array_ops,
    init_ops,
    math_ops,
    nn_ops,
    parsing_ops,
    sparse_ops,
    variable_scope,
)
from tensorflow.python.util import nest

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.restored.contrib._feature_columns import (
    base,
    combined,
    dense,
    embedded,
    lookups,
    tensors,
)


def input_from_feature_columns(columns_to_tensors, feature_columns, weight_collections=None,
                               trainable=True, scope=None, cols_to_outs=None):
    """The input of a network, [batch, numbers of all columns]."""
    return _input(columns_to_tensors, feature_columns, weight_collections, trainable, scope, 2,
                  "input_from_feature_columns", cols_to_outs)


def sequence_input_from_feature_columns(columns_to_tensors, feature_columns,
                                        weight_collections=None, trainable=True, scope=None):
    """The same of sequences, [batch, time, numbers of all columns]."""
    for column in feature_columns:
        if not isinstance(column, (dense._OneHotColumn, embedded._EmbeddingColumn,
                                   dense._RealValuedColumn)):
            raise ValueError(f"A {type(column).__name__} is no column of sequences.")
        if isinstance(getattr(column, "sparse_id_column", None), combined._CrossedColumn):
            raise ValueError(f"{column.name} is of a crossed_column, which is none of sequences.")
    return _input(columns_to_tensors, feature_columns, weight_collections, trainable, scope, 3,
                  "sequence_input_from_feature_columns")


def _input(columns_to_tensors, feature_columns, weight_collections, trainable, scope, rank,
           default_name, cols_to_outs=None):
    known, values = columns_to_tensors.copy(), columns_to_tensors.values()
    check_feature_columns(feature_columns)
    if cols_to_outs is not None and not isinstance(cols_to_outs, dict):
        raise ValueError(f"cols_to_outs has to be a dictionary, not {cols_to_outs}.")
    collections, outputs = _and_of_all(weight_collections), []
    with variable_scope.variable_scope(scope, default_name=default_name, values=values):
        for column in _in_order(feature_columns):
            with variable_scope.variable_scope(None, default_name=column.name, values=values):
                tensor = _transformed(known, column)
                if rank == 3:
                    tensor = nest.map_structure(functools.partial(
                        _of_rank, column=column.name, rank=rank), tensor)
                outputs.append(_of_a_network(column, tensor, collections, trainable, rank))
                if cols_to_outs is not None:
                    cols_to_outs[column] = outputs[-1]
        return array_ops.concat(outputs, rank - 1)


def _of_a_network(column, tensor, collections, trainable, rank):
    try:
        return embedded.embeddings_from_arguments(
            column, column._deep_embedding_lookup_arguments(tensor), collections, trainable,
            output_rank=rank)
    except NotImplementedError as no_embedding:
        try:
            return column._to_dnn_input_layer(tensor, collections, trainable, output_rank=rank)
        except ValueError as error:
            raise ValueError(f"The column {column.name}: {error} {no_embedding}") from error


def weighted_sum_from_feature_columns(columns_to_tensors, feature_columns, num_outputs,
                                      weight_collections=None, trainable=True, scope=None):
    """(a linear model of all columns [batch, num_outputs], column -> its variables, the bias)."""
    known, values = columns_to_tensors.copy(), columns_to_tensors.values()
    check_feature_columns(feature_columns)
    sums, variables = [], {}
    with variable_scope.variable_scope(
            scope, default_name="weighted_sum_from_feature_columns", values=values):
        for column in _in_order(feature_columns):
            tensor = _transformed(known, column)
            try:
                variables[column], made = _looked_up(
                    column, values, column._wide_embedding_lookup_arguments(tensor), num_outputs,
                    trainable, weight_collections)
            except NotImplementedError:
                with variable_scope.variable_scope(None, default_name=column.name, values=values):
                    tensor = _of_rank(column._to_dense_tensor(tensor), column.name, 2)
                    weight = _variable("weight", [tensor.shape[1], num_outputs], trainable,
                                       weight_collections)
                    variables[column] = [weight]
                    made = math_ops.matmul(tensor, weight, name="matmul")
            except ValueError as error:
                raise ValueError(f"The column {column.name}: {error}") from error
            sums.append(array_ops.reshape(made, shape=(-1, num_outputs)))
            embedded.restore_if_asked(column, variables[column])
        made, bias = _with_bias(math_ops.add_n(sums), num_outputs, trainable, weight_collections)
        return made, variables, bias


def joint_weighted_sum_from_feature_columns(columns_to_tensors, feature_columns, num_outputs,
                                            weight_collections=None, trainable=True, scope=None):
    """(the same with the weights of all columns in one variable, that variable's parts, the bias).

    Raises:
      NotImplementedError: a column is of numbers.
    """
    known, values = columns_to_tensors.copy(), columns_to_tensors.values()
    check_feature_columns(feature_columns)
    with variable_scope.variable_scope(
            scope, default_name="joint_weighted_sum_from_feature_columns", values=values):
        arguments = []
        for column in _in_order(feature_columns):
            tensor = _transformed(known, column)
            try:
                arguments.append(column._wide_embedding_lookup_arguments(tensor))
            except NotImplementedError as error:
                raise NotImplementedError(
                    f"{column.name} is of numbers: bucketized_column makes ids of them, and "
                    "weighted_sum_from_feature_columns takes them as they are.") from error
        variables, made = _looked_up_together(values, arguments, num_outputs, trainable,
                                              weight_collections)
        made, bias = _with_bias(made, num_outputs, trainable, weight_collections)
        return made, variables, bias


def parse_feature_columns_from_examples(serialized, feature_columns, name=None,
                                        example_names=None):
    """Features' names and columns -> tensors, of serialized tf.train.Example."""
    check_feature_columns(feature_columns)
    known = parsing_ops.parse_example(
        serialized=serialized, features=create_feature_spec_for_parsing(feature_columns),
        name=name, example_names=example_names)
    for column in _in_order(feature_columns):
        _transformed(known, column)
    return known


def parse_feature_columns_from_sequence_examples(
        serialized, context_feature_columns, sequence_feature_columns, name=None,
        example_name=None):
    """(features of the context, features of the steps) of one tf.train.SequenceExample."""
    serialized = array_ops.reshape(serialized, [])      # which raises ValueError for several
    context, sequence = context_feature_columns or [], sequence_feature_columns or []
    for columns in (context, sequence):
        check_feature_columns(columns)
    return parsing_ops.parse_single_sequence_example(
        serialized, create_feature_spec_for_parsing(context), {
            name: _of_steps(how)
            for name, how in create_feature_spec_for_parsing(sequence).items()},
        example_name, name)


def _of_steps(how):
    if isinstance(how, parsing_ops.VarLenFeature):
        return how
    return parsing_ops.FixedLenSequenceFeature(shape=how.shape, dtype=how.dtype,
                                               allow_missing=how.default_value is not None)


def transform_features(features, feature_columns):
    """Column -> what it makes of the features."""
    known = features.copy()
    check_feature_columns(feature_columns)
    for column in _in_order(feature_columns):
        _transformed(known, column)
    return {key: tensor for key, tensor in known.items() if key in feature_columns}


def create_feature_spec_for_parsing(feature_columns):
    """Feature's name -> how tf.parse_example parses it."""
    if isinstance(feature_columns, dict):
        feature_columns = feature_columns.values()
    return {name: how for column in feature_columns
            for name, how in base.config_of(column).items()}


def make_place_holder_tensors_for_base_features(feature_columns):
    """Feature's name -> a placeholder of what would be parsed."""
    return {name: array_ops.sparse_placeholder(how.dtype, name=f"Placeholder_{name}")
            if isinstance(how, parsing_ops.VarLenFeature)
            else array_ops.placeholder(how.dtype, shape=(None, how.shape[0]),
                                       name=f"Placeholder_{name}")
            for name, how in create_feature_spec_for_parsing(feature_columns).items()}


def infer_real_valued_columns(features):
    """A real_valued_column for each tensor, which has as many numbers as a row of it."""
    if not isinstance(features, dict):
        return [_inferred("", features)]
    return [_inferred(name, tensor) for name, tensor in features.items()]


def _inferred(name, tensor):
    if isinstance(tensor, sparse_tensor.SparseTensor) \
            or not (tensor.dtype.is_integer or tensor.dtype.is_floating):
        raise ValueError(f"The feature {name} needs a column of its own: it is {tensor}.")
    dimension = 1
    for size in tensor.shape.as_list()[1:]:
        dimension *= size
    return dense.real_valued_column(name, dimension=dimension, dtype=tensor.dtype)


def check_feature_columns(feature_columns):
    """Raises ValueError for a dictionary of columns, and for two that are the same."""
    if isinstance(feature_columns, dict):
        raise ValueError("feature_columns have to be a list, not a dictionary.")
    seen = set()
    for column in feature_columns:
        if column.key in seen:
            raise ValueError(f"The column {column.name} is there twice.")
        seen.add(column.key)


def _in_order(columns):
    return sorted(set(columns), key=lambda column: column.key)


def _transformed(known, column):
    if column not in known:
        column.insert_transformed_feature(known)
    return known[column]


def _of_rank(tensor, column, rank):
    """A dense or sparse tensor with an axis more, or with the last ones made one."""
    found, is_sparse = tensor.shape.rank, isinstance(tensor, sparse_tensor.SparseTensor)
    if found is None and is_sparse:
        found = tensor.dense_shape.shape.as_list()[0]
    if found is None or rank > found + 1:
        raise ValueError(f"The tensor of the column {column} has rank {found}, where {rank} is "
                         "needed: usually 3 for sequences, 2 for others.")
    if rank < found:
        return tensors.inner_flatten(tensor, rank)
    if rank == found:
        return tensor
    if is_sparse:
        return sparse_ops.sparse_reshape(tensor, array_ops.concat([tensor.dense_shape, [1]], 0))
    return array_ops.expand_dims(tensor, -1)


def _and_of_all(collections):
    return collections and list(set(list(collections) + [ops.GraphKeys.GLOBAL_VARIABLES]))


def _variable(name, shape, trainable, collections, initializer=None):
    return slim_repairs.module("ops.variables").model_variable(
        name, shape=shape, dtype=dtypes.float32,
        initializer=initializer or init_ops.zeros_initializer(), trainable=trainable,
        collections=collections)


def _looked_up(column, values, arguments, outputs, trainable, collections):
    with variable_scope.variable_scope(None, default_name=column.name, values=values):
        variables = embedded.parts_of(_variable(
            "weights", [arguments.vocab_size, outputs], trainable, collections,
            arguments.initializer))
        return variables, lookups.safe_embedding_lookup_sparse(
            variables, arguments.input_tensor, sparse_weights=arguments.weight_tensor,
            combiner=arguments.combiner, name=column.name + "_weights")


def _looked_up_together(values, arguments, outputs, trainable, collections):
    """One lookup: the ids of each column follow upon those of the one before."""
    assert arguments, "There is no column."
    size, ids = 0, []
    for each in arguments:
        assert each.weight_tensor is None and each.combiner == "sum", (
            "Weights, and combiners other than sum, are taken by "
            "weighted_sum_from_feature_columns alone.")
        tensor = each.input_tensor
        ids.append(sparse_tensor.SparseTensor(tensor.indices, tensor.values + size,
                                              tensor.dense_shape))
        size += each.vocab_size
    ids = sparse_ops.sparse_concat(1, ids)
    with variable_scope.variable_scope(None, default_name="linear_weights", values=values):
        variables = embedded.parts_of(_variable("weights", [size, outputs], trainable,
                                                collections))
        return variables, lookups.safe_embedding_lookup_sparse(
            variables, ids, combiner="sum", name="_weights")


def _with_bias(made, outputs, trainable, collections):
    bias = _variable("bias_weight", [outputs], trainable, _and_of_all(collections))
    return nn_ops.bias_add(made, bias), bias
