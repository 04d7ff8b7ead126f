"""How many operations more or fewer 1.15 made of data sets and their iterators."""

from tf1gan.legacy.api import data_sets
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
    after(seeds, readers.ParallelInterleaveDataset, "__init__", 1)
    # Both were one operation, which draws as `shuffling` has it.
    after(seeds, experimental, "_maybe_shuffle_and_repeat",
          lambda dataset, num_epochs, shuffle, *_: -int(bool(shuffle) and num_epochs != 1))
    after(seeds, dataset_ops.DatasetV2, "rejection_resample", lambda this, class_func, target_dist,
          initial_dist=None, *_, **__: int(initial_dist is not None))
    # How `enumerate` and `choose_from_datasets` are split among workers; since 2.8.
    dataset_ops.apply_rewrite = lambda dataset, rewrite: dataset
    sparse_tensor.SparseTensorSpec._from_compatible_tensor_list = _as_it_was_packed
    _as_they_are(prefetching_ops._CopyToDeviceDataset)


def _as_it_was_packed(spec, packed):
    """A sparse element has the shape that came with it; since 2.3 what the data set knows of it."""
    from tensorflow.python.framework import sparse_tensor
    from tensorflow.python.ops import gen_sparse_ops
    indices, values, shape = gen_sparse_ops.deserialize_sparse(packed[0], spec.dtype)
    indices.set_shape([None, spec.shape.rank])
    shape.set_shape([spec.shape.rank])
    return sparse_tensor.SparseTensor(indices, values, shape)


def _as_they_are(kind):
    """What is copied to a device was neither optimized nor tuned."""
    today = kind.__init__

    def __init__(this, *arguments, **named):
        today(this, *arguments, **named)
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
