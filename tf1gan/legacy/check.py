"""What scripts, notebooks and repositories use of TensorFlow 1, read without running them.

Each name is looked up where the runner looks it up: in the modules that it gives a script. What is
said of a name is what a script would come to there.
"""

import ast
import os
import re
import warnings
from typing import NamedTuple

from tf1gan.errors import UserError
from tf1gan.legacy import source, tensorflow1
from tf1gan.legacy.api import versions
from tf1gan.legacy.known import COUNTED, MISSING, REFUSED, RESTORED, Known
from tf1gan.legacy.refusal import Refused
from tf1gan.legacy.source import methods, notebooks, python2

_SKIPPED = ("node_modules", "__pycache__", "site-packages", "build", "dist")


class Row(NamedTuple):
    """A name that a file uses."""
    path: str
    place: str          # "12", or of a notebook "cell 3, line 2"
    name: str
    verdict: str        # one of the four above
    why: str
    uses: int


def find(paths):
    """The files that are to be read.

    Args:
      paths: scripts, notebooks and folders.

    Returns:
      (list of paths, list of Rows of folders that cannot be looked into).

    Raises:
      UserError: a path does not exist, or holds neither scripts nor notebooks.
    """
    rows = []
    return [file for path in paths for file in _files(path, rows)], rows


def check(files, is_python2=False, version=versions.USUAL):
    """What files use of TensorFlow 1, contrib, and old Python, NumPy, SciPy and Keras.

    Args:
      files: paths of scripts and notebooks.
      is_python2: the files are Python 2.
      version: whose names they use, one of versions.VERSIONS.

    Returns:
      list of Row by file and line.
    """
    known = Known(files, is_python2, version)
    own = _Own(known, is_python2, {os.path.dirname(os.path.abspath(path)) for path in files})
    return [row for path in files for row in _rows(path, known, is_python2, own)]


def table(rows, number_of_files):
    """Lines to print: the rows, and one that sums them up."""
    shown = [(f"{row.path}:{row.place}" if row.place.isdigit() else f"{row.path}, {row.place}",
              row.name + (f" ({row.uses} times)" if row.uses > 1 else ""),
              row.verdict + (f": {row.why}" if row.why else "")) for row in rows]
    widths = [max([len(row[column]) for row in shown] or [0]) for column in range(2)]
    lines = [f"{place:<{widths[0]}}  {name:<{widths[1]}}  {said}" for place, name, said in shown]
    numbers = ", ".join(f"{sum(row.verdict == verdict for row in rows)} {verdict}"
                        for verdict in (RESTORED, COUNTED, REFUSED, MISSING))
    files = f"{number_of_files} file{'s' if number_of_files != 1 else ''}"
    return lines + [f"{files}: {numbers}"]


def _files(path, rows):
    """The files that a path stands for. Folders that cannot be looked into are added to `rows`."""
    if os.path.isfile(path):
        return [path]
    if not os.path.isdir(path):
        what = "is not a file" if os.path.lexists(path) else "does not exist"
        raise UserError(f"{path} {what}: give scripts, notebooks or folders")
    found, failed = [], []
    for folder, folders, names in os.walk(path, onerror=failed.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".")
                            and name not in _SKIPPED
                            and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg")))
        found += [file for file in (os.path.join(folder, name) for name in sorted(names)
                                    if name.endswith((".py", ".ipynb"))) if os.path.isfile(file)]
    rows += [_unread(error.filename, error) for error in failed]
    if not found and not failed:
        raise UserError(f"{path} has no script or notebook in it")
    return found


# -- What a file names -----------------------------------------------------------------------

