"""Adam's kin: AdaMax, Nadam, lazy Adam; and weights that decay beside an optimizer's step."""

import contextlib

from tensorflow.python.framework import ops
from tensorflow.python.ops import (
    array_ops,
    control_flow_ops,
    gen_training_ops,
    math_ops,
    resource_variable_ops,
    state_ops,
)
from tensorflow.python.training import adagrad, adam, momentum, optimizer


def _cast(dtype, *values):
    return [math_ops.cast(value, dtype.base_dtype) for value in values]


class AdaMaxOptimizer(adam.AdamOptimizer):
    """Adam by the largest gradient."""

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08,
                 use_locking=False, name="AdaMax"):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _get_beta_accumulators(self):
        return self._get_non_slot_variable("beta1_power", graph=ops.get_default_graph())

    def _create_slots(self, var_list):
        self._create_non_slot_variable(initial_value=self._beta1, name="beta1_power",
                                       colocate_with=min(var_list, key=lambda one: one.name))
        for weight in var_list:
            self._zeros_slot(weight, "m", self._name)
            self._zeros_slot(weight, "v", self._name)

    def _numbers(self, dtype):
        return _cast(dtype, self._get_beta_accumulators(), self._lr_t, self._beta1_t,
                     self._beta2_t, self._epsilon_t)

    def _apply_dense(self, grad, var):
        return gen_training_ops.apply_ada_max(
            var, self.get_slot(var, "m"), self.get_slot(var, "v"), *self._numbers(var.dtype), grad,
            use_locking=self._use_locking).op

    def _resource_apply_dense(self, grad, var):
        return gen_training_ops.resource_apply_ada_max(
            var.handle, self.get_slot(var, "m").handle, self.get_slot(var, "v").handle,
            *self._numbers(grad.dtype), grad, use_locking=self._use_locking)

    def _apply_sparse_shared(self, grad, var, indices, scatter_add, scatter_update):
        power, rate, beta1, beta2, epsilon = self._numbers(var.dtype)
        mean, largest = self.get_slot(var, "m"), self.get_slot(var, "v")
        means = array_ops.gather(mean, indices) * beta1 + grad * (1 - beta1)
        with ops.control_dependencies([means]):
            new_mean = scatter_update(mean, indices, means)
        tops = math_ops.maximum(array_ops.gather(largest, indices) * beta2, math_ops.abs(grad))
        with ops.control_dependencies([tops]):
            new_largest = scatter_update(largest, indices, tops)
        change = -rate / (1 - power) * (means / (tops + epsilon))
        with ops.control_dependencies([change]):
            step = scatter_add(var, indices, change)
        return control_flow_ops.group(step, new_mean, new_largest)

    def _apply_sparse(self, grad, var):
        return self._apply_sparse_shared(
            grad.values, var, grad.indices,
            lambda x, i, v: state_ops.scatter_add(x, i, v, use_locking=self._use_locking),
            lambda x, i, v: state_ops.scatter_update(x, i, v, use_locking=self._use_locking))

    def _resource_scatter_update(self, x, i, v):
        with ops.control_dependencies(
                [resource_variable_ops.resource_scatter_update(x.handle, i, v)]):
            return x.value()

    def _resource_apply_sparse(self, grad, var, indices):
        return self._apply_sparse_shared(grad, var, indices, self._resource_scatter_add,
                                         self._resource_scatter_update)

    def _finish(self, update_ops, name_scope):
        with ops.control_dependencies(update_ops):
            power = self._get_beta_accumulators()
            with ops.colocate_with(power):
                update = power.assign(power * self._beta1_t, use_locking=self._use_locking)
        return control_flow_ops.group(*update_ops, update, name=name_scope)


class NadamOptimizer(adam.AdamOptimizer):
    """Adam with Nesterov's momentum."""

    def _numbers(self, dtype):
        return _cast(dtype, *self._get_beta_accumulators(), self._lr_t, self._beta1_t,
                     self._beta2_t, self._epsilon_t)

    def _apply_dense(self, grad, var):
        return gen_training_ops.apply_adam(
            var, self.get_slot(var, "m"), self.get_slot(var, "v"), *self._numbers(var.dtype), grad,
            use_locking=self._use_locking, use_nesterov=True).op

    def _resource_apply_dense(self, grad, var):
        return gen_training_ops.resource_apply_adam(
            var.handle, self.get_slot(var, "m").handle, self.get_slot(var, "v").handle,
            *self._numbers(grad.dtype), grad, use_locking=self._use_locking, use_nesterov=True)

    def _apply_sparse_shared(self, grad, var, indices, scatter_add):
        power1, power2, rate, beta1, beta2, epsilon = self._numbers(var.dtype)
        rate = rate * math_ops.sqrt(1 - power2) / (1 - power1)
        mean, square = self.get_slot(var, "m"), self.get_slot(var, "v")
        part = grad * (1 - beta1)
        new_mean = state_ops.assign(mean, mean * beta1, use_locking=self._use_locking)
        with ops.control_dependencies([new_mean]):
            new_mean = scatter_add(mean, indices, part)
            ahead = part + beta1 * array_ops.gather(new_mean, indices)
        part = grad * grad * (1 - beta2)
        new_square = state_ops.assign(square, square * beta2, use_locking=self._use_locking)
        with ops.control_dependencies([new_square]):
            new_square = scatter_add(square, indices, part)
        root = math_ops.sqrt(array_ops.gather(new_square, indices))
        step = scatter_add(var, indices, -rate * ahead / (root + epsilon))
        return control_flow_ops.group(step, ahead, new_square)


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


