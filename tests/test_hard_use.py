"""What is done to runs while nobody trains in them, and what a command may not do to them."""

import os
import pathlib
import subprocess
import sys
import time

import numpy as np
import pytest
from helpers import ROOT, slow

import tf1gan
from tf1gan import evaluation, pickles, run_plots, runs, training
from tf1gan.compat import tf
from tf1gan.runs import comparison, events, folder as run_folder, records


def contents(folder):
    """Every file's bytes, by name."""
    return {path.relative_to(folder): path.read_bytes()
            for path in pathlib.Path(folder).rglob("*")
            if path.is_file() and path.name != runs.LOCK}


# -- Checkpoints that are gone -----------------------------------------------------------------

@pytest.mark.parametrize("gone", [
    ("model.ckpt",), ("model.ckpt", "checkpoint", "losses.pkl", "samples.pkl"),
    ("model.ckpt", "generator", "checkpoint"),
    ("model.ckpt", "generator", "checkpoint", "losses", "samples", "last", "loss", "evolution",
     "monitor", "no_embeddings", "projector")])         # the events alone are left
def test_a_run_whose_checkpoints_are_gone_is_refused_and_not_begun_again(train, gone):
    folder = train(steps=3)
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file() and path.relative_to(folder).parts[0].startswith(gone):
            path.unlink()
    before = contents(folder)
    with pytest.raises(tf1gan.UserError, match="no model.ckpt.*restore them.*--fresh"):
        train(steps=6)
    assert contents(folder) == before
    train(steps=6, fresh=True)
    assert contents(folder + ".1") == before


def test_a_run_killed_in_its_first_save_begins_again(train, monkeypatch):
    """Its history is there then, and even its generator."""
    whole = train(run="whole", steps=3)

    class Killed(BaseException):
        pass

    def save(saver, session, folder, name, step):
        if name == runs.MODEL:
            raise Killed
        saved(saver, session, folder, name, step)
    saved = runs.save
    for _ in range(2):
        with monkeypatch.context() as patched, pytest.raises(Killed):
            patched.setattr(runs, "save", save)
            train(steps=3)
    assert comparison.compare(whole, train(steps=3)) == []


def test_a_checkpoint_under_another_steps_name_is_passed_over(train, capsys):
    folder = train(steps=3)
    for ending in (".index", ".data-00000-of-00001"):
        os.rename(os.path.join(folder, "model.ckpt-3" + ending),
                  os.path.join(folder, "model.ckpt-2" + ending))
    before = contents(folder)
    with pytest.raises(tf1gan.UserError, match="no checkpoint .* can be read"):
        train(steps=6)
    assert "model.ckpt-2 is the checkpoint of step 3" in capsys.readouterr().out
    assert contents(folder) == before


# -- Files of a run that hold something else -----------------------------------------------------

@pytest.mark.parametrize("name, value", [
    ("losses.pkl", 5), ("losses.pkl", ["a", "b"]), ("losses.pkl", ["ab", "cd"]),
    ("losses.pkl", [[1.0], [2.0]]), ("losses.pkl", np.zeros(9)), ("losses.pkl", [[[], []]]),
    ("losses.pkl", [[10 ** 999, 0]]), ("losses.pkl", {}), ("samples.pkl", None),
    ("samples.pkl", ["a"]), ("samples.pkl", {"a": 1}),
    ("samples.pkl", [np.zeros((4, 3))]), ("samples.pkl", [np.zeros((0, 784))]),
    ("samples.pkl", [np.zeros((4, 784)), np.zeros((3, 784))])])
def test_a_history_of_something_else_is_refused(tmp_path, name, value):
    pickles.save(str(tmp_path / "losses.pkl"), [[1.0, 2], np.zeros(2)])
    pickles.save(str(tmp_path / "samples.pkl"), [np.zeros((4, 784))])
    losses, samples = runs.read_history(str(tmp_path))
    assert len(losses) == 2 and len(samples) == 1
    pickles.save(str(tmp_path / name), value)
    with pytest.raises(tf1gan.UserError, match=name + ".*restore it"):
        runs.read_history(str(tmp_path))


