"""Training: a run is opened here, and trained in `loop`."""

import contextlib
import os
from typing import Any, ContextManager, Iterator, Mapping, NamedTuple, Optional, Sequence, Tuple

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
from tf1gan.compat import open_first_session
from tf1gan.errors import UserError
from tf1gan.images import EPOCHS
from tf1gan.training import claim, loop, session_config, ways
from tf1gan.training.history import History
from tf1gan.training.prepared import prepare
from tf1gan.training.run import Run
from tf1gan.training.watch import Watch

__all__ = ["Run", "Options", "ask", "carry_out", "check", "check_divides", "open_run", "train"]


class Options(NamedTuple):
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
    way: Optional[str] = None           # one of models.WAYS; None is the faster one of a long run


class Asked(NamedTuple):
    """What is asked for, resolved; nothing of it is to be refused whatever the images are."""
    settings: models.Settings           # all that decides what the run computes
    recipe: str                         # by the name that config.json has
    length: Mapping[str, Optional[int]]     # epochs or steps, where either is asked for
    seed: int
    folder: str                         # the run's
    options: Options


def ask(name: str, options: Options = Options(),  # noqa: B008 (it does not change)
        recipe: str = models.DOCUMENT, **hyperparameters: Any) -> Asked:
    """Resolves what `train` is given, before anything takes time. Raises UserError."""
    model = models.find(name)
    length = {key: hyperparameters.get(key) for key in ("epochs", "steps")}
    resolved = models.resolve(name, {key: value for key, value in hyperparameters.items()
                                     if key in model.defaults or key not in length}, recipe)
    if all(value is None for value in length.values()):
        length = {key: models.find_recipe(model, recipe).values.get(key) for key in length}
    models.check_length(**length)
    models.check({key: getattr(options, key) for key in Options._fields
                  if key in models.hyperparameters.ROWS})
    ways.check(resolved, options)
    return Asked(resolved, recipe, length, randomness.check_seed(options.seed), runs.folder_of(
        options.logdir, name if options.run is None else options.run), options)


def check(asked: Asked, workers: int = 1) -> None:
    """Refuses what can be found wrong without the images. Raises UserError."""
    check_divides(asked.settings.batch_size, workers)
    for path in _begins_from(asked):
        if not os.path.exists(path):
            runs.find_checkpoint(path)


def train(name: str, options: Options = Options(),  # noqa: B008
          recipe: str = models.DOCUMENT, **hyperparameters: Any) -> Tuple[str, Optional[int]]:
    """Trains a model, or goes on with a run that was stopped.

    Args:
      name: of one of models.MODELS.
      options: Options.
      recipe: one of the model's, such as "best"; what else is given wins.
      **hyperparameters: any of the model's, by name; None is its default. Every model
        takes either `epochs` or `steps` for its length, whichever its document uses.

    Returns:
      (the run's folder, the signal that it was sent, or None).

    Raises:
      UserError: anything the user can put right; the run's files are as they were.
    """
    return carry_out(ask(name, options, recipe, **hyperparameters))


def carry_out(asked: Asked) -> Tuple[str, Optional[int]]:
    """`train` of what `ask` has resolved."""
    with opened(asked) as run:
        return run.folder, loop.go(run)


def open_run(name: str, options: Options = Options(),  # noqa: B008
             recipe: str = models.DOCUMENT, **hyperparameters: Any) -> ContextManager[Run]:
    """A run as `train` has it, its graph built and its folder locked. Raises the same."""
    return opened(ask(name, options, recipe, **hyperparameters))


@contextlib.contextmanager
def opened(asked: Asked) -> Iterator[Run]:
    """A Run of what was asked for. What takes longer, and what others wait for, comes later."""
    options, whose = asked.options, asked.options.strategy
    files = _begins_from(asked)
    beginning = restoring.beginning(files, asked.settings) if files else restoring.NOTHING
    images, train_set = _images(asked)
    plan = _plan(asked, train_set)
    config = _config(asked, images, plan)
    known = _claimable(asked, config)
    way = ways.of_run(asked.settings, options, plan.total, known)
    if asked.settings.model.side_by_side:
        config["way"] = way
    with contextlib.ExitStack() as stack:
        configuration = whose.configured(session_config.make(asked.settings, way))
        open_first_session(configuration)
        holder, graph, drawing, ops = prepare(asked.settings, asked.seed, whose, way)
        stack.enter_context(holder.as_default())
        if whose.leads:
            stack.enter_context(runs.locked(asked.folder))
            if not options.fresh:       # another process may have been at it
                claim.check(asked.folder, config, asked.settings, known)
        ruler = (stack.enter_context(evaluation.Ruler(images))
                 if options.evaluate_every and whose.leads else None)
        watch = Watch(asked.folder, graph, ops.generator_saver, train_set, ruler)
        stack.enter_context(whose.joined(configuration, _facts(graph, config, plan), options.wait))
        if whose.leads and options.fresh and runs.is_used(asked.folder):
            console.say(f"The earlier run is kept as {runs.set_aside(asked.folder)}.")
            stack.enter_context(runs.locked(asked.folder))
        yield Run(folder=asked.folder, config=config, plan=plan, graph=graph, images=train_set,
                  session_config=configuration, ops=ops, drawing=drawing,
                  history=History(asked.folder), watch=watch, beginning=beginning)


