"""Flags and steps that several commands have."""

import argparse
import os

from tf1gan import process
from tf1gan.compat import open_first_session, tf


def load_tensorflow(with_session=False, end_at_sigterm=True):
    """Takes seconds: after all that can be found wrong without it.

    Args:
      with_session: also open a first session, for a command whose sessions have no settings.
      end_at_sigterm: False for what handles signals itself, or has processes that would go on.
    """
    with process.ending_on_interrupt():
        tf.Session      # noqa: B018
        if with_session:
            open_first_session()
    if end_at_sigterm:
        process.end_at_sigterm()


def make_parser(name, about, example, epilog=""):
    """A command's Parser.

    `name` is what was started, "tf1gan train"; None is the script. `example` is the script's name
    without .py, and flags to copy.
    """
    script, flags = example.split(" ", 1)
    return process.Parser(prog=name, description=about, epilog=epilog,
                          example=f"{name or f'python scripts/{script}.py'} {flags}")


def folder(text):
    """The value of a flag that names a folder, which need not be there yet.

    A shell's variable that is not set gives none.
    """
    if not text:
        raise argparse.ArgumentTypeError("it is empty: name a folder")
    if os.path.exists(text) and not os.path.isdir(text):
        raise argparse.ArgumentTypeError(f"{text} is not a folder: name another")
    return text


def add_data_dir(parser, what):
    parser.add_argument("--data-dir", default="mnist_data", metavar="DIR", type=folder,
                        help=f"{what}; default: %(default)s")


def add_model_of_checkpoint(parser):
    from tf1gan import models
    parser.add_argument("--model", metavar="NAME",
                        help="model of a checkpoint that has no config.json beside it: "
                             + ", ".join(models.MODELS) + "; default: what config.json says")


def check_model(name):
    """Raises UserError where --model names none."""
    from tf1gan import models
    if name is not None:
        models.find(name)


def add_best(parser):
    parser.add_argument("--best", action="store_true",
                        help="take the generator that measured best (train.py "
                             "--evaluate-every); default: the newest generator")
