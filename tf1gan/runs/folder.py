"""A run's folder: what stands where, and how it is opened, read and guarded.

    config.json                 every hyperparameter, the seed, the data, versions
    checkpoint, model.ckpt-*    everything, to resume
    generator.ckpt-*            the generator alone, under the documents' names
    losses.pkl, samples.pkl     the documents' formats
    events.out.tfevents.*       TensorBoard
    samples/, loss.png          pictures
    .lock, .unsaved             who trains in it; that no checkpoint has been written yet

TensorFlow takes the names of files that it looks for as patterns, and those with "://" as
another file system's. So it is given absolute paths, and what is found, counted and deleted
is so by its exact name.
"""

import contextlib
import json
import os
import platform
import re
import tempfile

import numpy as np

from tf1gan import files, schedule
from tf1gan.compat import tf
from tf1gan.errors import UserError, reason
from tf1gan.models import GOAL, effective, find, flag

try:
    import fcntl
except ImportError:     # Windows: runs are not guarded against a second process there
    fcntl = None

CONFIG = "config.json"
LOCK = ".lock"
UNSAVED = ".unsaved"
MODEL, GENERATOR, BEST = "model.ckpt", "generator.ckpt", "generator.best"
# TensorFlow's own lists of them.
STATE = {MODEL: "checkpoint", GENERATOR: "generator_checkpoint", BEST: "best_checkpoint"}
KEPT = 5

# What may differ between a run and the command that continues it: when it ends.
_LENGTH = ("epochs", "steps") + GOAL


# -- The folder and its config.json ----------------------------------------------------------

def folder_of(logdir, name):
    """logs/RUN. Raises UserError unless `name` is a single name, and both are text."""
    logdir = os.fspath(logdir)
    if not name or name in (".", "..") or re.search(r"[/\\\x00-\x1f\x7f]", name):
        raise UserError("--run takes a run's name, not %r: name the folder that holds the "
                        "runs with --logdir" % name)
    for words, value in (("--run", name), ("--logdir", logdir)):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise UserError("%s is not UTF-8, which TensorFlow's file names must be: %s"
                            % (words, ascii(value)))
        if "\0" in value:
            raise UserError("%s is no file name: %s" % (words, ascii(value)))
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
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError("cannot read %s (%s): restore it, or start over with --fresh"
                        % (path, error))


def check(folder, config):
    """Checks that a command can begin a run in a folder, or go on with the one in it.

    Raises:
      UserError: it is not empty and no run, a run with other hyperparameters, or one that
        has lost its checkpoints.
    """
    existing = read_config(folder)
    if existing:
        check_same(folder, existing, config)
        check_not_lost(folder)
    elif is_used(folder):
        raise UserError("%s is not a run (it has no %s): name another with --run, or set it "
                        "aside with --fresh" % (folder, CONFIG))


def is_used(folder):
    """Whether a folder holds anything but a lock."""
    return os.path.isdir(folder) and bool(set(os.listdir(folder)) - {LOCK})


def claim(folder, config):
    """Writes down what the run in a folder is, where that has changed."""
    if not checkpoints(folder):
        with files.atomic(os.path.join(folder, UNSAVED)):
            pass
    if read_config(folder) != config:
        write_json(folder, CONFIG, config)


