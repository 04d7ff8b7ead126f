"""TensorFlow 1 in the cells of an IPython that runs: `%load_ext tf1gan`, the kernel, the prompt.

IPython stays what it is. The user's module gets the builtins that `run_legacy.py` gives a script,
cells' syntax trees are rewritten as a script's is, and what IPython would say in a traceback is
said in a line where it is known.
"""

import argparse
import ast
import functools
import importlib.util
import os
import shlex
import sys
import types
import warnings

from tf1gan import console, process
from tf1gan.errors import UserError
from tf1gan.legacy import refusal, runner
from tf1gan.legacy.api import versions
from tf1gan.legacy.jupyter import before, installs, ipython_names, kernel, live_errors, live_scripts
from tf1gan.legacy.jupyter.live_errors import MAGIC
from tf1gan.legacy.packages import numpy_printing
from tf1gan.legacy.source import python2, rewriting

_STARTED = f"--ext={MAGIC}"     # what the kernel was started with


def load_extension(shell):
    """`%load_ext tf1gan`. What cannot be is an error of one line, as IPython shows it."""
    try:
        load(shell, parsed(kernel.enter()))
    except UserError as error:
        line = str(error)
        error._render_traceback_ = lambda: [line]
        raise


def load(shell, options=None):
    """Makes the cells of an IPython shell see TensorFlow 1. A second time it does nothing.

    Args:
      shell: the InteractiveShell.
      options: runner.Options.

    Raises:
      UserError: TensorFlow 2 has computed in this process.
    """
    if _builtins_of(shell).get("__tf1gan_legacy__"):
        return
    before.check(shell.user_ns)     # what the options name is looked at when it is needed
    said = set()

    def say(line):
        if line not in said:
            said.add(line)
            console.complain(f"tf1gan: {line}")

    cells = _Cells()
    _enter(shell, options or runner.Options(), say, cells)
    before.rebind(shell.user_ns, cells.program.builtins["__import__"])
    shell.ast_transformers.append(cells)
    shell.input_transformers_post.append(cells.translated)
    shell.events.register("pre_run_cell", lambda *_: _begin_a_cell(shell, cells, said))
    live_errors.show_in_lines(shell, cells, say,
                              lambda path, line: _place(shell, path, line))
    live_scripts.run_as_then(shell, cells, lambda: _give_builtins(shell, cells))
    _reload_whole(cells)
    _add_magics(shell, say, cells)
    ipython_names.add_methods(shell)
    if _STARTED in sys.argv:        # a notebook that knows of Jupyter's own knows not of this
        sys.argv.remove(_STARTED)
    cells.printing.__enter__()      # never left: the cells are all that this process is for
    for kind in (DeprecationWarning, PendingDeprecationWarning, FutureWarning, SyntaxWarning):
        warnings.simplefilter("ignore", kind)       # that what these cells use is old
    warnings.filterwarnings("ignore", message=r".*`(?:layer|model|tf)[\w.]*` is deprecated")


def _enter(shell, options, say, cells):
    """Makes the Program that the cells are of, in place of an earlier one."""
    if cells.program is not None:
        sys.meta_path.remove(cells.program.finder)
    shown = types.SimpleNamespace(has_screen=True, is_live=True)
    cells.program = program = runner.Program(os.getcwd(), options, say, shown, live=True)
    program.builtins["__tf1gan_legacy__"] = lambda path, line: _place(shell, path, line)
    # ipykernel replaces it while a cell runs.
    program.builtins["raw_input"] = _input
    if not options.python2:
        program.builtins["input"] = _input
    program.begin()
    _give_builtins(shell, cells)


def _give_builtins(shell, cells):
    vars(shell.user_module)["__builtins__"] = cells.program.builtins


def _input(prompt=""):
    import builtins
    return builtins.input(prompt)


def _builtins_of(shell):
    """Those of the user's module, as a dictionary."""
    found = vars(shell.user_module).get("__builtins__", {})
    return found if isinstance(found, dict) else vars(found)


def _begin_a_cell(shell, cells, said):
    import builtins
    said.clear()            # a cell that is run again says it again
    _give_builtins(shell, cells)        # %reset may have taken them
    _reload_whole(cells)
    for name, value in vars(builtins).items():
        cells.program.builtins.setdefault(name, value)      # IPython's `display`, and what is set


def _reload_whole(cells):
    """Has %autoreload run a changed module of the cells' own anew, by its loader.

    It would put new functions into a module of which no more has changed, by the source as it is.
    """
    module = sys.modules.get("IPython.extensions.deduperreload.deduperreload")
    reloader = getattr(module, "DeduperReloader", None)
    if reloader is None or cells.reloader is reloader:
        return
    cells.reloader, today = reloader, reloader.maybe_reload_module

    def maybe_reload_module(this, module):
        own = getattr(module, "__builtins__", None) is cells.program.builtins
        return False if own else today(this, module)
    reloader.maybe_reload_module = maybe_reload_module


def _place(shell, path, line):
    """A line of a cell, as IPython's tracebacks call it; of a file, as refusals do."""
    named = shell.compile.format_code_name(path)
    return f"{' '.join(named)}, line {line}" if named else refusal.place(path, line)


