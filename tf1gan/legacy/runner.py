"""Runs a script of TensorFlow 1 as it is."""

import errno
import functools
import importlib.util
import os
import sys
import types
import warnings
from typing import NamedTuple, Optional

from tf1gan import console
from tf1gan.errors import UserError
from tf1gan.legacy import by_path, causes, ending, pickled, references, source, tracebacks
from tf1gan.legacy.imports import OwnModules, make_builtins
from tf1gan.legacy.jupyter import colab, interrupts, ipython_names
from tf1gan.legacy.packages import (
    numpy_names,
    numpy_printing,
    pictures,
    pillow_names,
    python_names,
    scipy_names,
    tensorboard_names,
)
from tf1gan.legacy.refusal import NotRestored, Refused
from tf1gan.legacy.source import (
    inserted,
    ipython_stub,
    methods,
    notebooks,
    promotion,
    python2,
    python2_builtins,
    single_elements,
    timed,
)
from tf1gan.legacy.steps import Steps, Stopped


class Options(NamedTuple):
    """What is asked of the runner, beside the script."""
    mnist: Optional[str] = None     # the folder with the images, whatever the script names
    steps: Optional[int] = None     # stop after so many runs with an update in them
    notebook: bool = False          # the script has a notebook's lines in it
    python2: bool = False
    also: tuple = ()                # names of installed packages that see TensorFlow 1, too
    trust: bool = False             # run the code that pickles hold
    tensorflow: str = "1.15"        # whose names: one of versions.VERSIONS


def check(script, options):
    """Refuses what can be found wrong before TensorFlow loads.

    Raises:
      UserError: names the flag or the file.
    """
    if not os.path.isfile(script):
        what = "is not a file" if os.path.exists(script) else "does not exist"
        raise UserError(f"{script or repr(script)} {what}: give the script to run, after this "
                        "command's own flags")
    check_options(options)


def check_options(options):
    """Raises UserError where a flag is wrong."""
    check_mnist(options.mnist)
    if options.steps is not None and options.steps < 1:
        raise UserError(f"--steps must be at least 1, not {options.steps}")
    for name in options.also:
        if not name.isidentifier() or importlib.util.find_spec(name) is None:
            raise UserError(f"--also {name}: no package of that name is installed: give the one "
                            "that it is imported by")


def check_mnist(folder):
    """Raises UserError where --mnist is no folder. One that is not there yet is made, for MNIST."""
    if folder is not None and not os.path.isdir(folder) and (os.path.exists(folder) or not folder):
        raise UserError(f"--mnist {folder} is not a folder: give one with MNIST's files, or a new "
                        "one")


def run(script, arguments, options):
    """Runs a script in this process, which is the script's from then on.

    Args:
      script: its path, a Python file or a notebook.
      arguments: the script's own.
      options: Options.

    Returns:
      The status to exit with.

    Raises:
      UserError: the script wants what is not restored; names its line.
      SystemExit: the script's own.
    """
    check(script, options)
    return run_with(lambda program: program.run(script), script,
                    os.path.dirname(os.path.realpath(script)), arguments, options,
                    is_notebook=script.endswith(".ipynb") or options.notebook)


def run_with(body, name, folder, arguments, options, is_notebook=False):
    """Makes a Program and calls `body` with it, in this process, as `run` says.

    Args:
      name: sys.argv[0], and what pictures are called by.
      folder: sys.path[0], whose modules are the program's own.
      is_notebook: its threads need not end.
    """
    said = set()
    speaker = _speaker()

    def say(line):
        if line not in said:
            said.add(line)
            console.complain(f"{speaker}: {line}")

    shown = pictures.Pictures(name)
    steps = Steps(options.steps, lambda: say(_stopped(steps)),
                  lambda: _end_at_the_limit(steps, say, shown))
    program = Program(folder, options, say, shown, steps)
    return ending.ended(
        lambda: _run(program, body, [name] + list(arguments), folder, say, shown),
        # Python waits for a script's threads, and so does this.
        lambda: is_notebook or steps.is_over(), say)


def _run(program, body, argv, folder, say, shown):
    """Runs a program. What it has set up stays for its threads and for what it does at the exit."""
    before = sys.argv
    sys.argv, sys.path[0] = argv, folder
    # TensorFlow and NumPy say that what these scripts use is old.
    warnings.simplefilter("ignore")
    numpy_printing.begin()
    try:
        program.begin()
        body(program)
        return 0
    except Stopped:
        say(_stopped(program.steps))
        return 0
    except (Refused, NotRestored) as refusal:
        sys.argv = before           # whose name stands before the line
        raise UserError(str(refusal)) from None
    except SystemExit:
        raise
    except (UserError, KeyboardInterrupt):
        sys.argv = before
        raise
    except BaseException as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in (
                errno.EPIPE, errno.ENOSPC):     # of what it prints: said by the console
            sys.argv = before
            raise
        sys.stdout.flush()
        tracebacks.show(error)
        cause = causes.of(error, program.dialect.python2)
        if cause:
            say(cause)
        return 1
    finally:
        program.steps.main_has_ended()
        shown.write_open()


def _stopped(steps):
    return (f"stopped after {steps.done} updates (--steps); the last was that of "
            f"{steps.last_line}")


