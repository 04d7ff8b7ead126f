"""Examples from files, by queues, as they were read before there was tf.data."""

from tensorflow.python.framework import (
    constant_op,
    dtypes,
    errors,
    ops,
    sparse_tensor,
    tensor as tensors,
)
from tensorflow.python.ops import data_flow_ops, io_ops, math_ops, parsing_ops
from tensorflow.python.platform import gfile
from tensorflow.python.summary import summary
from tensorflow.python.training import input as input_ops, queue_runner

_KEY = "__key__"


def read_batch_examples(file_pattern, batch_size, reader, randomize_input=True, num_epochs=None,
                        queue_capacity=10000, num_threads=1, read_batch_size=1, parse_fn=None,
                        name=None, seed=None):
    """A batch of records, or of what parse_fn makes of them."""
    _, examples = read_keyed_batch_examples(
        file_pattern, batch_size, reader, randomize_input, num_epochs, queue_capacity,
        num_threads, read_batch_size, parse_fn, name, seed)
    return examples


def read_keyed_batch_examples(file_pattern, batch_size, reader, randomize_input=True,
                              num_epochs=None, queue_capacity=10000, num_threads=1,
                              read_batch_size=1, parse_fn=None, name=None, seed=None):
    """(keys, a batch of records, or of what parse_fn makes of them).

    Args:
      file_pattern: a pattern of files' names, or a list of some.
      reader: makes a reader, such as tf.TFRecordReader.
    """
    names = _files(file_pattern, randomize_input)
    _check(not queue_capacity or queue_capacity <= 0, "queue_capacity", queue_capacity)
    _check(batch_size is None or not isinstance(batch_size, tensors.Tensor)
           and not 0 < batch_size < queue_capacity, "batch_size", batch_size)
    _check(read_batch_size is None or not isinstance(read_batch_size, tensors.Tensor)
           and read_batch_size <= 0, "read_batch_size", read_batch_size)
    _check(not num_threads or num_threads <= 0, "num_threads", num_threads)
    _check(num_epochs is not None and num_epochs <= 0, "num_epochs", num_epochs)
    with ops.name_scope(name, "read_batch_examples", [file_pattern]) as scope:
        with ops.name_scope("file_name_queue") as queue_scope:
            queue = input_ops.string_input_producer(
                constant_op.constant(names, name="input"), shuffle=randomize_input,
                num_epochs=num_epochs, name=queue_scope, seed=seed)
        with ops.name_scope("read"):
            examples = [_read(queue, reader, read_batch_size, parse_fn)
                        for _ in range(num_threads)]
        common = dict(capacity=queue_capacity, enqueue_many=read_batch_size > 1, name=scope,
                      allow_smaller_final_batch=num_epochs is not None)
        if randomize_input:
            at_least = int(queue_capacity * 0.4) if isinstance(batch_size, tensors.Tensor) \
                else max(queue_capacity - 3 * batch_size, batch_size)
            batch = input_ops.shuffle_batch_join(examples, batch_size, seed=seed,
                                                 min_after_dequeue=at_least, **common)
        else:
            batch = input_ops.batch_join(examples, batch_size, **common)
        if isinstance(batch, dict):
            return batch.pop(_KEY), batch
        return batch


def _check(is_wrong, name, value):
    if is_wrong:
        raise ValueError(f"{name} is {value}, which it cannot be.")


def _files(pattern, randomize_input):
    patterns = pattern if isinstance(pattern, list) else [pattern]
    names = [name for one in patterns for name in gfile.Glob(one)]
    if not names:
        raise ValueError(f"No files match {pattern}.")
    return names if randomize_input else sorted(names)


def _read(queue, reader, number, parse_fn):
    if number > 1:
        keys, records = reader().read_up_to(queue, number)
    else:
        keys, records = reader().read(queue)
    parsed = parse_fn(records) if parse_fn else records
    if isinstance(parsed, dict):
        return dict(parsed, **{_KEY: keys})
    return keys, parsed


def read_batch_features(file_pattern, batch_size, features, reader, randomize_input=True,
                        num_epochs=None, queue_capacity=10000, feature_queue_capacity=100,
                        reader_num_threads=1, num_enqueue_threads=2, parse_fn=None, name=None,
                        read_batch_size=None):
    """A batch of features, by their names."""
    _, found = read_keyed_batch_features(
        file_pattern, batch_size, features, reader, randomize_input, num_epochs, queue_capacity,
        reader_num_threads, feature_queue_capacity, num_enqueue_threads, parse_fn, name,
        read_batch_size)
    return found


def read_keyed_batch_features(file_pattern, batch_size, features, reader, randomize_input=True,
                              num_epochs=None, queue_capacity=10000, reader_num_threads=1,
                              feature_queue_capacity=100, num_enqueue_threads=2, parse_fn=None,
                              name=None, read_batch_size=None):
    """(keys, a batch of features, by their names)."""
    with ops.name_scope(name, "read_batch_features", [file_pattern]) as scope:
        keys, examples = read_keyed_batch_examples(
            file_pattern, batch_size, reader, randomize_input, num_epochs, queue_capacity,
            reader_num_threads, batch_size if read_batch_size is None else read_batch_size,
            parse_fn, scope)
        return queue_parsed_features(
            parsing_ops.parse_example(examples, features), keys=keys,
            feature_queue_capacity=feature_queue_capacity,
            num_enqueue_threads=num_enqueue_threads, name=scope)


def read_batch_record_features(file_pattern, batch_size, features, randomize_input=True,
                               num_epochs=None, queue_capacity=10000, reader_num_threads=1,
                               name="dequeue_record_examples"):
    """A batch of features of TFRecords."""
    return read_batch_features(
        file_pattern, batch_size, features, io_ops.TFRecordReader, randomize_input, num_epochs,
        queue_capacity, reader_num_threads=reader_num_threads, name=name)


def queue_parsed_features(parsed_features, keys=None, feature_queue_capacity=100,
                          num_enqueue_threads=2, name=None):
    """(keys or None, the same features), parsed ahead by other threads."""
    more = [] if keys is None else [keys]
    with ops.name_scope(name, "queue_parsed_features", list(parsed_features.values()) + more):
        names = sorted(parsed_features)
        parts = [part for key in names for part in _parts(parsed_features[key])] + more
        queue = data_flow_ops.FIFOQueue(feature_queue_capacity, [part.dtype for part in parts])
        summary.scalar(
            f"queue/parsed_features/{queue.name}/fraction_of_{feature_queue_capacity}_full",
            math_ops.cast(queue.size(), dtypes.float32) * (1.0 / feature_queue_capacity))
        queue_runner.add_queue_runner(queue_runner.QueueRunner(
            queue, [queue.enqueue(parts) for _ in range(num_enqueue_threads)],
            queue_closed_exception_types=(errors.OutOfRangeError, errors.CancelledError)))
        taken = queue.dequeue()
        taken = taken if isinstance(taken, list) else [taken]
        for part, one in zip(parts, taken):
            one.set_shape(part.shape)
        rest, found = iter(taken), {}
        for key in names:
            is_sparse = isinstance(parsed_features[key], sparse_tensor.SparseTensor)
            found[key] = sparse_tensor.SparseTensor(next(rest), next(rest), next(rest)) \
                if is_sparse else next(rest)
        return None if keys is None else next(rest), found


def _parts(tensor):
    if isinstance(tensor, sparse_tensor.SparseTensor):
        return [tensor.indices, tensor.values, tensor.dense_shape]
    return [tensor]
