"""Names that models and their callers agree on."""


class ModeKeys:
    """The three modes of a model."""
    TRAIN, EVAL, INFER = "train", "eval", "infer"

    @classmethod
    def validate(cls, key):
        if key not in (cls.TRAIN, cls.EVAL, cls.INFER):
            raise ValueError(f"There is no mode {key}.")


class ProblemType:
    """What a model is for."""
    UNSPECIFIED, CLASSIFICATION, LINEAR_REGRESSION, LOGISTIC_REGRESSION = range(4)


class PredictionKey:
    """What a model predicts."""
    CLASSES, PROBABILITIES, LOGITS, LOGISTIC = "classes", "probabilities", "logits", "logistic"
    SCORES, TOP_K, GENERIC = "scores", "top_k", "output"


class MetricKey:
    """What is measured of a model."""
    LOSS = "loss"
    AUC, AUC_PR = "auc", "auc_precision_recall"
    CLASS_AUC, CLASS_AUC_PR = "auc/class%d", "auc_precision_recall/class%d"
    PREDICTION_MEAN, LABEL_MEAN = "labels/prediction_mean", "labels/actual_label_mean"
    CLASS_PREDICTION_MEAN = "labels/prediction_mean/class%d"
    CLASS_LOGITS_MEAN = "labels/logits_mean/class%d"
    CLASS_PROBABILITY_MEAN = "labels/probability_mean/class%d"
    CLASS_LABEL_MEAN = "labels/actual_label_mean/class%d"
    ACCURACY, ACCURACY_BASELINE = "accuracy", "accuracy/baseline_label_mean"
    ACCURACY_MEAN = "accuracy/threshold_%f_mean"
    PRECISION_MEAN = "precision/positive_threshold_%f_mean"
    RECALL_MEAN = "recall/positive_threshold_%f_mean"


class TaskType:
    """What a process of several is."""
    MASTER, PS, WORKER = "master", "ps", "worker"


class Environment:
    """Where several processes run."""
    CLOUD, GOOGLE, LOCAL = "cloud", "google", "local"


class NotFittedError(ValueError, AttributeError):
    """A model was asked for something before it was trained."""
