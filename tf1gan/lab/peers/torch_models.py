"""The six models' training in PyTorch, as quick as its usual means make it.

Its optimizers are the fused ones. Adam there adds its epsilon where TensorFlow 1's adds a multiple
of it, and batch normalization keeps another moving variance of rows: neither is seen in the losses.
"""

import itertools

import numpy as np

from tf1gan.lab.peers import networks
from tf1gan.lab.peers.networks import CHANNELS_LAST, COMPILED
from tf1gan.models import G_THEN_D, MODELS, TOGETHER

try:
    import torch
    from torch.nn import functional
except ImportError:         # a peer is not installed with tf1gan
    torch = None

class Pass:
    """One pass through a network. Images are [batch, channels, side, side]."""

    def __init__(self, weights, moving, mode, training, dropping):
        """Args:
          weights: tensors in the order of the layers.
          moving: (mean, variance) of each batch normalization, which are kept up to date.
          training: whether batches are normalized by their own statistics.
          dropping: whether dropout drops anything.
        """
        self._weights, self._moving = iter(weights), iter(moving)
        self._last = CHANNELS_LAST in mode
        self._training, self._dropping = training, dropping

    tanh, sigmoid, relu = (staticmethod(getattr(torch, name, None))
                           for name in ("tanh", "sigmoid", "relu"))

    def dense(self, h, bias=True):
        return functional.linear(h, next(self._weights), next(self._weights) if bias else None)

    def conv(self, h, side, strides):
        kernel, bias = next(self._weights), next(self._weights)
        before, after = networks.padding(h.shape[2], side, kernel.shape[2], strides)
        if before != after:
            h, before = functional.pad(h, (before, after, before, after)), 0
        return functional.conv2d(h, kernel, bias, strides, before)

    def conv_transpose(self, h, side, strides, bias=True):
        kernel, bias = next(self._weights), next(self._weights) if bias else None
        before, _ = networks.padding(side, h.shape[2], kernel.shape[2], strides)
        return functional.conv_transpose2d(h, kernel, bias, strides, before)[:, :, :side, :side]

    def biased(self, h):
        return h + next(self._weights)

    def batch_norm(self, h):
        mean, variance = next(self._moving)
        return functional.batch_norm(h, mean, variance, next(self._weights), next(self._weights),
                                     self._training, 0.01, 1e-3)

    def dropout(self, h, rate):
        return functional.dropout(h, rate) if self._dropping else h

    def leaky_relu(self, h, slope):
        return functional.leaky_relu(h, slope)

    def max_pool(self, h):
        return functional.max_pool2d(h, 2)

    def enlarged(self, h):
        return functional.interpolate(h, scale_factor=2, mode="nearest")

    def images(self, h, side):
        h = h.reshape(len(h), side, side, -1).permute(0, 3, 1, 2)
        return h if self._last else h.contiguous()

    def rows(self, h):
        return h.permute(0, 2, 3, 1).reshape(len(h), -1)


def _mean_softplus(x):
    return functional.softplus(x).mean()


