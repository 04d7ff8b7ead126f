"""Several workers train as one process does: with real processes on the loopback."""

import concurrent.futures
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
import test_golden
import worker_program
from helpers import ROOT, graph_of_a_run, slow

import tf1gan
from tf1gan import console, layers, models, pickles, process, runs, schedule, strategy, training
from tf1gan.compat import tf
from tf1gan.errors import reason
from tf1gan.graph import build_from
from tf1gan.lab import together
from tf1gan.machines import collectives, launcher, peers, worker as servers
from tf1gan.machines.cluster import Cluster, from_environment
from tf1gan.machines.together import Together
from tf1gan.machines.worker import Worker
from tf1gan.runs.comparison import compare
from tf1gan.training import loop, session_config

TRAIN = os.path.join(ROOT, "scripts", "train.py")

# Dropout's masks, several updates, averages, a gradient through a gradient through normalization.
HARD = [
    ("gan", {"g_steps": 2, "ema": 0.9}),
    ("keras_gan", {"loss": "hinge"}),
    ("xavier_gan", {"loss": "wgan", "d_steps": 2}),
    ("eager_dcgan", {}),
    ("plain_dcgan", {"batch_norm": "both", "gradient_penalty": 3.0, "channels": "4,2"}),
]

# Biases in front of batch normalization: their gradients are rounding noise.
NORMALIZED_AWAY = {
    "keras_gan": "fc_layer2/dense/bias",
    "plain_dcgan": "/b_(g1|g2|d2)(/|$)",
}


@pytest.fixture
def held():
    """How many -> so many addresses, which nobody else gets before the test's end."""
    with contextlib.ExitStack() as stack:
        yield lambda count: stack.enter_context(launcher.held_hosts(count))


def run_workers(count, jobs, python):
    """What each worker answers, a list of records for each."""
    with launcher.held_hosts(count) as hosts:
        processes = [launcher.start(
            [python, os.path.join(ROOT, "tests", "worker_program.py"), json.dumps(jobs)],
            Cluster(hosts, index), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            universal_newlines=True) for index in range(count)]
        try:
            done = [process.communicate(timeout=200) for process in processes]
        finally:        # one that hangs must not live on beside other tests
            for process in processes:
                process.kill()
                process.communicate()
    assert [process.returncode for process in processes] == [0] * count, done
    return [[json.loads(line) for line in out.splitlines() if line.startswith("{")]
            for out, _ in done]


def check_same_everywhere(answers):
    """Every variable, bit by bit, after every iteration."""
    for of_job in zip(*answers):
        assert all(answer["digests"] == of_job[0]["digests"] for answer in of_job)
        assert len(set(of_job[0]["digests"])) == len(of_job[0]["digests"])


def check_golden(models, answers):
    for model, *of_workers in zip(models, *answers):
        golden = test_golden.load(model)
        for s, losses in enumerate(golden["losses"]):
            seen = np.mean([answer["losses"][s][:2] for answer in of_workers], axis=0)
            assert tuple(seen) == test_golden.near(golden, losses), model
        assert not of_workers[0]["too_far"], model


@pytest.mark.slow
def test_two_workers_give_the_documents_numbers_and_stay_the_same(mnist, forked):
    """The others are compared with one process, below, which gives the documents' numbers."""
    models = ["gan", "dcgan", "eager_dcgan"]
    answers = run_workers(2, [{"model": model} for model in models], forked)
    check_same_everywhere(answers)
    check_golden(models, answers)


@pytest.mark.slow
def test_three_workers_give_the_numbers_of_one_process(forked):
    answers = run_workers(3, [{"model": model, "options": options} for model, options in HARD],
                          forked)
    check_same_everywhere(answers)
    for (model, options), answer in zip(HARD, answers[0]):
        alone = train_alone(model, options)
        np.testing.assert_allclose(answer["losses"], alone["losses"], rtol=2e-4, err_msg=model)
        for name, norm in alone["norms"].items():
            if re.search(NORMALIZED_AWAY.get(model, "^$"), name):
                continue
            assert answer["norms"][name] == pytest.approx(norm, rel=1e-3, abs=1e-5), (model, name)


def train_alone(model, options):
    with tf.Graph().as_default():
        graph = graph_of_a_run(model, seed=3, batch_size=worker_program.ROWS, **options)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            losses = [session.run([graph.train_op, graph.seen],
                                  worker_program.batch(graph, s).feeds(graph, 0))[1]
                      for s in range(worker_program.ITERATIONS)]
            return {"losses": losses, "norms": worker_program.norms(session)}


@pytest.mark.release
def test_two_workers_on_the_other_tensorflow(mnist, other_forked):
    models = ["gan", "keras_gan", "eager_dcgan"]
    answers = run_workers(2, [{"model": model} for model in models], other_forked)
    check_same_everywhere(answers)
    check_golden(models, answers)


