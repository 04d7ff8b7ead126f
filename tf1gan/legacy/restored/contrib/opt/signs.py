"""Optimizers by signs, and by the ratio of weights to their gradients."""

import math

from tensorflow.python.framework import constant_op, dtypes, ops
from tensorflow.python.ops import (
    array_ops,
    control_flow_ops,
    gen_training_ops,
    linalg_ops,
    math_ops,
    state_ops,
)
from tensorflow.python.training import optimizer


class _BySigns(optimizer.Optimizer):
    """Steps are larger where a gradient and its mean agree."""

    _apply, _resource_apply = None, None

    def __init__(self, learning_rate, base, beta, sign_decay_fn, use_locking, name):
        super().__init__(use_locking, name)
        self._settings = learning_rate, base, beta
        self._sign_decay_fn = sign_decay_fn

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        if self._sign_decay_fn is not None:
            self._decay = ops.convert_to_tensor(self._sign_decay_fn(global_step),
                                                name="sign_decay")
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _create_slots(self, var_list):
        for weight in var_list:
            self._zeros_slot(weight, "m", self._name)

    def _prepare(self):
        rate, base, beta = self._settings
        self._rate = ops.convert_to_tensor(rate, name="learning_rate")
        self._beta = ops.convert_to_tensor(beta, name="beta")
        self._base = ops.convert_to_tensor(base, name=self._name_of_base)
        if self._sign_decay_fn is None:
            self._decay = ops.convert_to_tensor(1.0, name="sign_decay")

    def _numbers(self, dtype):
        return [math_ops.cast(value, dtype.base_dtype)
                for value in (self._rate, self._base, self._decay, self._beta)]

    def _apply_dense(self, grad, var):
        return type(self)._apply(var, self.get_slot(var, "m"), *self._numbers(var.dtype), grad,
                                 use_locking=self._use_locking).op

    def _resource_apply_dense(self, grad, var):
        return type(self)._resource_apply(
            var.handle, self.get_slot(var, "m").handle, *self._numbers(var.dtype), grad,
            use_locking=self._use_locking)

    def _apply_sparse(self, grad, var):
        rate, base, decay, beta = self._numbers(var.dtype)
        mean = self.get_slot(var, "m")
        new_mean = state_ops.assign(mean, mean * beta + grad * (1 - beta),
                                    use_locking=self._use_locking)
        agrees = array_ops.gather(math_ops.sign(new_mean), grad.indices) \
            * math_ops.sign(grad.values)
        step = state_ops.scatter_sub(
            var, grad.indices, rate * self._factor(base, decay, agrees) * grad.values,
            use_locking=self._use_locking)
        return control_flow_ops.group(step, new_mean)


class AddSignOptimizer(_BySigns):
    """alpha + sign(gradient) sign(mean) times the gradient."""

    _apply, _resource_apply = gen_training_ops.apply_add_sign, \
        gen_training_ops.resource_apply_add_sign
    _name_of_base = "alpha"

    def __init__(self, learning_rate=0.1, alpha=1.0, beta=0.9, sign_decay_fn=None,
                 use_locking=False, name="AddSignOptimizer"):
        super().__init__(learning_rate, alpha, beta, sign_decay_fn, use_locking, name)

    def _factor(self, alpha, decay, agrees):
        return alpha + decay * agrees


class PowerSignOptimizer(_BySigns):
    """base ** (sign(gradient) sign(mean)) times the gradient."""

    _apply, _resource_apply = gen_training_ops.apply_power_sign, \
        gen_training_ops.resource_apply_power_sign
    _name_of_base = "logbase"

    def __init__(self, learning_rate=0.1, base=math.e, beta=0.9, sign_decay_fn=None,
                 use_locking=False, name="PowerSignOptimizer"):
        super().__init__(learning_rate, math.log(base), beta, sign_decay_fn, use_locking, name)

    def _factor(self, logarithm, decay, agrees):
        return math_ops.pow(math_ops.cast(math.e, agrees.dtype), logarithm * decay * agrees)


def _part(global_step, decay_steps):
    return math_ops.cast(global_step, dtypes.float32) / math_ops.cast(decay_steps, dtypes.float32)


def _until(global_step, decay_steps, of):
    if global_step is None:
        raise ValueError(f"{of} goes by global_step, which is not given.")
    return math_ops.minimum(global_step, decay_steps)


def _cosine(fraction):
    return 0.5 * (1.0 + math_ops.cos(constant_op.constant(math.pi) * fraction))


