"""Arrays of tensors as they were until TensorFlow 1.0: their handles were texts, not resources.

`TensorArray` of 0.8 to 0.12 and `TensorArrayV2` of 0.12 and 1.0 become `TensorArrayV3`.
"""

import collections

_RESOURCE, _INT32 = 20, 3
_BEGIN = "TensorArray"
_PLAIN = ("", "Grad", "Write", "Read", "Gather", "Scatter", "Concat", "Split", "Size", "Close")
_RENAMED = {_BEGIN + part + version: _BEGIN + part + "V3"
            for part in _PLAIN for version in ("", "V2")}
_WHOLE = {"TensorArrayPack": "TensorArrayGatherV3", "TensorArrayUnpack": "TensorArrayScatterV3"}
# What hands a handle on: operation -> which of its outputs.
_PASSED = {"Enter": (0,), "Exit": (0,), "NextIteration": (0,), "Identity": (0,), "Merge": (0,),
           "Switch": (0, 1)}
GONE = sorted(set(_RENAMED) | set(_WHOLE))


def renewed(graph_def):
    """Makes them today's, in place, in the graph itself. Returns how many operations there were."""
    nodes = [node for node in graph_def.node if node.op in _RENAMED or node.op in _WHOLE]
    if nodes:
        _make_resources(graph_def)
    for node in nodes:
        if node.op in _WHOLE:
            _with_indices(graph_def, node)
        node.op = _RENAMED.get(node.op) or _WHOLE[node.op]
    return len(nodes)


def _make_resources(graph_def):
    """Has what hands handles on hand on resources."""
    taking = collections.defaultdict(list)
    for node in graph_def.node:
        for value in node.input:
            if not value.startswith("^"):
                taking[value if ":" in value else value + ":0"].append(node)
    waiting = [node.name + ":0" for node in graph_def.node
               if node.op in _RENAMED and _RENAMED[node.op] in ("TensorArrayV3",
                                                                "TensorArrayGradV3")]
    seen = set()
    while waiting:
        value = waiting.pop()
        if value in seen:
            continue
        seen.add(value)
        for node in taking[value]:
            passed = node.op[len("Ref"):] if node.op.startswith("Ref") else node.op
            if passed in _PASSED:
                node.op = passed
                node.attr["T"].type = _RESOURCE
                waiting += [f"{node.name}:{at}" for at in _PASSED[passed]]


def _with_indices(graph_def, node):
    """Gives what took or gave all of an array the numbers of all."""
    scope, packs = node.name + "/", node.op == "TensorArrayPack"

    def add(name, operation, *inputs, **types):
        made = graph_def.node.add(name=scope + name, op=operation)
        made.input.extend(inputs)
        for key, kind in types.items():
            made.attr[key].type = kind
        return made.name

    def number(name, value):
        made = add(name, "Const", dtype=_INT32)
        graph_def.node[-1].attr["value"].tensor.dtype = _INT32
        graph_def.node[-1].attr["value"].tensor.int_val.append(value)
        graph_def.node[-1].attr["value"].tensor.tensor_shape.SetInParent()
        return made
    data = [value for value in node.input if not value.startswith("^")]
    zero, one = number("zero", 0), number("one", 1)
    if packs:
        size = add("size", "TensorArraySizeV3", *data)
    else:
        shape = add("shape", "Shape", data[1], T=node.attr["T"].type, out_type=_INT32)
        size = add("size", "GatherV2", shape, zero, zero, Tparams=_INT32, Tindices=_INT32,
                   Taxis=_INT32)
    node.input.insert(1, add("indices", "Range", zero, size, one, Tidx=_INT32))
