"""What is exported draws the Sampler's digits where there is no tf1gan."""

import json
import os
import re
import shutil
import subprocess
import sys
import types

import numpy as np
import pytest
from helpers import ROOT, set_variables

import tf1gan
from tf1gan import files, models, runs
from tf1gan.compat import tf
from tf1gan.sampling import exports

# name -> model, hyperparameters: every model, and what changes its generator or its images.
KINDS = {name: (name, {}) for name in tf1gan.MODELS}
KINDS.update({
    "relu": ("keras_gan", dict(activation="relu")),
    "range": ("xavier_gan", dict(image_range=[-1, 1], bfloat16=True)),
    "wide": ("plain_dcgan", dict(channels="16,8", batch_norm="both", image_range=[-1, 1])),
    "deep": ("plain_dcgan", dict(channels="8,8,8,8,8", batch_norm="generator")),
})
NOISE = np.random.RandomState(1).uniform(-1, 1, (70, 100)).astype(np.float32)


def write_generator(folder, model, **hyperparameters):
    """A run's folder with a generator of random weights and statistics, as if trained."""
    os.makedirs(folder)
    recipe = models.resolve(model, hyperparameters)
    rs = np.random.RandomState(0)
    with tf.Graph().as_default():
        tf.set_random_seed(0)       # other weights would round otherwise
        recipe.sampling_generator()(tf.placeholder(tf.float32, [None, 100]), training=False)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            variables = tf.global_variables()
            values = [value * rs.uniform(0.5, 3, value.shape) if "gamma" in variable.name
                      or "moving_variance" in variable.name
                      else value + rs.normal(0, 0.03, value.shape)
                      for variable, value in zip(variables, session.run(variables))]
            set_variables(session, zip(variables, values))
            tf.train.Saver().save(session, os.path.join(folder, "generator.ckpt-7"),
                                  write_meta_graph=False)
    runs.write_json(folder, runs.CONFIG, {"model": model, "hyperparameters": recipe.asked})


