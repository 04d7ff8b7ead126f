"""Graphs that TensorFlow 1 wrote, read where 2.x reads them otherwise.

Of the 1,393 operations of 1.15.5, none has lost an attribute or an input; `GONE` have left. What a
graph says of shapes (`_output_shapes`) must agree with what TensorFlow of today works out, and is
left to it where it does not: those of a fused normalization's gradient that nobody uses were empty,
and have been as long as its channels since 2.2. Data sets have 1.15's order.
"""

import re

from tf1gan.legacy.api import gpu, nchw
from tf1gan.legacy.graphs import channels, old_operations
from tf1gan.legacy.names import Restored
from tf1gan.legacy.numbers import shuffling
from tf1gan.legacy.refusal import refuse

# Operations, by how they begin, and why they are not there.
GONE = (
    (("TensorForest", "Tree", "Fertile", "GrowTree", "UpdateFertile", "CreateTree"),
     "TensorForest left TensorFlow with 2.0"),
    (("BigQuery", "GenerateBigQuery", "GcsConfigure"), "it left TensorFlow with 2.0"),
    (("Rpc", "TryRpc"), "it left TensorFlow with 2.0"),
    (("RemoteFusedGraph", "CompareAndBitpack"), "it left TensorFlow"),
    (("_Mkl", "TRTEngine", "_Fused"), "it was made for one machine: take the graph as it "
                                      "was before it was optimized"),
    (("",), "it is of tf.contrib, of a package that the script loads, or of another TensorFlow"),
)

_CONTRADICTED = re.compile(r"Node '([^']+)' has an _output_shapes attribute inconsistent .* for "
                           r"output #(\d+)")
_UNKNOWN = re.compile(r"Op type not registered '([^']+)'")


def why_gone(operation):
    """Why TensorFlow of today has no such operation."""
    return next(why for names, why in GONE if operation.startswith(names))


# -- Data sets -------------------------------------------------------------------------------

_REPEATING = ("RepeatDataset", "ShuffleAndRepeatDataset")
# What 1.15 wrote with a data set's iterator where it would make one kernel of `shuffle` right
# before `repeat`: the name of that optimization.
_FUSION = b"shuffle_and_repeat_fusion"


def in_old_order(graph_def, functions, seeds):
    """A GraphDef that 1.x wrote, whose data sets that are shuffled and repeated have `shuffling`'s
    order.

    Args:
      functions: a dict that lives as long as the graph that it is read into, and takes what has
        to live as long.

    Returns:
      It, or a copy where something in it changes.
    """
    if not any(node.op in _REPEATING for nodes in _bodies(graph_def).values() for node in nodes):
        return graph_def
    fused = _fused(graph_def)
    copy = type(graph_def)()
    copy.CopyFrom(graph_def)
    for name, nodes in _bodies(copy).items():
        _replace(nodes, fused.get(name, ()), functions, seeds)
    for function in copy.library.function:      # where an output goes by its operation's name, too
        replaced = {node.name for node in function.node_def
                    if node.op == "StatefulPartitionedCall"}
        for node in function.node_def:
            node.input[:] = [_renamed(value, replaced) for value in node.input]
        for name in function.ret:
            function.ret[name] = _renamed(function.ret[name], replaced)
    for made in functions.values():
        if made is None:
            seeds.draws_otherwise(shuffling.NOT_PLAIN)
        else:
            copy.library.function.extend(made[1])
    return copy


def _bodies(graph_def):
    """The nodes of a graph, by "", and of its functions, by their names."""
    bodies = {function.signature.name: function.node_def for function in graph_def.library.function}
    bodies[""] = graph_def.node
    return bodies


def _fused(graph_def):
    """Function, or "" -> names of the nodes that 1.15 would look at to fuse them."""
    bodies = {name: {node.name: node for node in nodes}
              for name, nodes in _bodies(graph_def).items()}
    waiting = [(name, node) for name, nodes in bodies.items() for node in nodes.values()
               if node.op == "OptimizeDataset" and _FUSION in _strings(node.input[1], nodes)]
    found = {}
    while waiting:
        name, node = waiting.pop()
        if node is None or node.name in found.setdefault(name, set()):
            continue
        found[name].add(node.name)
        waiting.extend((name, bodies[name].get(_name(value))) for value in node.input)
        for value in node.attr.values():
            for called in [value.func.name] + [func.name for func in value.list.func]:
                if called:
                    waiting.extend((called, inside) for inside in bodies.get(called, {}).values())
    return found


def _strings(value, nodes):
    node = nodes.get(_name(value))
    return node.attr["value"].tensor.string_val if node is not None and node.op == "Const" else ()


def _shuffled(node, nodes, fused):
    """The node that has the elements, buffer size and seeds of one that repeats; None where 1.15's
    order is today's."""
    if node.op == "ShuffleAndRepeatDataset":
        shuffled = node
    else:
        shuffled = nodes.get(_name(node.input[0]))
        if node.name not in fused or shuffled is None or shuffled.op != "ShuffleDataset" \
                or _is_false(shuffled, "reshuffle_each_iteration") \
                or _constant(node.input[1], nodes) == 1:
            return None
    unseeded = all(_constant(seed, nodes) == 0 for seed in shuffled.input[2:4])
    return None if unseeded else shuffled


