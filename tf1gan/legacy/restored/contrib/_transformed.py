"""What bijectors make of distributions."""

from tensorflow.python.ops.distributions import distribution, util


def make(tf, bijectors, scalars, noted):
    """name -> class.

    Args:
      bijectors, scalars: what `_bijectors` and `_scalars` make.
      noted: is called with a class's name where one is made, whose operations are not 1.15's.
    """
    class TransformedDistribution(distribution.Distribution):
        """What a bijector makes of a distribution; batch_shape and event_shape repeat a scalar."""

        def __init__(self, distribution, bijector=None, batch_shape=None, event_shape=None,
                     validate_args=False, name=None):
            parameters = dict(distribution=distribution, bijector=bijector, name=name,
                              batch_shape=batch_shape, event_shape=event_shape,
                              validate_args=validate_args)
            name = name or ("" if bijector is None else bijector.name) + distribution.name
            with tf.name_scope(name, values=[event_shape, batch_shape]) as scope:
                self.bijector = bijectors["Identity"](validate_args) if bijector is None \
                    else bijector
                self.distribution, base = distribution, distribution
                self._batches = _override(batch_shape, base.batch_shape)
                self._events = _override(event_shape, base.event_shape)
            # Where events are made of batches, these come first when they are drawn.
            self._is_turned = self._events is not None and self._batches is None \
                and base.batch_shape.rank != 0
            super().__init__(base.dtype, base.reparameterization_type, validate_args,
                             base.allow_nan_stats, parameters,
                             base._graph_parents + self.bijector.graph_parents, scope)
            noted(type(self).__name__)

        def _batch_shape(self):
            return self.distribution.batch_shape if self._batches is None \
                else _static(self._batches)

        def _batch_shape_tensor(self):
            return self.distribution.batch_shape_tensor() if self._batches is None \
                else self._batches

        def _event_shape(self):
            return self.bijector.forward_event_shape(
                self.distribution.event_shape if self._events is None else _static(self._events))

        def _event_shape_tensor(self):
            return self.bijector.forward_event_shape_tensor(
                self.distribution.event_shape_tensor() if self._events is None else self._events)

        def _sample_n(self, n, seed=None):
            own = [part for part in (self._batches, self._events) if part is not None]
            shape = tf.concat(own + [[n]] if self._is_turned else [[n]] + own, 0)
            return self._turned(self.distribution.sample(shape, seed=seed))

        def _call_sample_n(self, sample_shape, seed, name, **named):
            with self._name_scope(name, values=[sample_shape]):
                sample_shape = tf.convert_to_tensor(sample_shape, dtype=tf.int32)
                sample_shape, n = self._expand_sample_shape_to_vector(sample_shape, "sample_shape")
                x = self._sample_n(n, seed, **named)
                x = tf.reshape(x, tf.concat([sample_shape, tf.shape(x)[1:]], 0))
                return self._set_sample_static_shape(self.bijector.forward(x, **named),
                                                     sample_shape)

        def _turned(self, x, back=False):
            if not self._is_turned:
                return x
            rank, first = tf.rank(x), _static(self._events).rank
            first = rank - first if back else first
            return tf.transpose(x, tf.concat([tf.range(first, rank), tf.range(0, first)], 0))

        def _axes(self):
            known = self.event_shape.rank
            return tf.size(self.event_shape_tensor()) if known is None else known

        def _of_fibers(self, y, method, over):
            """[(what the distribution says of an x, the density's change)], for each x of y."""
            x, axes = self.bijector.inverse(y), self._axes()
            change = self.bijector.inverse_log_det_jacobian(y, event_ndims=axes)
            injective = self.bijector._is_injective
            found = []
            for one, its in zip(*([x], [change]) if injective else (x, change)):
                made = getattr(self.distribution, method)(self._turned(one, True))
                if self._events is not None:
                    own = _static(self._events).rank
                    made = over(made, list(range(own) if self._is_turned else range(-own, 0)))
                found.append((made, tf.cast(its, made.dtype)))
            return found

        def _shaped(self, made, y):
            if self._events is not None and isinstance(self._axes(), int):
                made.set_shape(tf.broadcast_static_shape(
                    y.shape.with_rank_at_least(1)[:-self._axes()], self.batch_shape))
            return made

        def _log_prob(self, y):
            found = [made + change for made, change in self._of_fibers(
                y, "log_prob", tf.reduce_sum)]
            return self._shaped(found[0] if len(found) == 1 else tf.reduce_logsumexp(
                tf.stack(found), axis=0), y)

        def _prob(self, y):
            found = [made * tf.exp(change) for made, change in self._of_fibers(
                y, "prob", tf.reduce_prod)]
            return self._shaped(sum(found[1:], found[0]), y)

        def _single(self, told):
            if self._events is not None:
                raise NotImplementedError(f"{told} is not there of an event_shape of its own.")
            if not self.bijector._is_injective:
                raise NotImplementedError(f"{told} is not there: {self.bijector.name} has no "
                                          "inverse.")

        def _quantile(self, value):
            self._single("quantile")
            return self.bijector.forward(self.distribution.quantile(value))

        def _entropy(self):
            if not self.bijector.is_constant_jacobian or not self.bijector._is_injective:
                raise NotImplementedError("entropy is not there of this bijector.")
            entropy = self.distribution.entropy()
            if self._events is not None:
                entropy *= tf.cast(tf.reduce_prod(self._events), entropy.dtype.base_dtype)
            if self._batches is not None:
                entropy += tf.zeros(self._batches, entropy.dtype.base_dtype)
            nothing = tf.zeros(tf.concat([self.batch_shape_tensor(), self.event_shape_tensor()],
                                         0), self.dtype)
            change = self.bijector.inverse_log_det_jacobian(nothing, event_ndims=self._axes())
            entropy -= tf.cast(change, entropy.dtype)
            entropy.set_shape(self.batch_shape)
            return entropy

    def of_inverse(name):
        def method(self, y):
            self._single(name)
            return getattr(self.distribution, name)(self.bijector.inverse(y))
        return method
    for name in ("cdf", "log_cdf", "survival_function", "log_survival_function"):
        setattr(TransformedDistribution, "_" + name, of_inverse(name))

    class RelaxedBernoulli(TransformedDistribution):
        """Numbers near 0 or 1: the nearer, the lower the temperature."""

        def __init__(self, temperature, logits=None, probs=None, validate_args=False,
                     allow_nan_stats=True, name="RelaxedBernoulli"):
            parameters = dict(temperature=temperature, logits=logits, probs=probs, name=name,
                              validate_args=validate_args, allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name, values=[logits, probs, temperature]) as scope:
                with tf.control_dependencies([tf.assert_positive(temperature)] if validate_args
                                             else []):
                    self.temperature = tf.identity(temperature, name="temperature")
                self.logits, self.probs = util.get_logits_and_probs(
                    logits=logits, probs=probs, validate_args=validate_args)
                super().__init__(
                    scalars["Logistic"](self.logits / self.temperature, 1. / self.temperature,
                                        validate_args, allow_nan_stats, scope + "/Logistic"),
                    bijectors["Sigmoid"](validate_args), validate_args=validate_args, name=scope)
            self._parameters = parameters

    def _override(shape, own):
        shape = tf.convert_to_tensor([] if shape is None else shape, dtype=tf.int32)
        known = tf.get_static_value(shape)
        if known is not None and known.size == 0 and known.ndim == 1:
            return None
        if shape.shape.rank not in (None, 1):
            raise ValueError("A shape is a list of sizes.")
        if known is not None and (known <= 0).any():
            raise ValueError(f"Sizes are above 0, not {known.tolist()}.")
        if own.rank not in (None, 0):
            raise ValueError("Only what is drawn as single numbers is given another shape.")
        return shape

    def _static(shape):
        from tensorflow.python.framework import tensor_util
        return tensor_util.constant_value_as_shape(shape)
    from tf1gan.legacy.restored.contrib import _normals, _together
    return dict(TransformedDistribution=TransformedDistribution, RelaxedBernoulli=RelaxedBernoulli,
                **_together.make(tf, noted),
                **_normals.make(tf, TransformedDistribution, bijectors, noted))
