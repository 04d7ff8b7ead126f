"""Several workers on one machine: what train.py --workers N starts."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

from tf1gan import console, process
from tf1gan.machines.cluster import VARIABLE, Cluster
from tf1gan.machines.peers import LAUNCHER

GRACE = 15.0            # seconds in which the others end by themselves
AT_ONCE = 5.0           # seconds in which worker 0 may say by itself what another has said


def launch(arguments, count):
    """Trains by so many processes, with this machine's cores divided among them.

    Worker 0 has the terminal. What another says on its standard error is shown if it fails before
    worker 0, unless worker 0 soon ends for the same reason. The arguments are those of `train`,
    --workers among them. Returns the exit status.
    """
    with contextlib.ExitStack() as stack:
        # They have no names, so that nothing is left of them whatever ends this process.
        said = [stack.enter_context(tempfile.TemporaryFile("a+b")) for _ in range(count)]
        workers, received = [], []

        def forward(number, _=None):
            received.append(number)
            for worker in workers:
                if worker.poll() is None:
                    worker.send_signal(number)

        def pause(*_):
            """Ctrl-Z: the terminal knows nothing of the workers, which stop and go on with it."""
            running = [worker for worker in workers if worker.poll() is None]
            for number in (signal.SIGSTOP, signal.SIGCONT):
                for worker in running:
                    worker.send_signal(number)
                if number == signal.SIGSTOP:
                    os.kill(os.getpid(), number)        # until this process is told to go on
        stack.enter_context(process.handling(forward))
        if hasattr(signal, "SIGTSTP"):
            stack.callback(signal.signal, signal.SIGTSTP, signal.signal(signal.SIGTSTP, pause))
        try:
            hosts = stack.enter_context(held_hosts(count))
            for index in range(count):
                output = ({"stdout": subprocess.DEVNULL, "stderr": said[index]} if index
                          else {"said": said[index]})
                workers.append(start(command(arguments), Cluster(hosts, index), **output))
            if received:        # one that was not there yet has not got it
                forward(received[0])
            return _status(workers, said, received)
        finally:
            for worker in workers:
                if worker.poll() is None:
                    worker.kill()
                worker.wait()


def _status(workers, said, signals):
    """Waits for them. Returns worker 0's status, or that of another that failed.

    To end by one of the signals that they have been sent is no failure to tell of.
    """
    while all(worker.poll() in (None, 0) for worker in workers) and workers[0].poll() is None:
        time.sleep(0.05)
    first = [worker.poll() for worker in workers]
    signals = signals + [signal.SIGTERM] * (process.HANGUP in signals)      # as which it is taken
    obeyed = {status for number in signals for status in (-number, 128 + number)}
    failed = [index for index, status in enumerate(first) if status and status not in obeyed]
    if failed and not first[0]:
        _wait(workers[:1], AT_ONCE)
        lines, of_worker_0 = _lines(said[failed[0]]), _lines(said[0])
        if not (workers[0].poll() and lines[-1:] == of_worker_0[-1:] != []):
            console.complain("\n".join(f"worker {failed[0]}: {line}" for line in lines)
                             or f"worker {failed[0]} ended with status {first[failed[0]]}")
    if workers[0].poll():       # some may still load, or wait for it
        for worker in workers[1:]:
            worker.terminate()
    _wait(workers, GRACE)
    statuses = [worker.poll() for worker in workers]    # None: it does not end by itself
    if statuses[0] is None:
        workers[0].terminate()
        _wait(workers[:1], GRACE)
    status = next((status for status in statuses if status), 0)
    return status if status >= 0 else 128 - status


def _wait(workers, seconds):
    """Waits until they end, for so long at most: one may be stopped."""
    end = time.monotonic() + seconds
    while any(worker.poll() is None for worker in workers) and time.monotonic() < end:
        time.sleep(0.05)


def _lines(file):
    file.seek(0)
    return file.read().decode(errors="replace").splitlines()


def command(arguments):
    """The command line of `train` in another process, by the script that was called."""
    script = sys.argv[0]
    called = os.path.isfile(script) and os.path.basename(script) == "train.py"
    return [sys.executable] + ([script] if called else ["-m", "tf1gan", "train"]) + arguments


def start(words, cluster, said=None, **options):
    """Starts a worker of a Cluster on this machine, on its share of the cores.

    `said` is an open file that gets what it complains of, too.
    """
    environment = process.of_another_python(**{
        VARIABLE: cluster.environment(), LAUNCHER: str(os.getpid()),
        console.COMPLAINTS: str(said.fileno()) if said else ""})
    # A session of its own: Ctrl-C comes by `forward`, once.
    return subprocess.Popen(words, env=environment, start_new_session=True,
                            pass_fds=[said.fileno()] if said else [],
                            preexec_fn=_on_cores(cluster), **options)


def _on_cores(cluster):
    """What binds a new process to its share of this machine's cores, where that can be."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    cores = share(sorted(os.sched_getaffinity(0)), cluster)
    return lambda: os.sched_setaffinity(0, cores)


def share(cores, cluster):
    """A worker's part of a list, as even as can be; of fewer cores than workers, one."""
    size, index = cluster.size, cluster.index
    return (cores[len(cores) * index // size:len(cores) * (index + 1) // size]
            or [cores[index % len(cores)]])


@contextlib.contextmanager
def held_hosts(count):
    """Addresses on the loopback that the system gives to nobody else inside of it.

    A worker listens only after seconds of loading. A port that is bound until then is not chosen
    for another process, nor for a connection, and TensorFlow's server can have it: both allow
    SO_REUSEADDR, and this socket does not listen.
    """
    with contextlib.ExitStack() as stack:
        holding = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in holding:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            each.bind(("127.0.0.1", 0))
        yield tuple(f"localhost:{each.getsockname()[1]}" for each in holding)
