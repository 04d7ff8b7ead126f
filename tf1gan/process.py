"""How a command begins and ends: its flags, its streams, its signals, its exit status."""

import argparse
import contextlib
import errno
import os
import re
import signal
import sys
import textwrap

from tf1gan import console
from tf1gan.errors import UserError

SIGNALS = (signal.SIGINT, signal.SIGTERM)       # those that end a run at a step
HANGUP = getattr(signal, "SIGHUP", signal.SIGTERM)      # that of a terminal that is closed
_ended = []         # the status to exit with, once SIGTERM has come
_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class _Help(argparse.HelpFormatter):
    """Keeps the lines of an epilog, as far as they fit, and --flags and names whole."""

    def _split_lines(self, text, width):
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)

    def _fill_text(self, text, width, indent):
        lines = []
        for line in text.splitlines():
            if lines[-1:] == [indent + "example:"]:     # a command to copy stays whole
                lines.append(indent + line)
                continue
            column = re.match(r"  \S+ +|", line).end()      # of a table's second column
            lines += textwrap.wrap(line, width, initial_indent=indent, break_on_hyphens=False,
                                   break_long_words=False,
                                   subsequent_indent=indent + " " * column) or [""]
        return "\n".join(lines)


class Parser(argparse.ArgumentParser):
    """Reports a bad flag in one line, without the usage. Its help ends in an example."""

    def __init__(self, example, epilog="", **options):
        epilog = (epilog + "\n\nexample:\n  " + example).strip()
        super().__init__(formatter_class=_Help, epilog=epilog, **options)

    def _print_message(self, message, file=None):
        if message:                 # argparse's own passes over an output that is full
            (file or sys.stderr).write("\n".join(map(console.plain, message.split("\n"))))

    def error(self, message):
        words = console.plain(console.shortened(message))
        self.exit(2, f"{self.prog}: {words} (--help lists the flags)\n")


def end_with(main):
    """Calls `main`, and exits with what it returns.

    A UserError is printed in one line and ends in status 2, as does an output that cannot be
    written; Ctrl-C in 130.
    """
    if callable(signal.getsignal(signal.SIGINT)):       # not where it is ignored
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if stream.errors == "strict":                   # a path may have any character
            stream.reconfigure(errors="backslashreplace")
    status = status_of(main)
    signal.signal(signal.SIGINT, signal.SIG_IGN)        # all is done but leaving
    sys.exit(status)


def status_of(main):
    """Calls `main`, says what there is to say of how it ends, and gives the status to exit with."""
    try:
        return _status(main)
    except KeyboardInterrupt:
        console.complain("Interrupted.")
        return 128 + signal.SIGINT


@contextlib.contextmanager
def ending_on_interrupt():
    """While modules are loaded, Ctrl-C ends the process in one line and status 130.

    Raised as an exception amid an import it would surface as anything.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield                   # started in the background, where Ctrl-C is for others
        return
    stderr = os.dup(2)          # which is held back while TensorFlow loads

    def end(*_):
        try:
            os.write(stderr, b"Interrupted.\n")
        finally:
            os._exit(128 + signal.SIGINT)
    signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.close(stderr)


def _status(main):
    try:
        try:
            status = main() or 0
        except SystemExit as error:     # of the parser, which has said why
            status = error.code
        sys.stdout.flush()
        return _ended.pop() if _ended else status
    except UserError as error:
        line = " ".join(part.strip() for part in str(error).splitlines())
        console.complain(f"{_name()}: {line}")
        return 2
    except BrokenPipeError:             # whoever read the output has left
        console.drop(sys.stdout)
        return 128 + 13                 # SIGPIPE, which Windows has not
    except Exception as error:
        if _is_of_memory(error):
            console.complain(f"{_name()}: there is not enough memory: close other programs, or "
                             "raise the limit (ulimit -v); everything saved before is kept")
            return 2
        if not isinstance(error, OSError) or not console.drop_a_full_stream():
            raise
        console.complain(f"{_name()}: cannot write the output: {error.strerror or error}")
        return 2


def _is_of_memory(error):
    """Whether there was no memory left: Python, TensorFlow, protobuf and the system say so."""
    return (isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
            or isinstance(error, OSError) and error.errno == errno.ENOMEM
            or str(error).endswith(("Arena alloc failed", "can't start new thread")))


def _name():
    """What was started: train.py, or tf1gan where it was `python -m tf1gan`."""
    folder, name = os.path.split(sys.argv[0])
    return os.path.basename(folder) if name == "__main__.py" else name


def of_another_python(**more):
    """The environment of another Python that finds this package, installed or not: a dict."""
    path = os.pathsep.join(filter(None, [_ROOT, os.environ.get("PYTHONPATH")]))
    return dict(os.environ, PYTHONPATH=path, **more)


def cores():
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def open_closed_streams():
    """A standard stream that was closed becomes /dev/null.

    Else the next file that is opened takes its number, and gets what is printed.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is this one.
            os.open(os.devnull, os.O_RDONLY if mode == "r" else os.O_WRONLY)
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, closefd=False))


def end_at_sigterm():
    """Has SIGTERM end the process as an exception does: with the processes that it started.

    Where a library catches that exception, what is at work is done, and the status is the same.
    """
    def end(*_):
        _ended[:] = [128 + signal.SIGTERM]
        sys.exit(_ended[0])
    signal.signal(signal.SIGTERM, end)


@contextlib.contextmanager
def signals():
    """Collects Ctrl-C and SIGTERM in a list instead of dying of the first of them.

    A terminal that is closed (SIGHUP) asks for the same as SIGTERM. What the process was started
    to ignore, by nohup say, stays ignored.
    """
    received = []

    def receive(number, _):
        if number == HANGUP != signal.SIGTERM:
            console.drop_a_closed_terminal()
            number = signal.SIGTERM
        if received:                # asked twice: at once, then
            raise KeyboardInterrupt
        received.append(number)

    with handling(receive):
        yield received


@contextlib.contextmanager
def handling(receive):
    """While a function of (number, frame) handles SIGNALS and HANGUP, but for what is ignored."""
    before = {number: handler for number, handler in (
        (number, signal.getsignal(number)) for number in {*SIGNALS, HANGUP})
        if handler not in (signal.SIG_IGN, None)}       # None is a handler that is not Python's
    try:
        for number in before:
            signal.signal(number, receive)
    except ValueError:              # not the main thread: signals are somebody else's
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
