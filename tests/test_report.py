"""The page of runs: what it holds, and what it does in a real browser."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile

import browser
import numpy as np
import pytest
from helpers import ROOT

import tf1gan
from tf1gan import console, evaluation, models, pickles, report, runs, summaries, training
from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.evaluation import classifier
from tf1gan.report import digits, page, record
from tf1gan.runs import events, readings

CHROMIUM = browser.find()
in_a_browser = pytest.mark.skipif(
    CHROMIUM is None, reason=f"no Chromium: looked for {', '.join(browser.NAMES)}, and "
                             "TF1GAN_CHROMIUM names none")
SMALL = ("gan", "plain_dcgan", "xavier_gan")
LARGE = ("dcgan", "keras_gan", "eager_dcgan")


class Measured:
    """Stands for the ruler, which would train a classifier."""
    facts = classifier.Facts("MNIST", 0, 1.0, 1)

    def __init__(self, *_):
        self.count = 0

    def measure(self, *_, **__):
        self.count += 1
        return evaluation.Quality(10.0 - self.count, 2.0, 3, [0.1] * 10, 0.5, 0.0, 0.0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


@pytest.fixture(scope="module")
def trained(tmp_path_factory, small_data):
    """A run of each model, by its name: gan's was trained."""
    logdir = str(tmp_path_factory.mktemp("logs"))
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "Ruler", Measured)
        patch.setattr(evaluation, "check", lambda *_: None)
        # A discriminator that is soon sure, so that there is a state to be seen.
        found["gan"] = training.train("gan", training.Options(
            logdir=logdir, data_dir=small_data, summary_every=10, sample_every=30,
            evaluate_every=60), steps=300, batch_size=50, n_sample=9, learning_rate=0.01,
            g_learning_rate=1e-6, dropout=0.0)[0]
    for model in SMALL[1:] + LARGE:
        found[model] = made_up(model, os.path.join(logdir, model))
    return found


def made_up(model, folder):
    """A run of four steps that nobody trained: its losses, samples and weights are noise."""
    recipe = models.resolve(model, {"batch_size": 4, "n_sample": 4})
    rs, (low, high) = np.random.RandomState(0), recipe.model.image_range
    runs.write_json(folder, runs.CONFIG, {
        "model": model, "hyperparameters": dict(recipe.asked), "seed": 0, "data": "none",
        "sample_every": 2, "iterations": 4, "iterations_per_epoch": 4})
    pickles.save(os.path.join(folder, "losses.pkl"), rs.rand(4, 2).tolist())
    pickles.save(os.path.join(folder, "samples.pkl"), list(np.float32(
        rs.uniform(low, high, (2, 4, 784)))))

    def value(name, shape):
        if name.endswith(("gamma", "moving_variance")):
            return rs.uniform(0.5, 2, shape)
        inputs = max(shape[-2:]) * np.prod(shape[:-2]) if len(shape) > 1 else 100
        return rs.normal(0, 2.5 * inputs ** -0.5, shape)

    with tf.Graph().as_default(), tf.Session() as session:
        with tf.variable_scope(tf.get_variable_scope(), use_resource=True):
            recipe.sampling_generator()(tf.placeholder(tf.float32, [None, 100]), training=False)
        for variable in tf.global_variables():
            variable.load(value(variable.op.name, variable.shape.as_list()), session)
        tf.train.Saver().save(session, os.path.join(folder, "generator.ckpt"), global_step=4,
                              write_meta_graph=False, write_state=False)
    return folder


@pytest.fixture
def copied(trained, tmp_path):
    """A copy of the run of gan, to be broken."""
    return shutil.copytree(trained["gan"], str(tmp_path / "copied"))


