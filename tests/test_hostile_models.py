"""Models that are files and claim what they do not have: refused in a line, before they cost."""

import json
import os
import zipfile

import numpy as np
import pytest

from tf1gan import converting
from tf1gan.compat import tf
from tf1gan.converting import (
    conversion,
    keras_checks,
    keras_models,
    network,
    sources,
    tables,
    updates,
    values,
)
from tf1gan.converting.ends import Ends
from tf1gan.converting.graphs import Tensor
from tf1gan.errors import UserError
from tf1gan.restoring import claims, graph_claims

pytestmark = pytest.mark.skipif(tf.__version__.startswith("1."), reason="needs TensorFlow 2")

FLOAT = tf.AttrValue(type=1)


def graph(*nodes):
    """A GraphDef of (name, operation, inputs, attributes), whose placeholder is x."""
    made = tf.GraphDef()
    made.versions.producer = 134
    for name, operation, inputs, attributes in (
            ("x", "Placeholder", [], {"dtype": FLOAT}), *nodes):
        node = made.node.add(name=name, op=operation, input=inputs)
        for key, value in attributes.items():
            node.attr[key].CopyFrom(value)
    return made


def source_of(graph_def, path="a.pb"):
    return sources.Source(path, "a graph", "", tf.MetaGraphDef(graph_def=graph_def))


# -- Graphs ----------------------------------------------------------------------------------

@pytest.mark.parametrize("node, words", [
    (("y", "Identity", [], {"T": FLOAT}), "y .Identity. has 0 inputs, and takes 1"),
    (("y", "AddN", ["x", "^x"], {"T": FLOAT, "N": tf.AttrValue(i=2)}), "has 1 inputs, and takes 2"),
    (("y", "FusedConv2DBiasActivation", ["x"], {"T": FLOAT}), "that is gone since is not what it")])
def test_operations_that_no_tensorflow_wrote_are_named(node, words, tmp_path):
    (tmp_path / "a.pb").write_bytes(graph(node).SerializeToString())
    for does in (converting.inspect, lambda path: converting.convert(
            path, str(tmp_path / "out"), outputs="y")):
        with pytest.raises(UserError, match=f"a.pb has a damaged graph: .*{words}") as refusal:
            does(str(tmp_path / "a.pb"))
        assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("operation, attributes", [
    ("Split", {"num_split": tf.AttrValue(i=2 ** 30)}),
    ("Unpack", {"num": tf.AttrValue(i=2 ** 20)}),
    ("IdentityN", {"T": tf.AttrValue(list=tf.AttrValue.ListValue(type=[1] * 300001))})])
def test_an_operation_of_a_billion_outputs_is_not_built(operation, attributes):
    with pytest.raises(UserError, match="a.pb: y, and the .* have more than 300000 outputs"):
        graph_claims.check("a.pb", graph(("y", operation, ["x"], attributes)))
    known = conversion.ends.likely(source_of(graph(
        ("z", operation, ["x"], attributes), ("y", "Tanh", ["z"], {"T": FLOAT}))), {
            node.name: node for node in graph(("z", operation, ["x"], {}), (
                "y", "Tanh", ["z"], {})).node})
    assert set(known.kinds.values()) == {(None, None)}


def test_an_operation_of_very_many_parts_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "_MOST_OF_ONE", 50)
    path = str(tmp_path / "a.pb")
    for count in (40, 60):
        with open(path, "wb") as file:
            file.write(graph(("y", "AddN", ["x"] * count, {})).SerializeToString())
        if count < 50:
            claims.look(path)
        else:
            with pytest.raises(UserError, match="an operation of more than 50 parts"):
                claims.look(path)


def test_numbers_of_a_graph_as_text_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "_MOST_PARTS", 2000)
    (tmp_path / "a.pbtxt").write_text('node { name: "a" op: "NoOp" attr { ' + "i: 1 " * 2000)
    with pytest.raises(UserError, match="more than 2000 parts"):
        claims.look(str(tmp_path / "a.pbtxt"))


def test_a_list_of_numbers_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "_SHORT", 10)
    monkeypatch.setattr(claims, "_MOST_OF_ONE", 50)
    kinds = tf.AttrValue(list=tf.AttrValue.ListValue(type=[1] * 60))
    (tmp_path / "a.pb").write_bytes(graph(("y", "A", ["x"], {"T": kinds})).SerializeToString())
    with pytest.raises(UserError, match="an operation of more than 50 parts"):
        claims.look(str(tmp_path / "a.pb"))


