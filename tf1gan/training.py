"""The Session loop: feed, run, log, checkpoint, resume."""

import concurrent.futures
import contextlib
import os
import shlex
import time
from typing import NamedTuple, Optional

import numpy as np
from tqdm import tqdm

from tf1gan import (
    console, data, displays, draws, evaluation, feeding, files, graph as graphs, mnist, models,
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
      (the run's folder, the signal that stopped it, or None).

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
    seed = draws.check_seed(settings.seed)
    folder = runs.folder_of(settings.logdir, settings.run or name)

    images = mnist.load(settings.data_dir)
    # Of other images than MNIST's 60,000, the same share.
    held_back = min(model.validation_size, len(images.train_images) // 12)
    train_set = data.split(images, False, held_back, seed).train
    epoch = _iterations_per_epoch(model, values, train_set)
    plan = schedule.of(model, epoch, _iterations(values, epoch, **length), settings.save_every,
                       settings.sample_every, settings.summary_every, settings.evaluate_every)
    config = {"model": name, "hyperparameters": values, "seed": seed, "data": images.name,
              "sample_every": settings.sample_every, "iterations": plan.total,
              "iterations_per_epoch": epoch, "versions": runs.versions()}
    if settings.fresh and os.path.isdir(folder):
        with runs.locked(folder):
            print("The earlier run is kept as %s." % runs.set_aside(folder))
    with contextlib.ExitStack() as stack:
        stack.enter_context(runs.locked(folder))
        session_config = sessions.config(model, values.get("bfloat16", False))
        sessions.start_threads(session_config)
        stack.enter_context(tf.Graph().as_default())
        graph = graphs.build(name, seed=seed, **values)     # refuses what makes no sense
        runs.claim(folder, config)
        ruler = (stack.enter_context(evaluation.Ruler(images)) if settings.evaluate_every
                 else None)
        yield _Run(folder, config, plan, graph, session_config, train_set, ruler)


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
        self.drawing = tf.get_default_graph().as_graph_def(add_shapes=True)     # to be looked at
        self.values, self.session_config = config["hyperparameters"], session_config
        self.losses, self.samples = [], []      # losses.pkl and samples.pkl
        self.watch = watching.Watch(folder, graph, images, ruler)
        self.sample_noise = draws.noise(
            self.model.noise, (self.values["n_sample"], models.NOISE_SIZE), graph.seed,
            draws.SAMPLE_NOISE)
        # Everything that the graph will ever hold.
        self.weight_histograms = summaries.weight_histograms(graph)
        self.output_histograms = summaries.output_histograms(graph)
        self.all_finite = summaries.all_finite()
        self.saver = tf.train.Saver(max_to_keep=runs.KEPT, save_relative_paths=True)
        self.generator_saver = tf.train.Saver(
            graph.generator_saved, max_to_keep=runs.KEPT, save_relative_paths=True)
        self.initialize = tf.global_variables_initializer()

    def go(self):
        """Trains. Returns the signal that stopped it, or None."""
        plan = self.plan
        with self.session() as (session, step), console.signals() as received:
            self.describe(step)
            if step >= plan.total or self.has_met_its_goal(step):
                print("%s has been trained for %d iterations already: train longer with "
                      "--epochs or --steps, or start over with --fresh." % (self.folder, step))
                return None
            try:
                with self.writing(session, step):
                    step = self.iterate(session, step, plan.total, received)
                    if not self.is_saved(step):
                        self.save(session, step)
                    if not received:
                        self.writer.add_summary(summaries.ended(), step)
            except WriteError as error:
                raise UserError("%s; %s; make room there, and the same command goes on"
                                % (error, self.last_checkpoint()))
            displays.plot_history(self.folder, self.config, self.losses, self.samples)
        if received:
            print("Stopped at step %d of %d, saved in %s. The same command goes on from there."
                  % (step, plan.total, self.folder))
            return received[0]
        print("Trained for %d iterations. Digits: %s, loss curves: %s"
              % (step, self.path("last.png"), self.path("loss.png")))
        return None

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
                self.writer.add_event(tf.Event(
                    wall_time=time.time(), graph_def=self.drawing.SerializeToString()))
            summaries.hide_from_projector(self.folder)
            facts = self.facts()
            for summary in summaries.about(facts, dict(facts, iterations=self.plan.total)):
                self.writer.add_summary(summary, 0)
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
            for saver, name in ((self.saver, runs.MODEL), (self.generator_saver, runs.GENERATOR)):
                saver.recover_last_checkpoints([
                    path for path in runs.checkpoints(self.folder, name)
                    if runs.step_of(path) <= step])
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
        """Hyperparameters and the like, as (name, value) pairs to show.

        The model's own length is none of them where the run has another.
        """
        plan, values = self.plan, self.values
        lengths = {"epochs": values.get("epochs", 0) * plan.epoch, "steps": values.get("steps")}
        return [("model", self.config["model"])] + [
            (name, value) for name, value in values.items()
            if lengths.get(name, plan.total) == plan.total] + [
            ("seed", self.config["seed"]), ("data", self.config["data"]),
            ("iterations", "%d, %d an epoch" % (plan.total, plan.epoch))]

    def describe(self, step):
        """Prints the run's folder, the hyperparameters and the variables."""
        print("Run: %s%s" % (self.folder, ", from step %d" % step if step else ""))
        for name, value in self.facts():
            print("  %-14s %s" % (name, value))
        print(console.variable_table(self.graph), flush=True)
        print("To watch it: tensorboard --logdir %s --samples_per_plugin images=300"
              % shlex.quote(os.path.dirname(self.folder) or "."), flush=True)
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
                if plan.pictures_learning(step):
                    self.write_sample(session, summaries.LEARNING, step)
                moment = plan.moment(step, time.monotonic() - epoch_began, g_loss, d_loss)
                if report.due(moment):
                    console.say(report.line(moment))
                finished = step == plan.total or self.has_met_its_goal(step)
                self.watch.observe(values[:, 2:])
                if plan.evaluate and (plan.evaluate.due(step) or finished):
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
                    bar.set_postfix_str(report.short(moment), refresh=False)
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

    def has_met_its_goal(self, step):
        """Whether the losses at a report are as low as the model's document waits for."""
        if "stop_g_loss" not in self.values or not step:
            return False
        g_loss, d_loss = self.losses[step - 1]
        return (self.reports(step) and g_loss <= self.values["stop_g_loss"]
                and d_loss <= self.values["stop_d_loss"])

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
        names = ("loss/generator", "loss/discriminator", "outputs/D_real", "outputs/D_fake",
                 "speed/iterations_per_second")
        self.writer.add_summary(summaries.scalars(dict(zip(names, values + [rate]))), step)

    def write_sample(self, session, tag, step):
        """Gives TensorBoard a picture of the fixed noise's digits. Returns its file's bytes."""
        pixels = plots.tile(self.model.to_unit(self.draw(session)))
        png = plots.png(pixels)
        self.writer.add_summary(summaries.image(tag, png, pixels), step)
        return png

    def write_pictures(self, session, batches, step):
        png = self.write_sample(session, "samples", step)
        plots.save(self.path("samples", "epoch_%04d.png" % self.plan.epoch_of(step)), png)
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
                saver.save(session, self.path(name), global_step=step, write_meta_graph=False,
                           latest_filename=runs.STATE[name])
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
