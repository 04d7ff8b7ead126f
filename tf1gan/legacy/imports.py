"""Imports of the script, and of the modules beside it, see TensorFlow 1; nobody else's do.

A module's `import` calls the `__import__` of its own builtins. The script's modules are given
builtins of their own, with an `__import__` that knows the old names. `sys.modules` stays as it
is: other packages, Matplotlib among them, look there for what is installed.
"""

import builtins
import glob
import importlib.machinery
import os
import site
import sys
import sysconfig

from tf1gan.legacy import libraries
from tf1gan.legacy.names import walk

_SITES = {"site-packages", "dist-packages"}     # folders that hold what is installed, anywhere
# What the runner itself is made of, wherever it lies.
_NEVER_OWN = ("tf1gan", "tensorflow", "tf_keras", "tf_slim", "numpy", "matplotlib", "PIL", "fissix")

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
        if isinstance(fromlist, list) and not fromlist:
            # Not the script's, but that of C for which it waits, as a pickle's of an array's
            # module: it looks in sys.modules afterwards.
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
    """Finds the script's own modules: those that nobody has installed.

    They lie beside the script, in folders that it puts on sys.path, in those of PYTHONPATH, and in
    folders that are worked on where they are (`pip install -e`, a line of a .pth file). Stands
    first in `sys.meta_path`. What is installed is left to the finders after it.
    """

    def __init__(self, folder, execute, also=()):
        """Args:
          folder: the script's.
          execute: (path, module) -> None; runs a source file in a module.
          also: names of installed packages that are its own all the same.
        """
        self._folder, self._execute, self._also = folder, execute, frozenset(also)
        self._installed = tuple(
            os.path.join(_real(path), "") for path in [sysconfig.get_path(kind) for kind in (
                "stdlib", "platstdlib", "purelib", "platlib")] + [site.getusersitepackages()])
        self._metadata = {}         # folder -> the packages that pip has put there, in lower case

    def has(self, root):
        """Whether a module of that name is the script's own."""
        if root in sys.builtin_module_names:
            return False
        if root in self._also:
            return True
        folders = [self._folder] + (sys.path if root not in _NEVER_OWN else [])
        return any(self.is_own(path) for folder in folders
                   for path in _sources(os.path.join(folder, root)) if os.path.isfile(path))

    def stands_beside(self, root, importer):
        """Whether a module of that name stands beside one in a package, as Python 2 looked."""
        package = (importer or {}).get("__package__")
        folders = getattr(sys.modules.get(package), "__path__", ()) if package else ()
        return any(os.path.isfile(path) for folder in folders
                   for path in _sources(os.path.join(folder, root)))

    def find_spec(self, name, path=None, target=None):
        root = name.split(".")[0]
        is_also = root in self._also or libraries.is_of_then(root)
        if root in _NEVER_OWN or (not is_also and path is not None and all(
                self._is_installed(_real(folder)) for folder in path)):
            return None
        spec = None
        for finder in sys.meta_path:
            if finder is not self and spec is None and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
        if spec is None or not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        if not is_also and not self.is_own(spec.origin):
            return None
        spec.loader = OwnLoader(name, spec.origin, self._execute)
        spec.cached = None          # nothing is written into the script's folder
        return spec

    def is_own(self, path):
        """Whether a source file is nobody's that was installed."""
        path = _real(path)
        if self._is_installed(path):
            return False
        for folder in map(_real, sys.path):
            if path.startswith(os.path.join(folder, "")) and folder != _real(self._folder):
                root = os.path.relpath(path, folder).split(os.sep)[0]
                if os.path.splitext(root)[0].lower() in self._put_by_pip(folder):
                    return False
        return True

    def _is_installed(self, path):
        return path.startswith(self._installed) or not _SITES.isdisjoint(path.split(os.sep))

    def _put_by_pip(self, folder):
        """What `pip install --target` has put into a folder: top-level names, in lower case."""
        if folder not in self._metadata:
            names = set()
            for path in glob.glob(os.path.join(glob.escape(folder), "*.dist-info", "RECORD")):
                with open(path, encoding="utf-8", errors="replace") as file:
                    names |= {os.path.splitext(line.split(",")[0].split("/")[0])[0].lower()
                              for line in file}
            self._metadata[folder] = names
        return self._metadata[folder]

    def loads(self, spec):
        """Whether a module is one of its own."""
        return isinstance(spec.loader, OwnLoader)

    def invalidate_caches(self):
        pass


class OwnLoader(importlib.machinery.SourceFileLoader):

    def __init__(self, name, path, execute):
        super().__init__(name, path)
        self._execute = execute

    def exec_module(self, module):
        self._execute(self.path, module)


def _sources(path):
    """The files that may hold a module."""
    return path + ".py", os.path.join(path, "__init__.py")


def _real(path):
    return os.path.realpath(path or os.curdir)
