"""Measures of how alike two sets of images are, by the features of a classifier.

They are those of the literature with the classifier of `classifier.py` in the place of
Inception, so they compare runs with each other and not with other papers' numbers.
"""

import concurrent.futures
import os
from typing import NamedTuple

import numpy as np

NEIGHBOURS = 3
BLOCK = 1000           # rows of distances held at a time, at most
DISTANCES = 2 ** 24    # as many distances
KERNELS = 2 ** 20      # values of a kernel held at a time, at most
SIDE_BY_SIDE = 4       # blocks, at most


def moments(features):
    """(mean [d], covariance [d, d]) of features [n, d]."""
    features = np.asarray(features, np.float64)
    return features.mean(axis=0), np.atleast_2d(np.cov(features, rowvar=False))


def frechet(one, other):
    """The Frechet distance of two sets of features, by their `moments`, as normal distributions.

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)). Heusel et al., "GANs Trained by a Two
    Time-Scale Update Rule Converge to a Local Nash Equilibrium" (2017), section 4.
    """
    (m1, c1), (m2, c2) = one, other
    # tr (C1 C2)^(1/2) = tr (C1^(1/2) C2 C1^(1/2))^(1/2), which is symmetric.
    values, vectors = np.linalg.eigh(c1)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ c2 @ root), 0)).sum()
    return float(max(0.0, np.square(m1 - m2).sum() + np.trace(c1) + np.trace(c2) - 2 * cross))


class Pairs(NamedTuple):
    """The kernel (x.y / d + 1)^3 of the pairs of two sets, summed.

    Within one set no feature is paired with itself.
    """
    rows: np.ndarray        # means over the other set, of each feature of the one
    columns: np.ndarray     # the other way round
    square: float           # the mean square over all pairs


def pairs(one, other=None):
    """The Pairs of two sets of features [n, d], [m, d], or of those within one set."""
    within = other is None
    one = np.asarray(one, np.float64)
    other = one if within else np.asarray(other, np.float64)

    def of_block(block):
        values = one[block] @ other.T
        values /= one.shape[1]
        values += 1
        values *= values * values
        if within:
            np.fill_diagonal(values[:, block], 0)
        return values.sum(axis=1), values.sum(axis=0), np.vdot(values, values)
    rows, columns, squares = zip(*_each_block(of_block, len(one), len(other), KERNELS))
    among = len(other) - within
    return Pairs(np.concatenate(rows) / among, sum(columns) / (len(one) - within),
                 float(sum(squares)) / len(one) / among)


def kernel_distance(one, other, within_one=None):
    """The kernel distance (KID) of two sets of features [n, d], and its standard error.

    The squared maximum mean discrepancy by the kernel (x.y / d + 1)^3, over all pairs of
    features, none with itself. Unlike a Frechet distance it does not grow as samples become
    fewer; of equal sets it is as often below 0 as above. Binkowski et al., "Demystifying MMD
    GANs" (2018), section 4, with one block of all features.

    The error is how far the distance would vary if both sets were drawn anew, each feature by
    itself.

    Args:
      within_one: `pairs(one)`, where they are known.

    Returns:
      (the distance, its standard error): NaN where a set has fewer than 2 features, and of an
      error fewer than 4.
    """
    fewest = min(len(one), len(other))
    if fewest < 2:
        return float("nan"), float("nan")
    x = pairs(one) if within_one is None else within_one
    y, across = pairs(other), pairs(one, other)
    distance = x.rows.mean() + y.rows.mean() - 2 * across.rows.mean()
    return float(distance), _error(x, y, across) if fewest > 3 else float("nan")


