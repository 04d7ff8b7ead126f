"""A run's event files, which TensorBoard reads: opened, and cut where a run goes on from."""

import contextlib
import itertools
import os
import re
import socket
import time

from tf1gan import console, files
from tf1gan.compat import tf
from tf1gan.errors import WriteError, reason
from tf1gan.runs import records

EVENTS = "events.out.tfevents."     # how their names begin
FLUSH_EVERY = 30.0                  # seconds, for a TensorBoard that watches


def open_writer(folder, step, belongs):
    """A Writer of an event file to go on from a step, after dropping what was written after it.

    No point is then there twice, whoever reads the files; a TensorBoard that is watching is told to
    forget the same. Raises WriteError where there is no room for it.

    Args:
      folder: the run's.
      step: where the run stands; 0 begins anew.
      belongs: whether a tf.Event up to that step is one of a run that goes on from it.
    """
    folder = os.path.abspath(folder)        # "://" would be another file system's
    try:
        for name in names(folder):
            path = os.path.join(folder, name)
            if step:
                _truncate(path, step, belongs)
            else:
                os.unlink(path)
    except (tf.errors.OpError, OSError) as error:
        raise _cannot_write(folder, error) from error
    writer = Writer(folder, step)
    if step:
        writer.add_event(tf.Event(wall_time=time.time(), step=step + 1, session_log=tf.SessionLog(
            status=tf.SessionLog.START)))
    writer.flush()
    return writer


class Writer:
    """A new event file, written as events come.

    TensorFlow's own writer has a thread for it. Where the disk is full that ends in a traceback,
    and on 1.15 training goes on without events.

    Each method raises WriteError where there is no room.
    """

    def __init__(self, folder, step):
        self._folder, self._flushed = folder, time.monotonic()
        with self._told():
            self._file = tf.io.TFRecordWriter(os.path.join(
                folder, f"{EVENTS}{_second(folder):010d}.{socket.gethostname()}.{step}"))
        self.add_event(tf.Event(wall_time=time.time(), file_version="brain.Event:2"))

    def add_event(self, event):
        with self._told():
            self._file.write(event.SerializeToString())
        if time.monotonic() > self._flushed + FLUSH_EVERY:
            self.flush()

    def add_summary(self, summary, step):
        """Adds a tf.Summary, or one as a Session gives it, in bytes."""
        if isinstance(summary, bytes):
            summary = tf.Summary.FromString(summary)
        self.add_event(tf.Event(wall_time=time.time(), step=step, summary=summary))

    def flush(self):
        with self._told():
            self._file.flush()
        self._flushed = time.monotonic()

    def close(self):
        with self._told():
            self._file.close()

    @contextlib.contextmanager
    def _told(self):
        try:
            yield
        except (tf.errors.OpError, OSError) as error:
            raise _cannot_write(self._folder, error) from error


def _second(folder):
    """The second for a new file's name, after those of all there are.

    TensorBoard reads files in the order of their names, and drops the points of which it reads
    earlier ones later. A run can go on within a second, and by a clock that was set back.
    """
    times = [re.match(r"\d{1,10}(?=\.)", name[len(EVENTS):]) for name in names(folder)]
    return max([int(time.time())] + [int(found.group()) + 1 for found in times if found])


def _cannot_write(folder, error):
    return WriteError(f"cannot write TensorBoard's events in {folder} ({reason(error)})")


def _truncate(path, step, belongs):
    """Drops the events after a step, and a torn last record.

    Where there is damage in the midst of it, what can be read is kept and the whole file, too,
    under a name that TensorBoard does not read.
    """
    with files.opened(path) as file:
        content = file.read()
    found, damaged = records.split(path, content)
    kept = []
    for record in found:
        event = records.event_of(record)
        if event.step <= step and belongs(event):
            kept.append(record)
    if damaged:
        aside = _aside(path)
        with files.atomic(aside) as file:
            file.write(content)
        console.say(f"{path} is damaged: everything readable is kept, and the damaged file is "
                    f"saved as {aside}.")
    if sum(map(len, kept)) < len(content):
        with files.atomic(path) as file:
            file.writelines(kept)


def _aside(path):
    """The first free name for a damaged event file: damaged-1.TIME..."""
    folder, name = os.path.split(path)
    names = (os.path.join(folder, f"damaged-{number}.{name[len(EVENTS):]}")
             for number in itertools.count(1))
    return next(aside for aside in names if not os.path.lexists(aside))


def names(folder):
    """A run's event files, oldest first."""
    return sorted(name for name in os.listdir(folder) if name.startswith(EVENTS))
