"""Data sets that are shuffled and repeated, in the order of 1.15's kernel.

`shuffle` right before `repeat` was one kernel, as `shuffle_and_repeat` is. It drew from one
generator, epoch after epoch; since 2.2 each epoch has a seed of its own. So the elements go through
a buffer of ours, which draws as that kernel did. An iterator that is initialized with one data set
or another (`Iterator.from_structure`) kept the two apart on 1.15, as they are today.
"""

import copy
import itertools
import operator

_ELEMENTS, _END_OF_EPOCH, _END = 0, 1, 2    # what is put into a buffer
_TOGETHER = 32      # so many elements go to Python at once, where that is all the same

NOT_PLAIN = "a data set's shuffle right before its repeat, of elements that are no plain tensors,"
TWICE = ("from its second pass on, a data set that is repeated and shuffled twice, or in another's "
         "function,")


def restore(seeds):
    """Rebuilds both, in TensorFlow's own modules."""
    from tensorflow.python.data.experimental.ops import shuffle_ops
    from tensorflow.python.data.ops import dataset_ops, iterator_ops
    from tensorflow.python.framework import tensor_util
    from tensorflow.python.util import tf_decorator
    repeat_today, fused = dataset_ops.DatasetV1.repeat, shuffle_ops._ShuffleAndRepeatDataset

    def repeat(this, count=None, *more, **named):
        today = repeat_today(this, count, *more, **named)
        shuffled = getattr(this, "_dataset", this)
        if type(shuffled).__name__ != "_ShuffleDataset" \
                or shuffled._reshuffle_each_iteration is False or count == 1:
            return today
        made = in_old_order(shuffled, count, today)
        if made is not today and not hasattr(made._variant_tensor, "_numpy"):   # in a graph
            made._variant_tensor.op._apart = today._variant_tensor
        return made

    def both(_, dataset, buffer_size, count=None, seed=None):
        today = object.__new__(fused)
        today.__init__(dataset, buffer_size, count, seed)
        made = in_old_order(today, count, today)
        # One of its own class would be initialized again.
        return dataset_ops.DatasetV1Adapter(made) if made is today else made

    def in_old_order(shuffled, count, today):
        """`today`, or where a seed fixes the order, the data set that has 1.15's."""
        pair = shuffled._seed, shuffled._seed2
        number = 1 if count is None else tensor_util.constant_value(count) \
            if tensor_util.is_tf_type(count) else count
        if all(tensor_util.constant_value(seed) == 0 for seed in pair) and (
                number is None or _is_taken(number)):
            return today
        made = _ordered(shuffled._input_dataset, shuffled._buffer_size, count, *pair, seeds)
        if made is None:
            seeds.draws_otherwise(NOT_PLAIN)
        return today if made is None else made
    def make_initializer(this, dataset, name=None):
        before, apart = seeds.count(), copy.copy(dataset)
        apart._variant_tensor_attr = _apart(dataset._variant_tensor)
        seeds.count_more(before - seeds.count())
        return initializer_today(this, apart, name)
    initializer_today = iterator_ops.Iterator.make_initializer
    iterator_ops.Iterator.make_initializer = make_initializer
    dataset_ops.DatasetV1.repeat = tf_decorator.make_decorator(repeat_today, repeat)
    fused.__new__ = staticmethod(both)


def made_of(dataset):
    """The data sets that a script has made one of."""
    dataset = getattr(dataset, "_dataset", dataset)
    ordered = getattr(dataset, "_puts_in_order", None)
    return dataset._inputs() if ordered is None else [ordered]


