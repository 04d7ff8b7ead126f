"""A trained model as a SavedModel, and the strategies of an Experiment that make some."""

import collections
import os
import time

from tensorflow.python.client import session as sessions
from tensorflow.python.framework import errors, ops
from tensorflow.python.ops import (
    array_ops,
    control_flow_ops,
    lookup_ops,
    parsing_ops,
    resources,
    variables,
)
from tensorflow.python.platform import gfile, tf_logging as logging
from tensorflow.python.saved_model import (
    builder,
    signature_constants,
    signature_def_utils,
    tag_constants,
)
from tensorflow.python.training import saver, training_util
from tensorflow.python.util import compat

from tf1gan.legacy.refusal import refuse
from tf1gan.legacy.restored.contrib.learn import runs
from tf1gan.legacy.restored.contrib.learn.arguments import names_of
from tf1gan.legacy.restored.contrib.learn.keys import ModeKeys, PredictionKey, ProblemType
from tf1gan.legacy.restored.contrib.learn.model_fn import scores_and_classes

GraphRewriteSpec = collections.namedtuple("GraphRewriteSpec", "tags transforms")
InputFnOps = collections.namedtuple("InputFnOps", "features labels default_inputs")
AS_IT_IS = (GraphRewriteSpec((tag_constants.SERVING,), ()),)
_DEFAULT_INPUT, _DEFAULT_OUTPUT = "default_input_alternative", "default_output_alternative"


def build_parsing_serving_input_fn(feature_spec, default_batch_size=None):
    """A function that makes the inputs of a served model: serialized examples."""
    def input_fn():
        examples = array_ops.placeholder(dtype="string", shape=[default_batch_size],
                                         name="input_example_tensor")
        return InputFnOps(parsing_ops.parse_example(examples, feature_spec), None,
                          {"examples": examples})
    return input_fn


def build_default_serving_input_fn(features, default_batch_size=None):
    """The same of features as they are: a placeholder for each."""
    def input_fn():
        made = {name: array_ops.placeholder(
            dtype=tensor.dtype, shape=[default_batch_size] + tensor.shape.as_list()[1:],
            name=tensor.op.name) for name, tensor in features.items()}
        return InputFnOps(made, None, made)
    return input_fn


def export_savedmodel(estimator, export_dir_base, serving_input_fn, output_key, assets_extra,
                      as_text, checkpoint_path, graph_rewrite_specs, strip_default_attrs):
    """The new folder, whose name is the time."""
    if serving_input_fn is None:
        raise ValueError("serving_input_fn is needed.")
    if not graph_rewrite_specs or graph_rewrite_specs[0].transforms:
        raise ValueError("The first of graph_rewrite_specs must have no transforms.")
    if graph_rewrite_specs[1:]:
        refuse("export_savedmodel(graph_rewrite_specs=) with transforms is not restored: they are "
               "of TensorFlow's own tools, which are no longer shipped")
    checkpoint_path = checkpoint_path or runs.checkpoint_of(estimator)
    folder = _new_folder(export_dir_base)
    unfinished = os.path.join(os.path.dirname(folder), b"temp-" + os.path.basename(folder))
    made = builder.SavedModelBuilder(unfinished)
    with ops.Graph().as_default() as graph:
        training_util.create_global_step(graph)
        inputs = serving_input_fn()
        if not inputs[0]:
            raise ValueError("serving_input_fn has to give features.")
        for name in inputs[0]:
            ops.add_to_collection("input_feature_keys", name)
        model = estimator._call_model_fn(inputs[0], None, ModeKeys.INFER)
        signatures = _signatures(inputs, *_outputs(model, output_key))
        initialize = control_flow_ops.group(
            variables.local_variables_initializer(),
            resources.initialize_resources(resources.shared_resources()),
            lookup_ops.tables_initializer())
        with sessions.Session("") as session:
            restoring = getattr(model.scaffold, "saver", None) or saver.Saver(
                variables._all_saveable_objects(), sharded=True)
            restoring.restore(session, checkpoint_path)
            made.add_meta_graph_and_variables(
                session, graph_rewrite_specs[0].tags, signature_def_map=signatures,
                assets_collection=ops.get_collection(ops.GraphKeys.ASSET_FILEPATHS),
                main_op=initialize, strip_default_attrs=strip_default_attrs)
    for place, source in (assets_extra or {}).items():
        path = os.path.join(unfinished, b"assets.extra", compat.as_bytes(place))
        gfile.MakeDirs(os.path.dirname(path))
        gfile.Copy(source, path)
    made.save(as_text)
    gfile.Rename(unfinished, folder)
    return folder


