"""Checkpoints: who wrote them, what is in them, and what comes out."""

import os
import shutil
import subprocess

import numpy as np
import pytest
from helpers import ROOT, each_model, slow
from PIL import Image

import tf1gan
from tf1gan import pickles, randomness, run_plots, runs, sampling, training
from tf1gan.compat import tf


@pytest.mark.parametrize("model", each_model())
def test_a_run_samples_in_the_unit_range_the_same_for_the_same_seed(trained, model):
    with tf1gan.Sampler(trained(model)) as sampler:
        digits = sampler.sample(300, seed=1)
        assert digits.shape == (300, 28, 28) and digits.dtype == np.float32
        assert digits.min() >= 0 and digits.max() <= 1
        np.testing.assert_allclose(digits[:5], sampler.sample(5, seed=1), atol=1e-5)
        assert not np.array_equal(digits[:5], sampler.sample(5, seed=2))
        assert not np.array_equal(sampler.sample(5), sampler.sample(5))
        assert not sampler.batch_statistics


def test_a_list_of_checkpoints_leads_to_none_elsewhere(trained, tmp_path):
    there = os.path.join(os.path.abspath(trained("gan")), "generator.ckpt-7")
    folder, listing = tmp_path / "came_with_it", tmp_path / "came_with_it" / "checkpoint"
    folder.mkdir()
    for path in (there, os.path.relpath(there, str(folder))):
        listing.write_text(f'model_checkpoint_path: "{path}"\n')
        with pytest.raises(tf1gan.UserError, match="checkpoint names .* not in that folder"):
            runs.find_checkpoint(str(folder), whole=True)
    for name in os.listdir(os.path.dirname(there)):     # of a folder that has been moved
        if name.startswith("generator.ckpt-7."):
            shutil.copy(os.path.join(os.path.dirname(there), name),
                        str(folder / name.replace("generator.ckpt-7", "gan.ckpt")))
    for path in ("/elsewhere/gan.ckpt", "gan.ckpt", folder / "gan.ckpt"):
        listing.write_text(f'model_checkpoint_path: "{path}"\n')
        prefix, _ = runs.find_checkpoint(str(folder))
        assert os.path.samefile(prefix + ".index", str(folder / "gan.ckpt.index"))


def test_sampling_from_a_prefix_is_sampling_from_its_run(trained):
    folder = trained("gan")
    with tf1gan.Sampler(folder) as sampler:
        expected = sampler.sample(4, seed=1)
    for path in ("model.ckpt-7", "generator.ckpt-7", "model.ckpt-7.index"):
        with tf1gan.Sampler(os.path.join(folder, path)) as sampler:
            assert np.array_equal(sampler.sample(4, seed=1), expected)


@pytest.mark.slow
def test_the_last_sample_of_training_is_what_the_checkpoint_gives(trained):
    folder = trained("dcgan")
    samples = pickles.load(os.path.join(folder, "samples.pkl"))
    with tf1gan.Sampler(folder) as sampler:
        noise = randomness.noise("uniform", (4, 100), 0, randomness.SAMPLE_NOISE)
        images = sampler._session.run(sampler._x_sample, {sampler._z_noise: noise})
    np.testing.assert_allclose(images, samples[-1], atol=1e-5)


@pytest.mark.parametrize("model", each_model())
def test_every_model_draws_every_display(trained, model, small_data):
    folder = trained(model)
    written = run_plots.plot_run(folder, seed=0, preview_of=small_data)
    assert [os.path.basename(path) for path in written] == [
        "loss.png", "last.png", "evolution.png", "evolution.gif", "new.png", "new_4x10.png",
        "new_4x4.png", "preview.png"]
    for path in written:
        with Image.open(path) as picture:
            assert min(picture.size) > 28
    assert os.path.isfile(run_plots.epoch_picture(folder, 1))
    with pytest.raises(tf1gan.UserError, match="--epoch"):
        run_plots.epoch_picture(folder, 9)


@pytest.mark.parametrize("model", ["gan", slow("dcgan")])
def test_a_documents_own_checkpoint_samples(tmp_path, model, capsys):
    """It holds the generator's trainable variables alone."""
    with tf.Graph().as_default():
        graph = tf1gan.build(model, seed=0)
        saver = tf.train.Saver(var_list=graph.generator_variables)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            prefix = saver.save(session, str(tmp_path / "gan.ckpt"))
    sampling.sample_to_files(prefix, n=3, model=model, seed=0, npz=str(tmp_path / "d.npz"))
    assert ("no moving statistics" in capsys.readouterr().out) == (model == "dcgan")
    digits = np.load(str(tmp_path / "d.npz"))["images"]
    assert digits.shape == (3, 28, 28) and digits.std() > 0
    with tf1gan.Sampler(str(tmp_path), model=model) as sampler:     # its folder does, too
        assert np.array_equal(sampler.sample(3, seed=0), digits)


def test_dropout_while_sampling_is_there_on_request(trained):
    with tf1gan.Sampler(trained("gan"), dropout=True) as sampler:
        assert not np.array_equal(sampler.sample(4, seed=1), sampler.sample(4, seed=1))


