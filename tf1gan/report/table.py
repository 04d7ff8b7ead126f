"""The table of a page: in what its runs differ, how they were measured, and all else."""

import re

from tf1gan import models

# The rows of what is measured: its name, and whether it can be shown without a word.
_OF_A_RUN = ("frechet", "score", "covered", "kl")
_OF_DIGITS = ("frechet", "kid", "score", "covered", "kl", "precision", "recall")
_NAMES = {"frechet": "Fréchet distance", "kid": "kernel distance (kid)", "score": "score",
          "covered": "digits covered",
          "kl": "KL of the digits' shares", "precision": "precision", "recall": "recall"}


def rows(records):
    """The rows of the table, for runs side by side.

    Returns a list of {"name", "values": a text for each run, "kind": "differing", "measured" or
    "other"}: the first two are shown unasked.
    """
    found = [_row("model", [record.settings.model.name for record in records], "differing"),
             _row("tutorial", [record.settings.model.document for record in records], "other"),
             _row("iterations", [_progress(record) for record in records], "differing"),
             _row("epochs", [_epochs(record) for record in records], "other")]
    names = dict.fromkeys(name for record in records for name in record.settings.values
                          if name not in ("epochs", "steps"))       # iterations say it
    for name in names:
        values = [text(record.settings.values.get(name)) for record in records]
        found.append(_row(name, values, "differing" if _differ(records, name, values) else "other"))
    for name, key in (("seed", "seed"), ("images", "data")):
        values = [text(record.config.get(key)) for record in records]
        found.append(_row(name, values, "differing" if len(set(values)) > 1 else "other"))
    recipes = [text(record.config.get("recipe", models.DOCUMENT)) for record in records]
    found.insert(1, _row("recipe", recipes,
                         "other" if set(recipes) == {models.DOCUMENT} else "differing"))
    for name in ("tf1gan", "tensorflow", "numpy", "python"):
        found.append(_row(name, [
            text(record.config.get("versions", {}).get(name)) for record in records], "other"))
    return found + _measures(records)


def _row(name, values, kind):
    return {"name": name, "values": values, "kind": kind}


def _differ(records, name, values):
    """Whether a hyperparameter is worth a look: it differs among the runs or, of one run, from
    what its document has."""
    if name in ("g_learning_rate", "d_learning_rate") and all(
            record.settings.values[name] == record.settings.values.get("learning_rate")
            for record in records):
        return False                    # one for both says it
    if len(records) > 1:
        return len(set(values)) > 1
    record, = records
    own = models.resolve(record.settings.model.name, {}).values
    return text(own.get(name)) != values[0]


def _measures(records):
    """What was measured, where one of the runs has it."""
    found = []
    for measure in _OF_A_RUN:
        found.append(_row(f"{_NAMES[measure]}, last of 2,000 digits", [
            _at(record.measured[measure]) for record in records], "measured"))
        if measure == "frechet":
            found.append(_row(f"{_NAMES[measure]}, best of 2,000 digits", [
                _best(record) for record in records], "measured"))
    found += _versions("classifier while it trained, version", [
        text(record.best.get("classifier")) for record in records])
    # Of fewer digits a Fréchet distance is larger: each then stands with their number.
    digits = [_digits(record) for record in records]
    unlike = len({each for each, record in zip(digits, records) if record.evaluation}) > 1
    found.append(_row("digits that evaluate.py drew", list(map(_draws, records)), "measured"))
    for measure in _OF_DIGITS:
        values = [_evaluated(record, measure) for record in records]
        found.append(_row(f"{_NAMES[measure]}, by evaluate.py", [
            f"{value}, of {of} digits" if unlike and value != "–" else value
            for value, of in zip(values, digits)], "measured"))
    found += _versions("classifier of evaluate.py, version", [
        text(record.evaluation.get("classifier", {}).get("version")) for record in records])
    return [row for row in found if set(row["values"]) != {"–"}]


def _at(points):
    step = max(points, default=None)
    return "–" if step is None else f"{text(points[step])} at step {step:,}"


def _best(record):
    points = record.measured["frechet"]
    if not points:
        return text(record.best.get("frechet"))
    step = min(points, key=lambda step: (points[step], step))
    return f"{text(points[step])} at step {step:,}"


def _evaluated(record, measure):
    value, error = (text(record.evaluation.get(name)) for name in (measure, measure + "_error"))
    return value if "–" in (value, error) else f"{value} ± {error}"


def _digits(record):
    """How many digits a draw of evaluate.py had."""
    samples = record.evaluation.get("samples")
    return f"{samples:,}" if samples else "an unknown number of"


def _draws(record):
    """What evaluate.py drew, and from which step's generator."""
    draws, found = record.evaluation.get("draws"), _digits(record)
    if "samples" not in record.evaluation:
        return "–"
    if draws:
        found = f"{draws} draw{'' if draws == 1 else 's'} of {found}"
    step = re.search(r"-(\d{1,12})$", str(record.evaluation.get("checkpoint")))
    return found + (f" at step {int(step.group(1)):,}" if step else "")


def _versions(name, versions):
    """A row of them where they differ: what is measured by them does not compare."""
    return [_row(name, versions, "measured")] if len(set(versions) - {"–"}) > 1 else []


def _progress(record):
    done, planned = record.iterations, record.config["iterations"]
    return f"{done:,}" if done >= planned else f"{done:,} of {planned:,}"


def _epochs(record):
    return f"{record.iterations / record.config['iterations_per_epoch']:.3g}"


def text(value):
    """A value of a config.json as a table shows it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(text, value))
    return str(value)
