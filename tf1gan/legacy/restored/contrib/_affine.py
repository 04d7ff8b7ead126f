"""Bijectors of vectors by an operator and a shift."""

from tensorflow.python.ops.distributions import bijector_impl, util


def make(tf):
    """name -> class."""
    class _Linear(bijector_impl.Bijector):
        """An operator times x, plus a shift: of vectors."""

        def _begin(self, shift, scale, dtype, validate_args, name):
            self.shift, self.scale = shift, scale
            parents = list(scale.graph_parents) if hasattr(scale, "graph_parents") else []
            super().__init__(forward_min_event_ndims=1, is_constant_jacobian=True, dtype=dtype,
                             graph_parents=parents + [shift] * (shift is not None),
                             validate_args=validate_args, name=name)

        def _checks(self):
            try:
                return [self.scale.assert_non_singular()] if self.validate_args else []
            except NotImplementedError:
                return []

        def _forward(self, x):
            y = x
            if self.scale is not None:
                with tf.control_dependencies(self._checks()):
                    y = self.scale.matvec(x)
            return y if self.shift is None else y + self.shift

        def _inverse(self, y):
            x = y if self.shift is None else y - self.shift
            return x if self.scale is None else self.scale.solvevec(x)

        def _forward_log_det_jacobian(self, x):
            return tf.constant(0., dtype=x.dtype.base_dtype) if self.scale is None \
                else self.scale.log_abs_determinant()

    class AffineLinearOperator(_Linear):
        """scale x + shift, where scale is a LinearOperator"""

        def __init__(self, shift=None, scale=None, validate_args=False,
                     name="affine_linear_operator"):
            shift = None if shift is None else tf.convert_to_tensor(shift, name="shift")
            if scale is not None:
                if shift is not None and shift.dtype.base_dtype != scale.dtype.base_dtype:
                    raise TypeError(f"shift is of {shift.dtype}, and scale of {scale.dtype}.")
                if not isinstance(scale, tf.linalg.LinearOperator):
                    raise TypeError(f"scale is a LinearOperator, not {scale}.")
                if validate_args and not scale.is_non_singular:
                    raise ValueError("scale has no inverse.")
            kind = scale.dtype.base_dtype if scale is not None else tf.float32 if shift is None \
                else shift.dtype.base_dtype
            self._begin(shift, scale, kind, validate_args, name)

        def _forward_log_det_jacobian(self, x):
            with tf.control_dependencies([] if self.scale is None else self._checks()):
                return super()._forward_log_det_jacobian(x)

    class Affine(_Linear):
        """scale x + shift, where scale is the sum of what is given

        Args:
          scale_tril: a lower triangular matrix.
          scale_perturb_factor: [k, r] V, with scale_perturb_diag [r] D: V D V^T is added.
        """

        def __init__(self, shift=None, scale_identity_multiplier=None, scale_diag=None,
                     scale_tril=None, scale_perturb_factor=None, scale_perturb_diag=None,
                     validate_args=False, name="affine"):
            if scale_perturb_diag is not None and scale_perturb_factor is None:
                raise ValueError("scale_perturb_diag is given without scale_perturb_factor.")
            with tf.name_scope(name + "/init/"):
                shift, times, diagonal, tril, factor, of_factor = (
                    None if value is None else tf.convert_to_tensor(value) for value in (
                        shift, scale_identity_multiplier, scale_diag, scale_tril,
                        scale_perturb_factor, scale_perturb_diag))
                self._is_number = tril is None and diagonal is None and factor is None
                kind = tf.float32 if shift is None else shift.dtype.base_dtype
                if self._is_number:
                    scale = tf.convert_to_tensor(1., dtype=kind) if times is None else times
                else:
                    scale = _operator(shift, times, diagonal, tril, factor, of_factor)
                    if shift is not None and shift.dtype.base_dtype != scale.dtype.base_dtype:
                        raise TypeError(f"shift is of {shift.dtype}, and scale of {scale.dtype}.")
            self._begin(shift, scale, scale.dtype.base_dtype, validate_args, name)

        def _forward(self, x):
            if not self._is_number:
                return super()._forward(x)
            y = x * self.scale
            return y if self.shift is None else y + self.shift

        def _inverse(self, y):
            if not self._is_number:
                return super()._inverse(y)
            return (y if self.shift is None else y - self.shift) / self.scale

        def _forward_log_det_jacobian(self, x):
            if not self._is_number:
                return super()._forward_log_det_jacobian(x)
            return tf.log(tf.abs(self.scale)) * tf.cast(tf.shape(x)[-1], self.scale.dtype)

    def _operator(shift, times, diagonal, tril, factor, of_factor):
        linalg = tf.linalg
        if tril is not None:
            tril = tf.matrix_band_part(tril, -1, 0)
            of_tril = tf.matrix_diag_part(tril)
            of_tril = of_tril if diagonal is None else of_tril + diagonal
            of_tril = of_tril if times is None else of_tril + times[..., tf.newaxis]
            made = linalg.LinearOperatorLowerTriangular(
                tf.matrix_set_diag(tril, of_tril), is_non_singular=True)
        elif diagonal is not None:
            made = linalg.LinearOperatorDiag(
                diagonal if times is None else diagonal + times[..., tf.newaxis],
                is_non_singular=True)
        else:
            rows = util.dimension_size(factor, -2)
            made = linalg.LinearOperatorIdentity(rows, dtype=factor.dtype) if times is None else \
                linalg.LinearOperatorScaledIdentity(rows, times, is_positive_definite=True)
        if factor is None:
            return made
        return linalg.LinearOperatorLowRankUpdate(
            made, u=factor, diag_update=of_factor, is_diag_update_positive=of_factor is None,
            is_non_singular=True, is_self_adjoint=True, is_positive_definite=True, is_square=True)
    return dict(Affine=Affine, AffineLinearOperator=AffineLinearOperator)
