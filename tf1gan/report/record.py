"""What a page shows of one run, read from the run's files without TensorFlow."""

import math
import os
import reprlib
from typing import Any, List, Mapping, NamedTuple, Optional

import numpy as np

from tf1gan import console, evaluation, models, monitor, pickles, runs, summaries
from tf1gan.errors import UserError
from tf1gan.plots import loss_limits
from tf1gan.report.digits import Digits, read_digits
from tf1gan.runs import readings

PLACES = 150            # of a chart, spread evenly, and as many in their logarithm
# What earlier versions called these in TensorBoard's files.
_EARLIER = {summaries.D_REAL: "D/real", summaries.D_FAKE: "D/fake"}

# The monitor's states as a page names them.
STATES = {monitor.SATURATED: "D saturated", monitor.COLLAPSED: "G collapsed",
          monitor.UNIFORM: "G uniform", monitor.ONE_DIGIT: "one digit",
          monitor.HEALTHY: "healthy"}


class Record(NamedTuple):
    folder: str
    name: str
    config: Mapping[str, Any]
    settings: models.Settings
    iterations: int                     # done and recorded
    losses: Optional[dict]              # see `summarized`; None where there are none
    limits: Optional[List[float]]       # the lowest and highest loss to draw, but for outliers
    outputs: Optional[dict]             # D's, likewise
    measured: Mapping[str, Mapping[int, float]]
    best: Mapping[str, Any]             # best.json
    evaluation: Mapping[str, Any]       # evaluation.json
    states: List[dict]                  # {state, begins, ends (None while it lasts), words}
    digits: Digits
    notes: List[str]                    # what is not there or cannot be read


def read(folder):
    """The Record of a run's folder.

    What is missing or damaged beside config.json is left out, with a note. Raises UserError where
    it is no run, or its config.json is not one of this program's.
    """
    folder = os.fspath(folder)
    config, settings = check(folder)
    notes = []
    seen = _readings(folder, notes)
    # Samples are written after losses: these reach at least as far, though the run goes on.
    losses = _losses(os.path.join(folder, runs.LOSSES), notes)
    iterations = len(losses)
    broken, = np.nonzero(~np.isfinite(losses).all(axis=1))
    if len(broken):
        notes.append(f"its losses are not finite at {len(broken):,} of {iterations:,} steps, "
                     f"first at step {broken[0] + 1:,}")

    def up_to_there(tag):
        points = seen.numbers.get(tag) or seen.numbers.get(_EARLIER.get(tag), {})
        return {step: points[step] for step in sorted(points)
                if 0 < step <= iterations and math.isfinite(points[step])}

    outputs = [up_to_there(summaries.D_REAL), up_to_there(summaries.D_FAKE)]
    steps = sorted(set(outputs[0]) & set(outputs[1]))
    digits = read_digits(folder, config, settings, iterations,
                         seen.pictures.get(summaries.LEARNING, {}), notes)
    if not digits.by_step:
        notes.append("it has no samples yet")
    return Record(
        folder=folder, name=console.plain(os.path.basename(os.path.abspath(folder))), config=config,
        settings=settings, iterations=iterations,
        losses=summarized(np.arange(1, iterations + 1), losses, iterations),
        limits=_limits(losses),
        outputs=summarized(np.array(steps, int), np.array(
            [[points[step] for points in outputs] for step in steps]), iterations),
        measured={name: up_to_there(summaries.MEASURED + name) for name in summaries.MEASURES},
        best=runs.read_json(folder, runs.BEST_FACTS, notes),
        evaluation=_comparable(runs.read_json(folder, runs.EVALUATION, notes)),
        states=_states(folder, iterations, max(iterations, config["iterations"]), notes),
        digits=digits, notes=notes)


def check(folder):
    """A run's config.json and its Settings, when all that a page counts on has been checked.

    Raises UserError where it is no run, or its config.json is not one of this program's.
    """
    folder = os.fspath(folder)
    config = runs.config_of(folder)
    path = os.path.join(folder, runs.CONFIG)
    settings = models.recorded(config, path)
    for name in ("iterations", "iterations_per_epoch", "seed"):
        if config.get(name) is None:
            raise UserError(f"{path} has no whole number of {name}: restore it")
    return config, settings