def test_what_an_iteration_reduces_is_counted(graph_of, command):
    """Both networks' gradients, and six numbers: losses, D's outputs and signals."""
    graph = graph_of("gan")
    weights = [4 * sum(variable.shape.num_elements() for variable in variables)
               for variables in (graph.generator_variables, graph.discriminator_variables)]
    assert sorted(together.reductions("gan", 2)) == sorted(weights + [4 * 6])
    done = command("benchmark", "--model", "gan", "--workers", "1,2", "--seconds", 0)
    assert done.stdout == "gan          2 workers: an iteration reduces 0.86 MB in 3 reductions\n"
    assert "--seconds must be a number above 0, not -1" in command(
        "benchmark", "--seconds", -1).stderr


@pytest.mark.parametrize("shape", [[6, 2, 2, 3], [6, 3]])
@pytest.mark.parametrize("training, workers", [(True, 1), (True, 0), (False, 0)])
def test_normalization_is_tf_layers(shape, training, workers):
    """One worker has all rows. (Moving statistics move too little to tell much after a run.)"""
    x = np.random.RandomState(0).normal(1, 3, shape).astype(np.float32)

    def values(normalize, workers):
        with tf.Graph().as_default():
            if workers:
                strategy.note(Together(Cluster(("a:1",), 0)))
            rows = tf.placeholder(tf.float32, [None] + shape[1:])
            with tf.variable_scope("normalized", use_resource=True):
                y = normalize(rows, training=training)
            gradients = tf.gradients(tf.sin(y), [rows] + tf.trainable_variables())
            variables = tf.global_variables()
            rs = np.random.RandomState(1)
            with tf.Session() as session:
                session.run([variable.initializer for variable in variables], {
                    variable.initializer.inputs[1]: rs.uniform(0.5, 2, variable.shape.as_list())
                    for variable in variables})
                seen = session.run([y] + gradients, {rows: x})
                session.run(tf.get_collection(tf.GraphKeys.UPDATE_OPS), {rows: x})
                return ([variable.op.name for variable in variables], tf.trainable_variables(),
                        seen + session.run(variables))
    (names, trained, ours), (their_names, _, theirs) = (
        values(layers.batch_normalization, workers), values(tf.layers.batch_normalization, 0))
    assert names == their_names and len(trained) == 2
    assert len(ours) == len(theirs) == 8
    for one, other in zip(ours, theirs):
        if workers:
            np.testing.assert_allclose(one, other, rtol=2e-6, atol=2e-6)
        else:
            assert np.array_equal(one, other)


@pytest.mark.parametrize("asked", [True, False])
def test_with_bfloat16_a_workers_graph_has_nothing_fused(asked, monkeypatch):
    """Rewritten a second time, a fused convolution would be given bfloat16, which it lacks."""
    rewrites = tf.ConfigProto().graph_options.rewrite_options
    if not hasattr(rewrites, "auto_mixed_precision_onednn_bfloat16"):
        pytest.skip("this TensorFlow has no such rewrite")
    monkeypatch.setattr(session_config, "_cpu_flags", lambda: {"avx512_bf16"})
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    made = servers.configured(session_config.make(models.resolve("dcgan", {"bfloat16": asked})),
                          Cluster(("a:1", "b:1"), 1))
    rewrites = made.graph_options.rewrite_options
    assert (rewrites.remapping == type(rewrites).OFF) == asked


@pytest.mark.parametrize("model", ["gan", slow("eager_dcgan")])
def test_d_is_looked_at_on_real_and_on_generated_images_by_one_worker(model):
    def all_before(op):
        seen, left = set(), [op]
        while left:
            op = left.pop()
            if op not in seen:
                seen.add(op)
                left += [tensor.op for tensor in op.inputs] + list(op.control_inputs)
        return seen
    with tf.Graph().as_default():
        graph = build_from(models.resolve(model, {}), 0,
                             Together(Cluster(("a:1", "b:1"), 0)))
    real, fake = [all_before(output.op) for output in graph.d_outputs]
    assert graph.x_real.op in real and graph.z_noise.op not in real
    assert graph.z_noise.op in fake and graph.x_real.op not in fake
    assert not [op for op in real | fake if op.type == "CollectiveReduce"]


# -- Who takes part ----------------------------------------------------------------------------

def configured(cluster, kind="worker", index=0):
    return {"TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": kind, "index": index}})}


