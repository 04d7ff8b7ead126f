"""What the workers compute together: sums and means over all of them, in the graph.

Each worker has its own graph and Session and takes its rows of every batch; TensorFlow's own
ring all-reduce (CollectiveReduce) joins them. All workers build the same graph, so that a
reduction has the same key on each.
"""

import hashlib
from typing import Iterator, List, NamedTuple

import numpy as np

from tf1gan.compat import tf

GROUP_KEY = 1               # all workers
FIRST_KEY = 16              # of the model's reductions; those below are worker.py's own
PIECE = 2 ** 22             # bytes of gradients that are enough for a reduction of their own


class Group(NamedTuple):
    """The workers, as the graph of one of them knows them."""
    size: int
    index: int
    keys: Iterator[int]     # one for each reduction
    made: List[str]         # what has been made, in words

    def digest(self):
        """Of all reductions: the same on workers that can work together."""
        return hashlib.sha256("\n".join(self.made).encode()).hexdigest()[:16]


def mean(of, x):
    """The mean of a tensor over all workers, which have it in the same shape.

    The loss is the mean of the workers' own, and so the gradient of a mean over workers is the
    mean of their gradients.
    """
    return _differentiable(of, x, "Div")


def gathered(of, x):
    """Each worker's tensor: [workers] + the shape of x."""
    place = np.zeros([of.size] + [1] * len(x.shape), x.dtype.as_numpy_dtype)
    place[of.index] = 1
    return _differentiable(of, place * x[None], "Id")


def _differentiable(of, x, final):
    @tf.custom_gradient
    def reduced(x):
        return reduce(of, x, final), lambda dy: _differentiable(of, dy, final)
    return reduced(x)


def reduce(of, x, final="Div", key=None):
    """The mean ("Div") or the sum ("Id") of a tensor over all workers."""
    key = next(of.keys) if key is None else key
    of.made.append(f"{key} {x.dtype.name} {x.shape} {final}")
    with tf.name_scope("reduction"):
        return tf.raw_ops.CollectiveReduce(
            input=x, group_size=of.size, group_key=GROUP_KEY, instance_key=key,
            merge_op="Add", final_op=final, subdiv_offsets=[0])


def averaged(of, gradients):
    """(gradient, variable) pairs with each gradient's mean over all workers.

    They are reduced in a few large pieces, those of the last layers first: a pass back comes to
    them first, and goes on while they are reduced.
    """
    result, piece = {}, []
    for number, (gradient, _) in reversed(list(enumerate(gradients))):
        piece.append((number, gradient))
        if sum(4 * each.shape.num_elements() for _, each in piece) >= PIECE or not number:
            result.update(_reduced_together(of, piece))
            piece = []
    return [(result[number], variable) for number, (_, variable) in enumerate(gradients)]


def _reduced_together(of, piece):
    """{number: mean} of (number, gradient) pairs, by one reduction."""
    with tf.name_scope("piece"):
        flat = [tf.reshape(gradient, [-1]) for _, gradient in piece]
        sizes = [each.shape.num_elements() for each in flat]
        means = tf.split(reduce(of, tf.concat(flat, 0) if len(flat) > 1 else flat[0]), sizes)
        return {number: tf.reshape(each, gradient.shape)
                for (number, gradient), each in zip(piece, means)}