# -- Decay -----------------------------------------------------------------------------------

class DecoupledWeightDecayExtension:
    """Stands before an optimizer: its weights decay beside its steps."""

    def __init__(self, weight_decay, **kwargs):
        self._weight_decay, self._decayed = weight_decay, None
        super().__init__(**kwargs)

    def minimize(self, loss, global_step=None, var_list=None,
                 gate_gradients=optimizer.Optimizer.GATE_OP, aggregation_method=None,
                 colocate_gradients_with_ops=False, name=None, grad_loss=None,
                 decay_var_list=None):
        self._decay_only(decay_var_list)
        return super().minimize(
            loss, global_step=global_step, var_list=var_list, gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops, name=name,
            grad_loss=grad_loss)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None, decay_var_list=None):
        # As `minimize` calls this without a list, all weights decay then.
        self._decay_only(decay_var_list)
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _decay_only(self, weights):
        self._decayed = {weight.ref() for weight in weights} if weights else None

    def _prepare(self):
        decay = self._weight_decay
        ops.convert_to_tensor(decay() if callable(decay) else decay, name="weight_decay")
        super()._prepare()

    def _decays(self, weight):
        return self._decayed is None or weight.ref() in self._decayed

    def _decay(self, weight):
        if self._decays(weight):
            return weight.assign_sub(self._weight_decay * weight, self._use_locking)
        return control_flow_ops.no_op()

    def _decay_rows(self, weight, indices, scatter_add):
        if self._decays(weight):
            change = -self._weight_decay * array_ops.gather(weight, indices)
            return scatter_add(weight, indices, change, self._use_locking)
        return control_flow_ops.no_op()

    def _apply_dense(self, grad, var):
        with ops.control_dependencies([self._decay(var)]):
            return super()._apply_dense(grad, var)

    def _resource_apply_dense(self, grad, var):
        with ops.control_dependencies([self._decay(var)]):
            return super()._resource_apply_dense(grad, var)

    def _apply_sparse(self, grad, var):
        with ops.control_dependencies(
                [self._decay_rows(var, grad.indices, state_ops.scatter_add)]):
            return super()._apply_sparse(grad, var)

    def _resource_scatter_add(self, x, i, v, _=None):
        with ops.control_dependencies(
                [resource_variable_ops.resource_scatter_add(x.handle, i, v)]):
            return x.value()

    def _resource_apply_sparse(self, grad, var, indices):
        with ops.control_dependencies(
                [self._decay_rows(var, indices, self._resource_scatter_add)]):
            return super()._resource_apply_sparse(grad, var, indices)


def extend_with_decoupled_weight_decay(base_optimizer):
    """A class of an optimizer whose weights decay: (weight_decay, its own arguments by name)."""
    class OptimizerWithDecoupledWeightDecay(DecoupledWeightDecayExtension, base_optimizer):
        def __init__(self, weight_decay, *args, **kwargs):
            super().__init__(weight_decay, *args, **kwargs)
    return OptimizerWithDecoupledWeightDecay


class MomentumWOptimizer(DecoupledWeightDecayExtension, momentum.MomentumOptimizer):
    def __init__(self, weight_decay, learning_rate, momentum, use_locking=False, name="MomentumW",
                 use_nesterov=False):
        super().__init__(weight_decay, learning_rate=learning_rate, momentum=momentum,
                         use_locking=use_locking, name=name, use_nesterov=use_nesterov)


class AdamWOptimizer(DecoupledWeightDecayExtension, adam.AdamOptimizer):
    def __init__(self, weight_decay, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08,
                 use_locking=False, name="AdamW"):
        super().__init__(weight_decay, learning_rate=learning_rate, beta1=beta1, beta2=beta2,
                         epsilon=epsilon, use_locking=use_locking, name=name)
