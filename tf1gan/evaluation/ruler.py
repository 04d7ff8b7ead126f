"""How good a set of images is, beside the test images."""

from typing import List, NamedTuple

import numpy as np

from tf1gan import data
from tf1gan.errors import UserError
from tf1gan.evaluation import classifier, metrics
from tf1gan.images import SIDE

SAMPLES = 10000
KID_VERSION = 2         # by all pairs of all test images; 1 had blocks of some of them
COVERED = 0.01          # the share of the samples from which on a digit counts as covered


class Quality(NamedTuple):
    """What is measured of a set of images, beside the test images."""
    frechet: float          # 0 is best: the two sets' features have the same mean and covariance
    score: float            # from 1 to 10: sure of each image, and all classes as frequent
    covered: int            # digits that are at least 1 % of the images
    shares: List[float]     # of the digits 0 to 9
    kl: float               # of these shares from uniform ones, in nats
    precision: float        # share of the images that are among the test images
    recall: float           # share of the test images that are among the images
    kid: float = float("nan")           # kernel distance of the features; 0 is best
    kid_error: float = float("nan")     # its standard error, were both sets drawn anew


def check(images):
    """Refuses what could not be measured with, before anything takes minutes.

    Raises UserError for fewer than 2 test images, and what classifier.find raises.
    """
    if len(images.test_images) < 2:
        raise UserError("measuring samples (evaluate.py, --evaluate-every) needs at least 2 test "
                        f"images, and {images.name} has {len(images.test_images)}: name other "
                        "images with --data-dir")
    classifier.find(images)


class Ruler:
    """A classifier, and what it sees in the test images.

    Attributes:
      facts: the classifier's.
    """

    def __init__(self, images):
        check(images)
        self._images = images
        self._classifier = classifier.load(images)
        self.facts = self._classifier.facts
        self._real, _ = self._classifier(data.unit(images.test_images))
        self._moments = metrics.moments(self._real)
        self._radii = self._pairs = None    # made when they are wanted: they take seconds

    def measure(self, images, neighbours=True):
        """Quality of float images in [0, 1].

        Args:
          neighbours: whether precision, recall and the kernel distance, which cost the most, are
            wanted; NaN else.

        Raises:
          UserError: fewer than 2 images, or some that are not finite.
        """
        if len(images) < 2 or not np.isfinite(images).all():
            raise UserError("measuring needs at least 2 samples, all of them finite")
        features, probabilities = self._classifier(images)
        shares = np.bincount(probabilities.argmax(axis=1), minlength=10) / len(images)
        precision = recall = kid = kid_error = float("nan")
        if neighbours:
            if self._radii is None:
                self._radii, self._pairs = metrics.radii(self._real), metrics.pairs(self._real)
            precision, recall = metrics.precision_recall(
                self._real, features, real_radii=self._radii)
            kid, kid_error = metrics.kernel_distance(self._real, features, self._pairs)
        return Quality(
            kid=kid, kid_error=kid_error,
            frechet=metrics.frechet(self._moments, metrics.moments(features)),
            score=metrics.score(probabilities),
            covered=int((shares >= COVERED).sum()), shares=shares.tolist(),
            kl=metrics.divergence(shares), precision=precision, recall=recall)

    def floor(self, count=SAMPLES, draws=1):
        """Qualities of so many training images: what a perfect generator would reach.

        Yields:
          a Quality of each disjoint draw: of as many as there are images for, and of one at least.
        """
        order = np.random.RandomState(0).permutation(len(self._images.train_images))
        draws = max(1, min(draws, len(order) // count))
        for draw in range(draws):
            chosen = order[draw * count:(draw + 1) * count]
            yield self.measure(data.unit(self._images.train_images[chosen]))

    def nearest(self, images):
        """The training image that is nearest to each by its pixels, float32 [n, 28, 28]."""
        return nearest(images, self._images.train_images)[0]

    def close(self):
        self._classifier.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def nearest(images, others):
    """The image of others that is nearest to each by its pixels.

    Args:
      images: float32 [n, 28, 28] in [0, 1].
      others: uint8 [m, 28, 28].

    Returns:
      (float32 [n, 28, 28] in [0, 1], the distances [n]).
    """
    flat, best = images.reshape(len(images), -1), np.full(len(images), np.inf)
    found = np.zeros((len(images), SIDE, SIDE), np.float32)
    for start in range(0, len(others), metrics.BLOCK):
        block = data.unit(others[start:start + metrics.BLOCK])
        distances = metrics.squared_distances(flat, block.reshape(len(block), -1))
        closest = distances.argmin(axis=1)
        closer = distances.min(axis=1) < best
        best[closer] = distances.min(axis=1)[closer]
        found[closer] = block[closest[closer]]
    return found, np.sqrt(best)