@pytest.mark.parametrize("environment, words", [
    ({"TF_CONFIG": "{"}, "not JSON"),
    ({"TF_CONFIG": "3"}, "not an object"),
    ({"TF_CONFIG": '{"cluster": []  , "task": 3}'}, "not an object"),
    (configured({"worker": ["a:1", "b:1"]}, index=2), "index 2"),
    (configured({"worker": ["a:1", "b:1"]}, index=-1), "index -1"),
    (configured({"worker": ["a:1", "b:1"]}, index="one"), "'one'"),
    (configured({"worker": ["a:1", "b:1"]}, index=True), "True"),
    (configured({"worker": ["a:1", "b"]}), "'b'"),
    (configured({"worker": ["a:1", "b:65536"]}), "b:65536"),
    (configured({"worker": ["a:1", "b:0"]}), "b:0"),
    (configured({"worker": []}), "has no workers"),
    (configured({"worker": ["a:1\n", "b:1"]}), "'a:1\\n'"),
    (configured({"worker": ["a:1,c:1", "b:1"]}), "'a:1,c:1'"),
    (configured({"worker": ["a:\u0661", "b:1"]}), "which is not NAME:PORT"),
    (configured({"worker": ["\udcff:1", "b:1"]}), "which is not NAME:PORT"),
    (configured({"worker": ["a\0:1", "b:1"]}), "which is not NAME:PORT"),
    (configured({"worker": ["::1:1", "b:1"]}), "'::1:1'"),
    (configured({"worker": ["a:1", "a:1"]}), "a:1 twice"),
    (configured({"worker": ["a:1", "A:1"]}), "a:1 twice"),
    ({"TF_CONFIG": '{"cluster": {"worker": ["a:1", "b:1"]}}'}, "which of the workers this is"),
    ({"TF_CONFIG": "[" * 10 ** 5}, "not JSON"),
    (configured({"worker": "a:1"}), "a list"),
    (configured({"worker": ["a:1"], "chief": ["b:1", "c:1"]}), "one chief"),
    (configured({"worker": ["a:1", "b:1"], "ps": ["c:1"]}), "'ps'"),
    (configured({"worker": ["a:1", "b:1"]}, "evaluator"), "'evaluator'"),
    (configured({"worker": ["a:1", "b:1"]}, "chief"), "there are 0 chiefs"),
])
def test_a_wrong_tf_config_is_told_in_a_line(environment, words):
    with pytest.raises(tf1gan.UserError, match="^TF_CONFIG .*") as error:
        from_environment(environment)
    assert words in str(error.value) and "\n" not in str(error.value)


def test_the_chief_is_worker_0_and_one_worker_is_no_cluster():
    cluster = {"worker": ["b:1", "c:1"], "chief": ["a:1"]}
    assert from_environment(configured(cluster, "chief")) == Cluster(("a:1", "b:1", "c:1"), 0)
    assert from_environment(configured(cluster, index=1)) == Cluster(("a:1", "b:1", "c:1"), 2)
    unsaid = dict(cluster=cluster, task={"type": "chief"})
    assert from_environment({"TF_CONFIG": json.dumps(unsaid)}).index == 0
    unsaid["task"] = {"index": 1}
    assert from_environment({"TF_CONFIG": json.dumps(unsaid)}).index == 2
    told = Cluster(("a:1", "[fe80::1%eth0]:1"), 1)
    assert from_environment({"TF_CONFIG": told.environment()}) == told
    for nobody in ({}, {"TF_CONFIG": " "}, {"TF_CONFIG": "{}"},
                   configured({"worker": ["a:1"]}), configured({"chief": ["a:1"]}, "chief")):
        assert from_environment(nobody) is None


def test_cores_are_divided_evenly_and_nobody_has_none():
    def shares(cores, size):
        return [launcher.share(list(range(cores)), Cluster(("a:1",) * size, index))
                for index in range(size)]
    assert shares(8, 3) == [[0, 1], [2, 3, 4], [5, 6, 7]]
    assert shares(2, 2) == [[0], [1]]
    assert shares(2, 3) == [[0], [0], [1]]


@pytest.mark.parametrize("of_0, shown", [
    ("sleep(0.5); complain('train.py: no such'); exit(2)", ["train.py: no such"]),
    ("sleep(0.5); complain('train.py: worker 1 has ended'); exit(2)",
     ["train.py: worker 1 has ended", "worker 1: train.py: no such"]),
    ("sleep(2); complain('train.py: worker 1 has ended'); exit(2)",
     ["worker 1: train.py: no such", "train.py: worker 1 has ended"]),
    ("os.kill(os.getpid(), 19)", ["worker 1: train.py: no such"]),
])
def test_what_ends_workers_is_shown_once(monkeypatch, capfd, tmp_path, of_0, shown):
    """Worker 1 is the first to refuse. Worker 0 does the same, or misses it soon or late."""
    program = ("import os; from sys import exit; from time import sleep; "
               "from tf1gan.console import complain\n"
               "if '\"index\": 1' in os.environ['TF_CONFIG']: "
               f"complain('train.py: no such'); os.mkdir({str(tmp_path / 'refused')!r}); exit(2)\n"
               f"while not os.path.exists({str(tmp_path / 'refused')!r}): sleep(0.01)\n{of_0}")
    monkeypatch.setattr(launcher, "command", lambda _: [sys.executable, "-c", program])
    if "kill" in of_0:          # it is stopped
        monkeypatch.setattr(launcher, "GRACE", 0.5)
    if "sleep(0.5)" not in of_0:
        monkeypatch.setattr(launcher, "AT_ONCE", 0.5)
    assert launcher.launch([], 2) == 2
    assert capfd.readouterr().err.splitlines() == shown


