"""Measures of quality, the monitor, and what training keeps of them."""

import json
import os

import numpy as np
import pytest

from tf1gan import evaluation, monitor, runs, stress, training
from tf1gan.errors import UserError
from tf1gan.mnist import load
from tf1gan.monitor import COLLAPSED, HEALTHY, SATURATED, UNIFORM, Monitor, Sight


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    before = os.environ.get("TF1GAN_CACHE")
    os.environ["TF1GAN_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    yield os.environ["TF1GAN_CACHE"]
    if before is None:
        del os.environ["TF1GAN_CACHE"]
    else:
        os.environ["TF1GAN_CACHE"] = before


# -- Measures ----------------------------------------------------------------------------------

def test_the_frechet_distance_of_known_sets():
    one = np.array([[0.0], [2.0]])                      # mean 1, variance 2
    other = np.array([[3.0], [3.0], [7.0], [7.0]])      # mean 5, variance 16/3
    by_hand = 16 + 2 + 16 / 3 - 2 * np.sqrt(2 * 16 / 3)
    assert evaluation.frechet(one, other) == pytest.approx(by_hand)
    features = np.random.RandomState(0).rand(200, 5)
    assert evaluation.frechet(features, features) == pytest.approx(0, abs=1e-9)
    assert evaluation.frechet(features, features + 1) == pytest.approx(5)


def test_the_score_of_known_probabilities():
    assert evaluation.score(np.eye(10)) == pytest.approx(10, rel=1e-6)
    assert evaluation.score(np.full((7, 10), 0.1)) == pytest.approx(1)
    assert evaluation.score(np.eye(10)[[3, 3]]) == pytest.approx(1)


def test_the_divergence_from_uniform_shares():
    assert evaluation.divergence([0.1] * 10) == pytest.approx(0)
    assert evaluation.divergence([1] + [0] * 9) == pytest.approx(np.log(10))
    assert evaluation.divergence([0.5, 0.5] + [0] * 8) == pytest.approx(np.log(5))


def test_precision_and_recall_of_points_on_a_line():
    real = np.arange(10.0)[:, None]
    assert evaluation.precision_recall(real, real, k=1) == (1, 1)
    assert evaluation.precision_recall(real, real + 100, k=1) == (0, 0)
    # Half of the generated ones are real; they reach half of the line.
    generated = np.array([[0.0], [1.0], [2.0], [3.0], [100.0], [101.0], [102.0], [103.0]])
    assert evaluation.precision_recall(real, generated, k=1) == (0.5, 0.5)


def test_the_ruler_tells_good_from_bad_and_finds_copies(small_data):
    images = load(small_data)
    with evaluation.Ruler(images) as ruler:
        floor = ruler.floor(300)
        noise = ruler.measure(np.random.RandomState(0).rand(300, 784))
        assert floor.frechet < noise.frechet / 3
        copies = images.train_images[[5, 70]] / np.float32(255)
        assert np.allclose(ruler.nearest(copies + 0.01), copies)
        with pytest.raises(UserError):
            ruler.measure(np.full((5, 784), np.nan))


def test_the_classifier_is_trained_once_and_a_damaged_cache_is_named(small_data, cache, capsys):
    images = load(small_data)
    evaluation.Ruler(images).close()
    capsys.readouterr()
    evaluation.Ruler(images).close()
    assert "Training the classifier" not in capsys.readouterr().out
    path, = [os.path.join(cache, name) for name in os.listdir(cache)]
    with open(path, "r+b") as file:
        content = file.read()
        file.truncate(100)
    with pytest.raises(UserError, match="remove it"):
        evaluation.Ruler(images)
    with open(path, "wb") as file:
        file.write(content)


# -- Training ----------------------------------------------------------------------------------

def train(folder, data_dir, **values):
    settings = {key: values.pop(key) for key in list(values) if key in training.Settings._fields}
    return training.train("gan", training.Settings(
        logdir=str(folder), data_dir=data_dir, **settings), batch_size=50, **values)[0]


def test_evaluating_keeps_the_best_and_disturbs_nothing(tmp_path, small_data, script):
    plain = train(tmp_path, small_data, run="plain", steps=20)
    evaluated = train(tmp_path, small_data, run="evaluated", steps=20, evaluate_every=6)
    for step_file in ("losses.pkl", "samples.pkl"):
        with open(os.path.join(plain, step_file), "rb") as one, \
                open(os.path.join(evaluated, step_file), "rb") as other:
            assert one.read() == other.read()
    parts = train(tmp_path, small_data, run="parts", steps=10, evaluate_every=6, save_every=10)
    parts = train(tmp_path, small_data, run="parts", steps=20, evaluate_every=6, save_every=10)
    assert "weights" not in stress.compare(plain, parts)
    best, = runs.checkpoints(evaluated, runs.BEST)
    with open(os.path.join(evaluated, "best.json")) as file:
        facts = json.load(file)
    assert facts["step"] == runs.step_of(best) and facts["step"] in (6, 12, 18, 20)
    done = script("sample.py", "--run", evaluated, "--best", "--npz", "a.npz", "--seed", 0)
    assert done.returncode == 0, done.stderr
    done = script("sample.py", "--run", plain, "--best")
    assert done.returncode == 2 and "--evaluate-every" in done.stderr


def test_a_refused_choice_leaves_no_run(tmp_path, small_data):
    with pytest.raises(UserError, match="--label-smoothing"):
        train(tmp_path, small_data, run="refused", loss="hinge", label_smoothing=0.1)
    assert not os.path.exists(str(tmp_path / "refused" / "config.json"))


def test_the_script_prints_a_table_and_keeps_numbers_and_a_picture(tmp_path, small_data, script):
    run = train(tmp_path, small_data, steps=3)
    done = script("evaluate.py", run, run, "--samples", 60, "--data-dir", small_data)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-3].startswith("training images") and lines[-2] == lines[-1]
    with open(os.path.join(run, "evaluation.json")) as file:
        facts = json.load(file)
    assert len(facts["shares"]) == 10 and sum(facts["shares"]) == pytest.approx(1)
    assert os.path.isfile(os.path.join(run, "nearest.png"))
    done = script("evaluate.py", str(tmp_path / "none"), "--data-dir", small_data)
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) <= 2


