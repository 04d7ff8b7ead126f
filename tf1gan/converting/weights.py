"""The values of a graph's variables, read from where they are saved."""

from typing import Any, Mapping, NamedTuple

import numpy as np

from tf1gan import runs
from tf1gan.converting import graphs, savers, tables
from tf1gan.errors import UserError


class Held(NamedTuple):
    """What a network holds.

    Attributes:
      variables: names of nodes -> arrays.
      tables: names of nodes -> (keys, values), arrays.
    """
    variables: Mapping[str, Any]
    tables: Mapping[str, Any]


def held(source, network):
    """What a Network holds. Raises UserError where some of it is not there."""
    return Held(read(source, network.variables),
                tables.read(source, tables.names_of(network.original)))


def read(source, names):
    """{variable's node: array} of some variables.

    Raises:
      UserError: one is not there, or the files are damaged.
    """
    if not names:
        return {}
    if source.prefix is None:
        missing = [name for name in names if name not in source.arrays]
        if missing:
            raise UserError(f"{source.path} has no weights: the variable {missing[0]} is in a "
                            "checkpoint, which is not beside it")
        return {name: source.arrays[name] for name in names}
    shapes, read_one = runs.read_checkpoint(source.prefix)
    keys, nodes, found = savers.keys(source, shapes, names), graphs.by_name(source.graph_def), {}
    for name in names:
        key, part, reshaped = keys[name]
        if key not in shapes:
            raise UserError(f"{source.prefix} has no {key}, which the graph needs: it is the "
                            "checkpoint of another graph, or holds a part of the variables")
        value = np.asarray(read_one(key))
        value = value[_slices(part)] if part.strip() else value
        found[name] = _as_the_variable(nodes[name], value) if reshaped else value
    return found


def _as_the_variable(node, value):
    """A value in its variable's shape. Raises UserError where that has another size."""
    shape = graphs.attribute(node, "shape").shape
    sizes = [each.size for each in shape.dim]
    if shape.unknown_rank or min(sizes, default=0) < 0:
        return value
    if np.prod(sizes, dtype=np.float64) != value.size:
        raise UserError(f"the variable {node.name} is {sizes}, and {list(value.shape)} was saved "
                        "for it: it is the checkpoint of another graph")
    return value.reshape(sizes)


def _slices(text):
    """What "10 4 0,5:-" cuts out of an array of 10 x 4."""
    return tuple(slice(None) if part == "-" else slice(
        int(part.split(",")[0]), int(part.split(",")[0]) + int(part.split(",")[1]))
        for part in text.split()[-1].split(":"))