def is_shuffled_twice(dataset, apart, repeated=False):
    """Whether a later pass has another order than on 1.15.

    A shuffle there began its input once more than it read it, so that a shuffle below drew twice
    for each pass. One in a function had seeds for each pass over what calls it.

    Args:
      apart: whether `shuffle` and `repeat` are not one, however near.
    """
    dataset = getattr(dataset, "_dataset", dataset)
    whole = hasattr(dataset, "_puts_in_order")
    below = any(map(_draws_in_each_pass, made_of(dataset)))
    kind = type(dataset).__name__
    if (whole and apart or repeated and kind == "_ShuffleDataset") and below:
        return True
    repeated = repeated or whole or kind == "_RepeatDataset"
    return repeated and not whole and _shuffles_in_a_function(dataset) or any(
        is_shuffled_twice(each, apart, repeated) for each in made_of(dataset))


def _draws_in_each_pass(dataset):
    dataset = getattr(dataset, "_dataset", dataset)
    return _draws(dataset) or any(map(_draws_in_each_pass, made_of(dataset)))


def _draws(dataset):
    """Whether a data set is a shuffle by a seed that has another order in each pass."""
    from tensorflow.python.framework import tensor_util
    return type(dataset).__name__ == "_ShuffleDataset" \
        and dataset._reshuffle_each_iteration is not False \
        and any(tensor_util.constant_value(seed) != 0 for seed in (dataset._seed, dataset._seed2))


def _shuffles_in_a_function(dataset):
    return any(node.op.startswith("ShuffleDataset") for wrapped in dataset._functions()
               for node in wrapped.function.graph.as_graph_def().node)


def _apart(variant):
    """A data set's tensor, or where it is made of one that `repeat` here has made, another of the
    same operations that is made of what shuffles and repeats apart."""
    known = getattr(variant.op, "_apart", None)
    inputs = [_apart(each) if each.dtype == variant.dtype else each for each in variant.op.inputs]
    if known is not None or all(map(operator.is_, inputs, variant.op.inputs)):
        return variant if known is None else known
    op = variant.op
    made = op.graph._create_op_internal(op.type, inputs, name=op.name, attrs=dict(
        op.node_def.attr.items()), op_def=op.op_def)
    return made.outputs[variant.value_index]


def function_of(types, shapes, seeds):
    """What stands in a graph for the operations `shuffle` and `repeat`, or both in one.

    Args:
      types, shapes: the elements' flat parts, as the operation's attributes have them.

    Returns:
      The name of a function of (the data set's variant, buffer size, seed, second seed, count);
      its FunctionDef and those of what it calls; and what has to be kept alive with the graph. None
      of elements that no array holds.
    """
    from tensorflow.python.data.ops import dataset_ops
    from tensorflow.python.eager import def_function
    from tensorflow.python.framework import dtypes, ops, tensor
    spec = tuple(tensor.TensorSpec(shape, dtype) for shape, dtype in zip(shapes, types))
    if any(part.dtype in (dtypes.variant, dtypes.resource) for part in spec):
        return None

    def both(variant, buffer_size, seed, seed2, count):
        dataset = dataset_ops.DatasetV1Adapter(dataset_ops._VariantDataset(variant, spec))
        return _ordered(dataset, buffer_size, count, seed, seed2, seeds)._variant_tensor
    whole = [tensor.TensorSpec([], dtypes.int64)] * 4
    with ops.Graph().as_default() as graph:
        made = def_function.function(both, autograph=False).get_concrete_function(
            tensor.TensorSpec([], dtypes.variant), *whole)
        made.add_to_graph(graph)
        return made.name.decode(), list(graph.as_graph_def().library.function), (graph, made)


