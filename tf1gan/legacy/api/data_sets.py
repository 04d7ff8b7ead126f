"""Data sets: 1.15's Options, and small elements and cheap functions, computed where they are read.

TensorFlow 2 hands every element's function to other threads, makes a `map` parallel by itself, and
measures all of it for tuning. Where an element is a few hundred numbers that are scaled, that takes
several times as long as the function, and longer than 1.15 took. What a script has made parallel
itself, or has set Options for, stays as it is; so do large elements and functions that decode, read
or call Python.
"""

import types

from tf1gan.legacy.numbers import shuffling

LARGEST = 2 ** 15       # numbers that an element may have, of known shape
# Operations of single numbers and of shapes: all that such a function may have.
_CHEAP = frozenset("""
    Abs Add AddN AddV2 All Any ArgMax Cast Ceil ConcatV2 Const DecodeCSV DecodeRaw Equal Exp
    ExpandDims Fill Floor FloorDiv FloorMod GatherV2 Greater GreaterEqual Identity IdentityN
    Less LessEqual Log LogicalAnd LogicalNot LogicalOr Max Maximum Mean Min Minimum Mul Neg NoOp
    NotEqual OneHot OnesLike Pack ParseSingleExample Placeholder Pow RandomStandardNormal
    RandomUniform RandomUniformInt Range RealDiv Relu Reshape ReverseV2 Rsqrt SelectV2 Shape
    Sigmoid Size Slice Split Sqrt Square Squeeze StopGradient StridedSlice StringToNumber Sub
    Sum Tanh Transpose TruncatedNormal TruncateDiv Unpack ZerosLike""".split())
_CHEAP_SETS = frozenset("""
    BatchDataset CacheDataset ConcatenateDataset FilterDataset FixedLengthRecordDatasetV2
    MapDataset PaddedBatchDataset PrefetchDataset RangeDataset RepeatDataset ShuffleDataset
    SkipDataset TakeDataset TensorDataset TensorSliceDataset TextLineDatasetV2 TFRecordDatasetV2
    UnbatchDataset ZipDataset""".split())


def restore(seeds):
    """Does both in TensorFlow's own modules."""
    _old_options()
    _read_directly(seeds)


def _read_directly(seeds):
    """Has an iterator of such a data set compute where it is read."""
    from tensorflow.python.data.ops import dataset_ops, iterator_ops
    from tensorflow.python.eager import context
    apply_today = dataset_ops.DatasetV2._apply_debug_options
    initializer_today = iterator_ops.Iterator.make_initializer

    def direct(dataset, apart=False):
        if context.executing_eagerly():
            return dataset
        if not apart and _takes_variables(dataset):
            apart, dataset = True, shuffling.kept_apart(dataset, seeds)
        if shuffling.is_shuffled_twice(dataset, apart):
            seeds.draws_otherwise(shuffling.TWICE)
        if not _is_cheap(dataset):
            return dataset
        _compute_where_read(dataset)
        before, options = seeds.count(), dataset_ops.options_lib.Options()
        options.autotune.enabled = False
        made = dataset_ops._OptionsDataset(dataset, options)
        seeds.count_more(before - seeds.count())
        return made

    def apply(this):
        return direct(apply_today(this))

    def make_initializer(this, dataset, name=None):
        return initializer_today(this, direct(dataset, apart=True), name)
    dataset_ops.DatasetV2._apply_debug_options = apply
    iterator_ops.Iterator.make_initializer = make_initializer


def _parts(dataset):
    """A data set and all that it is made of; what is put in order (`shuffling`) stands for that."""
    dataset = getattr(dataset, "_dataset", dataset)
    if not hasattr(dataset, "_puts_in_order"):
        yield dataset
    for each in shuffling.made_of(dataset):
        yield from _parts(each)


def _is_cheap(dataset):
    return all(type(part).__name__.lstrip("_") in _CHEAP_SETS and _is_cheap_alone(part)
               for part in _parts(dataset))


def _is_cheap_alone(part):
    types = shuffling.types_within(part)
    return not types or all(map(_is_small, [part, *part._inputs()])) and types <= _CHEAP


def _is_small(dataset):
    from tensorflow.python.data.util import nest
    from tensorflow.python.framework import tensor
    parts = nest.flatten(dataset.element_spec)
    return all(type(part) is tensor.TensorSpec and part.shape.is_fully_defined()
               for part in parts) and sum(part.shape.num_elements() for part in parts) <= LARGEST


def _takes_variables(dataset):
    """Whether a function takes what is computed of a variable that is no resource.

    1.15 optimized no such data set: `shuffle` and `repeat`, too, were two operations in it.
    """
    seen = set()
    waiting = [given for part in _parts(dataset) for wrapped in part._functions()
               for given in wrapped.function.captured_inputs]
    while waiting:
        tensor = waiting.pop()
        if tensor.dtype._is_ref_dtype:
            return True
        if tensor.op not in seen:
            seen.add(tensor.op)
            waiting.extend(tensor.op.inputs)
    return False


def _compute_where_read(dataset):
    from tensorflow.core.framework import attr_value_pb2
    for part in _parts(dataset):
        op = part._variant_tensor.op
        # Once: it must not be changed any more when a session has run it.
        if op.type == "MapDataset" and op.get_attr("use_inter_op_parallelism"):
            op._set_attr("use_inter_op_parallelism", attr_value_pb2.AttrValue(b=False))


# -- Options -----------------------------------------------------------------------------------

def _old_options():
    """Those that are gone. They were about speed, so that they do nothing here but be counted."""
    from tensorflow.python.data.ops import options as today
    from tensorflow.python.data.util import options as util

    def add(owner, **kinds):
        for name, kind in kinds.items():
            if not hasattr(owner, name):
                made = (kind,) if issubclass(kind, util.OptionsBase) else ()
                setattr(owner, name, util.create_option(name, kind, "Of 1.15.", *made))
    today.logging = types.SimpleNamespace(warning=lambda *_: None)      # of names that are 1.15's
    stats, vectorization = (type(name, (util.OptionsBase,), {"_to_proto": None}) for name in (
        "StatsOptions", "MapVectorizationOptions"))
    add(stats, aggregator=object, prefix=str, counter_prefix=str, latency_all_edges=bool)
    add(vectorization, enabled=bool, use_choose_fastest=bool)
    add(today.OptimizationOptions, autotune=bool, autotune_algorithm=int, autotune_buffers=bool,
        autotune_cpu_budget=int, filter_with_random_uniform_fusion=bool,
        hoist_random_uniform=bool, map_vectorization=vectorization)
    add(today.DistributeOptions, auto_shard=bool)
    add(today.Options, experimental_stats=stats, experimental_stateful_whitelist=list)


def tuning_operations(dataset):
    """How many operations 1.15's initializable iterator made of a data set's Options."""
    options = dataset.options()
    optimizations = options.experimental_optimization
    chosen = optimizations.apply_default_optimizations is not False or any(
        getattr(optimizations, name) for name in (
            "filter_fusion", "filter_with_random_uniform_fusion", "hoist_random_uniform",
            "map_and_batch_fusion", "map_and_filter_fusion", "map_fusion", "map_parallelization",
            "noop_elimination", "parallel_batch", "shuffle_and_repeat_fusion")) \
        or optimizations.map_vectorization.enabled
    chosen = chosen and not _takes_variables(dataset)
    threads = options.threading
    return (2 * bool(chosen) + (optimizations.autotune is not False)
            + 2 * (threads.max_intra_op_parallelism is not None)
            + 2 * (threads.private_threadpool_size is not None))
