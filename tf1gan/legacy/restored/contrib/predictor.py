"""`tf.contrib.predictor`: SavedModels that are asked for predictions."""

DROPPED = "2.0"
GIVES = "from_saved_model"
NEEDS = ()
PATHS = ("predictor_factories",)
_ESTIMATORS = "from_saved_model reads what an estimator exported"
REFUSED = dict.fromkeys(("from_contrib_estimator", "from_estimator"), _ESTIMATORS)


def make(given):
    return {"from_saved_model": _from_saved_model(given.tf)}


def _from_saved_model(tf):
    def from_saved_model(export_dir, signature_def_key=None, signature_def=None, input_names=None,
                         output_names=None, tags=None, graph=None, config=None):
        """Returns a function: inputs by name -> outputs by name, in a session of its own."""
        for chosen, others in ((signature_def_key, (signature_def, input_names)),
                               (signature_def, (signature_def_key, input_names))):
            if chosen is not None and any(other is not None for other in others):
                raise ValueError("A signature is chosen by its key, by itself, or by names of "
                                 "inputs and outputs: here by more than one of these.")
        if (input_names is None) != (output_names is None):
            raise ValueError("There are input_names or output_names alone, and the other is "
                             "needed with them.")
        graph = graph or tf.Graph()
        with graph.as_default():
            session = tf.Session(config=config)
            tags = tags.split(",") if tags else [tf.saved_model.tag_constants.SERVING]
            model = tf.saved_model.loader.load(session, tags, export_dir)
            if input_names is None:
                signature = signature_def or model.signature_def[
                    signature_def_key
                    or tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY]
                input_names, output_names = ({key: part.name for key, part in side.items()}
                                             for side in (signature.inputs, signature.outputs))
            tensors = [{key: graph.get_tensor_by_name(name) for key, name in side.items()}
                       for side in (input_names, output_names)]
        return _Predictor(session, graph, *tensors)
    return from_saved_model


class _Predictor:
    """A graph and a session, with the tensors that go in and come out by name."""

    def __init__(self, session, graph, feed_tensors, fetch_tensors):
        self.session, self.graph = session, graph
        self.feed_tensors, self.fetch_tensors = feed_tensors, fetch_tensors

    def __call__(self, input_dict):
        unknown = set(input_dict) - set(self.feed_tensors)
        if unknown:
            raise ValueError(f"The inputs are {sorted(self.feed_tensors)}; there is no "
                             f"{', '.join(map(str, unknown))}.")
        feed = {self.feed_tensors[key]: value for key, value in input_dict.items()
                if value is not None}
        return self.session.run(fetches=self.fetch_tensors, feed_dict=feed)
