"""Where the time of an iteration goes, by TensorFlow's own trace."""

import collections
import contextlib
import itertools
from typing import Dict, NamedTuple

from tf1gan import data
from tf1gan.compat import tf
from tf1gan.lab import markdown, sides, turns
from tf1gan.training import batches, loop

SHOWN = 6               # kinds of operation
_PROFILE = "profile"    # what the process is asked, beside a number of iterations
_RUNS = 5               # traced, of which the quickest counts


class Profile(NamedTuple):
    """Seconds of one iteration."""
    wall: float
    kinds: Dict[str, float]     # what each kind of operation takes, the most first

    @property
    def busy(self):
        """How many operations run at a time, on average."""
        return sum(self.kinds.values()) / self.wall


def profile(name, data_dir, **hyperparameters):
    """Profile of a model's iteration, as train.py runs it, after some of warming up.

    In a process of its own: threads are set once for a process.
    """
    with turns.Trainer(_side, name, data_dir, hyperparameters) as trainer:
        trainer.send(_PROFILE)
        return trainer.receive()


@contextlib.contextmanager
def _side(name, data_dir, hyperparameters):
    with sides.side(name, data_dir, hyperparameters) as (train, run, session):
        def answer(asked):
            if asked != _PROFILE:
                return train(asked)
            train(2 * run.settings.iterations_per_run)
            return min((_traced(run, session) for _ in range(_RUNS)), key=lambda each: each.wall)
        yield answer


def _traced(run, session):
    count, told = run.settings.iterations_per_run, tf.RunMetadata()
    loop.compute(run.graph, session, batches.make(run.graph, run.images, 0, count),
                 run_metadata=told,
                 options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE))
    nodes = [node for device in told.step_stats.dev_stats for node in device.node_stats]
    kinds = collections.Counter()
    for node in nodes:
        kind = node.timeline_label.split(" = ")[-1].split("(")[0]       # of "name = Type(inputs)"
        kinds[kind] += 1e-6 * (node.op_end_rel_micros - node.op_start_rel_micros) / count
    wall = 1e-6 * (max(node.all_start_micros + node.all_end_rel_micros for node in nodes)
                   - min(node.all_start_micros for node in nodes)) / count
    return Profile(wall, dict(kinds.most_common()))


def report(names, data_dir, bfloat16, sizes=()):
    """Prints it as docs/speed.md has it: in Markdown. Without sizes, of each model's own batch."""
    sides.check_sizes(names, sizes, data.load(data_dir))
    markdown.print_head("the quickest of a few traced iterations, of small models as a loop.", [
        "model", "ms per iteration", "operations at a time", "ms of them, by kind"])
    options = {"bfloat16": True} if bfloat16 else {}
    for name, size in itertools.product(names, sizes or [None]):
        found = profile(name, data_dir, batch_size=size, **options)
        words, kinds = f"`{name}`", list(found.kinds.items())
        shown = [f"{kind} {1e3 * seconds:.3g}" for kind, seconds in kinds[:SHOWN]]
        shown.append(f"others {1e3 * sum(seconds for _, seconds in kinds[SHOWN:]):.3g}")
        markdown.print_row([f"{words} at {size}" if size else words, f"{1e3 * found.wall:.3g}",
                         f"{found.busy:.2f}", ", ".join(shown)])
