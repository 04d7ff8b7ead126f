"""Distributions of one-hot vectors, and of relaxed ones.

Their draws are 1.15's: as many operations are made as it made, on which the seeds depend.
"""

import numpy as np
from tensorflow.python.framework import ops
from tensorflow.python.ops.distributions import distribution, kullback_leibler, util

# Operations by which 1.15 prepared the exponential of a distribution, and its density.
_MADE_MORE, _MADE_MORE_OF_A_DENSITY = 29, 17
_UNKNOWN = "RelaxedOneHotCategorical's density"


def make(given):
    """name -> class."""
    tf, seeds = given.tf, given.seeds

    class _OfClasses(distribution.Distribution):
        """A distribution of vectors [..., classes], by `logits` or `probs` of that shape."""

        def _read(self, name, logits, probs, validate_args):
            self._logits, self._probs = util.get_logits_and_probs(
                logits=logits, probs=probs, multidimensional=True, validate_args=validate_args,
                name=name)

        def _count(self):
            """Notes which axis the classes are along, and how many they are."""
            rank = self._logits.shape.with_rank_at_least(1).rank
            if rank is None:
                with tf.name_scope("batch_rank"):
                    self._batch_rank = tf.rank(self._logits) - 1
            else:
                self._batch_rank = tf.convert_to_tensor(rank - 1, tf.int32, name="batch_rank")
            with tf.name_scope("event_size"):
                self._event_size = tf.shape(self._logits)[-1]

        logits = property(lambda self: self._logits)
        probs = property(lambda self: self._probs)
        event_size = property(lambda self: self._event_size)

        def _batch_shape(self):
            return self._logits.shape[:-1]

        def _event_shape(self):
            return self._logits.shape.with_rank_at_least(1)[-1:]

        def _batch_shape_tensor(self):
            return tf.shape(self._logits)[:-1]

        def _event_shape_tensor(self):
            return tf.shape(self._logits)[-1:]

        def _as_rows(self, tensor):
            return tf.reshape(tensor, [-1, self._event_size])

        def _alike(self, x):
            """(logits, x) of the same shape."""
            logits = self._logits
            if not (x.shape.is_fully_defined() and x.shape == logits.shape):
                logits = tf.ones_like(x, dtype=logits.dtype) * logits
                x = tf.ones_like(logits, dtype=x.dtype) * x
            return logits, x

        def _checked(self, x):
            if not self.validate_args:
                return x
            with tf.control_dependencies([
                    tf.assert_non_positive(x),
                    tf.debugging.assert_near(tf.zeros([], self.dtype),
                                             tf.reduce_logsumexp(x, axis=[-1]))]):
                return tf.identity(x)

    class OneHotCategorical(_OfClasses):
        """One class, as a vector of zeros and a one."""

        def __init__(self, logits=None, probs=None, dtype=tf.int32, validate_args=False,
                     allow_nan_stats=True, name="OneHotCategorical"):
            parameters = dict(logits=logits, probs=probs, dtype=dtype, name=name,
                              validate_args=validate_args, allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[logits, probs]) as scope:
                self._read(scope, logits, probs, validate_args)
                self._count()
            super().__init__(dtype, distribution.NOT_REPARAMETERIZED, validate_args,
                             allow_nan_stats, parameters, [self._logits, self._probs], scope)

        def _sample_n(self, n, seed=None):
            shape = tf.concat([[n], tf.shape(self._logits)], 0)
            rows = self._logits if self._logits.shape.rank == 2 else self._as_rows(self._logits)
            drawn = tf.transpose(tf.multinomial(rows, n, seed=seed))
            return tf.reshape(tf.one_hot(drawn, self._event_size, dtype=self.dtype), shape)

        def _log_prob(self, x):
            logits, x = self._alike(self._checked(x))
            shape = tf.shape(tf.reduce_sum(logits, -1))
            rows, of_x = self._as_rows(logits), self._as_rows(x)
            made = -tf.nn.softmax_cross_entropy_with_logits(labels=of_x, logits=rows)
            return tf.reshape(made, shape)

        def _entropy(self):
            return -tf.reduce_sum(tf.nn.log_softmax(self._logits) * self._probs, axis=-1)

        def _mode(self):
            made = tf.one_hot(tf.argmax(self._logits, axis=self._batch_rank), self._event_size,
                              dtype=self.dtype)
            made.set_shape(self._logits.shape)
            return made

        def _mean(self):
            raise NotImplementedError("mean is not implemented: OneHotCategorical")

        def _variance(self):
            return self._probs * (1.0 - self._probs)

        def _covariance(self):
            outer = -tf.matmul(self._probs[..., None], self._probs[..., None, :])
            return tf.matrix_set_diag(outer, self._variance())

    @kullback_leibler.RegisterKL(OneHotCategorical, OneHotCategorical)
    def _of_two(a, b, name=None):
        with tf.name_scope(name, "kl_categorical_categorical", values=[a.logits, b.logits]):
            ratio = tf.nn.log_softmax(a.logits) - tf.nn.log_softmax(b.logits)
            return tf.reduce_sum(tf.nn.softmax(a.logits) * ratio, axis=-1)

    class ExpRelaxedOneHotCategorical(_OfClasses):
        """The logarithm of a vector near a one-hot one: the nearer, the lower the temperature."""

        def __init__(self, temperature, logits=None, probs=None, dtype=None, validate_args=False,
                     allow_nan_stats=True, name="ExpRelaxedOneHotCategorical"):
            parameters = dict(temperature=temperature, logits=logits, probs=probs, dtype=dtype,
                              name=name, validate_args=validate_args,
                              allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[logits, probs, temperature]) as scope:
                self._read(scope, logits, probs, validate_args)
                if dtype is None:
                    dtype = self._logits.dtype
                    temperature = temperature if validate_args else tf.cast(temperature, dtype)
                with tf.control_dependencies([tf.assert_positive(temperature)] if validate_args
                                             else []):
                    self._temperature = tf.identity(temperature, name="temperature")
                    self._of_rows = tf.reshape(temperature, [-1, 1], name="temperature_2d")
                self._count()
            super().__init__(dtype, distribution.FULLY_REPARAMETERIZED, validate_args,
                             allow_nan_stats, parameters,
                             [self._logits, self._probs, self._temperature], scope)

        temperature = property(lambda self: self._temperature)

        def _sample_n(self, n, seed=None):
            shape = tf.concat([[n], tf.shape(self._logits)], 0)
            rows = self._as_rows(self._logits * tf.ones(shape, dtype=self.dtype))
            smallest = np.finfo(self.dtype.as_numpy_dtype).tiny
            drawn = tf.random_uniform(tf.shape(rows), smallest, 1.0, self.dtype, seed)
            noise = -tf.log(-tf.log(drawn))
            return tf.reshape(tf.nn.log_softmax(tf.div(noise + rows, self._of_rows)), shape)

        def _log_prob(self, x):
            logits, x = self._alike(self._checked(x))
            shape = tf.shape(tf.reduce_sum(logits, axis=[-1]))
            rows, of_x = self._as_rows(logits), self._as_rows(x)
            classes = tf.cast(self._event_size, x.dtype)
            constant = tf.lgamma(classes) + (classes - 1.0) * tf.log(self._temperature)
            density = tf.nn.log_softmax(rows - of_x * self._of_rows)
            return tf.reshape(constant + tf.reduce_sum(density, [-1]), shape)

    if _UNKNOWN not in ops.gradient_registry.list():
        ops.RegisterGradient(_UNKNOWN)(lambda op, grad: grad)

    class RelaxedOneHotCategorical(distribution.Distribution):
        """A vector near a one-hot one: the exponential of the above."""

        def __init__(self, temperature, logits=None, probs=None, dtype=None, validate_args=False,
                     allow_nan_stats=True, name="RelaxedOneHotCategorical"):
            self._inner = inner = ExpRelaxedOneHotCategorical(
                temperature, logits, probs, dtype, validate_args, allow_nan_stats)
            self._logs = {}         # what was drawn -> its logarithm, which is not computed again
            with tf.name_scope(name) as scope:
                pass
            super().__init__(
                inner.dtype, inner.reparameterization_type, inner.validate_args,
                inner.allow_nan_stats, dict(distribution=inner, name=name),
                [inner.logits, inner.probs, inner.temperature], scope)
            seeds.count_more(_MADE_MORE)

        distribution = property(lambda self: self._inner)

        def _batch_shape(self):
            return self._inner.batch_shape

        def _event_shape(self):
            return self._inner.event_shape

        def _batch_shape_tensor(self):
            return self._inner.batch_shape_tensor()

        def _event_shape_tensor(self):
            return self._inner.event_shape_tensor()

        def _sample_n(self, n, seed=None):
            return self._inner.sample(n, seed=seed)

        def _call_sample_n(self, sample_shape, *arguments, **named):
            seeds.count_more(2 * tf.is_tensor(sample_shape))
            logarithm = super()._call_sample_n(sample_shape, *arguments, **named)
            drawn = tf.exp(logarithm)
            self._logs[drawn.ref()] = logarithm
            return drawn

        def _log_prob(self, y):
            x, total = self._logarithm(y)
            return self._inner.log_prob(x) - total

        def _prob(self, y):
            x, total = self._logarithm(y)
            seeds.count_more(-1)
            return self._inner.prob(x) * tf.exp(-total)

        def _logarithm(self, y):
            """The logarithm, and its sum, of whose gradient it is said that it is not counted."""
            seeds.count_more(_MADE_MORE_OF_A_DENSITY - 1)
            x = self._logs[y.ref()] if y.ref() in self._logs else tf.log(y)
            total = tf.reduce_sum(x, axis=-1)
            with tf.get_default_graph().gradient_override_map({"Identity": _UNKNOWN}):
                return x, tf.identity(total)
    return dict(OneHotCategorical=OneHotCategorical,
                ExpRelaxedOneHotCategorical=ExpRelaxedOneHotCategorical,
                RelaxedOneHotCategorical=RelaxedOneHotCategorical)
