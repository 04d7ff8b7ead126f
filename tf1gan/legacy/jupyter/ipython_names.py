"""Names that IPython had when notebooks of TensorFlow 1 were written, and has no more."""

import importlib

from tf1gan.legacy.names import Later, Restored
from tf1gan.legacy.refusal import refuse

# Packages of its own, and the ones that they have become.
_MOVED = {"html": {"widgets": "ipywidgets"}, "utils": {"traitlets": "traitlets"},
          "config": "traitlets.config", "nbformat": "nbformat", "nbconvert": "nbconvert",
          "parallel": "ipyparallel", "kernel": "jupyter_client"}
_FIGURES = ("set_matplotlib_formats", "set_matplotlib_close")


def make():
    """`IPython`, as cells import it."""
    import IPython
    from IPython.core import display, display_functions
    functions = {name: getattr(display_functions, name) for name in (
        "display", "clear_output", "publish_display_data", "update_display")}
    figures = {name: Later(lambda name=name: _of_figures(name)) for name in _FIGURES}
    restored = {name: _moved(name, where) for name, where in _MOVED.items()}
    restored["display"] = Restored("IPython.display", IPython.display, figures)
    restored["core"] = Restored("IPython.core", IPython.core, dict(
        display=Restored("IPython.core.display", display, dict(functions, **figures))))
    return Restored("IPython", IPython, restored)


def _of_figures(name):
    return getattr(importlib.import_module("matplotlib_inline.backend_inline"), name)


def _moved(name, where):
    if isinstance(where, str):
        return Later(lambda: _module(f"IPython.{name}", where))
    return Restored(f"IPython.{name}", _of_today(name), {
        part: Later(lambda part=part: _module(f"IPython.{name}.{part}", where[part]))
        for part in where})


def _of_today(name):
    try:
        return importlib.import_module(f"IPython.{name}")
    except ModuleNotFoundError:
        return None


def _module(name, package):
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError:
        package = package.split(".")[0]
        refuse(f"{name} is {package} today, which is not installed: pip install {package}")


def add_methods(shell):
    """`get_ipython().magic("matplotlib inline")`, which scripts made of notebooks are full of."""
    if hasattr(shell, "magic"):
        return

    def magic(text):
        name, _, line = text.lstrip("%").partition(" ")
        return shell.run_line_magic(name, line, 2)      # in the names of who calls this
    shell.magic = magic
