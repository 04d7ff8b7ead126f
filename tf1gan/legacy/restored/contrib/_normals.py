"""Normal vectors whose elements depend on one another."""

from tensorflow.python.ops.distributions import kullback_leibler, util


def make(tf, transformed, bijectors):
    """name -> class; `transformed` is TransformedDistribution."""
    class MultivariateNormalTriL(transformed):
        """Normal vectors around `loc`; scale_tril, [..., k, k], is times vectors of N(0, 1)."""

        def __init__(self, loc=None, scale_tril=None, validate_args=False, allow_nan_stats=True,
                     name="MultivariateNormalTriL"):
            if loc is None and scale_tril is None:
                raise ValueError("There is neither a loc nor a scale_tril.")
            parameters = dict(loc=loc, scale_tril=scale_tril, validate_args=validate_args,
                              allow_nan_stats=allow_nan_stats, name=name)
            with tf.name_scope(name) as scope:
                loc = None if loc is None else tf.convert_to_tensor(loc, name="loc")
                if scale_tril is None:
                    scale = tf.linalg.LinearOperatorIdentity(util.dimension_size(loc, -1),
                                                             dtype=loc.dtype)
                else:
                    scale = tf.linalg.LinearOperatorLowerTriangular(
                        tf.convert_to_tensor(scale_tril, name="scale_tril"), is_non_singular=True)
                batch, event = scale.batch_shape_tensor(), scale.range_dimension_tensor()
                if loc is not None:
                    batch = _broadcast(tf, batch, tf.shape(loc)[:-1], scale.batch_shape,
                                       loc.shape[:-1])
                known = tf.get_static_value(event)
                normal = tf.distributions.Normal(tf.zeros([], scale.dtype),
                                                 tf.ones([], scale.dtype))
            super().__init__(normal, bijectors["AffineLinearOperator"](loc, scale, validate_args),
                             batch, [event if known is None else int(known)], validate_args, scope)
            self._parameters = parameters

        loc = property(lambda self: self.bijector.shift)
        scale = property(lambda self: self.bijector.scale)

        def _mean(self):
            shape = tf.concat([self.batch_shape_tensor(), self.event_shape_tensor()], 0)
            zeros = tf.zeros(shape, self.dtype)
            return zeros if self.loc is None else self.loc + zeros

        _mode = _mean

        def _covariance(self):
            return self.scale.matmul(self.scale.to_dense(), adjoint_arg=True)

        def _variance(self):
            return tf.matrix_diag_part(self._covariance())

        def _stddev(self):
            return tf.sqrt(self._variance())

    class MultivariateNormalFullCovariance(MultivariateNormalTriL):
        """The same of a covariance matrix."""

        def __init__(self, loc=None, covariance_matrix=None, validate_args=False,
                     allow_nan_stats=True, name="MultivariateNormalFullCovariance"):
            parameters = dict(loc=loc, covariance_matrix=covariance_matrix, name=name,
                              validate_args=validate_args, allow_nan_stats=allow_nan_stats)
            with tf.name_scope(name) as scope:
                tril = None
                if covariance_matrix is not None:
                    covariance_matrix = tf.convert_to_tensor(covariance_matrix)
                    checks = [] if not validate_args else [tf.debugging.assert_near(
                        covariance_matrix, tf.matrix_transpose(covariance_matrix))]
                    with tf.control_dependencies(checks):
                        tril = tf.cholesky(covariance_matrix)
            super().__init__(loc, tril, validate_args, allow_nan_stats, scope)
            self._parameters = parameters

    @kullback_leibler.RegisterKL(MultivariateNormalTriL, MultivariateNormalTriL)
    def _of_two(a, b, name=None):
        with tf.name_scope(name, "kl_mvn"):
            ratio = b.scale.solve(a.scale.to_dense())
            apart = b.scale.solve((b.mean() - a.mean())[..., tf.newaxis])
            made = b.scale.log_abs_determinant() - a.scale.log_abs_determinant() + 0.5 * (
                -tf.cast(a.scale.domain_dimension_tensor(), a.dtype)
                + tf.reduce_sum(tf.square(ratio), axis=[-2, -1])
                + tf.reduce_sum(tf.square(apart), axis=[-2, -1]))
            made.set_shape(tf.broadcast_static_shape(a.batch_shape, b.batch_shape))
            return made
    return dict(MultivariateNormalTriL=MultivariateNormalTriL,
                MultivariateNormalFullCovariance=MultivariateNormalFullCovariance)


def _broadcast(tf, one, other, known, other_known):
    if known.is_fully_defined() and other_known.is_fully_defined():
        return tf.broadcast_static_shape(known, other_known).as_list()
    return tf.broadcast_dynamic_shape(one, other)
