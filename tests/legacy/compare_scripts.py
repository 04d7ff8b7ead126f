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
import json
import os
import re
import subprocess
import sys

import numpy as np
from recorded_scripts import cases, side

SMALLEST = 1e-3     # what a difference is relative to, where a value is smaller
PRINTED = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?")


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