@pytest.mark.parametrize("status, shown", [
    (130, ""), (2, "worker 1: not MNIST, Interrupted.\n")])
def test_what_the_others_said_is_shown_after_a_signal_only_of_one_that_fails(
        monkeypatch, capfd, tmp_path, status, shown):
    """Worker 1 is the first to end."""
    program = ("import os, signal, sys, time\n"
               f"ready = os.path.join({str(tmp_path)!r}, 'ready')\n"
               f"def end(*_): time.sleep(leads * 0.5); sys.exit(0 if leads else {status})\n"
               "leads = '\"index\": 0' in os.environ['TF_CONFIG']\n"
               "signal.signal(signal.SIGINT, end)\n"
               "sys.stderr.write('' if leads else 'not MNIST, Interrupted.\\n')\n"
               "open(ready + str(int(leads)), 'w').close()\ntime.sleep(20)")
    monkeypatch.setattr(launcher, "command", lambda _: [sys.executable, "-S", "-c", program])

    def interrupt():
        while len(os.listdir(str(tmp_path))) < 2:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        threads.submit(interrupt)
        assert launcher.launch([], 2) == status
    assert capfd.readouterr().err == shown


@pytest.mark.parametrize("number", [signal.SIGTERM, process.HANGUP])
def test_a_signal_while_workers_are_started_reaches_all(monkeypatch, number):
    start = launcher.start

    def signalled(words, cluster, **options):
        if not cluster.index:           # before there is any worker
            os.kill(os.getpid(), number)
        return start(words, cluster, **options)
    monkeypatch.setattr(launcher, "start", signalled)
    monkeypatch.setattr(launcher, "command",
                        lambda _: [sys.executable, "-S", "-c", "import time; time.sleep(3)"])
    assert launcher.launch([], 2) == 128 + number


def test_nobody_waits_for_a_worker_0_that_has_failed(monkeypatch):
    program = ("import os, sys, time\n"
               "if '\"index\": 0' in os.environ['TF_CONFIG']: sys.exit(2)\ntime.sleep(60)")
    monkeypatch.setattr(launcher, "command", lambda _: [sys.executable, "-S", "-c", program])
    began = time.monotonic()
    assert launcher.launch([], 2) == 2
    assert time.monotonic() - began < launcher.GRACE / 2


@pytest.mark.parametrize("model, workers, size, words", [
    ("gan", 4, 50, "--batch-size 50 does not divide evenly among 4 workers: use 48"),
    ("gan", 4, 1, "among 4 workers: use 4, or"),
    ("gan", 4, 44, None),
    ("eager_dcgan", 16, 176, "last batch of an epoch, of 72 images.* among 16 workers:"),
    ("eager_dcgan", 4, 176, None),
])
def test_a_batch_that_does_not_divide_is_refused(monkeypatch, tmp_path, small_data, model, workers,
                                                 size, words):
    """Of 600 images, batches of 176 leave 72, which 16 does not divide."""
    cluster = Cluster(tuple(f"a:{port}" for port in range(1, workers + 1)), 0)

    def accepted(*_):
        raise NotImplementedError
    monkeypatch.setattr(training, "prepare", accepted)
    with pytest.raises(tf1gan.UserError if words else NotImplementedError, match=words):
        training.train(model, training.Options(
            logdir=str(tmp_path), data_dir=small_data, strategy=Together(cluster)),
                       batch_size=size)
    assert os.listdir(str(tmp_path)) == []


# -- Workers, all of them in this process --------------------------------------------------------

@pytest.fixture
def workers():
    """A function of Clusters that gives the Worker of each."""
    made = []

    def make(*clusters):
        made.extend(Worker(cluster, servers.configured(tf.ConfigProto(), cluster))
                    for cluster in clusters)
        return made[-len(clusters):]
    yield make
    for worker in made:
        worker.leave()


@pytest.fixture
def pair(held):
    hosts = held(2)
    return Cluster(hosts, 0), Cluster(hosts, 1)


def at_once(*calls):
    """What each answers, or the UserError that it raises, called in a thread of its own."""
    def answer(call):
        try:
            return call()
        except tf1gan.UserError as error:
            return error
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(answer, calls))


