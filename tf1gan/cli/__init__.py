"""The command line: `run` does what one of the commands does, and ends the process."""

import sys

from tf1gan import process

# Commands that need none of the six models, and so are not to wait for them.
_OF_OLD_SCRIPTS = ("run", "run_legacy", "check", "kernel")


def run(command, arguments=None):
    """Does what one of commands.COMMANDS does, and exits as `process.end_with` says.

    Without a command's name it is the first of the arguments; None is those of the process.
    """
    process.open_closed_streams()
    with process.ending_on_interrupt():
        main = _main(command, sys.argv[1:] if arguments is None else arguments)
    process.end_with(lambda: main(arguments))


def _main(command, given):
    name = command or "".join(given[:1])
    if name in _OF_OLD_SCRIPTS:
        from tf1gan.cli import old_scripts
        main = getattr(old_scripts, name)
        return main if command else lambda _: main(given[1:], f"tf1gan {name}")
    from tf1gan.cli import commands
    return commands.COMMANDS.get(command, commands.main)