# -- Sources ---------------------------------------------------------------------------------

class _Cells:
    """What IPython calls with each cell, before it is compiled."""

    def __init__(self):
        self.program = self.reloader = None
        self.printing = numpy_printing.as_then()
        self._futures = set()       # of Python 2's cells, which are those of later ones, too

    def translated(self, lines):
        """A cell's lines, of Python 2 where that was asked for. What it cannot read stays."""
        if not self.program.dialect.python2:
            return lines
        text = "".join(lines)
        earlier = "".join(f"from __future__ import {name}; " for name in sorted(self._futures))
        try:
            translated = python2.translate(f"{earlier}pass\n{text}", "cell")
        except SyntaxError:     # Python says what is wrong with it
            return lines
        return translated.splitlines(True)[1:]

    def visit(self, tree):
        """A cell's syntax tree, rewritten as a script's is."""
        dialect = self.program.dialect
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                self._futures |= {alias.name for alias in node.names}
        old = dialect.python2 and "division" not in self._futures
        division = "olddiv" if old else "truediv"
        return rewriting.rewrite(installs.answered(tree), dialect.operators, division)


# -- Magics ----------------------------------------------------------------------------------

def _add_magics(shell, say, cells):
    def tensorflow_version(line):
        """`%tensorflow_version 1.x`, as Colab took it: whatever begins with a 1."""
        wanted = line.partition("#")[0].strip().strip("'\"")
        if not wanted:
            print("TensorFlow 1.15.5, as tf1gan restores it")
        elif wanted[0] not in "12":
            raise UserError(f"%tensorflow_version {line}: give 1.x")
        elif wanted.startswith("2"):
            raise UserError(f"%tensorflow_version {line}: these cells see TensorFlow 1: choose "
                            "Python's own kernel for TensorFlow 2, or leave out %load_ext tf1gan")
        elif wanted not in ("1", "1.x", "1.X"):
            say(f"%tensorflow_version {wanted} is taken for 1.x, which is 1.15.5 here")

    def tf1gan(line):
        """`%tf1gan --mnist DIR --python2`: what run_legacy.py's flags say, for all cells."""
        if cells.program.has_loaded_tensorflow():
            raise UserError(f"%{MAGIC} comes before the first cell that imports "
                            "TensorFlow: restart the kernel")
        options = parsed(line)
        runner.check_options(options)
        _enter(shell, options, say, cells)

    today = {name: shell.find_line_magic(name) for name in ("matplotlib", "pylab")}

    @functools.wraps(today["matplotlib"])
    def matplotlib(line):
        return today["matplotlib"](_figures(line, say))

    @functools.wraps(today["pylab"])
    def pylab(line):
        try:
            return today["pylab"](_figures(line, say))
        finally:                # it gives the cells the modules of today, and Python's builtins
            _give_builtins(shell, cells)
            before.rebind(shell.user_ns, cells.program.builtins["__import__"])
    for function in (tensorflow_version, tf1gan, matplotlib, pylab):
        shell.register_magic_function(function, "line", function.__name__)


def _figures(line, say):
    """`notebook`, whose figures JupyterLab and Notebook 7 do not show, as what they do show."""
    words = line.split()
    for place, word in enumerate(words):
        if word.lower() in ("notebook", "nbagg", "widget", "ipympl"):
            has_widgets = importlib.util.find_spec("ipympl") is not None
            if not has_widgets:
                say(f"%matplotlib {word} needs ipympl (pip install ipympl): figures are inline")
            words[place] = "widget" if has_widgets else "inline"
    return " ".join(words)


def add_options(parser):
    """The flags that a kernel, and the magic, take. `options_of` reads them."""
    parser.add_argument("--mnist", metavar="DIR", help="the images, for cells that read MNIST by "
                        "TensorFlow's or Keras's loader; default: the folder that they name")
    parser.add_argument("--python2", action="store_true",
                        help="the cells are Python 2, whose 7 / 2 is 3; default: off")
    parser.add_argument("--also", metavar="NAME", action="append", default=[],
                        help="an installed package whose own modules are to see TensorFlow 1")
    parser.add_argument("--tensorflow", choices=sorted(versions.VERSIONS), default=versions.USUAL,
                        help="the version whose names the cells use; default: 1.15")


def options_of(flags):
    mnist = flags.mnist and os.path.abspath(os.path.expanduser(flags.mnist))
    return runner.Options(mnist=mnist, python2=flags.python2, also=tuple(flags.also),
                          tensorflow=flags.tensorflow)


def parsed(line):
    """The Options that a line of `%tf1gan` gives. Raises UserError."""
    parser = process.Parser(f"%{MAGIC} --mnist mnist_data", prog=f"%{MAGIC}",
                    description="What the cells after it see.")
    add_options(parser)

    def error(message):
        raise UserError(f"%{MAGIC}: {message}")
    parser.error = error
    try:
        return options_of(parser.parse_args(shlex.split(line)))
    except SystemExit:          # of --help
        raise argparse.ArgumentTypeError from None
