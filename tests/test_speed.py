"""What makes training fast changes nothing else."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time

import numpy as np
import pytest
from helpers import LARGE, set_variables, slow

import tf1gan
from tf1gan import models, runs
from tf1gan.compat import compiles, tf
from tf1gan.errors import UserError
from tf1gan.graph import build_from, drawing
from tf1gan.lab import arithmetic, around, document_loops, operations, sides, speed, turns
from tf1gan.training import session_config


@pytest.mark.as_users
@pytest.mark.parametrize("model, g_steps", [slow("gan", 1), ("gan", 2), slow("xavier_gan", 1)])
def test_several_iterations_in_one_run_are_those_iterations(model, g_steps):
    rs = np.random.RandomState(0)
    images = rs.rand(7, 8, 784).astype(np.float32)
    noise = rs.uniform(-1, 1, (7, 8 * g_steps, 100)).astype(np.float32)
    with tf.Graph().as_default():
        graph = tf1gan.build(model, seed=0, batch_size=8, ema=0.9, g_steps=g_steps)
        initialize = tf.global_variables_initializer()
        weights = tf.global_variables()     # Adam's and the averages, too
        with tf.Session() as session:
            session.run(initialize)
            one_by_one = [session.run([graph.train_op, graph.seen],
                                      {graph.x_real: x, graph.z_noise: z})[1]
                          for x, z in zip(images, noise)]
            first = session.run(weights)
        with tf.Session() as session:
            session.run(initialize)
            at_once = session.run(graph.many.seen,
                                  {graph.many.x_real: images, graph.many.z_noise: noise})
            second = session.run(weights)
            assert session.run(graph.global_step) == 7
    assert np.array_equal(np.transpose(one_by_one), at_once)
    assert all(np.array_equal(*pair) for pair in zip(first, second))


@pytest.mark.skipif(not compiles(), reason="takes a TensorFlow that compiles")
@pytest.mark.parametrize("model, options", [
    ("gan", {"d_steps": 2, "ema": 0.9, "gradient_penalty": 1.0}), ("xavier_gan", {"loss": "wgan"})])
def test_compiled_they_are_those_iterations_but_for_rounding(model, options):
    """With the same masks. And in two runs exactly those in one."""
    settings = models.resolve(model, dict(options, batch_size=8))
    rs = np.random.RandomState(0)
    images = rs.rand(7, settings.images_in_iteration, 784).astype(np.float32)
    noise = rs.uniform(-1, 1, (7, 8 * settings.noise_batches, 100)).astype(np.float32)
    with tf.Graph().as_default():
        graph = build_from(settings, 0, way=models.COMPILED)
        assert not [each for each in drawing().library.function     # TensorBoard's
                    if "iterations" in each.signature.name]
        initialize, weights = tf.global_variables_initializer(), tf.global_variables()

        def together(session, some):
            return session.run(graph.many.seen, {
                graph.many.x_real: images[some], graph.many.z_noise: noise[some]})
        with tf.Session() as session:
            session.run(initialize)
            begin = session.run(weights)
            one_by_one = [session.run([graph.train_op, graph.seen],
                                      {graph.x_real: x, graph.z_noise: z})[1]
                          for x, z in zip(images, noise)]
            first = session.run(weights)
            set_variables(session, zip(weights, begin))
            seen, second = together(session, slice(7)), session.run(weights)
            set_variables(session, zip(weights, begin))
            parts = together(session, slice(3)), together(session, slice(3, 7))
            third = session.run(weights)
            with pytest.raises(tf.errors.InvalidArgumentError, match="more than 20 iterations"):
                session.run(graph.many.seen, {graph.many.x_real: np.repeat(images, 3, 0),
                                              graph.many.z_noise: np.repeat(noise, 3, 0)})
    assert np.allclose(np.transpose(one_by_one), seen, rtol=1e-3, atol=1e-4)
    assert all(np.allclose(*pair, rtol=1e-2, atol=1e-4) for pair in zip(first, second))
    assert np.array_equal(np.concatenate(parts, 1), seen)
    assert all(np.array_equal(*pair) for pair in zip(second, third))


def test_an_iteration_is_as_much_arithmetic_as_it_is_by_hand():
    g, d = 100 * 128 + 128 * 784, 784 * 128 + 128
    by_hand = 2 * 64 * (4 * g + 8 * d - 100 * 128 - 2 * 784 * 128)
    assert arithmetic.iteration_flop("gan") == by_hand
    assert arithmetic.iteration_flop("gan", batch_size=32) == by_hand // 2
    # Both updates of xavier_gan, whose layers are twice as large, are of the same pass through G.
    by_hand = 2 * 128 * 2 * (3 * g + 7 * d - 100 * 128 - 2 * 784 * 128)
    assert arithmetic.iteration_flop("xavier_gan") == by_hand
    assert 70e9 < arithmetic.iteration_flop("dcgan") < 78e9
    assert all(arithmetic.iteration_flop(model, batch_size=2) > 0
               for model in document_loops.NETWORKS)


@pytest.mark.parametrize("model, apart", [
    slow(model, apart) if model in LARGE else (model, apart) for apart, which in (
        (False, document_loops.NETWORKS), (True, document_loops.ONE_RUN)) for model in which])
def test_the_loop_that_is_compared_with_has_the_models_networks(graph_of, model, apart):
    graph = graph_of(model)
    ours = sorted(variable.shape.as_list() for variable in
                  graph.generator_variables + graph.discriminator_variables)
    with tf.Graph().as_default(), tf.Session() as session:
        iterate = document_loops.build(model, apart)
        theirs = sorted(v.shape.as_list() for v in tf.trainable_variables())
        session.run(tf.global_variables_initializer())
        before = session.run(tf.trainable_variables())
        images = np.random.RandomState(0).rand(4, 784).astype(np.float32)
        iterate(session, images)
        after = session.run(tf.trainable_variables())
    assert ours == theirs
    assert not any(np.array_equal(*pair) for pair in zip(before, after))


# How many threads have a share in large matrix products, when a run of `gan` is open.
BUSY_THREADS = """
import glob, sys
from tf1gan import training
from tf1gan.compat import tf

