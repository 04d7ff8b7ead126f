"""One of several workers that train one run: its server, and how they begin and end together."""

import contextlib
import json
import os

import numpy as np

from tf1gan.compat import hold_back_stderr, tf
from tf1gan.errors import UserError, reason
from tf1gan.machines import collectives
from tf1gan.machines.peers import Peers

_LEADER = "/job:worker/replica:0/task:0"
_LENGTHS, _MEETING, _PARTING, _PARTED = range(1, 5)     # keys of reductions


def configured(config, cluster):
    """A ConfigProto for the Sessions of a worker, of one for any."""
    config.experimental.collective_group_leader = _LEADER
    config.device_filters.append(f"/job:worker/task:{cluster.index}")
    config.isolate_session_state = True
    # A worker's graph is rewritten twice, and what the first time fuses has no bfloat16.
    rewrites = config.graph_options.rewrite_options
    if getattr(rewrites, "auto_mixed_precision_onednn_bfloat16", None) == type(rewrites).ON:
        rewrites.remapping = type(rewrites).OFF
    return config


class Worker:
    """This process among the others."""

    def __init__(self, cluster, config):
        """Starts the server, by a ConfigProto as `configured` gives it.

        Raises UserError where it cannot be started.
        """
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")     # before gRPC's first use: it says
        os.environ.setdefault("grpc_proxy", "")             # nothing, and takes no proxy
        self.cluster = cluster
        host = cluster.hosts[cluster.index]
        try:
            with hold_back_stderr(shown=False):
                self._server = tf.train.Server(
                    {"worker": list(cluster.hosts)}, job_name="worker",
                    task_index=cluster.index, config=config)
        except tf.errors.OpError as error:
            raise UserError(f"cannot listen on port {host.rsplit(':', 1)[1]} as "
                            f"{cluster.who(cluster.index)} ({reason(error)}): another process "
                            "uses it, perhaps this worker, started before; end that one, or name "
                            "another port in TF_CONFIG") from error
        self.target = self._server.target       # for a tf.Session
        self._config = config
        self._reductions = {}       # by key: (a Session, what is fed, what is fetched)
        self._peers = Peers(cluster)
        self.working = self._peers.working

    def meet(self, facts, wait):
        """Waits for all workers, so many seconds, and compares what must be the same of them.

        `facts` is a dict of it, by words that name it. Raises UserError where one does not come, or
        something differs.
        """
        self._peers.wait(wait)
        said = json.dumps(facts).encode()
        room = int(self._gather(np.array([len(said)], np.int32), _LENGTHS).max())
        row = np.frombuffer(said.ljust(room), np.uint8).astype(np.int32)
        every = [json.loads(bytes(bytearray(row.astype(np.uint8))).decode())
                 for row in self._gather(row, _MEETING)]
        # A stranger who asks worker 0 later spoils what has not been computed once.
        for key in (_PARTING, _PARTED):
            self._gather(np.zeros(1, np.int32), key)
        self._peers.met = True
        for index, theirs in enumerate(every):
            differing = [name for name in every[0] if theirs.get(name) != every[0][name]]
            if differing:
                raise UserError("; ".join(
                    f"{name} is {theirs.get(name)} on {self.cluster.who(index)}, {every[0][name]} "
                    f"on {self.cluster.who(0)}" for name in differing[:3])
                    + ": give the same command, data and versions on every machine")

    def part(self):
        """Waits until all have done what they have to.

        Raises UserError where one did not come to its end.
        """
        self._gather(np.zeros(1, np.int32), _PARTING)
        self._peers.leave()
        # Whoever comes here knows that all have; some may have left already.
        with contextlib.suppress(tf.errors.OpError):
            self._run(np.zeros(1, np.int32), _PARTED)

    def leave(self):
        self._peers.leave()
        for session, *_ in self._reductions.values():
            session.close()

    def _gather(self, row, key):
        with self.working():
            return self._run(row, key)

    def _run(self, row, key):
        """Everyone's row [workers, n] of each worker's own [n]."""
        cluster = self.cluster
        rows = np.zeros((cluster.size,) + row.shape, row.dtype)
        rows[cluster.index] = row
        if key not in self._reductions:
            with tf.Graph().as_default():
                fed = tf.placeholder(row.dtype, rows.shape)
                of = collectives.Group(cluster.size, cluster.index, iter(()), [])
                total = collectives.reduce(of, fed, "Id", key)
                self._reductions[key] = (tf.Session(self.target, config=self._config), fed, total)
        session, fed, total = self._reductions[key]
        return session.run(total, {fed: rows})
