"""Interrupting a cell that waits in a run of a session, or that imports TensorFlow.

Python cannot end what TensorFlow computes: `dequeue` from a queue that nobody fills would keep the
kernel for ever. So the main thread waits for runs that another makes, and can be interrupted.
"""

import contextlib
import queue
import signal
import threading
from typing import Callable, NamedTuple

PATIENCE = 2        # seconds that a run has to come to its end


@contextlib.contextmanager
def held(is_live):
    """In live cells interrupts come after the block: half an import could not be used again."""
    if not is_live or threading.current_thread() is not threading.main_thread():
        yield
        return
    came = []
    before = signal.signal(signal.SIGINT, lambda *_: came.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)


def let_runs_be_left(say):
    """From now on Ctrl-C, or ■, leaves a run of a session that goes on.

    Args:
      say: prints a line.
    """
    from tensorflow.python.client import session
    base = session.BaseSession
    call = base._call_tf_sessionrun
    workers = []

    def elsewhere(this, *arguments):
        if threading.current_thread() is not threading.main_thread() \
                or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            return call(this, *arguments)
        worker = workers.pop() if workers else _worker()
        run = _Run(lambda: call(this, *arguments), [], queue.SimpleQueue())
        worker.put(run)
        try:
            run.ends.get()
        except BaseException:       # KeyboardInterrupt, as a rule
            if _ends(run):
                workers.append(worker)
            else:
                say("the run of the session goes on in the background, until it ends or the "
                    "kernel is restarted")
            raise
        workers.append(worker)
        result, error = run.made[0]
        if error is not None:
            raise error
        return result
    base._call_tf_sessionrun = elsewhere


class _Run(NamedTuple):
    function: Callable
    made: list              # what it returned, and what it raised, once it has ended
    ends: queue.SimpleQueue


def _ends(run):
    """Whether a run ends in time."""
    if not run.made:            # an interrupt comes between its end and what waits for that, too
        with contextlib.suppress(queue.Empty, KeyboardInterrupt):
            run.ends.get(timeout=PATIENCE)
    return bool(run.made)


def _worker():
    """A queue of Runs, and a thread that makes them."""
    runs = queue.SimpleQueue()

    def work():
        while True:
            run = runs.get()
            try:
                run.made.append((run.function(), None))
            except BaseException as error:
                run.made.append((None, error))
            run.ends.put(None)
            del run             # what it returned is not kept
    threading.Thread(target=work, daemon=True).start()
    return runs