def _replace(body, fused, functions, seeds):
    """Calls functions where nodes shuffle and repeat."""
    from tensorflow.python.framework import dtypes, tensor_shape
    nodes = {node.name: node for node in body}
    for node in body:
        shuffled = _shuffled(node, nodes, fused) if node.op in _REPEATING else None
        if shuffled is None:
            continue
        types, shapes = node.attr["output_types"].list.type, node.attr["output_shapes"].list.shape
        key = tuple(types), tuple(shape.SerializeToString() for shape in shapes)
        if key not in functions:
            functions[key] = shuffling.function_of(
                [dtypes.as_dtype(each) for each in types],
                [tensor_shape.TensorShape(each) for each in shapes], seeds)
        if functions[key] is None:
            continue
        count = node.input[4 if node is shuffled else 1]
        after = [value for value in node.input if value.startswith("^")]
        node.input[:] = list(shuffled.input[:4]) + [count] + after
        node.op = "StatefulPartitionedCall"
        for name in set(node.attr) - {"_class"}:
            del node.attr[name]
        node.attr["f"].func.name = functions[key][0]
        node.attr["Tin"].list.type.extend([dtypes.variant.as_datatype_enum]
                                          + 4 * [dtypes.int64.as_datatype_enum])
        node.attr["Tout"].list.type.append(dtypes.variant.as_datatype_enum)


def _is_false(node, name):
    """Whether it says so: what is so by default may have been left out."""
    return name in node.attr and not node.attr[name].b


def _name(value):
    return value.split(":")[0]


def _renamed(value, replaced):
    return _name(value) + ":output:0" if value.endswith(":handle:0") and _name(
        value) in replaced else value


def _constant(value, nodes):
    """The number that an input is, where it is a constant."""
    node = nodes.get(_name(value))
    if node is None or node.op != "Const":
        return None
    from tensorflow.python.framework import tensor_util
    return tensor_util.MakeNdarray(node.attr["value"].tensor).item()


# -- Reading ---------------------------------------------------------------------------------

def _channels_last(graph_def, say):
    """The graph, or a copy whose images have their channels last where there is no GPU."""
    if gpu.is_there() or not any(channels.come_first(node) for nodes in _bodies(graph_def).values()
                                 for node in nodes):
        return graph_def
    say(nchw.SAID)
    copy = type(graph_def)()
    copy.CopyFrom(graph_def)
    channels.last(copy)
    return copy


def restore(seeds, say):
    """Mends each graph that TensorFlow imports: a .meta file, a SavedModel, a GraphDef."""
    from tensorflow.python.framework import importer, ops
    process, c_api = importer._ProcessGraphDefParam, importer.c_api

    def mended(graph_def):
        graph = ops.get_default_graph()
        graph._functions_of_ours = getattr(graph, "_functions_of_ours", {})
        graph._kept_of_ours = getattr(graph, "_kept_of_ours", [])
        today, _ = old_operations.mended(process(graph_def), kept=graph._kept_of_ours)
        today = _channels_last(today, say)
        return in_old_order(today, graph._functions_of_ours, seeds)
    importer._ProcessGraphDefParam = mended
    importer.c_api = Restored("c_api", c_api, dict(
        TF_GraphImportGraphDefWithResults=_importing(c_api)))


def _forget(node, output):
    """Leaves an output's shape to TensorFlow of today."""
    shapes = node.attr["_output_shapes"].list.shape if "_output_shapes" in node.attr else ()
    if output < len(shapes):
        shapes[output].Clear()
        shapes[output].unknown_rank = True


def _importing(c_api):
    """TensorFlow's own import of a graph, which is tried again without what it contradicts."""
    from tensorflow.core.framework import graph_pb2
    from tensorflow.python.framework import c_api_util, errors

    def without_contradicted(serialized, error):
        """The graph without the shape that an error is about, nor those like it; or None."""
        found = _CONTRADICTED.search(str(error))
        graph_def = graph_pb2.GraphDef.FromString(c_api.TF_GetBuffer(serialized))
        kinds = {node.op for node in graph_def.node
                 if found and ("/" + found.group(1)).endswith("/" + node.name)}
        for node in graph_def.node:
            if node.op in kinds:
                _forget(node, int(found.group(2)))
        changed = graph_def.SerializeToString()
        return None if not kinds or changed == c_api.TF_GetBuffer(serialized) else changed

    def imported(graph, serialized, options):
        try:
            return c_api.TF_GraphImportGraphDefWithResults(graph, serialized, options)
        except errors.NotFoundError as error:
            unknown = _UNKNOWN.search(str(error))
            if unknown is None:
                raise
            name = unknown.group(1)
            refuse(f"the graph has the operation {name}, which TensorFlow of today has not: "
                   + why_gone(name))
        except errors.InvalidArgumentError as error:
            changed = without_contradicted(serialized, error)
            if changed is None:
                raise
        with c_api_util.tf_buffer(changed) as serialized:
            return imported(graph, serialized, options)
    return imported
