"""A run's pictures: the loss curves and the three displays of document 000."""

import os

from tf1gan import files, models, plots, runs
from tf1gan.errors import UserError
from tf1gan.sampling import Sampler


def plot_run(folder, seed=None):
    """Draws a run from its files.

    Args:
      folder: the run's.
      seed: of the new digits' noise; None draws others each time.

    Returns:
      list of the files written: loss.png, last.png, evolution.png, new.png.

    Raises:
      UserError: no such run, or one that has nothing to draw yet.
    """
    config = runs.read_config(folder)
    if config is None:
        raise UserError("no run %s (it has no %s): name the folder of one, such as logs/gan"
                        % (folder, runs.CONFIG))
    written = plot_history(
        folder, models.find(config["model"]), config["iterations_per_epoch"],
        files.load_pickle(os.path.join(folder, "losses.pkl")),
        files.load_pickle(os.path.join(folder, "samples.pkl")))
    with Sampler(folder) as sampler:
        path = os.path.join(folder, "new.png")
        plots.save(path, plots.tile(sampler.sample(25, seed=seed)))
    return written + [path]


def plot_history(folder, model, iterations_per_epoch, losses, samples):
    """Draws the loss curves, the last sample and how the samples evolved.

    Args:
      losses, samples: what losses.pkl and samples.pkl hold.

    Returns:
      list of the files written.
    """
    pictures = [("loss.png", plots.loss_curves(losses, iterations_per_epoch))]
    if samples:
        samples = [model.to_unit(sample) for sample in samples]
        pictures += [("last.png", plots.tile(samples[-1])),
                     ("evolution.png", plots.evolution(samples))]
    for name, picture in pictures:
        plots.save(os.path.join(folder, name), picture)
    return [os.path.join(folder, name) for name, _ in pictures]
