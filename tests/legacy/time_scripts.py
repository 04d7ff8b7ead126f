"""Times old scripts here and where they came from, in turns.

    python tests/legacy/time_scripts.py --other PYTHON_WITH_1.15.5 [--rounds 20] [NAME ...]

Loops of Python are compared with the same Python without the runner, small graphs with 1.15.5, and
the start of a script that imports TensorFlow with Python's own. Both sides of a row are processes
that stay; each round times one, then the other, for a few hundredths of a second. A ratio is the
median over the rounds, and below 1 where the runner is faster; beside it is that of the tenth of
the rounds that were fastest, which says more on a machine that does other things, too. Processor
time is that of all threads.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RUN = [sys.executable, os.path.join(ROOT, "scripts", "run_legacy.py")]
LOOPS = ("loops", "arrays")
GRAPHS = ("dense", "dense_resource", "summaries", "dcgan", "pixel_cnn", "timegan", "static_rnn",
          "munit", "layers", "convolutions", "attention", "regression", "data_set", "queue")
START = "start"
ROUND = 0.03        # seconds, at least


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--other", required=True, metavar="PYTHON", help="with TensorFlow 1.15.5")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help=f"of {', '.join(LOOPS + GRAPHS + (START,))}; all of them")
    flags = parser.parse_args()
    print("| | ms there | ms here | ratio | of the fastest | ratio of processor time |\n"
          "|---|---|---|---|---|---|")
    for name in flags.names or LOOPS + GRAPHS + (START,):
        if name == START:
            show(name, [[started(command) for command in (
                [sys.executable, "-c", "import tensorflow"],
                [sys.executable, "-m", "tf1gan", "run", "-c", "import tensorflow"])]
                for _ in range(max(3, flags.rounds // 3))], 1)
        elif name in LOOPS:
            path = os.path.join(HERE, "small_loops.py")
            for words in ([], ["--python2"]):
                show(" ".join([name] + words), *in_turns(
                    [[sys.executable, path, name], RUN + words + [path, name]], flags.rounds))
        else:
            path = os.path.join(HERE, "small_graphs.py")
            show(name, *in_turns([[flags.other, path, name], RUN + [path, name]], flags.rounds))


def in_turns(commands, rounds):
    """([[(processor, clock) of each side], ...] for each round, how often a round does it)."""
    sides = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, universal_newlines=True)
             for command in commands]

    def timed(side, times):
        side.stdin.write(f"{times}\n")
        side.stdin.flush()
        return [float(word) for word in side.stdout.readline().split()]
    try:
        for side, command in zip(sides, commands):
            line = side.stdout.readline()
            while line and line.strip() != "ready":
                line = side.stdout.readline()
            if not line:
                sys.exit(f"{' '.join(command)} failed")
        times = 1
        while timed(sides[0], times)[1] < ROUND:
            times *= 2
        return [[timed(side, times) for side in sides] for _ in range(rounds)], times
    finally:
        for side in sides:
            side.stdin.close()
            side.stdout.close()
            side.wait()


def started(command):
    """Seconds of the processor and of the clock that a process takes."""
    begin, before = time.time(), os.times()
    subprocess.run(command, check=True, cwd=ROOT, stderr=subprocess.DEVNULL)
    after = os.times()
    return [after.children_user + after.children_system - before.children_user
            - before.children_system, time.time() - begin]


def show(name, rounds, times):
    def fastest(side):
        ordered = sorted(each[side][1] for each in rounds)
        return ordered[len(ordered) // 10]
    medians = [statistics.median(each[side][1] for each in rounds) / times * 1e3
               for side in (0, 1)]
    ratios = [statistics.median(each[1][kind] / each[0][kind] for each in rounds)
              for kind in (0, 1)]
    print(f"| {name} | {medians[0]:.2f} | {medians[1]:.2f} | {ratios[1]:.2f} | "
          f"{fastest(1) / fastest(0):.2f} | {ratios[0]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
