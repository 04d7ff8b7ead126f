import numpy as np
import pytest
from helpers import build, each_model, graph_of_a_run, slow

import tf1gan
from tf1gan import layers, summaries
from tf1gan.compat import tf
from tf1gan.models import losses

ALL = list(tf1gan.MODELS)


def start(seed=0):
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


def feeds(graph, rows=8, noise_rows=None, seed=0):
    rs = np.random.RandomState(seed)
    fed = {graph.x_real: graph.model.from_unit(rs.uniform(0, 1, (rows, 784))),
           graph.z_noise: rs.uniform(-1, 1, (noise_rows or rows, 100))}
    if graph.z_noise_g is not None:
        fed[graph.z_noise_g] = rs.uniform(-1, 1, (noise_rows or rows, 100))
    return fed


@pytest.mark.parametrize("model", each_model())
def test_the_record_has_what_the_design_promises(graph_of, model):
    graph = graph_of(model)
    with graph.x_real.graph.as_default():
        assert graph.x_real.shape.as_list() == [None, 784]
        assert graph.z_noise.shape.as_list() == [None, 100]
        assert (graph.z_noise_g is not None) == (model in ("keras_gan", "plain_dcgan"))
        with start() as session:
            fed = feeds(graph)
            noise = {graph.z_noise: fed[graph.z_noise]}
            low, high = graph.model.image_range
            for images in session.run([graph.x_fake, graph.x_sample], noise):
                assert images.shape == (8, 784)
                assert images.min() >= min(low, -1) and images.max() <= high
            g_loss, d_loss = session.run([graph.train_op, graph.step_losses], fed)[1]
            assert g_loss > 0 and d_loss > 0
            assert session.run(graph.global_step) == 1
            assert session.run([graph.g_loss, graph.d_loss], fed) != [g_loss, d_loss]
        with pytest.raises(tf1gan.UserError, match="this graph has a model already"):
            tf1gan.build("gan")


@pytest.mark.parametrize("model", ["gan", slow("eager_dcgan")])
def test_a_seed_decides_weights_and_dropout(graph_of, model):
    """The others' runs that stopped would differ from untouched ones if theirs did not."""
    def losses_of(graph):
        with graph.x_real.graph.as_default(), start() as session:
            return [session.run([graph.train_op, graph.step_losses], feeds(graph))[1]
                    for _ in range(3)]

    def built(seed):
        with tf.Graph().as_default():
            return graph_of_a_run(model, seed)
    seven = losses_of(graph_of(model))
    assert seven == losses_of(built(7))
    assert seven != losses_of(built(2))


def test_a_runs_look_at_d_has_masks_of_seed_and_step():
    with tf.Graph().as_default():
        graph = graph_of_a_run("gan", seed=0)
        step = graph.global_step.assign_add(1).op
        with start() as session:
            first, again = [session.run(graph.d_outputs, feeds(graph)) for _ in range(2)]
            session.run(step)
            later = session.run(graph.d_outputs, feeds(graph))
    assert np.array_equal(first, again) and not np.array_equal(first, later)


def test_dropout_masks_are_a_function_of_seed_and_step():
    with tf.Graph().as_default(), tf.Session() as session:
        step = tf.placeholder(tf.int64, [])
        with tf.variable_scope("a"):
            a = layers.dropout(tf.ones([1000]), 0.2, layers.mask_seed(7, step, 0))
        with tf.variable_scope("b"):
            b = layers.dropout(tf.ones([1000]), 0.2, layers.mask_seed(7, step, 0))
        first, again, other_layer = session.run([a, a, b], {step: 5})
        assert np.array_equal(first, session.run(a, {step: 5}))
        assert not np.array_equal(first, other_layer)
        assert not np.array_equal(first, session.run(a, {step: 6}))
        assert set(first) == {0.0, np.float32(1.25)}
        assert abs((first == 0).mean() - 0.2) < 0.05


def test_each_iteration_draws_new_dropout_masks():
    with tf.Graph().as_default():
        graph = build("gan", seed=0, learning_rate=1e-9)
        with start() as session:
            seen = {session.run([graph.train_op, graph.step_losses], feeds(graph))[1]
                    for _ in range(4)}
        assert len(seen) == 4


def test_sampling_has_no_dropout_and_training_has():
    with tf.Graph().as_default():
        graph = build("gan", seed=0)
        with start() as session:
            fed = feeds(graph)
            samples = [session.run(graph.x_sample, fed) for _ in range(2)]
            fakes = [session.run(graph.x_fake, fed) for _ in range(2)]
    assert np.array_equal(*samples) and not np.array_equal(*fakes)


