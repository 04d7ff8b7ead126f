"""Iterations of a small model as one compiled function (XLA), in which no operation has a cost of
its own.

The function is of a fixed number of iterations, of which as many are done as there are batches:
a stretch of 7 and one of 20 run the same code. What the iterations draw is drawn before, by the
same operations as in an iteration that is not compiled: XLA would draw other numbers.
"""

import functools
import itertools

from tf1gan import layers
from tf1gan.compat import compiled, tf
from tf1gan.machines import collectives

LARGEST = 256       # images in a batch, up to which compiled code on one thread is the faster


def helps(recipe):
    """Whether iterations can be compiled here, and are then the faster."""
    return (recipe.batch_size <= LARGEST and not recipe.bfloat16 and not collectives.group()
            and _can_compile())


@functools.lru_cache(maxsize=None)
def _can_compile():
    """Whether this TensorFlow has been built with a compiler for this machine."""
    double = compiled(lambda x: x + x)
    if double is None:
        return False
    with tf.Graph().as_default(), tf.Session() as session:
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
        count = tf.identity(count)

    def iterations(count, *parts):
        def body(at, seen):
            batch = [None if part is None else part[at] for part in parts]
            op, (saw,) = iterate_on([batch], next_seed=_drawn_before(
                recipe, seed, first, most, count_outside, at))
            with tf.control_dependencies([op]):
                return at + 1, tf.tensor_scatter_nd_update(seen, [[at]], [saw])
        return tf.while_loop(lambda at, _: at < count, body, (0, tf.zeros([most, 4])))[1]
    count_outside = count
    return compiled(iterations)(count, *[_filled_up(part, count, most) for part in fed])[:count]


def _filled_up(part, count, most):
    """A tensor [count, ...] with zeros behind it, [most, ...]."""
    if part is None:
        return None
    filled = tf.pad(part, [[0, most - count], [0, 0], [0, 0]])
    filled.set_shape([most] + part.shape.as_list()[1:])
    return filled


def _drawn_before(recipe, seed, first, most, count, at):
    """A function that gives each pass of an iteration what its layers.Seed would draw."""
    passes = itertools.count()
    return lambda: _Drawn(recipe, seed, first, most, count, at, next(passes))


class _Drawn:
    """In a compiled function, what a layers.Seed of one pass gives in all iterations."""

    def __init__(self, recipe, seed, first, most, count, at, number):
        self._rows = recipe.batch_size
        self._seed = lambda done: layers.mask_seed(seed, first + tf.cast(done, tf.int64), number)
        self._most, self._count, self._at = most, count, at

    def bits(self, layer, x):
        return self._all(tf.int16, [self._rows] + x.shape.as_list()[1:],
                         lambda seed, like: seed.bits(layer, like))

    def shares(self, x):
        return self._all(tf.float32, [self._rows, 1], lambda seed, like: seed.shares(like))

    def _all(self, kind, shape, draw):
        with tf.init_scope():       # in the graph from which the function is called
            like = tf.zeros(shape)

            def body(done, drawn):
                return done + 1, drawn.write(done, draw(self._seed(done), like))
            _, drawn = tf.while_loop(
                lambda done, _: done < self._count, body,
                (0, tf.TensorArray(kind, self._most, element_shape=shape)))
            drawn = drawn.stack()
        return drawn[self._at]
