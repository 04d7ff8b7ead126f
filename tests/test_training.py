import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import time

import numpy as np
import pytest
from helpers import ROOT, each_model

import tf1gan
from tf1gan import models, pickles, randomness, runs, schedule, summaries
from tf1gan.compat import tf
from tf1gan.lab import faults
from tf1gan.runs.comparison import compare
from tf1gan.training import loop

ALL = list(tf1gan.MODELS)

# Of plain_dcgan with two channels and batches of 4, on the 132 images of the test data.
LOSSES_OF_VERSION_0_1 = [
    [0.1715735, 2.4508736],
    [0.1943942, 2.127948],
    [0.2659026, 1.7098765],
    [0.347293, 1.9643167]]


def variables(folder, step):
    reader = tf.train.NewCheckpointReader(os.path.join(folder, f"model.ckpt-{step}"))
    return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}


def assert_same_runs(one, other, step):
    assert runs.step_of(runs.checkpoints(other)[-1]) == step
    assert compare(one, other) == []


def test_a_run_of_version_0_1_goes_on_and_is_sampled(train, tmp_path, tiny_data):
    """Two iterations by that version, then two by this one: the losses of four by that one."""
    with tarfile.open(os.path.join(ROOT, "tests", "data", "run_of_version_0.1.tar.xz")) as archive:
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(str(tmp_path / "logs"), **safely)
    with tf1gan.Sampler(str(tmp_path / "logs" / "old")) as sampler:
        assert sampler.sample(2, seed=0).std() > 0
    folder = train("plain_dcgan", run="old", channels="2", batch_size=4, n_sample=2, steps=4,
                   summary_every=1, data_dir=tiny_data)
    assert runs.step_of(runs.checkpoints(folder)[-1]) == 4
    losses = pickles.load(os.path.join(folder, "losses.pkl"))
    np.testing.assert_allclose(losses, LOSSES_OF_VERSION_0_1, rtol=1e-4)


@pytest.mark.parametrize("model", each_model())
def test_every_model_trains_and_goes_on_exactly_where_it_stopped(untouched, trained, model):
    whole, parts = untouched(model), trained(model)
    assert_same_runs(whole, parts, 7)
    assert os.path.isfile(os.path.join(whole, "loss.png"))
    assert os.path.isfile(os.path.join(whole, "samples", "epoch_0002.png"))


def test_a_run_holds_what_the_design_promises(train):
    folder = train(epochs=7, n_sample=9)
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    assert config["model"] == "gan" and config["seed"] == 0
    assert config["hyperparameters"]["smooth"] == 0.1
    assert config["versions"]["tensorflow"] == tf.__version__
    assert config["versions"]["tf1gan"] == tf1gan.__version__
    steps = [11 * epoch for epoch in range(3, 8)]       # the last five of seven epochs
    for name in (runs.MODEL, runs.GENERATOR):
        assert [runs.step_of(path) for path in runs.checkpoints(folder, name)] == steps
    losses = pickles.load(os.path.join(folder, "losses.pkl"))
    assert np.shape(losses) == (77, 2)
    samples = pickles.load(os.path.join(folder, "samples.pkl"))
    assert np.shape(samples) == (7, 9, 784) and samples[0].dtype == np.float32
    assert len(os.listdir(os.path.join(folder, "samples"))) == 7
    generator = runs.read_checkpoint(runs.checkpoints(folder, runs.GENERATOR)[-1])[0]
    assert set(generator) == {f"generator/{layer}/dense/{part}"
                              for layer in ("fc_layer", "output") for part in ("kernel", "bias")}
    assert not [name for name in os.listdir(folder) if name.startswith(".tmp")]


@pytest.mark.slow
def test_a_whole_dcgan_run_keeps_moving_statistics_with_the_generator(train):
    folder = train("dcgan", steps=2, batch_size=4, n_sample=4)
    path = runs.checkpoints(folder, runs.GENERATOR)[-1]
    names = set(runs.read_checkpoint(path)[0])
    assert {name for name in names if "/moving_" in name} == {
        f"generator/{layer}/batch_normalization/moving_{what}"
        for layer in ("fc_layer", "cnn_layer1", "cnn_layer2") for what in ("mean", "variance")}
    assert len(names) == 13 + 2 + 6


@pytest.mark.slow
def test_losses_fall_into_place_on_a_simple_task(train):
    """The generator's mean image comes near the data's."""
    folder = train(steps=700)
    with tf1gan.Sampler(folder) as sampler:
        mean = sampler.sample(200, seed=0).mean(axis=0)
    bars, rest = mean[6:22, 3:24].mean(), np.delete(mean, range(2, 26), axis=0).mean()
    assert bars > rest + 0.05


