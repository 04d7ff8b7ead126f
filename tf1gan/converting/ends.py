"""Where a graph begins and ends: what was asked for, what its signatures say, or what is clear."""

import json
import re
from typing import Any, List, Mapping, NamedTuple

import numpy as np

from tf1gan.compat import tf
from tf1gan.converting import dropout, graphs
from tf1gan.converting.graphs import Tensor, tensor
from tf1gan.errors import UserError
from tf1gan.restoring import claims

# Parts of a graph that train, save or summarize, by their names and operations.
_ASIDE = re.compile(r"(^|/)(gradients(_\d+)?|save(_\d+)?|Adam(_\d+)?|RMSProp|Momentum|Adagrad|"
                    r"GradientDescent|report_uninitialized_variables|init(_\d+)?|\w*[Aa]ssert\w*|zero_fraction(_\d+)?|"
                    r"saver_filename)(/|$)")
EFFECTS = re.compile(
    r"^(Assign\w*|\w*ScatterUpdate|Scatter\w*|ResourceScatter\w*|(Resource|Sparse)?\w*Apply\w+|"
    r"\w*Summary\w*|Assert|NoOp|PrintV?2?|Save\w*|Restore\w*|MergeV2Checkpoints|Queue(Enqueue|Close)"
    r"\w*|\w*Barrier\w*Insert\w*|IsVariableInitialized|VarIsInitializedOp)$")
_LAST = ("Tanh", "Sigmoid", "Softmax", "LogSoftmax")        # with which a network often ends
_READS = ("ReadVariableOp",)
_METRICS = "metrics/"       # of an Estimator's evaluation: counters, which no checkpoint holds
_TELLS = re.compile(r"Summary|Assert|Print|NoOp")
_SHOWN = 8          # candidates in a line
_AFTER = 3          # operations after the last weight that are
_PHASE = re.compile(r"(^|/)(\w*(is_?train|train_?(ing|phase|mode)?|phase|learning_phase)\w*)$",
                    re.IGNORECASE)


class Ends(NamedTuple):
    """Where to cut a graph.

    Attributes:
      inputs: names of arguments -> Tensors, which are fed.
      fixed: Tensors -> values that they have, whatever is fed.
      outputs: names of results -> Tensors.
      guessed: lines that say what was guessed.
    """
    inputs: Mapping[str, Tensor]
    fixed: Mapping[Tensor, Any]
    outputs: Mapping[str, Tensor]
    guessed: List[str]


def find(source, inputs="", outputs="", signature=None, training=False):
    """The Ends that were asked for, or else are clear.

    Args:
      source: sources.Source.
      inputs: "z:0,noise=z_2,is_training:0=False": what is fed, perhaps under a name of its own,
        and what has a value.
      outputs: "Tanh:0,images=Tanh_2": likewise.
      signature: the name of one of the graph's signatures.
      training: the value of phases that nobody set.

    Raises:
      UserError: a name is not in the graph, or nothing is clear; gives the candidates.
    """
    graph_def = source.graph_def
    nodes, guessed = graphs.by_name(graph_def), []
    given, fixed = _inputs_asked_for(source, nodes, inputs)
    found = _outputs_asked_for(source, nodes, outputs)
    if signature or not outputs and source.meta.signature_def:
        name, theirs = _signature(source, signature)
        if not found:
            found = {key: tensor(info.name) for key, info in sorted(theirs.outputs.items())
                     if not key.startswith(_METRICS)} or {
                key: tensor(info.name) for key, info in sorted(theirs.outputs.items())}
        if not given:
            given = {key: tensor(info.name) for key, info in sorted(theirs.inputs.items())
                     if tensor(info.name) not in fixed}
        guessed.append(f"the signature {name!r}")
    if not found:
        found = _outputs_that_are_clear(source, nodes, guessed)
    # How much is dropped is no input, although a signature may have it: nothing is.
    probabilities = dropout.settings(graph_def, graphs.needed(nodes, [
        each.node for each in found.values()]))
    given = {key: each for key, each in given.items() if each not in probabilities}
    cut = {each.node for each in list(given.values()) + list(fixed)}
    of_outputs = graphs.needed(nodes, [each.node for each in found.values()], cut)
    if not inputs:              # a signature may have inputs that play no part
        given = {key: each for key, each in given.items() if each.node in of_outputs}
    for each in given.values():
        if each.node not in of_outputs:
            raise UserError(f"{', '.join(each.name for each in found.values())} does not depend on "
                            f"{each.name}: leave it out, or name others with --outputs")
    if not given:       # what stands for a batch or a draw, unless it is fed, is fed
        of_outputs = graphs.needed(nodes, [each.node for each in found.values()], cut | {
            name for name in of_outputs if _stands_for_draws(nodes, nodes[name])})
    loose = [name for name in of_outputs - cut
             if nodes[name].op in graphs.PLACEHOLDERS + graphs.SOURCES]
    inner, defaults = dropout.settings(graph_def, of_outputs), []
    for name in sorted(loose):
        node = nodes[name]
        if Tensor(name, 0) in inner:
            continue                    # how much is dropped: seen to where dropout is removed
        if is_phase(node):
            fixed[Tensor(name, 0)] = training
            guessed.append(f"{name}:0 = {training}")
        elif node.op == "PlaceholderWithDefault":
            value = graphs.value_of(nodes.get(graphs.node_of(node.input[0])))
            if value is not None:
                fixed[Tensor(name, 0)] = value
                guessed.append(f"{name}:0 = {value.tolist() if value.size < 10 else '...'}, its "
                               "default")
            elif not _stands_for_draws(nodes, node):
                defaults.append(name)
                guessed.append(f"{name}:0 = its default, which is computed")
        elif given and (inputs or source.meta.signature_def):
            asked = ", ".join(each.name for each in found.values())
            raise UserError(f"{asked} depends on {name}:0, too, {type_in_words(node)}: name it in "
                            f"--inputs, or give it a value: --inputs ...,{name}:0=VALUE")
    if not given:
        given = _inputs_that_are_clear(graph_def, nodes, [
            name for name in loose if name not in defaults
            and not {Tensor(name, 0)} & (set(fixed) | set(inner))],
            of_outputs)
        guessed += [each.name for each in given.values()]
    return Ends(given, fixed, found, guessed)


