"""benchmark.py --peers. TF1GAN_PEERS_PYTHON names a Python that has PyTorch and JAX."""

import importlib.util
import os
import sys

import numpy as np
import pytest
from helpers import MNIST_FOLDER, build
from test_golden import build as build_golden, feed, load, start, tolerance
from test_speed import printed

from tf1gan import models, process
from tf1gan.compat import tf
from tf1gan.lab import beside, document_loops, programs, sides, time_to_digits, turns
from tf1gan.lab.peers import networks, program
from tf1gan.training import ways

PYTHON = os.environ.get("TF1GAN_PEERS_PYTHON", sys.executable)


def has(library):
    if PYTHON == sys.executable:
        return importlib.util.find_spec(library) is not None
    return library in beside.versions(PYTHON)[0]


@pytest.fixture(scope="module")
def followed(mnist, tmp_path_factory):
    """model -> (files of its golden start, of images and of two golden batches, losses on these).

    The losses are the graph's, [G's, D's] of each iteration, each from before its own update.
    """
    made = {}

    def follow(model):
        if model not in made:
            made[model] = _followed(model, mnist, str(tmp_path_factory.mktemp("peers")))
        return made[model]
    return follow


def _followed(model, mnist, folder):
    golden = load(model)
    weights, batches, images = (os.path.join(folder, name) for name in
                                ("weights.npz", "batches.npz", "images.npy"))
    np.save(images, mnist[:100])
    with tf.Graph().as_default(), tf.Session() as session:
        graph = build_golden(golden, build)
        session.run(tf.global_variables_initializer())
        start(graph, session, golden)
        beside.keep_weights(weights, graph)
        feeds = [feed(graph, golden, mnist, step) for step in range(2)]
        seen = [session.run([graph.train_op, graph.seen], each)[1] for each in feeds]
    np.savez(batches, images=[each[graph.x_real] for each in feeds], noises=[
        [each[noise] for noise in (graph.z_noise, graph.z_noise_g) if noise is not None]
        for each in feeds])
    return weights, images, batches, [[each.g_loss, each.d_loss] for each in seen]


@pytest.mark.slow
@pytest.mark.parametrize("library", list(program.LIBRARIES))
@pytest.mark.parametrize("model", list(models.MODELS))
def test_a_peer_computes_the_losses_of_the_graph(model, library, followed):
    if not has(library):
        pytest.skip(f"{PYTHON} has no {library}: pip install -r requirements/peers.txt")
    weights, images, batches, losses = followed(model)
    golden = load(model)
    for mode in networks.modes(library, model)[:2]:
        if mode == networks.COMPILED and model != "gan":
            continue        # takes minutes
        given = dict(library=library, model=model, mode=mode, batch=golden["batch_size"],
                     threads=1, images=images, weights=weights, following=True)
        with beside.Peer(PYTHON, given) as peer:
            peer.send({"follow": batches})
            found = peer.receive()
            assert peer.rate(1) > 0     # with dropout off, and noise and images of its own
        # In the order in which they are computed. Of dcgan, whose golden numbers are of one
        # iteration, G's second update would make too much of rounding.
        g_first = golden["schedule"].startswith("G(")
        pairs = [pair for both in zip(losses, found)
                 for pair in list(zip(*both))[::1 if g_first else -1]]
        pairs = pairs[:-1] if model == "dcgan" else pairs
        assert pairs[0][1] == pytest.approx(pairs[0][0], rel=1e-4), mode
        for ours, theirs in pairs:
            assert theirs == pytest.approx(ours, rel=tolerance(golden)), (mode, pairs)


# Answers as peers/program.py does: by way, so many iterations a second. Its folder has a file for
# as long as it runs.
STUB = """
import json, os, sys
if len(sys.argv) == 1:
    print(json.dumps({"torch": "PyTorch 9", "jax": ["ModuleNotFoundError: No module named 'jax'"]}))
    sys.exit()
given = json.loads(sys.argv[1])
assert os.path.exists(given["weights"]) and os.path.exists(given["images"]) and given["batch"] == 32
assert given["threads"] == 7
if given["mode"] == "compiled":
    print(json.dumps({"error": "RuntimeError: no compiler"}))
    sys.exit()
running = os.path.join(os.path.dirname(__file__), "running-%d" % os.getpid())
open(running, "w").close()
print(0.5, flush=True)
for line in sys.stdin:
    with open(os.path.join(os.path.dirname(__file__), given["mode"]), "a") as counts:
        counts.write(line)
    if given["mode"] == "compiled, channels last":
        sys.exit("it breaks")
    print(int(line) / {"eager": 500, "channels last": 1000}[given["mode"]], flush=True)
os.remove(running)
"""


