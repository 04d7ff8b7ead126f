"""Operations of TensorFlow 0.x, 1.x and its contrib, as those that TensorFlow has today.

Each row of `RENAMED` and `REPLACED` says what the operation is called in an old graph and since
when it is gone. A graph is mended while it is read: by `tf.import_graph_def`,
`tf.train.import_meta_graph` and `tf.saved_model.loader` in a script of TensorFlow 1, and by
`tf1gan convert`. What has neither a row nor a kernel is refused by its name.
"""

from typing import Any, NamedTuple

from tf1gan.legacy.graphs import channels, tensor_arrays

_MOST = 300             # ways in which one graph has what is gone: a function is traced for each
# Operation of old -> (the version of graphs that gave it up, its name since, whether today's cannot
# be imported or computed at all).
RENAMED = {
    **{"Batch" + name: (version, name, missing) for version, missing, names in (
        (15, True, ("FFT", "IFFT", "FFT2D", "IFFT2D", "FFT3D", "IFFT3D")),
        (14, False, ("MatrixBandPart", "MatrixDiag", "MatrixDiagPart", "MatrixSetDiag")),
        (13, False, ("Cholesky", "CholeskyGrad", "MatrixDeterminant", "MatrixInverse",
                     "MatrixSolve", "MatrixSolveLs", "MatrixTriangularSolve", "SelfAdjointEigV2",
                     "Svd"))) for name in names},
    "PlaceholderV2": (23, "Placeholder", False),
    "AccumulateNV2": (0, "AddN", False),
    **{name: (0, name + "V2", False) for name in (
        "HashTable", "InitializeTable", "InitializeTableFromTextFile", "LookupTableFind",
        "LookupTableSize", "LookupTableImport")},
}


class Row(NamedTuple):
    """An operation that others do the work of.

    Attributes:
      gone: what it was of, and since when it is gone.
      inputs: of each the type, a number or the name of the attribute with it, and the rank, or
        None.
      output: what its one output is called.
      compute: a function of (attributes, its inputs).
      missing: whether TensorFlow of today cannot import it at all.
    """
    gone: str
    inputs: tuple
    output: str
    compute: Any
    missing: bool = True


# -- What they compute -----------------------------------------------------------------------

def _image_projective_transform(attributes, images, transforms):
    from tensorflow.python.ops import array_ops, gen_image_ops
    return gen_image_ops.image_projective_transform_v2(
        images=images, transforms=transforms, output_shape=array_ops.shape(images)[1:3],
        interpolation=attributes["interpolation"].s.decode())


def _fused_convolution(attributes, images, kernel, bias, side, scale, side_scale):
    """scale * (images * kernel) + side_scale * side + bias, and perhaps its positive part."""
    from tensorflow.python.framework import dtypes
    from tensorflow.python.ops import array_ops, cond, math_ops, nn_ops
    order = attributes["data_format"].s.decode() or "NHWC"
    if order not in ("NHWC", "NCHW") or images.dtype not in (dtypes.float32, dtypes.float16):
        raise NotImplementedError("FusedConv2DBiasActivation of whole numbers")
    strides, dilations = list(attributes["strides"].list.i), list(attributes["dilations"].list.i)
    if attributes["filter_format"].s == b"OIHW":
        kernel = array_ops.transpose(kernel, [2, 3, 1, 0])
    if order == "NCHW":
        images = array_ops.transpose(images, [0, 2, 3, 1])
        strides = [strides[at] for at in (0, 2, 3, 1)]
        dilations = [dilations[at] for at in (0, 2, 3, 1)] if dilations else None
    found = nn_ops.conv2d(images, kernel, strides, attributes["padding"].s.decode(),
                          dilations=dilations or [1, 1, 1, 1])
    if order == "NCHW":
        found = array_ops.transpose(found, [0, 3, 1, 2])
    found = found * math_ops.cast(scale, found.dtype)
    found = cond.cond(math_ops.equal(side_scale, 0), lambda: found,
                      lambda: found + side * math_ops.cast(side_scale, found.dtype))
    bias = math_ops.cast(bias, found.dtype)
    found = found + (bias[:, None, None] if order == "NCHW" else bias)
    relu = attributes["activation_mode"].s in (b"", b"Relu")
    return nn_ops.relu(found) if relu else found


def _global_normalization(attributes, values, mean, variance, beta, gamma):
    from tensorflow.python.ops import math_ops
    factor = math_ops.rsqrt(variance + attributes["variance_epsilon"].f)
    if attributes["scale_after_normalization"].b:
        factor = factor * gamma
    return values * factor + (beta - mean * factor)


