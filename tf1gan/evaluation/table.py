"""Checkpoints measured and compared in a table: what scripts/evaluate.py does."""

import itertools
import os

import numpy as np
from tqdm import tqdm

from tf1gan import console, data, files, plots, runs
from tf1gan.errors import UserError
from tf1gan.evaluation.ruler import KID_VERSION, SAMPLES, Quality, Ruler, check
from tf1gan.sampling import Sampler

MOST = 100000           # samples: each is compared with each
SHOWN = 10              # samples whose nearest training image is looked for
DRAWS = 5


def check_request(samples, draws):
    """Refuses what `evaluate` cannot do, before there is work. Raises UserError."""
    if not 2 <= samples <= MOST:
        raise UserError(f"--samples must be from 2 to {MOST}, not {samples}")
    if not 1 <= draws <= 100:
        raise UserError(f"--draws must be from 1 to 100, not {draws}")


def evaluate(paths, data_dir="mnist_data", samples=SAMPLES, seed=0, model=None, best=False,
             draws=DRAWS):
    """Measures checkpoints, prints a table, and keeps each one's numbers and a picture.

    Beside each checkpoint it writes evaluation.json and nearest.png: samples, and below each
    the training image nearest to it.

    Args:
      paths: of runs or checkpoints, as for Sampler, or one such path.
      model, best: as for Sampler.
      samples: of each draw, at least 2.
      seed: of their noise.
      draws: how many, each of other samples: the numbers are their means, with the standard
        deviation among them.

    Returns:
      a list of (checkpoint, Quality: the means over the draws).

    Raises:
      UserError: what Sampler and classifier.load raise.
    """
    check_request(samples, draws)
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    images = data.load(data_dir)
    check(images)
    rows = []
    for path in paths:      # refused before others are measured for minutes
        with Sampler(path, model, best=best) as sampler:
            folder = os.path.dirname(sampler.checkpoint)
        for name in (runs.EVALUATION, "nearest.png"):
            files.check_writable(os.path.join(folder, name))
    with Ruler(images) as ruler:
        console.say(f"Classifier: {ruler.facts.data}, seed {ruler.facts.seed}, test accuracy "
                    f"{100 * ruler.facts.accuracy:.2f} %.", _HEAD)
        measured = _shown("training images", ruler.floor(samples, draws), draws)
        console.say(*_lines("training images", measured))
        floor = mean(measured)
        for path in paths:
            with Sampler(path, model, best=best) as sampler:
                drawn = _draws(sampler, samples, draws, seed)
                first = next(drawn)
                measured = _shown(os.path.basename(os.path.normpath(path)), map(
                    ruler.measure, itertools.chain([first], drawn)), draws)
            rows.append((sampler.checkpoint, mean(measured)))
            console.say(*_lines(sampler.checkpoint, measured))
            _keep(sampler.checkpoint, measured, ruler, first[:SHOWN], samples, seed)
    console.say("", _SHARES_HEAD)
    for name, quality in [("training images", floor)] + rows:
        console.say(*_shares(name, quality))
    return rows


def _shown(name, measured, draws):
    """A list of what is measured, with a progress bar meanwhile."""
    return list(tqdm(measured, console.plain(name), draws, unit="draw", leave=False, disable=None))


def _draws(sampler, samples, draws, seed):
    """Disjoint draws of so many samples each: one after another of the same noise."""
    waiting, left = [], draws
    for images in sampler.pieces(samples * draws, seed):
        waiting.append(images)
        while left and sum(map(len, waiting)) >= samples:
            joined = np.concatenate(waiting)
            waiting, left = [joined[samples:]], left - 1
            yield joined[:samples]


def mean(measured):
    """The Quality whose numbers are the means of several's."""
    return Quality(*(np.mean(values, axis=0).tolist() for values in zip(*measured)))


def spread(measured):
    """The Quality whose numbers are the standard deviations among several's."""
    return Quality(*(np.std(values, axis=0, ddof=1).tolist() for values in zip(*measured)))


# Two tables, for both to fit 80 columns.
_HEAD = (f"{'':<24}{'frechet':>8}{'kid':>8}{'score':>7}{'covered':>8}{'kl':>7}"
         f"{'precision':>10}{'recall':>8}")
_SHARES_HEAD = f"{'of 100 samples are a'!s:<32} " + "".join(f"{digit:4}" for digit in range(10))


def _lines(name, measured):
    """The means over the draws, and what they are worth."""
    quality = mean(measured)
    lines = _beside(name, 24, _line(quality))
    if len(measured) > 1:
        lines += _beside(f"  +- of {len(measured)} draws", 24, _line(spread(measured)))
    if np.isfinite(quality.kid_error):
        lines.append(f"{'  +- of kid in a draw':<24}{'':>8}{quality.kid_error:8.4f}")
    return lines


def _line(quality):
    covered = f"{quality.covered:.1f}".replace(".0", "")
    return (f"{quality.frechet:8.2f}{quality.kid:8.4f}{quality.score:7.2f}"
            f"{covered:>8}{quality.kl:7.3f}{quality.precision:10.3f}{quality.recall:8.3f}")


def _shares(name, quality):
    numbers = "".join(f"{100 * share:4.0f}" for share in quality.shares)
    return _beside(name, 33, numbers)


def _beside(name, width, numbers):
    """A row's lines: a name that does not fit stands whole in one of its own."""
    name = console.plain(name)
    if len(name) < width:
        return [f"{name:<{width}}{numbers}"]
    return [name, " " * width + numbers]


def _finite(value):
    """What is no number is null: JSON has no other word for it."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _keep(checkpoint, measured, ruler, drawn, samples, seed):
    folder = os.path.dirname(checkpoint) or "."
    facts = dict(mean(measured)._asdict(), checkpoint=os.path.basename(checkpoint),
                 samples=samples, draws=len(measured), seed=seed,
                 classifier=ruler.facts._asdict(), kid_version=KID_VERSION)
    if len(measured) > 1:
        facts["spread"] = spread(measured)._asdict()
    runs.write_json(folder, runs.EVALUATION, _finite(facts))
    plots.save(os.path.join(folder, "nearest.png"),
               plots.labelled([drawn, ruler.nearest(drawn)],
                              ["samples", "nearest training images"]))
