"""`tf.contrib.data`, most of which is `tf.data.experimental`'s today."""

from tf1gan.legacy.numbers import counted_data

DROPPED = "2.0"
GIVES = """
AUTOTUNE Counter CsvDataset LMDBDataset Optional RandomDataset Reducer SqlDataset TFRecordWriter
assert_element_shape batch_and_drop_remainder bucket_by_sequence_length choose_from_datasets
copy_to_device dense_to_sparse_batch enumerate_dataset get_next_as_optional get_single_element
group_by_reducer group_by_window ignore_errors make_batched_features_dataset make_csv_dataset
make_saveable_from_iterator map_and_batch padded_batch_and_drop_remainder parallel_interleave
parse_example_dataset prefetch_to_device read_batch_features reduce_dataset rejection_resample
sample_from_datasets scan shuffle_and_repeat sliding_window_batch sloppy_interleave unbatch unique
"""
NEEDS = ()
PATHS = ("python.ops",) + tuple(f"python.ops.{name}" for name in (
    "batching", "counter", "enumerate_ops", "error_ops", "get_single_element", "grouping",
    "interleave_ops", "iterator_ops", "prefetching_ops", "random_ops", "readers", "resampling",
    "scan_ops", "shuffle_ops", "sliding", "unique", "writers"))
REFUSED = {"CheckpointInputPipelineHook": "make_saveable_from_iterator saves an iterator with "
                                          "tf.train.Saver"}


def make(given):
    import numpy as np
    tf, seeds = given.tf, given.seeds
    today = tf.data.experimental
    names = {name: getattr(today, name) for name in GIVES.split() if hasattr(today, name)}
    names.update(
        batch_and_drop_remainder=lambda batch_size: (
            lambda dataset: dataset.batch(batch_size, drop_remainder=True)),
        padded_batch_and_drop_remainder=_padded_batch, assert_element_shape=_assert_shape,
        reduce_dataset=lambda dataset, reducer: dataset.reduce(
            reducer.init_func(np.int64(0)), reducer.reduce_func),
        sloppy_interleave=lambda map_func, cycle_length, block_length=1: (
            names["parallel_interleave"](map_func, cycle_length, block_length, sloppy=True)),
        sliding_window_batch=_sliding_window, LMDBDataset=_lmdb,
        prefetch_to_device=_on_a_cpu(today.prefetch_to_device, seeds),
        read_batch_features=lambda file_pattern, batch_size, features, reader=(
            tf.data.TFRecordDataset), reader_args=None, randomize_input=True, num_epochs=None,
        capacity=10000: today.make_batched_features_dataset(
            file_pattern, batch_size, features, reader=reader, reader_args=reader_args,
            shuffle=randomize_input, num_epochs=num_epochs, shuffle_buffer_size=capacity,
        ).make_one_shot_iterator().get_next())
    return names


def _padded_batch(batch_size, padded_shapes, padding_values=None):
    return lambda dataset: dataset.padded_batch(batch_size, padded_shapes, padding_values,
                                                drop_remainder=True)


def _assert_shape(expected_shapes):
    """Elements whose shapes are made sure of: now, where they are known, or when they come."""
    from tensorflow.python.data.util import nest
    from tensorflow.python.framework import ops, tensor_shape
    from tensorflow.python.ops import array_ops, check_ops, control_flow_assert, math_ops

    def checked(shape, value):
        shape = tensor_shape.as_shape(shape)
        value.shape.assert_is_compatible_with(shape)
        if shape.rank is None or value.shape.merge_with(shape).is_fully_defined() \
                and value.shape.is_fully_defined():
            return value
        asserts = [check_ops.assert_rank(value, shape.rank)]
        asserts += [control_flow_assert.Assert(math_ops.equal(
            array_ops.shape(value)[axis], size),
            [f"the shape of an element is not {shape}"])
            for axis, size in enumerate(shape.as_list()) if size is not None]
        with ops.control_dependencies(asserts):
            value = array_ops.identity(value)
        value.set_shape(shape)
        return value

    def check(*elements):
        flat = [checked(shape, value) for shape, value in zip(
            nest.flatten_up_to(elements, expected_shapes if len(elements) > 1 or isinstance(
                expected_shapes, tuple) else (expected_shapes,)), nest.flatten(elements))]
        packed = nest.pack_sequence_as(elements, flat)
        return packed if len(packed) > 1 else packed[0]
    return lambda dataset: dataset.map(check)


def _sliding_window(window_size, stride=None, window_shift=None, window_stride=1):
    """Windows of as many elements in a batch; none that is not whole."""
    from tensorflow.python.data.ops import dataset_ops
    from tensorflow.python.data.util import nest
    from tensorflow.python.framework import dtypes, ops
    from tensorflow.python.ops import gen_experimental_dataset_ops
    if stride is not None and window_shift is not None:
        raise ValueError("`stride` is `window_shift` by another name: give one.")

    class Windows(dataset_ops.UnaryDataset):
        def __init__(self, dataset):
            self._spec = nest.map_structure(lambda part: part._batch(None),
                                            dataset_ops.get_structure(dataset))
            sizes = [ops.convert_to_tensor(size, dtypes.int64) for size in (
                window_size, window_shift or stride or 1, window_stride)]
            super().__init__(dataset, gen_experimental_dataset_ops.sliding_window_dataset(
                dataset._variant_tensor, *sizes, **self._flat_structure))

        @property
        def element_spec(self):
            return self._spec
    return lambda dataset: dataset_ops.DatasetV1Adapter(Windows(dataset))


def _lmdb(filenames):
    """Keys and values of LMDB files."""
    from tensorflow.python.data.ops import dataset_ops
    from tensorflow.python.framework import dtypes, ops, tensor
    from tensorflow.python.ops import gen_experimental_dataset_ops

    class LMDBDataset(dataset_ops.DatasetSource):
        element_spec = (tensor.TensorSpec([], dtypes.string), tensor.TensorSpec([], dtypes.string))

        def __init__(self):
            super().__init__(gen_experimental_dataset_ops.lmdb_dataset(
                ops.convert_to_tensor(filenames, dtypes.string), **self._flat_structure))
    return dataset_ops.DatasetV1Adapter(LMDBDataset())


def _on_a_cpu(today, seeds):
    """Data is prefetched onto a GPU; where there is none, as it is on 1.15, it is in place."""
    def prefetch_to_device(device, buffer_size=None):
        from tensorflow.python.framework import config
        if config.list_logical_devices("GPU"):
            return today(device, buffer_size)

        def in_place(dataset):
            seeds.count_more(3)             # what copies
            made = dataset.prefetch(1 if buffer_size is None else buffer_size)
            counted_data.untouched(made._dataset)
            return made
        return in_place
    return prefetch_to_device
