"""What eager execution did otherwise in 1.15: passes over shuffled data, names of metrics, keys."""

import functools
import importlib
import re

ACCURACY = {"accuracy": "acc", "acc": "acc", "crossentropy": "ce", "ce": "ce"}


def restore():
    _passes_over_shuffled_data()
    _names_of_metrics()
    _no_bar_of_predictions()
    _keys_of_dictionaries()
    _names_of_elements()
    _weights_by_name()


def _passes_over_shuffled_data():
    """Each pass began with the seeds that the data set was made with; since 2.0 it goes on.

    So what a data set is made of is made once more for each pass.
    """
    from tensorflow.python.data.ops import dataset_ops, iterator_ops
    from tensorflow.python.eager import context
    from tensorflow.python.ops import gen_dataset_ops, gen_experimental_dataset_ops
    for module in (gen_dataset_ops, gen_experimental_dataset_ops):
        for name, function in list(vars(module).items()):
            if re.fullmatch(r"[a-z]\w*_dataset(_v\d)?", name) and callable(function):
                setattr(module, name, _remembered(function))
    today = iterator_ops.OwnedIterator._create_iterator

    def create(this, dataset):
        dataset = dataset._apply_debug_options()
        if context.executing_eagerly() and _is_shuffled(dataset._variant_tensor):
            again = dataset_ops._VariantDataset(_again(dataset._variant_tensor),
                                                dataset.element_spec)
            again._options_attr = dataset.options()
            again.made_of = dataset         # its functions are to live as long
            dataset = again
        return today(this, dataset)
    iterator_ops.OwnedIterator._create_iterator = create


def _remembered(function):
    """A function that makes a data set's tensor, which keeps how it was made."""
    @functools.wraps(function)
    def call(*arguments, **named):
        result = function(*arguments, **named)
        if hasattr(result, "_numpy"):           # not in a graph
            result.made_by = function, arguments, named
        return result
    return call


def _again(value):
    """The same data set, made once more; anything else as it is."""
    if isinstance(value, (list, tuple)):
        return [_again(part) for part in value]
    if not hasattr(value, "made_by"):
        return value
    function, arguments, named = value.made_by
    return function(*map(_again, arguments), **{
        name: _again(part) for name, part in named.items()})


def _is_shuffled(value):
    if isinstance(value, (list, tuple)):
        return any(map(_is_shuffled, value))
    if not hasattr(value, "made_by"):
        return False
    function, arguments, named = value.made_by
    return function.__name__.startswith("shuffle_") or any(
        map(_is_shuffled, [*arguments, *named.values()]))


def _names_of_metrics():
    """`acc` of "accuracy", `mean_absolute_error` of "mae"; since 2.0 they are as they are given."""
    container = importlib.import_module("tf_keras.src.engine.compile_utils").MetricsContainer
    metrics = importlib.import_module("tf_keras.src.metrics")
    today = container._get_metric_object

    @functools.wraps(today)
    def get(this, metric, *labels_and_predictions):
        made = today(this, metric, *labels_and_predictions)
        if isinstance(metric, str) and made is not None:
            known = ACCURACY.get(metric.lower())
            made._name = known or getattr(metrics.get(metric), "__name__", made._name)
        return made
    container._get_metric_object = get


def _no_bar_of_predictions():
    """`predict` showed nothing; since 2.9 it shows a bar as `fit` does."""
    model = importlib.import_module("tf_keras.src.engine.training").Model
    today = model.predict

    @functools.wraps(today)
    def predict(this, x, batch_size=None, verbose=0, *more, **named):
        return today(this, x, batch_size, verbose, *more, **named)
    model.predict = predict


def _keys_of_dictionaries():
    """A tensor was hashed by which one it is, as those of graphs are; since 2.0 not at all."""
    from tensorflow.python.framework import ops
    ops._EagerTensorBase.__hash__ = lambda this: id(this)


def _names_of_elements():
    """`iterator.get_next(name="x")`, which made nothing of the name; until 2.2."""
    from tensorflow.python.data.ops import iterator_ops
    iterator_ops.OwnedIterator.get_next = lambda this, name=None: this._next_internal()


def _weights_by_name():
    """`model.load_weights(path, True)` is by name, as in graphs; since 2.12 another comes first."""
    model = importlib.import_module("tf_keras.src.engine.training").Model
    today = model.load_weights

    @functools.wraps(today)
    def load_weights(this, filepath, by_name=False, **named):
        return today(this, filepath, by_name=by_name, **named)
    model.load_weights = load_weights
