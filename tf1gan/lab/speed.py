"""How fast training is, beside the documents' own loops."""

import contextlib
import functools
import statistics
from typing import NamedTuple

from tf1gan import data, models
from tf1gan.errors import UserError
from tf1gan.lab import document_loops
from tf1gan.lab.arithmetic import iteration_flop, peak
from tf1gan.lab.markdown import print_head, print_row
from tf1gan.lab.sides import check_sizes, chosen, document_side, fits, training_side
from tf1gan.lab.turns import ROUNDS, Trainer, in_turns

BATCH_SIZES = (16, 64, 256, 1024)
_BESIDE = ("model", "tutorial's loop, it/s", "tf1gan, it/s", "ratio", "in each round",
           "ratio, two calls", "memory", "GFLOP/s", "of the peak", "first iteration, s")
_ALONE = ("model", "batch size", "it/s", "images/s", "first iteration, s")


class Measured(NamedTuple):
    """Iterations per second in each round, and the process's most memory in bytes."""
    rates: list
    memory: float
    start: float            # seconds to the end of the first iteration, TensorFlow imported

    @property
    def median(self):
        return statistics.median(self.rates)


def measure(name, data_dir, compare=False, seconds=10.0, rounds=ROUNDS, **hyperparameters):
    """Times a model's training, for about so many seconds in each round.

    Returns [Measured of tf1gan], and with `compare` that of the document's loop behind it, with
    which it takes turns, and behind that, where the document makes both updates in one run, that of
    one run each.
    """
    sides = [training_side]
    if compare and name not in document_loops.NETWORKS:
        raise UserError(f"there is no tutorial's loop to compare {name} with: leave out "
                        f"--compare, or add one to {document_loops.__file__}")
    if compare:
        sides.append(document_side)
        if name in document_loops.ONE_RUN:
            sides.append(functools.partial(document_side, apart=True))
    with contextlib.ExitStack() as stack:
        trainers = [stack.enter_context(Trainer(side, name, data_dir, hyperparameters))
                   for side in sides]
        return [Measured(rates, trainer.memory(), trainer.start)
                for trainer, rates in zip(trainers, in_turns(trainers, seconds, rounds))]


def report(names, data_dir, compare, bfloat16, seconds, sizes=(), way=None):
    """Prints what is measured of each model, as docs/speed.md has it: in Markdown.

    Without `sizes` of batches, of the model's own and, where there is no `compare`, of BATCH_SIZES,
    too. `way` is one of models.WAYS; None has it chosen, but for BATCH_SIZES, which are loops.
    """
    images = data.load(data_dir)    # fetched or refused once, before any process looks for it
    check_sizes(names, sizes, images)
    options = {"bfloat16": True} if bfloat16 else {}
    ways_of = {(name, size): chosen(name, way, batch_size=size, **options)
               for name in names for size in sizes or [models.find(name).defaults["batch_size"]]}
    limit = peak()
    also = f", {peak(True) / 1e9:.0f} in bfloat16" if bfloat16 else ""
    print_head(f"medians of {ROUNDS} rounds of {seconds:g} s. A large matrix product reaches "
               f"{limit / 1e9:.0f} GFLOP/s in float32{also}.",
               _BESIDE if compare else _ALONE)
    for name in names:
        words = f"`{name}{' --bfloat16' if bfloat16 else ''}`"
        own = models.find(name).defaults["batch_size"]
        if compare:
            for size in sizes or [own]:
                found = measure(name, data_dir, True, seconds, batch_size=size,
                                way=ways_of[name, size], **options)
                print_row([f"{words} at {size}" if sizes else words] + _beside(
                    found, iteration_flop(name, size), limit))
            continue
        usual = [size for size in BATCH_SIZES if size != own and fits(name, size, images)]
        for size in sizes or [own] + usual:
            ours, = measure(name, data_dir, False, seconds, ROUNDS if size == own else 1,
                            batch_size=size, way=ways_of.get((name, size), models.LOOP),
                            **options)
            print_row([words, f"{size}{' (its own)' if size == own else ''}",
                       f"{ours.median:.4g}", f"{ours.median * size:.0f}", f"{ours.start:.1f}"])


def _beside(measured, flop, limit):
    """The cells of a model that took turns with its document's loop, by its `iteration_flop`."""
    ours, document, *apart = measured
    rate = ours.median * flop
    return [f"{document.median:.4g}", f"{ours.median:.4g}",
            f"{ours.median / document.median:.2f}",
            ", ".join(f"{one / other:.2f}" for one, other in zip(ours.rates, document.rates)),
            f"{ours.median / apart[0].median:.2f}" if apart else "",
            f"{ours.memory / document.memory:.2f}", f"{rate / 1e9:.0f}",
            f"{100 * rate / limit:.0f} %", f"{ours.start:.1f}"]
