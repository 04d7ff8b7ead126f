"""`tf.contrib.factorization`: k-means, whose operations TensorFlow has in its core."""

from tf1gan.legacy.numbers import counts

DROPPED = "2.0"
GIVES = ("COSINE_DISTANCE KMEANS_PLUS_PLUS_INIT KMeans RANDOM_INIT SQUARED_EUCLIDEAN_DISTANCE")
NEEDS = ()
PATHS = ("python.ops.clustering_ops", "python.ops")
_MIXTURES = "scikit-learn's GaussianMixture fits the same models"
_COMPILED = "its operations were compiled into contrib, and TensorFlow 2 has not got them"
REFUSED = dict(GMM=_MIXTURES, GmmAlgorithm=_MIXTURES, gmm=_MIXTURES, WALSModel=_COMPILED,
               WALSMatrixFactorization=_COMPILED,
               KMeansClustering="tf.estimator.experimental.KMeans is there, with other seeds")


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
    return dict({name: getattr(clustering_ops, name) for name in GIVES.split()}, KMeans=KMeans)
