"""Whether a command begins a run in a folder or goes on with the one there, and may."""

import os

from tf1gan import files, models, runs, schedule
from tf1gan.errors import UserError
from tf1gan.runs import events

UNSAVED = ".unsaved"        # beside a config.json: no checkpoint has been written yet
# At every save, or by then.
WRITTEN = (runs.LOSSES, runs.SAMPLES, runs.MEMORIES, runs.TRANSITIONS,
           UNSAVED) + tuple(runs.STATE.values())


def check(folder, config, settings, known=None):
    """Checks that a command can begin a run in a folder, or go on with the one in it.

    Args:
      config, settings: what it would train.
      known: a config.json of which it has been checked that it is the same.

    Returns the config.json of the one in it, or None. Raises UserError where it is not empty and no
    run, a run with other hyperparameters, one that has lost its checkpoints, or one with a folder
    in the place of a file or a damaged one.
    """
    if known and runs.read_json(folder, runs.CONFIG) == known:
        existing = known
    else:
        existing = runs.read_config(folder)
    if existing:
        if existing is not known:
            check_same(folder, existing, config, settings)
        check_not_lost(folder)
        runs.check_files(folder, WRITTEN + tuple(events.names(folder)))
        for name in (runs.MEMORIES, runs.TRANSITIONS):
            runs.read_json(folder, name)
    elif runs.is_used(folder):
        raise UserError(f"{folder} is not a run (it has no {runs.CONFIG}): name another with "
                        "--run, or set it aside with --fresh")
    return existing


def claim(folder, config):
    """Writes down what the run in a folder is, where that has changed."""
    if not runs.checkpoints(folder):
        with files.atomic(os.path.join(folder, UNSAVED)):
            pass
    if runs.read_json(folder, runs.CONFIG) != config:
        runs.write_json(folder, runs.CONFIG, config)


def check_not_lost(folder):
    """Raises UserError for a run whose checkpoints are gone: it would start from nothing.

    One that was stopped before its first checkpoint is told from it by the file UNSAVED.
    """
    if runs.checkpoints(folder) or os.path.exists(os.path.join(folder, UNSAVED)):
        return
    there = sorted(name for name in os.listdir(folder)
                   if name not in (runs.CONFIG, runs.LOCK)
                   and not name.startswith(files.TEMPORARY))
    # The history tells the most of what would be lost.
    there.sort(key=lambda name: not name.endswith(".pkl"))
    if there:
        raise UserError(f"{folder} has {', '.join(there[:3])}{', ...' if there[3:] else ''} but "
                        f"no {runs.MODEL}-* to continue from: restore them, or start over with "
                        "--fresh, which keeps what is there under another name")


def check_same(folder, old, new, settings):
    """Refuses to continue a run with other hyperparameters than it began with.

    Raises UserError, which names the flags that differ, with both values.
    """
    there = models.recorded(old, os.path.join(folder, runs.CONFIG))
    before, now = _compared(old, there.values), _compared(new, settings.values)
    names = {name for name in set(before) | set(now) if before.get(name) != now.get(name)}
    differing = []
    if old.get("sample_every") is new.get("sample_every") is None:
        names.discard("sample_every")       # it follows from others
    recipes = old.get("recipe", models.DOCUMENT), new["recipe"]
    if names and recipes[0] != recipes[1]:
        explained = _as_in_its_recipe(names, old, before) & _as_in_its_recipe(names, new, now)
        if explained:
            differing = [f"--recipe ({recipes[0]} there, {recipes[1]} here)"]
            names -= explained
    # Both networks' own rates say it all, and one for both says more shortly what differs.
    own = models.settings.OWN_RATES
    names -= own if own < names and "learning_rate" in names else {"learning_rate"}
    differing += [f"{models.flag(name)} ({before.get(name)} there, {now.get(name)} here)"
                  for name in sorted(names)]
    if differing:
        raise UserError(f"{folder} was trained with other values of {', '.join(differing)}: give "
                        "the same values, another --run, or --fresh to start over")


def _as_in_its_recipe(names, config, settings):
    """Those names whose settings are what a run's recipe has, be it none."""
    model, recipe = models.find(config["model"]), config.get("recipe", models.DOCUMENT)
    if recipe not in model.recipes:     # another version's
        return set()
    values = models.resolve(model.name, {}, recipe).values
    return {name for name in names if settings.get(name) == values.get(name)}


def _compared(config, values):
    """All that must be the same: when the run ends may differ."""
    model = models.find(config["model"])
    every = config.get("sample_every")
    if every is None and config.get("iterations_per_epoch"):
        every = schedule.sample_every(model, config["iterations_per_epoch"])
    settings = dict(values, model=model.name, seed=config.get("seed"),
                    data_dir=config.get("data"), sample_every=every)
    settings["from"] = " ".join(config.get("from", [])) or None
    return {name: value for name, value in settings.items() if name not in models.LENGTH}