def content_of(path):
    """What a page shows, as its script reads it."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    block, = re.findall(r'<script type="application/json" id="content">(.*?)</script>', text, re.S)
    return json.loads(block)


def written(tmp_path, *folders, **options):
    """(the content of a page of runs without generators, the lines that were said)."""
    out = str(tmp_path / "report.html")
    options.setdefault("live", report.NONE)
    said = report.write(folders, out, options.pop("data_dir", str(tmp_path)), **options)
    return content_of(out), said


# -- What a page holds -------------------------------------------------------------------------

def test_a_page_has_what_the_run_recorded(trained, tmp_path, small_data):
    content, said = written(tmp_path, trained["gan"], data_dir=small_data)
    run, = content["runs"]
    losses = np.array(pickles.load(os.path.join(trained["gan"], "losses.pkl")))
    assert run["iterations"] == len(losses) == 300
    last = {name: [series[name][-1] for series in run["losses"]["series"]]
            for name in ("mean", "low", "high")}
    ends = losses[run["losses"]["steps"][-2]:]
    assert (last["low"] <= ends.min(axis=0) + 1e-3).all()
    for k in range(2):
        assert run["losses"]["series"][k]["mean"][0] == pytest.approx(losses[0, k], rel=1e-3)
        assert min(run["losses"]["series"][k]["low"]) == pytest.approx(losses[:, k].min(), rel=1e-3)
        assert max(run["losses"]["series"][k]["high"]) == pytest.approx(losses[:, k].max(),
                                                                        rel=1e-3)
    assert run["outputs"]["steps"][-1] == 300 and len(run["outputs"]["steps"]) == 30
    assert run["outputs"]["series"][0]["mean"][-1] > 0.95
    assert run["frechet"] == {"steps": [60, 120, 180, 240, 300],
                              "values": [9.0, 8.0, 7.0, 6.0, 5.0]}
    state, = [each for each in run["states"] if each["state"] == "discriminator_saturated"]
    assert state["ends"] is None and "the discriminator has saturated" in state["words"]
    assert content["moments"] == [1, 2, 5, 10, 20, 30, 50, 60, 90, 100, 120, 150, 180, 200, 210,
                                  240, 270, 300]
    assert run["digits"]["count"] == 9 and run["digits"]["at"] == list(range(18))
    assert run["nearest"]["step"] == 300 and len(run["nearest"]["distances"]) == 9
    assert not run["notes"] and not said


def test_a_page_of_several_runs_tells_in_what_they_differ(trained, tmp_path):
    content, _ = written(tmp_path, trained["gan"], trained["xavier_gan"])
    rows = {row["name"]: row for row in content["table"]}
    assert rows["batch_size"]["values"] == ["50", "4"] and rows["batch_size"]["kind"] == "differing"
    assert rows["seed"]["kind"] == "other" and rows["g_steps"]["kind"] == "other"
    assert rows["Fréchet distance, last of 2,000 digits"]["values"] == ["5 at step 300", "–"]
    alone, _ = written(tmp_path, trained["gan"])
    differing = {row["name"] for row in alone["table"] if row["kind"] == "differing"}
    assert {"batch_size", "g_learning_rate", "dropout", "n_sample"} <= differing
    assert "beta1" not in differing


def test_the_table_has_what_was_measured_and_how_far_a_run_is(trained, tmp_path):
    folders = [shutil.copytree(trained["plain_dcgan"], str(tmp_path / name)) for name in "ab"]
    config = runs.read_config(folders[0])
    runs.write_json(folders[0], runs.CONFIG, dict(config, iterations=9, seed=1))
    runs.write_json(folders[0], "evaluation.json", {
        "frechet": 12.345678, "score": 8, "recall": 0.25, "precision": True})
    runs.write_json(folders[1], "best.json", {"step": 3, "frechet": 4.5})
    content, _ = written(tmp_path, *folders)
    rows = {row["name"]: row["values"] for row in content["table"] if row["kind"] != "other"}
    assert rows == {
        "model": ["plain_dcgan"] * 2, "iterations": ["4 of 9", "4"], "seed": ["1", "0"],
        "Fréchet distance, best of 2,000 digits": ["–", "4.5"],
        "Fréchet distance, by evaluate.py": ["12.35", "–"], "score, by evaluate.py": ["8", "–"],
        "recall, by evaluate.py": ["0.25", "–"]}
    others = {row["name"]: row["values"] for row in content["table"] if row["kind"] == "other"}
    assert others["epochs"] == ["1", "1"] and others["tutorial"] == ["004"] * 2
    runs.write_json(folders[0], runs.CONFIG, dict(config, hyperparameters=dict(
        config["hyperparameters"], learning_rate=0.25)))
    content, _ = written(tmp_path, folders[0])
    assert {row["name"] for row in content["table"] if row["kind"] == "differing"} == {
        "model", "iterations", "batch_size", "n_sample", "learning_rate"}


def test_the_table_says_where_distances_are_by_different_classifiers(trained, tmp_path):
    folders = [shutil.copytree(trained["plain_dcgan"], str(tmp_path / name)) for name in "abc"]
    for folder, version in zip(folders, (2, 3)):
        runs.write_json(folder, "evaluation.json",
                        {"frechet": 1.5, "classifier": {"version": version}})
    name = "classifier of evaluate.py, version"
    rows = {row["name"]: row["values"] for row in written(tmp_path, *folders)[0]["table"]}
    assert rows[name] == ["2", "3", "–"]
    rows = {row["name"] for row in written(tmp_path, *folders[1:])[0]["table"]}
    assert "Fréchet distance, by evaluate.py" in rows and name not in rows


def test_the_table_says_from_how_many_digits_a_distance_is(trained, tmp_path):
    folders = [shutil.copytree(trained["plain_dcgan"], str(tmp_path / name)) for name in "abc"]
    facts = {"frechet": 1.5, "kid": 0.25, "kid_error": 0.01, "samples": 10000, "draws": 5,
             "checkpoint": "generator.ckpt-2000", "kid_version": evaluation.table.KID_VERSION}
    for folder in folders[:2]:
        runs.write_json(folder, "evaluation.json", facts)

    def rows():
        content, _ = written(tmp_path, *folders)
        return {row["name"]: row["values"] for row in content["table"]}
    seen = rows()
    assert seen["digits that evaluate.py drew"] == ["5 draws of 10,000 at step 2,000"] * 2 + ["–"]
    assert seen["Fréchet distance, by evaluate.py"] == ["1.5", "1.5", "–"]
    assert seen["kernel distance (kid), by evaluate.py"] == ["0.25 ± 0.01"] * 2 + ["–"]
    runs.write_json(folders[1], "evaluation.json", dict(facts, samples=500, draws=1))
    runs.write_json(folders[2], "evaluation.json", {"frechet": 2.5, "samples": "many"})
    for folder, version in zip(folders, (2, 3)):
        runs.write_json(folder, "best.json", {"frechet": 9.0, "classifier": version})
    seen = rows()
    assert seen["digits that evaluate.py drew"][1:] == ["1 draw of 500 at step 2,000", "–"]
    assert seen["Fréchet distance, by evaluate.py"] == [
        "1.5, of 10,000 digits", "1.5, of 500 digits", "2.5, of an unknown number of digits"]
    assert seen["classifier while it trained, version"] == ["2", "3", "–"]


def test_the_best_distance_is_the_lowest_and_not_the_last(copied, tmp_path, monkeypatch):
    read = readings.read

    def other(*arguments):
        found = read(*arguments)
        found.numbers["measured/frechet"] = {60: 9.0, 120: 3.0, 180: 3.0, 240: 5.0}
        return found
    monkeypatch.setattr(readings, "read", other)
    rows = {row["name"]: row["values"] for row in written(tmp_path, copied)[0]["table"]}
    assert rows["Fréchet distance, best of 2,000 digits"] == ["3 at step 120"]
    assert rows["Fréchet distance, last of 2,000 digits"] == ["5 at step 240"]


def test_a_place_of_a_chart_has_the_mean_and_the_ends_of_its_iterations():
    values = np.random.RandomState(0).rand(3000, 2)
    found = record.summarized(np.arange(1, 3001), values, 3000)
    steps = np.array(found["steps"])
    assert 200 < len(steps) <= 2 * record.PLACES and list(steps[:20]) == list(range(1, 21))
    assert max(np.diff(steps)) <= 20        # evenly, too, where the logarithm has few
    for k, series in enumerate(found["series"]):
        for name, of in (("mean", np.mean), ("low", np.min), ("high", np.max)):
            assert series[name][:20] == [record.short(value) for value in values[:20, k]]
            last = values[2 * steps[-1] - 3000 - 1:, k], values[2 * steps[-1] - 3000:, k]
            assert series[name][-1] in [record.short(of(each)) for each in last]


def test_states_are_told_in_the_order_in_which_they_began(copied, tmp_path):
    runs.write_json(copied, "states.json", {"transitions": [
        {"step": step, "state": state, "began": began, "words": words}
        for step, state, began, words in (
            (200, "healthy", 200, "b"), (100, "output_uniform", 100, "a"),
            (150, "output_uniform", 100, ""), (400, "healthy", 400, "later"))]})
    expected = [{"state": "output_uniform", "begins": 100, "ends": 150, "words": "a"},
                {"state": "healthy", "begins": 200, "ends": None, "words": "b"}]
    assert written(tmp_path, copied)[0]["runs"][0]["states"] == expected
    os.unlink(os.path.join(copied, "states.json"))
    runs.write_json(copied, "monitor.json", {
        str(step): {"seen": step, "real": 0.5, "fake": 0.5, "since": {"healthy": began}}
        for step, began in ((100, 50), (300, 250))})
    state, = written(tmp_path, copied)[0]["runs"][0]["states"]
    assert (state["state"], state["begins"]) == ("healthy", 250)


def test_the_digits_of_every_run_are_those_nearest_to_the_moment(trained, tmp_path):
    content, _ = written(tmp_path, trained["gan"], trained["plain_dcgan"])
    long, short = (run["digits"] for run in content["runs"])
    assert len(content["moments"]) == len(long["at"]) == len(short["at"])
    assert content["moments"][:4] == [1, 2, 4, 5] and short["steps"] == [2, 4]
    assert short["at"] == [0, 0] + [1] * (len(content["moments"]) - 2)
    many = [digits.Digits(dict.fromkeys(range(1, 5000)), 1), digits.Digits({}, 1)]
    moments = digits.moments(many)
    assert moments[0] == 1 and moments[-1] == 4999 and 30 < len(moments) <= digits.MOMENTS


def test_a_run_of_version_0_1_has_a_page(tmp_path):
    with tarfile.open(os.path.join(ROOT, "tests", "data", "run_of_version_0.1.tar.xz")) as archive:
        archive.extractall(str(tmp_path))
    content, _ = written(tmp_path, str(tmp_path / "old"), live=report.SMALL)
    run, = content["runs"]
    assert run["iterations"] == 2 and run["outputs"]["steps"] == [1, 2] and run["live"]
    assert run["digits"]["steps"] == [2] and run["states"] == []


def test_states_that_an_earlier_version_kept_are_those_that_lasted(copied, tmp_path):
    os.unlink(os.path.join(copied, "states.json"))
    run, = written(tmp_path, copied)[0]["runs"]
    assert run["states"][0]["state"] == "discriminator_saturated" and not run["states"][0]["words"]


def test_points_after_the_last_checkpoint_are_not_shown(copied, tmp_path):
    """A run that was killed has recorded more in TensorBoard's files than it has kept."""
    losses = pickles.load(os.path.join(copied, "losses.pkl"))
    pickles.save(os.path.join(copied, "losses.pkl"), losses[:100])
    run, = written(tmp_path, copied)[0]["runs"]
    assert run["iterations"] == run["outputs"]["steps"][-1] == run["digits"]["steps"][-1] == 100
    assert run["frechet"]["steps"] == [60] and run["states"] == []


