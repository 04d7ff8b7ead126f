"""Adam's kin: AdaMax, Nadam, lazy Adam; and Adagrad whose sums can be left alone."""

import contextlib
import functools
import itertools
import operator
from typing import Any, NamedTuple

from tensorflow.python.eager import context
from tensorflow.python.framework import ops
from tensorflow.python.ops import (
    array_ops,
    control_flow_ops,
    gen_training_ops,
    math_ops,
    resource_variable_ops,
    state_ops,
)
from tensorflow.python.training import adagrad, adam


def _cast(dtype, *values):
    return [math_ops.cast(value, dtype.base_dtype) for value in values]


class _Rows(NamedTuple):
    """How rows of a variable are written: by (variable, indices, values), which returns it."""
    add: Any
    put: Any


def _rows(optimizer, is_resource):
    """The Rows for one of the two kinds of variables."""
    if is_resource:
        return _Rows(optimizer._resource_scatter_add,
                     read_after(resource_variable_ops.resource_scatter_update))
    locking = optimizer._use_locking
    return _Rows(functools.partial(state_ops.scatter_add, use_locking=locking),
                 functools.partial(state_ops.scatter_update, use_locking=locking))


def read_after(scatter):
    """A scatter of resources that returns what the variable holds after it."""
    def written(variable, indices, values):
        with ops.control_dependencies([scatter(variable.handle, indices, values)]):
            return variable.value()
    return written


def _dense(optimizer, kernel, gradient, variable, argument, **options):
    """Runs a kernel of Adam's arguments, `argument` being what it takes for a variable."""
    weights = [variable] + [optimizer.get_slot(variable, slot) for slot in ("m", "v")]
    return kernel(*map(argument, weights), *optimizer._numbers(gradient.dtype), gradient,
                  use_locking=optimizer._use_locking, **options)


_ITSELF, _HANDLE = (lambda variable: variable), operator.attrgetter("handle")


class AdaMaxOptimizer(adam.AdamOptimizer):
    """Adam by the largest gradient, which has one power of beta, and a second slot of maxima."""

    def __init__(self, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, use_locking=False,
                 name="AdaMax"):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking=use_locking, name=name)

    def _power(self):
        graph = None if context.executing_eagerly() else ops.get_default_graph()
        return self._get_non_slot_variable("beta1_power", graph=graph)

    def _numbers(self, dtype):
        return _cast(dtype, self._power(), self._lr_t, self._beta1_t, self._beta2_t,
                     self._epsilon_t)

    def _create_slots(self, var_list):
        by_name = sorted(var_list, key=operator.attrgetter("name"))
        self._create_non_slot_variable(self._beta1, "beta1_power", by_name[0])
        for weight, slot in itertools.product(var_list, ("m", "v")):
            self._zeros_slot(weight, slot, self._name)

    def _apply_dense(self, grad, var):
        return _dense(self, gen_training_ops.apply_ada_max, grad, var, _ITSELF).op

    def _resource_apply_dense(self, grad, var):
        return _dense(self, gen_training_ops.resource_apply_ada_max, grad, var, _HANDLE)

    def _apply_sparse(self, grad, var):
        return self._by_rows(grad.values, var, grad.indices, _rows(self, is_resource=False))

    def _resource_apply_sparse(self, grad, var, indices):
        return self._by_rows(grad, var, indices, _rows(self, is_resource=True))

    def _by_rows(self, gradient, variable, indices, rows):
        power, rate, beta1, beta2, epsilon = self._numbers(variable.dtype)
        mean, largest = (self.get_slot(variable, slot) for slot in ("m", "v"))
        means = beta1 * array_ops.gather(mean, indices) + (1 - beta1) * gradient
        tops = math_ops.maximum(beta2 * array_ops.gather(largest, indices),
                                math_ops.abs(gradient))
        step = -rate / (1 - power) * (means / (epsilon + tops))
        return control_flow_ops.group(rows.put(mean, indices, means),
                                      rows.put(largest, indices, tops),
                                      rows.add(variable, indices, step))

    def _finish(self, update_ops, name_scope):
        power = self._power()
        with ops.control_dependencies(update_ops), ops.colocate_with(power):
            raised = power.assign(self._beta1_t * power, use_locking=self._use_locking)
        return control_flow_ops.group(raised, *update_ops, name=name_scope)