def mark_saved(folder):
    """To be called when a checkpoint has been written."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, UNSAVED))


def check_not_lost(folder):
    """Refuses a run whose checkpoints have been taken away: it would start from nothing.

    One that was stopped before its first checkpoint is told from it by the file UNSAVED.

    Raises:
      UserError: says what to do.
    """
    if checkpoints(folder) or os.path.exists(os.path.join(folder, UNSAVED)):
        return
    left = [name for name in ("losses.pkl", "samples.pkl", STATE[MODEL], STATE[GENERATOR])
            if os.path.exists(os.path.join(folder, name))]
    left += map(os.path.basename, checkpoints(folder, GENERATOR))
    if left:
        raise UserError("%s has %s but no %s-* to go on from: restore them, or start over with "
                        "--fresh, which keeps what is there under another name"
                        % (folder, ", ".join(left[:3]), MODEL))


def check_same(folder, old, new):
    """Refuses to continue a run with other hyperparameters than it began with.

    Raises:
      UserError: names the flags that differ, with both values.
    """
    before, now = _settings(old), _settings(new)
    before_in_full, now_in_full = _in_full(old), _in_full(new)
    differing = ["%s (%s there, %s here)" % (flag(name), before.get(name), now.get(name))
                 for name in sorted(set(before) | set(now))
                 if name not in _LENGTH and before_in_full.get(name) != now_in_full.get(name)]
    if differing:
        raise UserError("%s was trained with other values of %s: give the same, another --run, "
                        "or --fresh to start over" % (folder, ", ".join(differing)))


def _settings(config):
    # Earlier versions wrote down defaults that make no difference, too.
    settings = dict(effective(config["hyperparameters"]), model=config["model"])
    settings["seed"], settings["data_dir"] = config.get("seed"), config.get("data")
    settings["sample_every"] = config.get("sample_every")
    return settings


def _in_full(config):
    """The settings with the value of each that is not given: giving it changes nothing."""
    settings = _settings(config)
    model = find(config["model"])
    rate = settings.get("learning_rate")
    defaults = dict(
        loss=model.loss, label_smoothing=0.0, gradient_penalty=0.0, ema=0.0, bfloat16=False,
        image_range=list(model.image_range), g_learning_rate=rate, d_learning_rate=rate,
        g_steps=1, d_steps=1, stddev=0.1)
    settings = dict(defaults, **settings)
    if settings["sample_every"] is None and "iterations_per_epoch" in config:
        settings["sample_every"] = schedule.sample_every(model, config["iterations_per_epoch"])
    return settings


@contextlib.contextmanager
def locked(folder):
    """Makes the folder and keeps every other process from training in it.

    Raises:
      UserError: one does already, or the folder cannot be made.
    """
    path = os.path.join(folder, LOCK)
    try:
        os.makedirs(folder, exist_ok=True)
        file = open(path, "w")
    except OSError as error:
        raise UserError("cannot write to %s (%s): name another folder with --logdir"
                        % (folder, error.strerror))
    with file:
        if not _lock(file) or not _is_at(file, path):
            raise UserError("another process is training in %s: wait for it, or name another "
                            "run with --run" % folder)
        yield


def _lock(file):
    """Whether no other process has it locked. Where nothing can be locked, none has."""
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:     # a file system without locks
        pass
    return True


def _is_at(file, path):
    """Whether an open file is what has that name: the folder may have been set aside."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), os.stat(path))
    except OSError:
        return False


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
    while os.path.lexists("%s.%d" % (folder, number)):
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
    path = os.fspath(path)
    if os.path.isdir(path):
        for name in (BEST,) if best else (MODEL,) if whole else (GENERATOR, MODEL):
            for prefix in reversed(checkpoints(path, name)):
                return prefix, read_config(path)
        if best:
            raise UserError("%s has no %s: train with --evaluate-every, or leave out --best"
                            % (path, BEST))
        others = _latest_of_list(path)      # such as the documents' own
        if others:
            return others, read_config(path)
        raise UserError("%s has no checkpoint: train first (scripts/train.py), or name another "
                        "with --run" % path)
    prefix = re.sub(r"\.(index|meta|data-\d{5}-of-\d{5})$", "", path)
    if not exists(prefix):
        raise UserError("no run or checkpoint %s: name a run's folder, or a checkpoint's prefix "
                        "such as logs/gan/model.ckpt-859" % path)
    return prefix, read_config(os.path.dirname(prefix) or ".")


def exists(prefix):
    """Whether there is a checkpoint of that name; its first format is a file so named."""
    return os.path.isfile(prefix + ".index") or os.path.isfile(prefix)


def _latest_of_list(folder):
    """The newest checkpoint by TensorFlow's own list in a folder, or None."""
    if not os.path.isfile(os.path.join(folder, STATE[MODEL])):
        return None
    try:
        state = tf.train.get_checkpoint_state(os.path.abspath(folder))
    except (tf.errors.OpError, ValueError):
        return None
    latest = state and state.model_checkpoint_path
    return latest if latest and exists(latest) else None


def checkpoints(folder, name=MODEL):
    """The prefixes of a run's checkpoints that are there, oldest first.

    Found by their index files, which TensorFlow writes last: its list of them may be lost.
    """
    pattern = re.compile(re.escape(name) + r"-(\d+)\.index$")
    steps = [int(match.group(1)) for match in map(pattern.match, os.listdir(folder))
             if match and os.path.isfile(os.path.join(folder, match.group()))]
    return [os.path.join(folder, "%s-%d" % (name, step)) for step in sorted(steps)]


