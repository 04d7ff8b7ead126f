"""`tf.contrib.saved_model`: Keras's models as SavedModels."""

DROPPED = "2.0"
GIVES = "load_keras_model save_keras_model"
NEEDS = ()
PATHS = ()
REFUSED = {}


def make(given):
    keras = given.tf.keras

    def save_keras_model(model, saved_model_path, custom_objects=None, as_text=None):
        keras.models.save_model(model, saved_model_path, save_format="tf")
        return saved_model_path
    return dict(save_keras_model=save_keras_model, load_keras_model=keras.models.load_model)
