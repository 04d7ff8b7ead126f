"""Order in old graphs: what of it decides what is computed is kept; updates beside it are not."""

import contextlib

import numpy as np
import pytest

from tf1gan import converting
from tf1gan.compat import tf
from tf1gan.converting import graphs, original, saved_model, sources, tables
from tf1gan.errors import UserError

pytestmark = pytest.mark.skipif(tf.__version__.startswith("1."), reason="needs TensorFlow 2")

X = np.random.RandomState(1).randn(3, 4).astype("f")


@contextlib.contextmanager
def old_loops():
    """Loops and conditions as of TensorFlow 1."""
    before = tf.control_flow_v2_enabled()
    tf.disable_control_flow_v2()
    yield
    if before:
        tf.enable_control_flow_v2()


@pytest.fixture
def convert(tmp_path, forked, monkeypatch):
    """A function of a graph's maker -> (what the result computes of X, its operations)."""
    monkeypatch.setattr("sys.executable", forked)

    def of(make, outputs="y", **asked):
        with tf.Graph().as_default() as graph, tf.Session() as session, old_loops():
            with tf.variable_scope("", use_resource=False):
                make(tf.placeholder(tf.float32, [None, 4], name="x"))
            if tf.global_variables():
                session.run(tf.global_variables_initializer())
                path = tf.train.Saver().save(session, str(tmp_path / "model"), write_state=False)
            else:
                path = str(tmp_path / "model.pb")
                with open(path, "wb") as file:
                    file.write(graph.as_graph_def().SerializeToString())
        converting.convert(path, str(tmp_path / "out"), outputs=outputs, **asked)
        function = tf.compat.v2.saved_model.load(str(tmp_path / "out")).signatures[
            "serving_default"]
        found = function(x=tf.compat.v2.constant(X))
        return {name: value.numpy() for name, value in found.items()}, \
            max((each.node_def for each in function.graph.as_graph_def().library.function), key=len)
    return of


def loop(count, step, value):
    return tf.while_loop(lambda at, _: at < count, lambda at, now: (at + 1, step(at, now)),
                         (0, value))[1]


def test_loops_in_one_another_have_gradients_whose_parts_keep_their_places(convert):
    """What an inner loop puts by comes after what the outer one's iteration before has put by."""
    weights = np.random.RandomState(0).uniform(-.6, .6, [4, 4]).astype("f")

    def make(x):
        def outer(at, h):
            return tf.sin(loop(at + 2, lambda _, g: tf.tanh(tf.matmul(g, weights)), h)) * h
        tf.identity(tf.gradients(tf.reduce_sum(tf.square(loop(5, outer, x))), x)[0], name="y")
    _, nodes = convert(make)
    kinds = graphs.by_name(tf.GraphDef(node=nodes))
    first = [node for node in nodes if node.op == "Const" and "f_count" in node.name]
    assert len(first) == 2 and [node for node in first if any(
        kinds[graphs.node_of(value)].op in ("Add", "AddV2") for value in node.input)]


def test_what_is_put_by_and_taken_out_by_hand_keeps_its_order(convert):
    def make(x):
        stack = tf.raw_ops.StackV2(max_size=9, elem_type=tf.float32)
        first = tf.raw_ops.StackPushV2(handle=stack, elem=tf.sin(x))
        with tf.control_dependencies([first]):
            second = tf.raw_ops.StackPushV2(handle=stack, elem=x * 2)
        with tf.control_dependencies([tf.group(second)]):
            taken = tf.raw_ops.StackPopV2(handle=stack, elem_type=tf.float32)
        tf.identity(taken, name="y")
    found, _ = convert(make)
    assert np.array_equal(found["y"], X * 2)


@pytest.mark.slow
def test_sums_as_before_1_5_are_added_up_before_their_variable_is_destroyed(convert):
    """tf.accumulate_n's, in a variable that each run makes."""
    def make(x):
        variable = tf.raw_ops.TemporaryVariable(shape=[2, 4], dtype=tf.float32, var_name="sum")
        total = tf.raw_ops.Assign(ref=variable, value=tf.zeros([2, 4]))
        added = [tf.raw_ops.AssignAdd(ref=total, value=x[:2] * each) for each in (1., 2.)]
        with tf.control_dependencies(added):
            tf.identity(tf.raw_ops.DestroyTemporaryVariable(ref=total, var_name="sum"), name="y")
    found, _ = convert(make)
    np.testing.assert_allclose(found["y"], X[:2] * 3, rtol=1e-6)


