"""What an old graph's training adds is told apart: phases, a batch's statistics, moving ones."""

import numpy as np
import pytest

from tf1gan import converting
from tf1gan.compat import tf
from tf1gan.converting import ends, sources
from tf1gan.errors import UserError

pytestmark = pytest.mark.skipif(tf.__version__.startswith("1."), reason="needs TensorFlow 2")

X = np.random.RandomState(0).randn(4, 3).astype("f")
NEVER = "moving statistics that no training has changed"
KEPT = "the batch's statistics are kept"


@pytest.fixture
def converted(tmp_path, monkeypatch, forked, capsys):
    """A function of what builds (y, what is wanted) from x: (the result of X, wanted, said)."""
    monkeypatch.setattr("sys.executable", forked)

    def convert(build, values=(), **asked):
        rs = np.random.RandomState(1)
        with tf.Graph().as_default(), tf.Session() as session:
            x = tf.placeholder(tf.float32, [None, 3], name="x")
            y, wanted = build(x)
            tf.identity(y, name="y")
            session.run(tf.global_variables_initializer())
            for variable in tf.global_variables() if values == () else ():
                shape = variable.shape.as_list()
                variable.load(rs.uniform(.5, 1.5, shape).astype("f"), session)
            wanted = session.run(wanted, {x: X})
            tf.train.Saver().save(session, str(tmp_path / "model.ckpt"))
        converting.convert(str(tmp_path / "model.ckpt"), str(tmp_path / "out"), outputs="y",
                           **asked)
        serve = tf.compat.v2.saved_model.load(str(tmp_path / "out")).signatures["serving_default"]
        return serve(x=tf.compat.v2.constant(X))["y"].numpy(), wanted, capsys.readouterr()[0]
    return convert


def variable(name, value):
    return tf.get_variable(name, initializer=np.full(3, value, "f"), use_resource=False)


def by(x, mean, variance):
    return (x - mean) * tf.rsqrt(variance + 1e-3)


def cond(phase, value, so, otherwise):
    """tf.cond as 1.15.5 makes it, with a value that comes into both branches."""
    no, yes = tf.raw_ops.Switch(data=value, pred=phase)
    return tf.raw_ops.Merge(inputs=[otherwise(no), so(yes)])[0]


# -- Phases ----------------------------------------------------------------------------------

def phased(phase, trained):
    """Of a phase that is `trained` in training."""
    def build(x):
        extra = variable("extra", 1.)
        training = phase if trained else tf.logical_not(phase)
        return cond(training, x, lambda x: x * tf.random_uniform(tf.shape(x)),
                    lambda x: x * extra), x * extra
    return build


@pytest.mark.parametrize("name, trained", [
    ("is_training", True), ("phase_train", True), ("isTrain", True), ("phase", True),
    ("Placeholder", True), ("is_test", False), ("testing", False), ("inference", False),
    ("is_eval", False), ("test_mode", False), ("deterministic", False), ("Placeholder", False),
    ("not_training", False), ("flag", False)])
def test_a_phase_is_that_of_using_the_network(name, trained, converted):
    found, wanted, said = converted(lambda x: phased(
        tf.placeholder(tf.bool, [], name=name), trained)(x))
    np.testing.assert_allclose(found, wanted)
    assert f"fixed   {name}:0 = {not trained}" in said


@pytest.mark.parametrize("name, dtype, ask, is_phase", [
    ("is_training", tf.int32, lambda t: tf.cast(t, tf.bool), True),
    ("train_phase", tf.float32, lambda t: tf.greater(t, .5), True),
    ("is_training", tf.int32, lambda t: tf.equal(tf.identity(t), 1), True),
    ("is_training", tf.int32, lambda t: tf.equal(t, 2), False),
    ("is_training", tf.float32, lambda t: tf.cast(t * 2., tf.bool), False),
    ("train_step", tf.int32, lambda t: tf.cast(t, tf.bool), False)])
