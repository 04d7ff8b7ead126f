"""Columns of features that are words or ids: some, one or none in a row."""

import collections

from tensorflow.python.feature_column import feature_column
from tensorflow.python.framework import dtypes, sparse_tensor
from tensorflow.python.ops import (
    init_ops,
    lookup_ops,
    math_ops,
    parsing_ops,
    sparse_ops,
    string_ops,
)
from tensorflow.python.platform import tf_logging as logging

from tf1gan.legacy.restored.contrib._feature_columns import tensors
from tf1gan.legacy.restored.contrib._feature_columns.base import (
    FeatureColumn,
    LinearArguments,
    config_of,
)

LookupConfig = collections.namedtuple(
    "_SparseIdLookupConfig", "vocabulary_file keys num_oov_buckets vocab_size default_value")


def sparse_column_with_integerized_feature(column_name, bucket_size, combiner="sum",
                                           dtype=dtypes.int64):
    """Ids that are numbers already, modulo `bucket_size`."""
    return _SparseColumnIntegerized(column_name, is_integerized=True, bucket_size=bucket_size,
                                    combiner=combiner, dtype=dtype)


def sparse_column_with_hash_bucket(column_name, hash_bucket_size, combiner="sum",
                                   dtype=dtypes.string, hash_keys=None):
    """Words, whose ids are their hashes; several of each with `hash_keys`, pairs of integers."""
    return _SparseColumnHashed(column_name, bucket_size=hash_bucket_size, combiner=combiner,
                               dtype=dtype, hash_keys=hash_keys)


def sparse_column_with_keys(column_name, keys, default_value=-1, combiner="sum",
                            dtype=dtypes.string):
    """Words, whose ids are their places among `keys`."""
    keys = tuple(keys)
    return _SparseColumnKeys(column_name, lookup_config=LookupConfig(
        None, keys, 0, len(keys), default_value), combiner=combiner, dtype=dtype)


def sparse_column_with_vocabulary_file(column_name, vocabulary_file, num_oov_buckets=0,
                                       vocab_size=None, default_value=-1, combiner="sum",
                                       dtype=dtypes.string):
    """Words, whose ids are their lines in a file."""
    if vocab_size is None:
        raise ValueError(f"The column {column_name} needs its vocab_size.")
    return _SparseColumnVocabulary(column_name, lookup_config=LookupConfig(
        vocabulary_file, None, num_oov_buckets, vocab_size, default_value), combiner=combiner,
        dtype=dtype)


def weighted_sparse_column(sparse_id_column, weight_column_name, dtype=dtypes.float32):
    """Words of another column, with a weight for each in a feature of the same places."""
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"The weights {weight_column_name} are no numbers, but {dtype}.")
    return _WeightedSparseColumn(sparse_id_column, weight_column_name, dtype)