def seconds():
    return {path: sum(map(int, open(path).read().rsplit(")", 1)[1].split()[11:13]))
            for path in glob.glob("/proc/self/task/*/stat")}

settings = training.Options(logdir=sys.argv[1], data_dir=sys.argv[2])
one_at_a_time = tf.ConfigProto(inter_op_parallelism_threads=1, use_per_session_threads=True)
with training.open_run("gan", settings), tf.Graph().as_default(), \
        tf.Session(config=one_at_a_time) as session:
    factor = tf.Variable(tf.ones([1500, 1500]))
    product = tf.matmul(factor, factor).op
    session.run(tf.global_variables_initializer())
    session.run(product)
    before = seconds()
    while sum(seconds().values()) < sum(before.values()) + 100:
        session.run(product)
    used = [spent - before.get(path, 0) for path, spent in seconds().items()]
print(sum(each > 20 for each in used))
"""


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="takes Linux's /proc")
def test_a_small_model_has_one_thread_for_each_operation(tmp_path, small_data, forked):
    done = subprocess.run([forked, "-c", BUSY_THREADS, str(tmp_path), small_data],
                          stdout=subprocess.PIPE, universal_newlines=True, timeout=300)
    assert done.stdout.splitlines()[-1] == "1"


@pytest.mark.parametrize("model, rows, threads", [
    ("gan", 64, 1), ("xavier_gan", 512, 1), ("gan", 1024, 0), ("dcgan", 16, 0)])
def test_the_work_decides_how_many_threads_an_operation_has(model, rows, threads):
    """0 is one for each core. A large model's operations run two at a time."""
    made = session_config.make(models.resolve(model, {"batch_size": rows}))
    assert made.intra_op_parallelism_threads == threads
    assert made.inter_op_parallelism_threads == (2 if model == "dcgan" else 0)
    made = session_config.make(models.resolve(model, {"batch_size": rows}), models.COMPILED)
    assert made.intra_op_parallelism_threads == 0


