"""A run's generator as a page computes it: dense layers and transposed convolutions.

Every generator here is a chain of those two, each followed by an activation. Batch
normalization by moving statistics is a factor and an addend for each channel, which weights and
biases take in; an upsampling and a convolution are one transposed convolution.
"""

import base64
from typing import List, NamedTuple, Optional

import numpy as np

from tf1gan import models, restoring, runs
from tf1gan.errors import UserError
from tf1gan.images import PIXELS, SIDE
from tf1gan.layers import EPSILON

SMALL = 500000          # numbers in a generator that a page has unasked
DIRECTIONS = 6          # of the first layer's, those that change the image most


class Layer(NamedTuple):
    """One layer. Dense where `side` is 0, else a transposed convolution."""
    kernel: np.ndarray      # [inputs, outputs], or [size, size, inputs, outputs]
    bias: np.ndarray        # [outputs]
    activation: str         # "leaky", "tanh" or "sigmoid"
    slope: float = 0.0      # of "leaky", below 0; relu's is 0
    side: int = 0           # of the images that it gives
    stride: int = 1
    before: int = 0         # rows of the whole result that are cut off before the image's


class Generator(NamedTuple):
    """A generator restored from a run's newest checkpoint."""
    settings: models.Settings
    layers: List[Layer]
    step: Optional[int]     # of the checkpoint; None where its name has none


def read(folder, settings, most=None):
    """The Generator of a run's newest checkpoint; None where it has more than `most` numbers.

    Loads TensorFlow. Raises UserError where there is no checkpoint, or none that is whole and of
    that model.
    """
    if settings.model.name not in _CHAINS:
        raise UserError(f"a page cannot compute the generator of {settings.model.name}")
    saved, _ = restoring.opened(folder)
    prefix, shapes = saved.path, saved.shapes
    names = [name for name in shapes if name.startswith("generator/")]
    if most is not None and sum(int(np.prod(shapes[name])) for name in names) > most:
        return None

    def get(name):
        name = "generator/" + name
        if name not in shapes:
            raise UserError(f"{prefix} has no {name}")
        # A whole checkpoint of --ema has the average of the weights beside them.
        average = name + "/ExponentialMovingAverage"
        return np.float64(saved.read(average if average in shapes else name))

    try:
        with np.errstate(all="ignore"):
            layers = _CHAINS[settings.model.name](get, settings.values)
    except UserError:
        raise
    except (ValueError, IndexError):        # arrays of other dimensions
        layers = []
    if not _fit(layers):
        raise UserError(f"the layers in {prefix} have other sizes than {runs.CONFIG} says")
    if not all(np.isfinite(part).all() for layer in layers for part in layer[:2]):
        raise UserError(f"{prefix} has weights that are not finite")
    step = prefix.rsplit("-", 1)[-1]
    return Generator(settings, layers, int(step) if step.isdigit() else None)


def _fit(layers):
    """Whether layers lead from noise to an image, each taking what the one before gives."""
    size = models.NOISE_SIZE
    for layer in layers:
        inputs, outputs = layer.kernel.shape[-2:]
        if size % inputs or layer.bias.shape != (outputs,):
            return False
        if not layer.side and size != inputs:
            return False
        size = outputs * max(layer.side, 1) ** 2
    return size == PIXELS


def to_json(generator, noise):
    """What a page needs of a Generator, with its fixed noise, float32 [n, 100].

    Weights are float16, as shares of the layer's largest, so that none is too large or too small
    for them; base64 of little-endian numbers.
    """
    directions, strengths = strongest(generator.layers[0].kernel)
    return {
        "step": generator.step,
        "noise": generator.settings.model.noise,
        "range": list(generator.settings.model.image_range),
        "fixed": _base64(noise, "<f4"),
        "directions": _base64(directions, "<f4"),
        "strengths": [round(float(strength), 4) for strength in strengths],
        "layers": [_layer_to_json(layer) for layer in generator.layers],
    }


def strongest(kernel, most=DIRECTIONS):
    """The directions of the noise to which a first layer [100, outputs] responds most.

    Returns (unit vectors [most, 100], the strongest first; the share of each in the layer's
    response to noise that goes in all directions alike).
    """
    vectors, values, _ = np.linalg.svd(kernel, full_matrices=False)
    # Of a vector and its opposite, the one whose largest number is positive: the same each time.
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(vectors.shape[1])])
    return (vectors * signs).T[:most], np.square(values[:most]) / max(np.square(values).sum(),
                                                                      1e-30)


def _layer_to_json(layer):
    largest = float(np.abs(layer.kernel).max()) or 1.0
    return {
        "shape": list(layer.kernel.shape), "side": layer.side, "stride": layer.stride,
        "before": layer.before, "activation": layer.activation, "slope": layer.slope,
        "factor": largest, "kernel": _base64(layer.kernel / largest, "<f2"),
        "bias": _base64(layer.bias, "<f4")}


def _base64(array, kind):
    return base64.b64encode(np.ascontiguousarray(array, np.dtype(kind)).tobytes()).decode()


# -- The models' chains ----------------------------------------------------------------------

def _gan(get, values):
    return [_dense(get, "fc_layer/dense", "leaky", values["alpha"]),
            _dense(get, "output/dense", "tanh")]


