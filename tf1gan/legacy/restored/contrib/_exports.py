"""Exports of a session: DIR/00000012/export and export.meta, with signatures in its collections."""

import collections
import os

import tensorflow.compat.v1 as tf

from tf1gan.legacy.restored.contrib import _manifests

VERSION_FORMAT_SPECIFIER = "%08d"
ASSETS_DIRECTORY = "assets"
EXPORT_BASE_NAME = VARIABLES_FILENAME = "export"
EXPORT_SUFFIX_NAME = "meta"
META_GRAPH_DEF_FILENAME = "export.meta"
VARIABLES_FILENAME_PATTERN = "export-?????-of-?????"
VARIABLES_FILENAME_PATTERN_V2 = "export.data-?????-of-?????"
VARIABLES_INDEX_FILENAME_V2 = "export.index"
INIT_OP_KEY = "serving_init_op"
SIGNATURES_KEY = "serving_signatures"
ASSETS_KEY = "serving_assets"
GRAPH_KEY = "serving_graph"
REGRESSION_SIGNATURE = "regression_signature"
CLASSIFICATION_SIGNATURE = "classification_signature"
GENERIC_SIGNATURE = "generic_signature"

Path = collections.namedtuple("Path", "path export_version")


def largest_export_versions(n):
    """A function that keeps the n latest of some paths."""
    def keep(paths):
        found = sorted((path for path in paths if path.export_version is not None),
                       key=lambda path: path.export_version)
        return sorted(found[max(len(found) - n, 0):])
    return keep


def one_of_every_n_export_versions(n):
    """A function that keeps the latest of each n versions, 1 to n being the first of them."""
    def keep(paths):
        latest = {}
        for path in paths:
            if path.export_version is not None:
                place = (path.export_version - 1) // n if path.export_version else 0
                latest[place] = max(latest.get(place, path), path,
                                    key=lambda one: one.export_version)
        return sorted(latest.values())
    return keep


def mod_export_version(n):
    """A function that keeps the versions that n divides."""
    return lambda paths: sorted(path for path in paths if path.export_version % n == 0)


def union(lf, rf):
    """A function that keeps what either of two keeps."""
    return lambda paths: sorted(set(lf(paths)) | set(rf(paths)))


def negation(f):
    """A function that keeps what another does not."""
    return lambda paths: sorted(set(paths) - set(f(paths)))


def get_paths(base_dir, parser):
    """What a parser makes of each Path in a folder, sorted; None is left out."""
    found = [parser(Path(os.path.join(base_dir, name), None))
             for name in tf.gfile.ListDirectory(base_dir)]
    return sorted(path for path in found if path)


def gfile_copy_callback(files_to_copy, export_dir_path):
    """Copies files, {path: its name there}, into a folder."""
    tf.gfile.MakeDirs(export_dir_path)
    for path, name in files_to_copy.items():
        tf.gfile.Copy(path, os.path.join(_text(export_dir_path), _text(name)), overwrite=True)


def regression_signature(input_tensor, output_tensor):
    made = _manifests.messages()["Signature"]()
    made.regression_signature.input.tensor_name = input_tensor.name
    made.regression_signature.output.tensor_name = output_tensor.name
    return made


def classification_signature(input_tensor, classes_tensor=None, scores_tensor=None):
    made = _manifests.messages()["Signature"]()
    made.classification_signature.input.tensor_name = input_tensor.name
    if classes_tensor is not None:
        made.classification_signature.classes.tensor_name = classes_tensor.name
    if scores_tensor is not None:
        made.classification_signature.scores.tensor_name = scores_tensor.name
    return made


def generic_signature(name_tensor_map):
    made = _manifests.messages()["Signature"]()
    for name, tensor in name_tensor_map.items():
        made.generic_signature.map[name].tensor_name = tensor.name
    return made


