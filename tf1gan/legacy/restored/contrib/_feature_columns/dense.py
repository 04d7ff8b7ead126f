"""Columns of numbers, and of what words are made: ranges, combinations, dense tensors."""

import collections

from tensorflow.python.feature_column import feature_column
from tensorflow.python.framework import dtypes, sparse_tensor, tensor_shape
from tensorflow.python.ops import array_ops, init_ops, math_ops, parsing_ops, sparse_ops

from tf1gan.legacy.restored.contrib._feature_columns import tensors
from tf1gan.legacy.restored.contrib._feature_columns.base import (
    FeatureColumn,
    LinearArguments,
    config_of,
)


def real_valued_column(column_name, dimension=1, default_value=None, dtype=dtypes.float32,
                       normalizer=None):
    """`dimension` numbers of a feature, through `normalizer` if there is one."""
    where = f"The column {column_name}"
    if not isinstance(dimension, int):
        raise TypeError(f"{where}: dimension has to be an integer, not {dimension}.")
    if dimension < 1:
        raise ValueError(f"{where}: dimension is {dimension}, which is less than 1.")
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"{where}: {dtype} is no type of numbers.")
    if default_value is None:
        return _RealValuedColumn(column_name, dimension, None, dtype, normalizer)
    values = default_value
    if isinstance(values, (int, float)):
        values = [values] * dimension
    elif isinstance(values, list) and len(values) != dimension:
        raise ValueError(f"{where}: default_value {values} has not {dimension} numbers.")
    kinds = int if dtype.is_integer else (int, float)
    if not isinstance(values, list) or not all(isinstance(value, kinds) for value in values):
        raise TypeError(f"{where}: default_value {default_value} is not of {dtype}.")
    if dtype.is_floating:
        values = [float(value) for value in values]
    return _RealValuedColumn(column_name, dimension, values, dtype, normalizer)


def bucketized_column(source_column, boundaries):
    """In which of the ranges between `boundaries` a number is."""
    return _BucketizedColumn(source_column, boundaries)


def one_hot_column(sparse_id_column):
    """How often each id is in a row."""
    return _OneHotColumn(sparse_id_column)


class _RealValuedColumn(FeatureColumn, feature_column._DenseColumn, collections.namedtuple(
        "_RealValuedColumn", "column_name dimension default_value dtype normalizer")):
    """Numbers, as float32."""

    def __new__(cls, column_name, dimension, default_value, dtype, normalizer):
        return super().__new__(cls, column_name, dimension, default_value if default_value is None
                               else tuple(default_value), dtype, normalizer)

    @property
    def name(self):
        return self.column_name

    @property
    def config(self):
        default = self.default_value if self.default_value is None else list(self.default_value)
        return {self.column_name: parsing_ops.FixedLenFeature([self.dimension], self.dtype,
                                                              default)}

    @property
    def key(self):
        return self._key_without("normalizer")

    @property
    def normalizer_fn(self):
        return self.normalizer

    def insert_transformed_feature(self, columns_to_tensors):
        columns_to_tensors[self] = self._normalized(columns_to_tensors[self.name])

    def _normalized(self, feature):
        return math_ops.cast(feature if self.normalizer is None else self.normalizer(feature),
                             dtypes.float32)

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):
        return tensors.of_rank(math_ops.cast(input_tensor, dtypes.float32), output_rank, self.name)

    def _to_dense_tensor(self, input_tensor):
        return input_tensor

    @property
    def _variable_shape(self):
        return tensor_shape.TensorShape([self.dimension])

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return inputs.get(self)

    def _transform_feature(self, inputs):
        return self._normalized(inputs.get(self.name))


