"""Where a script may use an array of one element as a number, and what stands there then.

Plain values need nothing. A call costs one more; an assignment in a `try` costs nothing:

    b[i] = f()

    value = f()
    try:
        b[i] = value
    except refused:
        if element_for(b, value) is None: raise
        b[i] = element_for(b, value)
    finally:
        del value
"""

import ast
import copy
import math

from tf1gan.legacy.source import inserted
from tf1gan.legacy.source.plain_kinds import OTHER, TEXT, is_plain, kind_of
from tf1gan.legacy.source.single_elements import CONVERSION, NUMERIC

_BUILTINS = frozenset(("float", "int", "long", "complex", "bool"))
_OF_MATH = frozenset(name for name in dir(math) if callable(getattr(math, name))
                     and not name.startswith("_"))
_VALUE, _PLACE = "__tf1gan_value_", "__tf1gan_place_"
_AGAIN = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Tuple, ast.BinOp, ast.UnaryOp,
          ast.expr_context, ast.operator, ast.unaryop)


def functions(tree, taken):
    """(Names of the module `math`, names that may be of its functions) in a module's tree.

    Args:
      taken: names that it binds. The others may come from an earlier cell, or by `import *`.
    """
    modules, known = {"math"}, (_OF_MATH - {"pow"}) - taken
    for part in ast.walk(tree):
        if isinstance(part, ast.Import):
            modules |= {each.asname for each in part.names if each.name == "math" and each.asname}
        elif isinstance(part, ast.ImportFrom) and part.module == "math":
            known |= {each.asname or each.name for each in part.names}
    return modules, known | _BUILTINS


def is_of_elements(node, known, facts):
    """Whether a call may be of a function that wants a number and is given an array.

    Args:
      known: what `functions` gave.
    """
    modules, names = known
    function = node.func
    if isinstance(function, ast.Name):
        if function.id not in names or function.id in _BUILTINS and len(node.args) != 1:
            return False
    elif not isinstance(function, ast.Attribute) or function.attr not in _OF_MATH or getattr(
            function.value, "id", None) not in modules \
            and getattr(function.value, "attr", None) != "math":            # np.math
        return False
    return not node.keywords and not any(
        isinstance(each, ast.Starred) for each in node.args) and not all(
            _is_none(each, facts) for each in node.args)


def formatted(node, facts):
    """What may be an array where a number is wanted, in `text % values`.

    A name may be of a text beside a tuple or a dict; beside others it has `promotion`'s operator.
    """
    if not isinstance(node.op, ast.Mod) or kind_of(node.left, facts) != TEXT and not isinstance(
            node.right, (ast.Tuple, ast.Dict)):
        return []
    values = [node.right]
    if isinstance(node.right, ast.Tuple):
        values = node.right.elts
    elif isinstance(node.right, ast.Dict):
        values = node.right.values
    if isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
        found = [each for each in CONVERSION.finditer(node.left.value) if each["kind"] != "%"]
        wanted = [each["kind"] in NUMERIC for each in found]
        if not any(wanted):
            return []
        if len(found) == len(values) and not isinstance(node.right, ast.Dict) \
                and "*" not in node.left.value:
            values = [value for value, is_wanted in zip(values, wanted) if is_wanted]
    return [each for each in values if not _is_none(each, facts)]


def _is_none(node, facts):
    """Whether an expression is known to be no array."""
    kind = kind_of(node, facts)
    return is_plain(kind) or kind in (TEXT, OTHER)


def or_plain(node, values, call):
    """A call; what it stands for, where all values are names of plain ones."""
    names = sorted({each.id for each in values if isinstance(each, ast.Name)})
    if not 0 < len(names) <= 3 or not all(
            isinstance(each, (ast.Name, ast.Constant)) for each in values):
        return call
    return ast.copy_location(ast.IfExp(inserted.are_plain(names), node, call), node)


# -- Assignments -----------------------------------------------------------------------------

