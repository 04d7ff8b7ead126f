"""A search for the recipe that is best within a time, by successive halving over short runs.

Li et al., "A System for Massively Parallel Hyperparameter Tuning" (2020), section 3: each setting
trains for a 27th of the time and is measured; one that is among the best third of those measured
there so far goes on for three times as long, and so on. Optuna proposes the settings, by what has
been measured, and keeps the record of them.

A setting's run is an ordinary one, in a folder of its own: it goes on where it was stopped, and so
does the search, whatever stopped it.
"""

import contextlib
import os
import re
import signal
import statistics
import sys
from typing import Any, Mapping, NamedTuple

from tf1gan import console, data, evaluation, files, models, runs, training
from tf1gan.errors import Diverged, UserError, WriteError
from tf1gan.evaluation import classifier
from tf1gan.lab import speed
from tf1gan.models import hyperparameters
from tf1gan.models.losses import LOSSES
from tf1gan.runs.facts import COUNT, NUMBER, TEXT, Kind, objects, wrong_in
from tf1gan.sampling import Sampler

RECORD, TABLE = "optuna.log", "table.md"
REDUCTION = 3                       # one of so many goes on, for so many times as long
RUNGS = (1, 3, 9, 27)               # how long, in shares of 27 of the whole time
SPACE = 3                           # the version of `space`
FINALISTS = 2                       # settings of the search that are trained with several seeds
TIMED_FOR = 2.0                     # seconds in which a setting's iterations are counted
FAILED = 1e9                        # the distance of a setting whose losses become no numbers


class Options(NamedTuple):
    """How a search is made."""
    budget: float                   # minutes that a recipe may train
    trials: int = 27                # settings that are tried
    seeds: int = 3                  # with which the best of them are trained anew
    samples: int = 10000            # by which a setting is measured
    logdir: str = "logs"
    data_dir: str = "mnist_data"


class Result(NamedTuple):
    """One of the settings that were trained for the whole time, with each seed."""
    name: str
    flags: str
    distances: list                 # Frechet distances
    steps: int

    @property
    def diverged(self):
        """With how many seeds."""
        return self.distances.count(FAILED)

    @property
    def mean(self):
        """Infinite where a seed diverged."""
        return float("inf") if self.diverged else statistics.mean(self.distances)

    @property
    def spread(self):
        """None of one seed, or where one diverged."""
        several = len(self.distances) > 1 and not self.diverged
        return statistics.stdev(self.distances) if several else None


def search(name, options):
    """Searches, or goes on with a search that was stopped. Prints and writes its table.

    Args:
      name: of a model.
      options: Options.

    Returns:
      a list of Result, the best first.

    Raises:
      UserError: Optuna is missing, another search has the folder, or what training raises.
    """
    model, optuna = models.find(name), _optuna()
    folder = runs.folder_of(options.logdir, "search-" + name)
    images = data.load(options.data_dir)
    evaluation.check(images)
    with runs.locked(folder, "give another --logdir"), _kept(folder), _told_to_go_on(folder), \
            evaluation.Ruler(images) as ruler:
        runs.check_files(folder, (RECORD, TABLE))
        bench = Bench(model, options, folder, ruler)
        study = _study(optuna, os.path.join(folder, RECORD), {
            "version": f"{SPACE}.{classifier.VERSION}", "model": name, "budget": options.budget,
            "samples": options.samples, "data": images.name})
        console.say(f"Up to {options.trials} setting{_s(options.trials)} of {name} in {folder}, "
                    f"each for {_minutes(options.budget * RUNGS[0] / RUNGS[-1])} to "
                    f"{_minutes(options.budget)}; then the best of them and its recipes, with "
                    f"{options.seeds} seed{_s(options.seeds)} each.")
        _take_up(optuna, study, model)
        while len(_over(optuna, study)) < options.trials:
            _try_one(optuna, study, bench)
            _write(folder, _lines(optuna, study))
        results = sorted(_finals(optuna, study, bench), key=lambda result: result.mean)
        lines = _lines(optuna, study) + [""] + _verdict(results)
        _write(folder, lines)
        console.say(*lines)
        return results


