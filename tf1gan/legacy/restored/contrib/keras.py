"""`tf.contrib.keras`, which is `tf.keras`."""

DROPPED = "2.0"
GIVES = """
activations api applications backend callbacks constraints datasets initializers layers losses
metrics models optimizers preprocessing regularizers utils
"""
NEEDS = ()
PATHS = ("api.keras", "python.keras")
REFUSED = {"wrappers": "scikeras took it over, for Keras 3"}


def make(given):
    from tf1gan.legacy.names import Later
    keras = given.tf.keras
    return {name: Later(lambda name=name: getattr(keras, name)) for name in GIVES.split()
            if name != "api"}
