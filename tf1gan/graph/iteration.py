"""One iteration of training: the three orders of the documents.

Each of the functions `g_then_d`, `d_then_g` and `together` is one document's loop, of the updates
in updates.py. What is below them repeats iterations in the graph itself.
"""

from __future__ import annotations

import itertools
from typing import Any, List, NamedTuple

from tf1gan import layers, strategy
from tf1gan.compat import tf
from tf1gan.graph import updates
from tf1gan.models import D_THEN_G, G_THEN_D, TOGETHER


class Batch(NamedTuple):
    """What one iteration is fed, an update's rows to each."""
    for_g: List[Any]        # noise of each of G's updates
    for_d: List[Any]        # (images, noise) of each of D's


class Seen(NamedTuple):
    """What an iteration saw before its updates: of several, before the last.

    Scalars; arrays [iterations] of several iterations.
    """
    g_loss: Any
    d_loss: Any
    d_real: Any             # D's mean outputs on real and on generated images
    d_fake: Any


def g_then_d(nets, state, batch):
    """Document 000: G, and then D on the same noise."""
    for z in batch.for_g:
        state, of_g = updates.update_generator(nets, state, z)
    for x, z in batch.for_d:
        state, of_d = updates.update_discriminator(nets, state, x, z)
    return state, _seen(of_g.loss, of_d.loss, of_d.d_real, of_d.d_fake)


def d_then_g(nets, state, batch):
    """Documents 001 and 004: D, and then G on fresh noise."""
    for x, z in batch.for_d:
        state, of_d = updates.update_discriminator(nets, state, x, z)
    for z in batch.for_g:
        state, of_g = updates.update_generator(nets, state, z)
    return state, _seen(of_g.loss, of_d.loss, of_d.d_real, of_d.d_fake)


def together(nets, state, batch):
    """Documents 002 and 003: both gradients at the same weights, then both updates."""
    (x, z), = batch.for_d
    with updates.ready_for_g(nets, state):
        fake, g_updates = nets.generate(z, state.next_mask_seed)
    with updates.ready_for_d(nets, state):
        (logits_real, d_real), d_updates = nets.discriminate(x, state.next_mask_seed)
        (logits_fake, d_fake), more = nets.discriminate(fake, state.next_mask_seed)
        g_loss = updates.generator_loss(nets, logits_fake)
        d_loss = updates.discriminator_loss(nets, state, logits_real, logits_fake, x, fake)
    g_gradients = updates.gradients_of(nets.g_optimizer, g_loss, nets.g_variables)
    d_gradients = updates.gradients_of(nets.d_optimizer, d_loss, nets.d_variables)
    with tf.control_dependencies([gradient for gradient, _ in g_gradients + d_gradients]
                                 + g_updates + d_updates + more
                                 + list(state.g_done + state.d_done)):
        return state._replace(
            g_done=(updates.applied(nets.g_optimizer, g_gradients),),
            d_done=(updates.clipped(nets, updates.applied(nets.d_optimizer, d_gradients)),),
        ), _seen(g_loss, d_loss, d_real, d_fake)


def _seen(g_loss, d_loss, d_real, d_fake):
    """Seen, of losses and of D's outputs [batch, 1]."""
    return Seen(g_loss, d_loss, tf.reduce_mean(d_real), tf.reduce_mean(d_fake))


_ORDERS = {G_THEN_D: g_then_d, D_THEN_G: d_then_g, TOGETHER: together}


def divided(settings, x_real, z_noise, z_noise_g):
    """A Batch of the rows that are fed.

    With more than one update the rows are divided evenly among them, so that each has a batch
    of its own (Goodfellow et al. 2014, algorithm 1).
    """
    noise = _split(z_noise, settings.noise_batches)
    own = noise if z_noise_g is None else _split(z_noise_g, settings.g_steps)
    return Batch(own[:settings.g_steps], list(zip(_split(x_real, settings.d_steps), noise)))


def _split(rows, parts):
    return tf.split(rows, parts) if parts > 1 else [rows]


def iterate(nets, seed, global_step, average, batches, next_seed=None):
    """Iterations one after another, one for each batch.

    Args:
      nets: updates.Networks.
      seed: of the dropout masks, with the global step.
      global_step: it is advanced by their number.
      average: of G's weights, taken after each iteration, or None.
      batches: (x_real, z_noise, z_noise_g) of each iteration.
      next_seed: as `seeds` gives it, of one iteration; None takes it from seed and step.

    Returns:
      (op that does them all, what each saw as one tensor, see `unpacked`).
    """
    order = _ORDERS[nets.settings.model.order]
    state, seen = updates.State(None), []
    for number, batch in enumerate(batches):
        # While D is updated a thread is free: to draw the next iteration's masks.
        state = state._replace(next_seed=next_seed or seeds(
            seed, global_step + number,
            after=state.g_done if nets.settings.model.side_by_side else None))
        state, saw = order(nets, state, divided(nets.settings, *batch))
        if average:
            with tf.control_dependencies(state.g_done):
                state = state._replace(g_done=(average.apply(nets.g_state),))
        seen.append(strategy.of_graph().observed(tf.stack(saw)))
    with tf.control_dependencies(list(state.g_done + state.d_done) + seen):
        return global_step.assign_add(len(batches)).op, seen


def unpacked(numbers):
    """(Seen, what a strategy adds) of numbers [..., n] that one iteration or several saw."""
    return (Seen(*tf.unstack(numbers[..., :len(Seen._fields)], axis=-1)),
            numbers[..., len(Seen._fields):])


def seeds(seed, global_step, first=0, after=None):
    """A function that gives each pass through a network the layers.Seed of its masks.

    Args:
      first: the number of the first pass.
      after: what the masks wait for; None is what their pass waits for.
    """
    passes = itertools.count(first)

    def next_seed():
        if after is None:
            return layers.mask_seed(seed, global_step, next(passes))
        with tf.control_dependencies(None), tf.control_dependencies(after):
            return layers.mask_seed(seed, global_step, next(passes))
    return next_seed
