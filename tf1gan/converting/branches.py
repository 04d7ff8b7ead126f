"""In which branches of conditions, and in which loops, a node of a TensorFlow 1 graph is.

TensorFlow 1 tells by a node's inputs. A node without inputs, such as a constant, or with inputs
that are the same in each iteration, is told by its control inputs ("^name"): a constant in a loop
has the loop's condition, or any other node of the loop, as one. If that node is left out, the
constant needs another control input that says the same.

Control inputs between nodes that are computed anyhow stay: those between the counters of nested
loops keep what one iteration of the outer loop pushes apart from what the next one does.
"""

import re

from tf1gan.compat import tf
from tf1gan.converting import graphs
from tf1gan.converting.graphs import tensor

_SWITCHES = ("Switch", "RefSwitch")
_MERGES = ("Merge", "RefMerge")
_NEXT = ("NextIteration", "RefNextIteration")
_ENTERS = ("Enter", "RefEnter")
_EXITS = ("Exit", "RefExit")
# A loop's gradient takes from stacks what the loop has pushed there, the last first. Only the
# control inputs between these operations and the loop's counter keep the iterations in order.
_STACKS = ("StackPush", "StackPushV2", "StackPop", "StackPopV2", "ControlTrigger")
_FRAME = "a loop's frame"
# What changes something that is there for one run alone, perhaps for nobody but what comes after.
_CHANGES = re.compile(r"^(Stack(Push|Pop)\w*|TensorArray(Write|Scatter|Split|Unpack)\w*)$")
_ASSIGNS = ("Assign", "AssignAdd", "AssignSub")
_FARTHEST = 100         # operations from a condition to what enters a loop
_HAND_ON = ("NoOp", "Identity", "RefIdentity", "ControlTrigger")


def in_order(graph_def, wanted):
    """Removes control inputs, in place, unless both their nodes are computed anyhow, or they say in
    which branch or loop a node is.

    Args:
      wanted: names of nodes.
    """
    before = tf.GraphDef()
    before.CopyFrom(graph_def)
    nodes, found, new = graphs.by_name(before), {}, []
    computed = _computed(nodes, found, wanted)
    for node in graph_def.node:
        if node.name not in computed:
            continue
        data = graphs.data_inputs(node)
        order = [value for value in node.input if value.startswith("^")]
        kept = [value for value in order if graphs.node_of(value) in computed]
        left = [graphs.node_of(value) for value in order if value not in kept]
        if left and all(_is_the_same_throughout(nodes, value) for value in data):
            kept += _pivot(nodes, found, node, left, new)
        node.input[:] = data + kept
    for name, value, kind in new:
        node = graph_def.node.add(name=name, op="Identity", input=[value])
        node.attr["T"].type = kind


def _computed(nodes, found, wanted):
    """The names of the nodes that some need, by their data or by order that matters."""
    changing, reached, waiting = _changing(nodes), set(), list(wanted)
    while waiting:
        name = waiting.pop()
        node = nodes.get(name)
        if name in reached or node is None:
            continue
        reached.add(name)
        for value in node.input:
            before = graphs.node_of(value)
            if not value.startswith("^") or _says_so(nodes, before) or before in changing \
                    or node.op in _STACKS and _branches(nodes, found, before):
                waiting.append(before)
    return reached


def _changing(nodes):
    """The names of the nodes that change what one run has, and of groups of them."""
    after, waiting, reached, known = {}, [], set(), {}
    for node in nodes.values():
        if _CHANGES.match(node.op) or node.op in _ASSIGNS and _is_temporary(nodes, node, known):
            waiting.append(node.name)
        elif node.op in _HAND_ON:
            for value in node.input:
                after.setdefault(graphs.node_of(value), []).append(node.name)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += after.get(name, [])
    return reached


def _is_temporary(nodes, node, known):
    """Whether what a node assigns to is a variable that each run makes and destroys.

    Args:
      known: what is known already, by nodes' names; more is added.
    """
    passed = []
    while node is not None and node.op in _ASSIGNS and node.input and node.name not in known \
            and len(passed) <= len(nodes):
        passed.append(node.name)
        node = nodes.get(graphs.node_of(node.input[0]))
    found = node is not None and (known.get(node.name, False) or node.op == "TemporaryVariable")
    known.update(dict.fromkeys(passed, found))
    return found


