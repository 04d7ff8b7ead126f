"""What `tf1gan inspect` says of a model's file, which is read and never run."""

import re
import shlex

from tf1gan import files, restoring
from tf1gan.compat import tf
from tf1gan.converting import conversion, ends, graphs, keras_models, phases, sources
from tf1gan.errors import UserError, WriteError, reason
from tf1gan.legacy.graphs import kernels, old_operations
from tf1gan.restoring import hdf5

_OF_A_LOSS = re.compile(r"(^|/)\w*(cross_entropy|loss|cost|accuracy)", re.IGNORECASE)
_SHOWN = 20                 # inputs, outputs, operations
_LARGE = 1024               # bytes of a constant, from which on it is not drawn


def inspect(path, tags=None, graph=None):
    """Lines to print of a file or folder.

    Args:
      tags: of a SavedModel with several graphs, those of one.
      graph: a new folder, for what TensorBoard draws; None writes none.

    Raises:
      UserError: it holds neither a graph nor weights; says what it is.
    """
    if graph:
        files.check_new_folder(graph)
    if keras_models.is_named_so(path) or hdf5.is_hdf5(path):
        return _of_keras(path, graph)
    several = [] if tags or graph else sources.tags_of(path)
    if several[1:]:
        return [line for each in several for line in inspect(path, each) + [""]][:-1]
    try:
        source = sources.opened(path, tags, as_it_is=True)
    except sources.NoGraph:
        if graph:
            restoring.opened(path, whole=True)
            raise UserError(f"{path} has no graph, which --graph would draw") from None
        return restoring.inspect(path)
    lines = [f"{source.path}: {source.words}"
             + (f", written by {source.version}" if source.version
                else ", which does not say what wrote it")]
    today, rows = conversion.mended(source)
    known = ends.likely(today, graphs.by_name(today.graph_def))
    lines += _signatures(source) + _inputs(source.graph_def) + _outputs(known)
    lines += _weights(source) + _operations(source, today, rows) + _command(today, tags, known)
    if graph:
        draw(source.graph_def, graph)
        lines.append(f"Graph: tensorboard --logdir {shlex.quote(graph)}")
    return lines


def draw(graph_def, folder):
    """Writes a graph as TensorBoard reads it, without the values of large constants."""
    made = tf.GraphDef()
    made.CopyFrom(graph_def)
    for node in made.node:
        if node.op == "Const" and node.attr["value"].ByteSize() > _LARGE:
            shape = node.attr["value"].tensor.tensor_shape
            kept = tf.TensorShape(shape).as_proto()
            node.attr["value"].tensor.Clear()
            node.attr["value"].tensor.tensor_shape.CopyFrom(kept)
            node.attr["value"].tensor.dtype = node.attr["dtype"].type
    try:
        with files.atomic_folder(folder) as temporary, tf.Graph().as_default():
            writer = tf.summary.FileWriter(temporary)
            writer.add_graph(None, graph_def=made)
            writer.close()
    except tf.errors.OpError as error:
        raise WriteError(f"cannot write {folder}: {reason(error)}") from error


def _of_keras(path, graph):
    if graph:
        raise UserError(f"{path} is Keras's, and --graph draws graphs: convert it, and draw that")
    if not keras_models.is_named_so(path):
        lines = restoring.inspect(path)
        if not keras_models.has_configuration(path):
            return lines + ["Convert: with the model's JSON, tf1gan convert MODEL.json --weights "
                            f"{shlex.quote(path)} --out converted"]
        about, weights, flags = keras_models.describe(path), lines[1:], []
    elif not keras_models.is_configuration(path):
        return restoring.inspect(path)
    else:
        about, weights, flags = keras_models.describe(path), [], ["--weights", "FILE.h5"]
    able = not about[-1].startswith("Cannot")
    return about + weights + ([f"Convert: {conversion.command(path, *flags)}"] if able else [])


