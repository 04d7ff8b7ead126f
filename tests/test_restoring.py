"""Weights that the documents' own scripts saved: found, sampled, trained on, or refused.

tests/data/saved_by_documents.tar.xz is what tests/documents.py writes with `pattern`: 002, 003 and
004 on TensorFlow 1.15.5, 001 with Keras 1.2.2 on Theano, its images' channels first.
"""

import os
import pathlib
import pickle
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile

import numpy as np
import pytest
from documents import noise
from helpers import ROOT

import tf1gan
from tf1gan import models, restoring, runs, training
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.restoring import fit, hdf5, matching
from tf1gan.training import loop

KEPT = {"keras_gan": "001/generator", "xavier_gan": "002/model.ckpt-1000",
        "eager_dcgan": "003/ckpt-1", "plain_dcgan": "004/model.ckpt-1000"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("kept"))
    with tarfile.open(os.path.join(ROOT, "tests", "data", "saved_by_documents.tar.xz")) as archive:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(folder, **safely)
    return folder


def check_digits(path, model, discriminator):
    """That a file's networks give what the document's own gave."""
    expected = np.load(os.path.join(os.path.dirname(path), "expected.npz"))
    with tf1gan.Sampler(path, model=model, discriminator=discriminator) as sampler:
        fetches = [sampler._x_sample]
        if discriminator:
            fetches.append(sampler._d_logits)
        images, *logits = sampler._session.run(fetches, {sampler._z_noise: noise()})
    np.testing.assert_allclose(images, expected["images"], atol=1e-5)
    for each in logits:
        np.testing.assert_allclose(1 / (1 + np.exp(-each[:, 0])), expected["rated"], atol=1e-5)


@pytest.mark.parametrize("model", list(KEPT))
def test_digits_are_those_of_the_documents_own_network(kept, model):
    check_digits(os.path.join(kept, KEPT[model]), model, discriminator=model != "keras_gan")


@pytest.fixture
def python_of_1_15(request):
    return request.getfixturevalue(
        "forked" if tf.__version__.startswith("1.") else "other_forked")


@pytest.mark.both
@pytest.mark.parametrize("number, model, names", [
    ("001", "keras_gan", ["generator", "g.h5", "g_weights.h5", "both.h5", "both_weights.h5"]),
    ("002", "xavier_gan", ["model.ckpt-1000", "first_format.ckpt"]),
    ("003", "eager_dcgan", ["ckpt-1", "g_weights.h5"]),
    ("004", "plain_dcgan", ["model.ckpt-1000", "first_format.ckpt"]),
    ("004 unnamed", "plain_dcgan", ["model.ckpt-1000"]),
])
def test_what_a_document_saves_on_1_15_5_gives_its_own_digits(
        python_of_1_15, tmp_path, number, model, names):
    folder = str(tmp_path / "saved")
    number, *options = number.split()
    environment = {name: value for name, value in os.environ.items()
                   if name != "TF2_BEHAVIOR"}       # which TensorFlow 2 sets, and 1.15.5 obeys
    documents = os.path.join(ROOT, "tests", "documents.py")
    subprocess.run([python_of_1_15, documents, number, folder] + options, check=True, timeout=300,
                   stdout=subprocess.PIPE, env=environment)
    for name in names:
        check_digits(os.path.join(folder, name), model,
                     discriminator=not name.startswith("g"))


# -- Which is which --------------------------------------------------------------------------

def saved(shapes, **fields):
    """A Saved of names and shapes alone."""
    return restoring.Saved(*dict(dict(
        path="x", format="", shapes={name: list(shape) for name, shape in shapes.items()},
        slots={}, kinds={}, layered=False, read=None), **fields).values())


@pytest.fixture(scope="module")
def wanted():
    return {name: fit.wanted_of(models.resolve(name, {})) for name in KEPT}


def in_order(wanted, name="Variable"):
    """The document's variables as it makes them, without names."""
    return {name + (f"_{at}" if at else ""): wanted.shapes[own]
            for at, (_, own) in enumerate(wanted.in_document)}


