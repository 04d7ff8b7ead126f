"""One side of compare_scripts.py: runs scripts and keeps what their sessions returned.

It runs on either TensorFlow: on TensorFlow 2 by the runner, on 1.15.5 by themselves.
"""

import argparse
import contextlib
import gzip
import importlib
import json
import os
import random
import re
import shlex
import signal
import sys
import tempfile
import time
import traceback
import types
from typing import NamedTuple

import numpy as np
from record_numbers import flat, is_number, plainly

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SEED = 1234
KEPT = 3000         # results
WHOLE = 8           # arrays of up to so many numbers are compared one by one


class Case(NamedTuple):
    repository: str
    folder: str
    command: list       # the script and its arguments
    flags: argparse.Namespace       # those of the runner that it is given

    def name(self):
        words = "_".join([self.repository, self.folder] + self.command)
        return re.sub(r"[^\w.+-]+", "_", words)[:150]


def cases(path):
    """The Cases of a file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int)
    parser.add_argument("--python2", action="store_true")
    parser.add_argument("--notebook", action="store_true")
    parser.add_argument("--tensorflow")
    with open(path) as file:
        for line in file:
            parts = [part.strip() for part in line.split("|")]
            if len(parts) >= 3 and not line.startswith("#"):
                flags = shlex.split(parts[3]) if len(parts) > 3 else []
                yield Case(parts[0], parts[1], shlex.split(parts[2]), parser.parse_args(flags))


class Recorded:
    """What a script's sessions return, and what is in its graphs."""

    def __init__(self):
        self.results, self.weights, self.graphs = [], [], []

    def watch(self):
        """From now on results are recorded; and the weights after the last update."""
        from tensorflow.python.client import session
        from tensorflow.python.framework import ops
        run, make = session.BaseSession.run, ops.Graph.__init__

        def recording(this, *arguments, **named):
            try:
                result = run(this, *arguments, **named)
            except BaseException as stopped:
                if type(stopped).__name__ == "Stopped":     # after the last update: the weights
                    weights = this.graph.get_collection("trainable_variables")
                    self.weights = [kept(part) for part in run(this, weights)]
                raise
            if this.graph not in self.graphs:
                self.graphs.append(this.graph)
            if len(self.results) < KEPT:
                self.results.append([kept(part) for part in flat(result) if is_number(part)])
            return result

        def seeded(this, *arguments, **named):
            make(this, *arguments, **named)
            this._seed = SEED
        session.BaseSession.run, ops.Graph.__init__ = recording, seeded

    def save(self, path, **more):
        random_operations = []
        for graph in self.graphs:
            for operation in graph.get_operations():
                with contextlib.suppress(ValueError):
                    random_operations.append([operation.type, operation.get_attr("seed"),
                                              operation.get_attr("seed2")])
        variables = [[v.name, v.shape.as_list() if v.shape.ndims is not None else None]
                     for graph in self.graphs for v in graph.get_collection("variables")]
        facts = dict(more, results=self.results, weights=self.weights, seeds=random_operations,
                     variables=variables)
        with open(path + ".new", "w") as file:
            json.dump(facts, file)
        os.rename(path + ".new", path)


def kept(part):
    """An array's size and numbers; of a large one their mean, length and largest."""
    array = np.asarray(part)
    flat_array = array.astype(np.float64).ravel()
    if array.size <= WHOLE:
        return [array.size] + flat_array.tolist()
    return [array.size, flat_array.mean(), float(np.sqrt((flat_array ** 2).sum())),
            np.abs(flat_array).max()]


def run_here(case, mnist):
    from tf1gan import legacy
    from tf1gan.errors import UserError
    try:
        asked = {name: value for name, value in vars(case.flags).items() if value}
        return legacy.run(case.command[0], case.command[1:],
                          legacy.Options(mnist=mnist, **asked))
    except UserError as error:
        print(f"run_legacy: {error}", file=sys.stderr)
        return 2


def run_there(case, mnist):
    steps = counter()

    class Counted(steps.Steps):
        def _stop_the_others(self):
            pass
    Counted(case.flags.steps).watch()
    if mnist:
        from tensorflow.contrib.learn.python.learn.datasets import base, mnist as loader
        fetch = base.maybe_download

        def there(filename, work_directory, source_url):
            path = os.path.join(mnist, filename)
            return path if os.path.exists(path) else fetch(filename, work_directory, source_url)
        base.maybe_download = loader.base.maybe_download = there
        of_keras(mnist)
    sys.argv = list(case.command)
    try:
        plainly(case.command[0])
    except steps.Stopped:
        pass
    return 0


