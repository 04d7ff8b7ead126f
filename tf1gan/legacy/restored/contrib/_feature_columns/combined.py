"""Columns of combinations of features."""

import collections

from tensorflow.python.feature_column import feature_column
from tensorflow.python.ops import init_ops

from tf1gan.legacy.restored.contrib._feature_columns import crosses, tensors
from tf1gan.legacy.restored.contrib._feature_columns.base import (
    FeatureColumn,
    LinearArguments,
    both_or_none,
    config_of,
)
from tf1gan.legacy.restored.contrib._feature_columns.dense import _BucketizedColumn
from tf1gan.legacy.restored.contrib._feature_columns.sparse import _SparseColumn


def crossed_column(columns, hash_bucket_size, combiner="sum", ckpt_to_load_from=None,
                   tensor_name_in_ckpt=None, hash_key=None):
    """Hashes of the combinations of several columns' features."""
    return _CrossedColumn(columns, hash_bucket_size, hash_key, combiner=combiner,
                          ckpt_to_load_from=ckpt_to_load_from,
                          tensor_name_in_ckpt=tensor_name_in_ckpt)


class _CrossedColumn(FeatureColumn, feature_column._CategoricalColumn, collections.namedtuple(
        "_CrossedColumn", "columns hash_bucket_size hash_key combiner ckpt_to_load_from "
        "tensor_name_in_ckpt")):
    """Combinations of features, hashed."""

    def __new__(cls, columns, hash_bucket_size, hash_key, combiner="sum", ckpt_to_load_from=None,
                tensor_name_in_ckpt=None):
        for column in columns:
            if not isinstance(column, (_SparseColumn, _CrossedColumn, _BucketizedColumn)):
                raise TypeError("Only sparse, crossed and bucketized columns are crossed, not "
                                f"{column}.")
        if len(columns) < 2:
            raise ValueError(f"Two columns or more are crossed, not {columns}.")
        if hash_bucket_size < 2:
            raise ValueError(f"hash_bucket_size is {hash_bucket_size}, which is less than 2.")
        both_or_none(ckpt_to_load_from, tensor_name_in_ckpt)
        return super().__new__(cls, tuple(sorted(columns, key=lambda column: column.name)),
                               hash_bucket_size, hash_key, combiner, ckpt_to_load_from,
                               tensor_name_in_ckpt)

    @property
    def name(self):
        return "_X_".join(sorted(column.name for column in self.columns))

    @property
    def config(self):
        return {name: how for column in self.columns for name, how in config_of(column).items()}

    @property
    def length(self):
        return self.hash_bucket_size

    def id_tensor(self, input_tensor):
        return input_tensor

    def weight_tensor(self, input_tensor):
        return None

    def insert_transformed_feature(self, columns_to_tensors):
        columns_to_tensors[self] = self._transform_feature(
            tensors.Transformed(columns_to_tensors))

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):
        raise ValueError(f"{self} is no input of a network: embedding_column makes one of it.")

    def _checkpoint_path(self):
        return None if self.ckpt_to_load_from is None \
            else (self.ckpt_to_load_from, self.tensor_name_in_ckpt)

    def _wide_embedding_lookup_arguments(self, input_tensor):
        return LinearArguments(input_tensor, None, self.length, init_ops.zeros_initializer(),
                               self.combiner)

    def _transform_feature(self, inputs):
        return crosses.crossed([
            inputs.get(column.name) if isinstance(column, _SparseColumn)
            else column.to_sparse_tensor(inputs.get(column)) for column in _leaves(self)],
            num_buckets=self.hash_bucket_size, hash_key=self.hash_key, name="cross")

    @property
    def _num_buckets(self):
        return self.length

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return feature_column._CategoricalColumn.IdWeightPair(inputs.get(self), None)


def _leaves(cross):
    """The columns that a cross, and the crosses in it, are of."""
    for column in cross.columns:
        if isinstance(column, _CrossedColumn):
            yield from _leaves(column)
        else:
            yield column