def _rows(path, known, is_python2, own):
    """The Rows of a file."""
    try:
        parts = notebooks.read(path) if path.endswith(".ipynb") else [
            notebooks.Cell(path, source.read(path))]
    except (UserError, OSError) as error:
        return [_unread(path, error)]
    rows, names = {}, {}
    for cell in parts:
        where = cell.name[len(path) + 2:]           # "cell 3"
        if where:
            cell, refusal = _python_of(cell)
        text = cell.source

        def add(line, name, verdict, why, where=where):
            uses = rows[name, verdict].uses if (name, verdict) in rows else 0
            first = rows[name, verdict].place if uses else (
                f"{where}, line {line}" if where else str(line))
            rows[name, verdict] = Row(path, first, name, verdict, why, uses + 1)
        if where and refusal:
            add(refusal[0], refusal[1], REFUSED, "as a batch; a live kernel runs it")
        try:
            tree, version = _parsed(text, cell.name, is_python2)
            if version == 2:
                add(1, "Python 2", RESTORED if is_python2 else REFUSED,
                    "" if is_python2 else "--python2 runs it, with Python 2's division")
            _Reader(known, names, add, own, path).visit(tree)
        except SyntaxError as error:
            add(error.lineno or 1, "", REFUSED, f"not Python: {error.msg}")
        except (RecursionError, MemoryError):       # the latter is the parser's, of its own stack
            add(1, "", REFUSED, "an expression in it is nested too deeply")
    return list(rows.values())


def _unread(path, error):
    why = str(error) if isinstance(error, UserError) else f"it cannot be read: {error.strerror}"
    return Row(path, "1", "", REFUSED, why, 1)


def _python_of(cell):
    """(A notebook's cell without magics, (line, name) of one that a batch refuses or None)."""
    try:
        return notebooks.without_magics(cell, lambda line: None), None
    except Refused:
        lines = cell.source.split("\n")
        found = [number for number, line in enumerate(lines)
                 if re.match(r"\s*([\w, ]+=\s*)?[%!]\S", line)]
        first = next((number for number in found if "%run" in lines[number] or "%load" in lines[
            number] or "=" in lines[number]), found[0] if found else 0)
        kept = ["" if number in found else line for number, line in enumerate(lines)]
        return cell._replace(source="\n".join(kept)), (first + 1, lines[first].split()[0])


def _parsed(text, name, is_python2):
    """(A file's syntax tree, the version of Python that it is in)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text, name), 3
        except SyntaxError as error:
            if not is_python2 and not source.is_python_2(text, error):
                raise
            return ast.parse(python2.translate(text, name), name), 2


class _Own:
    """The modules that stand beside the files, and what their names stand for."""

    def __init__(self, known, is_python2, folders):
        self._known, self._is_python2, self._folders, self._names = known, is_python2, folders, {}

    def path(self, beside, module, level=0):
        """The file of a module that the file `beside` imports, or None of another's."""
        if not level and module.split(".")[0] in ("tensorflow", "numpy"):
            return None
        folder = os.path.dirname(os.path.abspath(beside))
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        for start in [folder] + ([] if level else sorted(self._folders)):
            whole = os.path.join(start, *module.split("."))
            for path in (whole + ".py", os.path.join(whole, "__init__.py")):
                if os.path.isfile(path):
                    return path
        return None

    def names(self, path):
        """Name in a module -> the dotted name that it stands for, None of its own."""
        if path not in self._names:
            names = self._names[path] = {}      # of modules that import each other, so far
            try:
                tree, _ = _parsed(source.read(path), path, self._is_python2)
                _Reader(self._known, names, lambda *_: None, self, path).visit(tree)
            except (UserError, OSError, SyntaxError, RecursionError, MemoryError):
                pass                            # which its own row says
        return self._names[path]


