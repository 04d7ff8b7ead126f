"""Where a graph begins and ends: what was asked for, what its signatures say, or what is clear."""

from typing import Any, List, Mapping, NamedTuple

from tf1gan.converting import asked, dropout, graphs, phases
from tf1gan.converting.candidates import (
    in_words,
    inputs_that_are_clear,
    is_aside,
    likely,
    outputs_that_are_clear,
    type_in_words,
)
from tf1gan.converting.graphs import Tensor, tensor
from tf1gan.errors import UserError

__all__ = ["Ends", "find", "in_words", "is_aside", "likely", "type_in_words"]
_METRICS = "metrics/"       # of an Estimator's evaluation: counters, which no checkpoint holds


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


def find(source, inputs="", outputs="", signature=None, training=False, known=None):
    """The Ends that were asked for, or else are clear.

    Args:
      source: sources.Source.
      inputs: "z:0,noise=z_2,is_training:0=False": what is fed, perhaps under a name of its own,
        and what has a value.
      outputs: "Tanh:0,images=Tanh_2": likewise.
      signature: the name of one of the graph's signatures.
      training: the value of phases that nobody set.
      known: the source's Likely outputs, where they have been worked out.

    Raises:
      UserError: a name is not in the graph, or nothing is clear; gives the candidates.
    """
    graph_def = source.graph_def
    nodes, guessed = graphs.by_name(graph_def), []
    given, fixed = asked.inputs_asked_for(source, nodes, inputs)
    found = asked.outputs_asked_for(source, nodes, outputs)
    if signature or not outputs and source.meta.signature_def:
        name, theirs = asked.signature(source, signature)
        if not found:
            found = {key: tensor(info.name) for key, info in sorted(theirs.outputs.items())
                     if not key.startswith(_METRICS)} or {
                key: tensor(info.name) for key, info in sorted(theirs.outputs.items())}
        if not given:
            given = {key: tensor(info.name) for key, info in asked.arguments(theirs.inputs).items()
                     if tensor(info.name) not in fixed}
        guessed.append(f"the signature {name!r}")
    if not found:
        found = outputs_that_are_clear(source, nodes, guessed, known or likely(source, nodes),
                                       given.values(), fixed)
    # How much is dropped is no input, although a signature may have it: nothing is.
    dropouts = dropout.find(graph_def, graphs.needed(nodes, [
        each.node for each in found.values()]), fixed)
    graph_def = dropout.removed(graph_def, dropouts)
    whole, nodes = nodes, graphs.by_name(graph_def)
    left = graphs.needed(nodes, [each.node for each in found.values()])
    given = {key: each for key, each in given.items()
             if each.node in left or each not in {one.setting for one in dropouts}}
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
            name for name in of_outputs if nodes[name].op in graphs.SOURCES
            or _stands_for_draws(nodes, nodes[name])})
    loose = [name for name in of_outputs - cut
             if nodes[name].op in graphs.PLACEHOLDERS + graphs.SOURCES]
    in_training = phases.found(source.graph_def, whole, loose, [
        each.node for each in found.values()])
    defaults = []
    for name in sorted(loose):
        node = nodes[name]
        if name in in_training:
            fixed[Tensor(name, 0)] = in_training[name] if training else not in_training[name]
            guessed.append(f"{name}:0 = {fixed[Tensor(name, 0)]}")
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
            what = ", ".join(each.name for each in found.values())
            raise UserError(f"{what} depends on {name}:0, too, {type_in_words(node)}: name it in "
                            f"--inputs, or give it a value: --inputs ...,{name}:0=VALUE")
    if not given:
        given = inputs_that_are_clear(graph_def, nodes, [
            name for name in loose if name not in defaults
            and Tensor(name, 0) not in fixed],
            of_outputs)
        guessed += [each.name for each in given.values()]
    return Ends(given, fixed, found, guessed)


def _stands_for_draws(nodes, node):
    """Whether a placeholder's default is what a queue or an iterator gives, or a draw."""
    return node.op == "PlaceholderWithDefault" and any(
        nodes[name].op in graphs.SOURCES or graphs.draws(nodes[name])
        for name in graphs.needed(nodes, [graphs.node_of(node.input[0])]))
