"""What is known of a script's names in a loop, by what its statements assign and read."""

import ast
from typing import NamedTuple

from tf1gan.legacy.source.plain_kinds import (
    COMPREHENSIONS,
    INT,
    OTHER,
    PLAIN,
    SCOPES,
    TEXT,
    TRUSTED,
    UNMET,
    Facts,
    element_kind,
    is_call_of,
    is_plain,
    joined,
    kind_of,
    of_operator,
)


class Scope(NamedTuple):
    """A function's names, or a module's.

    Attributes:
      own: names that nothing but this code can bind, which are locals of a function.
      taken: names that are bound anywhere in the module, and so may not be Python's functions.
    """
    own: frozenset
    taken: frozenset


def loop_facts(loop, before, bound, scope, left_out=frozenset()):
    """What holds at every point of a loop or a comprehension.

    Args:
      before: Facts that hold there anyway.
      bound: names that certainly have a value when it begins.
      left_out: names that are not to be tested.

    Returns:
      Facts, and the names whose values have to be plain when it begins, for that.
    """
    calls = {part.func.id for part in within(loop)
             if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)}
    trusted = before.trusted | {name for name in calls & set(TRUSTED) if name not in scope.taken}
    for everything in (True, False):
        # Names of a module may be bound by whatever is called, in a loop that calls anything.
        tested, kinds = _solved(loop, Facts(before.kinds, trusted), bound - left_out,
                                None if everything else scope.own)
        facts = Facts(kinds, trusted)
        if not everything or is_quiet(loop, facts):
            return facts, tested


def _solved(loop, before, bound, own):
    assigned = list(bindings(loop))
    names, first = {name for name, _ in assigned}, may_be_read_first(loop)
    tested = {name for name in _operands(loop) if name in bound and (own is None or name in own)
              and name not in before.kinds and (name not in names or name in first)}
    while True:
        kinds = {name: None if name in first or own is not None and name not in own else UNMET
                 for name in names}
        kinds.update({name: PLAIN for name in tested}, **before.kinds)
        changed = True
        while changed:
            changed = False
            for name, kind in assigned:
                if name not in before.kinds and kinds[name] is not None:
                    found = joined(kinds[name], kind(before._replace(kinds=kinds)))
                    changed = changed or found != kinds[name]
                    kinds[name] = found
        wrong = {name for name in tested if kinds[name] != PLAIN}
        if not wrong:
            return tested, {name: kind for name, kind in kinds.items() if kind != UNMET}
        tested = tested - wrong


def _operands(loop):
    """Names that stand where a number may, and nowhere where none may."""
    found, others = set(), set()
    for part in within(loop):
        values = []
        if isinstance(part, ast.BinOp):
            values = [part.left, part.right]
        elif isinstance(part, ast.AugAssign):
            values = [part.target, part.value]
        elif isinstance(part, ast.Compare):
            values = [part.left] + part.comparators
            if not all(isinstance(kind, (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq))
                       for kind in part.ops):
                continue
        elif isinstance(part, ast.Assign):
            values = part.value.elts if isinstance(part.value, ast.Tuple) else [part.value]
        elif isinstance(part, (ast.UnaryOp, ast.BoolOp, ast.IfExp)):
            values = list(ast.iter_child_nodes(part))
        elif is_call_of(part, "min", "max", "abs"):
            values = part.args
        elif isinstance(part, (ast.Attribute, ast.Subscript, ast.Starred)):
            others |= _names([part.value])
        elif isinstance(part, (ast.For, ast.comprehension)):
            others |= _names([part.iter])
        if any(kind_of(value, Facts()) in (TEXT, OTHER) for value in values):
            others |= _names(values)
        found |= _names(values)
    return found - others


def _names(nodes):
    return {node.id for node in nodes if isinstance(node, ast.Name)}


_QUIET = (ast.For, ast.While, ast.If, ast.Assign, ast.AugAssign, ast.Expr, ast.Pass, ast.Break,
          ast.Continue)


def is_quiet(loop, facts):
    """Whether it runs nothing that could bind a name of the module."""
    called = [part.func for part in within(loop) if isinstance(part, ast.Call)]
    for part in within(loop):
        if isinstance(part, ast.stmt):
            if not isinstance(part, _QUIET):
                return False
        elif isinstance(part, ast.Call):
            if getattr(part.func, "id", None) not in facts.trusted:
                return False
        elif isinstance(part, ast.expr) and part not in called and not isinstance(
                part, (ast.Tuple, ast.List, ast.ListComp)):
            if not isinstance(getattr(part, "ctx", None), ast.Store) \
                    and not is_plain(kind_of(part, facts)):
                return False
            if isinstance(part, (ast.Attribute, ast.Subscript, ast.Starred, ast.Lambda)):
                return False
    return True


# -- Statements ------------------------------------------------------------------------------

