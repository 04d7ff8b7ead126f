"""The part of a graph that computes some of its tensors from others, for two readers.

`original` is that part as it was, with conditions and dropout, to be run by a session that is told
the phases; `graph_def` is what is left of it once they are fixed.
"""

import re
from typing import Any, List, Mapping, NamedTuple

import numpy as np

from tf1gan.compat import tf
from tf1gan.converting import (
    branches,
    dropout,
    folding,
    graphs,
    normalization,
    phases,
    tables,
    updates,
)
from tf1gan.converting.ends import Ends
from tf1gan.converting.graphs import tensor
from tf1gan.errors import UserError
from tf1gan.restoring import graph_claims

INPUT = "input_of_the_network/"         # before the names of arguments, as placeholders
# Operations that touch files, other machines, Python or the process.
_OUTSIDE = re.compile(
    r"^(ReadFile|WriteFile|MatchingFiles|PyFunc\w*|EagerPyFunc|\w*Reader(V2|Read\w*)?|Save\w*|"
    r"Restore\w*|MergeV2Checkpoints|InitializeTableFromTextFile\w*|PrintV2|\w*SummaryWriter|"
    r"CreateSummary\w*|Debug\w+|LoadAndRemapMatrix|FixedUnigramCandidateSampler|Abort|"
    r"\w*(Line|Record|File|Fixed\w*|Sql|Lmdb)\w*Dataset\w*|RemoteCall|Rpc|TryRpc|_?Send|_?Recv|"
    r"_Host\w+|Collective\w+|LoadDataset|SaveDataset\w*|\w*CacheDataset\w*|GeneratorDataset|"
    r"DatasetFromGraph|AssertNextDataset|InitializeTableFromDataset)$")
_SHOWN = 4          # variables that are named in a line
_REFERENCES = {"RefSwitch": "Switch", "RefMerge": "Merge", "RefEnter": "Enter", "RefExit": "Exit",
               "RefIdentity": "Identity", "RefNextIteration": "NextIteration",
               "RefSelect": None}


class Network(NamedTuple):
    """What is converted.

    Attributes:
      ends: the Ends.
      graph_def: the GraphDef that is left; its inputs are placeholders by INPUT and their names.
      original: the GraphDef that a session runs, with the same placeholders.
      feeds: names of tensors of the original -> values of phases and probabilities.
      idle: the same of placeholders that only the original wants fed, which nothing depends on.
      outputs: names of results -> tensors' names, in both.
      variables: the names of the nodes that are variables, in either.
      notes: lines that say what was done.
    """
    ends: Ends
    graph_def: Any
    original: Any
    feeds: Mapping[str, Any]
    idle: Mapping[str, Any]
    outputs: Mapping[str, str]
    variables: List[str]
    notes: List[str]


def cut(source, ends, batch_statistics=False) -> Network:
    """The Network between some ends of a source's graph.

    Raises:
      UserError: something in it cannot be converted; names it.
    """
    whole, notes = source.graph_def, []
    placed = _placed(whole, ends)
    outputs = {name: (INPUT + _key(ends, each) + ":0" if each in ends.inputs.values()
                      else each.name) for name, each in ends.outputs.items()}
    wanted = [tensor(name).node for name in outputs.values()]
    folded, of_training = folding.folded(placed, ends.fixed), ()
    training = _phases_in_training(whole, ends)
    if not batch_statistics and not training:
        moving = normalization.find(folded, wanted)
        of_training, count = moving.updates, len(moving.fused) + len(moving.plain)
        if count:
            folded, placed = (normalization.put_in(each, moving) for each in (folded, placed))
            notes.append(f"{_count(count, 'statistic')} of batches replaced by moving ones "
                         "(--batch-statistics keeps them)")
    kept = normalization.by_batch(folded, wanted) if not batch_statistics else ()
    if kept:
        notes.append(f"the batch's statistics are kept, as with --batch-statistics, although there "
                     f"are moving ones ({few(kept)}): " + (
                         f"{training[0]} says so" if training else
                         "where these belong is not clear"))
    left = graphs.needed(graphs.by_name(folded), wanted)
    dropouts = dropout.find(folded, left, ends.fixed)
    left = graphs.needed(graphs.by_name(dropout.removed(folded, dropouts)), wanted)
    # Both are told to drop nothing, but not where that would tell others, too.
    told = {each.setting: each.nothing for each in dropouts
            if each.setting and each.setting.node not in left}
    folded = dropout.removed(folding.folded(folded, told), dropouts, told)
    dropout.keep_all(placed, [each for each in dropouts if each.setting not in told])
    feeds = {each.name: value for each, value in {**ends.fixed, **told}.items()}
    if dropouts:
        notes.append(f"{_count(len(dropouts), 'dropout')} removed")
    updates.check(folded, wanted, of_training)
    updates.leave_out(placed, wanted)
    network = _bare(folded, wanted)
    original = _part(placed, wanted)
    refused = _outside(network)
    if not refused and _outside(original):
        original = _part(folded, wanted)        # what is not taken is not run either
    if refused:
        raise UserError(
            f"{source.path}: {', '.join(each.name for each in ends.outputs.values())} is "
            f"computed by {refused}, which touches files, Python or other machines, and is not "
            "run: cut it off, with what it gives as an input (--inputs NAME:0,...)")
    for each in (network, original):
        graph_claims.check(source.path, each)
    notes.append(f"{len(network.node)} of {len(whole.node)} operations kept")
    present = {node.name for graph in (network, original) for node in graph.node}
    run = graphs.by_name(original)
    feeds = {name: value for name, value in feeds.items() if tensor(name).node in run}
    return Network(ends, network, original, feeds, _idle(run, graphs.by_name(network), feeds),
                   outputs, [node.name for node in source.variables if node.name in present], notes)