def test_texts_are_counted_and_handles_are_no_constants(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "_MOST_TEXTS", 20)
    made = graph(("c", "Const", [], {"value": tf.AttrValue(tensor=tf.make_tensor_proto(
        ["a"] * 21))}))
    (tmp_path / "a.pb").write_bytes(made.SerializeToString())
    with pytest.raises(UserError, match="a constant of more than 20 texts"):
        claims.look(str(tmp_path / "a.pb"))
    made.node[1].attr["value"].tensor.dtype = 21
    with pytest.raises(UserError, match="the constant c is neither numbers nor texts"):
        graph_claims.check("a.pb", made)


def test_an_input_of_very_many_axes_is_not_made_up(tmp_path):
    made = graph(("y", "Tanh", ["x"], {"T": FLOAT}))
    made.node[0].attr["shape"].shape.CopyFrom(tf.TensorShape([1] * 40).as_proto())
    (tmp_path / "a.pb").write_bytes(made.SerializeToString())
    with pytest.raises(UserError, match="the input x is .* too large to be tried: .*--check"):
        converting.convert(str(tmp_path / "a.pb"), str(tmp_path / "out"))


def test_variables_may_be_called_as_numpy_s_arguments_are(tmp_path, forked, monkeypatch):
    monkeypatch.setattr("sys.executable", forked)
    value = tf.AttrValue(tensor=tf.make_tensor_proto(np.arange(20, dtype="f")))
    (tmp_path / "a.pb").write_bytes(graph(
        ("file", "Const", [], {"dtype": FLOAT, "value": value})).SerializeToString())
    converting.convert(str(tmp_path / "a.pb"), npz=str(tmp_path / "a.npz"))
    with np.load(str(tmp_path / "a.npz")) as arrays:
        assert arrays.files == ["file"] and arrays["file"].tolist() == list(range(20))


def test_arguments_have_names_that_a_graph_can_have(tmp_path, forked, monkeypatch):
    monkeypatch.setattr("sys.executable", forked)
    meta = tf.MetaGraphDef(graph_def=graph(("y", "Tanh", ["x"], {"T": FLOAT})))
    meta.signature_def["a b"].inputs["in put:0"].name = "x:0"
    meta.signature_def["a b"].outputs["out put:0"].name = "y:0"
    meta.signature_def["other"].outputs["y"].name = "y:0"
    (tmp_path / "a.meta").write_bytes(meta.SerializeToString())
    assert converting.inspect(str(tmp_path / "a.meta"))[-1].endswith(
        "--out converted --signature 'a b'")
    converting.convert(str(tmp_path / "a.meta"), str(tmp_path / "out"), signature="a b")
    function = tf.compat.v2.saved_model.load(str(tmp_path / "out")).signatures["serving_default"]
    found = function(in_put_0=tf.compat.v2.constant([1.]))
    np.testing.assert_allclose(found["out put:0"].numpy(), np.tanh([1.]), rtol=1e-6)


def test_a_process_that_was_killed_has_no_last_words():
    done = conversion.saved_model.subprocess.CompletedProcess
    assert conversion.saved_model.last_line(done([], -11, "", "I0000 a line\n")) == \
        "the process was killed (signal 11)"
    assert conversion.saved_model.last_line(done([], 1, "", "a\nError: b\n\n")) == "Error: b"


def after_updates(count):
    """So many operations that come after as many others and an update: in order alone."""
    value = tf.AttrValue(tensor=tf.make_tensor_proto(1.))
    return graph(
        ("v", "VariableV2", [], {"dtype": FLOAT}), ("c", "Const", [], {
            "dtype": FLOAT, "value": value}), ("u", "Assign", ["v", "c"], {"T": FLOAT}),
        *[(f"t{at}", "Tanh", ["x"], {"T": FLOAT}) for at in range(count)],
        ("all", "Identity", ["u"] + [f"^t{at}" for at in range(count)], {"T": FLOAT}),
        *[(f"w{at}", "Tanh", ["x", "^all"], {"T": FLOAT}) for at in range(count)],
        ("y", "AddN", [f"w{at}" for at in range(count)], {"T": FLOAT, "N": tf.AttrValue(i=count)}))


def test_order_after_updates_takes_no_more_than_the_graph_is_large(monkeypatch):
    made = after_updates(9)
    updates.leave_out(made, ["y"])
    assert [sorted(node.input) for node in made.node if node.name == "w3"] == [
        sorted(["x", "^c"] + [f"^t{at}" for at in range(9)])]
    monkeypatch.setattr(updates, "_MOST", 50)
    with pytest.raises(UserError, match="come after so many updates of variables"):
        updates.leave_out(after_updates(9), ["y"])


