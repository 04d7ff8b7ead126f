"""Keras 1's names of arguments, which the separate Keras took with a warning until 2.3."""

import importlib
import warnings

ORDER = {"dim_ordering": "data_format"}
SHAPE = dict(ORDER, border_mode="padding")
WEIGHTS = {"init": "kernel_initializer", "bias": "use_bias"}
WEIGHTS.update({f"{old}_{what}": f"{new}_{what}" for old, new in (("W", "kernel"), ("b", "bias"))
                for what in ("regularizer", "constraint")})
CONVOLUTION = dict(SHAPE, **WEIGHTS, nb_filter="filters", subsample="strides")
RECURRENT = {"inner_init": "recurrent_initializer", "inner_activation": "recurrent_activation",
             "U_regularizer": "recurrent_regularizer", "dropout_W": "dropout",
             "dropout_U": "recurrent_dropout"}
CELL = dict(WEIGHTS, **RECURRENT, output_dim="units", consume_less="implementation")
CONVOLUTION_1D = dict(WEIGHTS, nb_filter="filters", filter_length="kernel_size",
                      subsample_length="strides", border_mode="padding")
POOLING_1D = {"pool_length": "pool_size", "stride": "strides", "border_mode": "padding"}
RATE = dict(ORDER, p="rate")

# Names of layers -> {Keras 1's name of an argument: today's}.
LAYERS = {
    "Dense": dict(WEIGHTS, output_dim="units"),
    "Embedding": {"init": "embeddings_initializer", "W_regularizer": "embeddings_regularizer",
                  "W_constraint": "embeddings_constraint"},
    "Conv1D LocallyConnected1D": CONVOLUTION_1D,
    "Conv2D Conv2DTranspose SeparableConv2D LocallyConnected2D Conv3D": CONVOLUTION,
    "ConvLSTM2D": dict(CONVOLUTION, **RECURRENT),
    "SimpleRNN GRU LSTM": CELL,
    "MaxPooling1D AveragePooling1D": POOLING_1D,
    "MaxPooling2D AveragePooling2D MaxPooling3D AveragePooling3D": SHAPE,
    "GlobalMaxPooling2D GlobalAveragePooling2D GlobalMaxPooling3D GlobalAveragePooling3D "
    "UpSampling2D UpSampling3D ZeroPadding2D ZeroPadding3D Cropping2D Cropping3D": ORDER,
    "UpSampling1D": {"length": "size"},
    "Dropout GaussianDropout SpatialDropout1D SpatialDropout2D SpatialDropout3D": RATE,
    "GaussianNoise": {"sigma": "stddev"},
    "PReLU": {"init": "alpha_initializer"},
    "BatchNormalization": {"beta_init": "beta_initializer", "gamma_init": "gamma_initializer"},
}
ARGUMENTS = {name: old for names, old in LAYERS.items() for name in names.split()}

# Layers with a kernel -> names of its sides, which were arguments of their own.
SIDES = dict.fromkeys(("Conv2D", "Conv2DTranspose", "SeparableConv2D", "LocallyConnected2D",
                       "ConvLSTM2D"), ("nb_row", "nb_col"))
SIDES["Conv3D"] = ("kernel_dim1", "kernel_dim2", "kernel_dim3")
ONES = {"dim_ordering": {"tf": "channels_last", "th": "channels_first", "default": None},
        "consume_less": {"cpu": 1, "mem": 1, "gpu": 2}}
# Keras 1's arguments of methods that take a generator.
OF_GENERATORS = {"samples_per_epoch": "steps_per_epoch", "val_samples": "steps",
                 "nb_epoch": "epochs", "nb_val_samples": "validation_steps",
                 "nb_worker": "workers", "pickle_safe": "use_multiprocessing",
                 "max_q_size": "max_queue_size"}


def layer(kind, name):
    """A layer that takes Keras 1's names for its arguments as well."""

    class OldNames(kind, metaclass=standing_for(kind)):
        _stands_for = kind

        def __init__(self, *arguments, **named):
            arguments = _without_what_is_gone(name, arguments, named)
            arguments = _one_size(SIDES.get(name), arguments, named)
            if name == "SeparableConv2D" and "init" in named:
                named["depthwise_initializer"] = named["pointwise_initializer"] = named.pop("init")
            super().__init__(*arguments, **renamed(named, ARGUMENTS[name]))
    OldNames.__name__ = OldNames.__qualname__ = kind.__name__
    OldNames.__module__, OldNames.__doc__ = kind.__module__, kind.__doc__
    return OldNames


