"""Data sets that are shuffled and repeated, in the order of 1.15's kernel.

`shuffle` right before `repeat` was one kernel, as `shuffle_and_repeat` is. It drew from one
generator, epoch after epoch; since 2.2 each epoch has a seed of its own. So the elements go through
a buffer of ours, which draws as that kernel did. An iterator that is initialized with one data set
or another (`Iterator.from_structure`) kept the two apart on 1.15, as they are today.
"""

import copy
import operator

from tf1gan.legacy.numbers import shuffle_buffer
from tf1gan.legacy.numbers.shuffle_buffer import ELEMENTS, END, END_OF_EPOCH, is_taken

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
                number is None or is_taken(number)):
            return today
        made = _ordered(shuffled._input_dataset, shuffled._buffer_size, count, *pair, seeds)
        if made is None:
            seeds.draws_otherwise(NOT_PLAIN)
        return today if made is None else made

    def make_initializer(this, dataset, name=None):
        return initializer_today(this, kept_apart(dataset, seeds), name)
    initializer_today = iterator_ops.Iterator.make_initializer
    iterator_ops.Iterator.make_initializer = make_initializer
    dataset_ops.DatasetV1.repeat = tf_decorator.make_decorator(repeat_today, repeat)
    fused.__new__ = staticmethod(both)


def made_of(dataset):
    """The data sets that a script has made one of."""
    dataset = getattr(dataset, "_dataset", dataset)
    ordered = getattr(dataset, "_puts_in_order", None)
    return dataset._inputs() if ordered is None else [ordered]


def is_shuffled(dataset):
    """Whether a data set is shuffled anywhere."""
    dataset = getattr(dataset, "_dataset", dataset)
    return hasattr(dataset, "_puts_in_order") or "Shuffle" in type(dataset).__name__ \
        or _shuffles_in_a_function(dataset) or any(map(is_shuffled, made_of(dataset)))


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
    return any(kind.startswith("ShuffleDataset") for kind in types_within(dataset))


def types_within(dataset, and_called=False):
    """The types of the operations in a data set's own functions, or in what those call, too."""
    types = set()
    for wrapped in dataset._functions():
        graph = getattr(wrapped.function, "graph", None)
        if graph is None:               # of map_with_legacy_function
            types.update(node.op for node in wrapped.function.definition.node_def)
            continue
        types.update(operation.type for operation in graph.get_operations())
        if and_called:
            types.update(node.op for function in graph.as_graph_def().library.function
                         for node in function.node_def)
    return types


def kept_apart(dataset, seeds):
    """The same data set, in which what shuffles and what repeats are two."""
    before, made = seeds.count(), copy.copy(dataset)
    made._variant_tensor_attr = _apart(dataset._variant_tensor)
    seeds.count_more(before - seeds.count())
    return made


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
    from tensorflow.python.data.ops import dataset_ops, from_generator_op, map_op
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
        return (ops.convert_to_tensor(ELEMENTS, dtypes.int64),
                *(parts if together > 1 else [array_ops.expand_dims(each, 0) for each in parts]))

    def repeated(dataset, count):
        return dataset_ops.DatasetV2.repeat(dataset, count)

    def mapped(dataset, function):
        # Where it is read: a call of Python gains nothing by another thread.
        return dataset_ops.DatasetV1Adapter(map_op._MapDataset(
            dataset, function, preserve_cardinality=False, use_inter_op_parallelism=False))

    def begin(*given):
        key = script_ops.py_func(
            shuffle_buffer.new, [*given, ops.convert_to_tensor(together, dtypes.int64)],
            dtypes.int64, stateful=True)
        key.set_shape([])
        return key

    def end(key):
        return script_ops.py_func(shuffle_buffer.drop, [key], dtypes.int64, stateful=True)

    def one_iterator(key):
        def through(kind, *parts):
            goes_on, *given = script_ops.py_func(shuffle_buffer.put, [key, kind, *parts],
                                                 [dtypes.bool] + types, stateful=True)
            goes_on.set_shape([])
            for each, known in zip(given, flat):
                each.set_shape(known.shape.__class__([None]).concatenate(known.shape))
            return (goes_on, *given)
        grouped = dataset.batch(together) if together > 1 else dataset
        epochs = repeated(mapped(grouped, elements).concatenate(marker(END_OF_EPOCH)), count)
        groups = mapped(epochs.concatenate(repeated(marker(END), None)), through).take_while(
            lambda goes_on, *_: goes_on)
        if together > 1:
            return mapped(
                groups, lambda _, *parts: nest.pack_sequence_as(spec, parts)).unbatch()
        # That is for elements of one shape.
        return mapped(groups.filter(lambda _, *parts: array_ops.shape(parts[0])[0] > 0),
                      lambda _, *parts: nest.pack_sequence_as(
                          spec, [array_ops.squeeze(part, [0]) for part in parts]))
    # Of one element, which lives as long as the iterator.
    keys = from_generator_op._GeneratorDataset(
        (buffer_size, seed, seed2, ops.convert_to_tensor(
            -1 if count is None else count, dtypes.int64)),
        begin, lambda key: key, end, tensor.TensorSpec([], dtypes.int64))
    made = dataset_ops.DatasetV1Adapter(keys).take(1).flat_map(one_iterator)
    made._dataset._puts_in_order = dataset
    seeds.count_more(before - len(graph.get_operations()))
    return made


def _calls_python(dataset):
    """Whether Python may give a data set's elements, and see how far they are read ahead."""
    if type(dataset).__name__ == "_VariantDataset":     # made elsewhere
        return True
    if any("PyFunc" in kind or kind == "GeneratorDataset"
           for kind in types_within(dataset, and_called=True)):
        return True
    return any(map(_calls_python, dataset._inputs()))
