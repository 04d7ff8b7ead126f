"""Times updates of other people's scripts here and on TensorFlow 1.15.5, in turns.

    python time_repositories.py CASES FOLDER --other PYTHON [--mnist DIR] [--rounds N]
                                [--seconds N] [--patience N] [--logs DIR] [NUMBER ...]

Each line of the file CASES is a case, as compare_scripts.py has them; `--steps N` says how many
updates are run. NUMBER, from 1, chooses some of them. FOLDER holds the repositories (by their
names, with `+` for the slash) and their data. Each run of a case is a process of its own, a fork
of one that has loaded TensorFlow, in a copy of the repository, without what an earlier run wrote.
The sides take turns. NumPy and `random` start with the seed 1234.

What is timed is all that happens from the beginning of one update to the beginning of the next:
the run of the session, and what the script does besides, such as reading its data, running its
losses and its summaries, printing, and saving where it does so among these updates. An update is
a run that changes weights, as `--steps` counts them. It counts after the third with the same
fetches: a graph is made ready in the first. Of each such update the median over the rounds is
taken, and their mean is a side's time. So both sides are charged with the same updates, and what
else the machine did in one round does not count. Processor time is that of all threads. Ratios
below 1 mean that the runner is faster; the lowest and highest are those of single rounds.
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from recorded_scripts import (
    SEED,
    cases,
    counter,
    folder_of,
    in_a_fork,
    loaded,
    run_there,
    status_of,
)

STEPS = 50          # of a case that does not say how many
WARM = 3            # runs of the same fetches that do not count


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("cases", "folder"):
        parser.add_argument(name)
    parser.add_argument("numbers", nargs="*", type=int, metavar="NUMBER")
    parser.add_argument("--other", metavar="PYTHON", help="with TensorFlow 1.15.5")
    parser.add_argument("--mnist", metavar="DIR")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8,
                        help="for the updates of a run: no more begin after that")
    parser.add_argument("--patience", type=float, default=60, help="seconds for a run in all")
    parser.add_argument("--logs", metavar="DIR", help="keeps what the scripts print")
    parser.add_argument("--side", action="store_true", help=argparse.SUPPRESS)
    flags = parser.parse_intermixed_args()
    flags.mnist = flags.mnist and os.path.abspath(flags.mnist)
    if flags.side:
        serve(list(cases(flags.cases)), flags)
        return
    sides = [Side(python) for python in (flags.other, sys.executable)]
    print("| repository | command | updates | ms there | ms here | ratio | lowest and highest | "
          "ratio of processor time |\n|---|---|---|---|---|---|---|---|", flush=True)
    try:
        for number, case in enumerate(cases(flags.cases), 1):
            if number in (flags.numbers or [number]):
                rounds = [[side.timed(number - 1) for side in sides]
                          for _ in range(flags.rounds)]
                print(row(case, rounds), flush=True)
    finally:
        for side in sides:
            side.close()


# -- One side --------------------------------------------------------------------------------

def serve(listed, flags):
    """Runs the case of each number that is read, and writes what was timed, as JSON."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)       # for whatever a library prints
    run = loaded()
    out = flags.logs or tempfile.mkdtemp()
    os.makedirs(out, exist_ok=True)
    for line in sys.stdin:
        case, kind = listed[int(line)], "there" if run is run_there else "here"
        path = os.path.join(out, "%03d_%s" % (int(line) + 1, kind))
        copy = tempfile.mkdtemp()
        shutil.copytree(folder_of(case._replace(folder=""), flags.folder),
                        folder_of(case._replace(folder=""), copy), symlinks=True)
        if os.path.exists(path + ".json"):
            os.remove(path + ".json")
        in_a_fork(lambda: timed(case, copy, path, flags, run), path, flags.patience)  # noqa: B023
        shutil.rmtree(copy, ignore_errors=True)
        try:
            with open(path + ".json") as file:
                facts = json.load(file)
        except FileNotFoundError:
            facts = dict(status="killed", updates=[])
        answers.write(json.dumps(facts) + "\n")
        answers.flush()
    if not flags.logs:
        shutil.rmtree(out)


def timed(case, root, path, flags, run):
    """Runs a case in this process, which ends with it."""
    os.chdir(folder_of(case, root))
    limit = case.flags.steps or STEPS
    case.flags.steps = limit + 2        # the runner is not to stop it before
    updates, seen, end = [], {}, []     # of each when it began, and whether it counts

    def save(status):
        sys.stdout.flush()
        sys.stderr.flush()
        with open(path + ".new", "w") as file:
            json.dump(dict(status=status, updates=lengths(updates)), file)
        os.rename(path + ".new", path + ".json")
        os._exit(0)

    def began(fetches):
        now = time.perf_counter()
        seen[fetches] = times = seen.get(fetches, 0) + 1
        updates.append((now, time.process_time(), times > WARM))
        if times > WARM and not end:
            end.append(now + flags.seconds)
        if len(updates) > limit or end and now > end[0]:
            save("timed")
    for kind in (signal.SIGTERM, signal.SIGALRM):
        signal.signal(kind, lambda *_: save("time"))
    signal.setitimer(signal.ITIMER_REAL, max(flags.patience - 5, 1))
    watch(began, run)
    random.seed(SEED)
    np.random.seed(SEED)
    save(status_of(run, case, flags.mnist))


def watch(began, run):
    """Has the module that counts updates, the same on both sides, call a function for each."""
    if run is run_there:
        counter()
    from tf1gan.legacy.steps import Steps

    def before(this, graph, operations):
        if any(this._is_update(graph, operation) for operation in operations):
            began(tuple(map(id, operations)))
    Steps.before = before


def lengths(updates):
    """(seconds, processor's) from each update to the next; None where it does not count."""
    return [[after[0] - clock, after[1] - processor] if counts else None
            for (clock, processor, counts), after in zip(updates, updates[1:])]


# -- Both ------------------------------------------------------------------------------------

class Side:
    """A Python that runs cases."""

    def __init__(self, python):
        environment = dict(os.environ)
        for variable in ("TF_USE_LEGACY_KERAS", "TF2_BEHAVIOR"):
            environment.pop(variable, None)
        self._process = subprocess.Popen(
            [python, os.path.abspath(__file__)] + sys.argv[1:] + ["--side"], env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, universal_newlines=True)

    def timed(self, number):
        """What came of a case: its status, and the times of its updates."""
        self._process.stdin.write("%d\n" % number)
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait()


def row(case, rounds):
    """A line of the table, of [there, here] for each round."""
    script = os.path.normpath(os.path.join(case.folder, case.command[0]))
    words = "| %s | `%s` | " % (case.repository, " ".join([script] + case.command[1:]))
    every = [side["updates"] for sides in rounds for side in sides]
    places = [place for place in range(min(map(len, every)))
              if all(updates[place] for updates in every)]
    if not places:
        return words + "not timed: there %s, here %s |" % tuple(
            sides["status"] for sides in rounds[0])

    def of(kind, side, chosen):
        return statistics.mean(
            statistics.median(sides[side]["updates"][place][kind] for sides in chosen)
            for place in places)
    there, here = (of(0, side, rounds) for side in (0, 1))
    ratios = [of(0, 1, [sides]) / of(0, 0, [sides]) for sides in rounds]
    return words + "%d | %.2f | %.2f | %.2f | %.2f to %.2f | %.2f |" % (
        len(places), there * 1e3, here * 1e3, here / there, min(ratios), max(ratios),
        of(1, 1, rounds) / of(1, 0, rounds))


if __name__ == "__main__":
    main()
