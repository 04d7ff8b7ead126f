"""Models of TensorFlow 1.15.5 and of Keras 2.2.5 that are files: converted, looked at, drawn from.

tests/old_models/files.tar.xz is what its make.py, more.py and of_keras.py wrote there, with what
these computed.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tarfile

import numpy as np
import pytest
from helpers import ROOT

from tf1gan import converting, restoring
from tf1gan.compat import tf
from tf1gan.converting import graphs, savers, sources
from tf1gan.errors import UserError

pytestmark = pytest.mark.skipif(tf.__version__.startswith("1."), reason="needs TensorFlow 2")

HERE = os.path.join(ROOT, "tests", "old_models")
# Name -> (file, what is asked, whose numbers it has, words that are said).
CASES = {
    "dense": ("dense", {}, "dense", [
        "written by TensorFlow 1.15.5", "fixed   keep_prob:0 = 1.0", "1 dropout removed",
        "generator/digits:0  float32 [?, 16]", "24 of 515 operations kept"]),
    "convolutional": ("convolutional.meta", {}, "convolutional", [
        "fixed   is_training:0 = False", "guessed: images:0; is_training:0 = False; z:0"]),
    "by_batch": ("convolutional", dict(batch_statistics=True, outputs="images"), "by_batch", [
        "fixed   is_training:0 = True", "fixed   rate:0 = 0.0"]),
    "in_training": ("in_training", {}, "in_training", [
        "3 statistics of batches replaced by moving ones", "1 dropout removed"]),
    "recurrent": ("recurrent", {}, "recurrent", ["input   words = words:0  int32 [?, ?]"]),
    "queue_fed": ("queue_fed", dict(outputs="y", inputs="batch"), "queue_fed", [
        "input   batch = batch:0  float32 [?, 3]"]),
    "estimator": ("estimator", dict(signature="predict"), "estimator", ["a SavedModel"]),
    "tables": ("tables", {}, "tables", ["the signature 'serving_default'"]),
    "frozen": ("frozen.pb", {}, "frozen", ["a frozen graph"]),
    "text": ("frozen.pbtxt", {}, "frozen", ["a frozen graph as text"]),
    "contrib": ("contrib.pb", dict(outputs="sampled,yiq,tree"), "contrib", [
        "mended: Resampler (gone from contrib.resampler, with 2.0)"]),
    "old": ("old.pb", dict(outputs="normal,MatrixInverse"), "old", [
        "graph version 8", "BatchMatrixInverse is MatrixInverse"]),
    "arrays": ("arrays.pb", dict(outputs="scanned,second/mapped"), "arrays", [
        "operations on arrays of tensors are TensorFlow 1.1's"]),
    "searching": ("searching", dict(outputs="found,slope,classes"), "searching", [
        "lengths:0 = its default, which is computed", "2 statistics of batches replaced"]),
    "texts": ("texts", {}, "texts", ["a SavedModel of 2 graphs ([serve], [serve,gpu])"]),
    "pictures": ("texts", dict(signature="pictures"), "pictures", ["'pictures'"]),
    "keras": ("keras_generator.h5", {}, "keras_generator", ["written by Keras 2.2.5"]),
    "tf_keras": ("tf_keras_generator.h5", {}, "tf_keras_generator", ["Keras 2.2.4-tf"]),
    "json": ("keras_recurrent_model.json", dict(keras_weights="keras_recurrent_weights.h5"),
             "keras_recurrent", ["written by Keras 2.2.5"]),
}
# A few of each kind; the others are slow.
FEW = ("dense", "convolutional", "estimator", "frozen", "keras")
REST = tuple(name for name in CASES if name not in FEW)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("files"))
    with tarfile.open(os.path.join(HERE, "files.tar.xz")) as archive:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(folder, **safely)
    return folder


@pytest.fixture
def trying_in_forks(forked, monkeypatch):
    """What tries a result is a fork of a process that has loaded TensorFlow."""
    monkeypatch.setattr(sys, "executable", forked)


@pytest.fixture(scope="module")
def converted(files, forked, tmp_path_factory):
    """A case's name -> (its result's folder, what was said, differences): few are made, or all."""
    made = {}

    def convert(names, folder):
        said = {}
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sys, "executable", forked)
            for name in names:
                file, asked, _, _ = CASES[name]
                asked = {key: os.path.join(files, value) if key == "keras_weights" else value
                         for key, value in asked.items()}
                with contextlib.redirect_stdout(io.StringIO()) as words:
                    converting.convert(
                        os.path.join(files, file), os.path.join(folder, name), **asked)
                said[name] = words.getvalue()
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "compute.py"), folder, files]
            + [f"{name}={CASES[name][2]}" for name in names],
            stdout=subprocess.PIPE, universal_newlines=True, check=True, timeout=300,
            env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3"))
        return {name: (os.path.join(folder, name), said[name], apart)
                for name, apart in json.loads(done.stdout).items()}

    def of(name):
        if name not in made:
            made.update(convert(FEW if name in FEW else REST,
                                str(tmp_path_factory.mktemp("converted"))))
        return made[name]
    return of


@pytest.mark.parametrize("name", list(FEW) + [
    pytest.param(name, marks=pytest.mark.slow) for name in REST])
def test_a_converted_model_computes_what_1_15_5_did(name, converted):
    _, said, apart = converted(name)
    assert apart and max(apart.values()) <= 1e-6, apart
    for words in CASES[name][3]:
        assert words in said, said
    assert "loaded without tf1gan and compared with the original" in said


def nodes_of(model):
    """Those of a converted network: of the largest function, in whatever order the library is."""
    library = model.signatures["serving_default"].graph.as_graph_def().library
    return max((function.node_def for function in library.function), key=len)


def test_a_converted_model_has_its_weights_as_variables_and_neither_dropout_nor_a_phase(converted):
    model = tf.compat.v2.saved_model.load(converted("dense")[0])
    assert sorted(variable.shape.num_elements() for variable in model.weights) == [8, 16, 40, 128]
    kinds = {node.op for node in nodes_of(model)}
    assert not kinds & {"RandomUniform", "Placeholder", "Switch", "Floor"}


@pytest.mark.slow
def test_a_gradient_through_a_loop_takes_out_what_was_put_by_in_its_own_iteration(converted):
    """The order before and after what is put by is the counters', as in the original."""
    model = tf.compat.v2.saved_model.load(converted("searching")[0])
    nodes = nodes_of(model)
    kinds = {node.name: node.op for node in nodes}
    for kind, counts in (("StackPushV2", {"Add", "AddV2"}), ("StackPopV2", {"Sub"})):
        found = [node for node in nodes if node.op == kind]
        assert len(found) > 10
        for node in found:
            before = {kinds[value.lstrip("^").partition(":")[0]] for value in node.input
                      if value.startswith("^")}
            after = {each.op for each in nodes if "^" + node.name in each.input}
            assert before & counts and after, (node.name, before, after)


