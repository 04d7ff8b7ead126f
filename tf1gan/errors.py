"""The error that is the user's to mend."""


class UserError(ValueError):
    """Something a user can put right: one line that names the file or flag and the remedy.

    The scripts print it and exit with status 2, without a traceback.
    """


class WriteError(UserError):
    """A file could not be written: no room, or no permission."""
