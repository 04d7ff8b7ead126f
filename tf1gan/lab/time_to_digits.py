"""How long a command trains, from its start, until its digits are good.

train.py runs as a user would run it, with evaluations on the way, until the Frechet distance is
half of the one at which the tutorial's own run ends.
"""

import contextlib
import json
import os
import re
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from typing import List, NamedTuple

from tf1gan import console, data, evaluation, models
from tf1gan.errors import UserError
from tf1gan.lab import markdown, programs, turns

RECIPES = (models.DOCUMENT, "best")
# Images between two evaluations: some 3 to 13 seconds of training on two cores.
IMAGES = {"gan": 128000, "dcgan": 1600, "keras_gan": 1600, "xavier_gan": 128000,
          "eager_dcgan": 6400, "plain_dcgan": 12800}
_EVALUATED = re.compile(r"Step (\d+): Frechet distance ([\d.]+|inf|nan)")
_MEASURED = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, "docs",
                         "recipes.json")


class Evaluation(NamedTuple):
    minutes: float          # since the command was started
    step: int
    frechet: float


class Trained(NamedTuple):
    """A run up to the distance that was wanted, to its limit, or to its end."""
    evaluations: List[Evaluation]
    minutes: float
    failure: str            # the line that it failed with, or ""

    def first(self, distance):
        """The first Evaluation of at most a distance, or None."""
        return next((each for each in self.evaluations if each.frechet <= distance), None)


def documents_distance(name):
    """The Frechet distance at which a tutorial's run ends: the mean of the seeds measured.

    Raises UserError where docs/recipes.json is not there, or has none of this model.
    """
    try:
        with open(_MEASURED, encoding="utf-8") as file:
            measured = json.load(file)
    except OSError:
        measured = {}
    distances = measured.get(name, {}).get(models.DOCUMENT, {}).get("frechet")
    if not distances:
        raise UserError(f"the distance at which the tutorial's run of {name} ends would be in "
                        "docs/recipes.json of the repository: give --distance")
    return statistics.mean(distances)


def measure(name, recipe, distance, data_dir, minutes, bfloat16=False):
    """Trained of a model by a recipe, until the distance is reached, for so many minutes at most.

    What it writes is removed.
    """
    flags = ["--model", name, "--recipe", recipe, "--data-dir", os.path.abspath(data_dir),
             "--evaluate-every", str(every(name, recipe))] + ["--bfloat16"] * bfloat16
    found = []
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as complaints:
        began, status = time.monotonic(), 0
        with _started(flags + ["--logdir", folder], complaints, 60 * minutes) as process:
            for line in process.stdout:
                evaluated = _EVALUATED.match(line)
                if evaluated:
                    found.append(Evaluation((time.monotonic() - began) / 60,
                                            int(evaluated.group(1)), float(evaluated.group(2))))
                    if found[-1].frechet <= distance:
                        break
            else:
                status = process.wait()
            took = (time.monotonic() - began) / 60
        complaints.seek(0)
        ended_well = status in (0, 128 + signal.SIGTERM, -signal.SIGTERM)
        return Trained(found, took, "" if ended_well else programs.last_line(
            complaints.read(), f"it ended with status {status}"))


def every(name, recipe):
    """How many iterations are between two evaluations."""
    return max(1, IMAGES.get(name, 6400) // models.resolve(name, {}, recipe).batch_size)


@contextlib.contextmanager
def _started(flags, complaints, limit):
    """A process that trains, and is ended after so many seconds, or with this context."""
    with turns.deaf():
        process = programs.training(flags, stderr=complaints)
    timer = threading.Timer(limit, process.terminate)
    timer.start()
    try:
        yield process
    finally:
        timer.cancel()
        process.terminate()
        try:
            process.wait(turns.PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def report(names, data_dir, minutes, distance=None, bfloat16=False):
    """Prints a row for each model and recipe as it has been measured, in Markdown.

    A run may take so many minutes to a distance; None is half of the tutorial's. Returns whether
    all of them trained.
    """
    images = data.load(data_dir)
    evaluation.check(images)
    if not distance and images.name != "MNIST":
        raise UserError("the distances at which the tutorials' runs end are MNIST's, and "
                        f"{data_dir} has other images: give --distance")
    whole = {name: distance * 2 if distance else documents_distance(name) for name in names}
    markdown.print_head(
        f"minutes from the start of train.py, with seed 0, at most {minutes:g}; to "
        + (f"a Frechet distance of {distance:g}." if distance else
           "half the Frechet distance at which the tutorial's run ends."),
        ["model", "`--recipe`", "iterations between evaluations", "distance to reach",
         "minutes to it", "iterations to it", "minutes to twice the distance", "lowest distance",
         "minutes to it"])
    failures = []
    for name in names:
        for recipe in RECIPES:
            found = measure(name, recipe, whole[name] / 2, data_dir, minutes, bfloat16)
            if found.failure:
                failures.append(f"{name} with --recipe {recipe} fails: {found.failure}")
            markdown.print_row([f"`{name}{' --bfloat16' if bfloat16 else ''}`", f"`{recipe}`",
                             f"{every(name, recipe)}"] + _cells(found, whole[name]))
    console.say(*failures)
    return not failures


def _cells(found, whole):
    half = found.first(whole / 2)
    lowest = min(found.evaluations, key=lambda each: each.frechet, default=None)
    return ([f"{whole / 2:.2f}", _minutes(found, half), f"{half.step}" if half else "",
             _minutes(found, found.first(whole))]
            + ([f"{lowest.frechet:.2f}", f"{lowest.minutes:.2f}"] if lowest else ["", ""]))


def _minutes(found, evaluation):
    return f"{evaluation.minutes:.2f}" if evaluation else f"not in {found.minutes:.1f}"
