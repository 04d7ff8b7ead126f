"""Bijectors that are made of others, or of functions."""

import itertools

from tensorflow.python.ops.distributions import bijector_impl


def make(tf):
    """name -> class."""
    class Invert(bijector_impl.Bijector):
        """Another bijector, the other way round."""

        def __init__(self, bijector, validate_args=False, name=None):
            if not bijector._is_injective:
                raise NotImplementedError(f"{bijector.name} has no inverse.")
            self.bijector = bijector
            super().__init__(
                graph_parents=bijector.graph_parents, dtype=bijector.dtype,
                forward_min_event_ndims=bijector.inverse_min_event_ndims,
                inverse_min_event_ndims=bijector.forward_min_event_ndims,
                is_constant_jacobian=bijector.is_constant_jacobian, validate_args=validate_args,
                name=name or f"invert_{bijector.name}")

    for own in ("", "_log_det_jacobian", "_event_shape", "_event_shape_tensor"):
        for way, other in (("_forward", "_inverse"), ("_inverse", "_forward")):
            setattr(Invert, way + own, lambda self, x, name=other + own, **named: getattr(
                self.bijector, name)(x, **named))

    class Chain(bijector_impl.Bijector):
        """Several bijectors, the last of them first."""

        def __init__(self, bijectors=None, validate_args=False, name=None):
            self.bijectors = bijectors = () if bijectors is None else bijectors
            for one in bijectors:
                if not one._is_injective:
                    raise NotImplementedError(f"{one.name} has no inverse.")
            kinds = {one.dtype for one in bijectors} - {None}
            if len(kinds) > 1:
                raise ValueError(f"The bijectors are of several types: {kinds}")
            super().__init__(
                graph_parents=list(itertools.chain.from_iterable(
                    one.graph_parents for one in bijectors)),
                forward_min_event_ndims=_axes(bijectors[::-1], "forward", "inverse"),
                inverse_min_event_ndims=_axes(bijectors, "inverse", "forward"),
                is_constant_jacobian=all(one.is_constant_jacobian for one in bijectors),
                validate_args=validate_args, dtype=kinds.pop() if kinds else None,
                name=name or ("_of_".join(["chain"] + [one.name for one in bijectors])
                              if bijectors else "identity"))

        def _along(self, way, x, named=None):
            for one in self.bijectors if way.startswith("inverse") else self.bijectors[::-1]:
                x = getattr(one, way)(x, **(named or {}).get(one.name, {}))
            return x

        def _forward(self, x, **named):
            return self._along("forward", x, named)

        def _inverse(self, y, **named):
            return self._along("inverse", y, named)

        def _forward_event_shape(self, shape):
            return self._along("forward_event_shape", shape)

        def _forward_event_shape_tensor(self, shape):
            return self._along("forward_event_shape_tensor", shape)

        def _inverse_event_shape(self, shape):
            return self._along("inverse_event_shape", shape)

        def _inverse_event_shape_tensor(self, shape):
            return self._along("inverse_event_shape_tensor", shape)

        def _density(self, way, x, axes, named):
            x = tf.convert_to_tensor(x)
            total = tf.cast(0., x.dtype.base_dtype)
            for one in self.bijectors if way == "inverse" else self.bijectors[::-1]:
                own = named.get(one.name, {})
                total += getattr(one, way + "_log_det_jacobian")(x, event_ndims=axes, **own)
                axes += getattr(one, ("forward" if way == "inverse" else "inverse")
                                + "_min_event_ndims") - getattr(one, way + "_min_event_ndims")
                x = getattr(one, way)(x, **own)
            return total

        def _forward_log_det_jacobian(self, x, **named):
            return self._density("forward", x, self.forward_min_event_ndims, named)

        def _inverse_log_det_jacobian(self, y, **named):
            return self._density("inverse", y, self.inverse_min_event_ndims, named)

    class Inline(bijector_impl.Bijector):
        """A bijector of functions."""

        def __init__(self, forward_fn=None, inverse_fn=None, inverse_log_det_jacobian_fn=None,
                     forward_log_det_jacobian_fn=None, forward_event_shape_fn=None,
                     forward_event_shape_tensor_fn=None, inverse_event_shape_fn=None,
                     inverse_event_shape_tensor_fn=None, is_constant_jacobian=False,
                     validate_args=False, forward_min_event_ndims=None,
                     inverse_min_event_ndims=None, name="inline"):
            super().__init__(forward_min_event_ndims=forward_min_event_ndims,
                             inverse_min_event_ndims=inverse_min_event_ndims,
                             is_constant_jacobian=is_constant_jacobian,
                             validate_args=validate_args, name=name)
            self._functions = dict(
                _forward=forward_fn, _inverse=inverse_fn,
                _inverse_log_det_jacobian=inverse_log_det_jacobian_fn,
                _forward_log_det_jacobian=forward_log_det_jacobian_fn,
                _forward_event_shape=forward_event_shape_fn or (lambda shape: shape),
                _forward_event_shape_tensor=forward_event_shape_tensor_fn or (lambda shape: shape),
                _inverse_event_shape=inverse_event_shape_fn or (lambda shape: shape),
                _inverse_event_shape_tensor=inverse_event_shape_tensor_fn or (lambda shape: shape))

        def _called(self, name, x, named):
            if not callable(self._functions[name]):
                raise NotImplementedError(f"{name[1:]}_fn is not given.")
            return self._functions[name](x, **named)

    for name in ("_forward", "_inverse", "_inverse_log_det_jacobian", "_forward_log_det_jacobian",
                 "_forward_event_shape", "_forward_event_shape_tensor", "_inverse_event_shape",
                 "_inverse_event_shape_tensor"):
        setattr(Inline, name, lambda self, x, name=name, **named: self._called(name, x, named))
    return dict(Chain=Chain, Inline=Inline, Invert=Invert)


def _axes(bijectors, way, other):
    """How many axes an event has at least before several bijectors, in their order."""
    least, now = 0, 0
    for one in bijectors:
        needs = getattr(one, way + "_min_event_ndims")
        least += max(needs - now, 0)
        now = max(needs, now) - needs + getattr(one, other + "_min_event_ndims")
    return least
