"""How much a mask of random numbers keeps, and by how much a graph divides."""

from typing import Any, NamedTuple, Optional

from tf1gan.converting import graphs
from tf1gan.converting.graphs import Tensor

_SAME = ("Identity", "Cast", "Enter", "StopGradient", "Switch", "Reshape")
_TIMES = ("Mul", "MulNoNan")
_PLUS = ("Add", "AddV2")
_OVER = ("RealDiv", "Div")
_INVERSE = ("Reciprocal", "Inv")
_ABOVE, _BELOW = ("Greater", "GreaterEqual"), ("Less", "LessEqual")
_FARTHEST = 8
_APART = 1e-3           # of numbers that are the same but for rounding, in 16 bits as well


class Share(NamedTuple):
    """A number, or one computed from a placeholder: number + times * placeholder."""
    number: float
    times: float = 0.
    placeholder: Optional[Tensor] = None


def same(one, other):
    """Whether two Shares are."""
    return one.placeholder == other.placeholder and all(
        abs(a - b) <= _APART * max(abs(a), abs(b))
        for a, b in zip(one[:2], other[:2]))


def with_nothing_dropped(share):
    """(The placeholder or None, its value where a share is 1, or None where it cannot be)."""
    if share.placeholder is None:
        return None, 1. if 0 < share.number <= 1 else None
    return share.placeholder, (1 - share.number) / share.times + 0. if share.times else None


def behind(nodes, value):
    """The node that a value comes from, past what does not change it."""
    node = nodes.get(graphs.node_of(value))
    for _ in range(_FARTHEST):
        if node is None or node.op not in _SAME or not node.input:
            return node
        node = nodes.get(graphs.node_of(node.input[0]))
    return None


def kept_by_mask(nodes, node, fixed):
    """The Share that a mask keeps; None of anything that is no mask.

    Args:
      fixed: Tensors that are placeholders, whatever they have become.
    """
    if node is None or len(node.input) < (1 if node.op == "Floor" else 2):
        return None
    if node.op == "Floor":
        added = behind(nodes, node.input[0])
        if added is not None and added.op in _PLUS:
            for one, other in (added.input[:2], added.input[1::-1]):
                if _is_draw(nodes, other) and not _is_draw(nodes, one):
                    return _share(nodes, one, fixed)
        return None
    drawn = drawn_at(nodes, node)
    if drawn is None:
        return None
    limit = _share(nodes, node.input[1 - drawn], fixed)
    if limit is None or (node.op in _ABOVE) == bool(drawn):     # u < keep
        return limit
    return limit._replace(number=1 - limit.number, times=-limit.times)


def drawn_at(nodes, node):
    """Which input of a comparison is drawn from [0, 1), or None."""
    if node.op not in _ABOVE + _BELOW:
        return None
    drawn = [_is_draw(nodes, value) for value in node.input[:2]]
    return drawn.index(True) if sum(drawn) == 1 else None


def kept_by_scale(nodes, node, at, fixed):
    """The Share by which a node divides its input number `at`; None where it does not."""
    if len(node.input) < 2 or node.op not in _TIMES + _OVER or node.op in _OVER and at:
        return None
    if node.op in _OVER:
        return _share(nodes, node.input[1], fixed)
    factor = behind(nodes, node.input[1 - at])
    if factor is None:
        return None
    if factor.op in _INVERSE:
        return _share(nodes, factor.input[0], fixed)
    if factor.op in _OVER and _number(nodes, factor.input[0]) == 1:
        return _share(nodes, factor.input[1], fixed)
    number = _share(nodes, node.input[1 - at], fixed)
    return Share(1 / number.number) if number is not None and number.placeholder is None \
        and number.number else None


def _is_draw(nodes, value):
    """Whether a value is a draw from [0, 1), as random_uniform makes it: u * (1 - 0) + 0."""
    for _ in range(_FARTHEST):
        node = behind(nodes, value)
        if node is None:
            return False
        if node.op == "RandomUniform":
            return True
        neutral = 1 if node.op in _TIMES else 0 if node.op in _PLUS else None
        if neutral is None or _number(nodes, node.input[1]) != neutral:
            return False
        value = node.input[0]
    return False


def _number(nodes, value):
    share = _share(nodes, value, ())
    return share.number if share is not None and share.placeholder is None else None


def _share(nodes, value, fixed, steps=_FARTHEST):
    """The Share that a value is, or None."""
    node: Any = behind(nodes, value) if steps else None
    if node is None:
        return None
    each = Tensor(node.name, 0)
    if node.op in graphs.PLACEHOLDERS or each in fixed:
        return Share(0., 1., each)
    if node.op == "Const":
        return _of_constant(node)
    if node.op not in _PLUS + ("Sub",) + _TIMES + _OVER or len(node.input) < 2:
        return None
    one, other = (_share(nodes, each, fixed, steps // 2) for each in node.input[:2])
    if one is None or other is None:
        return None
    if node.op in _TIMES and one.placeholder is None:
        one, other = other, one
    if node.op in _TIMES + _OVER:
        if other.placeholder is not None or node.op in _OVER and not other.number:
            return None
        by = other.number if node.op in _TIMES else 1 / other.number
        return one._replace(number=one.number * by, times=one.times * by)
    if one.placeholder and other.placeholder and one.placeholder != other.placeholder:
        return None
    sign = -1 if node.op == "Sub" else 1
    return Share(one.number + sign * other.number, one.times + sign * other.times,
                 one.placeholder or other.placeholder)


def _of_constant(node):
    if any(each.size != 1 for each in node.attr["value"].tensor.tensor_shape.dim):
        return None
    array = graphs.value_of(node)
    return Share(float(array.reshape(()))) if array is not None and array.dtype.kind in "fiu" \
        else None
