"""What changes variables beside a network, as training does: left out, or refused where it counts.

A network that is converted computes, and changes nothing. Where an output comes after an update by
order alone, the update is left out, in the original as well, which is run more than once. Where the
output is of what the update has made of a variable, that is not the network's alone, and refused.
"""

import re

from tf1gan.converting import graphs
from tf1gan.errors import UserError

_CHANGES = re.compile(
    r"^(Assign\w*|\w*ScatterUpdate|(Resource)?Scatter(Nd)?(Add|Sub|Mul|Div|Min|Max|Update)|"
    r"(Resource|Sparse)?\w*Apply\w+|CountUpTo|ResourceCountUpTo)$")
_SAME = ("Identity", "RefIdentity", "Enter", "RefEnter", "Switch", "RefSwitch", "RefSelect")
_EDGES = ("Exit", "RefExit", "Merge", "RefMerge")       # of loops, of branches
_FARTHEST = 20


def variable_of(nodes, node):
    """The name of the variable that a node changes, or None."""
    return _root(nodes, node.input[0]) if node.input and _CHANGES.match(node.op) else None


def leave_out(graph_def, wanted):
    """Has nothing come after what changes a variable, in place, but for what takes its value."""
    nodes = graphs.by_name(graph_def)
    changing = [node.name for node in graph_def.node if variable_of(nodes, node)]
    if not changing:
        return
    gone = graphs.dependants(graph_def, changing) - graphs.needed(nodes, wanted, order=False)
    for node in graph_def.node:
        if node.name not in gone and any(
                value.startswith("^") and graphs.node_of(value) in gone for value in node.input):
            order = [value for value in node.input if value.startswith("^")]
            node.input[:] = graphs.data_inputs(node) + _before(nodes, gone, order)


def check(graph_def, wanted, of_training=()):
    """Raises UserError where what some nodes give depends on what others make of a variable.

    Args:
      graph_def: with the phases fixed, and all order as it was.
      of_training: names of nodes that change variables for training alone.
    """
    nodes = graphs.by_name(graph_def)
    reading = {}            # variable -> the nodes that read it, for what is wanted
    for name in graphs.needed(nodes, wanted, order=False):
        node = nodes[name]
        if variable_of(nodes, node):
            raise UserError(_words(node, nodes[variable_of(nodes, node)], ""))
        for value in graphs.data_inputs(node):
            variable = _root(nodes, value)
            if variable:
                reading.setdefault(variable, []).append(name)
    for name in graphs.needed(nodes, wanted):
        variable = variable_of(nodes, nodes[name])
        if variable in reading and name not in of_training:
            after = _after(graph_def, name)
            late = [each for each in reading[variable] if each in after]
            if late:
                raise UserError(_words(nodes[name], nodes[variable], f" before {late[0]} reads it"))


def check_functions(graph_def):
    """Raises UserError where functions that are called change variables."""
    for function in graph_def.library.function:
        for node in function.node_def:
            if _CHANGES.match(node.op):
                raise UserError(_words(node, None, f" in the function {function.signature.name}"))


def _words(node, variable, where):
    what = variable.name if variable is not None else "a variable"
    return (f"{node.name} ({node.op}) changes {what}{where}, each time that the outputs are "
            "computed, which a signature does not: name other outputs, or what it gives as an "
            "input")


def _root(nodes, value):
    """The variable that a value is, as it is or as it has been read; None of others."""
    for _ in range(_FARTHEST):
        node = nodes.get(graphs.node_of(value))
        if node is None or node.op in graphs.VARIABLES:
            return node.name if node is not None else None
        if not node.input or not (node.op in _SAME or _CHANGES.match(node.op)):
            return None
        value = node.input[0]
    return None


def _before(nodes, gone, order):
    """The order that is left without some nodes: after what comes before those."""
    kept, seen, waiting = [], set(), order[::-1]
    while waiting:
        value = waiting.pop()
        name = graphs.node_of(value)
        if name in seen:
            continue
        seen.add(name)
        node = nodes.get(name)
        if name not in gone:
            if node is not None and node.op not in graphs.VARIABLES:
                kept.append("^" + name)
        elif node.op not in _EDGES:         # within, it is another place
            waiting += node.input[::-1]
    return kept


def _after(graph_def, name):
    """The names of the nodes that come after one, by data or order."""
    taking = graphs.consumers(graph_def)
    found, waiting = set(), [name]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [node.name for node in taking[name]]
    return found
