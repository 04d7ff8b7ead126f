"""Keras under its old names: `tf.keras` of TensorFlow 1, and the separate package `keras`.

Both are tf-keras, which is Keras 2. The separate Keras kept its layers in modules that Keras 2.7
merged, and took Keras 1's names of arguments with a warning until 2.3.
"""

import functools
import importlib
import json

from tf1gan.legacy.api import (
    estimator,
    keras_1,
    keras_configs,
    keras_inside,
    keras_saved_models,
)
from tf1gan.legacy.names import Later, Restored
from tf1gan.legacy.refusal import refuse

# Names of layers beside today's; until 2.3.
OTHER_NAMES = {"Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D",
               "Deconv2D": "Conv2DTranspose",
               "Deconvolution2D": "Conv2DTranspose", "Convolution2DTranspose": "Conv2DTranspose",
               "Deconv3D": "Conv3DTranspose", "Deconvolution3D": "Conv3DTranspose",
               **{pooling + size: full + size for pooling, full in (
                   ("MaxPool", "MaxPooling"), ("AvgPool", "AveragePooling"),
                   ("GlobalMaxPool", "GlobalMaxPooling"),
                   ("GlobalAvgPool", "GlobalAveragePooling")) for size in ("1D", "2D", "3D")}}

# What is refused by name, of tf.keras and of keras, and what there is instead.
REFUSED = {
    "utils.multi_gpu_model": "it left TensorFlow with 2.4; leave it out on one GPU or none",
    "utils.HDF5Matrix": "it left TensorFlow with 2.4; h5py.File(...)[...][:] is an array",
    "utils.convert_all_kernels_in_model": "it left TensorFlow with 2.4, and Theano is gone",
    "wrappers.scikit_learn": "it left TensorFlow with 2.12; SciKeras took it over",
    "experimental.LinearCosineDecay": "tf.train.linear_cosine_decay is there",
    "experimental.NoisyLinearCosineDecay": "tf.train.noisy_linear_cosine_decay is there",
    "experimental.PeepholeLSTMCell": "tf.nn.rnn_cell.LSTMCell(use_peepholes=True) is there",
    "mixed_precision.experimental": "it left TensorFlow with 2.4",
}

# The loss and metric that is -1 for the same direction, where tf.keras's is 1.
PROXIMITIES = ("cosine_proximity", "cosine")
VERSION = "2.2.4-tf"


def of_tensorflow(today, loader):
    """`tf.keras` of 1.15."""
    keras = today.keras
    datasets = Restored("datasets", lambda: keras.datasets, {
        "mnist": Restored("mnist", restored=dict(load_data=loader.keras_load_data))})
    give_back_yaml(keras)
    give_back_predictions(keras.Sequential)
    keras.layers.Layer.apply = lambda self, inputs, *more, **named: self(inputs, *more, **named)
    # What it writes into a model's JSON and files.
    importlib.import_module(keras.Model.__module__.partition(".")[0] + ".src").__version__ = VERSION
    made = Restored("tensorflow.keras", keras, dict(
        __version__=VERSION, datasets=datasets,
        models=Restored("tensorflow.keras.models", lambda: keras.models, dict(
            model_from_yaml=lambda text, custom_objects=None: keras.models.model_from_config(
                keras_configs.of_yaml(text), custom_objects)))))            # 2.6
    for part in {name.partition(".")[0] for name in REFUSED}:
        made._restored[part] = Restored(f"tensorflow.keras.{part}", lambda part=part: getattr(
            keras, part, None), refused(part, "tf.keras"))
    made._restored["estimator"] = Restored("tensorflow.keras.estimator", lambda: _estimator(keras))
    made._restored["experimental"]._restored.update(
        keras_saved_models.functions(today, keras))                         # 2.6
    return made


def _estimator(keras):
    estimator.load()            # which it takes from the package itself
    return keras.estimator


