"""Runs other people's scripts by the runner and on TensorFlow 1.15.5, and compares them.

    python compare_scripts.py LIST HERE THERE OUT --other PYTHON [--mnist DIR] [--seconds N]
                              [--patience N]

Each line of the file LIST is a case, and `|` stands between its parts:

    owner/name | folder | script arguments | flags of the runner, such as --steps 3

HERE and THERE are two copies of a folder that holds the repositories (by their names, with `+` for
the slash) and their data: scripts write where they lie. Each case runs in a fork of one process,
which has loaded TensorFlow. NumPy, `random` and every graph start with the seed 1234 on either
side. A line of OUT/table.txt says how a case ended on either, how many results of `Session.run`
were compared, and the largest relative difference.
"""

import argparse
import contextlib
import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys
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
SMALLEST = 1e-3     # what a difference is relative to, where a value is smaller
PRINTED = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")


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


# -- One side --------------------------------------------------------------------------------

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
    sys.argv = list(case.command)
    try:
        plainly(case.command[0])
    except steps.Stopped:
        pass
    return 0


def counter():
    """The runner's module that counts updates, alone: the rest of it is not for Python 3.7."""
    sys.path.insert(0, ROOT)
    package = sys.modules["tf1gan.legacy"] = types.ModuleType("tf1gan.legacy")
    package.__path__ = [os.path.join(ROOT, "tf1gan", "legacy")]
    from tf1gan.legacy import steps
    return steps


def side(list_path, root, out, flags):
    """Runs every case in `root`, and writes OUT/NAME.json, .out and .err."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import tensorflow.compat.v1 as tf
    is_old = tf.__version__.startswith("1.")
    if is_old:
        tf.logging.set_verbosity(tf.logging.ERROR)
        os.environ["MPLBACKEND"] = "Agg"
        import tensorflow.contrib.layers  # noqa: F401
        import tensorflow.contrib.learn  # noqa: F401
    else:
        sys.path.insert(0, ROOT)
        from tf1gan.compat import tf as _
        _.layers  # noqa: B018
    for case in cases(list_path):
        path = os.path.join(out, case.name())
        if os.path.exists(path + ".json"):
            continue
        folder = os.path.join(root, case.repository.replace("/", "+"), case.folder)
        child = os.fork()
        if child == 0:
            os.setsid()
            in_a_fork(case, folder, path, flags, run_there if is_old else run_here)
        end = time.time() + flags.patience + 20
        while time.time() < end and os.waitpid(child, os.WNOHANG)[0] == 0:
            time.sleep(0.1)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)
        if not os.path.exists(path + ".json"):
            with open(path + ".json", "w") as file:
                json.dump(dict(status="killed", results=[], weights=[], seeds=[],
                               variables=[]), file)


def in_a_fork(case, folder, path, flags, run):
    recorded = Recorded()
    for number, name in ((1, ".out"), (2, ".err")):
        os.dup2(os.open(path + name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)

    def end(status):
        sys.stdout.flush()
        sys.stderr.flush()
        recorded.save(path + ".json", status=status)
        os._exit(0)
    for number, kind, most in ((signal.SIGPROF, signal.ITIMER_PROF, flags.seconds),
                               (signal.SIGALRM, signal.ITIMER_REAL, flags.patience)):
        signal.signal(number, lambda *_: end("time"))
        signal.setitimer(kind, most)
    status = 1
    try:
        os.chdir(folder)
        random.seed(SEED)
        np.random.seed(SEED)
        from tensorflow.python.framework import ops
        recorded.watch()
        ops.reset_default_graph()
        status = run(case, flags.mnist)
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1 if error.code else 0
    except BaseException:
        traceback.print_exc()
    end(status)


# -- Both ------------------------------------------------------------------------------------

def difference(one, other):
    """The largest difference of two results as they are kept, relative to the largest number."""
    a, b = np.asarray(one[1:], np.float64), np.asarray(other[1:], np.float64)
    if a.shape != b.shape or one[0] != other[0]:
        return np.inf
    return off_by(a, b, np.abs(b[np.isfinite(b)]).max(initial=0))


def off_by(a, b, scale):
    """The largest difference of two arrays, or infinity."""
    with np.errstate(invalid="ignore"):
        off = np.abs(a - b) / np.maximum(scale, SMALLEST)
    off[(a == b) | (np.isnan(a) & np.isnan(b))] = 0
    return float(np.nan_to_num(off, nan=np.inf).max()) if off.size else 0.0


def compared(out, case):
    """A line of the table."""
    sides = []
    for name in ("here", "there"):
        path = os.path.join(out, name, case.name())
        with open(path + ".json") as file:
            facts = json.load(file)
        with open(path + ".out", errors="replace") as file:
            facts["printed"] = [float(found) for found in PRINTED.findall(file.read())]
        with open(path + ".err", errors="replace") as file:
            lines = [line for line in file.read().strip().splitlines() if line.strip()]
        facts["last"] = lines[-1][:150] if lines else ""
        sides.append(facts)
    here, there = sides
    results = list(zip(here["results"], there["results"]))
    offs = [np.inf if len(a) != len(b) else max([difference(x, y) for x, y in zip(a, b)] or [0])
            for a, b in results]
    worst = int(np.argmax(offs)) if offs else -1
    of_weights = [difference(*pair) for pair in zip(here["weights"], there["weights"])]
    said = min(len(here["printed"]), len(there["printed"]))
    printed = [np.array(facts["printed"][:said]) for facts in sides]
    off_printed = off_by(*printed, np.abs(printed[1]))
    notes = [what for what in ("variables", "seeds") if here[what] != there[what]]
    return " | ".join(map(str, (
        case.repository, os.path.join(case.folder, " ".join(case.command)), here["status"],
        there["status"], f"{len(here['results'])}/{len(there['results'])}",
        f"{max(offs or [0]):.1e} at {worst}", f"weights {max(of_weights or [0]):.1e}",
        f"{said} printed {off_printed:.1e}",
        "differ: " + ", ".join(notes) if notes else "",
        here["last"] if here["status"] not in (0, "time") else "",
        there["last"] if there["status"] not in (0, "time") else "")))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("list", "here", "there", "out"):
        parser.add_argument(name)
    parser.add_argument("--other")
    parser.add_argument("--mnist")
    parser.add_argument("--seconds", type=int, default=30, help="of the processor, for a case")
    parser.add_argument("--patience", type=int, default=80, help="seconds, for a case that waits")
    parser.add_argument("--side", choices=("here", "there"), help=argparse.SUPPRESS)
    flags = parser.parse_args()
    out = os.path.abspath(flags.out)
    flags.mnist = flags.mnist and os.path.abspath(flags.mnist)
    if flags.side:
        side(os.path.abspath(flags.list), os.path.abspath(getattr(flags, flags.side)),
             os.path.join(out, flags.side), flags)
        return
    for name, python in (("there", flags.other), ("here", sys.executable)):
        os.makedirs(os.path.join(out, name), exist_ok=True)
        environment = dict(os.environ)
        for variable in ("TF_USE_LEGACY_KERAS", "TF2_BEHAVIOR"):
            environment.pop(variable, None)
        subprocess.run([python, os.path.abspath(__file__)] + sys.argv[1:] + ["--side", name],
                       env=environment, check=True)
    with open(os.path.join(out, "table.txt"), "w") as file:
        for case in cases(flags.list):
            line = compared(out, case)
            print(line)
            file.write(line + "\n")


if __name__ == "__main__":
    main()
