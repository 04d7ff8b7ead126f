"""Lists, on 1.15.5, the modules of tf.contrib and what is in them: what old scripts may ask for.

    python3.7 tests/legacy/list_names.py tf1gan/legacy/restored/names_of_1_15.txt

A line for each module, its path in contrib first. Of contrib's parts, as `tf.contrib` has them, it
has every name; of the modules within, those that they define.
"""

import importlib
import os
import re
import sys
import types

NO_NAMES = {"absolute_import", "division", "print_function", "_allowed_symbols"}
# Modules that no script asks for: tests, and what a program wrote.
LEFT_OUT = re.compile(r"_tests?$|_test_utils?$|_test_base$|_pb2$|\.gen_\w+$"
                      r"|\.(\w+_)?(tests|testing|benchmarks?|examples|testdata)(\.|$)")


def listed():
    import tensorflow as tf
    folder = os.path.dirname(tf.contrib.__file__)
    paths = sorted(_modules(folder))
    lines = {path: _names(getattr(tf.contrib, path, None) or _imported(path))
             for path in paths if "." not in path}
    for path in paths:
        if "." in path and not LEFT_OUT.search(path):
            lines[path] = _defined(path, _imported(path))
    return "".join(f"{' '.join([path] + lines[path])}\n" for path in sorted(lines))


def _modules(folder):
    for where, folders, files in os.walk(folder):
        inside = os.path.relpath(where, folder).replace(os.sep, ".")
        if inside == ".":
            folders.remove("__pycache__") if "__pycache__" in folders else None
            yield from (name for name in folders)
        else:
            for name in files:
                if name == "__init__.py" and "." in inside:
                    yield inside
                elif name.endswith(".py") and name != "__init__.py":
                    yield f"{inside}.{name[:-len('.py')]}"


def _imported(path):
    try:
        return importlib.import_module(f"tensorflow.contrib.{path}")
    except Exception:               # what that module wants is not there
        return types.ModuleType(path)


def _names(module):
    return [name for name in dir(module) if not name.startswith("__") and name not in NO_NAMES]


def _defined(path, module):
    def is_its_own(name):
        value = getattr(module, name)
        origin = getattr(value, "__module__", None) or f"tensorflow.contrib.{path}"
        return not isinstance(value, types.ModuleType) and origin.replace(
            "tensorflow_core", "tensorflow") == f"tensorflow.contrib.{path}"
    return [name for name in _names(module) if is_its_own(name)]


if __name__ == "__main__":
    with open(sys.argv[1], "w") as file:
        file.write(listed())
