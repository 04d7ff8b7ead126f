"""Each hyperparameter does in the graph what it says, and none is ignored without a word.

What the graph gives is compared with what numpy makes of the same weights and the same batch.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from helpers import build, slow

import tf1gan
from tf1gan import data, models, runs, training
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.models import losses as loss_table
from tf1gan.training import batches, session_config

ROWS = 6


def softplus(x):
    return np.logaddexp(0, x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def labelled(real, fake, smoothing):
    """The cross entropy of D's logits with the labels 1 - smoothing and 0."""
    return ((1 - smoothing) * softplus(-real) + smoothing * softplus(real)).mean(), \
        softplus(fake).mean()


def losses(loss, real, fake, fake_for_g, smooth=0.0, label_smoothing=0.0):
    """(g, d) of D's logits, as the papers have them."""
    on_real, on_fake = labelled(real, fake, label_smoothing)
    return {
        "cross_entropy": lambda: ((1 - smooth) * softplus(-fake_for_g).mean(),
                                  (1 - smooth) * on_real + on_fake),
        "mean_cross_entropy": lambda: (softplus(-fake_for_g).mean(), (on_real + on_fake) / 2),
        "log": lambda: (-np.log(sigmoid(fake_for_g)).mean(), on_real + on_fake),
        "minimax": lambda: (np.log(1 - sigmoid(fake_for_g)).mean(), on_real + on_fake),
        "lsgan": lambda: (((fake_for_g - 1) ** 2).mean() / 2,
                          ((real - 1) ** 2).mean() / 2 + (fake ** 2).mean() / 2),
        "wgan": lambda: (-fake_for_g.mean(), fake.mean() - real.mean()),
        "wgan-gp": lambda: (-fake_for_g.mean(), fake.mean() - real.mean()),
        "hinge": lambda: (-fake_for_g.mean(), np.maximum(0, 1 - real).mean()
                          + np.maximum(0, 1 + fake).mean()),
    }[loss]()


def feeds(graph, rows=ROWS):
    rs = np.random.RandomState(0)
    fed = {graph.x_real: graph.model.from_unit(rs.rand(rows, 784)),
           graph.z_noise: rs.uniform(-1, 1, (rows, 100))}
    if graph.z_noise_g is not None:
        fed[graph.z_noise_g] = rs.uniform(-1, 1, (rows, 100))
    return fed


def built(model="gan", **values):
    """A graph whose iterations make one update of each network, without dropout if it can."""
    has = models.find(model).defaults
    if "dropout" in has:
        values.setdefault("dropout", 0.0)
    return build(model, seed=0, batch_size=ROWS, g_steps=1, d_steps=1, **values)


def started():
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


def logits(session, graph, images):
    """D's logits of any images: of its probabilities, which are all that the record has."""
    return softplus_inverse(session.run(graph.d_real, {graph.x_real: images}).astype(np.float64))


def softplus_inverse(probability):
    return np.log(probability) - np.log1p(-probability)


def expected(session, graph, fed, **options):
    """Both losses at the weights as they are."""
    noise_for_g = fed[graph.z_noise_g if graph.z_noise_g is not None else graph.z_noise]
    # keras_gan gives D what G makes by moving statistics.
    own = graph.x_sample if graph.model.fakes_by_moving_statistics else graph.x_fake
    fake = session.run(own, {graph.z_noise: fed[graph.z_noise]})
    fake_for_g = session.run(graph.x_fake, {graph.z_noise: noise_for_g})
    loss = graph.hyperparameters.get("loss", graph.model.loss)
    return losses(loss, logits(session, graph, fed[graph.x_real]), logits(session, graph, fake),
                  logits(session, graph, fake_for_g), **options)


# -- Losses ------------------------------------------------------------------------------------

# All of them with `gan` stand below.
@pytest.mark.parametrize("model, loss", [
    ("gan", None), slow("keras_gan", None), slow("keras_gan", "wgan-gp"), ("xavier_gan", None),
    ("xavier_gan", "minimax"), ("xavier_gan", "hinge"), ("plain_dcgan", None),
    slow("plain_dcgan", "lsgan")])
