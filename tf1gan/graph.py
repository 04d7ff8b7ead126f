"""A model's graph: placeholders, networks, losses, optimizers, and one iteration as one op."""

import functools
import itertools
from typing import Any, List, Mapping, NamedTuple, Optional, Tuple

from tf1gan import draws, layers, models, updates
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.losses import CLIP, LOSSES, PROBABILISTIC
from tf1gan.models import D_THEN_G, NOISE_SIZE, TOGETHER, Model

PIXELS = 28 * 28
PROBE = 2 ** 15             # numbers of the passes that belong to no iteration
UNROLLED = 5                # iterations in one pass of the loop in the graph


class GANGraph(NamedTuple):
    """The tensors and ops of a model: all that a training loop needs to know of it.

    Feed `x_real` and `z_noise` (and `z_noise_g` where there is one) to everything but
    `x_sample`, which takes `z_noise` alone, and `global_step`, which takes nothing.
    """
    model: Model
    hyperparameters: Mapping[str, Any]
    seed: int
    x_real: tf.Tensor               # [None, 784], images in model.image_range
    z_noise: tf.Tensor              # [None, 100]
    z_noise_g: Optional[tf.Tensor]  # [None, 100]: G's own noise, where it is not D's
    x_fake: tf.Tensor               # [None, 784], in training mode
    x_sample: tf.Tensor             # [None, 784], by moving statistics, without dropout
    d_real: tf.Tensor               # [None, 1], probabilities on x_real
    d_fake: tf.Tensor               # [None, 1], probabilities on x_fake
    probe: Tuple[tf.Tensor, tf.Tensor]  # the same two, with masks of seed and step
    g_loss: tf.Tensor               # scalars, on the fed batch
    d_loss: tf.Tensor
    g_train_op: tf.Operation        # the document's two updates on their own
    d_train_op: tf.Operation
    train_op: tf.Operation          # one whole iteration; advances global_step by 1
    step_losses: Tuple[tf.Tensor, tf.Tensor]    # (g, d) as that iteration saw them: to be
                                                # fetched together with train_op
    step_values: tf.Tensor          # [4], the same and D's means on real and on generated
    many: Optional["Many"]          # several iterations in one run, where that is worth it
    global_step: tf.Variable
    generator_variables: List[tf.Variable]      # trainable, in creation order
    discriminator_variables: List[tf.Variable]
    generator_state: List[tf.Variable]          # the above and the moving statistics
    generator_saved: Mapping[str, tf.Variable]  # what to sample from, by the documents' names:
                                                # these, or their averages with `ema`


def build(name, seed=None, **hyperparameters):
    """Adds a model to the default graph.

    Args:
      name: of one of MODELS.
      seed: an int from 0 to 2**31 - 1: initial weights and dropout masks are functions of
        it (the masks of the global step, too). None takes a fresh one.
      **hyperparameters: any of the model's, by name; None is its default.

    Returns:
      GANGraph.

    Raises:
      UserError: an unknown model or hyperparameter, or one out of range.
    """
    model = models.find(name)
    values = models.hyperparameters(model, hyperparameters)
    model = model.with_hyperparameters(values)
    seed = draws.fresh_seed() if seed is None else draws.check_seed(seed)
    tf.set_random_seed(seed)
    # Resource variables on either TensorFlow: a read after an update sees the update.
    with tf.variable_scope(tf.get_variable_scope(), use_resource=True,
                           custom_getter=layers.seeded(seed)):
        return _build(model, values, seed)


class Many(NamedTuple):
    """Several iterations in one run, for models so small that each run's own cost counts.

    Feed as many batches as iterations are wanted; each is like one run of `train_op` with
    its batch. The rows of a batch are fixed: `batch_size` for every update made.

    On TensorFlow 2 building it starts TensorFlow's threads, as many for an operation as there
    are CPUs. `sessions.start_threads`, called before, has it start those of a ConfigProto.
    """
    x_real: tf.Tensor               # [iterations, rows, 784]
    z_noise: tf.Tensor              # [iterations, rows, 100]
    z_noise_g: Optional[tf.Tensor]
    values: tf.Tensor               # [iterations, 4]: what `step_values` is of each


