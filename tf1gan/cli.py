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

    A UserError is printed in one line and ends in status 2; Ctrl-C in 130.
    """
    try:
        status = main() or 0
    except UserError as error:
        print("%s: %s" % (os.path.basename(sys.argv[0]), " ".join(str(error).split())),
              file=sys.stderr)
        status = 2
    except BrokenPipeError:         # whoever read the output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        status = 128 + signal.SIGINT
    sys.exit(status)