@pytest.mark.parametrize("given, most", [
    ({}, 20), ({"batch_size": 256}, 20), ({"batch_size": 1024}, 6),
    ({"batch_size": 512, "d_steps": 2}, 6), ({"batch_size": 10000}, 1)])
def test_a_run_has_fewer_iterations_of_large_batches(given, most):
    assert models.resolve("gan", given).iterations_per_run == most
    assert models.resolve("dcgan", given).iterations_per_run == 1


def test_the_benchmarks_usual_batches_are_those_that_fit_once_each(
        small_data, monkeypatch, capsys):
    monkeypatch.setattr(speed, "measure", lambda *_, **__: [speed.Measured([1.0], 0.0, 0.0)])
    speed.report(["gan"], small_data, False, False, 1.0)
    sizes = [line.split("|")[2].strip() for line in capsys.readouterr().out.splitlines()
             if line.startswith("| `gan`")]
    assert sizes == ["64 (its own)", "16", "256"]       # of 16, 64, 256 and 1024
    with pytest.raises(UserError, match="--batch-size 1024 "):
        operations.report(["gan"], small_data, False, [16, 1024])
    with pytest.raises(UserError, match="--batch-size 551 "):    # of 600 images 50 are held back
        speed.report(["gan"], small_data, True, False, 1.0, [550, 551])
    assert not capsys.readouterr().out


def test_a_batch_size_that_is_given_twice_is_measured_once(command, small_data, monkeypatch):
    asked = []

    def measure(*_, **options):
        asked.append(options["batch_size"])
        return [speed.Measured([1.0], 0.0, 0.0)]
    monkeypatch.setattr(speed, "measure", measure)
    monkeypatch.setattr(speed, "peak", lambda *_: 1e9)
    done = command("benchmark", "--model", "gan", "--batch-size", "32,16,32,16",
                   "--data-dir", small_data)
    assert done.returncode == 0, done.stderr
    assert asked == [32, 16]


def test_bfloat16_is_refused_in_one_line_where_there_is_none(monkeypatch):
    monkeypatch.setattr(session_config, "_cpu_flags", lambda: {"avx2", "fma"})
    with pytest.raises(UserError, match="--bfloat16"):
        session_config.make(models.resolve("dcgan", {"bfloat16": True}))
    assert session_config.make(models.resolve("dcgan", {})).gpu_options.allow_growth


def printed(output):
    """(the line of conditions, the cells of a table's only row by their columns' names)."""
    conditions, *table = [line for line in output.splitlines() if line][-4:]
    names, _, cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in table)
    return conditions, dict(zip(names, cells))


@pytest.mark.slow
def test_the_benchmark_says_both_speeds_and_their_ratio(command, small_data):
    done = command("benchmark", "--model", "gan", "--compare", "--seconds", "0.05",
                  "--batch-size", 32, "--data-dir", small_data)
    assert done.returncode == 0, done.stderr
    conditions, row = printed(done.stdout)
    assert tf.__version__ in conditions and time.strftime("%Y-") in conditions
    assert row["model"] == "`gan` at 32" and len(row["in each round"].split(", ")) == turns.ROUNDS
    document, ours = float(row["tutorial's loop, it/s"]), float(row["tf1gan, it/s"])
    assert float(row["ratio"]) == pytest.approx(ours / document, rel=0.02)
    assert float(row["GFLOP/s"]) == pytest.approx(
        ours * arithmetic.iteration_flop("gan", 32) / 1e9, rel=0.1, abs=0.6)


