"""Distributions of single numbers, of the operations that 1.15 made, on which seeds depend."""

import math

import numpy as np
from tensorflow.python.framework import tensor_shape
from tensorflow.python.ops.distributions import distribution, gamma, special_math, util


def make(given):
    """name -> class."""
    tf = given.tf
    free, fixed = distribution.FULLY_REPARAMETERIZED, distribution.NOT_REPARAMETERIZED

    def shapes_of(*names):
        """What `param_shapes` answers: each parameter has the shape of what is drawn."""
        return staticmethod(lambda shape: dict.fromkeys(
            names, tf.convert_to_tensor(shape, dtype=tf.int32)))

    class _Scalar(distribution.Distribution):
        """A distribution whose batch has the shape of its parameters together."""

        def _begin(self, parameters, kind, read, scope):
            """`parameters` are those of __init__; `read` are tensors, the first two of which
            have the batch's shape."""
            self._read = read[:2]
            super().__init__(kind[0], kind[1], parameters["validate_args"],
                             parameters["allow_nan_stats"], parameters, read, scope)

        def _positive(self, condition, *values):
            return [tf.assert_positive(value) for value in values] if condition else []

        def _batch_shape_tensor(self):
            shapes = [tf.shape(tensor) for tensor in self._read]
            return shapes[0] if len(shapes) == 1 else tf.broadcast_dynamic_shape(*shapes)

        def _batch_shape(self):
            shapes = [tensor.shape for tensor in self._read]
            return shapes[0] if len(shapes) == 1 else tf.broadcast_static_shape(*shapes)

        def _event_shape_tensor(self):
            return tf.constant([], dtype=tf.int32)

        def _event_shape(self):
            return tensor_shape.TensorShape([])

        def _shape_of(self, n):
            return tf.concat([[n], self.batch_shape_tensor()], 0)

        def _counts(self, x):
            return util.embed_check_nonnegative_integer_form(x) if self.validate_args else x

        def _undefined(self, told):
            if not self.allow_nan_stats:
                raise ValueError(f"The {told} of {type(self).__name__} is not defined.")
            return tf.fill(self.batch_shape_tensor(), self.dtype.as_numpy_dtype(np.nan))

    class _Located(_Scalar):
        """One with `loc` and `scale`."""

        _param_shapes = shapes_of("loc", "scale")

        def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name=None):
            name = name or type(self).__name__
            parameters = dict(loc=loc, scale=scale, validate_args=validate_args,
                              allow_nan_stats=allow_nan_stats, name=name)
            with tf.name_scope(name, values=[loc, scale]) as scope:
                with tf.control_dependencies(self._positive(validate_args, scale)):
                    self.loc = tf.identity(loc, name="loc")
                    self.scale = tf.identity(scale, name="scale")
                    tf.debugging.assert_same_float_dtype([self.loc, self.scale])
            self._begin(parameters, (self.scale.dtype, free), [self.loc, self.scale], scope)

        def _z(self, x):
            with tf.name_scope("standardize", values=[x]):
                return (x - self.loc) / self.scale

        def _log_prob(self, x):
            return self._log_unnormalized_prob(x) - self._log_normalization()

    class Logistic(_Located):
        """Numbers whose cumulative distribution is a sigmoid."""

        def _sample_n(self, n, seed=None):
            tiny = np.finfo(self.dtype.as_numpy_dtype).tiny
            drawn = tf.random_uniform(self._shape_of(n), tiny, 1.0, self.dtype, seed)
            return (tf.log(drawn) - tf.log1p(-1.0 * drawn)) * self.scale + self.loc

        def _log_unnormalized_prob(self, x):
            z = self._z(x)
            return -z - 2.0 * tf.nn.softplus(-z)

        def _log_normalization(self):
            return tf.log(self.scale)

        def _log_cdf(self, x):
            return -tf.nn.softplus(-self._z(x))

        def _cdf(self, x):
            return tf.sigmoid(self._z(x))

        def _log_survival_function(self, x):
            return -tf.nn.softplus(self._z(x))

        def _survival_function(self, x):
            return tf.sigmoid(-self._z(x))

        def _entropy(self):
            return 2 + tf.log(self.scale * tf.ones_like(self.loc))

        def _mean(self):
            return self.loc * tf.ones_like(self.scale)

        def _mode(self):
            return self._mean()

        def _stddev(self):
            return self.scale * tf.ones_like(self.loc) * math.pi / math.sqrt(3)

    class Cauchy(_Located):
        """Numbers that have no mean."""

        def _sample_n(self, n, seed=None):
            return self._quantile(tf.random_uniform(self._shape_of(n), 0.0, 1.0, self.dtype, seed))

        def _quantile(self, p):
            return self.loc + self.scale * tf.tan(math.pi * (p - 0.5))

        def _log_unnormalized_prob(self, x):
            return -tf.log1p(tf.square(self._z(x)))

        def _log_normalization(self):
            return math.log(math.pi) + tf.log(self.scale)

        def _cdf(self, x):
            return tf.atan(self._z(x)) / math.pi + 0.5

        def _log_cdf(self, x):
            return tf.log1p(2 / math.pi * tf.atan(self._z(x))) - math.log(2)

        def _entropy(self):
            return (math.log(4 * math.pi) + tf.log(self.scale)) * tf.ones_like(self.loc)

        def _mode(self):
            return self.loc * tf.ones_like(self.scale)

        def _mean(self):
            return self._undefined("mean")

        def _stddev(self):
            return self._undefined("stddev")

    class HalfNormal(_Scalar):
        """How far normal numbers are from 0."""

        _param_shapes = shapes_of("scale")

        def __init__(self, scale, validate_args=False, allow_nan_stats=True, name="HalfNormal"):
            parameters = dict(scale=scale, validate_args=validate_args,
                              allow_nan_stats=allow_nan_stats, name=name)
            with tf.name_scope(name, values=[scale]) as scope:
                with tf.control_dependencies(self._positive(validate_args, scale)):
                    self.scale = tf.identity(scale, name="scale")
            self._begin(parameters, (self.scale.dtype, free), [self.scale], scope)

        def _sample_n(self, n, seed=None):
            return tf.abs(tf.random_normal(self._shape_of(n), 0.0, 1.0, self.dtype, seed)
                          * self.scale)

        def _prob(self, x):
            factor = math.sqrt(2) / self.scale / math.sqrt(math.pi)
            return factor * tf.exp(-0.5 * (x / self.scale) ** 2) * tf.cast(x >= 0, self.dtype)

        def _cdf(self, x):
            return tf.erf(tf.nn.relu(x) / self.scale / math.sqrt(2.0))

        def _quantile(self, p):
            return math.sqrt(2.0) * self.scale * special_math.erfinv(p)

        def _entropy(self):
            return 0.5 * tf.log(math.pi * self.scale ** 2.0 / 2.0) + 0.5

        def _mean(self):
            return self.scale * math.sqrt(2.0) / math.sqrt(math.pi)

        def _mode(self):
            return tf.zeros(self.batch_shape_tensor())

        def _variance(self):
            return self.scale ** 2.0 * (1.0 - 2.0 / math.pi)

    class InverseGamma(_Scalar):
        """One divided by numbers of a gamma distribution."""

        _param_shapes = shapes_of("concentration", "rate")

        def __init__(self, concentration, rate, validate_args=False, allow_nan_stats=True,
                     name="InverseGamma"):
            parameters = dict(concentration=concentration, rate=rate, name=name,
                              validate_args=validate_args, allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[concentration, rate]) as scope:
                with tf.control_dependencies(self._positive(validate_args, concentration, rate)):
                    self.concentration = tf.identity(concentration, name="concentration")
                    self.rate = tf.identity(rate, name="rate")
                    tf.debugging.assert_same_float_dtype([self.concentration, self.rate])
            self._begin(parameters, (self.concentration.dtype, fixed),
                        [self.concentration, self.rate], scope)

        def _sample_n(self, n, seed=None):
            return 1.0 / tf.random_gamma([n], self.concentration, self.rate, self.dtype, seed)

        def _checked(self, x):
            tf.debugging.assert_same_float_dtype([x], self.dtype)
            if not self.validate_args:
                return x
            with tf.control_dependencies([tf.assert_positive(x)]):
                return tf.identity(x)

        def _log_prob(self, x):
            return self._log_unnormalized_prob(x) - self._log_normalization()

        def _log_unnormalized_prob(self, x):
            x = self._checked(x)
            return -(1.0 + self.concentration) * tf.log(x) - self.rate / x

        def _log_normalization(self):
            return tf.lgamma(self.concentration) - self.concentration * tf.log(self.rate)

        def _cdf(self, x):
            return tf.igammac(self.concentration, self.rate / self._checked(x))

        def _entropy(self):
            return self.concentration + tf.log(self.rate) + tf.lgamma(self.concentration) \
                - (1.0 + self.concentration) * tf.digamma(self.concentration)

        def _where(self, least, value, told):
            """A value where the concentration is above `least`; NaN, or an error, where not."""
            if self.allow_nan_stats:
                return tf.where_v2(self.concentration > least, value, self._undefined(told))
            with tf.control_dependencies([tf.assert_less(
                    tf.constant(least, self.dtype), self.concentration,
                    message=f"the {told} is not defined")]):
                return tf.identity(value)

        def _mean(self):
            return self._where(1.0, self.rate / (self.concentration - 1.0), "mean")

        def _variance(self):
            return self._where(2.0, tf.square(self.rate) / tf.squared_difference(
                self.concentration, 1.0) / (self.concentration - 2.0), "variance")

        def _mode(self):
            return self.rate / (1.0 + self.concentration)

    class InverseGammaWithSoftplusConcentrationRate(InverseGamma):
        """The same of parameters that may be below 0."""

        def __init__(self, concentration, rate, validate_args=False, allow_nan_stats=True,
                     name="InverseGammaWithSoftplusConcentrationRate"):
            parameters = dict(concentration=concentration, rate=rate, name=name,
                              validate_args=validate_args, allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[concentration, rate]) as scope:
                super().__init__(tf.nn.softplus(concentration, name="softplus_concentration"),
                                 tf.nn.softplus(rate, name="softplus_rate"), validate_args,
                                 allow_nan_stats, scope)
            self._parameters = parameters

    class Chi2(gamma.Gamma):
        """The sum of `df` squares of normal numbers."""

        _param_shapes = shapes_of("df")

        def __init__(self, df, validate_args=False, allow_nan_stats=True, name="Chi2"):
            parameters = dict(df=df, validate_args=validate_args, name=name,
                              allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[df]) as scope:
                with tf.control_dependencies([tf.assert_positive(df)] if validate_args else []):
                    self.df = tf.identity(df, name="df")
                super().__init__(0.5 * self.df, tf.constant(0.5, self.df.dtype), validate_args,
                                 allow_nan_stats, scope)
            self._parameters = parameters

    class Chi2WithAbsDf(Chi2):
        """The same of a df that may be below 0, or between whole numbers."""

        def __init__(self, df, validate_args=False, allow_nan_stats=True, name="Chi2WithAbsDf"):
            parameters = dict(df=df, validate_args=validate_args, name=name,
                              allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[df]) as scope:
                super().__init__(tf.floor(tf.abs(df, name="abs_df"), name="floor_abs_df"),
                                 validate_args, allow_nan_stats, scope)
            self._parameters = parameters
    made = dict(Logistic=Logistic, Cauchy=Cauchy, HalfNormal=HalfNormal, InverseGamma=InverseGamma,
                InverseGammaWithSoftplusConcentrationRate=InverseGammaWithSoftplusConcentrationRate,
                Chi2=Chi2, Chi2WithAbsDf=Chi2WithAbsDf)
    from tf1gan.legacy.restored.contrib import _counts_drawn, _deterministic
    return dict(made, **_counts_drawn.make(tf, _Scalar), **_deterministic.make(tf))
