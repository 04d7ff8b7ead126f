"""Imports of the script, and of the modules beside it, see TensorFlow 1; nobody else's do.

A module's `import` calls the `__import__` of its own builtins. The script's modules are given
builtins of their own, with an `__import__` that knows the old names. `sys.modules` stays as it
is: other packages, Matplotlib among them, look there for what is installed.
"""

import builtins
import importlib.machinery
import os
import site
import sys
import sysconfig

from tf1gan.legacy.names import walk


def make_builtins(roots, finder, more, python2=False):
    """The builtins of the script's modules.

    Args:
      roots: name of a top-level module -> function that gives it as the scripts knew it.
      finder: the OwnModules, which know what stands beside the script.
      more: name -> further builtins.
    """
    made = {}

    def module(root):
        if root not in made:
            made[root] = roots[root]()
        return made[root]

    def old_import(name, globals=None, locals=None, fromlist=(), level=0):
        root = name.split(".")[0]
        if level == 0 and python2 and finder.stands_beside(root, globals):
            return builtins.__import__(name, globals, locals, fromlist, 1) if fromlist else \
                getattr(builtins.__import__("", globals, locals, (root,), 1), root)
        if level or root not in roots or finder.has(root):
            return builtins.__import__(name, globals, locals, fromlist, level)
        top = module(root)
        found = walk(top, name)
        if not fromlist:
            return top
        for wanted in fromlist:
            if wanted != "*" and not hasattr(found, wanted):
                _import_submodule(found, wanted)
        return found

    return dict(vars(builtins), __import__=old_import, __tf1gan_legacy__=True, **more)


def _import_submodule(package, name):
    """`from PACKAGE import name`, where it is a module. What it is not is for `import` to say."""
    try:
        walk(package, f"package.{name}")
    except ModuleNotFoundError:
        pass


class OwnModules:
    """Finds the modules beside the script, and those of folders that it puts on sys.path.

    Stands first in `sys.meta_path`. What is installed is left to the finders after it.
    """

    def __init__(self, folder, execute):
        """Args:
          folder: the script's.
          execute: (path, module) -> None; runs a source file in a module.
        """
        self._folders_before = set(map(_real, sys.path)) - {_real(folder)}
        self._installed = [_real(path) for path in
                           [sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib")]
                           + [site.getusersitepackages()]]
        self._folder, self._execute = folder, execute

    def has(self, root):
        """Whether a module of that name stands beside the script."""
        path = os.path.join(self._folder, root)
        return os.path.isfile(path + ".py") or os.path.isfile(os.path.join(path, "__init__.py"))

    def stands_beside(self, root, importer):
        """Whether a module of that name stands beside one in a package, as Python 2 looked."""
        package = (importer or {}).get("__package__")
        folders = getattr(sys.modules.get(package), "__path__", ()) if package else ()
        return any(os.path.isfile(os.path.join(folder, root) + ending) for folder in folders
                   for ending in (".py", os.sep + "__init__.py"))

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "tf1gan":
            return None
        folders = path if path is not None else self._own_folders()
        spec = importlib.machinery.PathFinder.find_spec(name, folders) if folders else None
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        if not self._is_own(spec.origin):
            return None
        spec.loader = _OwnLoader(name, spec.origin, self._execute)
        spec.cached = None          # nothing is written into the script's folder
        return spec

    def _is_own(self, path):
        def is_under(folders):
            return any(_real(path).startswith(os.path.join(_real(folder), ""))
                       for folder in folders)
        return is_under(self._own_folders()) and not is_under(self._installed)

    def _own_folders(self):
        return [folder for folder in sys.path if _real(folder) not in self._folders_before]

    def invalidate_caches(self):
        pass


class _OwnLoader(importlib.machinery.SourceFileLoader):

    def __init__(self, name, path, execute):
        super().__init__(name, path)
        self._execute = execute

    def exec_module(self, module):
        self._execute(self.path, module)


def _real(path):
    return os.path.realpath(path or os.curdir)
