"""Imported first by each script, before TensorFlow, which takes seconds to load.

Until cli.run takes over, Ctrl-C ends the process in one line and status 130: raised as an
exception amid an import it would surface as anything. And a standard stream that was closed
becomes /dev/null: else the next file that is opened takes its number, and gets what is printed.
"""

import os
import signal
import sys


def _open_closed_streams():
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is this one.
            os.open(os.devnull, os.O_RDONLY if mode == "r" else os.O_WRONLY)
            os.set_inheritable(number, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, closefd=False))


def _end_on_interrupt():
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return                  # started in the background, where Ctrl-C is for others
    stderr = os.dup(2)          # which is held back while TensorFlow loads

    def end(*_):
        try:
            os.write(stderr, b"Interrupted.\n")
        finally:
            os._exit(128 + signal.SIGINT)
    signal.signal(signal.SIGINT, end)


_open_closed_streams()
_end_on_interrupt()
