"""Whatever characters a path has, it works or is refused before anything is written."""

import os
import re
import signal
import stat
from types import SimpleNamespace

import numpy as np
import pytest

import tf1gan
from tf1gan import converting, files, pickles, restoring, runs, sampling, training
from tf1gan.compat import tf
from tf1gan.converting import values
from tf1gan.data import formats
from tf1gan.evaluation import classifier
from tf1gan.legacy import check

# What TensorFlow, Python or a shell takes for more than a character.
NAMES = ["a*", "a[b]", "-a? {a,b}%sü数~#$HOME'\": ", ".tmp-a"]


def steps(folder, name=runs.MODEL):
    return [runs.step_of(path) for path in runs.checkpoints(folder, name)]


def check_that_a_run_works(train, **where):
    """It keeps five checkpoints, goes on, is sampled, and leaves its neighbour alone."""
    neighbour = os.path.join(os.path.dirname(train(steps=1, save_every=1, **where)), "abc")
    os.makedirs(neighbour)
    for step in (1, 2, 3):
        for name in (runs.MODEL, runs.GENERATOR):
            with open(os.path.join(neighbour, f"{name}-{step}.index"), "w"):
                pass
    folder = train(steps=7, save_every=1, **where)
    assert steps(folder) == steps(folder, runs.GENERATOR) == [3, 4, 5, 6, 7]
    assert steps(neighbour) == steps(neighbour, runs.GENERATOR) == [1, 2, 3]
    with tf1gan.Sampler(folder) as of_run, tf1gan.Sampler(
            os.path.join(folder, "model.ckpt-7")) as of_prefix:
        assert np.array_equal(of_run.sample(2, seed=0), of_prefix.sample(2, seed=0))
    with open(os.path.join(folder, "checkpoint")) as file:
        assert file.readline() == 'model_checkpoint_path: "model.ckpt-7"\n'


@pytest.mark.parametrize("name", NAMES)
def test_a_run_may_have_any_name(train, name):
    check_that_a_run_works(train, run=name)


@pytest.mark.parametrize("logdir", ["ram://a", "a[\\]*\n\\"])
def test_a_logdir_may_have_any_name(train, tmp_path, monkeypatch, logdir):
    monkeypatch.chdir(tmp_path)
    check_that_a_run_works(train, logdir=logdir)
    assert os.listdir(".") == [logdir.split("/")[0]]


@pytest.mark.parametrize("where", [
    {"run": ""}, {"run": "a\nb"}, {"run": "a\\b"}, {"run": "a\0"}, {"run": "a\udcff"},
    {"logdir": "a\udcff"}, {"logdir": "a\0"}, {"run": "a" * 256}, {"logdir": "a" * 256},
    {"logdir": "a/" * 2020}])
def test_what_cannot_be_a_name_is_refused_and_nothing_written(train, tmp_path, monkeypatch, where):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(tf1gan.UserError, match="--" + list(where)[0]):
        train(steps=1, **where)
    assert os.listdir(".") == []


@pytest.mark.parametrize("name", ["a*[b]\\\n%s\udcff"])
def test_pictures_and_images_may_have_any_name(train, tmp_path, small_data, name):
    data = tmp_path / name
    os.rename(small_data, str(data))
    try:
        folder = training.train("gan", training.Options(
            logdir=str(tmp_path), data_dir=str(data)), steps=1, batch_size=50)[0]
    finally:
        os.rename(str(data), small_data)
    out, npz = str(tmp_path / "1" / name), str(tmp_path / "2" / name)
    sampling.sample_to_files(folder, n=2, out=out, npz=npz)
    assert os.path.isfile(out) and os.path.isfile(npz)


def test_one_file_is_not_the_picture_and_the_digits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.symlink("a.npz", "b.png")
    for out, npz in (("a.npz", "./a.npz"), ("b.png", "a.npz")):
        with pytest.raises(tf1gan.UserError, match="--out and --npz both name"):
            sampling.check_request(4, None, False, out, npz, False)
    for out, npz in (("", None), (None, "")):
        with pytest.raises(tf1gan.UserError, match="cannot write"):
            sampling.check_request(4, None, False, out, npz, False)


