"""`tf.contrib.eager`: what 2.x kept under other names, and its networks."""

import functools
import threading

from tf1gan.legacy.names import Later, Restored
from tf1gan.legacy.restored.contrib import _eager_metrics

DROPPED = "2.0"
GIVES = ("ASYNC Checkpoint DEVICE_PLACEMENT_EXPLICIT DEVICE_PLACEMENT_SILENT "
         "DEVICE_PLACEMENT_WARN EagerVariableStore GradientTape Iterator Network SYNC Saver "
         "TensorSpec Variable custom_gradient defun enable_eager_execution executing_eagerly "
         "function gradients_function implicit_gradients implicit_value_and_gradients "
         "in_eager_mode list_devices make_template metrics num_gpus py_func "
         "run_all_tests_in_graph_and_eager_modes run_test_in_graph_and_eager_modes "
         "value_and_gradients_function")
NEEDS = ()
PATHS = ("python.tfe",)
REFUSED = {}


def make(given):
    from tensorflow.python.eager import backprop, context
    from tensorflow.python.ops import resource_variable_ops, script_ops, variable_scope
    tf, steps = given.tf, given.steps
    return dict(
        {name: getattr(context, name) for name in (
            "ASYNC", "SYNC", "DEVICE_PLACEMENT_EXPLICIT", "DEVICE_PLACEMENT_SILENT",
            "DEVICE_PLACEMENT_WARN")},
        EagerVariableStore=variable_scope.EagerVariableStore, Saver=_saver(tf),
        list_devices=lambda: context.context().devices(),
        metrics=Restored("tensorflow.contrib.eager.metrics", restored=_eager_metrics.make(tf)),
        enable_eager_execution=tf.enable_eager_execution,
        executing_eagerly=tf.executing_eagerly, in_eager_mode=tf.executing_eagerly,
        GradientTape=tf.GradientTape, custom_gradient=tf.custom_gradient,
        Variable=resource_variable_ops.ResourceVariable,
        implicit_gradients=backprop.implicit_grad,
        implicit_value_and_gradients=backprop.implicit_val_and_grad,
        gradients_function=backprop.gradients_function,
        value_and_gradients_function=backprop.val_and_grad_function,
        Checkpoint=tf.train.Checkpoint, TensorSpec=tf.TensorSpec, function=tf.function,
        py_func=script_ops.eager_py_func, num_gpus=context.num_gpus,
        make_template=tf.make_template, Iterator=iter, Network=Later(lambda: _network(tf)),
        run_test_in_graph_and_eager_modes=Later(lambda: _of_tests("run_in_graph_and_eager_modes")),
        run_all_tests_in_graph_and_eager_modes=Later(
            lambda: _of_tests("run_all_in_graph_and_eager_modes")),
        defun=lambda function=None, **options: steps.counted(_defun(tf, function, **options)))


def _saver(tf):
    class Saver:
        """A tf.train.Saver of variables that have values, without a session."""

        def __init__(self, var_list):
            self._saver = tf.train.Saver(var_list=var_list)

        def save(self, file_prefix, global_step=None):
            return self._saver.save(None, file_prefix, global_step, write_meta_graph=False)

        def restore(self, file_prefix):
            self._saver.restore(None, file_prefix)
    return Saver


def _of_tests(name):
    from tensorflow.python.framework import test_util
    return getattr(test_util, name)


def _defun(tf, function=None, input_signature=None, autograph=True,
           experimental_autograph_options=None):
    """A function that is traced once for each shape of its arguments; dropped by 2.x.

    tf.function traces once more where variables were made, and keeps these from the graph's
    collections.
    """
    if function is None:
        return lambda given: _defun(tf, given, input_signature, autograph,
                                    experimental_autograph_options)
    from tensorflow.core.function.capture import capture_container
    from tensorflow.core.function.polymorphism import function_cache
    from tensorflow.python.eager.polymorphic_function import (
        autograph_util,
        function_type_utils,
        tracing_compilation,
    )
    kind, defaults = function_type_utils.make_function_type(function, input_signature)
    converted = autograph_util.py_func_from_autograph(
        function, experimental_autograph_options) if autograph else function
    options = tracing_compilation.TracingOptions(
        converted, getattr(function, "__name__", "function"), polymorphic_type=kind,
        default_values=defaults, autograph=autograph, lock=threading.RLock(),
        function_cache=function_cache.FunctionCache(),
        function_captures=capture_container.FunctionCaptures())

    @functools.wraps(function)
    def traced(*arguments, **named):
        given = function_type_utils.bind_function_inputs(arguments, named, kind, defaults)
        return tracing_compilation.call_function(given.args, given.kwargs, options)
    traced.python_function = function
    return traced


def _network(tf):
    from tf1gan.legacy.restored.contrib import _networks
    return _networks.make(tf.keras)
