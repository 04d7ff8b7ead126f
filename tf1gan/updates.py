"""The two networks and their updates: what one iteration is made of."""

from typing import Callable, List, NamedTuple, Optional

from tf1gan.compat import tf
from tf1gan.losses import gradient_penalty
from tf1gan.models import G_THEN_D, Model


class Networks(NamedTuple):
    """A model's functions with its hyperparameters bound, and what they have made."""
    model: Model
    generator: Callable
    discriminator: Callable
    loss: Callable
    g_optimizer: Optional[tf.train.Optimizer] = None
    d_optimizer: Optional[tf.train.Optimizer] = None
    g_variables: List[tf.Variable] = ()
    d_variables: List[tf.Variable] = ()
    penalty: float = 0.0                    # weight of the gradient penalty
    clip: Optional[float] = None            # of D's weights after each update
    d_in_one_pass: bool = False             # D's update takes real and generated images at once

    def generate(self, z, masks=None, **arguments):
        """(images, updates of moving statistics); `masks` gives each pass its dropout seed."""
        if masks and "dropout" in self.model.generator_options:
            arguments["seed"] = masks()
        return _run(self.generator, z, **arguments)

    def discriminate(self, x, masks=None, **arguments):
        """((logits, probabilities), updates of moving statistics)."""
        if masks and "dropout" in self.model.discriminator_options:
            arguments["seed"] = masks()
        return _run(self.discriminator, x, **arguments)

    def discriminate_both(self, real, fake):
        """(logits, probabilities) of the real and those of the generated, in one pass.

        For a D that treats each image by itself: without moving statistics and dropout.
        """
        both, _ = self.discriminate(tf.concat([real, fake], 0))
        rows = [tf.shape(real)[0], tf.shape(fake)[0]]
        return tuple(zip(*[tf.split(outputs, rows) for outputs in both]))

    def generator_loss(self, logits_fake):
        return self.loss(logits_fake, logits_fake)[0]       # real logits are not looked at

    def discriminator_loss(self, logits_real, logits_fake, real, fake, masks):
        loss = self.loss(logits_real, logits_fake)[1]
        if self.penalty:
            with tf.variable_scope("discriminator"), tf.name_scope("penalty"):
                share = tf.random.stateless_uniform([tf.shape(real)[0], 1], seed=masks())
            loss += self.penalty * gradient_penalty(
                lambda x: self.discriminate(x, masks)[0][0], real, fake, share)
        return loss

    def update_discriminator(self, loss, updates):
        """Minimizes D's loss, with the updates of moving statistics, and clips D's weights."""
        return self.clipped(update(self.d_optimizer, loss, self.d_variables, updates))

    def clipped(self, op):
        """An op that does D's update and then clips D's weights, where they are to be."""
        if self.clip is None:
            return op
        with tf.control_dependencies([op]):
            return tf.group(*[variable.assign(tf.clip_by_value(
                variable.read_value(), -self.clip, self.clip)) for variable in self.d_variables])


class Step(NamedTuple):
    """One iteration: the ops that end its updates, and what it saw before each update."""
    g_done: List[tf.Operation]      # what G's next pass has to wait for
    d_done: List[tf.Operation]
    g_loss: tf.Tensor
    d_loss: tf.Tensor
    d_real: tf.Tensor
    d_fake: tf.Tensor


def together(nets, masks, x_real, z_noise, g_done=(), d_done=()):
    """Both gradients at the same weights, then both updates. Returns a Step.

    Args:
      nets: Networks.
      masks: gives each pass its dropout seed.
      x_real, z_noise: the batch.
      g_done, d_done: of the iteration before, where the same run has one.
    """
    with tf.control_dependencies(_written(g_done)):
        fake, g_updates = nets.generate(z_noise, masks)
    with tf.control_dependencies(_written(d_done)):
        (logits_real, d_real), d_updates = nets.discriminate(x_real, masks)
        (logits_fake, d_fake), more = nets.discriminate(fake, masks)
        g_loss = nets.generator_loss(logits_fake)
        d_loss = nets.discriminator_loss(logits_real, logits_fake, x_real, fake, masks)
    g_gradients = nets.g_optimizer.compute_gradients(g_loss, nets.g_variables)
    d_gradients = nets.d_optimizer.compute_gradients(d_loss, nets.d_variables)
    with tf.control_dependencies([gradient for gradient, _ in g_gradients + d_gradients]
                                 + g_updates + d_updates + more + list(g_done) + list(d_done)):
        return Step([nets.g_optimizer.apply_gradients(g_gradients)],
                    [nets.clipped(nets.d_optimizer.apply_gradients(d_gradients))],
                    g_loss, d_loss, d_real, d_fake)


