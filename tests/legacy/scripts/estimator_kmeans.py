"""The estimator of k-means of tf.contrib: its first centers, its steps and what it predicts."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.factorization.python.ops.kmeans import KMeansClustering

tf.logging.set_verbosity(tf.logging.ERROR)
rs = np.random.RandomState(0)
points = (rs.randn(60, 3) + 4 * rs.randint(0, 3, (60, 1))).astype(np.float32)


def given(column, epochs=None):
    """All rows at once: while parts of them are learnt from, 1.15.5 reads centers that move."""
    def rows():
        found = tf.data.Dataset.from_tensor_slices(points).batch(60).repeat(epochs)
        found = found.make_one_shot_iterator().get_next()
        found.set_shape([None, 3])
        return {column: found} if column else found
    return rows


def shown(what, steps, *arguments, column=None, **named):
    estimator = KMeansClustering(*arguments, use_mini_batch=False, **named)
    estimator.train(given(column), steps=steps)
    print(what, "%.4f" % estimator.score(given(column)))
    print(np.round(estimator.cluster_centers().astype(float), 4).tolist())
    print(np.round(next(iter(estimator.transform(given(column, 1)))).astype(float), 4).tolist(),
          list(estimator.predict_cluster_index(given(column, 1)))[:12])


assert KMeansClustering is tf.contrib.factorization.KMeansClustering
shown("random", 1, 3)
shown("another seed", 5, 3, random_seed=7)
shown("plus plus", 4, 3, initial_clusters=KMeansClustering.KMEANS_PLUS_PLUS_INIT)
shown("cosine", 3, 2, distance_metric=KMeansClustering.COSINE_DISTANCE, random_seed=3)
shown("given", 8, 3, initial_clusters=points[:3], relative_tolerance=0.01)
shown("columns", 3, 3, column="x", feature_columns=[
    tf.feature_column.numeric_column("x", shape=(3,))])
