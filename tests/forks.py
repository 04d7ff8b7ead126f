"""Starts Python programs as forks of a process that has loaded TensorFlow, which takes seconds.

    with forks.python(folder) as path:
        subprocess.run([path, "scripts/train.py", "--help"])

What is at `path` does what Python does: PROGRAM, -m MODULE or -c CODE, and ARGUMENTS, with its own
standard streams, folder, environment, cores and exit status. Signals sent to it reach the
program, all but SIGSTOP; a program whose starter is killed is killed.
"""

import array
import atexit
import contextlib
import faulthandler
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback

_PASSED_ON = (signal.SIGINT, signal.SIGTERM)
HANGS_AFTER = 150       # seconds


@contextlib.contextmanager
def python(folder, executable=sys.executable):
    """The path of a program that does what a Python does, while its server runs."""
    path, address = os.path.join(folder, "python"), os.path.join(folder, "socket")
    with open(path, "w") as file:
        file.write(f"#!/bin/sh\nexec '{executable}' -S -E '{__file__}' '{address}' \"$@\"\n")
    os.chmod(path, 0o755)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    environment = dict(os.environ, PYTHONPATH=root)
    environment.pop("TF2_BEHAVIOR", None)       # which TensorFlow 2 sets, and 1.15.5 obeys
    server = subprocess.Popen(
        [executable, os.path.abspath(__file__), "--serve", address, path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    try:
        assert server.stdout.readline() == b"ready\n"
        yield path
    finally:
        server.stdin.close()        # its sign to end
        server.wait()
        server.stdout.close()


# -- The one who asks ------------------------------------------------------------------------

def ask(address, words):
    """Has the server run a program. Returns its status."""
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
        message = json.dumps([words, os.getcwd(), dict(os.environ), cores]).encode()
        streams = array.array("i", [0, 1, 2])
        server.sendmsg([len(message).to_bytes(4, "big")],
                       [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
        server.sendall(message)
        program = int.from_bytes(_received(server, 4), "big")
        for number in _PASSED_ON:
            signal.signal(number, lambda number, _: os.kill(program, number))
        return int.from_bytes(_received(server, 4), "big", signed=True)


def _received(connection, count):
    found = b""
    while len(found) < count:
        part = connection.recv(count - len(found))
        if not part:
            raise EOFError
        found += part
    return found


# -- The server ------------------------------------------------------------------------------

def serve(address, path):
    """Forks until standard input ends. Returns what a fork is to do, in that fork."""
    load()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)
        ended, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake)
        os.write(1, b"ready\n")
        asking = {}                 # connections by the process that runs for each
        while True:
            ready, _, _ = select.select([0, ended, listening] + list(asking.values()), [], [])
            if 0 in ready:
                for process in asking:
                    os.kill(process, signal.SIGKILL)
                os._exit(0)
            if ended in ready:
                os.read(ended, 512)
                _tell_who_ended(asking)
            for process, connection in asking.items():
                if connection in ready:         # it says nothing more: it was killed
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
            if listening in ready:
                connection, _ = listening.accept()
                try:
                    wanted, streams = _request(connection)
                except EOFError:
                    connection.close()
                    continue
                process = os.fork()
                if not process:
                    for other in list(asking.values()) + [connection]:
                        other.close()
                    for end in (ended, wake):
                        os.close(end)
                    break
                for stream in streams:
                    os.close(stream)
                asking[process] = connection
                connection.sendall(process.to_bytes(4, "big"))
    _become(path, streams, *wanted)
    return wanted[0]


def load():
    """What nearly every program imports. No session: that would start threads."""
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot  # noqa: F401

    from tf1gan import sampling, training  # noqa: F401
    from tf1gan.cli import commands  # noqa: F401
    from tf1gan.compat import tf
    from tf1gan.graph import several
    tf.layers                   # noqa: B018
    from helpers import as_built
    training.ways.LONG = 10 ** 10
    several.UNROLLED, tf.Session = 1, as_built(tf.Session)    # as in the tests' process
    gc.collect()
    gc.freeze()


def _tell_who_ended(asking):
    while asking:
        process, status = os.waitpid(-1, os.WNOHANG)
        if not process:
            return
        with asking.pop(process) as connection:
            code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            with contextlib.suppress(OSError):
                connection.sendall(code.to_bytes(4, "big", signed=True))


def _request(connection):
    """(what is to be run, as it was sent; its standard streams)."""
    size, passed, _, _ = connection.recvmsg(4, socket.CMSG_LEN(3 * array.array("i").itemsize))
    streams = array.array("i")
    for _, _, data in passed:
        streams.frombytes(data)
    return json.loads(_received(connection, int.from_bytes(size, "big")).decode()), list(streams)


def _become(path, streams, words, folder, environment, cores):
    """Makes of a fork what a new process would be."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)    # wherever the tests were started
    # Where one hangs, the tests' own standard error tells where, before a test gives up on it.
    faulthandler.dump_traceback_later(HANGS_AFTER, file=os.dup(2))
    for number, (stream, name, mode) in enumerate(zip(streams, ("stdin", "stdout", "stderr"),
                                                      "rww")):
        os.dup2(stream, number)
        os.close(stream)
        buffering = 1 if name == "stderr" or os.isatty(number) else -1
        setattr(sys, name, open(number, mode, buffering, closefd=False,
                                errors="backslashreplace" if name == "stderr" else None))
    os.chdir(folder)
    set_by_loading = {name: os.environ[name] for name in ("TF_CPP_MIN_LOG_LEVEL",
                                                          "TF_USE_LEGACY_KERAS")}
    os.environ.clear()
    os.environ.update(set_by_loading)
    os.environ.update(environment)
    os.environ.pop("TF1GAN_LAUNCHER", None)     # its parent is another, see the server for that
    if cores:
        os.sched_setaffinity(0, cores)
    sys.path[0] = ""
    sys.path[1:1] = [part for part in environment.get("PYTHONPATH", "").split(os.pathsep) if part]
    sys.executable = path           # programs that it starts are forks, too


def run(words):
    """What Python does with its arguments."""
    sys.argv = ["-c"] + words[2:] if words[0] == "-c" else words
    names = {"__name__": "__main__", "__builtins__": __builtins__}
    if words[0] == "-m":
        sys.argv = words[1:]            # the module's path comes first, in a moment
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        return
    if words[0] == "-c":
        code, names["__file__"] = words[1], "<string>"
    else:
        sys.path[0] = os.path.dirname(os.path.abspath(words[0]))
        names["__file__"] = words[0]
        with open(words[0]) as file:
            code = compile(file.read(), words[0], "exec")
    exec(code, names)


def end(program, words):
    """Runs it and ends as Python does, but for taking apart all that is loaded, which is slow."""
    status, by = 0, None
    try:
        program(words)
    except SystemExit as error:
        status = error.code
    except BaseException as error:      # noqa: B902 (the interpreter itself does so)
        traceback.print_exc()
        status, by = 1, signal.SIGINT if isinstance(error, KeyboardInterrupt) else None
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    if status is not None and not isinstance(status, int):
        print(status, file=sys.stderr)
        status = 1
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            status = status or 120
    if by:
        signal.signal(by, signal.SIG_DFL)
        os.kill(os.getpid(), by)
    os._exit((status or 0) & 0xff)


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        end(run, serve(*sys.argv[2:]))
    else:
        status = ask(sys.argv[1], sys.argv[2:])
        if status < 0:
            if -status != signal.SIGKILL:
                signal.signal(-status, signal.SIG_DFL)
            os.kill(os.getpid(), -status)
        sys.exit(status)