def test_a_picture_of_more_digits_than_can_be_seen_is_refused_in_favour_of_npz(tmp_path):
    png, npz = str(tmp_path / "a.png"), str(tmp_path / "a.npz")
    assert sampling.check_request(10000, None, False, png, None, False) == png
    assert sampling.check_request(10 ** 6, None, False, None, npz, False) is None
    for out in (png, None):
        with pytest.raises(tf1gan.UserError, match="10000 digits at most.*--npz"):
            sampling.check_request(10001, None, False, out, npz if out else None, False)


def test_a_checkpoint_of_any_name_is_sampled(train, tmp_path):
    folder = train(steps=1)
    prefix = str(tmp_path / "[g]*\\.ckpt")
    for ending in (".index", ".data-00000-of-00001"):
        os.rename(os.path.join(folder, "model.ckpt-1" + ending), prefix + ending)
    with tf1gan.Sampler(prefix, model="gan") as sampler:
        assert sampler.sample(1).shape == (1, 28, 28)


def test_a_pattern_is_no_checkpoint(train):
    folder = train(steps=1)
    with pytest.raises(tf1gan.UserError, match="no run or checkpoint"):
        tf1gan.Sampler(os.path.join(folder, "model.ckpt-*"))


def test_runs_within_a_run_are_not_taken_for_its_files(train, tmp_path):
    """Whose folders have the names that half-written files have, or checkpoints."""
    folder = train(steps=1)
    inner = [os.path.join(folder, name) for name in (
        ".tmp-a", "model.ckpt-2_temp", "generator.ckpt-2.tempstate", "model.ckpt-9.index")]
    for run in inner:
        os.mkdir(run)
        open(os.path.join(run, runs.CONFIG), "w").close()
    train(steps=2)
    assert all(os.listdir(run) == [runs.CONFIG] for run in inner)
    assert steps(folder) == [1, 2]


def test_a_path_is_as_good_as_its_text(train, tmp_path):
    folder = train(steps=1)
    with tf1gan.Sampler(tmp_path / "logs" / "run") as sampler:
        assert sampler.checkpoint == os.path.join(folder, "generator.ckpt-1")


def test_a_run_may_be_a_link(train, tmp_path):
    os.mkdir(str(tmp_path / "elsewhere"))
    os.mkdir(str(tmp_path / "logs"))
    os.symlink(str(tmp_path / "elsewhere"), str(tmp_path / "logs" / "run"))
    train(steps=1)
    assert steps(str(tmp_path / "elsewhere")) == [1]
    train(steps=2, fresh=True)
    assert steps(str(tmp_path / "elsewhere")) == [1]
    assert steps(str(tmp_path / "logs" / "run.1")) == [1]
    assert steps(str(tmp_path / "logs" / "run")) == [2]


