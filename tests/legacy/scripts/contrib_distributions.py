"""Distributions of vectors and mixtures, k-means and sparsemax of tf.contrib, and their seeds."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.factorization.python.ops.clustering_ops import KMeans

d, rs = tf.contrib.distributions, np.random.RandomState(0)
for shape in ([4, 5], [2, 4, 5], [None, 5]):
    with tf.Graph().as_default():
        tf.set_random_seed(3)
        logits = tf.placeholder_with_default(
            rs.randn(*[size or 4 for size in shape]).astype(np.float32), shape)
        logits = logits if None in shape else tf.identity(logits)
        relaxed = d.RelaxedOneHotCategorical(0.7, logits)
        drawn, more = relaxed.sample(), relaxed.sample([2, 2])
        values = [drawn, more, relaxed.log_prob(drawn), relaxed.log_prob(
            tf.nn.softmax(tf.ones([4, 5]))), d.RelaxedOneHotCategorical(
                tf.constant(0.3), probs=[0.2, 0.3, 0.5]).log_prob([[0.3, 0.3, 0.4]])]
        logarithms = d.ExpRelaxedOneHotCategorical(0.7, probs=tf.nn.softmax(logits))
        one = d.OneHotCategorical(logits=logits)
        vectors = one.sample(3)
        values += [logarithms.sample(2), vectors, one.log_prob(tf.cast(vectors, tf.float32)),
                   one.entropy(), one.mode(), one.variance(), one.covariance(),
                   d.kl_divergence(one, d.OneHotCategorical(logits=logits * 0.3)),
                   tf.random_uniform([2])]
        with tf.Session() as session:
            for value in values[:2] + values[5:7]:
                session.run(value)
            session.run([drawn, values[2]])
            session.run([vectors, values[7]])
            session.run(values[3:5] + values[8:])
with tf.Graph().as_default():
    tf.set_random_seed(3)
    rows = tf.constant(rs.randn(4, 5).astype(np.float32))
    sparse = tf.contrib.sparsemax.sparsemax(rows)
    loss = tf.contrib.sparsemax.sparsemax_loss(rows, sparse, tf.one_hot([0, 1, 2, 3], 5))
    values = [sparse, loss, tf.gradients(loss, rows)[0], tf.random_uniform([2])]
    # What follows draws by seeds of its own.
    normal = d.MultivariateNormalDiag([1.0, 2.0], [0.5, 3.0])
    values += [normal.sample(4, seed=5), normal.log_prob([[0.3, 0.4], [1.0, 2.0]]),
               normal.entropy(), normal.mean(), normal.stddev(), normal.covariance()]
    wide = d.MultivariateNormalDiag(tf.zeros([3, 2]), scale_identity_multiplier=2.0)
    plain = d.MultivariateNormalDiag(scale_diag=[1.0, 2.0])
    values += [wide.sample(2, seed=4), wide.log_prob(tf.ones([3, 2])), wide.mean(),
               plain.sample(seed=1), d.kl_divergence(normal, plain),
               d.MultivariateNormalDiagWithSoftplusScale([1.0, 2.0], [0.5, 3.0]).sample(4, seed=5),
               d.NormalWithSoftplusScale(0.0, 1.0).log_prob(0.3)]
    ring = d.Mixture(d.Categorical(logits=[0.1, 0.2, 0.5]), [
        d.MultivariateNormalDiag([float(place), -place], [0.1, 0.2]) for place in range(3)])
    values += [ring.sample(10, seed=7), ring.log_prob([[0.2, 0.3]]), ring.mean(), ring.stddev(),
               ring.entropy_lower_bound()]
    which = d.Categorical(logits=[[0.1, 0.2], [0.5, 0.3], [1.0, 0.0]])
    parts = [d.Normal([0.0, 1.0, 2.0], 1.0), d.Normal([0.0, 1.0, 2.0], 4.0)]
    for static in (False, True):
        mixture = d.Mixture(which, parts, use_static_graph=static)
        values += [mixture.sample(6, seed=7), mixture.log_prob([0.1, 0.2, 0.3]), mixture.mean(),
                   mixture.stddev(), mixture.cdf([0.1, 0.2, 0.3]), mixture.log_cdf([0.0, 2.0, 1.0]),
                   mixture.survival_function([0.1, 0.2, 0.3]),
                   mixture.log_survival_function([0.0, 2.0, 1.0])]
    with tf.Session() as session:
        session.run(values)
points = rs.randn(50, 3).astype(np.float32)
for start in ("random", "kmeans_plus_plus", "kmc2"):
    with tf.Graph().as_default():
        tf.set_random_seed(3)
        given = tf.placeholder(tf.float32, [None, 3])
        graph = KMeans(given, 4, start, "squared_euclidean", start == "random").training_graph()
        number = tf.random_uniform([2])
        with tf.Session() as session:
            session.run(tf.global_variables_initializer(), {given: points})
            for _ in range(4):          # kmc2 finds one center in each
                session.run(graph[-2], {given: points})
            for _ in range(2):
                session.run([graph[1][0], graph[2][0], number], {given: points})
                if start != "random":
                    session.run(graph[-1], {given: points})
