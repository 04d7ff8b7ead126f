"""Runs a module or package by its name, as `python -m` does."""

import importlib.util
import runpy
import sys

from tf1gan.errors import UserError


def as_main(program, name):
    """Runs a module or package of that name as `__main__`. Returns its names.

    Raises:
      UserError: there is none.
    """
    spec = _find(name)
    if not program.finder.loads(spec):          # an installed one, such as unittest
        return runpy.run_module(name, run_name="__main__", alter_sys=True)
    sys.argv[0] = spec.origin
    module = program.main_module(spec.origin)
    module.__spec__, module.__package__ = spec, spec.parent
    program.execute(spec.origin, module)
    return vars(module)


def _find(name):
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(name + ".__main__")
    except ModuleNotFoundError as error:
        if not (name + ".").startswith(f"{error.name}."):   # one that it imports is missing
            raise
        spec = None
    if spec is None:
        raise UserError(f"-m {name}: there is no such module, nor a package with a __main__.py: "
                        "give its name with dots, as python -m takes it")
    return spec
