"""`tf.contrib.factorization`: k-means, mixtures of normal distributions, thin factors of a matrix.

The estimator of k-means is tensorflow-estimator's, with the seeds and the distances of contrib's.
"""

import types

from tf1gan.legacy.api import estimator
from tf1gan.legacy.names import Later
from tf1gan.legacy.numbers import counts

DROPPED = "2.0"
_OF_TODAY = "COSINE_DISTANCE KMEANS_PLUS_PLUS_INIT KMeans RANDOM_INIT SQUARED_EUCLIDEAN_DISTANCE"
GIVES = _OF_TODAY + " GmmAlgorithm KMeansClustering WALSModel gmm"
NEEDS = ("tensorflow-estimator",)
PATHS = ("python.ops.clustering_ops", "python.ops.kmeans", "python.ops.gmm_ops",
         "python.ops.factorization_ops", "python.ops")
REFUSED = dict(
    GMM="it was contrib.learn's estimator; gmm fits the same models in a graph",
    WALSMatrixFactorization="its scripts train it by contrib.learn; WALSModel does the same in a "
                            "loop of one's own")


def make(given):
    from tensorflow.python.ops import clustering_ops

    class KMeans(clustering_ops.KMeans):
        """Clusters of the rows of tensors, trained by `training_graph()`."""

        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            # The core's draws with the graph's seed; contrib's with its own, which is 0.
            self._seed = named.get("random_seed", arguments[6] if len(arguments) > 6 else 0)

        def training_graph(self):
            # The core makes the place of the centers by one operation more.
            return counts.counting(given.seeds, super().training_graph, -1, "")()
    from tf1gan.legacy.restored.contrib import _mixture_models, _wals
    return dict({name: getattr(clustering_ops, name) for name in _OF_TODAY.split()},
                **_mixture_models.make(given), WALSModel=_wals.make(given), KMeans=KMeans,
                KMeansClustering=Later(lambda: _estimator(KMeans)))


def _estimator(contrib_kmeans):
    kmeans = estimator.load("tensorflow_estimator.python.estimator.canned.kmeans")
    theirs = kmeans.clustering_ops
    ours = types.SimpleNamespace(**dict(vars(theirs), KMeans=contrib_kmeans))

    class KMeansClustering(kmeans.KMeansClustering):
        """Clusters of the rows of features, as an estimator."""

        def __init__(self, num_clusters, model_dir=None, initial_clusters=theirs.RANDOM_INIT,
                     distance_metric=theirs.SQUARED_EUCLIDEAN_DISTANCE, random_seed=0,
                     use_mini_batch=True, mini_batch_steps_per_iteration=1,
                     kmeans_plus_plus_num_retries=2, relative_tolerance=None, config=None,
                     feature_columns=None):
            super().__init__(num_clusters, model_dir, initial_clusters, distance_metric,
                             random_seed, use_mini_batch, mini_batch_steps_per_iteration,
                             kmeans_plus_plus_num_retries, relative_tolerance, config,
                             feature_columns)
            make = self._model_fn

            def model_fn(features, mode, config):
                kmeans.clustering_ops = ours
                try:
                    return make(features, mode, config)
                finally:
                    kmeans.clustering_ops = theirs
            self._model_fn = model_fn

        def transform(self, input_fn):
            """Yields each row's distances from the centers: squares of them, where they are
            Euclid's."""
            return self._predict_one_key(input_fn, self.ALL_DISTANCES)
    return KMeansClustering
