"""Compares how many operations calls of TensorFlow 1's functions make, here and on 1.15.5.

    python tests/legacy/compare_calls.py --other PYTHON37     on both, and prints what differs
    python tests/legacy/compare_calls.py                      here, with what is kept of 1.15.5
    python tests/legacy/compare_calls.py --other PYTHON37 --keep      keeps 1.15.5's anew; with
                                                              --only, of those functions alone
    python tests/legacy/compare_calls.py --other PYTHON37 --uncalled  public names that no call has

The calls are those of the tables in calls/. Each is made in a graph of its own, with a seed; what
counts is the seed that the next draw derives from the number of operations, and those of draws
within the call; then, where there is something to differentiate, the same after tf.gradients. Here
each is equal to 1.15.5's, or a line says that it is not known. counts.json keeps 1.15.5's, a list
for each function in the order of its calls: "seed seed ...|seed after the gradient", "e" for an
error, "" for what was not asked.
"""

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
KEPT = os.path.join(HERE, "counts.json")
sys.path[:0] = [HERE, os.path.dirname(os.path.dirname(HERE))]

from calls import arrays, images, networks, parts, training, written  # noqa: E402

TABLES = (images, arrays, networks, training, parts)


def by_function(only=""):
    """Function -> its calls."""
    functions = collections.OrderedDict()
    for table in TABLES:
        for call in written.calls(table.ROWS):
            name = call.split("(")[0]
            if only in name:
                functions.setdefault(name, []).append(call)
    return {name: list(dict.fromkeys(calls)) for name, calls in functions.items()}


def made(python, calls, processes=1):
    """What each call made: the rows of calls/made.py. None for a call that ended its process."""
    rows, left = [None] * len(calls), [range(n, len(calls), processes) for n in range(processes)]
    while any(left):
        with tempfile.TemporaryDirectory() as folder:
            running = [(places, *_started(python, [calls[place] for place in places], folder, n))
                       for n, places in enumerate(left) if places]
            left = []
            for places, process, out in running:
                process.wait()
                answers = _answers(out, python)
                for place, answer in zip(places, answers):
                    rows[place] = answer
                left.append(places[len(answers) + 1:])      # one ended the process: on after it
    return rows


def _started(python, calls, folder, number):
    environment = dict(os.environ, PYTHONPATH=os.path.dirname(os.path.dirname(HERE)))
    environment.pop("TF2_BEHAVIOR", None)       # TensorFlow 2 sets it, and 1.15 heeds it
    part, out = (os.path.join(folder, f"{name}{number}") for name in ("calls", "rows"))
    with open(part, "w") as file:
        json.dump(calls, file)
    with open(out + ".errors", "w") as errors:
        return subprocess.Popen(
            [python, os.path.join(HERE, "calls", "made.py"), part, out], cwd=folder,
            stdout=subprocess.DEVNULL, stderr=errors, env=environment), out


def _answers(out, python):
    """The rows that a process wrote."""
    if not os.path.exists(out):                 # it is opened once TensorFlow is there
        with open(out + ".errors") as file:
            sys.exit(f"{python} makes no calls: {(file.read().splitlines() or ['it ended'])[-1]}")
    with open(out) as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def kept(row):
    """What is kept of a row."""
    if row is None or isinstance(row["seeds"], str):
        return "e"
    gradients = row.get("gradients")
    return " ".join(map(str, row["seeds"])) + (
        "" if gradients is None else "|e" if isinstance(gradients, str) else f"|{gradients[0]}")


def digest(calls):
    return zlib.crc32("\n".join(calls).encode())


