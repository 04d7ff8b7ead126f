"""A model's name and what was asked for, resolved once: Settings."""

import functools
from typing import Any, Callable, Mapping, NamedTuple

from tf1gan.errors import UserError
from tf1gan.images import EPOCHS, STREAM
from tf1gan.models.hyperparameters import (
    BEYOND_THE_DOCUMENTS,
    OF_ONE_MODEL,
    OPTIMIZERS,
    ROWS,
    flag,
)
from tf1gan.models.losses import LOSSES, Loss
from tf1gan.models.model import G_THEN_D, TOGETHER, Model

OWN_RATES = {"g_learning_rate", "d_learning_rate"}
GOAL = ("stop_g_loss", "stop_d_loss")
IMAGES_PER_RUN = 6144       # 19 MB


class Settings(NamedTuple):
    """All that decides what a run computes, beside its seed and its images.

    Graph, batches, loop and sampler take this and know no default of their own.
    """
    model: Model                    # its page, as the hyperparameters change it
    asked: Mapping[str, Any]        # the document's hyperparameters and those given
    values: Mapping[str, Any]       # every hyperparameter that the model can have
    generator: Callable             # the networks with their hyperparameters bound
    discriminator: Callable
    loss: Loss                      # likewise, its penalty and clipping those of the run
    batch_size: int
    g_steps: int                    # updates in an iteration
    d_steps: int
    g_learning_rate: float
    d_learning_rate: float
    ema: float                      # of G's weights, in samples; 0 is none
    bfloat16: bool
    n_sample: int
    goal: Mapping[str, float]       # stop_g_loss, stop_d_loss: a report's losses that end the run

    @property
    def images_in_iteration(self):
        return self.batch_size * self.d_steps

    @property
    def noise_batches(self):
        """How many batches of noise an iteration takes, beside G's own where it has one."""
        return self.d_steps if self.model.fresh_noise else max(self.g_steps, self.d_steps)

    @property
    def iterations_per_run(self):
        """At most: fewer of large batches, which would not stay in a CPU's caches."""
        most = IMAGES_PER_RUN // self.images_in_iteration
        return max(1, min(self.model.iterations_per_run, most))

    def sampling_generator(self, dropout=False):
        """The generator as samples are drawn: without dropout, or with it, as document 000 does."""
        if "dropout" not in self.model.generator_options:
            return self.generator
        return functools.partial(self.generator, **(
            {"always_drop": True} if dropout else {"dropout": 0.0}))


def make_settings(model, given, recipe=None):
    """Settings.

    Args:
      model: a Model.
      given: hyperparameters by name; None stands for the default.
      recipe: hyperparameters by name that take the document's place where none is given, and
        give way where they would make no difference; a length that the model has not is left out.

    Raises:
      UserError: one that the model does not have, that is out of range or that would make no
        difference beside the others; names it and its flag.
    """
    given = {name: value for name, value in given.items() if value is not None}
    for name in given:
        if not has(model, name):
            raise UserError(f"{model.name} has no hyperparameter {name} ({flag(name)}); "
                            f"leave it out, or give one of {', '.join(model.defaults)}")
    given = {name: ROWS[name].check(value) for name, value in given.items()}
    recipe = {name: ROWS[name].check(value) for name, value in (recipe or {}).items()
              if has(model, name)}
    if "learning_rate" in given:
        recipe = {name: value for name, value in recipe.items() if name not in OWN_RATES}
    chosen = dict(recipe, **given)
    loss = LOSSES[chosen.get("loss", model.loss)]
    asked = _asked(model, given, chosen, loss)
    _refuse_what_makes_no_sense(model, asked, given, loss)
    values = dict(_beyond_the_document(model, asked), **asked)
    return Settings(
        model=_changed(model, values), asked=asked, values=values,
        generator=_bind(model.generator, model.generator_options, asked),
        discriminator=_bind(model.discriminator, model.discriminator_options, asked),
        loss=loss._replace(function=_bind(loss.function, loss.takes, values),
                           penalty=values["gradient_penalty"]),
        batch_size=values["batch_size"], g_steps=values["g_steps"], d_steps=values["d_steps"],
        g_learning_rate=values["g_learning_rate"], d_learning_rate=values["d_learning_rate"],
        ema=values["ema"], bfloat16=values["bfloat16"], n_sample=values["n_sample"],
        goal={name: values[name] for name in GOAL if name in values})