def _ordered(dataset, buffer_size, count, seed, seed2, seeds):
    """The data set in the kernel's order; None of elements that no array holds."""
    from tensorflow.python.data.ops import dataset_ops, map_op
    from tensorflow.python.data.util import nest
    from tensorflow.python.framework import dtypes, ops, tensor
    from tensorflow.python.ops import array_ops, script_ops
    spec = dataset_ops.get_structure(dataset)
    flat = nest.flatten(spec)
    if not all(type(part) is tensor.TensorSpec for part in flat):
        return None
    types = [part.dtype for part in flat]
    graph = ops.get_default_graph()
    before = len(graph.get_operations())
    together = _TOGETHER if all(part.shape.is_fully_defined() for part in flat) \
        and not _calls_python(dataset) else 1

    def marker(kind):
        sizes = [[0] + [size or 0 for size in part.shape.as_list()] if part.shape.rank else [0]
                 for part in flat]
        return dataset_ops.DatasetV1.from_tensors((
            ops.convert_to_tensor(kind, dtypes.int64),
            *(array_ops.zeros(size, dtype) for size, dtype in zip(sizes, types))))

    def elements(*parts):
        parts = nest.flatten(parts)
        return (ops.convert_to_tensor(_ELEMENTS, dtypes.int64),
                *(parts if together > 1 else [array_ops.expand_dims(each, 0) for each in parts]))

    def repeated(dataset, count):
        return dataset_ops.DatasetV2.repeat(dataset, count)

    def mapped(dataset, function):
        # Where it is read: a call of Python gains nothing by another thread.
        return dataset_ops.DatasetV1Adapter(map_op._MapDataset(
            dataset, function, preserve_cardinality=False, use_inter_op_parallelism=False))

    def one_iterator(buffer_size, seed, seed2, number):
        key = script_ops.py_func(_new, [buffer_size, seed, seed2, number,
                                        ops.convert_to_tensor(together, dtypes.int64)],
                                 dtypes.int64, stateful=True)

        def through(kind, *parts):
            goes_on, *given = script_ops.py_func(_put, [key, kind, *parts],
                                                 [dtypes.bool] + types, stateful=True)
            goes_on.set_shape([])
            for each, known in zip(given, flat):
                each.set_shape(known.shape.__class__([None]).concatenate(known.shape))
            return (goes_on, *given)
        grouped = dataset.batch(together) if together > 1 else dataset
        epochs = repeated(mapped(grouped, elements).concatenate(marker(_END_OF_EPOCH)), count)
        groups = mapped(epochs.concatenate(repeated(marker(_END), None)), through).take_while(
            lambda goes_on, *_: goes_on)
        if together > 1:
            return mapped(
                groups, lambda _, *parts: nest.pack_sequence_as(spec, parts)).unbatch()
        # That is for elements of one shape.
        return mapped(groups.filter(lambda _, *parts: array_ops.shape(parts[0])[0] > 0),
                      lambda _, *parts: nest.pack_sequence_as(
                          spec, [array_ops.squeeze(part, [0]) for part in parts]))
    made = dataset_ops.DatasetV1.from_tensors((
        buffer_size, seed, seed2, ops.convert_to_tensor(
            -1 if count is None else count, dtypes.int64))).flat_map(one_iterator)
    made._dataset._puts_in_order = dataset
    seeds.count_more(before - len(graph.get_operations()))
    return made


def _calls_python(dataset):
    """Whether Python may give a data set's elements, and see how far they are read ahead."""
    if type(dataset).__name__ == "_VariantDataset":     # made elsewhere
        return True
    for wrapped in dataset._functions():
        made = wrapped.function.graph.as_graph_def()
        bodies = [made.node] + [function.node_def for function in made.library.function]
        if any("PyFunc" in node.op or node.op == "GeneratorDataset"
               for body in bodies for node in body):
            return True
    return any(map(_calls_python, dataset._inputs()))


# -- The buffer, which lives in Python -------------------------------------------------------

_buffers, _keys = {}, itertools.count()     # of the iterators that are open: key -> _Buffer


def _new(size, seed, seed2, count, most):
    import numpy as np
    if not _is_taken(count):        # an InvalidArgumentError where it is read
        raise ValueError(f"shuffle and repeat as one: count must be above zero, or -1: {count}")
    key = next(_keys)
    _buffers[key] = _Buffer(int(size), int(seed), int(seed2), int(most))
    return np.int64(key)


