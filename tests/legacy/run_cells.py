"""Runs cells in an IPython shell of this process; they and what came of them are JSON.

    python -c "import run_cells; run_cells.main()" < CELLS
"""

import json
import re
import sys


def main():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    shell = InteractiveShell.instance(history_load_length=0)
    shell.history_manager.enabled = False
    shell.run_line_magic("colors", "NoColor")
    results = []
    for cell in json.load(sys.stdin):
        with capture_output() as seen:
            result = shell.run_cell(cell, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        results.append(dict(
            out=re.sub(r"\x1b\[[\d;]*m", "", seen.stdout), err=seen.stderr,
            error=type(error).__name__ if error else None, value=repr(result.result)))
    print(json.dumps(results))
