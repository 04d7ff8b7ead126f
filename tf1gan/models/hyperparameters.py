"""Every hyperparameter and flag of a run: one row each.

The validator, the command line's parser and the table in docs/flags.md all read these rows. What a
model's document sets is on the model's page; here stands what is allowed, and what it means.
"""

import numbers
from typing import Any, Callable, NamedTuple, Tuple

from tf1gan.errors import UserError
from tf1gan.models.losses import LOSSES, Loss
from tf1gan.models.model import WAYS


class Hyperparameter(NamedTuple):
    """One row: what it is called, what it may be, and what it does."""
    name: str
    kind: Callable                      # (row, value) -> the value, checked
    low: Any                            # bounds; a choice's list is the first, and None the other
    high: Any
    help: str
    source: str = ""                    # a paper, where no document has it
    default: Any = None                 # where no document has it; None says it in `otherwise`
    otherwise: str = ""                 # what happens without it, in words
    open: Tuple[str, ...] = ()          # "low", "high": bounds that are not allowed themselves
    aliases: Tuple[str, ...] = ()       # further names on the command line
    metavar: str = "X"
    alone: Any = None                   # what its flag means when no value follows; None takes one

    @property
    def flag(self):
        return flag(self.name)

    def check(self, value):
        """The value as the rest of the package takes it. Raises UserError if it may not be."""
        return self.kind(self, value)

    def refuse(self, wanted, value):
        raise UserError(f"{self.name} ({self.flag}) must be {wanted}, not {value!r}")


def flag(name):
    """A hyperparameter's name on the command line."""
    return "--" + name.replace("_", "-")


def as_flags(values, space=" "):
    """Hyperparameters by name as a command line has them; `space` is that before a value."""
    return " ".join(_as_flag(name, value, space) for name, value in values.items())


def _as_flag(name, value, space):
    if isinstance(value, (list, tuple)):
        return f"{flag(name)}={','.join(f'{part:g}' for part in value)}"
    return flag(name) if value is True else f"{flag(name)}{space}{value}"


# -- Kinds -----------------------------------------------------------------------------------

def integer(row, value):
    if _within(row, value, numbers.Integral):
        return int(value)
    return row.refuse("an integer " + _bounds(row), value)


def number(row, value):
    if _within(row, value, numbers.Real):
        return float(value)
    return row.refuse("a number " + _bounds(row), value)


def choice(row, value):
    if value in row.low:
        return value
    return row.refuse("one of " + ", ".join(row.low), value)


def switch(row, value):
    if isinstance(value, (bool, numbers.Integral)) and value in (0, 1):
        return bool(value)
    return row.refuse("True or False", value)


def pair(row, value):
    """"0,1" or (0, 1) as a list of two numbers, the lower first."""
    try:
        low, high = map(float, value.split(",") if isinstance(value, str) else value)
    except (ArithmeticError, TypeError, ValueError):
        low = high = 0.0
    if not row.low <= low < high <= row.high:
        row.refuse(f"two numbers from {row.low:g} to {row.high:g}, the lower first, such as "
                   "-1,1", value)
    return [low, high]


def widths(row, value):
    """"64,32,16" or (64, 32, 16) as a list, which is also what config.json holds."""
    try:
        channels = [int(part) for part in (value.split(",") if isinstance(value, str) else value)]
    except (ArithmeticError, TypeError, ValueError):
        channels = []
    if not 1 <= len(channels) <= 5 or not all(row.low <= each <= row.high for each in channels):
        row.refuse(f"1 to 5 integers from {row.low} to {row.high}, separated by commas, such as "
                   "64,32,16", value)
    return channels


def _within(row, value, kind):
    return (isinstance(value, kind) and not isinstance(value, bool)
            and row.low <= value <= row.high
            and not ("low" in row.open and value == row.low)
            and not ("high" in row.open and value == row.high))


