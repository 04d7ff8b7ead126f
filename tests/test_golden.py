"""The numbers that the documents' own listings gave, from the same start on the same feed.

eager_dcgan's samples are compared in a process of their own, with oneDNN's kernels off.
Their other order of summation moves gradients near zero, and Adam's first steps are +-0.0001
however small a gradient is. On TensorFlow 2.21 with oneDNN, document 003's own listing,
run eagerly with tf-keras, misses its golden samples by the same 1.8e-4.
"""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import tf1gan
from tf1gan.compat import tf

PLAIN_KERNELS = os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0"
GOLDEN = os.path.join(os.path.dirname(__file__), "golden")


def load(model):
    with open(os.path.join(GOLDEN, model + ".json")) as file:
        return json.load(file)


def start(graph, session, golden):
    """Sets the variables to the golden start."""
    session.run(tf.global_variables_initializer())
    for net, variables in enumerate((graph.generator_variables, graph.discriminator_variables)):
        for i, variable in enumerate(variables):
            rs = np.random.RandomState(golden["seed"] + 1000 * net + i)
            shape, name = tuple(variable.shape.as_list()), variable.op.name.split("/")[-1]
            if name == "gamma":
                value = np.ones(shape)
            elif name == "beta":
                value = np.zeros(shape)
            elif len(shape) >= 2:
                value = min(0.05, np.prod(shape[:-1]) ** -0.5) * rs.standard_normal(shape)
            else:
                value = 0.01 * rs.standard_normal(shape)
            variable.load(value.astype(np.float32), session)


def noise(golden, s, k, count=None):
    rs = np.random.RandomState(golden["seed"] + 10000 + 10 * s + k)
    shape = (count or golden["batch_size"], 100)
    normal = "normal noise" in golden["schedule"]
    return (rs.standard_normal(shape) if normal else rs.uniform(-1, 1, shape)).astype(np.float32)


def feed(graph, golden, pixels, s):
    first = golden["image_offset"] + s * golden["batch_size"]
    images = pixels[first:first + golden["batch_size"]].reshape(-1, 784).astype(np.float32)
    images = images / 127.5 - 1 if golden["scale"] == "tanh" else images / 255
    feeds = {graph.x_real: images, graph.z_noise: noise(golden, s, 0)}
    if graph.z_noise_g is not None:
        feeds[graph.z_noise_g] = noise(golden, s, 1)
    return feeds


def build(golden):
    names = tf1gan.MODELS[golden["model"]].defaults
    return tf1gan.build(golden["model"], batch_size=golden["batch_size"], seed=0,
                        **({"dropout": 0.0} if "dropout" in names else {}))


@pytest.mark.parametrize("separately", [False, True], ids=["train_op", "the two updates"])
@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_a_model_gives_its_documents_numbers(model, separately, mnist):
    golden = load(model)
    rest = 1e-2 if model == "dcgan" else 1e-4
    with tf.Graph().as_default():
        graph = build(golden)
        compare_names(graph, golden)
        with tf.Session() as session:
            start(graph, session, golden)
            if "initial_losses" in golden:
                compare_initial(graph, session, golden, feed(graph, golden, mnist, 0), rest)
            for s, losses in enumerate(golden["losses"]):
                g_loss, d_loss = iterate(graph, session, golden, feed(graph, golden, mnist, s),
                                         separately)
                assert g_loss == pytest.approx(losses["g_loss"], rel=rest)
                assert d_loss == pytest.approx(losses["d_loss"], rel=rest)
            if model != "eager_dcgan" or PLAIN_KERNELS:
                compare_samples(graph, session, golden, rest)
            compare_variables(graph.generator_state if "trainable_generator_variables" in golden
                              else graph.generator_variables, golden["generator_variables"],
                              session, golden, rest)
            compare_variables(graph.discriminator_variables, golden["discriminator_variables"],
                              session, golden, rest)


@pytest.mark.skipif(PLAIN_KERNELS, reason="this process compares them itself")
def test_eager_dcgan_gives_its_documents_samples_with_plain_kernels():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "numbers and eager_dcgan", __file__],
        env=dict(os.environ, TF_ENABLE_ONEDNN_OPTS="0"), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, universal_newlines=True)
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout


def iterate(graph, session, golden, feeds, separately):
    """One iteration and its losses, each taken when the document takes it."""
    noise_only = {graph.z_noise: feeds[graph.z_noise]}
    if "both losses evaluated" in golden["schedule"]:
        if separately:
            session.run(graph.g_train_op, noise_only)
            session.run(graph.d_train_op, feeds)
        else:
            session.run(graph.train_op, feeds)
        return session.run([graph.g_loss, graph.d_loss], feeds)
    if not separately:
        return session.run([graph.train_op, graph.step_losses], feeds)[1]
    if graph.z_noise_g is None:     # together: both updates in one run, as document 002 does
        return session.run([graph.train_op, graph.g_loss, graph.d_loss], feeds)[1:]
    d_loss, _ = session.run([graph.d_loss, graph.d_train_op],
                            {key: feeds[key] for key in (graph.x_real, graph.z_noise)})
    g_loss, _ = session.run([graph.g_loss, graph.g_train_op],
                            {graph.z_noise_g: feeds[graph.z_noise_g]})
    return g_loss, d_loss


def compare_names(graph, golden):
    """Shapes and, for document 000, names: the others leave theirs to the framework."""
    for net in ("generator", "discriminator"):
        got = [(v.op.name, v.shape.as_list()) for v in getattr(graph, net + "_variables")]
        expected = [(e["name"], e["shape"]) for e in trainable(golden, net)]
        assert [shape for _, shape in got] == [shape for _, shape in expected]
        if golden["model"] in ("gan", "dcgan"):
            assert got == expected
        assert all(name.startswith(net + "/") for name, _ in got)


def trainable(golden, net):
    """The golden record of a network's trainable variables."""
    names = golden.get("trainable_%s_variables" % net)
    return [entry for entry in golden[net + "_variables"] if not names or entry["name"] in names]


def compare_initial(graph, session, golden, feeds, rest):
    losses = session.run({"g_loss": graph.g_loss, "d_loss": graph.d_loss}, feeds)
    assert losses == pytest.approx(golden["initial_losses"], rel=1e-4)
    variables = graph.generator_variables + graph.discriminator_variables
    gradients = (tf.gradients(graph.g_loss, graph.generator_variables)
                 + tf.gradients(graph.d_loss, graph.discriminator_variables))
    for variable, gradient in zip(variables, session.run(gradients, feeds)):
        expected = golden["initial_gradients"][variable.op.name]
        if expected >= 1e-3:
            assert np.linalg.norm(gradient) == pytest.approx(expected, rel=rest), variable.name


def compare_samples(graph, session, golden, rest):
    images = graph.x_sample if "moving statistics" in golden["samples_of"] else graph.x_fake
    samples = session.run(images, {graph.z_noise: noise(golden, 999, 0, 16)})
    assert np.linalg.norm(samples) == pytest.approx(golden["samples"]["l2"], rel=rest)


def compare_variables(variables, expected, session, golden, rest):
    for variable, expected in zip(variables, expected):
        name = variable.op.name
        if golden["model"] == "dcgan" and "conv2d" in name and name.endswith("/bias"):
            if not name.startswith("generator/output"):
                continue        # in front of batch normalization: rounding noise
        value = session.run(variable)
        assert np.linalg.norm(value) == pytest.approx(expected["final"]["l2"], rel=rest), name