def of_keras(mnist):
    """Keras's loaders read the images in a folder, too."""
    def get_file(*_, **__):
        made = {}
        for part, ending in (("train", "train"), ("t10k", "test")):
            for kind, name, before in (("images-idx3", "x", 16), ("labels-idx1", "y", 8)):
                with gzip.open(os.path.join(mnist, f"{part}-{kind}-ubyte.gz")) as file:
                    made[f"{name}_{ending}"] = np.frombuffer(file.read(), np.uint8, offset=before)
            made[f"x_{ending}"] = made[f"x_{ending}"].reshape(-1, 28, 28)
        path = os.path.join(tempfile.mkdtemp(), "mnist.npz")
        np.savez(path, **made)
        return path
    for package in ("tensorflow_core.python.keras", "tensorflow.python.keras", "keras"):
        with contextlib.suppress(ImportError):
            importlib.import_module(package + ".datasets.mnist").get_file = get_file


def counter():
    """The runner's module that counts updates, alone: the rest of it is not for Python 3.7."""
    sys.path.insert(0, ROOT)
    package = sys.modules["tf1gan.legacy"] = types.ModuleType("tf1gan.legacy")
    package.__path__ = [os.path.join(ROOT, "tf1gan", "legacy")]
    from tf1gan.legacy import steps
    return steps


def side(list_path, root, out, flags):
    """Runs every case in `root`, and writes OUT/NAME.json, .out and .err."""
    run = loaded()
    for case in cases(list_path):
        path = os.path.join(out, case.name())
        if os.path.exists(path + ".json"):
            continue
        in_a_fork(lambda case=case, path=path: recorded(case, root, path, flags, run), path,
                  flags.patience + 20)
        if not os.path.exists(path + ".json"):
            with open(path + ".json", "w") as file:
                json.dump(dict(status="killed", results=[], weights=[], seeds=[],
                               variables=[]), file)


def loaded():
    """Loads this Python's TensorFlow. What runs a Case on it is returned."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import tensorflow.compat.v1 as tf
    if tf.__version__.startswith("1."):
        tf.logging.set_verbosity(tf.logging.ERROR)
        os.environ["MPLBACKEND"] = "Agg"
        import tensorflow.contrib.layers  # noqa: F401
        import tensorflow.contrib.learn  # noqa: F401
        return run_there
    sys.path.insert(0, ROOT)
    from tf1gan.compat import tf as _
    _.layers  # noqa: B018
    return run_here


def in_a_fork(function, path, seconds):
    """Calls a function in a process, whose words PATH.out and PATH.err take.

    The process and those that it starts are killed when it ends, or after so many seconds.
    """
    child = os.fork()
    if child == 0:
        os.setsid()
        for number, name in ((1, ".out"), (2, ".err")):
            os.dup2(os.open(path + name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        try:
            function()
        except BaseException:
            traceback.print_exc()
        os._exit(1)
    end = time.time() + seconds
    while time.time() < end and os.waitpid(child, os.WNOHANG)[0] == 0:
        time.sleep(0.1)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(child, 0)


def folder_of(case, root):
    return os.path.join(root, case.repository.replace("/", "+"), case.folder)


def status_of(run, case, mnist):
    """How a case ended: the status of its process."""
    try:
        return run(case, mnist)
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1 if error.code else 0
    except BaseException:
        traceback.print_exc()
        return 1


def recorded(case, root, path, flags, run):
    """Runs a case in this process, which ends with it."""
    kept_here = Recorded()

    def end(status):
        sys.stdout.flush()
        sys.stderr.flush()
        kept_here.save(path + ".json", status=status)
        os._exit(0)
    for number, kind, most in ((signal.SIGPROF, signal.ITIMER_PROF, flags.seconds),
                               (signal.SIGALRM, signal.ITIMER_REAL, flags.patience)):
        signal.signal(number, lambda *_: end("time"))
        signal.setitimer(kind, most)
    os.chdir(folder_of(case, root))
    random.seed(SEED)
    np.random.seed(SEED)
    from tensorflow.python.framework import ops
    kept_here.watch()
    ops.reset_default_graph()
    end(status_of(run, case, flags.mnist))
