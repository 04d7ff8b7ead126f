"""Configurations of models that the separate Keras wrote: JSON of Keras 1, YAML of 1 and 2.

Keras 2's JSON is read as it is. Keras 1's layers and arguments have other names; Keras 2 took those
of most layers until 2.3.
"""

import json

from tf1gan.legacy.extras import needed
from tf1gan.legacy.refusal import refuse

_CLASSES = {
    "Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D",
    "AtrousConvolution1D": "Conv1D", "AtrousConvolution2D": "Conv2D",
    "Deconvolution2D": "Conv2DTranspose", "SeparableConvolution2D": "SeparableConv2D"}
_MERGES = {"sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum",
           "concat": "Concatenate"}
# Arguments of any layer -> as they are called today; None: of no meaning today.
_ARGUMENTS = {
    "input_dtype": None, "output_dim": "units", "init": "kernel_initializer",
    "inner_init": "recurrent_initializer", "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer", "U_regularizer": "recurrent_regularizer",
    "b_regularizer": "bias_regularizer", "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint", "bias": "use_bias", "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout", "nb_filter": "filters", "filter_length": "kernel_size",
    "border_mode": "padding", "subsample": "strides", "subsample_length": "strides",
    "atrous_rate": "dilation_rate", "dim_ordering": "data_format", "pool_length": "pool_size",
    "stride": "strides", "length": "size", "p": "rate", "sigma": "stddev",
    "gamma_init": "gamma_initializer", "beta_init": "beta_initializer", "input_dim": None,
    "input_length": None, "consume_less": None, "output_shape": None}
_OF_LAYERS = {
    "Embedding": {"input_dim": "input_dim", "output_dim": "output_dim", "dropout": None,
                  "input_length": "input_length", "init": "embeddings_initializer",
                  "W_regularizer": "embeddings_regularizer",
                  "W_constraint": "embeddings_constraint"},
    "BatchNormalization": {"mode": None}, "InputLayer": {"input_dtype": "dtype"},
    "PReLU": {"init": "alpha_initializer"},
    "Lambda": {"output_shape": "output_shape"}}
_SIZES = (("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3"))
_ORDERS = {"tf": "channels_last", "th": "channels_first", "default": None}
_LISTS = "tensorflow.python.training.tracking.data_structures.ListWrapper"
_REGULARIZERS = ("L1L2Regularizer", "WeightRegularizer", "ActivityRegularizer")


def of_yaml(text):
    """A configuration in YAML, of which nothing is executed."""
    with needed("PyYAML", "a model's configuration in YAML"):
        import yaml

    class Loader(yaml.SafeLoader):
        """Takes Python's tuples, Python 2's strings, and tf.keras's lists as well."""
    Loader.add_constructor("tag:yaml.org,2002:python/tuple", Loader.construct_yaml_seq)
    for kind in ("unicode", "str"):
        Loader.add_constructor(f"tag:yaml.org,2002:python/{kind}", Loader.construct_yaml_str)
    Loader.add_constructor(
        "tag:yaml.org,2002:python/object/apply:" + _LISTS,
        lambda loader, node: (loader.construct_sequence(node, deep=True) or [[]])[0])
    for kind in ("int", "float"):               # of base 60, they take for ever
        Loader.add_constructor("tag:yaml.org,2002:" + kind, _number_of(kind))
    return yaml.load(text, Loader)


def _number_of(kind):
    def construct(loader, node):
        if len(node.value) > 100:
            raise ValueError(f"a number of {len(node.value)} digits")
        return getattr(loader, "construct_yaml_" + kind)(node)
    return construct


def as_yaml(model, **options):
    """What `Model.to_yaml` gave, until 2.6."""
    with needed("PyYAML", "a model's configuration in YAML"):
        import yaml
    return yaml.safe_dump(json.loads(model.to_json()), **options)


def of_today(config):
    """A model's or a layer's configuration, `{"class_name": ..., "config": ...}`, as Keras 2's."""
    if isinstance(config, list):
        return [of_today(part) for part in config]
    if not isinstance(config, dict):
        return config
    if isinstance(config.get("class_name"), str) and isinstance(config.get("config"), dict) \
            and _is_of_keras_1(config["class_name"], config["config"]):
        config = dict(config, **_layer(config["class_name"], config["config"]))
    return {name: part if name == "inbound_nodes" else of_today(part)
            for name, part in config.items()}


def _is_of_keras_1(name, config):
    return name in _CLASSES or name == "Merge" \
        or name == "BatchNormalization" and "mode" in config or bool(
            {"init", "input_dtype", "p", "sigma", "dim_ordering", "border_mode", "pool_length",
             "dropout_W"} & set(config))


def _layer(name, config):
    if name == "Merge":
        return _merge(config)
    if name == "BatchNormalization" and config.get("mode"):
        refuse(f"the configuration has a {name} of Keras 1 in mode {config['mode']}, which Keras 2 "
               "has not either")
    names = dict(_ARGUMENTS, **_OF_LAYERS.get(name, {}))
    made = {}
    for old, value in config.items():
        new = names.get(old, old)
        if new is not None:
            made[new] = _value(new, value)
    for sizes in _SIZES:
        if sizes[0] in made:
            made["kernel_size"] = [made.pop(size) for size in sizes]
    if name == "SeparableConvolution2D":
        made["depthwise_initializer"] = made["pointwise_initializer"] = made.pop(
            "kernel_initializer", "glorot_uniform")
    if name == "GRU":
        made["reset_after"] = False
    if "forget_bias_init" in made:
        made["unit_forget_bias"] = made.pop("forget_bias_init") in ("one", "ones")
    return {"class_name": _CLASSES.get(name, name), "config": made}


def _value(name, value):
    if name == "data_format":
        return _ORDERS.get(value, value)
    if not isinstance(value, dict) or "name" not in value or "class_name" in value:
        return value
    value = dict(value)
    kind = value.pop("name")
    if name.endswith("_regularizer"):
        kind = "L1L2" if kind in _REGULARIZERS else kind
    elif "m" in value:
        value["max_value"] = value.pop("m")
    return {"class_name": kind, "config": value}


def _merge(config):
    """Two or more layers in one, by a mode that is a layer of its own since Keras 2."""
    mode = config.get("mode")
    if mode not in _MERGES or config.get("layers"):
        refuse(f"the configuration has a Merge of Keras 1 in mode {mode}, which is not restored: "
               f"{', '.join(_MERGES)} between layers of a Model are")
    made = {"name": config["name"]}
    if mode == "concat":
        made["axis"] = config.get("concat_axis", -1)
    return {"class_name": _MERGES[mode], "config": made}