def test_only_the_last_checkpoints_of_the_run_itself_are_removed(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        value = tf.Variable(1.0, use_resource=True)
        session.run(value.initializer)
        saver = tf.train.Saver([value], max_to_keep=None)
        os.mkdir(str(tmp_path / "a*"))
        for step in (1, 22, 2, 3):      # 22 was damaged, and the run went back
            runs.save(saver, session, str(tmp_path / "a*"), runs.MODEL, step, keep=2)
    assert steps(str(tmp_path / "a*")) == [2, 3, 22]


# -- Other files -------------------------------------------------------------------------------

def test_writing_goes_through_links_to_what_they_lead_to(tmp_path):
    real, link, dangling = (str(tmp_path / name) for name in ("real", "link", "dangling"))
    for path, target in ((link, "real"), (dangling, "new")):
        os.symlink(target, path)
    open(real, "w").close()
    os.chmod(real, 0o640)
    for path in (link, dangling):
        with files.atomic(path) as file:
            file.write(b"content")
    assert os.path.islink(link) and os.path.islink(dangling)
    for path in (real, str(tmp_path / "new")):
        with open(path, "rb") as file:
            assert file.read() == b"content"
    assert os.stat(real).st_mode & 0o777 == 0o640
    assert sorted(os.listdir(str(tmp_path))) == ["dangling", "link", "new", "real"]


@pytest.mark.parametrize("flag", ["out", "npz"])
@pytest.mark.parametrize("kind", ["device", "link to a device", "folder", "fifo", "loop",
                                  "under a file", ""])
def test_what_is_no_regular_file_is_refused_before_there_is_work(
        tmp_path, monkeypatch, flag, kind):
    path = str(tmp_path / "x")
    device = str(tmp_path / "device")
    if "device" in kind:
        try:
            os.mknod(device, 0o600 | stat.S_IFCHR, os.stat(os.devnull).st_rdev)
        except OSError:
            pytest.skip("only root makes devices")
        if kind == "device":
            path = device
        else:
            os.symlink(device, path)
    elif kind == "folder":
        os.mkdir(path)
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "loop":
        os.symlink("x", path)
    elif kind == "under a file":
        open(path, "w").close()
        path = os.path.join(path, "y")
    else:
        path = str(tmp_path) + os.sep
    monkeypatch.setattr(sampling, "Sampler", None)      # the work
    with pytest.raises(tf1gan.UserError, match="cannot write") as error:
        sampling.sample_to_files("run", **{flag: path})
    assert path in str(error.value)
    with pytest.raises(tf1gan.UserError, match="cannot write"):
        with files.atomic(path) as file:
            file.write(b"x")
    assert not os.path.isfile(device)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path, monkeypatch):
    """Not even by a reader that nobody told what it is."""
    path, folder, model = (str(tmp_path / name) for name in ("pipe", "run", "model"))
    for each in (folder, model):
        os.mkdir(each)
    json = str(tmp_path / "layers.json")
    with tf.Graph().as_default(), tf.Session() as session:
        session.run(tf.Variable(1.0).initializer)
        saved = tf.train.Saver().save(session, os.path.join(folder, runs.MODEL), global_step=1)
    os.unlink(saved + ".data-00000-of-00001")
    for each in (path, os.path.join(folder, runs.LOCK), saved + ".data-00000-of-00001", json,
                 os.path.join(model, "saved_model.pb"), os.path.join(model, "script.py")):
        os.mkfifo(each)
    monkeypatch.setenv("TF1GAN_CACHE", str(tmp_path))
    classifier_of = classifier.find(SimpleNamespace(name="others"))[0]
    os.mkfifo(classifier_of)

    def late(*_):
        raise AssertionError("it waits")
    before = signal.signal(signal.SIGALRM, late)
    try:
        for read in (lambda: pickles.load(path), lambda: tf1gan.Sampler(path),
                     lambda: formats.read_idx(path, formats.FILES[0]),
                     lambda: runs.locked(folder).__enter__(),
                     lambda: tf1gan.Sampler(folder, "gan"), lambda: restoring.inspect(saved),
                     lambda: restoring.inspect(folder), lambda: restoring.inspect(path),
                     lambda: restoring.inspect(model), lambda: converting.inspect(path),
                     lambda: converting.inspect(model), lambda: converting.inspect(json),
                     lambda: converting.convert(folder, npz=str(tmp_path / "new.npz")),
                     lambda: converting.convert(json, str(tmp_path / "new")),
                     lambda: values.read(path, None), lambda: classifier.read(classifier_of),
                     lambda: runs.restore(tf.train.Saver([tf.Variable(1.0)]), None, saved),
                     lambda: check.find([path]), lambda: check.find([model])):
            signal.alarm(20)
            with pytest.raises(tf1gan.UserError) as error:
                read()
            signal.alarm(0)
            assert re.search("no(t a)? file|no run or checkpoint|no script|without weights",
                             str(error.value)), error.value
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