# -- Settings -------------------------------------------------------------------------------

def space(model):
    """What is tried of each hyperparameter of a model: {name: a list}."""
    rates, optimizers = [0.0001, 0.0002, 0.0005, 0.001, 0.002], [model.optimizer]
    if model.optimizer == "nesterov":
        rates, optimizers = rates + [0.004, 0.01], ["nesterov", "adam"]
    choices = {
        "optimizer": optimizers,
        "loss": [model.loss] + [loss for loss in ("hinge", "lsgan", "wgan-gp")
                                if loss != model.loss],
        "g_learning_rate": rates, "d_learning_rate": rates,
        "beta1": [0.0, 0.5, 0.9],
        "gradient_penalty": [0.0, 1.0, 10.0],
        "label_smoothing": [0.0, 0.1],
        "smooth": [0.0, 0.1],
        "dropout": [0.0, model.defaults.get("dropout")],
        "batch_size": [32, 64, 128],
        "ema": [0.0, 0.99, 0.999],
        "d_steps": [1, 2],
        "image_range": ["0,1", "-1,1"] if model.draws == (-1, 1) else ["0,1"],
        "batch_norm": ["neither", "generator", "both"],
    }
    return {name: values for name, values in choices.items() if models.has(model, name)}


def chosen(model, drawn):
    """The hyperparameters of what was drawn from `space`: those that make a difference."""
    loss = LOSSES[drawn["loss"]]
    values = {name: value for name, value in drawn.items()
              if name not in ("smooth", "label_smoothing") or name in loss.takes}
    if loss.penalty and not values["gradient_penalty"]:
        del values["gradient_penalty"]
    if values["optimizer"] != "adam":
        del values["beta1"]
    if values["optimizer"] == model.optimizer:
        del values["optimizer"]
    if values.get("batch_norm") == "neither":
        del values["batch_norm"]
    return {name: hyperparameters.ROWS[name].check(value) for name, value in values.items()}


# -- One setting -----------------------------------------------------------------------------

class Bench(NamedTuple):
    """What trains settings and measures them."""
    model: models.Model
    options: Options
    folder: str
    ruler: evaluation.Ruler

    def steps(self, recipe, values):
        """How many iterations of train.py's loop fit the whole time.

        The least with which each rung is longer than the one before, where they are fewer, or
        cannot be counted because training fails by its losses.
        """
        try:
            measured, = speed.measure(self.model.name, self.options.data_dir, seconds=TIMED_FOR,
                                      rounds=1, recipe=recipe, **values)
        except Diverged:
            return RUNGS[-1]
        return max(RUNGS[-1], round(measured.median * 60 * self.options.budget))

    def distance(self, run, steps, recipe, values, seed=0):
        """The Frechet distance of a run after so many iterations, which are trained if need be.

        FAILED where training fails by its losses.

        Raises:
          UserError: the run's folder is damaged.
        """
        folder = runs.folder_of(self.folder, run)
        prefix = os.path.join(folder, f"{runs.GENERATOR}-{steps}")
        # What was trained for longer, in a search whose record is lost, may have lost this step.
        beyond = os.path.isdir(folder) and any(
            runs.step_of(each) > steps for each in runs.checkpoints(folder))
        if not (beyond and runs.exists(prefix)):
            options = training.Options(seed=seed, run=run, logdir=self.folder, fresh=beyond,
                                       data_dir=self.options.data_dir)
            try:
                with _told_what_to_remove(folder), speed.silenced():
                    _, stopped_by = training.train(self.model.name, options, recipe,
                                                   **dict(values, steps=steps))
            except Diverged:
                return FAILED
            if stopped_by == signal.SIGTERM:
                sys.exit(128 + stopped_by)
            if stopped_by:
                raise KeyboardInterrupt
        with _told_what_to_remove(folder), Sampler(prefix) as sampler:
            images = sampler.sample(self.options.samples, seed=0)
        return self.ruler.measure(images, neighbours=False).frechet