class Trainer:
    """A side of the benchmark that is no process.

    Its iterations per second in each round; in the middle 250, and tf1gan's 2000.
    """
    asked = []      # of each side: the hyperparameters

    def __init__(self, side, _, __, hyperparameters):
        self._rates = iter([1000.0, 2000.0, 6000.0, 2000.0, 2000.0]
                           if side is sides.training_side else
                           [250.0, 250.0, 1000.0, 250.0, 1000.0])
        self.asked.append(hyperparameters)

    __enter__, __exit__ = lambda self: self, lambda *_: None

    def iterations(self, _):
        return 3

    def rate(self, _):
        return next(self._rates)


def test_a_peers_quickest_way_is_measured_and_what_is_missing_is_said(
        command, small_data, tmp_path, monkeypatch):
    """Also which ways do not work. The processes end."""
    stub = tmp_path / "stubs" / "stub.py"
    stub.parent.mkdir()
    stub.write_text(STUB)
    monkeypatch.setattr(beside, "_PROGRAM", str(stub))
    monkeypatch.setattr(beside.turns, "Trainer", Trainer)
    monkeypatch.setattr(process, "cores", lambda: 7)
    done = command("benchmark", "--peers", "--model", "plain_dcgan", "--seconds", 0.01,
                   "--batch-size", 32, "--data-dir", small_data)
    assert done.returncode == 0, done.stderr
    first, *lines = [line for line in done.stdout.splitlines() if line]
    assert first.startswith("JAX is not measured") and "requirements/peers.txt" in first
    assert lines.pop().endswith("plain_dcgan: it breaks")
    assert lines.pop().endswith("compiled, does not train plain_dcgan: RuntimeError: no compiler")
    conditions, row = printed("\n".join(lines))
    assert "PyTorch 9" in conditions and row["model"] == "`plain_dcgan` at 32"
    assert row["PyTorch, it/s"] == "1000 (channels last)" and row["JAX, it/s"] == ""
    assert row["tf1gan to PyTorch"] == "2.00 (1.00 to 6.00)" and row["tf1gan to JAX"] == ""
    assert row["tf1gan to the tutorial's loop"] == "8.00 (2.00 to 8.00)"
    assert len([name for name in os.listdir(str(stub.parent)) if "running" in name]) == 1   # broken
    counts = (stub.parent / "channels last").read_text().split()
    assert counts[-turns.ROUNDS:] == ["10"] * turns.ROUNDS      # as many as take a hundredth


def test_beside_others_tf1gan_goes_the_way_of_its_long_runs(small_data, monkeypatch, tmp_path):
    """That of batches of the size that is asked for."""
    monkeypatch.setenv("TF1GAN_CACHE", str(tmp_path))
    monkeypatch.setattr(ways, "LONG", 20000)
    monkeypatch.setattr(ways, "measure", lambda settings: {
        "loop": 1.0, "compiled": 2.0 if settings.batch_size == 8 else 0.5})
    monkeypatch.setattr(ways, "compiles", lambda: True)
    monkeypatch.setattr(beside.turns, "Trainer", Trainer)
    monkeypatch.setattr(Trainer, "asked", [])
    beside.measure("gan", small_data, PYTHON, [], batch_size=8)
    assert Trainer.asked == [{"batch_size": 8, "way": "compiled"}] * 2


@pytest.mark.parametrize("model, given, size, low, apart", [
    ("gan", {"batch_size": 16}, 16, -1, False), ("xavier_gan", {}, 128, 0, True)])
def test_the_tutorials_side_has_the_models_images_in_batches_of_the_size_asked_for(
        model, given, size, low, apart, small_data, monkeypatch):
    seen = []
    monkeypatch.setattr(document_loops, "build", lambda *built: lambda _, images: seen.append(
        (built, images)))
    with sides.document_side(model, small_data, given, apart) as answer:
        assert answer(2) > 0
    assert len(seen) == 2 and not np.array_equal(seen[0][1], seen[1][1])
    for built, images in seen:
        assert built == (model, apart) and images.shape == (size, 784)
        assert (images.min(), images.max()) == (low, 1)


