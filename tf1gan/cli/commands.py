"""What the scripts do: `tf1gan train ...` is `python scripts/train.py ...`.

Each command parses its flags and makes one call. What needs TensorFlow is imported after the
flags are found right, so that a mistyped one is answered at once.
"""

import argparse

from tf1gan import process
from tf1gan.cli.looking import evaluate, export, inspect_checkpoint, plot, report, sample
from tf1gan.cli.measuring import benchmark, search, stress
from tf1gan.cli.old_models import convert, inspect
from tf1gan.cli.old_scripts import check, kernel, run, run_legacy
from tf1gan.cli.training import train

COMMANDS = {command.__name__: command for command in (
    train, sample, plot, evaluate, export, report, inspect_checkpoint, run_legacy, benchmark,
    stress, search)}
# What `tf1gan` does, by name.
OF_THE_PACKAGE = dict(COMMANDS, check=check, convert=convert, inspect=inspect, kernel=kernel,
                      run=run)


def main(arguments):
    """`tf1gan`, and `python -m tf1gan`."""
    names = sorted(set(OF_THE_PACKAGE) - {"inspect_checkpoint", "run_legacy"})
    parser = process.Parser(
        prog="tf1gan", example="tf1gan train --model gan", epilog="commands:\n" + "\n".join(
            f"  {name:<10} {_about(name)}" for name in names)
        + "\n\ntf1gan COMMAND --help lists a command's flags.",
        description="Trains the GANs of five TensorFlow 1 tutorials, samples and measures them, "
                    "and runs other people's TensorFlow 1 code.")
    parser.add_argument("command", choices=sorted(OF_THE_PACKAGE), metavar="COMMAND",
                        help="one of the commands below")
    parser.add_argument("flags", nargs=argparse.REMAINDER, help="the flags of that command")
    parsed = parser.parse_args(arguments)
    return OF_THE_PACKAGE[parsed.command](parsed.flags, f"tf1gan {parsed.command}")


def _about(name):
    return " ".join(OF_THE_PACKAGE[name].__doc__.split("\n\n")[0].split())
