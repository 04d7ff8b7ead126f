"""The peers that benchmark.py --peers measures: TF1GAN_PEERS_PYTHON names a Python that has them."""

import contextlib
import importlib.util
import json
import os
import sys

import numpy as np
import pytest
from helpers import build
from test_golden import build as build_golden, feed, load, start, tolerance

from tf1gan import models
from tf1gan.compat import tf
from tf1gan.lab import beside, speed
from tf1gan.lab.peers import networks, program

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
        # Adam's first step makes rounding of dcgan's gradients large: see test_golden.
        first = 0 if model != "xavier_gan" and golden["schedule"].startswith("G(") else 1
        assert found[0][first] == pytest.approx(losses[0][first], rel=1e-4), mode
        assert found == [pytest.approx(each, rel=tolerance(golden)) for each in losses], mode