def within(node):
    """The nodes of one, without those of functions and classes in it, which it is none of."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, SCOPES):
            waiting += ast.iter_child_nodes(node)


def bindings(node):
    """(Name, function of Facts that gives the kind) for all that a statement may assign."""
    for part in within(node):
        if isinstance(part, ast.Assign):
            for target in part.targets:
                yield from _of_target(target, part.value)
        elif isinstance(part, ast.AnnAssign) and part.value is not None:
            yield from _of_target(part.target, part.value)
        elif isinstance(part, ast.AugAssign):
            if isinstance(part.target, ast.Name):
                yield part.target.id, lambda facts, part=part: of_operator(
                    part.op, facts.kinds.get(part.target.id), kind_of(part.value, facts))
        elif isinstance(part, (ast.For, ast.comprehension)):
            yield from _of_loop(part.target, part.iter)
        elif isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield part.name, _of_nothing
        elif isinstance(part, ast.alias):
            yield (part.asname or part.name).split(".")[0], _of_nothing
        elif isinstance(part, (ast.AsyncFor, ast.NamedExpr)):
            yield from unknown(part.target)
        elif isinstance(part, ast.withitem) and part.optional_vars is not None:
            yield from unknown(part.optional_vars)
        elif isinstance(part, ast.Delete):
            for target in part.targets:
                yield from unknown(target)
        elif isinstance(part, (ast.Global, ast.Nonlocal)):
            for name in part.names:
                yield name, _of_nothing
        elif type(part).__name__ in ("ExceptHandler", "MatchAs", "MatchStar") and part.name:
            yield part.name, _of_nothing
        elif type(part).__name__ == "MatchMapping" and part.rest:
            yield part.rest, _of_nothing
        elif type(part).__name__ == "TypeAlias":
            yield part.name.id, _of_nothing


def _of_nothing(_):
    return None


def _of_target(target, value):
    if isinstance(target, ast.Name):
        yield target.id, lambda facts: kind_of(value, facts)
    elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)) \
            and len(target.elts) == len(value.elts) and not any(
                isinstance(each, ast.Starred) for each in target.elts + value.elts):
        for one, other in zip(target.elts, value.elts):
            yield from _of_target(one, other)
    else:
        yield from unknown(target)


def _of_loop(target, over):
    if isinstance(target, ast.Name):
        yield target.id, lambda facts: element_kind(over, facts)
    elif isinstance(target, ast.Tuple) and isinstance(target.elts[0], ast.Name) \
            and is_call_of(over, "enumerate"):
        yield target.elts[0].id, lambda facts: INT if "enumerate" in facts.trusted else None
        yield from unknown(ast.Tuple(target.elts[1:], ast.Store()))
    else:
        yield from unknown(target)


def unknown(target):
    for part in ast.walk(target):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            yield part.id, _of_nothing


def certain(node):
    """Names that have a value after a statement has run to its end."""
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if getattr(node, "value", None) is None:
            return set()
        return {name for target in targets for name, _ in unknown(target)}
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef,
                         ast.ClassDef)):
        return {name for name, _ in bindings(node)} - {"*"}
    if isinstance(node, ast.If):
        return certain_of_all(node.body) & certain_of_all(node.orelse)
    return set()


def certain_of_all(nodes):
    return set().union(*map(certain, nodes))


def may_be_read_first(loop):
    """Names that a loop, or a comprehension, may read before it assigns them.

    What it goes over is read when it begins. Of a loop's statements those at the top are looked at
    in order; a name that is read in any other way before it is assigned there counts.
    """
    if isinstance(loop, COMPREHENSIONS):
        return _read(loop.generators[0].iter)
    done = {name for name, _ in unknown(loop.target)} if isinstance(loop, ast.For) else set()
    first = _read(loop.test if isinstance(loop, ast.While) else loop.iter)
    for node in loop.body:
        read = _read(node)
        if isinstance(node, ast.AugAssign):
            read |= {name for name, _ in unknown(node.target)}
        elif isinstance(node, (ast.For, ast.While)):
            # What it assigns itself before it reads it, it has not from here.
            read = read - ({name for name, _ in bindings(node)} - may_be_read_first(node)) \
                if not node.orelse else read
        first |= read - done
        done |= certain(node)
    for node in loop.orelse:
        first |= _read(node)
    return first


def _read(node):
    names = {part.id for part in ast.walk(node)
             if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)}
    return names | {part.target.id for part in ast.walk(node)
                    if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name)}


def names_bound(tree):
    """Names that are bound anywhere in a module."""
    for part in ast.walk(tree):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            yield part.id
        elif isinstance(part, ast.Global):
            yield from part.names
        else:       # a function, a class, what is imported, caught or matched, a parameter
            for field in ("name", "asname", "arg", "rest"):
                if isinstance(getattr(part, field, None), str):
                    yield getattr(part, field).split(".")[0]
