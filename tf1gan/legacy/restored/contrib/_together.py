"""Several of a distribution at once, and one of several."""

from tensorflow.python.framework import tensor_shape
from tensorflow.python.ops.distributions import distribution, kullback_leibler


def make(tf, noted):
    """name -> class; `noted` is called with its name where one is made."""
    class Independent(distribution.Distribution):
        """Another distribution, the last axes of whose batch are those of an event."""

        def __init__(self, distribution, reinterpreted_batch_ndims=None, validate_args=False,
                     name=None):
            parameters = dict(distribution=distribution, validate_args=validate_args, name=name,
                              reinterpreted_batch_ndims=reinterpreted_batch_ndims)
            self.distribution, rank = distribution, distribution.batch_shape.rank
            number = reinterpreted_batch_ndims
            if number is None:
                number = max(0, rank - 1) if rank is not None else tf.maximum(
                    0, tf.size(distribution.batch_shape_tensor()) - 1)
            known = tf.get_static_value(tf.convert_to_tensor(number))
            self.reinterpreted_batch_ndims = number if known is None else int(known)
            self._is_known = None not in (known, rank)
            if self._is_known and known > rank:
                raise ValueError(f"The batch has {rank} axes, and not {known}.")
            with tf.name_scope(name or "Independent" + distribution.name) as scope:
                super().__init__(
                    distribution.dtype, distribution.reparameterization_type, validate_args,
                    distribution.allow_nan_stats, parameters, distribution._graph_parents, scope)
            noted("Independent")

        def _split(self, shape):
            if not self._is_known and isinstance(shape, tensor_shape.TensorShape):
                return tensor_shape.TensorShape(None), tensor_shape.TensorShape(None)
            left = (self.distribution.batch_shape.rank if self._is_known else tf.size(shape)) \
                - self.reinterpreted_batch_ndims
            return shape[:left], shape[left:]

        def _batch_shape(self):
            return self._split(self.distribution.batch_shape)[0]

        def _batch_shape_tensor(self):
            return self._split(self.distribution.batch_shape_tensor())[0]

        def _event_shape(self):
            return self._split(self.distribution.batch_shape)[1].concatenate(
                self.distribution.event_shape)

        def _event_shape_tensor(self):
            return tf.concat([self._split(self.distribution.batch_shape_tensor())[1],
                              self.distribution.event_shape_tensor()], axis=0)

        def _sample_n(self, n, seed=None):
            return self.distribution.sample(n, seed=seed)

        def _summed(self, values):
            number = self.reinterpreted_batch_ndims
            return tf.reduce_sum(values, axis=tf.range(-number, 0) if tf.is_tensor(number)
                                 else list(range(-number, 0)))

        def _log_prob(self, x):
            return self._summed(self.distribution.log_prob(x))

        def _entropy(self):
            return self._summed(self.distribution.entropy())

    for name in ("mean", "variance", "stddev", "mode"):
        setattr(Independent, "_" + name,
                lambda self, name=name: getattr(self.distribution, name)())

    @kullback_leibler.RegisterKL(Independent, Independent)
    def _of_two(a, b, name=None):
        if a.event_shape != b.event_shape:
            raise ValueError(f"The events are {a.event_shape} and {b.event_shape}.")
        if a.distribution.event_shape != b.distribution.event_shape:
            raise NotImplementedError("The events are made of other axes.")
        return a._summed(kullback_leibler.kl_divergence(a.distribution, b.distribution, name=name))

    class MixtureSameFamily(distribution.Distribution):
        """One of the last axis of a distribution's batch, which another one draws.

        As on 1.15.5, `sample` makes nothing of its seed.
        """

        def __init__(self, mixture_distribution, components_distribution, validate_args=False,
                     allow_nan_stats=True, name="MixtureSameFamily"):
            parameters = dict(mixture_distribution=mixture_distribution, name=name,
                              components_distribution=components_distribution,
                              validate_args=validate_args, allow_nan_stats=allow_nan_stats)
            self.mixture_distribution, which = mixture_distribution, mixture_distribution
            self.components_distribution, parts = components_distribution, components_distribution
            if not which.dtype.is_integer:
                raise ValueError(f"mixture_distribution draws {which.dtype.name}.")
            if which.event_shape.rank not in (None, 0):
                raise ValueError("mixture_distribution draws single numbers.")
            own, theirs = which.batch_shape, parts.batch_shape.with_rank_at_least(1)[:-1]
            if own.is_fully_defined() and theirs.is_fully_defined() and own.rank \
                    and own != theirs:
                raise ValueError(f"The batches are {own} and {theirs}.")
            classes = [tensor_shape.dimension_value(shape.with_rank_at_least(1)[-1])
                       for shape in (which.logits.shape, parts.batch_shape)]
            if None not in classes and classes[0] != classes[1]:
                raise ValueError(f"One of {classes[0]} is drawn, of {classes[1]} components.")
            with tf.name_scope(name) as scope:
                super().__init__(
                    parts.dtype, distribution.NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                    parameters, which._graph_parents + parts._graph_parents, scope)
            noted("MixtureSameFamily")

        def _batch_shape(self):
            return self.components_distribution.batch_shape.with_rank_at_least(1)[:-1]

        def _batch_shape_tensor(self):
            return self.components_distribution.batch_shape_tensor()[:-1]

        def _event_shape(self):
            return self.components_distribution.event_shape

        def _event_shape_tensor(self):
            return self.components_distribution.event_shape_tensor()

        def _wide(self, shares, axes=None):
            """Shares with an axis for each of an event's."""
            for _ in range(self.event_shape.rank if axes is None else axes):
                shares = tf.expand_dims(shares, -1)
            return shares

        def _between(self, x):
            """x with an axis before those of an event."""
            return tf.expand_dims(x, -1 - self.event_shape.rank)

        def _over(self, values):
            return tf.reduce_sum(values, axis=-1 - self.event_shape.rank)

        def _sample_n(self, n, seed=None):
            drawn = self.components_distribution.sample(n)
            which = self.mixture_distribution.sample(n)
            batch = self._batch_shape().rank
            if self.mixture_distribution.batch_shape.rank == 0 and batch is None:
                which = tf.reshape(which, tf.concat(
                    [[n], tf.ones_like(self._batch_shape_tensor())], 0))
            elif self.mixture_distribution.batch_shape.rank == 0:
                for _ in range(batch):
                    which = tf.expand_dims(which, -1)
            classes = tf.shape(self.mixture_distribution.logits)[-1]
            return self._over(drawn * self._wide(tf.one_hot(which, classes, dtype=drawn.dtype)))

        def _mixed(self, values):
            return tf.reduce_logsumexp(values + tf.nn.log_softmax(
                self.mixture_distribution.logits, axis=-1), axis=-1)

        def _log_prob(self, x):
            return self._mixed(self.components_distribution.log_prob(self._between(x)))

        def _log_cdf(self, x):
            return self._mixed(self.components_distribution.log_cdf(self._between(x)))

        def _mean(self):
            return self._over(self._wide(self.mixture_distribution.probs)
                              * self.components_distribution.mean())

        def _variance(self):
            shares, parts = self._wide(self.mixture_distribution.probs), \
                self.components_distribution
            return self._over(shares * parts.variance()) + self._over(
                shares * tf.squared_difference(parts.mean(), self._between(self._mean())))

        def _covariance(self):
            if self.event_shape.rank != 1:
                raise NotImplementedError("covariance is there of vectors.")
            if self._batch_shape().rank and not self.mixture_distribution.batch_shape.rank:
                raise NotImplementedError("1.15.5 mixes up the axes of a covariance where the "
                                          "components are a batch, and what draws them is not.")
            shares, parts = self._wide(self.mixture_distribution.probs, 2), \
                self.components_distribution
            away = parts.mean() - self._between(self._mean())
            return tf.reduce_sum(shares * (parts.covariance() + away[..., tf.newaxis, :]
                                           * away[..., tf.newaxis]), axis=-3)
    return dict(Independent=Independent, MixtureSameFamily=MixtureSameFamily)
