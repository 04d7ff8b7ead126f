"""Columns of embeddings, and the variables of these."""

import collections
import math

from tensorflow.python.feature_column import feature_column
from tensorflow.python.framework import dtypes, ops, tensor_shape
from tensorflow.python.ops import init_ops, parsing_ops, variables as variable_ops
from tensorflow.python.platform import tf_logging as logging
from tensorflow.python.training import checkpoint_utils

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.restored.contrib._feature_columns import lookups, tensors
from tf1gan.legacy.restored.contrib._feature_columns.base import (
    DeepArguments,
    FeatureColumn,
    both_or_none,
    config_of,
)
from tf1gan.legacy.restored.contrib._feature_columns.sparse import (
    _SparseColumn,
    _WeightedSparseColumn,
)


def embedding_column(sparse_id_column, dimension, combiner="mean", initializer=None,
                     ckpt_to_load_from=None, tensor_name_in_ckpt=None, max_norm=None,
                     trainable=True):
    """Ids as vectors of `dimension` numbers, which are learned."""
    return _EmbeddingColumn(sparse_id_column, dimension, combiner, initializer, ckpt_to_load_from,
                            tensor_name_in_ckpt, max_norm=max_norm, trainable=trainable)


def shared_embedding_columns(sparse_id_columns, dimension, combiner="mean",
                             shared_embedding_name=None, initializer=None, ckpt_to_load_from=None,
                             tensor_name_in_ckpt=None, max_norm=None, trainable=True):
    """Columns of one embedding for several columns of the same ids."""
    if not isinstance(sparse_id_columns, collections.abc.Sequence) \
            or isinstance(sparse_id_columns, (str, bytes)):
        raise TypeError(f"sparse_id_columns have to be a list or tuple, not {sparse_id_columns}.")
    if not sparse_id_columns:
        raise ValueError("sparse_id_columns are empty.")
    for column in sparse_id_columns:
        if not isinstance(column, (_SparseColumn, _WeightedSparseColumn)):
            raise TypeError(f"{column} is no sparse column, with weights or without.")
    first, several = sparse_id_columns[0], len(sparse_id_columns) > 1
    if not all(first.is_compatible(column) if isinstance(first, _WeightedSparseColumn)
               else column.is_compatible(first) for column in sparse_id_columns[1:]):
        raise ValueError("The columns have other ids, and cannot share an embedding.")
    if several and not shared_embedding_name:
        shared_embedding_name = _shared_name(sparse_id_columns)
    made = [_EmbeddingColumn(column, dimension, combiner, initializer, ckpt_to_load_from,
                             tensor_name_in_ckpt, shared_embedding_name,
                             first.length if several else None, max_norm=max_norm,
                             trainable=trainable) for column in sparse_id_columns]
    return tuple(made) if several else made


def _shared_name(columns):
    names = [column.name for column in sorted(
        column for column in columns if isinstance(column, _SparseColumn))]
    names += sorted(column.name for column in columns if not isinstance(column, _SparseColumn))
    more = "" if len(names) <= 3 else f"_plus_{len(names) - 3}_others"
    return "_".join(names[:3]) + more + "_shared_embedding"


def scattered_embedding_column(column_name, size, dimension, hash_key, combiner="mean",
                               initializer=None):
    """Words as vectors whose numbers are each from a place of one vector, by a hash."""
    if dimension < 1 or size < 1:
        raise ValueError(f"The column {column_name}: dimension {dimension} and size {size} have to "
                         "be at least 1.")
    if combiner not in ("mean", "sqrtn", "sum"):
        raise ValueError(f"The column {column_name}: combiner is {combiner}, not mean, sqrtn or "
                         "sum.")
    return _ScatteredEmbeddingColumn(column_name, size, dimension, hash_key, combiner, initializer)


def embeddings_from_arguments(column, arguments, weight_collections, trainable, output_rank=2):
    """The embeddings of a column's ids, [..., dimension], and the variable that they are from."""
    ids, weights = [None if each is None else tensors.inner_flatten(each, output_rank)
                    for each in (arguments.input_tensor, arguments.weight_tensor)]
    trainable = trainable and arguments.trainable

    def variable(name, shape):
        return slim_repairs.module("ops.variables").model_variable(
            name, shape=shape, dtype=dtypes.float32, initializer=arguments.initializer,
            trainable=trainable, collections=weight_collections)
    if arguments.hash_key:
        return lookups.scattered_embedding_lookup_sparse(
            variable("weights", [arguments.vocab_size]), ids, arguments.dimension,
            hash_key=arguments.hash_key, combiner=arguments.combiner, name="lookup")
    shape = [arguments.vocab_size, arguments.dimension]
    if arguments.shared_embedding_name is None:
        embeddings = variable("weights", shape)
    else:
        embeddings = _shared(arguments.shared_embedding_name, shape, variable)
    parts = parts_of(embeddings)
    restore_if_asked(column, parts)
    return lookups.safe_embedding_lookup_sparse(
        parts, ids, sparse_weights=weights, combiner=arguments.combiner,
        name=column.name + "weights", max_norm=arguments.max_norm)