def test_a_held_port_is_given_to_nobody_else_and_a_worker_can_have_it(held, workers):
    hosts = held(2)
    with contextlib.ExitStack() as stack:
        for host in hosts:
            other = stack.enter_context(socket.socket())
            with pytest.raises(OSError):
                other.bind(("127.0.0.1", int(host.split(":")[1])))
    first, second = workers(Cluster(hosts, 0), Cluster(hosts, 1))
    assert at_once(lambda: first.meet({}, 60), lambda: second.meet({}, 60)) == [None, None]


def test_workers_compare_whatever_they_say(workers, pair):
    first, second = workers(*pair)
    for error in at_once(lambda: first.meet({"--loss": "wgan", "same": 1}, 60),
                         lambda: second.meet({"--loss": "least-squares", "same": 1}, 60)):
        assert re.match(r"--loss is least-squares on worker 1 \(.*\), wgan on worker 0 \(.*\): ",
                        str(error))


def test_workers_part_together(workers, pair):
    first, second = workers(*pair)
    assert at_once(lambda: first.meet({"seed": 1}, 60),
                   lambda: second.meet({"seed": 1}, 60)) == [None, None]
    when = []

    def part(worker, after):
        time.sleep(after)
        when.append("asked")
        worker.part()
        when.append("parted")
    at_once(lambda: part(first, 0), lambda: part(second, 0.5))
    assert when == ["asked", "asked", "parted", "parted"]


def test_a_stranger_is_refused_and_spoils_nothing(workers, monkeypatch, pair, held):
    """It says that it is worker 1 of a worker 0 that has another."""
    if tf.__version__ < "2":
        pytest.skip("TensorFlow 1 lets it wait")
    first, second = workers(*pair)
    at_once(lambda: first.meet({}, 60), lambda: second.meet({}, 60))
    stranger, = workers(Cluster((first.cluster.hosts[0], held(1)[0]), 1))
    monkeypatch.setattr(peers, "PATIENCE", 0.1)
    with pytest.raises(tf1gan.UserError, match="training another run"):
        stranger.meet({}, 60)
    assert at_once(first.part, second.part) == [None, None]


def test_one_that_does_not_come_to_its_end_is_missed(workers, monkeypatch, pair):
    first, second = workers(*pair)
    at_once(lambda: first.meet({}, 60), lambda: second.meet({}, 60))

    def fail(*_):
        raise tf.errors.UnavailableError(None, None, "it is gone")
    monkeypatch.setattr(first, "_run", fail)
    with pytest.raises(tf1gan.UserError, match="it is gone.*the same commands"):
        first.part()


def test_why_workers_cannot_compute_is_told_in_a_line():
    for text in ("From /job:worker/replica:0/task:0:\nno such key", "no such key\nmore of it",
                 "Graph execution error:\n\nno such key",
                 "Graph execution error:\n\nDetected at node 'a'\nNode: 'a'\n"
                 "From /job:worker/replica:0/task:1:\nno such key"):
        assert reason(tf.errors.InternalError(None, None, text)) == "no such key"


def test_who_answers_but_does_not_begin_is_not_waited_for(workers, monkeypatch, pair):
    first, second = workers(*pair)
    gave_up = []

    def give_up(line):
        """It would end the process: here the other begins then."""
        if not gave_up:
            gave_up.append(line)
            begun.append(threads.submit(second.meet, {}, 60))
    monkeypatch.setattr(console, "give_up", give_up)
    begun = []
    first._peers.wait(60)
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        first.meet({}, 1)
        begun[0].result()
    assert re.match(r"worker 1 \(.*\) answered, but did not begin in 1 seconds: ", gave_up[0])


def test_two_that_are_the_same_worker_are_refused(workers, held):
    hosts = held(2)
    both = workers(Cluster(hosts, 0), Cluster(hosts[::-1], 0))
    for worker, error in zip(both, at_once(*(
            lambda worker=worker: worker.meet({}, 60) for worker in both))):
        assert (f"another worker answers at the address of {worker.cluster.who(1)}: in TF_CONFIG"
                in str(error))


class Device(NamedTuple):
    name: str


@pytest.fixture
def asking(monkeypatch):
    """What worker 1 answers, the last for ever -> (worker 0's Peers, a list as it asks)."""
    for name in ("PATIENCE", "SHORT_PATIENCE", "LINGER"):
        monkeypatch.setattr(peers, name, 0.1)
    made = []

    def ask(*answers):
        left, asked = list(answers), []

        def list_devices():
            asked.append(True)
            if not (left.pop(0) if len(left) > 1 else left[0]):
                raise tf.errors.DeadlineExceededError(None, None, "")
            return [Device("/job:worker/task:1/")]
        monkeypatch.setattr(peers.Peers, "_session",
                            lambda *_: SimpleNamespace(list_devices=list_devices))
        waiting = peers.Peers(Cluster(("a:1", "b:1"), 0))
        made.append(waiting)
        waiting.wait(60)
        waiting.met = True
        return waiting, asked
    yield ask
    made[0].leave()


