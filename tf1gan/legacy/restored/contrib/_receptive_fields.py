"""How far the outputs of a graph look, as tf.contrib.receptive_field computed it.

A field is walked backwards from the output: an operation with a kernel of k, a stride of s and a
padding of p before the first element makes size, stride and padding (K, S, P) of what it puts out
into (s K + k - s, s S, s P + p) of what it reads. Axes are x, then y; resolutions and the
attributes of operations have y first. Dilations are not looked at, as on 1.15.5.
"""

import collections
import math

import numpy as np

# Operations that read each place of their inputs for the same place of the output; and what a
# convolution's weights, a bias or a constant are made of.
AS_IS = frozenset("""
Const VariableV2 Identity Cast ConcatV2 BiasAdd FusedBatchNorm LRN Relu Relu6 Softplus
Add Sub Mul AddV2 RealDiv Pow Log Rsqrt Round Floor Ceil GreaterEqual
""".split())
CONVOLUTIONS = ("Conv2D", "DepthwiseConv2dNative")
POOLS = ("AvgPool", "MaxPool")
AXES = ("horizontal", "vertical")

NodeInfo = collections.namedtuple("NodeInfo", "order node input_size output_size")


class ReceptiveField:
    """Size, stride and padding of each axis; iterated over, all of these in one row."""

    def __init__(self, size, stride, padding):
        self.size, self.stride, self.padding = map(np.asarray, (size, stride, padding))

    def __iter__(self):
        return iter(np.concatenate([self.size, self.stride, self.padding]))

    def compute_input_center_coordinates(self, y, axis=None):
        """Where in the picture the fields of an output's places have their centers."""
        y, axis = self._places(y, axis)
        return y * self.stride[axis] - self.padding[axis] + (self.size[axis] - 1) / 2

    def compute_feature_coordinates(self, x, axis=None):
        """The places of the output whose fields have these centers."""
        x, axis = self._places(x, axis)
        return (x + self.padding[axis] - (self.size[axis] - 1) / 2) / self.stride[axis]

    def _places(self, places, axis):
        axis = list(range(self.size.size) if axis is None else axis)
        places = np.asarray(places)
        if places.shape[-1] != len(axis):
            raise ValueError(f"{places.shape[-1]} coordinates of each place, and {len(axis)} axes")
        return places, axis


def between(graph_def, input_node, output_node, stop_propagation, resolution):
    """The ReceptiveField of an output with regard to an input."""
    graph_def = graph_def.as_graph_def() if hasattr(graph_def, "as_graph_def") else graph_def
    start, end = [node.op.name if hasattr(node, "op") else node
                  for node in (input_node, output_node)]
    infos, nodes = get_compute_order(graph_def, start, resolution)
    if end not in nodes or start == end:
        raise ValueError(f"The graph has no output {end!r} that comes after the input {start!r}.")
    fields, known = {end: [(1, 1, 0), (1, 1, 0)]}, True
    for info in sorted(infos.values(), key=lambda info: -info.order):
        name = info.node.name
        if name not in fields or name == start:
            continue
        layer = get_layer_params(info.node, nodes, info.input_size)
        # From an operation whose padding is not known on, none is, in whatever branch.
        known = known and None not in layer[4:6]
        before = [(s * size + k - s, s * stride, s * padding + p if known else None)
                  for (size, stride, padding), k, s, p
                  in zip(fields[name], layer[:2], layer[2:4], layer[4:6])]
        for read in map(_name, _data_inputs(info.node)):
            if any(read.startswith(stop) for stop in stop_propagation):
                continue
            if known and read in fields:
                _compare(read, fields[read], before)
            fields[read] = [max(pair, key=lambda field: field[0])
                            for pair in zip(fields.get(read, before), before)]
    if start not in fields:
        raise ValueError(f"No way leads from the output {end!r} back to the input {start!r}.")
    return ReceptiveField(*zip(*fields[start]))


def _compare(name, field, other):
    """Raises ValueError, if fields of the same operation have other strides, or centers."""
    for axis, (size, stride, padding), (size_2, stride_2, padding_2) in zip(AXES, field, other):
        if stride != stride_2:
            raise ValueError(f"{name} is read with the {axis} strides {stride} and {stride_2}.")
        if size - 2 * padding != size_2 - 2 * padding_2:
            raise ValueError(f"{name} is read by fields whose centers differ ({axis}).")


# -- The order of a graph ----------------------------------------------------------------------

def parse_graph_nodes(graph_def):
    """name -> operation. Calls that stand for operations with the channels first are these."""
    functions = {function.signature.name: function for function in graph_def.library.function}
    return {node.name: _called(node, functions) for node in graph_def.node}


def _called(node, functions):
    kind = node.attr["_gradient_op_type"].s.decode() if node.op == "PartitionedCall" else ""
    inner = [each for each in functions[node.attr["f"].func.name].node_def if each.op == kind] \
        if kind in CONVOLUTIONS + POOLS else []
    if not inner:
        return node
    made = type(node)(name=node.name, op=kind, input=node.input, attr=inner[0].attr)
    for name in {"strides", "ksize"} & set(made.attr):
        first, *along, channels = inner[0].attr[name].list.i
        made.attr[name].list.i[:] = [first, channels] + along
    return made


