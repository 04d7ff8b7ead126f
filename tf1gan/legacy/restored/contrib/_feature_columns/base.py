"""What every feature column has, and what two layers take of one."""

import collections

LinearArguments = collections.namedtuple(
    "_LinearEmbeddingLookupArguments", "input_tensor weight_tensor vocab_size initializer combiner")
DeepArguments = collections.namedtuple(
    "_DeepEmbeddingLookupArguments", "input_tensor weight_tensor vocab_size initializer combiner "
    "dimension shared_embedding_name hash_key max_norm trainable")


class FeatureColumn:
    """A column: `name`, `config` (feature's name -> how it is parsed) and `key`, which sorts.

    A layer asks for the arguments of a lookup first. NotImplementedError says that there is none,
    ValueError that the column is not for this layer.
    """

    @property
    def key(self):
        return str(self)

    @property
    def _parse_example_spec(self):      # of tf.feature_column
        return self.config

    def insert_transformed_feature(self, columns_to_tensors):
        """Adds what the column makes of its feature, under the column, to a dictionary."""
        raise NotImplementedError(f"{self} makes nothing of a feature.")

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):
        raise ValueError(f"{self} is no input of a network.")

    def _deep_embedding_lookup_arguments(self, input_tensor):
        raise NotImplementedError(f"{self} has no embedding.")

    def _wide_embedding_lookup_arguments(self, input_tensor):
        raise NotImplementedError(f"{self} has no weights to look up.")

    def _to_dense_tensor(self, input_tensor):
        raise NotImplementedError(f"{self} is not dense.")

    def _checkpoint_path(self):
        """(checkpoint, name of a tensor in it) that weights are taken from, or None."""
        return None

    def _key_without(self, left_out):
        said = ", ".join(f"{field}={value}" for field, value in zip(self._fields, self)
                         if field != left_out)
        return f"{type(self).__name__}({said})"


def config_of(column):
    """How the features of a column are parsed."""
    if not isinstance(column, FeatureColumn):
        raise TypeError(f"Only columns of tf.contrib.layers are taken here, not {column}.")
    return dict(column.config)


def both_or_none(checkpoint, tensor_name):
    if (checkpoint is None) != (tensor_name is None):
        raise ValueError("ckpt_to_load_from and tensor_name_in_ckpt are given together, or none.")
