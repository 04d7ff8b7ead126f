"""What an update is: a pass through the networks, a loss, and what its gradients do to weights."""

from __future__ import annotations

from typing import Callable, List, NamedTuple, Optional, Tuple

from tf1gan import strategy
from tf1gan.compat import tf
from tf1gan.models import Settings
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
    with ready_for_g(nets, state):
        fake, updates = nets.generate(z, state.next_mask_seed)
    with ready_for_d(nets, state):
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
        with ready_for_d(nets, state):
            (logits_real, d_real), updates = nets.discriminate(x, state.next_mask_seed)
    with ready_for_g(nets, state):
        fake, _ = nets.generate(
            z, state.next_mask_seed, training=not nets.settings.model.fakes_by_moving_statistics)
    with ready_for_d(nets, state):
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
        return applied(nets.g_optimizer, gradients_of(nets.g_optimizer, computed.loss,
                                                      nets.g_variables))


def minimize_discriminator(nets, computed):
    """The op that makes D's update, and clips D's weights where they are to be."""
    with tf.control_dependencies(computed.updates):
        return clipped(nets, applied(nets.d_optimizer, gradients_of(
            nets.d_optimizer, computed.loss, nets.d_variables)))


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


def ready_for_g(nets, state):
    return _ready(nets, state.g_done, state.d_done)


def ready_for_d(nets, state):
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
