"""How fast training is, beside the documents' own loops.

Each side trains in a process of its own, since threads are set once for a process; the two
take turns, and the one that waits does nothing.
"""

import contextlib
import io
import itertools
import multiprocessing
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

import tf1gan
from tf1gan import console, data, models, strategy, training
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.lab import document_loops
from tf1gan.models import D_THEN_G, G_THEN_D, NOISE_SIZE, TOGETHER
from tf1gan.training import loop, session_config, ways

ROUNDS = 5
STOP, _MEMORY = "stop", "memory"       # what a process is told, beside a number of iterations
BATCH_SIZES = (16, 64, 256, 1024)
LENGTH = 10 ** 8                        # iterations, of which only those asked for are done
PATIENCE = 10.0                         # seconds for a process that is to end at once


class Measured(NamedTuple):
    """Iterations per second in each round, and the process's most memory in bytes."""
    rates: list
    memory: float
    start: float            # seconds to the end of the first iteration, TensorFlow imported

    @property
    def median(self):
        return statistics.median(self.rates)


def measure(name, data_dir, compare=False, seconds=10.0, rounds=ROUNDS, **hyperparameters):
    """Times a model's training.

    Args:
      name: of a model.
      data_dir: where MNIST is.
      compare: whether its document's loop takes turns with it.
      seconds: about how long each side runs in each round.

    Returns:
      [Measured of tf1gan], and with `compare` that of the document's loop behind it, and
      behind that, where the document makes both updates in one run, that of one run each.
    """
    sides = [training_side]
    if compare and name not in document_loops.NETWORKS:
        raise UserError(f"there is no tutorial's loop to compare {name} with: leave out "
                        f"--compare, or add one to {document_loops.__file__}")
    if compare:
        sides += [document_side] + ([_document_apart] if name in document_loops.ONE_RUN else [])
    with contextlib.ExitStack() as stack:
        trainers = [stack.enter_context(Trainer(side, name, data_dir, hyperparameters))
                   for side in sides]
        return [Measured(rates, trainer.memory(), trainer.start)
                for trainer, rates in zip(trainers, in_turns(trainers, seconds, rounds))]


def in_turns(trainers, seconds, rounds=ROUNDS):
    """Each Trainer's iterations per second in each round: a list of lists."""
    counts = [trainer.iterations(seconds) for trainer in trainers]
    rates = [[trainer.rate(count) for trainer, count in zip(trainers, counts)]
             for _ in range(rounds)]
    return list(map(list, zip(*rates)))


@contextlib.contextmanager
def deaf():
    """What is started herein never hears of Ctrl-C: that is for the one that waits for it."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:      # not the main thread, to which alone it comes
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Member:
    """A process that does what it is asked to, and answers."""

    def begin(self, side, *arguments):
        """Starts it. `side`: arguments -> a context of a function, what is asked -> answer."""
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, side) + arguments,
                                        daemon=True)
        with deaf():
            self._process.start()
        other.close()

    def send(self, what):
        self._pipe.send(what)

    def receive(self):
        try:
            answer = self._pipe.recv()
        except EOFError:
            raise UserError("a process of the benchmark has ended unexpectedly: run it "
                            "again") from None
        if isinstance(answer, UserError):
            raise answer
        return answer

    def stop(self, at_once=False):
        """Has it end, when it has answered or `at_once`: after an iteration."""
        if at_once:
            self._process.terminate()
            return
        with contextlib.suppress(OSError):      # it has died
            self._pipe.send(STOP)

    def join(self, patience=None):
        """Waits for its end, which is made at last: it may be waiting for one that has ended."""
        self._process.join(patience)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def end(members, failed):
    """Ends them, at once where something has failed, and waits for it."""
    for member in members:
        member.stop(at_once=failed)
    for member in members:
        member.join(PATIENCE if failed else None)


@contextlib.contextmanager
def ended_if_it_fails(members):
    try:
        yield
    except BaseException:       # Ctrl-C, too
        end(members, failed=True)
        raise


class Trainer(Member):
    """A process that trains so many iterations whenever it is asked to."""

    def __init__(self, side, *arguments):
        self.begin(side, *arguments)
        with ended_if_it_fails([self]):
            self.start = self.receive()

    def __enter__(self):
        return self

    def __exit__(self, failed, *_):
        end([self], failed)

    def iterations(self, seconds):
        """How many take about so long, after as long, but a second at most, of warming up."""
        count, rate = 1, 0.0
        while count < rate * min(1, seconds) or not rate:
            rate = self.rate(count)
            count *= 2
        return max(2, round(rate * seconds))

    def rate(self, count):
        self.send(count)
        return count / self.receive()

    def memory(self):
        self.send(_MEMORY)
        return self.receive()


def _most_memory():
    """The most bytes that this process has had; NaN where there is no telling: on Windows."""
    try:
        import resource
    except ImportError:
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _serve(pipe, side, *arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())    # its files go with it
    began = time.perf_counter()
    try:
        with side(*arguments) as answer:
            answer(1)
            pipe.send(time.perf_counter() - began)
            for asked in iter(pipe.recv, STOP):
                pipe.send(_most_memory() if asked == _MEMORY else answer(asked))
    except UserError as error:
        pipe.send(error)
    except (EOFError, BrokenPipeError):
        pass        # the one that asked has died
    signal.signal(signal.SIGTERM, signal.SIG_IGN)           # it is ending


def timed(train):
    """The seconds of so many iterations, as an answer."""
    def answer(count):
        began = time.perf_counter()
        train(count)
        return time.perf_counter() - began
    return answer


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
    """The document's loop: its updates, its runs, and what else it evaluates."""
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


