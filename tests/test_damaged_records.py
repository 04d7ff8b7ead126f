"""What a run's JSON files have right is used; of what is wrong in them one line says so."""

import copy
import json
import os
import shutil

import pytest

import tf1gan
from tf1gan import pickles, runs
from tf1gan.report import record

BEST = {"step": 3, "samples": 2000, "classifier": 3, "frechet": 4.5, "score": 9.1, "covered": 10,
        "kl": 0.1, "shares": [0.1] * 10}
EVALUATION = dict(BEST, kid=0.1, kid_error=None, precision=0.5, checkpoint="generator.ckpt-7",
                  draws=2, seed=0, kid_version=2, spread={"frechet": 0.1, "shares": [0.1] * 10},
                  classifier={"data": "MNIST", "seed": 0, "accuracy": 0.99, "version": 3})
STATES = {"transitions": [{"step": 2, "state": "healthy", "began": 2, "words": "well"},
                          {"step": 5, "state": "healthy", "began": 2, "words": ""}]}
NONSENSE = [None, True, 0, -1, 1.5, float("inf"), float("nan"), 10 ** 350, "x", "\x1b[2J\udc80\n",
            "9" * 5000, [], [[]], {}, {"a": None}]
JUNK = [b"", b"\xff", b"[" * 100000, b'{"a":' * 100000, b"null", b"1e400", b'"x"', b"[1]", b"{",
        b'{"model": ' + b"9" * 5000 + b"}"]


@pytest.fixture
def run(trained, tmp_path):
    """A copy of a run, with all that a run can have beside its checkpoints."""
    folder = shutil.copytree(trained("gan"), str(tmp_path / "logs" / "gan"))
    for name, value in ((runs.BEST_FACTS, BEST), (runs.EVALUATION, EVALUATION),
                        (runs.TRANSITIONS, STATES)):
        runs.write_json(folder, name, value)
    return folder


def places(value, at=()):
    yield at
    for name in (value if isinstance(value, dict) else range(len(value[:2]))
                 if isinstance(value, list) else ()):
        yield from places(value[name], at + (name,))


def changed(value, at, new):
    if not at:
        return new
    value = inside = copy.deepcopy(value)
    for name in at[:-1]:
        inside = inside[name]
    inside[at[-1]] = new
    return value


def is_a_line(error, path):
    """Whether a message names the file and says what to do, and nothing of Python's."""
    words = str(error)
    return path in words and ": " in words and not any(
        each in words for each in ("object is not", "NoneType", "unhashable", "Error", "argument"))


@pytest.mark.parametrize("name", [runs.MEMORIES, runs.TRANSITIONS, runs.BEST_FACTS,
                                  runs.EVALUATION])
def test_nothing_of_a_record_is_lost_without_a_line(run, name):
    path = os.path.join(run, name)
    whole = runs.read_json(run, name)
    assert whole and json.dumps(whole) == json.dumps(json.loads(text_of(path)))
    for at in places(whole):
        for new in NONSENSE:
            value, notes = changed(whole, at, new), []
            runs.write_json(run, name, value)
            found = runs.read_json(run, name, notes)
            if notes:
                assert len(notes) == 1 and is_a_line(notes[0], path), notes
                with pytest.raises(tf1gan.UserError) as error:
                    runs.read_json(run, name)
                assert is_a_line(error.value, path)
            else:
                assert json.dumps(found) == json.dumps(value), (at, new)
    for junk in JUNK:
        with open(path, "wb") as file:
            file.write(junk)
        with pytest.raises(tf1gan.UserError) as error:
            runs.read_json(run, name)
        assert is_a_line(error.value, path), error.value


def text_of(path):
    with open(path) as file:
        return file.read()


def test_a_configuration_is_right_or_refused_in_a_line(run):
    path = os.path.join(run, runs.CONFIG)
    whole = dict(runs.read_config(run), **{"from": ["a"]})
    refused = 0
    for at in places(whole):
        for new in NONSENSE:
            runs.write_json(run, runs.CONFIG, changed(whole, at, new))
            try:
                record.check(run)
            except tf1gan.UserError as error:
                refused += 1
                assert is_a_line(error, path), error
    assert refused > 200
    for junk in JUNK:
        with open(path, "wb") as file:
            file.write(junk)
        with pytest.raises(tf1gan.UserError) as error:
            runs.read_config(run)
        assert is_a_line(error.value, path), error.value


