"""A model of Keras's, in HDF5, JSON or YAML -> its graph and the values of its variables."""

import json

from tf1gan import files
from tf1gan.compat import tf
from tf1gan.converting import keras_checks, keras_weights
from tf1gan.errors import UserError, reason
from tf1gan.legacy.api import keras_configs
from tf1gan.legacy.refusal import NotRestored, Refused
from tf1gan.restoring import hdf5

_LONGEST = 2 ** 23          # bytes of a configuration
_LONGEST_YAML = 2 ** 21     # the same in YAML, which takes longer to read
_WITHOUT_USE = ("_regularizer", "_constraint")       # where nothing is trained
_DROPOUTS = ("dropout", "recurrent_dropout")        # of recurrent layers and attention
_SHOWN = 30                 # kinds of layers that are told
_TEXTS = (".json", ".yaml", ".yml")


def is_named_so(path):
    """Whether a path's name is that of a configuration."""
    return path.endswith(_TEXTS)


def is_configuration(path):
    """Whether a file of text has a model's configuration."""
    try:
        with files.opened(path) as file:
            start = file.read(65536)
    except OSError:
        return False
    return b"class_name" in start and b"config" in start


def has_configuration(path):
    """Whether an HDF5 file has a model, and not weights alone."""
    try:
        return bool(hdf5.attribute(path, "model_config", _LONGEST))
    except UserError:
        return False


def read(path, weights=None):
    """A model's graph and weights.

    Args:
      path: an HDF5 file that `model.save` wrote, or a configuration in JSON or YAML.
      weights: the HDF5 file with the weights, of a configuration.

    Returns:
      (MetaGraphDef with the signature "serving_default", {variable's node: array}, what it is in
      words, which version of Keras wrote it, or "").

    Raises:
      UserError: it is no model, holds Python code, has layers that are not Keras's, or is damaged.
    """
    config, version = _configuration(path, weights)
    keras_checks.check(path, config)
    file = weights if is_named_so(path) else path
    weights = hdf5.read(file)
    shapes = weights.shapes
    keras_checks.check_size(file, shapes)
    with keras_checks.limited(path), tf.Graph().as_default() as graph, tf.Session() as session:
        tf.keras.backend.set_session(session)
        try:
            model = _built(path, config)
            keras_checks.check_model(path, model, file, shapes)
            arrays, notes = keras_weights.read(path, session, model, file, weights)
        finally:
            tf.keras.backend.set_session(None)
        meta = tf.train.export_meta_graph(graph=graph, clear_devices=True)
        signature = meta.signature_def["serving_default"]
        for infos, names, tensors in ((signature.inputs, model.input_names, model.inputs),
                                      (signature.outputs, model.output_names, model.outputs)):
            for name, each in zip(names, tensors):
                infos[name].CopyFrom(tf.saved_model.build_tensor_info(each))
    meta.meta_info_def.tensorflow_version = ""
    kind = f"a model of Keras, {type(model).__name__} of {len(model.layers)} layers"
    return meta, arrays, kind + (f" ({notes})" if notes else ""), \
        f"Keras {version}" if version else ""


def _built(path, config):
    try:
        return tf.keras.models.model_from_config(_of_keras_2(path, config))
    except (Refused, NotRestored) as error:
        raise UserError(f"{path}: {str(error).partition(': ')[2] or error}") from error
    except UserError:
        raise
    except Exception as error:          # whatever a layer makes of numbers that are none of its
        raise UserError(f"{path} has a model that Keras does not build: {reason(error)}; a "
                        "layer of a script's own cannot be built without the script") from error


def describe(path):
    """What a file with a model's configuration is, as lines; nothing of it is built.

    Raises:
      UserError: as `read`.
    """
    config, version = _configuration(path, None, needs_weights=False)
    layers = config["config"] if isinstance(config["config"], list) else config["config"].get(
        "layers") or []
    layers = layers if isinstance(layers, list) else []
    kinds = [str(layer.get("class_name")) for layer in layers if isinstance(layer, dict)]
    names = sorted(set(kinds))
    lines = [f"{path}: a model of Keras ({config['class_name']} of {len(kinds)} layers)"
             + (f", written by Keras {version}" if version else ""),
             "Layers: " + ", ".join(f"{kinds.count(kind)} {kind}" for kind in names[:_SHOWN])
             + (f", and of {len(names) - _SHOWN} more kinds" if len(names) > _SHOWN else "")]
    try:
        keras_checks.check(path, config)
    except UserError as error:
        lines.append(f"Cannot be converted: {error}.")
    return lines