def is_aside(name):
    """Whether a node is of what trains, saves, checks or counts, by its name."""
    return bool(_ASIDE.search(name))


def is_phase(node):
    """Whether a node is a placeholder of whether there is training."""
    dtype = graphs.dtype_of(node)
    shape = graphs.attribute(node, "shape").shape
    return node.op in graphs.PLACEHOLDERS and not shape.dim and (
        dtype == _BOOL or bool(_PHASE.search(node.name)) and node.op == "PlaceholderWithDefault")


_BOOL = 10          # DT_BOOL


def _stands_for_draws(nodes, node):
    """Whether a placeholder's default is what a queue or an iterator gives, or a draw."""
    return node.op == "PlaceholderWithDefault" and any(
        nodes[name].op in graphs.SOURCES or graphs.draws(nodes[name])
        for name in graphs.needed(nodes, [graphs.node_of(node.input[0])]))


# -- What was asked for ----------------------------------------------------------------------

def _tensor(source, nodes, text, flag):
    """The Tensor of a name that somebody wrote."""
    found = tensor(text)
    if found.node not in nodes:
        near = sorted(name for name in nodes if name.endswith("/" + found.node)
                      or name.lower() == found.node.lower())[:_SHOWN]
        raise UserError(f"{flag}: {source.path} has no {text!r}" + (
            f"; there is {', '.join(near)}" if near else ""))
    return found


def _split(text):
    """The parts of "a,b=[1,2],c"."""
    parts, depth = [""], 0
    for letter in text or "":
        depth += (letter in "[(") - (letter in "])")
        if letter == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def _inputs_asked_for(source, nodes, text):
    given, fixed = {}, {}
    for item in _split(text):
        left, equal, right = item.partition("=")
        if equal and (left.partition(":")[0] not in nodes or tensor(right).node in nodes):
            given[_argument(left, "--inputs")] = _tensor(source, nodes, right, "--inputs")
        elif equal:
            fixed[_tensor(source, nodes, left, "--inputs")] = _value(left, right)
        else:
            each = _tensor(source, nodes, left, "--inputs")
            given[_name_for(each, given)] = each
    return given, fixed


def _outputs_asked_for(source, nodes, text):
    found = {}
    for item in _split(text):
        left, equal, right = item.partition("=")
        each = _tensor(source, nodes, right if equal else left, "--outputs")
        found[_argument(left, "--outputs") if equal else _name_for(each, found)] = each
    return found


def _argument(name, flag):
    if not name.isidentifier():
        raise UserError(f"{flag}: {name!r} is neither in the graph nor a name that an argument can "
                        "have")
    return name


def _value(name, text):
    """What "False", "0.5" or "[1, 2]" says."""
    words = {"true": True, "false": False}
    try:
        return words[text.lower()] if text.lower() in words else np.array(json.loads(text)) \
            if text.startswith("[") else json.loads(text)
    except ValueError:
        raise UserError(f"--inputs: {name}={text} gives it no value: True, False, a number, or "
                        "[1, 2] in quotation marks") from None


def _name_for(each, taken):
    """A name for an argument or a result, after its tensor."""
    whole = re.sub(r"\W", "_", each.node)
    short = re.sub(r"\W", "_", each.node.rsplit("/", 1)[-1])
    for name in (short, whole, f"{whole}_{each.index}"):
        name = "_" + name if name[:1].isdigit() else name
        if name not in taken:
            return name
    return f"{whole}_{len(taken)}"


