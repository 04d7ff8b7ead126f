"""Queues of tf.contrib.training: buckets by length, batches by rejection, by classes, at a rate."""
import tensorflow as tf
from tensorflow.contrib.training.python.training import sampling_ops

training, LENGTHS = tf.contrib.training, [3, 1, 7, 2, 5, 5, 9, 1, 4, 6]


def examples(number):
    place = tf.train.range_input_producer(10 * number, num_epochs=1, shuffle=False).dequeue()
    length = tf.gather(tf.constant(LENGTHS * number), place)
    return length, tf.range(length) + 100 * place


def shown(make, times, in_order=True):
    """Runs what is made, or prints it sorted, where the order is a matter of chance."""
    with tf.Graph().as_default():
        tf.set_random_seed(5)
        try:
            made = make()
        except Exception as error:
            print(len(type(error).__name__))
            return
        flat = [part for part in tf.contrib.framework.nest.flatten(made)]
        print([part.shape for part in flat], [part.name for part in flat], len(
            tf.get_collection("queue_runners")), tf.get_collection("summaries"))
        following = tf.random_uniform([2])
        with tf.Session() as session:
            session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            session.run(following)
            coordinator = tf.train.Coordinator()
            threads = tf.train.start_queue_runners(session, coordinator)
            call, found = session.make_callable(flat), []
            try:
                for _ in range(times):
                    if in_order:
                        session.run(flat)
                    else:
                        found.append([part.tolist() for part in call()])
            except tf.errors.OutOfRangeError:
                pass
            print(sorted(found))
            coordinator.request_stop()
            try:
                coordinator.join(threads)
            except tf.errors.CancelledError:
                pass


def by_length(as_dictionary=False, **named):
    length, x = examples(20)
    tensors = dict(x=x, y=x * 2) if as_dictionary else [x, length * 2]
    return training.bucket_by_sequence_length(length, tensors, bucket_boundaries=[3, 6],
                                              dynamic_pad=True, **named)


def pairs(stacked, checks=False):
    length, _ = examples(50)
    tensors = [length, length * 10]
    if stacked:
        tensors = [tf.stack([part, part + 1]) for part in tensors]
    return training.rejection_sample(
        tensors, lambda parts: tf.cast(parts[0], tf.float32) / 10, 3, enqueue_many=stacked,
        runtime_checks=checks)


def by_class(shares):
    length, _ = examples(50)
    batch, labels = sampling_ops.stratified_sample(
        [length, length * 10], length % 3, [.2, .3, .5], 4, init_probs=shares)
    return batch + [labels]


shown(lambda: by_length(batch_size=4), 100, False)
shown(lambda: by_length(batch_size=4, allow_smaller_final_batch=True, capacity=5,
                        bucket_capacities=[4, 5, 6]), 100, False)
shown(lambda: by_length(True, batch_size=[2, 3, 4], name="named", shared_name="shared"), 100, False)
shown(lambda: training.bucket([tf.constant([1, 2])], 1, tf.constant(3), 2), 3)
for wrong in (dict(batch_size=[1, 2], num_buckets=3), dict(bucket_capacities=[1]),
              dict(tensors=[]), dict(tensors=[tf.placeholder(tf.float32, [None])])):
    shown(lambda: training.bucket(**dict(dict(tensors=[tf.constant(1)], which_bucket=0,
                                              batch_size=1, num_buckets=2), **wrong)), 0)
for boundaries in ([], [3, 2], [3., 4], 5):
    shown(lambda: training.bucket_by_sequence_length(1, [tf.constant(1)], 2, boundaries), 0)
shown(lambda: pairs(False), 20)
shown(lambda: pairs(True, True), 20)
shown(lambda: by_class([.3, .3, .4]), 10)
shown(lambda: by_class(None), 0)
shown(lambda: by_class([.5, .5]), 0)
with tf.Graph().as_default(), tf.Session() as session:
    rates = tf.constant([.5, 1., 2., 0., 3.])
    at_rate = training.resample_at_rate([tf.range(5), tf.ones([5, 2])], rates, seed=4)
    weighted = training.weighted_resample([tf.range(5)], rates, 1.5, seed=3)
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    print(tf.local_variables())
    for _ in range(3):
        session.run([at_rate, weighted])
