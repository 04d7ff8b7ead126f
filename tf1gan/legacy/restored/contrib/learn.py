"""`tf.contrib.learn`, of which there are the data sets and the preprocessing of text."""

from tf1gan.legacy.names import Later

DROPPED = "2.0"
GIVES = "datasets preprocessing ModeKeys"
NEEDS = ()
PATHS = ("python.learn",)
REFUSED = {}


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
            if key not in (cls.TRAIN, cls.EVAL, cls.INFER):
                raise ValueError(f"Invalid mode {key}.")
    return ModeKeys
