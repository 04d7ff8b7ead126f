"""A run's folder: what stands where, and how it is opened, read and guarded.

    config.json                 every hyperparameter, the seed, the data, versions
    checkpoint, model.ckpt-*    everything, to resume
    generator.ckpt-*            the generator alone, under the documents' names
    losses.pkl, samples.pkl     the documents' formats
    events.out.tfevents.*       TensorBoard
    samples/, loss.png          pictures
"""

import contextlib
import json
import os
import platform
import re
import shutil

import numpy as np

from tf1gan import files
from tf1gan.compat import tf
from tf1gan.errors import UserError, reason
from tf1gan.models import GOAL, effective, flag

try:
    import fcntl
except ImportError:     # Windows: runs are not guarded against a second process there
    fcntl = None

CONFIG = "config.json"
LOCK = ".lock"
MODEL, GENERATOR, BEST = "model.ckpt", "generator.ckpt", "generator.best"
# TensorFlow's own lists of them.
STATE = {MODEL: "checkpoint", GENERATOR: "generator_checkpoint", BEST: "best_checkpoint"}
KEPT = 5

# What may differ between a run and the command that continues it: when it ends.
_LENGTH = ("epochs", "steps") + GOAL


# -- The folder and its config.json ----------------------------------------------------------

def folder_of(logdir, name):
    """logs/RUN. Raises UserError unless `name` is a single name."""
    if not name or name in (".", "..") or re.search(r"[/\\]", name):
        raise UserError("--run takes a run's name, not %r: name the folder that holds the "
                        "runs with --logdir" % name)
    return os.path.join(logdir, name)


def versions():
    return {"python": platform.python_version(), "tensorflow": tf.__version__,
            "numpy": np.__version__}


def read_config(folder):
    """A run's config.json as a dict, or None where the folder has none.

    Raises:
      UserError: it is there, but not one of this program's.
    """
    path = os.path.join(folder, CONFIG)
    try:
        with open(path, encoding="utf-8") as file:
            config = json.load(file)
        config["model"], config["hyperparameters"].items()
        return config
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError("cannot read %s (%s): restore it, or start over with --fresh"
                        % (path, error))


def claim(folder, config):
    """Makes an empty folder the run's, or checks that the command goes on with the run in it.

    Raises:
      UserError: it is not empty and no run, or a run with other hyperparameters.
    """
    existing = read_config(folder)
    if existing:
        check_same(folder, existing, config)
    elif set(os.listdir(folder)) - {LOCK}:
        raise UserError("%s is not a run (it has no %s): name another with --run, or set it "
                        "aside with --fresh" % (folder, CONFIG))
    if existing != config:
        write_json(folder, CONFIG, config)


def check_same(folder, old, new):
    """Refuses to continue a run with other hyperparameters than it began with.

    Raises:
      UserError: names the flags that differ, with both values.
    """
    before, now = _settings(old), _settings(new)
    differing = ["%s (%s there, %s here)" % (flag(name), before.get(name), now.get(name))
                 for name in sorted(set(before) | set(now))
                 if name not in _LENGTH and before.get(name) != now.get(name)]
    if differing:
        raise UserError("%s was trained with other values of %s: give the same, another --run, "
                        "or --fresh to start over" % (folder, ", ".join(differing)))


def _settings(config):
    # Earlier versions wrote down defaults that make no difference, too.
    settings = dict(effective(config["hyperparameters"]), model=config["model"])
    settings["seed"], settings["data_dir"] = config.get("seed"), config.get("data")
    settings["sample_every"] = config.get("sample_every")
    return settings


@contextlib.contextmanager
def locked(folder):
    """Makes the folder and keeps every other process from training in it.

    Raises:
      UserError: one does already, or the folder cannot be made.
    """
    try:
        os.makedirs(folder, exist_ok=True)
        file = open(os.path.join(folder, LOCK), "w")
    except OSError as error:
        raise UserError("cannot write to %s (%s): name another folder with --logdir"
                        % (folder, error.strerror))
    with file:
        try:
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserError("another process is training in %s: wait for it, or name another "
                            "run with --run" % folder)
        yield


def read_json(folder, name):
    """One of a run's own JSON files as a dict; an empty one where there is none to be read."""
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            value = json.load(file)
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(folder, name, value):
    with files.atomic(os.path.join(folder, name)) as file:
        file.write((json.dumps(value, indent=2) + "\n").encode())


