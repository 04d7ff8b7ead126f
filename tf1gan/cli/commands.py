"""What the scripts do: `python -m tf1gan train ...` is `python scripts/train.py ...`.

Each command parses its flags and makes one call. What needs TensorFlow is imported after the
flags are found right, so that a mistyped one is answered at once.
"""

import argparse

from tf1gan import process
from tf1gan.cli.looking import evaluate, export, inspect_checkpoint, plot, report, sample
from tf1gan.cli.measuring import benchmark, search, stress
from tf1gan.cli.old_scripts import run_legacy
from tf1gan.cli.training import train

COMMANDS = {"train": train, "sample": sample, "plot": plot, "evaluate": evaluate,
            "export": export, "report": report, "inspect_checkpoint": inspect_checkpoint,
            "run_legacy": run_legacy, "benchmark": benchmark, "stress": stress,
            "search": search}


def main(arguments):
    """`python -m tf1gan`."""
    parser = process.Parser(
        prog="tf1gan", example="python -m tf1gan train --model gan",
        description="Trains GANs of five TensorFlow 1 tutorials, and looks at them.")
    parser.add_argument("command", choices=sorted(COMMANDS), metavar="COMMAND",
                        help=", ".join(sorted(COMMANDS)))
    parser.add_argument("flags", nargs=argparse.REMAINDER, help="of that command")
    parsed = parser.parse_args(arguments)
    return COMMANDS[parsed.command](parsed.flags, f"tf1gan {parsed.command}")
