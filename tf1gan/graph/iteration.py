"""One iteration of training: two networks, two updates, and the three orders of the documents.

Read it from the bottom of the section "The documents' orders": each of these three functions is
one document's loop. What is above is what an update is; what is below repeats iterations in the
graph itself.
"""

from __future__ import annotations

import itertools
from typing import Any, Callable, List, NamedTuple, Optional, Tuple

from tf1gan import layers, strategy
from tf1gan.compat import tf
from tf1gan.models import D_THEN_G, G_THEN_D, TOGETHER, Settings
from tf1gan.models.losses import gradient_penalty

LOSS, OPTIMIZER = "loss/", "optimizer/"     # the scopes of all losses and of all updates, from
                                            # the top: TensorBoard draws them beside the networks


class Networks(NamedTuple):
    """Networks, with the variables that they have made, and their optimizers."""
    settings: Settings
    g_variables: List[tf.Variable]      # trainable, in creation order
    d_variables: List[tf.Variable]
    g_state: List[tf.Variable]          # the generator's, and its moving statistics
    d_state: List[tf.Variable]
    g_optimizer: tf.train.Optimizer
    d_optimizer: tf.train.Optimizer

    @property
    def d_in_one_pass(self):
        """Whether D's update takes real and generated images at once.

        It takes a D that treats each image by itself, without moving statistics or dropout;
        small models' passes are quicker side by side.
        """
        model = self.settings.model
        return not (model.side_by_side or len(self.d_state) > len(self.d_variables)
                    or "dropout" in model.discriminator_options)

    def generate(self, z, next_seed=None, **arguments):
        """(images, updates of moving statistics); `next_seed` gives each pass its masks' seed."""
        arguments.update(masked(self.settings.model.generator_options, next_seed))
        return run_network(self.settings.generator, z, **arguments)

    def discriminate(self, x, next_seed=None, **arguments):
        """((logits, probabilities), updates of moving statistics)."""
        arguments.update(masked(self.settings.model.discriminator_options, next_seed))
        return run_network(self.settings.discriminator, x, **arguments)

    def discriminate_both(self, real, fake):
        """(logits, probabilities) of the real and those of the generated, in one pass."""
        both, _ = self.discriminate(tf.concat([real, fake], 0))
        rows = [tf.shape(real)[0], tf.shape(fake)[0]]
        return tuple(zip(*[tf.split(outputs, rows) for outputs in both]))


def masked(options, next_seed):
    """The argument that gives a pass the seed of its masks, where its network has any."""
    return {"seed": next_seed()} if next_seed and "dropout" in options else {}


def run_network(network, inputs, reuse=True, **arguments):
    """A network's outputs and the updates of its moving statistics.

    Each of these reads a variable and then writes it, so those of one pass have to wait
    for those of the pass before.
    """
    before = len(tf.get_collection(tf.GraphKeys.UPDATE_OPS))
    outputs = network(inputs, reuse=reuse, **arguments)
    return outputs, tf.get_collection(tf.GraphKeys.UPDATE_OPS)[before:]


# -- What an update is -----------------------------------------------------------------------

class State(NamedTuple):
    """Where an iteration stands."""
    next_seed: Callable                     # gives each pass the seed of what it draws
    g_done: Tuple[tf.Operation, ...] = ()   # what ends each network's last update
    d_done: Tuple[tf.Operation, ...] = ()
    new_masks: bool = False                 # in every run, by TensorFlow's own dropout

    @property
    def next_mask_seed(self):
        return None if self.new_masks else self.next_seed


class Pass(NamedTuple):
    """What an update is computed from, before it is made."""
    loss: tf.Tensor
    updates: List[tf.Operation]             # of the network's own moving statistics
    d_real: Optional[tf.Tensor] = None      # probabilities that D gives, [batch, 1]
    d_fake: Optional[tf.Tensor] = None


def generator_pass(nets, state, z):
    """G's loss on noise z [batch, 100]."""
    with _ready_for_g(nets, state):
        fake, updates = nets.generate(z, state.next_mask_seed)
    with _ready_for_d(nets, state):
        (logits_fake, d_fake), _ = nets.discriminate(fake, state.next_mask_seed)
        return Pass(generator_loss(nets, logits_fake), updates, d_fake=d_fake)


def discriminator_pass(nets, state, x, z, ordered=True):
    """D's loss on images x [batch, 784] and noise z.

    Args:
      ordered: whether the pass over the generated images waits for the updates of D's moving
        statistics by the one over the real ones. A loss that is only looked at makes none.
    """
    logits_real, updates = None, []
    if not nets.d_in_one_pass:
        with _ready_for_d(nets, state):
            (logits_real, d_real), updates = nets.discriminate(x, state.next_mask_seed)
    with _ready_for_g(nets, state):
        fake, _ = nets.generate(
            z, state.next_mask_seed, training=not nets.settings.model.fakes_by_moving_statistics)
    with _ready_for_d(nets, state):
        if nets.d_in_one_pass:
            (logits_real, d_real), (logits_fake, d_fake) = nets.discriminate_both(x, fake)
        else:
            with tf.control_dependencies(updates if ordered else []):
                (logits_fake, d_fake), more = nets.discriminate(fake, state.next_mask_seed)
            updates = updates + more
        loss = discriminator_loss(nets, state, logits_real, logits_fake, x, fake)
    return Pass(loss, updates, d_real, d_fake)


def generator_loss(nets, logits_fake):
    with tf.name_scope(LOSS):
        return nets.settings.loss.function(logits_fake, logits_fake)[0]   # no real ones in it


