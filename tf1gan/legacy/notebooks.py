"""Notebooks without IPython: their cells in turn, and a stub of `IPython` for the script alone."""

import ast
import json
import linecache
import re
from typing import NamedTuple

from tf1gan.errors import UserError
from tf1gan.legacy.names import Restored
from tf1gan.legacy.refusal import Refused

_MAGIC = re.compile(r"^(\s*)([%!]|\?)")
_WITHOUT_EFFECT = ("matplotlib", "config", "time", "timeit", "load_ext", "reload_ext",
                   "autoreload", "precision", "pdb", "xmode", "who", "whos")
_CELLS_OF_PYTHON = ("time", "timeit", "capture", "prun", "python", "python3")
_PYLAB = "from pylab import *; import numpy, numpy as np, matplotlib.pyplot as plt"


class Cell(NamedTuple):
    """A cell's name, as tracebacks give it, and its source."""
    name: str
    source: str


def read(path):
    """The code cells of a notebook.

    Raises:
      UserError: the file is no notebook.
    """
    try:
        with open(path, encoding="utf-8") as file:
            notebook = json.load(file)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        sources = [cell.get("source", cell.get("input", "")) for cell in cells
                   if cell["cell_type"] == "code"]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise UserError(f"{path} is not a notebook ({error!r})") from error
    return [Cell(f"{path}, cell {number}", "".join(source))
            for number, source in enumerate(sources, 1)]


def without_magics(cell, say):
    """A cell whose lines for IPython are comments. What might matter is said or refused.

    Raises:
      Refused: a line that runs other code.
    """
    lines = cell.source.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%"):
        kind = first[2:].split()[0] if first[2:].split() else ""
        if kind not in _CELLS_OF_PYTHON:
            say(f"{cell.name}: %%{kind} is not run")
            return cell._replace(source="")
    kept, inside = [], _inside_strings(cell.source)
    for number, line in enumerate(lines, 1):
        match = _MAGIC.match(line)
        if number in inside or not (match or line.rstrip().endswith("?")
                                    and not line.lstrip().startswith("#")):
            kept.append(line)
            continue
        words = line.strip().lstrip("%!?").split()
        name = words[0] if words else ""
        indent = match.group(1) if match else ""
        if line.strip().startswith("%") and name in ("run", "load", "cd", "rerun"):
            raise Refused(f"{cell.name}, line {number}: %{name} is not restored: put what it "
                          "runs into the notebook")
        if name == "pylab":
            kept.append(indent + _PYLAB)
            continue
        if not line.strip().startswith("%") or name not in _WITHOUT_EFFECT:
            if match and name not in _CELLS_OF_PYTHON:
                say(f"{cell.name}, line {number}: not run: {line.strip()}")
        statement = line.strip().split(None, 1)
        if line.strip().startswith(("%time ", "%timeit ", "%prun ")):
            kept.append(indent + statement[1])
        else:
            kept.append(indent + "pass  # " + line.strip())
    return cell._replace(source="\n".join(kept) + "\n")


def _inside_strings(source):
    """The numbers of lines that begin inside a string or a bracket, where % is an operator."""
    inside, opened, depth = set(), None, 0
    for number, line in enumerate(source.splitlines(), 1):
        if opened or depth > 0:
            inside.add(number)
        position = 0
        while position < len(line):
            rest = line[position:]
            if opened:
                if rest.startswith("\\"):
                    position += 2
                    continue
                if rest.startswith(opened):
                    position += len(opened)
                    opened = None
                    continue
            elif rest.startswith("#"):
                break
            elif rest.startswith(("'''", '"""')):
                opened, position = rest[:3], position + 3
                continue
            elif rest[0] in "'\"":
                opened = rest[0]
            elif rest[0] in "([{":
                depth += 1
            elif rest[0] in ")]}":
                depth -= 1
            position += 1
        if opened and len(opened) == 1 and not line.endswith("\\"):
            opened = None
        if not opened and depth <= 0 and line.endswith("\\"):
            inside.add(number + 1)
    return inside


def last_expression(tree):
    """Divides a cell's syntax tree: (statements, the expression at its end or None)."""
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        return ast.Module(tree.body[:-1], []), ast.Expression(tree.body[-1].value)
    return tree, None


def remember(name, source):
    """Lets tracebacks show the lines of a cell."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)


# -- IPython ---------------------------------------------------------------------------------

def ipython():
    """`IPython`, for the script alone: others look in sys.modules for a real one."""
    shown = {name: _Shown(name) for name in (
        "HTML", "Image", "SVG", "Markdown", "Javascript", "Audio", "Video", "YouTubeVideo",
        "Latex", "Math", "Code", "IFrame")}
    display_module = Restored("IPython.display", restored=dict(
        shown, display=display, clear_output=lambda wait=False: None,
        set_matplotlib_formats=lambda *formats, **options: None))
    core = Restored("IPython.core", restored=dict(
        display=display_module, interactiveshell=Restored("interactiveshell", restored=dict(
            InteractiveShell=_Shell))))
    return Restored("IPython", restored=dict(
        display=display_module, core=core, get_ipython=get_ipython, embed=lambda *_, **__: None))


class _Shown:
    """A kind of picture or text that only a notebook can show: nothing but its name here."""

    def __init__(self, name):
        self._name = name

    def __call__(self, *arguments, **named):
        return f"<IPython.display.{self._name}>"


def display(*things, **_):
    for thing in things:
        print(thing)


class _Shell:
    """`get_ipython()`: takes any magic, and does none."""
    ast_node_interactivity = "last_expr"

    def run_line_magic(self, *_, **__):
        return None

    magic = system = run_cell_magic = enable_matplotlib = run_line_magic
    kernel = config = None


def get_ipython():
    return _Shell()
