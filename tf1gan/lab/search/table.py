"""What a search prints and writes: its settings, and what the best has over the others."""

import os
import statistics
from typing import Any, Mapping, NamedTuple

from tf1gan import files, models
from tf1gan.lab.search import record
from tf1gan.lab.search.choices import FAILED, RUNGS, chosen
from tf1gan.models import hyperparameters

TABLE = "table.md"


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


def beginning(name, folder, options):
    """What is about to be done."""
    return (f"Up to {options.trials} setting{_s(options.trials)} of {name} in {folder}, each for "
            f"{_minutes(options.budget * RUNGS[0] / RUNGS[-1])} to {_minutes(options.budget)}; "
            f"then the best of them and its recipes, with {options.seeds} "
            f"seed{_s(options.seeds)} each.")


def lines(optuna, study):
    """A Markdown table of all settings, the best first."""
    def key(trial):
        return -max(trial.intermediate_values), min(trial.intermediate_values.values())
    rows = [f"| setting | {' | '.join(f'{share}/{RUNGS[-1]}' for share in RUNGS)} | iterations in "
            "the whole time | flags |", "|---" * (len(RUNGS) + 3) + "|"]
    for trial in sorted(record.measured(optuna, study), key=key):
        values: Mapping[str, Any] = chosen(models.find(study.user_attrs["model"]), trial.params)
        measured = [trial.intermediate_values.get(share) for share in RUNGS]
        rows.append(f"| {trial.user_attrs['run']} | {' | '.join(map(number, measured))} | "
                    f"{trial.user_attrs['steps']} | `{hyperparameters.as_flags(values)}` |")
    return rows


def verdict(results):
    """What the best of Results has over the others."""
    rows = ["| setting | Fréchet distance | seeds | iterations | flags |", "|---|---|---|---|---|"]
    for result in results:
        rows.append(f"| {result.name} | {_summed_up(result)} | "
                    f"{', '.join(map(number, result.distances))} | {result.steps} | "
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
    return number(result.mean) + ("" if result.spread is None else f" ± {result.spread:.2f}")


def _beside_the_spread(first, other):
    """How much a difference is worth."""
    if first.spread is None:
        return ", of one seed: there is no spread to compare that with."
    within = other.mean - first.mean <= max(first.spread, other.spread)
    return (f", with a spread of the seeds of {first.spread:.2f} and {other.spread:.2f}"
            + (": within it, so either may be." if within else "."))


def write(folder, lines):
    with files.atomic(os.path.join(folder, TABLE)) as file:
        file.write(("\n".join(lines) + "\n").encode())


def number(distance):
    if distance is None:
        return ""
    return "diverged" if distance == FAILED else f"{distance:.2f}"


def _s(count):
    return "" if count == 1 else "s"


def _minutes(minutes):
    return f"{60 * minutes:.3g} s" if minutes < 2 else f"{minutes:.0f} min"