def _document_apart(name, data_dir, hyperparameters):
    return document_side(name, data_dir, hyperparameters, apart=True)


# -- Arithmetic ------------------------------------------------------------------------------

def iteration_flop(name, batch_size=None):
    """Multiplications and additions of one iteration, of matrix products and convolutions.

    They are counted as the document has them, with those at a border that only meet zeros. A
    gradient costs one such product for the weights and one for the layer's input; the first
    layer's input needs none, but for D's when the gradient goes on to G.
    """
    model, networks = models.find(name), document_loops.NETWORKS[name]
    with tf.Graph().as_default() as graph:
        images = networks.generator(tf.zeros([batch_size or model.defaults["batch_size"],
                                              NOISE_SIZE]))
        generator = _flop(graph)
        networks.discriminator(images)
        discriminator = _flop(graph)[len(generator):]
    g, g_first, d, d_first = (sum(generator), generator[0], sum(discriminator), discriminator[0])
    g_passes, d_passes = {TOGETHER: (1, 2), G_THEN_D: (2, 3), D_THEN_G: (2, 3)}[model.order]
    return (g_passes * g + 2 * g - g_first                  # forward, and back in G's update
            + d_passes * d + d + 2 * (2 * d - d_first))     # forward, back to G, and D's update


def _flop(graph):
    """That of each matrix product and convolution, in the order they were added."""
    counts = []
    for op in graph.get_operations():
        if op.type == "MatMul":
            counts.append(2 * op.outputs[0].shape.num_elements() * op.inputs[0].shape[1])
        elif op.type == "Conv2D":
            counts.append(2 * op.outputs[0].shape.num_elements()
                          * op.inputs[1].shape[:3].num_elements())
        elif op.type == "Conv2DBackpropInput":      # a transposed convolution
            kernel = op.inputs[1].shape
            counts.append(2 * op.inputs[2].shape.num_elements()
                          * kernel[0] * kernel[1] * kernel[2])
    return [int(count) for count in counts]


def peak(bfloat16=False, size=2048):
    """FLOP/s of a large matrix product on this machine, in float32 or bfloat16."""
    kind = tf.bfloat16 if bfloat16 else tf.float32
    with tf.Graph().as_default(), tf.Session() as session:
        one = tf.Variable(tf.cast(tf.random_uniform([size, size]), kind), use_resource=True)
        product = tf.reduce_sum(tf.matmul(one, one))    # which nothing can optimize away
        session.run(tf.global_variables_initializer())
        run = session.make_callable(product)
        seconds = []
        for _ in range(10):
            began = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - began)
        return 2.0 * size ** 3 / min(seconds)


# -- The report ------------------------------------------------------------------------------

_BESIDE = ("model", "tutorial's loop, it/s", "tf1gan, it/s", "ratio", "in each round",
           "ratio, two calls", "memory", "GFLOP/s", "of the peak", "first iteration, s")
