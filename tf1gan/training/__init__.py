"""Training: a run is opened here, and trained in `loop`."""

import contextlib
import os
from typing import Any, Iterator, NamedTuple, Optional, Sequence, Tuple

import tf1gan
from tf1gan import (
    console,
    data,
    evaluation,
    models,
    randomness,
    restoring,
    runs,
    schedule,
    strategy,
)
from tf1gan.errors import UserError
from tf1gan.models.model import EPOCHS
from tf1gan.training import claim, loop, session_config
from tf1gan.training.history import History
from tf1gan.training.prepared import prepare
from tf1gan.training.run import Run
from tf1gan.training.watch import Watch

__all__ = ["Run", "Settings", "open_run", "train"]


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
    begin_from: Sequence[str] = ()      # weights to begin with: see restoring.beginning
    strategy: Any = strategy.ALONE      # or that of one of several workers
    wait: int = 300                     # seconds to wait for them


def train(name: str, settings: Settings = Settings(),  # noqa: B008 (it does not change)
          recipe: str = models.DOCUMENT, **hyperparameters: Any) -> Tuple[str, Optional[int]]:
    """Trains a model, or goes on with a run that was stopped.

    Args:
      name: of one of models.MODELS.
      settings: Settings.
      recipe: one of the model's, such as "best"; what else is given wins.
      **hyperparameters: any of the model's, by name; None is its default. Every model
        takes either `epochs` or `steps` for its length, whichever its document uses.

    Returns:
      (the run's folder, the signal that it was sent, or None).

    Raises:
      UserError: anything the user can put right; the run's files are as they were.
    """
    with open_run(name, settings, recipe, **hyperparameters) as run:
        return run.folder, loop.go(run)


@contextlib.contextmanager
def open_run(name: str, settings: Settings = Settings(),  # noqa: B008
             recipe: str = models.DOCUMENT, **hyperparameters: Any) -> Iterator[Run]:
    """A run as `train` has it, its graph built and its folder locked. Raises the same."""
    model = models.find(name)
    preset = models.find_recipe(model, recipe)
    length = {key: hyperparameters.get(key) for key in ("epochs", "steps")}
    resolved = models.resolve(name, {key: value for key, value in hyperparameters.items()
                                     if key in model.defaults or key not in length}, recipe)
    if all(value is None for value in length.values()):
        length = {key: preset.values.get(key) for key in length}
    models.check_length(**length)
    models.check({key: getattr(settings, key)
                  for key in ("save_every", "sample_every", "summary_every", "evaluate_every",
                              "wait")})
    seed = randomness.check_seed(settings.seed)
    folder = runs.folder_of(settings.logdir, name if settings.run is None else settings.run)
    # A run that goes on needs them no more: they may have been removed.
    leads = settings.strategy.leads
    begins = leads and (settings.fresh or not (
        os.path.isdir(folder) and runs.checkpoints(folder)))
    beginning = (restoring.beginning(settings.begin_from, resolved)
                 if settings.begin_from and begins else restoring.NOTHING)

    images = data.load(settings.data_dir)
    if settings.evaluate_every:
        evaluation.check(images)
    train_set = data.split(images, False, held_back(resolved.model, images), seed).train
    plan = _plan(resolved, train_set, settings, **length)
    _check_divides(resolved, train_set, settings.strategy.size)
    config = {"model": name, "recipe": recipe, "hyperparameters": resolved.asked, "seed": seed,
              "data": images.name, "sample_every": settings.sample_every,
              "iterations": plan.total, "iterations_per_epoch": plan.epoch,
              "versions": runs.versions()}
    if settings.begin_from:
        config["from"] = list(map(os.fspath, settings.begin_from))
    if leads and not settings.fresh:
        claim.check(folder, config)     # before it takes time, and again when it is locked
        if settings.evaluate_every:
            claim.check_best(folder)
    with contextlib.ExitStack() as stack:
        configuration = settings.strategy.configured(session_config.make(resolved))
        session_config.start_threads(configuration)
        holder, graph, drawing, ops = prepare(resolved, seed, settings.strategy)
        stack.enter_context(holder.as_default())
        if leads:
            stack.enter_context(runs.locked(folder))
            if not settings.fresh:
                claim.check(folder, config)
        ruler = (stack.enter_context(evaluation.Ruler(images))
                 if settings.evaluate_every and leads else None)
        history = History(folder)
        watch = Watch(folder, graph, ops.generator_saver, train_set, ruler)
        stack.enter_context(settings.strategy.joined(
            configuration, _facts(graph, config, plan), settings.wait))
        run = Run(folder=folder, config=config, plan=plan, graph=graph, images=train_set,
                  session_config=configuration, ops=ops, drawing=drawing, history=history,
                  watch=watch, beginning=beginning)
        if leads and settings.fresh and runs.is_used(folder):   # nothing more is refused
            console.say(f"The earlier run is kept as {runs.set_aside(folder)}.")
            stack.enter_context(runs.locked(folder))
        yield run


def held_back(model, images):
    """How many of the training images of data.load a model does not train on."""
    # Of other images than MNIST's 60,000, the same share.
    return min(model.validation_size, len(images.train_images) // 12)


def _facts(graph, config, plan):
    """What must be the same on all processes, by words that name it."""
    facts = {"the version of tf1gan": tf1gan.__version__}
    for name in ("tensorflow", "numpy"):
        facts["the version of " + name] = config["versions"][name]
    facts["--model"] = config["model"]
    facts.update({models.flag(name): str(value) for name, value in graph.recipe.values.items()
                  if name not in ("epochs", "steps")})
    facts.update({"--seed": config["seed"], "the data (--data-dir)": config["data"],
                  "the length in iterations": plan.total})
    facts.update({f"when to {name.replace('_', ' ')}": str(value)
                  for name, value in plan._asdict().items() if isinstance(value, schedule.Every)})
    return facts


def _check_divides(recipe, images, workers):
    """Refuses a batch that does not divide evenly among workers, and an epoch's last one.

    Raises:
      UserError: says what to change.
    """
    size = recipe.batch_size
    if size % workers:
        nearest = max(round(size / workers), 1) * workers
        raise UserError(f"--batch-size {size} does not divide evenly among {workers} workers: take "
                        f"{nearest}, or another number of workers")
    rest = images.num_examples % size if recipe.model.image_order == EPOCHS else 0
    if rest % workers:      # of any such size
        raise UserError(f"the last batch of an epoch, of {rest} images, does not divide evenly "
                        f"among {workers} workers: take another number of them")


def _plan(recipe, images, settings, epochs, steps):
    """The run's Schedule."""
    epoch = images.batches(recipe.images_in_iteration, recipe.model.image_order)
    if not epoch:
        raise UserError(f"--batch-size (times --d-steps) is {recipe.images_in_iteration}, more "
                        f"than the {images.num_examples} training images")
    values = recipe.values
    total = (steps or epochs and epochs * epoch
             or values.get("steps") or values["epochs"] * epoch)
    return schedule.make_schedule(
        recipe.model, epoch, total, settings.save_every, settings.sample_every,
        settings.summary_every, settings.evaluate_every)
