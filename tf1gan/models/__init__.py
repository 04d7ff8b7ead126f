"""The models by name. A new one is one module and one line here."""

from tf1gan.errors import UserError
from tf1gan.models import (
    dcgan, eager_dcgan, gan, keras_gan, plain_dcgan, xavier_gan)
from tf1gan.models.model import (
    CRITIC_STEPS, D_THEN_G, G_THEN_D, LOSSES, NOISE_SIZE, PENALTY, TOGETHER, Model, check, flag,
    hyperparameters)

MODELS = {model.name: model for model in (
    gan.MODEL,
    dcgan.MODEL,
    keras_gan.MODEL,
    xavier_gan.MODEL,
    eager_dcgan.MODEL,
    plain_dcgan.MODEL,
)}


def find(name):
    """The Model of that name. Raises UserError for an unknown one."""
    if name not in MODELS:
        raise UserError("unknown model %r (--model): there are %s" % (name, ", ".join(MODELS)))
    return MODELS[name]
