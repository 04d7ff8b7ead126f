"""--recipe NAME is what its flags are, typed out, and a flag given beside it wins."""

import pytest
from helpers import slow

import tf1gan
from tf1gan import models, runs, training
from tf1gan.cli import commands
from tf1gan.compat import tf
from tf1gan.models import hyperparameters
from tf1gan.training import claim

RECIPES = [(name, recipe) for name, model in models.MODELS.items() for recipe in model.recipes]


@pytest.mark.parametrize("model, recipe", RECIPES)
def test_a_recipe_is_its_flags_typed_out(model, recipe):
    preset = models.MODELS[model].recipes[recipe]
    words = hyperparameters.as_flags(preset.values).replace("=", " ").split()
    typed = dict(zip([word[2:].replace("-", "_") for word in words[::2]], words[1::2]))
    assert set(typed) == set(preset.values)
    given = {name: preset.values[name] for name in typed
             if name in models.MODELS[model].defaults or name not in models.LENGTH}
    assert models.resolve(model, {}, recipe).asked == models.resolve(model, given).asked
    assert (recipe == models.DOCUMENT) == (not preset.values)


def test_every_model_has_its_documents_recipe_and_a_best_one():
    assert {("document", "best")} == {tuple(model.recipes)[:2] for model in models.MODELS.values()}


def test_a_value_given_beside_a_recipe_wins():
    asked = models.resolve("gan", {"beta1": 0.3, "dropout": 0.1}, "best").asked
    assert asked["beta1"] == 0.3 and asked["dropout"] == 0.1 and asked["ema"] == 0.999
    with tf.Graph().as_default():
        graph = tf1gan.build("gan", recipe="best", ema=0.5)
    assert graph.settings.ema == 0.5 and graph.settings.g_learning_rate == 0.002


@pytest.mark.parametrize("model, optimizer, own, other", [
    ("keras_gan", "adam", "beta1", "momentum"), ("gan", "nesterov", "momentum", "beta1")])
@pytest.mark.parametrize("recipe", ["document", "best"])
def test_what_is_another_optimizers_gives_way(model, optimizer, own, other, recipe):
    resolved = models.resolve(model, {"optimizer": optimizer}, recipe)
    assert other not in resolved.asked and other not in resolved.values
    assert 0 < resolved.values[own] < 1
    with pytest.raises(tf1gan.UserError, match="--" + other):
        models.resolve(model, {"optimizer": optimizer, other: 0.5}, recipe)


def test_what_makes_no_difference_beside_a_given_flag_gives_way():
    page, smoothed = models.MODELS["gan"], dict(label_smoothing=0.1)
    assert models.settings.make_settings(page, {}, smoothed).asked["label_smoothing"] == 0.1
    asked = models.settings.make_settings(page, {"loss": "wgan"}, smoothed).asked
    assert not {"smooth", "label_smoothing"} & set(asked) and asked["d_steps"] == 5
    with pytest.raises(tf1gan.UserError, match="--label-smoothing"):
        models.settings.make_settings(page, {"loss": "wgan", "label_smoothing": 0.1}, smoothed)
    assert "smooth" not in models.resolve("gan", {}, "best").asked      # the document's own
    rates = dict(g_learning_rate=0.1, d_learning_rate=0.2)
    of_both = models.settings.make_settings(page, {}, rates)
    assert "learning_rate" not in of_both.asked and of_both.d_learning_rate == 0.2
    assert models.settings.make_settings(page, {"learning_rate": 0.3}, rates).d_learning_rate == 0.3


def test_an_unknown_recipe_is_refused_with_the_names_there_are(capsys):
    with pytest.raises(tf1gan.UserError, match="--recipe.*document, best, cure"):
        models.resolve("plain_dcgan", {}, "cured")
    with pytest.raises(tf1gan.UserError, match="gan has no recipe 'cure'"):
        commands.train(["--model", "gan", "--recipe", "cure"])


def test_help_lists_every_recipe_with_its_flags_and_what_it_takes(capsys):
    with pytest.raises(SystemExit):
        commands.train(["--help"])
    shown = " ".join(capsys.readouterr().out.split())
    for model, recipe in RECIPES:
        if recipe == models.DOCUMENT:       # the model's own length, which stands above
            assert f"{model} {recipe}: " not in shown
            continue
        preset = models.MODELS[model].recipes[recipe]
        minutes = f", {preset.minutes} min" if preset.minutes else ""
        assert " ".join(f"{model} {recipe}: {preset.trained}{minutes} "
                        f"{hyperparameters.as_flags(preset.values)}".split()) in shown


@pytest.mark.parametrize("model, given, iterations", [
    ("eager_dcgan", {}, 12 * 12), ("gan", {}, 121600), ("gan", {"steps": 7}, 7),
    ("gan", {"epochs": 2}, 10), slow("keras_gan", {}, 4500)])
def test_a_recipe_has_its_own_length(tmp_path, small_data, model, given, iterations):
    settings = training.Options(logdir=str(tmp_path), data_dir=small_data)
    with training.open_run(model, settings, "best", batch_size=50, gradient_penalty=0,
                           **given) as run:
        assert run.plan.total == iterations
        assert ("recipe", "best") in run.facts()


def test_a_run_records_its_recipe_and_goes_on_by_the_same_values(tmp_path, small_data):
    settings = training.Options(logdir=str(tmp_path), data_dir=small_data)
    given = dict(gradient_penalty=0, beta1=0.3)

    def train(steps, recipe="document", **given):
        return training.train("gan", settings, recipe, batch_size=50, steps=steps, **given)[0]

    folder = train(1, "best", **given)
    config = runs.read_config(folder)
    assert config["recipe"] == "best"
    assert [config["hyperparameters"][name] for name in ("beta1", "gradient_penalty", "ema")] == [
        0.3, 0.0, 0.999]
    for recipe, beside, words in (
            ("best", dict(gradient_penalty=0), r"values of --beta1 \(0.3 there, 0.5 here\): give"),
            ("document", {}, r"--recipe \(best there, document here\), --beta1 \(0.3 there, 0.4"),
            ("document", dict(beta1=0.3), r"--recipe \(best there, document here\): give")):
        with pytest.raises(tf1gan.UserError, match=words):
            train(3, recipe, **beside)
        assert runs.read_config(folder) == config
    typed = {name: value for name, value in models.MODELS["gan"].recipes["best"].values.items()
             if name != "steps"}
    train(2, **dict(typed, **given))
    assert runs.step_of(runs.checkpoints(folder)[-1]) == 2


def test_a_run_from_before_there_were_recipes_is_of_the_documents(tmp_path, small_data):
    settings = training.Options(logdir=str(tmp_path), data_dir=small_data)
    with training.open_run("gan", settings) as run:
        old = {name: value for name, value in run.config.items() if name != "recipe"}
        assert set(run.config) - set(old) == {"recipe"}
        claim.check_same(run.folder, old, run.config, run.settings)
    with training.open_run("gan", settings, "best", gradient_penalty=0) as run, \
            pytest.raises(tf1gan.UserError, match=r"--recipe \(document there, best here\): give"):
        claim.check_same(run.folder, old, run.config, run.settings)
