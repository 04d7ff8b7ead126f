"""`tf.contrib.learn`: estimators of before tf.estimator, data sets, preprocessing of texts."""

from tf1gan.legacy.api import estimator as core
from tf1gan.legacy.names import Later
from tf1gan.legacy.refusal import refuse

DROPPED = "2.0"
_KEYS = "MetricKey ModeKeys NotFittedError PredictionKey ProblemType TaskType Environment"
# Module of this folder -> what of it is at the top.
_MODULES = {
    "run_config": "ClusterConfig RunConfig",
    "model_fn": "ModelFnOps",
    "metric_spec": "MetricSpec",
    "estimator": "BaseEstimator Estimator Evaluable SKCompat Trainable",
    "inputs": "infer_real_valued_columns_from_input infer_real_valued_columns_from_input_fn",
    "single_head": "Head",
    "kinds": "binary_svm_head loss_only_head multi_class_head multi_head multi_label_head "
             "no_op_train_fn poisson_regression_head regression_head",
    "canned": "DNNClassifier DNNEstimator DNNLinearCombinedClassifier DNNLinearCombinedEstimator "
              "DNNLinearCombinedRegressor DNNRegressor LinearClassifier LinearEstimator "
              "LinearRegressor LogisticRegressor",
    "monitors": "NanLossDuringTrainingError",
    "experiment": "Experiment",
    "exports": "ExportStrategy GraphRewriteSpec InputFnOps build_default_serving_input_fn "
               "build_parsing_serving_input_fn make_export_strategy",
    "queues": "queue_parsed_features read_batch_examples read_batch_features "
              "read_batch_record_features read_keyed_batch_examples read_keyed_batch_features",
    "tables": "extract_dask_data extract_dask_labels extract_pandas_data extract_pandas_labels "
              "extract_pandas_matrix",
}
_MONITORS = """
BaseMonitor CaptureVariable CheckpointSaver EveryN LoggingTrainable NanLoss
NanLossDuringTrainingError PrintTensor RunHookAdapterForMonitors StepCounter StopAtStep
SummarySaver ValidationMonitor get_default_monitors replace_monitors_with_hooks
"""
# Modules of TensorFlow's repository that had names of tf.train.
_OF_TRAIN = {
    "session_run_hook": "SessionRunArgs SessionRunContext SessionRunHook SessionRunValues",
    "basic_session_run_hooks": "CheckpointSaverHook LoggingTensorHook NanLossDuringTrainingError "
                               "NanTensorHook StepCounterHook StopAtStepHook SummarySaverHook",
    "monitored_session": "ChiefSessionCreator MonitoredSession Scaffold SessionCreator "
                         "WorkerSessionCreator",
}
_FEEDER = """
DataFeeder StreamingDataFeeder check_array setup_predict_data_feeder setup_train_data_feeder
"""
_MODELS = """
linear_regression linear_regression_zero_init logistic_regression logistic_regression_zero_init
"""
_OLDEST_OPS = """
categorical_variable embedding_lookup rnn_decoder rnn_seq2seq seq2seq_inputs sequence_classifier
"""
_INPUTS = "numpy_input_fn pandas_input_fn"
GIVES = " ".join([
    "datasets estimators experiment head io learn_io learn_runner models monitors ops",
    "preprocessing utils", _KEYS, _INPUTS, *_MODULES.values()])
NEEDS = ("tf_slim", "tensorflow-estimator")     # not for the data sets and texts
PATHS = ("python", "python.learn")
_RECURRENT = "few people's scripts use it, and it was left out: tf.nn.dynamic_rnn in a function " \
             "of one's own for Estimator does the same"
