"""Lookup tables: what the graph's initializers would put into them, read without running them."""

import os
import re

import numpy as np

from tf1gan import files
from tf1gan.compat import tf
from tf1gan.converting import graphs
from tf1gan.errors import UserError, reason
from tf1gan.restoring import graph_claims

KINDS = ("HashTableV2",)
_FILLING = ("InitializeTableV2", "LookupTableImportV2")
_LARGEST = 2 ** 24          # bytes of a file of words
_MOST = 1000000             # of its lines
# What words and their numbers are computed by.
_PLAIN = ("Const", "Identity", "Cast", "Range", "Size", "Shape", "Reshape", "Pack", "ConcatV2",
          "ExpandDims", "Squeeze", "StridedSlice", "Add", "AddV2", "Sub")
_OTHERS = re.compile(r"^(Mutable\w*HashTable\w*|HashTable|AnonymousHashTable\w*)$")


def read(source, names):
    """{table's node: (keys, values)} of some tables, as arrays.

    Raises:
      UserError: what is in one cannot be told from the graph and the model's own assets.
    """
    nodes, found = graphs.by_name(source.graph_def), {}
    for node in source.graph_def.node:
        if node.op not in _FILLING + ("InitializeTableFromTextFileV2",):
            continue
        table = graphs.node_of(node.input[0])
        if table not in names or table in found:
            continue
        parts = _computed(source, graphs.data_inputs(node)[1:])
        if node.op in _FILLING and all(part is not None for part in parts):
            found[table] = parts[0].ravel(), parts[1].ravel()
        elif node.op == "InitializeTableFromTextFileV2" and parts[0] is not None:
            found[table] = _of_file(source, node, nodes[table], parts[0])
    missing = sorted(set(names) - set(found))
    if missing:
        raise UserError(f"{source.path} has the lookup table {missing[0]}, and not what is in it: "
                        "what is computed of it can be an input instead (--inputs NAME:0)")
    return found


def names_of(graph_def):
    """The tables among the nodes of a graph. Raises UserError for those that change."""
    for node in graph_def.node:
        if _OTHERS.match(node.op):
            raise UserError(f"{node.name} is a table ({node.op}) whose words change while it runs, "
                            "which is not converted: what is computed of it can be an input "
                            "(--inputs NAME:0)")
    return [node.name for node in graph_def.node if node.op in KINDS]


def _computed(source, edges):
    """The values of what depends on constants alone, as arrays; None of anything else."""
    nodes = graphs.by_name(source.graph_def)
    names = graphs.needed(nodes, map(graphs.node_of, edges))
    part = graphs.part(source.graph_def, names)
    if not all(nodes[name].op in _PLAIN for name in names):
        return [None] * len(edges)
    graph_claims.check(source.path, part)
    with tf.Graph().as_default(), tf.Session() as session:
        found = session.run(tf.import_graph_def(
            part, return_elements=[graphs.tensor(edge).name for edge in edges], name=""))
    return [np.array(each, object) if isinstance(each, bytes) else each for each in found]


def _of_file(source, node, table, filename):
    """What a file of the SavedModel's assets has, a word a line."""
    name = os.path.basename(filename.item().decode("utf-8", "replace"))
    path = os.path.join(source.path, "assets", name)
    real = os.path.join(os.path.realpath(source.path), "assets", name)      # and no link elsewhere
    if not name or not os.path.isfile(path) or os.path.realpath(path) != real:
        raise UserError(f"{source.path} has a table of the words in {name or 'a file'}, which is "
                        "not in its folder assets")
    with files.opened(path) as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST or content.count(b"\n") > _MOST:
        raise UserError(f"{path} has more than {_LARGEST >> 20} MB or {_MOST} lines, and is not "
                        "read as a table: what is computed of it can be an input instead "
                        "(--inputs NAME:0)")
    lines = content.split(b"\n")
    lines = lines[:-1] if not lines[-1] else lines
    if node.attr["vocab_size"].i > 0:
        lines = lines[:node.attr["vocab_size"].i]
    delimiter = node.attr["delimiter"].s or b"\t"
    columns = []
    for key, kind in (("key_index", "key_dtype"), ("value_index", "value_dtype")):
        index, dtype = node.attr[key].i, graphs.type_of(table.attr[kind].type)
        try:
            column = np.arange(len(lines)) if index == -1 else np.array(
                [line if index == -2 else line.split(delimiter)[index] for line in lines], object)
            columns.append(column.astype(dtype.as_numpy_dtype))
        except (LookupError, ValueError, OverflowError) as error:
            raise UserError(f"{path} is not the table that the graph takes it for: "
                            f"{reason(error)}") from error
    return tuple(columns)
