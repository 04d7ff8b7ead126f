"""Distributions of one number, or of one vector, alone."""

from tensorflow.python.framework import tensor_shape
from tensorflow.python.ops import control_flow_ops
from tensorflow.python.ops.distributions import distribution


def make(tf):
    """name -> class."""
    fixed = distribution.NOT_REPARAMETERIZED

    class _One(distribution.Distribution):
        """`loc` and nothing else; it counts as that up to atol + rtol |loc|."""

        def __init__(self, loc, atol=None, rtol=None, validate_args=False, allow_nan_stats=True,
                     name=None):
            name = name or type(self).__name__
            parameters = dict(loc=loc, atol=atol, rtol=rtol, validate_args=validate_args,
                              allow_nan_stats=allow_nan_stats, name=name)
            with tf.name_scope(name, values=[loc, atol, rtol]) as scope:
                self.loc = tf.convert_to_tensor(loc, name="loc")
                if validate_args and self._vector:
                    if self.loc.shape.rank == 0:
                        raise ValueError("loc is a vector, not a number.")
                    if self.loc.shape.rank is None:
                        self.loc = control_flow_ops.with_dependencies(
                            [tf.assert_rank_at_least(self.loc, 1)], self.loc)
                super().__init__(self.loc.dtype, fixed, validate_args, allow_nan_stats, parameters,
                                 [self.loc], scope)
                self.atol, self.rtol = self._tolerance(atol), self._tolerance(rtol)
                self._slack = self.atol if rtol is None else \
                    self.atol + self.rtol * tf.abs(self.loc)

        _vector = False

        def _tolerance(self, value):
            made = tf.convert_to_tensor(0 if value is None else value, dtype=self.loc.dtype)
            if not self.validate_args or value is None:
                return made
            return control_flow_ops.with_dependencies([tf.assert_non_negative(made)], made)

        def _sample_n(self, n, seed=None):
            known = tf.get_static_value(tf.convert_to_tensor(n))
            if known is not None and self.loc.shape.rank is not None:
                times = [known] + [1] * self.loc.shape.rank
            else:
                times = tf.concat(([n], tf.ones_like(tf.shape(self.loc))), axis=0)
            return tf.tile(self.loc[tf.newaxis, ...], times)

        def _entropy(self):
            return tf.zeros(self.batch_shape_tensor(), dtype=self.dtype)

        def _mean(self):
            return tf.identity(self.loc)

        def _variance(self):
            return tf.zeros_like(self.loc)

        def _mode(self):
            return self.mean()

    class Deterministic(_One):
        """One number."""

        def _batch_shape_tensor(self):
            return tf.shape(self.loc)

        def _batch_shape(self):
            return self.loc.shape

        def _event_shape_tensor(self):
            return tf.constant([], dtype=tf.int32)

        def _event_shape(self):
            return tensor_shape.TensorShape([])

        def _prob(self, x):
            return tf.cast(tf.abs(x - self.loc) <= self._slack, self.dtype)

        def _cdf(self, x):
            return tf.cast(x >= self.loc - self._slack, self.dtype)

    class VectorDeterministic(_One):
        """One vector."""

        _vector = True

        def _batch_shape_tensor(self):
            return tf.shape(self.loc)[:-1]

        def _batch_shape(self):
            return self.loc.shape[:-1]

        def _event_shape_tensor(self):
            return tf.shape(self.loc)[-1]

        def _event_shape(self):
            return self.loc.shape[-1:]

        def _prob(self, x):
            if self.validate_args:
                is_vector = tf.assert_rank_at_least(x, 1)
                is_as_long = tf.assert_equal(
                    self.event_shape_tensor(), tf.shape(x)[-1],
                    message="x is a vector of another length than loc")
                with tf.control_dependencies([is_vector, is_as_long]):
                    x = tf.identity(x)
            return tf.cast(tf.reduce_all(tf.abs(x - self.loc) <= self._slack, axis=-1), self.dtype)
    return dict(Deterministic=Deterministic, VectorDeterministic=VectorDeterministic)