# -- Files that are missing or damaged -----------------------------------------------------------

@pytest.mark.parametrize("name", ["losses.pkl", "samples.pkl", "states.json", "monitor.json",
                                  "best.json", "events"])
@pytest.mark.parametrize("how", ["missing", "truncated", "other"])
def test_a_page_is_made_of_what_can_be_read(copied, tmp_path, name, how):
    name, = [each for each in os.listdir(copied) if each == name or name == "events"
             and each.startswith(events.EVENTS)]
    path = os.path.join(copied, name)
    with open(path, "rb") as file:
        whole = file.read()
    os.unlink(path)
    if how == "truncated":
        with open(path, "wb") as file:
            file.write(whole[:len(whole) // 2])
    elif how == "other":
        with open(path, "wb") as file:
            file.write(b'{"transitions": [{"step": {}}], "frechet": "<b>"}')
    content, said = written(tmp_path, copied)
    run, = content["runs"]
    assert name != "losses.pkl" or not run["losses"] and run["notes"]
    assert name != "samples.pkl" or run["digits"]["steps"][0] == 1
    assert name != "samples.pkl" or how == "missing" or "samples.pkl" in run["notes"][0]
    assert all(copied in line or "--data-dir" in line for line in said)


def test_states_at_infinite_steps_are_none(copied, tmp_path):
    runs.write_json(copied, "states.json", {"transitions": [
        {"step": float("inf"), "state": "healthy", "began": 1, "words": ""}]})
    runs.write_json(copied, "monitor.json", {"300": {"since": {"healthy": float("inf")}}})
    assert written(tmp_path, copied)[0]["runs"][0]["states"] == []


def test_states_that_no_run_has_are_noted(copied, tmp_path):
    runs.write_json(copied, "states.json", {"transitions": [
        {"step": step, "state": state, "began": began, "words": ""} for step, state, began in (
            (10, "healthy", 10), (20, "bored", 20), (2 ** 53, "output_uniform", 2 ** 53))]})
    runs.write_json(copied, "monitor.json", {"300": {
        "seen": 300, "real": .5, "fake": .5, "since": {"healthy": 10, "tired": 20}}})
    runs.write_json(copied, "evaluation.json", {"frechet": 1., "spread": {"shares": ["<b>"]}})
    run, = written(tmp_path, copied)[0]["runs"]
    assert [state["state"] for state in run["states"]] == ["healthy"]
    for name, words in (("states.json", "'bored', which is none of the monitor's states, and so "
                                        "on, 2 times"), ("monitor.json", "'tired', which is none"),
                        ("evaluation.json", "spread.shares is a list, not ten shares")):
        assert any(name in note and words in note for note in run["notes"]), run["notes"]
    runs.write_json(copied, "states.json", {"transitions": [
        {"step": 2 ** 53, "state": "healthy", "began": 2 ** 53, "words": ""}]})
    run, = written(tmp_path, copied)[0]["runs"]
    assert any("healthy at step 9,007,199,254,740,992 of" in note for note in run["notes"])


def test_a_damaged_image_file_costs_only_the_nearest_images(copied, tmp_path, small_data):
    data = shutil.copytree(small_data, str(tmp_path / "data"))
    path = os.path.join(data, sorted(name for name in os.listdir(data) if "train" in name)[0])
    with open(path, "rb+") as file:
        file.truncate(100)
    content, said = written(tmp_path, copied, data_dir=data)
    run, = content["runs"]
    assert run["nearest"] is None and run["digits"] and run["losses"] and not run["notes"]
    assert len(said) == 1 and path in said[0] and "nearest" in said[0]


def test_a_damaged_event_file_costs_only_what_is_damaged(copied):
    path, = [os.path.join(copied, name) for name in events.names(copied)]
    whole = readings.read(copied).numbers["loss/generator"]
    with open(path, "rb") as file:
        content = bytearray(file.read())
    content[content.index(b"loss/generator", len(content) // 2) + 40] ^= 1
    with open(path, "wb") as file:
        file.write(content)
    found = readings.read(copied)
    assert found.damaged and len(found.numbers["loss/generator"]) == len(whole) - 1


def test_numbers_are_read_without_tensorflow_as_tensorflow_reads_them(trained):
    expected = {}
    for name in events.names(trained["gan"]):
        for event in tf.train.summary_iterator(os.path.join(trained["gan"], name)):
            for value in event.summary.value:
                array = tf.make_ndarray(value.tensor) if value.HasField("tensor") else None
                if array is not None and array.size == 1 and array.dtype == np.float32:
                    expected.setdefault(value.tag, {})[event.step] = float(array)
    assert len(expected) >= 10
    found = readings.read(trained["gan"]).numbers
    assert {tag: found[tag] for tag in expected} == expected


def test_losses_that_are_no_numbers_are_gaps(copied, tmp_path):
    losses = pickles.load(os.path.join(copied, "losses.pkl"))
    for at, value in ((0, np.nan), (-1, np.inf), (-2, 1e308), (-3, 1e308)):
        losses[at][0] = value
    pickles.save(os.path.join(copied, "losses.pkl"), losses)
    generator, discriminator = written(tmp_path, copied)[0]["runs"][0]["losses"]["series"]
    assert generator["mean"][0] is None and generator["high"][-1] is None
    assert None not in discriminator["mean"] and generator["mean"][5] is not None


def test_losses_of_which_none_is_a_number_are_told(copied, tmp_path):
    losses = np.array(pickles.load(os.path.join(copied, "losses.pkl")))
    for broken, note in ((losses[100:], "at 200 of 300 steps, first at step 101"),
                         (losses[:, :1], "at 300 of 300 steps, first at step 1"),
                         (losses, "at 300 of 300 steps, first at step 1")):
        broken[:] = np.nan
        pickles.save(os.path.join(copied, "losses.pkl"), losses.tolist())
        content, said = written(tmp_path, copied)
        run, = content["runs"]
        assert note in run["notes"][0] and note in said[-1]
        if broken is not losses:    # the axis is that of what there is
            there = losses[np.isfinite(losses)]
            assert run["limits"] == pytest.approx([there.min(), there.max()], rel=0.5)
    assert run["limits"] is None


def test_points_that_are_no_numbers_are_left_out(copied, tmp_path):
    writer = events.open_writer(copied, 300, lambda _: True)
    for tag, step, value in ((summaries.D_REAL, 10, np.nan), (summaries.D_FAKE, 20, np.inf),
                             (summaries.MEASURED + "frechet", 60, np.nan)):
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=value)]), step)
    writer.close()
    run, = written(tmp_path, copied)[0]["runs"]
    assert run["frechet"] == {"steps": [120, 180, 240, 300], "values": [8.0, 7.0, 6.0, 5.0]}
    assert len(run["outputs"]["steps"]) == 28
    assert all(None not in part for series in run["outputs"]["series"] for part in series.values())