class Exporter:
    """Exports a session by a Saver: `init` once, and `export` for each version."""

    def __init__(self, saver):
        definition = saver.as_saver_def()
        definition.ClearField("max_to_keep")
        self._saver, self._is_ready, self._assets = tf.train.Saver(saver_def=definition), False, {}

    def init(self, graph_def=None, init_op=None, clear_devices=False,
             default_graph_signature=None, named_graph_signatures=None, assets_collection=None,
             assets_callback=gfile_copy_callback):
        """Puts what is exported into collections of the default graph.

        Args:
          assets_collection: constants, each the path of a file that is copied.
          assets_callback: copies them, by (paths, folder).

        Raises RuntimeError where it has been called before.
        """
        assets = [(_path_of(tensor), tensor) for tensor in assets_collection or ()]
        if not all(path for path, _ in assets):
            raise ValueError("A file that belongs to the graph has an empty path.")
        self._assets.update({path: os.path.basename(path) for path, _ in assets})
        if self._is_ready:
            raise RuntimeError("init is called once.")
        self._is_ready, self._callback = True, assets_callback
        if graph_def or clear_devices:
            kept = tf.GraphDef()
            kept.CopyFrom(graph_def or tf.get_default_graph().as_graph_def())
            for node in kept.node:
                node.device = "" if clear_devices else node.device
            _collect(GRAPH_KEY, kept)
        if init_op:
            if not isinstance(init_op, tf.Operation):
                raise TypeError(f"An init_op is an operation, not {init_op}.")
            tf.add_to_collection(INIT_OP_KEY, init_op)
        signatures = _manifests.messages()["Signatures"]()
        if default_graph_signature:
            signatures.default_signature.CopyFrom(default_graph_signature)
        for name, signature in (named_graph_signatures or {}).items():
            signatures.named_signatures[name].CopyFrom(signature)
        _collect(SIGNATURES_KEY, signatures)
        for path, tensor in assets:
            asset = _manifests.messages()["AssetFile"]()
            asset.filename = os.path.basename(path)
            asset.tensor_binding.tensor_name = tensor.name
            _collect(ASSETS_KEY, asset)

    def export(self, export_dir_base, global_step_tensor, sess=None, exports_to_keep=None):
        """Writes a version of the number of the step, and returns its folder.

        Args:
          exports_to_keep: which versions are kept, of a list of Path; the others are deleted.

        Raises RuntimeError where that version is there, or `init` was not called.
        """
        if not self._is_ready:
            raise RuntimeError("init is called before export.")
        base = export_dir_base[:-1] if export_dir_base.endswith("/") else export_dir_base
        step = tf.train.global_step(sess, global_step_tensor)
        folder = os.path.join(base, VERSION_FORMAT_SPECIFIER % step)
        if tf.gfile.Exists(folder):
            raise RuntimeError(f"{folder} is there, and is not written over.")
        unready = folder + "-tmp"
        tf.gfile.MakeDirs(unready)
        self._saver.save(sess, os.path.join(unready, EXPORT_BASE_NAME),
                         meta_graph_suffix=EXPORT_SUFFIX_NAME)
        if self._callback and self._assets:
            assets = os.path.join(unready, ASSETS_DIRECTORY)
            tf.gfile.MakeDirs(assets)
            self._callback(self._assets, assets)
        tf.gfile.Rename(unready, folder)
        if exports_to_keep:
            def version(path):
                name = os.path.basename(path.path)
                return path._replace(export_version=int(name)) \
                    if len(name) == 8 and name.isdigit() else None
            for path in negation(exports_to_keep)(get_paths(base, version)):
                tf.gfile.DeleteRecursively(path.path)
        return folder.encode()


def _collect(key, message):
    from google.protobuf.any_pb2 import Any
    packed = Any()
    packed.Pack(message)
    tf.add_to_collection(key, packed)


def _path_of(tensor):
    if not isinstance(tensor, tf.Tensor) or tensor.op.type != "Const" \
            or tensor.dtype != tf.string:
        raise TypeError(f"A file's path is a constant of one string, not {tensor}.")
    values = tensor.op.get_attr("value").string_val
    if len(values) != 1:
        raise TypeError(f"A file's path is one string, and {tensor} has {len(values)}.")
    return _text(values[0])


def _text(path):
    return path.decode() if isinstance(path, bytes) else path
