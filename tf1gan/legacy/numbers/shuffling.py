"""Data sets that are shuffled and repeated, in the order of 1.15's kernel.

`shuffle` right before `repeat` was one kernel, as `shuffle_and_repeat` is. It drew from one
generator, epoch after epoch; since 2.2 each epoch has a seed of its own. So the elements go through
a buffer of ours, which draws as that kernel did. An iterator that is initialized with one data set
or another (`Iterator.from_structure`) kept the two apart on 1.15, as they are today.
"""

import copy
import itertools
import operator

_ELEMENT, _END_OF_EPOCH, _END = 0, 1, 2     # what is put into a buffer
_NOTHING, _ONE, _NO_MORE = 0, 1, 2          # what comes out

NOT_PLAIN = "a data set's shuffle right before its repeat, of elements that are no plain tensors,"


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
        if made is not today:
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
        if all(tensor_util.constant_value(seed) == 0 for seed in pair):
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
    from tensorflow.python.data.ops import dataset_ops
    from tensorflow.python.data.util import nest, structure
    from tensorflow.python.framework import dtypes, ops, tensor
    from tensorflow.python.ops import array_ops, math_ops, script_ops
    spec = dataset_ops.get_structure(dataset)
    flat = nest.flatten(spec)
    if not all(type(part) is tensor.TensorSpec for part in flat):
        return None
    types = [part.dtype for part in flat]
    graph = ops.get_default_graph()
    before = len(graph.get_operations())

    def marker(kind):
        sizes = [[size or 0 for size in part.shape.as_list()] if part.shape.rank else []
                 for part in flat]
        return dataset_ops.DatasetV1.from_tensors((
            ops.convert_to_tensor(kind, dtypes.int64),
            *(array_ops.zeros(size, dtype) for size, dtype in zip(sizes, types))))

    def elements(*parts):
        parts = parts[0] if not isinstance(spec, tuple) else parts
        return (ops.convert_to_tensor(_ELEMENT, dtypes.int64),
                *structure.to_tensor_list(spec, parts))

    def repeated(dataset, count):
        return dataset_ops.DatasetV2.repeat(dataset, count)

    def one_iterator(buffer_size, seed, seed2):
        key = script_ops.py_func(_new, [buffer_size, seed, seed2], dtypes.int64, stateful=True)

        def through(kind, *parts):
            status, *given = script_ops.py_func(_put, [key, kind, *parts], [dtypes.int64] + types,
                                                stateful=True)
            for part, known in zip([status] + given, [tensor.TensorSpec([])] + flat):
                part.set_shape(known.shape)
            return (status, *given)
        epochs = repeated(dataset.map(elements).concatenate(marker(_END_OF_EPOCH)), count)
        return epochs.concatenate(repeated(marker(_END), None)).map(through).take_while(
            lambda status, *_: math_ops.not_equal(status, _NO_MORE)).filter(
                lambda status, *_: math_ops.equal(status, _ONE))

    def back(_, *parts):
        return structure.from_compatible_tensor_list(spec, list(parts))
    made = dataset_ops.DatasetV1.from_tensors((buffer_size, seed, seed2)).flat_map(
        one_iterator).map(back)
    seeds.count_more(before - len(graph.get_operations()))
    return made


# -- The buffer, which lives in Python -------------------------------------------------------

_buffers, _keys = {}, itertools.count()     # of the iterators that are open: key -> _Buffer


def _new(size, seed, seed2):
    import numpy as np
    key = next(_keys)
    _buffers[key] = _Buffer(int(size), int(seed), int(seed2))
    return np.int64(key)


def _put(key, kind, *parts):
    import numpy as np
    status, element = _buffers[int(key)].put(int(kind), parts)
    if status == _NO_MORE:
        del _buffers[int(key)]
    return (np.int64(status), *element)


class _Buffer:
    """Fills up, then gives one element for each that it takes.

    Elements of two epochs may be in it: one is given from the earlier epoch while there is any.
    """

    def __init__(self, size, seed, seed2):
        self._size, self._drawn = size, _drawn(seed, seed2)
        self._places, self._held = {}, 0
        self._epochs = [[0, 0]]     # of each epoch here: its first element, and past its last
        self._seen = False

    def put(self, kind, element):
        """Takes an element, or notes an end. Returns (what comes out, an element)."""
        if kind == _ELEMENT:
            last = self._epochs[-1]
            self._places[last[1] % self._size] = element
            last[1] += 1
            self._held += 1
            self._seen = True
            is_due = self._held == self._size or self._has_a_whole_epoch()
            return self._give(element) if is_due else (_NOTHING, element)
        if kind == _END_OF_EPOCH:
            end = self._epochs[-1][1]
            self._epochs.append([end, end])
            # Of nothing, there is no end of epochs.
            return _NOTHING if self._seen else _NO_MORE, element
        return self._give(element) if self._held else (_NO_MORE, element)

    def _has_a_whole_epoch(self):
        """Whether the next element is one of an epoch that is all here.

        The kernel fills up first, with later epochs, which changes nothing of what it gives: the
        buffer may be a thousand times as large as the data set.
        """
        return any(first < end for first, end in self._epochs[:-1])

    def _give(self, _):
        while self._epochs[0][0] == self._epochs[0][1]:
            self._epochs.pop(0)
        epoch = self._epochs[0]
        chosen = (epoch[0] + next(self._drawn) % (epoch[1] - epoch[0])) % self._size
        first = epoch[0] % self._size
        element, self._places[chosen] = self._places[chosen], self._places[first]
        del self._places[first]
        epoch[0] += 1
        self._held -= 1
        return _ONE, element


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