class _BucketizedColumn(
        FeatureColumn, feature_column._CategoricalColumn, feature_column._DenseColumn,
        collections.namedtuple("_BucketizedColumn", "source_column boundaries")):
    """Numbers as the numbers of the ranges that they are in."""

    def __new__(cls, source_column, boundaries):
        if not isinstance(source_column, _RealValuedColumn):
            raise TypeError(f"source_column has to be a real_valued_column, not {source_column}.")
        if not isinstance(boundaries, (list, tuple)) or not boundaries:
            raise ValueError(f"boundaries have to be a list or tuple of numbers: {boundaries}.")
        if any(one > next_one for one, next_one in zip(boundaries, boundaries[1:])):
            raise ValueError(f"boundaries have to be sorted: {boundaries}.")
        return super().__new__(cls, source_column, tuple(
            one for place, one in enumerate(boundaries)
            if place == len(boundaries) - 1 or one != boundaries[place + 1]))

    @property
    def name(self):
        return f"{self.source_column.name}_bucketized"

    @property
    def length(self):
        """How many ranges there are."""
        return len(self.boundaries) + 1

    @property
    def config(self):
        return self.source_column.config

    def to_sparse_tensor(self, input_tensor):
        """A sparse tensor of two axes; the numbers of one place have ids of their own."""
        dimension = self.source_column.dimension
        batch = array_ops.shape(input_tensor, name="shape")[0]
        if dimension > 1:
            row = array_ops.reshape(array_ops.tile(array_ops.expand_dims(
                math_ops.range(0, batch), 1, name="expand_dims"), [1, dimension], name="tile"),
                [-1], name="reshape")
            place = array_ops.tile(math_ops.range(0, dimension), [batch], name="tile")
            ids = array_ops.reshape(input_tensor, [-1], name="reshape") + self.length * place
        else:
            row = math_ops.range(0, batch)
            place = array_ops.zeros([batch], dtype=dtypes.int32, name="zeros")
            ids = array_ops.reshape(input_tensor, [-1], name="reshape")
        indices = math_ops.cast(array_ops.transpose(array_ops.stack((row, place))), dtypes.int64)
        shape = math_ops.cast(array_ops.stack([batch, dimension]), dtypes.int64)
        return sparse_tensor.SparseTensor(indices, ids, shape)

    def insert_transformed_feature(self, columns_to_tensors):
        columns_to_tensors[self] = self._transform_feature(
            tensors.Transformed(columns_to_tensors))

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):
        if output_rank != 2:
            raise ValueError("A bucketized_column has two axes, not those of sequences.")
        return array_ops.reshape(array_ops.one_hot(
            math_ops.cast(input_tensor, dtypes.int64), self.length, 1.0, 0.0, name="one_hot"),
            [-1, self._num_buckets], name="reshape")

    def _wide_embedding_lookup_arguments(self, input_tensor):
        return LinearArguments(self.to_sparse_tensor(input_tensor), None, self._num_buckets,
                               init_ops.zeros_initializer(), "sum")

    def _transform_feature(self, inputs):
        return math_ops._bucketize(inputs.get(self.source_column),
                                   boundaries=list(self.boundaries), name="bucketize")

    @property
    def _num_buckets(self):
        return self.length * self.source_column.dimension

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return feature_column._CategoricalColumn.IdWeightPair(
            self.to_sparse_tensor(inputs.get(self)), None)

    @property
    def _variable_shape(self):
        return tensor_shape.TensorShape([self._num_buckets])

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return self._to_dnn_input_layer(inputs.get(self), weight_collections, trainable)


class _OneHotColumn(FeatureColumn, feature_column._DenseColumn, collections.namedtuple(
        "_OneHotColumn", "sparse_id_column")):
    """How often ids are there, or the sums of their weights."""

    @property
    def name(self):
        return f"{self.sparse_id_column.name}_one_hot"

    @property
    def length(self):
        return self.sparse_id_column.length

    @property
    def config(self):
        return config_of(self.sparse_id_column)

    def insert_transformed_feature(self, columns_to_tensors):
        columns_to_tensors[self] = tensors.Transformed(columns_to_tensors).get(
            self.sparse_id_column)

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):
        ids = tensors.inner_flatten(self.sparse_id_column.id_tensor(input_tensor), output_rank)
        weights = self.sparse_id_column.weight_tensor(input_tensor)
        if weights is None:
            ids = sparse_ops.sparse_tensor_to_dense(ids, default_value=-1)
            return math_ops.reduce_sum(array_ops.one_hot(
                ids, depth=self.length, on_value=1.0, off_value=0.0), axis=[output_rank - 1])
        merged = sparse_ops.sparse_merge(sp_ids=ids, sp_values=weights, vocab_size=self.length)
        merged = sparse_ops.sparse_slice(merged, array_ops.zeros_like(merged.dense_shape),
                                         merged.dense_shape)     # without ids that are too large
        dense = sparse_ops.sparse_tensor_to_dense(merged)
        return array_ops.reshape(dense, array_ops.concat(
            [array_ops.shape(dense)[:-1], [self.length]], axis=0))

    @property
    def _variable_shape(self):
        return tensor_shape.TensorShape([self.length])

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return inputs.get(self)

    def _transform_feature(self, inputs):
        return self._to_dnn_input_layer(inputs.get(self.sparse_id_column))
