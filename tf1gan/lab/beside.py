"""How fast other libraries train the same models, in turns with tf1gan and the documents' loops.

A library may be in an environment of its own; where there is none of it, the others are measured.
"""

import contextlib
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from typing import List, NamedTuple

import numpy as np

from tf1gan import console, data, graph, models, process
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.lab import markdown, programs, sides, turns
from tf1gan.lab.peers import networks, program

_PROGRAM = os.path.abspath(program.__file__)


class Peer(turns.Trainer):
    """A Trainer by another library, in its own program."""

    def begin(self, python, given):
        """Starts it. `given`: what peers.program.prepared takes."""
        self._pipe = self._process = programs.Lines([python, _PROGRAM, json.dumps(given)])


def versions(python):
    """(what there is of each library: {library: name and version}, {library: why there is none}).

    Raises UserError for a Python that cannot be started.
    """
    try:
        done = subprocess.run([python, _PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True)
        found = json.loads(done.stdout)
    except (OSError, ValueError) as error:
        why = (error if isinstance(error, OSError)
               else programs.last_line(done.stderr, "it says nothing"))
        raise UserError(f"--peers-python {python} cannot be used ({why}): name a Python of 3.10 or "
                        "later") from None
    return ({library: said for library, said in found.items() if isinstance(said, str)},
            {library: said[0] for library, said in found.items() if not isinstance(said, str)})


def keep_weights(path, trained):
    """Writes a GANGraph's weights as a peer takes them, from the default session."""
    np.savez(path, **tf.get_default_session().run({
        f"{network}/{number:03}/{variable.op.name.split('/')[-1]}": variable
        for network, variables in (("generator", trained.generator_variables),
                                   ("discriminator", trained.discriminator_variables))
        for number, variable in enumerate(variables)}))


def _begin(folder, name, data_dir):
    """Files for a peer, of a model's initial weights and of images: {"weights": ..., ...}."""
    made = {each: os.path.join(folder, each) for each in ("weights.npz", "images.npy")}
    with tf.Graph().as_default(), tf.Session() as session:
        trained = graph.build(name, seed=0)
        session.run(tf.global_variables_initializer())
        keep_weights(made["weights.npz"], trained)
    np.save(made["images.npy"], data.load(data_dir).train_images)
    return {each.split(".")[0]: path for each, path in made.items()}


class Beside(NamedTuple):
    """Iterations per second in each round, of each library in its quickest way."""
    document: List[float]
    ours: List[float]
    peers: dict                     # library -> (way, rates), where any way works
    failures: List[str]             # a line for each way that does not


def measure(name, data_dir, python, libraries, seconds=10.0, batch_size=None, rounds=turns.ROUNDS):
    """Beside of a model.

    Args:
      python: that runs the peers.
      libraries: those of peers.program.LIBRARIES that it has.
      seconds: about how long each side runs in each round, and each way when it is tried.
    """
    size = batch_size or models.find(name).defaults["batch_size"]
    with sides.silenced():
        ours = {"batch_size": size, "way": sides.chosen(name, batch_size=size)}
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        given = dict(_begin(folder, name, data_dir), model=name, batch=size,
                     threads=process.cores())
        trainers = [stack.enter_context(turns.Trainer(side, name, data_dir, ours))
                    for side in (sides.document_side, sides.training_side)]
        quickest, failures = {}, []
        for library in libraries:
            found = _quickest(stack, python, dict(given, library=library), seconds, failures)
            if found:
                quickest[library] = found
        rates = turns.in_turns(trainers + [peer for _, peer in quickest.values()], seconds, rounds)
    return Beside(rates[0], rates[1], {
        library: (mode, of_peer)
        for (library, (mode, _)), of_peer in zip(quickest.items(), rates[2:])}, failures)


def _quickest(stack, python, given, seconds, failures):
    """(way, Peer) of the quickest way of a library, the others ended; None where none works."""
    best = None
    for mode in networks.modes(given["library"], given["model"]):
        try:
            peer = stack.enter_context(Peer(python, dict(given, mode=mode)))
            count = peer.iterations(seconds)
        except UserError as error:
            failures.append(f"{program.LIBRARIES[given['library']]}, {mode}, does not train "
                            f"{given['model']}: {error}")
            continue
        slower = peer
        if best is None or count > best[0]:
            slower, best = best and best[2], (count, mode, peer)
        if slower:
            turns.end([slower], failed=False)
    return best and best[1:]


def report(names, data_dir, python, seconds, sizes=()):
    """Prints it as docs/speed.md has it: in Markdown.

    `python` has the libraries; None is the one that runs this. `sizes` are of batches; none stands
    for the model's own.
    """
    python = python or sys.executable
    for name in names:
        if name not in networks.NETWORKS:
            raise UserError(f"no other library has {name}: choose another --model, or add its "
                            f"networks to {networks.__file__}")
    found, missing = versions(python)
    sides.check_sizes(names, sizes, data.load(data_dir))
    for library, why in missing.items():
        console.say(f"{program.LIBRARIES[library]} is not measured, as {python} cannot load it "
                    f"({why}): pip install -r requirements/peers.txt, or name a Python that has "
                    "it by --peers-python.")
    for name, size in itertools.product(names, sizes or [None]):
        sides.chosen(name, batch_size=size)
    markdown.print_head(
        f"{', '.join(found.values()) or 'no peers'}; {process.cores()} threads; medians of "
        f"{turns.ROUNDS} rounds of {seconds:g} s.",
        ["model", "tutorial's loop, it/s", "tf1gan, it/s"]
        + [f"{name}, it/s" for name in program.LIBRARIES.values()]
        + [f"tf1gan to {name}" for name in ["the tutorial's loop", *program.LIBRARIES.values()]])
    failures = []
    for name in names:
        for size in sizes or [None]:
            one = measure(name, data_dir, python, found, seconds, size)
            markdown.print_row([f"`{name}`{f' at {size}' if size else ''}"] + _cells(one))
            failures += one.failures
    console.say(*failures)


def _cells(found):
    """Of a model's row: speeds, and tf1gan's divided by the others'."""
    peers = [found.peers.get(library) for library in program.LIBRARIES]
    return ([f"{statistics.median(rates):.4g}" for rates in (found.document, found.ours)]
            + [f"{statistics.median(peer[1]):.4g} ({peer[0]})" if peer else "" for peer in peers]
            + [_ratio(found.ours, rates)
               for rates in [found.document] + [peer and peer[1] for peer in peers]])


def _ratio(ours, theirs):
    """That of the medians, with the lowest and the highest of a round."""
    if not theirs:
        return ""
    each = [one / other for one, other in zip(ours, theirs)]
    return (f"{statistics.median(ours) / statistics.median(theirs):.2f} "
            f"({min(each):.2f} to {max(each):.2f})")
