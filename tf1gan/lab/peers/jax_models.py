"""The six models' training in JAX: many iterations in one compiled scan for the small ones."""

import functools
import itertools
from typing import Any, NamedTuple

import numpy as np

from tf1gan.lab.peers import networks
from tf1gan.models import G_THEN_D, MODELS, TOGETHER

try:
    import jax
    from jax import lax, numpy as jnp
except ImportError:         # a peer is not installed with tf1gan
    jax = None

class Pass:
    """One pass through a network. Images are [batch, side, side, channels]."""

    def __init__(self, weights, moving, key, training):
        """Args:
          weights: arrays in the order of the layers.
          moving: (mean, variance) of each batch normalization.
          key: of the dropout masks; None drops nothing.
          training: whether batches are normalized by their own statistics.
        """
        self._weights, self._moving, self._training = iter(weights), iter(moving), training
        self._key, self._number = key, itertools.count()
        self.moved = []         # the statistics after the pass

    if jax:
        tanh, sigmoid, relu, leaky_relu = map(staticmethod, (
            jnp.tanh, jax.nn.sigmoid, jax.nn.relu, jax.nn.leaky_relu))

    def dense(self, h, bias=True):
        h = h @ next(self._weights)
        return self.biased(h) if bias else h

    def biased(self, h):
        return h + next(self._weights)

    def conv(self, h, side, strides):
        kernel = next(self._weights)
        both = networks.padding(h.shape[1], side, kernel.shape[0], strides)
        return self.biased(lax.conv_general_dilated(
            h, kernel, (strides,) * 2, (both,) * 2, dimension_numbers=("NHWC", "HWIO", "NHWC")))

    def conv_transpose(self, h, side, strides, bias=True):
        kernel = next(self._weights)        # [height, width, outputs, inputs]
        size = len(kernel)
        before, _ = networks.padding(side, h.shape[1], size, strides)
        first = size - 1 - before
        both = first, side + size - 1 - first - ((h.shape[1] - 1) * strides + 1)
        h = lax.conv_transpose(h, kernel, (strides,) * 2, (both,) * 2, transpose_kernel=True,
                               dimension_numbers=("NHWC", "HWIO", "NHWC"))
        return self.biased(h) if bias else h

    def batch_norm(self, h):
        gamma, beta, (mean, variance) = next(self._weights), next(self._weights), next(self._moving)
        if self._training:
            kept, axes = (mean, variance), tuple(range(h.ndim - 1))
            mean, variance = h.mean(axes), h.var(axes)
            # As there: of images the moving variance is the unbiased one.
            count = h.size // h.shape[-1] if h.ndim == 4 else np.inf
            seen = mean, variance * (count / (count - 1) if h.ndim == 4 else 1.0)
            self.moved.append(tuple(lax.stop_gradient(0.99 * old + 0.01 * new)
                                    for old, new in zip(kept, seen)))
        return (h - mean) * (gamma * lax.rsqrt(variance + 1e-3)) + beta

    def dropout(self, h, rate):
        if self._key is None:
            return h
        key = jax.random.fold_in(self._key, next(self._number))
        return jnp.where(jax.random.bernoulli(key, 1 - rate, h.shape), h / (1 - rate), 0)

    def max_pool(self, h):
        batch, side, _, channels = h.shape
        return h.reshape(batch, side // 2, 2, side // 2, 2, channels).max((2, 4))

    def enlarged(self, h):
        return h.repeat(2, 1).repeat(2, 2)

    def images(self, h, side):
        return h.reshape(len(h), side, side, -1)

    def rows(self, h):
        return h.reshape(len(h), -1)


def _mean_softplus(x):
    return jax.nn.softplus(x).mean()


class Network(NamedTuple):
    """What is trained of one."""
    weights: Any
    slots: Any              # the optimizer's, for each weight
    moving: Any


def _network(name, weights, slots):
    moving = [(jnp.zeros(len(gamma)), jnp.ones(len(gamma)))
              for kind, gamma in weights if kind == "gamma"]
    arrays = [jnp.asarray(array) for _, array in networks.in_layers(name, weights)]
    # Each an array of its own: what an iteration is given is given up to it.
    zeros = [[jnp.zeros_like(array) for _ in range(slots)] for array in arrays]
    return Network(arrays, zeros, moving)


class Trainer:
    """A model that trains on images in memory."""

    def __init__(self, name, mode, weights, images, batch, threads, dropping=True):
        """As torch_models.Trainer's; XLA takes all of the process's cores for its `threads`."""
        self._name, self._model = name, MODELS[name]
        self._images, self._batch, self._dropping = jnp.asarray(images), batch, dropping
        self._at_once = networks.AT_ONCE if mode == networks.SCAN else 1
        slots = 1 if self._model.optimizer == "nesterov" else 2
        self._networks = tuple(_network(name, weights[each], slots)
                               for each in ("generator", "discriminator"))
        self._key, self._done = jax.random.key(0, impl="rbg"), 0
        self._iterate = jax.jit(self._iteration)
        self._scan = jax.jit(self._iterations, donate_argnums=0)

    def _generate(self, weights, moving, z, key, training=True):
        net = Pass(weights, moving, key, training)
        return networks.NETWORKS[self._name].generator(net, z), net.moved

    def _discriminate(self, weights, moving, x, key):
        net = Pass(weights, moving, key, True)
        return networks.NETWORKS[self._name].discriminator(net, x), net.moved

    def _g_loss(self, weights, g, d, z, keys):
        fake, moved = self._generate(weights, g.moving, z, keys[0])
        on_fake, _ = self._discriminate(d.weights, d.moving, fake, keys[1])
        return networks.generator_loss(self._name, _mean_softplus, on_fake), moved

    def _d_loss(self, weights, g, d, x, z, keys):
        fake, _ = self._generate(g.weights, g.moving, z, keys[0],
                                 not self._model.fakes_by_moving_statistics)
        if self._name in networks.D_IN_ONE_PASS:
            on_both, moved = self._discriminate(
                weights, d.moving, jnp.concatenate([x, fake]), keys[1])
            on_real, on_fake = jnp.split(on_both, 2)
        else:
            on_real, moved = self._discriminate(weights, d.moving, x, keys[2])
            on_fake, moved = self._discriminate(weights, moved, fake, keys[1])
        return networks.discriminator_loss(self._name, _mean_softplus, on_real, on_fake), moved

    def _updated(self, network, gradients, moving, step):
        values = self._model.defaults
        if self._model.optimizer == "nesterov":
            update = functools.partial(_nesterov, values["learning_rate"], values["momentum"])
        else:
            update = functools.partial(_adam, values["learning_rate"], values["beta1"], step)
        pairs = [update(*each) for each in zip(network.weights, network.slots, gradients)]
        return Network([weight for weight, _ in pairs], [slots for _, slots in pairs], moving)

    def _iteration(self, pair, step, x, noises, key):
        """(the Networks after an iteration, (G's loss, D's loss) before its updates)."""
        g, d = pair
        keys = [None] * 5 if key is None else list(jax.random.split(key, 5))
        of_g = jax.value_and_grad(self._g_loss, has_aux=True)
        of_d = jax.value_and_grad(self._d_loss, has_aux=True)

        def update_g(g, d):
            (loss, moving), gradients = of_g(g.weights, g, d, noises[-1], keys[:2])
            return self._updated(g, gradients, moving, step), loss

        def update_d(g, d, keys):
            (loss, moving), gradients = of_d(d.weights, g, d, x, noises[0], keys)
            return self._updated(d, gradients, moving, step), loss

        if self._model.order == TOGETHER:       # by the same fakes: XLA makes them once
            (new_g, g_loss), (new_d, d_loss) = update_g(g, d), update_d(g, d, keys[:3])
        elif self._model.order == G_THEN_D:
            new_g, g_loss = update_g(g, d)
            new_d, d_loss = update_d(new_g, d, keys[2:])
        else:
            new_d, d_loss = update_d(g, d, keys[2:])
            new_g, g_loss = update_g(g, new_d)
        return (new_g, new_d), jnp.stack([g_loss, d_loss])

    def _iterations(self, pair, images, begun, rows, key):
        """As many iterations as there are `rows` [iterations, batch] of the images."""
        def body(pair, at):
            step, which, key = at
            of_noise, of_masks = jax.random.split(key)
            shape = networks.noises(self._name), self._batch, 100
            noises = (jax.random.normal(of_noise, shape) if self._model.noise == "normal"
                      else jax.random.uniform(of_noise, shape, minval=-1.0))
            return self._iteration(pair, step, images[which], noises, of_masks)
        steps = begun + jnp.arange(1, len(rows) + 1)
        return lax.scan(body, pair, (steps, rows, jax.random.split(key, len(rows))))

    def train(self, order, count):
        """Makes at least so many iterations on the images that `order` names.

        Returns how many it made: a multiple of those in a call.
        """
        made = 0
        while made < count:
            rows = np.stack(list(itertools.islice(order, self._at_once)))
            self._networks, losses = self._scan(
                self._networks, self._images, self._done, rows,
                jax.random.fold_in(self._key, self._done))
            self._done += len(rows)
            made += len(rows)
        losses.block_until_ready()
        return made

    def follow(self, batches):
        """[G's loss, D's loss] of each of these iterations: (images, noises) as arrays."""
        found = []
        for x, noises in batches:
            self._done += 1
            key = jax.random.fold_in(self._key, self._done) if self._dropping else None
            self._networks, losses = self._iterate(self._networks, self._done, x,
                                                   jnp.stack(noises), key)
            found.append(losses.tolist())
        return found


def _adam(rate, beta1, step, weight, slots, gradient, beta2=0.999, epsilon=1e-8):
    first = beta1 * slots[0] + (1 - beta1) * gradient
    second = beta2 * slots[1] + (1 - beta2) * gradient ** 2
    rate = rate * jnp.sqrt(1 - jnp.float32(beta2) ** step) / (1 - jnp.float32(beta1) ** step)
    return weight - rate * first / (jnp.sqrt(second) + epsilon), [first, second]


def _nesterov(rate, momentum, weight, slots, gradient):
    gathered = momentum * slots[0] + gradient
    return weight - rate * (gradient + momentum * gathered), [gathered]
