"""The search for a recipe: its order, its record, and that it goes on where it was stopped."""

import contextlib
import json
import os
import re
import shutil
import signal
import sys

import pytest

import tf1gan
from tf1gan import evaluation, models, runs, training
from tf1gan.compat import tf
from tf1gan.data import load
from tf1gan.lab import search
from tf1gan.lab.search import record, table
from tf1gan.lab.speed import Measured

optuna = pytest.importorskip("optuna")

DISTANCE = search.Bench.distance


@pytest.fixture
def of_gan(tmp_path, small_data, monkeypatch):
    """Searches for a recipe of `gan` within 0.27 s, at 100 iterations per second or a bit more."""
    def measure(*_, **values):
        timed.append((searching[-1], values))
        return [Measured([100.0 + timed.count(timed[-1])], 0.0, 0.0)]
    timed, searching = [], []
    monkeypatch.setattr(search.speed, "measure", measure)

    def call(logdir="logs", **changed):
        searching.append(logdir)
        settings = search.Options(**{**dict(
            budget=0.27 / 60, trials=4, seeds=2, samples=60, data_dir=small_data,
            logdir=str(tmp_path / logdir)), **changed})
        return search.search("gan", settings)
    return call


def the_table(tmp_path, logdir="logs"):
    with open(str(tmp_path / logdir / "search-gan" / table.TABLE)) as file:
        return file.read()


@pytest.fixture
def by_rates(monkeypatch):
    """In place of training: a distance that is the better, the nearer G's rate is to 0.001."""
    asked = []

    def distance(bench, run, steps, recipe, values, seed=0):
        asked.append((run, steps, dict(values), seed))
        return 1e4 * abs(values.get("g_learning_rate", 0.0015) - 0.001) + 1.0 / steps + seed
    monkeypatch.setattr(search.Bench, "distance", distance)
    monkeypatch.setattr(evaluation, "Ruler", contextlib.nullcontext)
    return asked


