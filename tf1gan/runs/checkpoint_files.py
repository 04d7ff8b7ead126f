"""A run's checkpoints: which there are, and how they are written, found and read.

TensorFlow takes the names of files that it looks for as patterns, and those with "://" as
another file system's. So it is given absolute paths, and what is found, counted and deleted
is so by its exact name.
"""

import contextlib
import glob
import os
import re
import tempfile

import numpy as np

from tf1gan import files
from tf1gan.compat import tf
from tf1gan.errors import UserError, reason
from tf1gan.runs import index
from tf1gan.runs.facts import read_config

MODEL, GENERATOR, BEST = "model.ckpt", "generator.ckpt", "generator.best"
# TensorFlow's own lists of them.
STATE = {MODEL: "checkpoint", GENERATOR: "generator_checkpoint", BEST: "best_checkpoint"}
KEPT = 5
_COMPRESSED = 64        # how much smaller a checkpoint of the first format may be than its weights


def find_checkpoint(path, whole=False, best=False):
    """The checkpoint that a path means.

    Args:
      path: a run's folder, any folder with checkpoints, a prefix, or one of its files.
      whole: of a folder, the newest model.ckpt rather than generator.ckpt.
      best: the folder's generator.best, which train.py --evaluate-every keeps.

    Returns:
      (prefix, the config.json beside it as a dict, or None).

    Raises:
      UserError: there is none, or the best of a single checkpoint is asked for.
    """
    path = os.fspath(path)
    if os.path.isdir(path):
        for name in (BEST,) if best else (MODEL,) if whole else (GENERATOR, MODEL):
            for prefix in reversed(checkpoints(path, name)):
                return prefix, read_config(path)
        if best:
            raise UserError(f"{path} has no {BEST}, which train.py --evaluate-every writes: train "
                            "this run longer with it, or leave out --best")
        others = latest_of_list(path)      # such as the documents' own
        if others:
            return others, read_config(path)
        raise UserError(f"{path} has no checkpoint: train first (scripts/train.py), or name "
                        "another run")
    prefix = re.sub(r"\.(index|meta|data-\d{5}-of-\d{5})$", "", path)
    if not exists(prefix):
        raise UserError(f"there is no run or checkpoint {path}: name the folder of a run, or the "
                        "prefix of a checkpoint, such as logs/gan/model.ckpt-859")
    if best and not os.path.basename(prefix).startswith(BEST):
        raise UserError(f"--best needs the folder of a run, and {path} is a checkpoint: name the "
                        "folder, or leave out --best")
    return prefix, read_config(os.path.dirname(prefix) or ".")


def exists(prefix):
    """Whether there is a checkpoint of that name; its first format is a file so named, or parts."""
    return os.path.isfile(prefix + ".index") or os.path.isfile(prefix) or _is_in_parts(prefix)


def _is_in_parts(prefix):
    """Whether it is of the first format, written by several machines."""
    folder, name = os.path.split(os.path.abspath(prefix))
    return not os.path.exists(prefix) and os.path.isdir(folder) and any(
        re.fullmatch(re.escape(name) + r"-\d{5}-of-\d{5}", each) for each in os.listdir(folder))


def latest_of_list(folder):
    """The newest checkpoint by TensorFlow's own list in a folder, or None.

    Raises:
      UserError: it is one elsewhere: a list that came with a folder may name any file there is.
    """
    if not os.path.isfile(os.path.join(folder, STATE[MODEL])):
        return None
    try:
        state = tf.train.get_checkpoint_state(os.path.abspath(folder))
    except (tf.errors.OpError, ValueError):
        return None
    if not state or not state.model_checkpoint_path:
        return None
    listed = os.path.normpath(state.model_checkpoint_path)
    # An absolute path is that of the folder when it was written, which may have been moved.
    for name in (os.path.relpath(listed, os.path.abspath(folder)), os.path.basename(listed)):
        prefix = os.path.join(folder, name)
        if os.pardir not in name.split(os.sep) and exists(prefix):
            return prefix
    if exists(listed):
        raise UserError(f"{os.path.join(folder, STATE[MODEL])} names {listed}, which is not in "
                        "that folder: if that is the one you mean, name it instead of the folder")
    return None


