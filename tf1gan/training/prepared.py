"""The graph that a run trains: its model's, with all that is asked of it beside training."""

from __future__ import annotations

from typing import NamedTuple, Optional

from tf1gan import graph as graphs, summaries
from tf1gan.compat import tf
from tf1gan.graph import GANGraph
from tf1gan.machines.worker import Sharing


class Ops(NamedTuple):
    """What a run adds to the graph of its model: everything that it will ever hold."""
    initialize: tf.Operation
    all_finite: tf.Tensor               # whether no variable is NaN or infinite
    weight_histograms: tf.Tensor
    output_histograms: tf.Tensor        # on the batch that is fed
    saver: tf.train.Saver               # of everything
    generator_saver: tf.train.Saver     # of what is sampled from
    sharing: Optional[Sharing]          # with the other workers


class Prepared(NamedTuple):
    """A graph to train. Nothing of it changes: any number of sessions may run it."""
    holder: tf.Graph
    graph: GANGraph
    drawing: tf.GraphDef                # the model's own, to be looked at
    ops: Ops


def prepare(recipe, seed, cluster=None) -> Prepared:
    """Builds the graph of a recipe, or of one worker's part of it."""
    with tf.Graph().as_default() as holder:
        graph = graphs.build_recipe(recipe, seed, cluster, by_hand=False)
        drawing = graphs.drawing()       # before the ops that only a run has
        return Prepared(holder, graph, drawing, _make_ops(graph))


def _make_ops(graph):
    return Ops(
        initialize=tf.global_variables_initializer(),
        all_finite=summaries.all_finite(),
        weight_histograms=summaries.weight_histograms(graph),
        output_histograms=summaries.output_histograms(graph),
        saver=tf.train.Saver(max_to_keep=None),
        generator_saver=tf.train.Saver(graph.generator_saved, max_to_keep=None),
        sharing=Sharing(tf.global_variables(), 3) if graph.workers else None)