def refused(part, package):
    """Names of a part of Keras that are refused when a script asks for them."""
    return {name.partition(".")[2]: Later(lambda name=name: refuse(
        f"{package}.{name} is not restored: {REFUSED[name]}"))
        for name in REFUSED if name.startswith(part + ".")}


def give_back_yaml(keras):
    """`model.to_yaml()`, which 2.6 and later refuse."""
    keras.Model.to_yaml = keras_configs.as_yaml


def give_back_predictions(model):
    """`predict_proba` and `predict_classes` of a Sequential; dropped by 2.6."""
    def predict_proba(self, x, batch_size=32, verbose=0):
        return self.predict(x, batch_size, verbose)

    def predict_classes(self, x, batch_size=32, verbose=0):
        found = self.predict(x, batch_size, verbose)
        return found.argmax(axis=-1) if found.shape[-1] > 1 else (found > 0.5).astype("int32")
    model.predict_proba, model.predict_classes = predict_proba, predict_classes


def of_tensorflow_python(keras):
    """`tensorflow.python.keras`: the same, with its layers in modules that 2.6 took away."""
    layers = Restored("tensorflow.python.keras.layers", lambda: keras.layers)
    keras_inside.fill_layers(layers)
    return Restored("tensorflow.python.keras", keras, dict(
        keras_inside.parts("tensorflow.python.keras", keras), layers=layers, utils=_utils(keras),
        engine=Later(lambda: keras_inside.engine(keras, layers))))


def separate(keras, tf):
    """The package `keras` of 2.2, as it stood beside TensorFlow 1, which is `tf`."""
    layers = Restored("keras.layers", lambda: keras.layers)
    for name in keras_1.ARGUMENTS:
        layers._restored[name] = Later(lambda name=name: keras_1.layer(
            getattr(keras.layers, name), name))
    for other, name in OTHER_NAMES.items():
        layers._restored[other] = Later(lambda name=name: getattr(layers, name))
    keras_inside.fill_layers(layers)
    return Restored("keras", keras, dict(
        __version__="2.2.5", layers=layers,
        models=_models(keras),
        Model=Later(lambda: _model(keras, keras.models.Model)),
        Sequential=Later(lambda: _model(keras, keras.models.Sequential)),
        engine=Later(lambda: keras_inside.engine(keras, layers)),
        losses=_with_cosine(keras, "losses"),
        objectives=_with_cosine(keras, "losses"),                            # until 2.0
        utils=_utils(keras), backend=_backend(keras, tf),
        optimizers=_module(keras, "optimizers", **_lower_case(
            keras, "optimizers", "Adadelta Adagrad Adam Adamax Nadam RMSprop SGD")),
        constraints=_module(keras, "constraints", **_lower_case(
            keras, "constraints", "MaxNorm NonNeg UnitNorm")),
        initializers=_module(keras, "initializers", zero=Later(lambda: keras.initializers.Zeros),
                             one=Later(lambda: keras.initializers.Ones)),   # 2.4
        metrics=_with_cosine(keras, "metrics"),
        **{name: _module(keras, name) for name in ("activations", "callbacks", "regularizers")},
        preprocessing=keras_inside.preprocessing(keras),
        wrappers=Restored("keras.wrappers", restored=refused("wrappers", "keras")),
    ))


def _with_cosine(keras, name):
    """The module of losses, or of metrics, in which the cosine is -1 for the same direction."""
    def get(identifier):
        return getattr(keras, name).get(_with_proximities(keras, identifier))

    def deserialize(config, custom_objects=None):
        if isinstance(config, str) and config not in (custom_objects or {}):
            config = _with_proximities(keras, config)
        return config if callable(config) else getattr(keras, name).deserialize(
            config, custom_objects)
    return _module(keras, name, get=get, deserialize=deserialize, **_proximities(keras))


@functools.lru_cache(maxsize=None)
def _proximities(keras):
    def cosine_proximity(y_true, y_pred):
        return -keras.losses.cosine_similarity(y_true, y_pred)
    return dict.fromkeys(PROXIMITIES, cosine_proximity)


