"""The Session loop: feed, run, log, checkpoint, resume."""

import concurrent.futures
import contextlib
import os
import time
from typing import NamedTuple, Optional

import numpy as np
from tqdm import tqdm

from tf1gan import (
    console, data, displays, randomness, evaluation, feeding, files, graph as graphs, mnist, models,
    plots, runs, schedule, sessions, summaries, watching)
from tf1gan.compat import tf
from tf1gan.errors import UserError, WriteError, reason
from tf1gan.reports import REPORTS


class Settings(NamedTuple):
    """How a run is trained, beside the model's hyperparameters. None is the model's default."""
    seed: int = 0
    run: Optional[str] = None           # the run's name; None is the model's
    logdir: str = "logs"
    data_dir: str = "mnist_data"
    save_every: Optional[int] = None    # iterations
    sample_every: Optional[int] = None
    summary_every: Optional[int] = None
    evaluate_every: Optional[int] = None    # iterations; None is never
    fresh: bool = False                 # set an earlier run of that name aside


def train(name, settings=Settings(), **hyperparameters):
    """Trains a model, or goes on with a run that was stopped.

    Args:
      name: of one of models.MODELS.
      settings: Settings.
      **hyperparameters: any of the model's, by name; None is its default. Every model
        takes either `epochs` or `steps` for its length, whichever its document uses.

    Returns:
      (the run's folder, the signal that it was sent, or None).

    Raises:
      UserError: anything the user can put right; the run's files are as they were.
    """
    with opened(name, settings, **hyperparameters) as run:
        return run.folder, run.go()


