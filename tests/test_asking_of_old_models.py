"""What `tf1gan convert` and `sample` are asked for: names, values, places to write to."""

import os
import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from helpers import ROOT

from tf1gan import converting, files
from tf1gan.compat import tf
from tf1gan.errors import UserError, WriteError

pytestmark = pytest.mark.skipif(tf.__version__.startswith("1."), reason="needs TensorFlow 2")


@pytest.fixture
def trying_in_forks(forked, monkeypatch):
    """What tries a result is a fork of a process that has loaded TensorFlow."""
    monkeypatch.setattr(sys, "executable", forked)


@pytest.fixture
def network(tmp_path):
    """A frozen graph: x [?, 2], a whole number and a phase -> y, and a z that is never finite."""
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 2], name="x")
        k = tf.placeholder(tf.int32, [], name="k")
        phase = tf.placeholder(tf.bool, [], name="phase")
        y = tf.cond(phase, lambda: x * 2, lambda: x) * tf.cast(k, tf.float32)
        tf.identity(y, name="y")
        tf.log(-1 - tf.abs(x), name="z")
    path = tmp_path / "network.pb"
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return str(path)


@pytest.mark.parametrize("inputs, outputs, words", [
    ("x,k:0=3.7", "y", "k:0 is int32 and cannot be 3.7"),
    ("x,k:0=3,phase:0=0.5", "y", "phase:0 is bool and cannot be 0.5"),
    ("x:abc,k:0=3", "y", "'x:abc' is no tensor's name: give one such as x:0"),
    ("x:1,k:0=3", "y", "has no 'x:1': x has 1 output"),
    ("x,k:0=3", "y:5", "has no 'y:5': y has 1 output"),
    ("x,x,k:0=3", "y", "names x:0 twice"), ("a=x,b=x,k:0=3", "y", "names x:0 twice"),
    ("a=x,a=k", "y", "two inputs called a"),
    ("x", "z", "z has no finite number on these inputs")])
def test_what_makes_no_sense_is_refused_by_name(inputs, outputs, words, network, tmp_path):
    with pytest.raises(UserError) as error:
        converting.convert(network, str(tmp_path / "out"), inputs, outputs)
    assert words in str(error.value), error.value
    assert os.listdir(str(tmp_path)) == ["network.pb"]


def test_a_flag_that_nothing_is_done_with_is_refused(network, tmp_path):
    with pytest.raises(UserError, match="--inputs is for --out and --onnx"):
        converting.convert(network, npz=str(tmp_path / "a.npz"), inputs="zz")


@pytest.mark.parametrize("source, written, kept", [
    ("m.h5", "m.h5", True), ("model.ckpt-1", "model.ckpt-1", True),
    ("model.ckpt-1", "model.ckpt-1.index", True),
    ("model.ckpt-1", "model.ckpt-1.data-00000-of-00001", True),
    ("model.ckpt-1.meta", "model.ckpt-1.index", True),
    ("old.ckpt", "old.ckpt-00000-of-00002", True), ("folder", "folder/saved_model.pb", True),
    ("model.ckpt-1", "model.ckpt-1.npz", False), ("model.ckpt-1", "model.ckpt-10.index", False),
    ("folder", "folder/digits.png", False), ("m.h5", "other.h5", False)])
def test_what_is_read_is_not_written_over(source, written, kept, tmp_path):
    os.mkdir(str(tmp_path / "folder"))
    source, written = str(tmp_path / source), str(tmp_path / written)
    for path in (source, written):
        if not os.path.exists(path):
            open(path, "w").close()
    if kept:
        with pytest.raises(WriteError, match="it is what is read"):
            files.check_kept(source, None, written)
    else:
        files.check_kept(source, None, written)