@pytest.mark.parametrize("model", ["xavier_gan", "plain_dcgan"])
def test_a_documents_table_has_each_variable_once(wanted, model):
    own = [name for _, name in wanted[model].in_document]
    assert sorted(own) == sorted(wanted[model].shapes)


@pytest.mark.parametrize("model", ["xavier_gan", "plain_dcgan"])
def test_variables_without_names_are_taken_in_the_documents_order(wanted, model):
    expected = {own: f"Variable_{at}" if at else "Variable"
                for at, (_, own) in enumerate(wanted[model].in_document)}
    for more in ({}, {"Variable_99": []}, {"global_step": []}):
        found = matching.match(wanted[model], saved(dict(in_order(wanted[model]), **more)))
        assert found.names == expected and len(found.networks) == 2


def test_what_shapes_do_not_tell_apart_in_another_order_is_refused(wanted):
    document = list(in_order(wanted["xavier_gan"]).values())
    other = [document[at] for at in (2, 3, 0, 1, 6, 7, 4, 5)]          # D first
    found = matching.match(wanted["xavier_gan"], saved(
        {f"Variable_{at}": shape for at, shape in enumerate(other)}))
    assert not found.names and "each of which could be" in found.why_not and "256" in found.why_not


def test_a_model_with_other_layers_than_its_documents_goes_by_its_own_names(wanted):
    other = wanted["xavier_gan"]._replace(
        in_document=wanted["xavier_gan"].in_document + (("G_W3", "generator/none"),))
    assert not matching.match(other, saved(in_order(wanted["xavier_gan"]))).names
    assert matching.match(other, saved(other.shapes)).how == "by name"


def test_the_shapes_of_a_generator_alone_are_enough_in_any_order(wanted):
    shapes = wanted["xavier_gan"].of((matching.GENERATOR,)).shapes
    names = {own: f"Variable_{at}" for at, own in enumerate(sorted(shapes))}
    found = matching.match(wanted["xavier_gan"], saved(
        {names[own]: shapes[own] for own in sorted(shapes)}))
    assert found.names == names and found.networks == [matching.GENERATOR]


def test_two_sets_of_variables_without_names_are_refused(wanted):
    twice = list(in_order(wanted["xavier_gan"]).values()) * 2
    found = matching.match(wanted["xavier_gan"], saved(
        {f"Variable_{at}": shape for at, shape in enumerate(twice)}))
    assert not found.names and "each of which could be" in found.why_not


@pytest.mark.parametrize("model, form", [
    ("plain_dcgan", "{}"), ("plain_dcgan", "gan/{}"), ("plain_dcgan", "{}_1"),
    ("xavier_gan", "{}"), ("xavier_gan", "net/{}")])
def test_the_names_of_a_documents_dictionaries_are_known(wanted, model, form):
    """Where two share a name, TensorFlow has numbered the second."""
    shapes, expected = {}, {}
    for theirs, own in reversed(wanted[model].in_document):
        name = form.format(theirs)
        name = name + "_1" if name in shapes else name
        shapes[name], expected[own] = wanted[model].shapes[own], name
    assert matching.match(wanted[model], saved(shapes)).names == expected


def test_one_of_two_of_the_same_name_and_shape_is_not_chosen(wanted):
    shapes = {theirs: wanted["plain_dcgan"].shapes[own]
              for theirs, own in wanted["plain_dcgan"].in_document}
    found = matching.match(wanted["plain_dcgan"], saved(dict(shapes, w_g1_1=shapes["w_g1"])))
    assert not found.names and "w_g1 and w_g1_1, each of which could be" in found.why_not


def test_another_width_is_told_by_its_shape(wanted):
    shapes = {name: [128 if size == 256 else size for size in shape]
              for name, shape in in_order(wanted["xavier_gan"]).items()}
    found = matching.match(wanted["xavier_gan"], saved(shapes))
    assert found.why_not.startswith("has Variable in the shape [100, 128], not [100, 256]")


