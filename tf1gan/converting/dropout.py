"""Dropout as TensorFlow 1 built it from random numbers u, found in a graph and removed from it.

Until 1.12 it was floor(keep_prob + u) * (x / keep_prob), and since 1.13
(u >= rate) * (x / (1 - rate)). If nothing is dropped, the result is x, wherever the probability
comes from.
"""

from typing import Any, Mapping, NamedTuple

import numpy as np

from tf1gan.converting import graphs
from tf1gan.converting.graphs import Tensor, tensor

_SAME = ("Identity", "Cast", "Enter", "StopGradient", "Switch", "Reshape")
_TIMES = ("Mul", "MulNoNan")
_PLUS = ("Add", "AddV2", "Sub")
_FARTHEST = 8


class Dropouts(NamedTuple):
    """The dropouts in a graph.

    Attributes:
      settings: Tensors that set how much is dropped, or scale by it -> the value with which
        nothing is dropped.
      products: names of the multiplications by a mask -> their other input.
    """
    settings: Mapping[Tensor, Any]
    products: Mapping[str, str]


def settings(graph_def, names):
    """The `settings` of those among some nodes."""
    return find(graph_def, names).settings


def find(graph_def, names):
    """The Dropouts whose parts are among some nodes."""
    nodes = {node.name: node for node in graph_def.node if node.name in names}
    found, products = {}, {}
    for node in nodes.values():
        if node.op not in _TIMES:
            continue
        sides = graphs.data_inputs(node)
        for mask, other in (sides, sides[::-1]):
            probability = _of_mask(nodes, mask)
            if probability is None:
                continue
            root = _root(nodes, *probability)
            if root is None:
                continue
            each, nothing = root
            found[each] = nothing
            products[node.name] = other
            found.update(_scale(nodes, other))
            break
    return Dropouts(found, products)


def remove(graph_def, dropouts):
    """Makes of each last multiplication the value that it would scale, in place."""
    for node in graph_def.node:
        if node.name in dropouts.products:
            kind = node.attr["T"].type
            del node.input[:]
            node.input.append(dropouts.products[node.name])
            node.op = "Identity"
            node.attr.clear()
            node.attr["T"].type = kind


def _of_mask(nodes, value):
    """(Edge of a probability, its value with nothing dropped) of a mask; None of anything else."""
    node = _behind(nodes, value)
    if node is None:
        return None
    if node.op == "GreaterEqual" and _is_draw(nodes, node.input[0]):
        return node.input[1], 0.0
    if node.op == "Floor":
        added = _behind(nodes, node.input[0])
        if added is not None and added.op in _PLUS[:2]:
            for one, other in (added.input[:2], added.input[1::-1]):
                if _is_draw(nodes, other) and not _is_draw(nodes, one):
                    return one, 1.0
    return None


def _behind(nodes, value):
    """The node that a value comes from, past what does not change it."""
    node = nodes.get(graphs.node_of(value))
    for _ in range(_FARTHEST):
        if node is None or node.op not in _SAME:
            return node
        node = nodes.get(graphs.node_of(node.input[0]))
    return None


def _is_draw(nodes, value):
    """Whether a value is a draw from [0, 1), as random_uniform makes it."""
    for _ in range(_FARTHEST):
        node = _behind(nodes, value)
        if node is None:
            return False
        if node.op == "RandomUniform":
            return True
        if node.op not in _TIMES + _PLUS[:2]:
            return False
        value = node.input[0]
    return False


def _root(nodes, value, nothing):
    """(Tensor, value of it with nothing dropped) of what a probability is computed from."""
    for _ in range(_FARTHEST):
        node = _behind(nodes, value)
        if node is None:
            return None
        if node.op in graphs.PLACEHOLDERS + ("Const",):
            return Tensor(node.name, 0), nothing
        if node.op == "Sub" and _number(nodes, node.input[0]) == 1:
            value, nothing = node.input[1], 1 - nothing
        else:
            return None
    return None


def _number(nodes, value):
    array = graphs.value_of(_behind(nodes, value))
    return float(array) if array is not None and array.size == 1 and array.dtype.kind in "fi" \
        else None


def _scale(nodes, value):
    """Where a script's number was divided by in Python, so that it is a constant of its own."""
    node = _behind(nodes, value)
    if node is not None and node.op in _TIMES + ("RealDiv", "Div"):
        each = tensor(node.input[1])
        scale = _behind(nodes, node.input[1])
        number = graphs.value_of(scale)
        if number is not None and number.size == 1 and np.isfinite(number).all() \
                and scale.name == each.node:
            return {Tensor(scale.name, 0): 1.0}
    return {}
