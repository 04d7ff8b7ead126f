"""Normal vectors, by an operator that scales vectors of N(0, 1)."""

from tensorflow.python.ops.distributions import kullback_leibler, util


def make(tf, transformed, bijectors, noted):
    """name -> class.

    Args:
      transformed: TransformedDistribution.
      noted: is called with a class's name where one is made, whose operations are not 1.15's.
    """
    linalg = tf.linalg
    diagonals = (linalg.LinearOperatorIdentity, linalg.LinearOperatorScaledIdentity,
                 linalg.LinearOperatorDiag)

    def is_diagonal(scale):
        return isinstance(scale, diagonals)

    class _Scaled(transformed):
        """scale x + loc, where scale is a LinearOperator, and loc may be None."""

        def __init__(self, loc, scale, parameters, name):
            noted(type(self).__name__)
            if not scale.dtype.is_floating:
                raise TypeError(f"Normal vectors are of floats, not of {scale.dtype}.")
            with tf.name_scope(name) as scope:
                loc = None if loc is None else tf.convert_to_tensor(loc, name="loc")
                batch, event = scale.batch_shape_tensor(), scale.range_dimension_tensor()
                if loc is not None:
                    batch = _broadcast(tf, batch, tf.shape(loc)[:-1], scale.batch_shape,
                                       loc.shape[:-1])
                known = tf.get_static_value(event)
                size = None if loc is None else tf.compat.dimension_value(loc.shape[-1])
                if None not in (known, size) and size not in (1, known):
                    raise ValueError(f"loc has vectors of {size}, and the scale of {known}.")
            # Beside the scope, as on 1.15.5, where scripts find these names.
            normal = tf.distributions.Normal(tf.zeros([], scale.dtype), tf.ones([], scale.dtype))
            validate_args = parameters["validate_args"]
            super().__init__(normal, bijectors["AffineLinearOperator"](loc, scale, validate_args),
                             batch, [event if known is None else int(known)], validate_args, scope)
            self._parameters = parameters

        loc = property(lambda self: self.bijector.shift)
        scale = property(lambda self: self.bijector.scale)

        def _mean(self):
            shape = self.batch_shape.concatenate(self.event_shape)
            is_known = shape.is_fully_defined()
            if self.loc is not None and is_known and shape == self.loc.shape:
                return tf.identity(self.loc)
            zeros = tf.zeros(shape if is_known else tf.concat(
                [self.batch_shape_tensor(), self.event_shape_tensor()], 0), self.dtype)
            return zeros if self.loc is None else tf.identity(self.loc) + zeros

        _mode = _mean

        # As on 1.15.5, these have the scale's batch, and not that of loc.

        def _covariance(self):
            if is_diagonal(self.scale):
                return tf.matrix_diag(tf.square(self.scale.diag_part()))
            return self.scale.matmul(self.scale.to_dense(), adjoint_arg=True)

        def _variance(self):
            return tf.square(self.scale.diag_part()) if is_diagonal(self.scale) \
                else tf.matrix_diag_part(self._covariance())

        def _stddev(self):
            return tf.abs(self.scale.diag_part()) if is_diagonal(self.scale) \
                else tf.sqrt(self._variance())

    class MultivariateNormalDiag(_Scaled):
        """Normal vectors [..., k] around `loc`, with `scale_diag` for their deviations."""

        def __init__(self, loc=None, scale_diag=None, scale_identity_multiplier=None,
                     validate_args=False, allow_nan_stats=True, name="MultivariateNormalDiag"):
            if loc is None and scale_diag is None:
                raise ValueError("There is neither a loc nor a scale_diag.")
            parameters = dict(
                loc=loc, scale_diag=scale_diag, name=name, validate_args=validate_args,
                scale_identity_multiplier=scale_identity_multiplier,
                allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name) as scope:
                with tf.name_scope("init"):
                    loc, diagonal, times = (
                        None if value is None else tf.convert_to_tensor(value) for value in (
                            loc, scale_diag, scale_identity_multiplier))
                    if diagonal is not None:
                        scale = linalg.LinearOperatorDiag(
                            diagonal if times is None else diagonal + times[..., tf.newaxis],
                            is_non_singular=True, is_self_adjoint=True)
                    elif times is None:
                        scale = identity(loc)
                    else:
                        scale = linalg.LinearOperatorScaledIdentity(
                            util.dimension_size(loc, -1), times, is_non_singular=True,
                            is_self_adjoint=True)
            super().__init__(loc, scale, parameters, scope)

    class MultivariateNormalDiagWithSoftplusScale(MultivariateNormalDiag):
        """The same of a scale_diag that may be below 0."""

        def __init__(self, loc, scale_diag, validate_args=False, allow_nan_stats=True,
                     name="MultivariateNormalDiagWithSoftplusScale"):
            parameters = dict(loc=loc, scale_diag=scale_diag, validate_args=validate_args,
                              allow_nan_stats=allow_nan_stats, name=name)
            with tf.name_scope(name) as scope:
                super().__init__(loc, tf.nn.softplus(scale_diag), validate_args=validate_args,
                                 allow_nan_stats=allow_nan_stats, name=scope)
            self._parameters = parameters

    class MultivariateNormalTriL(_Scaled):
        """Normal vectors around `loc`; scale_tril, [..., k, k], is times vectors of N(0, 1)."""

        def __init__(self, loc=None, scale_tril=None, validate_args=False, allow_nan_stats=True,
                     name="MultivariateNormalTriL"):
            if loc is None and scale_tril is None:
                raise ValueError("There is neither a loc nor a scale_tril.")
            parameters = dict(loc=loc, scale_tril=scale_tril, validate_args=validate_args,
                              allow_nan_stats=allow_nan_stats, name=name)
            with tf.name_scope(name) as scope:
                with tf.name_scope("init"):
                    loc, tril = (None if value is None else tf.convert_to_tensor(value, name=told)
                                 for value, told in ((loc, "loc"), (scale_tril, "scale_tril")))
                    scale = identity(loc) if tril is None else \
                        linalg.LinearOperatorLowerTriangular(tril, is_non_singular=True)
            super().__init__(loc, scale, parameters, scope)

    class MultivariateNormalFullCovariance(MultivariateNormalTriL):
        """The same of a covariance matrix."""

        def __init__(self, loc=None, covariance_matrix=None, validate_args=False,
                     allow_nan_stats=True, name="MultivariateNormalFullCovariance"):
            parameters = dict(loc=loc, covariance_matrix=covariance_matrix, name=name,
                              validate_args=validate_args, allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name) as scope, tf.name_scope("init"):
                tril = None
                if covariance_matrix is not None:
                    covariance_matrix = tf.convert_to_tensor(covariance_matrix)
                    checks = [] if not validate_args else [tf.debugging.assert_near(
                        covariance_matrix, tf.matrix_transpose(covariance_matrix))]
                    with tf.control_dependencies(checks):
                        tril = tf.cholesky(covariance_matrix)
                super().__init__(loc, tril, validate_args, allow_nan_stats, scope)
            self._parameters = parameters

    def identity(loc):
        return linalg.LinearOperatorIdentity(util.dimension_size(loc, -1),
                                             dtype=loc.dtype.base_dtype)

    @kullback_leibler.RegisterKL(_Scaled, _Scaled)
    def _of_two(a, b, name=None):
        with tf.name_scope(name, "kl_mvn"):
            ratio = (a.stddev() / b.stddev())[..., tf.newaxis] \
                if is_diagonal(a.scale) and is_diagonal(b.scale) \
                else b.scale.solve(a.scale.to_dense())
            apart = b.scale.solve((b.mean() - a.mean())[..., tf.newaxis])
            made = b.scale.log_abs_determinant() - a.scale.log_abs_determinant() + 0.5 * (
                -tf.cast(a.scale.domain_dimension_tensor(), a.dtype)
                + tf.reduce_sum(tf.square(ratio), axis=[-2, -1])
                + tf.reduce_sum(tf.square(apart), axis=[-2, -1]))
            made.set_shape(tf.broadcast_static_shape(a.batch_shape, b.batch_shape))
            return made
    return {made.__name__: made for made in (
        MultivariateNormalDiag, MultivariateNormalDiagWithSoftplusScale, MultivariateNormalTriL,
        MultivariateNormalFullCovariance)}


def _broadcast(tf, one, other, known, other_known):
    if known.is_fully_defined() and other_known.is_fully_defined():
        return tf.broadcast_static_shape(known, other_known).as_list()
    return tf.broadcast_dynamic_shape(one, other)