class _SparseColumn(FeatureColumn, feature_column._CategoricalColumn, collections.namedtuple(
        "_SparseColumn", "column_name is_integerized bucket_size lookup_config combiner dtype")):
    """Features whose ids are hashed, looked up, or given."""

    def __new__(cls, column_name, is_integerized=False, bucket_size=None, lookup_config=None,
                combiner="sum", dtype=dtypes.string):
        def wanted(is_right, what, error=ValueError):
            if not is_right:
                raise error(f"The column {column_name}: {what}.")
        wanted(not is_integerized or bucket_size is not None,
               "a bucket_size is needed where is_integerized is True")
        wanted(not is_integerized or dtype.is_integer,
               f"dtype has to be of integers where is_integerized is True, not {dtype}")
        wanted(dtype == dtypes.string or dtype.is_integer,
               f"dtype has to be a string or of integers, not {dtype}")
        wanted(bucket_size is not None or lookup_config is not None,
               "bucket_size or lookup_config is needed")
        wanted(bucket_size is None or not lookup_config,
               "bucket_size and lookup_config exclude each other")
        wanted(bucket_size is None or bucket_size >= 1,
               f"bucket_size is {bucket_size}, which is less than 1")
        wanted(not lookup_config or isinstance(lookup_config, LookupConfig),
               f"lookup_config has to be a _SparseIdLookupConfig, not {lookup_config}", TypeError)
        wanted(not lookup_config or not lookup_config.vocabulary_file
               or lookup_config.vocab_size is not None, "vocab_size is needed")
        return super().__new__(cls, column_name, is_integerized=is_integerized,
                               bucket_size=bucket_size, lookup_config=lookup_config,
                               combiner=combiner, dtype=dtype)

    @property
    def name(self):
        return self.column_name

    @property
    def length(self):
        """How many ids there are."""
        if self.bucket_size is not None:
            return self.bucket_size
        return self.lookup_config.vocab_size + self.lookup_config.num_oov_buckets

    @property
    def config(self):
        return {self.column_name: parsing_ops.VarLenFeature(self.dtype)}

    def id_tensor(self, input_tensor):
        return input_tensor

    def weight_tensor(self, input_tensor):
        return None

    def is_compatible(self, other_column):
        """Whether two columns may share an embedding."""
        if self.lookup_config and other_column.lookup_config:
            return self.lookup_config == other_column.lookup_config
        same = self.length == other_column.length and (
            self.dtype == other_column.dtype
            or self.dtype.is_integer and other_column.dtype.is_integer)
        if same:
            logging.warn("%s and %s may have other vocabularies.", self.name, other_column.name)
        return same

    def insert_transformed_feature(self, columns_to_tensors):
        columns_to_tensors[self] = self._transformed(columns_to_tensors[self.name])

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):
        raise ValueError(f"{self} is no input of a network: embedding_column or one_hot_column "
                         "makes one of it.")

    def _wide_embedding_lookup_arguments(self, input_tensor):
        return LinearArguments(self.id_tensor(input_tensor), self.weight_tensor(input_tensor),
                               self.length, init_ops.zeros_initializer(), self.combiner)

    def _transformed(self, feature):
        if not isinstance(feature, sparse_tensor.SparseTensor):
            ignored = "" if feature.dtype == dtypes.string else -1
            feature = tensors.sparse_of_dense(tensors.of_rank(feature, 2, self.name), ignored)
        return self._do_transform(feature)

    def _do_transform(self, input_tensor):
        raise NotImplementedError(f"{self} has no ids.")

    def _transform_feature(self, inputs):
        return self._transformed(inputs.get(self.name))

    @property
    def _num_buckets(self):
        return self.length

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return _ids_and_weights(self, inputs.get(self))


class _SparseColumnIntegerized(_SparseColumn):

    def _do_transform(self, input_tensor):
        return _with_values(input_tensor, math_ops.mod(input_tensor.values, self.bucket_size,
                                                       name="mod"))


class _SparseColumnHashed(_SparseColumn):

    def __new__(cls, column_name, is_integerized=False, bucket_size=None, lookup_config=None,
                combiner="sum", dtype=dtypes.string, hash_keys=None):
        if hash_keys is not None:
            if not isinstance(hash_keys, list) or not hash_keys:
                raise ValueError(f"hash_keys have to be a list with something in it: {hash_keys}.")
            for pair in hash_keys:
                if not isinstance(pair, list) or len(pair) != 2 \
                        or not all(isinstance(one, int) for one in pair):
                    raise ValueError(f"Each of hash_keys has to be a pair of integers: {pair}.")
        made = super().__new__(cls, column_name, is_integerized, bucket_size, lookup_config,
                               combiner, dtype)
        made.hash_keys = hash_keys
        return made

    def _do_transform(self, input_tensor):
        values = _as_strings(self.dtype, input_tensor.values)
        if not self.hash_keys:
            return _with_values(input_tensor, string_ops.string_to_hash_bucket_fast(
                values, self.bucket_size, name="lookup"))
        return sparse_ops.sparse_concat(axis=1, sp_inputs=[
            _with_values(input_tensor, string_ops.string_to_hash_bucket_strong(
                values, self.bucket_size, key)) for key in self.hash_keys], name="lookup")


