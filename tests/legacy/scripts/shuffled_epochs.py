"""Data sets of many kinds of elements, shuffled and repeated: each epoch's order, and its end."""
import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)
tf.set_random_seed(5)
of = tf.data.Dataset
drawn = np.random.RandomState(1)
read = []


def numbers():
    for i in range(40):
        read.append(i)
        yield i


sets = [
    ("words", of.from_tensor_slices(np.array(["%d" % i for i in range(70)]))),
    ("pairs", of.from_tensor_slices((np.arange(75), drawn.rand(75, 3, 2).astype("f")))),
    ("types", of.from_tensor_slices({"a": np.arange(33, dtype=np.uint8),
                                     "b": drawn.rand(33) > 0.5,
                                     "c": (np.arange(33).astype(np.float16),
                                           np.array([["%d" % i, "0"] for i in range(33)]))})),
    ("lengths", of.range(45).map(lambda i: tf.fill([i % 4], i))),
    ("drawn", of.range(100).filter(lambda i: tf.not_equal(i % 3, 0)).map(
        lambda i: (i, tf.random_uniform([], seed=4)))),
    ("batches", of.range(90).batch(4)),
    ("generator", of.from_generator(numbers, tf.int64, [])),
    ("none", of.range(0)),
]


def flat(value):
    if isinstance(value, (dict, tuple)):
        parts = [value[key] for key in sorted(value)] if isinstance(value, dict) else value
        return sum(map(flat, parts), [])
    return [int(each) if isinstance(each, bytes) else each * 1. for each in np.ravel(value)]


made = []
for name, data in sets:
    for size, count in ((3, 2), (40, -1), (1000, 2)):
        if name != "none" or count > 0:
            each = data.shuffle(size, seed=11).repeat(count)
            each = (each if name in ("lengths", "batches") else each.batch(17)).make_initializable_iterator()
            made.append((name, each.initializer, each.get_next()))
    made.append((name, each.initializer, data.apply(tf.contrib.data.shuffle_and_repeat(
        10, 2, seed=7)).make_one_shot_iterator().get_next()))

with tf.Session() as s:
    for name, start, element in made:
        s.run(start)
        del read[:]
        found = []
        try:
            for _ in range(10):
                found += flat(s.run(element))
            print("read far ahead:", len(read) > 220)
        except tf.errors.OutOfRangeError:
            print("end")
        print(name, " ".join("%.4f" % each for each in found))
