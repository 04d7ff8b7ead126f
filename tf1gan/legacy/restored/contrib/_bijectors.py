"""Functions that can be inverted, and what they do to a density: `distributions.bijectors`."""

from tensorflow.python.ops import control_flow_ops
from tensorflow.python.ops.distributions import bijector_impl, util


def make(tf):
    """name -> class or function."""
    Bijector = bijector_impl.Bijector

    class Identity(Bijector):
        """x"""

        def __init__(self, validate_args=False, name="identity"):
            super().__init__(forward_min_event_ndims=0, is_constant_jacobian=True,
                             validate_args=validate_args, name=name)

        def _forward(self, x):
            return x

        _inverse = _forward

        def _forward_log_det_jacobian(self, x):
            return tf.constant(0., dtype=x.dtype)

        _inverse_log_det_jacobian = _forward_log_det_jacobian

    class PowerTransform(Bijector):
        """(1 + power x) ** (1 / power), which is exp(x) where the power is 0."""

        def __init__(self, power=0., validate_args=False, name="power_transform"):
            with tf.name_scope(name + "/init/"):
                power = tf.get_static_value(tf.convert_to_tensor(power, name="power"))
            if power is None or power < 0:
                raise ValueError("The power is a constant, and not below 0.")
            self.power = power
            super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

        def _forward(self, x):
            return tf.exp(x) if self.power == 0. else tf.exp(
                tf.log1p(self._valid(x) * self.power) / self.power)

        def _inverse(self, y):
            y = self._above_0(y)
            return tf.log(y) if self.power == 0. else tf.expm1(tf.log(y) * self.power) / self.power

        def _inverse_log_det_jacobian(self, y):
            return (self.power - 1.) * tf.log(self._above_0(y))

        def _forward_log_det_jacobian(self, x):
            return x if self.power == 0. else (1. / self.power - 1.) * tf.log1p(
                self._valid(x) * self.power)

        def _valid(self, x):
            if not self.validate_args:
                return x
            return control_flow_ops.with_dependencies(
                [tf.assert_non_negative(1. + self.power * x)], x)

        def _above_0(self, y):
            return control_flow_ops.with_dependencies([tf.assert_positive(y)], y) \
                if self.validate_args else y

    class Exp(PowerTransform):
        """exp(x)"""

        def __init__(self, validate_args=False, name="exp"):
            super().__init__(validate_args=validate_args, name=name)

    class Softplus(Bijector):
        """softness log(1 + exp(x / softness))"""

        def __init__(self, hinge_softness=None, validate_args=False, name="softplus"):
            with tf.name_scope(name, values=[hinge_softness]):
                self.hinge_softness = None if hinge_softness is None else tf.convert_to_tensor(
                    hinge_softness, name="hinge_softness")
                if validate_args:
                    self.hinge_softness = control_flow_ops.with_dependencies(
                        [tf.assert_none_equal(tf.convert_to_tensor(
                            0, dtype=self.hinge_softness.dtype), self.hinge_softness)],
                        self.hinge_softness)
            super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

        def _scaled(self, function, x):
            if self.hinge_softness is None:
                return function(x)
            softness = tf.cast(self.hinge_softness, x.dtype)
            return softness * function(x / softness)

        def _forward(self, x):
            return self._scaled(tf.nn.softplus, x)

        def _inverse(self, y):
            return self._scaled(util.softplus_inverse, y)

        def _divided(self, x):
            return x if self.hinge_softness is None else x / tf.cast(self.hinge_softness, x.dtype)

        def _inverse_log_det_jacobian(self, y):
            return -tf.log(-tf.expm1(-self._divided(y)))

        def _forward_log_det_jacobian(self, x):
            return -tf.nn.softplus(-self._divided(x))

    class Sigmoid(Bijector):
        """1 / (1 + exp(-x))"""

        def __init__(self, validate_args=False, name="sigmoid"):
            super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

        def _forward(self, x):
            return tf.sigmoid(x)

        def _inverse(self, y):
            return tf.log(y) - tf.log1p(-y)

        def _inverse_log_det_jacobian(self, y):
            return -tf.log(y) - tf.log1p(-y)

        def _forward_log_det_jacobian(self, x):
            return -tf.nn.softplus(-x) - tf.nn.softplus(x)

    class AffineScalar(Bijector):
        """scale x + shift, each element by itself"""

        def __init__(self, shift=None, scale=None, validate_args=False, name="affine_scalar"):
            self.shift = None if shift is None else tf.convert_to_tensor(shift, name="shift")
            self.scale = None if scale is None else tf.convert_to_tensor(scale, name="scale")
            if validate_args and self.scale is not None:
                self.scale = control_flow_ops.with_dependencies([tf.assert_none_equal(
                    self.scale, tf.zeros([], dtype=self.scale.dtype))], self.scale)
            super().__init__(forward_min_event_ndims=0, is_constant_jacobian=True,
                             validate_args=validate_args, name=name)

        def _forward(self, x):
            y = tf.identity(x)
            y = y if self.scale is None else y * self.scale
            return y if self.shift is None else y + self.shift

        def _inverse(self, y):
            x = tf.identity(y)
            x = x if self.shift is None else x - self.shift
            return x if self.scale is None else x / self.scale

        def _forward_log_det_jacobian(self, x):
            return tf.constant(0., dtype=x.dtype.base_dtype) if self.scale is None \
                else tf.log(tf.abs(self.scale))

    class Permute(Bijector):
        """The elements of vectors in another order."""

        def __init__(self, permutation, validate_args=False, name=None):
            permutation = tf.convert_to_tensor(permutation, name="permutation")
            if not permutation.dtype.is_integer:
                raise TypeError(f"A permutation is whole numbers, not {permutation.dtype}.")
            known = tf.get_static_value(permutation)
            if known is not None and set(known.tolist()) != set(range(known.size)):
                raise ValueError(f"{known} has not each number from 0 to {known.size - 1} once.")
            self.permutation = permutation
            super().__init__(forward_min_event_ndims=1, is_constant_jacobian=True,
                             validate_args=validate_args, name=name or "permute")

        def _forward(self, x):
            return tf.gather(x, self.permutation, axis=-1)

        def _inverse(self, y):
            return tf.gather(y, tf.invert_permutation(self.permutation), axis=-1)

        def _inverse_log_det_jacobian(self, y):
            return tf.constant(0., dtype=y.dtype)

        _forward_log_det_jacobian = _inverse_log_det_jacobian
    made = dict(Bijector=Bijector, Identity=Identity, PowerTransform=PowerTransform, Exp=Exp,
                Softplus=Softplus, Sigmoid=Sigmoid, AffineScalar=AffineScalar, Permute=Permute)
    from tf1gan.legacy.restored.contrib import _affine, _chains, _flows
    for module in (_affine, _chains, _flows):
        made.update(module.make(tf))
    return made