@pytest.mark.parametrize("theirs", ["dg", "gd"])
def test_layers_are_taken_whichever_network_comes_first(wanted, theirs):
    of = {"g": matching.GENERATOR, "d": matching.DISCRIMINATOR}
    shapes = wanted["eager_dcgan"].of([of[letter] for letter in theirs]).shapes
    kinds = {name: name.rsplit("/", 1)[-1] for name in shapes}
    names = {name: f"layer{at}/{kinds[name]}" for at, name in enumerate(shapes)}
    found = matching.match(wanted["eager_dcgan"], saved(
        {names[name]: shape for name, shape in shapes.items()},
        kinds={names[name]: kind for name, kind in kinds.items()}, layered=True))
    assert found.names == names


# -- A run that begins from them -------------------------------------------------------------

@pytest.fixture
def begin(tmp_path, small_data):
    def begin(model, *paths, run="begun", **values):
        return training.open_run(model, training.Options(
            logdir=str(tmp_path), run=run, data_dir=small_data, begin_from=paths),
            batch_size=20, n_sample=4, **values)
    return begin


def started(opened):
    """(a run's variables as it starts, what it says of its beginning)."""
    with opened as run, loop.started(run) as (session, step):
        assert step == 0
        return {v.op.name: session.run(v) for v in tf.global_variables()}, run.beginning.words


@pytest.mark.parametrize("model", ["xavier_gan", "plain_dcgan"])
def test_a_run_begins_with_both_networks_and_adams_state(kept, begin, model):
    path = os.path.join(kept, KEPT[model])
    file, _ = restoring.opened(path)
    names = restoring.restored(file, models.resolve(model, {})).match.names
    values, words = started(begin(model, path))
    assert "both networks, with the optimizer state" in words
    for own, theirs in names.items():
        for name in ("{}", "{}/Adam", "{}/Adam_1"):
            assert np.array_equal(values[name.format(own)], file.read(name.format(theirs)))
    for power in ("beta1_power", "beta2_power"):
        assert values[f"optimizer/{power}"] == values[f"optimizer/{power}_1"] == file.read(power)
    assert values["global_step"] == 0


def test_adams_state_is_left_out_where_it_does_not_fit(kept, begin):
    path = os.path.join(kept, KEPT["xavier_gan"])
    values, words = started(begin("xavier_gan", path, beta1=0.5))
    assert "without the optimizer state (it was trained with another beta1" in words
    assert not values["generator/hidden/weights/Adam"].any()
    assert values["optimizer/beta1_power"] == np.float32(0.5)


def test_a_generator_alone_is_enough_and_a_discriminator_may_stand_beside_it(kept):
    g, d = (os.path.join(kept, "001", name) for name in ("generator", "discriminator"))
    recipe = models.resolve("keras_gan", {})
    one, two = restoring.beginning([g], recipe), restoring.beginning([d, g], recipe)
    assert "the generator alone; the discriminator begins anew" in one.words
    assert "the discriminator alone, and " in two.words and "anew" not in two.words
    assert set(one.values) < set(two.values) == set(fit.variables_of(recipe))
    with pytest.raises(tf1gan.UserError, match="discriminator alone.*--from GENERATOR"):
        restoring.beginning([d], recipe)
    with pytest.raises(tf1gan.UserError, match="both have the generator"):
        restoring.beginning([g, g], recipe)
    with pytest.raises(tf1gan.UserError, match="holds only a discriminator"):
        tf1gan.Sampler(d, model="keras_gan")


def train(model, tmp_path, small_data, run, paths=(), steps=2, **values):
    return training.train(model, training.Options(
        logdir=str(tmp_path), run=run, data_dir=small_data, begin_from=paths),
        batch_size=20, n_sample=4, steps=steps, **values)[0]


def test_a_run_begins_from_another_of_tf1gan(tmp_path, small_data, begin, capsys):
    folder = train("gan", tmp_path, small_data, "first", ema=0.9)
    shapes, read = runs.read_checkpoint(os.path.join(folder, "model.ckpt-2"))
    values, words = started(begin("gan", folder, ema=0.9))
    assert "model.ckpt-2: both networks, with the optimizer state" in words
    for name in shapes:
        if name != "global_step":
            assert np.array_equal(values[name], read(name)), name

    _, read = runs.read_checkpoint(os.path.join(folder, "generator.ckpt-2"))
    values, words = started(begin("gan", os.path.join(folder, "generator.ckpt-2"), ema=0.5))
    assert "the generator alone" in words
    name = "generator/output/dense/kernel"
    for each in (name, name + "/ExponentialMovingAverage"):
        assert np.array_equal(values[each], read(name))
    with pytest.raises(tf1gan.UserError, match="is of gan, not of dcgan"):
        started(begin("dcgan", folder))