def _idle(run, kept, feeds):
    """{tensor: value} of placeholders that the original wants fed, and the network does not need.

    Such as a rate of dropout where a phase says that nothing is dropped.
    """
    found = {}
    for name, node in run.items():
        if node.op in graphs.PLACEHOLDERS and node.op != "PlaceholderWithDefault" \
                and name not in kept and not name.startswith(INPUT) and f"{name}:0" not in feeds:
            shape, dtype = graphs.attribute(node, "shape").shape, graphs.type_of(
                graphs.dtype_of(node))
            sizes = [max(each.size, 1) for each in shape.dim]
            found[f"{name}:0"] = np.full(sizes, 0.5 if dtype.is_floating else 0 if dtype
                                         != tf.string else b"", dtype.as_numpy_dtype)
    return found


def draws(graph_def):
    """The nodes of a graph, its functions' as well, that give random numbers."""
    bodies = [graph_def.node] + [function.node_def for function in graph_def.library.function]
    drawing = [node.name for body in bodies for node in body if graphs.draws(node)]
    there = {node.name for node in graph_def.node}
    # random_uniform/RandomUniform draws from [0, 1); random_uniform is in the script's range.
    whole = [name.rpartition("/")[0] for name in drawing]
    return [scope if scope in there else name for scope, name in zip(whole, drawing)]


def refuse_draws(cut):
    """Raises UserError where outputs depend on random numbers that the graph draws."""
    drawn = draws(cut.graph_def)
    if drawn:
        before = ",".join(each.name for each in cut.ends.inputs.values())
        raise UserError(f"{', '.join(each.name for each in cut.ends.outputs.values())} depends on "
                        "random numbers that the graph draws, so that no two results are alike: "
                        f"make them an input, with --inputs {before + ',' if before else ''}"
                        f"{','.join(name + ':0' for name in drawn)}")


def few(names):
    """The first of some names, and how many more there are."""
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if names[_SHOWN:]
                                        else "")


# -- Parts -----------------------------------------------------------------------------------

def _output_nodes(ends):
    return [each.node for each in ends.outputs.values()]


def _key(ends, wanted):
    return next(key for key, each in ends.inputs.items() if each == wanted)


def _phases_in_training(graph_def, ends):
    """Those of the fixed phases that have the values that they have in training, in words."""
    nodes = graphs.by_name(graph_def)
    values = {each.node: value for each, value in ends.fixed.items()
              if nodes[each.node].op in graphs.PLACEHOLDERS and np.size(value) == 1}
    found = phases.found(graph_def, nodes, values, [each.node for each in ends.outputs.values()])
    return [f"{name}:0 = {bool(value)}" for name, value in sorted(found.items())
            if value == bool(values[name])]


def _count(number, what):
    return f"{number} {what}{'s' if number > 1 else ''}"


def _placed(graph_def, ends):
    """A copy of a graph in which placeholders named after the arguments stand for the inputs."""
    made = tf.GraphDef()
    made.CopyFrom(graph_def)
    nodes = graphs.by_name(graph_def)
    new = {each: INPUT + key for key, each in ends.inputs.items()}
    order = {"^" + each.node: "^" + name for each, name in new.items()}
    for node in made.node:
        for place, value in enumerate(node.input):
            if value in order:          # or it would wait for what nobody gives
                node.input[place] = order[value]
            elif not value.startswith("^") and tensor(value) in new:
                node.input[place] = new[tensor(value)]
    kinds = dict(zip(new, _kinds(graph_def, nodes, list(new))))
    for each, name in new.items():
        dtype, shape = kinds[each]
        node = made.node.add(name=name, op="Placeholder")
        node.attr["dtype"].type = dtype
        node.attr["shape"].shape.CopyFrom(shape)
    return made