@pytest.mark.slow
def test_an_array_of_tensors_is_read_after_it_was_written(convert):
    def make(x):
        array = tf.TensorArray(tf.float32, 1, infer_shape=False)
        with tf.control_dependencies([array.write(0, tf.sin(x)).flow]):
            tf.identity(array.read(0), name="y")
    found, _ = convert(make)
    np.testing.assert_allclose(found["y"], np.sin(X), atol=1e-6)


def test_updates_beside_a_network_are_left_out(convert):
    """In the original, too: run twice, it would otherwise differ from itself."""
    def make(x):
        steps = tf.get_variable("steps", [], initializer=tf.zeros_initializer())
        mean = tf.get_variable("mean", [4], initializer=tf.zeros_initializer())
        with tf.control_dependencies([tf.Assert(tf.reduce_all(x < 9.), [x]), tf.group(
                steps.assign_add(1.), mean.assign_sub((mean - tf.reduce_mean(x, 0)) * .1))]):
            y = tf.identity(tf.sin(x))
        tf.add(y, 1., name="y")
    found, nodes = convert(make)
    np.testing.assert_allclose(found["y"], np.sin(X) + 1, atol=1e-6)
    assert not [node for node in nodes if "Assign" in node.op or "Variable" in node.op
                or node.op in ("Assert", "All")]


def test_normalization_that_updates_its_statistics_in_place_uses_them(convert):
    def make(x):
        h = x + 0.
        for number in range(2):
            with tf.variable_scope("", reuse=bool(number)):
                mean = tf.get_variable("mean", [4], initializer=tf.constant_initializer(.5))
                variance = tf.get_variable("variance", [4],
                                           initializer=tf.constant_initializer(4.))
            statistics = tf.nn.moments(h, [0])
            made = tf.nn.batch_normalization(h, *statistics, None, None, 0.)
            with tf.control_dependencies([
                    average.assign_sub((average - statistic) * .1)
                    for average, statistic in zip((mean, variance), statistics)]):
                h = tf.identity(made)
        tf.identity(h, name="y")
    found, _ = convert(make)
    np.testing.assert_allclose(found["y"], ((X - .5) / 2 - .5) / 2, atol=1e-6)


@pytest.mark.parametrize("resource", [False, True])
def test_what_reads_a_variable_after_an_update_is_refused(resource, convert):
    """Although the update gives it the value that it has."""
    def make(x):
        variable = tf.get_variable("v", [4], initializer=tf.ones_initializer(),
                                   use_resource=resource)
        with tf.control_dependencies([tf.group(variable.assign(tf.ones([4])))]):
            tf.multiply(variable.read_value(), x, name="y")
    with pytest.raises(UserError, match=r"Assign.* changes v before .* reads it, each time"):
        convert(make)


def test_what_an_update_gives_is_refused(convert):
    def make(x):
        variable = tf.get_variable("v", [4], initializer=tf.ones_initializer())
        tf.identity(tf.assign_add(variable, tf.reduce_mean(x, 0)), name="y")
    with pytest.raises(UserError, match=r"AssignAdd.* changes v, each time"):
        convert(make)


@pytest.mark.parametrize("changing, names", [
    (True, "Assign AssignAddVariableOp StridedSliceAssign ResourceStridedSliceAssign ScatterNdAdd "
           "ScatterUpdate ResourceScatterMax ResourceApplyAdam SparseApplyFtrl CountUpTo "
           "ResourceSparseApplyMomentum ApplyAdagradDA AccumulatorApplyGradient"),
    (False, "ScatterNd ScatterNdNonAliasingAdd TensorScatterUpdate TensorScatterAdd Identity "
            "TensorStridedSliceUpdate TensorArrayScatterV3 UniqueWithCounts ReadVariableOp")])
def test_which_operations_change_a_variable(changing, names):
    for name in names.split():
        assert graphs.changes(tf.NodeDef(op=name)) == changing, name


@pytest.mark.slow
def test_a_function_that_changes_a_variable_is_refused(convert):
    def make(x):
        variable = tf.get_variable("v", [4], initializer=tf.ones_initializer(), use_resource=True)

        @tf.compat.v2.function
        def changing(value):
            variable.assign(tf.reduce_mean(value, 0))
            return value * variable
        tf.identity(changing(x), name="y")
    with pytest.raises(UserError, match="changes a variable in the function __inference_changing"):
        convert(make)


@pytest.mark.slow
def test_a_function_that_is_an_operation_is_converted(convert):
    """As tf.Defun called them."""
    from tensorflow.python.framework import function

    @function.Defun(tf.float32, func_name="Squared")
    def squared(value):
        return value * value

    def make(x):
        tf.identity(squared(tf.identity(x)), name="y")
    found, _ = convert(make)
    np.testing.assert_allclose(found["y"], X * X, rtol=1e-6)


