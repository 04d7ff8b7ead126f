"""The six pairs of networks and their losses, for whatever library computes them.

`net` is one pass through a network by one of them: `torch_models.Pass` or `jax_models.Pass`. Each
of its layers takes the next of the network's weights, in the order of tf1gan's graph. A
convolution is given the side of its result, and its padding follows from that.
"""

from typing import Callable, NamedTuple

import numpy as np

from tf1gan.models import MODELS


class Networks(NamedTuple):
    generator: Callable             # (net, noise [batch, 100]) -> images [batch, 784]
    discriminator: Callable         # (net, images [batch, 784]) -> logits [batch, 1]


# -- Document 000 ------------------------------------------------------------------------------

def _gan_generator(net, z):
    h = net.dropout(net.leaky_relu(net.dense(z), 0.01), 0.2)
    return net.tanh(net.dense(h))


def _gan_discriminator(net, x):
    h = net.dropout(net.leaky_relu(net.dense(x), 0.01), 0.2)
    return net.dense(h)


def _normalized_000(net, h):
    return net.dropout(net.leaky_relu(net.batch_norm(h), 0.01), 0.2)


def _dcgan_generator(net, z):
    h = _normalized_000(net, net.images(net.dense(z), 4))
    h = _normalized_000(net, net.conv_transpose(h, 7, 1))
    h = _normalized_000(net, net.conv_transpose(h, 14, 2))
    h = net.rows(net.conv_transpose(h, 28, 2))
    return net.tanh(net.biased(h))


def _dcgan_discriminator(net, x):
    h = _normalized_000(net, net.conv(net.images(x, 28), 14, 2))
    h = _normalized_000(net, net.conv(h, 7, 2))
    h = _normalized_000(net, net.conv(h, 4, 1))
    return net.dense(net.rows(h))


# -- Document 001 ------------------------------------------------------------------------------

def _keras_generator(net, z):
    h = net.tanh(net.dense(z))
    h = net.tanh(net.batch_norm(net.dense(h)))
    h = net.tanh(net.conv(net.enlarged(net.images(h, 7)), 14, 1))
    h = net.tanh(net.conv(net.enlarged(h), 28, 1))
    return net.rows(h)


def _keras_discriminator(net, x):
    h = net.max_pool(net.tanh(net.conv(net.images(x, 28), 28, 1)))
    h = net.max_pool(net.tanh(net.conv(h, 10, 1)))
    return net.dense(net.tanh(net.dense(net.rows(h))))


# -- Document 002 ------------------------------------------------------------------------------

def _xavier_generator(net, z):
    return net.sigmoid(net.dense(net.relu(net.dense(z))))


def _xavier_discriminator(net, x):
    return net.dense(net.relu(net.dense(x)))


# -- Document 003 ------------------------------------------------------------------------------

def _eager_generator(net, z):
    h = net.leaky_relu(net.batch_norm(net.dense(z, bias=False)), 0.3)
    h = net.images(h, 7)
    h = net.leaky_relu(net.batch_norm(net.conv_transpose(h, 7, 1, bias=False)), 0.3)
    h = net.leaky_relu(net.batch_norm(net.conv_transpose(h, 14, 2, bias=False)), 0.3)
    return net.tanh(net.rows(net.conv_transpose(h, 28, 2, bias=False)))


def _eager_discriminator(net, x):
    h = net.dropout(net.leaky_relu(net.conv(net.images(x, 28), 14, 2), 0.3), 0.3)
    h = net.dropout(net.leaky_relu(net.conv(h, 7, 2), 0.3), 0.3)
    return net.dense(net.rows(h))


# -- Document 004 ------------------------------------------------------------------------------

def _plain_generator(net, z):
    h = net.images(net.relu(net.dense(z)), 4)
    h = net.relu(net.conv_transpose(h, 7, 2))
    h = net.relu(net.conv_transpose(h, 14, 2))
    return net.rows(net.tanh(net.conv_transpose(h, 28, 2)))


def _plain_discriminator(net, x):
    h = net.relu(net.conv(net.images(x, 28), 14, 2))
    h = net.relu(net.conv(h, 7, 2))
    return net.dense(net.rows(h))


NETWORKS = {
    "gan": Networks(_gan_generator, _gan_discriminator),
    "dcgan": Networks(_dcgan_generator, _dcgan_discriminator),
    "keras_gan": Networks(_keras_generator, _keras_discriminator),
    "xavier_gan": Networks(_xavier_generator, _xavier_discriminator),
    "eager_dcgan": Networks(_eager_generator, _eager_discriminator),
    "plain_dcgan": Networks(_plain_generator, _plain_discriminator),
}
_WITHOUT_IMAGES = ("gan", "xavier_gan")         # these networks see rows of pixels only
# A D that treats each image by itself takes real and generated ones in one pass.
D_IN_ONE_PASS = ("keras_gan", "plain_dcgan")
_ALL_WEIGHTS_FIRST = ("xavier_gan", "plain_dcgan")      # and then all biases


# -- The ways of training among which the quickest is looked for -------------------------------

EAGER, CHANNELS_LAST, COMPILED = "eager", "channels last", "compiled"
AT_ONCE = 50                                    # iterations in one call of JAX, of small models
SCAN, CALL = f"{AT_ONCE} iterations a call", "compiled"


def modes(library, name):
    """Those of a library for a model."""
    if library == "jax":
        return (SCAN,) if name in _WITHOUT_IMAGES else (CALL,)
    if name in _WITHOUT_IMAGES:
        return EAGER, COMPILED
    return EAGER, CHANNELS_LAST, COMPILED, f"{COMPILED}, {CHANNELS_LAST}"


# -- What all libraries need -------------------------------------------------------------------

def padding(side, result, size, strides):
    """Rows of zeros (before, after) with which a convolution of `side` gives `result`."""
    both = max((result - 1) * strides + size - side, 0)
    return both // 2, both - both // 2


def generator_loss(name, mean_softplus, on_fake):
    """A model's loss of G, by logits; `mean_softplus` is the library's mean(log(1 + exp(x)))."""
    return _kept(name) * mean_softplus(-on_fake)


def discriminator_loss(name, mean_softplus, on_real, on_fake):
    loss = _kept(name) * mean_softplus(-on_real) + mean_softplus(on_fake)
    return loss / 2 if name == "keras_gan" else loss    # a mean over both kinds of images


def _kept(name):
    return 1 - MODELS[name].defaults.get("smooth", 0.0)


def noises(name):
    """How many batches of noise an iteration takes."""
    return 2 if MODELS[name].fresh_noise else 1


def in_layers(name, weights):
    """(names, arrays) of a network in the order in which its layers take them."""
    pairs = list(weights)
    if name in _ALL_WEIGHTS_FIRST:
        half = len(pairs) // 2
        pairs = [each for both in zip(pairs[:half], pairs[half:]) for each in both]
    return pairs


def shuffled(count, batch, seed=0):
    """Which images make each batch, without end: all in a random order, and then in another."""
    rng, left = np.random.RandomState(seed), np.zeros(0, np.int64)
    while True:
        while len(left) < batch:
            left = np.concatenate([left, rng.permutation(count)])
        yield left[:batch]
        left = left[batch:]
