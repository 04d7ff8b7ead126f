"""How NumPy 1.18 printed: a number in a list as 1.5, not as np.float32(1.5), as it is since 2.0.

NumPy's own mode "1.21" does it. Options belong to a thread since 2.2; before, to the process.
"""

import contextlib
import contextvars
import importlib

import numpy as np

from tf1gan.legacy.refusal import refuse

_LIKE_THEN = "1.21"         # "1.25" prints records otherwise, "1.13" arrays
_IS_NEEDED = int(np.__version__.split(".")[0]) >= 2


def begin():
    """Prints so, whoever prints, from now on."""
    if _IS_NEEDED:
        _set(legacy=_LIKE_THEN)


@contextlib.contextmanager
def as_then():
    """Prints so, whoever prints, until it is left."""
    if not _IS_NEEDED:
        yield
        return
    before = dict(_of_all_threads(np.get_printoptions))
    begin()
    try:
        yield
    finally:
        _set(**before)


def restored():
    """NumPy's functions that know of the mode, to which False is 1.18's own: name -> function."""
    if not _IS_NEEDED:
        return {}

    def set_printoptions(*arguments, **named):
        _set(*arguments, **_with_legacy(named))

    @contextlib.contextmanager
    def printoptions(*arguments, **named):
        before = np.get_printoptions()
        _set(*arguments, **_with_legacy(named))
        try:
            yield get_printoptions()
        finally:
            _set(**before)

    def get_printoptions():
        options = {name: value for name, value in np.get_printoptions().items()
                   if name != "override_repr"}
        return dict(options, legacy=options["legacy"] != _LIKE_THEN and options["legacy"])

    def array2string(*arguments, **named):
        return np.array2string(*arguments, **_with_legacy(named))

    def set_string_function(f, repr=True):                                  # 2.0
        arrays = importlib.import_module("numpy._core.arrayprint")
        if hasattr(arrays, "set_string_function"):      # before 2.1
            return arrays.set_string_function(f, repr)
        if not repr:
            refuse("numpy.set_string_function(repr=False) is not restored: NumPy 2 asks nobody "
                   "how to print an array; np.set_printoptions(formatter=) is asked of its numbers")
        _set(override_repr=f)
    return dict(set_string_function=set_string_function, set_printoptions=set_printoptions,
                printoptions=printoptions, get_printoptions=get_printoptions,
                array2string=array2string)


def _with_legacy(named):
    return dict(named, legacy=_LIKE_THEN) if named.get("legacy", True) is False else named


def _set(*arguments, **named):
    """Sets options for every thread: what a thread has that has set none is changed in place."""
    try:
        options = importlib.import_module("numpy._core.printoptions")
    except ModuleNotFoundError:         # before 2.2
        options = None

    def of_all():
        np.set_printoptions(*arguments, **named)
        return options and options.format_options.get()
    made = _of_all_threads(of_all)
    if made is not None:                # the options themselves: a module's name for them differs
        _of_all_threads(options.format_options.get).update(made)


def _of_all_threads(call):
    """What a call gives in a thread that has no options of its own."""
    return contextvars.Context().run(call)