def moving(variables):
    return [v for v in variables if "/moving_" in v.name]


@pytest.mark.parametrize("model", [slow("dcgan")])
def test_each_networks_update_moves_its_own_statistics_and_losses_move_none(graph_of, model):
    graph = graph_of(model)
    with graph.x_real.graph.as_default():
        statistics = {net: moving(tf.global_variables(net)) for net in ("generator",
                                                                        "discriminator")}
        assert len(statistics["generator"]) == len(statistics["discriminator"]) == 6
        with start() as session:
            fed = feeds(graph)

            def moved_by(op, feed):
                before = session.run(statistics)
                session.run(op, feed)
                after = session.run(statistics)
                return {net for net in statistics
                        if any(not np.array_equal(a, b)
                               for a, b in zip(before[net], after[net]))}

            noise = {graph.z_noise: fed[graph.z_noise]}
            assert moved_by([graph.g_loss, graph.d_loss, graph.d_real], fed) == set()
            assert moved_by(graph.g_train_op, noise) == {"generator"}
            assert moved_by(graph.d_train_op, fed) == {"discriminator"}
            assert moved_by(graph.train_op, fed) == {"generator", "discriminator"}
            assert set(moving(graph.generator_state)) == set(statistics["generator"])


@pytest.mark.parametrize("g_steps, d_steps", [(2, 1), (1, 3), (2, 3)])
def test_an_iteration_makes_m_updates_of_g_and_n_of_d_each_on_its_own_rows(g_steps, d_steps):
    options = dict(seed=0, dropout=0.0)
    rows, noises = 8 * d_steps, max(g_steps, d_steps)
    with tf.Graph().as_default():
        fused = build("gan", g_steps=g_steps, d_steps=d_steps, **options)
        fed = feeds(fused, rows, 8 * noises)
        with start() as session:
            session.run(fused.train_op, fed)
            variables = fused.generator_variables + fused.discriminator_variables
            expected = session.run(variables)
            assert session.run(fused.global_step) == 1
            with pytest.raises(tf.errors.InvalidArgumentError) as refused:
                session.run([fused.train_op, fused.step_losses], feeds(fused, 6 * 8 + 1))
            assert (f"g_steps={g_steps} updates of G and d_steps={d_steps} of D, each of rows of "
                    f"its own. In batches of N feed {d_steps} * N rows as x_real, {noises} * N "
                    "rows as z_noise") in str(refused.value)
            with pytest.raises(tf.errors.InvalidArgumentError, match="rows fed"):
                session.run(fused.step_losses, feeds(fused, 0, 8 * noises))
            assert session.run(fused.global_step) == 1
    images, noise = fed[fused.x_real], fed[fused.z_noise]
    with tf.Graph().as_default():
        graph = build("gan", **options)
        with start() as session:
            for k in range(g_steps):
                session.run(graph.g_train_op, {graph.z_noise: noise[8 * k:8 * k + 8]})
            for k in range(d_steps):
                session.run(graph.d_train_op, {graph.z_noise: noise[8 * k:8 * k + 8],
                                               graph.x_real: images[8 * k:8 * k + 8]})
            got = session.run(graph.generator_variables + graph.discriminator_variables)
    for one, other in zip(got, expected):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_the_graph_is_complete_before_training():
    with tf.Graph().as_default() as default:
        graph = tf1gan.build("gan", seed=0)
        session = start()
        default.finalize()
        for _ in range(2):
            session.run([graph.train_op, graph.step_losses], feeds(graph))
        session.close()


@pytest.mark.parametrize("model, value", [
    ("gan", {"batch_size": 0}), ("gan", {"dropout": 1.0}), ("gan", {"dropout": float("nan")}),
    ("gan", {"learning_rate": 0}), ("gan", {"learning_rate": "fast"}), ("gan", {"beta1": 1}),
    ("gan", {"g_steps": 1.5}), ("gan", {"channels": "64"}), ("gan", {"seed": -1}),
    ("plain_dcgan", {"channels": "64,x"}), ("plain_dcgan", {"channels": []}),
    ("keras_gan", {"activation": "sigmoid"}),
])
def test_a_hyperparameter_out_of_range_is_refused_by_name(model, value):
    with tf.Graph().as_default():
        with pytest.raises(tf1gan.UserError, match="--" + list(value)[0].replace("_", "-")):
            tf1gan.build(model, **value)


