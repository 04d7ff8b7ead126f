"""The Session loop: feed, run, log, checkpoint, resume."""

import contextlib
import os
import signal
import sys
import time
from typing import NamedTuple, Optional

import numpy as np
from tqdm import tqdm

from tf1gan import (
    data, displays, draws, files, graph as graphs, models, plots, runs, summaries)
from tf1gan.compat import tf
from tf1gan.errors import UserError


class Settings(NamedTuple):
    """How a run is trained, beside the model's hyperparameters. None is the model's default."""
    steps: Optional[int] = None         # length in iterations instead of epochs
    seed: int = 0
    run: Optional[str] = None           # the run's name; None is the model's
    logdir: str = "logs"
    data_dir: str = "mnist_data"
    save_every: Optional[int] = None    # iterations; None is an epoch
    sample_every: Optional[int] = None  # iterations within an epoch; an epoch at the most
    summary_every: Optional[int] = None
    fresh: bool = False                 # set an earlier run of that name aside


class Schedule(NamedTuple):
    """When an iteration does more than train. Steps count from 1 here: those done."""
    epoch: int              # iterations in an epoch
    total: int
    save_every: int
    sample_every: int       # at most an epoch
    summary_every: int

    def ends_epoch(self, step):
        return step % self.epoch == 0

    def saves(self, step):
        return step % self.save_every == 0 or step == self.total

    def samples(self, step):
        return ((step - 1) % self.epoch + 1) % self.sample_every == 0

    def samples_until(self, step):
        """How many samples a run has taken by then."""
        epochs, rest = divmod(step, self.epoch)
        return epochs * (self.epoch // self.sample_every) + rest // self.sample_every

    def epoch_of(self, step):
        """The epoch that a step is in, from 1."""
        return (step - 1) // self.epoch + 1

    @property
    def epochs(self):
        return self.epoch_of(self.total)


def train(name, settings=Settings(), **hyperparameters):
    """Trains a model, or goes on with a run that was stopped.

    Args:
      name: of one of models.MODELS.
      settings: Settings.
      **hyperparameters: any of the model's, by name; None is its default.

    Returns:
      (the run's folder, the signal that stopped it, or None).

    Raises:
      UserError: anything the user can put right; the run's files are as they were.
    """
    model = models.find(name)
    values = models.hyperparameters(model, hyperparameters)
    seed = draws.check_seed(settings.seed)
    folder = runs.folder_of(settings.logdir, settings.run or name)
    _check_intervals(settings)

    images = data.read_data_sets(settings.data_dir, validation_size=model.validation_size,
                                 seed=seed)
    schedule = _schedule(model, values, settings, images.train)
    config = {"model": name, "hyperparameters": values, "steps": settings.steps, "seed": seed,
              "data": images.name, "sample_every": schedule.sample_every,
              "iterations_per_epoch": schedule.epoch, "versions": runs.versions()}
    if settings.fresh and os.path.isdir(folder):
        with runs.locked(folder):
            print("The earlier run is kept as %s." % runs.set_aside(folder))
    with runs.locked(folder), tf.Graph().as_default():
        _claim(folder, config)
        graph = graphs.build(name, seed=seed, **values)
        return folder, _Run(folder, config, schedule, graph, images.train).go()


def _check_intervals(settings):
    for name in ("steps", "save_every", "sample_every", "summary_every"):
        value = getattr(settings, name)
        if value is not None and value < 1:
            raise UserError("%s must be at least 1, not %d" % (models.flag(name), value))


def _schedule(model, values, settings, images):
    epoch = images.num_examples // (values["batch_size"] * values["d_steps"])
    if not epoch:
        raise UserError("--batch-size %d x --d-steps %d is more than the %d training images"
                        % (values["batch_size"], values["d_steps"], images.num_examples))
    return Schedule(
        epoch=epoch, total=settings.steps or epoch * values["epochs"],
        save_every=settings.save_every or epoch,
        sample_every=min(settings.sample_every or model.sample_every or epoch, epoch),
        summary_every=settings.summary_every or model.summary_every)


def _claim(folder, config):
    """Makes an empty folder the run's, or checks that the command goes on with the run in it."""
    existing = runs.read_config(folder)
    if existing:
        runs.check_same(folder, existing, config)
    elif set(os.listdir(folder)) - {runs.LOCK}:
        raise UserError("%s is not a run (it has no %s): name another with --run, or set it "
                        "aside with --fresh" % (folder, runs.CONFIG))
    runs.write_config(folder, config)


class _Run:
    """One stretch of training, from the last checkpoint to the end or to a signal."""

    def __init__(self, folder, config, schedule, graph, images):
        self.folder, self.config, self.schedule = folder, config, schedule
        self.graph, self.images = graph, images
        values = config["hyperparameters"]
        self.losses, self.samples = [], []
        self.sample_noise = draws.noise(
            graph.model.noise, (values["n_sample"], models.NOISE_SIZE), graph.seed,
            draws.SAMPLE_NOISE)
        # Everything that the graph will ever hold.
        self.histograms = summaries.histograms(graph)
        self.table = summaries.text("hyperparameters", list(values.items()) + [
            ("model", config["model"]), ("seed", config["seed"]), ("data", config["data"])])
        self.saver = tf.train.Saver(max_to_keep=runs.KEPT, save_relative_paths=True)
        self.generator_saver = tf.train.Saver(
            graph.generator_state, max_to_keep=runs.KEPT, save_relative_paths=True)
        self.initialize = tf.global_variables_initializer()

    def go(self):
        """Trains. Returns the signal that stopped it, or None."""
        schedule = self.schedule
        with tf.Session() as session:
            session.graph.finalize()
            step = self.restore(session)
            self.describe(step)
            if step >= schedule.total:
                print("%s has been trained for %d iterations already: train longer with "
                      "--epochs or --steps, or start over with --fresh." % (self.folder, step))
                return None
            self.writer = summaries.open_writer(self.folder, step, schedule.ends_epoch(step))
            try:
                if not step:
                    self.writer.add_graph(session.graph)
                    self.writer.add_summary(session.run(self.table), 0)
                with _signals() as received:
                    step = self.loop(session, step, received)
            finally:
                self.writer.close()
        displays.plot_history(self.folder, self.graph.model, schedule.epoch, self.losses,
                              self.samples)
        if step < schedule.total:
            print("Stopped at step %d of %d, saved in %s. The same command goes on from there."
                  % (step, schedule.total, self.folder))
        else:
            print("Trained for %d iterations. Digits: %s, loss curves: %s"
                  % (step, self.path("last.png"), self.path("loss.png")))
        return received[0] if received else None

    def restore(self, session):
        """Continues from the newest checkpoint, or initializes. Returns the step reached."""
        found = runs.checkpoints(self.folder)
        for prefix in reversed(found):
            try:
                runs.restore(self.saver, session, prefix)
            except UserError as error:
                print("Passing over a checkpoint: %s" % error)
                continue
            step = runs.step_of(prefix)
            self.load_history(step)
            self.saver.recover_last_checkpoints([p for p in found if runs.step_of(p) <= step])
            self.generator_saver.recover_last_checkpoints(
                [p for p in runs.checkpoints(self.folder, runs.GENERATOR_STATE)
                 if runs.step_of(p) <= step])
            return step
        if found:
            raise UserError("no checkpoint in %s can be read: restore one, or start over with "
                            "--fresh" % self.folder)
        session.run(self.initialize)
        return 0

    def load_history(self, step):
        """The losses and samples up to a step; what was recorded after it is dropped."""
        self.losses = list(files.load_pickle(self.path("losses.pkl")))[:step]
        self.samples = list(files.load_pickle(self.path("samples.pkl")))
        self.samples = self.samples[:self.schedule.samples_until(step)]
        if len(self.losses) < step:
            raise UserError("%s has %d of the %d iterations trained: restore it, or start over "
                            "with --fresh" % (self.path("losses.pkl"), len(self.losses), step))

    def describe(self, step):
        """Prints the run's folder, the hyperparameters and the variables."""
        print("Run: %s%s" % (self.folder, ", from step %d" % step if step else ""))
        for name, value in self.config["hyperparameters"].items():
            print("  %-14s %s" % (name, value))
        print("  %-14s %s" % ("seed", self.config["seed"]))
        print("  %-14s %d, %d an epoch" % ("iterations", self.schedule.total,
                                           self.schedule.epoch))
        print(variable_table(self.graph), flush=True)

    def loop(self, session, step, received):
        """Iterates until the end or a signal. Returns the step reached, which is saved."""
        graph, schedule = self.graph, self.schedule
        plain = [graph.train_op, graph.step_losses]
        probing = plain + [graph.step_probabilities]
        plotting = probing + [self.histograms]

        rate, shown = _Rate(step), 0.0
        with tqdm(total=schedule.total, initial=step, desc=self.config["model"], unit="it",
                  disable=None, dynamic_ncols=True) as bar:
            while step < schedule.total and not received:
                fed = self.feeds(step)
                step += 1
                last = step == schedule.total
                plots_now = schedule.ends_epoch(step) or last
                summarizes = step % schedule.summary_every == 0
                done = session.run(
                    plotting if plots_now else probing if summarizes else plain, fed)
                g_loss, d_loss = map(float, done[1])
                self.losses.append([g_loss, d_loss])
                if summarizes:
                    self.write_scalars(g_loss, d_loss, done[2], rate(step), step)
                if schedule.samples(step) or last:
                    self.samples.append(self.draw(session))
                if plots_now:
                    self.write_pictures(session, done[3], step)
                if schedule.ends_epoch(step):
                    _say("Epoch %d/%d... Generator Loss: %.4f... Discriminator Loss: %.4f" % (
                        schedule.epoch_of(step), schedule.epochs, g_loss, d_loss))
                if schedule.saves(step):
                    self.save(session, step)
                bar.update()
                if time.monotonic() - shown > 0.2:
                    bar.set_postfix(G="%.3f" % g_loss, D="%.3f" % d_loss, refresh=False)
                    shown = time.monotonic()
        if not schedule.saves(step):
            self.save(session, step)
        return step

    def feeds(self, step):
        """The images and noise of an iteration: functions of the seed and the step."""
        values = self.config["hyperparameters"]
        batch = values["batch_size"] * values["d_steps"]
        images, _ = self.images.rows(self.images.stream(step * batch, batch))
        rows = values["batch_size"] * max(values["g_steps"], values["d_steps"])
        noise = draws.noise(self.graph.model.noise, (rows, models.NOISE_SIZE), self.graph.seed,
                            draws.NOISE, step)
        return {self.graph.x_real: self.graph.model.from_unit(images),
                self.graph.z_noise: noise}

    def draw(self, session):
        """The digits of the fixed noise, [n_sample, 784] in the model's range."""
        return session.run(self.graph.x_sample, {self.graph.z_noise: self.sample_noise})

    def write_scalars(self, g_loss, d_loss, probabilities, rate, step):
        real, fake = probabilities
        self.writer.add_summary(summaries.scalars(**{
            "loss/generator": g_loss, "loss/discriminator": d_loss,
            "D/real": float(np.mean(real)), "D/fake": float(np.mean(fake)),
            "iterations_per_second": rate}), step)

    def write_pictures(self, session, histograms, step):
        pixels = plots.tile(self.graph.model.to_unit(self.draw(session)))
        png = plots.png(pixels)
        plots.save(self.path("samples", "epoch_%04d.png" % self.schedule.epoch_of(step)), png)
        self.writer.add_summary(summaries.image("samples", png, pixels), step)
        self.writer.add_summary(histograms, step)

    def save(self, session, step):
        """Writes the history, then the checkpoint that makes it count."""
        files.save_pickle(self.path("losses.pkl"), self.losses)
        files.save_pickle(self.path("samples.pkl"), self.samples)
        self.writer.flush()
        try:
            self.saver.save(session, self.path("model.ckpt"), global_step=step,
                            latest_filename=runs.MODEL_STATE, write_meta_graph=False)
            self.generator_saver.save(session, self.path("generator.ckpt"), global_step=step,
                                      latest_filename=runs.GENERATOR_STATE,
                                      write_meta_graph=False)
        except (tf.errors.OpError, OSError) as error:
            raise UserError("cannot save a checkpoint in %s at step %d: %s"
                            % (self.folder, step, str(error).splitlines()[0]))

    def path(self, *names):
        return os.path.join(self.folder, *names)


class _Rate:
    """Iterations per second since it was last asked."""

    def __init__(self, step):
        self._step, self._time = step, time.monotonic()

    def __call__(self, step):
        now = time.monotonic()
        rate = (step - self._step) / max(now - self._time, 1e-9)
        self._step, self._time = step, now
        return rate


@contextlib.contextmanager
def _signals():
    """Collects Ctrl-C and SIGTERM in a list instead of dying of the first of them."""
    received = []

    def receive(number, _):
        if received:                # asked twice: at once, then
            raise KeyboardInterrupt
        received.append(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    try:
        before = [signal.signal(number, receive) for number in numbers]
    except ValueError:              # not the main thread: signals are somebody else's
        yield received
        return
    try:
        yield received
    finally:
        for number, handler in zip(numbers, before):
            signal.signal(number, handler)


def _say(line):
    """A line on standard output, above the progress bar."""
    tqdm.write(line)
    sys.stdout.flush()


def variable_table(graph):
    """The networks' variables with shapes and sizes, as lines to print."""
    rows = [(v.op.name, " x ".join(map(str, v.shape.as_list())), v.shape.num_elements())
            for v in graph.generator_variables + graph.discriminator_variables]
    rows.append(("total, %.1f MB" % (sum(row[2] for row in rows) * 4 / 2 ** 20), "",
                 sum(row[2] for row in rows)))
    widths = [max(len(str(row[column])) for row in rows) for column in range(3)]
    return "\n".join("  %-*s  %*s  %*d" % (widths[0], name, widths[1], shape, widths[2], size)
                     for name, shape, size in rows)