def summarized(steps, values, iterations):
    """Mean, lowest and highest of each of several series in the places of a chart.

    Args:
      steps: int [n], rising.
      values: float [n, k].
      iterations: the chart's length.

    Returns {"steps": [...], "series": k times {"mean": [...], "low": [...], "high": [...]}}, or
    None of nothing.
    """
    if not len(steps):
        return None
    edges = np.unique(np.concatenate([
        np.linspace(1, iterations + 1, PLACES + 1), np.geomspace(1, iterations + 1, PLACES + 1)]
        ).astype(int))
    begins = np.unique(np.searchsorted(steps, edges[:-1]))
    begins = begins[begins < len(steps)]
    ends = np.append(begins[1:], len(steps))
    with np.errstate(all="ignore"):     # of numbers that are none
        sums = np.add.reduceat(values, begins)
    parts = {"mean": sums / (ends - begins)[:, None],
             "low": np.minimum.reduceat(values, begins),
             "high": np.maximum.reduceat(values, begins)}
    return {"steps": ((steps[begins] + steps[ends - 1]) // 2).tolist(),
            "series": [{name: list(map(short, part[:, k])) for name, part in parts.items()}
                       for k in range(values.shape[1])]}


def short(value):
    """A number with four digits, which is enough for a chart; None of one that is not finite."""
    return float(f"{value:.4g}") if math.isfinite(value) else None


def _losses(path, notes):
    """float64 [iterations, 2], of no iterations where they cannot be read."""
    try:
        if not os.path.lexists(path):
            notes.append("it has no losses (it keeps them with each checkpoint)")
            return np.zeros((0, 2))
        losses = np.asarray(pickles.load(path), np.float64)
        if losses.shape[1:] != (2,) and losses.size:
            raise UserError(f"{path} does not hold two losses for each iteration")
        return losses.reshape(-1, 2)
    except UserError as error:
        notes.append(str(error))
    except (ArithmeticError, TypeError, ValueError):
        notes.append(f"{path} does not hold numbers")
    return np.zeros((0, 2))


def _limits(losses):
    finite = np.isfinite(losses)
    there = finite.any(axis=0)
    if not there.any():
        return None
    return list(map(float, loss_limits(np.where(finite, losses, np.nan)[:, there])))


def _readings(folder, notes):
    try:
        seen = readings.read(folder, [summaries.LEARNING])
        if seen.damaged:
            notes.append("its TensorBoard files are damaged: points may be missing")
        return seen
    except OSError as error:
        notes.append(f"its TensorBoard files cannot be read ({error.strerror})")
        return readings.Readings({}, {}, False)


def _comparable(facts):
    """What evaluate.py measured, without a kernel distance of an earlier kind."""
    if facts.get("kid_version") == evaluation.KID_VERSION:
        return facts
    return {name: value for name, value in facts.items() if name not in ("kid", "kid_error")}


def _states(folder, iterations, length, notes):
    """The monitor's states up to a step, in the order in which they began, in a run of that length.

    Earlier versions kept only which of them lasted at each checkpoint.
    """
    changes = runs.read_json(folder, runs.TRANSITIONS, notes).get("transitions")
    lasting = _lasting(folder, iterations, length, notes)
    if changes is None:
        changes = [dict(step=began, state=state, began=began, words="") for state, began in lasting]
    else:
        _note(folder, runs.TRANSITIONS, [(change["state"], change["step"]) for change in changes],
              length, notes)
    found = {}
    for change in changes:
        step, state, began = change["step"], change["state"], change["began"]
        if state in STATES and 0 < began <= step <= iterations:
            if step == began:
                found[state, began] = {"state": state, "begins": began, "ends": None,
                                       "words": change["words"]}
            else:
                found.setdefault((state, began), {"state": state, "begins": began, "words": ""}
                                 )["ends"] = step
    return sorted(found.values(), key=lambda each: each["begins"])


def _lasting(folder, iterations, length, notes):
    """(state, the step at which it began) of those that lasted at the newest checkpoint."""
    memories = runs.read_json(folder, runs.MEMORIES, notes)
    _note(folder, runs.MEMORIES, [
        pair for memory in memories.values() for pair in memory["since"].items()], length, notes)
    steps = [step for step in memories if int(step) <= iterations]
    return memories[max(steps, key=int)]["since"].items() if steps else []


def _note(folder, name, changes, length, notes):
    """Notes the first of the states, with their steps, that no run of that length has."""
    wrong = [f"{reprlib.repr(state)}, which is none of the monitor's states"
             if state not in STATES else f"{state} at step {step:,} of {length:,}"
             for state, step in changes if state not in STATES or step > length]
    if wrong:
        more = f", and so on, {len(wrong)} times" if wrong[1:] else ""
        notes.append(f"{os.path.join(folder, name)} has {wrong[0]}{more}: it is not shown")
