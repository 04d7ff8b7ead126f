"""The end of a program with threads that may wait for ever, as those that feed a queue do.

Python waits for them; Jupyter's users shut the kernel down. Here they are given time, and then what
Python does at its end is done without them.
"""

import atexit
import contextlib
import gc
import io
import os
import sys
import threading
import time
import types

from tf1gan import console, process
from tf1gan.legacy.refusal import own_line

PATIENCE = 10           # seconds in which nothing has got on
CLOSING = 10            # seconds that each part of what Python does at its end may take
_BUSY = 0.05            # of a second: what the process computes where something does


def ended(body, must_end, say):
    """What a program's body returns or raises, once the threads that it has left have ended.

    Where some do not, the process ends here, with the same status and with what was being written.

    Args:
      must_end: a function that says, after the body, whether any of this is wanted.
    """
    try:
        status, error = body(), None
    except BaseException as raised:
        status, error = None, raised
    if not must_end() or not _left():
        return _given(status, error)
    status = process.status_of(lambda: _given(status, error))       # says what is to be said first
    if not waited_for(say):
        end(status)
    return status


def _given(status, error):
    if error is not None:
        raise error
    return status


def _left():
    """The threads for which Python would wait."""
    return [thread for thread in threading.enumerate()
            if not thread.daemon and thread is not threading.main_thread()]


def waited_for(say):
    """Whether the other threads have ended, which they are given as long as anything gets on."""
    joining = threading.Thread(target=_join, daemon=True)
    joining.start()
    idle, said, since = Idle(), False, time.monotonic()
    with contextlib.suppress(KeyboardInterrupt):
        while joining.is_alive() and not idle():
            time.sleep(0.05)            # a `join` that Ctrl-C ends takes the thread for ended
            left = _left()
            if left and not said and time.monotonic() > since + 1:
                said = True
                say(f"the main code has ended; waiting for {_named(left)}, until nothing is "
                    f"computed for {PATIENCE} seconds, or Ctrl-C")
    left = _left()
    if not left:
        return True
    say(f"ended with the program: {_named(left)}")
    return False


def _join():
    """Waits for the other threads, as Python does at its end."""
    for call in reversed(getattr(threading, "_threading_atexits", ())):
        call()              # tells those of executors that there is no more work
    for thread in _left():
        thread.join()


def _named(threads):
    """How many threads, and which lines of the script they are at."""
    frames = sys._current_frames()
    lines = sorted({own_line(frames[thread.ident]) for thread in threads
                    if thread.ident in frames})
    return (f"{len(threads)} thread{'s' * (len(threads) != 1)} "
            f"({'; '.join(lines[:3])}{'; ...' * (len(lines) > 3)})")


class Idle:
    """Says whether the process has computed next to nothing for PATIENCE seconds."""

    def __init__(self):
        self._start()

    def _start(self):
        self._time, self._used = time.monotonic(), time.process_time()

    def __call__(self):
        now = time.monotonic()
        if time.process_time() - self._used > _BUSY * max(now - self._time, 1):
            self._start()
        return now - self._time > PATIENCE


def end(status):
    """Ends the process as Python does, but for its threads: whatever these are doing."""
    _in_time(atexit._run_exitfuncs)
    _in_time(close_what_is_open)
    if status is not None and not isinstance(status, int):
        console.complain(str(status))
        status = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit((status or 0) & 0xff)


def _in_time(function):
    """Calls a function, which may wait for what a thread holds that is never to go on."""
    helper = threading.Thread(target=function, daemon=True)
    helper.start()
    with contextlib.suppress(KeyboardInterrupt):
        helper.join(CLOSING)


def close_what_is_open():
    """Writes what files and writers have not written yet, which a process that ends would do."""
    things = gc.get_objects()
    streams = {id(stream) for stream in (sys.stdin, sys.stdout, sys.stderr, sys.__stdin__,
                                         sys.__stdout__, sys.__stderr__)}
    texts, others, buffers = [], [], []
    for thing in things:
        kind = type(thing)
        if id(thing) in streams:
            continue
        if issubclass(kind, io.TextIOBase):
            texts.append(thing)
        elif issubclass(kind, (io.BufferedWriter, io.BufferedRandom)):
            buffers.append(thing)
        elif issubclass(kind, io.IOBase) and not issubclass(kind, io.RawIOBase) \
                or _closes_itself(kind):
            others.append(thing)
    for thing in texts + others + buffers:
        with contextlib.suppress(Exception):
            if not _is_of_a_stream(thing):
                (thing.flush if isinstance(thing, io.TextIOBase) else thing.close)()


def _is_of_a_stream(thing):
    with contextlib.suppress(Exception):
        return thing.fileno() in (0, 1, 2)
    return False


def _closes_itself(kind):
    """Whether things of a kind are closed once nobody has them: archives, TensorFlow's writers."""
    if issubclass(kind, (types.GeneratorType, types.CoroutineType)) or not callable(
            getattr(kind, "close", None)):
        return False
    home = getattr(kind, "__module__", None) or ""
    return (home.startswith("h5py") and kind.__name__ == "File"
            or home.startswith("tensorflow.python") and (
                kind.__name__.endswith("Writer") or kind.__name__ in ("GFile", "FileIO"))
            # A session's would wake the threads that wait in it.
            or hasattr(kind, "__del__") and not home.startswith("tensorflow"))