@contextlib.contextmanager
def _told_what_to_remove(folder):
    """Where a run cannot be gone on with, or its generator is lost."""
    try:
        yield
    except Diverged:
        raise
    except UserError as error:
        if any(isinstance(each, WriteError) for each in (error, error.__cause__)):
            raise       # a full disk: nothing is to be removed of the run
        raise UserError(f"{error}; in a search: remove {folder}, and it is trained anew") \
            from error


def _try_one(optuna, study, bench):
    """Trains the next setting for as long as it is among the best."""
    # What is drawn is a function of what has been measured: a search that goes on draws the same.
    study.sampler = optuna.samplers.TPESampler(seed=len(_over(optuna, study)))
    trial = study.ask()
    drawn = {name: trial.suggest_categorical(name, values)
             for name, values in space(bench.model).items()}
    values = chosen(bench.model, drawn)
    if values in [chosen(bench.model, other.params) for other in _over(optuna, study)]:
        study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        return
    # Optuna counts those that were stopped, too.
    run = trial.user_attrs.get("run", f"trial-{len(_over(optuna, study))}")
    trial.set_user_attr("run", run)
    if "steps" not in trial.user_attrs:
        trial.set_user_attr("steps", bench.steps(models.DOCUMENT, values))
    distance = FAILED
    for share in RUNGS:
        steps = max(1, round(trial.user_attrs["steps"] * share / RUNGS[-1]))
        distance = trial.user_attrs.get(f"distance {share}")    # before the search was stopped
        if distance is None:
            distance = bench.distance(run, steps, models.DOCUMENT, values)
            trial.set_user_attr(f"distance {share}", distance)
            console.say(f"{run}, {share}/{RUNGS[-1]} of the time, {steps} iterations: "
                        f"{_number(distance)}  {hyperparameters.as_flags(values)}")
        trial.report(distance, share)
        best = _goes_on(optuna, study, share, distance)
        if distance == FAILED or share != RUNGS[-1] and not best:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            return
    study.tell(trial, distance)


