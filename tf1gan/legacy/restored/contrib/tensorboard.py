"""`tf.contrib.tensorboard`: the embedding projector's settings, which TensorBoard itself has."""

import importlib

from tf1gan.legacy.names import Later, Restored

DROPPED = "2.0"
GIVES = "plugins"
NEEDS = ()
PATHS = ()
REFUSED = {}


def make(given):
    return {"plugins": Restored("plugins", restored={"projector": Later(_projector)})}


def _projector():
    """Its messages, and `visualize_embeddings`, which took a writer before it took a folder."""
    import os
    messages = importlib.import_module("tensorboard.plugins.projector.projector_config_pb2")

    def visualize_embeddings(summary_writer, config):
        folder = summary_writer.get_logdir()
        if folder is None:
            raise ValueError("This summary writer writes to no folder.")
        from google.protobuf import text_format
        from tensorflow.python.lib.io import file_io
        file_io.write_string_to_file(os.path.join(folder, "projector_config.pbtxt"),
                                     text_format.MessageToString(config))
    return Restored("tensorflow.contrib.tensorboard.plugins.projector", messages, dict(
        visualize_embeddings=visualize_embeddings, projector_config_pb2=messages))
