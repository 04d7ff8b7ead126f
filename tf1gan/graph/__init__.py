"""A model's graph: placeholders, networks, losses, optimizers, and one iteration as one op."""

from __future__ import annotations

import functools
import re
from typing import Any, Callable, List, Mapping, NamedTuple, Optional, Tuple

from tf1gan import layers, models, randomness, strategy
from tf1gan.compat import loops_as_functions, tf
from tf1gan.errors import UserError
from tf1gan.graph import iteration, several, updates
from tf1gan.graph.iteration import Seen
from tf1gan.graph.several import Iterations
from tf1gan.graph.updates import Networks
from tf1gan.images import PIXELS
from tf1gan.layers import convolutions
from tf1gan.models import NOISE_SIZE, Settings

OF_NO_ITERATION = 2 ** 15       # numbers of the passes that belong to none
BETA2 = 0.999                   # Adam's, which all documents leave as it is


class DocumentsOps(NamedTuple):
    """What a loop written by hand runs, as the documents' do; each run draws new dropout masks."""
    x_fake: tf.Tensor               # [None, 784], in training mode
    d_real: tf.Tensor               # [None, 1], probabilities on x_real
    d_fake: tf.Tensor               # [None, 1], probabilities on x_fake
    g_loss: tf.Tensor               # scalars, on the fed batch
    d_loss: tf.Tensor
    g_train_op: tf.Operation        # the document's two updates on their own
    d_train_op: tf.Operation


class GANGraph(NamedTuple):
    """The tensors and ops of a model: all that a training loop needs to know of it.

    Feed `x_real` and `z_noise` (and `z_noise_g` where there is one) to everything but
    `x_sample`, which takes `z_noise` alone, and `global_step`, which takes nothing.

    `train_op` and what is fetched with it divide the rows evenly among the updates. With d_steps
    or g_steps above 1 an iteration takes d_steps batches as `x_real`, and as many as the larger of
    the two as `z_noise`; or, where there is a `z_noise_g`, d_steps as `z_noise` and g_steps as
    that. Rows that do not divide are an InvalidArgumentError that says how many to feed.

    A run trains this graph as it is. `x_fake`, `d_real`, `d_fake`, `g_loss`, `d_loss`,
    `g_train_op` and `d_train_op` are for loops written by hand: `documents_ops` adds them to the
    graph when it is first called, as `build` does.
    """
    settings: Settings
    seed: int
    x_real: tf.Tensor               # [None, 784], images in model.image_range
    z_noise: tf.Tensor              # [None, 100]
    z_noise_g: Optional[tf.Tensor]  # [None, 100]: G's own noise, where it is not D's
    x_sample: tf.Tensor             # [None, 784], by moving statistics, without dropout
    d_outputs: Tuple[tf.Tensor, tf.Tensor]      # [None, 1], D's probabilities on x_real and on
                                                # generated images, with masks of seed and step
    train_op: tf.Operation          # one whole iteration; advances global_step by 1
    seen: Seen                      # what that iteration saw: to be fetched with train_op
    signals: tf.Tensor              # [n], which of process.SIGNALS any worker has been sent,
                                    # fetched likewise; n is 0 in a process that is alone
    many: Optional[Iterations]      # several iterations in one run, where that is worth it
    global_step: tf.Variable
    generator_variables: List[tf.Variable]      # trainable, in creation order
    discriminator_variables: List[tf.Variable]
    generator_state: List[tf.Variable]          # the above and the moving statistics
    generator_saved: Mapping[str, tf.Variable]  # what to sample from, by the documents' names:
                                                # these, or their averages with `ema`
    documents_ops: Callable         # () -> DocumentsOps
    strategy: Any = strategy.ALONE  # of several workers: feed this one's rows, to all but
                                    # `d_outputs`

    @property
    def model(self):
        return self.settings.model

    @property
    def hyperparameters(self):
        return self.settings.values

    @property
    def step_losses(self):
        """The pair (g, d) as an iteration saw them: to be fetched together with train_op."""
        return self.seen.g_loss, self.seen.d_loss

    x_fake = property(lambda self: self.documents_ops().x_fake)
    d_real = property(lambda self: self.documents_ops().d_real)
    d_fake = property(lambda self: self.documents_ops().d_fake)
    g_loss = property(lambda self: self.documents_ops().g_loss)
    d_loss = property(lambda self: self.documents_ops().d_loss)
    g_train_op = property(lambda self: self.documents_ops().g_train_op)
    d_train_op = property(lambda self: self.documents_ops().d_train_op)


