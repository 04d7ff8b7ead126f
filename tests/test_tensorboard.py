"""What a real TensorBoard serves of a run, over HTTP."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

import tf1gan
from tf1gan import training


@pytest.fixture(scope="module")
def board(tmp_path_factory, small_data):
    """A function that fetches a path from a TensorBoard on a short, continued run."""
    logdir = tmp_path_factory.mktemp("logs")
    for model in tf1gan.MODELS:
        for steps in (3, 6):
            training.train(model, training.Settings(
                logdir=str(logdir), data_dir=small_data, summary_every=1),
                steps=steps, batch_size=100, n_sample=4)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir), "--port", str(port),
         "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def fetch(path, **query):
        url = "http://127.0.0.1:%d/data/%s" % (port, path)
        if query:
            url += "?" + urllib.parse.urlencode(query)
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.read()

    try:
        deadline = time.time() + 60
        while time.time() < deadline:
            try:
                if set(json.loads(fetch("runs").decode())) == set(tf1gan.MODELS):
                    break
            except urllib.error.URLError:
                pass
            time.sleep(0.5)
        yield fetch
    finally:
        process.terminate()
        process.wait()


def get(board, path, **query):
    return json.loads(board(path, **query).decode())


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
@pytest.mark.parametrize("tag", ["loss/generator", "loss/discriminator", "D/real", "D/fake",
                                 "iterations_per_second"])
def test_scalars_have_every_step_once(board, model, tag):
    points = get(board, "plugin/scalars/scalars", run=model, tag=tag)
    assert [step for _, step, _ in points] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_the_sample_grid_is_an_image(board, model):
    shown = get(board, "plugin/images/images", run=model, tag="samples", sample=0)
    # An epoch is 5 or 6 iterations here; a closing picture of a run that goes on is dropped.
    assert [image["step"] for image in shown] == ([6] if model in ("keras_gan", "eager_dcgan")
                                                  else [5, 6])
    picture = board("plugin/images/individualImage?" + shown[-1]["query"])
    assert picture[:4] == b"\x89PNG"


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_histograms_show_weights_and_what_d_says(board, model):
    tags = set(get(board, "plugin/histograms/tags")[model])
    assert {"D_real", "D_fake"} <= tags
    assert any(tag.startswith("weights/generator/") for tag in tags)
    assert get(board, "plugin/histograms/histograms", run=model, tag="D_fake")


def test_the_graph_has_readable_scopes(board):
    graph = board("plugin/graphs/graph", run="gan", limit_attr_size=1024,
                  large_attrs_key="_too_large_attrs").decode()
    for scope in ("input/x_real", "generator/fc_layer", "discriminator/output", "loss/",
                  "optimizer/", "iteration/", "sample/"):
        assert '"%s' % scope in graph


def test_the_hyperparameters_are_text(board):
    shown = get(board, "plugin/text/text", run="gan", tag="hyperparameters")
    assert len(shown) == 1 and "smooth" in shown[0]["text"]
