"""A file or folder of TensorFlow 1 -> its graph, and where its weights are. Nothing is executed."""

import os
import re
from typing import Any, Mapping, NamedTuple, Optional

from tf1gan import runs
from tf1gan.compat import tf
from tf1gan.converting import graphs, keras_models
from tf1gan.errors import UserError, reason
from tf1gan.restoring import claims, hdf5, kinds
from tf1gan.runs import wire


class NoGraph(UserError):
    """There is no graph at a path; there may be weights."""


class Source(NamedTuple):
    """What was found.

    Attributes:
      path: what was asked for.
      words: what it is.
      version: of the TensorFlow that wrote it, in words, or "".
      meta: a MetaGraphDef: the graph, its signatures and collections.
      prefix: of the checkpoint with its weights, or None where they are constants or arrays.
      arrays: names of variables -> their values, where there is no checkpoint.
    """
    path: str
    words: str
    version: str
    meta: Any
    prefix: Optional[str] = None
    arrays: Mapping[str, Any] = {}

    @property
    def graph_def(self):
        return self.meta.graph_def

    @property
    def variables(self):
        """The nodes that are variables, of the graph itself."""
        return [node for node in self.graph_def.node if node.op in graphs.VARIABLES]


def is_there(path):
    """Whether there is anything at a path, or beside it by the name of a checkpoint."""
    return any(os.path.exists(path + ending) for ending in ("", ".meta", ".index"))


def check_source(path, weights=None):
    """Refuses what `opened` cannot open, before there is work.

    Raises:
      NoGraph: nothing is there.
      UserError: --weights is missing, or out of place.
    """
    if not is_there(path):
        raise NoGraph(kinds.what_is(path) or f"{path} does not exist: name a model's file or "
                      "folder")
    if keras_models.is_named_so(path):
        keras_models.check_weights(path, weights)
    elif weights and not hdf5.is_hdf5(path):
        raise UserError("--weights goes with a model of Keras's in JSON or YAML, and "
                        f"{path} is none")


def has_graph(path):
    """Whether there is something at a path that `opened` may read."""
    path = os.fspath(path)
    if os.path.isdir(path):
        return any(os.path.isfile(os.path.join(path, name)) for name in claims.SAVED_MODEL) or bool(
            _meta_of(path))
    if keras_models.is_named_so(path) and os.path.isfile(path):
        return keras_models.is_configuration(path)
    if hdf5.is_hdf5(path):
        return keras_models.has_configuration(path)
    if _meta_of(path):
        return True
    try:
        return os.path.isfile(path) and bool(_read_file(path))
    except UserError:
        return False


def opened(path, tags=None, weights=None, as_it_is=False) -> Source:
    """The Source at a path.

    Args:
      path: a SavedModel's folder; a checkpoint's prefix or .meta, or a folder with its list; a
        GraphDef or MetaGraphDef, binary or as text; a model of Keras in HDF5, JSON or YAML.
      tags: of a SavedModel with several graphs, those of one.
      weights: of a model in JSON, its HDF5 file.
      as_it_is: a SavedModel of objects, too, whose graph is little but the call of a function.

    Raises:
      NoGraph: it is none of these.
      UserError: it cannot be read.
    """
    path = os.fspath(path)
    check_source(path, weights)
    if keras_models.is_named_so(path) or hdf5.is_hdf5(path):
        meta, arrays, words, version = keras_models.read(path, weights)
        return Source(path, words, version, meta, None, arrays)
    if os.path.isdir(path):
        for name in claims.SAVED_MODEL:
            if os.path.isfile(os.path.join(path, name)):
                return _of_saved_model(path, name, tags, as_it_is)
    beside = _meta_of(path)
    file = beside or path
    if not os.path.isfile(file):
        raise NoGraph(kinds.what_is(path) or f"{path} has no graph (.meta) beside it, only "
                      "weights: put the .meta beside it, or write the arrays with tf1gan convert "
                      "--npz FILE.npz; tf1gan inspect says whether one of tf1gan's models fits")
    try:
        meta = _read_file(file)
    except NoGraph as error:
        if beside:              # which is to be one
            raise UserError(str(error)) from error
        raise NoGraph(kinds.what_is(path) or str(error)) from error
    prefix = file[:-len(".meta")] if file.endswith(".meta") else None
    if prefix and not runs.exists(prefix):
        prefix = None
    of_text = "" if file.endswith((".pb", ".meta")) else " as text" if _is_text(file) else ""
    what = "a graph" if meta.HasField("meta_info_def") or meta.collection_def else (
        "a graph" if any(node.op in graphs.VARIABLES for node in meta.graph_def.node)
        else "a frozen graph")
    words = f"{what}{of_text}" + (f", with the checkpoint {prefix}" if prefix else "")
    return Source(path, words, version_of(meta), meta, prefix)


def version_of(meta):
    """The TensorFlow that wrote a graph, in words."""
    version = meta.meta_info_def.tensorflow_version
    if version:
        return f"TensorFlow {version}"
    producer = meta.graph_def.versions.producer
    if not producer:
        return ""
    # As the releases had it: 27 in 1.13, 38 in 1.14, 134 in 1.15.
    era = "1.13 or earlier" if producer <= 27 else "1.14, 1.15 or 2.0" if producer <= 134 else "2"
    return f"TensorFlow {era} (graph version {producer})"