@pytest.mark.parametrize("share", [0, 0.5, 0.9])
def test_a_history_that_is_cut_off_is_refused_in_a_line(tmp_path, share):
    pickles.save(str(tmp_path / "losses.pkl"), [[1.0, 2.0]] * 40)
    content = (tmp_path / "losses.pkl").read_bytes()
    (tmp_path / "losses.pkl").write_bytes(content[:int(share * len(content))])
    with pytest.raises(tf1gan.UserError, match=r"losses.pkl .*: \w.*; restore it, or") as refused:
        runs.read_history(str(tmp_path))
    assert "\n" not in str(refused.value)


def test_a_run_with_another_history_is_left_as_it_is(train):
    folder = train(steps=2)
    pickles.save(os.path.join(folder, "losses.pkl"), ["a"] * 9)
    before = contents(folder)
    for touch in (lambda: train(steps=3), lambda: run_plots.plot_run(folder)):
        with pytest.raises(tf1gan.UserError, match="losses.pkl"):
            touch()
    assert contents(folder) == before


@pytest.mark.parametrize("changes", [
    {"iterations_per_epoch": 0}, {"iterations_per_epoch": "x"}, {"sample_every": "x"},
    {"model": ["gan"]}, {"model": "other"}, {"hyperparameters": {"other": 1}},
    {"hyperparameters": {"alpha": "x"}}])
def test_a_config_of_something_else_is_refused_by_its_name(tmp_path, train, changes):
    config = {"model": "gan", "hyperparameters": {}, "iterations_per_epoch": 3}
    folder = str(tmp_path / "logs" / "run")
    os.makedirs(folder)
    runs.write_json(folder, runs.CONFIG, config)
    assert runs.read_config(folder) == config
    runs.write_json(folder, runs.CONFIG, dict(config, **changes))
    for touch in (train, lambda: run_plots.plot_run(folder)):
        with pytest.raises(tf1gan.UserError, match=runs.CONFIG):
            touch()


def test_a_config_without_the_length_of_an_epoch_is_not_drawn(tmp_path):
    runs.write_json(str(tmp_path), runs.CONFIG, {"model": "gan", "hyperparameters": {}})
    with pytest.raises(tf1gan.UserError, match="iterations_per_epoch"):
        run_plots.plot_run(str(tmp_path))


# -- Flags that are refused --------------------------------------------------------------------

@pytest.mark.parametrize("flags", [
    {"loss": "hinge", "label_smoothing": 0.1}, {"batch_size": 1000}, {"steps": -1},
    {"evaluate_every": 2}])
def test_a_refused_command_has_set_nothing_aside(train, tmp_path, monkeypatch, flags):
    def no_ruler(*_):
        raise tf1gan.UserError("no cache")
    monkeypatch.setattr(evaluation, "Ruler", no_ruler)
    folder = train(steps=1)
    before = contents(folder)
    with pytest.raises(tf1gan.UserError):
        train(fresh=True, **dict({"steps": 2}, **flags))
    assert os.listdir(str(tmp_path / "logs")) == ["run"] and contents(folder) == before


@pytest.mark.parametrize("model, given", [
    ("gan", dict(ema=0, image_range="-1,1", loss="cross_entropy", label_smoothing=0.0,
                 gradient_penalty=0, g_learning_rate=0.001, d_learning_rate=0.001, g_steps=1,
                 d_steps=1, smooth=0.1, sample_every=11)),
    ("xavier_gan", dict(image_range="0,1", loss="log", sample_every=1000)),
    slow("plain_dcgan", dict(stddev=0.1)),
])
def test_giving_a_default_is_the_same_run(train, model, given):
    whole = train(model, run="whole", steps=3)
    train(model, steps=1)
    train(model, steps=2, **given)
    assert comparison.compare(whole, train(model, steps=3)) == []
    for flag, value in (("--ema", 0.5), ("--sample-every", 7)):
        with pytest.raises(tf1gan.UserError, match=flag):
            train(model, steps=4, **{flag[2:].replace("-", "_"): value})


