"""Batches of examples of similar length, by a queue for each length and one for what is ready."""

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.training import input as queues

_ENDED = tf.errors.OutOfRangeError, tf.errors.CancelledError


def bucket(tensors, which_bucket, batch_size, num_buckets, num_threads=1, capacity=32,
           bucket_capacities=None, shapes=None, dynamic_pad=False,
           allow_smaller_final_batch=False, keep_input=True, shared_name=None, name=None):
    """Batches of examples that belong to the same bucket.

    Args:
      tensors: one example: a list, or a dictionary.
      which_bucket: its bucket, a whole number.
      batch_size: a number, or one for each bucket.
      bucket_capacities: how many examples wait in each bucket; else `capacity`.
      dynamic_pad: whether examples of a batch are made as long as the longest.

    Returns (the bucket, a batch of each tensor). Raises ValueError where lists are not as long as
    there are buckets.
    """
    several = isinstance(batch_size, (list, tuple))
    sizes = list(batch_size) if several else [batch_size] * num_buckets
    waiting = [capacity] * num_buckets if bucket_capacities is None else bucket_capacities
    for told, values in (("batch_size", sizes), ("bucket_capacities", waiting)):
        if len(values) != num_buckets:
            raise ValueError(f"{told} has {len(values)} numbers, for {num_buckets} buckets.")
    parts = queues._as_tensor_list(tensors)
    with tf.name_scope(name, "bucket", parts):
        parts = [tf.convert_to_tensor_or_sparse_tensor(part) for part in parts]
        if not parts:
            raise ValueError("There is no tensor to put into a bucket.")
        keep_input = queues._validate_keep_input(keep_input, enqueue_many=False)
        parts, sparse = queues._store_sparse_tensors(parts, enqueue_many=False,
                                                     keep_input=keep_input)
        sizes = [tf.convert_to_tensor(size, dtype=tf.int32, name="batch_size") for size in sizes]
        known = [tf.get_static_value(size) for size in sizes]
        sizes = [size if value is None else value for size, value in zip(sizes, known)]
        kinds = queues._dtypes([parts])
        shapes = queues._shapes([parts], shapes, enqueue_many=False)
        which_bucket = tf.convert_to_tensor(which_bucket, dtype=tf.int32, name="which_bucket")
        make = tf.PaddingFIFOQueue if dynamic_pad else tf.FIFOQueue
        buckets = [
            make(capacity=waiting[place], dtypes=kinds, shapes=shapes,
                 shared_name=None if shared_name is None else f"{shared_name}_{place}",
                 name=f"bucket_queue_{place}") for place in range(num_buckets)]
        first = tf.TensorShape([None if allow_smaller_final_batch or several else known[-1]])
        ready = tf.PaddingFIFOQueue(
            capacity=capacity, dtypes=[tf.int32] + kinds, shared_name=shared_name,
            shapes=[tf.TensorShape([])] + [first.concatenate(shape) for shape in
                                           buckets[0].shapes], name="top_queue")
        _run(buckets, ready, parts, which_bucket, keep_input, num_threads, sizes,
             allow_smaller_final_batch)
        for queue in buckets:
            # The size is the other queue's, as on 1.15.5.
            tf.summary.scalar(f"bucket/{queue.name}/size", tf.cast(ready.size(), tf.float32))
        tf.summary.scalar(f"bucket/{ready.name}/fraction_of_{capacity}_full",
                          tf.cast(ready.size(), tf.float32) * (1. / capacity))
        place, *batch = ready.dequeue(name="dequeue_top")
        batch = queues._restore_sparse_tensors(batch[0] if len(batch) == 1 else batch, sparse)
        return place, queues._as_original_type(tensors, batch)


def _run(buckets, ready, parts, which_bucket, keep_input, num_threads, sizes, smaller):
    """Has threads put examples into buckets, and batches into the queue of what is ready."""
    def put():
        return tf.group(*[tf.cond(tf.equal(which_bucket, place),
                                  lambda queue=queue: queue.enqueue(parts), tf.no_op)
                          for place, queue in enumerate(buckets)], name="group_enqueues")
    from tensorflow.python.layers import utils
    puts = [utils.smart_cond(keep_input, put, tf.no_op)] * num_threads
    moves = []
    for place, (queue, size) in enumerate(zip(buckets, sizes)):
        number = tf.constant(place)
        read = (queue.dequeue_up_to if smaller else queue.dequeue_many)(
            size, name=f"read_bucket_{place}")
        moves.append(ready.enqueue([number] + list(read if isinstance(read, (list, tuple))
                                                   else [read]),
                                   name=f"enqueue_from_bucket_{place}"))
    tf.train.add_queue_runner(tf.train.QueueRunner(
        buckets[0], moves, close_op=ready.close(),
        cancel_op=ready.close(cancel_pending_enqueues=True), queue_closed_exception_types=_ENDED))
    tf.train.add_queue_runner(tf.train.QueueRunner(
        ready, puts, close_op=tf.group(*[queue.close() for queue in buckets]),
        cancel_op=tf.group(*[queue.close(cancel_pending_enqueues=True) for queue in buckets]),
        queue_closed_exception_types=_ENDED))


def bucket_by_sequence_length(input_length, tensors, batch_size, bucket_boundaries, num_threads=1,
                              capacity=32, bucket_capacities=None, shapes=None, dynamic_pad=False,
                              allow_smaller_final_batch=False, keep_input=True, shared_name=None,
                              name=None):
    """Batches of examples whose lengths are between the same boundaries.

    Args:
      input_length: the length of an example.
      tensors: the example.
      bucket_boundaries: whole numbers that increase: the first length of each bucket but one.

    Returns (lengths, a batch of each tensor).
    """
    parts = queues._as_tensor_list(tensors)
    if not isinstance(bucket_boundaries, (list, tuple)):
        raise TypeError(f"The boundaries are a list, not {bucket_boundaries}.")
    if not bucket_boundaries:
        raise ValueError("There are no boundaries.")
    for one, following in zip(bucket_boundaries, bucket_boundaries[1:]):
        if not isinstance(one, int) or not isinstance(following, int):
            raise TypeError(f"The boundaries {one} and {following} are whole numbers.")
        if one >= following:
            raise ValueError(f"The boundaries increase, and {one} stands before {following}.")
    with tf.name_scope(name, "bucket_by_sequence_length", [input_length] + parts):
        input_length = tf.convert_to_tensor(input_length, dtype=tf.int32, name="input_length")
        limits, boundaries = np.iinfo(np.int32), list(bucket_boundaries)
        is_its = tf.logical_and(tf.less_equal([limits.min] + boundaries, input_length),
                                tf.less(input_length, boundaries + [limits.max]))
        place = tf.cast(tf.reduce_min(tf.where(is_its)), tf.int32)
        _, batch = bucket(
            [input_length] + parts, place, batch_size, len(boundaries) + 1, num_threads, capacity,
            bucket_capacities, None if shapes is None else [tf.TensorShape([])] + shapes,
            dynamic_pad, allow_smaller_final_batch, keep_input, shared_name)
        return batch[0], queues._as_original_type(tensors, batch[1:])
