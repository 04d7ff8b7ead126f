"""Batches of arrays, or of what iterators give, which are fed to placeholders."""

import itertools

import numpy as np
from tensorflow.python.framework import dtypes
from tensorflow.python.ops import array_ops
from tensorflow.python.platform import tf_logging as logging

from tf1gan.legacy.restored.contrib.learn import tables


def setup_train_data_feeder(x, y, n_classes, batch_size=None, shuffle=True, epochs=None):
    """A feeder of arrays, of dictionaries of arrays, or of iterators."""
    x = tables.extract_pandas_data(tables.extract_dask_data(x))
    y = None if y is None else tables.extract_pandas_labels(tables.extract_dask_labels(y))
    if not hasattr(x, "__next__"):
        return DataFeeder(x, y, n_classes, batch_size, shuffle=shuffle, epochs=epochs)
    if y is not None and not hasattr(y, "__next__"):
        raise ValueError("x is an iterator, and y is not.")
    return StreamingDataFeeder(x, y, n_classes, batch_size)


def setup_predict_data_feeder(x, batch_size=None):
    """Batches of rows: in a list, or by a generator where x is an iterator."""
    x = tables.extract_pandas_data(tables.extract_dask_data(x))
    if batch_size is not None and batch_size <= 0:
        raise ValueError(f"batch_size is {batch_size}, which is not above 0.")
    if hasattr(x, "__next__"):
        return _matrices(x, batch_size)
    x = x.reshape(-1, 1) if len(x.shape) == 1 else x
    return [x[begin:begin + batch_size] for begin in range(0, len(x), batch_size)] \
        if batch_size else [x]


def _matrices(rows, size):
    """What an iterator gives, stacked; the last one has what is left, or nothing."""
    first = next(rows)
    rows, is_last = itertools.chain([first], rows), False
    while not is_last:
        some = list(itertools.islice(rows, size))
        is_last = size is None or len(some) < size
        yield {name: np.matrix([row[name] for row in some]) for name in first} \
            if isinstance(first, dict) else np.matrix(some)


def check_array(array, dtype):
    """An array, or a list made one, of a type; what is neither comes back as it is."""
    return np.asarray(array, dtype) if isinstance(array, (np.ndarray, list)) else array


def _each(function, value, *others):
    """The function of a value, or of each in a dictionary."""
    if isinstance(value, dict):
        return {name: function(one, *[other[name] for other in others])
                for name, one in value.items()}
    return function(value, *others)


def _shapes(x, y, n_classes, batch_size):
    """(of the input, of the output, the batch's size), of the shapes of x and y."""
    first = next(iter(x.values())) if isinstance(x, dict) else x
    batch_size = first[0] if batch_size is None else batch_size
    if batch_size <= 0:
        raise ValueError(f"batch_size is {batch_size}, which is not above 0.")

    def of_input(shape):
        return [batch_size] + (list(shape[1:]) or [1])

    def of_output(shape, classes):
        shape = list(shape[1:])
        shape = shape[1:] if shape[:1] == [1] else shape
        return [batch_size] + shape + ([classes] if classes is not None and classes > 1 else [])
    if y is None:
        output = None
    elif isinstance(y, dict):
        output = {name: of_output(shape, _classes_of(n_classes, name))
                  for name, shape in y.items()}
    else:
        output = of_output(y, n_classes)
    return _each(of_input, x), output, batch_size


def _classes_of(n_classes, name):
    return None if n_classes is None else n_classes.get(name)


def _type_of(array):
    if dtypes.as_dtype(array.dtype) == dtypes.float64:
        logging.warn("Few models take float64: float32 is more usual.")
    return array.dtype


