"""Seeds of operations as TensorFlow 1.15 derived them from the graph's.

With `tf.set_random_seed(7)`, an operation without a seed of its own took the number of operations
that the graph had by then; TensorFlow 2.0 counts 0, 1, 2, ... instead. The same script draws the
same weights and noise again, as long as it is known how many operations 1.15 would have made:
`expansions` lists the calls that made more or fewer of them.
"""

import weakref

from tf1gan.legacy.api.numpy_numbers import whole
from tf1gan.legacy.refusal import own_line

_LARGEST = 2 ** 31 - 1


class Seeds:
    """What stands in for `get_seed` in TensorFlow's own modules."""

    def __init__(self, say):
        self._say = say
        self._more = weakref.WeakKeyDictionary()        # graph -> operations that 1.15 made, too
        self._inexact = weakref.WeakKeyDictionary()     # graph -> since which line; "" once said
        self._drawn_otherwise = set()                   # what has been said

    def restore(self):
        from tensorflow.python.framework import random_seed
        self._today = random_seed.get_seed
        random_seed.get_seed = self.get_seed

    def get_seed(self, op_seed):
        """(seed of the graph, seed of the operation), as an operation takes them."""
        from tensorflow.python.eager import context
        from tensorflow.python.framework import ops
        graph, op_seed = ops.get_default_graph(), whole(op_seed)
        graph.seed = whole(graph.seed)
        if op_seed is not None or context.executing_eagerly() or graph.seed is None:
            return self._today(op_seed)
        if self._inexact.get(graph):
            self._say(f"{self._inexact[graph]} makes another number of operations than on 1.15: "
                      f"what {own_line()} draws by the graph's seed, and all after it, are other "
                      "numbers than 1.15's")
            self._inexact[graph] = ""
        seeds = graph.seed % _LARGEST, self.count() % _LARGEST
        return (0, _LARGEST) if seeds == (0, 0) else seeds      # (0, 0) means no seed

    def count(self):
        """How many operations 1.15 would have made in the default graph by now."""
        from tensorflow.python.framework import ops
        graph = ops.get_default_graph()
        return len(graph.get_operations()) + self._more.get(graph, 0)

    def count_more(self, operations):
        """Notes that 1.15 would have made so many operations more in the default graph."""
        from tensorflow.python.framework import ops
        graph = ops.get_default_graph()
        self._more[graph] = self._more.get(graph, 0) + operations

    def inexact_from_here(self, what):
        """Notes that the count is unknown from here on; said if something is drawn by it.

        Of a graph it is said once: of the first such call, and the first draw after it.
        """
        from tensorflow.python.framework import ops
        self._inexact.setdefault(ops.get_default_graph(), f"{own_line()}: {what}")

    def noted(self):
        """What `inexact_from_here` has noted of the default graph, or None."""
        from tensorflow.python.framework import ops
        return self._inexact.get(ops.get_default_graph())

    def of_a_whole(self, before, what):
        """Has what the parts of a call have noted be the call's own, which the script names.

        Args:
          before: what was `noted` when it began.
          what: the call; None if its count is known, whatever its parts have noted.
        """
        from tensorflow.python.framework import ops
        if before is None and self.noted():         # and not said yet
            del self._inexact[ops.get_default_graph()]
            if what:
                self.inexact_from_here(what)

    def draws_otherwise(self, what):
        """Says, once, that an operation draws other numbers from the same seeds."""
        if what not in self._drawn_otherwise:
            self._drawn_otherwise.add(what)
            self._say(f"{own_line()}: {what} draws other numbers than on 1.15, whatever its seed")