# -- Files -----------------------------------------------------------------------------------

def _meta_of(path):
    """The .meta file that a path means, or None."""
    if os.path.isdir(path):
        prefix = runs.latest_of_list(path)
        return prefix + ".meta" if prefix and os.path.isfile(prefix + ".meta") else None
    prefix = re.sub(r"\.(index|meta|data-\d{5}-of-\d{5})$", "", path)
    return prefix + ".meta" if os.path.isfile(prefix + ".meta") else None


def _is_text(path):
    with claims.mapped(path) as content:
        return claims.is_text(content)


def _read_file(path):
    """The MetaGraphDef of a file.

    Raises:
      NoGraph: it holds none.
      UserError: the graph is too large to be read.
    """
    if not os.path.getsize(path):
        raise NoGraph(f"{path} is empty")
    try:
        with claims.mapped(path) as content:
            return (_of_text if claims.is_text(content) else _of_bytes)(path, content)
    except UserError:
        raise
    except (OSError, ValueError) as error:
        raise NoGraph(f"{path} holds no graph that can be read ({reason(error)})") from error


def _of_bytes(path, content):
    """A graph's message: a GraphDef or a MetaGraphDef."""
    no_graph = NoGraph(f"{path} holds no graph that can be read, whatever its name says, or not a "
                       "whole one")
    meta = tf.MetaGraphDef()
    try:
        claims.check_content(path, content)
        (meta.graph_def if claims.is_graph(content) else meta).ParseFromString(content[:])
    except UserError:
        raise
    except Exception:               # each protobuf has an error of its own
        raise no_graph from None
    if meta.graph_def.node and all(node.name and node.op for node in meta.graph_def.node):
        return meta
    raise no_graph


def _of_text(path, content):
    if not claims.check_text(path, content):
        raise NoGraph(f"{path} is text, and no graph")
    text = content[:].decode("utf-8")
    for alone in (True, False):
        meta = tf.MetaGraphDef()
        error = parsed(text, meta.graph_def if alone else meta)
        if not error:
            return meta
    raise NoGraph(f"{path} is a graph as text that cannot be read ({error})")


def parsed(text, message):
    """Reads a message from text. Returns why that failed, or None."""
    from google.protobuf import text_format
    try:
        text_format.Parse(text, message)
    except (text_format.ParseError, ValueError, RecursionError) as error:
        return reason(error)
    return None


# -- SavedModel ------------------------------------------------------------------------------

def saved_model_graphs(folder, name):
    """The MetaGraphDefs of a SavedModel's file. Raises UserError."""
    path = os.path.join(folder, name)
    try:
        with claims.mapped(path) as content:
            claims.check_content(path, content)
            if not name.endswith("txt"):
                return [tf.MetaGraphDef.FromString(content[begin:end])
                        for field, begin, end in wire.fields(content) if field == 2]
            text = content[:].decode("utf-8")
        from google.protobuf import descriptor_pool, message_factory
        tf.MetaGraphDef             # noqa: B018  (by which the message below is known)
        message = message_factory.GetMessageClass(
            descriptor_pool.Default().FindMessageTypeByName("tensorflow.SavedModel"))()
        why = parsed(text, message)
        if why:
            raise ValueError(why)
        return list(message.meta_graphs)
    except UserError:
        raise
    except Exception as error:      # each protobuf has an error of its own
        raise UserError(f"{path} cannot be read: copy its folder again ({reason(error)})"
                        ) from error


def tags_of(path):
    """The tags of each graph of a SavedModel, in the order that it has them; else nothing."""
    for name in claims.SAVED_MODEL:
        if os.path.isfile(os.path.join(path, name)):
            return [",".join(meta.meta_info_def.tags) for meta in saved_model_graphs(path, name)]
    return []


def _of_saved_model(folder, name, tags, as_it_is):
    found = saved_model_graphs(folder, name)
    said = ["[" + ",".join(meta.meta_info_def.tags) + "]" for meta in found]
    if not found:
        raise UserError(f"{os.path.join(folder, name)} has no graph")
    meta = _chosen(folder, found, said, tags)
    prefix = os.path.join(folder, "variables", "variables")
    if meta.HasField("object_graph_def") and not as_it_is:
        raise UserError(f"{folder} is a SavedModel of objects, which TensorFlow 2 loads as it is: "
                        "tf.saved_model.load")
    words = "a SavedModel" + (" of objects" if meta.HasField("object_graph_def") else "")
    words += (f" of {len(found)} graphs ({', '.join(said)})" if found[1:] else "")
    return Source(folder, words, version_of(meta), meta,
                  prefix if os.path.isfile(prefix + ".index") else None)


def _chosen(folder, found, said, tags):
    """The graph with some tags; without any said, the one that serves."""
    wanted = sorted(filter(None, tags.split(","))) if tags is not None else None
    if len(found) == 1 and wanted is None:
        return found[0]
    fitting = [meta for meta in found
               if sorted(meta.meta_info_def.tags) == (wanted or ["serve"])] or [
        meta for meta in found if wanted is None and "serve" in meta.meta_info_def.tags]
    if len(fitting) == 1:
        return fitting[0]
    raise UserError(f"{folder} has graphs with the tags {', '.join(said)}: name those of one with "
                    "--tags A,B")
