"""Embeddings of ids: those of sparse tensors, and of what is hashed to many places of one row."""

from tensorflow.python.framework import dtypes, ops, sparse_tensor, tensor_shape
from tensorflow.python.ops import (
    array_ops,
    check_ops,
    embedding_ops,
    math_ops,
    sparse_ops,
    variables,
)
from tensorflow.python.platform import tf_logging as logging

from tf1gan.legacy.restored.contrib._feature_columns import crosses


def safe_embedding_lookup_sparse(embedding_weights, sparse_ids, sparse_weights=None, combiner=None,
                                 default_id=None, name=None, partition_strategy="div",
                                 max_norm=None):
    """Embeddings of the ids of each row, combined; rows without a valid id are `default_id`'s.

    Without a `default_id` they are zeros. Ids below 0 count for nothing and, but for the combiner
    "sum", ids whose weight is not above 0.
    """
    combiner = combiner or _usual_combiner()
    weights = _list_of(embedding_weights)
    if embedding_weights is None or not weights:
        raise ValueError(f"embedding_weights are missing: {embedding_weights}.")
    dtype = None if sparse_weights is None else sparse_weights.dtype
    weights = [ops.convert_to_tensor(each, dtype=dtype) for each in weights]
    check_ops.assert_same_float_dtype(
        weights + ([] if sparse_weights is None else [sparse_weights]))
    with ops.name_scope(name, "embedding_lookup", weights + [sparse_ids, sparse_weights]) as scope:
        shape = sparse_ids.dense_shape
        known = tensor_shape.dimension_value(shape.shape[0])
        rank = array_ops.size(shape) if known is None else known
        ids = sparse_ops.sparse_reshape(sparse_ids, [
            math_ops.reduce_prod(array_ops.slice(shape, [0], [rank - 1])),
            array_ops.gather(shape, rank - 1)])
        if sparse_weights is not None:
            sparse_weights = sparse_tensor.SparseTensor(ids.indices, sparse_weights.values,
                                                        ids.dense_shape)
        ids, sparse_weights = _kept_valid(ids, sparse_weights, combiner)
        ids, is_empty = sparse_ops.sparse_fill_empty_rows(ids, default_id or 0)
        if sparse_weights is not None:
            sparse_weights, _ = sparse_ops.sparse_fill_empty_rows(sparse_weights, 1.0)
        found = embedding_ops.embedding_lookup_sparse(
            weights, ids, sparse_weights, combiner=combiner,
            partition_strategy=partition_strategy, name=None if default_id is None else scope,
            max_norm=max_norm)
        if default_id is None:
            is_empty = array_ops.tile(array_ops.reshape(is_empty, [-1, 1]), array_ops.stack(
                [1, array_ops.shape(found)[1]]))
            found = array_ops.where(is_empty, array_ops.zeros_like(found), found, name=scope)
        made = array_ops.reshape(found, array_ops.concat([
            array_ops.slice(math_ops.cast(shape, dtypes.int32), [0], [rank - 1]),
            array_ops.slice(array_ops.shape(found), [1], [-1])], 0))
        made.set_shape(tensor_shape.unknown_shape(None if known is None else known - 1)
                       .concatenate(found.shape[1:]))
        return made


def _usual_combiner():
    logging.warn("Without a combiner, embeddings are combined by their mean.")
    return "mean"


def _list_of(variable):
    if isinstance(variable, (list, variables.PartitionedVariable)):
        return list(variable)
    return [variable]


def _kept_valid(ids, weights, combiner):
    is_valid = math_ops.greater_equal(ids.values, 0)
    if weights is not None:
        is_valid = math_ops.logical_and(is_valid, array_ops.ones_like(weights.values,
                                                                      dtype=dtypes.bool))
    ids = sparse_ops.sparse_retain(ids, is_valid)
    if weights is None:
        return ids, None
    weights = sparse_ops.sparse_retain(weights, is_valid)
    if combiner != "sum":
        is_valid = math_ops.greater(weights.values, 0)
        ids = sparse_ops.sparse_retain(ids, is_valid)
        weights = sparse_ops.sparse_retain(weights, is_valid)
    return ids, weights


def scattered_embedding_lookup(params, values, dimension, name=None, hash_key=None):
    """Embeddings [..., dimension] of values, each number of one from a place that is hashed.

    Args:
      params: a vector, or a list of its parts.
      values: strings or whole numbers.
    """
    if dimension is None:
        raise ValueError("dimension has to be given.")
    params = _list_of(params)
    with ops.name_scope(name, "scattered_embedding_lookup", params + [dimension, values]):
        shape = array_ops.shape(values)
        values = array_ops.reshape(values, [-1, 1])
        if dimension <= 0:
            raise ValueError(f"dimension is {dimension}, which is not above 0.")
        places = array_ops.tile(array_ops.expand_dims(math_ops.range(0, dimension), 0),
                                array_ops.shape(values))
        sizes = []
        for part in params:
            part.shape.assert_has_rank(1)
            part.shape.assert_is_fully_defined()
            sizes.append(tensor_shape.dimension_value(part.shape[0]))
        for number, size in enumerate(sizes):
            wanted = (sum(sizes) - number - 1) // len(sizes) + 1
            if size != wanted:
                raise ValueError(f"Part {number} of params has size {size}, not {wanted}.")
        ids = sparse_ops.sparse_tensor_to_dense(crosses.crossed(
            [places, values], sum(sizes), hash_key))
        found = embedding_ops.embedding_lookup(params, ids, partition_strategy="div")
        return array_ops.reshape(found, array_ops.concat([shape, [dimension]], 0))


def scattered_embedding_lookup_sparse(params, sparse_values, dimension, combiner=None,
                                      default_value=None, name=None, hash_key=None):
    """The same of the values of each row of a sparse tensor, combined, [rows, dimension]."""
    combiner = combiner or _usual_combiner()
    params = _list_of(params)
    if not isinstance(sparse_values, sparse_tensor.SparseTensor):
        raise TypeError("sparse_values have to be a sparse tensor.")
    with ops.name_scope(name, "scattered_embedding_lookup_sparse",
                        params + [sparse_values]) as scope:
        if default_value is None:       # what nobody's data has in it
            default_value = "6ZxWzWOHxZ" if sparse_values.dtype == dtypes.string else 1288896567
        filled, _ = sparse_ops.sparse_fill_empty_rows(sparse_values, default_value)
        rows = math_ops.cast(filled.indices[:, 0], dtypes.int32)
        values, places = array_ops.unique(filled.values)
        found = scattered_embedding_lookup(params, values, dimension, hash_key=hash_key)
        combine = dict(sum=math_ops.sparse_segment_sum, mean=math_ops.sparse_segment_mean,
                       sqrtn=math_ops.sparse_segment_sqrt_n).get(combiner)
        if combine is None:
            raise ValueError(f"combiner is {combiner}, not mean, sqrtn or sum.")
        return combine(found, places, rows, name=scope)
