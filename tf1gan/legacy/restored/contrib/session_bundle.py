"""`tf.contrib.session_bundle`: what was exported for serving before there were SavedModels.

1.15.5 had the exporter and its constants alone; what loaded the exports had left before.
"""

from tf1gan.legacy import restored

DROPPED = "2.0"
GIVES = "constants exporter gc manifest_pb2"
NEEDS = ()
PATHS = ()
_LOADED = "1.15.5 had it no more; tf.train.import_meta_graph reads export.meta, and the Saver " \
          "that it returns restores the export beside it"
REFUSED = dict.fromkeys(("bundle_shim", "session_bundle"), _LOADED)


def make(given):
    from tf1gan.legacy.restored.contrib import _exports, _manifests
    constants = restored.Part("tensorflow.contrib.session_bundle.constants", {
        name: value for name, value in vars(_exports).items() if name.isupper()}, {})
    manifests = restored.Part("tensorflow.contrib.session_bundle.manifest_pb2",
                              _manifests.messages(), {})
    gc = restored.Part("tensorflow.contrib.session_bundle.gc", {
        name: getattr(_exports, name) for name in (
            "Path get_paths largest_export_versions mod_export_version negation "
            "one_of_every_n_export_versions union").split()}, {})
    exporter = restored.Part("tensorflow.contrib.session_bundle.exporter", {
        name: getattr(_exports, name) for name in (
            "Exporter classification_signature generic_signature gfile_copy_callback "
            "regression_signature").split()}, {})
    exporter._restored.update(constants=constants, gc=gc, manifest_pb2=manifests)
    return dict(constants=constants, exporter=exporter, gc=gc, manifest_pb2=manifests)