def _signatures(source):
    lines = []
    for name, signature in sorted(source.meta.signature_def.items())[:_SHOWN]:
        sides = []
        for infos in (signature.inputs, signature.outputs):
            sides.append(", ".join(
                f"{key} = {info.name or 'a sparse tensor'} " + ends.in_words(
                    graphs.type_of(info.dtype) if info.dtype else None,
                    None if info.tensor_shape.unknown_rank else
                    [each.size if each.size >= 0 else None for each in info.tensor_shape.dim])
                for key, info in sorted(infos.items())))
        lines.append(f"Signature {name}: {sides[0]} -> {sides[1]}")
    return lines


def _inputs(graph_def):
    found = [node for node in graph_def.node if node.op in graphs.PLACEHOLDERS + graphs.SOURCES
             and not ends.is_aside(node.name)]
    lines = []
    for node in found[:_SHOWN]:
        about = ends.type_in_words(node) if node.op in graphs.PLACEHOLDERS else f"by {node.op}"
        lines.append(f"  {node.name}:0  {about}" + (
            ", a phase" if phases.may_be(node) and phases.by_name(node) is not None else ""))
    more = [f"  and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return ["Inputs:" if found else "Inputs: none"] + lines + more


def _outputs(known):
    lines = [f"  {each.name}  {ends.in_words(*known.kinds[each])}".rstrip()
             for each in known.ends[:_SHOWN]]
    return ["Outputs, which no other operation uses:" if known.ends else "Outputs: none"] + lines


def _weights(source):
    if source.prefix:
        return ["Variables:"] + restoring.inspect(source.prefix)[1:]
    variables = source.variables
    if variables:
        return [f"Variables: {len(variables)}, without values: no checkpoint is beside it"]
    sizes = [each for node in source.graph_def.node if node.op == "Const"
             for each in [node.attr["value"].tensor.ByteSize()] if each > _LARGE]
    return [f"Weights: constants of the graph, {sum(sizes) / 2 ** 20:.1f} MB in {len(sizes)} large "
            "ones"]


def _operations(source, today, rows):
    kinds = {node.op for node in source.graph_def.node}
    lacking = kernels.lacking(today.graph_def)
    lines = [f"Operations: {len(source.graph_def.node)}, of {len(kinds)} kinds"
             + (f", and {len(source.graph_def.library.function)} functions"
                if source.graph_def.library.function else "")]
    contrib = sorted(kinds & set(old_operations.REPLACED))
    if contrib:
        lines.append("No longer in TensorFlow, and computed by other operations: "
                     + ", ".join(contrib))
    lines += [f"Mended: {row}" for row in rows if not row.startswith(tuple(contrib))]
    if not lacking:
        return lines + ["Today's TensorFlow can compute each of them on a CPU."]
    shown = sorted(lacking.items())[:_SHOWN]
    return lines + [f"Today's TensorFlow cannot compute {name} on a CPU: {why}"
                    for name, why in shown]


def _command(source, tags, known):
    flags, lines = ["--tags", tags] if tags else [], []
    if source.words.startswith("a SavedModel of objects"):
        return ["TensorFlow 2 loads it as it is: tf.saved_model.load"]
    try:
        ends.find(source, known=known)
    except UserError:
        signatures = sorted(source.meta.signature_def)
        if signatures[1:] and "serving_default" not in signatures:
            flags += ["--signature", shlex.quote(signatures[0])]
            return [f"Convert: {conversion.command(source.path, *flags)}"]
        names = [each.name for each in known.both
                 if known.kinds[each][1] is None or known.kinds[each][1]]
        if not names:
            return []
        if names[1:]:
            lines.append("Candidates for --outputs: " + ", ".join(names[-_SHOWN:]))
        flags += ["--outputs", shlex.quote(_of_the_network(source.graph_def, names))]
    return lines + [f"Convert: {conversion.command(source.path, *flags)}"]


def _of_the_network(graph_def, names):
    """The last of some tensors, but none of a loss: such has labels among what it needs."""
    nodes, names = graphs.by_name(graph_def), names[-_SHOWN:]
    names = [name for name in names if not _OF_A_LOSS.search(name)] or names
    fed = [sum(nodes[each].op in graphs.PLACEHOLDERS and not phases.may_be(nodes[each])
               for each in graphs.needed(nodes, [graphs.node_of(name)])) for name in names]
    return names[max(place for place, count in enumerate(fed) if count == min(fed))]