def test_one_that_no_longer_answers_is_named(asking, monkeypatch):
    gave_up = []
    monkeypatch.setattr(console, "give_up", gave_up.append)
    monkeypatch.setattr(peers, "ASK_EVERY", 0.1)
    waiting, _ = asking(True, True, False)
    with waiting.working():
        wait_until(lambda: gave_up)
    line = f"worker 1 (b:1) has ended or cannot be reached: {peers.GOES_ON}"
    assert gave_up[0] == line
    with pytest.raises(tf1gan.UserError, match=re.escape(line)), waiting.working():
        pass


def test_who_has_not_answered_in_time_is_named_where_something_fails(asking, monkeypatch):
    """On a busy machine the question itself may come to its end late."""
    waiting, _ = asking(True)
    asked = threading.Event()
    monkeypatch.setattr(peers.Peers, "_session",
                        lambda *_: SimpleNamespace(list_devices=lambda: asked.wait(60)))
    try:
        with pytest.raises(tf1gan.UserError, match=r"worker 1 \(b:1\) has ended or cannot be "), \
                waiting.working():
            raise tf.errors.UnavailableError(None, None, "Socket closed")
    finally:
        asked.set()


def test_one_that_does_not_answer_now_and_then_is_not_missed(asking, monkeypatch):
    """However long nothing was asked before."""
    monkeypatch.setattr(peers, "ASK_EVERY", 0.2)
    waiting, asked = asking(True, True, False, True, False, True)
    wait_until(lambda: len(asked) > 6)
    with waiting.working():
        pass


def test_one_is_not_missed_for_the_time_in_which_this_process_was_stopped(asking, monkeypatch):
    asked, gave_up = [], []
    monkeypatch.setattr(console, "give_up", gave_up.append)

    def monotonic():        # it is stopped while it asks, for the third time
        return time.monotonic() + (60 if len(asked) > 2 else 0)
    monkeypatch.setattr(peers, "time", SimpleNamespace(monotonic=monotonic, sleep=time.sleep))
    monkeypatch.setattr(peers, "ASK_EVERY", 0.05)
    waiting, asked = asking(True, True, False, True)
    monkeypatch.setattr(peers, "PATIENCE", 4.0)
    wait_until(lambda: len(asked) > 2)
    with waiting.working():
        wait_until(lambda: gave_up or len(asked) > 20)
    assert gave_up == []


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="no states of processes")
def test_ctrl_z_stops_the_workers_too_and_they_go_on(tmp_path):
    program = ("import sys\nfrom tf1gan.machines import launcher\n"
               "launcher.command = lambda _: [sys.executable, '-S', '-c', "
               "'import os, time; open(str(os.getpid()), \"w\"); time.sleep(60)']\n"
               "launcher.launch([], 2)")

    def states():
        found = []
        for number in [str(starter.pid)] + os.listdir(str(tmp_path)):
            with open(f"/proc/{number}/stat") as file:
                found.append(file.read().rpartition(")")[2].split()[0])
        return found
    starter = subprocess.Popen([sys.executable, "-c", program], cwd=str(tmp_path),
                               env=dict(os.environ, PYTHONPATH=ROOT))
    try:
        wait_until(lambda: len(os.listdir(str(tmp_path))) == 2)
        starter.send_signal(signal.SIGTSTP)
        wait_until(lambda: states() == ["T"] * 3)
        starter.send_signal(signal.SIGCONT)
        wait_until(lambda: "T" not in states())
    finally:
        starter.send_signal(signal.SIGCONT)
        starter.terminate()
        starter.wait(30)


def test_a_worker_ends_with_its_launcher(monkeypatch):
    received = []
    before = signal.signal(signal.SIGTERM, lambda *_: received.append("SIGTERM"))
    monkeypatch.setenv(peers.LAUNCHER, str(os.getppid()))
    of_one_that_is_there = peers.Peers(Cluster(("localhost:1",), 0))
    try:
        time.sleep(0.5)
        assert not received
        monkeypatch.setenv(peers.LAUNCHER, str(os.getppid() + 1))
        peers.Peers(Cluster(("localhost:1",), 0))
        wait_until(lambda: received)
    finally:
        of_one_that_is_there.leave()
        signal.signal(signal.SIGTERM, before)


