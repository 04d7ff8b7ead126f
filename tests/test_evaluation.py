"""Measures of quality, the monitor, and what training keeps of them."""

import contextlib
import json
import os
import shutil
import sys
import types

import numpy as np
import pytest
from helpers import ROOT, small_arrays, write_idx

import tf1gan
from tf1gan import console, data, evaluation, monitor, runs, training
from tf1gan.compat import tf
from tf1gan.data import load
from tf1gan.errors import UserError
from tf1gan.evaluation import classifier, metrics, table
from tf1gan.monitor import (
    CHANCE,
    COLLAPSED,
    ONE_DIGIT,
    SATURATED,
    UNIFORM,
    Memory,
    Monitor,
    Sight,
)
from tf1gan.report import record
from tf1gan.runs import comparison
from tf1gan.runs.comparison import compare
from tf1gan.training import watch


@pytest.fixture(scope="module")
def small_images(small_data):
    return load(small_data)


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory, forked):
    """A cache of this file's own, in which the classifier of the small images is once trained."""
    folder = str(tmp_path_factory.mktemp("cache"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TF1GAN_CACHE", folder)
        patched.setattr(sys, "executable", forked)      # in which it is trained
        yield folder


# -- Measures ----------------------------------------------------------------------------------

def test_a_kernel_distance_does_not_depend_on_the_order_of_the_test_images(monkeypatch):
    """As MNIST's are, those here are sorted: the first half is dark, the second bright."""
    rs = np.random.RandomState(0)
    dark, bright = rs.randint(0, 100, (2, 300, 28, 28)).astype(np.uint8)
    bright += 100
    given = types.SimpleNamespace(name="two kinds", test_images=np.concatenate([dark, bright]))

    class Eyes:
        facts = None

        def __call__(self, images):
            means = np.asarray(images).reshape(len(images), 2, -1).mean(axis=2)
            return means * 9, np.full((len(images), 10), 0.1)
    monkeypatch.setattr(classifier, "load", lambda *_: Eyes())
    monkeypatch.setattr(classifier, "find", lambda *_: None)
    samples = data.unit(np.concatenate([dark[:50], bright[:50]]))
    quality = evaluation.Ruler(given).measure(samples)
    alike, _ = metrics.kernel_distance(Eyes()(data.unit(dark))[0], Eyes()(samples)[0])
    assert abs(quality.kid) < alike / 10


def test_the_frechet_distance_of_known_sets():
    def frechet(*features):
        return metrics.frechet(*map(metrics.moments, features))
    one = np.array([[0.0], [2.0]])                      # mean 1, variance 2
    other = np.array([[3.0], [3.0], [7.0], [7.0]])      # mean 5, variance 16/3
    by_hand = 16 + 2 + 16 / 3 - 2 * np.sqrt(2 * 16 / 3)
    assert frechet(one, other) == pytest.approx(by_hand)
    features = np.random.RandomState(0).rand(200, 5)
    assert frechet(features, features) == pytest.approx(0, abs=1e-9)
    assert frechet(features, features + 1) == pytest.approx(5)


def test_the_kernel_distance_of_known_sets():
    """By hand: with one feature, the kernel of x and y is (xy + 1)^3."""
    # Among themselves 0 and 1 have (0 + 1)^3 = 1, 0 and 2 as well; across 1, 1, 1 and 3^3 = 27.
    distance, error = metrics.kernel_distance([[0.0], [1.0]], [[0.0], [2.0]])
    assert distance == pytest.approx(1 + 1 - 2 * (1 + 1 + 1 + 27) / 4) and np.isnan(error)
    # Two features: the product of 1, 2 and 3, 4 is 11, halved.
    distance, _ = metrics.kernel_distance([[1.0, 2.0]] * 2, [[3.0, 4.0]] * 2)
    assert distance == pytest.approx(3.5 ** 3 + 13.5 ** 3 - 2 * 6.5 ** 3)
    assert np.isnan(metrics.kernel_distance([[1.0]], [[1.0]])).all()


def test_the_error_of_a_kernel_distance_by_hand():
    """All 4 x 4 kernels written out, and each sum over them by its definition."""
    x, y = np.random.RandomState(0).standard_normal((2, 4, 2))

    def k(a, b):
        return (a @ b / 2 + 1) ** 3
    across = np.array([[k(a, b) for b in y] for a in x])
    parts, left = [], []
    for one, axis in ((x, 1), (y, 0)):
        pairs = np.array([[k(one[i], one[j]) for j in range(4) if j != i] for i in range(4)])
        rows = pairs.mean(axis=1)
        left.append(max(0, pairs.var() - 2 * rows.var(ddof=1)) / (1 - 2 / 3))
        parts.append((rows - across.mean(axis=axis)).var(ddof=1))
    both = max(0, across.var() - sum(across.mean(axis=axis).var(ddof=1) for axis in (0, 1))) * 2
    alone = [max(0, part - each / 3 - both / 4) for part, each in zip(parts, left)]
    variance = sum(alone) + 2 * sum(left) / 12 + 4 * both / 16
    assert metrics.kernel_distance(x, y)[1] == pytest.approx(variance ** 0.5)
    assert np.isnan(metrics.kernel_distance(x[:3], y)[1])
    within = metrics.pairs(x)
    assert metrics.kernel_distance(x, y, within) == metrics.kernel_distance(x, y)


@pytest.mark.parametrize("apart, samples", [(0.0, 150), (0.3, 40), (0.3, 150)])
def test_the_error_of_a_kernel_distance_is_how_far_it_varies(apart, samples):
    """Over draws of samples and of test images alike, be the two sets alike or not."""
    rs = np.random.RandomState(0)
    drawn = np.array([metrics.kernel_distance(
        rs.standard_normal((150, 8)), rs.standard_normal((samples, 8)) + apart)
        for _ in range(100)])
    varies, stated = drawn[:, 0].std(ddof=1), drawn[:, 1]
    assert 0.8 * varies < stated.mean() < 1.3 * varies
    assert stated.std(ddof=1) < 0.4 * varies        # each draw's own can be relied on


def test_a_kernel_distance_is_held_in_bounds_however_many_the_features(monkeypatch):
    x, y = np.random.RandomState(0).standard_normal((2, 40, 3))
    expected = metrics.kernel_distance(x, y[:30])
    monkeypatch.setattr(metrics, "KERNELS", 100)
    assert metrics.kernel_distance(x, y[:30]) == pytest.approx(expected)


def test_the_score_of_known_probabilities():
    assert metrics.score(np.eye(10)) == pytest.approx(10, rel=1e-6)
    assert metrics.score(np.full((7, 10), 0.1)) == pytest.approx(1)
    assert metrics.score(np.eye(10)[[3, 3]]) == pytest.approx(1)


def test_the_divergence_from_uniform_shares():
    assert metrics.divergence([0.1] * 10) == pytest.approx(0)
    assert metrics.divergence([1] + [0] * 9) == pytest.approx(np.log(10))
    assert metrics.divergence([0.5, 0.5] + [0] * 8) == pytest.approx(np.log(5))


def test_precision_and_recall_of_points_on_a_line():
    real = np.arange(10.0)[:, None]
    assert metrics.precision_recall(real, real, k=1) == (1, 1)
    assert metrics.precision_recall(real, real + 100, k=1) == (0, 0)
    # Half of the generated ones are real; they reach half of the line.
    generated = np.array([[0.0], [1.0], [2.0], [3.0], [100.0], [101.0], [102.0], [103.0]])
    assert metrics.precision_recall(real, generated, k=1) == (0.5, 0.5)
    # All are real, and they reach themselves and, each of them, one neighbour on either side.
    few = np.array([[0.0], [1.0], [2.0]])
    assert metrics.precision_recall(real, few, k=1) == (1, 0.4)
    near = metrics.radii(real, k=1)
    assert list(near) == [1] * 10
    assert metrics.precision_recall(real, few, k=1, real_radii=near) == (1, 0.4)
    # Real points that reach nowhere hold none but those that are where they are.
    far = np.array([[0.5], [1.5], [2.0]])
    assert metrics.precision_recall(real, far, 1, real_radii=np.zeros(10)) == (1 / 3, 0.3)


def test_distances_are_held_in_bounds_however_many_the_points(monkeypatch):
    def spy(rows, columns):
        held.append(len(rows) * len(columns))
        return distances(rows, columns)
    held, distances = [], metrics.squared_distances
    rs = np.random.RandomState(0)
    real, generated = rs.uniform(size=(300, 2)), rs.uniform(size=(200, 2))
    expected = metrics.precision_recall(real, generated)
    monkeypatch.setattr(metrics, "squared_distances", spy)
    monkeypatch.setattr(metrics, "DISTANCES", 1000)
    assert metrics.precision_recall(real, generated) == expected
    assert max(held) <= 1000


def test_more_samples_than_can_be_compared_are_refused():
    with pytest.raises(UserError, match="--samples must be from 2 to 100000"):
        evaluation.evaluate([], samples=100001)


def test_the_ruler_tells_good_from_bad_and_finds_copies(small_images):
    images = small_images
    with evaluation.Ruler(images) as ruler:
        floor, = ruler.floor(300)
        assert next(ruler.floor(300, 5)).frechet == floor.frechet
        assert [len(list(ruler.floor(count, 5))) for count in (300, 700)] == [2, 1]
        noise = ruler.measure(np.random.RandomState(0).rand(300, 784))
        assert floor.frechet < noise.frechet / 3
        copies = images.train_images[[5, 70]] / np.float32(255)
        assert np.allclose(ruler.nearest(copies + 0.01), copies)
        with pytest.raises(UserError):
            ruler.measure(np.full((5, 784), np.nan))


def test_the_classifier_is_trained_once_and_a_damaged_cache_is_named(small_images, cache, capsys):
    images = small_images
    evaluation.Ruler(images).close()
    capsys.readouterr()
    evaluation.Ruler(images).close()
    assert "Training a classifier" not in capsys.readouterr().out
    path, = [os.path.join(cache, name) for name in os.listdir(cache)]
    with open(path, "r+b") as file:
        content = file.read()
        file.truncate(100)
    with pytest.raises(UserError, match="delete it"):
        evaluation.Ruler(images)
    with open(path, "wb") as file:
        file.write(content)


# -- The classifier ----------------------------------------------------------------------------

@pytest.fixture(scope="module")
def all_of_mnist(mnist):
    return load(os.environ.get("TF1GAN_TEST_DATA", os.path.join(ROOT, "mnist_data")))


@pytest.mark.slow
def test_the_packages_classifier_needs_no_cache_and_is_as_good_as_it_says(
        all_of_mnist, tmp_path, monkeypatch, capsys):
    (tmp_path / "a_file").write_text("")
    monkeypatch.setenv("TF1GAN_CACHE", str(tmp_path / "a_file" / "cache"))
    assert os.path.getsize(classifier.OF_MNIST) < 10 ** 6
    with evaluation.Ruler(all_of_mnist) as ruler:
        assert "Training" not in capsys.readouterr().out
        assert ruler.facts.data == "MNIST" and ruler.facts.accuracy > 0.993
        real, probabilities = ruler._classifier(data.unit(all_of_mnist.test_images))
        right = (probabilities.argmax(axis=1) == all_of_mnist.test_labels).sum()
        # Two images of 10,000 for the rounding of other processors.
        assert abs(right - 10000 * ruler.facts.accuracy) <= 2
        # These numbers were measured on TensorFlow 2.21 and 1.15.5, which agree to 1e-7.
        rs = np.random.RandomState(0)
        noisy = data.unit(all_of_mnist.train_images[:500]).reshape(500, 784)
        noisy = np.clip(noisy + 0.2 * rs.standard_normal(noisy.shape), 0, 1)
        quality = ruler.measure(noisy, neighbours=False)
        assert (quality.frechet, quality.score) == pytest.approx((FRECHET, SCORE), rel=1e-4)
        features, _ = ruler._classifier(noisy)
        for _ in range(2):      # what is known of the test images is kept
            quality = ruler.measure(noisy)
            assert (quality.precision, quality.recall) == metrics.precision_recall(
                real, features)


FRECHET, SCORE = 31.464524, 6.3054181


def test_the_command_that_makes_a_classifier(tmp_path, small_data, monkeypatch, capsys):
    made = str(tmp_path / "made.npz")
    monkeypatch.setattr(sys, "argv", ["classifier", "--data-dir", small_data, "--out", made])
    classifier.main()
    assert f"{made}: it recognizes" in capsys.readouterr().out
    assert classifier.read(made)[1].version == classifier.VERSION


@pytest.mark.slow
def test_the_classifier_of_other_images_is_the_same_on_any_number_of_cores(
        tmp_path, small_images, cache):
    cores = getattr(os, "sched_getaffinity", lambda _: {0})(0)
    if len(cores) < 2:
        pytest.skip("there is one core, or no telling")
    evaluation.Ruler(small_images).close()      # on all of them, unless that has been done
    of_all, = [os.path.join(cache, name) for name in os.listdir(cache)]
    of_one = str(tmp_path / "of_one.npz")
    try:
        os.sched_setaffinity(0, {min(cores)})   # which the process that trains inherits
        classifier.make(small_images, of_one)
    finally:
        os.sched_setaffinity(0, cores)
    made = [classifier.read(path)[0] for path in (of_all, of_one)]
    for name in made[0]:
        assert np.array_equal(made[0][name], made[1][name]), name
    assert os.listdir(str(tmp_path)) == ["of_one.npz"]


def test_a_cache_that_cannot_be_written_is_noticed_before_anything_is_done(
        tmp_path, small_data, monkeypatch, capsys):
    (tmp_path / "a_file").write_text("")
    monkeypatch.setenv("TF1GAN_CACHE", str(tmp_path / "a_file" / "cache"))
    with pytest.raises(UserError, match="TF1GAN_CACHE"):
        train(tmp_path / "logs", small_data, steps=2, evaluate_every=1)
    with pytest.raises(UserError, match="TF1GAN_CACHE"):
        evaluation.evaluate([str(tmp_path)], small_data)
    assert not (tmp_path / "logs").exists() and "Training" not in capsys.readouterr().out
    with pytest.raises(UserError, match="a_file"):
        classifier.make(load(small_data), str(tmp_path / "a_file" / "made.npz"))


def test_a_single_test_image_is_refused_before_training(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    train_images, train_labels, images, labels = small_arrays()
    write_idx(folder, (train_images, train_labels, images[:1], labels[:1]))
    with pytest.raises(UserError, match="2 test images, and other images [0-9a-f]+ has 1"):
        train(tmp_path / "logs", str(folder), steps=2, evaluate_every=1)
    assert not (tmp_path / "logs").exists()
    with pytest.raises(UserError, match="2 test images"):
        evaluation.evaluate(str(tmp_path), str(folder))      # one path is a list of one


# -- Training ----------------------------------------------------------------------------------

def train(folder, data_dir, **values):
    settings = {key: values.pop(key) for key in list(values) if key in training.Options._fields}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(watch, "EVALUATED", 200)
        return training.train("gan", training.Options(
            logdir=str(folder), data_dir=data_dir, **settings), batch_size=50, **values)[0]


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory, small_data):
    """(A run that is evaluated while it trains, the same in two parts, without evaluations)."""
    logdir = tmp_path_factory.mktemp("evaluated")
    # Learning this fast, the generator is at its best early: what came of one evaluation
    # too many, at step 10, would stay.
    options = dict(save_every=4, summary_every=1, learning_rate=0.01)
    whole = train(logdir, small_data, run="whole", steps=20, evaluate_every=6, **options)
    train(logdir, small_data, run="parts", steps=10, evaluate_every=6, **options)
    parts = train(logdir, small_data, run="parts", steps=20, evaluate_every=6, **options)
    return whole, parts, train(logdir, small_data, run="plain", steps=20, **options)


@pytest.mark.slow
def test_evaluating_keeps_the_best_and_disturbs_nothing(evaluated, command):
    whole, _, plain = evaluated
    for step_file in ("losses.pkl", "samples.pkl"):
        with open(os.path.join(plain, step_file), "rb") as one, \
                open(os.path.join(whole, step_file), "rb") as other:
            assert one.read() == other.read()
    points = comparison.points(whole)
    shown = {tag: [step for step, each, _ in points if each == tag] for _, tag, _ in points}
    assert {tuple(shown["measured/" + name]) for name in ("frechet", "score", "covered", "kl")} == {
        (6, 12, 18)}
    # An epoch has 11 iterations.
    assert sorted(os.listdir(os.path.join(whole, "samples"))) == [
        "epoch_0001.png", "epoch_0002.png"]
    for tag in ("samples", "outputs/D_real_histogram", "outputs/D_fake_histogram"):
        assert shown[tag] == [11, 20]
    best, = runs.checkpoints(whole, runs.BEST)
    with open(os.path.join(whole, "best.json")) as file:
        facts = json.load(file)
    assert facts["step"] == runs.step_of(best) and facts["step"] in (6, 12, 18)
    done = command("sample", "--run", whole, "--best", "--npz", "a.npz", "--seed", 0)
    assert done.returncode == 0, done.stderr
    done = command("sample", "--run", plain, "--best")
    assert done.returncode == 2 and "--evaluate-every" in done.stderr
    done = command("sample", "--run", runs.checkpoints(whole)[-1], "--best")
    assert done.returncode == 2 and "is a checkpoint" in done.stderr
    done = command("sample", "--run", best, "--best", "--npz", "b.npz", "--seed", 0)
    assert done.returncode == 0, done.stderr


def test_an_evaluated_run_goes_on_exactly_where_it_stopped(evaluated):
    whole, parts, _ = evaluated
    assert compare(whole, parts) == []
    measured = {step for step, tag, _ in comparison.points(parts) if tag == "measured/frechet"}
    assert measured == {6, 12, 18}


def test_a_run_says_where_what_it_was_asked_to_measure_is_not_measured(
        tmp_path, small_data, capsys):
    folder = train(tmp_path, small_data, steps=4, evaluate_every=2000, summary_every=500)
    said = capsys.readouterr().out
    assert "Nothing will be measured: no multiple of --evaluate-every 2000" in said
    assert "no points of the losses: --summary-every 500" in said
    train(tmp_path, small_data, steps=4)
    said = capsys.readouterr().out
    assert "already" in said and "measure" not in said
    train(tmp_path, small_data, steps=4, evaluate_every=2)
    said = capsys.readouterr().out
    assert "already" in said and "nothing is measured now" in said
    assert f"scripts/evaluate.py {folder}" in said and "--run" in said and "--fresh" in said
    train(tmp_path, small_data, steps=5, evaluate_every=5)
    assert "--evaluate-every 5 measures from step 5 on" in capsys.readouterr().out
    train(tmp_path, small_data, steps=6, evaluate_every=500)        # it has a best one
    assert "measure" not in capsys.readouterr().out


def test_a_best_generator_by_another_classifier_does_not_count(tmp_path, small_data):
    options = dict(save_every=2, evaluate_every=2)
    run = train(tmp_path, small_data, steps=2, **options)
    facts = runs.read_json(run, "best.json")
    for step, classifier_of_best in ((4, facts["classifier"]), (6, facts["classifier"] - 1)):
        runs.write_json(run, "best.json", dict(facts, frechet=0.0, classifier=classifier_of_best))
        train(tmp_path, small_data, steps=step, **options)
    assert runs.read_json(run, "best.json")["step"] == 6    # no other has less than 0
    assert runs.step_of(*runs.checkpoints(run, runs.BEST)) == 6


def test_a_best_generator_of_which_nothing_is_known_is_not_replaced(tmp_path, small_data):
    options = dict(save_every=2, evaluate_every=2)
    run = train(tmp_path, small_data, steps=2, **options)
    best = tmp_path / "gan" / "best.json"
    for damage in (lambda: best.write_text(""), lambda: best.write_text('{"frechet": "0.77"}'),
                   lambda: (best.unlink(), best.mkdir())):
        damage()
        before = sorted(os.listdir(run))
        with pytest.raises(UserError, match="best.json cannot be read.* delete it"):
            train(tmp_path, small_data, steps=4, **options)
        assert sorted(os.listdir(run)) == before
    train(tmp_path, small_data, steps=4, save_every=2)      # without evaluations it goes on
    assert runs.step_of(*runs.checkpoints(run, runs.BEST)) == 2


def test_half_a_best_generator_is_removed(tmp_path, small_data, monkeypatch):
    """The disk is full amid it: a later sample.py --best must not find it."""
    def save(saver, session, prefix, **options):
        if runs.BEST not in prefix:
            return saved(saver, session, prefix, **options)
        with open(f"{prefix}-{options['global_step']}.index", "wb") as file:
            file.write(b"half")
        raise OSError(28, "No space left on device")

    @contextlib.contextmanager
    def ruler(_):
        yield types.SimpleNamespace(
            facts=types.SimpleNamespace(version=1), measure=lambda *_, **__: evaluation.Quality(
                1.0, 1.0, 1, [0.1] * 10, 0.0, 0.0, 0.0))
    saved = tf.train.Saver.save
    monkeypatch.setattr(tf.train.Saver, "save", save)
    monkeypatch.setattr(evaluation, "Ruler", ruler)
    monkeypatch.setattr(evaluation, "check", lambda _: None)
    with pytest.raises(UserError, match="best generator of step 2 .*No space.*model.ckpt-1;"):
        train(tmp_path, small_data, steps=2, save_every=1, evaluate_every=2)
    assert not [name for name in os.listdir(str(tmp_path / "gan"))
                if name.startswith(("generator.best", "best"))]


def test_a_comparison_sees_another_best_generator_and_another_memory(evaluated, tmp_path):
    one, parts, _ = evaluated
    assert compare(one, parts) == []
    other = str(tmp_path / "other")
    shutil.copytree(parts, other)
    best = runs.read_json(other, "best.json")
    runs.write_json(other, "best.json", dict(best, frechet=best["frechet"] + 1))
    memories = runs.read_json(other, "monitor.json")
    runs.write_json(other, "monitor.json", dict(memories, **{"20": {}}))
    runs.write_json(other, "states.json", {"transitions": [{}]})
    prefix, = runs.checkpoints(other, runs.BEST)
    for ending in (".index", ".data-00000-of-00001"):       # a generator of another step
        shutil.copy(os.path.join(other, "generator.ckpt-20") + ending, prefix + ending)
    differences = compare(one, other)
    assert {"best.json", "monitor.json", "states.json"} <= set(differences)
    assert any(name.startswith("the best generator/") for name in differences)


def test_a_refused_choice_leaves_no_run(tmp_path, small_data):
    with pytest.raises(UserError, match="--label-smoothing"):
        train(tmp_path, small_data, run="refused", loss="hinge", label_smoothing=0.1)
    assert not os.path.exists(str(tmp_path / "refused"))


def test_the_script_prints_a_table_and_keeps_numbers_and_a_picture(
        evaluated, tmp_path, small_data, command):
    run = str(tmp_path / ("a" * 60 + "\x1b[31m\x9b\r\n"))
    shutil.copytree(evaluated[2], run)
    done = command("evaluate", run, run, "--samples", 60, "--data-dir", small_data)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    whole = console.plain(os.path.join(run, "generator.ckpt-20"))
    assert lines[-5].startswith("training images")
    assert lines[-4:-2] == lines[-2:] and lines[-2] == whole
    assert max(len(line) for line in lines if line != whole) <= 80
    assert all(map(str.isprintable, lines))
    with open(os.path.join(run, "evaluation.json")) as file:
        facts = json.load(file)
    assert len(facts["shares"]) == 10 and sum(facts["shares"]) == pytest.approx(1)
    assert os.path.isfile(os.path.join(run, "nearest.png"))
    # Five draws of 60 are 300 digits of the same noise.
    with tf1gan.Sampler(run) as sampler, evaluation.Ruler(load(small_data)) as ruler:
        distances = [ruler.measure(part).frechet
                     for part in np.split(sampler.sample(300, seed=0), 5)]
    assert facts["frechet"] == pytest.approx(np.mean(distances), rel=1e-4)
    assert facts["spread"]["frechet"] == pytest.approx(np.std(distances, ddof=1), rel=1e-2)
    assert facts["kid"] > 0 and facts["kid_error"] > 0
    assert record.read(run).evaluation["kid"] == facts["kid"]
    del facts["kid_version"]        # by blocks, then
    runs.write_json(run, "evaluation.json", facts)
    earlier = record.read(run).evaluation
    assert "kid" not in earlier and earlier["frechet"] == facts["frechet"]
    assert any(line.startswith("  +- of 5 draws") for line in lines)
    done = command("evaluate", run, "--samples", 60, "--draws", 1, "--data-dir", small_data)
    assert "draws" not in done.stdout
    facts = runs.read_json(run, "evaluation.json")
    assert facts["frechet"] == pytest.approx(distances[0], rel=1e-4) and "spread" not in facts
    done = command("evaluate", run, "--draws", 0, "--data-dir", small_data)
    assert done.returncode == 2 and "--draws" in done.stderr
    lost = str(tmp_path / "lost")
    shutil.copytree(run, lost)
    os.unlink(os.path.join(lost, runs.CONFIG))
    done = command("evaluate", run, lost, "--data-dir", small_data)
    assert done.returncode == 2 and "which model it is of" in done.stderr and not done.stdout
    done = command("evaluate", str(tmp_path / "none"), "--data-dir", small_data)
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) <= 2


# -- The monitor -------------------------------------------------------------------------------

FINE = Sight(diversity=0.9, contrast=0.3, brightness=0.13)
SAME = FINE._replace(diversity=0.1)
GREY = Sight(diversity=0.0, contrast=0.01, brightness=0.5)


def watched(real, fake, sight=FINE, iterations=300, **options):
    """A monitor that has seen so many such iterations, and what it says then."""
    watcher = Monitor(**options)
    watcher.observe(np.tile([[real, fake]], (iterations, 1)))
    return watcher, watcher.look(iterations, sight)


def test_each_state_is_said_once_when_it_begins_and_once_when_it_ends():
    watcher, lines = watched(0.99, 0.01)
    assert len(lines) == 1 and "saturated" in lines[0] and lines[0].startswith("Step 300:")
    assert watcher.look(400, FINE) == []
    watcher.observe(np.tile([[0.93, 0.07]], (2000, 1)))     # between the bounds: it lasts
    assert watcher.look(2300, FINE) == []
    watcher.observe(np.tile([[0.6, 0.4]], (2000, 1)))
    healthy, ended = watcher.look(4300, FINE)
    assert "no longer saturated" in ended and "since step 300" in ended and "healthy" in healthy
    watcher.observe(np.tile([[0.93, 0.07]], (2000, 1)))     # between the bounds: it lasts
    assert watcher.look(6300, FINE) == []


def test_collapsed_and_uniform_output_are_told_apart():
    watcher, _ = watched(0.6, 0.4)
    collapsed, ended = watcher.look(400, SAME)
    assert "the generator has collapsed: its samples vary 0.10" in collapsed
    assert "no longer looks healthy" in ended and "vary 0.10" in ended
    turned, = watcher.look(500, GREY)
    assert "uniform" in turned          # and no word of a collapse that has ended
    for brightness, shade in ((0.0, "black"), (0.5, "grey"), (1.0, "white")):
        watcher, _ = watched(0.6, 0.4)
        uniform, _ = watcher.look(400, GREY._replace(brightness=brightness))
        assert "uniform" in uniform and shade in uniform
    assert not any("collapsed" in line for line in watcher.look(500, GREY))


@pytest.mark.parametrize("sight", [SAME, GREY])
def test_an_untrained_generator_is_not_judged_and_one_that_stays_so_is(sight):
    watcher, lines = watched(0.6, 0.4, sight)
    assert lines == []
    watcher.observe(np.tile([[0.6, 0.4]], (CHANCE - 301, 1)))
    assert watcher.evaluated(CHANCE - 1, [1.0] + [0.0] * 9) == []
    assert watcher.look(CHANCE - 1, sight) == []
    watcher.observe(np.array([[0.6, 0.4]]))
    line, = watcher.look(CHANCE, sight)
    assert ("from the start, or has not begun to learn" if sight is SAME else "uniform") in line


def test_a_digit_that_dominates_is_a_state_of_evaluations_alone():
    watcher, alone = Monitor(), Monitor()
    said, evaluations = {watcher: [], alone: []}, []
    shares = {500: [0.46, 0.54], 600: [0.55, 0.45], 700: [0.58, 0.42], 800: [0.61, 0.39]}
    for step in range(100, 1500, 100):
        for each in (watcher, alone):
            each.observe(np.tile([[0.6, 0.4]], (100, 1)))
            said[each] += each.look(step, SAME if step in (200, 900, 1000) else FINE)
        if step in shares:      # of a two and a seven
            two, seven = shares[step]
            evaluations += watcher.evaluated(step, [0, 0, two, 0, 0, 0, 0, seven, 0, 0])
    assert said[watcher] == said[alone]
    assert watcher.memory.since == dict(alone.memory.since, **{ONE_DIGIT: 500})
    assert evaluations == ["Step 500: one digit dominates: 54 % of the samples are the digit 7."]
    ended, = watcher.evaluated(1500, [0.3, 0.39, 0.31] + [0] * 7)
    assert "39 % of the samples are the digit 1" in ended and "since step 500" in ended
    assert watcher.memory == alone.memory


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
    assert set(watcher.memory.since) == {SATURATED, COLLAPSED}     # to the end, step 20,000
    assert watcher.memory.since[SATURATED] < 6500
    assert any(line.startswith("Step 6300: the generator has collapsed:") for line in lines)
    assert not any("uniform" in line or "healthy" in line for line in lines)
    assert len(lines) < 20                                          # of 141 looks


def test_what_is_said_of_document_001s_generator_with_relu():
    watcher, lines = replayed("keras_gan_relu")
    for line, words in zip(lines, ("saturated", "uniform: all of an image is grey")):
        assert words in line
    assert len(lines) == 2
    assert watcher.memory.since == {SATURATED: 400, UNIFORM: 1000}


def test_a_critic_is_not_held_to_be_a_probability():
    assert watched(1.0, 0.0, probabilities=False)[1] == []


def test_nothing_is_said_before_there_is_enough_to_go_by():
    watcher = Monitor()
    watcher.observe(np.tile([[1.0, 0.0]], (150, 1)))
    assert watcher.look(150, FINE) == []


def test_a_memory_survives_being_written_down():
    watcher, _ = watched(0.99, 0.01)
    written = json.loads(json.dumps(watcher.memory._asdict()))
    assert monitor.from_json(written) == watcher.memory
    assert monitor.from_json(None) == monitor.Memory()
    assert set(watcher.memory.since) == {SATURATED}


def test_what_an_earlier_version_remembered_is_read():
    earlier = {"seen": 1200, "real": 0.6, "fake": 0.4, "share": 0.7, "since": {COLLAPSED: 200}}
    watcher = Monitor(memory=monitor.from_json(earlier))
    assert watcher.memory == Memory(1200, 0.6, 0.4, False, {COLLAPSED: 200})
    _, ended = watcher.look(1200, FINE)
    assert "no longer collapsed: its samples vary 0.90" in ended


@pytest.mark.slow
def test_a_run_has_the_same_states_with_evaluations_and_without(tmp_path, small_data, capsys):
    remembered, said = [], []
    for every in (None, 150):
        folder = train(tmp_path, small_data, run=str(every), steps=400, evaluate_every=every)
        memory = runs.read_json(folder, "monitor.json")["400"]
        remembered.append({**memory, "since": {name: step for name, step in memory[
            "since"].items() if name != ONE_DIGIT}})
        said.append([line for line in capsys.readouterr().out.splitlines()
                     if line.startswith("Step ") and "digit" not in line])
    assert remembered[0] == remembered[1] and remembered[0]["seen"] == 400
    assert said[0] == said[1]


def test_a_discriminator_that_is_sure_is_named(sure_run):
    folder, said = sure_run
    assert "the discriminator has saturated" in said and "collapsed" not in said
    points = comparison.points(folder)
    (step, text), = [(step, value) for step, tag, value in points if tag == "monitor"]
    assert step == 200 and b"the discriminator has saturated" in text
    for tag in ("monitor/diversity", "monitor/contrast"):
        steps = [step for step, each, _ in points if each == tag]
        assert steps[-1] == 300 and len(steps) > 2


@pytest.mark.slow
def test_a_continued_run_keeps_when_its_states_began(tmp_path, small_data):
    sure = dict(g_learning_rate=1e-9, d_learning_rate=0.01, dropout=0.0)
    whole = train(tmp_path, small_data, run="whole", steps=300, **sure)
    parts = train(tmp_path, small_data, run="parts", steps=250, **sure)
    change, = runs.read_json(parts, "states.json")["transitions"]
    assert (change["state"], change["step"], change["began"]) == (SATURATED, 200, 200)
    assert change["words"].startswith("the discriminator has saturated")
    # A process that was killed may have written down more than its last checkpoint knows.
    later = dict(change, step=260)
    runs.write_json(parts, "states.json", {"transitions": [change, later]})
    train(tmp_path, small_data, run="parts", steps=300, **sure)
    assert compare(whole, parts) == []
    assert runs.read_json(parts, "states.json") == {"transitions": [change]}


def test_what_an_earlier_version_did_not_keep_is_what_lasts():
    memory = Memory(since={SATURATED: 200})
    assert monitor.transitions_up_to(300, None, memory) == [
        monitor.Transition(200, SATURATED, 200, "")]


def test_a_long_name_is_whole_in_a_line_of_its_own():
    quality = evaluation.Quality(9.0, 5.0, 10, [0.1] * 10, 0.1, 0.5, 0.5)
    name = "logs/lower-rates/gan/generator.ckpt-20000"      # others may end alike
    for row in (table._lines(name, [quality]), table._shares(name, quality)):
        first, second = row
        assert first == name and second.startswith(" " * 24) and len(second) <= 80
    short, = table._lines("logs/gan-20000", [quality])
    assert short.startswith("logs/gan-20000  ")


def test_a_name_of_two_lines_is_a_row_of_one():
    quality = evaluation.Quality(9.0, 5.0, 10, [0.1] * 10, 0.1, 0.5, 0.5)
    rows = table._lines("logs/a\nb", [quality]) + table._shares("logs/a\nb", quality)
    assert len(rows) == 2 and "\n" not in "".join(rows)


def test_one_digit_is_said_in_the_singular(tmp_path, small_data, capsys, monkeypatch):
    covered = iter((1, 2))
    monkeypatch.setattr(evaluation.Ruler, "measure", lambda *_, **__: evaluation.Quality(
        1.0, 1.0, next(covered), [0.1] * 10, 0.0, 0.0, 0.0))
    train(tmp_path, small_data, steps=2, evaluate_every=1)
    one, two = [line for line in capsys.readouterr().out.splitlines() if "covered" in line]
    assert one.endswith(", 1 digit covered.") and two.endswith(", 2 digits covered.")
