"""Expressions of names and numbers alone, which may be of arrays: `x * 0.5 + 1.0`.

NumPy writes the sum into the array of the product, where that is large and nobody else has it. An
operator that is a call hides this from it, and costs a new array of megabytes. So where
`promotion.need_nothing` says that all arrays are of one type, with only small numbers beside them,
the expression stays as it is.
"""

import ast

from tf1gan.legacy.source.promotion import COMPARISONS, LARGE, SMALL

_LEAVES = 6         # no product of so many numbers that are not LARGE is beyond a float of 32 bits


def names_and_operators(node, operators, binary):
    """(Names, how many operators) of an expression of names, numbers and operators; else None.

    Args:
      operators: names of those that are replaced.
      binary: kind of a syntax node -> the operator's name.
    """
    if isinstance(node, ast.Name):
        return {node.id}, 0
    if isinstance(node, ast.Constant):
        return (set(), 0) if isinstance(node.value, (int, float)) else None
    if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
        return names_and_operators(node.operand, operators, binary)
    if isinstance(node, ast.BinOp):
        sides, name = [node.left, node.right], binary.get(type(node.op))
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        sides, name = [node.left] + node.comparators, COMPARISONS.get(type(node.ops[0]))
    else:
        return None
    parts = [names_and_operators(side, operators, binary) for side in sides]
    if name not in operators or None in parts:
        return None
    return parts[0][0] | parts[1][0], parts[0][1] + parts[1][1] + 1


def may_be_of_arrays(node):
    """Whether every operator of such an expression has a name, and no number is large."""
    return 0 < _leaves(node) <= _LEAVES


def _leaves(node):
    """How many names and numbers are multiplied at most; far too many for what may not be."""
    if isinstance(node, ast.Name):
        return 1
    if isinstance(node, ast.Constant):
        small = isinstance(node.value, float) and (not node.value or SMALL < node.value < LARGE) \
            or type(node.value) is int and node.value < 2 ** 15
        return 1 if small else _LEAVES + 1
    if isinstance(node, ast.UnaryOp):
        return _leaves(node.operand)
    sides = [node.left] + ([node.right] if isinstance(node, ast.BinOp) else node.comparators)
    if not any(isinstance(part, ast.Name) for part in ast.walk(node)):
        return _LEAVES + 1
    if isinstance(getattr(node, "op", None), ast.Pow):
        power = getattr(sides[1], "value", None)
        return power * _leaves(sides[0]) if type(power) is int and power > 0 else _LEAVES + 1
    return sum(map(_leaves, sides))