def test_a_run_without_digits_has_moments_for_its_charts(copied, tmp_path):
    for name in os.listdir(copied):
        if name == "samples.pkl" or name.startswith(events.EVENTS):
            os.unlink(os.path.join(copied, name))
    content, _ = written(tmp_path, copied)
    moments = content["moments"]
    assert moments[:3] == [1, 2, 3] and moments[-1] == 300 and len(moments) <= digits.MOMENTS
    assert content["runs"][0]["digits"] is None and content["runs"][0]["losses"]


def test_a_folder_in_a_files_place_is_told(copied, tmp_path):
    for name in ("losses.pkl", "samples.pkl"):
        os.unlink(os.path.join(copied, name))
        os.mkdir(os.path.join(copied, name))
    run, = written(tmp_path, copied)[0]["runs"]
    assert "losses.pkl" in run["notes"][0] and "samples.pkl" in run["notes"][1]


def test_a_page_names_a_runs_recipe(copied, tmp_path):
    config = runs.read_config(copied)
    found = []
    for recipe in ("best", "document"):
        runs.write_json(copied, runs.CONFIG, dict(config, recipe=recipe))
        content, _ = written(tmp_path, copied)
        found += [row for row in content["table"] if row["name"] == "recipe"]
    assert found == [{"name": "recipe", "values": ["best"], "kind": "differing"},
                     {"name": "recipe", "values": ["document"], "kind": "other"}]
    del config["recipe"]                # as an earlier version has it
    runs.write_json(copied, runs.CONFIG, config)
    assert {"name": "recipe", "values": ["document"], "kind": "other"} in written(
        tmp_path, copied)[0]["table"]


def test_a_page_without_generators_needs_no_tensorflow(trained, tmp_path):
    code = ("import sys; from tf1gan.cli import commands; commands.report(sys.argv[1:]); "
            "sys.exit('tensorflow' in sys.modules)")
    subprocess.run([sys.executable, "-c", code, trained["gan"], "--no-live", "--out",
                    str(tmp_path / "a.html"), "--data-dir", str(tmp_path)],
                   check=True, cwd=ROOT, stdout=subprocess.PIPE)