def standing_for(kind):
    """A metaclass: to a class that has `_stands_for`, all instances of that other are its own.

    Those of a model that was loaded, or of keras.applications, are the other's.
    """
    class StandingFor(type(kind)):
        def __instancecheck__(cls, instance):
            return isinstance(instance, vars(cls)["_stands_for"]) \
                if "_stands_for" in vars(cls) else super().__instancecheck__(instance)

        def __subclasscheck__(cls, other):
            return issubclass(other, vars(cls)["_stands_for"]) \
                if "_stands_for" in vars(cls) else super().__subclasscheck__(other)
    return StandingFor


def renamed(named, names):
    """Named arguments by today's names."""
    return {names.get(name, name): ONES[name].get(value, value)
            if name in names and name in ONES else value for name, value in named.items()}


def _one_size(sides, arguments, named):
    """Convolution2D(64, 5, 5) is Conv2D(64, (5, 5)), and so are those with nb_row and nb_col."""
    if sides is None:
        return arguments
    given = list(arguments[1:1 + len(sides)])
    rest = sides[len(given):]
    if len(arguments) <= 1 + len(sides) and all(isinstance(size, int) for size in given) \
            and all(name in named for name in rest) and (rest or len(given) == len(sides)):
        sizes = tuple(given + [named.pop(name) for name in rest])
        if given:
            return arguments[0], sizes
        named["kernel_size"] = sizes
    return arguments


def _without_what_is_gone(name, arguments, named):
    """Leaves out, or turns into what there is, what Keras 2 had no more."""
    if name in ("LSTM", "GRU", "SimpleRNN", "ConvLSTM2D") and "forget_bias_init" in named:
        if named.pop("forget_bias_init") == "one":
            named["unit_forget_bias"] = True
        else:
            warnings.warn("forget_bias_init is left out, as by Keras 2", stacklevel=3)
    if name == "Embedding" and named.pop("dropout", None):
        warnings.warn("An Embedding's dropout is left out, as by Keras 2", stacklevel=3)
    if name == "BatchNormalization" and named.pop("mode", 0):
        raise TypeError("BatchNormalization has the mode 0 alone since Keras 2")
    if name in ("Conv1D", "LocallyConnected1D") and "input_dim" in named:
        named["input_shape"] = (named.pop("input_length", None), named.pop("input_dim"))
    if name == "Conv2DTranspose":       # it finds the size of its output itself
        named.pop("output_shape", None)
        if len(arguments) == 4 and isinstance(arguments[3], (tuple, list)):
            return arguments[:3]
    if name == "ZeroPadding2D" and isinstance(named.get("padding"), dict):
        named["padding"] = _four_sides(named["padding"])
    if name == "ZeroPadding2D" and arguments and isinstance(arguments[0], dict):
        return (_four_sides(arguments[0]),) + arguments[1:]
    return arguments


def _four_sides(padding):
    top, bottom, left, right = (padding.get(f"{side}_pad", 0)
                                for side in ("top", "bottom", "left", "right"))
    return (top, bottom), (left, right)


def model(kind):
    """A model that takes `nb_epoch`, `Model(input=, output=)` and counts of samples."""
    from tensorflow.python.util import tf_decorator

    class OldNames(kind, metaclass=standing_for(kind)):
        _stands_for = kind

        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **renamed(named, {"input": "inputs",
                                                           "output": "outputs"}))

        def fit(self, *arguments, **named):
            return super().fit(*arguments, **renamed(named, {"nb_epoch": "epochs"}))

        def fit_generator(self, *arguments, **named):
            return super().fit_generator(*arguments, **_in_batches(arguments, named))

        def evaluate_generator(self, *arguments, **named):
            return super().evaluate_generator(*arguments, **_in_batches(arguments, named))

        def predict_generator(self, *arguments, **named):
            return super().predict_generator(*arguments, **_in_batches(arguments, named))
    OldNames.__name__ = OldNames.__qualname__ = kind.__name__
    if kind.__name__ == "Model":        # by its arguments Keras knows whose configuration it writes
        OldNames.__init__ = tf_decorator.make_decorator(
            importlib.import_module("tf_keras.src.engine.functional").Functional.__init__,
            OldNames.__init__)
    return OldNames


def _in_batches(arguments, named):
    """Keras 2 took a count of samples for one of batches, but where it knew the batch's size."""
    if "samples_per_epoch" in named and len(arguments) < 2:
        generator = arguments[0] if arguments else named["generator"]
        named["samples_per_epoch"] //= getattr(generator, "batch_size", 1)
    return renamed(named, OF_GENERATORS)
