"""What of a graph is its network, and what trains, saves or tells beside it: by what takes what."""

import re
from typing import Any, List, Mapping, NamedTuple

from tf1gan.compat import tf
from tf1gan.converting import dropout, folding, graphs, phases
from tf1gan.converting.asked import name_for
from tf1gan.converting.graphs import Tensor
from tf1gan.errors import UserError
from tf1gan.restoring import graph_claims

# Parts of a graph that train, save or summarize, by their names and operations.
_ASIDE = re.compile(r"(^|/)(gradients(_\d+)?|save(_\d+)?|Adam(_\d+)?|RMSProp|Momentum|Adagrad|"
                    r"GradientDescent|report_uninitialized_variables|init(_\d+)?|"
                    r"\w*[Aa]ssert\w*|zero_fraction(_\d+)?|saver_filename)(/|$)")
_TELLS_OR_SAVES = re.compile(
    r"^(\w*Summary\w*|Assert|NoOp|PrintV?2?|Save\w*|Restore\w*|MergeV2Checkpoints|"
    r"Queue(Enqueue|Close)\w*|\w*Barrier\w*Insert\w*|IsVariableInitialized|"
    r"VarIsInitializedOp)$")
_LAST = ("Tanh", "Sigmoid", "Softmax", "LogSoftmax")        # with which a network often ends
_READS = ("ReadVariableOp",)
_TELLS = re.compile(r"Summary|Assert|Print|NoOp")
_SHOWN = 8          # candidates in a line
_AFTER = 3          # operations after the last weight that are


def is_aside(name):
    """Whether a node is of what trains, saves, checks or counts, by its name."""
    return bool(_ASIDE.search(name))


def candidates(source, nodes):
    """(Tensors that may be outputs, those of them that nothing takes): of the network itself."""
    graph_def = source.graph_def
    starts = [node.name for node in graph_def.node
              if node.op in graphs.PLACEHOLDERS + graphs.SOURCES and not phases.may_be(node)
              or graphs.draws(node)]
    forward = {name for name in graphs.dependants(graph_def, starts)
               if not is_aside(name) and not _has_effects(nodes[name])} - set(starts)
    taken, last = set(), forward & graphs.dependants(graph_def, [
        node.name for node in source.variables])
    weights = {node.name for node in graph_def.node if node.op in graphs.VARIABLES + _READS
               or node.op == "Identity" and nodes.get(graphs.node_of(node.input[0])) is not None
               and nodes[graphs.node_of(node.input[0])].op in graphs.VARIABLES}
    before = set()                  # what is taken together with a weight
    for node in graph_def.node:
        names = set(map(graphs.node_of, graphs.data_inputs(node)))
        if node.name in forward or _has_effects(node) and not _TELLS.search(node.op):
            taken |= names
        if node.name in forward and names & weights:
            before |= names
    last -= graphs.needed(nodes, before)
    ends = [name for name in forward - taken if not _in_loop(name)
            and nodes[name].op not in ("Switch", "RefSwitch")] or list(forward - taken)
    shown = {name for name in forward if nodes[name].op in _LAST and not _in_loop(name)}
    places = {node.name: place for place, node in enumerate(graph_def.node)}
    shown |= set(sorted((name for name in last if not _in_loop(name)), key=places.get)[:_AFTER])
    both = sorted(shown | set(ends), key=places.get)
    return [Tensor(name, 0) for name in both], [
        Tensor(name, 0) for name in sorted(ends, key=places.get)]


def _has_effects(node):
    """Whether a node is there for what it does, rather than for what it gives."""
    return graphs.changes(node) or bool(_TELLS_OR_SAVES.match(node.op))


def _in_loop(name):
    return bool(re.search(r"(^|/)(while|rnn|cond)(_\d+)?/", name))


def shaped(source, tensors):
    """The (dtype, shape) of each, or of none, where the graph cannot be built here."""
    try:
        graph_claims.check(source.path, source.graph_def)
        return graphs.shapes_of(source.graph_def, tensors)
    except Exception:               # for those who convert it to say
        return [(None, None)] * len(tensors)


class Likely(NamedTuple):
    """What may be an output.

    Attributes:
      both: Tensors; ends: those of them that nothing takes.
      kinds: each Tensor's (dtype, shape), or (None, None).
    """
    both: List[Tensor]
    ends: List[Tensor]
    kinds: Mapping[Tensor, Any]


def likely(source, nodes):
    """The Likely outputs of a source. Building the graph for their shapes takes time: ask once."""
    both, ends = candidates(source, nodes)
    return Likely(both, ends, dict(zip(both, shaped(source, both))))