@pytest.mark.parametrize("late", [False, True])
def test_many_updates_are_followed_at_once(late, monkeypatch):
    """Each of a chain changes its variable after the chain has read it, but perhaps the last."""
    monkeypatch.setattr(updates, "_AT_ONCE", 7)
    nodes, before = [], "x"
    for at in range(20):
        other = 19 if late and at == 18 else at
        nodes += [(f"v{at}", "VariableV2", [], {"dtype": FLOAT}),
                  (f"h{at}", "Add", [before, f"v{at}"] + ([f"^u{at - 1}"] if at else []), {
                      "T": FLOAT}),
                  (f"u{at}", "AssignSub", [f"v{other}", f"h{at}"], {"T": FLOAT})]
        before = f"h{at}"
    made = graph(*nodes, ("y", "Tanh", [before], {"T": FLOAT}))
    if not late:
        updates.check(made, ["y"])
        return
    with pytest.raises(UserError, match="u18 .AssignSub. changes v19 before h19 reads it"):
        updates.check(made, ["y"])
    updates.check(made, ["y"], of_training={"u18"})


def test_noise_of_gigabytes_is_not_drawn(tmp_path):
    shape = tf.AttrValue(shape=tf.TensorShape([2 ** 30, 2 ** 30]).as_proto())
    made = graph(("y", "Tanh", ["x"], {"T": FLOAT}))
    made.node[0].attr["shape"].CopyFrom(shape)
    (tmp_path / "a.pb").write_bytes(made.SerializeToString())
    with pytest.raises(UserError, match="noise of .1073741824, 1073741824., which is too large"):
        converting.pictures.sample_to_files(str(tmp_path / "a.pb"), out=str(tmp_path / "a.png"))


def test_arrays_to_check_with_are_small_and_no_others_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(values, "_LARGEST_FILE", 100)
    ends = Ends({"x": Tensor("x", 0)}, {}, {"y": Tensor("y", 0)}, [])
    cut = network.Network(ends, None, graph(), {}, {}, {}, [], [])
    path = str(tmp_path / "a.npz")
    np.savez(path, x=np.zeros(20, "f"), y=np.zeros(1000))
    assert list(values.read(path, cut)) == ["x"]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("z", b"no array")
    assert list(values.read(path, cut)) == ["x"]
    np.savez(path, x=np.zeros(26, "f"))
    with pytest.raises(UserError, match="x.npy claims to be .26."):
        values.read(path, cut)


# -- Words of a SavedModel -------------------------------------------------------------------

def table_of(folder):
    with tf.Graph().as_default() as made:
        table = tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64, name="table")
        tf.raw_ops.InitializeTableFromTextFileV2(
            table_handle=table, filename="words", key_index=-2, value_index=-1)
    return tables.read(source_of(made.as_graph_def(), str(folder)), ["table"])["table"][0].tolist()


def test_words_are_read_in_the_model_s_own_folder_alone(tmp_path, monkeypatch):
    (tmp_path / "own" / "assets").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "own" / "assets" / "words").write_bytes(b"a\nb\n")
    os.symlink("own", str(tmp_path / "model"))          # to name it by a link is the user's own
    assert table_of(tmp_path / "own") == table_of(tmp_path / "model") == [b"a", b"b"]
    os.symlink("../own/assets", str(tmp_path / "other" / "assets"))
    with pytest.raises(UserError, match="words in words, which is not in its folder assets"):
        table_of(tmp_path / "other")
    for name, limit in (("_LARGEST", 3), ("_MOST", 1)):
        with monkeypatch.context() as patched:
            patched.setattr(tables, name, limit)
            with pytest.raises(UserError, match="words has more than .* is not read as a table"):
                table_of(tmp_path / "own")


# -- Keras -----------------------------------------------------------------------------------

INPUT = {"class_name": "InputLayer", "name": "i", "inbound_nodes": [],
         "config": {"name": "i", "batch_input_shape": [None, 4], "dtype": "float32"}}


def layer(name, *inputs, kind="Add", config=()):
    return {"class_name": kind, "name": name, "config": dict(config or {"name": name}),
            "inbound_nodes": [[[each, 0, 0, {}] for each in inputs]]}


def model(*layers):
    return {"class_name": "Model", "config": {
        "name": "m", "layers": [INPUT, *layers], "input_layers": [["i", 0, 0]],
        "output_layers": [[layers[-1]["name"], 0, 0]]}}


def dense(units=4, **config):
    return dict(INPUT["config"], name="d", units=units, **config)


@pytest.mark.parametrize("config, words", [
    (model(layer("a", "i", "b"), layer("b", "a", "i")), "layer 'a' takes what is not there"),
    (model(layer("a", "a", "i")), "layer 'a' takes what is not there"),
    (model(layer("a", "i", "c")), "layer 'a' takes what is not there"),
    ({"class_name": "Sequential", "config": [{"class_name": "ReLU", "config": {}}] * 2001},
     "more than 2000 layers"),
    ({"class_name": "Model", "config": None}, "no configuration of a model"),
    ({"class_name": "Model", "config": 7}, "no configuration of a model")])