def wait_until(there):
    until = time.monotonic() + 60
    while not there():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_gradients_are_reduced_in_pieces_the_last_first(monkeypatch):
    monkeypatch.setattr(collectives, "PIECE", 4 * 10)
    with tf.Graph().as_default() as graph:
        strategy.note(Together(Cluster(("a:1", "b:1"), 0)))
        shapes = [[3], [7], [2, 5], [1, 2], [4]]
        averaged = strategy.of_graph().averaged([(tf.zeros(shape), shape) for shape in shapes])
        assert [(gradient.shape.as_list(), shape) for gradient, shape in averaged] == list(
            zip(shapes, shapes))
        reduced = [op for op in graph.get_operations() if op.type == "CollectiveReduce"]
    assert [op.outputs[0].shape.as_list() for op in reduced] == [[4 + 2 + 10], [7 + 3]]
    assert [op.get_attr("instance_key") for op in reduced] == [16, 17]


def test_another_worker_knows_what_decides_whether_the_run_is_at_its_end():
    run = SimpleNamespace(
        leads=False, history=SimpleNamespace(losses=[]),
        strategy=SimpleNamespace(working=contextlib.nullcontext),
        ops=SimpleNamespace(share=lambda *_: [7.0, 0.5, 0.25]))
    assert loop.share(run, None, 0) == 7
    assert len(run.history.losses) == 7 and run.history.losses[-1] == [0.5, 0.25]
    run.leads, run.history.losses = True, [[3.0, 4.0], [1.0, 2.0]]
    given = []
    run.ops.share = lambda _, words: given.append(words) or words
    assert loop.share(run, None, 2) == 2
    assert given == [[2, 1.0, 2.0]] and run.history.losses == [[3.0, 4.0], [1.0, 2.0]]


def test_what_must_be_the_same_is_said():
    def facts(hosts=("a:1", "b:1"), seed=1, data="MNIST", every=5, total=9, graph=2, rows=60):
        recipe = models.resolve("gan", {"batch_size": rows})
        plan = schedule.make_schedule(recipe.model, 9, total, every, None, None, None)
        whose = Together(Cluster(hosts, 0))
        with tf.Graph().as_default():
            whose.begin()
            whose.averaged([(tf.zeros([graph]), None)])
        return whose.alike(training._facts(
            SimpleNamespace(settings=recipe),
            {"model": "gan", "seed": seed, "data": data, "versions": runs.versions()}, plan))
    known = facts()
    assert {"the version of tf1gan", "the version of tensorflow", "the version of numpy",
            "--model"} < set(known)
    for name, changed in (
            ("the list of workers in TF_CONFIG", {"hosts": ("a:1", "c:1")}),
            ("--seed", {"seed": 2}),
            ("the data (--data-dir)", {"data": "other images"}), ("when to save", {"every": 6}),
            ("the length in iterations", {"total": 10}), ("the graph", {"graph": 3}),
            ("--batch-size", {"rows": 30})):
        other = facts(**changed)
        assert [key for key in known if known[key] != other[key]] == [name]


# -- Runs --------------------------------------------------------------------------------------

@pytest.fixture
def begin(tmp_path, small_data, forked, held):
    """Starts workers on a run. Returns the processes; what each says is in `said`."""
    started = []

    def call(count, *flags, **options):
        hosts = options.get("hosts") or held(count)
        of_each = options.get("of_each") or [()] * count
        workers = [launcher.start(
            [options.get("pythons", {}).get(index) or options.get("python", forked), TRAIN,
             "--model", "gan", "--batch-size", "60",
             "--n-sample", "4", "--data-dir", small_data, "--save-every", "20",
             "--logdir", str(tmp_path / "logs")] + [str(flag) for flag in flags] + list(own),
            Cluster(hosts, index), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            universal_newlines=True) for index, own in enumerate(of_each)]
        started.extend(workers)
        return workers
    yield call
    for worker in started:
        if worker.poll() is None:
            worker.kill()
        worker.communicate()


def end(workers):
    """(status, output, errors) of each."""
    said = [worker.communicate(timeout=300) for worker in workers]
    return [(worker.returncode,) + each for worker, each in zip(workers, said)]


def wait_for_a_checkpoint(folder, after=0):
    until = time.monotonic() + 200
    while time.monotonic() < until:
        found = runs.checkpoints(folder) if os.path.isdir(folder) else []
        if found and runs.step_of(found[-1]) > after:
            return
        time.sleep(0.05)
    raise AssertionError("no checkpoint")


@pytest.mark.slow
def test_a_run_that_is_stopped_and_killed_ends_as_an_untouched_one(begin, tmp_path):
    check_stops_and_kills(begin, tmp_path)


@pytest.mark.release
def test_and_on_the_other_tensorflow(begin, tmp_path, other_forked):
    check_stops_and_kills(begin, tmp_path, python=other_forked)