def _put(key, kind, *parts):
    """(Whether there is more to come, the elements that come out, as arrays of them)."""
    import numpy as np
    buffer = _buffers[int(key)]
    if kind == _ELEMENTS:
        given = buffer.put(zip(*parts))
    elif kind == _END_OF_EPOCH:
        given = buffer.end_epoch()
    else:
        given = buffer.empty()
    if given is None:
        del _buffers[int(key)]
        return (np.bool_(False), *parts)
    if not given:
        return (np.bool_(True), *(part[:0] for part in parts))
    return (np.bool_(True), *map(_array, zip(*given), (part.dtype for part in parts)))


def _array(rows, dtype):
    import numpy as np
    if dtype.kind != "O":
        return np.stack(rows).astype(dtype, copy=False)
    made = np.empty((len(rows), *np.shape(rows[0])), object)
    for place, row in enumerate(rows):
        made[place] = row
    return made


def _is_taken(count):
    """Whether the kernel took a number of epochs: `repeat` alone takes none, too."""
    return count > 0 or count == -1


class _Buffer:
    """Fills up, then gives one element for each that it takes.

    Elements of two epochs may be in it: one is given from the earlier epoch while there is any.
    """

    def __init__(self, size, seed, seed2, most):
        self._size, self._drawn, self._most = size, _drawn(seed, seed2), most
        self._places, self._held = {}, 0
        self._epochs = [[0, 0]]     # of each epoch here: its first element, and past its last
        self._seen = False

    def put(self, elements):
        """Takes elements. Returns those that come out."""
        last, given = self._epochs[-1], []
        for element in elements:
            # A row of an array would keep the array.
            self._places[last[1] % self._size] = tuple(
                part.copy() if hasattr(part, "copy") else part for part in element)
            last[1] += 1
            self._held += 1
            if self._held == self._size or self._has_a_whole_epoch():
                given.append(self._give())
        self._seen = self._seen or last[1] > 0
        return given

    def end_epoch(self):
        """Notes an end. Returns no elements; None after nothing, which has no end of epochs."""
        end = self._epochs[-1][1]
        self._epochs.append([end, end])
        return [] if self._seen else None

    def empty(self):
        """Some of the elements that are left; None where none is."""
        return [self._give() for _ in range(min(self._held, self._most))] or None

    def _has_a_whole_epoch(self):
        """Whether the next element is one of an epoch that is all here.

        The kernel fills up first, with later epochs, which changes nothing of what it gives: the
        buffer may be a thousand times as large as the data set.
        """
        return any(first < end for first, end in self._epochs[:-1])

    def _give(self):
        while self._epochs[0][0] == self._epochs[0][1]:
            self._epochs.pop(0)
        epoch = self._epochs[0]
        chosen = (epoch[0] + next(self._drawn) % (epoch[1] - epoch[0])) % self._size
        first = epoch[0] % self._size
        element, self._places[chosen] = self._places[chosen], self._places[first]
        del self._places[first]
        epoch[0] += 1
        self._held -= 1
        return element


def _drawn(seed, seed2):
    """The numbers of TensorFlow's generator, Philox 4x32 in ten rounds, 32 bits each."""
    for first in itertools.count(0, 256):
        yield from _philox(seed, seed2, first, 256).tolist()


def _philox(seed, seed2, first, blocks):
    import numpy as np
    low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    place = np.arange(first, first + blocks, dtype=np.uint64)
    words = [place & low, place >> half] + [
        np.full(blocks, (seed2 >> shift) & 0xFFFFFFFF, np.uint64) for shift in (0, 32)]
    keys = [(seed >> shift) & 0xFFFFFFFF for shift in (0, 32)]
    for _ in range(10):
        one, two = np.uint64(0xD2511F53) * words[0], np.uint64(0xCD9E8D57) * words[2]
        words = [(two >> half) ^ words[1] ^ np.uint64(keys[0]), two & low,
                 (one >> half) ^ words[3] ^ np.uint64(keys[1]), one & low]
        keys = [(key + more) & 0xFFFFFFFF for key, more in zip(keys, (0x9E3779B9, 0xBB67AE85))]
    return np.stack(words, 1).ravel()