class _Reader(ast.NodeVisitor):
    """Follows what names of a file stand for, and looks up what it makes of them."""

    def __init__(self, known, names, add, own, path):
        """`names`: of the file -> the dotted names that they stand for; grows."""
        self._known, self._names, self.refused = known, names, 0
        self._own, self._path = own, path

        def counted(line, name, verdict, why):
            self.refused += verdict in (REFUSED, MISSING)
            add(line, name, verdict, why)
        self._add = counted

    def visit_Import(self, node):
        for alias in node.names:
            root = alias.name.split(".")[0]
            whole = alias.name if alias.asname else root
            self._names[alias.asname or root] = self._own.path(self._path, whole) or whole
            self._look_up(node, alias.name)

    def visit_ImportFrom(self, node):
        module = node.module or ""
        path = self._own.path(self._path, module, node.level)
        if path:
            self._take(node, path)
        elif node.level and not module:         # of a folder without an __init__.py
            self._names.update({alias.asname or alias.name: self._own.path(
                self._path, alias.name, node.level) for alias in node.names})
        if path or node.level or module == "__future__":
            return
        if any(alias.name == "*" for alias in node.names):
            self._look_up(node, module)
        for alias in node.names:
            if alias.name != "*":
                self._names[alias.asname or alias.name] = f"{module}.{alias.name}"
                self._look_up(node, f"{module}.{alias.name}")

    def _take(self, node, path):
        """What a statement takes from a module that stands beside the file."""
        names = self._own.names(path)
        listed = names.get("__all__")
        for alias in node.names:
            if alias.name == "*":
                self._names.update({name: dotted for name, dotted in names.items() if (
                    name in listed if listed else not name.startswith("_"))})
            else:
                inside = self._own.path(path, alias.name, 1) \
                    if os.path.basename(path) == "__init__.py" else None
                self._names[alias.asname or alias.name] = names.get(alias.name) or inside

    def visit_Assign(self, node):
        self.generic_visit(node)
        dotted = self._dotted(node.value)
        if [getattr(target, "id", None) for target in node.targets] == ["__all__"]:
            self._names["__all__"] = [getattr(one, "value", getattr(one, "s", None))
                                      for one in getattr(node.value, "elts", [])]
        elif dotted and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self._names[node.targets[0].id] = dotted

    def visit_Attribute(self, node):
        dotted = self._dotted(node)
        if dotted:
            self._look_up(node, dotted)
            return
        if node.attr in methods.LOST and isinstance(node.ctx, ast.Load):
            self._add(node.lineno, f".{node.attr}", RESTORED, "")
        self.generic_visit(node)

    def visit_Name(self, node):
        if isinstance(node.ctx, ast.Store):
            self._names.setdefault(node.id, None)       # one of its own
        elif node.id not in self._names and self._known.is_old_builtin(node.id):
            self._add(node.lineno, node.id, RESTORED, "")

    def visit_Try(self, node):
        """What is only done where an old name is missing is passed over where it is there."""
        before = self.refused
        for part in node.body:
            self.visit(part)
        is_there = self.refused == before
        for handler in node.handlers:
            kinds = {getattr(kind, "id", None) for kind in getattr(
                handler.type, "elts", [handler.type])}
            if not is_there or not kinds & {None, "AttributeError", "ImportError",
                                            "ModuleNotFoundError", "Exception"}:
                self.visit(handler)
        for part in node.orelse + node.finalbody:
            self.visit(part)

    def visit_Call(self, node):
        name = (self._dotted(node.func) or "").rpartition(".")[2]
        if name in tensorflow1.NAMED_ONLY and node.args and not self._known.is_before_1_0:
            self._add(node.lineno, f"tf.nn.{name}(...)", REFUSED,
                      "it takes labels=... and logits=... by name only, as on 1.15; "
                      "--tensorflow 0.12 takes them in 0.12's order")
        self.generic_visit(node)

    def _dotted(self, node):
        """`tf.nn.relu` as "tensorflow.nn.relu"; None of anything else."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        begin = self._names.get(node.id) if isinstance(node, ast.Name) else None
        while begin and os.path.isabs(begin) and parts:         # a module beside the file
            inside = self._own.path(begin, parts[-1], 1) \
                if os.path.basename(begin) == "__init__.py" else None
            begin = self._own.names(begin).get(parts.pop()) or inside
        return ".".join([begin] + parts[::-1]) if begin and isinstance(begin, str) else None

    def _look_up(self, node, dotted):
        found = None if os.path.isabs(dotted) else self._known.look_up(dotted)
        if found is not None:
            self._add(node.lineno, *found)
