"""What the scripts share: one clear line for an error, and exit statuses."""

import argparse
import os
import signal
import sys

from tf1gan.errors import UserError


class Parser(argparse.ArgumentParser):
    """Reports a bad flag in one line, without the usage; keeps the lines of an epilog."""

    def __init__(self, **options):
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **options)

    def error(self, message):
        self.exit(2, "%s: %s (--help lists the flags)\n" % (self.prog, message))


def run(main):
    """Calls `main`, and exits with what it returns.

    A UserError is printed in one line and ends in status 2, as does an output that cannot be
    written; Ctrl-C in 130.
    """
    if callable(signal.getsignal(signal.SIGINT)):       # not where it is ignored
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if stream.errors == "strict":                   # a path may have any character
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _status(main)
        signal.signal(signal.SIGINT, signal.SIG_IGN)    # all is done but leaving
    except KeyboardInterrupt:
        _complain("Interrupted.")
        status = 128 + signal.SIGINT
    sys.exit(status)


def _status(main):
    try:
        try:
            status = main() or 0
        except SystemExit as error:     # of the parser, which has said why
            status = error.code
        sys.stdout.flush()
        return status
    except UserError as error:
        _complain("%s: %s" % (os.path.basename(sys.argv[0]),
                              " ".join(line.strip() for line in str(error).splitlines())))
        return 2
    except BrokenPipeError:             # whoever read the output has left
        _drop(sys.stdout)
        return 128 + 13                 # SIGPIPE, which Windows has not
    except OSError as error:
        if not _drop_a_full_stream():
            raise
        _complain("%s: cannot write the output: %s" % (
            os.path.basename(sys.argv[0]), error.strerror or error))
        return 2


def _complain(line):
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        _drop(sys.stderr)


def _drop_a_full_stream():
    """Whether what was printed could not be written; a stream that is full is left alone."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.write("\n")          # where nothing is buffered, nothing is left to flush
            stream.flush()
        except OSError:
            _drop(stream)
            return True
    return False


def _drop(stream):
    """Leaves out what is still to be written to a stream, which is tried again at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
