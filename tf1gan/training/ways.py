"""Which way a small model's iterations are run: the faster one on this machine, measured once.

The two ways round differently, so a run has one from its beginning to its end, which config.json
names if it is not the loop. A long run that begins measures both, each in a process of its own,
since threads are set once for a process, and in turns. What is found is kept in the cache, so that
the same command gives the same run again. A short run is a loop: measuring takes seconds.
"""

import concurrent.futures
import contextlib
import itertools
import json
import os
import statistics
import subprocess
import sys
import threading
import time

import numpy as np

from tf1gan import console, files, models, process
from tf1gan.compat import compiles, open_first_session, tf
from tf1gan.data import DataSet
from tf1gan.errors import UserError, WriteError, reason
from tf1gan.graph import build_from
from tf1gan.images import SIDE
from tf1gan.models import COMPILED, LOOP, WAYS
from tf1gan.runs import facts
from tf1gan.training import batches, loop, session_config

LONG = 20000                    # iterations that are worth measuring for
ROUNDS, SECONDS = 5, 0.2        # of each way
CLEARLY = 1.05                  # times as fast
_KEPT = "ways.json"
_SERVE = "from tf1gan.training import ways; ways.serve()"


def check(settings, options):
    """Raises UserError where the way that training.Options ask for is not to be had."""
    why_not = _why_not_compiled(settings, options.strategy)
    if options.way == COMPILED and why_not:
        raise UserError(f"way (--way) cannot be {COMPILED} {why_not}: leave it out")


def of_run(settings, options, length, known):
    """The way of a run of so many iterations, one of models.WAYS.

    `options` are training.Options; `known` is the config.json of the run that is continued, or
    None. Raises UserError as `check` does, and where the run's own is none or another than asked.
    """
    check(settings, options)
    why_not = _why_not_compiled(settings, options.strategy)
    if known is not None:
        way = known.get("way", LOOP)
        if way not in WAYS:
            raise UserError(f"the run's {facts.CONFIG} says that its way is {way!r}, not "
                            f"{' or '.join(WAYS)}: restore it, or start over with --fresh")
        if options.way not in (None, way):
            raise UserError(f"the run was trained with another --way ({way} there, {options.way} "
                            "here): leave it out, give another --run, or --fresh to start over")
        if way == COMPILED and why_not:
            console.say(f"The run's iterations were {COMPILED}, which is not possible {why_not}: "
                        "from here on they are a loop, which rounds differently.")
            return LOOP
        return way
    if options.way:
        return options.way
    if why_not or length < LONG:
        return LOOP
    return _faster(settings)


def _why_not_compiled(settings, whose):
    """In words; None where iterations can be compiled."""
    if not settings.model.side_by_side:
        return f"for {settings.model.name}"
    if whose.size > 1:
        return "with several workers"
    if settings.bfloat16:
        return "with --bfloat16"
    return None if compiles() else f"by TensorFlow {tf.__version__}"


def _faster(settings):
    """The faster way on this machine, as the cache has it or as it is measured now."""
    path = os.path.join(files.cache(), _KEPT)
    kept, key = _read(path, console.say), _key(settings)
    said = f"kept in {path}"
    if key not in kept:
        console.say(f"Measuring how {settings.model.name} is trained faster on this machine, "
                    "which is done once.")
        try:
            rates = measure(settings)
        except OSError:             # this Python cannot be started again
            rates = {}
        if not rates:
            console.say("This could not be measured, so the iterations are run as a loop.")
            return LOOP
        kept = _read(path, len)     # what others have measured meanwhile stays, and decides
        kept.setdefault(key, {"way": _faster_of(rates), "rates": rates})
        try:
            facts.write_json(*os.path.split(path), kept)
        except WriteError as error:
            said = f"not kept ({error}): the same command may choose otherwise"
    way, rates = kept[key]["way"], kept[key]["rates"]
    shown = ", ".join(f"{name} {rate:.0f} it/s" for name, rate in rates.items())
    console.say(f"Iterations of {settings.model.name}: {way} ({shown}, {said}; --way decides "
                "otherwise).")
    return way


