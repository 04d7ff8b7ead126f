"""Several workers train as one process does: with real processes on the loopback."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import worker_program
from helpers import ROOT

import tf1gan
from tf1gan.compat import tf
from tf1gan.machines import Cluster, launcher

# Dropout's masks, several updates, averages, a gradient through a gradient through normalization.
HARD = [
    ("gan", {"g_steps": 2, "ema": 0.9}),
    ("dcgan", {}),
    ("keras_gan", {"loss": "hinge"}),
    ("xavier_gan", {"loss": "wgan", "d_steps": 2}),
    ("eager_dcgan", {}),
    ("plain_dcgan", {"batch_norm": "both", "gradient_penalty": 3.0, "channels": "4,2"}),
]


def run_workers(count, jobs, python=sys.executable):
    """What each worker answers, a list of records for each."""
    hosts = launcher.free_hosts(count)
    processes = [launcher.start(
        [python, os.path.join(ROOT, "tests", "worker_program.py"), json.dumps(jobs)],
        Cluster(hosts, index), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        universal_newlines=True) for index in range(count)]
    done = [process.communicate(timeout=400) for process in processes]
    assert [process.returncode for process in processes] == [0] * count, done
    return [[json.loads(line) for line in out.splitlines()] for out, _ in done]


def check_same_everywhere(answers):
    """Every variable, bit by bit, after every iteration."""
    for of_job in zip(*answers):
        assert all(answer["digests"] == of_job[0]["digests"] for answer in of_job)
        assert len(set(of_job[0]["digests"])) == len(of_job[0]["digests"])


def check_golden(models, answers):
    for model, *of_workers in zip(models, *answers):
        golden = worker_program.golden_numbers.load(model)
        rest = 1e-2 if model == "dcgan" else 1e-4
        for s, losses in enumerate(golden["losses"]):
            g_loss, d_loss = np.mean([answer["losses"][s][:2] for answer in of_workers], axis=0)
            assert g_loss == pytest.approx(losses["g_loss"], rel=rest), model
            assert d_loss == pytest.approx(losses["d_loss"], rel=rest), model
        assert of_workers[0]["samples"] == pytest.approx(
            golden["samples"]["l2"], rel=3e-4 if model == "eager_dcgan" else rest), model
        check_norms(golden, model, of_workers[0]["norms"], rest)


def check_norms(golden, model, norms, rest):
    for net in ("generator", "discriminator"):
        ours = [name for name in norms if name.startswith(net + "/") and "Adam" not in name
                and "Momentum" not in name and (
                    "/moving_" not in name or f"trainable_{net}_variables" in golden)]
        for name, entry in zip(ours, golden[net + "_variables"]):
            if not (model == "dcgan" and "conv2d" in name and name.endswith("/bias")):
                assert norms[name] == pytest.approx(entry["final"]["l2"], rel=rest), name


def test_two_workers_give_the_documents_numbers_and_stay_the_same():
    models = list(tf1gan.MODELS)
    answers = run_workers(2, [{"model": model} for model in models])
    check_same_everywhere(answers)
    check_golden(models, answers)


def test_three_workers_give_the_numbers_of_one_process():
    answers = run_workers(3, [{"model": model, "options": options} for model, options in HARD])
    check_same_everywhere(answers)
    for (model, options), answer in zip(HARD, answers[0]):
        alone = train_alone(model, options)
        np.testing.assert_allclose(answer["losses"], alone["losses"], rtol=2e-4, err_msg=model)
        for name, norm in alone["norms"].items():
            assert answer["norms"][name] == pytest.approx(norm, rel=1e-3, abs=1e-5), (model, name)


def train_alone(model, options, iterations=3, rows=12):
    with tf.Graph().as_default():
        graph = tf1gan.build(model, seed=3, batch_size=rows, **options)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            losses = [session.run([graph.train_op, graph.step_values],
                                  worker_program.batch(graph, s).feeds(graph, 0))[1].tolist()
                      for s in range(iterations)]
            return {"losses": losses, "norms": worker_program.norms(session)}


def test_two_workers_on_the_other_tensorflow(other_python):
    models = ["gan", "keras_gan", "eager_dcgan"]
    answers = run_workers(2, [{"model": model} for model in models], other_python)
    check_same_everywhere(answers)
    check_golden(models, answers)
