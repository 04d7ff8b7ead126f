"""A module under its old name: what it has today, and what it has lost."""

import importlib
import sys
import types

from tf1gan.legacy.refusal import NotRestored, Refused


class Restored(types.ModuleType):
    """A module as the scripts knew it.

    Asked for a name, it gives what is restored under it, or what the module of today has. The
    module of today, which everybody else in the process imports, is not touched.
    """

    def __init__(self, name, today=None, restored=None, doc=None):
        """Args:
          name: the module's old name.
          today: the module of today; or a function that gives it, called when first needed; or
            None, where there is no such module any more.
          restored: name -> what stands under it; a `Later` is made when first asked for.
        """
        super().__init__(name, doc)
        # What an import statement asks of a package.
        self.__dict__.update(__path__=[], _today=today, _restored=dict(restored or {}))

    def __getattr__(self, name):
        restored = self.__dict__["_restored"]
        if name in restored:
            value = restored[name]
            if isinstance(value, Later):
                value = value.make()
            self.__dict__[name] = value
            return value
        if name == "__all__":
            return self._of_a_star()
        today = self._of_today()
        if today is not None:
            try:
                return getattr(today, name)
            except NotRestored:
                raise
            except AttributeError:
                pass
        raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")

    def _of_today(self):
        today = self.__dict__["_today"]
        if isinstance(today, types.FunctionType):
            today = self.__dict__["_today"] = today()
        return today

    def __dir__(self):
        today = self._of_today()
        return sorted(set(self.__dict__["_restored"]) | set(() if today is None else dir(today)))

    def _of_a_star(self):
        """The names that `from MODULE import *` takes: all that are there, but those refused."""
        today = self._of_today()
        names = getattr(today, "__all__", None) or dir(self)
        return sorted(name for name in {*names, *self.__dict__["_restored"]}
                      if not name.startswith("_") and self._is_there(name))

    def _is_there(self, name):
        try:
            getattr(self, name)
            return True
        except (AttributeError, Refused):
            return False

    def imported(self, name):
        """What an import of the module finds under a name, or None."""
        return getattr(self, name, None)

    def name_of_today(self):
        """The module's name today, or None where there is none any more."""
        today = self._of_today()
        return None if today is None else today.__name__

    def __repr__(self):
        return f"<module '{self.__name__}' as TensorFlow 1's scripts knew it>"


class Instead(types.ModuleType):
    """A module with a few other names, for the one module that is given it."""

    def __init__(self, today, **names):
        super().__init__(today.__name__)
        self.__dict__.update(vars(today), **names)


class Later:
    """A restored thing that is made when a script asks for it."""

    def __init__(self, make):
        self.make = make


def walk(module, dotted):
    """The module `a.b.c`, from `a`.

    Raises:
      ModuleNotFoundError: there is none: a class or function, as `tensorflow.train.AdamOptimizer`
        is, is no module.
    """
    name = dotted.split(".")[0]
    for part in dotted.split(".")[1:]:
        found = _submodule(module, part)
        if found is None:
            why = "" if hasattr(module, "__path__") else f"; '{name}' is not a package"
            raise ModuleNotFoundError(f"No module named '{name}.{part}'{why}",
                                      name=f"{name}.{part}")
        module, name = found, f"{name}.{part}"
    return module


def _submodule(parent, name):
    """The module that `import parent.name` asks for, or None."""
    if not isinstance(parent, Restored):        # whose attribute of that name may be another
        loaded = sys.modules.get(f"{parent.__name__}.{name}")
        if loaded is not None:
            return loaded
    found = parent.imported(name) if isinstance(parent, Restored) else getattr(parent, name, None)
    if isinstance(found, types.ModuleType):
        return found
    today = parent.name_of_today() if isinstance(parent, Restored) else parent.__name__
    try:
        return today and importlib.import_module(f"{today}.{name}")
    except ModuleNotFoundError as error:
        if error.name not in (today, f"{today}.{name}"):    # what that module itself wants
            raise
        return None
