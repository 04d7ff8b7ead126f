"""Optimizers around an optimizer: averages of weights, weights that are kept short, many tasks."""

import contextlib
import types

from tensorflow.python.framework import dtypes, ops, tensor
from tensorflow.python.ops import (
    array_ops,
    clip_ops,
    cond,
    control_flow_ops,
    math_ops,
    variables,
)
from tensorflow.python.training import moving_averages, optimizer, saver
from tensorflow.python.training.saving import saveable_object_util


class MovingAverageOptimizer(optimizer.Optimizer):
    """Keeps averages of the weights, which `swapping_saver` saves under the weights' names."""

    def __init__(self, opt, average_decay=0.9999, num_updates=None, sequential_update=True):
        self._optimizer, self._sequential = opt, sequential_update
        self._averages = moving_averages.ExponentialMovingAverage(average_decay,
                                                                  num_updates=num_updates)
        self._swapped = None

    def compute_gradients(self, *args, **kwargs):
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        step = self._optimizer.apply_gradients(grads_and_vars, global_step=global_step, name=name)
        weights = [variable for gradient, variable in grads_and_vars if gradient is not None]
        with ops.control_dependencies([step]) if self._sequential else contextlib.nullcontext():
            averaged = self._averages.apply(weights)
        self._swapped = {}
        for weight in weights:
            average = self._averages.average(weight)
            self._swapped[weight.op.name] = average.op.name
            self._swapped[average.op.name] = weight.op.name
        return control_flow_ops.group(step, averaged, name="train_with_avg")

    def swapping_saver(self, var_list=None, name="swapping_saver", **kwargs):
        """A Saver that saves a weight's average in its place, and the weight in the average's."""
        if self._swapped is None:
            raise RuntimeError("Must call apply_gradients or minimize before creating the "
                               "swapping_saver")
        if var_list is None:
            var_list = variables.global_variables()
        if not isinstance(var_list, dict):
            var_list = saveable_object_util.op_list_to_dict(var_list)
        known = {}
        for key, value in var_list.items():
            if isinstance(value, (list, variables.PartitionedVariable)):
                known.update((part.op.name, part) for part in value)
            else:
                known[key] = value

        def other(key, value):
            swapped = self._swapped.get(key)
            if swapped is not None and swapped not in known:
                raise ValueError(f"Variable to swap {swapped} is not part of variables to save. "
                                 "This breaks MovingAverageOptimizer.")
            return value if swapped is None else known[swapped]
        return saver.Saver({
            key: [other(part.op.name, part) for part in value] if isinstance(value, list)
            else other(key, value) for key, value in var_list.items()}, name=name, **kwargs)


class VariableClippingOptimizer(optimizer.Optimizer):
    """Keeps the norms of some weights, along some axes, below a number."""

    def __init__(self, opt, vars_to_clip_dims, max_norm, use_locking=False,
                 colocate_clip_ops_with_vars=False, name="VariableClipping"):
        super().__init__(use_locking, name)
        self._opt, self._max_norm = opt, max_norm
        self._axes = {variable.ref(): axes[:] for variable, axes in vars_to_clip_dims.items()}

    def compute_gradients(self, *args, **kwargs):
        return self._opt.compute_gradients(*args, **kwargs)

    def get_slot(self, *args, **kwargs):
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        return self._opt.get_slot_names(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        with ops.name_scope(name, self._name) as name:
            step = self._opt.apply_gradients(grads_and_vars, global_step=global_step)
            clipped = []
            with ops.control_dependencies([step]):
                for gradient, weight in grads_and_vars:
                    if gradient is None or weight.ref() not in self._axes:
                        continue
                    with ops.name_scope("clip_" + weight.op.name):
                        clipped.append(self._clip(gradient, weight))
            return control_flow_ops.group(step, *clipped, name=name)

    def _clip(self, gradient, weight):
        axes = self._axes[weight.ref()]
        if isinstance(gradient, tensor.Tensor) or 0 in axes:
            value = weight.read_value()
            return weight.assign_sub(value - clip_ops.clip_by_norm(value, self._max_norm, axes),
                                     use_locking=self._use_locking)
        rows = array_ops.gather(weight, gradient.indices)
        change = rows - clip_ops.clip_by_norm(rows, self._max_norm, axes)
        return weight.scatter_sub(type(gradient)(change, gradient.indices, gradient.dense_shape),
                                  use_locking=self._use_locking)


def _is_nothing(gradient):
    return math_ops.equal(math_ops.count_nonzero(gradient), 0)


class MultitaskOptimizerWrapper:
    """Leaves weights and slots alone where a gradient is all zeros, as of another task."""

    def __init__(self, opt):
        if not isinstance(opt, optimizer.Optimizer):
            raise TypeError("Supplied optimizer must be an instance of tf.train.Optimizer")
        self._opt = opt
        for name in ("_apply_dense", "_resource_apply_dense", "_apply_sparse",
                     "_resource_apply_sparse"):
            setattr(opt, name, types.MethodType(_unless_nothing(getattr(opt, name)), opt))

    def __getattr__(self, name):
        return getattr(self._opt, name)


def _unless_nothing(apply):
    def applied(_, gradient, *arguments, **named):
        def step():
            with ops.control_dependencies([apply(gradient, *arguments, **named)]):
                return control_flow_ops.no_op()
        return cond.cond(_is_nothing(gradient), control_flow_ops.no_op, step)
    return applied


def clip_gradients_by_global_norm(gradients_variables, clip_norm=20.0):
    """(gradients that are clipped and their variables, the norm of all that is not zero)."""
    gradients, weights = zip(*gradients_variables)

    def norm_of(gradient):
        if gradient is None:
            return None
        return cond.cond(_is_nothing(gradient), lambda: array_ops.zeros(
            [], dtype=dtypes.as_dtype(gradient.dtype)), lambda: gradient)
    norm = clip_ops.global_norm([norm_of(gradient) for gradient in gradients])
    gradients, _ = clip_ops.clip_by_global_norm(gradients, clip_norm, use_norm=norm)
    return list(zip(gradients, weights)), norm