def _gather_tree(attributes, steps, parents, lengths, end_token):
    from tf1gan.legacy.restored.contrib.seq2seq import trees
    return trees.as_one(steps, parents, lengths, end_token)


def _resampler(attributes, data, warp):
    """Pixels at places (x, y) between pixels, 0 outside."""
    from tensorflow.python.framework import dtypes
    from tensorflow.python.ops import array_ops, array_ops_stack, math_ops
    shape = array_ops.shape(data)
    sizes = math_ops.cast(shape[1:3], data.dtype)
    places = array_ops.reshape(warp, array_ops_stack.stack([shape[0], -1, 2]))
    x, y = places[..., 0], places[..., 1]
    left, top = math_ops.floor(x), math_ops.floor(y)
    inside = (x > -1) & (y > -1) & (x < sizes[1]) & (y < sizes[0])

    def pixel(column, row):
        there = inside & (column >= 0) & (row >= 0) & (column < sizes[1]) & (row < sizes[0])
        at = array_ops_stack.stack([
            math_ops.cast(array_ops.where_v2(there, each, array_ops.zeros_like(each)), dtypes.int32)
            for each in (row, column)], -1)
        found = array_ops.gather_nd(data, at, batch_dims=1)
        return array_ops.where_v2(there[..., None], found, array_ops.zeros_like(found))
    right, down = (x - left)[..., None], (y - top)[..., None]
    found = ((1 - right) * (1 - down) * pixel(left, top) + right * (1 - down) * pixel(left + 1, top)
             + (1 - right) * down * pixel(left, top + 1) + right * down * pixel(left + 1, top + 1))
    return array_ops.reshape(found, array_ops.concat([array_ops.shape(warp)[:-1], shape[3:]], 0))


def _hsv_in_yiq(attributes, images, hue, saturation, value):
    """Colours turned and scaled in YIQ."""
    import numpy as np
    from tensorflow.python.ops import array_ops, array_ops_stack, math_ops
    to_yiq = np.array([[.299, .587, .114], [.596, -.274, -.322], [.211, -.523, .312]])
    to_rgb = np.linalg.inv(to_yiq)
    u, w = value * saturation * math_ops.cos(hue), value * saturation * math_ops.sin(hue)
    zero = array_ops.zeros_like(value)
    turn = array_ops.reshape(array_ops_stack.stack(
        [value, zero, zero, zero, u, -w, zero, w, u]), [3, 3])
    whole = math_ops.matmul(math_ops.matmul(to_rgb.astype(np.float32), turn),
                            to_yiq.astype(np.float32))
    return math_ops.tensordot(images, math_ops.cast(array_ops.transpose(whole), images.dtype), 1)


def _bucketize(attributes, values, boundaries):
    from tensorflow.python.framework import dtypes
    from tensorflow.python.ops import array_ops, math_ops
    flat = array_ops.reshape(math_ops.cast(values, dtypes.float32), [-1])
    found = array_ops.searchsorted(boundaries, flat, side="right", out_type=dtypes.int32)
    return array_ops.reshape(found, array_ops.shape(values))


_FLOAT, _INT32 = 1, 3           # types, as attributes have them

REPLACED = {
    "ImageProjectiveTransform": Row(
        "contrib.image, with 2.0", (("dtype", 4), (_FLOAT, 2)), "transformed_images",
        _image_projective_transform),
    "FusedConv2DBiasActivation": Row(
        "contrib.fused_conv, with 2.0", (("T", 4), ("T", 4), ("Tbias", 1), ("T", None), (_FLOAT, 0),
                                         (_FLOAT, 0)), "output", _fused_convolution),
    "GatherTree": Row("contrib.seq2seq, with 2.0", ((_INT32, 3), (_INT32, 3), (_INT32, 1),
                                                    (_INT32, 0)), "beams", _gather_tree),
    "Resampler": Row("contrib.resampler, with 2.0", (("T", 4), ("T", None)), "output", _resampler),
    "AdjustHsvInYiq": Row("contrib.image, with 2.0", (("T", None),) + 3 * ((_FLOAT, 0),), "output",
                          _hsv_in_yiq),
    "BucketizeWithInputBoundaries": Row("contrib.layers, with 2.0", (("T", None), (_FLOAT, 1)),
                                        "output", _bucketize),
    "BatchNormWithGlobalNormalization": Row(
        "graphs of version 9 and later", (("T", 4),) + 4 * (("T", 1),), "result",
        _global_normalization, missing=False),
}


# -- Mending ---------------------------------------------------------------------------------