def _build(model, values, seed):
    fresh_noise = model.schedule == D_THEN_G
    with tf.name_scope("input"):
        x_real = tf.placeholder(tf.float32, [None, PIXELS], name="x_real")
        z_noise = tf.placeholder(tf.float32, [None, NOISE_SIZE], name="z_noise")
        z_noise_g = (tf.placeholder(tf.float32, [None, NOISE_SIZE], name="z_noise_g")
                     if fresh_noise else None)
    global_step = tf.train.get_or_create_global_step()
    nets = updates.Networks(
        model=model,
        generator=_bind(model.generator, model.generator_options, values),
        discriminator=_bind(model.discriminator, model.discriminator_options, values),
        loss=_loss(model, values), penalty=values.get("gradient_penalty", 0.0),
        clip=CLIP if values.get("loss") == "wgan" else None)
    probe_masks = _masks(seed, global_step, first=PROBE)

    # The document's graph: each network once, D's variables reused for the generated images.
    existing = set(_names(tf.global_variables()))
    x_fake, g_updates = nets.generate(z_noise, reuse=False)
    generator_state = [v for v in tf.global_variables() if v.name not in existing]
    (logits_real, d_real), d_updates = nets.discriminate(x_real, reuse=False)
    discriminator_state = [v for v in tf.global_variables()
                           if v.name not in existing.union(_names(generator_state))]
    fake_for_d, fake_for_g = x_fake, x_fake
    if model.fakes_by_moving_statistics:
        fake_for_d, _ = nets.generate(z_noise, training=False)
    if fresh_noise:
        fake_for_g, g_updates = nets.generate(z_noise_g)
    (logits_fake, d_fake), _ = nets.discriminate(fake_for_d)
    logits_fake_g = logits_fake
    if fake_for_g is not fake_for_d:
        (logits_fake_g, _), _ = nets.discriminate(fake_for_g)
    with tf.name_scope("loss"):
        g_loss = nets.generator_loss(logits_fake_g)
        d_loss = nets.discriminator_loss(logits_real, logits_fake, x_real, fake_for_d,
                                         probe_masks)
    with tf.name_scope("optimizer"):
        nets = nets._replace(
            g_optimizer=_optimizer(model, values, "g_learning_rate"),
            d_optimizer=_optimizer(model, values, "d_learning_rate"),
            g_variables=_trainable(generator_state), d_variables=_trainable(discriminator_state),
            # Small models' passes are quicker side by side.
            d_in_one_pass=not (model.side_by_side or d_updates
                               or "dropout" in model.discriminator_options))
        g_train_op = updates.update(nets.g_optimizer, g_loss, nets.g_variables, g_updates)
        d_train_op = updates.document_update_of_discriminator(
            nets, logits_real, d_updates, x_real, fake_for_d, d_loss, probe_masks)
    average = (tf.train.ExponentialMovingAverage(values["ema"])
               if values.get("ema") else None)

    iterate = functools.partial(_iterate, nets, values, seed, global_step, average,
                                generator_state)
    with tf.name_scope("iteration"):
        train_op, (step_values,) = iterate([(x_real, z_noise, z_noise_g)])
        step_losses = step_values[0], step_values[1]
    many = None
    if model.iterations_per_run > 1:
        with tf.name_scope("iterations"):
            many = _repeat(iterate, values, fresh_noise)
    with tf.name_scope("probe"):
        fake, _ = nets.generate(z_noise, probe_masks)
        probe = tuple(nets.discriminate(x, probe_masks)[0][1] for x in (x_real, fake))
    with tf.name_scope("sample"):
        without = {"dropout": 0.0} if "dropout" in model.generator_options else {}
        with tf.variable_scope(tf.get_variable_scope(), custom_getter=_averaged(average)):
            x_sample, _ = nets.generate(z_noise, training=False, **without)

    return GANGraph(
        model=model, hyperparameters=values, seed=seed,
        x_real=x_real, z_noise=z_noise, z_noise_g=z_noise_g, x_fake=x_fake, x_sample=x_sample,
        d_real=d_real, d_fake=d_fake, probe=probe, g_loss=g_loss, d_loss=d_loss,
        g_train_op=g_train_op, d_train_op=d_train_op, train_op=train_op,
        step_losses=step_losses, step_values=step_values, many=many,
        global_step=global_step,
        generator_variables=nets.g_variables, discriminator_variables=nets.d_variables,
        generator_state=generator_state,
        generator_saved={v.op.name: average.average(v) if average else v
                         for v in generator_state})


# -- Iterations ------------------------------------------------------------------------------

