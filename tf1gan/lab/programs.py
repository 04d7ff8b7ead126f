"""Programs that the lab starts: train.py, and what answers in lines of JSON."""

import contextlib
import json
import subprocess
import sys
import tempfile

from tf1gan import process
from tf1gan.errors import UserError
from tf1gan.lab import turns

TRAIN = ["-m", "tf1gan", "train"]       # there are no scripts where it is installed


def training(flags, **options):
    """A process that does what train.py does with these flags; `options` are subprocess.Popen's."""
    return subprocess.Popen([sys.executable] + TRAIN + flags, stdout=subprocess.PIPE,
                            env=process.of_another_python(), universal_newlines=True, **options)


def last_line(text, otherwise):
    """That of what a program said, which says why it has failed."""
    return (text.strip() or otherwise).splitlines()[-1]


class Lines:
    """A program that is asked and answers in lines of JSON, as turns.Member takes it.

    It is its own pipe and its own process.
    """

    def __init__(self, command):
        self._complaints = tempfile.TemporaryFile()
        with turns.deaf():
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints,
                universal_newlines=True)
        self.kill, self.terminate = self._process.kill, self._process.terminate

    def send(self, asked):
        with contextlib.suppress(OSError):      # it has died, which its answer says
            if asked == turns.STOP:
                self._process.stdin.close()
            else:
                self._process.stdin.write(json.dumps(asked) + "\n")
                self._process.stdin.flush()

    def recv(self):
        """The answer, or a UserError where there is none: with the last line of what it said."""
        line = self._process.stdout.readline()
        if line.endswith("\n"):
            answer = json.loads(line)
            return UserError(answer["error"]) if isinstance(answer, dict) else answer
        status = self._process.wait()
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace")
        return UserError(last_line(said, f"it ended with status {status}"))

    def join(self, patience=None):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
            for file in (self._process.stdin, self._process.stdout, self._complaints):
                with contextlib.suppress(OSError):      # it has died before it took all
                    file.close()

    def is_alive(self):
        return self._process.poll() is None