def test_another_seed_is_another_run(train):
    one, other = train(run="a", steps=3), train(run="b", steps=3, seed=1)
    a, b = variables(one, 3), variables(other, 3)
    assert not np.array_equal(a["generator/fc_layer/dense/kernel"],
                              b["generator/fc_layer/dense/kernel"])


def test_other_hyperparameters_are_refused_by_flag_and_nothing_is_touched(train):
    folder = train(steps=4)
    before = {name: os.path.getmtime(os.path.join(folder, name)) for name in os.listdir(folder)
              if name != runs.LOCK}
    with pytest.raises(tf1gan.UserError) as error:
        train(steps=8, alpha=0.2, batch_size=25, seed=3)
    for flag in ("--alpha", "--batch-size", "--seed"):
        assert flag in str(error.value)
    assert "--smooth" not in str(error.value)
    assert before == {name: os.path.getmtime(os.path.join(folder, name)) for name in before}


def test_fresh_starts_over_and_keeps_the_old_run(train):
    folder = train(steps=4)
    assert train(steps=2, fresh=True, alpha=0.2) == folder
    assert runs.step_of(runs.checkpoints(folder)[-1]) == 2
    assert runs.step_of(runs.checkpoints(folder + ".1")[-1]) == 4
    train(steps=2, fresh=True)
    assert runs.checkpoints(folder + ".2")


def test_a_damaged_newest_checkpoint_is_passed_over(train, capsys):
    whole = train(run="whole", epochs=3)
    folder = train(epochs=2)
    path = os.path.join(folder, "model.ckpt-22.data-00000-of-00001")
    with open(path, "r+b") as file:
        file.truncate(100)
    train(epochs=3)
    assert "Skipping a checkpoint" in capsys.readouterr().out
    assert_same_runs(whole, folder, 33)


def test_a_run_without_a_readable_checkpoint_stops_and_touches_nothing(train):
    folder = train(epochs=2)
    for path in runs.checkpoints(folder):
        with open(path + ".data-00000-of-00001", "r+b") as file:
            file.truncate(10)
    before = {name: os.path.getmtime(os.path.join(folder, name)) for name in os.listdir(folder)
              if name not in (runs.LOCK, runs.CONFIG)}
    with pytest.raises(tf1gan.UserError, match="no checkpoint .* can be read"):
        train(epochs=3)
    assert before == {name: os.path.getmtime(os.path.join(folder, name)) for name in before}


def test_losing_tensorflows_list_of_checkpoints_loses_nothing(train):
    whole = train(run="whole", epochs=3)
    folder = train(epochs=2)
    os.unlink(os.path.join(folder, "checkpoint"))
    train(epochs=3)
    assert_same_runs(whole, folder, 33)


def test_a_run_that_diverges_stops_and_keeps_its_good_checkpoints(train, monkeypatch):
    def noise(kind, shape, seed, purpose, counter=0):
        return drawn(kind, shape, seed, purpose, counter) * (np.nan if counter == 15 else 1)
    drawn = randomness.noise
    monkeypatch.setattr(randomness, "noise", noise)
    with pytest.raises(tf1gan.UserError) as error:
        train(epochs=2, save_every=5)
    words = str(error.value)
    assert "no longer finite at step 16" in words and "--learning-rate" in words
    good = re.search(r"last good checkpoint is (\S+);", words).group(1)
    assert good.endswith("model.ckpt-15") and good == runs.checkpoints(os.path.dirname(good))[-1]
    assert all(np.isfinite(value).all() for value in variables(os.path.dirname(good), 15).values())


@pytest.mark.parametrize("network, value, due, said", [
    ("generator", np.nan, {}, "weights"),                           # at the end of an epoch
    ("discriminator", np.inf, {"sample_every": 4}, "weights"),
    ("discriminator", 3e38, {}, "discriminator's outputs"),         # whose sums are infinite
    ("generator", 3e38, {"sample_every": 4}, "samples")])
def test_weights_that_diverge_are_neither_drawn_nor_saved(
        train, monkeypatch, network, value, due, said):
    """The losses are those of the weights before, and so still finite."""
    last = 4 if due else 11

    def spoiled(graph, session, *fed):
        seen = done(graph, session, *fed)
        if int(session.run(graph.global_step)) == last:
            for variable in getattr(graph, network + "_variables"):
                signs = np.resize([1, -1, -1], variable.shape.as_list())
                variable.load((signs * value).astype(np.float32), session)
        return seen
    done = loop.compute
    monkeypatch.setattr(loop, "compute", spoiled)
    with pytest.raises(tf1gan.UserError, match=f"the {said} are no longer finite at step {last}: "
                                               "the last good checkpoint is .*model.ckpt-(3|9);"):
        train(steps=12, save_every=3 if due else 9, **due)