def _bounds(row):
    """The bounds in words."""
    if not row.open:
        return f"from {row.low} to {row.high}"
    low = "above" if "low" in row.open else "of at least"
    return f"{low} {row.low} and {'below' if 'high' in row.open else 'at most'} {row.high}"


def _of_losses(fact):
    """Which losses bring a value of their own, in words."""
    usual, bringing = Loss._field_defaults[fact], {}
    for name, loss in LOSSES.items():
        if getattr(loss, fact) != usual:
            bringing.setdefault(getattr(loss, fact), []).append(name)
    return "".join(f"; {value:g} with {' and '.join(names)}" for value, names in bringing.items())


# -- The rows --------------------------------------------------------------------------------

LENGTH = (
    Hyperparameter("epochs", integer, 1, 10 ** 6, "passes through the training images",
                   metavar="N"),
    Hyperparameter("steps", integer, 1, 10 ** 9, "iterations to train for, instead of epochs",
                   metavar="N"),
    Hyperparameter("stop_g_loss", number, -1000, 1000,
                   "end when, at a printed line, the generator's loss is at most X and the "
                   "discriminator's at most --stop-d-loss"),
    Hyperparameter("stop_d_loss", number, -1000, 1000, "see --stop-g-loss"),
)

OPTIMIZERS = {"adam": "beta1", "nesterov": "momentum"}      # and what is a hyperparameter of it

OF_THE_DOCUMENTS = (
    Hyperparameter("batch_size", integer, 1, 10000, "images in a batch", metavar="N"),
    Hyperparameter("learning_rate", number, 0, 10, "learning rate of both networks", open=("low",)),
    Hyperparameter("beta1", number, 0, 1,
                   "beta1 of Adam; for keras_gan with --optimizer adam, 0.9", default=0.9,
                   open=("high",)),
    Hyperparameter("momentum", number, 0, 1,
                   "momentum of SGD; for the others with --optimizer nesterov, 0.9", default=0.9,
                   open=("high",)),
    Hyperparameter("smooth", number, 0, 1,
                   "scale the generator's loss, and the real images' part of the discriminator's, "
                   "by 1 - X", open=("high",)),
    # The masks know multiples of 2**-16.
    Hyperparameter("dropout", number, 0, 0.999,
                   "share of a hidden layer's units that dropout sets to 0",
                   aliases=("--rate",)),
    Hyperparameter("alpha", number, 0, 1, "slope of the leaky ReLU below 0"),
    Hyperparameter("activation", choice, ("tanh", "relu"), None, "activation of all layers of "
                                                                 "keras_gan's generator: tanh or "
                                                                 "relu",
                   metavar="NAME"),
    Hyperparameter("channels", widths, 1, 1024, "channels of plain_dcgan's generator layers",
                   metavar="N,N,..."),
    Hyperparameter("n_sample", integer, 1, 1000, "digits in each sample", metavar="N"),
)

