"""A graph in which some tensors are given values: conditions on them keep one branch only."""

import collections

import numpy as np

from tf1gan.compat import tf
from tf1gan.converting import graphs
from tf1gan.converting.graphs import Tensor, tensor
from tf1gan.errors import UserError

_SAME = ("Identity", "StopGradient", "Enter", "RefEnter", "Snapshot", "Squeeze", "Reshape",
         "RefIdentity", "PreventGradient", "EnsureShape")
_OF_NUMBERS = {"LogicalNot": np.logical_not, "LogicalAnd": np.logical_and,
               "LogicalOr": np.logical_or, "Equal": np.equal, "NotEqual": np.not_equal,
               "Greater": np.greater, "GreaterEqual": np.greater_equal, "Less": np.less,
               "LessEqual": np.less_equal}
INITIALIZED = ("IsVariableInitialized", "VarIsInitializedOp")      # which all variables are
_FARTHEST = 100         # operations from a predicate to what it is computed of
_LARGEST = 100          # numbers of a constant that is looked at


def folded(graph_def, fixed):
    """A copy of a graph whose fixed tensors are constants, without the branches not taken.

    Args:
      fixed: {Tensor: value}, of placeholders and constants.

    Raises:
      UserError: a tensor is none of these, or the value is not of its type.
    """
    made = tf.GraphDef()
    made.CopyFrom(graph_def)
    nodes = graphs.by_name(made)
    for each, value in fixed.items():
        _fix(nodes[each.node], each, value)
    live, dead = _branches(made, nodes)
    if live or dead:
        _take(made, nodes, live, dead)
    for node in made.node:
        if node.op in ("If", "StatelessIf"):
            _take_of_functions(node, nodes)
    return made


def _fix(node, each, value):
    if node.op not in graphs.PLACEHOLDERS + ("Const",) or each.index:
        raise UserError(f"--inputs: {each.name} is no placeholder but {node.op}, and cannot be "
                        "given a value: feed it, by its name alone")
    dtype = graphs.dtype_of(node)
    try:
        graphs.constant(node, value, dtype)
    except (ValueError, TypeError, OverflowError) as error:
        raise UserError(f"--inputs: {each.name} is {graphs.type_of(dtype).name}, and {value} is no "
                        "value of that type") from error


def known(nodes, value, steps=_FARTHEST):
    """The value of a node's input as an array, where it follows from constants; else None."""
    each = tensor(value)
    node = nodes.get(each.node)
    if node is None or not steps or each.index:
        return None
    if node.op == "Const":
        sizes = [size.size for size in node.attr["value"].tensor.tensor_shape.dim]
        return graphs.value_of(node) if np.prod(sizes, dtype=np.float64) <= _LARGEST else None
    inputs = graphs.data_inputs(node)
    if node.op in INITIALIZED:
        return np.array(True)
    if node.op in _SAME or node.op == "PlaceholderWithDefault":
        return None if node.op == "PlaceholderWithDefault" else known(nodes, inputs[0], steps - 1)
    if node.op == "Cast":
        found = known(nodes, inputs[0], steps - 1)
        return None if found is None else found.astype(
            graphs.type_of(node.attr["DstT"].type).as_numpy_dtype)
    if node.op not in _OF_NUMBERS:
        return None
    of = [known(nodes, each, steps // 2) for each in inputs]
    if node.op in ("LogicalAnd", "LogicalOr"):      # one may decide
        for one in of:
            if one is not None and one.size == 1 and bool(one) == (node.op == "LogicalOr"):
                return np.array(node.op == "LogicalOr")
    return None if any(one is None for one in of) else np.asarray(_OF_NUMBERS[node.op](*of))


def _branches(graph_def, nodes):
    """({output of a Switch that is taken: what comes through}, outputs that are not taken)."""
    live, dead, decided = {}, set(), {}
    for node in graph_def.node:
        if node.op in ("Switch", "RefSwitch"):
            if node.input[1] not in decided:
                decided[node.input[1]] = known(nodes, node.input[1])
            value = decided[node.input[1]]
            if value is not None and value.size == 1:
                live[Tensor(node.name, int(bool(value)))] = node.input[0]
                dead.add(Tensor(node.name, 1 - int(bool(value))))
    return live, dead


def _take(graph_def, nodes, live, dead):
    """Has nodes take what the branches that are taken give; removes those of the others."""
    gone = _dead_nodes(graph_def, nodes, dead)

    found = {}              # what comes through, where it has been followed

    def through(each):
        seen = set()
        while each not in seen:
            if each in found:
                each = found[each]
                break
            seen.add(each)
            node = nodes.get(each.node)
            if each in live:
                each = tensor(live[each])
            elif node is not None and node.op in ("Merge", "RefMerge") and not each.index:
                left = [tensor(value) for value in graphs.data_inputs(node)]
                alive = [one for one in left if one not in dead and one.node not in gone]
                if len(alive) == len(left) or len(alive) != 1:
                    break
                each = alive[0]
            else:
                break
        found.update(dict.fromkeys(seen, each))
        return each
    switched = {each.node for each in live}
    for node in graph_def.node:
        if node.name in gone:
            continue
        node.input[:] = [value if value.startswith("^") else through(tensor(value)).edge
                         for value in node.input
                         if not value.startswith("^") or graphs.node_of(value) not in gone
                         and graphs.node_of(value) not in switched]
    kept = [node for node in graph_def.node if node.name not in gone]
    copies = [tf.NodeDef.FromString(node.SerializeToString()) for node in kept]
    del graph_def.node[:]
    graph_def.node.extend(copies)


def _dead_nodes(graph_def, nodes, dead):
    """The names of the nodes that are never computed: they lie in branches not taken."""
    taking = collections.defaultdict(list)
    for node in graph_def.node:
        for value in node.input:
            taking[graphs.node_of(value)].append(node)
    gone, waiting = set(), [node for each in dead for node in taking[each.node]]
    while waiting:
        node = waiting.pop()
        if node.name in gone or not _is_dead(node, nodes, dead, gone):
            continue
        gone.add(node.name)
        waiting.extend(taking[node.name])
    return gone


def _is_dead(node, nodes, dead, gone):
    data = graphs.data_inputs(node)
    state = [tensor(value) in dead or graphs.node_of(value) in gone for value in data]
    if node.op in ("Merge", "RefMerge"):
        loops = [nodes[graphs.node_of(value)].op in ("NextIteration", "RefNextIteration")
                 if graphs.node_of(value) in nodes else False for value in data]
        return all(one or loop for one, loop in zip(state, loops))
    return any(state) or any(graphs.node_of(value) in gone for value in node.input
                             if value.startswith("^"))


def _take_of_functions(node, nodes):
    """Makes of an If whose condition is known a call of the branch."""
    value = known(nodes, node.input[0])
    if value is None or value.size != 1:
        return
    branch = "then_branch" if bool(value) else "else_branch"
    name, kinds = node.attr[branch].func, {key: node.attr[key] for key in ("Tin", "Tout")}
    copied = {key: tf.AttrValue.FromString(kind.SerializeToString()) for key, kind in kinds.items()}
    copied["f"] = tf.AttrValue(func=name)
    node.op = "PartitionedCall" if node.op == "StatelessIf" else "StatefulPartitionedCall"
    del node.input[0]
    node.attr.clear()
    for key, kind in copied.items():
        node.attr[key].CopyFrom(kind)
