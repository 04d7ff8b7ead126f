"""What the scripts share: one clear line for an error, and exit statuses."""

import argparse
import os
import signal
import sys
import textwrap

from tf1gan.errors import UserError
from tf1gan.models import MODELS


class _Help(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of an epilog, and --flags and names whole."""

    def _split_lines(self, text, width):
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)


class Parser(argparse.ArgumentParser):
    """Reports a bad flag in one line, without the usage. Its help ends in an example."""

    def __init__(self, example, epilog="", **options):
        epilog = (epilog + "\n\nexample:\n  " + example).strip()
        super().__init__(formatter_class=_Help, epilog=epilog, **options)

    def error(self, message):
        self.exit(2, "%s: %s (--help lists the flags)\n" % (self.prog, message))


def by_model(name, shown=str):
    """The default of each model that has one, as words for a flag's help.

    Args:
      name: of a hyperparameter or another field of Model.
      shown: the words for a value.
    """
    values = {model.name: model.defaults.get(name, getattr(model, name, None))
              for model in MODELS.values()}
    return "default: " + ", ".join(
        "%s %s" % (model, shown(value)) for model, value in values.items() if value is not None)


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
