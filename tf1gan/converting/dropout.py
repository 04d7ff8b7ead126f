"""Dropout as TensorFlow 1 built it from random numbers u, found in a graph and removed from it.

Until 1.12 it was floor(keep_prob + u) * (x / keep_prob), since 1.13
(u >= rate) * (x / (1 - rate)). Scripts multiply by such a mask, too, and divide before or after.
Only where what divides is the share that the mask keeps is it dropout, and its result x where
nothing is dropped.
"""

from typing import Any, List, NamedTuple, Optional, Tuple

from tf1gan.compat import tf
from tf1gan.converting import graphs
from tf1gan.converting.graphs import Tensor, tensor
from tf1gan.converting.probabilities import (
    behind,
    drawn_at,
    kept_by_mask,
    kept_by_scale,
    same,
    with_nothing_dropped,
)

_TIMES = ("Mul", "MulNoNan")
_ON_VALUE, _ON_MASK, _AFTER = "value", "mask", "product"


class Dropout(NamedTuple):
    """One dropout in a graph.

    Attributes:
      last: the name of the node that gives its result.
      kept: (name of a node, which of its inputs is what may be dropped).
      mask: the name of the node that compares or rounds random numbers.
      product: (name of the multiplication by the mask, which of its inputs is not the mask).
      scale: (name of the node that divides, which of its inputs is divided).
      scaled: what that is: the value, the mask or the product.
      setting: the placeholder that sets how much is dropped, or None.
      nothing: its value with which nothing is.
    """
    last: str
    kept: Tuple[str, int]
    mask: str
    product: Tuple[str, int]
    scale: Tuple[str, int]
    scaled: str
    setting: Optional[Tensor]
    nothing: Any


def find(graph_def, names, fixed) -> List[Dropout]:
    """The dropouts whose parts are among some nodes, but those of which something is to be dropped.

    Args:
      fixed: {Tensor: value} of placeholders, whether or not they are constants by now.
    """
    nodes = {node.name: node for node in graph_def.node if node.name in names}
    taking, found, scales = {}, [], {}
    for node in nodes.values():
        for value in graphs.data_inputs(node):
            taking.setdefault(tensor(value), []).append(node)
    for node in nodes.values():
        if node.op in _TIMES:
            found += _of_product(nodes, taking, node, fixed, scales)
    return found


def _of_product(nodes, taking, node, fixed, scales):
    """The dropouts that a multiplication is part of.

    Args:
      scales: {name of a node that divides: what it divides}, of those found; more is added.
    """
    for place in (0, 1):
        on_mask = _scales(nodes, behind(nodes, node.input[place]), fixed)
        for mask_edge, scale in [(node.input[place], None)] + [
                (nodes[name].input[at], (name, at, kept)) for name, at, kept in on_mask]:
            mask = behind(nodes, mask_edge)
            share = kept_by_mask(nodes, mask, fixed)
            if share is None:
                continue
            setting, nothing = with_nothing_dropped(share)
            if nothing is None or setting in fixed and float(fixed[setting]) != nothing:
                continue
            product = node.name, 1 - place
            if scale:
                choices = [(_ON_MASK, *scale, node.name, product)]
            else:
                choices = [(_ON_VALUE, name, at, kept, node.name, (name, at))
                           for name, at, kept in _scales(nodes, _direct(
                               nodes, node.input[1 - place]), fixed)]
                choices += [(_AFTER, name, at, kept, name, product)
                            for each in taking.get(Tensor(node.name, 0), ())
                            for name, at, kept in _scales(nodes, each, fixed)
                            if tensor(each.input[at]) == Tensor(node.name, 0)]
            choices = [each for each in choices if same(share, each[3])
                       and scales.get(each[1], each[0]) == each[0]]
            if choices:
                chosen = [each for each in choices if each[0] == choices[0][0]]
                if chosen[0][0] != _AFTER:
                    chosen = chosen[:1]
                scales.update((each[1], each[0]) for each in chosen)
                return [Dropout(last, kept, mask.name, product, (name, at), what, setting, nothing)
                        for what, name, at, _, last, kept in chosen]
    return []


def _scales(nodes, node, fixed):
    """[(name, which input is divided, the share by which)] of a node, as it may be read."""
    found = []
    if node is not None:
        for at in (0, 1):
            share = kept_by_scale(nodes, node, at, fixed)
            if share is not None:
                found.append((node.name, at, share))
    return found


def _direct(nodes, value):
    """The node that a value is of, past nothing but names."""
    node = nodes.get(graphs.node_of(value))
    while node is not None and node.op == "Identity":
        node = nodes.get(graphs.node_of(node.input[0]))
    return node


def removed(graph_def, dropouts, told=()):
    """A copy of a graph in which each result is what may be dropped; the graph where there is none.

    Args:
      told: the settings that are such that nothing is dropped, and what is divided stays.
    """
    if not dropouts:
        return graph_def
    made = tf.GraphDef()
    made.CopyFrom(graph_def)
    nodes = graphs.by_name(made)
    kept = {each.last: each.product if each.setting in told and each.scaled == _ON_VALUE
            else each.kept for each in dropouts}
    edges = {last: nodes[name].input[at] for last, (name, at) in kept.items()}
    for name, edge in edges.items():
        _identity(nodes[name], edge, [])
    return made


def keep_all(graph_def, dropouts):
    """Makes masks that keep everything, and divides by nothing, in place: the masks stay."""
    nodes = graphs.by_name(graph_def)
    for each in dropouts:
        if each.scaled == _ON_VALUE:
            name, at = each.scale
            nodes[each.product[0]].input[each.product[1]] = nodes[name].input[at]
    for name, at in {each.scale for each in dropouts if each.scaled != _ON_VALUE}:
        _identity(nodes[name], nodes[name].input[at],
                  [value for value in nodes[name].input if value.startswith("^")])
    for name in {each.mask for each in dropouts}:
        node = nodes[name]
        if node.op == "Floor":
            node.op = "OnesLike"
        else:
            drawn = node.input[drawn_at(nodes, node)]
            node.input[:2] = [drawn, drawn]
            node.op = "Equal"


def _identity(node, edge, order):
    kind = node.attr["T"].type
    node.input[:] = [edge] + order
    node.op = "Identity"
    node.attr.clear()
    node.attr["T"].type = kind