# -- The monitor -------------------------------------------------------------------------------

FINE = Sight(diversity=0.9, contrast=0.3, brightness=0.13)


def watched(real, fake, sight=FINE, **options):
    """A monitor that has seen 300 such iterations, and what it says then."""
    watcher = Monitor(**options)
    watcher.observe(np.tile([[real, fake]], (300, 1)))
    return watcher, watcher.look(300, sight)


def test_each_state_is_said_once_when_it_begins_and_once_when_it_ends():
    watcher, lines = watched(0.99, 0.01)
    assert len(lines) == 1 and "saturated" in lines[0] and lines[0].startswith("Step 300:")
    assert watcher.look(400, FINE) == []
    watcher.observe(np.tile([[0.93, 0.07]], (2000, 1)))     # between the bounds: it lasts
    assert watcher.look(2300, FINE) == []
    watcher.observe(np.tile([[0.6, 0.4]], (2000, 1)))
    healthy, ended = watcher.look(4300, FINE)
    assert "no longer saturated" in ended and "since step 300" in ended and "healthy" in healthy


def test_collapsed_and_uniform_output_are_told_apart():
    assert "collapsed" in watched(0.6, 0.4, FINE._replace(diversity=0.1))[1][0]
    for brightness, shade in ((0.0, "black"), (0.5, "grey"), (1.0, "white")):
        _, lines = watched(0.6, 0.4, Sight(0.0, 0.01, brightness))
        assert len(lines) == 1 and "uniform" in lines[0] and shade in lines[0]
    watcher, _ = watched(0.6, 0.4, FINE._replace(diversity=0.1))
    turned, = watcher.look(400, Sight(0.0, 0.01, 0.5))
    assert "uniform" in turned          # and no word of a collapse that has ended
    watcher, _ = watched(0.6, 0.4)
    watcher.evaluated([0.76] + [0.02] * 9)
    assert any("76 %" in line for line in watcher.look(400, FINE))


def replayed(name):
    """What a monitor says of a run of 100 steps a row, and the Monitor."""
    with open(os.path.join(os.path.dirname(__file__), "traces", name + ".json")) as file:
        rows = json.load(file)["rows"]
    watcher, lines = Monitor(), []
    for step, real, fake, diversity, contrast in rows:
        watcher.observe(np.tile([[real, fake]], (100, 1)))
        lines += watcher.look(step, Sight(diversity, contrast, 0.2 if "plain" in name else 0.5))
    return watcher, lines


def test_what_is_said_of_document_004s_run():
    watcher, lines = replayed("plain_dcgan")
    assert set(watcher.memory.since) >= {SATURATED, COLLAPSED}     # to the end, step 20,000
    assert watcher.memory.since[SATURATED] < 6500
    assert any(line.startswith("Step 6300: the generator has collapsed") for line in lines)
    assert not any("uniform" in line or "healthy" in line for line in lines)
    assert len(lines) < 20                                          # of 141 looks


def test_what_is_said_of_document_001s_generator_with_relu():
    watcher, lines = replayed("keras_gan_relu")
    for line, words in zip(lines, ("collapsed", "saturated", "uniform: all of an image is grey")):
        assert words in line
    assert len(lines) == 3
    assert set(watcher.memory.since) == {COLLAPSED, SATURATED, UNIFORM}


def test_a_critic_is_not_held_to_be_a_probability():
    assert watched(1.0, 0.0, probabilities=False)[1] == []


def test_nothing_is_said_before_there_is_enough_to_go_by():
    watcher = Monitor()
    watcher.observe(np.tile([[1.0, 0.0]], (150, 1)))
    assert watcher.look(150, FINE) == []


def test_a_memory_survives_being_written_down():
    watcher, _ = watched(0.99, 0.01)
    written = json.loads(json.dumps(monitor.to_json(watcher.memory)))
    assert monitor.from_json(written) == watcher.memory
    assert monitor.from_json({"seen": "much"}) == monitor.Memory()
    assert set(watcher.memory.since) == {SATURATED}


def test_a_generator_that_gives_one_grey_is_named(tmp_path, small_data, capsys):
    # Learning rates as these end the two ways: G's tanh at its bounds, and D sure.
    train(tmp_path, small_data, steps=300, g_learning_rate=1e-9, d_learning_rate=0.01,
          dropout=0.0)
    said = capsys.readouterr().out
    assert "the discriminator has saturated" in said
