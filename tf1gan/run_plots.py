"""A run's pictures: loss curves, and the documents' displays of digits."""

import os

from tf1gan import data, models, plots, runs, schedule
from tf1gan.errors import UserError


def plot_run(folder, seed=None, preview_of=None):
    """Draws a run from its files, whatever its model.

    Args:
      folder: the run's.
      seed: of the new digits' noise; None draws others each time.
      preview_of: a folder of images whose preview is drawn, too; None draws none.

    Returns the files written: loss.png, last.png, evolution.png and evolution.gif; from the newest
    checkpoint new.png (5 x 5), new_4x10.png (reversed grey) and new_4x4.png. Raises UserError for
    no such run, or one that has nothing to draw yet.
    """
    config = _config(folder)
    settings = models.recorded(config, os.path.join(folder, runs.CONFIG))
    model = settings.model              # with the range that it was trained in
    losses, samples = runs.read_history(folder)
    written = plot_history(folder, config, model, losses, samples)
    pictures = []
    if samples:
        pictures.append(("evolution.gif", plots.gif(list(map(model.to_unit, samples)),
                                                    sample_labels(config, losses, samples))))
    from tf1gan.sampling import Sampler  # TensorFlow takes its time: not for an epoch's picture
    with Sampler(folder) as sampler:
        digits = sampler.sample(40, seed=seed)
    pictures += [("new.png", plots.tile(digits[:25])),
                 ("new_4x10.png", plots.tile(1 - digits, columns=10)),    # document 002's figure
                 ("new_4x4.png", plots.tile(digits[:16]))]
    if preview_of is not None:
        images = data.read_data_sets(preview_of, validation_size=0).train
        pictures.append(("preview.png", plots.preview(images)))
    return written + _save(folder, pictures)


def epoch_picture(folder, epoch):
    """The path of the picture that a run drew at an epoch's end.

    Document 003, listing 14. Raises UserError where there is none.
    """
    _config(folder)
    path = os.path.join(folder, "samples", f"epoch_{epoch:04d}.png")
    if not os.path.isfile(path):
        raise UserError(f"there is no {path}: give an --epoch that the run has completed")
    return path


def plot_history(folder, config, model, losses, samples):
    """Draws the loss curves, the last sample and how the samples evolved. Returns the files' paths.

    Args:
      config: what config.json holds.
      model: the run's Model.
      losses, samples: what losses.pkl and samples.pkl hold.
    """
    pictures = []
    if losses:
        pictures.append(("loss.png", plots.loss_curves(
            losses, config["iterations_per_epoch"], os.path.basename(os.path.abspath(folder)))))
    if samples:
        images = list(map(model.to_unit, samples))
        pictures += [("last.png", plots.tile(images[-1])),
                     ("evolution.png", plots.evolution(
                         images, sample_labels(config, losses, samples)))]
    return _save(folder, pictures)


def sample_labels(config, losses, samples):
    """When each sample was drawn: "epoch 1", or "step 150" where not all end an epoch.

    Args: as for plot_history.
    """
    epoch = config["iterations_per_epoch"]
    steps = schedule.sample_steps(config, len(losses), len(samples))
    if all(step % epoch == 0 for step in steps):
        return [f"epoch {step // epoch}" for step in steps]
    return [f"step {step}" for step in steps]


def _save(folder, pictures):
    for name, picture in pictures:
        plots.save(os.path.join(folder, name), picture)
    return [os.path.join(folder, name) for name, _ in pictures]


def _config(folder):
    config = runs.config_of(folder)
    if config.get("iterations_per_epoch") is None:
        raise UserError(f"{os.path.join(folder, runs.CONFIG)} does not say iterations_per_epoch: "
                        "restore it")
    return config