@pytest.mark.parametrize("name, arguments", [
    ("train", ["--model", "gan", "--data-dir", "DATA", "--batch-size", 22]),
    ("sample", ["--run", "logs/gan"]), ("evaluate", ["logs/gan", "--data-dir", "DATA"]),
    ("report", ["logs/gan", "--no-live"]), ("plot", ["logs/gan"]),
    ("export", ["logs/gan", "--npz", "weights.npz"]), ("inspect_checkpoint", ["logs/gan"])])
def test_every_command_says_in_a_line_that_a_configuration_is_damaged(
        command, run, tmp_path, small_data, name, arguments):
    arguments = [small_data if each == "DATA" else each for each in arguments]
    for junk in (b"[" * 100000, b"null", b'{"model": ["gan"], "hyperparameters": {}}',
                 b'{"model": "gan", "hyperparameters": null}',
                 b'{"model": "gan", "hyperparameters": {}, "seed": 1e400}',
                 b'{"model": "gan", "hyperparameters": {"image_range": [1' + 350 * b"0"
                 + b', 1]}, "iterations": 7, "iterations_per_epoch": 5, "seed": 0}'):
        with open(os.path.join(run, runs.CONFIG), "wb") as file:
            file.write(junk)
        done = command(name, *arguments)
        line, = [line for line in done.stderr.splitlines() if "not MNIST" not in line]
        assert done.returncode == 2 and is_a_line(line, "logs/gan/config.json"), line
    assert sorted(os.listdir(str(tmp_path))) == ["logs"]


def test_damage_costs_its_part_of_a_page_of_several_runs_and_a_line(command, run, tmp_path):
    folders = []
    for number, (name, junk) in enumerate((
            ("none", b""), (runs.CONFIG, b"[" * 100000), (runs.TRANSITIONS, b"[" * 100000),
            (runs.MEMORIES, b"null"), (runs.BEST_FACTS, b'{"frechet": "\\u001b[2J"}'),
            (runs.EVALUATION, b'{"frechet": 1e400, "score": 5}'),
            (runs.LOSSES, b"b"), (runs.SAMPLES, b"\x80\x03]q\x00C\x02abq\x01a."))):
        folders.append(shutil.copytree(run, str(tmp_path / f"run-{number}")))
        if junk:
            with open(os.path.join(folders[-1], name), "wb") as file:
                file.write(junk)
    done = command("report", *folders, "--no-live", "--data-dir", "none")
    assert done.returncode == 0 and not done.stderr, done.stderr
    lines = done.stdout.splitlines()
    for folder, name in zip(folders[1:], (
            runs.CONFIG, runs.TRANSITIONS, runs.MEMORIES, runs.BEST_FACTS, runs.EVALUATION,
            runs.LOSSES, runs.SAMPLES)):
        line, = [line for line in lines if os.path.join(folder, name) in line]
        assert line.startswith(folder) and line.isprintable()
    assert f"{folders[1]} is left out" in done.stdout and os.path.isfile("report.html")
    assert record.read(folders[5]).evaluation == {"score": 5}
    done = command("report", folders[1])
    assert done.returncode == 2 and "nested too deeply" in done.stderr
    done = command("report", folders[0], "mistyped")
    assert done.returncode == 2 and "mistyped is not the folder of a run" in done.stderr


@pytest.mark.parametrize("name, value", [
    (runs.MEMORIES, {"7": {"seen": "x"}}), (runs.TRANSITIONS, {"transitions": [{"step": -1}]}),
    (runs.TRANSITIONS, {"transitions": None})])
def test_a_run_whose_monitor_cannot_be_read_is_not_trained_on(train, name, value):
    folder = train(steps=1)
    runs.write_json(folder, name, value)
    with pytest.raises(tf1gan.UserError, match=name + " cannot be read.* delete it, and the mon"):
        train(steps=2)
    assert json.loads(text_of(os.path.join(folder, name))) == value
    os.unlink(os.path.join(folder, name))
    train(steps=2)


def test_a_pickles_refusal_says_no_byte(tmp_path):
    for content in (b"b", b"\x80\x02b.", b"]\x94h\x05.", b"I\x1b\n.", b"S'\\xzz'\n."):
        (tmp_path / "losses.pkl").write_bytes(content)
        with pytest.raises(tf1gan.UserError) as error:
            pickles.load(str(tmp_path / "losses.pkl"))
        assert str(error.value).endswith(("damaged, or something else", "it ends too soon"))
