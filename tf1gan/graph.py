"""A model's graph: placeholders, networks, losses, optimizers, and one iteration as one op."""

from __future__ import annotations

import functools
from typing import Any, List, Mapping, NamedTuple, Optional, Tuple

from tf1gan import convolutions, iteration, layers, machines, models, randomness
from tf1gan.compat import loops_as_functions, tf
from tf1gan.iteration import Iterations, Networks
from tf1gan.machines import collectives
from tf1gan.models import NOISE_SIZE, PIXELS, Recipe

OF_NO_ITERATION = 2 ** 15       # numbers of the passes that belong to none
NEVER_RUN = "never_run"         # the scope of updates that nobody runs, in OPTIMIZER
LOOP = "iterations"             # the scope of `many`


class GANGraph(NamedTuple):
    """The tensors and ops of a model: all that a training loop needs to know of it.

    Feed `x_real` and `z_noise` (and `z_noise_g` where there is one) to everything but
    `x_sample`, which takes `z_noise` alone, and `global_step`, which takes nothing.

    `train_op` and what is fetched with it divide the rows evenly among the updates. With d_steps
    or g_steps above 1 an iteration takes d_steps batches as `x_real`, and as many as the larger of
    the two as `z_noise`; or, where there is a `z_noise_g`, d_steps as `z_noise` and g_steps as
    that. Rows that do not divide are an InvalidArgumentError that says how many to feed.
    """
    recipe: Recipe
    seed: int
    x_real: tf.Tensor               # [None, 784], images in model.image_range
    z_noise: tf.Tensor              # [None, 100]
    z_noise_g: Optional[tf.Tensor]  # [None, 100]: G's own noise, where it is not D's
    x_fake: tf.Tensor               # [None, 784], in training mode
    x_sample: tf.Tensor             # [None, 784], by moving statistics, without dropout
    d_real: tf.Tensor               # [None, 1], probabilities on x_real
    d_fake: tf.Tensor               # [None, 1], probabilities on x_fake
    d_outputs: Tuple[tf.Tensor, tf.Tensor]      # the same two, with masks of seed and step
    g_loss: Optional[tf.Tensor]     # scalars, on the fed batch; these four are for loops
    d_loss: Optional[tf.Tensor]         # written by hand, and None in the graph of a run
    g_train_op: Optional[tf.Operation]  # the document's two updates on their own
    d_train_op: Optional[tf.Operation]
    train_op: tf.Operation          # one whole iteration; advances global_step by 1
    step_losses: Tuple[tf.Tensor, tf.Tensor]    # (g, d) as that iteration saw them: to be
                                                # fetched together with train_op
    step_values: tf.Tensor          # [4], the same and D's means on real and on generated
    many: Optional[Iterations]          # several iterations in one run, where that is worth it
    global_step: tf.Variable
    generator_variables: List[tf.Variable]      # trainable, in creation order
    discriminator_variables: List[tf.Variable]
    generator_state: List[tf.Variable]          # the above and the moving statistics
    generator_saved: Mapping[str, tf.Variable]  # what to sample from, by the documents' names:
                                                # these, or their averages with `ema`
    workers: Optional[collectives.Group] = None     # where this is the graph of one of several:
                                                # feed its rows, to all but `d_outputs`

    @property
    def model(self):
        return self.recipe.model

    @property
    def hyperparameters(self):
        return self.recipe.values


def build(name: str, seed: Optional[int] = None, recipe: str = models.DOCUMENT,
          **hyperparameters: Any) -> GANGraph:
    """Adds a model to the default graph.

    Args:
      name: of one of MODELS.
      seed: an int from 0 to 2**31 - 1: initial weights and dropout masks are functions of
        it (the masks of the global step, too). None takes a fresh one.
      recipe: one of the model's, such as "best"; hyperparameters that are given win.
      **hyperparameters: any of the model's, by name; None is its default.

    Returns:
      GANGraph.

    Raises:
      UserError: an unknown model, recipe or hyperparameter, or one out of range.
    """
    return build_recipe(models.resolve(name, hyperparameters, recipe), seed)