def _begins_from(asked):
    """The files of weights to begin with. A run that goes on needs none: they may be gone."""
    begins = asked.options.strategy.leads and (asked.options.fresh or not (
        os.path.isdir(asked.folder) and runs.checkpoints(asked.folder)))
    return asked.options.begin_from if begins else ()


def _images(asked):
    """(all images, the training images of the run)."""
    images = data.load(asked.options.data_dir)
    if asked.options.evaluate_every:
        evaluation.check(images)
    return images, data.split(images, False, held_back(asked.settings.model, images),
                              asked.seed).train


def held_back(model, images):
    """How many of the training images of data.load a model does not train on."""
    # Of other images than MNIST's 60,000, the same share.
    return min(model.validation_size, len(images.train_images) // 12)


def _plan(asked, images):
    """The run's Schedule. Raises UserError for a batch that images or workers do not allow."""
    settings, options = asked.settings, asked.options
    epoch = images.batches(settings.images_in_iteration, settings.model.image_order)
    if not epoch:
        raise UserError(f"--batch-size (times --d-steps) is {settings.images_in_iteration}, more "
                        f"than the {images.num_examples} training images: give a smaller one")
    epochs, steps = asked.length["epochs"], asked.length["steps"]
    total = (steps or epochs and epochs * epoch
             or settings.values.get("steps") or settings.values["epochs"] * epoch)
    workers = options.strategy.size
    check_divides(settings.batch_size, workers)
    of_epochs = settings.model.image_order == EPOCHS
    rest = images.num_examples % settings.batch_size if of_epochs else 0
    if rest % workers:      # of any such size
        raise UserError(f"the last batch of an epoch, of {rest} images, does not divide evenly "
                        f"among {workers} workers: use another number of workers")
    return schedule.make_schedule(
        settings.model, epoch, total, options.save_every, options.sample_every,
        options.summary_every, options.evaluate_every)


def check_divides(size, workers):
    """Raises UserError unless a batch of that size divides evenly among workers."""
    if size % workers:
        nearest = max(round(size / workers), 1) * workers
        raise UserError(f"--batch-size {size} does not divide evenly among {workers} workers: use "
                        f"{nearest}, or another number of workers")


def _config(asked, images, plan):
    """What config.json is to hold."""
    config = {"model": asked.settings.model.name, "recipe": asked.recipe,
              "hyperparameters": asked.settings.asked, "seed": asked.seed, "data": images.name,
              "sample_every": asked.options.sample_every, "iterations": plan.total,
              "iterations_per_epoch": plan.epoch, "versions": runs.versions()}
    if asked.options.begin_from:
        config["from"] = list(map(os.fspath, asked.options.begin_from))
    return config


def _claimable(asked, config):
    """The config.json of the run to go on with, or None, when nothing speaks against it."""
    if not asked.options.strategy.leads or asked.options.fresh:
        return None
    known = claim.check(asked.folder, config, asked.settings)
    if asked.options.evaluate_every:
        runs.read_json(asked.folder, runs.BEST_FACTS)       # it is to be compared with
    return known


def _facts(graph, config, plan):
    """What must be the same on all processes, by words that name it."""
    facts = {"the version of " + name: config["versions"][name]
             for name in ("tf1gan", "tensorflow", "numpy")}
    facts["--model"] = config["model"]
    facts.update({models.flag(name): str(value) for name, value in graph.settings.values.items()
                  if name not in ("epochs", "steps")})
    facts.update({"--seed": config["seed"], "the data (--data-dir)": config["data"],
                  "the length in iterations": plan.total})
    facts.update({f"when to {name.replace('_', ' ')}": str(value)
                  for name, value in plan._asdict().items() if isinstance(value, schedule.Every)})
    return facts
