"""Iterations of a small model as one compiled function (XLA), in which no operation has a cost of
its own.

The function is of a fixed number of iterations, of which as many are done as there are batches:
a stretch of 7 and one of 20 run the same code. What the iterations draw is drawn before, by the
same operations as in an iteration that is not compiled: XLA would draw other numbers.
"""

from __future__ import annotations

import functools
import itertools
from typing import Callable, NamedTuple

from tf1gan import layers
from tf1gan.compat import compiled, tf

WANTED = True       # else iterations are never compiled
LARGEST = 256       # images in a batch: with more, it is the products that take the time


def helps(recipe):
    """Whether iterations by one process can be compiled here, and are then the faster."""
    return (WANTED and recipe.model.iterations_per_run > 1 and recipe.batch_size <= LARGEST
            and not recipe.bfloat16 and _can_compile())


@functools.lru_cache(maxsize=None)
def _can_compile():
    """Whether this TensorFlow has been built with a compiler for this machine."""
    double = compiled(lambda x: x + x)
    if double is None:
        return False
    processor = tf.ConfigProto(device_count={"GPU": 0})     # whose memory is left alone
    with tf.Graph().as_default(), tf.Session(config=processor) as session:
        try:
            return session.run(double(tf.constant(1.0))) == 2.0
        except tf.errors.OpError:
            return False


def loop(recipe, seed, global_step, iterate_on, fed):
    """What so many iterations see as there are batches, [iterations, 4].

    Args:
      iterate_on: (batches, next_seed) -> (op, what they saw), as iteration.iterate.
      fed: (x_real, z_noise, z_noise_g or None), each [iterations, rows, width].
    """
    most, first = recipe.model.iterations_per_run, tf.convert_to_tensor(global_step)
    count = tf.shape(fed[0])[0]
    with tf.control_dependencies([tf.debugging.assert_less_equal(
            count, most, message=f"more than {most} iterations in one run")]):
        count = to_draw = tf.identity(count)
    scope = tf.get_default_graph().get_name_scope() + "/drawn/"

    def iterations(count, *parts):
        def body(at, seen):
            passes = itertools.count()

            def next_seed():
                number = next(passes)
                return _Drawn(lambda done: layers.mask_seed(
                    seed, first + tf.cast(done, tf.int64), number), to_draw, most, at, scope)
            op, (saw,) = iterate_on([[None if part is None else part[at] for part in parts]],
                                    next_seed=next_seed)
            with tf.control_dependencies([op]):
                return at + 1, tf.tensor_scatter_nd_update(seen, [[at]], [saw])
        return tf.while_loop(lambda at, _: at < count, body, (0, tf.zeros([most, 4])))[1]
    return compiled(iterations)(count, *[_filled_up(part, count, most) for part in fed])[:count]


def _filled_up(part, count, most):
    """A tensor [count, ...] with zeros behind it, [most, ...]."""
    if part is None:
        return None
    filled = tf.pad(part, [[0, most - count], [0, 0], [0, 0]])
    filled.set_shape([most] + part.shape.as_list()[1:])
    return filled


class _Drawn(NamedTuple):
    """In a compiled function, what a layers.Seed of one pass would draw in an iteration."""
    seed_of: Callable           # iteration -> layers.Seed
    count: tf.Tensor            # of the iterations
    most: int
    at: tf.Tensor               # which of them this is
    scope: str                  # of what is drawn

    def bits(self, layer, x):
        return self._all(tf.int16, x.shape, lambda seed, like: seed.bits(layer, like))

    def shares(self, x):
        return self._all(tf.float32, [x.shape[0], 1], lambda seed, like: seed.shares(like))

    def _all(self, kind, shape, draw):
        """Draws that of all iterations in the graph that calls the function, and takes its own."""
        with tf.init_scope(), tf.name_scope(self.scope):
            like = tf.zeros(shape)

            def body(done, drawn):
                return done + 1, drawn.write(done, draw(self.seed_of(done), like))
            _, drawn = tf.while_loop(
                lambda done, _: done < self.count, body,
                (0, tf.TensorArray(kind, self.most, element_shape=shape)))
            drawn = drawn.stack()
        return drawn[self.at]
