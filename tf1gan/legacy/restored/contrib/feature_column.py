"""`tf.contrib.feature_column`: columns of sequences."""

import collections

DROPPED = "2.0"
_CATEGORIES = """
sequence_categorical_column_with_hash_bucket sequence_categorical_column_with_identity
sequence_categorical_column_with_vocabulary_file sequence_categorical_column_with_vocabulary_list
"""
GIVES = _CATEGORIES + "sequence_input_layer sequence_numeric_column"
NEEDS = ()
PATHS = ("python.feature_column.sequence_feature_column", "python.feature_column")
REFUSED = {}


def make(given):
    from tensorflow.python.feature_column import feature_column as columns
    tf = given.tf

    class SequenceNumericColumn(columns._SequenceDenseColumn, collections.namedtuple(
            "_SequenceNumericColumn", "key shape default_value dtype normalizer_fn")):
        """Numbers at each step, which a sparse tensor has one after another."""

        name = property(lambda self: self.key)
        _variable_shape = property(lambda self: tf.TensorShape(self.shape))
        _parse_example_spec = property(lambda self: {self.key: tf.VarLenFeature(self.dtype)})

        def _transform_feature(self, inputs):
            numbers = inputs.get(self.key)
            return numbers if self.normalizer_fn is None else self.normalizer_fn(numbers)

        def _get_sequence_dense_tensor(self, inputs, weight_collections=None, trainable=None):
            from tensorflow.python.feature_column import utils
            sparse = inputs.get(self)
            dense = tf.sparse_tensor_to_dense(sparse, default_value=self.default_value)
            dense = tf.reshape(dense, tf.concat(
                [tf.shape(dense)[:1], [-1], self._variable_shape], axis=0))
            of_a_step = self._variable_shape.num_elements() if sparse.shape.ndims == 2 else 1
            return self.TensorSequenceLengthPair(
                dense_tensor=dense, sequence_length=utils.sequence_length_from_sparse_tensor(
                    sparse, num_elements=of_a_step))

    def sequence_numeric_column(key, shape=(1,), default_value=0.0, dtype=tf.float32,
                                normalizer_fn=None):
        """A column of `shape` numbers at each step."""
        shape = columns._check_shape(shape=shape, key=key)
        if not (dtype.is_integer or dtype.is_floating):
            raise ValueError(f"{key} is of {dtype.name}, which is no kind of number.")
        if normalizer_fn is not None and not callable(normalizer_fn):
            raise TypeError(f"A normalizer_fn is a function, not {normalizer_fn}.")
        return SequenceNumericColumn(key, shape, default_value, dtype, normalizer_fn)

    def sequence_input_layer(features, feature_columns, weight_collections=None, trainable=True):
        """([batch, steps, numbers], [batch]): what columns make of features, and its lengths."""
        feature_columns = columns._normalize_feature_columns(feature_columns)
        for column in feature_columns:
            if not isinstance(column, columns._SequenceDenseColumn):
                raise ValueError(f"{column} has no numbers at each step: an embedding_column or an "
                                 "indicator_column of it has.")
        with tf.variable_scope(None, default_name="sequence_input_layer",
                               values=features.values()):
            builder, dense, lengths = columns._LazyBuilder(features), [], []
            ordered = sorted(feature_columns, key=lambda column: column.name)
            for column in ordered:
                with tf.variable_scope(None, default_name=column._var_scope_name):
                    tensor, length = column._get_sequence_dense_tensor(
                        builder, weight_collections=weight_collections, trainable=trainable)
                    number = column._variable_shape.num_elements()
                    sizes = tf.shape(tensor)
                    dense.append(tf.reshape(tensor, [sizes[0], sizes[1], number]))
                    lengths.append(length)
            for tensors in (dense, lengths):
                columns._verify_static_batch_size_equality(tensors, ordered)
            return tf.concat(dense, -1), same(lengths)

    def same(lengths):
        with tf.name_scope(None, "assert_all_equal", values=lengths):
            if len(lengths) == 1:
                return lengths[0]
            with tf.control_dependencies([tf.assert_equal(lengths[0], other)
                                          for other in lengths[1:]]):
                return tf.identity(lengths[0])

    def of_categories(name):
        inner = getattr(columns, name.replace("sequence_", "_"))

        def column(*arguments, **named):
            return columns._SequenceCategoricalColumn(inner(*arguments, **named))
        column.__name__ = name
        return column
    return dict({name: of_categories(name) for name in _CATEGORIES.split()},
                sequence_input_layer=sequence_input_layer,
                sequence_numeric_column=sequence_numeric_column)
