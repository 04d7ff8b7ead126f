"""Mixtures of distributions.

They are made of fewer operations than in 1.15. What is drawn without a seed of its own therefore
differs from 1.15's numbers, and a line says so.
"""

from tensorflow.python.framework import tensor_shape
from tensorflow.python.ops.distributions import categorical, distribution, util


def make(given):
    """name -> class."""
    tf, seeds = given.tf, given.seeds

    class Mixture(distribution.Distribution):
        """One of several distributions, which a Categorical draws."""

        def __init__(self, cat, components, validate_args=False, allow_nan_stats=True,
                     use_static_graph=False, name="Mixture"):
            parameters = dict(cat=cat, components=components, validate_args=validate_args,
                              allow_nan_stats=allow_nan_stats,
                              use_static_graph=use_static_graph, name=name)
            if not isinstance(cat, categorical.Categorical):
                raise TypeError(f"cat is {cat}, which is no Categorical")
            if not components or not isinstance(components, (list, tuple)):
                raise (TypeError if components else ValueError)(
                    f"components are {components}: no list or tuple, or nothing in it")
            kinds = {one.dtype for one in components}
            if len(kinds) > 1:
                raise TypeError(f"The components are of several types: {kinds}")
            classes = cat.logits.shape[-1]
            if tensor_shape.dimension_value(classes) != len(components):
                raise ValueError(f"cat chooses among {classes}, and there are {len(components)} "
                                 "components.")
            self._cat, self._parts, self._draws_all = cat, list(components), use_static_graph
            self._shapes = cat.batch_shape, components[0].event_shape
            for one in components:
                self._shapes = (self._shapes[0].merge_with(one.batch_shape),
                                self._shapes[1].merge_with(one.event_shape))
            if self._shapes[1].rank is None:
                raise ValueError("How many axes an event has is known of none of the components.")
            with tf.name_scope(name) as scope:
                pass
            super().__init__(
                components[0].dtype, distribution.NOT_REPARAMETERIZED, validate_args,
                allow_nan_stats, parameters,
                [parent for one in [cat] + self._parts for parent in one._graph_parents], scope)
            seeds.inexact_from_here("tf.contrib.distributions.Mixture")

        cat = property(lambda self: self._cat)
        components = property(lambda self: self._parts)
        num_components = property(lambda self: len(self._parts))

        def _batch_shape(self):
            return self._shapes[0]

        def _event_shape(self):
            return self._shapes[1]

        def _batch_shape_tensor(self):
            return self._cat.batch_shape_tensor()

        def _event_shape_tensor(self):
            return self._parts[0].event_shape_tensor()

        def _shares(self, softmax, events=True):
            """The probabilities of the components, each [batch], with axes for an event's."""
            made = tf.unstack(softmax(self._cat.logits), len(self._parts), -1)
            for _ in range(self._shapes[1].rank if events else 0):
                made = [tf.expand_dims(one, -1) for one in made]
            return made

        def _sample_n(self, n, seed=None):
            which = self._cat.sample(n, seed=seed)
            draw = self._draw_all if self._draws_all else self._draw_what_is_asked
            drawn = draw(n, which, util.gen_new_seed(seed, "mixture"))
            drawn.set_shape(tensor_shape.as_shape(which.shape).concatenate(self._shapes[1]))
            return drawn

        def _draw_what_is_asked(self, n, which, seed):
            """Draws from each component as often as it was drawn."""
            total = tf.size(which)
            batch = total // n
            places = tf.dynamic_partition(tf.range(total), tf.reshape(which, [-1]),
                                          len(self._parts))
            events = self.event_shape_tensor()
            drawn = []
            for one, own in zip(self._parts, places):
                number = tf.size(own)
                rows = tf.reshape(one.sample(number, seed=seed),
                                  tf.concat([[number * batch], events], 0))
                drawn.append(tf.gather(rows, batch * tf.range(number) + own % batch))
                seed = util.gen_new_seed(seed, "mixture")
            return tf.reshape(tf.dynamic_stitch(places, drawn),
                              tf.concat([tf.shape(which), events], 0))

        def _draw_all(self, n, which, seed):
            drawn = []
            for one in self._parts:
                drawn.append(one.sample(n, seed=seed))
                seed = util.gen_new_seed(seed, "mixture")
            rank = self._shapes[1].rank
            is_it = tf.one_hot(which, len(self._parts), dtype=self.dtype)
            is_it = tf.reshape(is_it, tf.concat([tf.shape(is_it), [1] * rank], 0))
            return tf.reduce_sum(tf.stack(drawn, -rank - 1) * is_it, axis=-rank - 1)

        def _log_prob(self, x):
            return self._log_of_all(x, "log_prob")

        def _log_cdf(self, x):
            return self._log_of_all(x, "log_cdf")

        def _log_of_all(self, x, what):
            """The log of the components' `what`, weighted by their shares."""
            x = tf.convert_to_tensor(x, name="x")
            each = [share + getattr(one, what)(x) for share, one in zip(
                self._shares(tf.nn.log_softmax, events=False), self._parts)]
            return tf.reduce_logsumexp(tf.stack(each, 0), [0])

        def _mean(self):
            return tf.add_n([share * one.mean() for share, one in zip(
                self._shares(tf.nn.softmax), self._parts)])

        def _stddev(self):
            shares, mean = self._shares(tf.nn.softmax), self._mean()
            return tf.sqrt(tf.add_n([
                share * (tf.square(one.stddev()) + tf.square(one.mean() - mean))
                for share, one in zip(shares, self._parts)]))

        def entropy_lower_bound(self, name="entropy_lower_bound"):
            """What the entropy is at least, [batch]."""
            with tf.name_scope(name):
                return tf.add_n([share * one.entropy() for share, one in zip(
                    self._shares(tf.nn.softmax, events=False), self._parts)])
    return dict(Mixture=Mixture)
