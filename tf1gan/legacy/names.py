"""A module under its old name: what it has today, and what it has lost."""

import importlib
import types


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
        today = self._of_today()
        if today is not None:
            try:
                return getattr(today, name)
            except AttributeError:
                pass
        raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")

    def _of_today(self):
        today = self.__dict__["_today"]
        if isinstance(today, types.FunctionType):
            today = self.__dict__["_today"] = today()
        return today

    def __dir__(self):
        return sorted(set(self.__dict__["_restored"]) | set(dir(self._of_today())))

    def submodule(self, name):
        """What `import PARENT.name` asks for. Raises ModuleNotFoundError."""
        try:
            return getattr(self, name)
        except AttributeError:
            today = self._of_today()
            if today is None:
                raise ModuleNotFoundError(f"No module named '{self.__name__}.{name}'",
                                          name=f"{self.__name__}.{name}") from None
        return importlib.import_module(f"{today.__name__}.{name}")

    def __repr__(self):
        return f"<module '{self.__name__}' as TensorFlow 1's scripts knew it>"


class Later:
    """A restored thing that is made when a script asks for it."""

    def __init__(self, make):
        self.make = make


def walk(module, dotted):
    """The module `a.b.c`, from `a`. Raises ModuleNotFoundError."""
    for part in dotted.split(".")[1:]:
        if isinstance(module, Restored):
            module = module.submodule(part)
        elif hasattr(module, part):
            module = getattr(module, part)
        else:
            module = importlib.import_module(f"{module.__name__}.{part}")
    return module