def test_the_same_command_goes_on_and_another_is_refused(tmp_path, small_data, capsys):
    first = train("gan", tmp_path, small_data, "first")
    again = train("gan", tmp_path, small_data, "again", [first])
    assert "Begins from" in capsys.readouterr().out
    os.rename(first, first + ".away")           # it has all that it needs
    train("gan", tmp_path, small_data, "again", [first], steps=3)
    assert "Begins from" not in capsys.readouterr().out
    assert os.path.isfile(os.path.join(again, "model.ckpt-3.index"))
    for other in ([first + ".away"], []):
        with pytest.raises(tf1gan.UserError, match=r"--from \(.*first there, "):
            train("gan", tmp_path, small_data, "again", other, steps=4)
    with pytest.raises(tf1gan.UserError, match="no run or checkpoint"):
        train("gan", tmp_path, small_data, "third", [first])
    assert not os.path.exists(str(tmp_path / "third"))


def test_numbers_that_are_not_finite_are_no_beginning(tmp_path, begin):
    with tf.Graph().as_default(), tf.Session() as session:
        graph = tf1gan.build("gan", seed=0)
        session.run(tf.global_variables_initializer())
        kernel = graph.generator_variables[0]
        kernel.load(np.full(kernel.shape.as_list(), np.nan, np.float32), session)
        path = tf.train.Saver(graph.generator_variables).save(session, str(tmp_path / "x.ckpt"))
    with pytest.raises(tf1gan.UserError, match="fc_layer/dense/kernel that are not finite"):
        started(begin("gan", path))


# -- HDF5 that is no good --------------------------------------------------------------------

def good(h5py, file):
    """A small file of Keras's layout: one layer."""
    file.attrs["layer_names"] = np.array([b"dense_1"])
    group = file.create_group("dense_1")
    group.attrs["weight_names"] = np.array([b"dense_1/kernel:0"])
    group.create_dataset("dense_1/kernel:0", data=np.ones((100, 128), np.float32))
    return group


def replaced(make):
    def spoil(h5py, file):
        del file["dense_1/dense_1/kernel:0"]
        make(h5py, file["dense_1/dense_1"])
    return spoil


SPOILT = {
    "integers": replaced(lambda h5py, group: group.create_dataset("kernel:0", data=[1, 2])),
    "objects": replaced(lambda h5py, group: group.create_dataset(
        "kernel:0", (3,), dtype=h5py.special_dtype(vlen=bytes))),
    "huge": replaced(lambda h5py, group: group.create_dataset(
        "kernel:0", (2 ** 40, 2 ** 20), "f4", chunks=(1, 2 ** 10))),
    "a group": replaced(lambda h5py, group: group.create_group("kernel:0")),
    "missing": replaced(lambda h5py, group: None),
    "in another file": replaced(lambda h5py, group: group.__setitem__(
        "kernel:0", h5py.ExternalLink("/etc/passwd", "/x"))),
    "raw data of another file": replaced(lambda h5py, group: group.create_dataset(
        "kernel:0", (4,), "f4", external=[("/etc/passwd", 0, 16)])),
    "a link in a circle": replaced(lambda h5py, group: group.__setitem__(
        "kernel:0", h5py.SoftLink("kernel:0"))),
    "numbers for names": lambda h5py, file: file.attrs.__setitem__("layer_names", [1, 2]),
    "a long name": lambda h5py, file: file.attrs.__setitem__("layer_names", ["a" * 1001]),
    "no list of names": lambda h5py, file: file.attrs.__setitem__("layer_names", "dense_1"),
    "too many names": lambda h5py, file: file.attrs.__setitem__(
        "layer_names", np.array([b"a"] * 1001)),
    "no text": lambda h5py, file: file.attrs.__setitem__("layer_names", np.array([b"\xff"])),
    "no names": lambda h5py, file: file.attrs.__delitem__("layer_names"),
    "a version of many": lambda h5py, file: file.attrs.__setitem__("keras_version", np.ones(9)),
}


