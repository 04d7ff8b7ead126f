"""`tf.keras.experimental.export_saved_model` and `load_from_saved_model`; dropped by 2.6 or before.

A folder with the weights as Keras saves them, the model's JSON beside them, and a graph that
predicts. 1.15.5 wrote the graphs of training and evaluation of a compiled model, too.
"""

import os

from tf1gan.legacy.refusal import refuse

_JSON = os.path.join("assets", "saved_model.json")
_WEIGHTS = os.path.join("variables", "variables")


def functions(tf, keras):
    """name -> function.

    Args:
      tf: TensorFlow 1's API.
      keras: `tf.keras` of today.
    """
    def export_saved_model(model, saved_model_path, custom_objects=None, as_text=False,
                           input_signature=None, serving_only=False):
        if not model._is_graph_network:
            refuse("tf.keras.experimental.export_saved_model of a model without known inputs is "
                   "not restored: build it of layers with an input_shape, or as Model(inputs, "
                   "outputs)")
        builder = tf.saved_model.builder.SavedModelBuilder(saved_model_path)
        prefix = os.path.join(saved_model_path, _WEIGHTS)
        for folder in ("variables", "assets"):
            tf.io.gfile.makedirs(os.path.join(saved_model_path, folder))
        model.save_weights(prefix, save_format="tf", overwrite=True)
        text = model.to_json()
        with tf.io.gfile.GFile(os.path.join(saved_model_path, _JSON), "w") as file:
            file.write(text)
        with tf.Graph().as_default(), tf.Session() as session:
            keras.backend.set_learning_phase(0)
            again = keras.models.model_from_json(text, custom_objects)
            saver = tf.train.Saver(_by_key(again), allow_empty=True)
            if again.weights:
                saver.restore(session, prefix)
            _add_graph(tf, builder, session, again, saver)
            builder.save(as_text)
        return None

    def load_from_saved_model(saved_model_path, custom_objects=None):
        with tf.io.gfile.GFile(os.path.join(saved_model_path, _JSON)) as file:
            model = keras.models.model_from_json(file.read(), custom_objects)
        model.load_weights(os.path.join(saved_model_path, _WEIGHTS))
        return model
    return dict(export_saved_model=export_saved_model, load_from_saved_model=load_from_saved_model)


def _by_key(model):
    """A model's weights by the names that Keras's checkpoint of it gives them.

    They go by where in the model a weight is: its own name says less, as it depends on what else
    was made, and several may share one.
    """
    from tensorflow.python.checkpoint import graph_view, save_util
    by_object, *_ = save_util.serialize_graph_view(graph_view.ObjectGraphView(model))
    return {key: weight for weight, keys in by_object.items() for key in keys}


def _add_graph(tf, builder, session, model, saver):
    inputs, outputs = [dict(zip(names, tensors)) for names, tensors in (
        (model.input_names, model.inputs), (model.output_names, model.outputs))]
    signature = tf.saved_model.signature_def_utils.predict_signature_def(inputs, outputs)
    # `builder.add_meta_graph_and_variables` would write the weights again, by other names.
    builder._has_saved_variables = True
    builder.add_meta_graph([tf.saved_model.tag_constants.SERVING],
                           {"serving_default": signature}, saver=saver)