def _faster_of(rates):
    """The loop, unless the compiled function is clearly faster: ties are not left to chance."""
    return COMPILED if rates.get(COMPILED, 0) > CLEARLY * rates.get(LOOP, 0) else LOOP


def _key(settings):
    """What decides which way is faster, in words."""
    return (f"{session_config.processor()}, {process.cores()} cores, "
            f"TensorFlow {tf.__version__}: {settings.model.name}, "
            f"batch {settings.batch_size}, updates {settings.g_steps} and {settings.d_steps}, "
            f"loss {settings.values['loss']}, penalty {bool(settings.loss.penalty)}, "
            f"optimizer {settings.values['optimizer']}, "
            f"dropout {bool(settings.values.get('dropout'))}, "
            f"average {bool(settings.ema)}")


def _read(path, say):
    """What is kept, {key: {"way", "rates"}}; nothing where it is something else, which is said."""
    way = facts.Kind(" or ".join(WAYS), WAYS.__contains__)
    kind = facts.objects(facts.objects({
        "way": way, "rates": facts.objects(facts.NUMBER, name=WAYS.__contains__)},
        needed=("way", "rates")))
    try:
        kept = facts.load(path) or {}
        wrong = facts.wrong_in(kept, kind)
    except (OSError, ValueError) as error:
        wrong = reason(error)
    if wrong:
        say(f"{path} is not read ({wrong}), and is written anew.")
        return {}
    return kept


# -- Measuring ---------------------------------------------------------------------------------

def measure(settings, rounds=ROUNDS, seconds=SECONDS):
    """{way: iterations per second}, by throwaway weights and images, of each that works here."""
    with contextlib.ExitStack() as stack:
        sides = {way: stack.enter_context(_side(settings, way)) for way in WAYS}
        there = {way: side for way, side in sides.items() if side() is not None}
        rates = [[side(seconds) for side in there.values()] for _ in range(rounds)]
        return {way: statistics.median(each) for way, each in zip(there, zip(*rates))
                if None not in each}


@contextlib.contextmanager
def _side(settings, way):
    """A process that trains: a function, seconds -> iterations per second, None where it fails.

    Without seconds it is whether training has begun.
    """
    trainer = subprocess.Popen([sys.executable, "-c", _SERVE], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               env=process.of_another_python(), start_new_session=True)

    def say(value):
        with contextlib.suppress(BrokenPipeError):
            trainer.stdin.write((json.dumps(value) + "\n").encode())
            trainer.stdin.flush()

    def rate(seconds=None):
        if seconds:
            say(seconds)
        line = trainer.stdout.readline()
        return float(line) if line else None
    say({"model": settings.model.name, "hyperparameters": settings.asked, "way": way})
    try:
        yield rate
    finally:
        trainer.kill()
        trainer.communicate()


def _end_with(parent):
    """Ends this process soon after the one that has started it, however that ended."""
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(0.2)
    os._exit(1)


def serve():
    """What that process does: it reads what to train, and then seconds, a line each."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    asked = json.loads(sys.stdin.readline())
    settings, way = models.recorded(asked, "what is asked"), asked["way"]
    config = session_config.make(settings, way)
    open_first_session(config)
    rs, count = np.random.RandomState(0), settings.iterations_per_run
    images = DataSet(rs.randint(0, 256, [settings.images_in_iteration * count, SIDE, SIDE],
                                np.uint8), np.zeros(settings.images_in_iteration * count), seed=0)
    with tf.Graph().as_default(), concurrent.futures.ThreadPoolExecutor(1) as ahead:
        graph = build_from(settings, 0, way=way)
        with tf.Session(config=config) as session:
            session.run(tf.global_variables_initializer())
            fed = batches.make(graph, images, 0, count)
            for line in itertools.chain(["0"], sys.stdin):
                done, began = 0, time.perf_counter()
                while not done or time.perf_counter() - began < float(line):
                    # As in training, the next batches are made meanwhile.
                    following = ahead.submit(batches.make, graph, images, done, count)
                    loop.compute(graph, session, fed)
                    fed, done = following.result(), done + count
                sys.stdout.write(f"{done / (time.perf_counter() - began)}\n")
                sys.stdout.flush()