def _shared(name, shape, make):
    """The variable of that name, made when it is first asked for."""
    known = ops.get_default_graph().get_collection_ref(
        "SHARED_EMBEDDING_COLLECTION_" + name.upper())
    if len(known) > 1:
        raise ValueError(f"There are {len(known)} shared embeddings {name}.")
    if not known:
        known.append(make(name, shape))
    elif known[0].shape != shape:
        raise ValueError(f"The shared embedding {name} has the shape {known[0].shape}, not "
                         f"{shape}: another shared_embedding_name is needed.")
    return known[0]


def parts_of(variable):
    """A variable, or those that a partitioned one consists of, in a list."""
    return [variable] if isinstance(variable, variable_ops.Variable) \
        else variable._get_variable_list()


def restore_if_asked(column, variables):
    path = column._checkpoint_path()
    if path is not None:
        checkpoint, name = path
        checkpoint_utils.init_from_checkpoint(checkpoint, {
            name: variables[0] if len(variables) == 1 else variables})


class _EmbeddingColumn(FeatureColumn, feature_column._DenseColumn, collections.namedtuple(
        "_EmbeddingColumn", "sparse_id_column dimension combiner initializer ckpt_to_load_from "
        "tensor_name_in_ckpt shared_embedding_name shared_vocab_size max_norm trainable")):
    """Ids as vectors."""

    def __new__(cls, sparse_id_column, dimension, combiner="mean", initializer=None,
                ckpt_to_load_from=None, tensor_name_in_ckpt=None, shared_embedding_name=None,
                shared_vocab_size=None, max_norm=None, trainable=True):
        if initializer is not None and not callable(initializer):
            raise ValueError("initializer has to be a function, in the embedding of "
                             f"{sparse_id_column.name}.")
        both_or_none(ckpt_to_load_from, tensor_name_in_ckpt)
        if initializer is None:
            logging.warn("tf.feature_column.embedding_column has another default of initializer.")
            initializer = init_ops.truncated_normal_initializer(
                mean=0.0, stddev=1 / math.sqrt(sparse_id_column.length))
        return super().__new__(cls, sparse_id_column, dimension, combiner, initializer,
                               ckpt_to_load_from, tensor_name_in_ckpt, shared_embedding_name,
                               shared_vocab_size, max_norm, trainable)

    @property
    def name(self):
        shared = "" if self.shared_embedding_name is None else "shared_"
        return f"{self.sparse_id_column.name}_{shared}embedding"

    @property
    def length(self):
        return self.sparse_id_column.length if self.shared_vocab_size is None \
            else self.shared_vocab_size

    @property
    def config(self):
        return config_of(self.sparse_id_column)

    @property
    def key(self):
        return self._key_without("initializer")

    def insert_transformed_feature(self, columns_to_tensors):
        columns_to_tensors[self] = tensors.Transformed(columns_to_tensors).get(
            self.sparse_id_column)

    def _deep_embedding_lookup_arguments(self, input_tensor):
        return DeepArguments(
            self.sparse_id_column.id_tensor(input_tensor),
            self.sparse_id_column.weight_tensor(input_tensor), self.length, self.initializer,
            self.combiner, self.dimension, self.shared_embedding_name, None, self.max_norm,
            self.trainable)

    def _checkpoint_path(self):
        return None if self.ckpt_to_load_from is None \
            else (self.ckpt_to_load_from, self.tensor_name_in_ckpt)

    def _wide_embedding_lookup_arguments(self, input_tensor):
        raise ValueError(f"{self} is no column of a linear model: the column of ids is one.")

    @property
    def _variable_shape(self):
        return tensor_shape.TensorShape([self.dimension])

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return embeddings_from_arguments(self, self._deep_embedding_lookup_arguments(
            inputs.get(self)), weight_collections, trainable)

    def _transform_feature(self, inputs):
        return inputs.get(self.sparse_id_column)


class _ScatteredEmbeddingColumn(FeatureColumn, feature_column._DenseColumn, collections.namedtuple(
        "_ScatteredEmbeddingColumn",
        "column_name size dimension hash_key combiner initializer")):
    """Words as vectors of one vector's numbers."""

    def __new__(cls, column_name, size, dimension, hash_key, combiner="sqrtn", initializer=None):
        if initializer is not None and not callable(initializer):
            raise ValueError(f"initializer has to be a function, in the column {column_name}.")
        return super().__new__(
            cls, column_name, size, dimension, hash_key, combiner,
            initializer or init_ops.truncated_normal_initializer(mean=0.0, stddev=0.1))

    @property
    def name(self):
        return f"{self.column_name}_scattered_embedding"

    @property
    def config(self):
        return {self.column_name: parsing_ops.VarLenFeature(dtypes.string)}

    key = _EmbeddingColumn.key
    _variable_shape = _EmbeddingColumn._variable_shape
    _get_dense_tensor = _EmbeddingColumn._get_dense_tensor

    def insert_transformed_feature(self, columns_to_tensors):
        columns_to_tensors[self] = columns_to_tensors[self.column_name]

    def _deep_embedding_lookup_arguments(self, input_tensor):
        return DeepArguments(input_tensor, None, self.size, self.initializer, self.combiner,
                             self.dimension, None, self.hash_key, None, True)

    def _transform_feature(self, inputs):
        return inputs.get(self.column_name)