# -- What is refused -------------------------------------------------------------------------

REFUSED = {
    "no clear output": ("queue_fed", {}, "name it with --outputs, such as add:0.*y:0 float32 "),
    "no such tensor": ("dense", dict(outputs="digits"), "no 'digits'; there is generator/digits"),
    "an input that plays no part": ("dense", dict(inputs="real", outputs="generator/digits"),
                                    "does not depend on real:0"),
    "a value of another type": ("convolutional", dict(inputs="z,is_training=hello"),
                                "gives it no value"),
    "an input that is missing": ("recurrent", dict(inputs="words"),
                                 "depends on lengths:0, too, int32"),
    "no such signature": ("estimator", dict(signature="x"), "name one of classification, predict"),
    "Python's code": ("lambda.h5", {}, "layer of Python code .Lambda 'lambda_1'"),
    "weights alone": ("keras_recurrent_weights.h5", {}, "weights alone.*--weights"),
    "JSON alone": ("keras_recurrent_model.json", {}, "--weights FILE.h5"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_is_not_clear_is_refused_in_a_line_and_nothing_is_left(name, files, tmp_path):
    file, asked, words = REFUSED[name]
    with pytest.raises(UserError, match=words) as refusal:
        converting.convert(os.path.join(files, file), str(tmp_path / "out"), **asked)
    assert "\n" not in str(refusal.value) and not os.listdir(str(tmp_path))


def test_a_result_that_differs_takes_no_name(files, tmp_path, trying_in_forks, monkeypatch):
    run = converting.conversion.original.run_twice
    monkeypatch.setattr(converting.conversion.original, "run_twice", lambda *given: [{
        name: value + np.float32(2e-6) for name, value in each.items()} for each in run(*given)])
    with pytest.raises(UserError, match="probabilities differs from the original's by 2(.1)?e-06"):
        converting.convert(os.path.join(files, "frozen.pb"), str(tmp_path / "out"))
    assert not os.listdir(str(tmp_path))


def graph_of(*nodes):
    """A GraphDef of (name, operation, inputs, attributes)."""
    graph = tf.GraphDef()
    for name, operation, inputs, attributes in nodes:
        node = graph.node.add(name=name, op=operation, input=inputs)
        for key, value in attributes.items():
            node.attr[key].CopyFrom(value)
    return graph


def hostile():
    """Name -> (bytes of a file, its ending, words)."""
    kind = tf.AttrValue(type=tf.float32.as_datatype_enum)
    text = tf.AttrValue(type=tf.string.as_datatype_enum)
    huge = tf.make_tensor_proto(1., tf.float32)
    huge.tensor_shape.dim.add().size = 2 ** 31
    name = tf.AttrValue(tensor=tf.make_tensor_proto("/etc/passwd"))
    x = ("x", "Placeholder", [], {"dtype": kind})
    own = graph_of(x, ("y", "Own", ["x"], {}))
    function = own.library.function.add()
    function.signature.name = "Own"
    function.node_def.add(name="again", op="Own")
    return {
        "a million nodes": ((b"\x0a\x09\x0a\x01a\x12\x04NoOp") * 1000000, ".pb",
                            "more than 100000 operations"),
        "a million nodes as text": (b'node { name: "a" op: "NoOp" }\n' * 1000000, ".pbtxt",
                                    "more than 100000 operations"),
        "a circle": (graph_of(x, ("a", "Add", ["x", "b"], {"T": kind}),
                              ("b", "Add", ["a", "a"], {"T": kind}), ("y", "Tanh", ["b"], {
                                  "T": kind})), ".pb", "file.pb .*(circle|cycle|cannot)"),
        "a constant of 8 GB": (graph_of(
            x, ("c", "Const", [], {"dtype": kind, "value": tf.AttrValue(tensor=huge)}),
            ("y", "Add", ["x", "c"], {"T": kind})), ".pb", "claim 8192 MB"),
        "a file that it reads": (graph_of(
            x, ("n", "Const", [], {"dtype": text, "value": name}), ("f", "ReadFile", ["n"], {}),
            ("y", "StringJoin", ["f", "s"], {"N": tf.AttrValue(i=2)}),
            ("s", "AsString", ["x"], {"T": kind})), ".pb", "ReadFile .f., which touches files"),
        "Python's functions": (graph_of(x, ("y", "PyFunc", ["x"], {
            "token": tf.AttrValue(s=b"a"), "Tin": tf.AttrValue(list=tf.AttrValue.ListValue(
                type=[1])), "Tout": tf.AttrValue(list=tf.AttrValue.ListValue(type=[1]))})), ".pb",
            "PyFunc .y., which touches files, Python"),
        "a function that calls itself": (own, ".pb", "file.pb"),
        "an operation of its own": (graph_of(x, ("y", "TakeAll", ["x"], {})), ".pb",
                                    "TakeAll .TensorFlow of today has no such operation"),
        "deep JSON": (b'{"class_name": "Model", "config": ' + b"[" * 100000, ".json",
                      "no configuration"),
        "JSON that loads modules": (json.dumps({
            "class_name": "Sequential", "config": {"layers": [{
                "module": "os", "class_name": "system", "config": {}}]}}).encode(), ".json",
            "names modules to load"),
        "half a file": (graph_of(x).SerializeToString()[:-3], ".pb", "not a whole one"),
    }


@pytest.mark.parametrize("name", list(hostile()) if not tf.__version__.startswith("1.") else [])
def test_hostile_files_end_in_one_line(name, files, tmp_path):
    content, ending, words = hostile()[name]
    path = tmp_path / ("file" + ending)
    path.write_bytes(content if isinstance(content, bytes) else content.SerializeToString())
    weights = os.path.join(files, "keras_recurrent_weights.h5") if ending == ".json" else None
    with pytest.raises(UserError, match=words) as refusal:
        converting.convert(str(path), str(tmp_path / "out"), keras_weights=weights,
                           outputs="" if ending == ".json" else "y")
    assert "\n" not in str(refusal.value) and os.listdir(str(tmp_path)) == [path.name]
    if name.startswith("a million"):
        with pytest.raises(UserError, match=words):
            converting.inspect(str(path))


def test_a_checkpoint_that_claims_more_than_it_has_is_refused(files, tmp_path):
    for name in os.listdir(files):
        if name.startswith("dense."):
            with open(os.path.join(files, name), "rb") as file:
                content = file.read()
            (tmp_path / name).write_bytes(content[:9] if ".data-" in name else content)
    with pytest.raises(UserError, match="dense (claims .* MB|is damaged)"):
        converting.convert(str(tmp_path / "dense"), str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


# -- Arrays, checkpoints ---------------------------------------------------------------------

def test_variables_become_arrays_and_objects_and_names_again(files, tmp_path, trying_in_forks):
    path = os.path.join(files, "dense")
    converting.convert(path, npz=str(tmp_path / "a.npz"), checkpoint=str(tmp_path / "objects"))
    converting.convert(str(tmp_path / "objects" / "model.ckpt"), checkpoint=str(tmp_path / "names"))
    wanted, _ = restoring.opened(path)
    objects = tf.train.load_checkpoint(str(tmp_path / "objects" / "model.ckpt"))
    again, _ = restoring.opened(str(tmp_path / "names"))
    assert list(again.shapes) == list(wanted.shapes) and again.slots == wanted.slots
    with np.load(str(tmp_path / "a.npz")) as arrays:
        for name in wanted.shapes:
            assert np.array_equal(arrays[name], wanted.read(name))
            assert np.array_equal(again.read(name), wanted.read(name))
    assert np.array_equal(objects.get_tensor(
        "variables/generator/dense/kernel/.ATTRIBUTES/VARIABLE_VALUE"),
        wanted.read("generator/dense/kernel"))


def test_a_frozen_graph_and_a_model_of_keras_have_arrays_too(files, tmp_path, trying_in_forks):
    for file, wanted in (("frozen.pb", {"dense/kernel": (8, 3)}),
                         ("keras_generator.h5", {"conv2d_1/kernel": (3, 3, 6, 1)})):
        converting.convert(os.path.join(files, file), npz=str(tmp_path / "a.npz"))
        with np.load(str(tmp_path / "a.npz")) as arrays:
            for name, shape in wanted.items():
                assert arrays[name].shape == shape and arrays[name].std() > 0, arrays.files


@pytest.mark.parametrize("size", [68719476736, 9])
def test_an_archive_that_claims_more_than_it_has_is_no_check(size, files, tmp_path):
    import zipfile
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2, %d)}" % size
    header = header.ljust(117)
    with zipfile.ZipFile(str(tmp_path / "a.npz"), "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\x01\x00v\x00" + header + b"\n")
    with pytest.raises(UserError, match=f"claims to be .2, {size}"):
        converting.convert(os.path.join(files, "frozen.pb"), str(tmp_path / "out"),
                           check=str(tmp_path / "a.npz"))


def test_onnx_needs_its_packages(files, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    with pytest.raises(UserError, match="--onnx needs tf2onnx and onnx .*pip install tf2onnx onnx"):
        converting.convert(os.path.join(files, "frozen.pb"), onnx_file=str(tmp_path / "a.onnx"))
    assert not os.listdir(str(tmp_path))


def test_a_network_in_onnx_computes_what_1_15_5_did(files, tmp_path):
    pytest.importorskip("tf2onnx")
    onnxruntime = pytest.importorskip("onnxruntime")
    for name, asked in (("frozen.pb", {}), ("dense", {}), ("convolutional", {})):
        path = str(tmp_path / "network.onnx")
        converting.convert(os.path.join(files, name), onnx_file=path, **asked)
        with open(os.path.join(files, name.partition(".")[0] + ".json")) as file:
            kept = json.load(file)
        inputs, outputs = ({key: np.array(value["values"], value["dtype"]).reshape(value["shape"])
                            for key, value in kept[side].items()} for side in ("inputs", "outputs"))
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        for found, wanted in zip(session.run(list(outputs), inputs), outputs.values()):
            np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-6)


# -- Looking, drawing ------------------------------------------------------------------------

INSPECTED = {
    "convolutional.meta": ["a graph, with the checkpoint", "z:0  float32 [?, 4]",
                           "is_training:0  bool of any shape, a phase", "RMSProp", "Fits no model",
                           "can compute each of them on a CPU", "Convert: tf1gan convert "],
    "estimator": ["a SavedModel, written by TensorFlow 1.15.5", "Signature predict: examples"],
    "contrib.pb": ["No longer in TensorFlow, and computed by other operations: AdjustHsvInYiq, "
                   "GatherTree, "],
    "lambda.h5": ["a model of Keras (Sequential of 2 layers)", "Cannot be converted"],
    "keras_recurrent_model.json": ["1 Bidirectional", "--weights FILE.h5"],
    "keras_recurrent_weights.h5": ["embedding_1", "with the model's JSON"],
}


@pytest.mark.parametrize("name", list(INSPECTED))
def test_inspecting_says_what_a_file_is(name, files):
    said = "\n".join(converting.inspect(os.path.join(files, name)))
    for words in INSPECTED[name]:
        assert words in said, said


def test_of_a_classifier_its_logits_are_recommended_and_no_loss(tmp_path):
    with tf.Graph().as_default() as graph:
        x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.float32, [None, 3])
        logits = tf.layers.dense(x, 3, name="logits")
        tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits))
        tf.train.write_graph(graph, str(tmp_path), "graph.pb", as_text=False)
    said = converting.inspect(str(tmp_path / "graph.pb"))
    assert said[-1].endswith("--out converted --outputs logits/BiasAdd:0"), said[-1]


