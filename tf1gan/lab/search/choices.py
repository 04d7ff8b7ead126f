"""What is tried of each hyperparameter, and for how long."""

from tf1gan import models
from tf1gan.models import hyperparameters
from tf1gan.models.losses import LOSSES

REDUCTION = 3                       # one of so many goes on, for so many times as long
RUNGS = (1, 3, 9, 27)               # how long, in shares of 27 of the whole time
SPACE = 3                           # the version of `space`
FAILED = 1e9                        # the distance of a setting whose losses become no numbers


def space(model):
    """What is tried of each hyperparameter of a model: {name: a list}."""
    rates, optimizers = [0.0001, 0.0002, 0.0005, 0.001, 0.002], [model.optimizer]
    if model.optimizer == "nesterov":
        rates, optimizers = rates + [0.004, 0.01], ["nesterov", "adam"]
    choices = {
        "optimizer": optimizers,
        "loss": [model.loss] + [loss for loss in ("hinge", "lsgan", "wgan-gp")
                                if loss != model.loss],
        "g_learning_rate": rates, "d_learning_rate": rates,
        "beta1": [0.0, 0.5, 0.9],
        "gradient_penalty": [0.0, 1.0, 10.0],
        "label_smoothing": [0.0, 0.1],
        "smooth": [0.0, 0.1],
        "dropout": [0.0, model.defaults.get("dropout")],
        "batch_size": [32, 64, 128],
        "ema": [0.0, 0.99, 0.999],
        "d_steps": [1, 2],
        "image_range": ["0,1", "-1,1"] if model.draws == (-1, 1) else ["0,1"],
        "batch_norm": ["neither", "generator", "both"],
    }
    return {name: values for name, values in choices.items() if models.has(model, name)}


def chosen(model, drawn):
    """The hyperparameters of what was drawn from `space`: those that make a difference."""
    loss = LOSSES[drawn["loss"]]
    values = {name: value for name, value in drawn.items()
              if name not in ("smooth", "label_smoothing") or name in loss.takes}
    if loss.penalty and not values["gradient_penalty"]:
        del values["gradient_penalty"]
    if values["optimizer"] != "adam":
        del values["beta1"]
    if values["optimizer"] == model.optimizer:
        del values["optimizer"]
    if values.get("batch_norm") == "neither":
        del values["batch_norm"]
    return {name: hyperparameters.ROWS[name].check(value) for name, value in values.items()}