def save(saver, session, folder, name, step, keep=KEPT):
    """Writes a checkpoint, then removes all but the last few of that name up to this step.

    Raises:
      tf.errors.OpError, OSError: it could not be written.
    """
    saver.save(session, os.path.join(os.path.abspath(folder), name), global_step=step,
               write_meta_graph=False, write_state=False)
    there = [prefix for prefix in checkpoints(folder, name) if step_of(prefix) <= step]
    kept = there[-keep:]
    tf.train.update_checkpoint_state(
        os.path.abspath(folder), os.path.basename(kept[-1]), list(map(os.path.basename, kept)),
        latest_filename=STATE[name])
    for prefix in there[:-keep]:
        remove_checkpoint(prefix)


def remove_checkpoint(prefix):
    """Removes a checkpoint's files."""
    folder, name = os.path.split(prefix)
    _remove(folder, re.escape(name) + r"\.(index|meta|data-\d{5}-of-\d{5})$")


def sweep(folder):
    """Removes what a process that died while it wrote has left: files with temporary names."""
    _remove(folder, re.escape(files.TEMPORARY)
            + r"|(model\.ckpt|generator\.(ckpt|best))-\d+(_temp|.*\.tempstate)"
            + r"|(generator_|best_|)checkpoint\.tmp[0-9a-f]{32}$")
    if os.path.isdir(os.path.join(folder, "samples")):
        _remove(os.path.join(folder, "samples"), re.escape(files.TEMPORARY))


def discard(folder, step):
    """Removes what there is of the checkpoints of a step: they could not be written whole."""
    _remove(folder, r"(model|generator)\.ckpt-%d(\.|_temp)" % step)


def _remove(folder, beginning):
    """Removes the files whose names begin as the pattern says, and the folders of such a name
    that hold parts of a checkpoint and nothing else: not a run that has it for a name."""
    # An index before its data: what has an index is whole.
    for name in sorted(os.listdir(folder or "."), reverse=True):
        if not re.match(beginning, name):
            continue
        path = os.path.join(folder, name)
        if not os.path.isdir(path):
            os.unlink(path)
        elif "_temp" in name and all(part.startswith("part-") for part in os.listdir(path)):
            _remove(path, "part-")
            os.rmdir(path)


def step_of(prefix):
    """The step in model.ckpt-STEP."""
    return int(prefix.rsplit("-", 1)[1])


def checkpoint_shapes(prefix):
    """Variable names -> shapes. Raises UserError for a damaged checkpoint."""
    return read_checkpoint(prefix)[0]


def read_checkpoint(prefix):
    """A checkpoint's shapes, variable names -> lists, and a function name -> array.

    Once this has returned, the files may be deleted: they stay open.

    Raises:
      UserError: it is damaged, as is what the function raises.
    """
    with _literally(prefix) as path, _told_as_damage(prefix):
        reader = tf.train.NewCheckpointReader(path)
        shapes = reader.get_variable_to_shape_map()
        if shapes:      # opens the file with the values
            reader.get_tensor(min(shapes, key=lambda name: np.prod(shapes[name])))

    def read(name):
        with _told_as_damage(prefix):
            return reader.get_tensor(name)
    return shapes, read


@contextlib.contextmanager
def _told_as_damage(prefix):
    try:
        yield
    except (tf.errors.OpError, ValueError, RuntimeError, LookupError) as error:
        raise UserError("%s is damaged: take an earlier checkpoint (%s)"
                        % (prefix, reason(error)))


@contextlib.contextmanager
def _literally(prefix):
    """A prefix by which TensorFlow finds that checkpoint, whatever characters it has.

    It takes a prefix to read from as a pattern, and cannot be told not to. So one that a
    pattern could mean something else by is read by the name of a link.
    """
    path = os.path.abspath(prefix)
    if os.sep == "\\" or not re.search(r"[][*?\\\ud800-\udfff]", path):
        yield path
        return
    folder, name = os.path.split(path)
    with tempfile.TemporaryDirectory() as links:
        for file in os.listdir(folder):
            if file == name or file.startswith(name + "."):
                os.symlink(os.path.join(folder, file),
                           os.path.join(links, "checkpoint" + file[len(name):]))
        yield os.path.join(links, "checkpoint")


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
    with _literally(prefix) as path, _told_as_damage(prefix):
        session.run(saver.saver_def.restore_op_name,
                    {saver.saver_def.filename_tensor_name: path})


def is_moving_statistic(name):
    return name.endswith(("/moving_mean", "/moving_variance"))