@pytest.mark.parametrize("victim", ["pickle", "generator", "model"])
def test_a_full_disk_stops_with_a_line_and_the_run_goes_on_later(train, monkeypatch, victim):
    """The disk is simulated: writing fails from some moment on, half-way into a file."""
    whole = train(run="whole", epochs=3)
    folder = train(epochs=1)

    fsync, save, written = os.fsync, tf.train.Saver.save, []

    def full(*arguments, **options):
        if victim == "pickle" and not written:
            written.append("config.json")
            return fsync(*arguments)
        if victim == "model" and runs.GENERATOR in arguments[2]:
            return save(*arguments, **options)
        if victim != "pickle":
            with open(os.path.join(folder, victim + ".ckpt-22.data-00000-of-00001"), "wb") as file:
                file.write(b"half")
        raise OSError(28, "No space left on device")
    with monkeypatch.context() as patched:
        patched.setattr(*(("os.fsync", full) if victim == "pickle" else
                          (tf.train.Saver, "save", full)))
        with pytest.raises(tf1gan.UserError, match="No space left.*model.ckpt-11"):
            train(epochs=3)
    for name in (runs.MODEL, runs.GENERATOR):
        assert [runs.step_of(path) for path in runs.checkpoints(folder, name)] == [11]
        listed = tf.train.get_checkpoint_state(folder, runs.STATE[name])
        assert list(listed.all_model_checkpoint_paths) == [os.path.join(folder, name + "-11")]
    assert not [name for name in os.listdir(folder) if ".tmp" in name or "ckpt-22" in name]
    train(epochs=3)
    assert_same_runs(whole, folder, 33)


def test_what_a_killed_process_left_half_written_is_swept_away(train):
    folder = train(steps=4)
    left = [".tmp-abc", "model.ckpt-9.data-00000-of-00001.tempstate123"]
    for name in left:
        open(os.path.join(folder, name), "w").close()
    os.mkdir(os.path.join(folder, "generator.ckpt-9_temp_abc"))
    train(steps=5)
    assert not set(os.listdir(folder)) & set(left + ["generator.ckpt-9_temp_abc"])
    assert runs.step_of(runs.checkpoints(folder)[-1]) == 5


def test_a_finished_run_says_so_and_changes_nothing(train, capsys):
    folder = train(steps=4)
    before = sorted(os.listdir(folder))
    train(steps=4)
    assert "already" in capsys.readouterr().out
    assert sorted(os.listdir(folder)) == before


def test_xavier_gan_ends_when_both_losses_are_low_at_a_report(train, capsys):
    folder = train("xavier_gan", steps=30, stop_g_loss=1000, stop_d_loss=1000)
    assert runs.step_of(runs.checkpoints(folder)[-1]) == 1      # looked at after step 0 only
    assert "Step:0 Generator Loss:" in capsys.readouterr().out
    train("xavier_gan", steps=30, stop_g_loss=1000, stop_d_loss=1000)
    said = capsys.readouterr().out
    assert "met its goal" in said and "--stop-g-loss 1000" in said and "--steps" not in said
    train("xavier_gan", steps=30, stop_g_loss=0)        # a lower one, and it goes on
    assert runs.step_of(runs.checkpoints(folder)[-1]) == 30


@pytest.mark.parametrize("loss, given, goal", [
    (None, {}, {"stop_g_loss": 3.0, "stop_d_loss": 0.4}),
    ("cross_entropy", {}, {"stop_g_loss": 3.0, "stop_d_loss": 0.4}),
    ("log", {"stop_g_loss": 2}, {"stop_g_loss": 2.0, "stop_d_loss": 0.4}),
    ("minimax", {}, {}), ("lsgan", {}, {}), ("hinge", {}, {}), ("wgan-gp", {}, {}),
    ("wgan", {"stop_d_loss": -0.5}, {"stop_d_loss": -0.5}),
])
def test_xavier_gans_goal_belongs_to_its_documents_loss_or_is_given(loss, given, goal):
    recipe = models.resolve("xavier_gan", dict(given, loss=loss))
    assert recipe.goal == goal
    # What config.json keeps is not taken otherwise when the run goes on.
    config = {"model": "xavier_gan", "hyperparameters": recipe.asked}
    assert models.recorded(config, "config.json").values == recipe.values


