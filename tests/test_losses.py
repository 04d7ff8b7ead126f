"""Losses and options beside the documents' own, against values worked out by hand."""

import numpy as np
import pytest
from helpers import each_model, graph_of_a_run, slow

import tf1gan
from tf1gan import models, runs
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.models import hyperparameters, losses

# softplus(-1), (2), (0.5), (3) = 0.313262, 2.126928, 0.974077, 3.048587
BY_HAND = {
    ("cross_entropy", ()): ((0.474077 + 0.048587) / 2, 1.220095 + 2.011332),
    ("log", ()): (0.261332, 3.231427),
    ("minimax", ()): (-2.011332, 3.231427),
    ("minimax", (("label_smoothing", 0.1),)): (-2.011332, 3.231427 - 0.05),
    ("cross_entropy", (("label_smoothing", 0.1),)): (0.261332, 3.231427 - 0.05),
    ("cross_entropy", (("smooth", 0.1),)): (0.9 * 0.261332, 0.9 * 1.220095 + 2.011332),
    ("mean_cross_entropy", ()): (0.261332, 3.231427 / 2),
    ("lsgan", ()): ((0.25 + 4) / 4, (0 + 9) / 4 + (0.25 + 9) / 4),
    ("wgan", ()): (-1.75, 1.75 + 0.5),
    ("wgan-gp", ()): (-1.75, 1.75 + 0.5),
    ("hinge", ()): (-1.75, (0 + 3) / 2 + (1.5 + 4) / 2),
}


@pytest.mark.parametrize("name, options", sorted(BY_HAND))
def test_a_loss_is_what_its_paper_says(name, options):
    with tf.Graph().as_default(), tf.Session() as session:
        real, fake = tf.constant([[1.0], [-2.0]]), tf.constant([[0.5], [3.0]])
        values = session.run(losses.LOSSES[name].function(real, fake, **dict(options)))
    assert np.allclose(values, BY_HAND[name, options], atol=2e-6)


def test_what_a_loss_brings_is_in_the_words_of_its_flags():
    """`--help` and docs/flags.md have them of the rows."""
    rows = hyperparameters.ROWS
    assert rows["d_steps"].otherwise == "; 5 with wgan and wgan-gp"
    assert rows["gradient_penalty"].otherwise == "; 10 with wgan-gp"


def test_every_loss_has_its_values_by_hand():
    assert {name for name, _ in BY_HAND} == set(losses.LOSSES)


def test_the_gradient_penalty_of_a_plane_and_of_a_parabola():
    with tf.Graph().as_default(), tf.Session() as session:
        real = tf.constant(np.full((2, 3), 2.0, np.float32))
        fake = tf.constant([[0.0] * 3, [0.0] * 3, [9.0] * 3])      # the last has no real one
        share = tf.constant([[0.0], [0.5]])
        plane = losses.gradient_penalty(
            lambda x: tf.matmul(x, tf.constant([[1.0], [2.0], [2.0]])), real, fake, share)
        parabola = losses.gradient_penalty(     # gradient x: at (2, 2, 2) and at (1, 1, 1)
            lambda x: tf.reduce_sum(x * x, axis=1, keepdims=True) / 2, real, fake, share)
        values = session.run([plane, parabola])
    norms = np.sqrt([12.0, 3.0])
    assert np.allclose(values, [(3 - 1) ** 2, np.square(norms - 1).mean()], rtol=1e-5)


def feeds(graph, size=4):
    rs = np.random.RandomState(0)
    g_steps, d_steps = (graph.hyperparameters.get(key, 1) for key in ("g_steps", "d_steps"))
    own = graph.z_noise_g is not None
    fed = {graph.x_real: rs.rand(size * d_steps, 784), graph.z_noise: rs.uniform(
        -1, 1, (size * (d_steps if own else max(g_steps, d_steps)), 100))}
    if own:
        fed[graph.z_noise_g] = rs.uniform(-1, 1, (size * g_steps, 100))
    return fed


def started():
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