def in_turn(nets, masks, schedule, x_real, z_noise, z_noise_g, g_steps, d_steps,
            g_done=(), d_done=()):
    """G's updates, then D's, or the other way round. Returns a Step of each one's last.

    Each pass goes through a network as that network's last update left it, like the
    document's separate runs. With more than one update the rows fed are divided evenly among
    them, so that each has a batch of its own (Goodfellow et al. 2014, algorithm 1). Args as
    `together`'s.
    """
    def before(own, others):
        """What a pass waits for. In small models, which run side by side, its own network.

        Others would only hold memory by an early pass, and have moving statistics, which
        one update writes and the other may read.
        """
        return tf.control_dependencies(
            _written(own) if nets.model.side_by_side else list(own) + list(others))

    def update_generator(z):
        with before(g_done, d_done):
            fake, updates = nets.generate(z, masks)
        with before(d_done, g_done):
            (logits_fake, _), _ = nets.discriminate(fake, masks)
            loss = nets.generator_loss(logits_fake)
        with tf.control_dependencies(g_done):       # the optimizer's own state is G's, too
            return loss, [update(nets.g_optimizer, loss, nets.g_variables, updates)]

    def update_discriminator(x, z):
        updates = []
        if not nets.d_in_one_pass:
            with before(d_done, g_done):
                (logits_real, real), updates = nets.discriminate(x, masks)
        with before(g_done, d_done):
            images, _ = nets.generate(z, masks,
                                      training=not nets.model.fakes_by_moving_statistics)
        with before(d_done, g_done):
            if nets.d_in_one_pass:
                (logits_real, real), (logits_fake, fake) = nets.discriminate_both(x, images)
            else:
                with tf.control_dependencies(updates):  # D's moving statistics, in their order
                    (logits_fake, fake), more = nets.discriminate(images, masks)
                updates = updates + more
            loss = nets.discriminator_loss(logits_real, logits_fake, x, images, masks)
        with tf.control_dependencies(d_done):
            return loss, real, fake, [nets.update_discriminator(loss, updates)]

    x_batches = _split(x_real, d_steps)
    if schedule == G_THEN_D:
        g_noise = d_noise = _split(z_noise, max(g_steps, d_steps))
    else:
        g_noise, d_noise = _split(z_noise_g, g_steps), _split(z_noise, d_steps)
    turns = "GD" if schedule == G_THEN_D else "DG"
    for turn in turns:
        if turn == "G":
            for z in g_noise[:g_steps]:
                g_loss, g_done = update_generator(z)
        else:
            for x, z in zip(x_batches, d_noise):
                d_loss, d_real, d_fake, d_done = update_discriminator(x, z)
    return Step(g_done, d_done, g_loss, d_loss, d_real, d_fake)


def document_update_of_discriminator(nets, logits_real, d_updates, real, fake, d_loss, masks):
    """The document's update of D. G's update and both losses must not touch D's statistics.

    Where D has moving statistics, the pass over the generated images is made once more, so
    that its updates of them can wait for those of the pass over the real ones.
    """
    if d_updates:
        with tf.control_dependencies(d_updates):
            (logits_fake, _), more = nets.discriminate(fake)
        d_loss = nets.discriminator_loss(logits_real, logits_fake, real, fake, masks)
        d_updates = d_updates + more
    return nets.update_discriminator(d_loss, d_updates)


def _written(done):
    """Of the ops that end an update, those that write weights: all that the next pass waits for.

    An optimizer's op ends later, with its own state, for which the next update has to wait.
    """
    writes = []
    for end in done:
        of_weights = [op for op in end.control_inputs if op.type.startswith("ResourceApply")]
        writes += of_weights or [end]
    return writes


def _split(rows, parts):
    return tf.split(rows, parts) if parts > 1 else [rows]


def _run(network, inputs, reuse=True, training=True, **arguments):
    """A network's outputs and the updates of its moving statistics.

    Each of these reads a variable and then writes it, so those of one pass have to wait
    for those of the pass before.
    """
    before = len(tf.get_collection(tf.GraphKeys.UPDATE_OPS))
    outputs = network(inputs, reuse=reuse, training=training, **arguments)
    return outputs, tf.get_collection(tf.GraphKeys.UPDATE_OPS)[before:]


def update(optimizer, loss, variables, updates):
    """Minimizes a loss over these variables, together with the updates of moving statistics."""
    with tf.control_dependencies(updates):
        return optimizer.minimize(loss, var_list=variables)
