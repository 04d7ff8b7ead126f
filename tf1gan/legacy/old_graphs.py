"""Graphs that TensorFlow 1 wrote, read where 2.x reads them otherwise.

Of the 1,393 operations of 1.15.5, none has lost an attribute or an input; `GONE` have left. What a
graph says of an operation's shapes (`_output_shapes`) must agree with what TensorFlow of today
works out; `SHAPES` are those that it works out otherwise.
"""

import re

from tf1gan.legacy.names import Restored
from tf1gan.legacy.refusal import refuse

# Operations -> the outputs that 1.15 gave another shape. Those of a normalization's gradient that
# nobody uses were empty, and have been as long as its channels since 2.2.
SHAPES = {"FusedBatchNormGrad": (3, 4), "FusedBatchNormGradV2": (3, 4),
          "FusedBatchNormGradV3": (3, 4)}

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


def mend(graph_def):
    """Changes a GraphDef that 1.x wrote to one that TensorFlow of today reads alike, in place."""
    for node in graph_def.node:
        for output in SHAPES.get(node.op, ()):
            _forget(node, output)


def _forget(node, output):
    """Leaves an output's shape to TensorFlow of today."""
    shapes = node.attr["_output_shapes"].list.shape if "_output_shapes" in node.attr else ()
    if output < len(shapes):
        shapes[output].Clear()
        shapes[output].unknown_rank = True


def restore():
    """Has TensorFlow mend each graph that it imports: a .meta file, a SavedModel, a GraphDef."""
    from tensorflow.python.framework import importer
    process, c_api = importer._ProcessGraphDefParam, importer.c_api

    def mended(graph_def):
        graph_def = process(graph_def)
        mend(graph_def)
        return graph_def
    importer._ProcessGraphDefParam = mended
    importer.c_api = Restored("c_api", c_api, dict(
        TF_GraphImportGraphDefWithResults=_importing(c_api)))


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
                   + next(why for names, why in GONE if name.startswith(names)))
        except errors.InvalidArgumentError as error:
            changed = without_contradicted(serialized, error)
            if changed is None:
                raise
        with c_api_util.tf_buffer(changed) as serialized:
            return imported(graph, serialized, options)
    return imported