_LOOPS = "an Estimator's fit, evaluate and predict, or a loop of one's own, do what it did"
REFUSED = dict(
    DynamicRnnEstimator=_RECURRENT, PredictionType=_RECURRENT,
    **dict.fromkeys("evaluate graph_actions infer run_feeds run_n train".split(), _LOOPS),
    KMeansClustering="tf.contrib.factorization.KMeansClustering is there, for the inputs of "
                     "tf.estimator",
    SVM="its optimizer is of tf.contrib.linear_optimizer, which is not restored; "
        "binary_svm_head has its loss",
    read_keyed_batch_examples_shared_queue="its queue was of an operation that was compiled into "
                                           "contrib; read_keyed_batch_examples has a queue for "
                                           "each process",
    read_keyed_batch_features_shared_queue="its queue was of an operation that was compiled into "
                                           "contrib; read_keyed_batch_features has a queue for "
                                           "each process",
    export_estimator="it wrote a format that tf.saved_model took the place of; an Estimator's "
                     "export_savedmodel is there",
    generator_input_fn="tf.data.Dataset.from_generator feeds any model")
_LIKE_SKLEARN = """
BaseEstimator ClassifierMixin RegressorMixin TRY_IMPORT_SKLEARN TransformerMixin accuracy_score
log_loss mean_squared_error train_test_split
"""
# Modules of estimators -> why they are not there.
_NO_ESTIMATORS = dict(
    composable_model="DNNLinearCombinedEstimator, LinearEstimator and DNNEstimator are there",
    debug="few people's scripts use it, and it was left out",
    state_saving_rnn_estimator=_RECURRENT,
    tensor_signature="an Estimator compares its inputs by signatures of its own",
    test_data="it is of TensorFlow's own tests")
_NO_EXPORTS = "it wrote a format that tf.saved_model took the place of"


def make(given):
    names = {"datasets": _with_tables(given.datasets), "preprocessing": Later(_preprocessing)}
    names.update({name: Later(lambda name=name: getattr(_module("keys"), name))
                  for name in _KEYS.split()})
    for module, inside in _MODULES.items():
        names.update({name: Later(lambda module=module, name=name: getattr(_module(module), name))
                      for name in inside.split()})
    names.update({name: Later(lambda name=name: _input_fn(name)) for name in _INPUTS.split()})
    named = dict(names)
    names.update(
        monitors=Later(lambda: _part("monitors", {
            name: next(getattr(module, name) for module in map(
                _module, ("monitors", "validation", "watching")) if hasattr(module, name))
            for name in _MONITORS.split()}, ExportMonitor=_NO_EXPORTS,
            GraphDump="few people's scripts use it, and it was left out")),
        models=Later(lambda: _part("models", {
            name: getattr(_module("models"), name) for name in _MODELS.split()},
            bidirectional_rnn="tf.nn.static_bidirectional_rnn computes the same",
            get_rnn_model=_RECURRENT)),
        ops=Later(lambda: _part("ops", {
            name: getattr(_module("models"), name) for name in (
                "mean_squared_error_regressor", "softmax_classifier")},
            **dict.fromkeys(_OLDEST_OPS.split(), "few people's scripts use it, and it was left "
                                                 "out"))),
        learn_runner=Later(lambda: _part("learn_runner", {
            name: getattr(_module("learn_runner"), name) for name in ("run", "tune")})),
        utils=Later(lambda: _utils(named)),
        # Modules that only TensorFlow's repository has under these names.
        metric_spec=Later(lambda: _part("metric_spec", dict(MetricSpec=named["MetricSpec"]))),
        export_strategy=Later(lambda: _part("export_strategy", dict(
            ExportStrategy=named["ExportStrategy"]))),
        **{module: Later(lambda module=module, inside=inside: _part(module, {
            name: getattr(given.tf.train, name) for name in inside.split()}))
           for module, inside in _OF_TRAIN.items()})
    of_files = dict({name: named[name] for module in ("queues", "tables")
                     for name in _MODULES[module].split()},
                    **{name: named[name] for name in _INPUTS.split()})
    of_files.update(HAS_PANDAS=Later(lambda: _has("pandas")), HAS_DASK=False)
    of_files["data_feeder"] = Later(lambda: _part("io.data_feeder", dict(
        {name: getattr(_module("feeding"), name) for name in _FEEDER.split()},
        setup_processor_data_feeder=_module("tables").extract_pandas_matrix),
        DaskDataFeeder="compute() makes a table of pandas of one of dask"))
    names["io"] = names["learn_io"] = Later(lambda: _part("io", of_files, **{
        name: why for name, why in REFUSED.items() if "read_" in name or "input" in name}))
    names["experiment"] = Later(lambda: _part("experiment", dict(Experiment=named["Experiment"])))
    names["estimators"] = Later(lambda: _estimators(named))
    names["head"] = Later(lambda: _part("head", {
        name: named[name] for name in ("Head " + _MODULES["kinds"]).split()}))
    return names


