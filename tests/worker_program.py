"""What the tests have a worker do: train models a few iterations and print what came of it.

    TF_CONFIG=... python tests/worker_program.py JOBS

JOBS are a JSON list of jobs; each has a line of JSON as its answer.
"""

import hashlib
import json
import sys

import numpy as np
import test_golden as golden_numbers

import tf1gan
from tf1gan import machines, models
from tf1gan.compat import tf
from tf1gan.machines import collectives
from tf1gan.machines.worker import Sharing, Worker, configured
from tf1gan.training import session_config
from tf1gan.training.batches import Batches


def main(jobs):
    cluster = machines.from_environment()
    settings = configured(session_config.make(models.resolve("dcgan", {})), cluster)
    session_config.start_threads(settings)
    worker = Worker(cluster, settings)
    worker.meet({}, 300)
    for number, job in enumerate(jobs):
        with tf.Graph().as_default():
            collectives.begin(cluster.size, cluster.index, 1000 * (number + 1))
            print(json.dumps(do(worker, settings, **job)), flush=True)
    worker.part()


def do(worker, settings, model, options=None, iterations=3, rows=12):
    """A document's golden iterations or, with options, some of a model that has them."""
    if options is None:
        golden = golden_numbers.load(model)
        graph = golden_numbers.build(golden)
    else:
        graph = tf1gan.build(model, seed=3, batch_size=rows, **options)
    sharing = Sharing(tf.global_variables(), 2)
    initialize = tf.global_variables_initializer()
    told = {"losses": [], "digests": []}
    with tf.Session(worker.target, config=settings) as session:
        if worker.leads:
            session.run(initialize)
            if options is None:
                golden_numbers.start(graph, session, golden)
        assert sharing.run(session, [7, 8]) == [7, 8]
        for s in range(iterations if options is not None else len(golden["losses"])):
            if options is None:
                fed = fed_of(graph, golden_numbers.feed(graph, golden, mnist(), s))
            else:
                fed = batch(graph, s)
            feeds = fed.of_worker(graph).feeds(graph, 0)
            losses = session.run([graph.train_op, graph.step_values], feeds)[1].tolist()[:4]
            if options is None and "both losses evaluated" in golden["schedule"]:
                losses = session.run([graph.g_loss, graph.d_loss], feeds)   # of these rows
                losses = list(map(float, losses))
            told["losses"].append(losses)
            values = session.run(tf.global_variables())
            told["digests"].append(hashlib.sha256(b"".join(map(bytes, values))).hexdigest())
        told["norms"] = norms(session)
        if options is None:
            images = (graph.x_sample if "moving statistics" in golden["samples_of"]
                      else graph.x_fake)
            samples = session.run(images, {graph.z_noise: golden_numbers.noise(golden, 999, 0, 16)})
            told["samples"] = float(np.linalg.norm(samples))
    return told


def norms(session):
    """Of every variable, by name."""
    return {variable.op.name: float(np.linalg.norm(session.run(variable)))
            for variable in tf.global_variables()}


def mnist():
    if not _MNIST:
        from helpers import MNIST_FOLDER

        from tf1gan.data import load
        _MNIST.append(load(MNIST_FOLDER).train_images)
    return _MNIST[0]


_MNIST = []


def fed_of(graph, feeds):
    """Golden feeds as Batches of one iteration."""
    return Batches(*[None if placeholder is None else feeds[placeholder][None]
                     for placeholder in (graph.x_real, graph.z_noise, graph.z_noise_g)])


def batch(graph, s):
    """Batches of one iteration, of images and noise that are a function of it."""
    recipe, rs = graph.recipe, np.random.RandomState(s)

    def draw(batches, size):
        return rs.uniform(0, 1, (1, recipe.batch_size * batches, size)).astype(np.float32)
    return Batches(draw(recipe.d_steps, 784), draw(recipe.noise_batches, 100),
                   draw(recipe.g_steps, 100) if recipe.model.fresh_noise else None)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
