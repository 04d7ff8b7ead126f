"""What takes turns in a benchmark: train.py's own loop, and the documents'.

A side is a context of a function, which does so many iterations and answers how long they took.
"""

import contextlib
import io
import itertools
import tempfile

from tf1gan import data, models, strategy, training
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.lab import document_loops
from tf1gan.lab.turns import timed
from tf1gan.training import loop, ways

LENGTH = 10 ** 8                        # iterations, of which only those asked for are done


@contextlib.contextmanager
def training_side(name, data_dir, hyperparameters, evaluating=False):
    """train.py's own loop; `evaluating` has an evaluation behind the iterations."""
    with side(name, data_dir, hyperparameters, evaluating=evaluating) as (train, _, _):
        yield timed(train)


@contextlib.contextmanager
def side(name, data_dir, hyperparameters, whose=strategy.ALONE, evaluating=False):
    """(so many iterations by train.py's own loop, summaries, checkpoints and all; its Run; its
    Session)."""
    with tempfile.TemporaryDirectory() as logdir, silenced():
        hyperparameters = dict(hyperparameters)
        options = training.Options(logdir=logdir, data_dir=data_dir, strategy=whose,
                                   way=hyperparameters.pop("way", models.LOOP),
                                   evaluate_every=10 ** 8 if evaluating else None)
        with training.open_run(name, options, steps=LENGTH, **hyperparameters) as run, \
                loop.started(run) as (session, step), \
                (loop.writing(run, step) if run.leads else contextlib.nullcontext()) as writer:
            done = [step]

            def train(count):
                done[0], _ = loop.advance(run, session, writer, done[0], done[0] + count, [])
                if evaluating:
                    run.watch.evaluate(session, writer, done[0])
            yield train, run, session


def silenced():
    """A context in which nothing is printed."""
    return contextlib.redirect_stdout(io.StringIO())


@contextlib.contextmanager
def document_side(name, data_dir, hyperparameters, apart=False):
    """The document's loop, or one of as many runs as updates: see document_loops.build."""
    model = models.find(name)
    size = hyperparameters.get("batch_size", model.defaults["batch_size"])
    images = data.read_data_sets(data_dir, validation_size=0, seed=0).train
    with tf.Graph().as_default(), tf.Session() as session:
        iterate = document_loops.build(name, apart)
        session.run(tf.global_variables_initializer())

        def train(count):
            for _ in range(count):
                iterate(session, model.from_unit(images.next_batch(size)[0]))
        yield timed(train)


def fits(name, size, images):
    """Whether a model's training has so many images."""
    return size <= len(images.train_images) - training.held_back(models.find(name), images)


def check_sizes(names, sizes, images):
    """Raises UserError for a batch that a model's images do not fill."""
    for name, size in itertools.product(names, sizes):
        if not fits(name, size, images):
            raise UserError(f"--batch-size {size} is more than the number of training images of "
                            f"{name}: give a smaller one, or more images with --data-dir")


def chosen(name, way=None, recipe=models.DOCUMENT, **hyperparameters):
    """The way of a long run, one of models.WAYS, which is said; `way` is one that is asked for."""
    return ways.of_run(models.resolve(name, hyperparameters, recipe), training.Options(way=way),
                       LENGTH, None)
