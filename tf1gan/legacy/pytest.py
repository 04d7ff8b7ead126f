"""A plugin of pytest: tests, and the modules of their own that they import, see TensorFlow 1.

    pytest -p tf1gan.legacy.pytest tests
    tf1gan run -m pytest tests

Asserts are rewritten by pytest as ever.
"""

import ast
import os
import sys
import types

import pytest
from _pytest.assertion import rewrite

from tf1gan import console
from tf1gan.legacy import imports, runner, source
from tf1gan.legacy.refusal import Refused


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Before the first of the suite's own modules is imported."""
    program = next((finder.program for finder in sys.meta_path
                    if isinstance(finder, imports.OwnModules)), None)
    if program is None:             # it is pytest that was started
        shown = types.SimpleNamespace(has_screen=True, is_live=False)
        program = runner.Program(os.getcwd(), runner.Options(), _say, shown)
        program.begin()
    hooks = [hook for hook in sys.meta_path if isinstance(hook, rewrite.AssertionRewritingHook)]
    sys.meta_path.insert(0, _Tests(program, hooks, early_config))
    for kind in ("DeprecationWarning", "PendingDeprecationWarning", "FutureWarning"):
        early_config.addinivalue_line("filterwarnings", f"ignore::{kind}")
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call):
    return _in_a_line((yield), call)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    return _in_a_line(report, getattr(report, "call", None))


def _in_a_line(report, call):
    """A report, which has a refusal as its line and no traceback."""
    if call is not None and call.excinfo and isinstance(call.excinfo.value, Refused):
        report.longrepr = str(call.excinfo.value)
    return report


def _say(line):
    console.complain(f"tf1gan: {line}")


class _Tests:
    """Finds what pytest would rewrite the asserts of, among the suite's own modules."""

    def __init__(self, program, hooks, config):
        self._program, self._hooks, self._config = program, hooks, config

    def find_spec(self, name, path=None, target=None):
        for hook in self._hooks:
            spec = hook.find_spec(name, path, target)
            if spec is not None and self._program.finder.is_own(spec.origin):
                spec.loader = imports.OwnLoader(name, spec.origin, self._execute)
                spec.cached = None
                return spec
        return None

    def _execute(self, path, module):
        text = source.read(path)

        def rewritten(tree):
            rewrite.rewrite_asserts(tree, text.encode(), path, self._config)
            for node in ast.walk(tree):         # what it adds has no end, and may not get another's
                if hasattr(node, "lineno") and getattr(node, "end_lineno", None) is None:
                    node.end_lineno, node.end_col_offset = node.lineno, node.col_offset
        code = source.compiled(text, path, self._program.dialect, rewritten)
        module.__dict__["__builtins__"] = self._program.builtins
        exec(code, module.__dict__)

    def invalidate_caches(self):
        pass