@contextlib.contextmanager
def opened(name, settings=Settings(), **hyperparameters):
    """A run as `train` has it, its graph built and its folder locked. Raises the same."""
    model = models.find(name)
    length = {key: hyperparameters.get(key) for key in ("epochs", "steps")}
    values = models.hyperparameters(model, {
        key: value for key, value in hyperparameters.items()
        if key in model.defaults or key not in length})
    model = model.with_hyperparameters(values)
    models.check(length)
    models.check({key: getattr(settings, key)
                  for key in ("save_every", "sample_every", "summary_every",
                              "evaluate_every")})
    seed = randomness.check_seed(settings.seed)
    folder = runs.folder_of(settings.logdir, settings.run or name)

    images = mnist.load(settings.data_dir)
    if settings.evaluate_every:
        evaluation.check(images)
    # Of other images than MNIST's 60,000, the same share.
    held_back = min(model.validation_size, len(images.train_images) // 12)
    train_set = data.split(images, False, held_back, seed).train
    epoch = _iterations_per_epoch(model, values, train_set)
    plan = schedule.of(model, epoch, _iterations(values, epoch, **length), settings.save_every,
                       settings.sample_every, settings.summary_every, settings.evaluate_every)
    config = {"model": name, "hyperparameters": values, "seed": seed, "data": images.name,
              "sample_every": settings.sample_every, "iterations": plan.total,
              "iterations_per_epoch": epoch, "versions": runs.versions()}
    if not settings.fresh:
        runs.check(folder, config)      # before it takes time, and again when it is locked
    with contextlib.ExitStack() as stack:
        session_config = sessions.config(model, values.get("bfloat16", False))
        sessions.start_threads(session_config)
        stack.enter_context(tf.Graph().as_default())
        graph = graphs.build(name, seed=seed, **values)     # refuses what makes no sense
        stack.enter_context(runs.locked(folder))
        if not settings.fresh:
            runs.check(folder, config)
        ruler = (stack.enter_context(evaluation.Ruler(images)) if settings.evaluate_every
                 else None)
        run = _Run(folder, config, plan, graph, session_config, train_set, ruler)
        if settings.fresh and runs.is_used(folder):     # now that nothing more is refused
            print("The earlier run is kept as %s." % runs.set_aside(folder))
            stack.enter_context(runs.locked(folder))
        yield run


def _iterations_per_epoch(model, values, images):
    batch = values["batch_size"] * values.get("d_steps", 1)
    epoch = images.batches(batch, model.order)
    if not epoch:
        raise UserError("--batch-size (times --d-steps) is %d, more than the %d training images"
                        % (batch, images.num_examples))
    return epoch


def _iterations(values, epoch, epochs, steps):
    """A run's length: as given in epochs or steps, or the model's own."""
    if epochs and steps:
        raise UserError("--epochs and --steps both say how long to train: give one of them")
    if epochs or steps:
        return steps or epochs * epoch
    return values["steps"] if "steps" in values else values["epochs"] * epoch


class _Run:
    """One stretch of training, from the last checkpoint to the end or to a signal."""

    def __init__(self, folder, config, plan, graph, session_config, images, ruler):
        self.folder, self.config, self.plan = folder, config, plan
        self.graph, self.images, self.model = graph, images, graph.model
        self.values, self.session_config = config["hyperparameters"], session_config
        self.losses, self.samples = [], []      # losses.pkl and samples.pkl
        self.watch = watching.Watch(folder, graph, images, ruler)
        self.sample_noise = randomness.noise(
            self.model.noise, (self.values["n_sample"], models.NOISE_SIZE), graph.seed,
            randomness.SAMPLE_NOISE)
        # Everything that the graph will ever hold.
        self.weight_histograms = summaries.weight_histograms(graph)
        self.output_histograms = summaries.output_histograms(graph)
        self.all_finite = summaries.all_finite()
        self.table = summaries.table(self.facts())
        self.saver = tf.train.Saver(max_to_keep=None)
        self.generator_saver = tf.train.Saver(graph.generator_saved, max_to_keep=None)
        self.initialize = tf.global_variables_initializer()

    def go(self):
        """Trains. Returns the signal that it was sent, or None: one that comes when all is
        trained finds it so."""
        plan = self.plan
        with self.session() as (session, step), console.signals() as received:
            if self.is_finished(step):
                self.describe(step)
                if self.has_met_its_goal(step):
                    print("%s has met its goal after %d iterations already (%s): train on with "
                          "a lower one, or start over with --fresh."
                          % (self.folder, step, self.goal_in_words()))
                    return None
                print("%s has been trained for %d iterations already: train longer with "
                      "--epochs or --steps, or start over with --fresh." % (self.folder, step))
                return None
            try:
                runs.claim(self.folder, self.config)
                self.describe(step)
                with self.writing(session, step):
                    step = self.iterate(session, step, plan.total, received)
                    if not self.is_saved(step):
                        self.save(session, step)
            except WriteError as error:
                raise UserError("%s; %s; make room there, and the same command goes on"
                                % (error, self.last_checkpoint()))
            displays.plot_history(self.folder, self.model, plan.epoch, self.losses, self.samples)
        if not self.is_finished(step):
            print("Stopped at step %d of %d, saved in %s. The same command goes on from there."
                  % (step, plan.total, self.folder))
        else:
            print("Trained for %d iterations. Digits: %s, loss curves: %s"
                  % (step, self.path("last.png"), self.path("loss.png")))
        return received[0] if received else None

    @contextlib.contextmanager
    def session(self):
        """A Session with the weights of the newest checkpoint or initial ones, and its step."""
        with tf.Session(config=self.session_config) as session:
            session.graph.finalize()
            yield session, self.restore(session)

    @contextlib.contextmanager
    def writing(self, session, step):
        """Opens the event file that the loop writes to."""
        self.writer = summaries.open_writer(self.folder, step, self.plan.ends_epoch(step))
        try:
            if not step:
                self.writer.add_graph(session.graph)
            self.writer.add_summary(session.run(self.table), 0)
            yield
        finally:
            with contextlib.suppress(tf.errors.OpError):    # each save has flushed it
                self.writer.close()

    def restore(self, session):
        """Continues from the newest checkpoint, or initializes. Returns the step reached."""
        runs.sweep(self.folder)
        found = runs.checkpoints(self.folder)
        for prefix in reversed(found):
            try:
                runs.restore(self.saver, session, prefix)
            except UserError as error:
                print("Passing over a checkpoint: %s" % error)
                continue
            step = runs.step_of(prefix)
            self.load_history(step)
            return step
        if found:
            raise UserError("no checkpoint in %s can be read: restore one, or start over with "
                            "--fresh" % self.folder)
        session.run(self.initialize)
        return 0

    def load_history(self, step):
        """The losses and samples up to a step; what was recorded after it is dropped."""
        losses = files.load_pickle(self.path("losses.pkl"))
        samples = files.load_pickle(self.path("samples.pkl"))
        taken = self.plan.sample.until(step)
        if len(losses) < step or len(samples) < taken:
            raise UserError("%s and samples.pkl do not reach back over the %d iterations "
                            "trained: restore them, or start over with --fresh"
                            % (self.path("losses.pkl"), step))
        self.losses, self.samples = losses[:step], samples[:taken]
        self.watch.recall(step)

    def facts(self):
        """Hyperparameters and the like, as (name, value) pairs to show."""
        return [("model", self.config["model"])] + list(self.values.items()) + [
            ("seed", self.config["seed"]), ("data", self.config["data"]),
            ("iterations", "%d, %d an epoch" % (self.plan.total, self.plan.epoch))]

    def describe(self, step):
        """Prints the run's folder, the hyperparameters and the variables."""
        print("Run: %s%s" % (self.folder, ", from step %d" % step if step else ""))
        for name, value in self.facts():
            print("  %-14s %s" % (name, value))
        print(console.variable_table(self.graph), flush=True)
        if self.model.preview and not step:
            print(self.images.describe())
            plots.save(self.path("preview.png"), plots.preview(self.images))

    def iterate(self, session, step, end, received):
        """Trains from a step to `end`, or to the model's goal, or to a signal.

        The batches of the next stretch of iterations are made while TensorFlow is at work
        on this one. Returns the step reached.
        """
        plan, report = self.plan, REPORTS[self.model.report]
        rate, shown, epoch_began = console.Rate(step), 0.0, time.monotonic()
        with tqdm(total=plan.total, initial=step, desc=self.config["model"], unit="it",
                  disable=None, dynamic_ncols=True) as bar, \
                concurrent.futures.ThreadPoolExecutor(1) as ahead:

            def prepare(step):
                return ahead.submit(feeding.batches, self.graph, self.images, step, plan.stretch(
                    step, min(self.model.iterations_per_run, end - step), self.reports))

            prepared = prepare(step)
            while step < end and not received:
                batches = prepared.result()
                if plan.batch_picture and plan.batch_picture.due(step + 1):
                    self.picture_batch(session, batches, step + 1)
                before, step = step, step + len(batches.x_real)
                if step < end:
                    prepared = prepare(step)
                values = self.run(session, batches)
                finite = np.isfinite(values[:, :2]).all(axis=1)
                if not finite.all():
                    raise self.diverged("losses", before + 1 + int(np.argmin(finite)))
                self.losses += values[:, :2].tolist()
                g_loss, d_loss = self.losses[-1]
                if plan.summarize.due(step):
                    self.write_scalars(values[-1].tolist(), rate(step), step)
                if plan.ends_epoch(step) or step == plan.total:
                    self.write_pictures(session, batches, step)
                moment = plan.moment(step, time.monotonic() - epoch_began, g_loss, d_loss)
                if report.due(moment):
                    console.say(report.line(moment))
                finished = self.is_finished(step)
                self.watch.observe(values[:, 2:])
                # A closing one would be one more than a longer run has.
                if plan.evaluate and plan.evaluate.due(step):
                    self.watch.evaluate(session, self.writer, step)
                if plan.look.due(step):
                    self.watch.look(session, self.writer, step)
                if plan.sample.due(step) or finished:
                    self.samples.append(self.draw(session))
                if self.is_saved(step):
                    self.save(session, step)
                if moment.ends_epoch:
                    epoch_began = time.monotonic()
                bar.update(step - before)
                if time.monotonic() - shown > 0.2:
                    bar.set_postfix(G="%.3f" % g_loss, D="%.3f" % d_loss, refresh=False)
                    shown = time.monotonic()
                if finished:
                    break
        return step

    def is_saved(self, step):
        """Whether the loop saves after a step of its own accord."""
        return self.plan.save.due(step) or step == self.plan.total

    def reports(self, step):
        return REPORTS[self.model.report].due(self.plan.moment(step, 0, 0, 0))

    def run(self, session, batches):
        """One iteration for each batch. Returns their `step_values`, [iterations, 4]."""
        graph = self.graph
        if graph.many:
            return session.run(graph.many.values, batches.feeds(graph.many))
        return session.run([graph.train_op, graph.step_values], batches.feeds(graph, 0))[1][None]

    def is_finished(self, step):
        return step >= self.plan.total or self.has_met_its_goal(step)

    def has_met_its_goal(self, step):
        """Whether the losses at a report are as low as the run waits for."""
        goal = self.goal()
        return bool(goal and step and self.reports(step)
                    and all(loss <= goal.get(name, np.inf)
                            for name, loss in zip(models.GOAL, self.losses[step - 1])))

    def goal(self):
        return {name: self.values[name] for name in models.GOAL if name in self.values}

    def goal_in_words(self):
        return ", ".join("%s %g" % (models.flag(name), loss)
                         for name, loss in self.goal().items())

    def draw(self, session):
        """The digits of the fixed noise, [n_sample, 784] in the model's range."""
        return session.run(self.graph.x_sample, {self.graph.z_noise: self.sample_noise})

    def picture_batch(self, session, batches, step):
        """Draws the fakes that the discriminator is about to be given."""
        images = session.run(self.graph.x_sample, {self.graph.z_noise: batches.z_noise[0]})
        plots.save(self.path("samples", "%d_%d.png" % (
            (step - 1) // self.plan.epoch, (step - 1) % self.plan.epoch)),
            plots.tile(self.model.to_unit(images), enlarge=1))

    def write_scalars(self, values, rate, step):
        names = ("loss/generator", "loss/discriminator", "D/real", "D/fake")
        self.writer.add_summary(summaries.scalars(
            iterations_per_second=rate, **dict(zip(names, values))), step)

    def write_pictures(self, session, batches, step):
        pixels = plots.tile(self.model.to_unit(self.draw(session)))
        png = plots.png(pixels)
        plots.save(self.path("samples", "epoch_%04d.png" % self.plan.epoch_of(step)), png)
        self.writer.add_summary(summaries.image("samples", png, pixels), step)
        self.writer.add_summary(
            session.run(self.output_histograms, batches.feeds(self.graph, -1)), step)
        self.writer.add_summary(session.run(self.weight_histograms), step)

    def save(self, session, step):
        """Writes the history, then the checkpoint that makes it count."""
        if not session.run(self.all_finite):
            raise self.diverged("weights", step)
        try:
            files.save_pickle(self.path("losses.pkl"), self.losses)
            files.save_pickle(self.path("samples.pkl"), self.samples)
            self.watch.remember(step)
            self.writer.flush()
            for saver, name in ((self.generator_saver, runs.GENERATOR), (self.saver, runs.MODEL)):
                runs.save(saver, session, self.folder, name, step)
            runs.mark_saved(self.folder)
        except (WriteError, tf.errors.OpError, OSError) as error:
            runs.discard(self.folder, step)
            raise WriteError("cannot save step %d in %s (%s)"
                             % (step, self.folder, reason(error)))

    def diverged(self, what, step):
        return UserError(
            "the %s are no longer finite at step %d: %s; try a lower --learning-rate, another "
            "--beta1 or --seed, with --fresh or another --run"
            % (what, step, self.last_checkpoint()))

    def last_checkpoint(self):
        found = runs.checkpoints(self.folder)
        return "the last good checkpoint is %s" % found[-1] if found else \
            "there is no checkpoint yet"

    def path(self, *names):
        return os.path.join(self.folder, *names)
