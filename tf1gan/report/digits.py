"""A run's digits of its fixed noise through the training, and the training images near the last."""

import base64
import io
import math
import os
import warnings
from typing import Dict, NamedTuple

import numpy as np
from PIL import Image

from tf1gan import evaluation, pickles, plots, runs, schedule
from tf1gan.errors import UserError
from tf1gan.images import PIXELS, SIDE

SHOWN = 25              # digits of a sample
MOMENTS = 45            # at which they are shown
NEAREST = 10            # digits whose nearest training image is looked for
# Noise hardly compresses: (digits, shades of grey), the first that a picture of all moments has
# room for.
_CHOICES = ((25, 16), (25, 8), (16, 8), (9, 8))
_ROOM = 175000          # bytes


class Digits(NamedTuple):
    """uint8 [count, 28, 28] by step."""
    by_step: Dict[int, np.ndarray]
    count: int


def read_digits(folder, config, settings, iterations, learning, notes):
    """The Digits that a run has kept.

    Those of samples.pkl, and before them TensorBoard's pictures of the same noise: most is
    learned before the first epoch ends.

    Args:
      iterations: the run's, so far.
      learning: PNG files by step.
      notes: a list to which is added what cannot be read.
    """
    path = os.path.join(folder, runs.SAMPLES)
    found, size = {}, settings.n_sample
    count = min(size, SHOWN)
    for step, png in learning.items():
        images = _cut(png, size)
        if step <= iterations and images is not None:
            found[step] = images[:count]
    try:
        samples = pickles.load(path) if os.path.lexists(path) else []
        steps = schedule.sample_steps(config, iterations, len(samples))
        for step, sample in zip(steps, samples):
            pixels = np.nan_to_num(settings.model.to_unit(sample).reshape(size, SIDE, SIDE))
            found[step] = np.rint(255 * pixels[:count]).astype(np.uint8)
    except UserError as error:
        notes.append(str(error))
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        notes.append(f"{path} does not hold this run's samples")
    return Digits(found, count)


def _cut(png, count):
    """The images of plots.tile in a picture of theirs, uint8 [count, 28, 28]; None of another."""
    empty = plots.tile(np.zeros((count, PIXELS), np.float32), enlarge=1)
    height, width = empty.shape
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")      # such as of one that is too large
            picture = Image.open(io.BytesIO(png))
            enlarged = picture.width // width
            if not enlarged or picture.size != (enlarged * width, enlarged * height):
                return None
            pixels = np.asarray(picture.convert("L"))[::enlarged, ::enlarged]
    except Exception:       # a damaged picture can fail in any way there is
        return None
    columns = math.ceil(math.sqrt(count))
    places = [[plots.GAP + plots.STEP * place for place in divmod(k, columns)]
              for k in range(count)]
    return np.stack([pixels[top:top + SIDE, left:left + SIDE] for top, left in places])


def moments(runs, iterations=()):
    """The steps at which runs are shown side by side: at most MOMENTS, each one at which some run
    has digits, evenly spaced in their logarithm.

    `runs` are the Digits of each, `iterations` how many it has done: one without digits has charts
    to be read at moments.
    """
    steps = set().union(*(run.by_step for run in runs))
    for run, count in zip(runs, iterations):
        if count and not run.by_step:
            steps.update(np.rint(np.geomspace(1, count, MOMENTS)).astype(int).tolist())
    steps = np.array(sorted(steps), int)
    if len(steps) <= MOMENTS:
        return steps.tolist()
    wanted = np.geomspace(max(steps[0], 1), steps[-1], MOMENTS)
    nearest = _nearest(steps, wanted)
    return steps[sorted(set(nearest))].tolist()


def _nearest(steps, wanted):
    """The place in `steps` of the one nearest to each that is wanted, by their logarithms.

    Where a run has lost its losses, what it drew may stand at step 0.
    """
    logarithms = [np.log(np.maximum(np.asarray(each, float), 1)) for each in (steps, wanted)]
    return np.abs(logarithms[0] - logarithms[1][:, None]).argmin(axis=1)


def to_json(digits, at):
    """What a page needs of Digits: a picture with a row of them for each of its steps.

    `at` are the moments: of each, the digits nearest to it are shown, in the logarithm of steps.
    """
    steps = np.array(sorted(digits.by_step), int)
    if not len(steps):
        return None
    nearest = _nearest(steps, at)
    used = sorted(set(nearest.tolist()))
    for most, shades in _CHOICES:
        count = min(most, digits.count)
        png = _png([digits.by_step[steps[place]][:count] for place in used], shades)
        if len(png) <= _ROOM:
            break
    return {"steps": steps[used].tolist(), "count": count,
            "at": [used.index(place) for place in nearest.tolist()], "png": _base64(png)}


def nearest_to_json(digits, images):
    """The training images, of data.Images, nearest to a run's last digits by their pixels."""
    step = max(digits.by_step)
    last = np.float32(digits.by_step[step][:NEAREST]) / 255
    found, distances = evaluation.nearest(last, images.train_images)
    return {"step": step, "count": len(last),
            "distances": [round(float(distance), 2) for distance in distances],
            "png": _base64(_png([np.rint(255 * row).astype(np.uint8) for row in (last, found)],
                                16))}


def _png(rows, shades):
    """Rows of images, each uint8 [count, 28, 28], as the bytes of a PNG file."""
    pixels = np.concatenate([np.concatenate(list(row), axis=1) for row in rows])
    levels = np.arange(shades) * 255 // (shades - 1)
    picture = Image.fromarray(np.rint(pixels / 255 * (shades - 1)).astype(np.uint8))
    picture.putpalette(np.repeat(levels, 3).tolist())
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", bits=4, optimize=True)
    return buffer.getvalue()


def _base64(content):
    return base64.b64encode(content).decode()
