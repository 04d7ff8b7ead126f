"""Which expressions of a script are plain numbers and strings of Python, as far as it says so."""

import ast
from typing import NamedTuple

# Kinds. PLAIN is any type of promotion.PLAIN. An expression of which nothing is known has None;
# while a loop is read, a name that has not been met yet has UNMET.
INT, FLOAT, TEXT, PLAIN, OTHER, UNMET = "int", "float", "text", "plain", "other", "unmet"

_PLAIN = (INT, FLOAT, TEXT, PLAIN)
_DISPLAYS = (ast.List, ast.Tuple, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp,
             ast.GeneratorExp, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
# Python's own functions that are known to give plain values, and to call nothing of the script's
# for plain arguments. That they are Python's own is tested before the loop.
TRUSTED = {"range": None, "xrange": None, "enumerate": None, "print": OTHER, "len": INT, "ord": INT,
           "int": INT, "float": FLOAT, "bool": INT, "abs": PLAIN, "min": PLAIN, "max": PLAIN}
_OF_PLAIN_ONLY = ("abs", "min", "max")


class Facts(NamedTuple):
    """What is known of names."""
    kinds: dict = {}            # name -> kind
    trusted: frozenset = frozenset()    # names that are Python's own functions


def is_plain(kind):
    return kind in _PLAIN or kind == UNMET


def needs_nothing(left, right):
    """Whether an operator of operands of two kinds is the same in NumPy 1."""
    return is_plain(left) and is_plain(right) or {left, right} & {TEXT, OTHER} != set()


def kind_of(node, facts):
    """The kind of an expression."""
    if isinstance(node, ast.Constant):
        kinds = {int: INT, bool: INT, float: FLOAT, complex: FLOAT, str: TEXT}
        return kinds.get(type(node.value), OTHER)
    if isinstance(node, ast.Name):
        return facts.kinds.get(node.id)
    if isinstance(node, ast.BinOp):
        return of_operator(node.op, kind_of(node.left, facts), kind_of(node.right, facts))
    if isinstance(node, ast.UnaryOp):
        operand = kind_of(node.operand, facts)
        return INT if isinstance(node.op, ast.Not) else operand if is_plain(operand) else None
    if isinstance(node, ast.Compare):
        return _of_comparison(node, facts)
    if isinstance(node, ast.BoolOp):
        return joined(*[kind_of(value, facts) for value in node.values])
    if isinstance(node, ast.IfExp):
        return joined(kind_of(node.body, facts), kind_of(node.orelse, facts))
    if isinstance(node, ast.JoinedStr):
        return TEXT
    if isinstance(node, ast.Call):
        return _of_call(node, facts)
    return OTHER if isinstance(node, _DISPLAYS) else None


def of_operator(kind, left, right):
    if left == TEXT and isinstance(kind, ast.Mod):
        return TEXT
    if not (is_plain(left) and is_plain(right)) or isinstance(kind, ast.MatMult):
        return None
    if UNMET in (left, right):
        return UNMET
    if {left, right} <= {INT, FLOAT}:
        if FLOAT in (left, right):
            return FLOAT
        return PLAIN if isinstance(kind, (ast.Div, ast.Pow)) else INT
    return TEXT if left == right == TEXT else PLAIN


def _of_comparison(node, facts):
    if all(isinstance(kind, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for kind in node.ops):
        return INT
    kinds = [kind_of(each, facts) for each in [node.left] + node.comparators]
    return INT if all(map(is_plain, kinds)) else None


def _of_call(node, facts):
    name = getattr(node.func, "id", None)
    if name not in facts.trusted:
        return None
    if name in _OF_PLAIN_ONLY and (node.keywords or len(node.args) < 1 + (name != "abs") or not all(
            is_plain(kind_of(argument, facts)) for argument in node.args)):
        return None
    return TRUSTED[name]


def joined(*kinds):
    kinds = set(kinds) - {UNMET}
    if len(kinds) < 2:
        return kinds.pop() if kinds else UNMET
    return PLAIN if all(map(is_plain, kinds)) else None


def element_kind(node, facts):
    """The kind of what a loop over an expression gives."""
    if is_call_of(node, "range", "xrange") and node.func.id in facts.trusted:
        return INT
    if isinstance(node, (ast.List, ast.Tuple)) and node.elts:
        return joined(*[kind_of(each, facts) for each in node.elts])
    return None


def is_call_of(node, *names):
    return isinstance(node, ast.Call) and getattr(node.func, "id", None) in names
