"""How good the digits are: distances, coverage and copies, by the features of a classifier.

The measures are those of the literature with the classifier of `classifier.py` in the place
of Inception, so they compare runs with each other and not with other papers' numbers.
"""

import os
from typing import List, NamedTuple

import numpy as np

from tf1gan import classifier, data, mnist, plots, runs
from tf1gan.errors import UserError
from tf1gan.sampling import Sampler

SAMPLES = 10000
NEIGHBOURS = 3
COVERED = 0.01          # the share of the samples from which on a digit counts as covered
SHOWN = 10              # samples whose nearest training image is looked for
_BLOCK = 1000           # rows of distances held at a time


class Quality(NamedTuple):
    """What is measured of a set of images, beside the test images."""
    frechet: float          # 0 is best: the two sets' features have the same mean and covariance
    score: float            # from 1 to 10: sure of each image, and all classes as frequent
    covered: int            # digits that are at least 1 % of the images
    shares: List[float]     # of the digits 0 to 9
    kl: float               # of these shares from uniform ones, in nats
    precision: float        # share of the images that are among the test images
    recall: float           # share of the test images that are among the images


class Ruler:
    """A classifier, and what it sees in the test images.

    Attributes:
      facts: the classifier's.
    """

    def __init__(self, images, cache=None):
        """images: of mnist.load; cache: as for classifier.load."""
        self._images = images
        self._classifier = classifier.load(images, cache)
        self.facts = self._classifier.facts
        self._real, _ = self._classifier(data.unit(images.test_images))

    def measure(self, images, neighbours=True):
        """Quality of float images in [0, 1]; `neighbours` costs the most and can be left out.

        Raises:
          UserError: fewer than 2 images, or some that are not finite.
        """
        if len(images) < 2 or not np.isfinite(images).all():
            raise UserError("measuring takes at least 2 samples, all of them finite")
        features, probabilities = self._classifier(images)
        shares = np.bincount(probabilities.argmax(axis=1), minlength=10) / len(images)
        precision = recall = float("nan")
        if neighbours:
            precision, recall = precision_recall(self._real, features)
        return Quality(
            frechet=frechet(self._real, features), score=score(probabilities),
            covered=int((shares >= COVERED).sum()), shares=shares.tolist(),
            kl=divergence(shares), precision=precision, recall=recall)

    def floor(self, count=SAMPLES):
        """Quality of as many training images: what a perfect generator would reach."""
        chosen = np.random.RandomState(0).permutation(len(self._images.train_images))[:count]
        return self.measure(data.unit(self._images.train_images[chosen]))

    def nearest(self, images):
        """The training image that is nearest to each by its pixels, float32 [n, 28, 28]."""
        pixels = self._images.train_images
        flat, best = images.reshape(len(images), -1), np.full(len(images), np.inf)
        found = np.zeros((len(images), 28, 28), np.float32)
        for start in range(0, len(pixels), _BLOCK):
            block = data.unit(pixels[start:start + _BLOCK])
            distances = _squared_distances(flat, block.reshape(len(block), -1))
            nearest = distances.argmin(axis=1)
            closer = distances.min(axis=1) < best
            best[closer] = distances.min(axis=1)[closer]
            found[closer] = block[nearest[closer]]
        return found

    def close(self):
        self._classifier.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


# -- Measures ----------------------------------------------------------------------------------

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
    k = min(k, len(points) - 1)
    radii = np.concatenate([
        np.partition(_squared_distances(points[start:start + _BLOCK], points), k, axis=1)[:, k]
        for start in range(0, len(points), _BLOCK)])        # place 0 is the point itself
    within = [(_squared_distances(others[start:start + _BLOCK], points) <= radii).any(axis=1)
              for start in range(0, len(others), _BLOCK)]
    return float(np.concatenate(within).mean())


def _squared_distances(rows, columns):
    rows, columns = np.asarray(rows, np.float32), np.asarray(columns, np.float32)
    squares = np.square(rows).sum(axis=1)[:, None] + np.square(columns).sum(axis=1)
    return np.maximum(squares - 2 * rows @ columns.T, 0)


# -- Runs --------------------------------------------------------------------------------------

def evaluate(paths, data_dir="mnist_data", samples=SAMPLES, seed=0, model=None, best=False):
    """Measures checkpoints, prints a table, and keeps each one's numbers and a picture.

    Beside each checkpoint it writes evaluation.json and nearest.png: samples, and below each
    the training image nearest to it.

    Args:
      paths, model, best: runs or checkpoints, as for Sampler.
      samples: of each, at least 2.
      seed: of their noise.

    Raises:
      UserError: what Sampler and classifier.load raise.
    """
    if not 2 <= samples <= 1000000:
        raise UserError("--samples must be from 2 to 1000000, not %d" % samples)
    images = mnist.load(data_dir)
    rows = []
    for path in paths:      # before the classifier is trained for minutes
        runs.find_checkpoint(path, best=best)
    with Ruler(images) as ruler:
        print("Classifier: %s, seed %d, %.2f %% of the test images."
              % (ruler.facts.data, ruler.facts.seed, 100 * ruler.facts.accuracy))
        print(_HEAD, flush=True)
        print(_line("training images", ruler.floor(samples)), flush=True)
        for path in paths:
            with Sampler(path, model, best=best) as sampler:
                drawn = sampler.sample(samples, seed=seed)
            quality = ruler.measure(drawn)
            rows.append((sampler.checkpoint, quality))
            print(_line(sampler.checkpoint, quality), flush=True)
            _keep(sampler.checkpoint, quality, ruler, drawn[:SHOWN], samples, seed)
    return rows


_HEAD = "%-34s %8s %6s %7s %6s %9s %6s   %s" % (
    "", "frechet", "score", "covered", "kl", "precision", "recall", "digits 0 to 9, %")


def _line(name, quality):
    return "%-34s %8.2f %6.2f %7d %6.3f %9.3f %6.3f   %s" % (
        name, quality.frechet, quality.score, quality.covered, quality.kl, quality.precision,
        quality.recall, " ".join("%.0f" % (100 * share) for share in quality.shares))


def _keep(checkpoint, quality, ruler, drawn, samples, seed):
    folder = os.path.dirname(checkpoint) or "."
    facts = dict(quality._asdict(), checkpoint=os.path.basename(checkpoint), samples=samples,
                 seed=seed, classifier=ruler.facts._asdict())
    runs.write_json(folder, "evaluation.json", facts)
    plots.save(os.path.join(folder, "nearest.png"),
               plots.labelled([drawn, ruler.nearest(drawn)],
                              ["samples", "nearest training images"]))
