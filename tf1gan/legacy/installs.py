"""Cells that install TensorFlow 1: `!pip install tensorflow==1.15`, answered by a line.

pip finds no such version for a Python of today, and the cells see TensorFlow 1 already. What else
such a command installs is installed.
"""

import ast
import re
import shlex

_COMMAND = re.compile(r"""^\s*(?:sudo\s+)?(?:\S*python[\d.]*\s+-m\s+|\{sys\.executable\}\s+-m\s+)?
                          (?P<tool>pip[\d.]*|conda|mamba)\s+(?P<verb>install|uninstall|remove)\b
                          (?P<rest>.*)$""", re.X | re.S)
_OLD = {        # package -> versions of TensorFlow 1's time, which the cells see restored
    r"tensorflow(?:-gpu|-cpu|_gpu|_cpu)?": r"[=~<]=?\s*(?:[01]\.|1$|1\*)|<\s*2",
    r"(?:tensorflow|tf)[-_](?:estimator|nightly)(?:-gpu)?": r"[=~<]=?\s*1\.|<\s*2",
    r"keras": r"[=~<]=?\s*[012]\.|<\s*3",
    r"numpy": r"[=~<]=?\s*1\.|<\s*2",
    r"scipy": r"[=~<]=?\s*[01]\.[0-9]\b|[=~<]=?\s*0\.",
}
_RUNS_ON = re.compile(r"^(tensorflow(-gpu|-cpu)?|tf[-_]keras|keras|numpy|tf1gan)$", re.I)
_SHELL_CELLS = ("bash", "sh", "script", "system", "sx", "!")


def answered(tree):
    """A cell's syntax tree, whose commands to install TensorFlow 1 say that it is there."""
    if any(isinstance(node, ast.Attribute) and node.attr in _CALLS for node in ast.walk(tree)):
        return ast.fix_missing_locations(_Answering().visit(tree))
    return tree


class _Answering(ast.NodeTransformer):

    def visit_Call(self, node):
        self.generic_visit(node)
        change = _CALLS.get(getattr(node.func, "attr", None))
        texts = [argument.value for argument in node.args
                 if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
        if change is None or len(texts) != len(node.args) or not texts \
                or not _is_get_ipython(node.func.value):
            return node
        made = change(*texts)
        if made is not None:
            method, *texts = made
            node.func.attr, node.args = method, list(map(ast.Constant, texts))
        return node


def _is_get_ipython(node):
    return isinstance(node, ast.Call) and getattr(node.func, "id", None) == "get_ipython"


def _of_system(method):
    def changed(command):
        made = instead(command)
        return None if made is None else (method, made)
    return changed


def _of_line_magic(name, line="", *_):
    if name in ("pip", "conda", "mamba"):
        made = instead(f"{name} {line}")
        return None if made is None else ("system", made.replace(
            "pip install", "{sys.executable} -m pip install") if "sys" in line else made)
    return _of_cell_magic(name, "", line)[:3] if name in ("sx", "system") else None


def _of_cell_magic(name, line, cell=""):
    if name not in _SHELL_CELLS:
        return None
    lines = [instead(part) or part for part in cell.split("\n")]
    return "run_cell_magic", name, line, "\n".join(lines)


_CALLS = {"system": _of_system("system"), "getoutput": _of_system("getoutput"),
          "run_line_magic": _of_line_magic, "run_cell_magic": _of_cell_magic}


def instead(command):
    """A command of the shell in place of one that installs TensorFlow 1, or None for no change."""
    match = _COMMAND.match(command)
    if not match:
        return None
    try:
        words = shlex.split(match["rest"])
    except ValueError:
        return None
    left_out = [word for word in words if _is_left_out(word, match["verb"])]
    if not left_out:
        return None
    names = " ".join(left_out)
    said = f"tf1gan: not installed: {names}: these cells see TensorFlow 1.15.5 already" \
        if match["verb"] == "install" else \
        f"tf1gan: not removed: {names}: what these cells see is made of it"
    rest = [word for word in words if word not in left_out]
    command = "echo " + shlex.quote(said)
    if any(not word.startswith("-") for word in rest):
        begin = match.string[:match.start("rest")].strip()
        command += f" && {begin} " + " ".join(map(shlex.quote, rest))
    return command


def _is_left_out(word, verb):
    name = re.match(r"[\w-]+", word)
    if name is None or word.startswith("-"):
        return False
    if verb != "install":
        return _RUNS_ON.match(name.group()) is not None
    rest = word[name.end():]
    return any(re.fullmatch(package, name.group(), re.I) and re.match(versions, rest)
               for package, versions in _OLD.items())