def test_the_best_third_of_each_rung_goes_on(of_gan, by_rates, tmp_path):
    results = of_gan(trials=30)
    of_trials = {}
    for run, steps, values, _ in by_rates:
        if "seed" not in run:
            of_trials.setdefault(run, (values, []))[1].append(steps)
    settings = [values for values, _ in of_trials.values()]
    assert len(settings) > 25 and all(settings.count(values) == 1 for values in settings)
    lengths = [steps for _, steps in of_trials.values()]
    assert all(steps == [1, 3, 9, 27][:len(steps)] for steps in lengths)
    # Each went on exactly if it was among the best third of those that had come as far.
    reached = {1: [], 3: [], 9: []}
    for values, steps in of_trials.values():
        for length in steps:
            if length in reached:
                value = 1e4 * abs(values["g_learning_rate"] - 0.001) + 1.0 / length
                best = sorted(reached[length] + [value])[:max(1, (len(reached[length]) + 1) // 3)]
                assert (length < steps[-1]) == (value <= best[-1])
                reached[length].append(value)
    assert results[0].flags.startswith("--loss") and "--g-learning-rate 0.001 " in results[0].flags
    assert results[0].mean == pytest.approx(0.5 + 1 / 27)
    assert results[0].spread == pytest.approx(0.5 ** 0.5)
    assert [result.name for result in results if "recipe" in result.name] != []
    assert {run for run, *_ in by_rates} >= {
        "recipe-best-seed-0", "recipe-best-seed-1", "recipe-document-seed-1"}
    written = the_table(tmp_path)
    assert f"{results[0].name} is the best: its mean is " in written
    assert all(run in written for run in of_trials)


@pytest.mark.slow
def test_a_search_that_is_stopped_goes_on_as_an_untouched_one(of_gan, tmp_path, monkeypatch):
    monkeypatch.setattr(search, "RUNGS", (1, 27))
    few = dict(trials=2, seeds=1)
    untouched = of_gan("untouched", **few)
    train, calls = training.train, []

    def stopped_at_times(*arguments, **options):
        calls.append(arguments)
        folder, _ = train(*arguments, **options)
        return folder, signal.SIGINT if len(calls) in stops else None
    # Amid the first setting, amid the second, and amid the finals.
    stops = (2, 4, 7)
    monkeypatch.setattr(training, "train", stopped_at_times)
    for _ in stops:
        with pytest.raises(KeyboardInterrupt):
            of_gan(**few)
    assert of_gan(**few) == untouched
    names = [line.split(" | ", 1)[1] for line in the_table(tmp_path, "untouched").splitlines()
             if line.startswith("| trial")]
    assert [line.split(" | ", 1)[1] for line in the_table(tmp_path).splitlines()
            if line.startswith("| trial")] == names
    done = len(calls)
    assert of_gan(**few) == untouched and len(calls) == done         # nothing is trained again
    folder = str(tmp_path / "logs" / "search-gan")
    best = next(run for run in os.listdir(folder) if run.startswith("trial-")
                and run.endswith("-seed-0"))
    with tf1gan.Sampler(os.path.join(folder, best)) as sampler:     # an ordinary run
        assert sampler.sample(3, seed=0).shape == (3, 28, 28)


def test_a_record_that_a_kill_left_half_written_is_taken_up(of_gan, by_rates, tmp_path):
    untouched = of_gan()
    path = str(tmp_path / "logs" / "search-gan" / record.RECORD)
    with open(path, "rb") as file:
        content = file.read()
    for share in (0.2, 0.5, 0.8):
        with open(path, "wb") as file:
            file.write(content[:int(share * len(content))])
        assert [result.flags for result in of_gan()] == [each.flags for each in untouched]


def test_a_setting_that_goes_on_is_not_measured_again(of_gan, by_rates, monkeypatch):
    distance, calls = search.Bench.distance, []

    def stopped(bench, run, steps, *arguments):
        calls.append((run, steps))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return distance(bench, run, steps, *arguments)
    monkeypatch.setattr(search.Bench, "distance", stopped)
    with pytest.raises(KeyboardInterrupt):
        of_gan()
    of_gan()
    assert calls[:5] == [("trial-0", 1), ("trial-0", 3), ("trial-0", 9), ("trial-0", 9),
                         ("trial-0", 27)]


def test_a_distance_is_that_of_its_own_step_however_long_the_run_is(tmp_path, small_data):
    settings = search.Options(budget=1, samples=60, data_dir=small_data)
    with evaluation.Ruler(load(small_data)) as ruler:
        bench = search.Bench(models.find("gan"), settings, str(tmp_path), ruler)

        def distance(steps):
            return bench.distance("one", steps, models.DOCUMENT, {"batch_size": 50})
        third, ninth = distance(3), distance(9)
        assert third != ninth and distance(3) == third
        folder = str(tmp_path / "one")
        assert runs.step_of(runs.checkpoints(folder)[-1]) == 9      # nothing was trained again
        for name in os.listdir(folder):
            if name.startswith("generator.ckpt-3"):
                os.unlink(os.path.join(folder, name))
        assert distance(3) == third and distance(9) == ninth
        with open(os.path.join(folder, runs.CONFIG), "w") as file:
            file.write("{")
        with pytest.raises(tf1gan.UserError, match="if you delete .*one, the search trains it"):
            distance(10)


def test_a_setting_of_which_a_part_was_drawn_is_drawn_as_it_would_have_been(
        of_gan, by_rates, tmp_path):
    untouched = of_gan()
    path = str(tmp_path / "logs" / "search-gan" / record.RECORD)
    with open(path, "rb") as file:
        lines = file.read().splitlines(True)
    begun = [at for at, line in enumerate(map(json.loads, lines))
             if "param_name" in line and line["trial_id"] == 2]
    for drawn in (1, 4, len(begun) - 1):
        with open(path, "wb") as file:
            file.writelines(lines[:begun[drawn]])       # a kill came between the two
        assert [result.flags for result in of_gan()] == [each.flags for each in untouched]


@pytest.mark.slow
def test_a_finalist_that_has_lost_its_generator_says_what_to_remove(of_gan, tmp_path, monkeypatch):
    monkeypatch.setattr(search, "RUNGS", (1, 27))
    folder = str(tmp_path / "logs" / "search-gan" / "recipe-document-seed-0")
    train = training.train

    def loses(*arguments, **options):
        trained = train(*arguments, **options)
        if trained[0] == folder and losing:
            for name in os.listdir(folder):
                if name.startswith("generator.ckpt"):
                    os.unlink(os.path.join(folder, name))
        return trained
    losing = [True]
    monkeypatch.setattr(training, "train", loses)
    for _ in range(2):
        with pytest.raises(tf1gan.UserError, match=f"if you delete {folder}, the search trains"):
            of_gan(trials=1, seeds=1)
    shutil.rmtree(folder)
    losing.clear()
    assert of_gan(trials=1, seeds=1)


def test_a_full_disk_does_not_ask_for_a_run_to_be_removed(of_gan, monkeypatch):
    def full(*_, **__):
        raise tf1gan.UserError("cannot save step 9: make room there") from tf1gan.errors.WriteError(
            "no space")
    monkeypatch.setattr(training, "train", full)
    with pytest.raises(tf1gan.UserError, match="make room there$"):
        of_gan()


def test_the_lock_that_a_kill_left_on_the_record_is_taken_away(of_gan, by_rates, tmp_path):
    of_gan(trials=1)
    path = str(tmp_path / "logs" / "search-gan" / record.RECORD)
    os.symlink(record.RECORD, path + ".lock")
    of_gan(trials=2)
    assert not os.path.lexists(path + ".lock")


def test_a_record_that_cannot_be_written_is_told_in_a_line(of_gan, by_rates, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")
    of_gan(trials=1)
    monkeypatch.setattr(optuna.storages.journal.JournalFileBackend, "append_logs", full)
    with pytest.raises(tf1gan.UserError, match="search-gan .No space.*same command continues"):
        of_gan(trials=2)


@pytest.mark.parametrize("error, raised, words", [
    (BrokenPipeError(), BrokenPipeError, "^$"),
    (OSError(28, "No space left"), tf1gan.UserError, "^cannot write the output: No space left$")])
def test_an_output_that_cannot_be_written_is_not_taken_for_the_folder(
        of_gan, by_rates, monkeypatch, error, raised, words):
    def fails(_):
        raise error
    monkeypatch.setattr(search.console, "say", fails)
    monkeypatch.setattr(search.console, "drop_a_full_stream", lambda: True)
    with pytest.raises(raised, match=words):
        of_gan(trials=1)


def test_a_damaged_record_is_told_and_left_alone(of_gan, by_rates, tmp_path):
    of_gan()
    path = str(tmp_path / "logs" / "search-gan" / record.RECORD)
    with open(path, "rb") as file:
        content = file.read()
    with open(path, "wb") as file:
        file.write(content.replace(b"\n", b" "))
    with pytest.raises(tf1gan.UserError, match="optuna.log cannot be read.*delete it"):
        of_gan()
    assert os.path.getsize(path) == len(content)
    lines = content.splitlines(True)
    lost = next(line for line in lines if b'"steps"' in line)
    with open(path, "wb") as file:
        file.write(content.replace(lost, b"", 1))
    of_gan()        # it is a setting less
    os.unlink(path)
    os.mkdir(path)
    with pytest.raises(tf1gan.UserError, match="optuna.log is not a file"):
        of_gan()


def test_nonsense_in_a_record_is_told_in_a_line(of_gan, by_rates, tmp_path):
    of_gan(trials=2, seeds=1)
    path = str(tmp_path / "logs" / "search-gan" / record.RECORD)
    with open(path) as file:
        content = file.read()
    refused = 0
    for old, replacements in (
            (r'"steps":\d+', ('"steps":null', '"steps":-1', '"steps":"\\u001b[2J"')),
            (r'"distance 1":[\d.]+', ('"distance 1":"far"', '"distance 1":NaN')),
            (r'"run":"trial-0"', ('"run":"../x"', '"run":[]')),
            (r'"intermediate_value":[\d.]+', ('"intermediate_value":{}',)),
            (r'"values":\[[\d.]+\]', ('"values":[]', '"values":[1, 2]', '"values":["x"]')),
            (r'"param_value_internal":\d+', ('"param_value_internal":99',)),
            (r'"trial-\d":\{', ('"trial-0":[{',)),
            (r'"recipe-best":\{"steps":27,', ('"recipe-best":{"steps":27,"1":"x",',)),
            (r'"budget":[\d.]+', ('"budget":{}',)),
            (r'\{', ("[" * 100000, "null", "{}, {"))):
        for new in replacements:
            changed = re.sub(old, lambda _, new=new: new, content, count=1)
            assert changed != content, old
            with open(path, "w") as file:
                file.write(changed)
            with pytest.raises(tf1gan.UserError, match="^[^\n]*optuna.log cannot be read .[^\n]+: "
                               "delete it, and the search starts over$") as error:
                of_gan(trials=2, seeds=1)
            assert "object is not" not in str(error.value)
            refused += 1
    assert refused == 18


def test_a_folder_in_the_place_of_the_table_is_told_before_anything_is_tried(
        of_gan, by_rates, tmp_path):
    os.makedirs(str(tmp_path / "logs" / "search-gan" / table.TABLE))
    with pytest.raises(tf1gan.UserError, match="table.md is not a file.*move it"):
        of_gan()
    assert not by_rates


def test_a_signal_amid_a_training_ends_the_search_and_says_that_the_same_command_goes_on(
        of_gan, monkeypatch, capsys):
    for number, error in ((signal.SIGTERM, SystemExit), (signal.SIGINT, KeyboardInterrupt)):
        monkeypatch.setattr(training, "train", lambda *_, **__: ("folder", number))  # noqa: B023
        with pytest.raises(error) as ended:
            of_gan()
        assert getattr(ended.value, "code", 143) == 128 + signal.SIGTERM
        said = capsys.readouterr().err
        assert said.count("search-gan, and the same command continues") == 1


def test_each_rung_is_longer_than_the_one_before_however_short_the_time(of_gan, by_rates):
    of_gan(budget=1e-5, trials=1)
    assert [steps for run, steps, *_ in by_rates if run == "trial-0"] == [1, 3, 9, 27]


def test_a_recipe_that_diverges_with_a_seed_is_no_number(of_gan, by_rates, monkeypatch, tmp_path):
    distance = search.Bench.distance

    def diverging(bench, run, *arguments):
        found = distance(bench, run, *arguments)
        return search.FAILED if run in diverge else found
    diverge = ["recipe-document-seed-1"]
    monkeypatch.setattr(search.Bench, "distance", diverging)
    results = of_gan()
    assert results[-1].name == "recipe-document" and results[-1].diverged == 1
    assert "| recipe-document | diverged with 1 of 2 |" in the_table(tmp_path)
    assert f"{results[0].name} is the best: its mean is " in the_table(tmp_path)
    monkeypatch.setattr(search.Bench, "distance", lambda *_: search.FAILED)
    of_gan("all_fail")
    assert "None is the best" in the_table(tmp_path, "all_fail")


def test_one_seed_has_no_spread(of_gan, by_rates, tmp_path):
    of_gan(seeds=1)
    assert "no spread to compare" in the_table(tmp_path) and "nan" not in the_table(tmp_path)


@pytest.mark.parametrize("others, words", [
    ([1.0, 1.2], ": within it, so either may be."),
    ([1.0, 3.0], "0.14 and 1.41: within it, so either may be."), ([3.0, 3.2], "0.14 and 0.14.")])
def test_a_difference_within_the_spread_is_called_so(others, words):
    first = table.Result("one", "", [0.95, 1.15], 9)
    assert table.verdict([first, table.Result("two", "", others, 9)])[-1].endswith(words)


def test_another_search_in_its_folder_is_refused(of_gan, by_rates, tmp_path, monkeypatch):
    of_gan()
    with pytest.raises(tf1gan.UserError, match="is of a search with budget 0.0045, not 1: give"):
        of_gan(budget=1)
    monkeypatch.setattr(search, "SPACE", search.SPACE + 1)
    with pytest.raises(tf1gan.UserError, match="another version of tf1gan.*another --logdir"):
        of_gan()
    with open(str(tmp_path / "logs" / "search-gan" / record.RECORD), "w") as file:
        file.write("no record\n")
    with pytest.raises(tf1gan.UserError, match="optuna.log cannot be read"):
        of_gan()


def test_two_searches_at_once_are_one_too_many(of_gan, by_rates, tmp_path):
    folder = str(tmp_path / "logs" / "search-gan")
    with runs.locked(folder):
        with pytest.raises(tf1gan.UserError, match="search-gan: wait until it ends, or give anoth"):
            of_gan()
    assert os.listdir(folder) == [".lock"] and not by_rates


def test_a_setting_that_diverges_is_passed_over(of_gan, by_rates, monkeypatch, tmp_path):
    of_others = search.Bench.distance

    def diverging(*_, **__):
        raise tf1gan.errors.Diverged("the losses are no longer finite")
    monkeypatch.setattr(training, "train", diverging)
    monkeypatch.setattr(search.Bench, "distance", lambda bench, run, *arguments: (
        DISTANCE if run == "trial-0" else of_others)(bench, run, *arguments))
    assert "trial-0" not in [result.name for result in of_gan(trials=3)]
    assert "| trial-0 | diverged |" in the_table(tmp_path)


def test_a_setting_that_diverges_while_it_is_timed_is_passed_over(
        of_gan, by_rates, monkeypatch, tmp_path):
    def measure(*_, **values):
        if values["recipe"] == "document" and len(values) > 5 and not timed:
            timed.append(values)
            raise tf1gan.errors.Diverged("the losses are no longer finite")
        return [Measured([100.0], 0.0, 0.0)]
    timed = []
    monkeypatch.setattr(search.speed, "measure", measure)
    of_gan(trials=3)
    assert timed and by_rates[0][:2] == ("trial-0", 1)
    assert "trial-2" in the_table(tmp_path) and "is the best" in the_table(tmp_path)


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_every_setting_of_a_space_is_one_that_trains(model):
    rows = search.space(models.find(model))
    for name, values in rows.items():
        for value in values:
            drawn = dict({each: rows[each][0] for each in rows}, **{name: value})
            given = search.chosen(models.find(model), drawn)
            resolved = models.resolve(model, given)
            assert resolved.values["loss"] == drawn["loss"]
            assert resolved.model.optimizer == drawn["optimizer"]


@pytest.mark.parametrize("model", list(tf1gan.MODELS))
def test_a_generator_is_not_asked_for_what_it_cannot_draw(model):
    found = models.find(model)
    with tf.Graph().as_default() as graph:
        found.generator(tf.zeros([2, models.NOISE_SIZE]))
        ends_in_a_sigmoid = "Sigmoid" in [op.type for op in graph.get_operations()]
    assert found.draws == ((0, 1) if ends_in_a_sigmoid else (-1, 1))
    assert search.space(found)["image_range"] == (
        ["0,1"] if ends_in_a_sigmoid else ["0,1", "-1,1"])


def test_wrong_flags_are_told_in_a_line(command, monkeypatch, tmp_path):
    for flags, words in ((["gan", "--budget", 0], "--budget must be above 0"),
                         (["gan", "--budget", 1, "--trials", 0], "--trials must be from 1"),
                         (["big", "--budget", 1], "unknown model 'big'"),
                         (["gan", "--budget", 1, "--logdir", ""], "--logdir: it is empty"),
                         (["gan", "--budget", 1, "--data-dir", ""], "--data-dir: it is empty")):
        done = command("search", *flags)
        assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(tf1gan.UserError, match="pip install -r requirements/search.txt"):
        search.search("gan", search.Options(budget=1, logdir=str(tmp_path)))
    assert os.listdir(str(tmp_path)) == []
