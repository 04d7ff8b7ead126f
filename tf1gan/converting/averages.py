"""Variables that are moving averages of a batch's statistics, by what updates them in a graph."""

from typing import FrozenSet, NamedTuple

from tf1gan.converting import graphs
from tf1gan.converting.graphs import Tensor, tensor

_SUBTRACTS = ("AssignSub", "AssignSubVariableOp")
_ADDS = ("AssignAdd", "AssignAddVariableOp")
_SETS = ("Assign", "AssignVariableOp")
_PLUS = ("Add", "AddV2")
_OVER = ("RealDiv", "Div")
_SELECTS = ("Select", "SelectV2")
_READS = ("Identity", "ReadVariableOp", "RefIdentity", "Enter", "RefEnter")
_REDUCES = ("Mean", "Sum")
_OF_NUMBERS = _PLUS + _OVER + _SELECTS + _READS[:1] + (
    "Sub", "Mul", "Square", "Sqrt", "Maximum", "Cast", "Squeeze", "Reshape", "ExpandDims", "Enter",
    "Switch", "Merge", "StopGradient", "Reciprocal", "Inv")
_MOST = 200             # nodes that are looked at behind a statistic


class Average(NamedTuple):
    """A variable that is a statistic's moving average.

    Attributes:
      statistic: the Tensor.
      variable: the variable's node.
      edge: where it is read.
      within: the names of the nodes that take the statistic for the update.
      updates: the names of the nodes that update the variable.
    """
    statistic: Tensor
    variable: str
    edge: str
    within: FrozenSet[str]
    updates: FrozenSet[str]


def find(graph_def, nodes):
    """{statistic: its Average} of those that have one, and one only."""
    first = {}
    for update in graph_def.node:
        made = _of_update(nodes, update)
        if made:
            first[update.name] = made
    found, steps, variables = list(first.values()), set(), {
        each.variable: each for each in first.values()}
    reads = {node.input[0]: node.name for node in graph_def.node
             if node.op in ("Identity", "ReadVariableOp") and len(node.input) == 1}
    for update in graph_def.node:
        biased = _biased(nodes, update, first, variables)
        target = variable_of(nodes, update.input[0]) if biased else None
        if target and target != biased.variable:
            steps.add(biased.variable)
            found.append(biased._replace(variable=target, edge=reads.get(target, target),
                                         updates=biased.updates | {update.name}))
    several = {}
    for each in found:
        if each.variable in steps:      # on the way to the average
            continue
        several.setdefault(each.statistic, []).append(each)
    return {statistic: those[0] for statistic, those in several.items()
            if len({each.variable for each in those}) == 1}


def updates(graph_def):
    """The nodes that give variables values computed from others."""
    return [node for node in graph_def.node if node.op in _SUBTRACTS + _ADDS + _SETS
            and len(node.input) > 1]


def behind(nodes, value):
    """(Names of what sums up batches in what a value is computed of, whether it has squares)."""
    found, squared, seen, waiting = set(), False, set(), [value]
    while waiting and len(seen) < _MOST:
        node = nodes.get(graphs.node_of(waiting.pop()))
        if node is None or node.name in seen:
            continue
        seen.add(node.name)
        if node.op in graphs.FUSED_NORMALIZATIONS:
            found.add(node.name)
        elif node.op in _REDUCES:
            found.add(node.name)
            inner = _stripped(nodes, node.input[0])
            square = inner is not None and (
                inner.op in ("Square", "SquaredDifference")
                or inner.op == "Mul" and inner.input[0] == inner.input[1])
            squared = squared or square
            if square and inner.op != "SquaredDifference":
                inner = _stripped(nodes, inner.input[0])
            if inner is not None and inner.op in ("Sub", "SquaredDifference"):
                waiting.append(inner.input[1])
        elif node.op in _OF_NUMBERS + _SUBTRACTS + _SETS:
            waiting += graphs.data_inputs(node)
    return found, squared


def variable_of(nodes, value):
    """The name of the variable that a value is read from, or None."""
    for _ in range(8):
        node = nodes.get(graphs.node_of(value))
        if node is None:
            return None
        if node.op in graphs.VARIABLES:
            return node.name
        if node.op not in _READS or not node.input:
            return None
        value = node.input[0]
    return None


def _stripped(nodes, value):
    node = nodes.get(graphs.node_of(value))
    for _ in range(8):
        if node is None or node.op not in ("Identity", "Cast", "StopGradient"):
            return node
        node = nodes.get(graphs.node_of(node.input[0]))
    return None


def _of_update(nodes, update):
    """The Average that a node updates, or None."""
    if update.op not in _SUBTRACTS + _ADDS + _SETS or len(update.input) < 2:
        return None
    target, node = variable_of(nodes, update.input[0]), nodes.get(graphs.node_of(update.input[1]))
    if node is not None and node.op in _SELECTS:        # of no examples, nothing
        node = nodes.get(graphs.node_of(node.input[1]))
    if target is None or node is None:
        return None
    found = None
    if update.op in _SUBTRACTS:
        found = _of_difference(nodes, node, target, 0)
    elif update.op in _ADDS:
        found = _of_difference(nodes, node, target, 1)
    elif node.op in _PLUS + ("Sub",):
        for one, other in (node.input[:2], node.input[1::-1]):
            part, rest = nodes.get(graphs.node_of(other)), nodes.get(graphs.node_of(one))
            if variable_of(nodes, one) == target and (node.op in _PLUS or one == node.input[0]):
                found = found or _of_difference(nodes, part, target, int(node.op in _PLUS))
            elif node.op in _PLUS:
                found = found or _of_sum(nodes, rest, part, target)
    if found is None or variable_of(nodes, found[0]) is not None:
        return None
    statistic, edge, within = found
    return Average(tensor(statistic), target, edge, frozenset([within]), frozenset([update.name]))


def _of_difference(nodes, product, target, place):
    """(Statistic, edge, what takes it) of (variable - statistic) * number, or of the other order.
    """
    if product is None or product.op != "Mul":
        return None
    for value in product.input[:2]:
        difference = nodes.get(graphs.node_of(value))
        if difference is not None and difference.op == "Sub" \
                and variable_of(nodes, difference.input[place]) == target:
            return difference.input[1 - place], difference.input[place], difference.name
    return None


def _of_sum(nodes, one, other, target):
    """The same of variable * number + statistic * number."""
    if one is None or other is None or one.op != "Mul" or other.op != "Mul":
        return None
    edge = [value for value in one.input[:2] if variable_of(nodes, value) == target]
    statistic = [value for value in other.input[:2] if behind(nodes, value)[0]]
    return (statistic[0], edge[0], other.name) if len(edge) == len(statistic) == 1 else None


def _biased(nodes, update, first, variables):
    """The Average of which a node makes one that does not begin with zeros, or None.

    Args:
      first: {name of an update: the Average that it updates}; variables: {its variable: the same}.
    """
    if update.op not in _SETS + _SUBTRACTS or len(update.input) < 2:
        return None
    node = nodes.get(graphs.node_of(update.input[1]))
    if update.op in _SUBTRACTS and node is not None and node.op == "Sub":
        node = nodes.get(graphs.node_of(node.input[1]))
    if node is None or node.op not in _OVER:
        return None
    source = nodes.get(graphs.node_of(node.input[0]))
    if source is not None and source.name in first:
        return first[source.name]
    return variables.get(variable_of(nodes, node.input[0]))
