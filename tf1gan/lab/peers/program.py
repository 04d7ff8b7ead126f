"""A peer's process, which trains so many iterations whenever it is asked to.

    python program.py '{"library": "torch", "model": "gan", ...}'

is given what `prepared` takes, and then a line of JSON for each question: a number of iterations,
which it answers with the seconds that they took, or {"follow": FILE}, a file of batches, for the
losses on them. It ends with its input. Given nothing, it says which libraries there are.
"""

import importlib
import json
import os
import sys
import time

if __name__ == "__main__":
    # tf1gan is the one beside this file, and all else this Python's own.
    sys.path[0] = os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3))
    import tf1gan  # noqa: F401
    del sys.path[0]

LIBRARIES = {"torch": "PyTorch", "jax": "JAX"}      # modules, and what they are called


def versions():
    """{library: its name and version, or why it cannot be loaded}: the latter as [reason]."""
    found = {}
    for library, name in LIBRARIES.items():
        try:
            found[library] = f"{name} {importlib.import_module(library).__version__}"
        except Exception as error:      # not installed, or broken in a way of its own
            found[library] = [f"{type(error).__name__}: {error}"]
    return found


def prepared(library, model, mode, batch, threads, images, weights, following=False):
    """A function that answers questions.

    Args:
      library: one of LIBRARIES.
      model: a model's name.
      mode: one of networks.modes.
      batch: how many images an iteration takes.
      threads: how many an operation may take.
      images: a file of uint8 [n, 28, 28].
      weights: a file of arrays "generator/000/KIND", in the order of tf1gan's graph.
      following: whether it is to follow given batches. Then nothing drops out.
    """
    import numpy as np

    from tf1gan import models
    from tf1gan.lab.peers import networks
    module = importlib.import_module(f"tf1gan.lab.peers.{library}_models")
    with np.load(weights) as file:
        arrays = {each: [(name.split("/")[2], file[name]) for name in sorted(file)
                         if name.startswith(each + "/")]
                  for each in ("generator", "discriminator")}
    pixels = np.load(images)
    pixels = np.divide(pixels.reshape(len(pixels), -1), 255, dtype=np.float32)
    trainer = module.Trainer(model, mode, arrays, models.find(model).from_unit(pixels), batch,
                             threads, dropping=not following)
    order = networks.shuffled(len(pixels), batch)

    def answer(asked):
        if isinstance(asked, dict):
            with np.load(asked["follow"]) as file:
                return trainer.follow(list(zip(file["images"], file["noises"])))
        began = time.perf_counter()
        made = trainer.train(order, asked)
        return (time.perf_counter() - began) * asked / made
    return answer


def _serve(given):
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)           # whatever a library prints is no answer

    def say(answer):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
    if not given:
        return say(versions())
    try:
        began, given = time.perf_counter(), json.loads(given[0])
        answer = prepared(**given)
        if not given.get("following"):
            answer(1)
        say(time.perf_counter() - began)
        for line in sys.stdin:
            say(answer(json.loads(line)))
    except Exception as error:
        lines = str(error).strip().splitlines() or [""]
        say({"error": f"{type(error).__name__}: {lines[0]}"})


if __name__ == "__main__":
    _serve(sys.argv[1:])
