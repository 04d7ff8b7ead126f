"""The values of the variables of a model of Keras's that has been built, from its HDF5 file."""

import numpy as np

from tf1gan.compat import tf
from tf1gan.errors import UserError, reason

# Layers whose kernels Theano turned by half a circle, as Keras 2.2.5 knows them -> how many of
# their weights, from the first. It turns those of no others: Theano had them as TensorFlow has.
_TURNED = {"Conv1D": 1, "Conv2D": 1, "Conv3D": 1, "Conv2DTranspose": 1, "ConvLSTM2D": 2}
_TURNED_AND_LEFT = "Conv3DTranspose"        # which Keras 2.2.5 forgot
_WRAPPERS = ("layer", "forward_layer", "backward_layer", "cell")


def read(path, session, model, file, weights):
    """({variable's node: array}, what is to be known of them, in words) of a model.

    Args:
      path: what the model was read from.
      file, weights: its HDF5 file, and what hdf5.read says of it.

    Raises:
      UserError: the file is not of this model.
    """
    try:
        model.load_weights(file)
        found = dict(zip([variable.op.name for variable in model.variables],
                         session.run(model.variables)))
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"{file} does not fit the model: {reason(error)}: give the weights that "
                        "were saved with it") from error
    notes = []
    if weights.theano and _turn(path, model, found, weights.of_keras_1):
        notes.append("Theano's kernels turned round")
    states = _states(model)
    if states:
        found.update(states)
        notes.append("layers with states (stateful), which begin with zeros in each call")
    return found, "; ".join(notes)


def _layers(layer, seen, repeated=False):
    """(layer, whether it is within a TimeDistributed) of all the layers in one, each once."""
    if id(layer) in seen:
        return
    seen.add(id(layer))
    yield layer, repeated
    repeated = repeated or type(layer).__name__ == "TimeDistributed"
    inner = list(getattr(layer, "layers", ())) + [
        getattr(layer, name, None) for name in _WRAPPERS]
    for each in inner:
        if each is not None:
            yield from _layers(each, seen, repeated)


def _turn(path, model, found, of_keras_1):
    """Turns the kernels that Theano wrote, in place; whether there are any."""
    turned = False
    for layer, repeated in _layers(model, set()):
        kind = type(layer).__name__
        if kind == _TURNED_AND_LEFT or kind in _TURNED and of_keras_1 and repeated:
            raise UserError(
                f"{path} has kernels of Theano's in the layer {layer.name!r} ({kind}"
                f"{' in TimeDistributed' if repeated else ''}), which Keras 2.2.5 reads wrongly: "
                "load it in Keras on Theano, turn them with keras.utils.conv_utils.convert_kernel, "
                "and save it with Keras on TensorFlow")
        for variable in layer.weights[:_TURNED.get(kind, 0)]:
            array, turned = found[variable.op.name], True
            found[variable.op.name] = array[(slice(None, None, -1),) * (array.ndim - 2)]
    return turned


def _states(model):
    """{variable's node: zeros} of what recurrent layers keep from call to call, in no file."""
    found = {}
    for layer, _ in _layers(model, set()):
        if getattr(layer, "stateful", False):
            for state in tf.nest.flatten(getattr(layer, "states", None)):
                if hasattr(state, "op") and state.op is not None and state.shape.is_fully_defined():
                    found[state.op.name] = np.zeros(
                        state.shape.as_list(), state.dtype.as_numpy_dtype)
    return found
