"""Variables that say whether there is training, such as TFLearn's: taken for placeholders."""

from tf1gan.compat import tf
from tf1gan.converting import folding, graphs, phases
from tf1gan.converting.candidates import is_aside

_READS = ("Identity", "ReadVariableOp")
_REFERENCES = {"RefSwitch": "Switch", "RefIdentity": "Identity"}
_AFTER_CHANGES = ("NoOp",) + _READS         # what gathers changes, or gives what they gave


def as_placeholders(graph_def):
    """(A graph whose phases that are variables are placeholders, the names of these).

    A checkpoint has the value that such a variable had while it was saved, mostly training's.
    A variable is left as it is where anything that is computed waits until it is changed.
    """
    taking = graphs.consumers(graph_def)
    names = [node.name for node in graph_def.node if node.op in graphs.VARIABLES
             and _is_truth_value(node) and phases.by_name(node) is not None
             and all(_may_take_a_placeholder(node, each, taking) for each in taking[node.name])]
    if not names:
        return graph_def, []
    made = tf.GraphDef()
    made.CopyFrom(graph_def)
    nodes, taking = graphs.by_name(made), graphs.consumers(made)
    for name in names:
        for each in taking[name]:
            each.op = _REFERENCES.get(each.op, each.op)
            if each.op in folding.INITIALIZED:
                graphs.constant(each, True, tf.bool.as_datatype_enum)
            if each.op == "ReadVariableOp":
                each.op = "Identity"
                each.attr.clear()
                each.attr["T"].type = tf.bool.as_datatype_enum
        node = nodes[name]
        node.op = "Placeholder"
        node.attr.clear()
        node.attr["dtype"].type = tf.bool.as_datatype_enum
        node.attr["shape"].shape.CopyFrom(tf.TensorShape([]).as_proto())
    return made, names


def _is_truth_value(node):
    shape = graphs.attribute(node, "shape").shape
    return graphs.dtype_of(node) == tf.bool.as_datatype_enum and not (
        shape.dim or shape.unknown_rank)


def _may_take_a_placeholder(node, other, taking):
    """Whether what takes a variable can take a placeholder, or is not of the network."""
    if graphs.changes(other):
        seen, waiting = set(), [other]
        while waiting:
            for each in taking[waiting.pop().name]:
                if each.name not in seen:
                    if each.op not in _AFTER_CHANGES and not graphs.changes(each):
                        return False
                    seen.add(each.name)
                    waiting.append(each)
        return True
    if is_aside(other.name) or other.op in (
            _READS + tuple(_REFERENCES) + folding.INITIALIZED):
        return True
    return node.op != "VarHandleOp" and not other.op.startswith("Ref")