def build(name: str, seed: Optional[int] = None, recipe: str = models.DOCUMENT,
          **hyperparameters: Any) -> GANGraph:
    """Adds a model to the default graph.

    Args:
      name: of one of MODELS.
      seed: an int from 0 to 2**31 - 1: initial weights and dropout masks are functions of
        it (the masks of the step, too). None takes a fresh one.
      recipe: one of the model's, such as "best"; hyperparameters that are given win.
      **hyperparameters: any of the model's, by name; None is its default.

    Returns:
      GANGraph.

    Raises:
      UserError: a model, recipe or value that there is not; eager mode; a graph that has a model.
    """
    settings = models.resolve(name, hyperparameters, recipe)
    if tf.executing_eagerly():
        raise UserError("a model is built in a graph: call tf1gan.build within "
                        "`with tf.Graph().as_default():`")
    if tf.global_variables(re.escape(f"{tf.get_variable_scope().name}/generator/".lstrip("/"))):
        raise UserError("this graph has a model already: call tf1gan.build within another "
                        "`with tf.Graph().as_default():`, or in a tf.variable_scope of its own")
    graph = build_from(settings, seed)
    graph.documents_ops()
    return graph


def build_from(settings: Settings, seed: Optional[int] = None, whose: Any = None,
               way: str = models.LOOP) -> GANGraph:
    """`build` of Settings, without the documents' own ops.

    Args:
      way: how several iterations are run, one of models.WAYS.
      whose: the strategy; of several workers, each builds its part. None is that of the graph.
    """
    if whose:
        strategy.note(whose)
    convolutions.expect(settings.batch_size // strategy.of_graph().size)
    seed = randomness.fresh_seed() if seed is None else randomness.check_seed(seed)
    tf.set_random_seed(seed)
    # Resource variables on either TensorFlow: a read after an update sees the update.
    with loops_as_functions(), tf.variable_scope(
            tf.get_variable_scope(), use_resource=True, custom_getter=layers.seeded(seed)):
        return _build(settings, seed, way)


def _build(settings, seed, way):
    with tf.name_scope("input"):
        x_real = tf.placeholder(tf.float32, [None, PIXELS], name="x_real")
        z_noise = tf.placeholder(tf.float32, [None, NOISE_SIZE], name="z_noise")
        z_noise_g = (tf.placeholder(tf.float32, [None, NOISE_SIZE], name="z_noise_g")
                     if settings.model.fresh_noise else None)
    global_step = tf.train.get_or_create_global_step()
    with strategy.alone():
        nets, d_outputs = _networks(settings, x_real, z_noise, iteration.seeds(
            seed, global_step, first=OF_NO_ITERATION))
    # The optimizers' own variables: Adam has two beside those of each weight, which are named by
    # the order in which they are made. G's are the first, whatever is updated first.
    with tf.name_scope(updates.OPTIMIZER):
        nets.g_optimizer._create_slots(nets.g_variables)
        nets.d_optimizer._create_slots(nets.d_variables)

    average = tf.train.ExponentialMovingAverage(settings.ema) if settings.ema else None
    iterate = functools.partial(iteration.iterate, nets, seed, global_step, average)
    with tf.name_scope("iteration"):
        train_op, (numbers,) = iterate([_that_divide(settings, x_real, z_noise, z_noise_g)])
        seen, signals = iteration.unpacked(numbers)
    many = None
    if settings.model.side_by_side:
        with tf.name_scope(several.SCOPE):
            many = several.iterations(
                settings, way, iterate, lambda at, number: layers.mask_seed(
                    seed, global_step + at, number))
    with tf.name_scope("sample"):
        with tf.variable_scope(tf.get_variable_scope(), custom_getter=_averaged(average)):
            x_sample = settings.sampling_generator()(z_noise, reuse=True, training=False)

    return GANGraph(
        settings=settings, seed=seed, x_real=x_real, z_noise=z_noise, z_noise_g=z_noise_g,
        x_sample=x_sample, d_outputs=d_outputs, train_op=train_op, seen=seen, signals=signals,
        many=many, global_step=global_step,
        generator_variables=nets.g_variables, discriminator_variables=nets.d_variables,
        generator_state=nets.g_state,
        generator_saved={v.op.name: average.average(v) if average else v for v in nets.g_state},
        documents_ops=functools.lru_cache(None)(functools.partial(
            _documents_ops, nets, x_real, z_noise, z_noise_g, tf.get_variable_scope(),
            iteration.seeds(seed, global_step, first=OF_NO_ITERATION))),
        strategy=strategy.of_graph())


def _networks(settings, x_real, z_noise, next_seed):
    """Both networks, each made once: (Networks, D's outputs on real and on generated images).

    `next_seed` is that of the masks, see iteration.seeds.
    """
    def masked(options):
        with tf.name_scope("masks/"):
            return updates.masked(options, next_seed)

    of_g, of_d = settings.model.generator_options, settings.model.discriminator_options
    (x_fake, _), g_state = _with_variables(
        lambda: updates.run_network(settings.generator, z_noise, reuse=False, **masked(of_g)))
    ((_, d_real), _), d_state = _with_variables(
        lambda: updates.run_network(settings.discriminator, x_real, reuse=False, **masked(of_d)))
    (_, d_fake), _ = updates.run_network(settings.discriminator, x_fake, **masked(of_d))
    return Networks(
        settings=settings, g_variables=_trainable(g_state), d_variables=_trainable(d_state),
        g_state=g_state, d_state=d_state,
        g_optimizer=_optimizer(settings, settings.g_learning_rate),
        d_optimizer=_optimizer(settings, settings.d_learning_rate)), (d_real, d_fake)


def _documents_ops(nets, x_real, z_noise, z_noise_g, scope, next_seed):
    """DocumentsOps. Losses and updates have a gradient penalty's shares of seed and step.

    `scope` is the variable scope that the networks were made in.
    """
    state = updates.State(next_seed, new_masks=True)
    with x_real.graph.as_default(), tf.variable_scope(scope, auxiliary_name_scope=False), \
            tf.name_scope("by_hand"):
        x_fake, _ = nets.generate(z_noise)
        (_, d_real), _ = nets.discriminate(x_real)
        (_, d_fake), _ = nets.discriminate(x_fake)
        of_g = updates.generator_pass(nets, state, z_noise if z_noise_g is None else z_noise_g)
        of_d = updates.discriminator_pass(nets, state, x_real, z_noise, ordered=False)
        g_train_op = updates.minimize_generator(nets, of_g)
        to_minimize = of_d
        if of_d.updates:        # the loss that is looked at must not move D's statistics
            to_minimize = updates.discriminator_pass(nets, state, x_real, z_noise)
        d_train_op = updates.minimize_discriminator(nets, to_minimize)
    return DocumentsOps(x_fake, d_real, d_fake, of_g.loss, of_d.loss, g_train_op, d_train_op)


def drawing():
    """The default graph as it is now, for TensorBoard's page of it: a tf.GraphDef.

    Several iterations are left out. They repeat `iteration`, and TensorFlow 2 has functions of
    them, which would be drawn as boxes as large as the networks'.
    """
    drawn = tf.get_default_graph().as_graph_def(add_shapes=True)
    nodes = [node for node in drawn.node if not node.name.startswith(several.SCOPE + "/")]
    functions = [function for function in drawn.library.function
                 if not re.match(f"(__inference_)?{several.SCOPE}_", function.signature.name)]
    del drawn.node[:]
    drawn.node.extend(nodes)
    drawn.ClearField("library")
    if functions:
        drawn.library.function.extend(functions)
    return drawn


def _that_divide(settings, x_real, z_noise, z_noise_g):
    """What is fed, once its rows are seen to divide among an iteration's updates."""
    parts = (settings.d_steps, settings.noise_batches, settings.g_steps)
    fed = [(name, rows, count) for name, rows, count in zip(
        ("x_real", "z_noise", "z_noise_g"), (x_real, z_noise, z_noise_g), parts)
        if rows is not None]
    if max(parts) == 1:
        return x_real, z_noise, z_noise_g
    words = (f"train_op makes g_steps={settings.g_steps} updates of G and "
             f"d_steps={settings.d_steps} of D, each of rows of its own. In batches of N feed "
             + ", ".join(
                 f"{count} * N rows as {name}" for name, _, count in fed) + "; rows fed:")
    counts = [tf.shape(rows)[0] for _, rows, _ in fed]
    with tf.control_dependencies([tf.Assert(tf.reduce_all(
            [tf.logical_and(rows > 0, tf.equal(rows % count, 0))
             for rows, (_, _, count) in zip(counts, fed)]), [words] + counts)]):
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


def _optimizer(settings, learning_rate):
    if settings.model.optimizer == "nesterov":
        return tf.train.MomentumOptimizer(learning_rate, settings.values["momentum"],
                                          use_nesterov=True)
    # As tensors from outside a compiled function, which would multiply two constants in advance
    # where an iteration has two updates: Adam's powers would be rounded otherwise than in a loop.
    with tf.name_scope(updates.OPTIMIZER):
        return tf.train.AdamOptimizer(learning_rate, tf.constant(settings.values["beta1"]),
                                      tf.constant(BETA2))


def _trainable(variables):
    names = {variable.name for variable in tf.trainable_variables()}
    return [variable for variable in variables if variable.name in names]