def test_an_unknown_model_is_refused_with_the_names_there_are():
    with pytest.raises(tf1gan.UserError, match="gan, dcgan"):
        tf1gan.build("biggan")


@pytest.mark.parametrize("channels, sides", [
    ("32", [14, 28]), ("64,32", [7, 14, 28]), ("64,32,16,8", [2, 4, 7, 14, 28])])
def test_plain_dcgans_depth_and_width_are_open(channels, sides):
    with tf.Graph().as_default():
        graph = tf1gan.build("plain_dcgan", seed=0, channels=channels)
        widths = [int(width) for width in channels.split(",")]
        dense = graph.generator_variables[0]
        assert dense.shape.as_list() == [100, sides[0] ** 2 * widths[0]]
        with start() as session:
            session.run(graph.train_op, feeds(graph))


def test_losses_against_values_worked_out_by_hand():
    """D(x) = 0.8 and 0.5, D(G(z)) = 0.25 and 0.5."""
    real = np.log([[4.0], [1.0]]).astype(np.float32)
    fake = np.log([[1 / 3], [1.0]]).astype(np.float32)
    log = np.log
    on_real, on_fake = -(log(0.8) + log(0.5)) / 2, -(log(0.75) + log(0.5)) / 2
    wish = -(log(0.25) + log(0.5)) / 2
    with tf.Graph().as_default(), tf.Session() as session:
        def values(loss, **options):
            return session.run(loss(tf.constant(real), tf.constant(fake), **options))
        assert values(losses.cross_entropy) == pytest.approx((wish, on_real + on_fake))
        assert values(losses.cross_entropy, smooth=0.1) == pytest.approx(
            (0.9 * wish, 0.9 * on_real + on_fake))
        assert values(losses.mean_cross_entropy) == pytest.approx((wish, (on_real + on_fake) / 2))
        assert values(losses.log) == pytest.approx((wish, on_real + on_fake))
        sure = losses.log(tf.constant([[200.0]]), tf.constant([[-200.0]]))
        assert session.run(sure) == pytest.approx((200.0, 0.0))


@pytest.mark.parametrize("value, finite", [(1.0, True), (np.inf, False), (np.nan, False)])
def test_a_variable_that_is_not_finite_is_noticed(value, finite):
    with tf.Graph().as_default():
        graph = build("gan", seed=0)
        all_finite = summaries.all_finite()
        with start() as session:
            weights = graph.discriminator_variables[0]
            array = session.run(weights)
            array[7, 7] = value
            weights.load(array, session)
            assert session.run(all_finite) == finite


@pytest.mark.parametrize("model", ["gan", slow("keras_gan")])
def test_a_run_trains_the_graph_that_build_gives(model):
    """But for what loops written by hand run, which `build` adds, and a run when it is asked."""
    def definition():
        return [(op.name, op.type,
                 sorted(each.name for each in list(op.inputs) + op.control_inputs))
                for op in tf.get_default_graph().get_operations()]

    with tf.Graph().as_default():
        graph = graph_of_a_run(model, seed=0)
        of_a_run = definition()
        assert graph.d_train_op is graph.d_train_op
        asked = definition()
    with tf.Graph().as_default():
        build(model, seed=0)
        built = definition()
    assert built[:len(of_a_run)] == of_a_run
    assert built == asked and len(built) > len(of_a_run)
    assert {name.split("/")[0] for name, _, _ in built[len(of_a_run):]} <= {
        "by_hand", "loss", "optimizer"}


@pytest.mark.parametrize("model", each_model())
def test_adams_own_variables_are_named_gs_first(graph_of, model):
    """Checkpoints of every version have these names."""
    with graph_of(model).x_real.graph.as_default():
        of_optimizers = [v.op.name for v in tf.global_variables() if "power" in v.op.name]
        slots = {v.op.name for v in tf.global_variables()} - set(of_optimizers)
    if model == "keras_gan":
        assert not of_optimizers and "generator/output/conv2d/kernel/Momentum" in slots
        return
    assert of_optimizers == ["optimizer/beta1_power", "optimizer/beta2_power",
                             "optimizer/beta1_power_1", "optimizer/beta2_power_1"]
    weights = graph_of(model).generator_variables + graph_of(model).discriminator_variables
    assert {f"{v.op.name}/{name}" for v in weights for name in ("Adam", "Adam_1")} <= slots
