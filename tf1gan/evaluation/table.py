"""Checkpoints measured and compared in a table: what scripts/evaluate.py does."""

import os

from tf1gan import data, files, plots, runs
from tf1gan.errors import UserError
from tf1gan.evaluation.ruler import SAMPLES, Ruler, check
from tf1gan.sampling import Sampler

MOST = 100000           # samples: each is compared with each
SHOWN = 10              # samples whose nearest training image is looked for


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
    if not 2 <= samples <= MOST:
        raise UserError(f"--samples must be from 2 to {MOST}, not {samples}")
    images = data.load(data_dir)
    check(images)
    rows = []
    for path in paths:      # before the classifier is trained for minutes
        folder = os.path.dirname(runs.find_checkpoint(path, best=best)[0])
        for name in ("evaluation.json", "nearest.png"):
            files.check_writable(os.path.join(folder, name))
    with Ruler(images) as ruler:
        print(f"Classifier: {ruler.facts.data}, seed {ruler.facts.seed}, "
              f"{100 * ruler.facts.accuracy:.2f} % of the test images.")
        print(_HEAD, flush=True)
        floor = ruler.floor(samples)
        print(_line("training images", floor), flush=True)
        for path in paths:
            with Sampler(path, model, best=best) as sampler:
                drawn = sampler.sample(samples, seed=seed)
            quality = ruler.measure(drawn)
            rows.append((sampler.checkpoint, quality))
            print(_line(sampler.checkpoint, quality), flush=True)
            _keep(sampler.checkpoint, quality, ruler, drawn[:SHOWN], samples, seed)
    print(_SHARES_HEAD)
    for name, quality in [("training images", floor)] + rows:
        print(_shares(name, quality))
    return rows

# Two tables, for both to fit 80 columns.
_HEAD = (f"{''!s:<32} {'frechet'!s:>8} {'score'!s:>6} {'covered'!s:>7} {'kl'!s:>6} "
         f"{'precision'!s:>9} {'recall'!s:>6}")
_SHARES_HEAD = f"\n{'of 100 samples are a'!s:<32} " + "".join(f"{digit:4}" for digit in range(10))


def _line(name, quality):
    return (f"{_short(name)!s:<32} {quality.frechet:8.2f} {quality.score:6.2f} "
            f"{quality.covered:7} {quality.kl:6.3f} {quality.precision:9.3f} "
            f"{quality.recall:6.3f}")


def _shares(name, quality):
    return f"{_short(name)!s:<32} " + "".join(f"{100 * share:4.0f}" for share in quality.shares)


def _short(name, most=32):
    """The end of a name tells more than its beginning."""
    return name if len(name) <= most else "..." + name[3 - most:]


def _keep(checkpoint, quality, ruler, drawn, samples, seed):
    folder = os.path.dirname(checkpoint) or "."
    facts = dict(quality._asdict(), checkpoint=os.path.basename(checkpoint), samples=samples,
                 seed=seed, classifier=ruler.facts._asdict())
    runs.write_json(folder, "evaluation.json", facts)
    plots.save(os.path.join(folder, "nearest.png"),
               plots.labelled([drawn, ruler.nearest(drawn)],
                              ["samples", "nearest training images"]))
