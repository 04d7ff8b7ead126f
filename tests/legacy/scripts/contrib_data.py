"""tf.contrib.data, and data sets shuffled and repeated: orders, batches, draws after them."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.data import map_and_batch, prefetch_to_device, shuffle_and_repeat
from tensorflow.contrib.data.python.ops import batching

tf.set_random_seed(4)
contrib, Dataset = tf.contrib.data, tf.data.Dataset
names = np.array(["file%d" % number for number in range(9)])
images = np.arange(27, dtype=np.float32).reshape(9, 3)


def load(name, image):
    return tf.strings.length(name) + tf.string_to_number(tf.substr(name, 4, 1), tf.int32), image * 2


pairs = Dataset.from_tensor_slices((names, images))
SETS = [
    Dataset.range(9).shuffle(9, seed=1).repeat(),
    Dataset.range(9).shuffle(4, seed=2).repeat(3),
    Dataset.range(9).shuffle(50, seed=2).repeat(3).batch(2),
    Dataset.range(9).shuffle(50, seed=2).repeat(1),
    Dataset.range(9).shuffle(9, seed=2, reshuffle_each_iteration=False).repeat(2),
    Dataset.range(9).shuffle(5).repeat(2),
    pairs.apply(shuffle_and_repeat(9, seed=3)).apply(map_and_batch(
        load, 4, num_parallel_batches=2, drop_remainder=True)).apply(prefetch_to_device("/cpu:0")),
    pairs.apply(shuffle_and_repeat(3, 2)).map(load).apply(contrib.batch_and_drop_remainder(4)),
    Dataset.range(0).shuffle(3, seed=1).repeat(2).concatenate(Dataset.range(3)),
    Dataset.from_tensor_slices({"a": images, "b": names}).shuffle(9, seed=5).repeat(2).map(
        lambda row: row["a"]),
    Dataset.range(6).map(lambda size: tf.ones([size])).apply(
        contrib.padded_batch_and_drop_remainder(2, [None])),
    Dataset.range(9).apply(contrib.sliding_window_batch(3, window_shift=2)),
    Dataset.range(9).batch(2).apply(batching.unbatch()),
    Dataset.range(9).apply(contrib.group_by_window(lambda x: x % 2, lambda _, d: d.batch(3), 3)),
    Dataset.range(3).apply(contrib.sloppy_interleave(lambda x: Dataset.from_tensors(x), 1)),
    Dataset.range(9).apply(contrib.enumerate_dataset(3)),
    Dataset.range(9).apply(contrib.scan(tf.constant(0, tf.int64), lambda s, x: (s + x, s))),
    contrib.sample_from_datasets([Dataset.range(9), Dataset.range(10, 19)], [0.3, 0.7], seed=1),
    contrib.choose_from_datasets([Dataset.range(9), Dataset.range(10, 19)],
                                 Dataset.range(2).repeat(4)),
    Dataset.range(1, 9).map(lambda size: tf.ones([size])).apply(contrib.bucket_by_sequence_length(
        lambda x: tf.size(x), [4], [2, 2])),
    Dataset.range(4).map(lambda _: tf.ones([2, 3])).apply(
        contrib.assert_element_shape(tf.TensorShape([2, 3]))),
    Dataset.from_tensor_slices([1., 0., 2.]).map(lambda x: tf.check_numerics(1 / x, "bad")).apply(
        contrib.ignore_errors()),
    contrib.Counter(5).take(3), Dataset.range(9).map(lambda x: x // 4).apply(contrib.unique()),
]
reducer = contrib.Reducer(lambda _: np.int64(1), lambda sum_, x: sum_ + x, lambda sum_: sum_)
more = [contrib.reduce_dataset(Dataset.range(5), reducer),
        contrib.get_single_element(Dataset.range(3).take(1))]
twice = Dataset.range(7).shuffle(20, seed=3).repeat(2).make_initializable_iterator()
rows = [data.make_one_shot_iterator().get_next() for data in SETS]
drawn, again = tf.random_normal([3]), twice.get_next()
with tf.Session() as session:
    for row in rows:
        for _ in range(30):
            try:
                session.run(row)
            except tf.errors.OutOfRangeError:
                break
    for _ in range(2):
        session.run(twice.initializer)
        for _ in range(14):
            session.run(again)
    session.run(more + [drawn])