def _error(x, y, across):
    """The standard error of a distance, by the Pairs of one set, of the other, and across.

    By Hoeffding's decomposition the distance is a sum of uncorrelated parts: a mean over each
    set of what a feature by itself adds, and what is left of the pairs. Of like sets the first
    two are nothing. Hoeffding, "A Class of Statistics with Asymptotically Normal Distribution"
    (1948), section 5.
    """
    n, m = len(x.rows), len(y.rows)

    def variance(values):
        return np.var(values, ddof=1)

    def left_within(of_one, count):
        total = of_one.square - of_one.rows.mean() ** 2
        return max(0, total - 2 * variance(of_one.rows)) / (1 - 2 / (count - 1))
    # What is left of the pairs, too, makes a mean over few of them vary.
    left_x, left_y = left_within(x, n), left_within(y, m)
    left_across = max(0, across.square - across.rows.mean() ** 2 - variance(across.rows)
                      - variance(across.columns)) / (1 - 1 / n - 1 / m)
    alone_x = variance(x.rows - across.rows) - left_x / (n - 1) - left_across / m
    alone_y = variance(y.rows - across.columns) - left_y / (m - 1) - left_across / n
    return float(np.sqrt(
        4 * max(0, alone_x) / n + 4 * max(0, alone_y) / m + 2 * left_x / n / (n - 1)
        + 2 * left_y / m / (m - 1) + 4 * left_across / n / m))


def score(probabilities):
    """exp(mean KL(p(y|x) || p(y))): the Inception score by another classifier.

    Salimans et al., "Improved Techniques for Training GANs" (2016), section 4.
    """
    p = np.clip(np.asarray(probabilities, np.float64), 1e-12, 1)
    return float(np.exp((p * (np.log(p) - np.log(p.mean(axis=0)))).sum(axis=1).mean()))


def divergence(shares):
    """KL of the shares of the classes from uniform ones, in nats: 0 to log 10."""
    shares = np.asarray(shares, np.float64)
    present = shares[shares > 0]
    return float((present * np.log(present * len(shares))).sum())


def radii(points, k=NEIGHBOURS):
    """The squared distance of each point [n, d] to its k-th neighbour among them, [n]."""
    k = min(k, len(points) - 1)

    def of_block(block):        # place 0 is the point itself
        return np.partition(squared_distances(points[block], points), k, axis=1)[:, k]
    return np.concatenate(_each_block(of_block, len(points), len(points)))


def precision_recall(real, generated, k=NEIGHBOURS, real_radii=None):
    """How many of one set lie within the other, both ways, as (precision, recall).

    A point lies within a set if it is nearer to one of the set's points than that one's k-th
    neighbour. Kynkaanniemi et al., "Improved Precision and Recall Metric for Assessing
    Generative Models" (2019), section 2.

    Args:
      real_radii: `radii` of the real ones, where they are known.
    """
    real_radii = radii(real, k) if real_radii is None else real_radii
    generated_radii = radii(generated, k)

    def of_block(block):
        distances = squared_distances(generated[block], real)
        return ((distances <= real_radii).any(axis=1),
                (distances <= generated_radii[block, None]).any(axis=0))
    of_generated, of_real = zip(*_each_block(of_block, len(generated), len(real)))
    return (float(np.concatenate(of_generated).mean()),
            float(np.logical_or.reduce(of_real).mean()))


def _each_block(function, count, columns, most=None):
    """function(slice) of the blocks of so many rows, in order; the blocks side by side."""
    size = max(1, min(BLOCK, (most or DISTANCES) // columns))
    blocks = [slice(start, start + size) for start in range(0, count, size)]
    with concurrent.futures.ThreadPoolExecutor(min(SIDE_BY_SIDE, os.cpu_count())) as pool:
        return list(pool.map(function, blocks))


def squared_distances(rows, columns):
    rows, columns = np.asarray(rows, np.float32), np.asarray(columns, np.float32)
    distances = -2 * rows @ columns.T       # in its place from here on: it is large
    distances += np.square(rows).sum(axis=1)[:, None]
    distances += np.square(columns).sum(axis=1)
    return np.maximum(distances, 0, out=distances)
