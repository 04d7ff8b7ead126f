"""Linear systems by products with a matrix alone, which is given as an operator."""

import collections

import tensorflow.compat.v1 as tf

_Operator = collections.namedtuple("LinearOperator", "shape dtype apply apply_adjoint")
_CGState = collections.namedtuple("CGState", "i x r p gamma")
_CGLSState = collections.namedtuple("CGLSState", "i x r p gamma")
_Bidiagonal = collections.namedtuple("LanczosBidiagState", "u v alpha beta")
# A vector that loses so much of its length when others are taken out of it is not orthogonal yet.
_ENOUGH = 0.7071


def create_operator(matrix):
    """What multiplies by a matrix, and by its adjoint."""
    return _Operator(_shape(matrix), matrix.dtype, lambda v: tf.matmul(matrix, v),
                     lambda v: tf.matmul(matrix, v, adjoint_a=True))


def identity_operator(matrix):
    """What leaves a vector as it is, of a matrix's shape."""
    return _Operator(_shape(matrix), matrix.dtype, lambda v: v, lambda v: v)


def _shape(matrix):
    return matrix.shape.as_list() if matrix.shape.is_fully_defined() else tf.shape(matrix)


def dot(x, y):
    return tf.reduce_sum(tf.conj(x) * y)


def l2norm_squared(v):
    return tf.constant(2, dtype=v.dtype.base_dtype) * tf.nn.l2_loss(v)


def l2norm(v):
    return tf.sqrt(l2norm_squared(v))


def l2normalize(v):
    """(v / its length, its length)"""
    norm = l2norm(v)
    return v / norm, norm


def conjugate_gradient(operator, rhs, preconditioner=None, x=None, tol=1e-4, max_iter=20,
                       name="conjugate_gradient"):
    """Solves operator x = rhs, of a positive definite operator.

    Args:
      operator: of shape [n, n], by create_operator.
      rhs: [n].
      preconditioner: an operator near the inverse.
      x: [n]: where to begin.

    Returns a state: i, x, r (what is left), p, gamma.
    """
    near = preconditioner.apply if preconditioner is not None else lambda r: r
    with tf.name_scope(name):
        rest = tf.expand_dims(rhs, -1)
        if x is None:
            x = tf.expand_dims(tf.zeros(operator.shape[1:], rest.dtype.base_dtype), -1)
        else:
            x = tf.expand_dims(x, -1)
            rest = rest - operator.apply(x)
        along = near(rest)
        limit = tol * tf.norm(rest)

        def step(i, state):
            image = operator.apply(state.p)
            size = state.gamma / dot(state.p, image)
            rest = state.r - size * image
            better = near(rest)
            gamma = dot(rest, better)
            return i + 1, _CGState(i + 1, state.x + size * state.p, rest,
                                   better + gamma / state.gamma * state.p, gamma)
        start = tf.constant(0)
        _, state = tf.while_loop(
            lambda i, state: tf.logical_and(i < max_iter, tf.norm(state.r) > limit), step,
            [start, _CGState(start, x, rest, along, dot(rest, along))])
        return _squeezed(state)


def cgls(operator, rhs, tol=1e-6, max_iter=20, name="cgls"):
    """The x for which operator x is nearest to rhs, by conjugate gradients; see above."""
    with tf.name_scope(name):
        rest = tf.expand_dims(rhs, -1)
        along = operator.apply_adjoint(rest)
        gamma = l2norm_squared(along)
        limit = tol * tol * gamma
        x = tf.expand_dims(tf.zeros(operator.shape[1:], rest.dtype.base_dtype), -1)

        def step(i, state):
            image = operator.apply(state.p)
            size = state.gamma / l2norm_squared(image)
            rest = state.r - size * image
            slope = operator.apply_adjoint(rest)
            gamma = l2norm_squared(slope)
            return i + 1, _CGLSState(i + 1, state.x + size * state.p, rest,
                                     slope + gamma / state.gamma * state.p, gamma)
        start = tf.constant(0)
        _, state = tf.while_loop(
            lambda i, state: tf.logical_and(i < max_iter, state.gamma > limit), step,
            [start, _CGLSState(start, x, rest, along, gamma)])
        return _squeezed(state)


def _squeezed(state):
    return state._replace(x=tf.squeeze(state.x), r=tf.squeeze(state.r), p=tf.squeeze(state.p))


def lanczos_bidiag(operator, k, orthogonalize=True, starting_vector=None, name="lanczos_bidiag"):
    """u [m, k + 1], v [n, k], alpha [k] and beta [k]: operator v = u B, where B has alpha on its
    diagonal and beta below it."""
    with tf.name_scope(name):
        kind = operator.dtype
        if starting_vector is None:
            from tensorflow.python.ops import random_ops
            starting_vector = random_ops.random_uniform(operator.shape[:1], -1, 1, dtype=kind)

        def array(size, name):
            return tf.TensorArray(kind, size, tensor_array_name=name, clear_after_read=False)

        def column(made, i):
            return tf.expand_dims(made.read(i), -1)

        def purified(number, basis, vector):
            """A vector of length 1 that is orthogonal to a basis, and what its length was."""
            def without(j, basis, vector):
                one = column(basis, j)
                left = vector - tf.matmul(one, vector, adjoint_a=True) * one
                left.set_shape(vector.shape)
                return j + 1, basis, left
            return l2normalize(tf.while_loop(lambda j, *_: j < number, without,
                                             [tf.constant(0), basis, vector])[2])

        def unit(number, basis, vector):
            if not orthogonalize:
                return l2normalize(vector)
            length = l2norm(vector)
            once = purified(number, basis, vector)
            return tf.cond(once[1] < _ENOUGH * length,
                           lambda: purified(number, basis, vector), lambda: once)

        def step(i, u, v, alphas, betas):
            left = column(u, i)
            right = operator.apply_adjoint(left)
            shape = right.shape
            right = tf.cond(i > 0, lambda: right - betas.read(i - 1) * column(v, i - 1),
                            lambda: right)
            right.set_shape(shape)
            right, alpha = unit(i - 1, v, right)
            following, beta = unit(i, u, operator.apply(right) - alpha * left)
            return (i + 1, u.write(i + 1, tf.squeeze(following)), v.write(i, tf.squeeze(right)),
                    alphas.write(i, alpha), betas.write(i, beta))
        first, _ = l2normalize(starting_vector)
        _, u, v, alphas, betas = tf.while_loop(lambda i, *_: i < k, step, [
            tf.constant(0), array(k + 1, "u").write(0, tf.squeeze(first)), array(k, "v"),
            array(k, "alpha"), array(k, "beta")])
        return _Bidiagonal(tf.matrix_transpose(u.stack()), tf.matrix_transpose(v.stack()),
                           alphas.stack(), betas.stack())


def bidiag_matmul(matrix, alpha, beta, adjoint_b=False, name="bidiag_matmul"):
    """A matrix by the bidiagonal one of alpha and beta, or by its adjoint."""
    with tf.name_scope(name):
        alpha = tf.expand_dims(alpha, 0)
        if not adjoint_b:
            return matrix[:, :-1] * alpha + matrix[:, 1:] * tf.expand_dims(beta, 0)
        nothing = tf.expand_dims(tf.zeros(tf.shape(matrix)[:1], matrix.dtype), 1)
        return matrix * alpha + tf.concat([nothing, matrix[:, :-1] * tf.expand_dims(
            beta[:-1], 0)], 1)
