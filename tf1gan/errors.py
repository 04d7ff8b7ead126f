"""The error that is the user's to mend."""


class UserError(ValueError):
    """Something a user can put right: one line that names the file or flag and the remedy.

    The scripts print it and exit with status 2, without a traceback.
    """


class NotInstalled(UserError, ImportError):
    """TensorFlow, or a part of it, cannot be loaded."""


class Diverged(UserError):
    """Training came to values that are no numbers."""


class WriteError(UserError):
    """A file could not be written: no room, or no permission."""


def reason(error):
    """What went wrong, in one line, of an error of TensorFlow or of the system.

    TensorFlow 2 puts before the reason where the graph was built and where it was run, in lines
    that end in a colon.
    """
    lines = [line for line in str(getattr(error, "message", None) or error).splitlines()
             if line and not line.endswith(":")]
    lines = lines or [repr(error)]
    for line, following in zip(lines, lines[1:]):
        if line.startswith("Node: "):
            return following
    return lines[0]