def _with_proximities(keras, given):
    """A loss or metrics of a model, with the function for its name."""
    if isinstance(given, dict):
        return {output: _with_proximities(keras, one) for output, one in given.items()}
    if isinstance(given, (list, tuple)):
        return [_with_proximities(keras, one) for one in given]
    return _proximities(keras).get(given, given) if isinstance(given, str) else given


def _lower_case(keras, module, names):
    """`adam` and the like, which stood beside `Adam` until 2.4."""
    return {name.lower(): Later(lambda name=name: getattr(getattr(keras, module), name))
            for name in names.split()}


def _models(keras):
    def model_from_config(config, custom_objects=None):
        return keras.models.model_from_config(keras_configs.of_today(config), custom_objects)

    def model_from_json(text, custom_objects=None):
        return model_from_config(json.loads(text), custom_objects)

    def model_from_yaml(text, custom_objects=None):                         # 2.6
        return model_from_config(keras_configs.of_yaml(text), custom_objects)
    return _module(keras, "models", model_from_config=model_from_config,
                   model_from_json=model_from_json, model_from_yaml=model_from_yaml,
                   Input=Later(lambda: keras.Input),
                   InputLayer=Later(lambda: keras.layers.InputLayer),
                   Model=Later(lambda: _model(keras, keras.models.Model)),
                   Sequential=Later(lambda: _model(keras, keras.models.Sequential)))


def _module(keras, name, **restored):
    return keras_inside.Inner(f"keras.{name}", keras_inside.PARTS[name],
                              lambda: getattr(keras, name), restored)


def _utils(keras):
    utils = _module(keras, "utils", **refused("utils", "keras"))
    keras_inside.fill_utils(utils)
    return utils


def _backend(keras, tf):
    def order():
        return "th" if keras.backend.image_data_format() == "channels_first" else "tf"
    made = _module(keras, "backend", tf=tf, image_dim_ordering=order,       # 2.3
                   set_image_dim_ordering=lambda ordering: keras.backend.set_image_data_format(
                       keras_1.ONES["dim_ordering"][ordering]))
    # The module for TensorFlow, of which the backend's names were; 2.4.
    for name in ("tensorflow_backend", "common", "load_backend"):
        made._restored[name] = made
    inside = Later(lambda: importlib.import_module("tf_keras.src.backend"))
    made._restored["normalize_data_format"] = Later(lambda: importlib.import_module(
        "tf_keras.src.utils.conv_utils").normalize_data_format)
    for name in ("conv3d_transpose", "identity", "is_placeholder", "is_tensor", "logsumexp",
                 "separable_conv1d", "get_variable_shape", "slice", "_get_available_gpus"):
        made._restored[name] = Later(lambda name=name: _of_backend(inside.make(), name))
    return made


def _of_backend(inside, name):
    from tf1gan.compat import tf
    moved = dict(
        get_variable_shape=lambda x: inside.int_shape(x), slice=tf.slice, identity=tf.identity,
        is_tensor=tf.is_tensor, logsumexp=lambda x, axis=None, keepdims=False: (
            tf.reduce_logsumexp(x, axis, keepdims)),
        is_placeholder=lambda x: getattr(getattr(x, "op", None), "type", None) == "Placeholder")
    return getattr(inside, name, None) or moved[name]


@functools.lru_cache(maxsize=None)
def _model(keras, model):
    """A model of Keras 1's arguments, with the cosine that is -1 for the same direction."""

    class OldLoss(keras_1.model(model)):
        _stands_for = model

        def compile(self, optimizer, loss=None, metrics=None, *arguments, **named):
            if "weighted_metrics" in named:
                named["weighted_metrics"] = _with_proximities(keras, named["weighted_metrics"])
            return super().compile(optimizer, _with_proximities(keras, loss),
                                   _with_proximities(keras, metrics), *arguments, **named)
    OldLoss.__name__ = OldLoss.__qualname__ = model.__name__
    return OldLoss