def build_recipe(recipe: Recipe, seed: Optional[int] = None,
                 cluster: Optional[machines.Cluster] = None, by_hand: bool = True) -> GANGraph:
    """`build` of a Recipe; of its part of it, for one of a Cluster of workers.

    Args:
      by_hand: whether the document's losses and updates are wanted on their own. Up to half of
        a graph's operations are theirs.
    """
    if cluster:
        collectives.begin(cluster.size, cluster.index)
    convolutions.expect(recipe.batch_size // (cluster.size if cluster else 1))
    seed = randomness.fresh_seed() if seed is None else randomness.check_seed(seed)
    tf.set_random_seed(seed)
    # Resource variables on either TensorFlow: a read after an update sees the update.
    with loops_as_functions(), tf.variable_scope(
            tf.get_variable_scope(), use_resource=True, custom_getter=layers.seeded(seed)):
        return _build(recipe, seed, by_hand)


def _build(recipe, seed, by_hand):
    with tf.name_scope("input"):
        x_real = tf.placeholder(tf.float32, [None, PIXELS], name="x_real")
        z_noise = tf.placeholder(tf.float32, [None, NOISE_SIZE], name="z_noise")
        z_noise_g = (tf.placeholder(tf.float32, [None, NOISE_SIZE], name="z_noise_g")
                     if recipe.model.fresh_noise else None)
    global_step = tf.train.get_or_create_global_step()
    of_none = functools.partial(iteration.seeds, seed, global_step, first=OF_NO_ITERATION)
    if by_hand:
        nets, x_fake, d_real, d_fake = _networks(recipe, x_real, z_noise)
        document = _document(nets, of_none(), x_real, z_noise, z_noise_g)
        with tf.name_scope("d_outputs"), collectives.alone():
            d_outputs = _d_outputs(nets, of_none(), x_real, z_noise)
    else:       # a run looks at D's outputs with the masks of seed and step, and at no others
        with collectives.alone():
            nets, x_fake, d_real, d_fake = _networks(recipe, x_real, z_noise, of_none())
        document, d_outputs = _variables_alone(nets), (d_real, d_fake)

    average = tf.train.ExponentialMovingAverage(recipe.ema) if recipe.ema else None
    iterate = functools.partial(iteration.iterate, nets, seed, global_step, average)
    with tf.name_scope("iteration"):
        fed = x_real, z_noise, z_noise_g
        train_op, (step_values,) = iterate([_that_divide(recipe, *fed) if by_hand else fed])
        step_losses = step_values[0], step_values[1]
    many = None
    if recipe.model.side_by_side:
        with tf.name_scope(LOOP):
            many = iteration.iterations(recipe, iterate)
    with tf.name_scope("sample"):
        with tf.variable_scope(tf.get_variable_scope(), custom_getter=_averaged(average)):
            x_sample = recipe.sampling_generator()(z_noise, reuse=True, training=False)

    return GANGraph(
        recipe=recipe, seed=seed, x_real=x_real, z_noise=z_noise, z_noise_g=z_noise_g,
        x_fake=x_fake, x_sample=x_sample, d_real=d_real, d_fake=d_fake, d_outputs=d_outputs,
        train_op=train_op,
        step_losses=step_losses, step_values=step_values, many=many,
        global_step=global_step,
        generator_variables=nets.g_variables, discriminator_variables=nets.d_variables,
        generator_state=nets.g_state,
        generator_saved={v.op.name: average.average(v) if average else v for v in nets.g_state},
        workers=collectives.group(),
        **document._asdict())


def _networks(recipe, x_real, z_noise, next_seed=None):
    """Both networks, each made once: (Networks, generated images, D's outputs on real and on them).

    Args:
      next_seed: of the masks, see iteration.seeds; None draws new ones in every run.
    """
    def masked(options):
        with tf.name_scope("masks/"):
            return iteration.masked(options, next_seed)

    of_g, of_d = recipe.model.generator_options, recipe.model.discriminator_options
    (x_fake, _), g_state = _with_variables(
        lambda: iteration.run_network(recipe.generator, z_noise, reuse=False, **masked(of_g)))
    ((_, d_real), _), d_state = _with_variables(
        lambda: iteration.run_network(recipe.discriminator, x_real, reuse=False, **masked(of_d)))
    (_, d_fake), _ = iteration.run_network(recipe.discriminator, x_fake, **masked(of_d))
    return Networks(
        recipe=recipe, g_variables=_trainable(g_state), d_variables=_trainable(d_state),
        g_state=g_state, d_state=d_state,
        g_optimizer=_optimizer(recipe, recipe.g_learning_rate),
        d_optimizer=_optimizer(recipe, recipe.d_learning_rate)), x_fake, d_real, d_fake


class _Document(NamedTuple):
    """The document's own ops, as fields of GANGraph: each loss and each update by itself."""
    g_loss: Optional[tf.Tensor] = None
    d_loss: Optional[tf.Tensor] = None
    g_train_op: Optional[tf.Operation] = None
    d_train_op: Optional[tf.Operation] = None


def _document(nets, next_seed, x_real, z_noise, z_noise_g):
    """Losses to look at and updates to run, each with new dropout masks in every run."""
    state = iteration.State(next_seed, new_masks=True)
    with tf.name_scope("loss"):
        of_g = iteration.generator_pass(nets, state, z_noise if z_noise_g is None else z_noise_g)
        of_d = iteration.discriminator_pass(nets, state, x_real, z_noise, ordered=False)
    with tf.name_scope("optimizer"):    # once: Adam's own variables are named by it
        g_train_op = iteration.minimize_generator(nets, of_g)
        to_minimize = of_d
        if of_d.updates:        # the loss that is looked at must not move D's statistics
            to_minimize = iteration.discriminator_pass(nets, state, x_real, z_noise)
        d_train_op = iteration.minimize_discriminator(nets, to_minimize)
    return _Document(of_g.loss, of_d.loss, g_train_op, d_train_op)


def _variables_alone(nets):
    """Makes the optimizers' own variables, which the document's updates would make and name.

    Adam's are named by the order in which they are made: G's before D's. An optimizer makes them
    for updates alone, so it is given some that nobody runs.
    """
    for optimizer, variables in ((nets.g_optimizer, nets.g_variables),
                                 (nets.d_optimizer, nets.d_variables)):
        with tf.name_scope(iteration.OPTIMIZER):
            with tf.name_scope(NEVER_RUN):
                zeros = [tf.zeros(variable.shape) for variable in variables]
            optimizer.apply_gradients(list(zip(zeros, variables)), name=NEVER_RUN)
    return _Document()


def _d_outputs(nets, next_seed, x_real, z_noise):
    """D's outputs on the batch that is fed, with masks of the seed and the step."""
    fake, _ = nets.generate(z_noise, next_seed)
    return tuple(nets.discriminate(x, next_seed)[0][1] for x in (x_real, fake))


# -- Small parts -----------------------------------------------------------------------------

def _that_divide(recipe, x_real, z_noise, z_noise_g):
    """What is fed, once its rows are seen to divide among an iteration's updates."""
    parts = (recipe.d_steps, recipe.noise_batches, recipe.g_steps)
    fed = [(name, rows, count) for name, rows, count in zip(
        ("x_real", "z_noise", "z_noise_g"), (x_real, z_noise, z_noise_g), parts)
        if rows is not None]
    if max(parts) == 1:
        return x_real, z_noise, z_noise_g
    words = (f"train_op makes g_steps={recipe.g_steps} updates of G and d_steps={recipe.d_steps} "
             "of D, each of rows of its own. In batches of N feed " + ", ".join(
                 f"{count} * N rows as {name}" for name, _, count in fed) + "; rows fed:")
    counts = [tf.shape(rows)[0] for _, rows, _ in fed]
    with tf.control_dependencies([tf.Assert(tf.reduce_all(
            [tf.equal(rows % count, 0) for rows, (_, _, count) in zip(counts, fed)]),
            [words] + counts)]):
        return [rows if rows is None else tf.identity(rows)
                for rows in (x_real, z_noise, z_noise_g)]


def _with_variables(make):
    """(what `make` gives, the variables that it has created)."""
    existing = {variable.name for variable in tf.global_variables()}
    made = make()
    return made, [v for v in tf.global_variables() if v.name not in existing]


def _averaged(average):
    """A custom getter that gives the moving average of a variable instead of it."""
    def averaged_getter(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        return average.average(variable) if average else variable
    return averaged_getter


def _optimizer(recipe, learning_rate):
    if recipe.model.optimizer == "nesterov":
        return tf.train.MomentumOptimizer(learning_rate, recipe.values["momentum"],
                                          use_nesterov=True)
    return tf.train.AdamOptimizer(learning_rate, recipe.values["beta1"])


def _trainable(variables):
    names = {variable.name for variable in tf.trainable_variables()}
    return [variable for variable in variables if variable.name in names]
