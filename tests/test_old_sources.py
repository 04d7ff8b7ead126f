"""What models of TensorFlow 1 hold: words of tables, weights by any saver, layers of Keras."""

import json
import os

import h5py
import numpy as np
import pytest

from tf1gan import converting, runs
from tf1gan.compat import tf
from tf1gan.converting import sources, tables, weights
from tf1gan.errors import UserError

pytestmark = [
    pytest.mark.skipif(tf.__version__.startswith("1."), reason="needs TensorFlow 2"),
    pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file")]


@pytest.fixture
def convert(forked, monkeypatch, tmp_path):
    """Converts, and gives the result as a function of arrays by the arguments' names."""
    monkeypatch.setattr("sys.executable", forked)

    def of(path, **asked):
        converting.convert(str(path), str(tmp_path / "converted"), **asked)
        module = tf.compat.v2.saved_model.load(str(tmp_path / "converted"))

        def function(**given):
            found = module.signatures["serving_default"](**{
                name: tf.compat.v2.constant(value) for name, value in given.items()})
            return {name: value.numpy() for name, value in found.items()}
        function.module = module
        return function
    return of


# -- Tables ----------------------------------------------------------------------------------

def table_of(folder, content, key=(tf.string, -2), value=(tf.int64, -1), **more):
    """{key: value} of a table that a file of words fills."""
    os.makedirs(str(folder / "assets"), exist_ok=True)
    (folder / "assets" / "words").write_bytes(content)
    with tf.Graph().as_default() as made:
        table = tf.raw_ops.HashTableV2(key_dtype=key[0], value_dtype=value[0], name="table")
        tf.raw_ops.InitializeTableFromTextFileV2(
            table_handle=table, filename="words", key_index=key[1], value_index=value[1], **more)
    source = sources.Source(str(folder), "", "", tf.MetaGraphDef(graph_def=made.as_graph_def()))
    keys, values = tables.read(source, ["table"])["table"]
    return dict(zip(keys.tolist(), values.tolist()))


def test_words_of_a_file_are_what_1_15_5_reads(tmp_path):
    """What 1.15.5's tables had of the same files."""
    assert table_of(tmp_path, b"the\r\ncat\r\r\ns\rat \r") == {
        b"the": 0, b"cat\r": 1, b"s\rat ": 2}
    assert table_of(tmp_path, b"\xef\xbb\xbfthe\n\xe9\na\0b\x0bc", vocab_size=2) == {
        b"\xef\xbb\xbfthe": 0, b"\xe9": 1}
    assert table_of(tmp_path, b"a, 7 \r\nb,-3,x\r\na,7", (tf.string, 0), (tf.int64, 1),
                    delimiter=",") == {b"a": 7, b"b": -3}
    assert table_of(tmp_path, b"a\nb\na\n", (tf.int64, -1), (tf.string, -2)) == {
        0: b"a", 1: b"b", 2: b"a"}


@pytest.mark.parametrize("content, more, words", [
    (b"a\n\nb\n", {}, "empty line found"), (b"a\r\n\r\n", {}, "empty line found"),
    (b"a\nb\na\n", {}, "different value for same key"), (b"", {}, "Read less bytes"),
    (b"a\nb\n", {"vocab_size": 3}, "expected 3 but got 2"),
    (b"a\n", {"value": (tf.int64, 1), "key": (tf.string, 0)}, "Invalid number of columns"),
    (b"a\t1_0\n", {"value": (tf.int64, 1), "key": (tf.string, 0)}, "not a valid int64")])
def test_files_that_1_15_5_does_not_take_are_refused(content, more, words, tmp_path):
    with pytest.raises(UserError, match="words is not the table .*" + words):
        table_of(tmp_path, content, **more)


def test_a_table_has_the_file_that_the_model_has_for_it(tmp_path):
    """Two files of the same name have two among the assets; the graph has the paths of before."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "words").write_bytes(b"other\n")
    (tmp_path / "assets" / "words_1").write_bytes(b"own\n")
    with tf.Graph().as_default() as made:
        name = tf.identity(tf.constant("b/words", name="path"))
        tf.raw_ops.InitializeTableFromTextFileV2(
            table_handle=tf.raw_ops.HashTableV2(
                key_dtype=tf.string, value_dtype=tf.int64, name="table"),
            filename=name, key_index=-2, value_index=-1)
    asset = tf.MetaGraphDef().asset_file_def.add(filename="words_1")
    asset.tensor_info.name = "path:0"
    listed, packed = (tf.MetaGraphDef(graph_def=made.as_graph_def()) for _ in range(2))
    listed.asset_file_def.append(asset)
    packed.collection_def["saved_model_assets"].any_list.value.add().Pack(asset)
    for meta in (listed, packed):
        found = tables.read(sources.Source(str(tmp_path), "", "", meta), ["table"])["table"]
        assert found[0].tolist() == [b"own"]


# -- Keras -----------------------------------------------------------------------------------

def bare(config):
    """A configuration without what came with Keras 2.13."""
    if isinstance(config, dict):
        return {key: bare(value) for key, value in config.items()
                if key not in ("module", "registered_name", "build_config")}
    return [bare(each) for each in config] if isinstance(config, list) else config


def keras_model(path, layers, given=None):
    """Saves a Sequential of some layers; gives {variable's node: value}, and what it predicts."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.keras.backend.set_session(session)
        try:
            model = tf.keras.Sequential(layers())
            rs = np.random.RandomState(0)
            model.set_weights([rs.uniform(-.5, .5, each.shape) for each in model.get_weights()])
            model.save(str(path), include_optimizer=False)
            with h5py.File(str(path), "r+") as file:        # as Keras 2 had it
                file.attrs["model_config"] = json.dumps(bare(json.loads(
                    file.attrs["model_config"])))
            values = dict(zip([each.op.name for each in model.weights], model.get_weights()))
            session.run(tf.global_variables_initializer())
            model.load_weights(str(path))
            return values, None if given is None else session.run(
                model.output, {model.input: given})
        finally:
            tf.keras.backend.set_session(None)


def test_kernels_of_theano_are_turned_as_keras_2_2_5_does(tmp_path):
    kind, path = tf.keras.layers, str(tmp_path / "a.h5")
    wanted, _ = keras_model(path, lambda: [
        kind.ConvLSTM2D(1, 2, input_shape=(2, 5, 5, 2), name="lstm"), kind.DepthwiseConv2D(2),
        kind.TimeDistributed(kind.Conv1D(2, 2, name="inner"), name="each"),
        tf.keras.Sequential([kind.Conv2D(2, 2, input_shape=(3, 2, 2), name="convolution")])])
    for backend, turns in ((b"cntk", False), (b"theano", True)):
        with h5py.File(path, "r+") as file:
            for place in (file, file["model_weights"]):
                place.attrs["backend"] = backend
        source, turned = sources.opened(path), 0
        for name, value in source.arrays.items():
            if turns and "depthwise" not in name and "kernel" in name:
                turned += 1
                wanted[name] = wanted[name][(slice(None, None, -1),) * (value.ndim - 2)]
            np.testing.assert_array_equal(value, wanted[name], name)
        assert ("Theano's kernels turned round" in source.words) == turns
    assert turned == 4


def test_what_keras_2_2_5_does_not_turn_is_refused(tmp_path):
    kind, path = tf.keras.layers, str(tmp_path / "a.h5")
    keras_model(path, lambda: [kind.Conv3DTranspose(1, 2, input_shape=(2, 2, 2, 1))])
    with h5py.File(path, "r+") as file:
        file["model_weights"].attrs["backend"] = b"theano"
    with pytest.raises(UserError, match="Theano's in the layer 'conv3d_transpose' .*2.2.5"):
        sources.opened(path)


def test_recurrent_layers_are_built_without_their_dropout(tmp_path, convert):
    kind, given = tf.keras.layers, np.random.RandomState(1).randn(2, 3, 4).astype("f")

    def layers(**dropped):
        return [kind.Bidirectional(kind.SimpleRNN(2, return_sequences=True, **dropped),
                                   input_shape=(3, 4)),
                kind.AlphaDropout(.5), kind.RNN([kind.LSTMCell(2, **dropped)], name="y")]
    _, expected = keras_model(tmp_path / "plain.h5", layers, given)
    keras_model(tmp_path / "a.h5", lambda: layers(dropout=.2, recurrent_dropout=.3))
    found = convert(tmp_path / "a.h5")(bidirectional_input=given)
    np.testing.assert_allclose(found["y"], expected, atol=1e-6)


def test_states_of_recurrent_layers_begin_with_zeros_in_each_call(tmp_path, convert, capsys):
    kind, given = tf.keras.layers, np.random.RandomState(1).randn(2, 3, 4).astype("f")
    _, expected = keras_model(tmp_path / "a.h5", lambda: [
        kind.Bidirectional(kind.SimpleRNN(2, stateful=True), name="x",
                           batch_input_shape=(2, 3, 4))], given)
    function = convert(tmp_path / "a.h5")
    assert "which begin with zeros in each call" in capsys.readouterr().out
    for _ in range(2):
        np.testing.assert_allclose(function(x_input=given)["x"], expected, atol=1e-6)


def test_a_model_of_keras_without_layers_is_not_recommended(tmp_path):
    path = str(tmp_path / "model.json")
    for config in ("{}", "[]", '{"name": "m", "layers": []}'):
        (tmp_path / "model.json").write_text('{"class_name": "M", "config": %s}' % config)
        assert converting.inspect(path)[-1].startswith("Cannot be converted: ")
        keras_model(tmp_path / "w.h5", lambda: [tf.keras.layers.Dense(1, input_shape=(1,))])
        with pytest.raises(UserError, match="a model without layers"):
            sources.opened(path, weights=str(tmp_path / "w.h5"))


# -- Savers ----------------------------------------------------------------------------------

def saved(folder, make, definition=True, which=0, **more):
    """The Source of a graph of variables a and b, 1 and 2 or more, saved by one of its Savers."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        a = tf.get_variable("a", [4, 2], initializer=tf.ones_initializer())
        b = tf.get_variable("b", [4, 2], initializer=tf.constant_initializer(2.))
        savers = make(a, b)
        session.run(tf.global_variables_initializer())
        for variable in tf.global_variables():
            if "Average" in variable.name:
                variable.load(np.zeros([4, 2]), session)
        savers[which].save(session, str(folder / "m"), **more)
        if not definition:
            tf.train.export_meta_graph(str(folder / "m.meta"), graph=graph)
    return sources.opened(str(folder / "m"))


def values_of(source, *names):
    return [value.tolist() for value in weights.read(source, list(names)).values()]


ONE, TWO = [[1., 1.]] * 4, [[2., 2.]] * 4


def test_a_saver_that_reshapes_and_renames_is_followed(tmp_path):
    source = saved(tmp_path, lambda a, b: [tf.train.Saver({"b": a, "a": b}, reshape=True)])
    assert values_of(source, "a", "b") == [ONE, TWO]
    source = source._replace(meta=tf.MetaGraphDef.FromString(source.meta.SerializeToString()))
    for node in source.meta.graph_def.node:
        if node.name == "a":
            node.attr["shape"].shape.CopyFrom(tf.TensorShape([8, 1]).as_proto())
    assert values_of(source, "a") == [[[1.]] * 8]


def test_of_several_savers_the_one_is_followed_that_saves_what_is_there(tmp_path):
    def of_averages(a, b):
        averages = tf.train.ExponentialMovingAverage(.9)
        averages.apply([a])
        shadow = tf.train.Saver({"a": averages.average(a), "b": b})
        return [tf.train.Saver(), tf.train.Saver(averages.variables_to_restore()), shadow]
    for which in range(3):
        source = saved(tmp_path, of_averages, False, which)
        assert not source.meta.HasField("saver_def")
        if which == 1:
            assert values_of(source, "a", "b") == [ONE, TWO]
        elif which == 2:
            assert values_of(source, "a/ExponentialMovingAverage", "b") == [[[0., 0.]] * 4, TWO]
        else:
            assert values_of(source, "a", "a/ExponentialMovingAverage") == [ONE, [[0., 0.]] * 4]


@pytest.mark.parametrize("which", [0, 1])
def test_savers_that_contradict_one_another_are_refused(which, tmp_path):
    def make(a, b):
        return [tf.train.Saver(), tf.train.Saver({"b": a, "a": b})]
    with pytest.raises(UserError, match="several Savers, of which one has a as a, and one as b:"):
        values_of(saved(tmp_path, make, False, which), "a")
    assert values_of(saved(tmp_path, make, True, which), "a", "b") == [ONE, TWO]


def test_parts_of_a_variable_in_the_first_format_are_read(tmp_path):
    def make(a, b):
        with tf.variable_scope("of", partitioner=tf.fixed_size_partitioner(2)):
            tf.get_variable("w", [3, 2], initializer=lambda shape, dtype, partition_info: tf.fill(
                shape, partition_info.var_offset[0] + 3.))
        return [tf.train.Saver(write_version=tf.train.SaverDef.V1)]
    source = saved(tmp_path, make)
    assert not (tmp_path / "m.index").exists()
    assert values_of(source, "of/w/part_1", "a") == [[[5., 5.]], ONE]
    assert runs.read_checkpoint(source.prefix)[1]("of/w").tolist() == [
        [3, 3], [3, 3], [5, 5]]


# -- Order, loops ----------------------------------------------------------------------------

@pytest.fixture
def of_1():
    """Loops and conditions are made of TensorFlow 1's operations."""
    tf.disable_control_flow_v2()
    yield
    tf.enable_control_flow_v2()


def graph_of(folder, make):
    """The path of a graph that a function of x makes."""
    with tf.Graph().as_default() as graph:
        tf.identity(make(tf.placeholder(tf.float32, [None, 2], "x")), "y")
        (folder / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
    return str(folder / "g.pb")


def test_what_comes_after_an_input_or_a_weight_by_order_alone_is_converted(tmp_path, convert):
    def make(x, weights):
        with tf.control_dependencies([x, weights]):
            one = tf.constant([[1., 2.], [3., 4.]])
        return x @ one + weights
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 2], "x")
        tf.identity(make(x, tf.get_variable("w", initializer=tf.constant([5., 6.]))), "y")
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, str(tmp_path / "m"))
    found = convert(tmp_path / "m", outputs="y")(x=np.ones([3, 2], "f"))
    assert found["y"].tolist() == [[9., 12.]] * 3


@pytest.mark.parametrize("inner", [False, True])
@pytest.mark.parametrize("arrays", [False, True])
def test_a_constant_of_a_branch_that_is_taken_stays_in_its_loop(
        inner, arrays, tmp_path, convert, of_1):
    def make(x):
        training = tf.placeholder(tf.bool, [], "is_training")

        def body(at, h, array):
            new = tf.cond(tf.logical_not(training), lambda: h * .5, lambda: h)
            if inner:
                new = tf.while_loop(lambda i, _: i < at, lambda i, value: (i + 1, tf.cond(
                    training, lambda: value, lambda: value * 2.)), [0, new])[1]
            return at + 1, new, array.write(at, new) if arrays else array
        _, h, array = tf.while_loop(
            lambda at, *_: at < 3, body, [0, x, tf.TensorArray(tf.float32, 3)])
        return tf.reduce_sum(array.stack(), 0) if arrays else h
    function = convert(graph_of(tmp_path, make), outputs="y")
    values = np.cumprod([.5, 1., 2.] if inner else [.5] * 3)
    found = function(x=np.ones([1, 2], "f"))["y"]
    np.testing.assert_allclose(found, [[values.sum() if arrays else values[-1]] * 2], rtol=1e-6)