def checkpoints(folder, name=MODEL):
    """The prefixes of a run's checkpoints that are there, oldest first.

    Found by their index files, which TensorFlow writes last: its list of them may be lost.
    """
    pattern = re.compile(re.escape(name) + r"-(\d+)\.index$")
    steps = [int(match.group(1)) for match in map(pattern.match, os.listdir(folder))
             if match and os.path.isfile(os.path.join(folder, match.group()))]
    return [os.path.join(folder, f"{name}-{step}") for step in sorted(steps)]


def save(saver, session, folder, name, step, keep=KEPT):
    """Writes a checkpoint, then removes all but the last few of that name up to this step.

    Raises:
      tf.errors.OpError, OSError: it could not be written.
    """
    saver.save(session, os.path.join(os.path.abspath(folder), name), global_step=step,
               write_meta_graph=False, write_state=False)
    there = [prefix for prefix in checkpoints(folder, name) if step_of(prefix) <= step]
    _list(folder, name, there[-keep:])
    for prefix in there[:-keep]:
        remove_checkpoint(prefix)


def _list(folder, name, prefixes):
    """Writes TensorFlow's own list of the checkpoints of a name."""
    names = list(map(os.path.basename, prefixes))
    tf.train.update_checkpoint_state(os.path.abspath(folder), names[-1], names,
                                     latest_filename=STATE[name])


def remove_checkpoint(prefix):
    folder, name = os.path.split(prefix)
    _remove(folder, re.escape(name) + r"\.(index|meta|data-\d{5}-of-\d{5})$")


def sweep(folder):
    """Removes what a process that died while it wrote has left: files with temporary names."""
    _remove(folder, re.escape(files.TEMPORARY)
            + r"|(model\.ckpt|generator\.(ckpt|best))-\d+(_temp|.*\.tempstate)"
            + r"|(generator_|best_|)checkpoint\.tmp[0-9a-f]{32}$")
    if os.path.isdir(os.path.join(folder, "samples")):
        _remove(os.path.join(folder, "samples"), re.escape(files.TEMPORARY))


def discard(folder, step, *kinds):
    """Removes what there is of a step's checkpoints of these names: they are not all whole.

    TensorFlow's lists name those before.
    """
    for name in kinds:
        _remove(folder, re.escape(f"{name}-{step}") + r"(\.|_temp)")
        there = [prefix for prefix in checkpoints(folder, name) if step_of(prefix) < step]
        with contextlib.suppress(tf.errors.OpError, OSError):   # there may still be no room
            if there:
                _list(folder, name, there)
            else:
                os.unlink(os.path.join(folder, STATE[name]))


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


def read_checkpoint(prefix):
    """A checkpoint's shapes, variable names -> lists, and a function name -> array.

    Once this has returned, the files may be deleted: they stay open.

    Raises:
      UserError: it is damaged, as is what the function raises.
    """
    index.check(prefix)
    with _told_as_damage(prefix), _literally(prefix) as path:
        reader = tf.train.NewCheckpointReader(path)
        shapes = reader.get_variable_to_shape_map()
        _check_sizes(prefix, shapes)
        if shapes:      # opens the file with the values
            _read(prefix, reader, min(shapes, key=lambda name: np.prod(shapes[name])))

    def read(name):
        with _told_as_damage(prefix):
            return _read(prefix, reader, name)
    return shapes, read


