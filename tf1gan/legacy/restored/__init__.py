"""What TensorFlow 1 had and today's lacks: a file for each such part, found by listing this folder.

A file describes its part by these constants, which can be read without TensorFlow:

  DROPPED   the version that dropped it
  GIVES     the names that are there, in one string; None where they are those of a package
  REFUSED   name -> why it is not there, and what to do instead
  NEEDS     the packages that it is made of, beside TensorFlow
  PATHS     the modules of TensorFlow's repository that scripts took the same names from

and `make(given)` returns name -> object. It is called when a script first asks for the part, so
that scripts that do not use it do not wait for it.
"""

import functools
import os
import pkgutil
import types
from itertools import filterfalse
from typing import Any, NamedTuple

from tf1gan.legacy.api import internals
from tf1gan.legacy.names import Restored
from tf1gan.legacy.refusal import refuse


class Given(NamedTuple):
    """What a restored thing may be made of."""
    tf: Any             # `tensorflow`, as the scripts knew it
    datasets: Any       # `tf.contrib.learn.datasets`
    steps: Any          # the Steps that count updates
    seeds: Any          # the Seeds that are derived from counts
    say: Any            # prints a line, once


_LISTED = "docs/running_legacy.md lists what is"


class Part(Restored):
    """A restored module: what it has not, and 1.15.5 had, is refused by name."""

    def __init__(self, name, restored, refused, otherwise="", path=""):
        """Args:
          name: as it is imported, `tensorflow.contrib.rnn`.
          restored: name -> what stands under it; a `Later` is made when first asked for.
          refused: name -> why it is not there.
          otherwise: the same of names that are not listed. Without it these are missing, as
            on 1.15.5.
          path: where TensorFlow's repository has it, where that is another name: the modules
            that it holds there are given, or refused.
        """
        super().__init__(name, None, restored)
        self.__dict__.update(_refused=refused, _otherwise=otherwise, _then=_then(
            _below_contrib(name)), _path=path or name,
            _whole=self, _modules={})

    def __getattr__(self, name):
        path = f"{_below_contrib(self._path)}.{name}"
        if path in names_of_1_15() and not self._gives(name):
            self._restored[name] = self._module(path, f"{self._path}.{name}")
        why = self._refused.get(name, self._otherwise)
        # Names with underscores are what Python asks of any.
        if why and not name.startswith("__") and not self._gives(name) and self._had(name):
            whole = f"{self.__name__}.{name}".replace("tensorflow.", "tf.", 1)
            refuse(f"{whole} is not restored: {why}")
        return super().__getattr__(name)

    def _gives(self, name):
        return name in self._restored or self._today is not None and self._today._gives(name)

    def imported(self, name):
        """A module that has the name of a function in it: `contrib.nn.python.ops.alpha_dropout`.

        The package has the function under it; an import by the path finds the module.
        """
        found = super().imported(name)
        path = f"{_below_contrib(self._path)}.{name}"
        if isinstance(found, types.ModuleType) or path not in names_of_1_15():
            return found
        if name not in self._modules:
            self._modules[name] = self._module(path, f"{self._path}.{name}")
        return self._modules[name]

    def _had(self, name):
        """Whether 1.15.5 had it; or whether that is not known."""
        return self._then is None or name in self._then or (
            self._today is not None and self._today._had(name))

    def _module(self, path, whole):
        """A module within the part, where something is restored of what 1.15.5 had in it."""
        of_1_15, part = names_of_1_15(), self._whole
        holds = sorted(name for name in of_1_15[path] if not name.startswith("_"))
        is_package = any(f"{path}.{name}" in of_1_15 for name in of_1_15[path])
        if not is_package and not any(map(part._gives, filterfalse(str.isupper, holds))):
            names = [path.rpartition(".")[2]] + holds
            why = [part._refused[name] for name in names if name in part._refused]
            refuse(f"{whole.replace('tensorflow.', 'tf.', 1)} is not restored: "
                   f"{(why + [_LISTED])[0]}")
        made = Part(whole, {}, part._refused, part._otherwise or _LISTED)
        made.__dict__.update(_today=part, _whole=part)
        return made

    def name_of_today(self):
        return None


def _below_contrib(name):
    return name.partition("contrib")[2].lstrip(".")


def _then(path):
    """The names in a module of 1.15.5's contrib; None of one that is not known by this path."""
    return names_of_1_15().get(path)


@functools.lru_cache(maxsize=None)
def names_of_1_15():
    """Module of 1.15.5's contrib -> the names in it; "" is contrib itself.

    Of modules within a part these are the names that they define. tests/legacy/list_names.py
    writes the file.
    """
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "names_of_1_15.txt")
    with open(path, encoding="ascii") as file:
        names = {path: set(defined) for path, *defined in map(str.split, file)}
    names[""] = set()
    for path in list(names):
        if path:
            parent, _, last = path.rpartition(".")
            names.setdefault(parent, set()).add(last)
    return names


def found(package):
    """The names of the files in a folder of restored things."""
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__)
                  if not module.name.startswith("_"))


def part(name, description, given):
    """A restored module, made by its description: one of the files here."""
    internals.load()        # names that have moved within TensorFlow, which the parts take there
    made = Part(name, description.make(given), description.REFUSED, _LISTED)
    for path in description.PATHS:
        _stand_in(made, path.split("."))
    return made


def _stand_in(made, path):
    """Puts a module under a path of TensorFlow's repository, `python.ops.rnn_cell`."""
    names, whole = made._restored, made.__name__
    for name in path:
        whole += f".{name}"
        found = names.get(name)
        if not isinstance(found, Restored) or (type(found) is Restored and found._today is None):
            names[name] = Part(whole, getattr(found, "_restored", {}), made._refused,
                               made._otherwise)
        inner, names = names[name], names[name]._restored
        inner.__dict__["_whole"] = made
    inner.__dict__["_today"] = made
