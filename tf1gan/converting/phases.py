"""Placeholders of whether there is training: by their names, or else by what they switch on."""

import re

import numpy as np

from tf1gan.converting import folding, graphs
from tf1gan.converting.graphs import Tensor

_BOOL = 10          # DT_BOOL
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_TRAINING = re.compile(r"(is|if|do)?train(ing|er|able)?(phase|mode|flag)?|(learning|train)?phase")
_TESTING = re.compile(
    r"(is|if|do)?(test(ing)?|eval(uat\w+)?|infer(ence|ring)?|predict\w*|validat\w+|deploy\w*|"
    r"serving|deterministic)(phase|mode|flag)?")
_NEGATION = ("not", "no", "non", "without", "disable", "skip", "stop", "un")
_NAMELESS = re.compile(r"(^|/)Placeholder(WithDefault)?(_\d+)?$")
_MOST = 20          # placeholders whose names do not say what they are, in a graph
_SMALL = ("is", "if", "do", "in", "the", "mode", "flag")
_COMPARISONS = ("Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual")
_SAME = ("Identity", "Squeeze", "Reshape")      # of a number
_CONDITIONS = ("If", "StatelessIf")
_OF_TRAINING = ("SquaredDifference",)       # a batch's variance


def may_be(node):
    """Whether a node may be a phase: a single truth value, or a 0 or 1 that is named like one."""
    if node.op not in graphs.PLACEHOLDERS or graphs.attribute(node, "shape").shape.dim:
        return False
    if node.op != "PlaceholderWithDefault":
        return graphs.dtype_of(node) == _BOOL
    return by_name(node) is not None or bool(
        graphs.dtype_of(node) == _BOOL and _NAMELESS.search(node.name))


def by_name(node):
    """The value that a placeholder has in training, by its name; None where that does not say."""
    words = [word.lower() for word in _WORDS.findall(node.name.rpartition("/")[2])]
    training = [word for word in words if _TRAINING.fullmatch(word)]
    testing = [word for word in words if _TESTING.fullmatch(word)]
    if set(words) & set(_NEGATION):
        return None
    if graphs.dtype_of(node) != _BOOL and set(training) <= {"phase"}:
        return None         # a number that is a phase may be an angle
    if testing:
        return None if set(training) - {"phase"} else False
    return True if training else None


def found(graph_def, nodes, names, wanted):
    """{name of a placeholder: its value in training} of the phases among some nodes.

    Where a name does not say so, the value is the one with which more is needed that is there for
    training: draws, a batch's statistics, updates. Where that is the same, it is no phase.

    Args:
      wanted: names of the nodes by which what is needed is counted.
    """
    known, unclear = {}, []
    for name in sorted(names):
        if may_be(nodes[name]) or _is_number(nodes, nodes[name], graph_def):
            value = by_name(nodes[name])
            if value is None:
                unclear.append(name)
            elif graphs.dtype_of(nodes[name]) == _BOOL or _is_0_or_1(nodes, nodes[name]):
                known[name] = value
    for name in unclear[:_MOST]:
        counts = [_for_training(folding.folded(graph_def, {Tensor(name, 0): value}), wanted)
                  for value in (False, True)]
        if counts[0] != counts[1]:
            known[name] = counts[1] > counts[0]
    return known


def _is_0_or_1(nodes, node):
    if node.op != "PlaceholderWithDefault":
        return True
    default = graphs.value_of(nodes.get(graphs.node_of(node.input[0])))
    return default is not None and default.size == 1 and bool(np.isin(default, (0, 1)).all())


def _is_number(nodes, node, graph_def):
    """Whether a number without a default is named like a phase, and used as a truth value alone.

    That is, cast to one, or compared with 0, 1 or what is between.
    """
    dtype = graphs.dtype_of(node)
    if node.op not in ("Placeholder", "PlaceholderV2") or dtype in (0, _BOOL) or (
            graphs.attribute(node, "shape").shape.dim) or by_name(node) is None:
        return False
    words = [word.lower() for word in _WORDS.findall(node.name.rpartition("/")[2])]
    if not all(word in _SMALL or _TRAINING.fullmatch(word) or _TESTING.fullmatch(word)
               for word in words):         # as train_step
        return False
    if not graphs.type_of(dtype).is_integer and not graphs.type_of(dtype).is_floating:
        return False
    taking, seen, waiting = graphs.consumers(graph_def), {node.name}, [node.name]
    while waiting:
        name = waiting.pop()
        for other in taking[name]:
            if other.op in _COMPARISONS:
                values = [folding.known(nodes, value) for value in graphs.data_inputs(other)
                          if graphs.node_of(value) not in seen]
                if any(value is None or value.size != 1 or not 0 <= value <= 1
                       for value in values):
                    return False
            elif other.op not in _SAME and not (
                    other.op == "Cast" and other.attr["DstT"].type == _BOOL):
                return False
            elif other.op in _SAME and other.name not in seen:
                seen.add(other.name)
                waiting.append(other.name)
    return bool(taking[node.name])


def _for_training(graph_def, wanted):
    """How many operations that some nodes need are there for training."""
    nodes = graphs.by_name(graph_def)
    needed = [nodes[name] for name in graphs.needed(nodes, wanted)]
    called = graphs.functions_of(needed, graph_def.library)
    needed += [node for function in graph_def.library.function
               if function.signature.name in called for node in function.node_def]
    return sum(node.op in _OF_TRAINING or graphs.draws(node) or graphs.changes(node)
               or graphs.normalizes_by_batch(node) for node in needed)


def choosing(graph_def, outputs, inputs):
    """The single values among inputs that alone choose, where something is there for training.

    Args:
      graph_def: a graph that is cut out; outputs: names of nodes; inputs: names of placeholders.
    """
    if not _for_training(graph_def, outputs):
        return []
    nodes, found = graphs.by_name(graph_def), set()
    asked = {graphs.node_of(graphs.data_inputs(node)[0 if node.op in _CONDITIONS else 1])
             for node in graph_def.node if node.op in _CONDITIONS + ("Switch", "RefSwitch")}
    for name in asked:
        if nodes[name].op != "LoopCond":
            fed = graphs.needed(nodes, [name], order=False).intersection(inputs)
            found |= fed if len(fed) == 1 else set()
    return sorted(name for name in found if not graphs.attribute(nodes[name], "shape").shape.dim)