@contextlib.contextmanager
def endless(folder, deaf):
    """A side that has files, hears no Ctrl-C and, but for its first iteration, does not end.

    It sleeps in short pieces: a signal that comes just before a sleep begins waits for its end.
    """
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    if deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with tempfile.TemporaryDirectory(dir=folder):
        yield lambda count: [time.sleep(0.1) for _ in range(0 if count == 1 else 6000)]


@pytest.mark.slow
@pytest.mark.parametrize("deaf", [False, True])     # as one that waits for another worker is
def test_a_benchmark_that_is_interrupted_ends_its_processes(tmp_path, monkeypatch, deaf):
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(turns, "PATIENCE", 1.0 if deaf else 300.0)
    with pytest.raises(KeyboardInterrupt), turns.Trainer(endless, str(tmp_path), deaf) as worker:
        assert os.listdir(str(tmp_path))
        assert signal.getsignal(signal.SIGINT) == before
        worker.send(2)
        raise KeyboardInterrupt
    assert bool(os.listdir(str(tmp_path))) == deaf      # with its folder, but where it is killed


@pytest.mark.slow
def test_a_benchmark_that_is_interrupted_while_a_process_starts_ends_it(tmp_path, monkeypatch):
    def interrupted(self):
        while not os.listdir(str(tmp_path)):
            time.sleep(0.1)
        raise KeyboardInterrupt
    monkeypatch.setattr(turns.Member, "receive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        turns.Trainer(endless, str(tmp_path), False)
    assert not os.listdir(str(tmp_path))


def test_a_benchmark_that_is_terminated_ends_its_processes(command, small_data, monkeypatch):
    """As by Ctrl-C: what is open is closed, as a worker would be."""
    def measure(*_, **__):
        with contextlib.ExitStack() as stack:
            stack.callback(ended.append, True)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
    ended = []
    monkeypatch.setattr(speed, "measure", measure)
    monkeypatch.setattr(speed, "peak", lambda *_: 1e9)
    done = command("benchmark", "--model", "gan", "--data-dir", small_data)
    assert done.returncode == 128 + signal.SIGTERM and ended == [True]


class Here(contextlib.ExitStack):
    """A worker of the benchmark without a process of its own."""

    def __init__(self, side, *arguments):
        super().__init__()
        self.answer = self.enter_context(side(*arguments))

    def iterations(self, _):
        return 3

    def rate(self, count):
        return count / self.answer(count)


@pytest.mark.slow
def test_the_benchmark_measures_what_surrounds_training(small_data, monkeypatch, capsys):
    monkeypatch.setattr(turns, "Trainer", Here)
    monkeypatch.setattr(around, "DIGITS", 200)
    around.report(["gan"], small_data, 0.05)
    conditions, row = printed(capsys.readouterr().out)
    assert tf.__version__ in conditions
    assert float(row["it/s"]) > 0 and float(row["drawing 200 digits, s"]) >= 0
    assert -0.05 < float(row["an evaluation during training, s"]) < 60


@pytest.mark.parametrize("evaluating", [False, True])
def test_the_side_that_evaluates_does_so_after_its_iterations(small_data, evaluating):
    with sides.side("gan", small_data, dict(batch_size=50), evaluating=evaluating) as (
            train, run, _):
        train(3)
        best = runs.read_json(run.folder, runs.BEST_FACTS)
    assert best.get("step") == (3 if evaluating else None)


def test_what_an_evaluation_takes_of_training():
    assert around.Around(1000.0, 0.125, 0.0, 0.0).lost == pytest.approx(0.2)


@pytest.mark.slow
def test_a_profile_has_the_products_of_an_iteration(small_data):
    found = operations.profile("keras_gan", small_data, batch_size=16)
    kinds = list(found.kinds)
    assert any("MatMul" in kind for kind in kinds[:6]), kinds
    assert list(found.kinds.values()) == sorted(found.kinds.values(), reverse=True)
    assert 0 < sum(found.kinds.values()) <= 1.05 * os.cpu_count() * found.wall