def test_a_goal_for_one_loss_asks_nothing_of_the_other(train):
    ends = {}
    for name in models.GOAL:
        for at in (-1000, 1000):
            folder = train("xavier_gan", run=f"{name}{at}", steps=2, batch_size=4,
                           loss="wgan", **{name: at})
            ends[name, at] = runs.step_of(runs.checkpoints(folder)[-1])
    assert ends == {(name, at): 1 if at > 0 else 2 for name in models.GOAL for at in (-1000, 1000)}


def test_a_run_that_an_unfit_goal_ended_goes_on(train):
    folder = train("xavier_gan", steps=1, loss="lsgan")
    config = runs.read_config(folder)       # such as earlier versions wrote
    config["hyperparameters"].update(stop_g_loss=3.0, stop_d_loss=0.4, steps=20)
    runs.write_json(folder, runs.CONFIG, config)
    train("xavier_gan", steps=20, loss="lsgan")
    assert runs.step_of(runs.checkpoints(folder)[-1]) == 20


@pytest.mark.slow
def test_keras_gan_saves_and_pictures_when_its_document_does(train, tiny_data, monkeypatch):
    def counted(graph, session, *fed):
        """What is learned after the first iteration plays no part."""
        if made:
            graph.global_step.load(int(session.run(graph.global_step)) + 1, session)
        else:
            made.append(compute(graph, session, *fed))
        return made[0]
    made, compute = [], loop.compute
    monkeypatch.setattr(loop, "compute", counted)
    folder = train("keras_gan", data_dir=tiny_data, batch_size=1, epochs=1, n_sample=1)
    assert [runs.step_of(path) for path in runs.checkpoints(folder)] == [10, 110, 132]
    assert {"0_0.png", "0_100.png"} <= set(os.listdir(os.path.join(folder, "samples")))


def test_eager_dcgan_looks_at_its_data_first(train, capsys):
    folder = train("eager_dcgan", steps=1, batch_size=10, n_sample=4)
    assert "((600, 28, 28), (600,))" in capsys.readouterr().out
    assert os.path.isfile(os.path.join(folder, "preview.png"))


@pytest.mark.parametrize("every, due", [
    (schedule.Every(150, 149, 859), [150, 300, 450, 600, 750, 859 + 150]),
    (schedule.Every(100, 9, 250), [10, 110, 210, 260]),
    (schedule.Every(3, 2), [3, 6, 9]),
])
def test_a_schedule_is_due_and_counts_as_the_documents_loop(every, due):
    last = due[-1]
    assert [step for step in range(1, last + 1) if every.due(step)] == due
    for step in range(1, last + 1):
        assert len(every.steps(step)) == sum(day <= step for day in due)


@pytest.mark.parametrize("model", ALL)
def test_the_bar_has_the_losses_in_the_order_of_the_models_lines(model):
    model = tf1gan.MODELS[model]
    moment = models.Moment(index=0, epoch=1, epochs=2, batch=0, ends_epoch=True, seconds=1.0,
                    g_loss=1.25, d_loss=2.5)
    line, bar = model.line(moment), loop.short(model, 1.25, 2.5)
    assert (line.index("1.25") < line.index("2.5")) == (bar.index("G=1.25") < bar.index("D=2.5"))


def test_the_learning_is_pictured_at_steps_that_no_length_changes():
    due = [step for step in range(1, 12000) if schedule.Schedule.pictures_learning(step)]
    assert due == [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000]


def events(folder):
    """(tag, step) of all that a run's event files hold, in the order in which it was written.

    The names of files begun within one second do not tell which was first.
    """
    files = [os.path.join(folder, name) for name in os.listdir(folder) if "tfevents" in name]
    return [(value.tag, event.step)
            for path in sorted(files, key=lambda path: os.stat(path).st_mtime_ns)
            for event in tf.train.summary_iterator(path) for value in event.summary.value]


@pytest.mark.slow
@pytest.mark.as_users
def test_a_run_in_stretches_has_its_learning_and_what_it_is_once_each(train):
    options = dict(epochs=None, n_sample=4)
    whole = train(run="whole", steps=55, **options)
    for steps in (1, 7, 20, 55):     # some end at a picture, some between, one an epoch
        folder = train(run="parts", steps=steps, **options)
    assert_same_runs(whole, folder, 55)
    for run in (whole, folder):
        found = events(run)
        assert [step for tag, step in found if tag == "samples/learning"] == [1, 2, 5, 10, 20, 50]
        assert [step for tag, step in found if tag == "samples"] == [11, 22, 33, 44, 55]
        for tag in ("hyperparameters", "custom_scalars__config__", "_hparams_/session_start_info",
                    "_hparams_/session_end_info"):
            assert len([each for each, _ in found if each == tag]) == 1