def _with_tables(datasets):
    """The data sets' module with what reads CSV files."""
    for module, names in ((datasets, "load_iris load_boston"), (
            datasets.base, "load_iris load_boston load_csv_with_header load_csv_without_header "
                           "shrink_csv")):
        module._restored.update({name: Later(lambda name=name: getattr(
            _module("csv_files"), name)) for name in names.split()})
    datasets._restored.update({name: Later(lambda name=name: refuse(
        f"tf.contrib.learn.datasets.{name} is not restored: few people's scripts use it, and it "
        "was left out")) for name in ("produce_small_datasets", "synthetic", "text_datasets")})
    return datasets


def _module(name):
    import importlib
    return importlib.import_module(f"{__name__}.{name}")


def _part(name, names, **refused):
    from tf1gan.legacy import restored
    inside = f"learn_{name}" if name.split(".")[0] == "io" else name
    return restored.Part(f"tensorflow.contrib.learn.{name}", names, refused,
                         path=f"tensorflow.contrib.learn.python.learn.{inside}")


def _has(package):
    import importlib.util
    return importlib.util.find_spec(package) is not None


def _input_fn(name):
    """tf.estimator's, with one epoch by default."""
    module = core.load("tensorflow_estimator.python.estimator.inputs."
                       + name.replace("input_fn", "io"))
    today = getattr(module, name)

    def input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=True, queue_capacity=1000,
                 num_threads=1, target_column=None):
        of_pandas = {} if target_column is None else dict(target_column=target_column)
        return today(x=x, y=y, batch_size=batch_size, num_epochs=num_epochs, shuffle=shuffle,
                     queue_capacity=queue_capacity, num_threads=num_threads, **of_pandas)
    return input_fn


def _utils(named):
    made = _part("utils", {name: named[name] for name in (
        "InputFnOps build_default_serving_input_fn build_parsing_serving_input_fn "
        "make_export_strategy").split()}, **dict.fromkeys(
            ("export", "export_estimator", "inspect_checkpoint"), _NO_EXPORTS))
    made._restored.update(input_fn_utils=made, saved_model_export_utils=made)
    return made


def _estimators(named):
    """The modules of this name, in which scripts found the same."""
    made = _part("estimators", named, **_NO_ESTIMATORS, **{name: REFUSED[name] for name in (
        "DynamicRnnEstimator", "KMeansClustering", "PredictionType", "SVM")})
    inner = {"run_config": ("run_config", "keys"), "model_fn": ("model_fn", "keys"),
             "estimator": ("estimator", "inputs"), "head": ("single_head", "kinds"),
             "constants": ("keys",), "prediction_key": ("keys",), "metric_key": ("keys",),
             "dnn": ("canned",), "linear": ("canned",), "dnn_linear_combined": ("canned",)}
    for name, modules in inner.items():
        made._restored[name] = Later(lambda name=name, modules=modules: _part(
            f"estimators.{name}", {key: value for module in modules
                                   for key, value in vars(_module(module)).items()
                                   if not key.startswith("_")}))
    # Its BaseEstimator is another than the one above.
    made._restored["_sklearn"] = _part(
        "estimators._sklearn", dict(NotFittedError=named["NotFittedError"]), **dict.fromkeys(
            _LIKE_SKLEARN.split(), "scikit-learn has it"))
    return made


def _preprocessing():
    from tf1gan.legacy.restored.contrib.learn import text
    names = {name: getattr(text, name) for name in (
        "ByteProcessor", "CategoricalVocabulary", "VocabularyProcessor", "tokenizer")}
    made = _part("preprocessing", names,
                 CategoricalProcessor="VocabularyProcessor does the same for words")
    made._restored.update(text=made, categorical_vocabulary=made)
    return made
