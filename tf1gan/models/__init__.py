"""The models by name. A new one is one module and one line here."""

from tf1gan.errors import UserError
from tf1gan.models import dcgan, gan
from tf1gan.models.model import NOISE_SIZE, Model, flag, hyperparameters

MODELS = {model.name: model for model in (
    gan.MODEL,
    dcgan.MODEL,
)}


def find(name):
    """The Model of that name. Raises UserError for an unknown one."""
    if name not in MODELS:
        raise UserError("unknown model %r (--model): there are %s" % (name, ", ".join(MODELS)))
    return MODELS[name]
