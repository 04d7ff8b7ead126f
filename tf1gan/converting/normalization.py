"""Batch normalization that always uses the batch's statistics, made to use the moving ones.

The graph's own update tells which variable is the moving average of which statistic: it subtracts
from the variable a part of (variable - statistic).
"""

from tf1gan.compat import tf
from tf1gan.converting import graphs
from tf1gan.converting.graphs import tensor

_FUSED = ("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3")
_UPDATES = ("AssignSub", "AssignSubVariableOp")


def by_moving_statistics(graph_def):
    """(A copy of the graph, the names of what was changed in it, and of moving ones' updates)."""
    made = tf.GraphDef()
    made.CopyFrom(graph_def)
    nodes = graphs.by_name(made)
    averages = _averages(made, nodes)
    changed = set()
    for node in made.node:
        if node.op in _FUSED and graphs.attribute(node, "is_training").b | (
                "is_training" not in node.attr):
            mean, variance = (averages.get(graphs.Tensor(node.name, at)) for at in (1, 2))
            if mean and variance:
                node.attr["is_training"].b = False
                node.input[3:5] = [mean[0], variance[0]]
                changed.add(node.name)
    plain = {each: average for each, average in averages.items()
             if nodes[each.node].op not in _FUSED}
    for node in made.node:
        for place, value in enumerate(node.input):
            average = None if value.startswith("^") else plain.get(tensor(value))
            if average and node.name != average[1]:
                node.input[place] = average[0]
                changed.add(tensor(value).node)
    return made, sorted(changed), {average[2] for average in averages.values()}


def _averages(graph_def, nodes):
    """{Tensor of a batch's statistic: (edge of its moving average, the names of the node that takes
    both and of what updates it)}."""
    found = {}
    for update in graph_def.node:
        if update.op not in _UPDATES or len(update.input) < 2:
            continue
        product = nodes.get(graphs.node_of(update.input[1]))
        if product is None or product.op != "Mul":
            continue
        for value in product.input[:2]:
            difference = nodes.get(graphs.node_of(value))
            if difference is None or difference.op != "Sub":
                continue
            average, statistic = difference.input[:2]
            if _variable(nodes, average) == _variable(nodes, update.input[0]) is not None \
                    and _variable(nodes, statistic) is None:
                found[tensor(statistic)] = average, difference.name, update.name
    return found


def _variable(nodes, value):
    """The name of the variable that a value is read from, or None."""
    for _ in range(8):
        node = nodes.get(graphs.node_of(value))
        if node is None:
            return None
        if node.op in graphs.VARIABLES:
            return node.name
        if node.op not in ("Identity", "ReadVariableOp", "RefIdentity") or not node.input:
            return None
        value = node.input[0]
    return None