def _goes_on(optuna, study, share, distance):
    """Whether a distance is among the best third of those measured at this rung so far."""
    measured = sorted([trial.intermediate_values[share] for trial in _over(optuna, study)
                       if share in trial.intermediate_values] + [distance])
    return distance <= measured[max(1, len(measured) // REDUCTION) - 1]


def _finals(optuna, study, bench):
    """The Results of the best settings and of the model's recipes, for the whole time."""
    best = sorted((trial for trial in _measured(optuna, study)
                   if trial.state == optuna.trial.TrialState.COMPLETE),
                  key=lambda trial: trial.value)[:FINALISTS]
    entries = [(trial.user_attrs["run"], models.DOCUMENT, chosen(bench.model, trial.params),
                {"steps": trial.user_attrs["steps"]}) for trial in best]
    entries += [("recipe-" + name, name, {}, {}) for name in bench.model.recipes]
    for name, recipe, values, known in entries:
        known = dict(known, **study.user_attrs.get(name, {}))
        if "steps" not in known:
            known["steps"] = bench.steps(recipe, values)
            study.set_user_attr(name, known)
        for seed in map(str, range(bench.options.seeds)):
            if seed not in known:
                known[seed] = bench.distance(f"{name}-seed-{seed}", known["steps"], recipe,
                                             values, int(seed))
                study.set_user_attr(name, known)
                console.say(f"{name}, seed {seed}, {known['steps']} iterations: "
                            f"{_number(known[seed])}")
        yield Result(name, hyperparameters.as_flags(values) if values else f"--recipe {recipe}",
                     [known[str(seed)] for seed in range(bench.options.seeds)], known["steps"])


# -- The record ------------------------------------------------------------------------------

def _optuna():
    try:
        import optuna
        import optuna.storages.journal  # noqa: F401
    except ImportError as error:
        raise UserError("search.py takes Optuna, 4 or newer: pip install -r "
                        "requirements/search.txt") from error
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


@contextlib.contextmanager
def _kept(folder):
    """What is written in a search's folder."""
    try:
        yield
    except BrokenPipeError:
        raise           # that is whoever reads the output
    except OSError as error:
        if console.drop_a_full_stream():
            raise WriteError(f"cannot write the output: {error.strerror or error}") from error
        raise WriteError(f"cannot keep the search in {folder} ({error.strerror or error}): put "
                         "that right, and the same command goes on") from error


@contextlib.contextmanager
def _told_to_go_on(folder):
    """Says at Ctrl-C and SIGTERM what becomes of a search."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        console.complain(f"Stopped; the search is kept in {folder}, and the same command goes on "
                         "with it.")
        raise


def _study(optuna, path, facts):
    """The study of a file, new or as it was left.

    Raises:
      UserError: it is another search's, or damaged.
    """
    path = os.path.abspath(path)
    _cut_after_the_last_line(path)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path + ".lock")       # of a search that was killed: nobody else has the folder
    try:
        storage = optuna.storages.JournalStorage(
            optuna.storages.journal.JournalFileBackend(path))
        study = optuna.create_study(
            storage=storage, study_name="tf1gan", load_if_exists=True,
            pruner=optuna.pruners.NopPruner())
    except OSError:
        raise
    except Exception as error:      # whatever a damaged file makes Optuna raise
        raise _damaged(path, "it is no record of Optuna's, or a damaged one") from error
    _check(path, objects(_OF_A_SEARCH), study.user_attrs)
    if "model" in study.user_attrs and study.user_attrs.get("version") != facts["version"]:
        raise UserError(f"{os.path.dirname(path)} is of a search by another version of tf1gan, "
                        "whose numbers do not compare: give another --logdir")
    for key, value in facts.items():
        known = study.user_attrs.get(key, value)
        if known != value:
            raise UserError(f"{os.path.dirname(path)} is of a search with {key} {_word(known)}, "
                            f"not {_word(value)}: give the same, or another --logdir")
        if key not in study.user_attrs:
            study.set_user_attr(key, value)
    _check_all(optuna, study, path)
    return study


_OF_A_SEARCH = {"version": TEXT, "model": TEXT, "budget": NUMBER, "samples": COUNT, "data": TEXT}


def _check_all(optuna, study, path):
    """Refuses a record of which a value is none that a search keeps there."""
    if study.directions != [optuna.study.StudyDirection.MINIMIZE]:
        raise _damaged(path, "it is of a search for the largest number")
    finals = set(study.user_attrs) - set(_OF_A_SEARCH)
    _check(path, objects(dict.fromkeys(finals, objects(NUMBER))), study.user_attrs)
    choices = space(models.find(study.user_attrs["model"]))
    params = objects({name: Kind(f"one of {values}", values.__contains__)
                      for name, values in choices.items()}, name=choices.__contains__)
    attributes = objects(dict(
        {f"distance {share}": NUMBER for share in RUNGS}, steps=COUNT,
        run=Kind("a setting's name", lambda value: isinstance(value, str)
                 and re.fullmatch("trial-[0-9]{1,9}", value))))
    rungs = objects(NUMBER, name=list(map(str, RUNGS)).__contains__)
    for trial in study.get_trials(deepcopy=False):
        where = f"setting {trial.number}"
        all_drawn = params._replace(needed=tuple(choices) if trial.state.is_finished()
                                    and trial.intermediate_values else ())
        for kind, value in (
                (all_drawn, trial.params), (params, trial.system_attrs.get("fixed_params", {})),
                (attributes, trial.user_attrs), (_ONE_NUMBER, trial.values or (
                    None if trial.state == optuna.trial.TrialState.COMPLETE else [0.0])),
                (rungs, {str(at): value for at, value in trial.intermediate_values.items()})):
            _check(path, kind, value, where)


_ONE_NUMBER = Kind("the distance that it came to", lambda value: isinstance(value, list)
                    and len(value) == 1 and NUMBER.holds(value[0]))


def _check(path, kind, value, where="it"):
    wrong = wrong_in(value, kind, where)
    if wrong:
        raise _damaged(path, wrong)


def _damaged(path, why):
    return UserError(f"{path} cannot be read ({why}): remove it, and the search begins anew")


def _cut_after_the_last_line(path):
    """A kill may have left half a line, behind which Optuna would write on.

    Raises:
      UserError: there is no whole line.
    """
    if os.path.exists(path) and os.path.getsize(path):
        with open(path, "r+b") as file:
            whole = file.read().rfind(b"\n") + 1
            if not whole:
                raise _damaged(path, "it has no whole line")
            file.truncate(whole)


def _take_up(optuna, study, model):
    """Has the settings that were being tried when the search was stopped tried first.

    One of which not all had been drawn is drawn again, and as it would have been.
    """
    for trial in study.get_trials(states=[optuna.trial.TrialState.RUNNING]):
        study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
        if set(trial.params) == set(space(model)):
            study.enqueue_trial(trial.params, trial.user_attrs)


def _over(optuna, study):
    """The trials that have come to an end."""
    return study.get_trials(deepcopy=False, states=[optuna.trial.TrialState.COMPLETE,
                                                    optuna.trial.TrialState.PRUNED])


def _measured(optuna, study):
    """Those of `_over` that were trained, and of which nothing is lost."""
    return [trial for trial in _over(optuna, study)
            if trial.intermediate_values and {"run", "steps"} <= set(trial.user_attrs)]


# -- Words -----------------------------------------------------------------------------------

def _lines(optuna, study):
    """A Markdown table of all settings, the best first."""
    def key(trial):
        return -max(trial.intermediate_values), min(trial.intermediate_values.values())
    rows = [f"| setting | {' | '.join(f'{share}/{RUNGS[-1]}' for share in RUNGS)} | iterations in "
            "the whole time | flags |", "|---" * (len(RUNGS) + 3) + "|"]
    for trial in sorted(_measured(optuna, study), key=key):
        values: Mapping[str, Any] = chosen(models.find(study.user_attrs["model"]), trial.params)
        measured = [trial.intermediate_values.get(share) for share in RUNGS]
        rows.append(f"| {trial.user_attrs['run']} | {' | '.join(map(_number, measured))} | "
                    f"{trial.user_attrs['steps']} | `{hyperparameters.as_flags(values)}` |")
    return rows


def _verdict(results):
    """What the best of Results has over the others."""
    rows = ["| setting | Fréchet distance | seeds | iterations | flags |", "|---|---|---|---|---|"]
    for result in results:
        rows.append(f"| {result.name} | {_summed_up(result)} | "
                    f"{', '.join(map(_number, result.distances))} | {result.steps} | "
                    f"`{result.flags}` |")
    first = results[0]
    if first.diverged:
        return rows + ["", "None is the best: each diverged with a seed."]
    for other in results[1:2]:
        rows += ["", f"{first.name} is the best: " + (
            f"{other.name}, the next, diverged with a seed." if other.diverged else
            f"its mean is {other.mean - first.mean:.2f} below that of {other.name}"
            + _beside_the_spread(first, other))]
    return rows


def _summed_up(result):
    if result.diverged:
        return f"diverged with {result.diverged} of {len(result.distances)}"
    return _number(result.mean) + (
        "" if result.spread is None else f" ± {result.spread:.2f}")


def _beside_the_spread(first, other):
    """How much a difference is worth."""
    if first.spread is None:
        return ", of one seed: there is no spread to compare that with."
    within = other.mean - first.mean <= max(first.spread, other.spread)
    return (f", with a spread of the seeds of {first.spread:.2f} and {other.spread:.2f}"
            + (": within it, so either may be." if within else "."))


def _write(folder, lines):
    with files.atomic(os.path.join(folder, TABLE)) as file:
        file.write(("\n".join(lines) + "\n").encode())


def _number(distance):
    if distance is None:
        return ""
    return "diverged" if distance == FAILED else f"{distance:.2f}"


def _s(count):
    return "" if count == 1 else "s"


def _word(value):
    return f"{value:g}" if isinstance(value, float) else value


def _minutes(minutes):
    return f"{60 * minutes:.3g} s" if minutes < 2 else f"{minutes:.0f} min"