def _signature(source, wanted):
    """(name, SignatureDef) of the signature that is asked for, or of the one that is clear."""
    there = source.meta.signature_def
    usable = [name for name in sorted(there) if there[name].outputs and name not in (
        "__saved_model_init_op", "train_op")]
    name = wanted or ("serving_default" if "serving_default" in usable else
                      usable[0] if len(usable) == 1 else None)
    if name is None or name not in there:
        said = f"no signature {wanted!r}" if wanted else "several signatures"
        if not usable:
            raise UserError(f"{source.path} has no signature: name --inputs and --outputs")
        raise UserError(f"{source.path} has {said}: name one of {', '.join(usable)} with "
                        "--signature")
    for infos in (there[name].inputs, there[name].outputs):
        for key, info in infos.items():
            if not info.name:
                raise UserError(f"the signature {name!r} has {key} as a sparse tensor, which is "
                                "not converted: name its parts with --inputs and --outputs")
    return name, there[name]


# -- What is clear ---------------------------------------------------------------------------

def candidates(source, nodes):
    """(Tensors that may be outputs, those of them that nothing takes): of the network itself."""
    graph_def = source.graph_def
    starts = [node.name for node in graph_def.node
              if node.op in graphs.PLACEHOLDERS + graphs.SOURCES and not is_phase(node)
              or graphs.draws(node)]
    forward = {name for name in graphs.dependants(graph_def, starts)
               if not is_aside(name) and not EFFECTS.match(nodes[name].op)} - set(starts)
    taken, last = set(), forward & graphs.dependants(graph_def, [
        node.name for node in source.variables])
    weights = {node.name for node in graph_def.node if node.op in graphs.VARIABLES + _READS
               or node.op == "Identity" and nodes.get(graphs.node_of(node.input[0])) is not None
               and nodes[graphs.node_of(node.input[0])].op in graphs.VARIABLES}
    for node in graph_def.node:
        names = set(map(graphs.node_of, graphs.data_inputs(node)))
        if node.name in forward or EFFECTS.match(node.op) and not _TELLS.search(node.op):
            taken |= names
        if node.name in forward and names & weights:
            last -= graphs.needed(nodes, names)
    ends = [name for name in forward - taken if not _in_loop(name)
            and nodes[name].op not in ("Switch", "RefSwitch")] or list(forward - taken)
    shown = {name for name in forward if nodes[name].op in _LAST and not _in_loop(name)}
    places = {node.name: place for place, node in enumerate(graph_def.node)}
    shown |= set(sorted((name for name in last if not _in_loop(name)), key=places.get)[:_AFTER])
    both = sorted(shown | set(ends), key=places.get)
    return [Tensor(name, 0) for name in both], [Tensor(name, 0) for name in ends]


def _in_loop(name):
    return bool(re.search(r"(^|/)(while|rnn|cond)(_\d+)?/", name))


def shaped(source, tensors):
    """The (dtype, shape) of each, or of none, where the graph cannot be built here."""
    try:
        claims.check(source.path, source.graph_def)
        return graphs.shapes_of(source.graph_def, tensors)
    except Exception:               # for those who convert it to say
        return [(None, None)] * len(tensors)


def in_words(dtype, shape):
    if dtype is None:
        return ""
    return dtype.name + (" of any rank" if shape is None else " [" + ", ".join(
        "?" if size is None else str(size) for size in shape) + "]")


def _outputs_that_are_clear(source, nodes, guessed):
    both, ends = candidates(source, nodes)
    if not both:
        raise UserError(f"{source.path} has nothing that depends on a placeholder: name what to "
                        "compute with --outputs")
    kinds = dict(zip(both, shaped(source, both)))

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
        likely = [each for each in both if each in ends or nodes[each.node].op in _LAST]
        clear = [each for each in likely if is_picture(kinds[each][1])] or [
            each for each in likely if is_value(each) and is_known(each)]
        # The same generator may be there twice, for training and for sampling: then nothing is.
    if len(clear) == 1:
        guessed.append(clear[0].name)
        return {_name_for(clear[0], {}): clear[0]}
    shown = [f"{each.name} {in_words(*kinds[each])}".strip() for each in both if is_value(each)
             and is_array(each)]
    more = f", and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    raise UserError(f"{source.path} does not say what to compute: name it with --outputs, such as "
                    + ", ".join((shown or [each.name for each in both])[-_SHOWN:]) + more)


def is_picture(shape):
    """Whether a shape is that of pictures: [n, height, width, 1 or 3], or [n, 784]."""
    return shape is not None and (
        len(shape) == 4 and shape[3] in (1, 3) and shape[1] is not None and shape[1] == shape[2]
        or shape[1:] == [784])


def _inputs_that_are_clear(graph_def, nodes, loose, of_outputs):
    given = {}
    for name in sorted(loose):
        node = nodes[name]
        used = {graphs.tensor(value) for other in graph_def.node if other.name in of_outputs
                for value in graphs.data_inputs(other) if graphs.node_of(value) == name}
        for each in sorted(used) if node.op in graphs.SOURCES else [Tensor(name, 0)]:
            given[_name_for(each, given)] = each
    return given


def type_in_words(node):
    """A placeholder's type and shape."""
    shape = graphs.attribute(node, "shape").shape
    sizes = "of any shape" if shape.unknown_rank or not shape.dim else str(
        [each.size if each.size >= 0 else None for each in shape.dim]).replace("None", "?")
    dtype = graphs.dtype_of(node)
    return f"{tf.DType(dtype).name if dtype else 'a tensor'} {sizes}"
