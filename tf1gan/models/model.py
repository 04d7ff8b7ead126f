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
    takes: str                                  # its default length, and how long that is
    generator: Callable
    discriminator: Callable
    generator_options: Tuple[str, ...]          # the hyperparameters that each network takes
    discriminator_options: Tuple[str, ...]
    defaults: Mapping[str, Any]                 # every hyperparameter by its name
    loss: str                                   # a name in losses.LOSSES, its document's
    loss_options: Tuple[str, ...]
    optimizer: str                              # "adam" or "nesterov"
    schedule: str                               # what an iteration updates: one of the below
    options: Tuple[str, ...] = ()               # hyperparameters that its document has not
    fakes_by_moving_statistics: bool = False    # D's, in its own update
    noise: str = "uniform"                      # or "normal"
    image_range: Tuple[float, float] = (-1.0, 1.0)
    validation_size: int = 5000                 # training images held back
    order: str = "stream"                       # of the images: see data.DataSet.batch_rows
    # When the loop does what, in iterations; None is the end of each epoch. They count
    # within an epoch where the model's length is in epochs, as its document's do.
    sample_every: Optional[int] = None
    save_every: Optional[int] = None
    save_at: int = 0                            # what iteration % save_every must be
    batch_picture_every: Optional[int] = None   # a picture of the fakes that D is given
    summary_every: int = 100                    # TensorBoard's scalars
    iterations_per_run: int = 1                 # at most, of a loop in the graph
    report: str = "000"                         # a name in reports.REPORTS
    preview: bool = False                       # print and draw the data at the start

    @property
    def side_by_side(self):
        """Whether it is so small that operations run side by side, each on one thread."""
        return self.iterations_per_run > 1

    def with_hyperparameters(self, values):
        """This model, as those of `values` change it that are no network's or loss's own."""
        model = self
        if "image_range" in values:
            model = model._replace(image_range=tuple(values["image_range"]))
        if max(values.get("g_steps", 1), values.get("d_steps", 1)) > 1:
            # Several updates are made in turn, and each takes a whole batch.
            model = model._replace(
                schedule=G_THEN_D if model.schedule == TOGETHER else model.schedule,
                order="stream" if model.order == "epochs" else model.order)
        return model

    def from_unit(self, images):
        """Images in [0, 1] as the networks take them."""
        low, high = self.image_range
        if (low, high) == (0, 1):
            return images
        scaled = images * (high - low)
        scaled += low
        return scaled

    def to_unit(self, images):
        """The networks' images as float32 in [0, 1]."""
        low, high = self.image_range
        return np.clip((np.asarray(images, np.float32) - low) / (high - low), 0, 1)


NOISE_SIZE = 100
CRITIC_STEPS = 5        # D's updates to one of G with wgan and wgan-gp, in both their papers
PENALTY = 10.0          # the weight of wgan-gp's penalty, in its paper

# Hyperparameters that every model takes and no document has. Not given, there is none of it.
OPTIONS = ("g_steps", "d_steps", "loss", "label_smoothing", "gradient_penalty", "image_range",
           "g_learning_rate", "d_learning_rate", "ema", "bfloat16")

# Losses at which a run ends. A document's are for its own loss: with another one there are
# those that are given, each for itself.
GOAL = ("stop_g_loss", "stop_d_loss")

LABELLED = ("cross_entropy", "log", "minimax")       # images have labels, which can be smoothed
LOSSES = LABELLED + ("lsgan", "wgan", "wgan-gp", "hinge")

# What one iteration updates.
G_THEN_D = "G, then D on the same noise"
D_THEN_G = "D, then G on fresh noise"
TOGETHER = "G and D from the same weights"

_CHOICES = {
    "loss": LOSSES,
    "activation": ("tanh", "relu"),
    "batch_norm": ("both", "generator"),
}