@pytest.mark.parametrize("change, word", [
    ({"iterations": "many"}, "iterations"), ({"iterations_per_epoch": 0}, "iterations_per_epoch"),
    ({"model": "none"}, "none"), ({"seed": "1"}, "seed"), ({"sample_every": -1}, "sample_every"),
    ({"hyperparameters": {"alpha": [1]}}, "alpha")])
def test_a_config_that_makes_no_sense_is_refused(copied, tmp_path, change, word):
    config = runs.read_config(copied)
    runs.write_json(copied, runs.CONFIG, dict(config, **change))
    with pytest.raises(UserError, match=word):
        written(tmp_path, copied)


def test_a_refusal_is_one_line_and_leaves_the_earlier_page(trained, tmp_path, script):
    out = tmp_path / "report.html"
    out.write_text("earlier")
    for arguments, word in (
            ([tmp_path / "none"], "none"), ([trained["gan"]] * 13, "12 runs"),
            ([trained["gan"], "--out", tmp_path], "cannot write"),
            ([trained["gan"], "--out", tmp_path / "report.html" / "a.html"], "cannot write"),
            ([trained["gan"], "--live", "--no-live"], "not allowed with"), ([], "RUN")):
        done = script("report.py", *arguments)
        assert done.returncode == 2 and word in done.stderr, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    assert out.read_text() == "earlier" and os.listdir(str(tmp_path)) == ["report.html"]


# -- Markup ------------------------------------------------------------------------------------

HOSTILE = ("</script><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
           "\u2028{{style}}" + 90 * "W")


def hostile(copied):
    """A run whose name and whose files try to be markup."""
    config = runs.read_config(copied)
    runs.write_json(copied, runs.CONFIG, dict(config, data=HOSTILE, versions={"python": HOSTILE}))
    states = runs.read_json(copied, "states.json")
    states["transitions"][0]["words"] = HOSTILE
    runs.write_json(copied, "states.json", states)
    folder = os.path.join(os.path.dirname(copied), HOSTILE.replace("/", ""))
    os.rename(copied, folder)
    return folder


def test_nothing_that_a_run_says_can_become_markup(copied, tmp_path):
    folder = hostile(copied)
    content, _ = written(tmp_path, folder)
    assert content["runs"][0]["name"] == console.plain(os.path.basename(folder))
    assert {"name": "images", "values": [console.plain(HOSTILE)], "kind": "other"} in (
        content["table"])
    text = (tmp_path / "report.html").read_bytes().decode()
    title, _, rest = text.partition("</title>")
    assert "<img" not in text and text.count("<script") == 2
    assert "\u2028" not in rest and "{{style}}" in title       # filled in once, as text
    assert json.loads(page.as_script({"a": HOSTILE})) == {"a": HOSTILE}
    assert not re.search("[<>&\u2028\u2029]", page.as_script([HOSTILE, "&amp;\u2029"]))


# -- Sizes -------------------------------------------------------------------------------------

def noisy(trained, tmp_path, model):
    """A run that is as hard to make small as can be: noise at every moment, and it is long."""
    folder = shutil.copytree(trained[model], str(tmp_path / ("noisy_" + model)))
    rs = np.random.RandomState(0)
    count = 46 * 200
    config = runs.read_config(folder)
    runs.write_json(folder, runs.CONFIG, dict(
        config, iterations=count, sample_every=100, hyperparameters=dict(
            config["hyperparameters"], n_sample=25)))
    pickles.save(os.path.join(folder, "losses.pkl"), rs.rand(count, 2).tolist())
    low, high = tf1gan.MODELS[model].image_range
    pickles.save(os.path.join(folder, "samples.pkl"), [
        np.float32(rs.uniform(low, high, (25, 784))) for _ in range(92)])
    return folder


def test_a_small_model_takes_a_megabyte_and_four_without_generators_two_and_a_half(
        trained, tmp_path):
    folder = noisy(trained, tmp_path, "xavier_gan")     # the largest of the small
    content, _ = written(tmp_path, folder, live=report.SMALL)
    assert content["runs"][0]["live"] and len(content["runs"][0]["digits"]["steps"]) > 15
    assert os.path.getsize(str(tmp_path / "report.html")) < 10 ** 6
    four = [shutil.copytree(folder, str(tmp_path / f"run_{k}")) for k in range(4)]
    written(tmp_path, *four)
    assert os.path.getsize(str(tmp_path / "report.html")) < 2.5 * 10 ** 6


def test_large_generators_are_left_out_unasked(trained, tmp_path):
    content, said = written(tmp_path, trained["plain_dcgan"], trained["dcgan"], live=report.SMALL)
    assert [bool(run["live"]) for run in content["runs"]] == [True, False]
    assert any(trained["dcgan"] in line and "--live" in line for line in said)


def test_a_generator_with_weights_that_are_no_numbers_is_left_out(trained, tmp_path, monkeypatch):
    read = runs.read_checkpoint

    def with_nan(prefix):
        shapes, get = read(prefix)
        return shapes, lambda name: get(name) * np.nan
    monkeypatch.setattr(runs, "read_checkpoint", with_nan)
    content, said = written(tmp_path, trained["gan"], live=report.SMALL)
    assert content["runs"][0]["live"] is None and "finite" in "".join(said)


def test_a_checkpoint_of_other_layers_is_left_out(trained, tmp_path):
    folder = shutil.copytree(trained["plain_dcgan"], str(tmp_path / "other"))
    config = runs.read_config(folder)
    runs.write_json(folder, runs.CONFIG, dict(config, hyperparameters=dict(
        config["hyperparameters"], channels=[32, 16])))
    content, said = written(tmp_path, folder, live=report.SMALL)
    assert content["runs"][0]["live"] is None and "other sizes" in "".join(said)


