"""Notebooks without IPython: their cells in turn, as Python."""

import ast
import json
import linecache
import re
import textwrap
from typing import NamedTuple, Optional

from tf1gan.errors import UserError
from tf1gan.legacy.refusal import Refused

# What a scan of a line tells apart; an operator with = in it is none that sets a name.
_TOKEN = re.compile(r"\\.|'''|\"\"\"|[=!<>:+*/%&|^@-]=|#|.", re.S)
_QUOTES = ("'''", '"""', "'", '"')
_HELP = re.compile(r"%{0,2}(?!\d)[\w*]+(\.(?!\d)[\w*]+|\[-?\d+\])*\?\??$")
_WITHOUT_EFFECT = ("matplotlib", "config", "time", "timeit", "load_ext", "reload_ext",
                   "autoreload", "precision", "pdb", "xmode", "who", "whos", "prun",
                   "tensorflow_version")
# Magics that run a statement, with those of their options that take a value.
_WITH_A_STATEMENT = {"time": "", "timeit": "nrpv", "prun": "lsTD", "memit": "rti",
                     "lprun": "fmuTD"}
_CELLS_OF_PYTHON = ("time", "timeit", "capture", "prun", "python", "python3")
# What Python's and IPython's prompts print before a line.
_PROMPTS = (re.compile(r"(?:>>>|\.\.\.)(?: |$)"),
            re.compile(r"(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: |\s*\.{3,}: ?"))
# Magics that IPython takes without a %, in a cell of one line whose name is no variable's.
_AUTOMATIC = _WITHOUT_EFFECT + tuple(_WITH_A_STATEMENT) + (
    "alias", "bookmark", "cat", "cd", "clear", "conda", "cp", "dirs", "env", "history", "ll",
    "load", "ls", "mamba", "man", "mkdir", "more", "mv", "notebook", "pinfo", "pip", "popd",
    "psearch", "pushd", "pwd", "pycat", "pylab", "reset", "rm", "rmdir", "run", "set_env")
_DONE = ("cd",)             # by the stub of IPython's shell
_PYLAB = "from pylab import *; import numpy, numpy as np, matplotlib.pyplot as plt"


class Cell(NamedTuple):
    """A cell's name, as tracebacks give it, and its source."""
    name: str
    source: str
    timed: Optional[dict] = None    # number of a line -> what is timed, whose names stay its own


def read(path):
    """The code cells of a notebook.

    Raises:
      UserError: the file is no notebook.
    """
    try:
        with open(path, encoding="utf-8") as file:
            notebook = json.load(file)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        sources = ["".join(cell.get("source", cell.get("input", ""))) for cell in cells
                   if cell["cell_type"] == "code"]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(f"{path} is not a notebook ({error!r})") from error
    return [Cell(f"{path}, cell {number}", source) for number, source in enumerate(sources, 1)]


def without_magics(cell, say, names=()):
    """A cell whose lines for IPython are comments. What might matter is said or refused.

    Which lines these are goes by IPython's own rules: none inside a string, a bracket or a comment.

    Args:
      say: prints a line.
      names: the script's, which stand before magics of that name.

    Raises:
      Refused: a line that runs other code, or whose value a variable gets.
    """
    text, timed = _without_prompts(textwrap.dedent(cell.source)), {}
    if _is_automatic(text, names):
        text = "%" + text.lstrip()
    first = text.lstrip("\n").split("\n")[0]
    if first.startswith("%%") and not re.match(r"%%\w+\?", first):
        kind = first[2:].split()[0] if first[2:].split() else ""
        if kind in ("writefile", "file"):
            line, body = first[2:].strip()[len(kind):].strip(), text.lstrip("\n")[len(first) + 1:]
            return cell._replace(
                source=f"get_ipython().run_cell_magic({kind!r}, {line!r}, {body!r})\n")
        if kind not in _CELLS_OF_PYTHON:
            say(f"{cell.name}: %%{kind} is not run")
            return cell._replace(source="")
        kept = ""
        if kind == "timeit":
            kept = _without_options("timeit", first[2:].strip()[len(kind):].lstrip())
            timed.update(dict.fromkeys(range(1, text.count("\n") + 2), 0))
        elif kind == "capture" and re.search(r"\s[^\W\d]\w*\s*$", first):
            say(f"{cell.name}: what the cell prints is printed, and no variable gets it: {first}")
        text = text.replace(first, kept, 1)
    lines = text.split("\n")
    for statement in statements(lines):
        name = f"{cell.name}, line {statement.first + 1}"
        command = _command(lines, statement)
        if command is not None:
            kept = _instead(*command, name, say)
            lines[statement.first:statement.last + 1] = [kept] + [""] * (
                statement.last - statement.first)
            if re.match(r"%(timeit|memit)\b", command[2]):
                timed[statement.first + 1] = statement.first + 1
    return cell._replace(source="\n".join(lines) + "\n", timed=timed)


def _without_prompts(text):
    """A cell that was copied from a prompt, Python's or IPython's, without what these print."""
    above = len(text) - len(text.lstrip("\n"))
    lines = text[above:].split("\n")
    for prompt in _PROMPTS:
        begins, goes_on = prompt.match(lines[0]), len(lines) > 1 and prompt.match(lines[1])
        if begins and "." not in begins.group().split("[")[0] or goes_on:
            lines = [prompt.sub("", line, 1) for line in lines]
    return text[:above] + "\n".join(lines)