def check_weights(path, weights):
    """Raises UserError unless `weights` names the weights of a configuration."""
    if not weights:
        raise UserError(f"{path} is a model of Keras without weights: name their HDF5 file "
                        "with --weights FILE.h5")
    if not hdf5.is_hdf5(weights):
        raise UserError(f"--weights {weights} is no HDF5 file")


def _configuration(path, weights, needs_weights=True):
    """(configuration as a dict, Keras's version or "")."""
    if is_named_so(path):
        if needs_weights:
            check_weights(path, weights)
        try:
            with files.opened(path) as file:
                text = file.read(_LONGEST + 1)
        except OSError as error:
            raise UserError(f"cannot read {path}: {error.strerror or error}") from error
        version = hdf5.attribute(weights, "keras_version", 100) if needs_weights else ""
    else:
        if weights:
            raise UserError(f"{path} has weights of its own: leave out --weights")
        text = hdf5.attribute(path, "model_config", _LONGEST)
        version = hdf5.attribute(path, "keras_version", 100)
        if not text:
            raise UserError(f"{path} has weights alone, and not how the layers are joined: name "
                            "the model's JSON, and this file with --weights")
    longest = _LONGEST_YAML if path.endswith((".yaml", ".yml")) else _LONGEST
    if len(text) > longest:
        raise UserError(f"{path} has a configuration of more than {longest >> 20} MB")
    try:
        if path.endswith((".yaml", ".yml")):
            config = keras_configs.of_yaml(text)
        else:
            config = json.loads(text)
            if isinstance(config, str):         # as some wrote it, encoded twice
                config = json.loads(config)
    except (Refused, NotRestored) as error:
        raise UserError(f"{path}: {error}") from error
    except Exception as error:                  # each of YAML's is of its own
        raise UserError(f"{path} has no configuration of Keras's ({reason(error)})") from error
    if not isinstance(config, dict) or "class_name" not in config or not isinstance(
            config.get("config"), (dict, list)):
        raise UserError(f"{path} has no configuration of a model of Keras's")
    return config, version or str(config.get("keras_version", ""))


def _of_keras_2(path, config):
    """The configuration as tf.keras takes it."""
    config = keras_configs.of_today(config)
    if isinstance(config["config"], list):      # a Sequential of Keras 2.1 or earlier
        config = dict(config, config={"name": "sequential", "layers": config["config"]})
    _give_shape(config)
    waiting = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            _give_shapes_within(value)
            if value.get("class_name") in ("GRU", "CuDNNGRU") and isinstance(
                    value.get("config"), dict):
                # Keras 2 and tf.keras of 1.x had False for what is True by default today.
                value["config"].setdefault("reset_after", value["class_name"] == "CuDNNGRU")
            for key in list(value):
                if key.endswith("_initializer") and value[key] is not None:
                    value[key] = "zeros"        # weights are read, and not drawn before
                elif key in _DROPOUTS and isinstance(value[key], (int, float)):
                    value[key] = 0.         # within a loop, where no phase could be set
                elif key.endswith(_WITHOUT_USE):
                    value[key] = None
            waiting += list(value.values())
        elif isinstance(value, list):
            waiting += value
    return config


def _give_shapes_within(value):
    """Gives a shape to models within one that Keras 2.2 built when it called them.

    Where the calls of one are counted from 1, its own building was the first.
    """
    inner = value.get("config")
    layers = inner.get("layers") if isinstance(inner, dict) else None
    if value.get("class_name") not in ("Model", "Functional") or not isinstance(layers, list):
        return
    calls = [each.get("inbound_nodes") for each in layers if isinstance(each, dict)]
    counted = {name for name, place in keras_checks.taken(calls + [inner.get("output_layers")])
               if not place}
    for layer in layers:
        if isinstance(layer, dict) and layer.get("name") not in counted:
            _give_shape(layer)


def _give_shape(model):
    """Gives the shape with which a Sequential was built to its first layer, if that has none."""
    shape, layer = None, model
    while isinstance(layer, dict) and layer.get("class_name") == "Sequential" \
            and isinstance(layer.get("config"), dict) and layer["config"].get("layers"):
        shape = shape or layer["config"].get("build_input_shape")
        layer = layer["config"]["layers"][0]
    if shape and layer is not model and isinstance(layer, dict) and isinstance(
            layer.get("config"), dict) and layer.get("class_name") not in keras_checks.MODELS:
        layer["config"].setdefault("batch_input_shape", shape)