def get_linear_decay_fn(decay_steps):
    """From 1 to 0 in so many steps."""
    def decay(global_step):
        step = _until(global_step, decay_steps, "linear_decay")
        left = math_ops.cast(decay_steps, dtypes.int32) - math_ops.cast(step, dtypes.int32)
        return math_ops.maximum(0.0, _part(left, decay_steps))
    return decay


def get_cosine_decay_fn(decay_steps, num_periods=0.5, zero_after=None):
    """Along a cosine; 0 after so many periods."""
    def decay(global_step):
        step = _until(global_step, decay_steps, "cosine_decay")
        fraction = 2.0 * num_periods * _part(step, decay_steps)
        decayed = _cosine(fraction)
        if zero_after is None:
            return decayed
        return array_ops.where(math_ops.greater_equal(fraction, 2 * zero_after), 0.0, decayed)
    return decay


def get_restart_decay_fn(decay_steps, num_periods=1, zero_after=None):
    """Along half a cosine, again and again."""
    def decay(global_step):
        step = _until(global_step, decay_steps, "cosine_decay")
        place = math_ops.mod(num_periods * math_ops.cast(step, dtypes.float32), decay_steps)
        decayed = _cosine(place / math_ops.cast(decay_steps, dtypes.float32))
        if zero_after is None:
            return decayed
        passed = _part(num_periods * step, decay_steps)
        return array_ops.where(math_ops.greater_equal(passed, zero_after), 0.0, decayed)
    return decay


class LARSOptimizer(optimizer.Optimizer):
    """Momentum whose rate goes by the ratio of a weight's norm to its gradient's."""

    def __init__(self, learning_rate, momentum=0.9, weight_decay=0.0001, eeta=0.001, epsilon=0.0,
                 name="LARSOptimizer", skip_list=None, use_nesterov=False):
        for what, value in (("momentum", momentum), ("weight_decay", weight_decay)):
            if value < 0.0:
                raise ValueError(f"{what} is {value}, not above 0.")
        super().__init__(use_locking=False, name=name)
        self._rate, self._momentum, self._weight_decay = learning_rate, momentum, weight_decay
        self._eeta, self._epsilon = eeta, epsilon
        self._skipped, self._use_nesterov = skip_list or (), use_nesterov

    def _create_slots(self, var_list):
        for weight in var_list:
            self._zeros_slot(weight, "momentum", self._name)

    def _prepare(self):
        self._rate_now, self._momentum_now = (
            ops.convert_to_tensor(value() if callable(value) else value, name=name)
            for value, name in ((self._rate, "learning_rate"), (self._momentum, "momentum")))

    def compute_lr(self, grad, var):
        """(rate, gradient with the weight's decay)."""
        if any(part in var.name for part in self._skipped):
            return self._rate, grad
        size, slope = linalg_ops.norm(var, ord=2), linalg_ops.norm(grad, ord=2)
        ratio = array_ops.where(math_ops.greater(size, 0), array_ops.where(
            math_ops.greater(slope, 0), self._eeta * size / (
                slope + self._weight_decay * size + self._epsilon), 1.0), 1.0)
        return self._rate * ratio, grad + self._weight_decay * var

    def _apply_dense(self, grad, var):
        rate, grad = self.compute_lr(grad, var)
        return gen_training_ops.apply_momentum(
            var, self.get_slot(var, "momentum"), math_ops.cast(1.0, var.dtype.base_dtype),
            grad * rate, self._momentum, use_locking=False, use_nesterov=self._use_nesterov)

    def _resource_apply_dense(self, grad, var):
        rate, grad = self.compute_lr(grad, var)
        return gen_training_ops.resource_apply_momentum(
            var.handle, self.get_slot(var, "momentum").handle,
            math_ops.cast(1.0, var.dtype.base_dtype), grad * rate, self._momentum,
            use_locking=False, use_nesterov=self._use_nesterov)

    def _apply_sparse(self, grad, var):
        rate, momentum = self._numbers(var.dtype)
        return gen_training_ops.sparse_apply_momentum(
            var, self.get_slot(var, "momentum"), rate, grad.values, grad.indices, momentum,
            use_locking=self._use_locking, use_nesterov=self._use_nesterov).op

    def _resource_apply_sparse(self, grad, var, indices):
        rate, momentum = self._numbers(grad.dtype)
        return gen_training_ops.resource_sparse_apply_momentum(
            var.handle, self.get_slot(var, "momentum").handle, rate, grad, indices, momentum,
            use_locking=self._use_locking, use_nesterov=self._use_nesterov)

    def _numbers(self, dtype):
        return [math_ops.cast(value, dtype.base_dtype)
                for value in (self._rate_now, self._momentum_now)]