def mended(graph_def, everything=False, kept=None):
    """A GraphDef with today's operations.

    Args:
      everything: also what TensorFlow of today imports into an old graph but not into a function,
        and what it computes on a GPU alone.
      kept: a list that lives as long as the graph that it is read into; None where nothing of it
        needs to.

    Returns:
      (It, or a copy where something in it changes; what was done, as lines).
    """
    if not everything and not any(
            _row(node, False) for body in _bodies(graph_def) for node in body):
        return graph_def, []
    made = type(graph_def)()
    made.CopyFrom(graph_def)
    said, functions = {}, {}
    for body in _bodies(made):
        for node in body:
            if everything and "_output_shapes" in node.attr:
                del node.attr["_output_shapes"]         # what 2.x works out is not always the same
            row = _row(node, everything)
            if isinstance(row, Row):
                said[node.op] = f"{node.op} (gone from {row.gone})"
                _call(made, node, row, functions, [] if kept is None else kept)
            elif row:
                said[node.op] = f"{node.op} is {row[1]}"
                if node.op == "AccumulateNV2" and "shape" in node.attr:
                    del node.attr["shape"]
                node.op = row[1]
    there = {function.signature.name for function in made.library.function}
    for _, definitions in functions.values():
        new = [each for each in definitions if each.signature.name not in there]
        made.library.function.extend(new)
        there.update(each.signature.name for each in new)
    if everything:
        turned = channels.last(made)
        if turned:
            said["NCHW"] = f"{turned} operations on images with their channels first"
        renewed = tensor_arrays.renewed(made)
        if renewed:
            said["TensorArray"] = f"{renewed} operations on arrays of tensors are TensorFlow 1.1's"
    return made, sorted(said.values())


def _bodies(graph_def):
    return [graph_def.node] + [function.node_def for function in graph_def.library.function]


def _row(node, everything):
    row = REPLACED.get(node.op) or RENAMED.get(node.op)
    if row is None:
        return None
    missing = row.missing if isinstance(row, Row) else row[2]
    return row if missing or everything else None


def _call(graph_def, node, row, functions, kept):
    """Makes of a node a call of a function that computes what it did."""
    attributes = {name: value for name, value in node.attr.items() if not name.startswith("_")}
    key = node.op, repr(sorted((name, value.SerializeToString())
                               for name, value in attributes.items()))
    if key not in functions:
        if len(functions) == _MOST:
            raise ValueError(f"{node.op} and others that are gone are there in more than {_MOST} "
                             "ways")
        functions[key] = _traced(node, row, kept)
    (name, inputs, outputs), _ = functions[key]
    old = node.op
    node.op = "PartitionedCall"
    for each in set(node.attr) - {"_class"}:
        del node.attr[each]
    node.attr["f"].func.name = name
    node.attr["Tin"].list.type.extend(inputs)
    node.attr["Tout"].list.type.extend(outputs)
    _rename_output(graph_def, node.name, REPLACED[old].output)


def _traced(node, row, kept):
    """((function's name, types of inputs, of outputs), FunctionDefs)."""
    from tensorflow.python.eager import def_function
    from tensorflow.python.framework import dtypes, ops, tensor
    attributes = _Attributes(node.attr)
    kinds = [dtypes.as_dtype((attributes[kind].type or _FLOAT) if isinstance(kind, str) else kind)
             for kind, _ in row.inputs]
    specs = [tensor.TensorSpec(None if rank is None else [None] * rank, kind)
             for kind, (_, rank) in zip(kinds, row.inputs)]
    with ops.Graph().as_default() as graph:
        made = def_function.function(
            lambda *given: row.compute(attributes, *given), autograph=False
        ).get_concrete_function(*specs)
        made.add_to_graph(graph)
        kept.append((graph, made))
        outputs = [each.dtype.as_datatype_enum for each in made.outputs]
        return (made.name.decode(), [kind.as_datatype_enum for kind in kinds], outputs), list(
            graph.as_graph_def().library.function)


class _Attributes(dict):
    """A node's attributes; those that it lacks are empty, which their defaults stand for."""

    def __init__(self, attr):
        super().__init__(attr.items())

    def __missing__(self, name):
        from tensorflow.core.framework import attr_value_pb2
        return attr_value_pb2.AttrValue()


def _rename_output(graph_def, name, output):
    """In functions, an output goes by its operation's name for it."""
    old, new = f"{name}:{output}:0", f"{name}:output:0"
    for function in graph_def.library.function:
        if not any(node.name == name for node in function.node_def):
            continue
        for node in function.node_def:
            node.input[:] = [new if value == old else value for value in node.input]
        for key in function.ret:
            if function.ret[key] == old:
                function.ret[key] = new
