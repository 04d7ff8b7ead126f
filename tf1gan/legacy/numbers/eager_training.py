"""Model.fit and its kin in eager execution: the order of rows, and NumPy's numbers."""

import functools
import importlib

from tf1gan.compat import tf
from tf1gan.legacy.names import Restored
from tf1gan.legacy.numbers import eager_batches


def restore(seeds):
    training = importlib.import_module("tf_keras.src.engine.training")
    adapters = importlib.import_module("tf_keras.src.engine.data_adapter")
    _order_of_rows(adapters, training.Model)
    _numbers_of_numpy(training)
    eager_batches.restore()
    _names_of_weighted_metrics()
    _dropout(training.Model, seeds)


# -- The order of rows -----------------------------------------------------------------------

def _order_of_rows(adapters, model):
    """NumPy's generator shuffled the rows of arrays; since 2.2 TensorFlow's does.

    With an optimizer of Keras all epochs were shuffled before the first, and with one of tf.train
    each when it began (see `_Rows`).
    """
    kind = adapters.TensorLikeDataAdapter
    today, today_handler, today_evaluate = (
        kind.__init__, adapters.DataHandler.__init__, model.evaluate)

    @functools.wraps(today)
    def __init__(this, *arguments, epochs=1, shuffle=False, model=None, steps=None, **named):
        this.rows = None
        if shuffle and model is not None and tf.executing_eagerly():
            this.rows, shuffle = _Rows(model, epochs, shuffle, steps), False
            epochs = epochs if this.rows.at_once else 1
        if steps is not None and model is not None and tf.executing_eagerly() \
                and eager_batches.is_of_tf_train(model):         # each of them takes all rows
            named["batch_size"], epochs = len(tf.nest.flatten(arguments[0])[0]), epochs * steps
        today(this, *arguments, epochs=epochs, shuffle=shuffle, model=model, steps=steps, **named)
    kind.__init__ = __init__

    def recreate(this):
        """Asked before each epoch."""
        if this.rows is None or this.rows.at_once:
            return False
        this.rows.next_epoch(this.batch_size())
        return True
    kind.should_recreate_iterator = recreate
    for each in (kind, adapters.GenericArrayLikeDataAdapter):
        _by_order(each)

    def of_epochs(this, *arguments, initial_epoch=0, **named):
        today_handler(this, *arguments, initial_epoch=initial_epoch, **named)
        rows = getattr(this._adapter, "rows", None)
        if rows is not None and rows.at_once:       # those that are not trained, too
            for _ in range(initial_epoch):
                rows.shuffled()
    adapters.DataHandler.__init__ = functools.wraps(today_handler)(of_epochs)

    @functools.wraps(today_evaluate)
    def evaluate(this, x=None, *arguments, **named):
        """Rows to validate with were shuffled, too, before each validation within fit."""
        import numpy as np
        if named.get("_use_cached_eval_dataset") and not this.run_eagerly and \
                tf.executing_eagerly() and eager_batches.is_of_tf_train(this) and _are_arrays(x):
            order = np.arange(len(tf.nest.flatten(x)[0]))
            np.random.shuffle(order)
            others = [named.get(name) for name in ("y", "sample_weight")]
            if not arguments and all(each is None or _are_arrays(each) for each in others):
                x, named["y"], named["sample_weight"] = tf.nest.map_structure(
                    lambda part: None if part is None else np.asarray(part)[order], [x] + others)
                named["_use_cached_eval_dataset"] = False
        return today_evaluate(this, x, *arguments, **named)
    model.evaluate = evaluate


