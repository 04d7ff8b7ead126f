"""Images with their channels first (NCHW), for which TensorFlow has kernels on a GPU alone.

Such an operation works on the images turned, and its result is turned back.
"""

_LAST, _FIRST = (0, 2, 3, 1), (0, 3, 1, 2)
# Operation -> its inputs that are images, and its outputs that are.
_OPERATIONS = {
    "Conv2D": ((0,), (0,)), "DepthwiseConv2dNative": ((0,), (0,)), "MaxPool": ((0,), (0,)),
    "AvgPool": ((0,), (0,)), "Conv2DBackpropInput": ((2,), (0,)), "MaxPoolV2": ((0,), (0,)),
    "DepthToSpace": ((0,), (0,)), "SpaceToDepth": ((0,), (0,)),
}
_SIZES = {"Conv2DBackpropInput": 0}     # an input that is a shape of images
_LISTS = ("strides", "ksize", "dilations")
_INT32 = 3


def come_first(node):
    """Whether a node is such an operation."""
    return node.op in _OPERATIONS and node.attr["data_format"].s == b"NCHW" \
        if "data_format" in node.attr else False


def last(graph_def):
    """Turns them, in place, in the graph itself. Returns how many there were."""
    found = [node for node in graph_def.node if come_first(node)]
    for node in found:
        _turn(graph_def, node)
    return len(found)


def _turn(graph_def, node):
    name, kind = node.name, node.attr["T"].type
    inner = graph_def.node.add()
    inner.CopyFrom(node)
    inner.name = name + "/channels_last"
    inner.attr["data_format"].s = b"NHWC"
    for each in _LISTS:
        values = list(inner.attr[each].list.i) if each in inner.attr else []
        if len(values) == 4:
            inner.attr[each].list.i[:] = [values[at] for at in _LAST]
    if list(inner.attr["explicit_paddings"].list.i if "explicit_paddings" in inner.attr else ()):
        pairs = list(inner.attr["explicit_paddings"].list.i)
        inner.attr["explicit_paddings"].list.i[:] = [
            pairs[2 * at + side] for at in _LAST for side in (0, 1)]
    if "_output_shapes" in inner.attr:
        del inner.attr["_output_shapes"]
    images, _ = _OPERATIONS[node.op]
    for place in images:
        inner.input[place] = _transposed(graph_def, f"{name}/images_{place}", inner.input[place],
                                         _LAST, kind)
    if node.op in _SIZES:
        place = _SIZES[node.op]
        inner.input[place] = _gathered(graph_def, f"{name}/sizes", inner.input[place])
    order = [value for value in node.input if value.startswith("^")]
    del node.input[:]
    node.input.extend([inner.name, _permutation(graph_def, name + "/first", _FIRST)] + order)
    node.op = "Transpose"
    node.attr.clear()
    node.attr["T"].type, node.attr["Tperm"].type = kind, _INT32


def _permutation(graph_def, name, order):
    node = graph_def.node.add(name=name, op="Const")
    node.attr["dtype"].type = _INT32
    value = node.attr["value"].tensor
    value.dtype = _INT32
    value.tensor_shape.dim.add().size = len(order)
    value.int_val.extend(order)
    return name


def _transposed(graph_def, name, value, order, kind):
    node = graph_def.node.add(name=name, op="Transpose")
    node.input.extend([value, _permutation(graph_def, name + "/order", order)])
    node.attr["T"].type, node.attr["Tperm"].type = kind, _INT32
    return name


def _gathered(graph_def, name, value):
    """A shape in the other order."""
    axis = graph_def.node.add(name=name + "/axis", op="Const")
    axis.attr["dtype"].type = _INT32
    axis.attr["value"].tensor.dtype = _INT32
    axis.attr["value"].tensor.int_val.append(0)
    axis.attr["value"].tensor.tensor_shape.SetInParent()
    node = graph_def.node.add(name=name, op="GatherV2")
    node.input.extend([value, _permutation(graph_def, name + "/order", _LAST), axis.name])
    for key in ("Tparams", "Tindices", "Taxis"):
        node.attr[key].type = _INT32
    return name
