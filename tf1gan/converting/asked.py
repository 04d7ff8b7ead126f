"""Inputs and outputs that somebody named, on the command line or in a signature."""

import json
import re

import numpy as np

from tf1gan.compat import tf
from tf1gan.converting import graphs
from tf1gan.converting.graphs import tensor
from tf1gan.errors import UserError
from tf1gan.legacy.graphs import kernels

_SHOWN = 8          # candidates in a line
_LONGEST = 200      # characters of a name


def _tensor(source, nodes, text, flag):
    """The Tensor of a name that somebody wrote."""
    found = tensor(text)
    index = text.partition(":")[2]
    if index and not index.isdigit():
        raise UserError(f"{flag}: {text!r} is no tensor's name: give one such as {found.node}:0")
    if found.node not in nodes:
        near = sorted(name for name in nodes if name.endswith("/" + found.node)
                      or name.lower() == found.node.lower())[:_SHOWN]
        raise UserError(f"{flag}: {source.path} has no {text!r}" + (
            f"; there is {', '.join(near)}" if near else ""))
    count = kernels.outputs(nodes[found.node])
    if count is not None and found.index >= count:
        raise UserError(f"{flag}: {source.path} has no {text!r}: {found.node} has {count or 'no'} "
                        f"output{'s' * (count != 1)}")
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


def inputs_asked_for(source, nodes, text):
    given, fixed = {}, {}
    for item in _split(text):
        left, equal, right = item.partition("=")
        if equal and (left.partition(":")[0] not in nodes or tensor(right).node in nodes):
            if left in given:
                raise UserError(f"--inputs has two inputs called {left}: give each its own name")
            if ":" in left and tensor(right).node not in nodes:     # mistyped, with a value
                _tensor(source, nodes, left, "--inputs")
            given[_argument(left, "--inputs")] = _tensor(source, nodes, right, "--inputs")
        elif equal:
            each = _tensor(source, nodes, left, "--inputs")
            fixed[each] = _value(left, right, nodes[each.node])
        else:
            each = _tensor(source, nodes, left, "--inputs")
            given[name_for(each, given)] = each
    named = [left.name for left in list(given.values()) + list(fixed)]
    for name in named:
        if named.count(name) > 1:
            raise UserError(f"--inputs names {name} twice: name it once")
    return given, fixed


def values_of_arguments(source, takes, text):
    """{argument: value} of those that somebody gave one: of a function, by its arguments' names."""
    found = {}
    for item in _split(text):
        left, equal, right = item.partition("=")
        name = left.partition(":")[0]
        if name not in takes:
            raise UserError(f"--inputs: {source.path} takes no {name}, but {', '.join(takes)}")
        if equal:
            found[name] = _parsed(left, right, takes[name].dtype)
    return found


def outputs_asked_for(source, nodes, text):
    found = {}
    for item in _split(text):
        left, equal, right = item.partition("=")
        each = _tensor(source, nodes, right if equal else left, "--outputs")
        found[_argument(left, "--outputs") if equal else name_for(each, found)] = each
    return found


def _argument(name, flag):
    if not name.isidentifier():
        raise UserError(f"{flag}: {name!r} is neither in the graph nor a name that an argument can "
                        "have")
    return name


def _value(name, text, node):
    """What "False", "0.5" or "[1, 2]" says, for a node."""
    return _parsed(name, text, graphs.type_of(graphs.dtype_of(node))
                   if node.op in graphs.PLACEHOLDERS else None)


def _parsed(name, text, dtype):
    if dtype == tf.string:
        return np.array(re.sub(r'^"(.*)"$', r"\1", text).encode(), object)
    words = {"true": True, "false": False}
    try:
        value = words[text.lower()] if text.lower() in words else np.array(json.loads(text)) \
            if text.startswith("[") else json.loads(text)
    except ValueError:
        raise UserError(f"--inputs: {name}={text} gives it no value: True, False, a number, or "
                        "[1, 2] in quotation marks") from None
    if dtype is not None and (dtype.is_integer or dtype == tf.bool):
        kept = np.asarray(value)
        if kept.dtype.kind not in "biuf" or not np.array_equal(
                kept.astype(dtype.as_numpy_dtype), kept):
            raise UserError(f"--inputs: {name} is {dtype.name} and cannot be {text}")
    return value


def signature(source, wanted):
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


def arguments(infos):
    """{argument: TensorInfo} of a signature's inputs, by names that a graph's nodes can have."""
    found = {}
    for key, info in sorted(infos.items()):
        name = re.sub(r"[^A-Za-z0-9_.\-/]", "_", key[:_LONGEST]) or "_"
        while name in found:
            name += "_"
        found[name] = info
    return found


def name_for(each, taken):
    """A name for an argument or a result, after its tensor."""
    whole = re.sub(r"\W", "_", each.node[-_LONGEST:])
    short = re.sub(r"\W", "_", each.node[-_LONGEST:].rsplit("/", 1)[-1])
    for name in (short, whole, f"{whole}_{each.index}"):
        name = "_" + name if name[:1].isdigit() else name
        if name not in taken:
            return name
    return f"{whole}_{len(taken)}"
