"""By which names a graph's Savers saved its variables, as their operations that restore say."""

from typing import Any, Mapping, NamedTuple

from tf1gan.converting import graphs
from tf1gan.errors import UserError

_RESTORING = ("RestoreV2", "RestoreSlice", "Restore")
_HANDING_ON = ("Identity", "Reshape")
_ASSIGNING = ("Assign", "AssignVariableOp")
_ALL = "restore_all"        # of a Saver: what all that it restores comes before
_FARTHEST = 20          # operations from what restores to what assigns
_MOST = 3000000             # operations that are looked at for all Savers together


class Key(NamedTuple):
    """Where a variable is in a checkpoint.

    Attributes:
      name: in the checkpoint.
      part: its slice as text, or "".
      reshaped: whether the Saver gives it the variable's shape, whatever it was saved with.
    """
    name: str
    part: str = ""
    reshaped: bool = False


def keys(source, present=(), needed=None) -> Mapping[str, Key]:
    """Names of variables' nodes -> Keys.

    A graph with a Saver's definition was saved by that. Of several others, it was by one that saves
    all that the checkpoint has and no more, or else no more.

    Args:
      present: the names that the checkpoint has.
      needed: the variables that are needed; None: all.

    Raises:
      UserError: the Savers contradict one another about one of these.
    """
    found = {node.name: Key(node.name) for node in source.variables}
    # A resource may be shared under another name, by which it is saved.
    for node in source.variables:
        shared = graphs.attribute(node, "shared_name").s.decode("utf-8", "replace")
        if node.op == "VarHandleOp" and shared:
            found[node.name] = Key(shared)
    nodes, present = graphs.by_name(source.graph_def), set(present)
    wanted = source.meta.saver_def.restore_op_name
    groups = [_of_one(nodes, {}, found, wanted)[0]] if wanted in nodes else _all(nodes, found)
    if groups[1:]:
        names = [{key.name for key in group.values()} for group in groups]
        groups = [group for group, saved in zip(groups, names) if saved == present] or [
            group for group, saved in zip(groups, names) if saved <= present] or groups
    said = {}
    for group in groups:
        for variable, key in group.items():
            if said.setdefault(variable, key) != key and (needed is None or variable in needed):
                raise UserError(
                    f"{source.path} has several Savers, of which one has {variable} as "
                    f"{said[variable].name}, and one as {key.name}: restore it in its script "
                    "(tf1gan run), and save it there with one Saver's save, which writes the .meta "
                    "as well")
    found.update(said)
    return found


def _all(nodes, variables) -> Any:
    """What each Saver of a graph says, where it restores anything."""
    groups, known, looked_at = [], {}, 0
    for name, node in nodes.items():
        if node.op == "NoOp" and name.rpartition("/")[2].startswith(_ALL):
            group, seen = _of_one(nodes, known, variables, name)
            groups += [group] if group else []
            looked_at += seen
            if looked_at > _MOST:
                raise UserError("the graph has so many Savers that they are not looked at")
    return groups


def _of_one(nodes, known, variables, name):
    """({variable: Key} of what is restored before a node, how many nodes were looked at).

    Args:
      known: texts of constants that have been read; more are added.
    """
    found, seen, waiting = {}, set(), [name]
    while waiting:
        name = waiting.pop()
        node = nodes.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if node.op in _ASSIGNING:
            variable = graphs.node_of(node.input[0])
            key = _key(nodes, known, node)
            if key is not None and variable in variables:
                found[variable] = key
        else:
            waiting += map(graphs.node_of, node.input)
    return found, len(seen)


def _key(nodes, known, node):
    """What a node that assigns takes from a checkpoint; None where that is not known."""
    value, reshaped = graphs.tensor(graphs.data_inputs(node)[1]), False
    for _ in range(_FARTHEST):
        restoring = nodes.get(value.node)
        if restoring is None or restoring.op not in _HANDING_ON:
            break
        reshaped = reshaped or restoring.op == "Reshape"
        value = graphs.tensor(restoring.input[0])
    if restoring is None or restoring.op not in _RESTORING:
        return None
    name, part = (_text(nodes, known, each, value.index) for each in (
        list(restoring.input[1:3]) + [""])[:2])
    return None if name is None else Key(name, part or "", reshaped)


def _text(nodes, known, constant, index):
    """One of a constant's texts, or None. It may have those of all variables."""
    name = graphs.node_of(constant)
    if name not in known:
        array = graphs.value_of(nodes.get(name))
        known[name] = () if array is None else array.ravel()
    return known[name][index].decode("utf-8", "replace") if index < len(known[name]) else None