def test_a_graph_is_drawn_for_tensorboard(files, tmp_path):
    converting.inspect(os.path.join(files, "frozen.pb"), graph=str(tmp_path / "drawn"))
    events, = os.listdir(str(tmp_path / "drawn"))
    found = [tf.GraphDef.FromString(event.graph_def) for event in tf.train.summary_iterator(
        str(tmp_path / "drawn" / events)) if event.graph_def]
    assert "probabilities" in {node.name for node in found[0].node}


def test_the_command_inspects_and_samples(files, converted, tmp_path, command):
    said = ""
    for path, flags in ((os.path.join(files, "convolutional"), []),
                        (converted("keras")[0],
                         ["--npz", "a.npz", "--out", "b.png"])):
        done = command("tf1gan", "sample", path, "-n", 5, "--seed", 3, *flags)
        assert done.returncode == 0, done.stderr
        said += done.stdout
    assert "16 x 16, 0 is black and 1 white" in said and ": 8 x 8, " in said
    with np.load("a.npz") as arrays:
        assert arrays["images"].shape == (5, 8, 8) and arrays["images"].dtype == np.float32
    assert os.path.getsize("pictures.png") and os.path.getsize("b.png")
    done = command("tf1gan", "convert", os.path.join(files, "dense"))
    assert done.returncode == 2 and "nothing to write" in done.stderr


