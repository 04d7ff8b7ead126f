"""Inputs to try a network on: made-up arrays of the right shapes and types, or a user's own."""

import numpy as np

from tf1gan import files
from tf1gan.compat import tf
from tf1gan.converting import graphs
from tf1gan.converting.network import INPUT
from tf1gan.errors import UserError, reason

_ROWS, _SIZE = 2, 32        # of a batch; of a picture, or a sequence, of any size
_LARGEST = 2 ** 24         # numbers of an input
_LARGEST_BATCH = 2 ** 12    # of a graph that has a fixed one; more are no rows of a batch
_MOST_AXES = 32             # as NumPy 1 has them
_LARGEST_FILE = 2 ** 27     # bytes of arrays that are given
# What an input of any rank may be: labels, pictures, pictures as rows, a number.
_OF_ANY_RANK = ((2,), (2, 32, 32, 1), (2, 32, 32, 3), (2, 784), ())
_DECODING = ("DecodeJpeg", "DecodePng", "DecodeImage", "DecodeBmp", "DecodeGif",
             "DecodeAndCropJpeg")
# Operations that pass texts on unchanged, also through the array that a loop runs over.
_HANDING_ON = ("Identity", "Reshape", "ExpandDims", "Squeeze", "StridedSlice", "Enter", "Switch",
               "Merge", "NextIteration", "Exit", "TensorArrayScatterV3", "TensorArrayReadV3")
_PARSING = ("ParseExample", "ParseExampleV2", "ParseSingleExample")


def attempts(network):
    """Yields inputs to try a network on, the likeliest first.

    There are several if the rank of an input is not known, or a graph is of a fixed batch.

    Raises:
      UserError: an input is of a type that nothing can be made up for.
    """
    nodes = graphs.by_name(network.original)
    loose = any(nodes[INPUT + name].attr["shape"].shape.unknown_rank
                for name in network.ends.inputs if INPUT + name in nodes)
    for shape in _OF_ANY_RANK if loose else _OF_ANY_RANK[:1]:
        yield invented(network, shape)
    for rows in _fixed_batches(network, nodes):
        yield invented(network, _OF_ANY_RANK[0], rows)


def _fixed_batches(network, nodes):
    """How many rows a graph may want, by what is of a fixed size in its inputs and outputs."""
    shapes = [_first(nodes[INPUT + name]) for name in network.ends.inputs if INPUT + name in nodes]
    try:
        shapes += [(shape or [None])[0] for _, shape in graphs.shapes_of(
            network.original, [graphs.tensor(name) for name in network.outputs.values()])]
    except Exception:               # for those who run it to say
        pass
    return sorted(rows for rows in set(filter(None, shapes)) - {_ROWS} if rows <= _LARGEST_BATCH)


def _first(node):
    shape = graphs.attribute(node, "shape").shape
    return max(shape.dim[0].size, 0) if shape.dim else None


def invented(network, of_any_rank=(2,), rows=_ROWS):
    """{argument: array} for each input: normal or small whole numbers, tf.train.Examples, pictures.

    Raises:
      UserError: an input is of a type that nothing can be made up for.
    """
    rs = np.random.RandomState(0)
    nodes, taking = graphs.by_name(network.original), graphs.consumers(network.original)
    return {name: _array(name, nodes, taking, nodes[INPUT + name], rs, of_any_rank, rows)
            for name in network.ends.inputs if INPUT + name in nodes}


def read(path, network):
    """The same from an npz file.

    Raises:
      UserError: it lacks an input, or is no such file.
    """
    try:
        with files.opened(path) as opened, np.load(opened, allow_pickle=False) as file:
            wanted = [name for name in network.ends.inputs if name in file.files]
            _check_sizes(file.zip, wanted)
            found = {name: file[name] for name in wanted}
    except Exception as error:      # NumPy's, zip's and the system's
        raise UserError(f"--check {path} is no file of arrays (npz) that can be read: "
                        f"{reason(error)}") from error
    for name in network.ends.inputs:
        if name not in found:
            raise UserError(f"--check {path} has no array {name}")
    return found


def _check_sizes(archive, names):
    """Refuses arrays that claim more than is tried, or than their archive has."""
    total = 0
    for name in names:
        member = archive.getinfo(name + ".npy" if name + ".npy" in archive.namelist() else name)
        with archive.open(member) as file:
            version = np.lib.format.read_magic(file)
            read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) \
                else np.lib.format.read_array_header_2_0
            shape, _, dtype = read_header(file)
            there = member.file_size - file.tell()
        size = np.prod(shape, dtype=np.float64) * dtype.itemsize
        total += size
        if total > _LARGEST_FILE or size > there or min(shape, default=0) < 0:
            raise ValueError(f"{member.filename} claims to be {list(shape)}")


def _array(name, nodes, taking, node, rs, of_any_rank, rows):
    dtype = graphs.type_of(node.attr["dtype"].type)
    shape = _sizes(node, _of_users(nodes, taking[node.name], node) or of_any_rank, rows)
    if is_too_large(shape):
        raise UserError(f"the input {name} is {shape}, which is too large to be tried: give "
                        "arrays with --check FILE.npz")
    if dtype == tf.string:
        return _texts(name, nodes, taking, node, shape)
    if dtype == tf.bool:
        return np.zeros(shape, bool)
    if dtype.is_floating and _is_cast_to_integers(taking[node.name]):
        return rs.randint(0, 2, shape).astype(dtype.as_numpy_dtype)
    if dtype.is_floating or dtype.is_complex:
        return rs.standard_normal(shape).astype(dtype.as_numpy_dtype)
    if dtype.is_integer:
        return rs.randint(1, 3, shape).astype(dtype.as_numpy_dtype)
    raise UserError(f"the input {name} is {dtype.name}, which cannot be fed: name another")


