"""Pictures whose channels come first (NCHW), on a machine without a GPU.

1.15.5 convolves and pools them on a GPU alone; TensorFlow of today does on some CPUs, some of them.
Here each such operation is one call of a function, under the operation's own name, that turns the
pictures round, does the same with the channels last, and turns the result back. So there are as
many operations as there were, and the gradients are TensorFlow's own, which are made of operations
that are turned round in the same way. The shapes are those that TensorFlow infers for the operation
itself, which is made in a graph apart.
"""

from tf1gan.legacy.api import gpu, nchw_groups

# What an operation's inputs are, and its result: pictures, their sizes or what else goes along
# their axes, anything else.
PICTURES, SIZES, OTHER = "psx"
OPERATIONS = {
    "Conv2D": "px p", "Conv2DBackpropInput": "sxp p", "Conv2DBackpropFilter": "pxp x",
    "DepthwiseConv2dNative": "px p", "DepthwiseConv2dNativeBackpropInput": "sxp p",
    "DepthwiseConv2dNativeBackpropFilter": "pxp x",
    "Conv3D": "px p", "Conv3DBackpropInputV2": "sxp p", "Conv3DBackpropFilterV2": "pxp x",
    "AvgPool": "p p", "AvgPoolGrad": "sp p", "AvgPool3D": "p p", "AvgPool3DGrad": "sp p",
    "MaxPool": "p p", "MaxPoolGrad": "ppp p", "MaxPoolGradGrad": "ppp p",
    "MaxPoolV2": "pss p", "MaxPoolGradV2": "pppss p", "MaxPoolGradGradV2": "pppss p",
    "MaxPool3D": "p p", "MaxPool3DGrad": "ppp p", "MaxPool3DGradGrad": "ppp p",
    "DepthToSpace": "p p", "SpaceToDepth": "p p",
}
FIRST = {b"NCHW": b"NHWC", b"NCDHW": b"NDHWC"}      # a format -> the same with channels last
ALONG_AXES = ("strides", "ksize", "dilations")      # attributes with a number for each axis
SAID = ("pictures whose channels come first (NCHW) are convolved and pooled here as with the "
        "channels last; 1.15.5 does neither without a GPU")


def restore(say):
    """Turns round what is made in a graph from now on."""
    from tensorflow.python.eager import execute
    from tensorflow.python.framework import ops
    today = ops.Graph._create_op_internal
    calls = Calls(today)

    def create(this, op_type, inputs, dtypes=None, input_types=None, name=None, attrs=None,
               op_def=None, compute_device=True):
        layout = attrs["data_format"].s if attrs and op_type in OPERATIONS and \
            "data_format" in attrs else None
        # A tape asks the operation for its attributes.
        if layout not in FIRST or execute.must_record_gradient() or gpu.is_there():
            return today(this, op_type, inputs, dtypes, input_types, name, attrs, op_def,
                         compute_device)
        say(SAID)
        return calls.made(this, op_type, inputs, name, attrs, compute_device)
    ops.Graph._create_op_internal = create


class Seen:
    """An operation as its gradient sees it: the call, with the attributes that it stands for."""

    def __init__(self, call, itself):
        self._call, self.get_attr, self.type = call, itself.get_attr, itself.type

    def __getattr__(self, name):
        return getattr(self._call, name)


