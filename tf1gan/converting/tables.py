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
    assets = _assets(source.meta)
    for node in source.graph_def.node:
        if node.op not in _FILLING + ("InitializeTableFromTextFileV2",):
            continue
        table = graphs.node_of(node.input[0])
        if table not in names or table in found:
            continue
        parts = _computed(source, graphs.data_inputs(node)[1:], assets)
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


def _assets(meta):
    """{node of a file's name: the name that the file has among the SavedModel's assets}.

    Of two files of the same name, one has another name there than in the graph.
    """
    listed = list(meta.asset_file_def)
    if not listed and "saved_model_assets" in meta.collection_def:
        for each in meta.collection_def["saved_model_assets"].any_list.value:
            asset = tf.MetaGraphDef().asset_file_def.add()
            listed += [asset] if each.Unpack(asset) else []
    return {graphs.node_of(each.tensor_info.name): each.filename for each in listed}


def _computed(source, edges, assets):
    """The values of what depends on constants alone, as arrays; None of anything else.

    Args:
      assets: nodes of names of files -> names that they have instead.
    """
    nodes = graphs.by_name(source.graph_def)
    part = graphs.part(source.graph_def, graphs.needed(
        nodes, map(graphs.node_of, edges), set(assets)))
    for node in part.node:
        if node.name in assets:
            graphs.constant(node, assets[node.name].encode("utf-8"), tf.string.as_datatype_enum)
    if not all(node.op in _PLAIN for node in part.node):
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
    try:
        with tf.Graph().as_default(), tf.Session() as session:
            kinds = [graphs.type_of(table.attr[key].type) for key in ("key_dtype", "value_dtype")]
            made = tf.raw_ops.HashTableV2(key_dtype=kinds[0], value_dtype=kinds[1])
            session.run(tf.raw_ops.InitializeTableFromTextFileV2(
                table_handle=made, filename=path, key_index=node.attr["key_index"].i,
                value_index=node.attr["value_index"].i, delimiter=node.attr["delimiter"].s or b"\t",
                vocab_size=node.attr["vocab_size"].i or -1))
            keys, those = session.run(tf.raw_ops.LookupTableExportV2(
                table_handle=made, Tkeys=kinds[0], Tvalues=kinds[1]))
    except (tf.errors.OpError, ValueError, TypeError) as error:
        raise UserError(f"{path} is not the table that the graph takes it for: {reason(error)}"
                        ) from error
    order = np.argsort(keys, kind="stable")         # a table has none
    return keys[order], those[order]