def test_a_finished_run_is_not_rewritten_by_a_shorter_one(train, capsys):
    folder = train(steps=3)
    before = contents(folder)
    train(steps=2)
    assert "already" in capsys.readouterr().out and contents(folder) == before


def test_a_run_that_was_set_aside_meanwhile_is_not_trained_in(tmp_path, monkeypatch):
    """One opened the lock, another set the run aside and began anew before it was locked."""
    folder = str(tmp_path / "run")

    def locks(file):
        os.rename(folder, folder + ".1")
        os.mkdir(folder)
        open(os.path.join(folder, runs.LOCK), "w").close()
        return lock(file)
    lock = run_folder._lock
    monkeypatch.setattr(run_folder, "_lock", locks)
    with pytest.raises(tf1gan.UserError, match="another process"):
        with runs.locked(folder):
            pass


@pytest.mark.parametrize("name", ["monitor.json", "states.json", "checkpoint", "best_checkpoint",
                                  "events.out.tfevents.1.folder", ".lock"])
def test_a_folder_in_the_place_of_a_file_is_told_before_training(train, name):
    folder = train(steps=1)
    before = contents(folder)
    path = os.path.join(folder, name)
    if os.path.lexists(path):
        os.rename(path, path + ".kept")
    os.mkdir(path)
    with pytest.raises(tf1gan.UserError, match=name + " is not a file.*move it elsewhere"):
        train(steps=2)
    os.rmdir(path)
    if os.path.lexists(path + ".kept"):
        os.rename(path + ".kept", path)
    assert contents(folder) == before


def test_a_file_system_without_locks_is_trained_on(tmp_path, monkeypatch):
    def flock(*_):
        raise OSError(95, "Operation not supported")
    monkeypatch.setattr(run_folder.fcntl, "flock", flock)
    with runs.locked(str(tmp_path / "run")):
        pass


@pytest.mark.parametrize("place", ["a_file", "a_file/logs"])
def test_a_logdir_under_a_file_is_named(tmp_path, small_data, place):
    (tmp_path / "a_file").write_text("")
    with pytest.raises(tf1gan.UserError, match="cannot write to .*a_file.*--logdir"):
        training.train("gan", training.Options(
            logdir=str(tmp_path / place), data_dir=small_data), steps=1, batch_size=50)


# -- Event files -------------------------------------------------------------------------------

def event_file(folder):
    name, = [name for name in os.listdir(folder) if name.startswith("events.out.tfevents.")]
    return os.path.join(folder, name)


def test_a_continued_run_leaves_its_event_files_modes(train):
    folder = train(steps=4, summary_every=1)
    path = event_file(folder)
    os.chmod(path, 0o604)
    size = os.path.getsize(path)
    train(steps=5, summary_every=1)
    assert os.path.getsize(path) < size         # it was written anew, without its closing picture
    assert os.stat(path).st_mode & 0o777 == 0o604


def test_a_disk_that_is_full_when_a_run_goes_on_ends_in_a_line(train, monkeypatch):
    whole = train(run="whole", steps=6, summary_every=1)
    folder = train(steps=4, summary_every=1)
    replace = os.replace

    def full(source, target):
        if "tfevents" in target:
            raise OSError(28, "No space left on device")
        replace(source, target)
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(tf1gan.UserError, match="No space left.*model.ckpt-4.*make room"):
            train(steps=6, summary_every=1)
    train(steps=6, summary_every=1)
    assert comparison.compare(whole, folder) == []


def test_a_disk_that_events_have_filled_ends_in_a_line(train, monkeypatch):
    class Full(tf.io.TFRecordWriter):
        def write(self, record):
            written.append(record)
            if len(written) > 40:
                raise tf.errors.ResourceExhaustedError(None, None, "No space left on device")
            super().write(record)
    written = []
    whole = train(run="whole", steps=40, save_every=4, summary_every=1)
    with monkeypatch.context() as patched:
        patched.setattr(tf.io, "TFRecordWriter", Full)
        with pytest.raises(tf1gan.UserError, match="TensorBoard's events in .*No space left.*"
                                                   "model.ckpt-24; make room"):
            train(steps=40, save_every=4, summary_every=1)
    train(steps=40, save_every=4, summary_every=1)
    assert comparison.compare(whole, whole[:-len("whole")] + "run") == []