@pytest.mark.slow
def test_all_variables_are_initialized(convert):
    def make(x):
        variable = tf.get_variable("v", [4], initializer=tf.random_normal_initializer())
        tf.multiply(variable.initialized_value(), x, name="y")
        tf.identity(tf.cast(tf.is_variable_initialized(variable), tf.float32) * x, name="z")
    found, nodes = convert(make, "y,z")
    assert found["y"].shape == X.shape and np.array_equal(found["z"], X)


@pytest.mark.slow
def test_what_a_staging_area_gives_is_an_input(convert):
    def make(x):
        area = tf.raw_ops.Unstage(dtypes=[tf.float32])
        tf.add(x, tf.reshape(area[0], [-1, 4])[0], name="y")
    with pytest.raises(UserError, match="depends on Unstage:0, too"):
        convert(make, inputs="x")


@pytest.mark.parametrize("join, phase, wanted", [
    (tf.logical_and, False, X + 2), (tf.logical_or, True, X + 1)])
def test_a_phase_decides_a_condition_of_which_it_is_a_part(join, phase, wanted, convert):
    def make(x):
        training = tf.placeholder(tf.bool, name="training")
        tf.identity(tf.cond(join(training, tf.reduce_sum(x) > 1e9),
                            lambda: x + 1, lambda: x + 2), name="y")
    found, nodes = convert(make, inputs=f"x,training:0={phase}")
    np.testing.assert_allclose(found["y"], wanted, rtol=1e-6)
    assert not {node.op for node in nodes} & {"Switch", "Merge", "Greater"}


@pytest.mark.parametrize("found, words", [
    ([1., np.nan], "not finite where"), ([np.inf, 2.], "not finite where"),
    ([[1., 2.]], "is .1, 2.,"), ([1., 2.1], "differs from the original's by 0.1"),
    ([1., 2.000003], "differs from the original's by 3e-06"), ([1., 2.], None)])
def test_results_that_are_not_those_of_the_original_are_told(found, words):
    wanted = np.array([1., 2.])
    if words is None:
        assert saved_model.difference("y", wanted, np.array(found)) == 0
        assert saved_model.difference("y", wanted * 1e4, wanted * 1e4 + .015) > .01      # of 20,000
    else:
        with pytest.raises(UserError, match=words):
            saved_model.difference("y", wanted, np.array(found))


@pytest.mark.slow
@pytest.mark.parametrize("size, wanted", [(2, [b"a", b"b"]), (-1, [b"a", b"b", b"c"])])
def test_a_table_has_as_many_words_of_its_file_as_the_graph_says(size, wanted, tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "words.txt").write_bytes(b"a\nb\nc\n")
    meta = tf.MetaGraphDef()
    with tf.Graph().as_default() as graph:
        table = tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64, name="table")
        tf.raw_ops.InitializeTableFromTextFileV2(
            table_handle=table, filename="/elsewhere/words.txt", key_index=-2, value_index=-1,
            vocab_size=size)
        meta.graph_def.CopyFrom(graph.as_graph_def())
    source = sources.Source(str(tmp_path), "", "", meta)
    keys, values = tables.read(source, ["table"])["table"]
    assert keys.tolist() == wanted and values.tolist() == list(range(len(wanted)))


@pytest.mark.parametrize("where", ["a placeholder", "a signature"])
def test_a_type_that_there_is_none_of_is_refused_in_a_line(where, tmp_path):
    meta = tf.MetaGraphDef()
    node = meta.graph_def.node.add(name="x", op="Placeholder")
    node.attr["dtype"].type = 99 if where == "a placeholder" else 1
    meta.graph_def.node.add(name="y", op="Tanh", input=["x"]).attr["T"].type = 1
    if where == "a signature":
        meta.signature_def["serve"].outputs["y"].dtype = 99
        meta.signature_def["serve"].outputs["y"].name = "y:0"
    (tmp_path / "a.meta").write_bytes(meta.SerializeToString())
    with pytest.raises(UserError, match="type 99, which TensorFlow of today does not have"):
        converting.inspect(str(tmp_path / "a.meta"))


def test_a_network_that_does_not_end_is_refused(convert, monkeypatch):
    monkeypatch.setattr(original, "SECONDS", 1)
    with pytest.raises(UserError, match="cannot be run on these inputs .*(Timed out|deadline)"):
        convert(lambda x: tf.identity(tf.while_loop(
            lambda h: tf.reduce_sum(h) < 1e30, lambda h: h * 0., (x,))[0], name="y"))


def test_a_result_that_does_not_end_is_refused(convert, monkeypatch):
    monkeypatch.setattr(saved_model, "SECONDS", .01)
    with pytest.raises(UserError, match="does not come to an end in TensorFlow 2 within"):
        convert(lambda x: tf.sin(x, name="y"))
