"""Modules within Keras: `keras.engine`, those of `keras.layers` and of `keras.utils`.

Scripts took names from them that the parts around them do not give; tf-keras has them elsewhere.
"""

import importlib
import types

from tf1gan.legacy.names import Later, Restored

# Modules of keras.layers that hold nothing but layers, which keras.layers has, too: until 2.12.
LAYERS = ("core", "convolutional", "pooling", "normalization", "advanced_activations", "merge",
          "recurrent", "embeddings", "noise", "local", "wrappers", "convolutional_recurrent",
          "cudnn_recurrent")
# What layers are made of, which stood beside them until 2.7 -> where tf-keras has it.
BASES = {"_Merge": "merging.base_merge._Merge", "_Conv": "convolutional.base_conv.Conv",
         "_CuDNNRNN": "rnn.base_cudnn_rnn._CuDNNRNN",
         "_standardize_args": "rnn.rnn_utils.standardize_args",
         "DropoutRNNCellMixin": "rnn.dropout_rnn_cell_mixin.DropoutRNNCellMixin"}
for _size in "123":
    BASES[f"_Pooling{_size}D"] = f"pooling.base_pooling{_size}d.Pooling{_size}D"
    BASES[f"_GlobalPooling{_size}D"] = (
        f"pooling.base_global_pooling{_size}d.GlobalPooling{_size}D")
UTILS = ("np_utils", "vis_utils", "generic_utils", "data_utils", "io_utils", "layer_utils",
         "conv_utils", "tf_utils", "training_utils", "multi_gpu_utils")         # 2.4
# Modules of keras.engine -> those of tf-keras.
ENGINE = dict(base_layer="base_layer", topology="node", input_spec="input_spec",
              input_layer="input_layer", network="functional", sequential="sequential",
              training="training", training_utils="training_utils_v1")


# Parts of Keras -> tf-keras's modules, which have more in them.
PARTS = dict({name: name for name in (
    "activations", "backend", "callbacks", "constraints", "losses", "metrics", "models",
    "optimizers", "regularizers", "utils")}, initializers="initializers.initializers")
# The same of what stands elsewhere today -> where, of `tensorflow.python.keras`.
MOVED = {"callbacks_v1": "callbacks_v1", "optimizer_v2": "optimizers.legacy",
         "optimizer_v2.learning_rate_schedule": "optimizers.schedules.learning_rate_schedule",
         "saving": "saving.legacy", "testing_utils": "testing_infra.test_utils"}


class Inner(Restored):
    """A module that has what the part around it gives, and what tf-keras's has beside.

    What a script puts into it, tf-keras finds there: a loss of a model that is loaded, for one.
    """

    def __init__(self, name, path, around, restored=None):
        """Args:
          path: of tf-keras's, where there is one.
          around: a module, or a function that gives it.
        """
        super().__init__(name, path and (lambda: importlib.import_module(f"tf_keras.src.{path}")),
                         restored)
        self.__dict__["_around"] = around

    def _part(self):
        around = self.__dict__["_around"]
        if isinstance(around, types.FunctionType):
            around = self.__dict__["_around"] = around()
        return around

    def __getattr__(self, name):
        if not name.startswith("__") and name not in self.__dict__["_restored"]:
            try:
                return getattr(self._part(), name)
            except AttributeError:
                pass
        return super().__getattr__(name)

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if not name.startswith("_") and self._of_today() is not None:
            setattr(self._of_today(), name, value)

    def __dir__(self):
        return sorted({*dir(self._part()), *self.__dict__["_restored"]})


def parts(name, keras):
    """The parts of `tensorflow.python.keras`, by name."""
    made = {part: Inner(f"{name}.{part}", path, lambda part=part: getattr(keras, part))
            for part, path in PARTS.items() if part != "utils"}
    for part, path in MOVED.items():
        names = made if "." not in part else made[part.partition(".")[0]]._restored
        names[part.rpartition(".")[2]] = Restored(f"{name}.{part}", lambda path=path: (
            importlib.import_module(f"tf_keras.src.{path}")))
    return made


def preprocessing(keras):
    return Restored("keras.preprocessing", lambda: keras.preprocessing, {
        name: Inner(f"keras.preprocessing.{name}", f"preprocessing.{name}",
                    lambda name=name: getattr(keras.preprocessing, name))
        for name in ("image", "sequence", "text")})


def fill_layers(layers):
    """Puts the modules within `keras.layers` into it, and what the layers are made of."""
    layers._restored.update(dict.fromkeys(LAYERS, layers))
    for name, place in BASES.items():
        layers._restored[name] = Later(lambda place=place: _found("layers." + place))


def fill_utils(utils):
    for name in UTILS:
        has_one = name not in ("training_utils", "multi_gpu_utils")
        utils._restored[name] = Inner(f"{utils.__name__}.{name}",
                                      f"utils.{name}" if has_one else None, utils)
    for name in ("smart_cond", "constant_value"):
        utils._restored["tf_utils"]._restored[name] = Later(
            lambda name=name: _found(f"utils.control_flow_util.{name}"))


def engine(keras, layers):
    """`keras.engine`."""
    base = dict(Layer=keras.layers.Layer, InputSpec=keras.layers.InputSpec, Input=keras.Input,
                Model=keras.Model, InputLayer=keras.layers.InputLayer, Network=keras.Model,
                Sequential=keras.Sequential, Node=_found("engine.node.Node"),
                get_source_inputs=keras.utils.get_source_inputs)
    around = Restored("keras.engine", restored=base)
    made = Restored("keras.engine", lambda: importlib.import_module("tf_keras.src.engine"), dict(
        base, saving=Later(lambda: _saving(keras))))
    made._restored.update({name: Inner(f"keras.engine.{name}", f"engine.{path}", around)
                           for name, path in ENGINE.items()})
    made._restored["topology"]._restored.update(_of_weights())      # until 2.2
    return made


def _saving(keras):
    return Restored("keras.engine.saving", lambda: importlib.import_module(
        "tf_keras.src.saving.legacy.hdf5_format"), dict(
            _of_weights(), load_model=keras.models.load_model, save_model=keras.models.save_model))


def _of_weights():
    """Functions of a file's group and a list of layers; since 2.6 of a model."""
    def of(name):
        def call(f, layers, **named):
            model = types.SimpleNamespace(
                layers=list(layers), _flatten_layers=lambda: layers, _trainable_weights=[],
                _non_trainable_weights=[])
            return _found(f"saving.legacy.hdf5_format.{name}")(f, model, **named)
        return call
    return {name: of(name) for name in (
        "load_weights_from_hdf5_group", "load_weights_from_hdf5_group_by_name",
        "save_weights_to_hdf5_group")}


def _found(dotted):
    module, _, name = f"tf_keras.src.{dotted}".rpartition(".")
    return getattr(importlib.import_module(module), name)