def test_a_generator_that_is_cut_off_is_called_damaged(copied, tmp_path):
    prefix, _ = runs.find_checkpoint(copied)
    data = prefix + ".data-00000-of-00001"
    os.truncate(data, os.path.getsize(data) // 2)
    content, said = written(tmp_path, copied, live=report.SMALL)
    assert content["runs"][0]["live"] is None and f"{prefix} is damaged" in "".join(said)


# -- In a browser ------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def tab(trained, tmp_path_factory, small_data):
    """A browser with the page of all models, each with its generator."""
    out = str(tmp_path_factory.mktemp("page") / "report.html")
    report.write([trained[model] for model in SMALL + LARGE], out, small_data, live=report.ALL)
    with browser.opened(CHROMIUM, 1280, 900) as tab:
        for domain in ("Network", "Log"):
            tab.call(domain + ".enable")
        show(tab, out)
        yield tab


def show(tab, path):
    tab.open("file://" + path.replace("%", "%25").replace("#", "%23").replace("?", "%3F"))
    tab.wait(lambda: tab.run("Boolean(document.documentElement && "
                             "document.documentElement.dataset.ready)"), timeout=300)
    keep_picture(tab, os.path.basename(os.path.dirname(path)))


def keep_picture(tab, name):
    """Keeps what is seen, to be looked at, where TF1GAN_PICTURES names a folder."""
    if os.environ.get("TF1GAN_PICTURES"):
        tab.picture(os.path.join(os.environ["TF1GAN_PICTURES"], f"report_{name}.png"))


def press(tab, key):
    for kind in ("rawKeyDown", "keyUp"):
        tab.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                 windowsVirtualKeyCode={"Home": 36, "ArrowRight": 39, "End": 35}[key])


DIGITS = "document.querySelector('.digits canvas')"
STEP = "document.getElementById('step-shown').textContent"


@in_a_browser
def test_the_page_has_no_error_and_asks_for_nothing(tab):
    assert tab.errors == []
    assert {address.split(":")[0] for address in tab.requests} <= {"file", "data"}
    assert len([address for address in tab.requests if address.startswith("file")]) == 1
    text = tab.text()
    for words in ("6 runs side by side", "Fréchet distance", "Nearest training images",
                  "D saturated", "At this moment: D saturated."):
        assert words in text


@in_a_browser
def test_the_slider_changes_the_digits_of_every_run_by_keyboard(tab):
    tab.run("document.getElementById('step').focus()")
    press(tab, "End")
    drawn = "[...document.querySelectorAll('.digits canvas')].map((each) => each.toDataURL())"
    last, said = tab.run(drawn), tab.run(f"{DIGITS}.getAttribute('aria-label')")
    assert "9 digits by gan at step 300, epoch 28" in said
    press(tab, "Home")
    first = tab.run(drawn)
    assert tab.run(STEP) == "1"
    assert len(first) == 6 and not any(map(str.__eq__, first, last))
    press(tab, "ArrowRight")
    assert tab.run(STEP) == "2"
    assert tab.run("document.getElementById('step').getAttribute('aria-valuetext')") == "step 2"


@in_a_browser
def test_a_click_into_a_chart_chooses_the_moment(tab):
    tab.run("document.querySelector('.chart').scrollIntoView({block: 'center'})")
    x, y, width = tab.run("""(() => {
        const box = document.querySelector('.chart .u-over').getBoundingClientRect();
        return [box.left, box.top + box.height / 2, box.width];
    })()""")

    def click(share):
        for kind in ("mousePressed", "mouseReleased"):
            tab.call("Input.dispatchMouseEvent", type=kind, x=x + share * width, y=y,
                     button="left", clickCount=1)

    for share, step in ((0.995, "300"), (0.02, "1")):
        click(share)
        tab.wait(lambda: tab.run(STEP) == step, timeout=10)  # noqa: B023 (it waits within)
    for axis in ("x", "y"):             # and with other axes
        tab.run(f"document.querySelector('input[name={axis}]:not(:checked)').click()")
    click(0.5)
    tab.wait(lambda: tab.run(STEP) == "150", timeout=10)
    assert tab.errors == []
    for axis in ("x", "y"):
        tab.run(f"document.querySelector('input[name={axis}]:not(:checked)').click()")


# What the first run's chart of losses draws: its words, and how high each striped band is.
DRAWN = """(async () => {
    const pens = CanvasRenderingContext2D.prototype, { fillText, fillRect } = pens;
    const words = [], heights = [];
    pens.fillText = function (text, ...rest) {
        words.push(text);
        fillText.call(this, text, ...rest);
    };
    pens.fillRect = function (...box) {
        if (this.fillStyle instanceof CanvasPattern) heights.push(box[3]);
        fillRect.apply(this, box);
    };
    // Before a run's charts stand the samples of its states.
    charts[document.querySelector('.run').querySelectorAll('.legend canvas').length].rebuild();
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    Object.assign(pens, { fillText, fillRect });
    return [words, heights];
})()"""


def words_drawn(axis):
    """A script that says which words all charts draw, and then changes an axis."""
    return """(async () => {
        const pens = CanvasRenderingContext2D.prototype, { fillText } = pens, words = [];
        pens.fillText = function (text, ...rest) {
            words.push(text);
            fillText.call(this, text, ...rest);
        };
        repaint();
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        pens.fillText = fillText;
        document.querySelector('input[name=%s]:not(:checked)').click();
        return words;
    })()""" % axis


@in_a_browser
def test_axes_and_bands_are_drawn_as_they_were_chosen(tab):
    seen = []
    for axis in ("x", "y", "x", "y"):       # from log and linear, all round
        seen.append(tab.run(DRAWN))
        tab.run(f"document.querySelector('input[name={axis}]:not(:checked)').click()")
    (first, heights), (other_x, _), (both, _), _ = seen
    assert "1" in first and "50" not in first and "50" in other_x
    assert "0.01" in both and "0.01" not in other_x
    assert "D saturated" in other_x         # on a logarithmic axis there is no room for the name
    assert len(heights) == 2 and heights[0] > 4 * heights[1] > 0     # behind the lines, and named


@in_a_browser
@pytest.mark.parametrize("axis, labels", [
    ("0.6, 1.4, 6, true", "0.6 0.8 1 1.2 1.4"), ("500, 859, 6, true, 1", "500 600 700 800"),
    ("1, 8, 6, true, 1", "1 2 5"), ("1, 2, 6, true, 1", "1 2"), ("1, 2, 6, false, 1", "1 2"),
    ("1, 859, 6, true, 1", "1 10 100"), ("0.001, 30, 6, true", "0.001 0.01 0.1 1 10"),
    ("1, 257700, 2, true, 1", "1 1000"), ("0.04, 0.96, 2, false", "0.2 0.4 0.6 0.8"),
    ("0.69301, 0.69303, 4, false", "0.69301 0.69302 0.69303"),
])
def test_an_axis_has_two_labels_at_least_and_none_twice(tab, axis, labels):
    assert tab.run(f"labelsOf(marksOf({axis}), rounded).join(' ')") == labels