class DataFeeder:
    """Feeds rows of arrays, in the order of NumPy's generator with the seed 42, or as they are."""

    def __init__(self, x, y, n_classes, batch_size=None, shuffle=True, random_state=None,
                 epochs=None):
        """Args:
          n_classes: where it is more than 1, labels are fed as rows of zeros with a 1.
          epochs: how often all rows are fed before StopIteration; None is for ever.
        """
        y = np.array(y) if isinstance(y, list) else y
        self._x = _each(lambda one: np.asarray(one, one.dtype), x)
        self._y = None if y is None else _each(lambda one: np.asarray(one, one.dtype), y)
        if n_classes is not None and y is not None and not isinstance(y, dict):
            self._y = np.asarray(y, np.int64 if n_classes > 1 else np.float32)
        self.n_classes, self.max_epochs = n_classes, epochs

        def shape(array):
            return array.shape
        self.input_shape, self.output_shape, self._batch_size = _shapes(
            _each(shape, self._x), None if y is None else _each(shape, self._y), n_classes,
            batch_size)
        self._input_dtype = _each(_type_of, self._x)
        self._output_dtype = np.float32 if y is None else _each(_type_of, self._y)
        if n_classes is not None and isinstance(y, dict):
            self._output_dtype.update(dict.fromkeys(
                set(n_classes) & set(self._output_dtype), np.float32))
        self._shuffle = shuffle
        self.random_state = np.random.RandomState(42) if random_state is None else random_state
        self.indices = self._order()
        self.offset = self.epoch = 0
        self._epoch_placeholder = None

    def _order(self):
        rows = _first(self._x).shape[0]
        return self.random_state.permutation(rows) if self._shuffle else np.arange(rows)

    @property
    def x(self):
        return self._x

    @property
    def y(self):
        return self._y

    @property
    def shuffle(self):
        return self._shuffle

    @property
    def input_dtype(self):
        return self._input_dtype

    @property
    def output_dtype(self):
        return self._output_dtype

    @property
    def batch_size(self):
        return self._batch_size

    def make_epoch_variable(self):
        """A placeholder of int32 [1], which is fed the number of the epoch."""
        self._epoch_placeholder = array_ops.placeholder(dtypes.int32, [1], name="epoch")
        return self._epoch_placeholder

    def input_builder(self):
        """(placeholders of x, placeholders of y or None)."""
        self.set_placeholders(_placeholders(self.input_shape, self._input_dtype, "input"),
                              _placeholders(self.output_shape, self._output_dtype, "output"))
        return self._input_placeholder, self._output_placeholder

    def set_placeholders(self, input_placeholder, output_placeholder):
        self._input_placeholder = input_placeholder
        self._output_placeholder = output_placeholder

    def get_feed_params(self):
        return {"epoch": self.epoch, "offset": self.offset, "batch_size": self._batch_size}

    def get_feed_dict_fn(self):
        """A function that gives the next batch as a feed_dict, or raises StopIteration."""
        return self._next

    def _next(self):
        if self.max_epochs is not None and self.epoch + 1 > self.max_epochs:
            raise StopIteration
        feed = {}
        if self._epoch_placeholder is not None:
            feed[self._epoch_placeholder.name] = [self.epoch]
        rows = self.indices[self.offset:self.offset + self._batch_size]
        _fed(feed, self._input_placeholder, _each(lambda array: _rows(array, rows), self._x))
        self.offset += self._batch_size
        if self.offset >= _first(self._x).shape[0]:
            self.indices = self._order()
            self.offset, self.epoch = 0, self.epoch + 1
        if self._output_placeholder is None:
            return feed
        if isinstance(self._y, dict):
            labels = {name: _labels(y, self.output_shape[name], self._output_dtype[name],
                                    _classes_of(self.n_classes, name), rows)
                      for name, y in self._y.items()}
        else:
            labels = _labels(self._y, self.output_shape, self._output_dtype, self.n_classes, rows)
        return _fed(feed, self._output_placeholder, labels)


def _first(arrays):
    return next(iter(arrays.values())) if isinstance(arrays, dict) else arrays


def _placeholders(shape, dtype, name):
    if isinstance(shape, dict):
        return {key: array_ops.placeholder(dtypes.as_dtype(dtype[key]), [None] + one[1:],
                                           name=f"{name}_{key}") for key, one in shape.items()}
    return None if shape is None else array_ops.placeholder(
        dtypes.as_dtype(dtype), [None] + shape[1:], name=name)


def _rows(array, rows):
    return array[rows].reshape(-1, 1) if array.ndim == 1 else array[rows]


def _fed(feed, placeholders, arrays):
    if isinstance(arrays, dict):
        feed.update({placeholders[name].name: array for name, array in arrays.items()})
    else:
        feed[placeholders.name] = arrays
    return feed


def _labels(labels, shape, dtype, n_classes, rows):
    made = np.zeros([len(rows)] + shape[1:], dtype)
    for place, row in enumerate(rows):
        _put_label(made, place, labels[row], n_classes, len(shape))
    return made


def _put_label(made, place, label, n_classes, rank):
    """A row of what is fed: a label as it is, or a 1 where its class is."""
    if n_classes is None or n_classes <= 1:
        # A label's first axes of one, as in [1] for a number, are not those of what is fed.
        made[place] = label if np.ndim(label) < rank else np.reshape(label, made.shape[1:])
    elif rank == 2:
        made[place, int(np.reshape(label, ()))] = 1
    else:
        for number, one in enumerate(label):
            made[place, number, one] = 1


class StreamingDataFeeder(DataFeeder):
    """Feeds what iterators give, until they end."""

    def __init__(self, x, y, n_classes, batch_size):
        first = next(x)
        self._x, self._y = itertools.chain([first], x), None
        output, self.n_classes = None, n_classes
        if y is not None:
            label = next(y)
            self._y = itertools.chain([label], y)
            output = _each(_shape_of_one, label)
        self.input_shape, self.output_shape, self._batch_size = _shapes(
            _each(_shape_of_one, first), output, n_classes, batch_size)
        self._input_dtype = _each(_type_of, first)
        if y is None:
            self._output_dtype = None
        elif n_classes is not None and not isinstance(label, dict) and n_classes > 0:
            self._output_dtype = np.float32
        else:
            self._output_dtype = _each(lambda one: np.asarray(one).dtype, label)

    def get_feed_params(self):
        return {"batch_size": self._batch_size}

    def _next(self):
        x = list(itertools.islice(self._x, self._batch_size))
        if not x:
            raise StopIteration
        feed = _fed({}, self._input_placeholder, _stacked(x, self.input_shape, self._input_dtype))
        if self._y is None:
            return feed
        y = list(itertools.islice(self._y, len(x)))
        if len(y) < len(x):
            raise StopIteration
        return _fed(feed, self._output_placeholder, _stacked(
            y, self.output_shape, self._output_dtype, self.n_classes))


def _shape_of_one(value):
    return [1] + list((value[0] if isinstance(value, list) else value).shape)


def _stacked(values, shape, dtype, n_classes=None):
    if isinstance(shape, dict):
        return {name: _stacked([value[name] for value in values], one, dtype[name],
                               _classes_of(n_classes, name)) for name, one in shape.items()}
    made = np.zeros([len(values)] + shape[1:], dtype)
    for place, value in enumerate(values):
        if isinstance(value, list) and made.ndim == 1:
            value = value[0]
        _put_label(made, place, value, n_classes, len(shape))
    return made
