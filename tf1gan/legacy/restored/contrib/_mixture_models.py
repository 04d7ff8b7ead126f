"""Mixtures of normal distributions, fitted by expectation and maximization."""

import math

import numpy as np

_LEAST = 0.001          # is added to each variance
_TINY = float(np.finfo(float).eps)


def make(given):
    """name -> class or function."""
    tf = given.tf

    class GmmAlgorithm:
        """Operations that fit a mixture to data, a list of [points, dimensions].

        Args:
          initial_means: [num_classes, dimensions]; random points without it.
          params: what is fitted: w, the weights, m, the means, c, the covariances.
          covariance_type: "full" or "diag".
        """

        CLUSTERS_WEIGHT, CLUSTERS_VARIABLE = "alphas", "clusters"
        CLUSTERS_COVS_VARIABLE = "clusters_covs"

        def __init__(self, data, num_classes, initial_means=None, params="wmc",
                     covariance_type="full", random_seed=0):
            if covariance_type not in ("full", "diag"):
                raise Exception(f"Covariances are full or diag, not {covariance_type}.")
            given.seeds.inexact_from_here("tf.contrib.factorization.gmm")
            self._params, self._is_full = params, covariance_type == "full"
            self._classes, self._data = num_classes, data
            self._width = tf.shape(data[0])[1]
            self._least = tf.diag(tf.ones(tf.stack([self._width]))) * _LEAST
            nothing = tf.constant([], dtype=tf.float32)
            self._means = tf.Variable(nothing, name=self.CLUSTERS_VARIABLE, validate_shape=False)
            self._covs = tf.Variable(nothing, name=self.CLUSTERS_COVS_VARIABLE,
                                     validate_shape=False)
            self._alpha = tf.Variable(tf.tile([1.0 / num_classes], [num_classes]),
                                      name=self.CLUSTERS_WEIGHT, validate_shape=False)
            self._is_begun = tf.Variable(False, dtype=tf.bool, name="initialized")
            self._begin(initial_means, random_seed)
            logs = [self._log_probabilities(tf.expand_dims(part, 0)) for part in data]
            self._priors = [tf.reduce_logsumexp(log, axis=1, keepdims=True) for log in logs]
            self._shares = [tf.reshape(
                tf.exp(tf.expand_dims(log, 0) - prior), tf.stack([tf.shape(part)[0], num_classes]))
                for log, prior, part in zip(logs, self._priors, data)]
            self._train_ops = self._fitted()
            self._log_likelihood = tf.reduce_logsumexp(
                [tf.reduce_logsumexp(prior) for prior in self._priors])
            self._scores = tf.squeeze(tf.reduce_logsumexp(
                [prior + tf.log(share) for prior, share in zip(self._priors, self._shares)],
                axis=2, keepdims=True), axis=0)

        def _begin(self, initial_means, seed):
            if initial_means is None:
                number = tf.add_n([tf.shape(part)[0] for part in self._data])
                with tf.control_dependencies([tf.assert_less_equal(self._classes, number)]):
                    which = tf.random_uniform([self._classes], 0, tf.cast(number, tf.int64),
                                              tf.int64, seed)
                which %= tf.cast(number, tf.int64)
                initial_means = tf.nn.embedding_lookup(self._data, which,
                                                       partition_strategy="div")
            means, first = tf.expand_dims(initial_means, 1), self._data[0]
            number = tf.cast(tf.shape(first)[0], tf.float32)
            away = first - tf.reduce_mean(first, 0, keepdims=True)
            if self._is_full:
                spread = tf.matmul(away, away, transpose_a=True) / (number - 1) + self._least
                times = [self._classes, 1, 1]
            else:
                # As on 1.15.5, whose sum is added to each row of a matrix, and its diagonal taken.
                spread = tf.diag_part(tf.reduce_sum(tf.square(away), 0, keepdims=True)
                                      / (number - 1) + self._least)
                times = [self._classes, 1]
            covs = tf.tile(tf.expand_dims(spread, 0), times)
            with tf.control_dependencies([means, covs]):
                is_begun = tf.identity(self._is_begun)
            self._init_ops = []
            for variable, value in ((self._means, means), (self._covs, covs)):
                put = tf.assign(variable, value, validate_shape=False)
                with tf.control_dependencies([put]):
                    put = tf.identity(tf.assign(self._is_begun, True))
                self._init_ops.append(tf.cond(is_begun, tf.no_op, lambda put=put: put).op)

        def _log_probabilities(self, points):
            """[points, classes], of [1, points, dimensions]."""
            constant = tf.cast(self._width, tf.float32) * math.log(2 * math.pi)
            if self._is_full:
                root = tf.cholesky(self._covs + self._least)
                size = 2.0 * tf.reduce_sum(tf.log(tf.matrix_diag_part(root)), 1)
                away = tf.square(tf.matrix_triangular_solve(root, tf.transpose(
                    points - self._means, perm=[0, 2, 1]), lower=True))
                made = tf.transpose(tf.reduce_sum(away, 1)) + constant + size
            else:
                size = tf.reduce_sum(tf.log(self._covs + _LEAST), 1, keepdims=True)
                inverse = tf.expand_dims(1.0 / (self._covs + _LEAST), 2)
                away = tf.matmul(tf.squared_difference(points, self._means), inverse)
                made = constant + tf.transpose(size) + tf.transpose(tf.squeeze(away, [2]))
            return -0.5 * made + tf.log(self._alpha)

        def _fitted(self):
            firsts, seconds = [], []
            for part, share in zip(self._data, self._shares):
                firsts.append(tf.expand_dims(tf.matmul(share, part, transpose_a=True), 1))
                turned = tf.transpose(part)[tf.newaxis] * tf.transpose(share)[:, tf.newaxis]
                seconds.append(tf.matmul(turned, tf.tile(part[tf.newaxis],
                                                         [self._classes, 1, 1])))
            with tf.control_dependencies(self._shares):
                points = tf.add_n([tf.reduce_sum(share, 0) for share in self._shares])
                done = tf.no_op()
                if "w" in self._params:
                    of_a_part = points / len(self._data)
                    done = self._alpha.assign(of_a_part / (tf.reduce_sum(of_a_part) + _TINY))
                wide, moved = tf.reshape(points, [self._classes, 1, 1]) + _TINY, tf.no_op()
                if "m" in self._params:
                    moved = self._means.assign(tf.div(tf.add_n(firsts), wide))
                with tf.control_dependencies([moved]):
                    second, means = tf.add_n(seconds) / wide, self._means.value()
                    covs = []
                    for place in range(self._classes):
                        mean = means[place, :, :]
                        covs.append(second[place] - tf.matmul(mean, mean, transpose_a=True)
                                    + self._least)
                    covs = tf.stack(covs if self._is_full else list(map(tf.diag_part, covs)))
                if "c" not in self._params:
                    return [done]
                with tf.control_dependencies([moved, covs]):
                    return [done, tf.assign(self._covs, covs, validate_shape=False)]

        def init_ops(self):
            return tf.group(*self._init_ops)

        def training_ops(self):
            return tf.group(*self._train_ops)

        def is_initialized(self):
            return self._is_begun

        def alphas(self):
            return self._alpha

        def clusters(self):
            return self._means

        def covariances(self):
            return self._covs

        def assignments(self):
            return [tf.argmax(share, 1) for share in self._shares]

        def scores(self):
            return self._scores

        def log_likelihood_op(self):
            return self._log_likelihood

    def gmm(inp, initial_clusters, num_clusters, random_seed, covariance_type="full",
            params="wmc"):
        """(log likelihood, scores, [assignments], training, initialization, whether it was)"""
        means = None
        if not (isinstance(initial_clusters, str) and initial_clusters == "random") \
                and not isinstance(initial_clusters, tf.Tensor):
            means = tf.constant(initial_clusters, dtype=tf.float32)
        made = GmmAlgorithm(inp if isinstance(inp, list) else [inp], num_clusters, means, params,
                            covariance_type, random_seed)
        return (made.log_likelihood_op(), made.scores(), [made.assignments()],
                made.training_ops(), made.init_ops(), made.is_initialized())
    return dict(GmmAlgorithm=GmmAlgorithm, gmm=gmm)