# Every model takes these, and most documents have none of them.
BEYOND_THE_DOCUMENTS = (
    Hyperparameter("g_steps", integer, 1, 100, "generator updates per iteration",
                   "Goodfellow et al. 2014", 1, aliases=("-m",), metavar="N"),
    Hyperparameter("d_steps", integer, 1, 100, "discriminator updates per iteration",
                   "Goodfellow et al. 2014", 1, otherwise=_of_losses("d_steps"),
                   aliases=("-n",), metavar="N"),
    Hyperparameter("loss", choice, tuple(LOSSES), None, "loss to minimize: " + ", ".join(LOSSES),
                   "see tf1gan/models/losses.py", otherwise="the tutorial's", metavar="NAME"),
    Hyperparameter("optimizer", choice, tuple(OPTIMIZERS), None,
                   "what updates the weights: adam, or nesterov (SGD with Nesterov's momentum)",
                   "Kingma and Ba 2015, Sutskever et al. 2013", otherwise="the tutorial's",
                   metavar="NAME"),
    Hyperparameter("label_smoothing", number, 0, 1, "label real images 1 - X in the "
                                                    "discriminator's loss",
                   "Salimans et al. 2016", 0.0, open=("high",)),
    Hyperparameter("gradient_penalty", number, 0, 10 ** 6, "weight of the gradient penalty in the "
                                                           "discriminator's loss",
                   "Gulrajani et al. 2017", 0.0, otherwise=_of_losses("penalty")),
    Hyperparameter("image_range", pair, -10, 10,
                   "range of the pixels that the discriminator sees, such as --image-range=-1,1",
                   otherwise="the tutorial's", metavar="LOW,HIGH"),
    Hyperparameter("g_learning_rate", number, 0, 10, "learning rate of the generator",
                   "Heusel et al. 2017", otherwise="--learning-rate", open=("low",)),
    Hyperparameter("d_learning_rate", number, 0, 10, "learning rate of the discriminator",
                   "Heusel et al. 2017", otherwise="--learning-rate", open=("low",)),
    Hyperparameter("ema", number, 0, 1,
                   "sample from a moving average of the generator's weights, with a decay of X in "
                   "each iteration, such as 0.999", "Yazıcı et al. 2018", 0.0, open=("high",)),
    Hyperparameter("bfloat16", switch, None, None,
                   "round the operands of products to bfloat16: faster, less exact; needs a CPU "
                   "that supports it", "", False),
)

# One model's own, not its document's.
OF_ONE_MODEL = (
    Hyperparameter("stddev", number, 0, 10, "standard deviation of plain_dcgan's initial weights",
                   "Radford et al. 2015", 0.1, open=("low",)),
    Hyperparameter("batch_norm", choice, ("both", "generator"), None,
                   "normalize the hidden layers of plain_dcgan: of both networks (without a "
                   "value) or of the generator", "Radford et al. 2015", otherwise="neither",
                   metavar="NETWORKS", alone="both"),
)

# How a run is kept and looked at: no hyperparameter of a model, but checked the same way.
OF_A_RUN = (
    Hyperparameter("save_every", integer, 1, 10 ** 9, "iterations between checkpoints",
                   otherwise="an epoch, or as in the tutorial", metavar="N"),
    Hyperparameter("sample_every", integer, 1, 10 ** 9, "iterations between samples",
                   otherwise="an epoch, or as in the tutorial", metavar="N"),
    Hyperparameter("summary_every", integer, 1, 10 ** 9, "iterations between TensorBoard's points",
                   otherwise="by model, from 10 to 100", metavar="N"),
    Hyperparameter("evaluate_every", integer, 1, 10 ** 9,
                   "iterations between measurements of 2,000 samples, which keep the best "
                   "generator for sample.py --best", otherwise="never", metavar="N"),
    Hyperparameter("way", choice, WAYS, None,
                   "how gan's and xavier_gan's iterations are run: loop, or compiled",
                   otherwise="for a new run of 20,000 iterations or more, whichever is faster on "
                             "this machine; else loop", metavar="NAME"),
    Hyperparameter("workers", integer, 1, 64,
                   "processes that train together on this machine, each on its share of the cores",
                   otherwise="1, or as many as TF_CONFIG names", metavar="N"),
    Hyperparameter("wait", integer, 1, 10 ** 6, "seconds to wait for the other workers at the "
                                                "start",
                   default=300, metavar="SECONDS"),
)

GROUPS = (LENGTH, OF_THE_DOCUMENTS, BEYOND_THE_DOCUMENTS, OF_ONE_MODEL, OF_A_RUN)
ROWS = {row.name: row for group in GROUPS for row in group}


def check(values):
    """Raises UserError unless each of these, by name, is None or in range."""
    for name, value in values.items():
        if value is not None:
            ROWS[name].check(value)


def check_length(epochs, steps):
    """Raises UserError unless one of the two at most is given, and in range."""
    check({"epochs": epochs, "steps": steps})
    if epochs and steps:
        raise UserError("--epochs and --steps both say how long to train: give only one of them")
