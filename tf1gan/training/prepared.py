"""The graph that a run trains: its model's, with all that is asked of it beside training."""

from __future__ import annotations

from typing import Callable, NamedTuple

from tf1gan import summaries
from tf1gan.compat import tf
from tf1gan.graph import GANGraph, build_from, drawing


class Ops(NamedTuple):
    """What a run adds to the graph of its model: everything that it will ever hold."""
    initialize: tf.Operation
    all_finite: tf.Tensor               # whether no variable is NaN or infinite
    weight_histograms: tf.Tensor
    output_histograms: tf.Tensor        # on the batch that is fed
    saver: tf.train.Saver               # of everything
    generator_saver: tf.train.Saver     # of what is sampled from
    share: Callable                     # with all processes: see strategy.Alone.sharing


class Prepared(NamedTuple):
    """A graph to train. Nothing of it changes: any number of sessions may run it."""
    holder: tf.Graph
    graph: GANGraph
    drawing: tf.GraphDef                # the model's own, to be looked at
    ops: Ops


def prepare(settings, seed, whose, way) -> Prepared:
    """Builds the graph of Settings, or of the part of it that is `whose`, in one of models.WAYS."""
    with tf.Graph().as_default() as holder:
        graph = build_from(settings, seed, whose, way)
        drawn = drawing()           # before the ops that only a run has
        return Prepared(holder, graph, drawn, Ops(
            initialize=tf.global_variables_initializer(),
            all_finite=summaries.all_finite(),
            weight_histograms=summaries.weight_histograms(graph),
            output_histograms=summaries.output_histograms(graph),
            saver=tf.train.Saver(max_to_keep=None),
            generator_saver=tf.train.Saver(graph.generator_saved, max_to_keep=None),
            share=graph.strategy.sharing(tf.global_variables(), 3)))