def sampled(folder):
    """The Sampler's digits of NOISE."""
    with tf1gan.Sampler(folder) as sampler:
        images = sampler._session.run(sampler._x_sample, {sampler._z_noise: NOISE})
        return sampler.model.to_unit(images).reshape(-1, 28, 28)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A folder with noise.npy, and with what the two functions below have been asked for."""
    folder = tmp_path_factory.mktemp("house")
    np.save(str(folder / "noise.npy"), NOISE)
    return folder


def run_of(house, kind):
    """The folder of a run of that kind."""
    folder = str(house / "runs" / kind)
    if not os.path.exists(folder):
        model, hyperparameters = KINDS[kind]
        write_generator(folder, model, **hyperparameters)
    return folder


def saved_model_of(house, kind):
    """The folder of its SavedModel."""
    folder = str(house / "here" / kind)
    if not os.path.exists(folder):
        exports.export(run_of(house, kind), folder)
    return folder


def load_elsewhere(house, folders, python=sys.executable):
    """{folder: {kind: digits of NOISE, and of its first row alone}}, as a process without tf1gan
    gets them from SavedModels.
    """
    out = str(house / "digits.npz")
    subprocess.run([python, os.path.join(ROOT, "tests", "foreign.py"), str(house / "noise.npy"),
                    out] + [str(house / folder / kind) for folder in folders for kind in KINDS],
                   check=True, timeout=300, cwd=str(house))
    with np.load(out) as found:
        return {folder: {kind: [found[folder + "/" + kind + which] for which in ("", "/first")]
                         for kind in KINDS}
                for folder in folders}


def check_same_digits(house, found):
    """Whatever the batch they are drawn in, to float32's rounding: where 3,200 products are summed
    in a pixel, as in keras_gan, either side was seen up to 1.4e-6 away from what float64 gives,
    and 1.6e-6 from the other; one digit drawn alone is up to 1.6e-6 from the same among 70.
    """
    for kind, (model, _) in KINDS.items():
        expected = sampled(run_of(house, kind))
        assert expected.std() > 0.05, kind
        atol = 1e-6 if model in ("gan", "xavier_gan") else 3e-6
        every, first = found[kind]
        np.testing.assert_allclose(every, expected, rtol=0, atol=atol, err_msg=kind)
        np.testing.assert_allclose(first, expected[:1], rtol=0, atol=atol, err_msg=kind)


@pytest.fixture(scope="module")
def exported(house):
    """The folder with a SavedModel of each kind."""
    for kind in KINDS:
        saved_model_of(house, kind)
    return "here"


@pytest.mark.slow
def test_a_saved_model_draws_the_samplers_digits_without_tf1gan(house, exported):
    check_same_digits(house, load_elsewhere(house, [exported])[exported])


def test_saved_models_go_both_ways_between_the_tensorflows(
        house, exported, other_python, other_forked):
    code = ("import os\nfrom tf1gan.sampling import exports\n"
            "for kind in os.listdir('runs'):\n"
            "    exports.export(os.path.join('runs', kind), os.path.join('there', kind))\n")
    subprocess.run([other_forked, "-c", code], cwd=str(house), check=True, timeout=300,
                   stdout=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=ROOT))
    for python, folders in ((sys.executable, ["there"]), (other_python, [exported, "there"])):
        for digits in load_elsewhere(house, folders, python).values():
            check_same_digits(house, digits)


@pytest.mark.parametrize("kind", ["gan", "dcgan", "keras_gan"])
def test_its_graph_is_plain_operations_on_no_device(house, kind):
    folder = saved_model_of(house, kind)
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.saved_model.loader.load(session, ["serve"], folder)
        definition = graph.as_graph_def()
    assert not definition.library.function
    for node in definition.node:
        assert not node.device and not any(key.startswith("_") for key in node.attr), node.name
        assert "Var" not in node.op and "Random" not in node.op, node.op
    assert os.listdir(os.path.join(folder, "variables")) == []
    with open(os.path.join(folder, exports.ABOUT), encoding="utf-8") as file:
        assert "generator.ckpt-7" in file.read()


def test_the_weights_have_their_documents_names_and_draw_the_digits_in_numpy(house, tmp_path):
    path = str(tmp_path / "weights.npz")
    exports.export(run_of(house, "gan"), npz=path)
    with np.load(path) as archive:
        weights = dict(archive)
    about = json.loads(weights.pop("about").item())
    assert about["axes"] == {
        "generator/fc_layer/dense/kernel": "inputs, outputs",
        "generator/fc_layer/dense/bias": "outputs",
        "generator/output/dense/kernel": "inputs, outputs",
        "generator/output/dense/bias": "outputs"}
    assert set(weights) == set(about["axes"])
    with open(os.path.join(ROOT, "docs", "export.md"), encoding="utf-8") as file:
        snippet, = re.findall(r"```python\n(import json\n.*?)```", file.read(), re.S)
    snippet = re.sub(r"z = .*", "z = NOISE", snippet)
    names = {"NOISE": NOISE}
    exec(snippet.replace('"weights.npz"', repr(path)), names)
    np.testing.assert_allclose(names["images"], sampled(run_of(house, "gan")), atol=1e-6)


@pytest.mark.parametrize("model, noise, images", [
    ("eager_dcgan", "normal", "-1 is black and 1 white"),
    ("plain_dcgan", "uniform in [-1, 1]", "0 is black and 1 white")])
def test_what_is_said_of_the_weights_is_the_models(model, noise, images):
    recipe = models.resolve(model, {"batch_size": 3})
    about = exports.describe(types.SimpleNamespace(
        model=recipe.model, settings=recipe, checkpoint="a/generator.ckpt-3"), {})
    assert (about["model"], about["noise"], about["checkpoint"]) == (
        model, noise, "generator.ckpt-3")
    assert images in about["images"] and about["hyperparameters"]["batch_size"] == 3


@pytest.mark.parametrize("kind, name, axes", [
    ("keras_gan", "generator/cnn_layer1/conv2d/kernel", "rows, columns, inputs, outputs"),
    ("dcgan", "generator/cnn_layer1/conv2d_transpose/kernel", "rows, columns, outputs, inputs"),
    ("plain_dcgan", "generator/w_g2", "rows, columns, outputs, inputs"),
    ("xavier_gan", "generator/output/weights", "inputs, outputs"),
    ("dcgan", "generator/cnn_layer1/batch_normalization/moving_mean", "outputs"),
])
def test_the_axes_are_those_of_the_layers(house, kind, name, axes):
    """The channels of a layer's input are those of the output of the one before it."""
    with tf1gan.Sampler(run_of(house, kind)) as sampler:
        weights = sampler.weights()
        about = exports.describe(sampler, weights)
    assert about["axes"][name] == axes
    before = {"generator/cnn_layer1/conv2d/kernel": 128, "generator/w_g2": 64,
              "generator/cnn_layer1/conv2d_transpose/kernel": 512,
              "generator/output/weights": 256}.get(name)
    if before:
        assert weights[name].shape[axes.split(", ").index("inputs")] == before


