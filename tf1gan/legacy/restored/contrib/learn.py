"""`tf.contrib.learn`, of which there are the data sets and the preprocessing of text."""

from tf1gan.legacy.names import Later

DROPPED = "2.0"
GIVES = "datasets preprocessing ModeKeys"
NEEDS = ()
PATHS = ("python.learn",)
_ESTIMATORS = "tf.estimator took its place, and its estimators have other arguments"
_READERS = "tf.data reads the same files, and feeds any model"
_LOOPS = "tf.estimator.train_and_evaluate, or a loop of one's own, does what it did"
REFUSED = {name: why for names, why in (
    ("BaseEstimator DNNClassifier DNNEstimator DNNLinearCombinedClassifier DNNRegressor "
     "DNNLinearCombinedEstimator DNNLinearCombinedRegressor DynamicRnnEstimator Estimator "
     "Evaluable Head InputFnOps LinearClassifier LinearEstimator "
     "LinearRegressor LogisticRegressor MetricSpec ModelFnOps PredictionKey ProblemType "
     "RunConfig SKCompat TaskType Trainable estimators head models "
     "infer_real_valued_columns_from_input infer_real_valued_columns_from_input_fn",
     _ESTIMATORS),
    ("io learn_io read_batch_examples read_batch_features read_batch_record_features "
     "read_keyed_batch_examples read_keyed_batch_features", _READERS),
    ("Experiment ExportStrategy evaluate experiment export_strategy graph_actions infer "
     "learn_runner make_export_strategy monitors run_feeds run_n train trainable utils "
     "build_parsing_serving_input_fn", _LOOPS),
    ("KMeansClustering", "tf.contrib.factorization.KMeansClustering is there, for the inputs of "
                         "tf.estimator"),
    ("SVM", "tf.estimator has none; tf.losses.hinge_loss of a linear model is its loss"),
    ) for name in names.split()}


def make(given):
    return {"datasets": given.datasets, "preprocessing": Later(_preprocessing),
            "ModeKeys": Later(_mode_keys)}


def _preprocessing():
    from tf1gan.legacy import restored
    from tf1gan.legacy.restored.contrib import _text
    names = {name: getattr(_text, name) for name in (
        "ByteProcessor", "CategoricalVocabulary", "VocabularyProcessor", "tokenizer")}
    made = restored.Part("tensorflow.contrib.learn.preprocessing", names, {
        "CategoricalProcessor": "VocabularyProcessor does the same for words"})
    made._restored.update(text=made, categorical_vocabulary=made)
    return made


def _mode_keys():
    class ModeKeys:
        """The three modes of a model."""
        TRAIN, EVAL, INFER = "train", "eval", "infer"

        @classmethod
        def validate(cls, key):
            if key not in ("train", "eval", "infer"):
                raise ValueError(f"There is no mode {key}.")
    return ModeKeys
