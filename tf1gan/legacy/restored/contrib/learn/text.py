"""Texts as rows of numbers, by a vocabulary that is learned from them."""

import collections
import io
import itertools
import pickle
import re
import sys

import numpy as np

from tf1gan.errors import UserError

_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+", re.UNICODE)
# Where TensorFlow 1 had the classes that lie in a pickled vocabulary.
_MODULES = tuple("tensorflow.contrib.learn.python.learn.preprocessing." + name
                 for name in ("text", "categorical_vocabulary"))


def tokenizer(iterator):
    """The words of each text."""
    for text in iterator:
        yield _WORD.findall(text)


class CategoricalVocabulary:
    """Words and their numbers; 0 is the unknown word's."""

    def __init__(self, unknown_token="<UNK>", support_reverse=True):
        self._unknown_token, self._support_reverse = unknown_token, support_reverse
        self._freq, self._freeze = collections.defaultdict(int), False
        self._number([])

    def _number(self, words):
        words = [self._unknown_token] + words
        self._mapping = {word: number for number, word in enumerate(words)}
        if self._support_reverse:
            self._reverse_mapping = words

    def __len__(self):
        return len(self._mapping)

    def freeze(self, freeze=True):
        """Whether words that are not known get no more numbers."""
        self._freeze = freeze

    def get(self, category):
        number = self._mapping.get(category, 0 if self._freeze else len(self))
        if number == len(self):
            self._mapping[category] = number
            if self._support_reverse:
                self._reverse_mapping.append(category)
        return number

    def add(self, category, count=1):
        if self.get(category) > 0:
            self._freq[category] += count

    def trim(self, min_frequency, max_frequency=-1):
        """Keeps words that are more frequent than a number, and less than another."""
        by_name = sorted(self._freq.items(), key=lambda one: (isinstance(one[0], str), one[0]))
        ordered = sorted(by_name, key=lambda one: one[1], reverse=True)
        kept = [word for word, count in ordered
                if count > min_frequency and not 0 < max_frequency <= count]
        self._number(kept)
        self._freq = dict(ordered[:len(kept)])

    def reverse(self, class_id):
        if not self._support_reverse:
            raise ValueError("There is no way back to words: this vocabulary was made with "
                             "support_reverse=False.")
        return self._reverse_mapping[class_id]


class VocabularyProcessor:
    """Texts as rows of the numbers of their words, filled up with zeros."""

    def __init__(self, max_document_length, min_frequency=0, vocabulary=None, tokenizer_fn=None):
        self.max_document_length, self.min_frequency = max_document_length, min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents, unused_y=None):
        for words in self._tokenizer(raw_documents):
            for word in words:
                self.vocabulary_.add(word)
        vocabulary = self.vocabulary_
        if self.min_frequency > 0:
            vocabulary.trim(self.min_frequency)
        vocabulary.freeze()
        return self

    def fit_transform(self, raw_documents, unused_y=None):
        return self.fit(raw_documents).transform(raw_documents)

    def transform(self, raw_documents):
        """A generator of int64 rows."""
        for words in self._tokenizer(raw_documents):
            row = np.zeros(self.max_document_length, np.int64)
            for place, word in enumerate(itertools.islice(words, len(row))):
                row[place] = self.vocabulary_.get(word)
            yield row

    def reverse(self, documents):
        for row in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in row)

    def save(self, filename):
        """Writes it as TensorFlow 1 did, which reads it."""
        from tensorflow.python.platform import gfile
        with gfile.Open(filename, "wb") as file:
            file.write(_pickled(self))

    @classmethod
    def restore(cls, filename):
        """Reads what `save` wrote here or on TensorFlow 1; nothing in it is run."""
        from tensorflow.python.platform import gfile
        with gfile.Open(filename, "rb") as file:
            found = _Unpickled(io.BytesIO(file.read()), filename).load()
        if isinstance(getattr(found, "_tokenizer", None), _Named):
            found._tokenizer = found._tokenizer.function
        return found


class ByteProcessor:
    """Texts as rows of their bytes, filled up with zeros."""

    def __init__(self, max_document_length):
        self.max_document_length = max_document_length

    def fit(self, x):
        pass

    def fit_transform(self, x):
        return self.transform(x)

    def transform(self, x):
        for text in x:
            text = text.encode("utf-8") if isinstance(text, str) else text
            row = np.frombuffer(text[:self.max_document_length], dtype=np.uint8)
            yield np.pad(row, (0, self.max_document_length - len(row)), "constant")

    def reverse(self, x):
        for row in x:
            text = np.trim_zeros(row.astype(np.int8), trim="b").tobytes()
            try:
                yield text.decode("utf-8")
            except UnicodeDecodeError:
                yield ""


def _pickled(value):
    """A pickle that names classes as TensorFlow 1 and the NumPy of then did."""
    text = pickle.dumps(value, 2)
    for names, then in (("VocabularyProcessor tokenizer", _MODULES[0]),
                        ("CategoricalVocabulary", _MODULES[1])):
        for name in names.split():
            text = text.replace(f"c{__name__}\n{name}\n".encode(), f"c{then}\n{name}\n".encode())
    return text.replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")


class _Named(collections.namedtuple("_Named", "function")):
    """A function of the script's that a pickle names: held, so that a pickle cannot call it."""


class _Unpickled(pickle.Unpickler):
    """Gives our classes for TensorFlow 1's, and little more: numbers, a dictionary that counts."""

    def __init__(self, file, path):
        super().__init__(file)
        self._path = path

    def find_class(self, module, name):
        if module in _MODULES and name in _OF_VOCABULARIES:
            return _OF_VOCABULARIES[name]
        if (module, name) in _OF_PYTHON:
            return _OF_PYTHON[module, name]
        function = getattr(sys.modules.get(module), name, None)
        builtins = getattr(function, "__globals__", {}).get("__builtins__")
        if isinstance(builtins, dict) and "__tf1gan_legacy__" in builtins:
            return _Named(function)
        raise UserError(f"{self._path} is no vocabulary that VocabularyProcessor saved: it has "
                        f"{module}.{name} in it, which is no function of this script either")


def _reconstructed(cls, base, state):
    if cls not in (VocabularyProcessor, CategoricalVocabulary):
        raise pickle.UnpicklingError(f"{cls} is no part of a vocabulary")
    return cls.__new__(cls)


def _number(dtype, data):
    """One of NumPy's, such as a length that np.max gave."""
    if dtype.kind not in "biuf":
        raise pickle.UnpicklingError(f"{dtype} is no type of numbers")
    return np.frombuffer(data, dtype)[0]


def _bytes(text, encoding):
    return text.encode("latin1")


# What a vocabulary's pickle names -> what it gets.
_OF_VOCABULARIES = {"VocabularyProcessor": VocabularyProcessor, "tokenizer": tokenizer,
                    "CategoricalVocabulary": CategoricalVocabulary}
_OF_PYTHON = {
    ("collections", "defaultdict"): collections.defaultdict, ("_codecs", "encode"): _bytes,
    ("numpy", "dtype"): np.dtype, ("numpy.core.multiarray", "scalar"): _number,
    ("numpy._core.multiarray", "scalar"): _number, **{
        (module, name): made for module in ("builtins", "__builtin__")
        for name, made in (("int", int), ("long", int), ("object", object))}, **{
            (module, "_reconstructor"): _reconstructed for module in ("copyreg", "copy_reg")}}