def outputs_that_are_clear(source, nodes, guessed, found, given=(), fixed=None):
    """{name: the one Tensor that is clear} of some Likely outputs. Raises UserError.

    Args:
      given: Tensors that are fed.
      fixed: {Tensor: value} of those that have one.
    """
    both, ends, kinds = found
    if not both:
        raise UserError(f"{source.path} has nothing that depends on a placeholder: name what to "
                        "compute with --outputs")

    def is_value(each):         # and not a loss
        dtype, shape = kinds[each]
        return dtype is None or shape is None or len(shape) > 0

    def is_known(each):
        return kinds[each][1] is not None or len(both) == 1

    def is_array(each):
        return kinds[each][0] not in (tf.resource, tf.variant)
    clear = [each for each in ends if is_value(each) and is_known(each)] or [
        each for each in ends if is_value(each) and is_array(each)]
    if not clear:           # all that nothing takes are losses
        ended = set(ends)
        last = [each for each in both if each in ended or nodes[each.node].op in _LAST]
        clear = [each for each in last if is_picture(kinds[each][1])] or [
            each for each in last if is_value(each) and is_known(each)]
        # The same generator may be there twice, for training and for sampling: then nothing is.
    drawn = ""
    if len(clear) == 1 and _is_drawn(source, nodes, clear[0], given, fixed):
        # As a critic of what lies at random between pictures and drawn ones.
        others = [each for each in both if each not in clear and is_value(each) and is_known(each)
                  and not _is_drawn(source, nodes, each, given, fixed)]
        if others:
            drawn = f" ({clear[0].name} depends on random numbers that the graph draws)"
            clear = [each for each in others if nodes[each.node].op in _LAST
                     and is_picture(kinds[each][1])]
    if len(clear) == 1:
        guessed.append(clear[0].name)
        return {name_for(clear[0], {}): clear[0]}
    shown = [f"{each.name} {in_words(*kinds[each])}".strip() for each in both if is_value(each)
             and is_array(each)]
    more = f", and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    raise UserError(f"{source.path} does not say what to compute: name it with --outputs, such as "
                    + ", ".join((shown or [each.name for each in both])[-_SHOWN:]) + more + drawn)


def _is_drawn(source, nodes, each, given, fixed):
    """Whether a Tensor depends on random numbers that are no dropout's, when nothing is trained."""
    cut, fixed = {one.node for one in given}, dict(fixed or {})

    def drawn(graph_def):
        nodes = graphs.by_name(graph_def)
        stops = cut.union(name for name, node in nodes.items()
                          if node.op in graphs.PLACEHOLDERS + graphs.SOURCES)
        left = graphs.needed(nodes, [each.node], stops, order=False)
        return any(graphs.draws(nodes[name]) for name in left - cut), left
    graph_def = source.graph_def
    is_so, left = drawn(graph_def)
    if is_so:
        training = phases.found(graph_def, nodes, [
            name for name in left - cut if nodes[name].op in graphs.PLACEHOLDERS], [each.node])
        fixed = {**{Tensor(name, 0): not value for name, value in training.items()}, **fixed}
        graph_def = folding.folded(graph_def, fixed)
        left = graphs.needed(graphs.by_name(graph_def), [each.node])
        is_so, _ = drawn(dropout.removed(graph_def, dropout.find(graph_def, left, fixed)))
    return is_so


def is_picture(shape):
    """Whether a shape is that of pictures: [n, height, width, 1 or 3], or [n, 784]."""
    return shape is not None and (
        len(shape) == 4 and shape[3] in (1, 3) and shape[1] is not None and shape[1] == shape[2]
        or shape[1:] == [784])


def inputs_that_are_clear(graph_def, nodes, loose, of_outputs):
    given, used = {}, {name: set() for name in loose}
    for other in graph_def.node:
        for value in graphs.data_inputs(other) if other.name in of_outputs else ():
            if graphs.node_of(value) in used:
                used[graphs.node_of(value)].add(graphs.tensor(value))
    for name in sorted(loose):
        for each in sorted(used[name]) if nodes[name].op in graphs.SOURCES else [Tensor(name, 0)]:
            given[name_for(each, given)] = each
    return given


def in_words(dtype, shape):
    if dtype is None:
        return ""
    return dtype.name + (" of any rank" if shape is None else " [" + ", ".join(
        "?" if size is None else str(size) for size in shape) + "]")


def type_in_words(node):
    """A placeholder's type and shape."""
    shape = graphs.attribute(node, "shape").shape
    sizes = "of any shape" if shape.unknown_rank or not shape.dim else str(
        [each.size if each.size >= 0 else None for each in shape.dim]).replace("None", "?")
    dtype = graphs.dtype_of(node)
    return f"{graphs.type_of(dtype).name if dtype else 'a tensor'} {sizes}"