def _end_at_the_limit(steps, say, shown):
    """Ends a program that goes on after its last update: it takes every exception, or waits."""
    say(_stopped(steps))
    try:
        shown.write_open()
    except UserError as error:
        say(str(error))
    ending.end(0)


def _speaker():
    """Who says what is said: the script run_legacy.py, or the command."""
    return "run_legacy" if os.path.basename(sys.argv[0]).startswith("run_legacy") else "tf1gan"


class Program:
    """What the script and the modules beside it see.

    Attributes:
      builtins: of its modules.
      dialect: how its sources are read.
      finder: the OwnModules.
    """

    def __init__(self, folder, options, say, shown, steps=None, live=False):
        """Args:
          folder: the one whose modules are its own.
          say: prints a line.
          shown: the Pictures.
          steps: the Steps that count its updates.
          live: cells are run by IPython itself.
        """
        self._options, self._say, self._shown, self._live = options, say, shown, live
        self.steps, self._tensorflow = steps or Steps(), None
        self._get_ipython = ipython_stub.shell()
        operators = dict(promotion.operators() if promotion.is_needed() else {},
                         **single_elements.operators() if single_elements.is_needed() else {},
                         attribute=methods.attribute)
        if options.python2:
            operators.update(python2.operators(operators))
        self.dialect = source.Dialect(options.python2, tuple(operators),
                                      flag="%tf1gan --python2" if live else "--python2")
        self.finder = OwnModules(folder, self.execute, options.also)
        self.builtins = make_builtins(self.roots(), self.finder, dict(
            python_names.BUILTINS, **inserted.given(operators),
            **(python2_builtins.make(lambda: self.builtins, lambda: self.dialect)
               if options.python2 else {})), options.python2)

    def begin(self):
        """From now on the script's imports find the modules beside it."""
        self.finder.program = self          # for a plugin that is asked by others
        sys.meta_path.insert(0, self.finder)

    def has_loaded_tensorflow(self):
        return self._tensorflow is not None

    def main_module(self, name):
        """A new `__main__`, of the file of that name if there is one."""
        module = types.ModuleType("__main__")
        module.__builtins__ = self.builtins
        if name is not None:
            module.__file__ = name
        sys.modules["__main__"] = module
        return module

    def run(self, script):
        module = self.main_module(script)
        if script.endswith(".ipynb"):
            self._run_cells(notebooks.read(script), module)
        elif self._options.notebook:
            self._run_cells([notebooks.Cell(script, source.read(script))], module)
        else:
            self.execute(script, module)

    def execute(self, path, module):
        """Runs a source file in a module."""
        text = source.read(path)
        module.__dict__["__builtins__"] = self._builtins_of(text)
        if "get_ipython()" in text and not self._live:  # a notebook that was saved as a script
            self.builtins.setdefault("get_ipython", self._get_ipython)
        exec(source.compiled(text, path, self.dialect), module.__dict__)
        references.take(module.__dict__, self._say)

    def _builtins_of(self, text):
        """The builtins of a module with that source."""
        if not pickled.may_run_source(text):
            return self.builtins
        return dict(self.builtins, exec=pickled.make_exec(
            self._options.trust, lambda: self.dialect, self.builtins["exec"]))

    def _run_cells(self, cells, module):
        self.builtins.update(get_ipython=self._get_ipython, display=ipython_stub.display)
        for number, cell in enumerate(cells, 1):
            cell = notebooks.without_magics(cell, self._say, module.__dict__)
            notebooks.remember(cell.name, cell.source)
            tree = timed.alone(source.parse(cell.source, cell.name, self.dialect), cell.timed)
            try:
                for part, mode in notebooks.parts(tree, cell.source):
                    code = compile(part, cell.name, mode, dont_inherit=True)
                    value = eval(code, module.__dict__)
                    if value is not None:
                        print(repr(value))
            except SystemExit:
                if number < len(cells):
                    self._say(f"{cell.name} ends the notebook: the cells after it are not run")
                raise
            self.dialect = self.dialect._replace(
                true_division=self.dialect.true_division or python2.divides_truly(cell.source))
            self._shown.write_open(all_of_them=True)

    def roots(self):
        """Top-level modules that a script sees as they were: name -> function that gives it."""
        def of_tensorflow(name):
            with interrupts.held(self._live):
                if self._tensorflow is None:
                    from tf1gan.legacy.tensorflow1 import TensorFlow1
                    self._tensorflow = TensorFlow1(
                        self._options.mnist, self.steps, self._say, self._options.tensorflow)
                    if self._live:
                        interrupts.let_runs_be_left(self._say)
                return getattr(self._tensorflow, name)()
        roots = dict(python_names.modules(), **by_path.modules(self.finder, self.execute))
        if self._options.python2:
            roots.update(pickle=python2.old_pickle, cPickle=python2.old_pickle)
        roots.update(
            {name: functools.partial(of_tensorflow, name)
             for name in ("tensorflow", "keras", "tensorflow_estimator", "absl", "tf_slim")},
            numpy=numpy_names.make,
            scipy=lambda: scipy_names.make(numpy_names.make()), PIL=pillow_names.make,
            tensorboard=tensorboard_names.make,
            matplotlib=lambda: pictures.make(self._shown),
            pylab=lambda: pictures.pylab(self._shown),
            google=lambda: colab.make(self._say),
            IPython=ipython_names.make if self._live else functools.partial(
                ipython_stub.ipython, self._get_ipython))
        return roots