def discriminator_loss(nets, state, logits_real, logits_fake, real, fake):
    """D's loss with its gradient penalty."""
    with tf.name_scope(LOSS):
        loss = nets.settings.loss.function(logits_real, logits_fake)[1]
    if nets.settings.loss.penalty:
        with tf.variable_scope("discriminator"), tf.name_scope("penalty"):
            rows = strategy.of_graph()
            share = rows.own_rows(state.next_seed().shares(real))
        loss += nets.settings.loss.penalty * gradient_penalty(
            lambda x: nets.discriminate(x, state.next_seed)[0][0], real, fake, share)
    return loss


def minimize_generator(nets, computed):
    """The op that makes G's update."""
    with tf.control_dependencies(computed.updates):
        return minimized(nets.g_optimizer, computed.loss, nets.g_variables)


def minimize_discriminator(nets, computed):
    """The op that makes D's update, and clips D's weights where they are to be."""
    with tf.control_dependencies(computed.updates):
        return clipped(nets, minimized(nets.d_optimizer, computed.loss, nets.d_variables))


def minimized(optimizer, loss, variables):
    """optimizer.minimize, by the gradients' means over all workers."""
    return applied(optimizer, gradients_of(optimizer, loss, variables))


def gradients_of(optimizer, loss, variables):
    """(gradient, variable) pairs, with the gradient of the whole batch's loss."""
    with tf.name_scope(OPTIMIZER):
        return strategy.of_graph().averaged(optimizer.compute_gradients(loss, variables))


def applied(optimizer, gradients):
    with tf.name_scope(OPTIMIZER):
        return optimizer.apply_gradients(gradients)


def clipped(nets, op):
    clip = nets.settings.loss.clip
    if clip is None:
        return op
    with tf.control_dependencies([op]):
        return tf.group(*[variable.assign(tf.clip_by_value(variable.read_value(), -clip, clip))
                          for variable in nets.d_variables])


def update_generator(nets, state, z):
    """(the State after G's update, the Pass it was made from)."""
    computed = generator_pass(nets, state, z)
    with tf.control_dependencies(state.g_done):     # the optimizer's own state is G's, too
        return state._replace(g_done=(minimize_generator(nets, computed),)), computed


def update_discriminator(nets, state, x, z):
    """(the State after D's update, the Pass it was made from)."""
    computed = discriminator_pass(nets, state, x, z)
    with tf.control_dependencies(state.d_done):
        return state._replace(d_done=(minimize_discriminator(nets, computed),)), computed


def _ready_for_g(nets, state):
    return _ready(nets, state.g_done, state.d_done)


def _ready_for_d(nets, state):
    return _ready(nets, state.d_done, state.g_done)


def _ready(nets, own, others):
    """What a pass waits for. In small models, which run side by side, its own network.

    Others would only hold memory by an early pass, and have moving statistics, which
    one update writes and the other may read.
    """
    if nets.settings.model.side_by_side:
        return tf.control_dependencies(_written(own))
    return tf.control_dependencies(own + others)


def _written(done):
    """Of the ops that end an update, those that write weights: all that the next pass waits for.

    An optimizer's op ends later, with its own state, for which the next update has to wait.
    """
    writes = []
    for end in done:
        of_weights = [op for op in end.control_inputs if op.type.startswith("ResourceApply")]
        writes += of_weights or [end]
    return writes


# -- The documents' orders -------------------------------------------------------------------

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
        state, of_g = update_generator(nets, state, z)
    for x, z in batch.for_d:
        state, of_d = update_discriminator(nets, state, x, z)
    return state, _seen(of_g.loss, of_d.loss, of_d.d_real, of_d.d_fake)


def d_then_g(nets, state, batch):
    """Documents 001 and 004: D, and then G on fresh noise."""
    for x, z in batch.for_d:
        state, of_d = update_discriminator(nets, state, x, z)
    for z in batch.for_g:
        state, of_g = update_generator(nets, state, z)
    return state, _seen(of_g.loss, of_d.loss, of_d.d_real, of_d.d_fake)


def together(nets, state, batch):
    """Documents 002 and 003: both gradients at the same weights, then both updates."""
    (x, z), = batch.for_d
    with _ready_for_g(nets, state):
        fake, g_updates = nets.generate(z, state.next_mask_seed)
    with _ready_for_d(nets, state):
        (logits_real, d_real), d_updates = nets.discriminate(x, state.next_mask_seed)
        (logits_fake, d_fake), more = nets.discriminate(fake, state.next_mask_seed)
        g_loss = generator_loss(nets, logits_fake)
        d_loss = discriminator_loss(nets, state, logits_real, logits_fake, x, fake)
    g_gradients = gradients_of(nets.g_optimizer, g_loss, nets.g_variables)
    d_gradients = gradients_of(nets.d_optimizer, d_loss, nets.d_variables)
    with tf.control_dependencies([gradient for gradient, _ in g_gradients + d_gradients]
                                 + g_updates + d_updates + more
                                 + list(state.g_done + state.d_done)):
        return state._replace(
            g_done=(applied(nets.g_optimizer, g_gradients),),
            d_done=(clipped(nets, applied(nets.d_optimizer, d_gradients)),),
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


# -- Iterations ------------------------------------------------------------------------------

def iterate(nets, seed, global_step, average, batches, next_seed=None):
    """Iterations one after another, one for each batch.

    Args:
      nets: Networks.
      seed: of the dropout masks, with the global step.
      global_step: it is advanced by their number.
      average: of G's weights, taken after each iteration, or None.
      batches: (x_real, z_noise, z_noise_g) of each iteration.
      next_seed: as `seeds` gives it, of one iteration; None takes it from seed and step.

    Returns:
      (op that does them all, what each saw as one tensor, see `unpacked`).
    """
    order = _ORDERS[nets.settings.model.order]
    state, seen = State(None), []
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
