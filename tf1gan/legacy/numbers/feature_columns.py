"""`tf.feature_column` as 1.15 built it, in TensorFlow's and Keras's own modules.

What is drawn after a column by the graph's seed is 1.15's then; see `seeds`.
"""

import importlib

from tf1gan.legacy.names import Restored


def restore():
    _looked_up()
    _identities()
    _linear_models()
    _dense_features()


def _looked_up():
    """Ids are made unique before they are looked up, as they are not any more for one matrix."""
    from tensorflow.python.ops import embedding_ops
    embedding_ops.compat = Restored("compat", embedding_ops.compat, dict(
        forward_compatible=lambda *_: False))


def _identities():
    """A column of ids refused those that are out of range; since 2.2 they are let through.

    Where others stand in for them, ids of fewer bits are cast once, and twice today.
    """
    from tensorflow.python.feature_column import feature_column, feature_column_v2
    from tensorflow.python.framework import dtypes, ops, sparse_tensor
    from tensorflow.python.ops import array_ops, check_ops, math_ops
    today = feature_column_v2.IdentityCategoricalColumn._transform_input_tensor

    def checked(column, ids):
        if not ids.dtype.is_integer:
            return today(column, ids)
        values = ids.values
        if values.dtype != dtypes.int64:
            values = math_ops.cast(values, dtypes.int64, name="values")
        if column.default_value is not None:
            return today(column, sparse_tensor.SparseTensor(ids.indices, values, ids.dense_shape))
        number = math_ops.cast(column.num_buckets, dtypes.int64, name="num_buckets")
        zero = math_ops.cast(0, dtypes.int64, name="zero")
        said = f"The ids of the column '{column.key}' are to be from 0 to {column.num_buckets - 1}:"
        with ops.control_dependencies([
                check_ops.assert_less(values, number, (said, values, number),
                                      name="assert_less_than_num_buckets"),
                check_ops.assert_greater_equal(values, zero, (said, values),
                                                  name="assert_greater_or_equal_0")]):
            values = array_ops.identity(values)
        return sparse_tensor.SparseTensor(ids.indices, values, ids.dense_shape)

    def transformed(column, inputs):        # of the module that 2.x keeps for TensorFlow 1
        return checked(column, feature_column._to_sparse_input_and_drop_ignore_values(
            inputs.get(column.key)))
    feature_column_v2.IdentityCategoricalColumn._transform_input_tensor = checked
    feature_column._IdentityCategoricalColumn._transform_feature = transformed


def _linear_models():
    """The weights of a linear model were resource variables."""
    from tensorflow.python.feature_column import feature_column
    from tensorflow.python.ops import variable_scope
    today = feature_column._LinearModel.__call__

    def call(this, *arguments, **named):
        with variable_scope.variable_scope(variable_scope.get_variable_scope(), use_resource=True,
                                           auxiliary_name_scope=False):
            return today(this, *arguments, **named)
    feature_column._LinearModel.__call__ = call


def _dense_features():
    """Keras's layer of columns did not ask whether it is in training."""
    for name in ("dense_features", "dense_features_v2"):
        module = importlib.import_module(f"tf_keras.src.feature_column.{name}")
        layer = module.DenseFeatures
        if "call" not in vars(layer):
            continue

        def call(this, features, cols_to_output_tensors=None, today=layer.call):
            return today(this, features, cols_to_output_tensors, training=False)
        layer.call = call