def _iterate(nets, values, seed, global_step, average, generator_state, batches):
    """Iterations one after another, one for each batch.

    Args:
      batches: (x_real, z_noise, z_noise_g) of each iteration.

    Returns:
      (op that does them all, what they saw as tensors [4]).
    """
    g_done, d_done, seen = [], [], []
    for number, batch in enumerate(batches):
        # While D is updated a thread is free: to draw the next iteration's masks.
        masks = _masks(seed, global_step + number,
                       after=g_done if nets.model.side_by_side else None)
        if nets.model.schedule == TOGETHER:
            step = updates.together(nets, masks, *batch[:2], g_done=g_done, d_done=d_done)
        else:
            step = updates.in_turn(nets, masks, nets.model.schedule, *batch,
                                   g_steps=values.get("g_steps", 1),
                                   d_steps=values.get("d_steps", 1),
                                   g_done=g_done, d_done=d_done)
        g_done, d_done = step.g_done, step.d_done
        if average:
            with tf.control_dependencies(g_done):
                g_done = [average.apply(generator_state)]
        seen.append(tf.stack([step.g_loss, step.d_loss,
                              tf.reduce_mean(step.d_real), tf.reduce_mean(step.d_fake)]))
    with tf.control_dependencies(g_done + d_done + seen):
        return global_step.assign_add(len(batches)).op, seen


def _masks(seed, global_step, first=0, after=None):
    """A function that gives each pass through a network a dropout seed of its own.

    Args:
      after: what the masks wait for; None is what their pass waits for.
    """
    passes = itertools.count(first)

    def dropout_seed():
        if after is None:
            return layers.mask_seed(seed, global_step, next(passes))
        with tf.control_dependencies(None), tf.control_dependencies(after):
            return layers.mask_seed(seed, global_step, next(passes))
    return dropout_seed


def _repeat(iterate, values, fresh_noise):
    """An iteration for each batch fed, one after another, as a loop in the graph."""
    g_steps, d_steps = values.get("g_steps", 1), values.get("d_steps", 1)
    size = values["batch_size"]
    z_batches = d_steps if fresh_noise else max(g_steps, d_steps)
    x_real = tf.placeholder(tf.float32, [None, size * d_steps, PIXELS], name="x_real")
    z_noise = tf.placeholder(tf.float32, [None, size * z_batches, NOISE_SIZE], name="z_noise")
    z_noise_g = (tf.placeholder(tf.float32, [None, size * g_steps, NOISE_SIZE],
                                name="z_noise_g") if fresh_noise else None)
    count = tf.shape(x_real)[0]

    def loop(length, done, seen):
        """As many iterations as can be done by so many at a time."""
        def body(done, seen):
            op, each = iterate([
                (x_real[at], z_noise[at], z_noise_g[at] if fresh_noise else None)
                for at in (done + number for number in range(length))])
            with tf.control_dependencies([op]):
                for number, values_seen in enumerate(each):
                    seen = seen.write(done + number, values_seen)
                return done + length, seen
        return tf.while_loop(lambda done, seen: done + length <= count, body, (done, seen),
                             parallel_iterations=1)

    # Within one pass of the loop, an iteration begins while the one before it ends.
    done, seen = loop(UNROLLED, 0, tf.TensorArray(tf.float32, count, element_shape=[4]))
    _, seen = loop(1, done, seen)
    return Many(x_real, z_noise, z_noise_g, seen.stack())


# -- Small parts -------------------------------------------------------------------------------

def _bind(function, options, values):
    return functools.partial(
        function, **{name: values[name] for name in options if name in values})


def _loss(model, values):
    """The loss that was asked for, or the document's, with its hyperparameters bound."""
    name = values.get("loss", model.loss)
    options = ("label_smoothing",) if name in PROBABILISTIC else ()
    if name in ("cross_entropy", model.loss):
        options += model.loss_options
    if values.get("label_smoothing") and name not in PROBABILISTIC:
        raise UserError("label_smoothing (--label-smoothing) is for losses with labels (%s), "
                        "not for %s" % (", ".join(PROBABILISTIC), name))
    return _bind(LOSSES[name], options, values)


def _averaged(average):
    """A custom getter that gives the moving average of a variable instead of it."""
    def averaged_getter(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        return average.average(variable) if average else variable
    return averaged_getter


def _optimizer(model, values, own_rate):
    learning_rate = values.get(own_rate, values["learning_rate"])
    if model.optimizer == "nesterov":
        return tf.train.MomentumOptimizer(learning_rate, values["momentum"],
                                          use_nesterov=True)
    return tf.train.AdamOptimizer(learning_rate, values["beta1"])


def _trainable(variables):
    names = set(_names(tf.trainable_variables()))
    return [variable for variable in variables if variable.name in names]


def _names(variables):
    return [variable.name for variable in variables]