def test_an_averaged_runs_weights_are_its_averages(house, tmp_path):
    shapes, read = runs.read_checkpoint(os.path.join(run_of(house, "gan"), "generator.ckpt-7"))
    with tf.Graph().as_default(), tf.Session() as session:
        for name in shapes:
            tf.get_variable(name, initializer=read(name) + 1, use_resource=True)
            tf.get_variable(name + "/ExponentialMovingAverage", initializer=read(name),
                            use_resource=True)
        session.run(tf.global_variables_initializer())
        whole = tf.train.Saver().save(session, str(tmp_path / "model.ckpt"))
    exports.export(whole, npz=str(tmp_path / "w.npz"), model="gan")
    with np.load(str(tmp_path / "w.npz")) as weights:
        assert set(weights.files) == set(shapes) | {"about"}
        assert all(np.array_equal(weights[name], read(name)) for name in shapes)


def test_the_script_takes_the_best_generator(house, tmp_path, script):
    done = script("export.py", run_of(house, "gan"), "--best", "--out", "m")
    assert done.returncode == 2 and "generator.best" in done.stderr
    shutil.copytree(run_of(house, "gan"), str(tmp_path / "run"))
    for ending in (".index", ".data-00000-of-00001"):
        os.rename(str(tmp_path / "run" / ("generator.ckpt-7" + ending)),
                  str(tmp_path / "run" / ("generator.best-2" + ending)))
    done = script("export.py", "run", "--best", "--out", "m", "--npz", "w.npz")
    assert done.returncode == 0 and "generator.best-2: m\n" in done.stdout, done.stderr
    assert done.stderr == "" and sorted(os.listdir(str(tmp_path / "m"))) == [
        "assets.extra", "saved_model.pb", "variables"]


def test_a_checkpoint_without_moving_statistics_gives_its_weights_only(tmp_path):
    with tf.Graph().as_default():
        models.resolve("dcgan", {}).generator(tf.placeholder(tf.float32, [None, 100]))
        saver = tf.train.Saver(tf.trainable_variables())
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            prefix = saver.save(session, str(tmp_path / "gan.ckpt"))
    with pytest.raises(tf1gan.UserError, match="no moving statistics.*--npz"):
        exports.export(prefix, str(tmp_path / "out"), str(tmp_path / "w.npz"), model="dcgan")
    assert not (tmp_path / "out").exists() and not (tmp_path / "w.npz").exists()
    exports.export(prefix, npz=str(tmp_path / "w.npz"), model="dcgan")
    with np.load(str(tmp_path / "w.npz")) as weights:
        assert not any("moving" in name for name in weights.files) and len(weights.files) == 16


# -- Where it is written -----------------------------------------------------------------------

@pytest.mark.parametrize("name", ["a*[b]\\\n%s", "ram://x", "new/folders"])
def test_a_folder_may_have_any_name(house, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    exports.export(run_of(house, "gan"), name)
    assert os.path.isfile(os.path.join(name, "saved_model.pb"))
    assert os.stat(name).st_mode & 0o777 == 0o777 & ~files._umask()


def test_an_empty_folder_is_filled_also_through_a_link(house, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to("empty")
    exports.export(run_of(house, "gan"), str(tmp_path / "link"))
    assert (tmp_path / "empty" / "saved_model.pb").exists() and (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("out, words", [
    ("full", "not empty"), ("file", "not a folder"), ("file/under", "cannot write"),
    ("a\udcff", "--out is not UTF-8"), ("a\0", "cannot write"), (None, "--out FOLDER")])
def test_what_cannot_be_written_is_refused_and_left_as_it_was(
        house, tmp_path, monkeypatch, out, words):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(exports, "Sampler", None)        # the work
    os.mkdir("full")
    for name in ("full/mine", "file"):
        open(name, "w").close()
    with pytest.raises(tf1gan.UserError, match=words):
        exports.export(run_of(house, "gan"), out)
    assert sorted(os.listdir(".")) == ["file", "full"] and os.listdir("full") == ["mine"]


@pytest.mark.parametrize("error", [tf.errors.ResourceExhaustedError(None, None, "no space left"),
                                   OSError(28, "no space left")])
def test_a_full_disk_is_told_and_leaves_nothing(house, tmp_path, monkeypatch, error):
    def save(*_, **__):
        raise error
    monkeypatch.setattr(tf.saved_model, "Builder", lambda folder: type("Builder", (), {
        "add_meta_graph_and_variables": save, "save": save}))
    with pytest.raises(tf1gan.UserError, match="cannot write .*no space left"):
        exports.export(run_of(house, "gan"), str(tmp_path / "out"))
    assert os.listdir(str(tmp_path)) == []
