"""Batch normalization that always uses the batch's statistics, made to use the moving ones.

The graph's own updates tell which variable is the moving average of which statistic. Mean and
variance are replaced together or not at all.
"""

from typing import Any, FrozenSet, Mapping, NamedTuple

from tf1gan.compat import tf
from tf1gan.converting import averages, graphs
from tf1gan.converting.graphs import tensor

_ROOTS = ("Rsqrt", "Sqrt")
_PLUS = ("Add", "AddV2")


class Moving(NamedTuple):
    """Moving statistics to put in.

    Attributes:
      fused: names of normalizations in one piece -> edges of the moving mean and variance.
      plain: Tensors of a batch's statistics -> (edge of the moving one, names of nodes that update
        it, which keep the batch's).
      updates: names of the nodes that update moving ones.
    """
    fused: Mapping[str, Any]
    plain: Mapping[Any, Any]
    updates: FrozenSet[str]


def find(graph_def, wanted):
    """The Moving statistics of what some nodes need, in pairs."""
    nodes = graphs.by_name(graph_def)
    known = averages.find(graph_def, nodes)
    needed = graphs.needed(nodes, wanted)
    fused = {}
    for name in needed:
        if graphs.normalizes_by_batch(nodes[name]):
            both = [known.get(graphs.Tensor(name, at)) for at in (1, 2)]
            if all(both) and both[0].variable != both[1].variable:
                fused[name] = [each.edge for each in both]
    taken = _taken(graph_def, needed)
    means, squares = {}, []
    for statistic, average in known.items():
        if nodes[statistic.node].op in graphs.FUSED_NORMALIZATIONS:
            continue
        average = _before_a_factor(nodes, average, taken)
        parts, squared = averages.behind(nodes, average.statistic.edge)
        if parts and taken.get(average.statistic, set()) - average.within:
            if squared:
                squares.append((parts, average))
            else:
                for part in parts:
                    means.setdefault(part, set()).add(average)
    plain = {}
    for parts, variance in squares:
        pairs = set().union(*(means.get(part, ()) for part in parts))
        mean = pairs.pop() if len(pairs) == 1 else variance
        if mean.variable != variance.variable:
            for each in (mean, variance):
                plain[each.statistic] = each.edge, each.within
    return Moving(fused, plain, frozenset(name for each in known.values()
                                          for name in each.updates))


def put_in(graph_def, moving):
    """A copy of a graph that has Moving statistics in place of the batch's."""
    made = tf.GraphDef()
    made.CopyFrom(graph_def)
    for node in made.node:
        if node.name in moving.fused:
            node.attr["is_training"].b = False
            node.input[3:5] = moving.fused[node.name]
        for place, value in enumerate(node.input):
            edge, within = (None, ()) if value.startswith("^") else moving.plain.get(
                tensor(value), (None, ()))
            if edge and node.name not in within:
                node.input[place] = edge
    return made


def by_batch(graph_def, wanted):
    """The names of variables that are of statistics of batches by which some nodes normalize."""
    nodes = graphs.by_name(graph_def)
    needed = graphs.needed(nodes, wanted, order=False)
    found = set()
    for update in averages.updates(graph_def):
        variable = averages.variable_of(nodes, update.input[0])
        parts = averages.behind(nodes, update.input[1])[0] & needed if variable else ()
        if any(nodes[name].op not in graphs.FUSED_NORMALIZATIONS
               or graphs.normalizes_by_batch(nodes[name]) for name in parts):
            found.add(variable)
    return sorted(found)


def variances(graph_def):
    """The names of the variables by whose roots a graph divides, as moving variances."""
    nodes, found = graphs.by_name(graph_def), set()
    for node in graph_def.node:
        if node.op in graphs.FUSED_NORMALIZATIONS and len(node.input) > 4:
            found.add(averages.variable_of(nodes, node.input[4]))
        added = nodes.get(graphs.node_of(node.input[0])) if node.op in _ROOTS else None
        if added is not None and added.op in _PLUS:
            found |= {averages.variable_of(nodes, value) for value in added.input[:2]}
    return sorted(found - {None})


def _taken(graph_def, needed):
    """{Tensor: the names of those of some nodes that take it}."""
    taken = {}
    for node in graph_def.node:
        if node.name in needed:
            for value in graphs.data_inputs(node):
                taken.setdefault(tensor(value), set()).add(node.name)
    return taken


def _before_a_factor(nodes, average, taken):
    """The Average of a statistic that the update alone multiplies, as by n / (n - 1)."""
    node = nodes[average.statistic.node]
    if node.op == "Mul" and not taken.get(average.statistic, set()) - average.within:
        sides = [value for value in node.input[:2] if averages.behind(nodes, value)[0]]
        if len(sides) == 1:
            return average._replace(statistic=tensor(sides[0]),
                                    within=average.within | {node.name})
    return average
