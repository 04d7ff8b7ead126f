"""Other ways into the runner than a script: a module, lines, a prompt."""

import ast
import code
import codeop
import importlib.util
import os
import runpy
import sys

from tf1gan.errors import UserError
from tf1gan.legacy import notebooks, runner, source
from tf1gan.legacy.refusal import Refused


def run_module(name, arguments, options):
    """Runs a module or package as `python -m` does. See runner.run."""
    runner.check_options(options)
    if name == "pytest":
        arguments = ["-p", "tf1gan.legacy.pytest"] + arguments

    return runner.run_with(lambda program: as_main(program, name), name, os.getcwd(), arguments,
                           options)


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


def run_code(text, arguments, options):
    """Runs lines as `python -c` does. See runner.run."""
    runner.check_options(options)

    def body(program):
        module = program.main_module(None)
        notebooks.remember("<string>", text)
        exec(source.compiled(text, "<string>", program.dialect), module.__dict__)
    return runner.run_with(body, "-c", os.getcwd(), arguments, options)


# -- A prompt --------------------------------------------------------------------------------

def prompt(options):
    """A prompt: IPython's where there is one, else Python's."""
    runner.check_options(options)
    try:
        from IPython.terminal.ipapp import TerminalIPythonApp
    except ImportError:
        return runner.run_with(_prompt_of_python, "", os.getcwd(), [], options)
    from tf1gan.legacy import live
    sys.argv, sys.path[0] = [""], ""
    app = TerminalIPythonApp.instance()
    app.initialize([])
    live.load(app.shell, options)
    app.start()
    return 0


def _prompt_of_python(program):
    class Prompt(code.InteractiveConsole):
        def showtraceback(self):
            error = sys.exc_info()[1]
            if isinstance(error, (Refused, UserError)):
                console.complain(str(error))
            else:
                super().showtraceback()

    def compiled(text, name, symbol):
        if program.dialect.python2:
            try:
                source.parse(text, name, program.dialect)
            except (SyntaxError, Refused):      # not whole yet, or wrong
                return codeop.compile_command(text, name, symbol)
        elif codeop.compile_command(text, name, symbol) is None:
            return None
        tree = source.parse(text, name, program.dialect)
        return compile(ast.Interactive(tree.body), name, "single", dont_inherit=True)
    module = program.main_module(None)
    console = Prompt(module.__dict__)
    console.compile = compiled
    console.interact(exitmsg="")