class _Rows:
    """In which order the rows of arrays are trained."""

    def __init__(self, model, epochs, way, steps):
        """Args:
          way: fit's shuffle, True or "batch".
          steps: the steps of an epoch, where they were given.
        """
        of_tf_train = eager_batches.is_of_tf_train(model)
        self.at_once = not of_tf_train or steps is not None
        self._is_shuffled = not (of_tf_train and steps is not None)
        self._goes_on = of_tf_train and model.run_eagerly       # from the order of the epoch before
        self._way, self._epochs, self._order = way, epochs, None

    def of_batches(self, batches, number, steps):
        """The data set of numbers of rows, by the order.

        Args:
          number: of rows.
          steps: how many batches an epoch has.
        """
        import numpy as np
        self._number = number
        if not self.at_once:
            order = self._order = tf.Variable(np.arange(number), trainable=False)
            return batches.map(lambda batch: tf.gather(order, batch))
        if not self._is_shuffled:
            return batches
        orders = tf.constant(np.array([self.shuffled() for _ in range(self._epochs)]))
        return batches.enumerate().map(lambda place, batch: tf.gather(
            orders[place // steps], batch))

    def shuffled(self):
        import numpy as np
        order = self._order.numpy() if self._goes_on else np.arange(self._number)
        np.random.shuffle(order)
        return order

    def next_epoch(self, batch_size):
        import numpy as np
        if self._way != "batch" or self._goes_on:
            self._order.assign(self.shuffled())
            return
        order, whole = np.arange(self._number), self._number // batch_size * batch_size
        batches = order[:whole].reshape(-1, batch_size)
        np.random.shuffle(batches)
        self._order.assign(np.append(batches.reshape(-1), order[whole:]))


def _by_order(kind):
    today = kind.slice_inputs

    @functools.wraps(today)
    def slice_inputs(this, batches, inputs):
        if this.rows is not None:
            number = int(tf.nest.flatten(inputs)[0].shape[0])
            batches = this.rows.of_batches(batches, number, this._size)
        return today(this, batches, inputs)
    kind.slice_inputs = slice_inputs


def _are_arrays(x):
    return x is not None and all(hasattr(part, "shape") and hasattr(part, "__len__")
                                 for part in tf.nest.flatten(x))


# -- What is returned ------------------------------------------------------------------------

def _numbers_of_numpy(training):
    """Losses and metrics were NumPy's numbers, the loss of many batches of 64 bits; until 2.2."""
    import numpy as np

    def as_numpy(tensors):
        made = tf.nest.map_structure(
            lambda part: part.numpy() if hasattr(part, "numpy") and tf.is_tensor(part) else part,
            tensors)
        if isinstance(made, dict) and isinstance(made.get("loss"), np.floating):
            made["loss"] = np.float64(made["loss"])
        return made
    training.tf_utils = Restored("tf_utils", training.tf_utils, dict(
        sync_to_numpy_or_python_type=as_numpy))

    def of_a_batch(today):
        @functools.wraps(today)
        def on_batch(this, *arguments, **named):
            return tf.nest.map_structure(
                lambda part: np.float32(part) if isinstance(part, np.float64) else part,
                today(this, *arguments, **named))
        return on_batch
    for name in ("train_on_batch", "test_on_batch"):
        setattr(training.Model, name, of_a_batch(getattr(training.Model, name)))


def _names_of_weighted_metrics():
    """`weighted_mean_squared_error` of weighted_metrics=["mse"]; since 2.0 as any other's."""
    container = importlib.import_module("tf_keras.src.engine.compile_utils").MetricsContainer
    today = container._set_metric_names

    @functools.wraps(today)
    def names(this):
        for metric in tf.nest.flatten(this._weighted_metrics):
            if metric is not None and not metric._name.startswith("weighted_"):
                metric._name = "weighted_" + metric._name
        today(this)
    container._set_metric_names = names


def _dropout(model, seeds):
    """Its masks had seeds of the graph that a model was made a function of; it is said once."""
    today = model.make_train_function

    @functools.wraps(today)
    def make_train_function(this, *arguments, **named):
        if tf.executing_eagerly() and any(map(_drops, this._flatten_layers())):
            seeds.draws_otherwise("dropout in a model that trains eagerly")
        return today(this, *arguments, **named)
    model.make_train_function = make_train_function


def _drops(layer):
    return "Dropout" in type(layer).__name__ and getattr(layer, "rate", 0) and \
        getattr(layer, "seed", None) is None or any(
            getattr(layer, name, 0) for name in ("dropout", "recurrent_dropout"))
