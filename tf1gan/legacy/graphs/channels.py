"""Graphs whose images have their channels first (NCHW), which TensorFlow computes on a GPU alone.

Such an operation works on the images turned, and its result is turned back, under its own name.
What a script itself makes is turned by `api.nchw`, whose table this shares.
"""

from tf1gan.legacy.api.nchw import ALONG_AXES, FIRST, OPERATIONS, PICTURES, SIZES, orders

_FLOAT, _INT32 = 1, 3


def come_first(node):
    """Whether a node is such an operation."""
    return node.op in OPERATIONS and "data_format" in node.attr \
        and node.attr["data_format"].s in FIRST


def last(graph_def):
    """Turns them, in place, in a graph and in its functions. Returns how many there were."""
    bodies = [(graph_def.node, False)] + [
        (function.node_def, True) for function in graph_def.library.function]
    count = 0
    for body, in_function in bodies:
        for node in [node for node in body if come_first(node)]:
            _turn(_Nodes(body, node.name + "/", in_function), node)
            count += 1
    return count


class _Nodes:
    """Adds nodes to a graph or a function. What is added is given as inputs have it."""

    def __init__(self, body, scope, in_function):
        self.body, self._scope, self._in_function = body, scope, in_function

    def add(self, name, operation, inputs, output, **types):
        node = self.body.add(name=self._scope + name, op=operation)
        node.input.extend(inputs)
        for key, kind in types.items():
            node.attr[key].type = kind
        return self.named(node, output)

    def named(self, node, output):
        return f"{node.name}:{output}:0" if self._in_function else node.name

    def numbers(self, name, values):
        """A list of whole numbers, or one."""
        found = self.add(name, "Const", [], "output", dtype=_INT32)
        value = self.body[-1].attr["value"].tensor
        value.dtype = _INT32
        value.tensor_shape.SetInParent()
        if isinstance(values, list):
            value.tensor_shape.dim.add().size = len(values)
        value.int_val.extend(values if isinstance(values, list) else [values])
        return found

    def transposed(self, name, value, order, kind):
        return self.add(name, "Transpose", [value, self.numbers(name + "/order", order)], "y",
                        T=kind, Tperm=_INT32)

    def gathered(self, name, value, order, kind):
        """A list of numbers, one an axis, in another order."""
        order, axis = self.numbers(name + "/order", order), self.numbers(name + "/axis", 0)
        return self.add(name, "GatherV2", [value, order, axis], "output", Tparams=kind,
                        Tindices=_INT32, Taxis=_INT32)


def _turn(nodes, node):
    roles, result = OPERATIONS[node.op].split()
    kind = node.attr["T"].type if "T" in node.attr else _FLOAT
    sizes = node.attr["Tshape"].type if "Tshape" in node.attr else _INT32
    to_last, to_first = orders(len(node.attr["data_format"].s))
    inputs = list(node.input)
    for place, role in enumerate(roles):
        if role == PICTURES:
            inputs[place] = nodes.transposed(f"images_{place}", inputs[place], to_last, kind)
        elif role == SIZES:
            inputs[place] = nodes.gathered(f"sizes_{place}", inputs[place], to_last, sizes)
    node.input[:] = inputs
    _turn_attributes(node.attr, to_last)
    if result == PICTURES:
        order = [value for value in inputs if value.startswith("^")]
        nodes.add("channels_last", node.op, inputs, "output")
        inner = nodes.body[-1]
        for key in node.attr:
            inner.attr[key].CopyFrom(node.attr[key])
        back = nodes.transposed("channels_first", nodes.named(inner, "output"), to_first, kind)
        node.op = "Identity"
        node.input[:] = [back] + order
        node.attr.clear()
        node.attr["T"].type = kind


def _turn_attributes(attr, to_last):
    attr["data_format"].s = FIRST[attr["data_format"].s]
    for name in ALONG_AXES:
        if name in attr and len(attr[name].list.i) == len(to_last):
            values = list(attr[name].list.i)
            attr[name].list.i[:] = [values[axis] for axis in to_last]
    if "explicit_paddings" in attr and attr["explicit_paddings"].list.i:
        around = list(attr["explicit_paddings"].list.i)
        attr["explicit_paddings"].list.i[:] = [
            around[2 * axis + side] for axis in to_last for side in (0, 1)]
    if "_output_shapes" in attr:
        del attr["_output_shapes"]