# The pixels of the first run's chart of losses, drawn anew: of each place from left to right the
# share of its height, below the names of states, that is the moment's line or mere ground.
COLUMNS = """(async () => {
    const chart = document.querySelector('.chart canvas'), ratio = devicePixelRatio;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const over = document.querySelector('.chart .u-over').getBoundingClientRect();
    const whole = chart.getBoundingClientRect();
    const left = (over.left - whole.left) * ratio, top = (over.top - whole.top + 20) * ratio;
    const width = over.width * ratio, height = over.height * ratio - 20 * ratio;
    const { data } = chart.getContext('2d').getImageData(left, top, width, height);
    const parse = (name) => colour(name).match(/[0-9a-f]{2}/g).map((two) => parseInt(two, 16));
    const share = (name, x) => {
        let count = 0;
        const [r, g, b] = parse(name);
        for (let y = 0; y < height; y++) {
            const at = 4 * (y * width + x);
            const seen = data[at + 3] ? [0, 1, 2].map((k) => data[at + k]) : parse('ground');
            count += seen[0] === r && seen[1] === g && seen[2] === b;
        }
        return count / height;
    };
    return times(width, (x) => [share('moment', x), share('ground', x)]);
})()"""


@in_a_browser
def test_a_line_stands_at_the_moment_and_bands_are_shaded(tab):
    tab.run("choose(moments.indexOf(50))")
    columns = np.array(tab.run(COLUMNS))
    places = np.flatnonzero(columns[:, 0] > 0.9)
    assert 2 <= len(places) <= 3
    assert places.mean() / len(columns) == pytest.approx(np.log(50) / np.log(300), abs=0.01)
    state, = tab.run("runs[0].states.filter((each) => each.ends === null)")
    begins = int(len(columns) * np.log(state["begins"]) / np.log(300))
    assert np.median(columns[:begins - 2, 1]) > 0.7 and columns[begins + 2:-2, 1].max() < 0.1
    tab.run("choose(moments.length - 1)")
    moved = np.array(tab.run(COLUMNS))
    assert moved[places, 0].max() < 0.5 and moved[-2:, 0].max() > 0.9


@in_a_browser
def test_play_goes_through_the_moments_and_stops_at_the_last(tab):
    tab.run("""(() => {
        window.timers = { setInterval, clearInterval, set: 0, cleared: [] };
        window.setInterval = (step) => { timers.step = step; return ++timers.set; };
        window.clearInterval = (which) => timers.cleared.push(which);
    })()""")
    said = """[document.getElementById('play').textContent, view.moment, timers.set,
               timers.cleared.slice()]"""
    last = tab.run("moments.length - 1")
    tab.run(f"choose({last})")
    tab.run("document.getElementById('play').click()")      # from the end, again from the start
    assert tab.run(said) == ["Stop", 0, 1, []]
    tab.run("timers.step()")
    assert tab.run(said) == ["Stop", 1, 1, []]
    tab.run("document.getElementById('play').click()")      # stopped by hand
    assert tab.run(said) == ["Play", 1, 1, [1]]
    tab.run(f"choose({last - 2})")
    tab.run("document.getElementById('play').click()")      # goes on from there
    tab.run("timers.step()")
    assert tab.run(said) == ["Stop", last - 1, 2, [1]]
    tab.run("timers.step()")
    assert tab.run(said) == ["Play", last, 2, [1, 2]]
    tab.run("void Object.assign(window, timers)")       # the page's own again


@in_a_browser
def test_charts_are_drawn_anew_in_other_colours_and_in_light_ones_on_paper(tab):
    drawn = """(async () => {
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        return [...document.querySelectorAll('.run .legend canvas, .chart canvas')].map(
            (each) => each.toDataURL());
    })()"""

    def scheme(name):
        tab.call("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": name}])

    scheme("light")
    light = tab.run(drawn)
    scheme("dark")
    dark = tab.wait(lambda: [now for now in [tab.run(drawn)]
                             if not any(map(str.__eq__, light, now))], timeout=10)[0]
    assert len(light) > 5
    tab.run("dispatchEvent(new Event('beforeprint'))")
    tab.wait(lambda: tab.run(drawn) == light, timeout=10)
    ground = "getComputedStyle(document.body).backgroundColor"
    assert tab.run(ground) == "rgb(255, 255, 255)"
    tab.run("dispatchEvent(new Event('afterprint'))")
    tab.wait(lambda: tab.run(drawn) == dark, timeout=10)
    assert tab.run(ground) != "rgb(255, 255, 255)"
    scheme("light")
    tab.wait(lambda: tab.run(drawn) == light, timeout=10)


@in_a_browser
def test_the_buttons_go_to_the_moments_beside(tab):
    for button, step in (("earlier", "4"), ("later", "5"), ("later", "10")):
        tab.run("choose(3)" if button == "earlier" else "0")
        tab.run(f"document.getElementById('{button}').click()")
        assert tab.run(STEP) == step


@in_a_browser
def test_numbers_are_said_as_they_are(tab):
    assert tab.run("[null, undefined, 0, 0.00012, -1234.5, 0.98765].map(number)") == [
        "–", "–", "0", "1.2e−4", "−1230", "0.988"]
    assert tab.run("[-2, 3].map(ACTIVATIONS.leaky(0.25))") == [-0.5, 3]


@in_a_browser
def test_one_scale_for_all_runs(tab):
    ranges = "runs.map((run) => String(lossRange(run, false)))"
    assert len(set(tab.run(ranges))) > 1
    tab.run("document.getElementById('common').click()")
    assert len(set(tab.run(ranges))) == 1
    tab.run("document.getElementById('common').click()")