@pytest.mark.parametrize("shape, low, high, wanted, words", [
    ([3, 784], -1, 1, (28, 28), "-1 is black"), ([3, 4, 6, 3], 0, 255, (4, 6, 3), "255 white"),
    ([3, 3, 8, 8], 0, 1, (8, 8, 3), "0 is black and 1"), ([3, 5, 5, 1], -9, 7, (5, 5), "-9 is"),
    ([3, 3072], 0, 1, (32, 32, 3), "0 is black and 1")])
def test_shapes_and_ranges_of_pictures_are_recognized(shape, low, high, wanted, words):
    values = np.linspace(low, high, int(np.prod(shape))).reshape(shape)
    images, said = converting.pictures.in_unit(converting.pictures.as_images("x", values))
    assert images.shape[1:] == wanted and words in said
    assert images.min() == 0 and images.max() == 1
    assert converting.pictures.tile(images).dtype == np.uint8


@pytest.mark.parametrize("labels, wanted", [("3", [.3] * 4), ("[0,5,10]", [0, .5, 1, 0])])
def test_a_label_is_that_of_all_pictures_and_of_a_list_each_has_the_next(labels, wanted, tmp_path):
    with tf.Graph().as_default() as graph:
        z = tf.placeholder(tf.float32, [None, 2], name="z")
        label = tf.placeholder(tf.float32, [None], name="label")
        tf.identity(tf.tile(tf.reshape(label / 10 + 0 * z[:, 0], [-1, 1, 1]), [1, 4, 4]), name="y")
        (tmp_path / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
    converting.pictures.sample_to_files(str(tmp_path / "g.pb"), 4, npz=str(tmp_path / "a.npz"),
                                        inputs="z:0,label:0=" + labels)
    with np.load(str(tmp_path / "a.npz")) as arrays:
        np.testing.assert_allclose(arrays["images"][:, 1, 2], wanted, atol=1e-6)


def test_pictures_that_are_no_numbers_are_not_drawn(tmp_path):
    with tf.Graph().as_default() as graph:
        z = tf.placeholder(tf.float32, [None, 16], name="z")
        tf.reshape(z * np.nan, [-1, 4, 4], name="y")
        (tmp_path / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
    with pytest.raises(UserError, match="draws numbers that are not finite"):
        converting.pictures.sample_to_files(str(tmp_path / "g.pb"), npz=str(tmp_path / "a.npz"))
    assert os.listdir(str(tmp_path)) == ["g.pb"]


def test_noise_that_a_graph_draws_has_to_be_an_input(tmp_path):
    with tf.Graph().as_default() as graph:
        tf.tanh(tf.random_uniform([4, 3], -1, 1, seed=1) * 2., name="y")
        (tmp_path / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
    with pytest.raises(UserError, match="--inputs random_uniform:0$"):
        converting.convert(str(tmp_path / "g.pb"), str(tmp_path / "out"), outputs="y")


def test_channels_that_come_first_are_turned(tmp_path, trying_in_forks):
    """TensorFlow has no CPU's kernel for these; the same network with its channels last has."""
    rs = np.random.RandomState(0)
    x, kernel = rs.randn(2, 3, 6, 6).astype("f"), rs.randn(3, 3, 3, 4).astype("f")
    found = {}
    for order in ("NHWC", "NCHW"):
        turn = (lambda array: array) if order == "NHWC" else (lambda array: [
            array[at] for at in (0, 3, 1, 2)])
        with tf.Graph().as_default() as graph:
            given = tf.placeholder(tf.float32, [None] + turn([0, 6, 6, 3])[1:], name="x")
            h = tf.nn.conv2d(given, kernel, turn([1, 2, 1, 1]), "SAME", data_format=order)
            h = tf.nn.max_pool2d(tf.nn.bias_add(h, [1., 2., 3., 4.], data_format=order),
                                 turn([1, 2, 3, 1]), turn([1, 1, 1, 1]), "VALID",
                                 data_format=order)
            tf.nn.conv2d_transpose(h, kernel, turn([2, 4, 8, 3]), turn([1, 2, 2, 1]),
                                   data_format=order, name="y")
            (tmp_path / (order + ".pb")).write_bytes(graph.as_graph_def().SerializeToString())
        converting.convert(str(tmp_path / (order + ".pb")), str(tmp_path / order),
                           inputs="file=x", outputs="allow_pickle=y")       # also NumPy's words
        function = tf.compat.v2.saved_model.load(str(tmp_path / order)).signatures[
            "serving_default"]
        value = x if order == "NCHW" else x.transpose(0, 2, 3, 1)
        found[order] = function(file=tf.compat.v2.constant(value))["allow_pickle"].numpy()
    np.testing.assert_allclose(found["NCHW"].transpose(0, 2, 3, 1), found["NHWC"], atol=1e-5)


def test_a_saver_s_own_names_and_slices_are_known(files):
    """queue_fed's weights are saved in two slices, under a name of their own."""
    source = sources.opened(os.path.join(files, "queue_fed"))
    keys = savers.keys(source)
    assert keys["net/w/part_1"][0] == "weights" and "2,1" in keys["net/w/part_1"][1]
    assert graphs.by_name(source.graph_def)["net/w/part_0"].op == "VariableV2"
