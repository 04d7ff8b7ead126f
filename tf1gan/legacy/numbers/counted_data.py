"""How many operations more or fewer 1.15 made of data sets and their iterators."""

from tf1gan import process
from tf1gan.legacy.api import data_sets
from tf1gan.legacy.numbers import shuffling
from tf1gan.legacy.numbers.counts import after


def count(seeds):
    """What data sets are made of, whichever of tf.data and tf.contrib.data makes them."""
    from tensorflow.python.data.experimental.ops import prefetching_ops, readers as experimental
    from tensorflow.python.data.ops import dataset_ops, interleave_op, readers
    from tensorflow.python.framework import sparse_tensor
    # The dataset was optimized and modelled by operations of the graph, and options were none.
    after(seeds, dataset_ops.DatasetV1, "_make_initializable_iterator",
          lambda this, *_, **__: data_sets.tuning_operations(this))
    after(seeds, dataset_ops.DatasetV1, "with_options", -1)
    after(seeds, experimental.CsvDatasetV2, "__init__", -1)
    # What is read ahead was no input of `interleave`, and `sloppy` was one of the older operation.
    after(seeds, interleave_op._ParallelInterleaveDataset, "__init__", -2)
    _as_many_as_processors(interleave_op._ParallelInterleaveDataset)
    after(seeds, readers.ParallelInterleaveDataset, "__init__", 1)
    # How `enumerate` and `choose_from_datasets` are split among workers; since 2.8. The name of
    # that began with `_` until 2.20.
    dataset_ops.apply_rewrite = dataset_ops._apply_rewrite = lambda dataset, rewrite: dataset
    sparse_tensor.SparseTensorSpec._from_compatible_tensor_list = _as_it_was_packed
    _as_they_are(prefetching_ops._CopyToDeviceDataset, seeds)
    _shuffled_and_repeated(experimental)
    _classes_first(dataset_ops.DatasetV2, seeds)


def _as_many_as_processors(kind):
    """How many are read in turn, where that is left open; since 2.2 what is asked for calls."""
    today = kind.__init__

    def __init__(this, dataset, function, cycle_length, block_length, num_parallel_calls, *more,
                 **named):
        if isinstance(num_parallel_calls, int) and num_parallel_calls > 0 and cycle_length == -1:
            cycle_length = process.cores()
        today(this, dataset, function, cycle_length, block_length, num_parallel_calls, *more,
              **named)
    kind.__init__ = __init__


def _shuffled_and_repeated(readers):
    """Files' records were shuffled and repeated by one operation, whose seed came after both."""
    from tensorflow.python.data.experimental.ops import shuffle_ops
    today = readers._maybe_shuffle_and_repeat

    def made(dataset, num_epochs, shuffle, shuffle_buffer_size, shuffle_seed):
        if shuffle and num_epochs != 1:
            return dataset.apply(shuffle_ops.shuffle_and_repeat(
                shuffle_buffer_size, num_epochs, shuffle_seed))
        return today(dataset, num_epochs, shuffle, shuffle_buffer_size, shuffle_seed)
    readers._maybe_shuffle_and_repeat = made


def _classes_first(kind, seeds):
    """The classes were a data set from the start, with an initial distribution, too.

    What was sampled from several data sets went on until all had ended.
    """
    from tensorflow.python.data.ops import sample_from_datasets_op
    today, sampled = kind.rejection_resample, sample_from_datasets_op._sample_from_datasets

    def sample(datasets, weights=None, seed=None, stop_on_empty_dataset=False, *more, **named):
        return sampled(datasets, weights, seed, False, *more, **named)

    def rejection_resample(this, class_func, target_dist, initial_dist=None, *more, **named):
        seeds.count_more(int(initial_dist is not None))
        return today(this, class_func, target_dist, initial_dist, *more, **named)
    kind.rejection_resample = rejection_resample
    sample_from_datasets_op._sample_from_datasets = sample


def _as_it_was_packed(spec, packed):
    """A sparse element has the shape that came with it; since 2.3 what the data set knows of it."""
    from tensorflow.python.framework import sparse_tensor
    from tensorflow.python.ops import gen_sparse_ops
    indices, values, shape = gen_sparse_ops.deserialize_sparse(packed[0], spec.dtype)
    indices.set_shape([None, spec.shape.rank])
    shape.set_shape([spec.shape.rank])
    return sparse_tensor.SparseTensor(indices, values, shape)


def _as_they_are(kind, seeds):
    """What is copied to a device was neither optimized nor tuned."""
    today = kind.__init__

    def __init__(this, dataset, *arguments, **named):
        today(this, shuffling.kept_apart(dataset, seeds), *arguments, **named)
        untouched(this)
    kind.__init__ = __init__


def untouched(dataset):
    """Gives a data set the Options of those that 1.15 did not optimize."""
    from tensorflow.python.data.ops import dataset_ops
    options = dataset_ops.options_lib.Options()
    options.experimental_optimization.apply_default_optimizations = False
    options.experimental_optimization.autotune = False
    dataset._options_attr = dataset._options_attr.merge(options)
    return dataset
