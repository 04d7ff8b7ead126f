"""Who computes a batch: this process alone, or several workers together.

Layers, updates and the loop ask the strategy of their graph, and know nothing else of machines.
That of several workers is `machines.together.Together`, which is loaded where there are any. Here
stands what either can be asked, and what it comes to in a process that is alone: nothing is added
to the graph.
"""

import contextlib

from tf1gan.compat import tf

_COLLECTION = "tf1gan_strategy"


class Alone:
    """One process has all rows of every batch, and the run's files."""
    size, index, leads = 1, 0, True
    target = ""             # of its Sessions
    signals = 0             # how many numbers `observed` adds

    # -- In a graph --------------------------------------------------------------------------

    def begin(self):
        """To be called in each graph, before anything else is built there."""

    def averaged(self, gradients):
        """(gradient, variable) pairs, with the gradient of the whole batch's loss."""
        return gradients

    def observed(self, values):
        """Means of the scalars [n] that an iteration saw, and behind them what signals came."""
        return values

    def whole_shape(self, x):
        """The shape of a tensor, int32, with the rows of a whole batch."""
        return tf.shape(x)

    def all_rows(self, x):
        """How many rows a whole batch has, an int32 scalar."""
        return tf.shape(x)[0]

    def own_rows(self, x):
        """This process's rows of a tensor that has those of a whole batch."""
        return x

    def normalized(self, x, scale, offset, epsilon):
        """A batch normalized by its own statistics.

        Args:
          x: float32 [rows, channels] or [rows, side, side, channels].
          scale, offset: tensors [channels].

        Returns:
          (tensor like `x`, the mean and the variance of each channel, as tf.layers keeps them).
        """
        if len(x.shape) == 4:
            return tf.nn.fused_batch_norm(x, scale, offset, epsilon=epsilon)
        mean, variance = tf.nn.moments(x, [0])
        return (tf.nn.batch_normalization(x, mean, variance, offset, scale, epsilon), mean,
                variance)

    def sharing(self, variables, words):
        """A function (session, so many numbers) that gives all processes worker 0's variables.

        It returns the numbers that worker 0 gave.
        """
        return lambda session, numbers: numbers

    # -- In a process ------------------------------------------------------------------------

    def configured(self, config):
        """A ConfigProto for the Sessions of this process, of one for any."""
        return config

    def joined(self, config, facts, wait):
        """A context in which all processes are there, and train the same.

        Args:
          config: as `configured` gives it.
          facts: a dict of what must be the same on all of them, by words that name it.
          wait: seconds to wait for them.

        Raises:
          UserError: one does not come, or something differs.
        """
        return contextlib.nullcontext()

    def working(self):
        """A context for a Session.run that takes all processes. UserError: one is lost."""
        return contextlib.nullcontext()

    def agreed(self, received):
        """The list in which a signal stands that all know of, of that of this process's own."""
        return received

    def feeds(self, received):
        """What an iteration is fed beside its batch."""
        return {}

    def told(self, signals):
        """The signals that any process was sent, of `observed`'s last numbers."""
        return []


ALONE = Alone()


def note(strategy):
    """Notes in the default graph whose it is. Where nothing is noted it is one process's."""
    tf.add_to_collection(_COLLECTION, strategy)
    strategy.begin()


def of_graph():
    """The strategy of the default graph."""
    found = tf.get_collection(_COLLECTION)
    return found[0] if found else ALONE


@contextlib.contextmanager
def alone():
    """What is built herein is computed by one process alone, of a whole batch."""
    noted = tf.get_collection_ref(_COLLECTION)
    kept = list(noted)
    del noted[:]
    try:
        yield
    finally:
        noted[:] = kept