def is_too_large(shape):
    """Whether an input is none that is made up."""
    return len(shape) > _MOST_AXES or np.prod(shape, dtype=np.float64) > _LARGEST


def _is_cast_to_integers(users):
    """Whether numbers are words or classes, as Keras has those."""
    return any(other.op == "Cast" and graphs.type_of(other.attr["DstT"].type).is_integer
               for other in users)


def _of_users(nodes, users, node):
    """The shape that the weights beside an input ask for, or None."""
    for user in users:
        if user.op in ("MatMul", "Conv2D") and graphs.node_of(user.input[0]) == node.name:
            weights = nodes.get(graphs.node_of(user.input[1]))
            while weights is not None and weights.op in ("Identity", "ReadVariableOp"):
                weights = nodes.get(graphs.node_of(weights.input[0]))
            if weights is None:
                continue
            shape = graphs.attribute(weights, "shape").shape if weights.op != "Const" \
                else weights.attr["value"].tensor.tensor_shape
            sizes = [each.size for each in shape.dim]
            if len(sizes) == 2 and user.op == "MatMul":
                return _ROWS, sizes[0]
            if len(sizes) == 4 and user.op == "Conv2D":
                return _ROWS, _SIZE, _SIZE, sizes[2]
    return None


def _sizes(node, of_any_rank, rows):
    shape = node.attr["shape"].shape
    if shape.unknown_rank:
        return list(of_any_rank)
    sizes = [each.size for each in shape.dim]
    return [size if size >= 0 else rows if not place else _SIZE
            for place, size in enumerate(sizes)]


def _texts(name, nodes, taking, node, shape):
    """Bytes: what the first operation that takes them wants them to be."""
    users, reached = [], {node.name}
    waiting = [node.name]
    for place in waiting:                   # it grows
        for other in taking[place]:
            users.append(other)
            if other.op in _HANDING_ON and other.name not in reached:
                reached.add(other.name)
                waiting.append(other.name)
    for user in users:
        if user.op in _PARSING:
            text = _example(nodes, user)
        elif user.op in _DECODING:
            text = _picture()
        else:
            continue
        return _filled(shape, text)
    if any(user.op.startswith("LookupTable") for user in users):
        return _filled(shape, b"a")
    raise UserError(f"the input {name} is text, and what is in it cannot be guessed: give arrays "
                    "of bytes with --check FILE.npz")


def _filled(shape, text):
    """Of objects: NumPy's own texts lose zeros at their end."""
    array = np.empty(shape, object)
    array[...] = text
    return array


def _picture():
    with tf.Graph().as_default(), tf.Session() as session:
        pixels = (np.arange(_SIZE * _SIZE * 3) * 7 % 251).reshape(_SIZE, _SIZE, 3).astype(np.uint8)
        return session.run(tf.image.encode_png(pixels))


def _example(nodes, node):
    """A serialized tf.train.Example with what an operation looks for in one."""
    example = tf.train.Example()
    keys = _dense_keys(nodes, node)
    kinds = graphs.attribute(node, "Tdense").list.type
    shapes = graphs.attribute(node, "dense_shapes").list.shape
    counts = [int(np.prod([max(each.size, 1) for each in shape.dim])) for shape in shapes]
    several = _sparse_keys(nodes, node), graphs.attribute(node, "sparse_types").list.type
    for at, (key, kind, count) in enumerate(
            list(zip(keys, kinds, counts)) + [(*each, 1) for each in zip(*several)]):
        feature = example.features.feature[key]
        if kind == tf.float32.as_datatype_enum:
            feature.float_list.value.extend([0.25 * (at + 1)] * count)
        elif kind == tf.int64.as_datatype_enum:
            feature.int64_list.value.extend([1] * count)
        else:
            feature.bytes_list.value.extend([_picture() if at < len(keys) else b"a"] * count)
    return example.SerializeToString()


def _sparse_keys(nodes, node):
    if node.op == "ParseSingleExample":
        return [key.decode() for key in graphs.attribute(node, "sparse_keys").list.s]
    if node.op == "ParseExampleV2":
        found = graphs.value_of(nodes.get(graphs.node_of(node.input[2])))
        return [] if found is None else [key.decode() for key in found.ravel().tolist()]
    found = [graphs.value_of(nodes.get(graphs.node_of(value)))
             for value in node.input[2:2 + graphs.attribute(node, "Nsparse").i]]
    return [value.item().decode() for value in found if value is not None]


def _dense_keys(nodes, node):
    if node.op == "ParseSingleExample":
        return [key.decode() for key in graphs.attribute(node, "dense_keys").list.s]
    if node.op == "ParseExampleV2":
        found = graphs.value_of(nodes.get(graphs.node_of(node.input[3])))
        return [] if found is None else [key.decode() for key in found.ravel().tolist()]
    sparse = graphs.attribute(node, "Nsparse").i
    dense = graphs.attribute(node, "Ndense").i
    found = [graphs.value_of(nodes.get(graphs.node_of(value)))
             for value in node.input[2 + sparse:2 + sparse + dense]]
    return [value.item().decode() for value in found if value is not None]