def set_aside(folder):
    """Renames a run's folder to the first free of RUN.1, RUN.2, ... and returns that."""
    number = 1
    while os.path.exists("%s.%d" % (folder, number)):
        number += 1
    aside = "%s.%d" % (folder, number)
    try:
        os.rename(folder, aside)
    except OSError as error:
        raise UserError("cannot rename %s to %s: %s" % (folder, aside, error.strerror))
    return aside


# -- Checkpoints -------------------------------------------------------------------------------

def find_checkpoint(path, whole=False, best=False):
    """The checkpoint that a path means.

    Args:
      path: a run's folder, any folder with checkpoints, a prefix, or one of its files.
      whole: of a folder, the newest model.ckpt rather than generator.ckpt.
      best: of a folder, generator.best, which train.py --evaluate-every keeps.

    Returns:
      (prefix, the config.json beside it as a dict, or None).

    Raises:
      UserError: there is none.
    """
    if os.path.isdir(path):
        for name in (BEST,) if best else (MODEL,) if whole else (GENERATOR, MODEL):
            for prefix in reversed(checkpoints(path, name)):
                return prefix, read_config(path)
        if best:
            raise UserError("%s has no %s: train with --evaluate-every, or leave out --best"
                            % (path, BEST))
        others = tf.train.latest_checkpoint(path)       # such as the documents' own
        if others:
            return others, read_config(path)
        raise UserError("%s has no checkpoint: train first (scripts/train.py), or name another "
                        "with --run" % path)
    prefix = re.sub(r"\.(index|meta|data-\d{5}-of-\d{5})$", "", path)
    if not tf.train.checkpoint_exists(prefix):
        raise UserError("no run or checkpoint %s: name a run's folder, or a checkpoint's prefix "
                        "such as logs/gan/model.ckpt-859" % path)
    return prefix, read_config(os.path.dirname(prefix) or ".")


def checkpoints(folder, name=MODEL):
    """The prefixes of a run's checkpoints that are there, oldest first.

    Found by their index files, which TensorFlow writes last: its list of them may be lost.
    """
    pattern = re.compile(re.escape(name) + r"-(\d+)\.index$")
    steps = [int(match.group(1)) for match in map(pattern.match, os.listdir(folder)) if match]
    return [os.path.join(folder, "%s-%d" % (name, step)) for step in sorted(steps)]


def sweep(folder):
    """Removes what a process that died while it wrote has left: files with temporary names."""
    _remove(folder, re.escape(files.TEMPORARY)
            + r"|(model\.ckpt|generator\.(ckpt|best))-\d+(_temp|.*\.tempstate)")


def discard(folder, step):
    """Removes what there is of the checkpoints of a step: they could not be written whole."""
    _remove(folder, r"(model|generator)\.ckpt-%d(\.|_temp)" % step)


def _remove(folder, beginning):
    """Removes the files and folders whose names begin as the pattern says."""
    for name in os.listdir(folder):
        if re.match(beginning, name):
            path = os.path.join(folder, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)


def step_of(prefix):
    """The step in model.ckpt-STEP."""
    return int(prefix.rsplit("-", 1)[1])


def checkpoint_shapes(prefix):
    """Variable names -> shapes. Raises UserError for a damaged checkpoint."""
    try:
        return tf.train.NewCheckpointReader(prefix).get_variable_to_shape_map()
    except (tf.errors.OpError, ValueError, RuntimeError) as error:
        raise UserError("%s is damaged: take an earlier checkpoint (%s)"
                        % (prefix, reason(error)))


def check_variables(variables, shapes, prefix, model):
    """Refuses a checkpoint that lacks variables or has them in other shapes.

    Raises:
      UserError: gives the first names.
    """
    missing = [v.op.name for v in variables if v.op.name not in shapes]
    if missing:
        raise UserError("%s has no %s%s: is it a checkpoint of %s (--model)?" % (
            prefix, ", ".join(missing[:3]), ", ..." if len(missing) > 3 else "", model))
    for v in variables:
        if list(shapes[v.op.name]) != v.shape.as_list():
            raise UserError("%s has %s in the shape %s, not %s: is it a checkpoint of %s "
                            "(--model) with the same hyperparameters?" % (
                                prefix, v.op.name, list(shapes[v.op.name]), v.shape.as_list(),
                                model))


def restore(saver, session, prefix):
    """Restores a checkpoint. Raises UserError if it is damaged."""
    try:
        saver.restore(session, prefix)
    except (tf.errors.OpError, ValueError) as error:
        raise UserError("%s is damaged: take an earlier checkpoint (%s)"
                        % (prefix, reason(error)))


def is_moving_statistic(name):
    return name.endswith(("/moving_mean", "/moving_variance"))