def _xavier_gan(get, _):
    return [Layer(get(name + "/weights"), get(name + "/biases"), activation)
            for name, activation in (("hidden", "leaky"), ("output", "sigmoid"))]


def _dcgan(get, values):
    leaky = dict(activation="leaky", slope=values["alpha"])
    last = _transposed(get, "output/conv2d_transpose", 14, 2, "SAME", "tanh")
    return [
        _normalized(get, _dense(get, "fc_layer/dense", **leaky), "fc_layer/batch_normalization"),
        _normalized(get, _transposed(get, "cnn_layer1/conv2d_transpose", 4, 1, "VALID", **leaky),
                    "cnn_layer1/batch_normalization"),
        _normalized(get, _transposed(get, "cnn_layer2/conv2d_transpose", 7, 2, "SAME", **leaky),
                    "cnn_layer2/batch_normalization"),
        last._replace(bias=last.bias + get("output/biases"))]


def _eager_dcgan(get, values):
    leaky = dict(activation="leaky", slope=values["alpha"], biased=False)
    return [
        _normalized(get, _dense(get, "fc_layer/dense", **leaky), "fc_layer/batch_normalization"),
        _normalized(get, _transposed(get, "cnn_layer1/conv2d_transpose", 7, 1, "SAME", **leaky),
                    "cnn_layer1/batch_normalization"),
        _normalized(get, _transposed(get, "cnn_layer2/conv2d_transpose", 7, 2, "SAME", **leaky),
                    "cnn_layer2/batch_normalization"),
        _transposed(get, "output/conv2d_transpose", 14, 2, "SAME", "tanh", biased=False)]


def _keras_gan(get, values):
    activation = {"tanh": "tanh", "relu": "leaky"}[values["activation"]]
    return [
        _dense(get, "fc_layer1/dense", activation),
        _normalized(get, _dense(get, "fc_layer2/dense", activation),
                    "fc_layer2/batch_normalization"),
        _enlarged(get, "cnn_layer1/conv2d", 7, activation),
        _enlarged(get, "output/conv2d", 14, activation)]


def _plain_dcgan(get, values):
    count = len(values["channels"])
    sides = [-(-SIDE // 2 ** k) for k in range(count, -1, -1)]
    layers = [Layer(get("w_g1"), get("b_g1"), "leaky")]
    for k in range(1, count + 1):
        layers.append(_transposed_by(get(f"w_g{k + 1}"), get(f"b_g{k + 1}"), sides[k - 1], 2,
                                     "SAME", "leaky", side=sides[k]))
    if values["batch_norm"]:
        layers[:-1] = [_normalized(get, layer, f"bn_g{k}")
                       for k, layer in enumerate(layers[:-1], 1)]
    return layers[:-1] + [layers[-1]._replace(activation="tanh")]


_CHAINS = {"gan": _gan, "dcgan": _dcgan, "keras_gan": _keras_gan, "xavier_gan": _xavier_gan,
           "eager_dcgan": _eager_dcgan, "plain_dcgan": _plain_dcgan}


# -- Layers ----------------------------------------------------------------------------------

def _dense(get, name, activation, slope=0.0, biased=True):
    kernel = get(name + "/kernel")
    bias = get(name + "/bias") if biased else np.zeros(kernel.shape[1])
    return Layer(kernel, bias, activation, slope)


def _transposed(get, name, old, stride, padding, activation, slope=0.0, biased=True):
    """layers.conv2d_transpose, of images of side `old`."""
    kernel = get(name + "/kernel")
    bias = get(name + "/bias") if biased else np.zeros(kernel.shape[2])
    return _transposed_by(kernel, bias, old, stride, padding, activation, slope)


def _transposed_by(kernel, bias, old, stride, padding, activation, slope=0.0, side=None):
    """kernel: as TensorFlow has it, [size, size, outputs, inputs]."""
    size = kernel.shape[0]
    if padding == "VALID":
        side, before = (old - 1) * stride + size, 0
    else:
        side = side or old * stride
        before = max((old - 1) * stride + size - side, 0) // 2
    return Layer(kernel.transpose(0, 1, 3, 2), bias, activation, slope, side, stride, before)


def _enlarged(get, name, old, activation):
    """layers.conv2d of enlarged images: see convolutions.enlarged_conv2d."""
    kernel, bias = get(name + "/kernel"), get(name + "/bias")
    size = kernel.shape[0]
    twice = (np.eye(size + 1, size) + np.eye(size + 1, size, -1))[:, ::-1]
    kernel = np.einsum("ai,bj,ijko->abok", twice, twice, kernel)
    return _transposed_by(kernel, bias, old, 2, "SAME", activation)


def _normalized(get, layer, name):
    """A layer with the batch normalization that follows it; of a dense one, channels come last."""
    gamma, beta, mean, variance = (
        get(f"{name}/{part}") for part in ("gamma", "beta", "moving_mean", "moving_variance"))
    factor = gamma / np.sqrt(variance + EPSILON)
    repeats = len(layer.bias) // len(factor)
    factor, mean, beta = (np.tile(part, repeats) for part in (factor, mean, beta))
    return layer._replace(kernel=layer.kernel * factor, bias=(layer.bias - mean) * factor + beta)
