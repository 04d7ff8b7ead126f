"""What the world does to a run: kills, damaged checkpoints, a full disk. And does it survive?"""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from tf1gan import console, runs
from tf1gan.errors import UserError
from tf1gan.lab import programs
from tf1gan.machines import launcher
from tf1gan.machines.cluster import Cluster
from tf1gan.runs.comparison import compare

try:
    import resource
except ImportError:         # Windows: no limit of a file's size there, and no tmpfs
    resource = None

ENDED_WITHIN = 10.0             # seconds, of the others when a worker is killed
_DISK = 48 * 2 ** 20            # bytes of the disk that is filled


class Fault(NamedTuple):
    name: str
    detail: str
    survived: bool


def stress(model="gan", kills=20, epochs=12, batch_size=64, data_dir="mnist_data", seed=0,
           workers=1):
    """Trains one run untouched and one under faults, and compares them bit by bit.

    Args:
      model, epochs, batch_size, data_dir, workers: of both runs.
      kills: how many times the second is killed; of several workers, one of them each time.
      seed: of the moments at which it is.

    Returns a list of Fault, of which the last is the comparison. Raises UserError where the
    untouched run fails.
    """
    chance = random.Random(seed)
    flags = ["--model", model, "--epochs", str(epochs), "--batch-size", str(batch_size),
             "--data-dir", os.path.abspath(data_dir), "--save-every", "50",
             "--summary-every", "10", "--n-sample", "4"]
    together = ["--workers", str(workers)] if workers > 1 else []
    with tempfile.TemporaryDirectory() as folder, _small_disk(folder) as (disk, real):
        console.say("Training a run without disturbing it.")
        seconds = _undisturbed(flags + together + ["--logdir", folder, "--run", "untouched"])
        longest = min(1.5, 0.6 * seconds / kills)   # all kills come before the run has ended
        logdir = folder if together else disk
        victim = os.path.join(logdir, "victim")
        flags += ["--logdir", logdir, "--run", "victim"]

        if together:
            faults = [_kill_a_worker(flags, workers, chance.uniform(0, longest), number + 1, kills)
                      for number in range(kills)]
        else:
            faults = [_kill(flags, chance.uniform(0, longest), number + 1, kills)
                      for number in range(kills)]
            faults += [_damage(flags, victim, how) for how in ("truncated", "one byte changed")]
            faults.append(_fill(flags, disk, real))
        done = _finish(flags + together)
        if done.returncode:
            return faults + [Fault("continuing to the end", done.stderr.strip(), False)]
        differences = compare(os.path.join(folder, "untouched"), victim)
        return faults + [Fault("comparison with the undisturbed run",
                               ", ".join(differences) or "the same, bit by bit", not differences)]


def _kill_a_worker(flags, count, moment, number, kills):
    """Kills one while they train. The others must end in time, in a line that names it."""
    with launcher.held_hosts(count) as hosts:
        workers = [launcher.start([sys.executable] + programs.TRAIN + flags, Cluster(hosts, index),
                                  stdout=subprocess.PIPE if index == 0 else subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, universal_newlines=True)
                   for index in range(count)]
        began = _wait_until_training(workers[0])
    time.sleep(moment)
    victim = number % count         # each in its turn
    alive = workers[victim].poll() is None
    workers[victim].kill()
    killed = time.monotonic()
    said = [worker.communicate()[1] for worker in workers]
    seconds = time.monotonic() - killed
    named = all(f"worker {victim} (" in line and "Traceback" not in line
                for index, line in enumerate(said) if index != victim)
    return Fault(f"kill -9 of worker {victim}, {number} of {kills}",
                 f"{moment:.2f} s into it; {began}; the others ended {seconds:.1f} s later",
                 alive and named and seconds < ENDED_WITHIN)


def table(faults):
    """The faults as lines to print."""
    width = max(len(fault.name) for fault in faults)
    return [f"{fault.name:<{width}}  {'survived' if fault.survived else 'FAILED':<8}  "
            f"{fault.detail}" for fault in faults]


def _start(flags, **options):
    return programs.training(flags, stderr=subprocess.PIPE, **options)


def _finish(flags, **options):
    process = _start(flags, **options)
    out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _undisturbed(flags):
    """Trains a run to its end, or raises UserError. Returns for how many seconds it trained."""
    process = _start(flags)
    _wait_until_training(process)
    began = time.monotonic()
    _, err = process.communicate()
    if process.returncode:
        raise UserError(f"the undisturbed run fails: {err.strip()}")
    return time.monotonic() - began


def _wait_until_training(process):
    """Reads a run's first lines, up to the last one before it trains. Returns the first."""
    first = process.stdout.readline().strip()
    for line in process.stdout:
        if line.lstrip().startswith("total, "):
            break
    return first


def _kill(flags, moment, number, kills):
    process = _start(flags)
    began = _wait_until_training(process)
    time.sleep(moment)
    alive = process.poll() is None
    process.kill()
    _, err = process.communicate()
    return Fault(f"kill -9, {number} of {kills}", f"{moment:.2f} s into it; {began}",
                 alive and "Traceback" not in err)


def _train_until_saved_twice(flags, victim):
    """However early the kills came, there is a checkpoint to damage and one before it."""
    process = _start(flags)
    _wait_until_training(process)
    while process.poll() is None and len(runs.checkpoints(victim)) < 2:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate()


def _damage(flags, victim, how):
    if len(runs.checkpoints(victim)) < 2:
        _train_until_saved_twice(flags, victim)
    newest = runs.checkpoints(victim)[-1]
    path = newest + ".data-00000-of-00001"
    with open(path, "r+b") as file:
        if how == "truncated":
            file.truncate(os.path.getsize(path) // 2)
        else:
            file.seek(os.path.getsize(path) // 2)
            byte = file.read(1)[0]
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte ^ 0xff]))
    process = _start(flags)
    said = process.stdout.readline()
    _wait_until_training(process)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    return Fault(f"newest checkpoint {how}", "the one before is taken",
                 "Skipping a checkpoint" in said
                 and process.returncode in (0, 128 + signal.SIGTERM))


def _fill(flags, disk, real):
    """Trains on a full disk, which must end in one line, and makes room again."""
    filler = os.path.join(disk, "filler")
    if not (real or resource):
        return Fault("full disk", "not tried: nothing here limits a file's size", True)
    if real:
        with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(2 ** 16))
        os.truncate(filler, os.path.getsize(filler) - 2 ** 20)      # room to begin, not to save
        done = _finish(flags)
        os.unlink(filler)
    else:
        limit = 2 ** 18         # bytes in a file: less than a checkpoint
        done = _finish(flags, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (limit, limit)))
    lines = done.stderr.strip().splitlines()
    return Fault(f"full disk ({'a small tmpfs' if real else 'a file size limit'})",
                 lines[-1] if lines else "no word of it",
                 done.returncode == 2 and "Traceback" not in done.stderr)


@contextlib.contextmanager
def _small_disk(folder):
    """(a folder, whether it is a disk of its own): a tmpfs where mounting is permitted."""
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    mounted = bool(shutil.which("mount")) and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", disk],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    try:
        yield disk, mounted
    finally:
        if mounted:
            subprocess.run(["umount", disk], check=True)
