"""Distributions of whole numbers."""

import numpy as np
from tensorflow.python.ops import control_flow_ops
from tensorflow.python.ops.distributions import distribution, util


def make(tf, scalar):
    """name -> class; `scalar` is the class that they are made of."""
    fixed = distribution.NOT_REPARAMETERIZED

    class Binomial(scalar):
        """How many of `total_count` succeed. As on 1.15.5, none can be drawn."""

        def __init__(self, total_count, logits=None, probs=None, validate_args=False,
                     allow_nan_stats=True, name="Binomial"):
            parameters = dict(total_count=total_count, logits=logits, probs=probs, name=name,
                              validate_args=validate_args, allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[total_count, logits, probs]) as scope:
                self.total_count = tf.convert_to_tensor(total_count, name="total_count")
                if validate_args:
                    self.total_count = control_flow_ops.with_dependencies([
                        tf.assert_non_negative(self.total_count),
                        util.assert_integer_form(self.total_count)], self.total_count)
                self.logits, self.probs = util.get_logits_and_probs(
                    logits=logits, probs=probs, validate_args=validate_args, name=scope)
            self._begin(parameters, (self.probs.dtype, fixed),
                        [self.total_count, self.probs, self.logits], scope)

        def _checked(self, counts):
            if not self.validate_args:
                return counts
            counts = util.embed_check_nonnegative_integer_form(counts)
            return control_flow_ops.with_dependencies([tf.assert_less_equal(
                counts, self.total_count, message="there are more than total_count")], counts)

        def _log_prob(self, counts):
            return self._log_unnormalized_prob(counts) - self._log_normalization(counts)

        def _log_unnormalized_prob(self, counts):
            counts = self._checked(counts)
            return counts * tf.log(self.probs) \
                + (self.total_count - counts) * tf.log1p(-self.probs)

        def _log_normalization(self, counts):
            counts = self._checked(counts)
            return tf.lgamma(1.0 + self.total_count - counts) + tf.lgamma(1.0 + counts) \
                - tf.lgamma(1.0 + self.total_count)

        def _prob(self, counts):
            return tf.exp(self._log_prob(counts))

        def _cdf(self, counts):
            counts, probs = self._checked(counts), self.probs
            if not (counts.shape.is_fully_defined() and probs.shape.is_fully_defined()
                    and counts.shape.is_compatible_with(probs.shape)):
                probs += tf.zeros_like(counts)
                counts += tf.zeros_like(self.probs)
            ones = tf.ones_like(self.total_count - counts)
            is_all = tf.equal(counts, self.total_count)
            rest = tf.where_v2(is_all, ones, self.total_count - counts)
            return tf.where_v2(is_all, ones, tf.betainc(rest, counts + 1, 1 - probs))

        def _mean(self):
            return self.total_count * self.probs

        def _variance(self):
            return self._mean() * (1.0 - self.probs)

        def _mode(self):
            return tf.floor((1.0 + self.total_count) * self.probs)

    class Geometric(scalar):
        """How many fail before one succeeds."""

        def __init__(self, logits=None, probs=None, validate_args=False, allow_nan_stats=True,
                     name="Geometric"):
            parameters = dict(logits=logits, probs=probs, validate_args=validate_args, name=name,
                              allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[logits, probs]) as scope:
                self.logits, self.probs = util.get_logits_and_probs(
                    logits, probs, validate_args=validate_args, name=scope)
                with tf.control_dependencies(self._positive(validate_args, self.probs)):
                    self.probs = tf.identity(self.probs, name="probs")
            self._begin(parameters, (self.probs.dtype, fixed), [self.probs, self.logits], scope)
            self._read = [self.probs]

        def _sample_n(self, n, seed=None):
            drawn = tf.random_uniform(tf.concat([[n], tf.shape(self.probs)], 0), np.finfo(
                self.dtype.as_numpy_dtype).tiny, 1.0, self.dtype, seed)
            return tf.floor(tf.log(drawn) / tf.log1p(-self.probs))

        def _whole(self, x):
            x = self._counts(x) if self.validate_args else tf.floor(x)
            return x * tf.ones_like(self.probs)

        def _cdf(self, x):
            x = self._whole(x)
            return tf.where(x < 0.0, tf.zeros_like(x),
                            -tf.expm1((1.0 + x) * tf.log1p(-self.probs)))

        def _log_prob(self, x):
            x = self._whole(x)
            probs = self.probs * tf.ones_like(x)
            safe = tf.where(tf.equal(x, 0.0), tf.zeros_like(probs), probs)
            return x * tf.log1p(-safe) + tf.log(probs)

        def _entropy(self):
            probs = self.probs
            if self.validate_args:
                probs = control_flow_ops.with_dependencies([tf.assert_less(
                    probs, tf.constant(1.0, probs.dtype))], probs)
            return tf.nn.softplus(self.logits) / probs - self.logits

        def _mean(self):
            return tf.exp(-self.logits)

        def _variance(self):
            return self._mean() / self.probs

        def _mode(self):
            return tf.zeros(self.batch_shape_tensor(), dtype=self.dtype)

    class NegativeBinomial(scalar):
        """How many succeed before `total_count` fail."""

        def __init__(self, total_count, logits=None, probs=None, validate_args=False,
                     allow_nan_stats=True, name="NegativeBinomial"):
            parameters = dict(total_count=total_count, logits=logits, probs=probs, name=name,
                              validate_args=validate_args, allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[total_count, logits, probs]) as scope:
                self.logits, self.probs = util.get_logits_and_probs(
                    logits, probs, validate_args=validate_args, name=scope)
                with tf.control_dependencies(self._positive(validate_args, total_count)):
                    self.total_count = tf.identity(total_count)
            self._begin(parameters, (self.probs.dtype, fixed),
                        [self.total_count, self.probs, self.logits], scope)

        def _sample_n(self, n, seed=None):
            rate = tf.random_gamma([n], self.total_count, tf.exp(-self.logits), self.dtype, seed)
            return tf.random_poisson(rate, [], self.dtype,
                                     util.gen_new_seed(seed, "negative_binom"))

        def _cdf(self, x):
            return tf.betainc(self.total_count, 1.0 + self._counts(x), tf.sigmoid(-self.logits))

        def _log_prob(self, x):
            return self._log_unnormalized_prob(x) - self._log_normalization(x)

        def _log_unnormalized_prob(self, x):
            x = self._counts(x)
            return self.total_count * tf.log_sigmoid(-self.logits) \
                + x * tf.log_sigmoid(self.logits)

        def _log_normalization(self, x):
            x = self._counts(x)
            return -tf.lgamma(self.total_count + x) + tf.lgamma(1.0 + x) \
                + tf.lgamma(self.total_count)

        def _mean(self):
            return self.total_count * tf.exp(self.logits)

        def _mode(self):
            less = tf.where_v2(1.0 < self.total_count, self.total_count - 1.0,
                               tf.zeros_like(self.total_count))
            return tf.floor(less * tf.exp(self.logits))

        def _variance(self):
            return self._mean() / tf.sigmoid(-self.logits)

    class Poisson(scalar):
        """How many there are, where `rate` are expected."""

        def __init__(self, rate=None, log_rate=None, validate_args=False, allow_nan_stats=True,
                     name="Poisson"):
            parameters = dict(rate=rate, log_rate=log_rate, validate_args=validate_args, name=name,
                              allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[rate]) as scope:
                if (rate is None) == (log_rate is None):
                    raise ValueError("Either a rate or a log_rate is needed.")
                told = "rate" if log_rate is None else "log_rate"
                given = tf.convert_to_tensor(rate if log_rate is None else log_rate, name=told)
                if not given.dtype.is_floating:
                    raise TypeError(f"{told} is of {given.dtype.name}, and not of floats.")
                if log_rate is None:
                    with tf.control_dependencies(self._positive(validate_args, given)):
                        self.rate = tf.identity(given, name="rate")
                        self.log_rate = tf.log(given, name="log_rate")
                else:
                    self.rate, self.log_rate = tf.exp(given, name="rate"), given
            self._begin(parameters, (self.rate.dtype, fixed), [self.rate], scope)

        def _sample_n(self, n, seed=None):
            return tf.random_poisson(self.rate, [n], dtype=self.dtype, seed=seed)

        def _log_prob(self, x):
            return self._log_unnormalized_prob(x) - self._log_normalization()

        def _log_unnormalized_prob(self, x):
            x = self._counts(x)
            return x * self.log_rate - tf.lgamma(1.0 + x)

        def _log_normalization(self):
            return self.rate

        def _cdf(self, x):
            return tf.igammac(1.0 + self._counts(x), self.rate)

        def _log_cdf(self, x):
            return tf.log(self.cdf(x))

        def _mean(self):
            return tf.identity(self.rate)

        def _variance(self):
            return tf.identity(self.rate)

        def _mode(self):
            return tf.floor(self.rate)
    return dict(Binomial=Binomial, Geometric=Geometric, NegativeBinomial=NegativeBinomial,
                Poisson=Poisson)