def _new_folder(base):
    for _ in range(10):
        folder = os.path.join(compat.as_bytes(base), compat.as_bytes(str(int(time.time()))))
        if not gfile.Exists(folder):
            return folder
        time.sleep(1)
    raise RuntimeError(f"There is a folder of this second already in {base}.")


def _outputs(model, wanted):
    """(name -> (problem type, predictions), the name of the usual one)."""
    known = model.output_alternatives
    if wanted and wanted not in (known or {}):
        raise ValueError(f"There is no output {wanted} among {sorted(known or {})}.")
    if not known:
        predictions = model.predictions
        if not isinstance(predictions, dict):
            predictions = {PredictionKey.GENERIC: predictions}
        return {_DEFAULT_OUTPUT: (ProblemType.UNSPECIFIED, predictions)}, _DEFAULT_OUTPUT
    if not wanted and len(known) > 1:
        raise ValueError(f"default_output_alternative_key has to say which of {sorted(known)}.")
    return known, wanted or next(iter(known))


def _signatures(inputs, outputs, usual):
    if not isinstance(inputs, InputFnOps) or not inputs.default_inputs:
        raise ValueError("serving_input_fn has to give InputFnOps with default_inputs.")
    made = {f"{_DEFAULT_INPUT}:{name or 'None'}": _signature(inputs.default_inputs, *output)
            for name, output in outputs.items()}
    made[signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY] = _signature(
        inputs.default_inputs, *outputs[usual])
    return made


def _signature(inputs, problem_type, outputs):
    if not outputs:
        raise ValueError("There are no outputs to serve.")
    scores, classes = scores_and_classes(outputs)
    if len(inputs) != 1:
        return signature_def_utils.predict_signature_def(inputs, outputs)
    given, = inputs.values()
    if problem_type in (ProblemType.CLASSIFICATION, ProblemType.LOGISTIC_REGRESSION):
        if scores is None and classes is None and len(outputs) == 1:
            one, = outputs.values()
            scores, classes = (None, one) if one.dtype == "string" else (one, None)
        if scores is not None or classes is not None:
            return signature_def_utils.classification_signature_def(given, classes, scores)
    if problem_type == ProblemType.LINEAR_REGRESSION and len(outputs) == 1:
        return signature_def_utils.regression_signature_def(given, *outputs.values())
    return signature_def_utils.predict_signature_def(inputs, outputs)


class ExportStrategy(collections.namedtuple("ExportStrategy",
                                            "name export_fn strip_default_attrs")):
    """How an Experiment exports a model."""

    def __new__(cls, name, export_fn, strip_default_attrs=None):
        return super().__new__(cls, name, export_fn, strip_default_attrs)

    def export(self, estimator, export_path, checkpoint_path=None, eval_result=None):
        """What export_fn gives. It takes those of the arguments that it has."""
        takes = names_of(self.export_fn)
        if "eval_result" in takes and "checkpoint_path" not in takes:
            raise ValueError("An export_fn that takes eval_result has to take checkpoint_path.")
        known = dict(checkpoint_path=checkpoint_path, eval_result=eval_result,
                     strip_default_attrs=self.strip_default_attrs)
        return self.export_fn(estimator, export_path, **{
            name: value for name, value in known.items() if name in takes})


def make_export_strategy(serving_input_fn, default_output_alternative_key=None, assets_extra=None,
                         as_text=False, exports_to_keep=5, strip_default_attrs=None):
    """Exports the model, and deletes all but the last exports."""
    def export_fn(estimator, export_dir_base, checkpoint_path=None, strip_default_attrs=False):
        more = {}
        if hasattr(estimator, "fit"):
            more["default_output_alternative_key"] = default_output_alternative_key
        elif default_output_alternative_key is not None:
            raise ValueError("tf.estimator has no default_output_alternative_key.")
        made = estimator.export_savedmodel(
            export_dir_base, serving_input_fn, assets_extra=assets_extra, as_text=as_text,
            checkpoint_path=checkpoint_path, strip_default_attrs=bool(strip_default_attrs), **more)
        _delete_old(export_dir_base, exports_to_keep)
        return made
    return ExportStrategy("Servo", export_fn, strip_default_attrs)


def _delete_old(base, number):
    if number is None:
        return
    exported = sorted(name for name in map(compat.as_text, gfile.ListDirectory(base))
                      if len(name.rstrip("/")) == 10 and name.rstrip("/").isdigit())
    for name in exported[:max(len(exported) - number, 0)]:
        try:
            gfile.DeleteRecursively(os.path.join(compat.as_bytes(base), compat.as_bytes(name)))
        except errors.NotFoundError:
            logging.warn("%s was gone already.", name)
