"""A GraphDef as data: what depends on what, and parts of it. Nothing here runs a graph."""

import collections
import re
from typing import List, Mapping, NamedTuple

import numpy as np

from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.restoring import graph_claims

VARIABLES = ("VarHandleOp", "VariableV2", "Variable", "AutoReloadVariable")
PLACEHOLDERS = ("Placeholder", "PlaceholderWithDefault", "PlaceholderV2")
# What a queue or a data set's iterator gives stands where a placeholder would.
SOURCES = ("QueueDequeue", "QueueDequeueV2", "QueueDequeueMany", "QueueDequeueManyV2",
           "QueueDequeueUpTo", "QueueDequeueUpToV2", "IteratorGetNext", "IteratorGetNextSync",
           "Unstage", "MapUnstage", "OrderedMapUnstage")


_LARGEST = 2 ** 28          # bytes of a constant that its graph does not have


class Tensor(NamedTuple):
    """One output of an operation."""
    node: str
    index: int

    @property
    def name(self):
        return f"{self.node}:{self.index}"

    @property
    def edge(self):
        """As a node's input has it."""
        return self.node if not self.index else self.name


def tensor(text):
    """The Tensor of "z", "z:0", or a node's input."""
    node, _, index = text.lstrip("^").partition(":")
    return Tensor(node, int(index) if index.isdigit() else 0)


def node_of(value):
    """The node of a node's input, of any kind."""
    return value.lstrip("^").partition(":")[0]


def by_name(graph_def):
    return {node.name: node for node in graph_def.node}


def data_inputs(node):
    return [value for value in node.input if not value.startswith("^")]


def consumers(graph_def) -> Mapping[str, list]:
    """The nodes that take something of a node, whether data or order, by its name."""
    found = collections.defaultdict(list)
    for node in graph_def.node:
        for value in node.input:
            found[node_of(value)].append(node)
    return found


def needed(nodes, wanted, stops=(), order=True):
    """The names of the nodes that some need, themselves among them.

    Args:
      nodes: by_name's.
      wanted: names.
      stops: names of nodes whose inputs are not looked at.
      order: whether what a node comes after is needed, too, and not its data alone.
    """
    found, waiting = set(), list(wanted)
    while waiting:
        name = waiting.pop()
        if name in found or name not in nodes:
            continue
        found.add(name)
        if name not in stops:
            waiting.extend(node_of(value) for value in nodes[name].input
                           if order or not value.startswith("^"))
    return found


_RANDOM = re.compile(r"^(Random\w+|TruncatedNormal|ParameterizedTruncatedNormal|Multinomial|"
                     r"StatelessRandom\w+|StatefulUniform\w*|StatefulStandardNormal\w*|"
                     r"StatefulTruncatedNormal|\w*CandidateSampler)$")
_NOT_RANDOM = re.compile(r"^(RandomShuffleQueue\w*|StatelessRandomGet\w+|RandomDataset)$")


def draws(node):
    """Whether a node draws random numbers."""
    return bool(_RANDOM.match(node.op)) and not _NOT_RANDOM.match(node.op)


_CHANGES = re.compile(
    r"^(Assign\w*|(Resource)?StridedSliceAssign|(Resource)?(Sparse)?Apply\w+|(Resource)?CountUpTo|"
    r"(Sparse|Resource)?AccumulatorApplyGradient|"
    r"(Resource)?Scatter(Nd)?(Add|Sub|Mul|Div|Min|Max|Update))$")


def changes(node):
    """Whether a node changes what its first input refers to, such as a variable."""
    return bool(_CHANGES.match(node.op))


FUSED_NORMALIZATIONS = ("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3")


def normalizes_by_batch(node):
    """Whether a node is a batch normalization in one piece, by the batch's own statistics."""
    return node.op in FUSED_NORMALIZATIONS and (
        attribute(node, "is_training").b or "is_training" not in node.attr)


# What comes out of these is of a tensor's shape alone.
_OF_SHAPES = ("Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike")


def dependants(graph_def, names):
    """The names of the nodes that values of some nodes come to, those among them."""
    taking = collections.defaultdict(list)
    for node in graph_def.node:
        for value in data_inputs(node):
            if node.op not in _OF_SHAPES:
                taking[node_of(value)].append(node.name)
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(taking[name])
    return found


def part(graph_def, names):
    """A GraphDef of some of the nodes, with the functions and versions of the whole."""
    made = tf.GraphDef()
    made.versions.CopyFrom(graph_def.versions)
    made.library.CopyFrom(graph_def.library)
    made.node.extend(node for node in graph_def.node if node.name in names)
    return made


def functions_of(nodes, library):
    """The names of the library's functions that nodes call, and what those call."""
    bodies = {function.signature.name: function.node_def for function in library.function}
    found, waiting = set(), list(nodes)
    while waiting:
        node = waiting.pop()
        called = [node.op] + [name for value in node.attr.values() for name in [
            value.func.name] + [func.name for func in value.list.func]]
        for name in called:
            if name in bodies and name not in found:
                found.add(name)
                waiting.extend(bodies[name])
    return found


def attribute(node, name):
    """A node's attribute, or an empty one. To ask for it by [] would put it there."""
    return node.attr[name] if name in node.attr else tf.AttrValue()


def constant(node, value, dtype):
    """Makes of a node a constant.

    Args:
      value: what NumPy makes an array of.
      dtype: a number of TensorFlow's, as an attribute has it.
    """
    array = np.asarray(value, type_of(dtype).as_numpy_dtype)
    del node.input[:]
    node.attr.clear()
    node.op = "Const"
    node.attr["dtype"].type = dtype
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(array, dtype))


def value_of(node):
    """A constant's value as an array; None of any other node, and of one that claims gigabytes."""
    if node is None or node.op != "Const" or graph_claims.of_constant(node) > _LARGEST:
        return None
    return tf.make_ndarray(node.attr["value"].tensor)


def type_of(number):
    """The tf.DType of a type as an attribute has it. Raises UserError where there is none such."""
    try:
        return tf.DType(number)
    except TypeError as error:
        raise UserError(f"the graph has the type {number}, which TensorFlow of today does not have"
                        ) from error


def dtype_of(node, index=0):
    """The type of an output of a placeholder, variable or source, as a number; 0 if unknown."""
    for name in ("component_types", "output_types", "dtypes"):
        if index < len(attribute(node, name).list.type):
            return node.attr[name].list.type[index]
    for name in ("dtype", "DstT", "T"):
        if attribute(node, name).type:
            return node.attr[name].type
    return 0


def shapes_of(graph_def, tensors: List[Tensor]):
    """Each tensor's (dtype, shape) as TensorFlow works them out; the graph is built, not run.

    Returns:
      a list of (tf.DType, list of sizes with None, or None of unknown rank).

    Raises:
      ValueError: the graph cannot be read.
    """
    before = needed(by_name(graph_def), [each.node for each in tensors])
    if len(before) < len(graph_def.node):
        graph_def = part(graph_def, before)
    with tf.Graph().as_default():
        found = tf.import_graph_def(graph_def, return_elements=[each.name for each in tensors],
                                    name="") if tensors else []
    return [(each.dtype.base_dtype, None if each.shape.rank is None else each.shape.as_list())
            for each in found]
