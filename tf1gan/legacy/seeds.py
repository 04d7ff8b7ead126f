"""Seeds of operations as TensorFlow 1.15 derived them from the graph's.

With `tf.set_random_seed(7)`, an operation without a seed of its own took the number of operations
that the graph had by then; TensorFlow 2 counts 0, 1, 2, ... instead. The same script then draws
the same weights and noise again, as long as the graph has as many operations as 1.15 gave it.
"""

from tf1gan.legacy.refusal import own_line

_LARGEST = 2 ** 31 - 1

# Calls that expand into another number of operations than in 1.15 and are not rebuilt here: the
# seed of whatever is drawn after them differs.
CHANGED = {}


class Seeds:
    """What stands in for `get_seed` in TensorFlow's own modules."""

    def __init__(self, say):
        self._say, self._counts_differ = say, None

    def restore(self):
        """Dropped by TensorFlow 2.0."""
        from tensorflow.python.framework import random_seed
        self._today = random_seed.get_seed
        random_seed.get_seed = self.get_seed

    def get_seed(self, op_seed):
        """(seed of the graph, seed of the operation), as an operation takes them."""
        from tensorflow.python.eager import context
        from tensorflow.python.framework import ops
        graph = ops.get_default_graph()
        if op_seed is not None or context.executing_eagerly() or graph.seed is None:
            return self._today(op_seed)
        if self._counts_differ:
            self._say(self._counts_differ)
            self._counts_differ = None
        seeds = graph.seed % _LARGEST, count(graph) % _LARGEST
        return (0, _LARGEST) if seeds == (0, 0) else seeds      # (0, 0) means no seed

    def differ_from_here(self, what):
        """Notes that the graph has other operations than 1.15's; said if it comes to matter."""
        if self._counts_differ is None:
            self._counts_differ = (
                f"{own_line()}: {what} makes another number of operations than on 1.15, so what "
                "is drawn without a seed of its own after it differs from 1.15's")


def count(graph):
    """How many operations a graph has."""
    return len(graph.get_operations())
