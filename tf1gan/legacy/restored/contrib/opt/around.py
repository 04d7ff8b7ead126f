"""Optimizers around an optimizer: averages of weights, weights that are kept short, many tasks."""

import contextlib
import functools
import types

from tensorflow.python.framework import ops, tensor
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
            raise RuntimeError("There are no averages before minimize, or apply_gradients, is "
                               "called.")
        saved = variables.global_variables() if var_list is None else var_list
        saved = saved if isinstance(saved, dict) else saveable_object_util.op_list_to_dict(saved)
        known = {}
        for key, value in saved.items():
            if isinstance(value, (list, variables.PartitionedVariable)):
                known.update((part.op.name, part) for part in value)
            else:
                known[key] = value

        def other(key, value):
            swapped = self._swapped.get(key)
            if swapped is not None and swapped not in known:
                raise ValueError(f"{key} is saved as its average {swapped}, which is not among "
                                 "the variables to save.")
            return value if swapped is None else known[swapped]
        return saver.Saver({
            key: [other(part.op.name, part) for part in value] if isinstance(value, list)
            else other(key, value) for key, value in saved.items()}, name=name, **kwargs)


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
        with ops.name_scope(name, self._name) as scope:
            step = self._opt.apply_gradients(grads_and_vars, global_step=global_step)
            with ops.control_dependencies([step]):
                shortened = [self._shorten(weight, gradient) for gradient, weight in grads_and_vars
                             if gradient is not None and weight.ref() in self._axes]
            return control_flow_ops.group(step, *shortened, name=scope)

    def _shorten(self, weight, gradient):
        """Takes away what a weight, or the rows that were moved, have too much of."""
        axes = self._axes[weight.ref()]

        def surplus(values):
            return values - clip_ops.clip_by_norm(values, self._max_norm, axes)
        with ops.name_scope(f"clip_{weight.op.name}"):
            if not isinstance(gradient, tensor.Tensor) and 0 not in axes:
                rows = surplus(array_ops.gather(weight, gradient.indices))
                return weight.scatter_sub(
                    type(gradient)(rows, gradient.indices, gradient.dense_shape),
                    use_locking=self._use_locking)
            return weight.assign_sub(surplus(weight.read_value()), use_locking=self._use_locking)


def _is_nothing(gradient):
    return math_ops.equal(math_ops.count_nonzero(gradient), 0)


class MultitaskOptimizerWrapper:
    """Leaves weights and slots alone where a gradient is all zeros, as of another task."""

    def __init__(self, opt):
        if not isinstance(opt, optimizer.Optimizer):
            raise TypeError(f"{opt} is no tf.train.Optimizer.")
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
    pairs = list(gradients_variables)

    def counted(gradient):
        zero = functools.partial(array_ops.zeros, [], gradient.dtype.base_dtype)
        return cond.cond(_is_nothing(gradient), zero, lambda: gradient)
    norm = clip_ops.global_norm([None if gradient is None else counted(gradient)
                                 for gradient, _ in pairs])
    clipped = clip_ops.clip_by_global_norm([gradient for gradient, _ in pairs], clip_norm, norm)[0]
    return [(gradient, weight) for gradient, (_, weight) in zip(clipped, pairs)], norm
