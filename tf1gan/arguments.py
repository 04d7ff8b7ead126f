"""What a caller gives, checked: numbers, switches, paths."""

import operator
import os

import numpy as np

from tf1gan.errors import UserError


def integer(name, value, low=None):
    """`value` as an int. Raises UserError for what is none, or below `low`; so are True and False.

    One of NumPy's would go on counting in its own few bits.
    """
    try:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise UserError(f"{name} must be an integer, not {value!r}") from None
    if low is not None and number < low:
        raise UserError(f"{name} must be at least {low}, not {number}")
    return number


def switch(name, value):
    """`value` as True or False; a 0 or 1 is one. Raises UserError for anything else."""
    if isinstance(value, (bool, np.bool_, int, np.integer)) and value in (0, 1):
        return bool(value)
    raise UserError(f"{name} must be True or False, not {value!r}")


def path(name, value, of="file or folder"):
    """`value` as a plain str: of NumPy's, Python lists a folder in bytes. Raises UserError."""
    if not isinstance(value, (str, os.PathLike)) or not isinstance(os.fspath(value), str) \
            or not os.fspath(value):
        raise UserError(f"{name} must be the name of a {of}, not {value!r}")
    return str(os.fspath(value))
