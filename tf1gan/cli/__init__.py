"""The command line: `run` does what one of the commands does, and ends the process."""

from tf1gan import process


def run(command, arguments=None):
    """Does what one of commands.COMMANDS does, and exits as `process.end_with` says.

    Args:
      command: its name; None takes it from the arguments.
      arguments: None is those of the process.
    """
    process.open_closed_streams()
    with process.ending_on_interrupt():
        from tf1gan.cli import commands
    main = commands.COMMANDS.get(command, commands.main)
    process.end_with(lambda: main(arguments))