class Trainer:
    """A model that trains on images in memory."""

    def __init__(self, name, mode, weights, images, batch, threads, dropping=True):
        """Args:
          mode: one of networks.modes.
          weights: {"generator": [(kind, array)], "discriminator": ...}, tf1gan's in its order.
          images: float32 [n, 784] in the model's range.
          dropping: False leaves out dropout, as golden numbers do.
        """
        torch.set_num_threads(threads)
        self._name, self._model, self._mode = name, MODELS[name], mode
        self._images, self._batch, self._dropping = torch.from_numpy(images), batch, dropping
        self._g, self._g_moving = self._variables(weights["generator"])
        self._d, self._d_moving = self._variables(weights["discriminator"])
        self._g_optimizer, self._d_optimizer = map(self._optimizer, (self._g, self._d))
        if COMPILED in mode:
            torch._dynamo.config.trace_autograd_ops = True      # gradients are compiled, too
            for method in ("_of_g", "_of_d", "_of_both"):
                setattr(self, method, torch.compile(
                    getattr(self, method), fullgraph=True, dynamic=False))

    def _variables(self, weights):
        moving = [(torch.zeros(len(gamma)), torch.ones(len(gamma)))
                  for kind, gamma in weights if kind == "gamma"]
        return [self._variable(array) for _, array in networks.in_layers(
            self._name, weights)], moving

    def _variable(self, array):
        """TensorFlow's [inputs, outputs] and [height, width, ...] are turned round here."""
        order = {1: (0,), 2: (1, 0), 4: (3, 2, 0, 1)}[array.ndim]
        found = torch.from_numpy(np.ascontiguousarray(array.transpose(order)))
        if array.ndim == 4 and CHANNELS_LAST in self._mode:
            found = found.to(memory_format=torch.channels_last)
        return found.requires_grad_()

    def _optimizer(self, weights):
        values = self._model.defaults
        if self._model.optimizer == "nesterov":
            return torch.optim.SGD(weights, values["learning_rate"], values["momentum"],
                                   nesterov=True, fused=True)
        return torch.optim.Adam(weights, values["learning_rate"], (values["beta1"], 0.999),
                                fused=True)

    def _generate(self, z, training=True):
        return networks.NETWORKS[self._name].generator(
            Pass(self._g, self._g_moving, self._mode, training, self._dropping), z)

    def _discriminate(self, x):
        return networks.NETWORKS[self._name].discriminator(
            Pass(self._d, self._d_moving, self._mode, True, self._dropping), x)

    def _of_g(self, z):
        loss = networks.generator_loss(
            self._name, _mean_softplus, self._discriminate(self._generate(z)))
        return loss.detach(), torch.autograd.grad(loss, self._g)

    def _of_d(self, x, z):
        with torch.no_grad():
            fake = self._generate(z, training=not self._model.fakes_by_moving_statistics)
        if self._name in networks.D_IN_ONE_PASS:
            on_real, on_fake = self._discriminate(torch.cat([x, fake])).split(len(x))
        else:
            on_real, on_fake = self._discriminate(x), self._discriminate(fake)
        loss = networks.discriminator_loss(self._name, _mean_softplus, on_real, on_fake)
        return loss.detach(), torch.autograd.grad(loss, self._d)

    def _of_both(self, x, z):
        on_real, on_fake = self._discriminate(x), self._discriminate(self._generate(z))
        g_loss = networks.generator_loss(self._name, _mean_softplus, on_fake)
        d_loss = networks.discriminator_loss(self._name, _mean_softplus, on_real, on_fake)
        return (g_loss.detach(), torch.autograd.grad(g_loss, self._g, retain_graph=True),
                d_loss.detach(), torch.autograd.grad(d_loss, self._d))

    def iterate(self, x, noises):
        """(G's loss, D's loss) of an iteration, each from before its own update.

        Args:
          x: images [batch, 784].
          noises: one [batch, 100], or G's own behind D's where the model has two.
        """
        if self._model.order == TOGETHER:
            g_loss, g_gradients, d_loss, d_gradients = self._of_both(x, noises[0])
            _apply(self._g_optimizer, self._g, g_gradients)
            _apply(self._d_optimizer, self._d, d_gradients)
            return g_loss, d_loss
        updates = [self._update_g, self._update_d]
        if self._model.order != G_THEN_D:
            updates.reverse()
        losses = {update: update(x, noises) for update in updates}
        return losses[self._update_g], losses[self._update_d]

    def _update_g(self, _, noises):
        loss, gradients = self._of_g(noises[-1])
        _apply(self._g_optimizer, self._g, gradients)
        return loss

    def _update_d(self, x, noises):
        loss, gradients = self._of_d(x, noises[0])
        _apply(self._d_optimizer, self._d, gradients)
        return loss

    def _noise(self):
        noise = torch.empty(self._batch, 100)
        return noise.normal_() if self._model.noise == "normal" else noise.uniform_(-1, 1)

    def train(self, order, count):
        """Makes so many iterations on the images that `order` names; returns how many it made."""
        for rows in itertools.islice(order, count):
            x = self._images.index_select(0, torch.from_numpy(rows))
            self.iterate(x, [self._noise() for _ in range(networks.noises(self._name))])
        return count

    def follow(self, batches):
        """[G's loss, D's loss] of each of these iterations: (images, noises) as arrays."""
        found = [self.iterate(torch.from_numpy(x), [torch.from_numpy(z) for z in noises])
                 for x, noises in batches]
        return [[float(loss) for loss in losses] for losses in found]


def _apply(optimizer, weights, gradients):
    """An update. The fused optimizers take a gradient to lie in memory as its weight does."""
    for weight, gradient in zip(weights, gradients):
        if gradient.stride() != weight.stride():
            gradient = torch.empty_like(weight).copy_(gradient)
        weight.grad = gradient
    optimizer.step()
