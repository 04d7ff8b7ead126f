"""Other ways into the runner than a script: a module, lines, a prompt."""

import ast
import code
import codeop
import os
import sys

from tf1gan import console
from tf1gan.errors import UserError
from tf1gan.legacy import by_name, runner, source
from tf1gan.legacy.refusal import Refused
from tf1gan.legacy.source import notebooks


def run_module(name, arguments, options):
    """Runs a module or package as `python -m` does. See runner.run."""
    runner.check_options(options)
    if name == "pytest":
        arguments = ["-p", "tf1gan.legacy.pytest"] + arguments
    return runner.run_with(lambda program: by_name.as_main(program, name), name, os.getcwd(),
                           arguments, options)


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
    from tf1gan.legacy.jupyter import live
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
    prompt = Prompt(module.__dict__)
    prompt.compile = compiled
    prompt.interact(exitmsg="")
