"""Runs scripts and records what their sessions return, on TensorFlow 1.15.5 or by the runner.

    python record_numbers.py OUT MNIST SCRIPT ...

writes OUT/NAME.npz, every number that Session.run returned in their order, and OUT/NAME.json: the
names of the variables, the counts of UPDATE_OPS, what was printed. It runs on either Python. Each
script runs in a fork of one process, which has loaded TensorFlow.
"""

import contextlib
import io
import json
import os
import re
import sys
import traceback

import numpy as np

# IPython's lines; `% (epoch, cost)` goes on with an expression.
MAGIC = re.compile(r"^([ \t]*)(?:%{1,2}[a-zA-Z]|![\w./]).*$", re.MULTILINE)


def of_sessions():
    """Records what sessions return from now on. The function that is returned saves it."""
    from tensorflow.python.client import session
    numbers, graphs = [], []
    run = session.BaseSession.run

    def recording(this, *arguments, **named):
        result = run(this, *arguments, **named)
        if this.graph not in graphs:
            graphs.append(this.graph)
        numbers.append([np.asarray(part) for part in flat(result) if is_number(part)])
        return result
    session.BaseSession.run = recording

    def save(path, **more):
        """Writes PATH.npz, the numbers, and PATH.json, what there is in the graphs, and more."""
        np.savez(path + ".npz", **{
            f"{run:04d}_{place:02d}": part for run, parts in enumerate(numbers)
            for place, part in enumerate(parts)})
        facts = dict(
            more, variables=[[v.name, v.shape.as_list() if v.shape.ndims is not None else None]
                             for graph in graphs for v in graph.get_collection("variables")],
            update_ops=[len(graph.get_collection("update_ops")) for graph in graphs],
            regularizers=[len(graph.get_collection("regularization_losses"))
                          for graph in graphs])
        with open(path + ".json", "w") as file:
            json.dump(facts, file)
    return save


def record(script, out, mnist, options):
    """Runs a script in this process, in a folder of its own."""
    import tensorflow.compat.v1 as tf
    save = of_sessions()
    name = os.path.splitext(os.path.basename(script))[0]
    folder = os.path.join(out, name)
    os.makedirs(folder)
    os.chdir(folder)
    if mnist:
        os.symlink(mnist, "MNIST_data")
    sys.argv = [script]
    printed, status = io.StringIO(), 0
    with contextlib.redirect_stdout(printed):
        try:
            if tf.__version__.startswith("1."):
                plainly(script)
            else:
                from tf1gan import legacy
                status = legacy.run(script, [], legacy.Options(**options))
        except SystemExit as error:
            status = error.code or 0
        except BaseException:
            traceback.print_exc()
            status = 1
    save(os.path.join(out, name), status=status, printed=printed.getvalue())


def plainly(script):
    """Runs a script, or a notebook's cells without its magics, on TensorFlow 1.15.5."""
    import builtins
    import codeop
    import types
    with open(script) as file:
        sources = [file.read()]
    if script.endswith(".ipynb"):
        sources = ["".join(cell["source"]) for cell in json.loads(sources[0])["cells"]
                   if cell["cell_type"] == "code"]
        sources = [MAGIC.sub(r"\1pass", source) for source in sources
                   if not source.startswith("%%") or source.startswith(("%%time", "%%capture"))]
    builtins.xrange, builtins.unicode = range, str      # of Python 2.7, where 1.15 ran, too
    module = sys.modules["__main__"] = types.ModuleType("__main__")
    module.__file__ = script
    sys.path.insert(0, os.path.dirname(script))
    compiled = codeop.Compile()     # what one cell imports from __future__ is the next one's, too
    for source in sources:
        exec(compiled(source + "\n", script, "exec"), module.__dict__)


def flat(result):
    if isinstance(result, dict):
        result = list(result.values())
    if isinstance(result, (list, tuple)):
        return [part for item in result for part in flat(item)]
    return [result]


def is_number(part):
    return part is not None and not isinstance(part, (str, bytes)) \
        and np.asarray(part).dtype.kind in "biuf"


def main(out, mnist, scripts, options):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    os.environ["MPLBACKEND"] = ""
    import tensorflow.compat.v1 as tf
    if tf.__version__.startswith("1."):
        tf.logging.set_verbosity(tf.logging.ERROR)
        os.environ["MPLBACKEND"] = "Agg"
        import tensorflow.contrib.layers  # noqa: F401    takes seconds, before the forks
    else:
        del os.environ["MPLBACKEND"]
        import forked_runs
        forked_runs.load()
    for script in scripts:
        child = os.fork()
        if child == 0:
            try:
                record(os.path.abspath(script), out, mnist, options)
                os._exit(0)
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:], {})