def test_a_flipped_byte_in_an_event_file_costs_one_record_at_most(train, capsys):
    folder = train(steps=30, save_every=30, summary_every=1)
    path = event_file(folder)
    with open(path, "rb") as file:
        content = file.read()
    before = comparison.points(folder)
    whole, damaged = records.split(path, content)
    assert b"".join(whole) == content and not damaged
    # One with the five numbers of a step.
    at = [len(records.event_of(record).summary.value) for record in whole].index(5)
    start = len(b"".join(whole[:at]))
    for place in (start + 3, start + 9, start + 30, start + len(whole[at]) - 2):
        flipped = content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1:]
        with open(path, "wb") as file:
            file.write(flipped)
        assert records.split(path, flipped) == (whole[:at] + whole[at + 1:], True)
    train(steps=40, save_every=30, summary_every=1)
    assert "is damaged: everything readable is kept" in capsys.readouterr().out
    after = comparison.points(folder)
    lost = {tag for step, tag, _ in set(before) - set(after) if 0 < step < 30}
    assert lost == {"loss/generator", "loss/discriminator", "outputs/D_real", "outputs/D_fake"}
    aside, = [name for name in os.listdir(folder) if name.startswith("damaged-1.")]
    assert "tfevents" not in aside
    with open(os.path.join(folder, aside), "rb") as file:
        assert file.read() == flipped
    train(steps=41, save_every=30, summary_every=1)
    assert "damaged" not in capsys.readouterr().out


@pytest.mark.parametrize("left", [5, 20])
def test_a_torn_last_event_is_no_damage(train, tmp_path, left):
    path = event_file(train(steps=2, summary_every=1))
    with open(path, "rb") as file:
        content = file.read()
    whole, _ = records.split(path, content)
    torn = content[:len(content) - len(whole[-1]) + left]
    with open(path, "wb") as file:
        file.write(torn)
    assert records.split(path, torn) == (whole[:-1], False)


def test_a_clock_that_was_set_back_leaves_events_in_order(train, monkeypatch):
    folder, now = train(steps=2, summary_every=1), time.time
    monkeypatch.setattr(time, "time", lambda: now() - 3600)
    for steps in (3, 4):                # twice within a second or two
        train(steps=steps, summary_every=1)
    steps = [event.step for name in events.names(folder)
             for event in tf.train.summary_iterator(os.path.join(folder, name))
             if any(value.tag == "loss/generator" for value in event.summary.value)]
    assert steps == [1, 2, 3, 4]


def test_a_record_that_is_no_event_is_damage(tmp_path):
    path = str(tmp_path / "events.out.tfevents.1")
    with tf.python_io.TFRecordWriter(path) as writer:
        for record in (tf.Event(step=1).SerializeToString(), b"\xff" * 4,
                       tf.Event(step=2).SerializeToString()):
            writer.write(record)
    with open(path, "rb") as file:
        whole, damaged = records.split(path, file.read())
    assert damaged and [records.event_of(record).step for record in whole] == [1, 2]


# -- Sampling ----------------------------------------------------------------------------------

def test_no_digits_are_an_empty_array(train):
    with tf1gan.Sampler(train(steps=1), discriminator=True) as sampler:
        for draw in (sampler.sample, sampler.sample_nice):
            assert draw(0).shape == (0, 28, 28) and draw(0).dtype == np.float32
            for n, seed in ((-1, None), (1, -1), (1, 2 ** 32), (1, 0.5), (2.0, None), ("3", None),
                            (True, None), ([3], None), (float("nan"), None)):
                with pytest.raises(tf1gan.UserError, match="must be"):
                    draw(n, seed)
            # 20 times as many are more than its 8 bits count to.
            assert np.array_equal(draw(np.uint8(20), 1), draw(20, 1))
            assert np.array_equal(list(sampler.pieces(np.int64(2), 1)), list(sampler.pieces(2, 1)))