# Writes what train.py does: by recipe, evaluations, and then a failure or no end.
TRAINS = """
import sys, time
best = "best" in sys.argv
assert "--bfloat16" not in sys.argv
assert sys.argv[sys.argv.index("--evaluate-every") + 1] == "2000"
for step, distance in enumerate([7, 9] if best else [13, 9, 5, 7], 1):
    print(f"Step {step}: Frechet distance {distance:.2f}, the best so far, 10 digits covered.",
          flush=True)
if best:
    sys.exit("train.py: broken")
time.sleep(600)
"""


def test_the_time_to_digits_ends_at_half_the_tutorials_distance(
        command, mnist, small_data, monkeypatch):
    monkeypatch.setattr(programs, "TRAIN", ["-c", TRAINS])
    done = command("benchmark", "--time-to-digits", "--model", "gan", "--data-dir", MNIST_FOLDER)
    *table, failure = [line for line in done.stdout.splitlines() if line]
    assert done.returncode == 1 and failure == "gan with --recipe best fails: train.py: broken"
    _, best = printed("\n".join(table[:-2] + table[-1:]))
    _, document = printed("\n".join(table[:-1]))
    assert (document["`--recipe`"], best["`--recipe`"]) == ("`document`", "`best`")
    assert document["distance to reach"] == best["distance to reach"] == "6.01"    # of 12.02
    assert document["iterations to it"] == "3" and best["iterations to it"] == ""
    assert float(document["minutes to twice the distance"]) < 1
    assert best["minutes to it"] != "" and "not in" not in best["minutes to twice the distance"]
    assert (document["lowest distance"], best["lowest distance"]) == ("5.00", "7.00")
    done = command("benchmark", "--time-to-digits", "--data-dir", small_data)
    assert done.returncode == 2 and "give --distance" in done.stderr


def test_another_distance_and_bfloat16_are_what_is_asked_of_train(
        command, small_data, monkeypatch, tmp_path):
    trains = ("import sys\nwith open('asked', 'a') as file: print(*sys.argv[1:], file=file)\n"
              "for step, distance in enumerate(['16.00', '8.00'], 7):\n"
              "    print(f'Step {step}: Frechet distance {distance}, 10 digits covered.')\n")
    monkeypatch.setattr(programs, "TRAIN", ["-c", trains])
    done = command("benchmark", "--time-to-digits", "--model", "gan", "--distance", 8,
                   "--bfloat16", "--data-dir", small_data)
    assert done.returncode == 0, done.stderr
    assert "to a Frechet distance of 8." in done.stdout
    *table, _ = [line for line in done.stdout.splitlines() if line]
    _, row = printed("\n".join(table))
    assert row["model"] == "`gan --bfloat16`" and row["distance to reach"] == "8.00"
    assert row["iterations to it"] == "8"
    assert row["minutes to it"] != "" and "not in" not in row["minutes to twice the distance"]
    lines = (tmp_path / "asked").read_text().splitlines()
    for line, recipe in zip(lines, ("document", "best")):
        assert f"--model gan --recipe {recipe} --data-dir {small_data} " in line
        assert "--bfloat16" in line
    assert len(lines) == 2


def test_a_run_that_takes_too_long_is_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "TRAIN", ["-c", TRAINS])
    found = time_to_digits.measure("gan", "document", 4.0, str(tmp_path), minutes=0.02)
    distances = [each.frechet for each in found.evaluations]     # fewer on a busy machine
    assert distances == [13.0, 9.0, 5.0, 7.0][:len(distances)]
    assert 0.02 <= found.minutes < 5 and not found.failure and found.first(4.0) is None


@pytest.mark.slow
def test_the_time_to_digits_is_that_of_the_real_command(forked, monkeypatch):
    monkeypatch.setattr(sys, "executable", forked)
    monkeypatch.setitem(time_to_digits.IMAGES, "gan", 64 * 5)
    found = time_to_digits.measure("gan", "document", 1e4, MNIST_FOLDER, minutes=10)
    assert [each.step for each in found.evaluations] == [5] and not found.failure
