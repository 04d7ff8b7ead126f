"""`%run` in cells that see TensorFlow 1: a script, or a module, as run_legacy.py runs it."""

import functools
import sys

from tf1gan.legacy import by_name, source


def run_as_then(shell, cells, give_builtins):
    """Has `%run` run scripts as then.

    Args:
      cells: has the Program that the cells are of, as `program`.
      give_builtins: gives the user's module its own again.
    """
    execfile, new_main = shell.safe_execfile, shell.new_main_mod

    def safe_execfile(path, *where, **options):
        compiler, dialect = shell.compile, cells.program.dialect

        def compiled(_, path, mode):
            shell.compile = compiler
            return source.compiled(source.read(path), str(path), dialect)
        if where:
            where[0]["__builtins__"] = cells.program.builtins
        shell.compile = compiled        # for the one call that IPython makes of it
        try:
            return execfile(path, *where, **dict(options, shell_futures=True))
        finally:
            shell.compile = compiler

    def safe_run_module(name, where):
        main = sys.modules["__main__"]
        try:
            try:
                where.update(by_name.as_main(cells.program, str(name)))
            except SystemExit as status:
                if status.code:
                    raise
        except BaseException:
            shell.showtraceback()
        finally:
            sys.modules["__main__"] = main

    def new_main_mod(*names):
        module = new_main(*names)
        module.__dict__["__builtins__"] = cells.program.builtins
        return module
    shell.safe_execfile, shell.new_main_mod = safe_execfile, new_main_mod
    shell.safe_run_module = safe_run_module
    magic = shell.find_line_magic("run")

    @functools.wraps(magic)
    def run(line):
        try:
            return magic(line)
        finally:                # it gives the user's module Python's own
            give_builtins()
    shell.register_magic_function(run, "line", "run")
