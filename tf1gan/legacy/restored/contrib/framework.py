"""`tf.contrib.framework`: tf_slim's variables and arg_scope, and what TensorFlow has elsewhere."""

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.names import Restored

DROPPED = "2.0"
GIVES = None            # tf_slim's
NEEDS = ("tf_slim",)
PATHS = ("python.framework", "python.ops")
REFUSED = {"zero_initializer": "its operation was compiled into contrib; a variable's initializer, "
                               "or tf.assign of tf.zeros_like, sets it to 0"}


def make(given):
    from tensorflow.python.framework import smart_cond
    from tensorflow.python.ops import confusion_matrix
    from tensorflow.python.util import nest
    tf, variables, arg_scope = given.tf, *(
        slim_repairs.module(f"ops.{name}") for name in ("variables", "arg_scope"))
    names = {}
    for module in (slim_repairs.module("ops.framework_ops"), variables, arg_scope):
        names.update({name: value for name, value in vars(module).items()
                      if not name.startswith("_") and callable(value)})

    def assert_scalar_int(tensor, name=None):
        """Raises an error unless a tensor is one whole number; returns it."""
        with tf.name_scope(name, "assert_scalar_int", [tensor]) as scope:
            tensor = tf.convert_to_tensor(tensor)
            if not tensor.dtype.base_dtype.is_integer:
                raise ValueError(f"{tensor.name} is no whole number, but of {tensor.dtype}.")
            return tf.debugging.assert_scalar(tensor, name=scope)

    def reduce_sum_n(tensors, name=None):
        """The sum of all elements of tensors."""
        if not tensors:
            raise ValueError("There is no tensor.")
        with tf.name_scope(name, "reduce_sum_n", tensors) as scope:
            sums = [tf.reduce_sum(tensor, name=tensor.op.name + "/sum") for tensor in tensors]
            return sums[0] if len(sums) == 1 else tf.add_n(sums, name=scope)

    def remove_squeezable_dimensions(predictions, labels, name=None):
        """Both, of as many axes: the last of the one with more is gone, if it has one element."""
        labels, predictions = confusion_matrix.remove_squeezable_dimensions(
            labels, predictions, name=name)
        return predictions, labels
    names.update(assert_scalar_int=assert_scalar_int, reduce_sum_n=reduce_sum_n,
                 remove_squeezable_dimensions=remove_squeezable_dimensions,
                 assert_scalar=tf.debugging.assert_scalar,
                 assert_same_float_dtype=tf.debugging.assert_same_float_dtype,
                 convert_to_tensor_or_sparse_tensor=tf.convert_to_tensor_or_sparse_tensor,
                 smart_constant_value=smart_cond.smart_constant_value)
    names.update(nest=nest, is_tensor=tf.is_tensor, sort=tf.sort, argsort=tf.argsort,
                 load_checkpoint=tf.train.load_checkpoint,
                 load_variable=tf.train.load_variable,
                 list_variables=tf.train.list_variables,
                 init_from_checkpoint=tf.train.init_from_checkpoint,
                 TensorSpec=tf.TensorSpec, smart_cond=smart_cond.smart_cond,
                 get_name_scope=lambda: tf.get_default_graph().get_name_scope())
    names["python"] = Restored("python", restored={"ops": Restored("ops", restored={
        "variables": variables})})
    return names