def verdict(then, row):
    """(of the call, of its gradient): equal, said, both fail, fails there, fails here, DIFFERS.

    None where there is nothing to compare: of a gradient, where the call's own count is unknown.
    """
    seeds, _, gradient = then.partition("|")
    here, _, gradient_here = kept(row).partition("|")
    if then == "":
        return None, None
    if seeds == "e" or here == "e":
        return ("both fail" if seeds == here else "fails there" if seeds == "e"
                else "fails here"), None
    said = [line for line in row["said"] if "draws other numbers" not in line]
    if seeds != here and seeds.split()[-1:] == here.split()[-1:] and row["said"]:
        return "said", None             # a draw within the call, which draws otherwise
    if seeds != here:
        return "said" if said else "DIFFERS", None
    if not gradient or not gradient_here:
        return "equal", None
    if "e" in (gradient, gradient_here):
        return "equal", ("both fail" if gradient == gradient_here else
                         "fails there" if gradient == "e" else "fails here")
    return "equal", ("equal" if gradient == gradient_here and not said else
                     "said" if said else "DIFFERS")


def compare(functions, then, here, out=print):
    """Prints what came of each function's calls; returns the calls that differ unsaid."""
    differing, total = [], collections.Counter()
    for name, calls in functions.items():
        found = collections.Counter()
        for call in calls:
            verdicts = verdict(then.get(call, ""), here[call])
            found.update(v if kind == "call" else f"gradient {v}" for kind, v in
                         zip(("call", "gradient"), verdicts) if v)
            if "DIFFERS" in verdicts or "fails here" in verdicts:
                differing.append(call)
                out(f"  {call}: {kept(here[call])}, not {then[call]}")
        total.update(found)
        out(f"{name}: " + ", ".join(f"{count} {what}" for what, count in sorted(found.items())))
    out("in all: " + ", ".join(f"{count} {what}" for what, count in sorted(total.items())))
    return differing


def read_kept(functions):
    """Call -> what 1.15.5 made of it, of those functions whose calls are still the kept ones."""
    with open(KEPT) as file:
        table = json.load(file)
    then = {}
    for name, calls in functions.items():
        number, rows = table.get(name, (None, []))
        if number == digest(calls):
            then.update(zip(calls, rows))
    return then


def write_kept(functions, then):
    table = {name: [digest(calls), [then.get(call, "") for call in calls]]
             for name, calls in functions.items()}
    with open(KEPT + ".new", "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}"
                                      for name, row in table.items()) + "\n}\n")
    os.replace(KEPT + ".new", KEPT)


def uncalled(python):
    """Public names of 1.15.5 that stand in no call, nor another name of the same function."""
    calls = " ".join(call for calls in by_function().values() for call in calls)
    called = set(re.findall(r"(?:tf|contrib)(?:\.\w+)+", calls))
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "names")
        subprocess.run([python, os.path.join(HERE, "calls", "public.py"), out], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(out) as file:
            names = json.load(file)
    reached = {which for name, which in names if name in called}
    return [name for name, which in names if which not in reached]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--other", help="a Python 3.7 with TensorFlow 1.15.5")
    parser.add_argument("--only", default="", help="functions with this in their names")
    parser.add_argument("--processes", type=int, default=1, help="at a time, of each TensorFlow")
    parser.add_argument("--uncalled", action="store_true", help="list the names left out")
    parser.add_argument("--keep", action="store_true", help="write 1.15.5's to counts.json")
    options = parser.parse_args()
    if (options.keep or options.uncalled) and not options.other:
        parser.error("--keep and --uncalled ask 1.15.5: give --other as well")
    if options.uncalled:
        print("\n".join(uncalled(options.other)))
        return
    functions = by_function(options.only)
    calls = [call for some in functions.values() for call in some]
    if options.other:
        rows = made(options.other, calls, options.processes)
        then = {call: kept(row) for call, row in zip(calls, rows)}
        if options.keep:
            write_kept(by_function(), {**read_kept(by_function()), **then})
    else:
        then = read_kept(functions)
    here = dict(zip(calls, made(sys.executable, calls, options.processes)))
    sys.exit(1 if compare(functions, then, here) else 0)


if __name__ == "__main__":
    main()