def test_models_that_keras_would_not_come_to_an_end_with(config, words, tmp_path):
    path = str(tmp_path / "a.json")
    with open(path, "w") as file:
        json.dump(config, file)
    with pytest.raises(UserError, match=words):
        keras_models.describe(path) if "no conf" in words else keras_checks.check(path, config)
    if "no conf" not in words:
        assert "Cannot be converted" in keras_models.describe(path)[-1]


@pytest.mark.parametrize("layers", [
    [layer("b", "a"), layer("a", "i")],                 # in another order than they work
    [dict(layer("a", "i"), inbound_nodes=[[["i", 0, 0, {}]], [["a", 0, 0, {}]]])],      # twice
    [dict(layer("m", "i", kind="Model", config={"layers": []}), inbound_nodes=[
        [["i", 0, 0, {}]], [["m", 1, 0, {}]]]), layer("a", "m")],
    [dict(layer("a", "i"), inbound_nodes=[["i", 0, 0, {"with": ["i", 0, 0]}]])]])
def test_layers_that_can_be_joined_are(layers):
    keras_checks.check("a.json", model(*layers))


def test_a_model_is_no_larger_than_its_weights_and_draws_none(tmp_path, monkeypatch):
    """Of a regularizer and an initializer of the script's own, it needs neither."""
    h5py = pytest.importorskip("h5py")
    path = str(tmp_path / "a.h5")

    def write(config):
        with h5py.File(path, "w") as file:
            file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": [
                {"class_name": "Dense", "config": config}]})
            group = file.create_group("model_weights")
            group.attrs["layer_names"] = np.array([b"d"])
            group.create_group("d").attrs["weight_names"] = np.array([b"d/kernel:0", b"d/bias:0"])
            group["d"]["d/kernel:0"] = np.full([4, 4], 2, "f")
            group["d"]["d/bias:0"] = np.zeros(4, "f")
    write(dense(kernel_initializer={"class_name": "Own", "config": {}}, bias_initializer="own",
                kernel_regularizer={"class_name": "Own", "config": {}}))
    found = keras_models.read(path)[1]
    assert found["d/kernel"].tolist() == [[2.] * 4] * 4
    for units in (2 ** 20, 2 ** 40):
        write(dense(units))
        with pytest.raises(UserError, match="a model of [0-9]* numbers, and it has 20"):
            keras_models.read(path)


@pytest.mark.parametrize("first", [0, 1])
def test_a_model_within_one_may_have_been_built_before_it_was_called(first, tmp_path, monkeypatch):
    """Keras 2.2 counts its building as a call; tf.keras of 1.x does not."""
    monkeypatch.setattr(keras_checks, "_SECONDS", 20)
    inner = layer("inner", "i", kind="Sequential", config={
        "name": "inner", "build_input_shape": [None, 4], "layers": [
            {"class_name": "Dense", "config": {"name": "d", "units": 4}}]})
    config = model(inner, {**layer("a", "i"), "inbound_nodes": [
        [["inner", first, 0, {}], ["i", 0, 0, {}]]]})
    with pytest.importorskip("h5py").File(str(tmp_path / "a.h5"), "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = np.array([b"i", b"inner", b"a"])
        for name in ("i", "inner", "a"):
            group.create_group(name).attrs["weight_names"] = np.array(
                [b"d/kernel:0", b"d/bias:0"] if name == "inner" else [], "S")
        group["inner"]["d/kernel:0"] = np.full([4, 4], 2, "f")
        group["inner"]["d/bias:0"] = np.zeros(4, "f")
    meta, values, _, _ = keras_models.read(str(tmp_path / "a.h5"))
    assert list(values) == ["d/kernel", "d/bias"]
    assert meta.signature_def["serving_default"].outputs["a"].dtype == 1


def test_lists_of_tf_keras_in_yaml_are_lists(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "class_name: Sequential\nconfig:\n- class_name: BatchNormalization\n  config:\n"
        "    axis: !!python/object/apply:tensorflow.python.training.tracking.data_structures."
        "ListWrapper\n    - - 3\n")
    assert "1 BatchNormalization" in keras_models.describe(str(tmp_path / "a.yaml"))[1]


def test_a_number_of_yaml_is_short(tmp_path):
    """Those of base 60 take time that grows with the square of their length."""
    number = "1:" * 99 + "1"
    (tmp_path / "a.yaml").write_text(f"class_name: Model\nconfig: [60, 1:30, 1.5, {number}]")
    with pytest.raises(UserError, match="a number of 199 digits"):
        keras_models.describe(str(tmp_path / "a.yaml"))


def test_keras_is_given_a_minute(monkeypatch):
    monkeypatch.setattr(keras_checks, "_SECONDS", .05)
    with pytest.raises(UserError, match="a.h5 has a model that Keras does not build within"):
        with keras_checks.limited("a.h5"):
            while True:
                pass