@pytest.mark.parametrize("model", each_model())
def test_every_model_takes_the_penalty_with_several_updates_of_the_discriminator(model):
    assert models.resolve(model, {"loss": "wgan-gp"}).d_steps == 5
    with tf.Graph().as_default():
        graph = graph_of_a_run(model, batch_size=4, loss="wgan-gp", d_steps=2)
        assert graph.hyperparameters["gradient_penalty"] == 10
        with started() as session:
            before = session.run(graph.discriminator_variables[0])
            _, values = session.run([graph.train_op, graph.seen], feeds(graph))
            assert np.isfinite(values).all()
            assert not np.array_equal(before, session.run(graph.discriminator_variables[0]))


@pytest.mark.parametrize("model, d_steps", [("gan", 5), ("xavier_gan", 1)])
def test_wgan_clips_the_discriminator_alone(model, d_steps):
    """In turn, and together."""
    with tf.Graph().as_default():
        graph = graph_of_a_run(model, batch_size=4, loss="wgan", d_steps=d_steps)
        with started() as session:
            session.run(graph.train_op, feeds(graph))
            of_d = session.run(graph.discriminator_variables)
            of_g = session.run(graph.generator_variables)
    assert max(np.abs(weights).max() for weights in of_d) <= np.float32(0.01)
    assert max(np.abs(weights).max() for weights in of_g) > 0.05


def test_each_network_can_have_a_learning_rate_of_its_own():
    def moved(**rates):
        with tf.Graph().as_default():
            graph = graph_of_a_run("gan", batch_size=4, dropout=0.0, **rates)
            variables = [graph.generator_variables[0], graph.discriminator_variables[0]]
            with started() as session:
                before = session.run(variables)
                session.run(graph.train_op, feeds(graph))
                return [np.abs(now - then).max()
                        for now, then in zip(session.run(variables), before)]
    # Adam's first step is the learning rate.
    assert np.allclose(moved(g_learning_rate=0.02, d_learning_rate=0.005), [0.02, 0.005], rtol=0.01)
    assert np.allclose(moved(g_learning_rate=0.02), [0.02, 0.001], rtol=0.01)


@pytest.mark.parametrize("model", ["gan", slow("eager_dcgan")])
def test_samples_come_from_the_average_of_the_weights(model):
    with tf.Graph().as_default():
        graph = graph_of_a_run(model, batch_size=4, ema=0.75)
        kernel = graph.generator_variables[0]
        noise = {graph.z_noise: np.ones((2, 100))}
        with started() as session:
            average = session.run(kernel)
            first = session.run(graph.x_sample, noise)
            for _ in range(2):
                session.run(graph.train_op, feeds(graph))
                average = 0.75 * average + 0.25 * session.run(kernel)
            saved = session.run(graph.generator_saved[kernel.op.name])
            assert np.allclose(saved, average, atol=1e-6)
            averaged = session.run(graph.x_sample, noise)
            session.run([variable.assign(graph.generator_saved[variable.op.name])
                         for variable in graph.generator_state])
            assert not np.allclose(first, averaged, atol=1e-4)
            # With the averages as the weights themselves, training mode aside, nothing changes.
            assert np.allclose(session.run(graph.x_sample, noise), averaged)


def test_the_image_range_is_what_the_discriminator_is_given():
    with tf.Graph().as_default():
        graph = tf1gan.build("plain_dcgan", image_range="-1,1")
    assert graph.model.from_unit(np.array([0.0, 1.0])).tolist() == [-1, 1]
    assert graph.model.to_unit(np.array([-1.0, 1.0])).tolist() == [0, 1]


def test_one_update_of_d_for_a_loss_that_has_five_is_not_forgotten(train):
    """The same command continues the run."""
    for steps in (1, 2):
        folder = train(steps=steps, loss="wgan", d_steps=1)
    assert runs.step_of(runs.checkpoints(folder)[-1]) == 2
    recorded = models.recorded(runs.read_config(folder), "config.json")
    assert recorded.d_steps == recorded.values["d_steps"] == 1


@pytest.mark.parametrize("values, flag", [
    ({"loss": "l2"}, "--loss"), ({"ema": 1.0}, "--ema"), ({"image_range": "1,0"}, "--image-range"),
    ({"loss": "hinge", "label_smoothing": 0.1}, "--label-smoothing"),
    ({"gradient_penalty": -1}, "--gradient-penalty"), ({"stddev": 0.1}, "--stddev"),
])
def test_what_is_out_of_range_or_makes_no_sense_is_refused(values, flag):
    with tf.Graph().as_default(), pytest.raises(UserError, match=flag):
        tf1gan.build("gan", **values)