def check_stops_and_kills(begin, tmp_path, **options):
    folder = str(tmp_path / "logs" / "parts")
    for number, name in ((signal.SIGINT, "worker 1"), (signal.SIGKILL, "worker 0")):
        before = (runs.step_of(runs.checkpoints(folder)[-1]) if os.path.isdir(folder) else 0)
        workers = begin(2, "--run", "parts", "--steps", 10 ** 6, **options)
        wait_for_a_checkpoint(folder, before)
        workers[int(name[-1])].send_signal(number)
        at = time.monotonic()
        line = ""
        if number == signal.SIGKILL:
            line = next(line for line in workers[1].stderr if "not MNIST" not in line)
        told = time.monotonic()
        (first, out, err), (second, other_out, other_err) = end(workers)
        ended = time.monotonic()
        if number == signal.SIGINT:         # sent to one, obeyed by both, at the same step
            assert (first, second) == (130, 130), (err, other_err)
            step = re.search(r"Stopped at step (\d+) of 1000000, saved", out).group(1)
            assert f"Stopped at step {step} of" in other_out
        else:
            assert second == 2 and ended - at < 10, (told - at, ended - at)
            assert "worker 0 (localhost:" in line and "the same commands" in line
            assert not other_err
    last = runs.step_of(runs.checkpoints(folder)[-1]) + 20
    for run in ("parts", "whole"):
        done = end(begin(2, "--run", run, "--steps", last, **options))
        assert [status for status, *_ in done] == [0, 0], done
    assert compare(folder, str(tmp_path / "logs" / "whole")) == []


@pytest.mark.slow
def test_a_run_goes_on_on_another_number_of_machines(begin, tmp_path, small_data, script):
    for count, steps in ((2, 5), (1, 10), (3, 15)):
        if count == 1:
            training.train("gan", training.Options(
                logdir=str(tmp_path / "logs"), run="parts", data_dir=small_data, save_every=20),
                batch_size=60, n_sample=4, steps=steps)
            continue
        done = script("train.py", "--model", "gan", "--batch-size", 60, "--n-sample", 4,
                      "--data-dir", small_data, "--save-every", 20, "--run", "parts",
                      "--steps", steps, "--workers", count)
        assert done.returncode == 0 and done.stderr.count("not MNIST") == 1, done.stderr
    whole, _ = training.train("gan", training.Options(
        logdir=str(tmp_path / "logs"), run="whole", data_dir=small_data, save_every=20),
        batch_size=60, n_sample=4, steps=15)
    losses = [pickles.load(os.path.join(str(tmp_path / "logs" / run), "losses.pkl"))
              for run in ("parts", "whole")]
    np.testing.assert_allclose(*losses, rtol=1e-4)


@pytest.mark.slow
def test_workers_are_started_on_the_other_tensorflow(script, small_data, other_forked):
    done = script("train.py", "--model", "gan", "--batch-size", 60, "--n-sample", 4,
                  "--data-dir", small_data, "--steps", 2, "--workers", 2, python=other_forked)
    assert done.returncode == 0 and "Trained for 2 iterations." in done.stdout, done.stderr


@pytest.mark.slow
def test_another_tensorflow_on_a_worker_is_refused(begin, other_forked):
    for status, _, err in end(begin(2, "--steps", 5, "--wait", 100, pythons={1: other_forked})):
        line = err.splitlines()[-1]
        assert status == 2 and "Traceback" not in err
        assert re.search("they have another version of TensorFlow than [0-9.]+,", line), line


@pytest.mark.slow
def test_what_differs_between_workers_is_named(begin, tmp_path):
    for status, _, err in end(begin(2, "--steps", 5, of_each=[["--seed", "1"], ["--seed", "2"]])):
        line = err.splitlines()[-1]
        assert status == 2 and "--seed is 2 on worker 1 (" in line and "1 on worker 0 (" in line
    assert not runs.checkpoints(str(tmp_path / "logs" / "gan"))


@pytest.mark.slow
def test_a_worker_whose_port_is_taken_ends_in_a_line(begin, held):
    hosts = held(2)
    waiting, = begin(1, "--run", "a", hosts=hosts)
    assert any(line == f"Waiting for worker 1 ({hosts[1]}).\n" for line in waiting.stdout)
    (status, _, err), = end(begin(1, "--run", "b", hosts=hosts))
    assert status == 2 and f"cannot listen on port {hosts[0].split(':')[1]}" in err.splitlines()[-1]
    waiting.send_signal(signal.SIGINT)
    (status, _, err), = end([waiting])
    assert status == 130 and "Traceback" not in err


@pytest.mark.slow
def test_a_worker_that_nobody_joins_ends_in_a_line(begin, held):
    hosts = held(2)
    (status, _, err), = end(begin(1, "--wait", 1, hosts=hosts))
    assert status == 2
    assert f"worker 1 ({hosts[1]}) did not answer within 1 second" in err.splitlines()[-1]
