"""Several iterations in one run of the graph, for models so small that each run's own cost counts.

There are two ways, with the same results but for rounding. As a loop in the graph, TensorFlow runs
its operations one by one, each on one thread, and an iteration begins while the one before it ends.
Compiled (by XLA, on TensorFlow 2), they are one function, in which no operation has a cost of its
own and a product is divided among all threads. Which one is faster depends on the processor.
"""

from __future__ import annotations

import itertools
from typing import Any, Callable, NamedTuple, Optional

import numpy as np

from tf1gan import strategy
from tf1gan.compat import compiled, tf
from tf1gan.graph.iteration import Seen, unpacked
from tf1gan.images import PIXELS
from tf1gan.models import COMPILED, NOISE_SIZE

SCOPE = "iterations"        # of all of this
UNROLLED = 3                # iterations in one pass of the loop in the graph


class Iterations(NamedTuple):
    """Feed as many batches as iterations are wanted; each is like one run of `train_op` with
    its batch. The rows of a batch are fixed: `batch_size` for every update made.

    On TensorFlow 2 building it starts TensorFlow's threads, as many for an operation as there
    are CPUs. `compat.open_first_session`, called before, has it start those of a ConfigProto.
    """
    x_real: tf.Tensor               # [iterations, rows, 784]
    z_noise: tf.Tensor              # [iterations, rows, 100]
    z_noise_g: Optional[tf.Tensor]
    seen: Seen                      # [iterations] each
    signals: tf.Tensor              # [iterations, n], as GANGraph.signals


def iterations(settings, way, iterate_on, seeds_of):
    """Iterations of the batches that are fed, one after another.

    Args:
      way: one of models.WAYS.
      iterate_on: (batches, next_seed=None) -> (op, what they saw), as iteration.iterate.
      seeds_of: (iterations of the run, an array, the number of a pass) -> their layers.Seed.
    """
    of_all = strategy.of_graph()
    own_rows = settings.batch_size // of_all.size

    def placeholder(name, rows, width):
        return tf.placeholder(tf.float32, [None, own_rows * rows, width], name=name)

    fed = (placeholder("x_real", settings.d_steps, PIXELS),
           placeholder("z_noise", settings.noise_batches, NOISE_SIZE),
           placeholder("z_noise_g", settings.g_steps, NOISE_SIZE)
           if settings.model.fresh_noise else None)
    if way == COMPILED:
        seen = _compiled(settings.iterations_per_run, iterate_on, seeds_of, fed)
    else:
        seen = _loop(iterate_on, fed, len(Seen._fields) + of_all.signals)
    return Iterations(*fed, *unpacked(seen))


def _loop(iterate_on, fed, numbers):
    """What so many iterations see as there are batches, [iterations, numbers]."""
    count = tf.shape(fed[0])[0]

    def loop(length, done, seen):
        """As many iterations as can be done by so many at a time."""
        def body(done, seen):
            op, each = iterate_on([_of(fed, done + number) for number in range(length)])
            with tf.control_dependencies([op]):
                for number, saw in enumerate(each):
                    seen = seen.write(done + number, saw)
                return done + length, seen
        return tf.while_loop(lambda done, seen: done + length <= count, body, (done, seen),
                             parallel_iterations=1)

    # Within one pass of the loop, an iteration begins while the one before it ends.
    done, seen = 0, tf.TensorArray(tf.float32, count, element_shape=[numbers])
    for length in sorted({UNROLLED, 1}, reverse=True):
        done, seen = loop(length, done, seen)
    return seen.stack()


def _of(fed, at):
    return [None if part is None else part[at] for part in fed]


# -- Compiled ----------------------------------------------------------------------------------

def _compiled(most, iterate_on, seeds_of, fed):
    """The same by a function of `most` iterations, of which as many are done as there are batches.

    A stretch of 7 iterations and one of 20 run the same code. What is random is drawn before, by
    the same operations as in a loop: XLA draws more slowly, and other numbers unless it is told.
    """
    count = tf.shape(fed[0])[0]
    with tf.control_dependencies([tf.debugging.assert_less_equal(
            count, most, message=f"more than {most} iterations in one run")]):
        count = tf.identity(count)
    scope = tf.get_default_graph().get_name_scope() + "/drawn/"

    def iterations(count, *fed):
        def body(at, seen):
            passes = itertools.count()
            op, (saw,) = iterate_on([_of(fed, at)], next_seed=lambda: _Drawn(
                seeds_of, next(passes), most, at, scope))
            with tf.control_dependencies([op]):
                return at + 1, tf.tensor_scatter_nd_update(seen, [[at]], [saw])
        with tf.name_scope(SCOPE):
            return tf.while_loop(lambda at, _: at < count, body,
                                 (0, tf.zeros([most, len(Seen._fields)])))[1]
    return compiled(iterations)(count, *[_filled_up(part, count, most) for part in fed])[:count]


def _filled_up(part, count, most):
    """A tensor [count, ...] with zeros behind it, [most, ...]."""
    if part is None:
        return None
    filled = tf.cond(tf.equal(count, most), lambda: part,
                     lambda: tf.pad(part, [[0, most - count], [0, 0], [0, 0]]))
    filled.set_shape([most] + part.shape.as_list()[1:])
    return filled


class _Drawn(NamedTuple):
    """In a compiled function, what a layers.Seed of one pass draws in an iteration."""
    seeds_of: Callable          # as `iterations` is given it
    number: int                 # of the pass
    most: int
    at: Any                     # which iteration this is
    scope: str                  # of what is drawn

    def bits(self, layer, x):
        return self._own(x.shape, lambda seeds, like: seeds.bits(layer, like))

    def shares(self, x):
        return self._own([x.shape[0], 1], lambda seeds, like: seeds.shares(like))

    def _own(self, shape, draw):
        """Draws that of all iterations in the graph that calls the function, and takes its own."""
        with tf.init_scope(), tf.name_scope(self.scope):
            drawn = draw(self.seeds_of(np.arange(self.most), self.number), tf.zeros(shape))
            drawn.set_shape([self.most] + tf.TensorShape(shape).as_list())
        return drawn[self.at]