def test_a_number_is_a_phase_where_it_is_but_a_truth_value(name, dtype, ask, is_phase, tmp_path):
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        flag = tf.placeholder(dtype, [], name=name)
        tf.identity(cond(ask(flag), x, lambda x: x * 2., lambda x: x * 3.), name="y")
        (tmp_path / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
    found = ends.find(sources.opened(str(tmp_path / "g.pb")), outputs="y")
    assert [each.name for each in found.fixed] == [name + ":0"] * is_phase
    assert set(found.inputs) == {"x"} | (set() if is_phase else {name})


@pytest.mark.parametrize("by_batch", [True, False])
def test_an_argument_that_still_chooses_a_batch_s_statistics_is_told(
        by_batch, tmp_path, monkeypatch, forked, capsys):
    monkeypatch.setattr("sys.executable", forked)
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        mode = tf.placeholder(tf.int32, [], name="mode")
        mean, variance = tf.nn.moments(x, [0])
        y = cond(tf.equal(mode, 0), x, lambda x: by(x, mean, variance) if by_batch else x * 2.,
                 lambda x: x * 3.)
        tf.identity(y, name="y")
        (tmp_path / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
    converting.convert(str(tmp_path / "g.pb"), str(tmp_path / "out"), outputs="y")
    said = capsys.readouterr()[0]
    assert ("the argument mode may still choose" in said) == by_batch
    assert ("--inputs ...,mode:0=VALUE" in said) == by_batch


@pytest.mark.parametrize("resource", [False, True])
@pytest.mark.parametrize("name, saved, asked, used", [
    ("is_training", True, "", False), ("net/is_test", False, "", True),
    ("is_training", True, "x,is_training:0=True", True), ("use_bias", True, "", True)])
def test_a_variable_named_like_a_phase_is_one(name, saved, asked, used, resource, converted):
    """As TFLearn has it; its assignments are there as well, and a Saver's."""
    def build(x):
        flag = tf.get_variable(name, [], tf.bool, tf.constant_initializer(saved), trainable=False,
                               use_resource=resource)
        tf.assign(flag, not saved)
        return cond(flag, x, lambda x: x * 2., lambda x: x * variable("a", 3.)), x * (3. - used)
    found, wanted, said = converted(build, values=None, inputs=asked)
    np.testing.assert_allclose(found, wanted, atol=1e-6)
    assert (f"the variable {name} is taken for a phase" in said) == (name != "use_bias")
    assert (f"fixed   {name}:0 = {used}" in said) == (name != "use_bias")


def test_a_variable_on_whose_change_something_waits_is_no_phase():
    with tf.Graph().as_default() as graph:
        flag = tf.get_variable("is_training", [], tf.bool, use_resource=False)
        with tf.control_dependencies([tf.assign(flag, False)]):
            tf.cast(flag, tf.float32) * 2.
    assert converting.flags.as_placeholders(graph.as_graph_def())[1] == []


@pytest.mark.parametrize("name, default, kept", [
    ("normalize", True, True), ("constraint", .7, .7), ("phase", .5, .5), ("train", .5, .5),
    ("is_training", True, False), ("is_training", 1, False), ("testing", False, True)])
def test_a_default_is_kept_unless_the_name_is_that_of_a_phase(name, default, kept, converted):
    def build(x):
        given = tf.placeholder_with_default(default, [], name)
        return x * variable("a", 1.) + tf.cast(given, tf.float32), x * tf.get_collection(
            "variables")[0] + float(kept)
    found, wanted, _ = converted(build)
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_a_truth_value_that_is_no_phase_has_to_be_given(converted):
    def build(x):
        residual = tf.placeholder(tf.bool, [], name="residual")
        h = x * variable("a", 1.)
        return cond(residual, h, lambda h: h + x, tf.identity), h + x
    with pytest.raises(UserError, match="depends on residual:0, too, bool"):
        converted(build, inputs="x")
    found, wanted, _ = converted(build, inputs="x,residual:0=True")
    np.testing.assert_allclose(found, wanted, atol=1e-6)


# -- Moving statistics -----------------------------------------------------------------------

def zero_debiased(average, biased, statistic):
    """As 1.15.5 makes an average that does not begin with zeros."""
    return tf.assign(average, tf.assign_sub(biased, (biased - statistic) * .1) / .3)


def normalized(update_mean, update_variance, n=1.):
    """Always by the batch, with updates of moving ones: (y, what moving ones give)."""
    def build(x):
        mean, variance = variable("pop_mean", 0.), variable("pop_variance", 1.)
        m, v = tf.nn.moments(x, [0])
        with tf.control_dependencies([update_mean(mean, m), update_variance(variance, v * n)]):
            y = by(x, m, v) + 0.
        return y, by(x, mean, variance)
    return build


UPDATES = {
    "1.15's": lambda p, s: tf.assign_sub(p, (p - s) * .1),
    "added": lambda p, s: tf.assign_add(p, (s - p) * .1),
    "by hand": lambda p, s: tf.assign(p, p * .9 + s * .1),
    "by hand, turned": lambda p, s: tf.assign(p, .1 * s + .9 * p),
    "by hand, a difference": lambda p, s: tf.assign(p, p - .1 * (p - s)),
    "zero debiased": lambda p, s: zero_debiased(p, variable(p.op.name + "_biased", 0.), s),
}


@pytest.mark.parametrize("name", list(UPDATES))
def test_both_statistics_are_moving_ones_whatever_updates_them(name, converted):
    found, wanted, said = converted(normalized(UPDATES[name], UPDATES["1.15's"]))
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert "2 statistics of batches replaced" in said and KEPT not in said and NEVER not in said


def test_a_variance_may_be_corrected_for_its_average(converted):
    update = UPDATES["by hand"]
    found, wanted, _ = converted(normalized(update, update, n=4 / 3))
    np.testing.assert_allclose(found, wanted, atol=1e-5)


@pytest.mark.parametrize("update", [
    lambda p, s: tf.assign(p, tf.maximum(p, s)), lambda p, s: tf.assign_sub(p, p - tf.sqrt(s))])
def test_of_two_statistics_none_is_replaced_where_one_is_not_clear(update, converted):
    found, _, said = converted(normalized(UPDATES["1.15's"], update))
    np.testing.assert_allclose(found, by_numpy(X), atol=1e-5)
    assert KEPT in said and "pop_variance" in said and "replaced" not in said


def by_numpy(x):
    return (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-3)


def test_a_batch_s_statistics_are_kept_with_a_phase_of_training(converted):
    def build(x):
        training = tf.placeholder(tf.bool, [], name="training")
        y, wanted = normalized(UPDATES["1.15's"], UPDATES["1.15's"])(x)
        return cond(training, y, tf.identity, lambda y: y * 2.), wanted
    found, _, said = converted(build, inputs="x,training:0=True")
    np.testing.assert_allclose(found, by_numpy(X), atol=1e-5)
    assert KEPT in said and "training:0 = True says so" in said


def test_a_truth_value_that_is_no_phase_does_not_keep_them(converted):
    def build(x):
        residual = tf.placeholder(tf.bool, [], name="residual")
        y, wanted = normalized(UPDATES["1.15's"], UPDATES["1.15's"])(x)
        return cond(residual, y, lambda y: y + x, tf.identity), wanted + x
    found, wanted, _ = converted(build, inputs="x,residual:0=True")
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_an_average_that_is_no_normalization_s_is_not_put_in(converted):
    def build(x):
        s = tf.reduce_mean(x, 0)
        tf.assign_sub(variable("average", 0.), (tf.get_collection("variables")[0] - s) * .1)
        return x / (s + 2.), x / (s + 2.)
    found, wanted, said = converted(build)
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert "replaced" not in said


def test_moving_statistics_that_were_never_updated_are_told(converted):
    found, wanted, said = converted(
        normalized(UPDATES["1.15's"], UPDATES["1.15's"]), values=None)
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert NEVER in said and "pop_variance (--batch-statistics" in said
