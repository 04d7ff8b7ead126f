"""The strategy of one of several workers: see tf1gan.strategy for what it is asked."""

import contextlib
import itertools

import numpy as np

from tf1gan.compat import tf
from tf1gan.machines import collectives, normalization
from tf1gan.machines.worker import Worker, configured
from tf1gan.process import SIGNALS


class Together:
    """This worker has its rows of every batch; worker 0 has the run's files.

    Attributes, beside those of strategy.Alone:
      cluster: Cluster.
      worker: this process among the others, while it is.
    """
    signals = len(SIGNALS)

    def __init__(self, cluster, first_key=collectives.FIRST_KEY, worker=None):
        """first_key: of its reductions; each graph of a process takes keys of its own."""
        self.cluster, self.worker = cluster, worker
        self.size, self.index, self.leads = cluster.size, cluster.index, cluster.index == 0
        self._group = collectives.Group(self.size, self.index, itertools.count(first_key), [])

    # -- In a graph --------------------------------------------------------------------------

    def begin(self):
        with tf.name_scope("workers"):
            # 1 where this worker has been sent one.
            self._signalled = tf.placeholder_with_default(
                np.zeros(self.signals, np.float32), [self.signals], name="signalled")

    def averaged(self, gradients):
        return collectives.averaged(self._group, gradients)

    def observed(self, values):
        return collectives.mean(self._group, tf.concat([values, self._signalled], 0))

    def whole_shape(self, x):
        shape = tf.shape(x)
        return tf.concat([shape[:1] * self.size, shape[1:]], 0)

    def all_rows(self, x):
        return tf.shape(x)[0] * self.size

    def own_rows(self, x):
        rows = tf.shape(x)[0] // self.size
        return x[self.index * rows:(self.index + 1) * rows]

    def normalized(self, x, scale, offset, epsilon):
        return normalization.normalized(self._group, x, scale, offset, epsilon)

    def sharing(self, variables, words):
        return sharing(self._group, variables, words)

    # -- In a process ------------------------------------------------------------------------

    @property
    def target(self):
        return self.worker.target

    def configured(self, config):
        return configured(config, self.cluster)

    @contextlib.contextmanager
    def joined(self, config, facts, wait):
        self.worker = Worker(self.cluster, config)
        try:
            self.worker.meet(self.alike(facts), wait)
            yield
            self.worker.part()
        finally:
            self.worker.leave()

    def alike(self, facts):
        """What must be the same on all workers: `facts`, who they are, and their graphs."""
        return dict({"the list of workers in TF_CONFIG": ", ".join(self.cluster.hosts)}, **facts,
                    **{"the graph": self._group.digest()})

    def working(self):
        return self.worker.working()

    def agreed(self, received):
        return []

    def feeds(self, received):
        return {self._signalled: [float(number in received) for number in SIGNALS]}

    def told(self, signals):
        return [number for number, sent in zip(SIGNALS, signals) if sent]

    @property
    def leader(self):
        """Who has the run's files, in words."""
        return self.cluster.who(0)

    def __str__(self):
        return f"{self.cluster.who(self.index)} of {self.size}"


def sharing(of, variables, words):
    """A function by which worker 0 gives the others its variables, and so many numbers."""
    leads, by_type = of.index == 0, {}
    for variable in variables:
        by_type.setdefault(variable.dtype.base_dtype, []).append(variable)
    with tf.name_scope("sharing"):
        numbers = tf.placeholder_with_default(np.zeros(words), [words], name="words")
        done = [_sent(of, numbers, tf.float64, [words])]
        for dtype, each in by_type.items():
            sizes = [variable.shape.num_elements() for variable in each]
            flat = leads and tf.concat([tf.reshape(variable, [-1]) for variable in each], 0)
            sent = _sent(of, flat, dtype, [sum(sizes)])
            if leads:
                done.append(sent)
            else:
                done += [variable.assign(tf.reshape(part, variable.shape)).op
                         for variable, part in zip(each, tf.split(sent, sizes))]
        with tf.control_dependencies(done):
            said = tf.identity(done[0])
    return lambda session, given: session.run(said, {numbers: given} if leads else {}).tolist()


def _sent(of, value, dtype, shape):
    key = next(of.keys)
    of.made.append(f"{key} {dtype.name} {shape}")
    where = dict(group_size=of.size, group_key=collectives.GROUP_KEY, instance_key=key, shape=shape)
    if of.index == 0:
        return tf.raw_ops.CollectiveBcastSend(input=value, **where)
    return tf.raw_ops.CollectiveBcastRecv(T=dtype, **where)