@pytest.mark.parametrize("command", ["sample", "convert"])
def test_a_model_is_not_replaced_by_what_is_made_of_it(command, network):
    asked = {"sample": ["--out", network], "convert": ["--npz", network]}[command]
    before = pathlib.Path(network).read_bytes()
    done = subprocess.run([sys.executable, "-m", "tf1gan", command, network] + asked, cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
    assert done.returncode == 2 and "it is what is read" in done.stderr, done.stderr
    assert pathlib.Path(network).read_bytes() == before


@pytest.mark.slow
def test_sigterm_leaves_nothing_half_written(tmp_path):
    """The comparison with a graph that takes long is ended while its result has no name yet."""
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 600], name="x")
        y = tf.while_loop(lambda i, h: i < 300, lambda i, h: (
            i + 1, tf.tanh(tf.matmul(h, tf.transpose(h)) @ h / 600)), [0, x])[1]
        tf.identity(y, name="y")
    (tmp_path / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
    process = subprocess.Popen(
        [sys.executable, "-m", "tf1gan", "convert", str(tmp_path / "g.pb"), "--outputs", "y",
         "--out", str(tmp_path / "out")], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until = time.monotonic() + 120
    while not list(tmp_path.glob(".tmp-*/*")) and time.monotonic() < until:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
    # TensorFlow may catch what ends the process; then the result is there, and it is whole.
    assert sorted(os.listdir(str(tmp_path))) in (["g.pb"], ["g.pb", "out"])


# -- Pictures --------------------------------------------------------------------------------

@pytest.mark.parametrize("rows_of_z, rows_of_label, labels, wanted", [
    (3, None, "[0,5]", [0, .5, 0, 0, .5]), (3, 3, "5", [.5] * 5), (None, 3, "5", [.5] * 5),
    (None, 3, "[0,5,10]", [0, .5, 1, 0, .5]), (3, 3, "[0,5]", [0, .5, 0, 0, .5])])
def test_labels_fill_a_batch_of_a_fixed_size(rows_of_z, rows_of_label, labels, wanted, tmp_path):
    with tf.Graph().as_default() as graph:
        z = tf.placeholder(tf.float32, [rows_of_z, 2], name="z")
        label = tf.placeholder(tf.float32, [rows_of_label], name="label")
        tf.identity(tf.tile(tf.reshape(label / 10 + 0 * z[:, 0], [-1, 1, 1]), [1, 4, 4]), name="y")
    (tmp_path / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
    converting.pictures.sample_to_files(str(tmp_path / "g.pb"), 5, npz=str(tmp_path / "a.npz"),
                                        inputs="z:0,label:0=" + labels)
    with np.load(str(tmp_path / "a.npz")) as arrays:
        np.testing.assert_allclose(arrays["images"][:, 1, 2], wanted, atol=1e-6)


# -- Batches of a fixed size, modes, conditions ------------------------------------------------

def written(graph, tmp_path):
    (tmp_path / "g.pb").write_bytes(graph.as_graph_def().SerializeToString())
    return str(tmp_path / "g.pb")


def test_a_graph_of_a_fixed_batch_is_tried_and_drawn_with_so_many(tmp_path, trying_in_forks,
                                                                  capsys):
    with tf.Graph().as_default() as graph:
        z = tf.placeholder(tf.float32, [None, 4], name="z")
        tf.tanh(tf.reshape(tf.tile(z, [1, 4]), [6, 4, 4]), name="y")
    path = written(graph, tmp_path)
    converting.convert(path, str(tmp_path / "out"))
    for made in (path, str(tmp_path / "out")):
        converting.pictures.sample_to_files(made, 8, npz=str(tmp_path / "a.npz"))
        with np.load(str(tmp_path / "a.npz")) as arrays:
            assert arrays["images"].shape == (8, 4, 4)


def test_what_a_phase_switches_off_need_not_be_given(tmp_path, trying_in_forks, capsys):
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 4], name="x")
        rate = tf.placeholder(tf.float32, [], name="drop_rate")
        training = tf.placeholder(tf.bool, [], name="is_training")
        tf.identity(tf.layers.dropout(x, rate, training=training) * 2, name="y")
    converting.convert(written(graph, tmp_path), str(tmp_path / "out"))
    assert "the largest difference is 0" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["test", '"test"'])
def test_a_mode_in_words_has_a_value(text, tmp_path, trying_in_forks, capsys):
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [None, 4], name="x")
        mode = tf.placeholder(tf.string, [], name="mode")
        tf.identity(tf.cond(tf.equal(mode, "train"), lambda: x * 2, lambda: x * 3), name="y")
    converting.convert(written(graph, tmp_path), str(tmp_path / "out"), "x:0,mode:0=" + text)
    assert "input   x = x:0" in capsys.readouterr().out
    with tf.Graph().as_default() as graph, tf.Session() as session:
        meta = tf.saved_model.loader.load(session, ["serve"], str(tmp_path / "out"))
        signature = meta.signature_def["serving_default"]
        assert list(signature.inputs) == ["x"]
        given = {signature.inputs["x"].name: [[1, 2, 3, 4]]}
        assert session.run(signature.outputs["y"].name, given).tolist() == [[3, 6, 9, 12]]


def test_of_an_iterator_by_handle_the_batch_is_the_input(tmp_path, trying_in_forks, capsys):
    with tf.Graph().as_default() as graph:
        handle = tf.placeholder(tf.string, [], name="handle")
        batch = tf.data.Iterator.from_string_handle(handle, tf.float32, [None, 4]).get_next()
        tf.identity(batch * 2, name="y")
    converting.convert(written(graph, tmp_path), str(tmp_path / "out"))
    assert "handle = handle:0" not in capsys.readouterr().out


@pytest.mark.parametrize("inputs, wanted", [
    ("z:0,y:0=3", [.3] * 4), ("z:0,y:0=[0,5,10]", [0, .5, 1, 0]), ("z:0,y:0=[[5]]", [.5] * 4)])
def test_a_condition_is_given_of_a_graph_and_of_its_result(inputs, wanted, tmp_path,
                                                           trying_in_forks, capsys):
    with tf.Graph().as_default() as graph:
        z = tf.placeholder(tf.float32, [None, 2], name="z")
        y = tf.placeholder(tf.float32, [None, 1], name="y")
        tf.identity(tf.tile(tf.reshape(y / 10 + 0 * z[:, :1], [-1, 1, 1]), [1, 4, 4]), name="x")
    path = written(graph, tmp_path)
    converting.convert(path, str(tmp_path / "out"), "z,y")
    for made in (path, str(tmp_path / "out")):
        converting.pictures.sample_to_files(made, 4, npz=str(tmp_path / "a.npz"), inputs=inputs)
        with np.load(str(tmp_path / "a.npz")) as arrays:
            np.testing.assert_allclose(arrays["images"][:, 1, 2], wanted, atol=1e-6)


def test_a_condition_of_the_wrong_length_is_told(tmp_path):
    with tf.Graph().as_default() as graph:
        z = tf.placeholder(tf.float32, [None, 12], name="z")
        y = tf.placeholder(tf.float32, [None, 4], name="y")
        tf.reshape(tf.concat([z, y], 1), [-1, 4, 4], name="x")
    with pytest.raises(UserError, match=r"y:0 is \[\?, 4\], which 3 is no row of"):
        converting.pictures.sample_to_files(written(graph, tmp_path), 4, inputs="z:0,y:0=3",
                                            npz=str(tmp_path / "a.npz"))
