"""Runs `run_legacy` many times in forks of one process, which has loaded TensorFlow.

Reads a list of [folder, arguments] from standard input, as JSON; writes out.txt, err.txt and status
into each folder.
"""

import atexit
import gc
import json
import os
import sys
import threading


def load():
    """Loads what nearly every script needs, so that no fork takes the time for it."""
    from tf1gan.compat import tf
    tf.layers       # noqa: B018
    import matplotlib.pyplot  # noqa: F401
    import tf_slim  # noqa: F401

    import tf1gan.legacy.tensorflow1  # noqa: F401
    gc.collect()
    gc.freeze()     # nor to look through it for garbage


def in_a_fork(folder, arguments):
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        with open(os.path.join(folder, "status"), "w") as file:
            file.write(str(os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1))
        return
    os.chdir(folder)
    for number, name in ((1, "out.txt"), (2, "err.txt")):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = ["run_legacy.py"] + arguments
    from tf1gan import cli
    try:
        cli.run("run_legacy")
    except SystemExit as error:
        if isinstance(error.code, str):
            print(error.code, file=sys.stderr)
        code = error.code if isinstance(error.code, int) else 1 if error.code else 0
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    load()
    from tf1gan.legacy import ending
    ending.PATIENCE = 2
    for folder, arguments in json.load(sys.stdin):
        in_a_fork(folder, arguments)