def _asked(model, given, chosen, loss):
    """The document's hyperparameters and those chosen, without those that make no difference."""
    asked = dict({name: list(value) if isinstance(value, tuple) else value
                  for name, value in model.defaults.items()}, **chosen)
    if loss.d_steps > 1 and "d_steps" not in chosen:
        asked["d_steps"] = loss.d_steps
    if loss.penalty:
        asked.setdefault("gradient_penalty", loss.penalty)
    # A document's goal is for its own loss.
    idle = set() if _same(asked.get("loss", model.loss), model.loss) else set(GOAL) - set(given)
    idle.update({"smooth", "label_smoothing"} - set(loss.takes) - set(given))
    idle.update(set(_of_other_optimizers(model, asked)) - set(given))
    if OWN_RATES <= set(chosen) and "learning_rate" not in given:
        idle.add("learning_rate")
    return {name: value for name, value in asked.items() if name not in idle}


def _same(one, other):
    """Whether two losses are the same function."""
    return (LOSSES[one].same_as or one) == (LOSSES[other].same_as or other)


def _refuse_what_makes_no_sense(model, asked, given, loss):
    name = asked.get("loss")
    for option in ("smooth", "label_smoothing"):
        if given.get(option) and option not in loss.takes:
            others = ", ".join(other for other, row in LOSSES.items() if option in row.takes)
            raise UserError(f"{option} ({flag(option)}) makes no difference with --loss "
                            f"{name}: leave it out, or take one of {others}")
    for option, optimizer in _of_other_optimizers(model, asked).items():
        if option in given:
            raise UserError(f"{option} ({flag(option)}) makes no difference without --optimizer "
                            f"{optimizer}: leave it out, or give that as well")
    if OWN_RATES | {"learning_rate"} <= set(given):
        raise UserError("learning_rate (--learning-rate) makes no difference beside "
                        "--g-learning-rate and --d-learning-rate: leave it out")
    if loss.penalty and not asked["gradient_penalty"]:
        raise UserError(f"gradient_penalty (--gradient-penalty) must be above 0 with --loss {name}")


def _of_other_optimizers(model, asked):
    """{a hyperparameter of another optimizer than the one that is asked for: that one}."""
    own = asked.get("optimizer", model.optimizer)
    return {name: optimizer for optimizer, name in OPTIMIZERS.items() if optimizer != own}


def has(model, name):
    """Whether a model takes a hyperparameter."""
    return (name in model.defaults or name in model.options or name in OPTIMIZERS.values()
            or any(row.name == name for row in BEYOND_THE_DOCUMENTS))


def _beyond_the_document(model, asked):
    """What a hyperparameter that was neither given nor set by the document comes to."""
    values = {row.name: row.default for row in BEYOND_THE_DOCUMENTS + OF_ONE_MODEL
              if has(model, row.name)}
    rate = asked.get("learning_rate")
    optimizer = asked.get("optimizer", model.optimizer)
    values[OPTIMIZERS[optimizer]] = ROWS[OPTIMIZERS[optimizer]].default
    return dict(values, loss=model.loss, optimizer=optimizer, image_range=list(model.image_range),
                g_learning_rate=rate, d_learning_rate=rate)


def _changed(model, values):
    """A model as those hyperparameters change it that are no network's or loss's own."""
    model = model._replace(image_range=tuple(values["image_range"]), optimizer=values["optimizer"])
    if max(values["g_steps"], values["d_steps"]) == 1:
        return model
    # Several updates are made in turn, and each takes a whole batch.
    return model._replace(
        order=G_THEN_D if model.order == TOGETHER else model.order,
        image_order=STREAM if model.image_order == EPOCHS else model.image_order)


def _bind(function, options, values):
    return functools.partial(function, **{name: values[name] for name in options if name in values})