def may_be_set(node, facts):
    """Whether an assignment may put an array where an element is."""
    for target in node.targets:
        parts, values = [target], [node.value]
        if _is_apart(target, node):
            parts = target.elts
            values = node.value.elts if isinstance(node.value, (ast.Tuple, ast.List)) \
                else [None] * len(parts)
        for part, value in zip(parts, values):
            if _is_element(part) and (value is None or not _is_none(value, facts)):
                return True
    return False


def set_in(node, visited):
    """The statements for an assignment.

    Args:
      node: as the script has it.
      visited: its parts rewritten.
    """
    names, made = [], []
    value = visited.value
    if len(node.targets) > 1 or not _is_apart(node.targets[0], node) and not isinstance(
            node.value, (ast.Name, ast.Constant)) and _is_same_again(node.targets[0]):
        made.append(ast.Assign([_new(names)], value))
        value = _load(names[0])
    for target, given in zip(visited.targets, node.targets):
        if not _is_apart(given, node):
            made.append(_set(target, given, value))
            continue
        parts = [_new(names) for _ in given.elts]
        made.append(ast.Assign([ast.Tuple(parts, ast.Store())], value))
        made += [_set(one, other, _load(part.id))
                 for one, other, part in zip(target.elts, given.elts, parts)]
    if names:
        made[1:] = [ast.Try(made[1:], [], [], [ast.Delete([
            ast.Name(name, ast.Del()) for name in names])])]
    return [ast.copy_location(each, node) for each in made]


def changed_once(node, facts):
    """The statements for `b[f()] += value`, which make the call once; None for what needs none."""
    if not _is_element(node.target) or _is_none(node.value, facts):
        return None
    names = [f"{_PLACE}{each}__" for each in range(2)]
    target = ast.Subscript(*map(_load, names), ast.Store())
    parts = [ast.Assign([ast.Tuple([ast.Name(name, ast.Store()) for name in names], ast.Store())],
                        ast.Tuple([node.target.value, node.target.slice], ast.Load())),
             ast.Try([ast.copy_location(ast.AugAssign(target, node.op, node.value), node)], [], [],
                     [ast.Delete([ast.Name(name, ast.Del()) for name in names])])]
    return [ast.copy_location(each, node) for each in parts]


def _set(target, given, value):
    """One target's statement."""
    if not _is_element(given):
        return ast.Assign([target], value)
    if not _is_same_again(given):
        return ast.Expr(inserted.operator("set_element", value, target.value, target.slice))

    def element():
        return inserted.operator("element_for", *copy.deepcopy([target.value, value]))
    is_refused = ast.Compare(element(), [ast.Is()], [ast.Constant(None)])
    return ast.Try([ast.Assign([target], value)], [ast.ExceptHandler(
        inserted.attribute("refused"), None,
        [ast.If(is_refused, [ast.Raise()], []),
         ast.Assign([copy.deepcopy(target)], element())])], [], [])


def _new(names):
    names.append(f"{_VALUE}{len(names)}__")
    return ast.Name(names[-1], ast.Store())


def _load(name):
    return ast.Name(name, ast.Load())


def _is_apart(target, node):
    """Whether a value is taken apart for a target."""
    values = node.value.elts if isinstance(node.value, (ast.Tuple, ast.List)) else None
    return isinstance(target, (ast.Tuple, ast.List)) and not any(
        isinstance(each, (ast.Starred, ast.Tuple, ast.List)) for each in target.elts) and (
            values is None or len(values) == len(target.elts)
            and not any(isinstance(each, ast.Starred) for each in values))


def _is_element(target):
    """Whether it may be an array's element: no slice, and no field."""
    return isinstance(target, ast.Subscript) and not any(
        isinstance(each, (ast.Slice, ast.JoinedStr)) or isinstance(each, ast.Constant)
        and not isinstance(each.value, int)
        for each in [target.slice] + getattr(target.slice, "elts", []))


def _is_same_again(target):
    """Whether it may be evaluated twice: it calls nothing."""
    return all(isinstance(part, _AGAIN) for part in ast.walk(target))