def _kinds(graph_def, nodes, tensors):
    """(dtype as a number, shape's message) of each."""
    found = []
    old = graph_def.versions.producer < 24      # a scalar's shape meant any, until then
    for each in tensors:
        node = nodes[each.node]
        if node.op in ("Placeholder", "PlaceholderV2", "PlaceholderWithDefault"):
            shape = tf.TensorShape(None).as_proto()
            shape.CopyFrom(graphs.attribute(node, "shape").shape)
            if old and not shape.dim or "shape" not in node.attr:
                shape.unknown_rank = True
            found.append((graphs.dtype_of(node), shape))
            continue
        shape = _of_source(nodes, node, each.index)
        if shape is not None:
            found.append((graphs.dtype_of(node, each.index), shape))
            continue
        try:
            part = graphs.part(graph_def, graphs.needed(nodes, [each.node]))
            (dtype, shape), = graphs.shapes_of(part, [each])
            found.append((dtype.as_datatype_enum, tf.TensorShape(shape).as_proto()))
        except Exception:           # what is before it cannot be built here, and need not
            dtype = graphs.dtype_of(node, each.index)
            if not dtype:
                raise UserError(f"{each.name} is made by {node.op}, and of what type it is cannot "
                                "be told: name another input") from None
            found.append((dtype, tf.TensorShape(None).as_proto()))
    return found


def _of_source(nodes, node, index):
    """The shape of what a queue or an iterator gives, of a batch of any size; None of others."""
    if node.op not in graphs.SOURCES:
        return None
    listed = graphs.attribute(node, "output_shapes").list.shape
    if node.op.startswith("Queue"):
        queue = nodes.get(graphs.node_of(node.input[0]))
        listed = graphs.attribute(queue, "shapes").list.shape if queue is not None else ()
    shape = tf.TensorShape(listed[index] if index < len(listed) else None)
    if "Many" in node.op or "UpTo" in node.op:
        shape = tf.TensorShape([None]).concatenate(shape)
    return shape.as_proto()


def _bare(graph_def, wanted):
    """What outputs need, without training's parts, devices or references to variables."""
    there = {"^" + node.name for node in graph_def.node      # before anything is computed
             if node.op in graphs.VARIABLES + tables.KINDS or node.name.startswith(INPUT)}
    for node in graph_def.node:
        if not there.isdisjoint(node.input):
            node.input[:] = [value for value in node.input if value not in there]
    branches.in_order(graph_def, wanted)
    made = _part(graph_def, wanted)
    updates.check_functions(made)
    for node in made.node:
        if _REFERENCES.get(node.op):
            node.op = _REFERENCES[node.op]
        elif node.op in folding.INITIALIZED:
            graphs.constant(node, True, tf.bool.as_datatype_enum)
    return made


def _part(graph_def, wanted):
    """What some nodes need, free of what ties it to machines and to other TensorFlows."""
    nodes = graphs.by_name(graph_def)
    made = graphs.part(graph_def, graphs.needed(nodes, wanted))
    present = {node.name for node in made.node}
    old = made.versions.producer < 24
    for node in made.node:
        node.device = ""
        for name in ("_class", "_output_shapes"):
            if name in node.attr:
                del node.attr[name]
        if old and node.op in graphs.PLACEHOLDERS \
                and not graphs.attribute(node, "shape").shape.dim:
            node.attr["shape"].shape.unknown_rank = True
        node.input[:] = [value for value in node.input if graphs.node_of(value) in present
                         or not value.startswith("^")]
    called = graphs.functions_of(made.node, made.library)
    functions = [function for function in made.library.function
                 if function.signature.name in called]
    for function in functions:
        for node in function.node_def:
            node.device = ""
    kept = [type(function).FromString(function.SerializeToString()) for function in functions]
    made.library.Clear()
    made.library.function.extend(kept)
    return made


def _outside(graph_def):
    """The first operation that touches what is outside, as "ReadFile (load/read)", or None."""
    bodies = [graph_def.node] + [function.node_def for function in graph_def.library.function]
    for body in bodies:
        for node in body:
            if _OUTSIDE.match(node.op):
                return f"{node.op} ({node.name})"
    return None
