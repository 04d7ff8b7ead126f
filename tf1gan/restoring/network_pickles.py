"""What pickles of networks hold, as StyleGAN and progressive GAN wrote them; none of it is run.

Such a pickle names a class `Network` of the script's, and gives it the source of its module, which
the class runs. Here stand-ins take what the pickle gives: nothing that it names is imported.
"""

import collections
import functools
import operator

import numpy as np

from tf1gan import console, files
from tf1gan.errors import UserError
from tf1gan.pickles import Refused, restricted

_BEGINNING = 4096           # bytes by which a pickle has named its first class
_CLASS = "Network"


def described(path):
    """Lines to print of a pickle of networks; None where a file is none.

    Raises UserError for one that cannot be read.
    """
    try:
        with files.opened(path) as file:
            start = file.read(_BEGINNING)
            if start[:1] != b"\x80" or _CLASS.encode() not in start:
                return None
            file.seek(0)
            networks = [_lines(network.state) for network in _found(
                restricted(file, _admitted).load())]
    except OSError:             # for those who read it to say
        return None
    except Refused as error:
        raise UserError(f"{path} is a pickle of networks that cannot be read: {error}") from error
    except Exception as error:  # a damaged pickle can fail in any way there is
        raise UserError(f"{path} is a pickle of networks that cannot be read: it is damaged, or "
                        "not whole") from error
    if not networks:
        return None
    return [f"{path}: a pickle of networks ({len(networks)}), which holds their source code. None "
            "of it is run here; run_legacy.py and tf1gan run open it with --trust"] + [
                line for lines in networks for line in lines]


def _lines(state):
    variables = [(name, array) for name, array in state.get("variables", ())
                 if isinstance(array, (_Array, np.ndarray, np.generic))]
    source = state.get("build_module_src")
    words = [f"network {_word(state.get('name'))}"]
    if isinstance(state.get("build_func_name"), str):
        words.append(f"made by {_word(state['build_func_name'])}")
    if isinstance(source, str):
        words.append(f"lines of source: {len(source.splitlines())}")
    if isinstance(state.get("version"), int):
        words.append(f"version {state['version']} of the format")
    words.append(f"numbers: {sum(_numbers(array.shape) for _, array in variables)}")
    rows = [(console.plain(str(name)), " x ".join(map(str, array.shape)) or "scalar",
             "" if array.dtype == "float32" else str(array.dtype)) for name, array in variables]
    return [", ".join(words)] + console.columns(rows)


def _numbers(shape):
    return functools.reduce(operator.mul, shape, 1)


def _word(value):
    return console.plain(value) if isinstance(value, str) else "without a name"


def _found(value):
    """The networks in what a pickle holds, each once, those within others after them."""
    found, seen, waiting = [], set(), collections.deque([value])
    while waiting:
        value = waiting.popleft()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, _Network) and isinstance(value.state, dict):
            found.append(value)
            inner = value.state.get("components")
            waiting.extend(inner.values() if isinstance(inner, dict) else ())
        elif isinstance(value, (list, tuple)):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
    return found


# -- What stands in for what a pickle names --------------------------------------------------

def _admitted(module, name):
    """A stand-in for any name. Calling it, or giving it a state, does no more than to keep that."""
    last = module.rsplit(".", 1)[-1]
    if (last, name) == ("multiarray", "_reconstruct"):
        return _Array
    if name == _CLASS:
        return _Network
    return _Dict if name in ("EasyDict", "OrderedDict") else None


class _Network:
    state = None

    def __init__(self, *_):
        pass

    def __setstate__(self, state):
        self.state = state


class _Dict(dict):

    def __setstate__(self, state):
        pass


class _Array:
    """An array's shape and type, without its numbers."""
    shape, dtype = (), None

    def __init__(self, *_):
        pass

    def __setstate__(self, state):
        _, shape, kind, _, content = state
        self.shape, self.dtype = tuple(map(int, shape)), kind.dtype.name
        if len(content) != _numbers(self.shape) * kind.dtype.itemsize:
            raise Refused("an array that is shorter or longer than it says")
