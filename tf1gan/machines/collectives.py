"""What the workers compute together: means over all of them, in the graph.

Each worker has its own graph and Session and takes its rows of every batch; TensorFlow's own
ring all-reduce (CollectiveReduce) joins them. All workers build the same graph, so that a
reduction has the same key on each.

That there are others is noted in a collection of the default graph. Where nothing is noted,
the functions here add nothing to it.
"""

import contextlib
import hashlib
import itertools
from typing import Any, Iterator, List, NamedTuple

import numpy as np

from tf1gan.compat import tf

GROUP_KEY = 1               # all workers
FIRST_KEY = 16              # of the model's reductions; those below are worker.py's own
PIECE = 2 ** 22             # bytes of gradients that are enough for a reduction of their own
SIGNALS = 2                 # Ctrl-C and SIGTERM
_COLLECTION = "tf1gan_workers"


class Group(NamedTuple):
    """The workers, as the graph of one of them knows them."""
    size: int
    index: int
    keys: Iterator[int]     # one for each reduction
    made: List[str]         # what has been made, in words
    signalled: Any          # float32 [SIGNALS]: to be fed, 1 where this worker has been sent one

    def digest(self):
        """Of all reductions: the same on workers that can work together."""
        return hashlib.sha256("\n".join(self.made).encode()).hexdigest()[:16]


def begin(size, index, first_key=FIRST_KEY):
    """Notes in the default graph that it is that of one worker of several.

    Args:
      first_key: of its reductions; each graph of a process takes keys of its own.
    """
    with tf.name_scope("workers"):
        signalled = tf.placeholder_with_default(np.zeros(SIGNALS, np.float32), [SIGNALS],
                                                name="signalled")
    tf.add_to_collection(_COLLECTION,
                         Group(size, index, itertools.count(first_key), [], signalled))


def group():
    """The Group of the default graph, or None."""
    found = tf.get_collection(_COLLECTION)
    return found[0] if found else None


@contextlib.contextmanager
def alone():
    """What is built herein is computed by one worker alone, of a whole batch."""
    noted = tf.get_collection_ref(_COLLECTION)
    kept = list(noted)
    del noted[:]
    try:
        yield
    finally:
        noted[:] = kept


# -- Sums and means --------------------------------------------------------------------------

def mean(x):
    """The mean of a tensor over all workers, which have it in the same shape.

    The loss is the mean of the workers' own, and so the gradient of a mean over workers is the
    mean of their gradients.
    """
    return _differentiable(x, "Div")


def gathered(x):
    """Each worker's tensor: [workers] + the shape of x."""
    of = group()
    place = np.zeros([of.size] + [1] * len(x.shape), x.dtype.as_numpy_dtype)
    place[of.index] = 1
    return _differentiable(place * x[None], "Id")


def _differentiable(x, final):
    @tf.custom_gradient
    def reduced(x):
        return reduce(x, final), lambda dy: _differentiable(dy, final)
    return reduced(x)


def reduce(x, final="Div", key=None, of=None):
    """The mean ("Div") or the sum ("Id") of a tensor over all workers."""
    of = of or group()
    key = next(of.keys) if key is None else key
    of.made.append(f"{key} {x.dtype.name} {x.shape} {final}")
    with tf.name_scope("reduction"):
        return tf.raw_ops.CollectiveReduce(
            input=x, group_size=of.size, group_key=GROUP_KEY, instance_key=key,
            merge_op="Add", final_op=final, subdiv_offsets=[0])


def averaged(gradients):
    """(gradient, variable) pairs with each gradient's mean over all workers.

    They are reduced in a few large pieces, those of the last layers first: a pass back comes to
    them first, and goes on while they are reduced.
    """
    if not group():
        return gradients
    result, piece = {}, []
    for number, (gradient, _) in reversed(list(enumerate(gradients))):
        piece.append((number, gradient))
        if sum(4 * each.shape.num_elements() for _, each in piece) >= PIECE or not number:
            result.update(_reduced_together(piece))
            piece = []
    return [(result[number], variable) for number, (_, variable) in enumerate(gradients)]


def _reduced_together(piece):
    """{number: mean} of (number, gradient) pairs, by one reduction."""
    with tf.name_scope("piece"):
        flat = [tf.reshape(gradient, [-1]) for _, gradient in piece]
        sizes = [each.shape.num_elements() for each in flat]
        means = tf.split(reduce(tf.concat(flat, 0) if len(flat) > 1 else flat[0]), sizes)
        return {number: tf.reshape(each, gradient.shape)
                for (number, gradient), each in zip(piece, means)}


def observed(values):
    """Scalars [n] that an iteration saw: their means, and behind them what signals were sent."""
    of = group()
    return mean(tf.concat([values, of.signalled], 0)) if of else values


# -- Rows ------------------------------------------------------------------------------------

def whole_shape(x):
    """The shape of a tensor, int32, with the rows of a whole batch."""
    of, shape = group(), tf.shape(x)
    return tf.concat([shape[:1] * of.size, shape[1:]], 0) if of else shape


def all_rows(x):
    """How many rows a whole batch has, an int32 scalar."""
    of, rows = group(), tf.shape(x)[0]
    return rows * of.size if of else rows


def own_rows(x):
    """One worker's rows of a tensor that has those of a whole batch."""
    of = group()
    if not of:
        return x
    rows = tf.shape(x)[0] // of.size
    return x[of.index * rows:(of.index + 1) * rows]
