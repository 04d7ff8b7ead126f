"""What changes variables beside a network, as training does: left out, or refused where it counts.

A network that is converted computes, and changes nothing. Where an output comes after an update by
order alone, the update is left out, in the original as well, which is run more than once. Where the
output is of what the update has made of a variable, that is not the network's alone, and refused.
"""

from tf1gan.converting import graphs
from tf1gan.errors import UserError

_SAME = ("Identity", "RefIdentity", "Enter", "RefEnter", "Switch", "RefSwitch", "RefSelect")
_EDGES = ("Exit", "RefExit", "Merge", "RefMerge")       # of loops, of branches
_FARTHEST = 20
_MOST = 3000000         # nodes that are seen while order is worked out
_AT_ONCE = 1024         # updates that are followed through a graph
_DEEPEST = 100          # loops in one another


def variable_of(nodes, node):
    """The name of the variable that a node changes, or None."""
    return _root(nodes, node.input[0]) if node.input and graphs.changes(node) else None


def leave_out(graph_def, wanted):
    """Has nothing come after what changes a variable, in place, but for what takes its value.

    Raises:
      UserError: more comes after updates than can be looked at.
    """
    nodes = graphs.by_name(graph_def)
    changing = [node.name for node in graph_def.node if variable_of(nodes, node)]
    if not changing:
        return
    gone = graphs.dependants(graph_def, changing) - graphs.needed(nodes, wanted, order=False)
    left, looked_at = {}, 0     # order -> what is left of it: many nodes may have the same
    for name in graphs.needed(nodes, wanted):
        node = nodes[name]
        if name not in gone and any(
                value.startswith("^") and graphs.node_of(value) in gone for value in node.input):
            order = tuple(value for value in node.input if value.startswith("^"))
            if order not in left:
                left[order], seen = _before(nodes, gone, order)
                looked_at += seen
            looked_at += len(left[order])
            if looked_at > _MOST:
                raise UserError(f"{name} and others come after so many updates of variables that "
                                "their order is not worked out: name other outputs")
            node.input[:] = graphs.data_inputs(node) + left[order]


def check(graph_def, wanted, of_training=()):
    """Raises UserError where what some nodes give depends on what others make of a variable.

    Args:
      graph_def: with the phases fixed, and all order as it was.
      of_training: names of nodes that change variables for training alone.
    """
    nodes = graphs.by_name(graph_def)
    reading = {}            # variable -> the nodes that read it, for what is wanted
    for name in _in_order(graph_def, graphs.needed(nodes, wanted, order=False)):
        node = nodes[name]
        if variable_of(nodes, node):
            raise UserError(_words(node, nodes[variable_of(nodes, node)], ""))
        for value in graphs.data_inputs(node):
            variable = _root(nodes, value)
            if variable:
                reading.setdefault(variable, []).append(name)
    needed = graphs.needed(nodes, wanted)
    changing = {name: variable_of(nodes, nodes[name]) for name in _in_order(graph_def, needed)
                if name not in of_training}
    changing = {name: variable for name, variable in changing.items() if variable in reading}
    late = _late(nodes, needed, changing, reading)
    if late:
        name, reader = late
        raise UserError(_words(nodes[name], nodes[changing[name]], f" before {reader} reads it"))


def check_functions(graph_def):
    """Raises UserError where functions that are called change variables."""
    for function in graph_def.library.function:
        for node in function.node_def:
            if graphs.changes(node):
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
        if not node.input or not (node.op in _SAME or graphs.changes(node)):
            return None
        value = node.input[0]
    return None


def _before(nodes, gone, order):
    """(The order that is left without some nodes: after what comes before those; nodes seen)."""
    kept, seen, waiting = [], set(), list(order[::-1])
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
    return kept, len(seen)


def _in_order(graph_def, names):
    return [node.name for node in graph_def.node if node.name in names]


def _late(nodes, needed, changing, reading):
    """(An update, a node that comes after it and reads the variable), or None.

    Many updates are followed at once, each as a bit of a number: those that a node comes after.
    """
    names, order = list(changing), _one_after_another(nodes, needed) if changing else ()
    for start in range(0, len(names), _AT_ONCE):
        some = names[start:start + _AT_ONCE]
        own = {name: 1 << place for place, name in enumerate(some)}
        after = dict(own)
        for turn in range(_DEEPEST + 1):        # a loop's end is known when it begins again
            before = dict(after) if turn else None
            for name, inputs in order:
                found = own.get(name, 0)
                for each in inputs:
                    found |= after.get(each, 0)
                if found:
                    after[name] = found
            if after == before:
                break
        else:
            raise UserError(f"{some[0]} changes {changing[some[0]]} in loops that lie in one "
                            "another too deeply to be followed: name other outputs")
        for place, name in enumerate(some):
            for reader in reading[changing[name]]:
                if after.get(reader, 0) >> place & 1:
                    return name, reader
    return None


def _one_after_another(nodes, names):
    """(name, names of what it takes) of some nodes, each after those, but where loops return."""
    inputs = {name: {graphs.node_of(value) for value in nodes[name].input} & names
              for name in names}
    left, taking = {name: len(found) for name, found in inputs.items()}, {}
    for name, found in inputs.items():
        for each in found:
            taking.setdefault(each, []).append(name)
    merges = [name for name in names if nodes[name].op in _EDGES]
    others, ready, found, done = list(names), [], [], set()
    ready += [name for name, count in left.items() if not count]
    while len(found) < len(names):
        while not ready:
            name = (merges or others).pop()
            ready += [name] if name not in done else []
        name = ready.pop()
        if name not in done:
            done.add(name)
            found.append((name, inputs[name]))
            for each in taking.get(name, ()):
                left[each] -= 1
                if not left[each]:
                    ready.append(each)
    return found
