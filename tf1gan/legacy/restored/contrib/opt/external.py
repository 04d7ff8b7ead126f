"""Optimizers outside the graph: SciPy's, which ask it for losses and gradients."""

import numpy as np
from tensorflow.python.framework import ops
from tensorflow.python.ops import array_ops, gradients_impl, variables
from tensorflow.python.platform import tf_logging


class ExternalOptimizerInterface:
    """Packs weights and gradients into one vector for `_minimize`, which a subclass has."""

    def __init__(self, loss, var_list=None, equalities=None, inequalities=None, var_to_bounds=None,
                 **optimizer_kwargs):
        self._loss, self._equalities, self._inequalities = loss, equalities or [], \
            inequalities or []
        self._vars = variables.trainable_variables() if var_list is None else list(var_list)
        self._shapes = [tuple(weight.shape.as_list()) for weight in self._vars]
        self._packed_bounds = self._bounds(var_to_bounds)
        self._fed = [array_ops.placeholder(weight.dtype) for weight in self._vars]
        self._updates = [weight.assign(array_ops.reshape(value, shape))
                         for weight, value, shape in zip(self._vars, self._fed, self._shapes)]
        losses = [loss] + self._equalities + self._inequalities
        slopes = [self._gradients(one) for one in losses]
        self.optimizer_kwargs = optimizer_kwargs
        self._packed_var = self._pack(self._vars)
        packed = [self._pack(one) for one in slopes]
        first = 1 + len(self._equalities)
        self._packed_loss_grad = packed[0]
        self._equality_grads, self._inequality_grads = packed[1:first], packed[first:]
        ends = np.cumsum([0] + [int(np.prod(shape)) for shape in self._shapes])
        self._slices = [slice(start, end) for start, end in zip(ends[:-1], ends[1:])]

    def _bounds(self, of):
        if of is None:
            return None
        of = {weight.ref(): bounds for weight, bounds in of.items()}
        sides = [], []
        for weight, shape in zip(self._vars, self._shapes):
            for side, bound in zip(sides, of.get(weight.ref(), (-np.inf, np.inf))):
                side.extend(np.broadcast_to(bound, shape).flat)
        return list(zip(*sides))

    def _gradients(self, loss):
        return [array_ops.zeros_like(weight) if gradient is None else gradient
                for weight, gradient in zip(self._vars,
                                            gradients_impl.gradients(loss, self._vars))]

    def minimize(self, session=None, feed_dict=None, fetches=None, step_callback=None,
                 loss_callback=None, **run_kwargs):
        """Sets the weights to what `_minimize` finds; callbacks are given fetches, and steps."""
        session = session or ops.get_default_session()
        feed_dict, fetches = feed_dict or {}, fetches or []

        def computed(tensors, callback=None):
            def function(vector):
                feed = {weight: vector[part].reshape(shape) for weight, part, shape in zip(
                    self._vars, self._slices, self._shapes)}
                feed.update(feed_dict)
                values = session.run(tensors + fetches, feed_dict=feed)
                if callback is not None:
                    callback(*values[len(tensors):])
                return values[:len(tensors)]
            return function

        def each(parts):
            return [computed([part]) for part in parts]
        found = self._minimize(
            initial_val=session.run(self._packed_var),
            loss_grad_func=computed([self._loss, self._packed_loss_grad],
                                    loss_callback or (lambda *_: None)),
            equality_funcs=each(self._equalities), equality_grad_funcs=each(self._equality_grads),
            inequality_funcs=each(self._inequalities),
            inequality_grad_funcs=each(self._inequality_grads),
            packed_bounds=self._packed_bounds,
            step_callback=step_callback or (lambda _: None),
            optimizer_kwargs=self.optimizer_kwargs)
        session.run(self._updates, feed_dict=dict(zip(
            self._fed, [found[part] for part in self._slices])), **run_kwargs)

    def _minimize(self, initial_val, loss_grad_func, equality_funcs, equality_grad_funcs,
                  inequality_funcs, inequality_grad_funcs, packed_bounds, step_callback,
                  optimizer_kwargs):
        raise NotImplementedError(f"{type(self).__name__} has no _minimize()")

    @classmethod
    def _pack(cls, tensors):
        if not tensors:
            return None
        flat = [array_ops.reshape(one, [-1]) for one in tensors]
        return flat[0] if len(flat) == 1 else array_ops.concat(flat, 0)


class ScipyOptimizerInterface(ExternalOptimizerInterface):
    """scipy.optimize.minimize, L-BFGS-B if nothing else is asked for."""

    _DEFAULT_METHOD = "L-BFGS-B"

    def _minimize(self, initial_val, loss_grad_func, equality_funcs, equality_grad_funcs,
                  inequality_funcs, inequality_grad_funcs, packed_bounds, step_callback,
                  optimizer_kwargs):
        import scipy.optimize

        def loss_and_slope(vector):
            loss, slope = loss_grad_func(vector)
            return float(loss), slope.astype("float64")

        def in_double(function):        # SciPy takes an array, where it took a list of one
            return lambda vector: np.ravel(function(vector)[0]).astype("float64")
        constraints = [
            {"type": kind, "fun": in_double(function), "jac": in_double(slope)}
            for kind, functions, slopes in (("eq", equality_funcs, equality_grad_funcs),
                                            ("ineq", inequality_funcs, inequality_grad_funcs))
            for function, slope in zip(functions, slopes)]
        given = dict(optimizer_kwargs)
        named = dict(jac=True, callback=step_callback, constraints=constraints,
                     bounds=packed_bounds, method=given.pop("method", self._DEFAULT_METHOD))
        for name in named:
            if name in given:
                raise ValueError("bounds are given as var_to_bounds" if name == "bounds" else
                                 f"{name} is given by the interface itself")
        result = scipy.optimize.minimize(
            loss_and_slope, np.asarray(initial_val, "float64"), **named, **given)
        lines = ["Optimization terminated with:", f"  Message: {result.message}",
                 f"  Objective function value: {result.fun:f}"]
        lines += [f"  Number of {what}: {getattr(result, name)}" for name, what in (
            ("nit", "iterations"), ("nfev", "functions evaluations")) if hasattr(result, name)]
        tf_logging.info("%s", "\n".join(lines))
        return result["x"]