class NadamOptimizer(adam.AdamOptimizer):
    """Adam with Nesterov's momentum."""

    def _numbers(self, dtype):
        return _cast(dtype, *self._get_beta_accumulators(), self._lr_t, self._beta1_t,
                     self._beta2_t, self._epsilon_t)

    def _apply_dense(self, grad, var):
        return _dense(self, gen_training_ops.apply_adam, grad, var, _ITSELF,
                      use_nesterov=True).op

    def _resource_apply_dense(self, grad, var):
        return _dense(self, gen_training_ops.resource_apply_adam, grad, var, _HANDLE,
                      use_nesterov=True)

    def _apply_sparse_shared(self, grad, var, indices, scatter_add):
        power1, power2, rate, beta1, beta2, epsilon = self._numbers(var.dtype)
        rate = rate * math_ops.sqrt(1 - power2) / (1 - power1)

        def moved(slot, beta, share):
            """A slot that decays whole, and to whose rows a share of the gradient is added."""
            slot = self.get_slot(var, slot)
            decayed = state_ops.assign(slot, slot * beta, use_locking=self._use_locking)
            with ops.control_dependencies([decayed]):
                return scatter_add(slot, indices, share)
        share = grad * (1 - beta1)
        ahead = share + beta1 * array_ops.gather(moved("m", beta1, share), indices)
        squares = moved("v", beta2, grad * grad * (1 - beta2))
        root = math_ops.sqrt(array_ops.gather(squares, indices))
        step = scatter_add(var, indices, -rate * ahead / (root + epsilon))
        return control_flow_ops.group(step, ahead, squares)


class LazyAdamOptimizer(adam.AdamOptimizer):
    """Adam that leaves the rows alone that a sparse gradient has not got."""

    def _sparse_parts(self, dtype, gradient, indices, mean, square):
        power1, power2, rate, beta1, beta2, epsilon = _cast(
            dtype, *self._get_beta_accumulators(), self._lr_t, self._beta1_t, self._beta2_t,
            self._epsilon_t)
        rate = rate * math_ops.sqrt(1 - power2) / (1 - power1)
        means = beta1 * array_ops.gather(mean, indices) + (1 - beta1) * gradient
        squares = beta2 * array_ops.gather(square, indices) \
            + (1 - beta2) * math_ops.square(gradient)
        return rate, means, squares, epsilon

    def _apply_sparse(self, grad, var):
        mean, square = self.get_slot(var, "m"), self.get_slot(var, "v")
        rate, means, squares, epsilon = self._sparse_parts(var.dtype, grad.values, grad.indices,
                                                           mean, square)
        new_mean, new_square = (
            state_ops.scatter_update(slot, grad.indices, rows, use_locking=self._use_locking)
            for slot, rows in ((mean, means), (square, squares)))
        means, squares = (array_ops.gather(slot, grad.indices)
                          for slot in (new_mean, new_square))
        root = math_ops.sqrt(squares) + epsilon
        step = state_ops.scatter_sub(var, grad.indices, rate * means / root,
                                     use_locking=self._use_locking)
        return control_flow_ops.group(step, new_mean, new_square)

    def _resource_apply_sparse(self, grad, var, indices):
        mean, square = self.get_slot(var, "m"), self.get_slot(var, "v")
        rate, means, squares, epsilon = self._sparse_parts(var.dtype, grad, indices, mean, square)
        updates = [resource_variable_ops.resource_scatter_update(slot.handle, indices, rows)
                   for slot, rows in ((mean, means), (square, squares))]
        change = rate * means / (math_ops.sqrt(squares) + epsilon)
        return control_flow_ops.group(resource_variable_ops.resource_scatter_sub(
            var.handle, indices, change), *updates)


class RegAdagradOptimizer(adagrad.AdagradOptimizer):
    """Adagrad whose sums can be left alone, by `with avoid_updating_slots()`."""

    def __init__(self, learning_rate, initial_accumulator_value=0.1, use_locking=False,
                 name="RegAdagrad"):
        super().__init__(learning_rate, initial_accumulator_value=initial_accumulator_value,
                         use_locking=use_locking, name=name)
        self._updates = True

    @contextlib.contextmanager
    def avoid_updating_slots(self):
        before, self._updates = self._updates, False
        try:
            yield
        finally:
            self._updates = before

    def _apply_dense(self, grad, var):
        return gen_training_ops.apply_adagrad(
            var, self.get_slot(var, "accumulator"),
            *_cast(var.dtype, self._learning_rate_tensor), grad, use_locking=self._use_locking,
            update_slots=self._updates)

    def _resource_apply_dense(self, grad, var):
        return gen_training_ops.resource_apply_adagrad(
            var.handle, self.get_slot(var, "accumulator").handle,
            *_cast(grad.dtype, self._learning_rate_tensor), grad, use_locking=self._use_locking,
            update_slots=self._updates)

    def _apply_sparse(self, grad, var):
        return gen_training_ops.sparse_apply_adagrad(
            var, self.get_slot(var, "accumulator"),
            *_cast(var.dtype, self._learning_rate_tensor), grad.values, grad.indices,
            use_locking=self._use_locking, update_slots=self._updates)

    def _resource_apply_sparse(self, grad, var, indices):
        return gen_training_ops.resource_sparse_apply_adagrad(
            var.handle, self.get_slot(var, "accumulator").handle,
            *_cast(grad.dtype, self._learning_rate_tensor), grad, indices,
            use_locking=self._use_locking, update_slots=self._updates)
