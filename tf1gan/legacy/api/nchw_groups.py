"""Gradients of convolutions in groups, and of dilated ones, by convolutions of other tensors.

TensorFlow convolves on a CPU in groups and with dilations, but has not got their gradients there.
The gradient of what goes in is a convolution of the result's, with zeros between its pixels, by
the kernel turned round; that of the kernel is one of the pictures by the result's. All tensors have
their channels last.
"""

GRADIENTS = ("Conv2DBackpropInput", "Conv2DBackpropFilter")


def may_be(itself):
    """Whether a gradient, an operation with the channels first, is or may be of such a one."""
    if itself.type not in GRADIENTS:
        return False
    if set(itself.get_attr("dilations")) != {1}:
        return True
    if itself.type == "Conv2DBackpropInput":
        pictures, kernel = itself.outputs[0].shape, itself.inputs[1].shape
    else:
        pictures, kernel = itself.inputs[0].shape, itself.outputs[0].shape
    channels, of_a_group = (shape.dims and shape.dims[axis].value
                            for shape, axis in ((pictures, 1), (kernel, 2)))
    return channels is None or channels != of_a_group


def apply(op_type, inputs, attrs):
    """What an operation of that type gives, whose attributes are those of channels last."""
    strides, dilations = (list(attrs[name].list.i)[1:3] for name in ("strides", "dilations"))
    padding = attrs["padding"].s.decode()
    around = list(attrs["explicit_paddings"].list.i)[2:5:2] if padding == "EXPLICIT" else [0, 0]
    of = _of_pictures if op_type == "Conv2DBackpropInput" else _of_kernel
    return of(*inputs, strides, dilations, padding, around)


def _of_pictures(sizes, kernel, gradient, strides, dilations, padding, around):
    from tensorflow.python.ops import array_ops
    shape, results = _sizes(kernel), _sizes(gradient)
    groups = sizes[3] // shape[2]
    turned = array_ops.reverse(array_ops.reshape(
        kernel, [shape[0], shape[1], shape[2], groups, -1]), [0, 1])
    turned = array_ops.reshape(array_ops.transpose(turned, [0, 1, 4, 3, 2]),
                               [shape[0], shape[1], -1, sizes[3]])
    high, wide = strides
    spread = array_ops.reshape(array_ops.pad(
        array_ops.reshape(gradient, [results[0], results[1], 1, results[2], 1, results[3]]),
        [[0, 0], [0, 0], [0, high - 1], [0, 0], [0, wide - 1], [0, 0]]),
        [results[0], results[1] * high, results[2] * wide, results[3]])
    margins = []
    for axis in (0, 1):
        reach = (shape[axis] - 1) * dilations[axis]
        before = _before(sizes[axis + 1], results[axis + 1], reach, strides[axis], padding,
                         around[axis])
        long = (results[axis + 1] - 1) * strides[axis] + 1
        margins.append([reach - before, sizes[axis + 1] + before - long])
    spread = spread[:, :(results[1] - 1) * high + 1, :(results[2] - 1) * wide + 1]
    return _convolved(_within(spread, margins), turned, [1, 1], dilations)


def _of_kernel(pictures, sizes, gradient, strides, dilations, padding, around):
    from tensorflow.python.ops import array_ops
    shape, results = _sizes(pictures), _sizes(gradient)
    margins, long = [], []
    for axis in (0, 1):
        reach = (sizes[axis] - 1) * dilations[axis]
        before = _before(shape[axis + 1], results[axis + 1], reach, strides[axis], padding,
                         around[axis])
        long.append((results[axis + 1] - 1) * strides[axis] + reach + 1)
        margins.append([before, long[-1] - before - shape[axis + 1]])
    pictures = array_ops.reshape(_within(pictures, margins),
                                 [shape[0], long[0], long[1], -1, sizes[2]])
    pictures = array_ops.reshape(array_ops.transpose(pictures, [4, 1, 2, 3, 0]),
                                 [sizes[2], long[0], long[1], -1])
    made = _convolved(pictures, array_ops.transpose(gradient, [1, 2, 0, 3]), dilations, strides)
    return array_ops.transpose(made, [1, 2, 0, 3])


def _sizes(tensor):
    from tensorflow.python.ops import array_ops
    shape = array_ops.shape(tensor)
    return [shape[axis] for axis in range(4)]


def _before(size, results, reach, stride, padding, around):
    """How many zeros stand before the first pixel."""
    from tensorflow.python.ops import math_ops
    if padding != "SAME":
        return around
    return math_ops.maximum((results - 1) * stride + reach + 1 - size, 0) // 2


def _within(pictures, margins):
    """Pictures with so many zeros more at the beginning and end of either axis, or pixels fewer."""
    from tensorflow.python.ops import array_ops, math_ops
    added = [[math_ops.maximum(size, 0) for size in pair] for pair in margins]
    cut = [[math_ops.maximum(-size, 0) for size in pair] for pair in margins]
    sizes = _sizes(pictures)
    kept = pictures[:, cut[0][0]:sizes[1] - cut[0][1], cut[1][0]:sizes[2] - cut[1][1]]
    return array_ops.pad(kept, [[0, 0], *added, [0, 0]])


def _convolved(pictures, kernel, strides, dilations):
    from tensorflow.python.ops import gen_nn_ops
    return gen_nn_ops.conv2d(pictures, kernel, [1, *strides, 1], "VALID",
                             dilations=[1, *dilations, 1])
