"""What a run does beside training, and when: one entry each.

The loop performs those that are due after each stretch of iterations, in this order, and a
stretch ends where one is due.
"""

import contextlib
import os
import time
from typing import Any, Callable, List, NamedTuple

import numpy as np

from tf1gan import console, models, plots, randomness, runs, summaries
from tf1gan.compat import tf
from tf1gan.errors import Diverged, WriteError, reason
from tf1gan.training import claim


class Now(NamedTuple):
    """Where the loop stands."""
    session: Any
    writer: Any                 # of TensorBoard's events
    step: int                   # iterations done
    batches: Any                # what the last stretch was fed, whole
    seen: Any                   # the Seen of it


class Action(NamedTuple):
    """One thing that a run does: when (a function of the step), and what (of Now)."""
    due: Callable
    act: Callable
    at_end: bool = False        # also where the run ends


def before_a_batch(run):
    """The actions before an iteration: due is of the step that it will make, batches its own."""
    every = run.plan.batch_picture
    return [Action(every.due, lambda now: _picture_batch(run, now))] if every else []


def after_a_batch(run) -> List[Action]:
    plan, watch = run.plan, run.watch
    found = [
        Action(plan.summarize.due, _write_scalars(run)),
        Action(plan.ends_epoch, lambda now: _write_pictures(run, now), at_end=True),
        Action(plan.pictures_learning, lambda now: _write_digits(run, now, summaries.LEARNING)),
        Action(run.reports, _report(run)),
        # A closing evaluation would be one more than a longer run has.
        Action(plan.evaluate.due, lambda now: watch.evaluate(now.session, now.writer, now.step))
        if plan.evaluate else None,
        Action(plan.look.due, lambda now: watch.look(now.session, now.writer, now.step)),
        Action(plan.sample.due, lambda now: run.history.samples.append(_draw(run, now)),
               at_end=True),
        Action(plan.save.due, lambda now: save(run, now), at_end=True),
    ]
    return [action for action in found if action]


def _picture_batch(run, now):
    """Draws the fakes that the discriminator is about to be given (document 001)."""
    images = now.session.run(run.graph.x_sample, {run.graph.z_noise: now.batches.z_noise[0]})
    epoch, batch = divmod(now.step - 1, run.plan.epoch)
    plots.save(run.path("samples", f"{epoch}_{batch}.png"),
               plots.tile(run.model.to_unit(images), enlarge=1))


def _write_scalars(run):
    last, began = len(run.history.losses), time.monotonic()

    def act(now):
        nonlocal last, began
        rate = (now.step - last) / max(time.monotonic() - began, 1e-9)
        last, began = now.step, time.monotonic()
        now.writer.add_summary(summaries.of_iteration(now.seen, rate), now.step)
    return act


def _write_pictures(run, now):
    """The fixed noise's digits, and histograms, at the end of an epoch."""
    png = _write_digits(run, now, "samples")
    plots.save(run.path("samples", f"epoch_{run.plan.epoch_of(now.step):04d}.png"), png)
    now.writer.add_summary(_outputs(run, now), now.step)
    now.writer.add_summary(now.session.run(run.ops.weight_histograms), now.step)


def _outputs(run, now):
    """Histograms of D's outputs, which large weights can make infinite."""
    try:
        return now.session.run(run.ops.output_histograms, now.batches.feeds(run.graph, -1))
    except tf.errors.InvalidArgumentError as error:
        raise diverged(run, "discriminator's outputs", now.step) from error


def _write_digits(run, now, tag):
    """Gives TensorBoard a picture of the fixed noise's digits. Returns its file's bytes."""
    pixels = plots.tile(run.model.to_unit(_draw(run, now)))
    png = plots.png(pixels)
    now.writer.add_summary(summaries.image(tag, png, pixels), now.step)
    return png


def _report(run):
    """The document's line."""
    began = time.monotonic()

    def act(now):
        nonlocal began
        moment = run.plan.moment(now.step, time.monotonic() - began, *run.history.losses[-1])
        console.say(run.model.line(moment))
        if moment.ends_epoch:
            began = time.monotonic()
    return act


def _draw(run, now):
    """The digits of the fixed noise, [n_sample, 784] in the model's range."""
    noise = randomness.noise(run.model.noise, (run.settings.n_sample, models.NOISE_SIZE),
                             run.graph.seed, randomness.SAMPLE_NOISE)
    images = now.session.run(run.graph.x_sample, {run.graph.z_noise: noise})
    if not np.isfinite(images).all():
        raise diverged(run, "samples", now.step)
    return images


def save(run, now):
    """Writes the history, then the checkpoint that makes it count."""
    try:
        run.history.save()
        run.watch.remember(now.step)
        now.writer.flush()
        for saver, name in ((run.ops.generator_saver, runs.GENERATOR), (run.ops.saver, runs.MODEL)):
            runs.save(saver, now.session, run.folder, name, now.step)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(run.path(claim.UNSAVED))
    except (WriteError, tf.errors.OpError, OSError) as error:
        runs.discard(run.folder, now.step, runs.GENERATOR, runs.MODEL)
        raise WriteError(f"cannot save step {now.step} in {run.folder} ({reason(error)})") \
            from error


def check_weights(run, now):
    """Refuses to draw from weights, or to save them, that are no longer finite.

    The losses of the iteration that made them so were those of the weights before. Raises Diverged,
    which names the last good checkpoint.
    """
    if not now.session.run(run.ops.all_finite):
        raise diverged(run, "weights", now.step)


def diverged(run, what, step):
    return Diverged(
        f"the {what} are no longer finite at step {step}: {run.last_checkpoint()}; try a lower "
        "--learning-rate, another --beta1 or --seed, with --fresh or another --run")