def get_compute_order(graph_def, input_node_name="", input_node_size=None):
    """({name: NodeInfo}, {name: operation}): an operation's order is the length of the longest way
    to it; sizes are those that follow from the input's, [height, width]."""
    nodes, infos = parse_graph_nodes(graph_def), {}
    for name in nodes:
        waiting, open_ones = [name], set()
        while waiting:
            name = waiting[-1]
            if name == input_node_name:         # an order begins with it, whatever comes before
                infos.setdefault(name, NodeInfo(0, nodes[name], None, input_node_size))
            missing = [read for read in map(_name, _data_inputs(nodes[name]))
                       if read not in infos]
            if name in infos or not missing:
                waiting.pop()
                if name not in infos:
                    infos[name] = _info(nodes[name], nodes, infos)
            elif name in open_ones:
                raise RecursionError(f"{name} is part of a loop, in which there is no order.")
            else:
                open_ones.add(name)
                waiting += reversed(missing)
    return infos, nodes


def _info(node, nodes, infos):
    inputs = [infos[_name(read)] for read in _data_inputs(node)]
    order = 1 + max(info.order for info in inputs) if inputs else 0
    known = inputs[0].output_size if inputs else None
    if known is None:
        return NodeInfo(order, node, None, None)
    layer = get_layer_params(node, nodes, known, force=True)
    # Height goes by the numbers of x, and width by those of y, on 1.15.5, too.
    return NodeInfo(order, node, known, [
        None if None in (at, kernel, total) else math.ceil((at + total - kernel + 1) / stride)
        for at, kernel, stride, total in zip(known, layer[:2], layer[2:4], layer[6:])])


def _data_inputs(node):
    return [read for read in node.input if not read.startswith("^")]


def _name(read):
    return read.split(":")[0]


# -- What an operation reads -------------------------------------------------------------------

def get_layer_params(node, name_to_node, input_resolution=None, force=False):
    """Kernels, strides, paddings before the first element, and whole paddings: each of x, and y.

    Args:
      node: an operation.
      name_to_node: name -> operation, of its graph.
      input_resolution: [height, width] of what it reads.
      force: whether an operation that is not known has None eight times.
    """
    if node.op in AS_IS:
        return (1, 1, 1, 1, 0, 0, 0, 0)
    if node.op == "Pad":
        (top, bottom), (left, right) = _pads(name_to_node[node.input[1]])
        return (1, 1, 1, 1, left, top, left + right, top + bottom)
    if node.op not in CONVOLUTIONS + POOLS:
        if force:
            return (None,) * 8
        raise ValueError(f"{node.name} is a {node.op}, of which no receptive field is known.")
    _, height, width, _ = _weights(node, name_to_node) if node.op in CONVOLUTIONS else _window(node)
    rows, columns = node.attr["strides"].list.i[1:3]
    padding = node.attr["padding"].s.decode()
    if padding not in ("SAME", "VALID"):
        raise ValueError(f"{node.name} has the padding {padding}, which is neither SAME nor VALID.")
    along_x, along_y = (None, None) if input_resolution is None else (
        input_resolution[1], input_resolution[0])
    sides = [(0, 0), (0, 0)] if padding == "VALID" else [
        _same(width, columns, along_x), _same(height, rows, along_y)]
    (left, across), (top, down) = sides
    return width, height, columns, rows, left, top, across, down


def _same(kernel, stride, length):
    """(Padding before the first element, whole padding); None where it depends on the length."""
    if length is not None:
        total = max(kernel - (length % stride or stride), 0)
        return int(total // 2), total
    if kernel == 1 or stride == 1:
        return (kernel - 1) // 2, kernel - 1
    return ((kernel - 1) // 2 if stride == 2 and kernel % 2 == 0 else None), None


def _weights(node, nodes):
    """None, height, width, None of a convolution's weights: a variable's, or a constant's."""
    read = node.input[1]
    if not read.endswith("/read"):
        raise ValueError(f"{node.name} takes {read} as its weights, and not a variable.")
    held = nodes[read[:-len("/read")]]
    if held.op not in ("Const", "VariableV2"):
        raise ValueError(f"The weights {held.name} are a {held.op}, no variable and no constant.")
    dims = (held.attr["value"].tensor.tensor_shape if held.op == "Const"
            else held.attr["shape"].shape).dim
    if len(dims) != 4:
        raise ValueError(f"The weights {held.name} have {len(dims)} axes, not 4.")
    return None, dims[0].size, dims[1].size, None


def _window(node):
    window = node.attr["ksize"].list.i
    if window[0] != 1 or window[3] != 1:
        raise ValueError(f"{node.name} pools over pictures, or over channels: {list(window)}")
    return window


def _pads(node):
    from tensorflow.python.framework import tensor_util
    if not node.name.endswith("/paddings") or node.op != "Const":
        raise ValueError(f"{node.name} is no constant named paddings.")
    pads = tensor_util.MakeNdarray(node.attr["value"].tensor)
    if pads[0].any() or pads[-1].any():
        raise ValueError(f"{node.name} pads more than the height and the width.")
    return pads[1].tolist(), pads[2].tolist()
