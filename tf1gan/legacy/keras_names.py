"""Keras under its old names: `tf.keras` of TensorFlow 1, and the separate package `keras`.

Both are tf-keras, which is Keras 2. The separate Keras kept its layers in modules that Keras 2.7
merged, and took Keras 1's names of arguments with a warning until 2.3.
"""


from tf1gan.legacy.names import Later, Restored

# Modules of keras.layers that hold nothing but layers, which keras.layers has, too: until 2.12.
LAYERS = ("core", "convolutional", "pooling", "normalization", "advanced_activations", "merge",
          "recurrent", "embeddings", "noise", "local", "wrappers", "convolutional_recurrent")

# Keras 1's names, which Keras 2 took with a warning until 2.3: (layers, old, new).
ARGUMENTS = {"output_dim": "units", "init": "kernel_initializer", "W_regularizer":
             "kernel_regularizer", "b_regularizer": "bias_regularizer", "bias": "use_bias",
             "W_constraint": "kernel_constraint", "b_constraint": "bias_constraint",
             "border_mode": "padding", "subsample": "strides", "nb_filter": "filters",
             "p": "rate", "dim_ordering": "data_format", "sigma": "stddev"}
DIM_ORDERINGS = {"tf": "channels_last", "th": "channels_first", "default": None}


def of_tensorflow(today, loader):
    """`tf.keras` of 1.15."""
    keras = today.keras
    datasets = Restored("datasets", lambda: keras.datasets, {
        "mnist": Restored("mnist", restored=dict(load_data=loader.keras_load_data))})
    return Restored("tensorflow.keras", keras, dict(datasets=datasets))


def of_tensorflow_python(keras):
    """`tensorflow.python.keras`: the same, with its layers in modules that 2.6 took away."""
    layers = Restored("tensorflow.python.keras.layers", lambda: keras.layers)
    layers._restored.update(dict.fromkeys(LAYERS, layers))
    return Restored("tensorflow.python.keras", keras, dict(
        layers=layers, engine=Later(lambda: _engine(keras, layers))))


def separate(keras):
    """The package `keras` of 2.2, as it stood beside TensorFlow 1."""
    layers = Restored("keras.layers", lambda: keras.layers)
    for name in ("Dense", "Conv2D", "Conv2DTranspose", "Dropout", "Conv1D", "MaxPooling2D",
                 "AveragePooling2D", "GaussianNoise", "SeparableConv2D"):
        layers._restored[name] = Later(lambda name=name: _of_keras_1(getattr(keras.layers, name)))
    layers._restored.update(
        Convolution2D=Later(lambda: layers.Conv2D), Convolution1D=Later(lambda: layers.Conv1D),
        Deconvolution2D=Later(lambda: layers.Conv2DTranspose))
    for name in LAYERS:
        layers._restored[name] = layers
    return Restored("keras", keras, dict(
        __version__="2.2.5", layers=layers,
        models=_module(keras, "models", Model=Later(lambda: _model(keras.models.Model)),
                       Sequential=Later(lambda: _model(keras.models.Sequential))),
        Model=Later(lambda: _model(keras.models.Model)),
        Sequential=Later(lambda: _model(keras.models.Sequential)),
        engine=Later(lambda: _engine(keras, layers)),
        objectives=Later(lambda: keras.losses),                             # 2.0.?
        utils=_utils(keras), backend=_backend(keras),
        optimizers=_module(keras, "optimizers"),
    ))


def _module(keras, name, **restored):
    return Restored(f"keras.{name}", lambda: getattr(keras, name), restored)


def _utils(keras):
    utils = _module(keras, "utils")
    utils._restored["np_utils"] = utils                                     # 2.4
    utils._restored["vis_utils"] = utils
    utils._restored["generic_utils"] = utils
    return utils


def _backend(keras):
    def order():
        return "th" if keras.backend.image_data_format() == "channels_first" else "tf"
    return _module(keras, "backend", image_dim_ordering=order,              # 2.3
                   set_image_dim_ordering=lambda ordering: keras.backend.set_image_data_format(
                       DIM_ORDERINGS[ordering]))


def _engine(keras, layers):
    base = dict(Layer=keras.layers.Layer, InputSpec=keras.layers.InputSpec, Input=keras.Input,
                Model=keras.Model)
    return Restored("keras.engine", restored=dict(base, **{
        name: Restored(name, restored=base) for name in ("base_layer", "topology", "training")}))


def _of_keras_1(layer):
    """A layer that takes Keras 1's names for its arguments as well."""

    class OldNames(layer):
        def __init__(self, *arguments, **named):
            super().__init__(*_old_sizes(layer, arguments, named), **_renamed(named))
    OldNames.__name__ = OldNames.__qualname__ = layer.__name__
    return OldNames


def _old_sizes(layer, arguments, named):
    """Convolution2D(64, 5, 5) is Conv2D(64, (5, 5))."""
    if layer.__name__.startswith("Conv2D") and len(arguments) == 3 \
            and isinstance(arguments[1], int) and isinstance(arguments[2], int) \
            and ("border_mode" in named or "subsample" in named or "strides" not in named):
        arguments = (arguments[0], arguments[1:])
    if "nb_row" in named and "nb_col" in named:
        named["kernel_size"] = (named.pop("nb_row"), named.pop("nb_col"))
    return arguments


def _renamed(named):
    named = {ARGUMENTS.get(name, name): value for name, value in named.items()}
    if named.get("data_format") in DIM_ORDERINGS:
        named["data_format"] = DIM_ORDERINGS[named["data_format"]]
    return named


def _model(model):
    """A model that takes `nb_epoch` and `Model(input=, output=)`."""

    class OldNames(model):
        def __init__(self, *arguments, **named):
            for name in ("input", "output"):
                if name in named:
                    named[name + "s"] = named.pop(name)
            super().__init__(*arguments, **named)

        def fit(self, *arguments, **named):
            if "nb_epoch" in named:
                named["epochs"] = named.pop("nb_epoch")
            return super().fit(*arguments, **named)
    OldNames.__name__ = OldNames.__qualname__ = model.__name__
    return OldNames

