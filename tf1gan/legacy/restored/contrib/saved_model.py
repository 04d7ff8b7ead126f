"""`tf.contrib.saved_model`: Keras's models as SavedModels, as `tf.keras.experimental` has them."""

DROPPED = "2.0"
GIVES = "load_keras_model save_keras_model"
NEEDS = ()
PATHS = ("python.saved_model.keras_saved_model",)
REFUSED = {}


def make(given):
    experimental = given.tf.keras.experimental
    return dict(save_keras_model=experimental.export_saved_model,
                load_keras_model=experimental.load_from_saved_model)
