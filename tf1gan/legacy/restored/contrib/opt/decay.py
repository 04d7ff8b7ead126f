"""Weights that decay beside an optimizer's steps."""

import contextlib
import functools
import inspect

from tensorflow.python.framework import ops
from tensorflow.python.ops import (
    array_ops,
    control_flow_ops,
    resource_variable_ops,
    state_ops,
)
from tensorflow.python.training import adam, momentum

from tf1gan.legacy.restored.contrib.opt.adam_kin import read_after


class DecoupledWeightDecayExtension:
    """Stands before an optimizer: its weights decay beside its steps."""

    def __init__(self, weight_decay, **kwargs):
        self._weight_decay, self._decayed = weight_decay, None
        super().__init__(**kwargs)

    def minimize(self, *arguments, **named):
        """As the optimizer's own, with a last argument `decay_var_list`: what decays, if not all.
        """
        return super().minimize(*self._without_list(8, arguments, named), **named)

    def apply_gradients(self, *arguments, **named):
        """The same. As `minimize` calls it without the list, all weights decay then."""
        return super().apply_gradients(*self._without_list(3, arguments, named), **named)

    def _without_list(self, place, arguments, named):
        """Takes `decay_var_list` out of arguments; it is the one at `place` of those by order."""
        only = arguments[place] if len(arguments) > place else named.pop("decay_var_list", None)
        self._decayed = {weight.ref() for weight in only} if only else None
        return arguments[:place]

    def _prepare(self):
        decay = self._weight_decay
        ops.convert_to_tensor(decay() if callable(decay) else decay, name="weight_decay")
        super()._prepare()

    @contextlib.contextmanager
    def _after_decay(self, weight, indices=None, add=None):
        """What is made in it comes after a weight, or its rows, have decayed."""
        if self._decayed is not None and weight.ref() not in self._decayed:
            made = control_flow_ops.no_op()
        elif indices is None:
            made = weight.assign_sub(self._weight_decay * weight, self._use_locking)
        else:
            rows = array_ops.gather(weight, indices)
            made = add(weight, indices, -self._weight_decay * rows)
        with ops.control_dependencies([made]):
            yield

    def _apply_dense(self, grad, var):
        with self._after_decay(var):
            return super()._apply_dense(grad, var)

    def _resource_apply_dense(self, grad, var):
        with self._after_decay(var):
            return super()._resource_apply_dense(grad, var)

    def _apply_sparse(self, grad, var):
        add = functools.partial(state_ops.scatter_add, use_locking=self._use_locking)
        with self._after_decay(var, grad.indices, add):
            return super()._apply_sparse(grad, var)

    def _resource_apply_sparse(self, grad, var, indices):
        with self._after_decay(var, indices,
                               read_after(resource_variable_ops.resource_scatter_add)):
            return super()._resource_apply_sparse(grad, var, indices)


def extend_with_decoupled_weight_decay(base_optimizer):
    """A class of an optimizer whose weights decay: (weight_decay, its own arguments)."""
    return _decaying("OptimizerWithDecoupledWeightDecay", base_optimizer)


def _decaying(title, base, **usual):
    """The class of that title; `usual` are its own defaults of the optimizer's arguments."""
    class Decaying(DecoupledWeightDecayExtension, base):
        def __init__(self, weight_decay, *arguments, **named):
            by_order = inspect.signature(base.__init__).bind_partial(self, *arguments).arguments
            by_order = {name: value for name, value in by_order.items() if value is not self}
            super().__init__(weight_decay, **dict(usual, **by_order, **named))
    Decaying.__name__ = Decaying.__qualname__ = title
    return Decaying


MomentumWOptimizer = _decaying("MomentumWOptimizer", momentum.MomentumOptimizer, name="MomentumW")
AdamWOptimizer = _decaying("AdamWOptimizer", adam.AdamOptimizer, learning_rate=0.001,
                           name="AdamW")
