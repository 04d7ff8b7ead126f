"""What the rest of the package knows of a model."""

import numbers
from typing import Any, Callable, Mapping, NamedTuple, Optional, Tuple

import numpy as np

from tf1gan.errors import UserError


class Model(NamedTuple):
    """A pair of networks, its defaults, and what its document does that others don't.

    The networks take and give flat float32 images [batch, 784]:
    `generator(z, reuse=False, training=True)` and `discriminator(x, reuse=False,
    training=True)` -> (logits, probabilities), each [batch, 1].
    """
    name: str
    document: str                               # which of the five, and which part of it
    generator: Callable
    discriminator: Callable
    generator_options: Tuple[str, ...]          # the hyperparameters that each network takes
    discriminator_options: Tuple[str, ...]
    defaults: Mapping[str, Any]                 # every hyperparameter by its name
    loss: str                                   # a name in losses.LOSSES
    loss_options: Tuple[str, ...]
    optimizer: str                              # "adam"
    schedule: str                               # what an iteration updates, in which order
    noise: str = "uniform"                      # or "normal"
    image_range: Tuple[float, float] = (-1.0, 1.0)
    validation_size: int = 5000                 # training images held back
    sample_every: Optional[int] = None          # iterations within an epoch; None: at its end
    summary_every: int = 100                    # iterations between TensorBoard's scalars

    def from_unit(self, images):
        """Images in [0, 1] as the networks take them."""
        low, high = self.image_range
        return images * (high - low) + low

    def to_unit(self, images):
        """The networks' images as float32 in [0, 1]."""
        low, high = self.image_range
        return np.clip((np.asarray(images, np.float32) - low) / (high - low), 0, 1)


NOISE_SIZE = 100

# What each hyperparameter may be: type, lowest, highest, and whether the bounds are allowed.
_RULES = {
    "batch_size": (int, 1, 10000, "from 1 to 10000"),
    "learning_rate": (float, 0, 10, "above 0 and at most 10"),
    "beta1": (float, 0, 1, "from 0 to below 1"),
    "smooth": (float, 0, 1, "from 0 to below 1"),
    "dropout": (float, 0, 1, "from 0 to below 1"),
    "alpha": (float, 0, 1, "from 0 to 1"),
    "epochs": (int, 1, 10 ** 6, "from 1 to 1000000"),
    "n_sample": (int, 1, 1000, "from 1 to 1000"),
    "g_steps": (int, 1, 100, "from 1 to 100"),
    "d_steps": (int, 1, 100, "from 1 to 100"),
}


def hyperparameters(model, given):
    """The model's defaults with those given in their stead.

    Args:
      model: a Model.
      given: hyperparameters by name; None stands for the default.

    Returns:
      dict in the order of the defaults.

    Raises:
      UserError: one that the model does not have, or out of range; names it and its flag.
    """
    values = dict(model.defaults)
    for name, value in given.items():
        if name not in values:
            raise UserError("%s has no hyperparameter %s (%s); it has %s"
                            % (model.name, name, flag(name), ", ".join(values)))
        if value is not None:
            values[name] = _checked(name, value)
    return values


def flag(name):
    """A hyperparameter's name on the command line."""
    return "--" + name.replace("_", "-")


def _checked(name, value):
    kind, low, high, words = _RULES[name]
    right_type = isinstance(value, numbers.Integral if kind is int else numbers.Real)
    if right_type and not isinstance(value, bool) and low <= value <= high:
        if not ("above" in words and value == low or "below" in words and value == high):
            return kind(value)
    raise UserError("%s (%s) must be %s %s, not %r" % (
        name, flag(name), "an integer" if kind is int else "a number", words, value))
