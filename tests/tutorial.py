"""Runs docs/tutorial.ipynb from top to bottom: python tests/tutorial.py [FILE for the result]."""

import os
import sys
import time

from helpers import MNIST_FOLDER, ROOT

PATH = os.path.join(ROOT, "docs", "tutorial.ipynb")


def run(images=None, **constants):
    """The notebook as it is after a run, by this interpreter.

    Args:
      images: what read_data_sets is given, as source; None is the folder of MNIST.
      **constants: to take in place of its own.

    Raises:
      nbclient.exceptions.CellExecutionError: a cell failed.
    """
    import nbclient
    import nbformat
    notebook = nbformat.read(PATH, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = cell.source.replace('"../mnist_data"', images or repr(MNIST_FOLDER))
            lines = cell.source.split("\n")
            for at, line in enumerate(lines):
                name = line.split(" = ")[0]
                if name in constants:
                    lines[at] = f"{name} = {constants[name]!r}"
            cell.source = "\n".join(lines)
    # The kernel "python3" is the interpreter that this is run by.
    nbclient.NotebookClient(
        notebook, timeout=1800, kernel_name="python3",
        resources={"metadata": {"path": os.path.dirname(PATH)}}).execute(
            env=dict(os.environ, PYTHONPATH=ROOT))      # tf1gan need not be installed
    return notebook


def text(notebook):
    """All that its cells printed."""
    return "".join(output.text for cell in notebook.cells if cell.cell_type == "code"
                   for output in cell.outputs if output.output_type == "stream")


if __name__ == "__main__":
    began = time.time()
    done = run()
    print(f"{os.path.relpath(PATH)}: {time.time() - began:.0f} s")
    if sys.argv[1:]:
        import nbformat
        nbformat.write(done, sys.argv[1])