def _says_so(nodes, name):
    """Whether a control input from a node says only in which branch or loop something is."""
    node = nodes.get(name)
    before = [nodes[each].op for each in map(graphs.node_of, node.input)
              if each in nodes] if node is not None else []
    return node is not None and (
        node.op in _SWITCHES + _STACKS + ("Enter", "LoopCond")
        or node.op == "Identity" and before[:1] in (["Switch"], ["RefSwitch"])
        or _is_of_a_loop(nodes, node))


def _is_the_same_throughout(nodes, value):
    """Whether a value enters a loop as a constant of it: the same in each iteration."""
    node = nodes.get(graphs.node_of(value))
    return node is not None and node.op in _ENTERS and graphs.attribute(node, "is_constant").b


def _is_of_a_loop(nodes, node):
    """Whether a node is where a loop's values begin an iteration."""
    return node.op in _MERGES and any(
        nodes[each].op in _NEXT for each in map(graphs.node_of, node.input) if each in nodes)


def _pivot(nodes, found, node, after, new):
    """Control inputs that say in which branch or loop a node is: in the innermost of some others.

    Args:
      after: those others, by their names.
      new: a list to which is added what has to be made for it: (name, input, type).
    """
    constant = _constant_of_a_loop(nodes, after)
    if constant:
        return ["^" + constant]
    inside = {}
    for name in after:
        inside.update(_branches(nodes, found, name))
    if not inside:
        return []
    # The branch by which a loop goes on lies within the loop's frame.
    innermost = max(inside, key=lambda key: (len(found[inside[key].partition(":")[0]]),
                                             key[0] != _FRAME))
    value = inside[innermost]
    if innermost[0] == _FRAME:
        return ["^" + value]
    name = node.name + "/where_it_is"
    new.append((name, value, nodes[graphs.node_of(value)].attr["T"].type))
    return ["^" + name]


def _constant_of_a_loop(nodes, names):
    """What enters a loop as a constant of it, where some nodes depend on such alone; else None.

    A condition's branch that is known beforehand leaves such behind of what told where it is.
    """
    waiting, seen, entering = list(names), set(), None
    while waiting:
        name = waiting.pop()
        node = nodes.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if _is_the_same_throughout(nodes, name):
            entering = entering or name
        elif node.op in _SWITCHES + _MERGES + _EXITS + _ENTERS or len(seen) > _FARTHEST:
            return None
        else:
            waiting += map(graphs.node_of, node.input)
    return entering


def _branches(nodes, found, wanted):
    """{(condition, which branch of it): what comes through it} of a node, outer branches included.

    Args:
      found: what is known already, by nodes' names; more is added.
    """
    waiting, opened = [wanted], set()
    while waiting:
        name = waiting[-1]
        node = nodes.get(name)
        if name in found or node is None:
            found.setdefault(name, {})
            waiting.pop()
            continue
        before = _before(nodes, node)
        missing = [each for each in map(graphs.node_of, before) if each not in found]
        if missing and name not in opened:
            opened.add(name)
            waiting += missing
            continue
        found[name] = _joined(nodes, found, node, before)
        waiting.pop()
    return found[wanted]


def _before(nodes, node):
    """The inputs that say where a node is."""
    if node.op in _EXITS:               # outside, as what its loop began with
        for _ in range(3):              # the switch, the merge, what enters
            node = nodes.get(graphs.node_of(node.input[0]))
            if node is None:
                return []
        return [node.input[0]] if node.op in _ENTERS else []
    if _is_of_a_loop(nodes, node):
        return [value for value in node.input if nodes.get(graphs.node_of(value)) is not None
                and nodes[graphs.node_of(value)].op not in _NEXT][:1]
    return list(node.input)


def _joined(nodes, found, node, before):
    each_side = []
    for value in before:
        each = tensor(value)
        side = dict(found.get(each.node, {}))
        source = nodes.get(each.node)
        if source is not None and source.op in _SWITCHES and not value.startswith("^"):
            side[source.input[1], each.index] = each.name
        each_side.append(side)
    if node.op in _MERGES and not _is_of_a_loop(nodes, node):
        inside = {key: value for key, value in (each_side or [{}])[0].items()
                  if all(key in side for side in each_side)}
    else:
        inside = {key: value for side in each_side for key, value in side.items()}
    if _is_of_a_loop(nodes, node):
        inside[_FRAME, node.name] = node.name
    return inside
