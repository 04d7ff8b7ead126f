"""The models by name. A new one is one module and one line here."""

from tf1gan.errors import UserError
from tf1gan.models import (
    dcgan,
    eager_dcgan,
    gan,
    hyperparameters,
    keras_gan,
    plain_dcgan,
    settings,
    xavier_gan,
)
from tf1gan.models.hyperparameters import check, check_length, flag
from tf1gan.models.model import (
    COMPILED,
    D_THEN_G,
    G_THEN_D,
    LOOP,
    NOISE_SIZE,
    TOGETHER,
    WAYS,
    Model,
    Moment,
)
from tf1gan.models.settings import GOAL, Settings, has

DOCUMENT = "document"       # the recipe that adds nothing
LENGTH = tuple(row.name for row in hyperparameters.LENGTH)      # when a run ends

__all__ = [
    "COMPILED", "DOCUMENT", "D_THEN_G", "GOAL", "G_THEN_D", "LENGTH", "LOOP", "MODELS", "Model",
    "Moment", "NOISE_SIZE", "Settings", "TOGETHER", "WAYS", "check", "check_length", "find",
    "find_recipe", "flag", "has", "recorded", "resolve"]

MODELS = {model.name: model for model in (
    gan.MODEL,
    dcgan.MODEL,
    keras_gan.MODEL,
    xavier_gan.MODEL,
    eager_dcgan.MODEL,
    plain_dcgan.MODEL,
)}


def find(name, given_by="--model"):
    """The Model of that name. Raises UserError for an unknown one, naming what it came from."""
    if not isinstance(name, str) or name not in MODELS:
        raise UserError(f"unknown model {name!r} ({given_by}): choose one of {', '.join(MODELS)}")
    return MODELS[name]


def resolve(name, given, recipe=DOCUMENT):
    """The Settings of a model's name, of hyperparameters by theirs, and of a recipe on its page.

    Args:
      name: of one of MODELS.
      given: hyperparameters by name; None is the recipe's or else the document's.
      recipe: a name among the model's recipes.

    Raises:
      UserError: an unknown model or hyperparameter, or one out of range or without an effect.
    """
    model = find(name)
    return settings.make_settings(model, given, find_recipe(model, recipe).values)


def find_recipe(model, name):
    """A model's Recipe of that name. Raises UserError for an unknown one."""
    if not isinstance(name, str) or name not in model.recipes:
        raise UserError(f"{model.name} has no recipe {name!r} (--recipe): choose one of "
                        f"{', '.join(model.recipes)}")
    return model.recipes[name]


def recorded(config, path):
    """The Settings of a run's config.json.

    What it has of its model's own defaults counts as not given: earlier versions wrote down
    also those that make no difference. D's updates do: a loss may have others than the model.

    Args:
      config: what is in it, a dict.
      path: the file's, for the error.

    Raises:
      UserError: as `resolve`; names the file.
    """
    try:
        model = find(config["model"])
        return settings.make_settings(model, {
            name: value for name, value in config["hyperparameters"].items()
            if name == "d_steps" or name not in model.defaults
            or not _equal(value, model.defaults[name])})
    except UserError as error:
        raise UserError(f"cannot read {path} ({error}): restore it, or start over with --fresh"
                        ) from error


def _equal(one, other):
    return one == (list(other) if isinstance(other, tuple) else other)
