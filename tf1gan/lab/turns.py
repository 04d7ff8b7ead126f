"""Processes that train when they are asked to: they take turns, and who waits does nothing.

Each is a process of its own, since threads are set once for a process.
"""

import contextlib
import multiprocessing
import signal
import sys
import time

from tf1gan.errors import UserError

ROUNDS = 5
STOP, _MEMORY = "stop", "memory"       # what a process is told, beside a number of iterations
PATIENCE = 10.0                         # seconds for a process that is to end at once


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
        self._process = context.Process(target=_serve, args=(other, side) + arguments, daemon=True)
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


def times(function, count):
    """The seconds of each of so many calls."""
    one = timed(lambda _: function())
    return [one(1) for _ in range(count)]


def timed(train):
    """The seconds of so many iterations, as an answer."""
    def answer(count):
        began = time.perf_counter()
        train(count)
        return time.perf_counter() - began
    return answer
