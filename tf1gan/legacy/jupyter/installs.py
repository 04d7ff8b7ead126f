"""Cells that install TensorFlow 1: `!pip install tensorflow==1.15`, answered by a line.

pip finds no such version for a Python of today, and the cells see TensorFlow 1 already. What else
such a command installs is installed. The part of a cell's command that installs is run by this
file, `python installs.py pip install ...`, so that the shell has put in its variables and the file
of requirements that it names has been written.
"""

import ast
import os
import re
import shlex
import subprocess
import sys
import tempfile

_OLD = {        # package -> the first version that is not of TensorFlow 1's time
    r"tensorflow(?:[-_](?:gpu|cpu|estimator|tensorboard))?|tf[-_](?:estimator|nightly)(?:[-_]gpu)?"
    r"|tensorboard": (2,), r"keras": (3,), r"numpy": (2,), r"scipy": (1, 10), r"h5py": (3,),
    r"protobuf": (4,)}
_RUNS_ON = re.compile(r"(tensorflow([-_](gpu|cpu))?|tf[-_]keras|keras|numpy|h5py|protobuf|tf1gan)$",
                      re.I)
_WHEEL = re.compile(r"(?:.*/)?tensorflow(?:_gpu|_cpu)?-[01]\.[^/]*\.whl$", re.I)
# What a shell has before a command, and what runs pip, up to the verb.
_BEFORE = re.compile(r"""\s*(?:(?:then|do|else|time|!|\{|[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|\S)*)
                         \s+)*""", re.X)
_INSTALLS = re.compile(r"""(?:sudo\s+(?:-\S+\s+)*)?(?:\S*python[\d.]*\s+-m\s+|
                           [\"']?\{sys\.executable\}[\"']?\s+-m\s+)?
                           (?:\S*/)?(?:pip[\d.]*|conda|mamba|uv\s+pip)\s+(?:-\S+\s+)*
                           (?:install|uninstall|remove)(?=\s|$)""", re.X)
# Parts of a shell's line: what stands in quotes, what divides it into commands, any other sign.
_PART = re.compile(r"""(?P<quoted>\\.|"(?:\\.|[^"\\])*"|'[^']*')|(?P<stays>&?>>?&?|<<?)|
                       (?P<divides>&&|\|\|?|[;&\n()])|(?P<other>.)""", re.X | re.S)
# Flags of pip and conda that a value follows, which is no requirement.
_WITH_A_VALUE = {"-i", "-f", "-c", "-t", "-n", "-p", "--index-url", "--extra-index-url",
                 "--find-links", "--constraint", "--target", "--prefix", "--root", "--timeout",
                 "--retries", "--trusted-host", "--proxy", "--cache-dir", "--channel", "--name"}
_SHELL_CELLS = ("bash", "sh", "script", "system", "sx", "!")


# -- The cell's side -------------------------------------------------------------------------

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
        made = instead(f"{sys.executable} -m pip {line}" if name == "pip" else f"{name} {line}")
        return None if made is None else ("system", made)
    made = instead(line) if name in ("sx", "system") else None
    return None if made is None else ("run_line_magic", name, made)


def _of_cell_magic(name, line, cell=""):
    if name not in _SHELL_CELLS:
        return None
    return "run_cell_magic", name, line, instead(cell) or cell


_CALLS = {"system": _of_system("system"), "getoutput": _of_system("getoutput"),
          "run_line_magic": _of_line_magic, "run_cell_magic": _of_cell_magic}


def instead(command):
    """A shell's commands, of which those that may install TensorFlow 1 go by this file.

    Returns:
      None, where there are none.
    """
    made, begin = "", 0
    for match in list(_PART.finditer(command)) + [None]:
        if match is None or match["divides"]:
            end = match.start() if match else len(command)
            made += _by_this_file(command[begin:end]) + (match.group() if match else "")
            begin = match.end() if match else end
    return made if made != command else None


def _by_this_file(command):
    before = _BEFORE.match(command).end()
    match = _INSTALLS.match(command, before)
    rest = command[match.end():] if match else ""
    if not match or not re.search(r"\$|\{|(^|\s)-\w*r|--requirement", rest) and not any(
            is_left_out(word, match.group().split()[-1]) for word in _words(rest)):
        return command
    return f"{command[:before]}{_quoted(sys.executable)} {_quoted(os.path.abspath(__file__))}" \
        f" {command[before:]}"


def _quoted(path):
    # IPython puts in what stands in braces.
    return shlex.quote(path).replace("{", "{{").replace("}", "}}")


def _words(text):
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


# -- What is left out ------------------------------------------------------------------------

def is_left_out(word, verb="install"):
    """Whether a requirement is TensorFlow's, or another package's, of TensorFlow 1's time."""
    if verb != "install":
        return _RUNS_ON.match(word) is not None
    if _WHEEL.match(word):
        return True
    match = re.match(r"\s*([\w-]+)\s*(?:\[[^]]*\])?\s*([^;#]*)", word)
    if match is None or word.startswith("-"):
        return False
    return any(re.fullmatch(package, match[1], re.I) and _is_before(match[2], first)
               for package, first in _OLD.items())


def _is_before(versions, first):
    """Whether `==1.15`, `>=1.2,<2` or conda's `=1.15` admits nothing from `first` on."""
    for clause in versions.split(","):
        match = re.match(r"\s*(===?|~=|<=?|=)\s*v?(\d+(?:\.\d+)*)(\.?[x*])?", clause)
        if match:
            version = tuple(map(int, match[2].split(".")))
            if version < first or match[1] == "<" and version[:len(first)] == first \
                    and not any(version[len(first):]):
                return True
    return False


def run(words):
    """Runs `pip install ...`, or the like, without what is left out. Returns its status."""
    verb = next(place for place, word in enumerate(words)
                if word in ("install", "uninstall", "remove"))
    begin, rest, said, written = words[:verb + 1], [], [], []
    after = ""
    for word in words[verb + 1:]:
        inside = re.match(r"(--requirement=|-r(?=.))(.*)", word, re.S)
        if after in ("-r", "--requirement"):
            word = _filtered(word, said, written)
        elif inside:
            word = inside[1] + _filtered(inside[2], said, written)
        elif is_left_out(word, words[verb]):
            said.append(word)
            continue
        after = word
        rest.append(word)
    if said:
        print("tf1gan: " + (
            f"not installed: {' '.join(said)}: these cells see TensorFlow 1.15.5 already"
            if words[verb] == "install" else
            f"not removed: {' '.join(said)}: what these cells see is made of it"), flush=True)
    try:
        asked = any(not word.startswith("-") and flag not in _WITH_A_VALUE
                    for flag, word in zip([""] + rest, rest))
        return subprocess.call(begin + rest) if asked or not said else 0
    except OSError as error:
        print(f"tf1gan: {begin[0]}: {error.strerror}", file=sys.stderr)
        return 127
    finally:
        for path in written:
            os.remove(path)


def _filtered(path, said, written):
    """A file of requirements without what is left out, or the same where that is nothing."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.readlines()
    except (OSError, UnicodeDecodeError):       # pip says what is wrong
        return path
    kept = [line for line in lines if not is_left_out(line.strip())]
    if len(kept) == len(lines):
        return path
    try:        # beside it: other files that it names are looked for there
        number, name = tempfile.mkstemp(".txt", "requirements-", os.path.dirname(path) or os.curdir)
    except OSError:
        return path
    said += [line.split("#")[0].strip() for line in lines if line not in kept]
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.writelines(kept)
    written.append(name)
    return name


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
