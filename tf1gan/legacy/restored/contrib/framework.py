"""`tf.contrib.framework`: tf_slim's variables and arg_scope, and what TensorFlow has elsewhere."""

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.names import Restored

DROPPED = "2.0"
GIVES = None            # tf_slim's
NEEDS = ("tf_slim",)
PATHS = ("python.framework", "python.ops")
REFUSED = {}


def make(given):
    from tensorflow.python.framework import smart_cond
    from tensorflow.python.util import nest
    tf, variables, arg_scope = given.tf, *(
        slim_repairs.module(f"ops.{name}") for name in ("variables", "arg_scope"))
    names = {}
    for module in (slim_repairs.module("ops.framework_ops"), variables, arg_scope):
        names.update({name: value for name, value in vars(module).items()
                      if not name.startswith("_") and callable(value)})
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