@pytest.mark.parametrize("given", [
    {"path": None}, {"path": 3}, {"path": b"run"}, {"path": ["run"]}, {"path": ""},
    {"dropout": 0.5}, {"dropout": "no"}, {"discriminator": "yes"}, {"best": None}])
def test_a_sampler_given_something_else_says_what_it_takes(given):
    with pytest.raises(tf1gan.UserError, match=next(iter(given)) + " must be "):
        tf1gan.Sampler(**{"path": "nowhere", **given})


def test_a_sampler_says_what_it_has_not_and_that_it_is_closed(train):
    with tf1gan.Sampler(np.str_(train(steps=1))) as sampler:
        with pytest.raises(tf1gan.UserError, match="discriminator=True"):
            sampler.sample_nice(2)
        pieces = sampler.pieces(2)
    for use in (lambda: sampler.sample(2), lambda: next(pieces), sampler.weights, sampler.frozen):
        with pytest.raises(tf1gan.UserError, match="closed"):
            use()
    sampler.close()


@pytest.mark.parametrize("name, recipe", [(["gan"], "best"), ({}, "best"), ("gan", ["best"])])
def test_a_name_that_is_none_is_told_in_a_line(name, recipe):
    with tf.Graph().as_default(), pytest.raises(tf1gan.UserError, match="choose one of"):
        tf1gan.build(name, recipe=recipe)


def test_a_model_outside_of_a_graph_is_told_where_to_build_it():
    if not tf.executing_eagerly():
        pytest.skip("TensorFlow 1 has a graph at once")
    with pytest.raises(tf1gan.UserError, match=r"within `with tf.Graph\(\).as_default\(\):`"):
        tf1gan.build("gan")


@pytest.mark.parametrize("moment", ["found", "opened"])
def test_sampling_beside_a_trainer_takes_what_is_there(train, monkeypatch, moment):
    folder = train(steps=1)

    def rotate():
        """What a trainer does that saves often."""
        for ending in (".index", ".data-00000-of-00001"):
            os.rename(os.path.join(folder, "generator.ckpt-1" + ending),
                      os.path.join(folder, "generator.ckpt-9" + ending))

    def found(*arguments, **options):
        result = find(*arguments, **options)
        if result[0].endswith("-1"):
            rotate()
        return result

    def opened(prefix):
        result = read(prefix)
        rotate()
        return result
    find, read = runs.find_checkpoint, runs.read_checkpoint
    with tf1gan.Sampler(folder) as sampler:
        expected = sampler.sample(2, seed=0)
    if moment == "opened":
        monkeypatch.setattr(runs, "read_checkpoint", opened)
    else:
        monkeypatch.setattr(runs, "find_checkpoint", found)
    with tf1gan.Sampler(folder) as sampler:
        assert np.array_equal(sampler.sample(2, seed=0), expected)
        assert sampler.checkpoint.endswith("-1" if moment == "opened" else "-9")


def test_an_index_is_deleted_before_its_data(tmp_path, monkeypatch):
    """So that whoever finds an index and no data knows that it is damaged."""
    for ending in (".index", ".data-00000-of-00001"):
        (tmp_path / ("model.ckpt-1" + ending)).write_text("")
    removed = []
    monkeypatch.setattr(os, "unlink", removed.append)
    runs.remove_checkpoint(str(tmp_path / "model.ckpt-1"))
    assert [os.path.splitext(path)[1] for path in removed] == [".index", ".data-00000-of-00001"]


# -- Systems -----------------------------------------------------------------------------------

@pytest.mark.slow
def test_a_system_without_the_module_resource_measures_and_stresses(tmp_path):
    """Windows has none."""
    code = ("import sys; sys.modules['resource'] = None\n"
            "from tf1gan.lab import faults, turns\n"
            "assert turns._most_memory() != turns._most_memory()\n"
            "assert faults._fill([], '.', False).survived\n")
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=120)