def test_a_graphs_losses_and_an_iterations_are_those_of_the_loss_asked_for(model, loss):
    # The penalty has a test of its own: its weight is as good as nothing here.
    options = {"gradient_penalty": 1e-9} if loss == "wgan-gp" else {}
    smooth = 0.1 if model == "gan" and loss in (None, "cross_entropy") else 0.0
    with tf.Graph().as_default():
        graph = built(model, loss=loss, **options)
        fed = feeds(graph)
        with started() as session:
            before = expected(session, graph, fed, smooth=smooth)
            assert session.run([graph.g_loss, graph.d_loss], fed) == pytest.approx(
                before, rel=1e-4, abs=1e-5)
            seen = session.run([graph.train_op, graph.step_losses], fed)[1]
        with started() as session:      # the second network's loss is of the first one updated
            if graph.model.order == models.G_THEN_D:
                session.run(graph.g_train_op, fed)
                between = before[0], expected(session, graph, fed, smooth=smooth)[1]
            elif graph.model.order == models.D_THEN_G:
                session.run(graph.d_train_op, fed)
                between = expected(session, graph, fed, smooth=smooth)[0], before[1]
            else:
                between = before
        assert seen == pytest.approx(between, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("model, options", [
    ("xavier_gan", dict(label_smoothing=0.2)), slow("keras_gan", dict(label_smoothing=0.2)),
    ("plain_dcgan", dict(loss="cross_entropy", label_smoothing=0.2)),
])
def test_label_smoothing_is_in_the_losses_and_in_the_iteration(model, options):
    with tf.Graph().as_default():
        # At so small a rate an iteration sees both networks as they start.
        graph = built(model, learning_rate=1e-9, **options)
        fed = feeds(graph)
        with started() as session:
            by_numpy = expected(session, graph, fed, label_smoothing=options["label_smoothing"])
            assert session.run([graph.g_loss, graph.d_loss], fed) == pytest.approx(
                by_numpy, rel=1e-5)
            assert session.run([graph.train_op, graph.step_losses], fed)[1] == pytest.approx(
                by_numpy, rel=1e-5)


# -- `gan` by numpy ----------------------------------------------------------------------------

def discriminate(weights, x, alpha):
    """(D's logits, their gradients at x) of its four arrays."""
    w1, b1, w2, b2 = weights
    h = x @ w1 + b1
    slope = np.where(h > 0, 1, alpha)
    return (h * slope) @ w2 + b2, (slope * w2[:, 0]) @ w1.T


def generate(weights, z, alpha):
    w1, b1, w2, b2 = weights
    h = z @ w1 + b1
    return np.tanh(np.where(h > 0, h, alpha * h) @ w2 + b2)


def d_loss_by_numpy(weights, real, fake, values):
    """D's loss. The penalty is that of fakes that are the real images: every x between is, too."""
    smoothing = {"smooth": values.get("smooth", 0.0),
                 "label_smoothing": values.get("label_smoothing", 0.0)}
    of_real, gradients = discriminate(weights, real, values["alpha"])
    of_fake, _ = discriminate(weights, fake, values["alpha"])
    loss = losses(values.get("loss", "cross_entropy"), of_real, of_fake, of_fake, **smoothing)[1]
    norms = np.sqrt((gradients ** 2).sum(axis=1))
    return loss + values.get("gradient_penalty", 0.0) * ((norms - 1) ** 2).mean()


def slopes(function, array, places, width=1e-5):
    """The derivatives of a function of an array at some of its places, by differences."""
    found = []
    for place in places:
        at = array.flat[place]
        array.flat[place] = at + width
        above = function()
        array.flat[place] = at - width
        found.append((above - function()) / (2 * width))
        array.flat[place] = at
    return np.array(found)


def slot(graph_session, variable, number=0):
    """Adam's mean of the gradients of a variable (0), or of their squares (1)."""
    name = variable.op.name + "/Adam" + ("_1" if number else "")
    value, = [v for v in tf.global_variables() if v.op.name.endswith(name)]
    return graph_session.run(value)


@pytest.mark.parametrize("values", [
    dict(), dict(alpha=0.5), dict(beta1=0.9), dict(smooth=0.5), slow(dict(label_smoothing=0.2)),
    slow(dict(loss="log")), slow(dict(loss="lsgan")), dict(loss="wgan"), slow(dict(loss="hinge")),
    dict(loss="minimax", label_smoothing=0.3), slow(dict(loss="log", label_smoothing=0.3)),
    slow(dict(loss="minimax")), slow(dict(loss="wgan-gp")),
    dict(loss="wgan-gp", gradient_penalty=3), slow(dict(gradient_penalty=2)),
    dict(gradient_penalty=2, loss="hinge", alpha=0.3),
], ids=str)
def test_an_iteration_of_gan_updates_by_the_gradients_that_numpy_finds(values):
    with tf.Graph().as_default():
        graph = built(learning_rate=1e-9, **values)
        values = graph.hyperparameters
        of_g, of_d = graph.generator_variables, graph.discriminator_variables
        with started() as session:
            noise = feeds(graph)[graph.z_noise]
            fake = session.run(graph.x_fake, {graph.z_noise: noise})
            g_weights, d_weights = [[array.astype(np.float64) for array in arrays]
                                    for arrays in session.run([of_g, of_d])]
            assert np.allclose(fake, generate(g_weights, noise, values["alpha"]), atol=1e-5)
            real = fake if values.get("gradient_penalty") else feeds(graph)[graph.x_real]
            fed = {graph.x_real: real, graph.z_noise: noise}
            assert np.allclose(logits(session, graph, fake),
                               discriminate(d_weights, fake, values["alpha"])[0], atol=1e-5)

            def d_loss():
                return d_loss_by_numpy(d_weights, real, fake, values)

            def g_loss():
                made = generate(g_weights, noise, values["alpha"])
                seen, _ = discriminate(d_weights, made, values["alpha"])
                return losses(values.get("loss", "cross_entropy"), seen, seen, seen,
                              smooth=values.get("smooth", 0.0))[0]

            assert session.run(graph.d_loss, fed) == pytest.approx(d_loss(), rel=1e-5, abs=1e-6)
            _, seen = session.run([graph.train_op, graph.step_losses], fed)
            assert seen == pytest.approx((g_loss(), d_loss()), rel=1e-5, abs=1e-6)
            for variables, weights, loss, layers in ((of_d, d_weights, d_loss, (0, 2)),
                                                     (of_g, g_weights, g_loss, (2, 3))):
                for layer in layers:
                    places = range(3, weights[layer].size, -(-weights[layer].size // 8))
                    wanted = slopes(loss, weights[layer], places)
                    mean = slot(session, variables[layer]).flat[list(places)]
                    assert np.abs(wanted).max() > 1e-4
                    assert np.allclose(mean, (1 - values["beta1"]) * wanted, rtol=1e-3, atol=1e-6)


def test_the_penalty_is_taken_between_real_and_generated_images():
    with tf.Graph().as_default():
        graph = built(gradient_penalty=1000, smooth=0.0)
        with started() as session:
            fed = feeds(graph)
            fake = session.run(graph.x_fake, fed)
            weights = [w.astype(np.float64) for w in session.run(graph.discriminator_variables)]
            of_real, of_fake = (discriminate(weights, x, 0.01) for x in (fed[graph.x_real], fake))
            without = losses("cross_entropy", of_real[0], of_fake[0], of_fake[0])[1]
            built_losses = [session.run(graph.d_loss, fed)]
            session.run(graph.train_op, fed)        # the step goes on, and the shares with it
            for variable, value in zip(graph.discriminator_variables, weights):
                variable.load(value, session)
            with_g = session.run(graph.x_fake, fed)
            built_losses.append(session.run(graph.d_loss, fed))
    penalty = (built_losses[0] - without) / 1000
    ends = [((np.sqrt((gradients ** 2).sum(axis=1)) - 1) ** 2).mean()
            for _, gradients in (of_real, of_fake)]
    assert abs(penalty - ends[0]) > 1e-5 and abs(penalty - ends[1]) > 1e-5
    assert penalty == pytest.approx(np.mean(ends), rel=0.3)
    assert with_g.shape == fake.shape and built_losses[0] != built_losses[1]


def first_move(model, **values):
    """(D's last kernel's gradient, how its first update moves it) at the rate 0.001."""
    with tf.Graph().as_default():
        graph = built(model, learning_rate=1e-3, **values)
        fed = feeds(graph)
        kernel = graph.discriminator_variables[-2]
        gradient, = tf.gradients(graph.d_loss, kernel)
        with started() as session:
            before, first = session.run([kernel, gradient], fed)
            session.run(graph.train_op, fed)
            return first, session.run(kernel) - before


@pytest.mark.parametrize("model, values, momentum", [
    slow("keras_gan", dict(), 0.9), ("keras_gan", dict(momentum=0.5), 0.5),
    ("xavier_gan", dict(optimizer="nesterov"), 0.9),
    ("xavier_gan", dict(optimizer="nesterov", momentum=0.4), 0.4)], ids=str)
def test_updates_have_nesterovs_momentum(model, values, momentum):
    gradient, moved = first_move(model, **values)
    assert np.allclose(moved, -1e-3 * (1 + momentum) * gradient, rtol=1e-2, atol=1e-8)


@pytest.mark.parametrize("values", [slow(dict()), dict(beta1=0.3)], ids=str)
def test_keras_gans_optimizer_can_be_adam(values):
    gradient, moved = first_move("keras_gan", optimizer="adam", **values)
    clear = np.abs(gradient) > 1e-4         # beside Adam's epsilon
    assert clear.any() and np.allclose(moved[clear], -1e-3 * np.sign(gradient[clear]), rtol=1e-2)
    assert models.resolve("keras_gan", dict(values, optimizer="adam")).values["beta1"] == (
        values.get("beta1", 0.9))


# -- Other hyperparameters ---------------------------------------------------------------------

@pytest.mark.parametrize("rate, loss", [(0.1, "lsgan"), (0.5, "hinge")])
def test_dropout_drops_the_share_asked_for_in_every_pass(rate, loss):
    """Each hidden unit of both networks is made 1, so that outputs count those that are left."""
    rows = 2000
    with tf.Graph().as_default():
        graph = build("gan", seed=0, batch_size=rows, dropout=rate, loss=loss,
                      learning_rate=1e-9)
        fed = feeds(graph, rows)
        with started() as session:
            for network in (graph.generator_variables, graph.discriminator_variables):
                for variable, value in zip(network, (0, 1, 1 / 128, 0)):
                    variable.load(np.full(variable.shape.as_list(), value), session)
            spread = rate / (1 - rate) / 128        # the variance of a row's mean
            assert np.arctanh(session.run(graph.x_fake, fed)[:, 0]).var() == pytest.approx(
                spread, rel=0.2)
            assert np.ptp(session.run(graph.x_sample, fed)) < 1e-6
            for probability in (graph.d_real, graph.d_outputs[0], graph.d_outputs[1]):
                assert softplus_inverse(session.run(probability, fed)).var() == pytest.approx(
                    spread, rel=0.2)
            # All logits have mean 1, and those of D's two passes are as good as normal.
            g_loss, d_loss = session.run([graph.train_op, graph.step_losses], fed)[1]
            if loss == "lsgan":
                assert 2 * g_loss == pytest.approx(spread, rel=0.2)
            else:
                assert d_loss - 2 == pytest.approx(np.sqrt(spread / (2 * np.pi)), rel=0.2)


def test_an_image_range_reaches_what_is_fed(small_data):
    images = data.read_data_sets(small_data, validation_size=0, seed=0).train
    for wanted in ([-1.0, 1.0], [-2.0, 3.0]):
        with tf.Graph().as_default():
            graph = built("xavier_gan", image_range=wanted)
        fed = batches.make(graph, images, 0, 1).x_real
        assert [fed.min(), fed.max()] == wanted


def test_each_of_several_updates_has_a_whole_batch_at_an_epochs_end(tiny_data):
    """eager_dcgan's last batch of an epoch is smaller only where an iteration makes one update."""
    images = data.read_data_sets(tiny_data, validation_size=0, seed=0).train      # 132
    for d_steps, last in ((1, 32), (2, 50)):
        recipe = models.resolve("eager_dcgan", {"batch_size": 50 // d_steps, "d_steps": d_steps})
        fed = batches.make(SimpleNamespace(settings=recipe, model=recipe.model, seed=0), images,
                           2, 1)
        assert fed.x_real.shape == (1, last, 784)


def test_bfloat16_reaches_the_sessions_configuration(monkeypatch, tmp_path, small_data):
    rewrites = tf.ConfigProto().graph_options.rewrite_options
    if not hasattr(rewrites, "auto_mixed_precision_onednn_bfloat16"):
        pytest.skip("this TensorFlow has no such rewrite")
    monkeypatch.setattr(session_config, "_cpu_flags", lambda: {"avx512_bf16"})
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    for asked in (None, True):
        settings = training.Options(logdir=str(tmp_path / str(asked)), data_dir=small_data)
        with training.open_run("plain_dcgan", settings, batch_size=50, bfloat16=asked) as run:
            options = run.session_config.graph_options.rewrite_options
            on = options.auto_mixed_precision_onednn_bfloat16 == type(options).ON
        assert on == bool(asked)


# -- What would be ignored is refused ----------------------------------------------------------

OTHERS = [loss for loss in loss_table.LOSSES if loss != "cross_entropy"]
REFUSED = [("gan", dict(loss=loss, smooth=0.1), "--smooth") for loss in OTHERS]
REFUSED += [("gan", dict(loss=loss, label_smoothing=0.1), "--label-smoothing")
            for loss in ("lsgan", "wgan", "wgan-gp", "hinge")]
REFUSED += [
    ("dcgan", dict(loss="wgan", smooth=0.2), "--smooth"),
    ("xavier_gan", dict(smooth=0.1), "--smooth"),
    ("plain_dcgan", dict(learning_rate=0.1, g_learning_rate=0.1, d_learning_rate=0.1),
     "--learning-rate"),
    ("gan", dict(loss="wgan-gp", gradient_penalty=0), "--gradient-penalty"),
    ("gan", dict(momentum=0.5), "--momentum"), ("keras_gan", dict(beta1=0.5), "--beta1"),
    ("gan", dict(optimizer="nesterov", beta1=0.5), "--beta1"),
    ("keras_gan", dict(optimizer="adam", momentum=0.5), "--momentum"),
    ("xavier_gan", dict(alpha=0.1), "--alpha"), ("gan", dict(stop_g_loss=1), "--stop-g-loss"),
    ("xavier_gan", dict(dropout=0.1), "--dropout"), ("gan", dict(dropout=1 - 1e-8), "--dropout"),
    ("gan", dict(batch_norm="both"), "--batch-norm"),
]


@pytest.mark.parametrize("model, values, flag", REFUSED, ids=str)
def test_what_would_make_no_difference_is_refused(model, values, flag):
    with tf.Graph().as_default(), pytest.raises(UserError, match=flag + r"\b"):
        tf1gan.build(model, **values)


@pytest.mark.parametrize("fresh", [False, True])
def test_a_refused_combination_writes_nothing(tmp_path, small_data, fresh):
    settings = training.Options(logdir=str(tmp_path), data_dir=small_data, run="a")
    training.train("gan", settings, batch_size=50, steps=2)
    before = sorted(tmp_path.iterdir())
    for values in (dict(loss="lsgan", smooth=0.1), dict(loss="hinge", label_smoothing=0.1),
                   dict(g_learning_rate=1e-3, d_learning_rate=1e-3, learning_rate=1e-3)):
        for run in ("a", "b"):
            with pytest.raises(UserError, match="--"):
                training.train("gan", settings._replace(fresh=fresh, run=run), **values)
    assert sorted(tmp_path.iterdir()) == before


def test_a_default_that_makes_no_difference_is_no_hyperparameter():
    def asked(**given):
        return models.resolve("gan", given).asked
    assert "smooth" not in asked(loss="hinge")
    assert asked(loss="cross_entropy")["smooth"] == 0.1
    rates = asked(g_learning_rate=0.1, d_learning_rate=0.2)
    assert "learning_rate" not in rates and rates["d_learning_rate"] == 0.2
    assert asked(g_learning_rate=0.1)["learning_rate"] == 0.001


def test_a_run_that_wrote_such_a_default_down_goes_on(tmp_path, small_data):
    settings = training.Options(logdir=str(tmp_path), data_dir=small_data)
    folder, _ = training.train("gan", settings, batch_size=50, steps=2, loss="lsgan")
    config = runs.read_config(folder)
    config["hyperparameters"]["smooth"] = 0.1
    runs.write_json(folder, runs.CONFIG, config)
    training.train("gan", settings, batch_size=50, steps=3, loss="lsgan")
    assert runs.step_of(runs.checkpoints(folder)[-1]) == 3
