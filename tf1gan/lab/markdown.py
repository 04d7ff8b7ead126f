"""What is measured, as docs/speed.md has it: a table in Markdown, and the conditions above it."""

import os
import subprocess
import time

import tf1gan
from tf1gan import console, process
from tf1gan.compat import tf
from tf1gan.training import session_config


def print_head(conditions, names):
    """What was measured, when and where, and the head of a table."""
    console.say("", f"{time.strftime('%Y-%m-%d')}, tf1gan {tf1gan.__version__}{_commit()}, "
                f"TensorFlow {tf.__version__}, {process.cores()} cores "
                f"({session_config.processor()}); {conditions}", "")
    print_row(names)
    print_row(["---"] * len(names))


def print_row(cells):
    console.say(f"| {' | '.join(cells)} |")


def _commit():
    """Of a checkout, the commit that is measured, in words."""
    try:
        done = subprocess.run(
            ["git", "-C", os.path.dirname(os.path.abspath(__file__)), "describe", "--always",
             "--dirty"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10,
            universal_newlines=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return f", commit {done.stdout.strip()}" if done.stdout.strip() else ""
