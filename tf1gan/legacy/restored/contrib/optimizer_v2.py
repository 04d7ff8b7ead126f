"""`tf.contrib.optimizer_v2`: optimizers of the same numbers as tf.train's.

How many operations 1.15.5 made is not counted: seeds after them are said to be unknown.
"""

DROPPED = "2.0"
GIVES = """
AdadeltaOptimizer AdagradOptimizer AdamOptimizer GradientDescentOptimizer MomentumOptimizer
RMSPropOptimizer
"""
NEEDS = ()
PATHS = ("optimizer_v2_symbols", "adadelta", "adagrad", "adam", "gradient_descent", "momentum",
         "rmsprop")
REFUSED = {"OptimizerV2": "its methods for optimizers of one's own had a state as an argument; "
                          "tf.train.Optimizer's have none"}


def make(given):
    train = given.tf.train
    return {name: _of(_with_small_means(train.RMSPropOptimizer) if name == "RMSPropOptimizer"
                      else getattr(train, name), name, given.seeds) for name in GIVES.split()}


def _with_small_means(today):
    """RMSProp with epsilon as the first mean of squares, where tf.train's is 1 and adds it."""
    class RMSProp(today):

        def _create_slots(self, var_list):
            import tensorflow.compat.v1 as tf
            for variable in var_list:
                kind = variable.dtype.base_dtype
                first = tf.cast(self._call_if_callable(self._epsilon), kind) \
                    * tf.ones_like(variable)
                self._get_or_make_slot_with_initializer(
                    variable, first, variable.shape, kind, "rms", self._name)
                if self._centered:
                    self._zeros_slot(variable, "mg", self._name)
                self._zeros_slot(variable, "momentum", self._name)

        def _prepare(self):
            super()._prepare()
            self._epsilon_tensor = self._epsilon_tensor * 0
    return RMSProp


def _of(today, name, seeds):
    class Optimizer(today):

        def apply_gradients(self, grads_and_vars, global_step=None, name=None):
            made = super().apply_gradients(grads_and_vars, global_step, name)
            seeds.inexact_from_here("tf.contrib.optimizer_v2." + type(self).__name__)
            return made
    Optimizer.__name__ = Optimizer.__qualname__ = name
    Optimizer.__doc__ = f"tf.train's {name}, under its second name."
    return Optimizer