class _SparseColumnKeys(_SparseColumn):

    def _do_transform(self, input_tensor):
        return lookup_ops.index_table_from_tensor(
            tuple(self.lookup_config.keys), default_value=self.lookup_config.default_value,
            dtype=self.dtype, name="lookup").lookup(input_tensor)


class _SparseColumnVocabulary(_SparseColumn):

    def _do_transform(self, input_tensor):
        if self.dtype.is_integer:
            input_tensor = _with_values(input_tensor, _as_strings(self.dtype, input_tensor.values))
        config = self.lookup_config
        return lookup_ops.index_table_from_file(
            vocabulary_file=config.vocabulary_file, num_oov_buckets=config.num_oov_buckets,
            vocab_size=config.vocab_size, default_value=config.default_value,
            name=self.name + "_lookup").lookup(input_tensor)


class _WeightedSparseColumn(
        FeatureColumn, feature_column._CategoricalColumn, collections.namedtuple(
            "_WeightedSparseColumn", "sparse_id_column weight_column_name dtype")):
    """Ids of another column, and their weights."""

    @property
    def name(self):
        return f"{self.sparse_id_column.name}_weighted_by_{self.weight_column_name}"

    @property
    def length(self):
        return self.sparse_id_column.length

    @property
    def config(self):
        return dict(config_of(self.sparse_id_column), **{
            self.weight_column_name: parsing_ops.VarLenFeature(self.dtype)})

    @property
    def lookup_config(self):
        return self.sparse_id_column.lookup_config

    def id_tensor(self, input_tensor):
        return input_tensor[0]

    def weight_tensor(self, input_tensor):
        return input_tensor[1]

    def is_compatible(self, other_column):
        return self.sparse_id_column.is_compatible(getattr(
            other_column, "sparse_id_column", other_column))

    def insert_transformed_feature(self, columns_to_tensors):
        if self.sparse_id_column not in columns_to_tensors:
            self.sparse_id_column.insert_transformed_feature(columns_to_tensors)
        weights = columns_to_tensors[self.weight_column_name]
        columns_to_tensors[self] = self._do_transform(
            columns_to_tensors[self.sparse_id_column], weights)

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):
        raise ValueError(f"{self} is no input of a network: embedding_column or one_hot_column "
                         "makes one of it.")

    def _wide_embedding_lookup_arguments(self, input_tensor):
        return LinearArguments(
            self.id_tensor(input_tensor), self.weight_tensor(input_tensor), self.length,
            init_ops.zeros_initializer(), self.sparse_id_column.combiner)

    def _do_transform(self, id_tensor, weight_tensor):
        if not isinstance(weight_tensor, sparse_tensor.SparseTensor):
            weight_tensor = tensors.sparse_of_dense(weight_tensor)
        if not self.dtype.is_floating:
            weight_tensor = math_ops.cast(weight_tensor, dtypes.float32)
        return id_tensor, weight_tensor

    def _transform_feature(self, inputs):
        return self._do_transform(inputs.get(self.sparse_id_column),
                                  inputs.get(self.weight_column_name))

    @property
    def _num_buckets(self):
        return self.length

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return _ids_and_weights(self, inputs.get(self))


def _with_values(tensor, values):
    return sparse_tensor.SparseTensor(tensor.indices, values, tensor.dense_shape)


def _as_strings(dtype, values):
    return string_ops.as_string(values) if dtype.is_integer else values


def _ids_and_weights(column, transformed):
    return feature_column._CategoricalColumn.IdWeightPair(
        column.id_tensor(transformed), column.weight_tensor(transformed))