def _read(prefix, reader, name):
    """An array of a checkpoint, also of the first format's that are saved in slices."""
    try:
        return reader.get_tensor(name)
    except tf.errors.UnimplementedError:
        if os.path.isfile(prefix + ".index"):
            raise
    shape = reader.get_variable_to_shape_map()[name]
    whole = " ".join(map(str, shape)) + " " + ":".join("-" * len(shape))
    with tf.Graph().as_default(), tf.Session() as session, _literally(prefix) as path:
        return session.run(tf.raw_ops.RestoreSlice(
            file_pattern=path, tensor_name=name, shape_and_slice=whole,
            dt=reader.get_variable_to_dtype_map()[name]))


def _check_sizes(prefix, shapes):
    """Refuses a checkpoint that claims more than its files hold, before there is memory for it."""
    folder, name = os.path.split(os.path.abspath(prefix))
    first_format = not os.path.isfile(prefix + ".index")
    held = sum(os.path.getsize(os.path.join(folder, each)) for each in os.listdir(folder)
               if each.startswith(name + ("" if first_format else ".data-")))
    held *= _COMPRESSED if first_format else 1
    claimed = sum(np.prod([max(each, 0) for each in shape], dtype=np.float64)
                  for shape in shapes.values())     # a byte each, or more
    if claimed > held:
        raise UserError(f"{prefix} is damaged: use an earlier checkpoint (it claims "
                        f"{claimed / 2 ** 20:.0f} MB of weights or more, and its files have "
                        f"{held / 2 ** 20:.0f} MB)")


@contextlib.contextmanager
def _told_as_damage(prefix):
    try:
        yield
    except UserError:
        raise
    except (tf.errors.OpError, ValueError, RuntimeError, LookupError) as error:
        raise UserError(f"{prefix} is damaged: use an earlier checkpoint ({reason(error)})"
                        ) from error


@contextlib.contextmanager
def _literally(prefix):
    """A prefix by which TensorFlow finds that checkpoint, whatever characters it has.

    It takes a prefix to read from as a pattern, and cannot be told not to. So one that a pattern
    could mean something else by is read by the name of a link. It waits for what writes to a pipe,
    too, and cannot be interrupted: ValueError where a part of the checkpoint is no file.
    """
    path = os.path.abspath(prefix)
    for part in [path + ".index"] + sorted(glob.glob(glob.escape(path) + ".data-*")):
        if os.path.exists(part) and not os.path.isfile(part):
            raise ValueError(f"{os.path.basename(part)} is not a file")
    parts = "-?????-of-?????" if _is_in_parts(prefix) else ""
    if os.sep == "\\" or not re.search(r"[][*?\\\ud800-\udfff]", path):
        yield path + parts
        return
    folder, name = os.path.split(path)
    with tempfile.TemporaryDirectory() as links:
        for file in os.listdir(folder):
            if file == name or file.startswith((name + ".", name + "-")):
                os.symlink(os.path.join(folder, file),
                           os.path.join(links, "checkpoint" + file[len(name):]))
        yield os.path.join(links, "checkpoint") + parts


def check_variables(variables, shapes, prefix, model):
    """Refuses a checkpoint that lacks variables or has them in other shapes.

    Raises:
      UserError: gives the first names.
    """
    missing = [v.op.name for v in variables if v.op.name not in shapes]
    if missing:
        raise UserError(f"{prefix} has no "
                        f"{', '.join(missing[:3])}{', ...' if len(missing) > 3 else ''}: is it "
                        f"a checkpoint of {model} (--model)?")
    for v in variables:
        if list(shapes[v.op.name]) != v.shape.as_list():
            raise UserError(f"{prefix} has {v.op.name} in the shape {list(shapes[v.op.name])}, "
                            f"not {v.shape.as_list()}: is it a checkpoint of {model} (--model) "
                            "with the same hyperparameters?")


def restore(saver, session, prefix):
    """Restores a checkpoint. Raises UserError if it is damaged."""
    with _told_as_damage(prefix), _literally(prefix) as path:
        session.run(saver.saver_def.restore_op_name, {saver.saver_def.filename_tensor_name: path})


def is_moving_statistic(name):
    return name.endswith(("/moving_mean", "/moving_variance"))