@in_a_browser
@pytest.mark.parametrize("model", SMALL + LARGE)
def test_a_generator_in_the_page_draws_what_the_sampler_draws(tab, trained, model):
    label = "ABCDEF"[(SMALL + LARGE).index(model)]
    with tf1gan.Sampler(trained[model]) as sampler:
        expected = sampler.sample(5, seed=1).reshape(5, 784)
    rs = np.random.RandomState(1)
    noise = (rs.uniform(-1, 1, (5, 100)) if sampler.model.noise == "uniform"
             else rs.standard_normal((5, 100)))
    drawn = tab.run(f"{noise.tolist()}.map((noise) => "
                    f"[...report.generators.{label}(Float32Array.from(noise))])")
    assert np.abs(np.rint(255 * np.array(drawn)) - np.rint(255 * expected)).max() <= 1
    assert expected.std() > 0.01


@in_a_browser
def test_a_generators_sliders_and_buttons_change_its_digit(tab):
    panel = "document.querySelector('.generator')"

    def digit():
        return tab.run(f"""(async () => {{
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            return {panel}.querySelector('.large').toDataURL();
        }})()""")

    def walk(end):
        return tab.run(f"{panel}.querySelectorAll('.walk canvas')[{end}].toDataURL()")

    def move(place, value):
        tab.run(f"""(() => {{
            const slider = {panel}.querySelectorAll('input')[{place}];
            slider.value = {value};
            slider.dispatchEvent(new Event('input'));
        }})()""")

    seen = [digit()]
    move(0, 2)                                      # a direction
    seen.append(digit())
    assert walk(0) == seen[-1]                      # where the walk begins has moved, too
    tab.run(f"[...{panel}.querySelectorAll('button')][1].click()")
    assert digit() == seen[0] == walk(0)            # the directions are back at 0
    move(6, 100)                                    # to the walk's end
    seen.append(digit())
    assert walk(1) == seen[-1]
    tab.run(f"[...{panel}.querySelectorAll('button')][2].click()")
    seen.append(digit())
    tab.run(f"[...{panel}.querySelectorAll('button')][0].click()")
    seen.append(digit())
    assert len(set(seen)) == 5 and tab.errors == []


@in_a_browser
def test_everything_has_its_words(tab):
    tab.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    tab.run("document.getElementById('all-settings').click()")
    nameless = tab.run("""[...document.querySelectorAll('canvas, input, button, [role=img]')]
        .filter((each) => !each.closest('[aria-hidden=true]') && !each.closest('[role=img] .uplot')
            && !(each.getAttribute('aria-label') || each.textContent
                 || each.labels && each.labels.length))
        .map((each) => each.outerHTML)""")
    assert nameless == []
    text = tab.text()
    assert "the discriminator has saturated" in text and "momentum" in text
    rows = tab.run("document.querySelectorAll('.run .numbers tbody tr').length")
    assert rows >= 18
    # Lines differ in their dashes, states in their stripes: not in colour alone.
    dashes = tab.run("[...document.querySelectorAll('.run .legend path')].slice(0, 2)"
                     ".map((each) => each.getAttribute('stroke-dasharray'))")
    assert dashes[0] != dashes[1]
    tab.run("document.querySelectorAll('details').forEach((each) => { each.open = false; })")


@in_a_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_narrow_window(tab, scheme):
    tab.call("Emulation.setEmulatedMedia",
             features=[{"name": "prefers-color-scheme", "value": scheme}])
    tab.call("Emulation.setDeviceMetricsOverride", width=375, height=800, deviceScaleFactor=1,
             mobile=False)
    tab.wait(lambda: tab.run("document.documentElement.scrollWidth") <= 375)
    beyond = tab.run("""[...document.querySelectorAll('button, input, .chart, .pixels')].filter(
        (each) => each.getBoundingClientRect().right > 375).map((each) => each.outerHTML)""")
    assert beyond == []
    keep_picture(tab, "narrow_" + scheme)
    assert tab.errors == []


@in_a_browser
def test_it_prints(tab):
    tab.call("Emulation.setEmulatedMedia", media="print")
    # A column that stays in view would cover the one beside it.
    assert tab.run("[...document.querySelectorAll('#table th, #table td')].every("
                   "(each) => getComputedStyle(each).position === 'static')")
    tab.call("Emulation.setEmulatedMedia", media="")
    pdf = tab.call("Page.printToPDF")["data"]
    assert len(pdf) > 20000 and tab.errors == []


@in_a_browser
def test_hostile_names_stay_words_in_the_browser(copied, tmp_path):
    folder = hostile(copied)
    out = str(tmp_path / "report.html")
    broken = shutil.copytree(folder, str(tmp_path / "broken"))
    pickles.save(os.path.join(broken, "losses.pkl"), [[np.nan, np.nan]] * 300)
    zero = shutil.copytree(folder, str(tmp_path / "zero"))
    pickles.save(os.path.join(zero, "losses.pkl"), [[0.0, 0.0]] * 300)
    report.write([folder, broken, folder, zero, folder], out, str(tmp_path), live=report.SMALL)
    with browser.opened(CHROMIUM, 800, 600) as tab:
        tab.call("Log.enable")
        show(tab, out)
        tab.run("document.getElementById('all-settings').click()")
        assert tab.run("window.hacked === undefined")
        assert console.plain(HOSTILE) in tab.text()
        assert tab.run("document.querySelectorAll('img').length") == 0
        assert tab.run("document.documentElement.scrollWidth") <= 800       # however long
        # Losses that have no chart, or no place on its axis, are told.
        assert tab.text().count("None of them is a finite number.") == 1
        assert "Nothing is above 0" not in tab.run(words_drawn("y"))
        assert tab.run(words_drawn("y")).count("Nothing is above 0") == 1
        # Each run's line of distances differs from every other's.
        lines = tab.run("""[...document.querySelectorAll('#distances .legend path')].map(
            (each) => each.getAttribute('stroke') + each.getAttribute('stroke-dasharray'))""")
        assert len(lines) == len(set(lines)) == 5
        # And had it become markup, the page's policy would have stopped it.
        tab.run("document.body.insertAdjacentHTML('beforeend', "
                "'<img src=\"data:,\" onerror=\"window.hacked = 1\">')")
        tab.wait(lambda: tab.errors)
        assert tab.run("window.hacked === undefined") and "Content Security" in tab.errors[0]
