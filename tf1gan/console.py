"""What a run has to do with its terminal: signals, lines, rates and a table."""

import contextlib
import signal
import sys
import time

from tqdm import tqdm


class Rate:
    """Iterations per second since it was last asked."""

    def __init__(self, step):
        self._step, self._time = step, time.monotonic()

    def __call__(self, step):
        now = time.monotonic()
        rate = (step - self._step) / max(now - self._time, 1e-9)
        self._step, self._time = step, now
        return rate


@contextlib.contextmanager
def signals():
    """Collects Ctrl-C and SIGTERM in a list instead of dying of the first of them."""
    received = []

    def receive(number, _):
        if received:                # asked twice: at once, then
            raise KeyboardInterrupt
        received.append(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    try:
        before = [signal.signal(number, receive) for number in numbers]
    except ValueError:              # not the main thread: signals are somebody else's
        yield received
        return
    try:
        yield received
    finally:
        for number, handler in zip(numbers, before):
            signal.signal(number, handler)


def say(line):
    """A line on standard output, above the progress bar."""
    tqdm.write(line)
    sys.stdout.flush()


def variable_table(graph):
    """The networks' variables with shapes and sizes, as lines to print."""
    rows = [(v.op.name, " x ".join(map(str, v.shape.as_list())), v.shape.num_elements())
            for v in graph.generator_variables + graph.discriminator_variables]
    total = sum(size for _, _, size in rows)
    rows.append(("total, %.1f MB" % (total * 4 / 2 ** 20), "", total))
    widths = [max(len(str(row[column])) for row in rows) for column in range(3)]
    return "\n".join("  %-*s  %*s  %*d" % (widths[0], name, widths[1], shape, widths[2], size)
                     for name, shape, size in rows)