def _is_automatic(text, names):
    """Whether a cell is a magic without its %."""
    match = re.match(r"\s*(\w+)(\s+|$)(.*)", text.rstrip())
    if match is None or "\n" in text.strip() or match[1] not in _AUTOMATIC or match[1] in names:
        return False
    return not re.match(r"[=!<>*/%&|^@+.,(\[]|-\s|(is|in|not|and|or|if|for)\b", match[3]) \
        or match[1] in ("cd", "ls") and match[3].startswith(("..", "./", "/"))


def _without_options(magic, rest):
    """What a magic is to run."""
    options = _WITH_A_STATEMENT[magic]
    return re.sub(rf"^(?:-(?:[{options}]\s*\S+|[^\W{options}])(?:\s+|$))*", "", rest) \
        if options else rest


def _command(lines, statement):
    """What a statement asks of IPython: (its indentation, the name that is set to it, command)."""
    line = lines[statement.first]
    indent = line[:len(line) - len(line.lstrip())]
    whole = " ".join(part[:-1].rstrip() if part.endswith("\\") else part.rstrip() for part in
                     lines[statement.first:statement.last + 1]).strip()
    if statement.end == "?" and _HELP.search(whole):
        return indent, None, "?"
    if line.lstrip()[:1] in ("%", "!", "?"):
        return indent, None, whole
    equals = statement.after_equals
    if equals and re.match(r"\s*(%(?=[^\W\d])|!)", line[equals:]):
        return indent, line[:equals].strip(), whole[equals - len(indent):].strip()
    return None


def _instead(indent, target, command, place, say):
    """The line of Python that stands for a command."""
    kind, words = command[0], command.lstrip("%!?").split(None, 1)
    name, rest = (words + ["", ""])[:2]
    if kind == "%" and name in ("run", "load", "rerun"):
        raise Refused(f"{place}: %{name} is not restored: put what it runs into the notebook")
    if kind == "%" and name == "pylab":
        return indent + _PYLAB
    if kind == "%" and name in _WITH_A_STATEMENT and rest:
        rest = _without_options(name, rest)
        return f"{indent}{target} {rest}" if target else indent + rest
    if target is not None:
        raise Refused(f"{place}: {command} is not run, and a variable is set to what it gives: "
                      "put that into the notebook")
    if kind == "%" and name in _DONE:
        return f"{indent}get_ipython().run_line_magic({name!r}, {rest.strip()!r})"
    if kind == "!" or kind == "%" and name not in _WITHOUT_EFFECT:
        say(f"{place}: not run: {command}")
    return f"{indent}pass  # {command}" if indent else f"# {command}"


class Statement(NamedTuple):
    """A logical line: the lines that it takes, and what IPython looks for in it."""
    first: int
    last: int
    after_equals: Optional[int]     # column behind its first = outside of brackets, on `first`
    end: str                        # its last sign, outside of comments


def statements(lines):
    """The logical lines of a cell, as far as IPython tells them apart: from one to the next."""
    number = 0
    while number < len(lines):
        last = number
        if lines[number].lstrip()[:1] in ("%", "!", "?"):
            while lines[last].endswith("\\") and last + 1 < len(lines):
                last += 1
            text = lines[last].rstrip()
            yield Statement(number, last, None, "" if "#" in text else text[-1:])
        else:
            statement = _scanned(lines, number)
            if statement.after_equals is not None and re.match(
                    r"\s*(%|!)", lines[number][statement.after_equals:]):
                while lines[last].endswith("\\") and last + 1 < len(lines):
                    last += 1
                statement = statement._replace(last=last, end="")
            yield statement
            last = statement.last
        number = last + 1


def _scanned(lines, first):
    """The statement of Python that begins on a line."""
    opened, depth, equals, end, number = None, 0, None, "", first
    while number < len(lines):
        for token in _TOKEN.finditer(lines[number]):
            text = token.group()
            if opened:
                opened = None if text == opened else opened
            elif text[0] == "#":
                break
            elif text in _QUOTES:
                opened = text
            elif text in "([{":
                depth += 1
            elif text in ")]}":
                depth = max(depth - 1, 0)
            elif text == "=" and depth == 0 and equals is None and number == first:
                equals = token.end()
            if not text.isspace():
                end = text
        goes_on = lines[number].endswith("\\")
        if opened in ("'", '"') and not goes_on:
            opened = None               # a mistake, or what follows is no Python
        if not (opened or depth or goes_on):
            break
        number += 1
    return Statement(first, min(number, len(lines) - 1), equals, end)


def parts(tree, source):
    """A cell's statements, each a syntax tree with the way to compile it, as IPython runs them.

    Each is a module of its own, so that `from __future__` may follow others. The last one is
    evaluated where it is an expression, unless a semicolon ends the cell.
    """
    quiet = statements_end(source) == ";"
    made = [(ast.Module([node], []), "exec") for node in tree.body]
    if made and isinstance(tree.body[-1], ast.Expr) and not quiet:
        made[-1] = ast.Expression(tree.body[-1].value), "eval"
    return made


def statements_end(source):
    """The last sign of a cell, comments left out."""
    end = ""
    for statement in statements(source.split("\n")):
        end = statement.end or end
    return end


def remember(name, source):
    """Lets tracebacks show the lines of a cell."""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
