"""What a real TensorBoard serves of a run, over HTTP."""

import contextlib
import functools
import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
from PIL import Image

import tf1gan
from tf1gan import summaries

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def board(tmp_path_factory, trained):
    """A function that fetches a path from a TensorBoard on each model's short, continued run."""
    logdir = tmp_path_factory.mktemp("logs")
    for model in tf1gan.MODELS:
        shutil.copytree(trained(model), str(logdir / model), copy_function=os.link)
    with served(str(logdir), set(tf1gan.MODELS)) as port:
        fetch(port, "plugins_listing")      # now plugins begin to look whether they are needed
        yield functools.partial(fetch, port)


@contextlib.contextmanager
def served(logdir, runs):
    """A TensorBoard that has found these runs in a folder. Yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tensorboard.main", "--logdir", logdir, "--port", str(port),
         "--host", "127.0.0.1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.time() + 60
        while time.time() < deadline:
            try:
                if set(json.loads(fetch(port, "runs").decode())) == runs:
                    break
            except urllib.error.URLError:
                pass
            time.sleep(0.5)
        yield port
    finally:
        process.terminate()
        process.wait()


def fetch(port, path, content=None, **query):
    url = f"http://127.0.0.1:{port}/data/{path}"
    if query:
        url += "?" + urllib.parse.urlencode(query)
    request = urllib.request.Request(url, content, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read()


def get(board, path, **query):
    return json.loads(board(path, **query).decode())


def post(board, path, content):
    return json.loads(board(path, content=json.dumps(content).encode()).decode())


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
@pytest.mark.parametrize("tag", ["loss/generator", "loss/discriminator", "outputs/D_real",
                                 "outputs/D_fake", "speed/iterations_per_second"])
def test_scalars_have_every_step_once(board, model, tag):
    points = get(board, "plugin/scalars/scalars", run=model, tag=tag)
    assert [step for _, step, _ in points] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_the_sample_grid_is_an_image(board, model):
    shown = get(board, "plugin/images/images", run=model, tag="samples", sample=0)
    # An epoch is 5 or 6 iterations here; a closing picture of a run that goes on is dropped.
    assert [image["step"] for image in shown] == ([6, 7] if model in ("keras_gan", "eager_dcgan")
                                                  else [5, 7])
    picture = board("plugin/images/individualImage?" + shown[-1]["query"])
    assert picture[:4] == b"\x89PNG"
    assert Image.open(io.BytesIO(picture)).mode == "L"


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_the_slider_shows_the_learning_at_steps_that_grow_as_it_does(board, model):
    shown = get(board, "plugin/images/images", run=model, tag="samples/learning", sample=0)
    assert [image["step"] for image in shown] == [1, 2, 5]


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_histograms_show_weights_and_what_d_says(board, model):
    tags = set(get(board, "plugin/histograms/tags")[model])
    assert {"outputs/D_real_histogram", "outputs/D_fake_histogram"} <= tags
    assert any(tag.startswith("weights/generator/") for tag in tags)
    assert get(board, "plugin/histograms/histograms", run=model, tag="outputs/D_fake_histogram")


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_the_page_opens_on_the_losses_and_says_what_each_number_is(board, model):
    tags = get(board, "plugin/scalars/tags")[model]
    assert min(tags).startswith("loss/")
    assert sorted({tag.split("/")[0] for tag in tags}) == ["loss", "outputs", "speed"]
    assert all(tags[tag]["description"] for tag in tags)


def graph_of(board, model):
    return board("plugin/graphs/graph", run=model, limit_attr_size=1024,
                 large_attrs_key="_too_large_attrs").decode()


def test_the_graph_has_readable_scopes(board):
    graph = graph_of(board, "gan")
    for scope in ("input/x_real", "generator/fc_layer", "discriminator/output", "loss/",
                  "optimizer/", "iteration/", "sample/"):
        assert '"%s' % scope in graph


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_the_graph_has_few_names_at_the_top_and_both_networks_among_them(board, model):
    graph = graph_of(board, model)
    assert "library {" not in graph     # whose functions are drawn beside the networks
    top = {name.split("/")[0] for name in re.findall(r'^  name: "([^"]+)"', graph, re.M)}
    assert len(top) <= 20 and {"generator", "discriminator", "loss", "optimizer"} <= top
    assert not [name for name in top if name.startswith((
        "IsFinite", "save", "strided", "iterations"))]


def test_the_hyperparameters_are_text(board):
    shown = get(board, "plugin/text/text", run="gan", tag="hyperparameters")
    assert len(shown) == 1 and "smooth" in shown[0]["text"]
    # The run's length is 7 steps, not the 300 epochs of the model.
    assert "7, 5 an epoch" in shown[0]["text"] and "epochs" not in shown[0]["text"]
    assert tf1gan.__version__ in shown[0]["text"]


def test_both_losses_share_a_chart_and_so_do_ds_outputs(board):
    charts = get(board, "plugin/custom_scalars/layout")["category"][0]["chart"]
    patterns = [chart["multiline"]["tag"] for chart in charts]
    tags = get(board, "plugin/scalars/tags")["gan"]
    drawn = [sorted(tag for tag in tags if re.search(pattern, tag)) for [pattern] in patterns]
    assert drawn[:2] == [["loss/discriminator", "loss/generator"],
                         ["outputs/D_fake", "outputs/D_real"]]


def test_runs_are_compared_by_hyperparameters_and_measures(board):
    found = post(board, "plugin/hparams/session_groups", {
        "startIndex": 0, "sliceSize": 100, "allowedStatuses": [
            "STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"],
        "colParams": []})["sessionGroups"]
    runs = {group["hparams"]["model"]: group for group in found}
    assert set(runs) == set(tf1gan.MODELS) and len(found) == len(runs)
    for group in runs.values():
        assert group["hparams"]["iterations"] == 7 and "data" in group["hparams"]
        assert [session["status"] for session in group["sessions"]] == ["STATUS_SUCCESS"]
        assert {"loss/generator", "outputs/D_real"} <= {
            value["name"]["tag"] for value in group["metricValues"]}


def test_runs_are_compared_by_losses_and_measures_before_anything_else():
    # The table of runs has the first five columns until others are asked for.
    assert sorted(summaries.DESCRIPTIONS)[:5] == [
        "loss/discriminator", "loss/generator", "measured/covered", "measured/frechet",
        "measured/kl"]


def test_the_projector_has_nothing_to_show(board):
    deadline = time.time() + 3          # it looks in a thread of its own
    while time.time() < deadline:
        assert not get(board, "plugins_listing")["projector"]["enabled"]
        time.sleep(0.5)