@pytest.mark.parametrize("model", each_model())
def test_nice_digits_are_those_that_the_discriminator_rates_highest(trained, model):
    with tf1gan.Sampler(trained(model), discriminator=True) as sampler:
        nice = sampler.sample_nice(3, seed=1)
        drawn = sampler.sample(60, seed=1)
        (_, rates), = sampler._pieces([sampler._x_sample, sampler._d_logits], 60, 1)
    best = drawn[np.argsort(-rates[:, 0])[:3]]
    np.testing.assert_allclose(nice, best, atol=1e-4)


def test_a_generator_alone_cannot_choose(trained):
    with pytest.raises(tf1gan.UserError, match="only a generator"):
        tf1gan.Sampler(os.path.join(trained("gan"), "generator.ckpt-7"), discriminator=True)


def test_a_checkpoint_of_another_model_is_refused_with_the_first_names_missing(trained, tmp_path):
    for suffix in (".index", ".data-00000-of-00001"):
        shutil.copy(os.path.join(trained("gan"), "generator.ckpt-7" + suffix), str(tmp_path))
    prefix = str(tmp_path / "generator.ckpt-7")
    with pytest.raises(tf1gan.UserError, match="has no .*/batch_normalization/gamma.*--model"):
        tf1gan.Sampler(prefix, model="dcgan")
    with pytest.raises(tf1gan.UserError, match="name the model with --model"):
        tf1gan.Sampler(prefix)
    with pytest.raises(tf1gan.UserError, match="not of dcgan"):
        tf1gan.Sampler(trained("gan"), model="dcgan")


def test_a_checkpoint_of_another_shape_is_refused(trained, tmp_path):
    with tf.Graph().as_default():
        graph = tf1gan.build("plain_dcgan", channels="8,8,8", seed=0)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            saver = tf.train.Saver(graph.generator_variables)
            prefix = saver.save(session, str(tmp_path / "x.ckpt"))
    with pytest.raises(tf1gan.UserError, match="in the shape"):
        tf1gan.Sampler(prefix, model="plain_dcgan")


@pytest.mark.parametrize("suffix", [".index", ".data-00000-of-00001"])
def test_a_damaged_checkpoint_is_refused(trained, tmp_path, suffix):
    for other in (".index", ".data-00000-of-00001"):
        shutil.copy(os.path.join(trained("gan"), "model.ckpt-7" + other), str(tmp_path))
    path = str(tmp_path / ("model.ckpt-7" + suffix))
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) // 2)
    with pytest.raises(tf1gan.UserError, match="damaged"):
        tf1gan.Sampler(str(tmp_path / "model.ckpt-7"), model="gan")


# What the other Python does of every model: it samples a run of this one, trains it on, and samples
# what has become of it.
THERE = """
import os, shutil, sys
from tf1gan.cli import commands
folder, data = sys.argv[1:3]
for run in sys.argv[3:]:
    model = os.path.basename(run)
    commands.sample(["--run", run, "-n", "10", "--seed", "1",
                     "--npz", os.path.join(folder, model + "-there.npz")])
    shutil.copytree(run, os.path.join(folder, model))
    commands.train(["--model", model, "--steps", "8", "--batch-size", "22", "--n-sample", "4",
                    "--sample-every", "2", "--data-dir", data, "--logdir", folder])
    commands.sample(["--run", os.path.join(folder, model), "-n", "10", "--seed", "1",
                     "--npz", os.path.join(folder, model + "-theirs.npz")])
"""


@pytest.fixture(scope="session")
def of_the_other_python(other_forked, once, trained, tiny_data):
    """The folder of what THERE leaves of all models, in one process."""
    def fill(folder):
        subprocess.run([other_forked, "-c", THERE, folder, tiny_data]
                       + [trained(model) for model in tf1gan.MODELS], check=True, timeout=600,
                       cwd=ROOT, stdout=subprocess.PIPE)
    return once("other_python", fill)


@pytest.mark.slow
@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_checkpoints_go_both_ways_between_the_runtimes(trained, model, of_the_other_python,
                                                       tmp_path, tiny_data):
    """Written here and sampled there, and the other way round: the same digits."""
    def digits(name):
        return np.load(os.path.join(of_the_other_python, f"{model}-{name}.npz"))["images"]

    with tf1gan.Sampler(trained(model)) as sampler:
        np.testing.assert_allclose(sampler.sample(10, seed=1), digits("there"), atol=1e-4)
    with tf1gan.Sampler(os.path.join(of_the_other_python, model)) as sampler:
        np.testing.assert_allclose(sampler.sample(10, seed=1), digits("theirs"), atol=1e-4)
    # The whole state goes over, too: a run of this one that went on there goes on here.
    losses = pickles.load(os.path.join(of_the_other_python, model, "losses.pkl"))
    assert losses[:7] == pickles.load(os.path.join(trained(model), "losses.pkl"))
    assert len(losses) == 8
    shutil.copytree(os.path.join(of_the_other_python, model), str(tmp_path / model))
    folder, _ = training.train(model, training.Options(
        logdir=str(tmp_path), data_dir=tiny_data, sample_every=2), batch_size=22, steps=9,
        n_sample=4)
    assert os.path.isfile(os.path.join(folder, "model.ckpt-9.index"))
    assert pickles.load(os.path.join(folder, "losses.pkl"))[:8] == losses
