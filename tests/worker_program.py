"""What the tests have a worker do: train models a few iterations and print what came of it.

    TF_CONFIG=... python tests/worker_program.py JOBS

JOBS are a JSON list of jobs; each has a line of JSON as its answer.
"""

import faulthandler
import hashlib
import json
import sys

import numpy as np
import test_golden as golden_numbers
from helpers import build, graph_of_a_run

from tf1gan import models, strategy
from tf1gan.compat import open_first_session, tf
from tf1gan.graph import several
from tf1gan.machines.cluster import from_environment
from tf1gan.machines.together import Together
from tf1gan.machines.worker import Worker, configured
from tf1gan.training import session_config
from tf1gan.training.batches import Batches

ROWS, ITERATIONS = 12, 3        # of a batch, and of a job with options


def main(jobs):
    faulthandler.dump_traceback_later(150, exit=True)       # a test that hangs says where
    several.UNROLLED = 1      # a graph takes half the time
    cluster = from_environment()
    settings = configured(session_config.make(models.resolve("dcgan", {})), cluster)
    open_first_session(settings)
    worker = Worker(cluster, settings)
    worker.meet({"the jobs": jobs, "something long": "-" * 10 ** 4}, 300)
    for number, job in enumerate(jobs):
        with tf.Graph().as_default():
            strategy.note(Together(cluster, 1000 * (number + 1), worker))
            print(json.dumps(do(worker, settings, **job)), flush=True)
    worker.part()


def do(worker, settings, model, options=None):
    """A document's golden iterations or, with options, some of a model that has them."""
    golden = golden_numbers.load(model) if options is None else None
    if golden:
        graph = golden_numbers.build(
            golden, build if golden_numbers.looks_after(golden) else graph_of_a_run)
    else:
        graph = graph_of_a_run(model, seed=3, batch_size=ROWS, **options)
    share = graph.strategy.sharing(tf.global_variables(), 2)
    initialize = tf.global_variables_initializer()
    told = {"losses": [], "digests": []}
    session_class = getattr(tf.Session, "as_users", tf.Session) if golden else tf.Session
    with session_class(worker.target, config=settings) as session:
        if graph.strategy.leads:
            session.run(initialize)
            if golden:
                golden_numbers.start(graph, session, golden)
        assert share(session, [7, 8]) == [7, 8]
        for s in range(golden["steps"] if golden else ITERATIONS):
            told["losses"].append(iterate(worker, graph, session, golden, s))
            values = session.run(tf.global_variables())
            told["digests"].append(hashlib.sha256(b"".join(map(bytes, values))).hexdigest())
        if golden:
            told["too_far"] = golden_numbers.too_far_at_the_end(graph, session, golden)
        told["norms"] = norms(session)
    return told


def iterate(worker, graph, session, golden, s):
    """One iteration on this worker's rows. Returns its losses."""
    fed = (fed_of(graph, golden_numbers.feed(graph, golden, mnist(), s)) if golden
           else batch(graph, s))
    feeds = fed.own(graph).feeds(graph, 0)
    with worker.working():      # one that has ended is missed
        losses = list(map(float, session.run([graph.train_op, graph.seen], feeds)[1]))
    if golden and golden_numbers.looks_after(golden):
        losses = list(map(float, session.run([graph.g_loss, graph.d_loss], feeds)))
    return losses


def norms(session):
    """Of every variable, by name."""
    variables = tf.global_variables()
    return {variable.op.name: float(np.linalg.norm(value))
            for variable, value in zip(variables, session.run(variables))}


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
    recipe, rs = graph.settings, np.random.RandomState(s)

    def draw(batches, size):
        return rs.uniform(0, 1, (1, recipe.batch_size * batches, size)).astype(np.float32)
    return Batches(draw(recipe.d_steps, 784), draw(recipe.noise_batches, 100),
                   draw(recipe.g_steps, 100) if recipe.model.fresh_noise else None)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
