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
import signal
import sys
from typing import NamedTuple

from tf1gan import console, data, evaluation, models, runs, training
from tf1gan.errors import Diverged, UserError, WriteError
from tf1gan.evaluation import classifier
from tf1gan.lab import sides, speed
from tf1gan.lab.search import record, table
from tf1gan.lab.search.choices import FAILED, REDUCTION, RUNGS, SPACE, chosen, space
from tf1gan.models import hyperparameters
from tf1gan.sampling import Sampler

FINALISTS = 2                       # settings of the search that are trained with several seeds
TIMED_FOR = 2.0                     # seconds in which a setting's iterations are counted


class Options(NamedTuple):
    """How a search is made."""
    budget: float                   # minutes that a recipe may train
    trials: int = 27                # settings that are tried
    seeds: int = 3                  # with which the best of them are trained anew
    samples: int = 10000            # by which a setting is measured
    logdir: str = "logs"
    data_dir: str = "mnist_data"


def search(name, options):
    """Searches by Options, or goes on with a search that was stopped. Prints and writes its table.

    Returns a list of Result, the best first. Raises UserError where Optuna is missing or another
    search has the folder, and what training raises.
    """
    model, optuna = models.find(name), record.load()
    folder = runs.folder_of(options.logdir, "search-" + name)
    images = data.load(options.data_dir)
    evaluation.check(images)
    with runs.locked(folder, "give another --logdir"), record.kept(folder), \
            record.told_to_go_on(folder), evaluation.Ruler(images) as ruler:
        runs.check_files(folder, (record.RECORD, table.TABLE))
        bench = Bench(model, options, folder, ruler)
        study = record.opened(optuna, os.path.join(folder, record.RECORD), {
            "version": f"{SPACE}.{classifier.VERSION}", "model": name, "budget": options.budget,
            "samples": options.samples, "data": images.name})
        console.say(table.beginning(name, folder, options))
        record.take_up(optuna, study, model)
        while len(record.over(optuna, study)) < options.trials:
            _try_one(optuna, study, bench)
            table.write(folder, table.lines(optuna, study))
        results = sorted(_finals(optuna, study, bench), key=lambda result: result.mean)
        lines = table.lines(optuna, study) + [""] + table.verdict(results)
        table.write(folder, lines)
        console.say(*lines)
        return results


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
            way = sides.chosen(self.model.name, recipe=recipe, **values)
            measured, = speed.measure(self.model.name, self.options.data_dir, seconds=TIMED_FOR,
                                      rounds=1, recipe=recipe, way=way, **values)
        except Diverged:
            return RUNGS[-1]
        return max(RUNGS[-1], round(measured.median * 60 * self.options.budget))

    def distance(self, run, steps, recipe, values, seed=0):
        """The Frechet distance of a run after so many iterations, which are trained if need be.

        FAILED where training fails by its losses. Raises UserError where the run's folder is
        damaged.
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
                with _told_what_to_remove(folder), sides.silenced():
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
        raise UserError(f"{error}; if you delete {folder}, the search trains it again") from error


def _try_one(optuna, study, bench):
    """Trains the next setting for as long as it is among the best."""
    # What is drawn is a function of what has been measured: a search that goes on draws the same.
    study.sampler = optuna.samplers.TPESampler(seed=len(record.over(optuna, study)))
    trial = study.ask()
    drawn = {name: trial.suggest_categorical(name, values)
             for name, values in space(bench.model).items()}
    values = chosen(bench.model, drawn)
    if values in [chosen(bench.model, other.params) for other in record.over(optuna, study)]:
        study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        return
    # Optuna counts those that were stopped, too.
    run = trial.user_attrs.get("run", f"trial-{len(record.over(optuna, study))}")
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
                        f"{table.number(distance)}  {hyperparameters.as_flags(values)}")
        trial.report(distance, share)
        best = _goes_on(optuna, study, share, distance)
        if distance == FAILED or share != RUNGS[-1] and not best:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
            return
    study.tell(trial, distance)


def _goes_on(optuna, study, share, distance):
    """Whether a distance is among the best third of those measured at this rung so far."""
    measured = sorted([trial.intermediate_values[share] for trial in record.over(optuna, study)
                       if share in trial.intermediate_values] + [distance])
    return distance <= measured[max(1, len(measured) // REDUCTION) - 1]


def _finals(optuna, study, bench):
    """The Results of the best settings and of the model's recipes, for the whole time."""
    best = sorted((trial for trial in record.measured(optuna, study)
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
                            f"{table.number(known[seed])}")
        flags = hyperparameters.as_flags(values) if values else f"--recipe {recipe}"
        yield table.Result(name, flags, [known[str(seed)] for seed in range(bench.options.seeds)],
                           known["steps"])