@pytest.mark.parametrize("how", list(SPOILT))
def test_a_hostile_hdf5_file_is_refused_in_one_line(tmp_path, how):
    h5py = pytest.importorskip("h5py")
    path = str(tmp_path / "x.h5")
    with h5py.File(path, "w") as file:
        good(h5py, file)
    assert list(hdf5.read(path).shapes.values()) == [[100, 128]]
    with h5py.File(path, "a") as file:
        SPOILT[how](h5py, file)
    with pytest.raises(tf1gan.UserError) as error:
        tf1gan.Sampler(path, model="gan")
    assert path in str(error.value) and "\n" not in str(error.value)


def test_names_of_any_length_are_read(tmp_path):
    h5py = pytest.importorskip("h5py")
    path = str(tmp_path / "x.h5")
    with h5py.File(path, "w") as file:
        group = good(h5py, file)
        for attributes, key, name in ((file.attrs, "layer_names", "dense_1"),
                                      (group.attrs, "weight_names", "dense_1/kernel:0")):
            attributes.create(key, [name], dtype=h5py.special_dtype(vlen=str))
    assert hdf5.read(path).shapes == {"dense_1/dense_1/kernel:0": [100, 128]}


@pytest.mark.parametrize("dies", [lambda: os.kill(os.getpid(), signal.SIGKILL),
                                  lambda: time.sleep(60)])
def test_a_file_that_kills_its_reader_kills_a_child(kept, monkeypatch, dies):
    pytest.importorskip("h5py")
    opened, here = hdf5._opened, os.getpid()
    monkeypatch.setattr(hdf5, "_SECONDS", 1)
    monkeypatch.setattr(hdf5, "_opened", lambda *arguments:
                        opened(*arguments) if os.getpid() == here else dies())
    path = os.path.join(kept, "001", "generator")
    with pytest.raises(tf1gan.UserError, match="generator is damaged: the HDF5 library cannot"):
        hdf5.read(path)
    monkeypatch.delattr(os, "fork")         # as on Windows: read without a trial
    assert hdf5.read(path).shapes


def test_what_is_called_hdf5_and_is_not_is_told(tmp_path):
    (tmp_path / "x.h5").write_bytes(b"PK")
    with pytest.raises(tf1gan.UserError, match="x.h5 is text, and no checkpoint"):
        restoring.opened(str(tmp_path / "x.h5"))


@pytest.fixture(scope="module")
def of_types(tmp_path_factory):
    """Function (the bad variable, number, dtype) -> a checkpoint of xavier_gan's variables."""
    folder, own = tmp_path_factory.mktemp("types"), fit.variables_of(
        models.resolve("xavier_gan", {}))

    def save(bad, number, dtype):
        path = str(folder / f"{bad.replace('/', '_')}-{dtype.name}-{number}")
        with tf.Graph().as_default(), tf.Session() as session:
            variables = {name: tf.Variable(tf.cast(tf.fill(shape, number), dtype)
                                           if name == bad else tf.fill(shape, 0.5))
                         for name, shape in own.items()}
            session.run(tf.global_variables_initializer())
            return tf.train.Saver(variables).save(session, path)
    return save


def test_weights_in_half_precision_are_sampled(of_types):
    for dtype in (tf.bfloat16, tf.float16):
        tf1gan.Sampler(of_types("generator/output/biases", 0.5, dtype), model="xavier_gan").close()


@pytest.mark.parametrize("number, dtype, why_not", [
    (np.nan, tf.float32, "not finite"), (1, tf.int32, "as int32, not as floats")])
