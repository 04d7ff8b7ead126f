"""Modules that a script loads by their path, or runs: they see TensorFlow 1 where they are its own.

importlib, imp (dropped by 3.12) and runpy, as the script sees them.
"""

import builtins
import importlib
import importlib.machinery
import importlib.util
import os
import runpy
import sys
import types

from tf1gan.legacy.imports import OwnLoader
from tf1gan.legacy.names import Restored


def modules(finder, execute):
    """Name of a top-level module -> function that gives it as the scripts knew it.

    Args:
      finder: the OwnModules.
      execute: (path, module) -> None; runs a source file in a module.
    """
    class SourceFileLoader(OwnLoader):
        def __init__(self, fullname, path):
            super().__init__(fullname, path, execute)

        def exec_module(self, module):
            if finder.is_own(self.path):
                execute(self.path, module)
            else:
                importlib.machinery.SourceFileLoader.exec_module(self, module)

    def spec_from_file_location(name, location=None, **options):
        spec = importlib.util.spec_from_file_location(name, location, **options)
        if spec is not None and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader, spec.cached = SourceFileLoader(name, spec.loader.path), None
        return spec

    return dict(importlib=lambda: _importlib(SourceFileLoader, spec_from_file_location),
                imp=lambda: _imp(spec_from_file_location), runpy=lambda: _runpy(finder, execute))


def _importlib(loader, spec_from_file_location):
    """importlib, whose import_module is the script's own import."""
    def import_module(name, package=None):
        return _imported(name, package, sys._getframe(1))

    def find_spec(name, package=None):
        try:
            spec = importlib.util.find_spec(name, package)
        except ModuleNotFoundError:         # a package that it would lie in
            spec = None
        if spec is not None:
            return spec
        try:
            found = _imported(name, package, sys._getframe(1))
        except ModuleNotFoundError:
            if "." in name.lstrip("."):
                _imported(name.rpartition(".")[0], package, sys._getframe(1))
            return None
        return importlib.machinery.ModuleSpec(importlib.util.resolve_name(name, package), None,
                                              is_package=hasattr(found, "__path__"))
    return Restored("importlib", importlib, dict(
        import_module=import_module, reload=importlib.reload,
        util=Restored("importlib.util", importlib.util, dict(
            find_spec=find_spec, spec_from_file_location=spec_from_file_location)),
        machinery=Restored("importlib.machinery", importlib.machinery, dict(
            SourceFileLoader=loader))))


def _imported(name, package, frame):
    """A module, as code that runs in a frame imports it."""
    own = frame.f_builtins.get("__import__", builtins.__import__)
    name = importlib.util.resolve_name(name, package) if package else name
    return own(name, frame.f_globals, None, ("__name__",), 0)


def _imp(spec_from_file_location):
    def load_source(name, path, file=None):
        spec = spec_from_file_location(name, path)
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def find_module(name, path=None):
        for folder in sys.path if path is None else path:
            inside = os.path.join(folder, name)
            if os.path.isfile(os.path.join(inside, "__init__.py")):
                return None, inside, ("", "", 5)
            if os.path.isfile(inside + ".py"):
                return open(inside + ".py", encoding="utf-8"), inside + ".py", (".py", "r", 1)
        raise ImportError(f"No module named '{name}'", name=name)

    def load_module(name, file, path, description):
        if description[2] == 5:
            path = os.path.join(path, "__init__.py")
        return load_source(name, path)
    return Restored("imp", None, dict(
        reload=importlib.reload, load_source=load_source, find_module=find_module,
        load_module=load_module, new_module=types.ModuleType, PY_SOURCE=1, PKG_DIRECTORY=5))


def _runpy(finder, execute):
    def run_path(path_name, init_globals=None, run_name=None):
        path = os.path.join(path_name, "__main__.py") if os.path.isdir(path_name) else path_name
        if not path.endswith(".py") or not os.path.isfile(path) or not finder.is_own(path):
            return runpy.run_path(path_name, init_globals, run_name)
        return run(run_name or "<run_path>", path, init_globals, __spec__=None, __package__="")

    def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
        spec = importlib.util.find_spec(mod_name)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(mod_name + ".__main__")
        if spec is None or not finder.loads(spec):
            return runpy.run_module(mod_name, init_globals, run_name, alter_sys)
        return run(run_name or spec.name, spec.origin, init_globals, __spec__=spec,
                   __package__=spec.parent)

    def run(name, path, given, **names):
        module = types.ModuleType(name)
        module.__dict__.update(given or {}, __name__=name, __file__=path, __cached__=None,
                               __loader__=None, **names)
        before = sys.modules.get(name)
        sys.modules[name] = module
        try:
            execute(path, module)
            return dict(module.__dict__)
        finally:
            if before is None:
                del sys.modules[name]
            else:
                sys.modules[name] = before
    return Restored("runpy", runpy, dict(run_path=run_path, run_module=run_module))