_ALONE = ("model", "batch size", "it/s", "images/s", "first iteration, s")


def fits(name, size, images):
    """Whether a model's training has so many images."""
    return size <= len(images.train_images) - training.held_back(models.find(name), images)


def check_sizes(names, sizes, images):
    """Raises UserError for a batch that a model's images do not fill."""
    for name, size in itertools.product(names, sizes):
        if not fits(name, size, images):
            raise UserError(f"--batch-size {size} is more than the number of training images of "
                            f"{name}: give a smaller one, or more images with --data-dir")


def report(names, data_dir, compare, bfloat16, seconds, sizes=(), way=None):
    """Prints what is measured of each model, as docs/speed.md has it: in Markdown.

    Args:
      sizes: of batches; none stands for the model's own and, by itself, BATCH_SIZES, too.
      way: one of models.WAYS; None has it chosen, but for BATCH_SIZES, which are loops.
    """
    images = data.load(data_dir)    # fetched or refused once, before any process looks for it
    check_sizes(names, sizes, images)
    options = {"bfloat16": True} if bfloat16 else {}
    ways_of = {(name, size): chosen(name, way, batch_size=size, **options)
               for name in names for size in sizes or [models.find(name).defaults["batch_size"]]}
    limit = peak()
    also = f", {peak(True) / 1e9:.0f} in bfloat16" if bfloat16 else ""
    print_head(f"medians of {ROUNDS} rounds of {seconds:g} s. A large matrix product reaches "
               f"{limit / 1e9:.0f} GFLOP/s in float32{also}.",
               _BESIDE if compare else _ALONE)
    for name in names:
        words = f"`{name}{' --bfloat16' if bfloat16 else ''}`"
        own = models.find(name).defaults["batch_size"]
        if compare:
            for size in sizes or [own]:
                found = measure(name, data_dir, True, seconds, batch_size=size,
                                way=ways_of[name, size], **options)
                print_row([f"{words} at {size}" if sizes else words] + _beside(
                    found, iteration_flop(name, size), limit))
            continue
        usual = [size for size in BATCH_SIZES if size != own and fits(name, size, images)]
        for size in sizes or [own] + usual:
            ours, = measure(name, data_dir, False, seconds, ROUNDS if size == own else 1,
                            batch_size=size, way=ways_of.get((name, size), models.LOOP),
                            **options)
            print_row([words, f"{size}{' (its own)' if size == own else ''}",
                       f"{ours.median:.4g}", f"{ours.median * size:.0f}", f"{ours.start:.1f}"])


def chosen(name, way=None, recipe=models.DOCUMENT, **hyperparameters):
    """The way of a long run, one of models.WAYS, which is said; `way` is one that is asked for."""
    return ways.of_run(models.resolve(name, hyperparameters, recipe), training.Options(way=way),
                       LENGTH, None)


def print_head(conditions, names):
    """What was measured, when and where, and the head of a table."""
    console.say("", f"{time.strftime('%Y-%m-%d')}, tf1gan {tf1gan.__version__}{_commit()}, "
                f"TensorFlow {tf.__version__}, {os.cpu_count()} cores "
                f"({session_config.processor()}); {conditions}", "")
    print_row(names)
    print_row(["---"] * len(names))


def print_row(cells):
    console.say(f"| {' | '.join(cells)} |")


def _beside(measured, flop, limit):
    """The cells of a model that took turns with its document's loop, by its `iteration_flop`."""
    ours, document, *apart = measured
    rate = ours.median * flop
    return [f"{document.median:.4g}", f"{ours.median:.4g}",
            f"{ours.median / document.median:.2f}",
            ", ".join(f"{one / other:.2f}" for one, other in zip(ours.rates, document.rates)),
            f"{ours.median / apart[0].median:.2f}" if apart else "",
            f"{ours.memory / document.memory:.2f}", f"{rate / 1e9:.0f}",
            f"{100 * rate / limit:.0f} %", f"{ours.start:.1f}"]


def _commit():
    """Of a checkout, the commit that is measured, in words."""
    try:
        done = subprocess.run(
            ["git", "-C", os.path.dirname(os.path.abspath(__file__)), "describe", "--always",
             "--dirty"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10,
            universal_newlines=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return f", commit {done.stdout.strip()}" if done.stdout.strip() else ""