# -- Other processes ---------------------------------------------------------------------------

@contextlib.contextmanager
def training_elsewhere(tmp_path, small_data, epochs, python):
    """A process in which the script trains a run, with one thread for an operation, as here."""
    one_core = (lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])) if hasattr(
        os, "sched_setaffinity") else None
    process = subprocess.Popen(
        [python, os.path.join(ROOT, "scripts", "train.py"), "--model", "gan",
         "--batch-size", "50", "--data-dir", small_data, "--logdir", str(tmp_path / "logs"),
         "--run", "run", "--epochs", str(epochs), "--n-sample", "4", "--summary-every", "1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True,
        preexec_fn=one_core)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(process, beginning):
    next(line for line in process.stdout if line.startswith(beginning))


@pytest.mark.slow
@pytest.mark.as_users
def test_a_run_elsewhere_is_left_alone_saves_at_a_signal_and_goes_on(
        train, tmp_path, small_data, capsys):
    with training_elsewhere(tmp_path, small_data, 1000, sys.executable) as process:
        wait_for(process, "Epoch 3/")
        process.send_signal(signal.SIGSTOP)         # it trains on when all is looked at
        for fresh in (False, True):
            with pytest.raises(tf1gan.UserError, match="another process"):
                train(epochs=1000, summary_every=1, fresh=fresh)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 128 + signal.SIGTERM and "Traceback" not in err
    stopped = re.search(r"Stopped at step (\d+) of 11000, saved in .*same command continues", out)
    check_that_it_goes_on(train, capsys, int(stopped.group(1)))


@pytest.mark.slow
def test_a_killed_run_goes_on_from_its_last_checkpoint(
        train, tmp_path, small_data, capsys, forked):
    with training_elsewhere(tmp_path, small_data, 1000, forked) as process:
        wait_for(process, "Epoch 4/")
        time.sleep(0.02)
        process.kill()
        process.communicate()
    folder = str(tmp_path / "logs" / "run")
    check_that_it_goes_on(train, capsys, runs.step_of(runs.checkpoints(folder)[-1]))


def check_that_it_goes_on(train, capsys, step):
    """A run that has made so many steps ends as one that was never stopped."""
    options = dict(steps=step + 20, summary_every=1)
    whole = train(run="whole", **options)
    capsys.readouterr()
    assert_same_runs(whole, train(**options), step + 20)
    assert f", from step {step}\n" in capsys.readouterr().out


@pytest.mark.as_users
def test_ctrl_c_saves_and_the_same_command_goes_on(train, command, monkeypatch, small_data):
    def of_iteration(*values):
        written.append(values)
        if len(written) == 16:      # in the middle of an epoch
            os.kill(os.getpid(), signal.SIGINT)
        return made(*values)
    flags = ["--model", "gan", "--batch-size", 50, "--data-dir", small_data, "--epochs", 9,
             "--n-sample", 4, "--summary-every", 1, "--run", "run"]
    written, made = [], summaries.of_iteration
    with monkeypatch.context() as patched:
        patched.setattr(summaries, "of_iteration", of_iteration)
        done = command("train", *flags)
    assert done.returncode == 128 + signal.SIGINT and "Traceback" not in done.stderr
    assert re.search(r"Stopped at step 16 of 99, saved in .*same command continues", done.stdout)
    done = command("train", *flags)
    assert done.returncode == 0, done.stderr
    assert re.search(r"Run: .*, from step 16\n", done.stdout)
    assert_same_runs(train(run="whole", epochs=9, summary_every=1), os.path.join("logs", "run"), 99)


@pytest.mark.slow
def test_a_run_survives_the_stress_script(small_data, forked, monkeypatch):
    monkeypatch.setattr(sys, "executable", forked)      # of what it starts
    found = faults.stress(kills=1, epochs=15, batch_size=50, data_dir=small_data)
    assert len(found) == 1 + 2 + 1 + 1
    assert all(fault.survived for fault in found), faults.table(found)


def test_a_comparison_of_different_runs_finds_the_differences(train):
    differences = compare(train(run="a", steps=3), train(run="b", steps=3, seed=1))
    assert {"losses.pkl", "samples.pkl", "TensorBoard's points",
            "generator/output/dense/kernel"} <= set(differences)
