"""What surrounds training: evaluations on the way, sampling, and measuring what was drawn."""

import contextlib
import functools
import statistics
import tempfile
from typing import NamedTuple

import tf1gan
from tf1gan import data, evaluation, training
from tf1gan.lab import markdown, sides, turns

EVERY = 500             # iterations between evaluations
DIGITS = 10000          # drawn and measured


class Around(NamedTuple):
    """Seconds, and iterations per second without evaluations."""
    rate: float
    evaluation: float   # of one on the way, with what it holds up
    sampling: float     # of DIGITS
    measuring: float    # of as many, by all measures

    @property
    def lost(self):
        """The share of the training's speed that an evaluation every 500 iterations takes."""
        return self.evaluation / (self.evaluation + EVERY / self.rate)


def measure(name, data_dir, seconds, rounds=turns.ROUNDS):
    """Around of a model, by its document's recipe.

    Between two evaluations it trains for about so many seconds, but 500 iterations at most.
    """
    with contextlib.ExitStack() as stack:
        plain, evaluating = (
            stack.enter_context(turns.Trainer(side, name, data_dir, {})) for side in (
                sides.training_side,
                functools.partial(sides.training_side, evaluating=True)))
        count = min(EVERY, plain.iterations(seconds))
        evaluating.rate(count)
        pairs = [[count / trainer.rate(count) for trainer in (plain, evaluating)]
                 for _ in range(rounds)]
        rate = count / statistics.median(without for without, _ in pairs)
        took = statistics.median(after - without for without, after in pairs)
    with tempfile.TemporaryDirectory() as logdir, sides.silenced():
        run, _ = training.train(name, training.Options(logdir=logdir, data_dir=data_dir), steps=1)
        with tf1gan.Sampler(run) as sampler, evaluation.Ruler(data.load(data_dir)) as ruler:
            digits = sampler.sample(DIGITS, seed=0)
            ruler.measure(digits)       # once before: what it keeps is made
            sampling, measuring = (statistics.median(turns.times(each, rounds)) for each in (
                lambda: sampler.sample(DIGITS, seed=0), lambda: ruler.measure(digits)))
    return Around(rate, took, sampling, measuring)


def report(names, data_dir, seconds):
    """Prints it as docs/speed.md has it: in Markdown."""
    data.load(data_dir)
    markdown.print_head(
        f"medians of {turns.ROUNDS} rounds.",
        ["model", "it/s", "an evaluation during training, s",
         f"lost with one every {EVERY} iterations", f"drawing {DIGITS:,} digits, s",
         "measuring them, s"])
    for name in names:
        found = measure(name, data_dir, seconds)
        markdown.print_row([f"`{name}`", f"{found.rate:.4g}", f"{found.evaluation:.2f}",
                         f"{100 * found.lost:.1f} %", f"{found.sampling:.2f}",
                         f"{found.measuring:.2f}"])