# What each hyperparameter may be: type, lowest, highest, and whether the bounds are allowed.
_RULES = {
    "batch_size": (int, 1, 10000, "from 1 to 10000"),
    "learning_rate": (float, 0, 10, "above 0 and at most 10"),
    "beta1": (float, 0, 1, "from 0 to below 1"),
    "g_learning_rate": (float, 0, 10, "above 0 and at most 10"),
    "d_learning_rate": (float, 0, 10, "above 0 and at most 10"),
    "label_smoothing": (float, 0, 1, "from 0 to below 1"),
    "gradient_penalty": (float, 0, 10 ** 6, "from 0 to 1000000"),
    "ema": (float, 0, 1, "from 0 to below 1"),
    "stddev": (float, 0, 10, "above 0 and at most 10"),
    "evaluate_every": (int, 1, 10 ** 9, "at least 1"),
    "momentum": (float, 0, 1, "from 0 to below 1"),
    "smooth": (float, 0, 1, "from 0 to below 1"),
    "dropout": (float, 0, 0.999, "from 0 to 0.999"),    # masks know multiples of 2**-16
    "alpha": (float, 0, 1, "from 0 to 1"),
    "steps": (int, 1, 10 ** 9, "from 1 to 1000000000"),
    "stop_g_loss": (float, -1000, 1000, "from -1000 to 1000"),
    "stop_d_loss": (float, -1000, 1000, "from -1000 to 1000"),
    "epochs": (int, 1, 10 ** 6, "from 1 to 1000000"),
    "n_sample": (int, 1, 1000, "from 1 to 1000"),
    "save_every": (int, 1, 10 ** 9, "at least 1"),
    "sample_every": (int, 1, 10 ** 9, "at least 1"),
    "summary_every": (int, 1, 10 ** 9, "at least 1"),
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
      UserError: one that the model does not have, that is out of range or that would make no
        difference beside the others; names it and its flag.
    """
    values = {name: list(value) if isinstance(value, tuple) else value
              for name, value in model.defaults.items()}
    for name, value in given.items():
        if name not in values and name not in OPTIONS + model.options:
            raise UserError("%s has no hyperparameter %s (%s); it has %s"
                            % (model.name, name, flag(name), ", ".join(values)))
        if value is not None:
            values[name] = _checked(name, value)
    if values.get("loss", "").startswith("wgan") and given.get("d_steps") is None:
        values["d_steps"] = CRITIC_STEPS
    if values.get("loss") == "wgan-gp":
        values.setdefault("gradient_penalty", PENALTY)
    if not _is_documents_loss(model, values):
        for name in GOAL:
            if given.get(name) is None:
                values.pop(name, None)
    _check_sense(values)
    for name, why in without_effect(values).items():
        if given.get(name):
            raise UserError("%s (%s) makes no difference %s: leave it out"
                            % (name, flag(name), why))
    return effective(values)


def effective(values):
    """These hyperparameters without those that make no difference beside the others."""
    return {name: value for name, value in values.items() if name not in without_effect(values)}


def without_effect(values):
    """Which of these hyperparameters make no difference beside the others, and why."""
    found = {}
    if "smooth" in values and values.get("loss") not in (None, "cross_entropy"):
        found["smooth"] = "with --loss %s" % values["loss"]
    if "g_learning_rate" in values and "d_learning_rate" in values and "learning_rate" in values:
        found["learning_rate"] = "beside --g-learning-rate and --d-learning-rate"
    return found


def _check_sense(values):
    loss = values.get("loss")
    if values.get("label_smoothing") and loss not in (None,) + LABELLED:
        raise UserError("label_smoothing (--label-smoothing) is for losses with labels (%s), "
                        "not for %s" % (", ".join(LABELLED), loss))
    if loss == "wgan-gp" and not values["gradient_penalty"]:
        raise UserError("gradient_penalty (--gradient-penalty) must be above 0 with --loss "
                        "wgan-gp, which is wgan with that penalty")


def _is_documents_loss(model, values):
    """Whether the loss is the document's, perhaps by its other name."""
    names = {values.get("loss", model.loss), model.loss}
    return len(names) == 1 or names == {"cross_entropy", "log"}


def check(values):
    """Raises UserError unless each of these, by name, is None or in range."""
    for name, value in values.items():
        if value is not None:
            _checked(name, value)


def flag(name):
    """A hyperparameter's name on the command line."""
    return "--" + name.replace("_", "-")


def _checked(name, value):
    if name == "bfloat16":
        return bool(value)
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise UserError("%s (%s) must be one of %s, not %r"
                            % (name, flag(name), ", ".join(_CHOICES[name]), value))
        return value
    if name == "image_range":
        return _range(value)
    if name == "channels":
        return _channels(value)
    kind, low, high, words = _RULES[name]
    right_type = isinstance(value, numbers.Integral if kind is int else numbers.Real)
    if right_type and not isinstance(value, bool) and low <= value <= high:
        if not ("above" in words and value == low or "below" in words and value == high):
            return kind(value)
    raise UserError("%s (%s) must be %s %s, not %r" % (
        name, flag(name), "an integer" if kind is int else "a number", words, value))


def _range(value):
    """"0,1" or (0, 1) as a list of two numbers."""
    try:
        low, high = map(float, value.split(",") if isinstance(value, str) else value)
    except (TypeError, ValueError):
        low = high = 0.0
    if not -10 <= low < high <= 10:
        raise UserError("image_range (--image-range) must be two numbers from -10 to 10, the "
                        "lower first, such as -1,1, not %r" % (value,))
    return [low, high]


def _channels(value):
    """"64,32,16" or (64, 32, 16) as a list, which is also what config.json holds."""
    try:
        channels = [int(part) for part in (value.split(",") if isinstance(value, str) else value)]
    except (TypeError, ValueError):
        channels = []
    if not 1 <= len(channels) <= 5 or not all(1 <= width <= 1024 for width in channels):
        raise UserError("channels (--channels) must be 1 to 5 integers from 1 to 1024 with "
                        "commas between, such as 64,32,16, not %r" % (value,))
    return channels
