"""Loops of Python in a script's own source, to be timed by time_scripts.py.

    python small_loops.py NAME

does what is called NAME a few times, prints "ready", and then, for each number of times that is on
a line of its input, the processor's and the clock's seconds that this takes.
"""

import sys
import time

import numpy as np


def serve(run, times):
    """Does it so many times, and then as often as it is asked to."""
    def repeat(times):
        for _ in range(times):
            run()
    repeat(times)
    print("ready")
    sys.stdout.flush()
    for line in iter(sys.stdin.readline, ""):
        repeat(2)           # what others did since is forgotten
        begin = time.process_time(), time.time()
        repeat(int(line))
        print("%r %r" % (time.process_time() - begin[0], time.time() - begin[1]))
        sys.stdout.flush()


def loops():
    total = 0
    for i in range(20000):
        total = total + i * 2


def arrays():
    a = np.ones((100, 100))
    for _ in range(200):
        made = a * 0.5 + 1.0
    return made


if __name__ == "__main__":
    serve(globals()[sys.argv[1]], 2)
