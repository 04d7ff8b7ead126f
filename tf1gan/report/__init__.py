"""A page that shows runs: what they were, how they went, and their generators at work."""

import os

from tf1gan import data, files, randomness, runs
from tf1gan.errors import UserError
from tf1gan.models import NOISE_SIZE
from tf1gan.report import digits, generator, page, record, table

__all__ = ["MOST", "write"]

MOST = 12               # runs on one page
SMALL, ALL, NONE = "small", "all", "none"       # which generators the page has


def write(folders, out, data_dir="mnist_data", live=SMALL):
    """Writes a page of one run or of several side by side.

    Args:
      folders: the runs'.
      out: the file.
      data_dir: a folder with the images that they were trained on, for those nearest to their
        last digits; left out where there are none.
      live: which generators work in the page: SMALL ones, ALL or NONE. They take TensorFlow.

    Returns lines on what has been left out. Raises UserError where there is no such run, or the
    file cannot be written.
    """
    folders, lost = check(folders, out)
    records = [record.read(folder) for folder in folders]
    images, said = _images(data_dir)
    said += lost + [f"{each.folder}: {note}" for each in records for note in each.notes]
    moments = digits.moments([each.digits for each in records],
                             [each.iterations for each in records])
    shown = []
    for each in records:
        shown.append(_of_a_run(each, moments))
        if images and each.digits.by_step:
            if each.config.get("data") == images.name:
                shown[-1]["nearest"] = digits.nearest_to_json(each.digits, images)
            else:
                said.append(f"{each.folder} was not trained on the images in {data_dir} "
                            "(--data-dir): the training images nearest to its last digits are "
                            "left out")
        if live != NONE:
            shown[-1]["live"] = _live(each, live, said)
    names = [each.name for each in records]
    content = page.fill(", ".join(names), {
        "runs": shown, "moments": moments, "table": table.rows(records),
        "states": record.STATES})
    with files.atomic(out) as file:
        file.write(content)
    return said


def check(folders, out):
    """Refuses what `write` cannot do, before there is work.

    Returns (those of the folders that can be shown; of the others, lines that say why). Raises
    UserError for too many runs, one that is none, none that can be shown, or a file that cannot be
    written.
    """
    if not 1 <= len(folders) <= MOST:
        raise UserError(f"a page shows 1 to {MOST} runs: {len(folders)} were given")
    shown, said = [], []
    for folder in folders:
        try:
            record.check(folder)
            shown.append(folder)
        except UserError as error:
            said.append(f"{folder} is left out of the page: {error}")
            # Of one run nothing is left, and what is no run is mistyped.
            if len(said) == len(folders) or not os.path.lexists(os.path.join(folder, runs.CONFIG)):
                raise
    files.check_writable(out)
    return shown, said


def _images(data_dir):
    """(data.Images or None, lines that say why). Nothing is downloaded."""
    if not data.is_there(data_dir):
        return None, [f"no images in {data_dir} (--data-dir): the training images nearest to "
                      "the last digits are left out"]
    try:
        return data.load(data_dir), []
    except UserError as error:
        return None, [f"{error}: the training images nearest to the last digits are left out"]


def _of_a_run(each, moments):
    return {
        "name": each.name, "folder": os.path.basename(os.path.dirname(
            os.path.abspath(each.folder))), "model": each.settings.model.name,
        "probabilities": each.settings.loss.probabilistic, "loss": each.settings.values["loss"],
        "iterations": each.iterations, "epoch": each.config["iterations_per_epoch"],
        "planned": each.config["iterations"], "losses": each.losses, "limits": each.limits,
        "outputs": each.outputs, "frechet": {
            "steps": list(each.measured["frechet"]),
            "values": list(map(record.short, each.measured["frechet"].values()))},
        "states": each.states, "digits": digits.to_json(each.digits, moments),
        "notes": each.notes, "nearest": None, "live": None}


def _live(each, live, said):
    """What the page needs of a run's generator, or None."""
    try:
        found = generator.read(each.folder, each.settings, None if live == ALL else generator.SMALL)
    except UserError as error:
        said.append(f"{each.folder}: no generator in the page ({error})")
        return None
    if found is None:
        said.append(f"{each.folder}: its generator is large and was left out of the page: --live "
                    "includes it")
        return None
    noise = randomness.noise(found.settings.model.noise, (each.digits.count or 1, NOISE_SIZE),
                             each.config["seed"], randomness.SAMPLE_NOISE)
    return generator.to_json(found, noise)