def test_what_is_said_to_fit_is_sampled_and_else_not(of_types, number, dtype, why_not):
    bad = of_types("generator/output/biases", number, dtype)
    with pytest.raises(tf1gan.UserError, match=why_not):
        tf1gan.Sampler(bad, model="xavier_gan")
    said = "\n".join(restoring.inspect(bad))
    assert "Fits no model" in said and re.search(
        f"Does not fit xavier_gan .tutorial 002.: .*generator/output/biases .*{why_not}", said)
    half_bad = of_types("discriminator/output/biases", number, dtype)
    tf1gan.Sampler(half_bad, model="xavier_gan").close()
    assert re.search(f"Fits xavier_gan .tutorial 002.: the generator alone .*{why_not}",
                     "\n".join(restoring.inspect(half_bad)))


@pytest.mark.parametrize("share", [0.0005, 0.01, 0.5, 0.99])
def test_a_truncated_hdf5_file_is_refused(kept, tmp_path, share):
    with open(os.path.join(kept, "001", "generator"), "rb") as file:
        content = file.read()
    path = str(tmp_path / "generator")
    with open(path, "wb") as file:
        file.write(content[:int(len(content) * share)])
    with pytest.raises(tf1gan.UserError, match="damaged") as error:
        tf1gan.Sampler(path, model="keras_gan")
    assert path in str(error.value)


