"""Measures of how alike two sets of images are, by the features of a classifier.

They are those of the literature with the classifier of `classifier.py` in the place of
Inception, so they compare runs with each other and not with other papers' numbers.
"""

import numpy as np

NEIGHBOURS = 3
BLOCK = 1000           # rows of distances held at a time, at most
DISTANCES = 2 ** 24    # as many distances


def frechet(one, other):
    """The Frechet distance of two sets of features [n, d], as normal distributions.

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)). Heusel et al., "GANs Trained by a Two
    Time-Scale Update Rule Converge to a Local Nash Equilibrium" (2017), section 4.
    """
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    c1, c2 = (np.atleast_2d(np.cov(x, rowvar=False)) for x in (one, other))
    # tr (C1 C2)^(1/2) = tr (C1^(1/2) C2 C1^(1/2))^(1/2), which is symmetric.
    values, vectors = np.linalg.eigh(c1)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ c2 @ root), 0)).sum()
    apart = np.square(one.mean(axis=0) - other.mean(axis=0)).sum()
    return float(max(0.0, apart + np.trace(c1) + np.trace(c2) - 2 * cross))


def kernel_distance(one, other, block=BLOCK):
    """The kernel distance (KID) of two sets of features [n, d], and its standard error.

    The squared maximum mean discrepancy by the kernel (x.y / d + 1)^3, as the mean of unbiased
    estimates of blocks of both sets, in their order. Unlike a Frechet distance it does not grow
    as samples become fewer; of equal sets it is as often below 0 as above. Binkowski et al.,
    "Demystifying MMD GANs" (2018), section 4.

    Args:
      block: features of each set in a block, at most; what is left over is not looked at.

    Returns:
      (the distance, its standard error): NaN where a set has fewer than 2 features, and of an
      error where there are fewer than 2 blocks.
    """
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    block = min(block, len(one), len(other))
    if block < 2:
        return float("nan"), float("nan")
    estimates = [_discrepancy(one[start:start + block], other[start:start + block])
                 for start in range(0, min(len(one), len(other)) - block + 1, block)]
    error = np.std(estimates, ddof=1) / len(estimates) ** 0.5 if len(estimates) > 1 else np.nan
    return float(np.mean(estimates)), float(error)


def _discrepancy(x, y):
    """The unbiased estimate by two sets of as many features."""
    def kernel(a, b):
        return (a @ b.T / a.shape[1] + 1) ** 3

    def mean_of_others(a):
        values = kernel(a, a)
        return (values.sum() - np.trace(values)) / (len(a) * (len(a) - 1))
    return mean_of_others(x) + mean_of_others(y) - 2 * kernel(x, y).mean()


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


def precision_recall(real, generated, k=NEIGHBOURS):
    """How many of one set lie within the other, both ways, as (precision, recall).

    A point lies within a set if it is nearer to one of the set's points than that one's k-th
    neighbour. Kynkaanniemi et al., "Improved Precision and Recall Metric for Assessing
    Generative Models" (2019), section 2.
    """
    return _share_within(real, generated, k), _share_within(generated, real, k)


def _share_within(points, others, k):
    """The share of `others` within the set `points`."""
    k, block = min(k, len(points) - 1), max(1, min(BLOCK, DISTANCES // len(points)))
    radii = np.concatenate([
        np.partition(squared_distances(points[start:start + block], points), k, axis=1)[:, k]
        for start in range(0, len(points), block)])        # place 0 is the point itself
    within = [(squared_distances(others[start:start + block], points) <= radii).any(axis=1)
              for start in range(0, len(others), block)]
    return float(np.concatenate(within).mean())


def squared_distances(rows, columns):
    rows, columns = np.asarray(rows, np.float32), np.asarray(columns, np.float32)
    squares = np.square(rows).sum(axis=1)[:, None] + np.square(columns).sum(axis=1)
    return np.maximum(squares - 2 * rows @ columns.T, 0)