class Calls:
    """Makes calls of functions, each of which stands for an operation."""

    def __init__(self, create):
        """Args:
          create: ops.Graph._create_op_internal, which makes every operation itself.
        """
        from tensorflow.python.framework import ops
        self._create, self._graph = create, ops.Graph()
        self._made, self._functions = {}, {}

    def made(self, graph, op_type, inputs, name, attrs, compute_device):
        """An operation of a graph, which calls the function that does what `op_type` does."""
        from tensorflow.python.framework import ops
        inputs = [ops.convert_to_tensor(each) for each in inputs]
        itself = self.itself(op_type, inputs, attrs)
        made = self._create(graph, "PartitionedCall", inputs, None, None, name or op_type,
                            self.attributes(graph, itself, inputs), None, compute_device)
        for output, known in zip(made.outputs, itself.outputs):
            output.set_shape(known.shape)
        gradient = ops.gradient_registry.lookup(op_type)
        made._gradient_function = gradient and (
            lambda op, *gradients: gradient(Seen(op, itself), *gradients))
        return made

    def itself(self, op_type, inputs, attrs):
        """The operation, made of inputs of the same shapes in a graph apart."""
        are_sizes = [role != PICTURES and tensor.dtype.is_integer
                     for tensor, role in zip(inputs, OPERATIONS[op_type])]
        shapes = [_shape_in(tensor) if is_sizes else tensor.shape
                  for tensor, is_sizes in zip(inputs, are_sizes)]
        key = (op_type, _frozen(attrs), tuple(
            (tensor.dtype, str(shape)) for tensor, shape in zip(inputs, shapes)))
        if key not in self._made:
            self._made[key] = self._make(op_type, inputs, attrs, shapes, are_sizes)
        return self._made[key]

    def _make(self, op_type, inputs, attrs, shapes, are_sizes):
        from tensorflow.python.framework import constant_op
        from tensorflow.python.ops import array_ops
        with self._graph.as_default():
            stand_ins = [
                constant_op.constant([-1 if size is None else size for size in shape.as_list()],
                                     tensor.dtype)
                if is_sizes and shape.rank is not None
                else array_ops.placeholder(tensor.dtype, tensor.shape if is_sizes else shape)
                for tensor, shape, is_sizes in zip(inputs, shapes, are_sizes)]
            return self._create(self._graph, op_type, stand_ins, name=op_type, attrs=attrs)

    def attributes(self, graph, itself, inputs):
        """Of a call, in a graph that is given the function."""
        from tensorflow.core.framework import attr_value_pb2
        attrs = {name: value for name, value in itself.node_def.attr.items()}
        kind = self.kind(itself)
        key = itself.type, _frozen(attrs), kind
        if key not in self._functions:
            self._functions[key] = _function(itself, self.body(itself, attrs, kind))
        function = self._functions[key]
        if not graph._is_function(function.name.decode()):
            function.add_to_graph(graph)
        called = dict.fromkeys(("Tin", "Tout", "f", "_gradient_op_type"))
        for name in called:
            called[name] = attr_value_pb2.AttrValue()
        called["Tin"].list.type.extend(tensor.dtype.base_dtype.as_datatype_enum
                                       for tensor in inputs)
        called["Tout"].list.type.extend(output.dtype.as_datatype_enum
                                        for output in itself.outputs)
        called["f"].func.name = function.name.decode()
        called["_gradient_op_type"].s = itself.type.encode()
        return called

    def kind(self, itself):
        """What makes functions differ, beside the attributes: whether it is one of groups."""
        return nchw_groups.may_be(itself)

    def body(self, itself, attrs, is_grouped):
        """What the function does, of tensors with the channels first."""
        from tensorflow.core.framework import attr_value_pb2
        from tensorflow.python.ops import array_ops
        layout = attrs["data_format"].s
        to_last, to_first = orders(len(layout))
        roles, result = OPERATIONS[itself.type].split()
        turned = dict(attrs, data_format=attr_value_pb2.AttrValue(s=FIRST[layout]))
        for name in ALONG_AXES:
            if name in attrs:
                turned[name] = _of_list([attrs[name].list.i[axis] for axis in to_last])
        if attrs.get("explicit_paddings") and attrs["explicit_paddings"].list.i:
            around = attrs["explicit_paddings"].list.i
            turned["explicit_paddings"] = _of_list(
                [around[2 * axis + side] for axis in to_last for side in (0, 1)])

        def body(*inputs):
            inputs = [array_ops.transpose(each, to_last) if role == PICTURES
                      else array_ops.gather(each, to_last) if role == SIZES else each
                      for each, role in zip(inputs, roles)]
            made = (nchw_groups.apply if is_grouped else applied)(itself.type, inputs, turned)
            return array_ops.transpose(made, to_first) if result == PICTURES else made
        return body


def _function(itself, body):
    """A function of tensors of the types and ranks of an operation's inputs."""
    from tensorflow.python.eager import def_function
    from tensorflow.python.framework import ops, tensor

    def whole(*inputs):
        made = body(*inputs)
        # What waits for the call waits for this, inlined or not: a variable's update, for its read.
        ops.get_default_graph().control_outputs.append(made.op)
        return made
    with ops.Graph().as_default():
        return def_function.function(whole, autograph=False).get_concrete_function(*(
            tensor.TensorSpec([None] * each.shape.rank if each.shape.rank else None, each.dtype)
            for each in itself.inputs))


def orders(rank):
    """Axes in the order that puts the channels last, and in the one that puts them back."""
    return [0, *range(2, rank), 1], [0, rank - 1, *range(1, rank - 1)]


def _of_list(numbers):
    from tensorflow.core.framework import attr_value_pb2
    made = attr_value_pb2.AttrValue()
    made.list.i.extend(numbers)
    return made


def applied(op_type, inputs, attrs):
    """The first output of an operation of the default graph, which is TensorFlow's own."""
    from tensorflow.python.framework import ops
    return ops.get_default_graph()._create_op_internal(
        op_type, inputs, name=op_type, attrs=attrs).outputs[0]


def _frozen(attrs):
    return tuple(sorted((name, value.SerializeToString(deterministic=True))
                        for name, value in attrs.items()))


def _shape_in(tensor):
    """The shape that a tensor's value is, as far as it is known."""
    from tensorflow.python.framework import tensor_util
    from tensorflow.python.framework.tensor_shape import TensorShape
    if tensor.op.type == "ShapeN":
        return tensor.op.inputs[tensor.value_index].shape
    try:
        return tensor_util.constant_value_as_shape(tensor)
    except ValueError:
        return TensorShape(None)
