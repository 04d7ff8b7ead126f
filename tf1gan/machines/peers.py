"""Whether the other workers are there, as their servers answer.

A worker that has been killed makes a reduction fail; one that is stopped, or whose network is
gone, makes it wait for ever. So a thread for each of them asks its server again and again.
"""

import contextlib
import os
import signal
import threading
import time

from tf1gan import console
from tf1gan.compat import tf
from tf1gan.errors import UserError, reason

ASK_EVERY = 0.5         # seconds
ASK_FOR = 1.0           # seconds that one question waits
PATIENCE = 4.0          # seconds after which a worker that has not answered is gone
SHORT_PATIENCE = 2.0    # the same, where something has failed already
LINGER = 1.0            # seconds in which the others, too, see who went first
LAUNCHER = "TF1GAN_LAUNCHER"    # the process that a worker ends with, where it has one

GOES_ON = ("give the same commands again on every machine, and training continues from the last "
           "checkpoint")


class Peers:
    """The other workers of a Cluster."""

    def __init__(self, cluster):
        self._cluster = cluster
        self.met = False                # whether they have computed together
        self._to_meet = None            # (by when they have to, in how many seconds)
        self._there = {index: threading.Event() for index in cluster.others}
        self._wrong = []                # lines that say what cannot be
        self._lost = []                 # indices, the first that was lost first
        self._working_since = None      # when this worker began to wait for the others' parts
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._follow, args=(index,), daemon=True)
                         for index in cluster.others]
        self._threads.append(threading.Thread(target=self._watch, daemon=True))
        for thread in self._threads:
            thread.start()

    def wait(self, seconds):
        """Waits until all are there, and says for whom.

        Raises UserError where they are not after so many seconds, or one is not who it should be.
        """
        end, said = time.monotonic() + seconds, None
        while True:
            if self._wrong:
                raise UserError(self._wrong[0])
            missing = [index for index, there in self._there.items() if not there.is_set()]
            if not missing:
                self._to_meet = time.monotonic() + seconds, seconds
                return
            names = self._names(missing)
            if time.monotonic() > end:
                raise UserError(f"{names} did not answer within {seconds:g} seconds: start the "
                                "same command there, check TF_CONFIG and the firewall, or wait "
                                "longer with --wait")
            # Who comes at once is not worth a line.
            if names != said and time.monotonic() > end - seconds + 2:
                console.say(f"Waiting for {names}.")
                said = names
            time.sleep(0.05)

    @contextlib.contextmanager
    def working(self):
        """Around what needs all of them: a Session.run with a reduction in it.

        Raises UserError where one is gone.
        """
        if self._lost:
            raise self._ended(self._lost)
        self._working_since = time.monotonic()
        try:
            yield
        except tf.errors.OpError as error:
            self._working_since = None
            if not self.met:
                time.sleep(PATIENCE)        # else who has not found this worker yet never does
            lost = self._lost or self._silent()
            if not lost:
                raise UserError("the workers could not compute together "
                                f"({reason(error)[:200]}): {self._remedy()}; none of them may be "
                                "training another run") from error
            raise self._ended(lost) from error
        finally:
            self._working_since = None

    def leave(self):
        """From now on nobody is missed. No process can end well while a thread still asks."""
        self._over.set()
        for thread in self._threads:
            thread.join(2 * SHORT_PATIENCE)

    def _follow(self, index):
        """Asks one of them, from when it is first there to when it is no longer."""
        session = None
        while session is None and not self._over.is_set():
            session = self._greet(index)
        self._there[index].set()
        failing = None      # since when: this thread, too, may not have got to ask for long
        while not self._over.wait(ASK_EVERY):
            asked = time.monotonic()
            try:
                session.list_devices()
                failing = None
            except tf.errors.OpError:
                # This process may have been stopped meanwhile, and all that time is not theirs.
                now = time.monotonic()
                failing = failing or max(asked, now - ASK_FOR)
                if now > failing + PATIENCE:
                    self._lost.append(index)
                    return

    def _greet(self, index):
        """A Session of its server, or None while there is none."""
        try:
            session = self._session(index, ASK_FOR)
            devices = " ".join(device.name for device in session.list_devices())
        except tf.errors.OpError:
            time.sleep(0.1)
            return None
        if f"/task:{index}/" not in devices:
            self._wrong.append(
                f"another worker answers at the address of {self._cluster.who(index)}: in "
                "TF_CONFIG, give each machine an \"index\" of its own and the same list of workers")
        return session

    def _session(self, index, patience):
        config = tf.ConfigProto(operation_timeout_in_ms=int(patience * 1000))
        config.device_filters.append("/job:nobody")   # its own devices are all that it lists
        return tf.Session("grpc://" + self._cluster.hosts[index], graph=tf.Graph(), config=config)

    def _watch(self):
        """Ends the process where it would wait for ever: for one that is gone, for a launcher."""
        launcher = os.environ.get(LAUNCHER)
        while not self._over.wait(0.2):
            if launcher and str(os.getppid()) != launcher:
                launcher = None
                os.kill(os.getpid(), signal.SIGTERM)
            since = self._working_since
            if since and self._to_meet and not self.met and time.monotonic() > self._to_meet[0]:
                console.give_up(
                    f"{self._names(self._cluster.others)} answered, but did not begin in "
                    f"{self._to_meet[1]:g} seconds: check TF_CONFIG there, and that no other run "
                    "is being trained")
            if self._lost and since and time.monotonic() - since > SHORT_PATIENCE:
                time.sleep(0.5)                     # it may be failing by itself
                if self._working_since == since:
                    line = str(self._ended(self._lost))
                    if self._working_since == since:
                        console.give_up(line)

    def _silent(self):
        """Which of them do not answer now. No answer in time is none, however late it would be."""
        answered, threads = [], []

        def ask(index):
            try:
                self._session(index, SHORT_PATIENCE).list_devices()
                answered.append(index)
            except tf.errors.OpError:
                pass
        for index in self._cluster.others:
            threads.append(threading.Thread(target=ask, args=(index,), daemon=True))
            threads[-1].start()
        for thread in threads:
            thread.join(SHORT_PATIENCE + 1)
        return self._lost or sorted(set(self._cluster.others) - set(answered))

    def _ended(self, lost):
        """The UserError of it. Takes a moment, in which the others see the same."""
        time.sleep(LINGER)
        names = self._names(lost[:1] if lost is self._lost else lost)
        return UserError(f"{names} {'has' if ' and ' not in names else 'have'} ended or cannot be "
                         f"reached: {self._remedy()}")

    def _remedy(self):
        if self.met:
            return GOES_ON
        return (f"{GOES_ON}; if they have another version of TensorFlow than {tf.__version__}, "
                "install the same one")

    def _names(self, indices):
        return " and ".join(map(self._cluster.who, indices))
