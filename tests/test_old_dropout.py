"""Dropout in old graphs: removed where scale and mask belong together, and nothing else with it."""

import numpy as np
import pytest

from tf1gan import converting
from tf1gan.compat import tf
from tf1gan.errors import UserError

pytestmark = pytest.mark.skipif(tf.__version__.startswith("1."), reason="needs TensorFlow 2")

X = np.random.RandomState(0).randn(4, 8).astype("f")
W = np.random.RandomState(1).randn(8, 3).astype("f")


@pytest.fixture
def converted(tmp_path, monkeypatch, forked):
    """A function of what builds y from x: what the converted graph computes of X."""
    monkeypatch.setattr("sys.executable", forked)

    def convert(build, **asked):
        with tf.Graph().as_default() as graph:
            tf.identity(build(tf.placeholder(tf.float32, [None, 8], name="x")), name="y")
            (tmp_path / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
        converting.convert(str(tmp_path / "g.pb"), str(tmp_path / "out"), outputs="y", **asked)
        serve = tf.compat.v2.saved_model.load(str(tmp_path / "out")).signatures["serving_default"]
        return serve(x=tf.compat.v2.constant(X))["y"].numpy()
    return convert


def drawn(h):
    return tf.random_uniform(tf.shape(h))


def of_1_15(h, rate):
    return h * (1 / (1 - rate)) * tf.cast(drawn(h) >= rate, tf.float32)


def of_1_12(h, keep):
    return h / keep * tf.floor(keep + drawn(h))


def half():
    return tf.constant(.5)


def placeholder():
    return tf.placeholder(tf.float32, [], name="p")


DROPOUTS = {
    "1.15's, a tensor": lambda h: of_1_15(h, tf.constant(.3)),
    "1.15's, a number": lambda h: of_1_15(h, .3),
    "1.15's, a placeholder": lambda h: of_1_15(h, placeholder()),
    "1.15's, keep_prob": lambda h: of_1_15(h, 1 - placeholder()),
    "1.12's, a placeholder": lambda h: of_1_12(h, placeholder()),
    "1.12's, twice": lambda h: of_1_12(of_1_12(h, placeholder()), half()),
    "0.8's": lambda h: h * tf.reciprocal(half()) * tf.floor(.5 + drawn(h)),
    "divided after": lambda h: h * tf.floor(.5 + drawn(h)) / .5,
    "divided after, twice": lambda h: h * tf.floor(.5 + drawn(h)) / .5 * tf.floor(
        .7 + drawn(h)) / .7,
    "the mask is divided": lambda h: h * (tf.floor(.5 + drawn(h)) / .5),
    "by what is below": lambda h: h * tf.cast(drawn(h) < .8, tf.float32) / .8,
    "of a quotient": lambda h: of_1_15(h / 255., .3) * 255.,
}


@pytest.mark.parametrize("name", list(DROPOUTS))
def test_dropout_is_removed_with_its_scale_and_nothing_else(name, converted, capsys):
    found = converted(lambda x: DROPOUTS[name](x) @ W)
    np.testing.assert_allclose(found, X @ W, atol=1e-5)
    assert ("2 dropouts" if "twice" in name else "1 dropout") + " removed" in capsys.readouterr()[0]


MASKS = {
    "of a quotient that is no scale": lambda h: h / 255. * tf.cast(drawn(h) >= .3, tf.float32),
    "without a scale": lambda h: h * tf.floor(.5 + drawn(h)),
    "of another scale": lambda h: h * tf.floor(.5 + drawn(h)) / .7,
    "of one scale for two": lambda h: h * tf.floor(.5 + drawn(h)) * tf.floor(.5 + drawn(h)) / .5,
    "of another range": lambda h: h / .7 * tf.cast(
        tf.random_uniform(tf.shape(h), -1, 1) >= .3, tf.float32),
    "that is taken elsewhere": lambda h: (lambda mask: h * mask / .5 + mask)(
        tf.floor(.5 + drawn(h))),
    "of signs": lambda h: 1. + h * (2. * tf.cast(drawn(h) >= .5, tf.float32) - 1.),
    "of sizes that are data": lambda h: h * tf.cast(drawn(h) >= h, tf.float32),
}


@pytest.mark.parametrize("name", list(MASKS))
def test_a_mask_that_is_no_dropout_is_a_draw(name, converted):
    with pytest.raises(UserError, match="random numbers that the graph draws"):
        converted(lambda x: MASKS[name](x) @ W)


@pytest.mark.parametrize("dropped", [of_1_15, of_1_12])
def test_a_constant_that_is_taken_beside_dropout_keeps_its_value(dropped, converted):
    def build(x):
        k = half()
        return dropped(x, k) @ W * k
    np.testing.assert_allclose(converted(build), X @ W * .5, atol=1e-5)


def noisy(x):
    p = placeholder()
    return of_1_15(x, p) @ W + p


def test_a_probability_that_is_an_input_too_has_the_value_that_was_given(converted):
    np.testing.assert_allclose(converted(noisy, inputs="x,p:0=0.0"), X @ W, atol=1e-5)


def test_what_somebody_wants_dropped_is_drawn(converted):
    with pytest.raises(UserError, match="random numbers that the graph draws"):
        converted(noisy, inputs="x,p:0=0.9")


def test_a_probability_that_is_an_input_too_has_to_be_named(converted):
    with pytest.raises(UserError, match="depends on p:0, too"):
        converted(noisy, inputs="x")