def test_what_reads_hdf5_is_named_where_it_is_missing(kept, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(tf1gan.UserError, match="pip install h5py"):
        tf1gan.Sampler(os.path.join(kept, "001", "generator"), model="keras_gan")


# -- What is said of a file ------------------------------------------------------------------

@pytest.mark.parametrize("model", list(KEPT))
def test_a_file_is_said_to_fit_its_own_model_alone(kept, model):
    lines = restoring.inspect(os.path.join(kept, KEPT[model]))
    fits = [line for line in lines if line.startswith("Fits")]
    networks = "the generator alone" if model == "keras_gan" else "both networks"
    assert len(fits) == 1 and fits[0].startswith(f"Fits {model} (tutorial") and networks in fits[0]


def test_a_near_miss_is_told(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        tf1gan.build("plain_dcgan", channels="32,32,16", seed=0)
        session.run(tf.global_variables_initializer())
        path = tf.train.Saver(tf.trainable_variables()).save(session, str(tmp_path / "x.ckpt"))
    text = "\n".join(restoring.inspect(path))
    assert "Fits no model." in text and "Has little in common with" in text
    assert "Does not fit plain_dcgan (tutorial 004): it has generator/w_g1 in the shape " \
        "[100, 512], not [100, 1024], ..." in text


def test_the_script_lists_variables_shapes_and_slots(script, kept):
    done = script("inspect_checkpoint.py", os.path.join(kept, "002"))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].endswith("model.ckpt-1000: TensorFlow checkpoint")
    assert lines[2].split() == ["Variable_1", "256", "x", "784", "Adam,", "Adam_1"]
    assert "Fits xavier_gan (tutorial 002): both networks, in the order of the tutorial." in lines
    done = script("inspect_checkpoint.py", os.path.join(kept, "nothing"))
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1


def test_a_file_that_is_no_checkpoint_is_called_what_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("a.npy", np.zeros([2, 3]))
    np.savez("a.npz", w=np.zeros(2), b=np.zeros(3))
    with tf.Graph().as_default() as graph, tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 2], "x")
        frozen = graph.as_graph_def().SerializeToString()
        w = tf.get_variable("w", [2, 2])
        session.run(tf.global_variables_initializer())
        tf.saved_model.simple_save(session, "saved_model", {"x": x}, {"y": tf.matmul(x, w)})
        tf.train.export_meta_graph("alone.meta")
        tf.train.Saver().save(session, "gone/m")
        tf.summary.FileWriter("events", graph).close()
    events, = os.listdir("events")
    for name in ("m.index", "m.meta"):
        os.unlink(os.path.join("gone", name))
    os.makedirs("empty")
    os.makedirs("part")
    os.rename("gone/m.data-00000-of-00001", "part/m.data-00000-of-00001")
    for name, content in (
            ("frozen.pb", frozen), ("graph.pb", graph.as_graph_def().SerializeToString()),
            ("graph.pbtxt", str(graph.as_graph_def()).encode()), ("picture", b"\x89PNG\r\n\x1a\n"),
            ("nothing", b""), ("notes.txt", b"loss 0.5\n"), ("noise", bytes(range(256)) * 20),
            ("losses.pkl", b"\x80\x03]q\x00."), ("torch.pt", None),
            ("old.pkl", pickle.dumps({"w": np.zeros(2)}, 0)), ("one.pkl", pickle.dumps([1, 2], 1)),
            ("large.pkl", pickle.dumps([.5] * 200000, 0)), ("text.pdf", b"%PDF-1.4\n%\xe2"),
            ("cut.meta", pathlib.Path("alone.meta").read_bytes()[:-300]), ("cut.pb", frozen[:-3]),
            ("lfs.index", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"),
            ("page.index", b"<!DOCTYPE html>\n<html>"), ("page.h5", b"<html></html>")):
        if content is not None:
            pathlib.Path(name).write_bytes(content)
    with zipfile.ZipFile("torch.pt", "w") as archive:
        archive.writestr("torch/data.pkl", "")
    with tarfile.open("a.tar", "w") as archive:
        archive.add("notes.txt")
    np.savez("empty.npz")
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 2], "VarHandleOp")
        tf.saved_model.simple_save(session, "constants", {"x": x}, {"y": x + 1.})
    shutil.copytree("saved_model", "weightless")
    shutil.rmtree("weightless/variables")
    shutil.copytree("saved_model", "cut_model")
    content = pathlib.Path("saved_model/saved_model.pb").read_bytes()
    pathlib.Path("cut_model/saved_model.pb").write_bytes(content[:-300])
    for path, words in (
            ("a.npy", "an array of NumPy's (.npy), float64 [2, 3]"),
            ("a.npz", "arrays of NumPy's (.npz): w, b,"), ("frozen.pb", "a frozen graph"),
            ("graph.pb", "a graph (GraphDef) of"), ("graph.pbtxt", "a graph as text"),
            ("alone.meta", "a graph (MetaGraphDef) of"), ("picture", "a picture (PNG)"),
            ("nothing", "is empty: name"), ("notes.txt", "is text, and no checkpoint: name"),
            ("noise", "no checkpoint, nor any other"), ("losses.pkl", "is a pickle: name"),
            ("torch.pt", "a file of PyTorch's"), ("events/" + events, "TensorBoard's events"),
            ("saved_model", "a SavedModel: its weights are saved_model/variables/variables"),
            ("weightless", "its weights, weightless/variables/variables.index, are not there"),
            ("cut_model", "saved_model.pb cannot be read: its weights are cut_model/variables"),
            ("constants", "a SavedModel: its weights are constants of its graph; tf1gan convert"),
            ("saved_model/variables", "name one by its prefix, such as saved_model/variables/var"),
            ("old.pkl", "is a pickle: name"), ("one.pkl", "is a pickle: name"),
            ("large.pkl", "is a pickle: name"), ("text.pdf", "is a document (PDF): name"),
            ("cut.meta", "or not a whole one"), ("cut.pb", "or not a whole one"),
            ("lfs.index", "a pointer of Git LFS's"), ("page.index", "is a web page"),
            ("page.h5", "is a web page"), ("a.tar", "is a tar archive: unpack it"),
            ("empty.npz", "is an archive with nothing in it"),
            ("saved_model/saved_model.pb", "a SavedModel: name its folder"),
            ("gone/checkpoint", "TensorFlow's list of checkpoints: name"),
            ("gone", "but m, which it names, is not there"), ("empty", "an empty folder: name"),
            ("part", "a part of a checkpoint, but not its .index"),
            ("part/m.data-00000-of-00001", "whose m.index is not there")):
        with pytest.raises(UserError) as told:
            restoring.inspect(path)
        assert str(told.value).startswith(path) and words in str(told.value), told.value
        assert "damaged" not in str(told.value) and "train first" not in str(told.value)
    assert restoring.inspect("saved_model/variables/variables")[1].split() == ["w", "2", "x", "2"]
