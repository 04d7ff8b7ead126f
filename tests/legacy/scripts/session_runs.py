"""What a session can be asked for and given, each of it twice: the second run is remembered."""
import collections

import numpy as np
import tensorflow as tf

tf.set_random_seed(3)
x = tf.placeholder(tf.float32, [None, 2], "x")
n = tf.placeholder(tf.int32, [], "n")
any_rank = tf.placeholder(tf.float64)
is_training = tf.placeholder_with_default(False, [])
words = tf.placeholder(tf.string, [None])
sparse = tf.sparse_placeholder(tf.float32, [3, 3])
w = tf.Variable([[1.], [2.]], name="w")
v = tf.get_variable("v", [2], initializer=tf.ones_initializer(), use_resource=True)
count = tf.Variable(0, trainable=False)
count_up = count.assign_add(1)
made = tf.matmul(x, w) + tf.cast(n, tf.float32)
chosen = tf.cond(is_training, lambda: made * 2, lambda: made)
loss = tf.reduce_mean(tf.square(made)) + tf.reduce_sum(v)
step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
lengths = tf.size(words)
Pair = collections.namedtuple("Pair", "first second")
one = np.ones((1, 2), np.float32)
session = tf.Session()
session.run(tf.global_variables_initializer())

for fetches in (
        made, [made], (made, made), [made, [x + 1, (n,)]], {"made": made, "n": [n]}, Pair(made, n),
        collections.OrderedDict([("b", made), ("a", n)]), "x:0", ["w:0", "n:0"], w, v,
        [w, v, made], [count_up.op, made], count_up.op, [], [made, step], step, [x], [x, made]):
    for _ in range(2):
        got = session.run(fetches, {x: one, n: 2})
        print({"list": 1, "tuple": 2, "dict": 3, "Pair": 4, "OrderedDict": 5, "ndarray": 6,
               "NoneType": 7}[type(got).__name__], np.shape(got) if "ndarray" in repr(got) else 0)

for value in (one, one.astype(np.float64), one.tolist(), ((1, 2), (3, 4)), [[True, False]],
              np.float16([[1, 2]]), np.asfortranarray(np.arange(4.).reshape(2, 2)), [one[0]],
              np.zeros((0, 2)), np.arange(8).reshape(4, 2)[::2]):
    for number in (1, 2.0, True, np.int64(3), np.float32(2.5), np.array(4)):
        session.run([made, chosen], {x: value, n: number})
for value in (1, 2.5, [1, 2], np.float32(3), np.ones((2, 1, 2)), [2 ** 53 + 1, 1.5], True):
    session.run([any_rank * 2], {any_rank: value})
for flag in (True, False, np.bool_(True), 1, 0, np.array(True)):
    session.run(chosen, {x: one, n: 1, is_training: flag})
for fed in ({"x:0": one, "n:0": 1}, {x: one, n: 1, made: [[5.]]}, {(x, n): (one, 2)},
            collections.OrderedDict([(x, one), (n, 3)]), {made: [[7.]]}, {made: 7 * np.ones((3, 1))}):
    session.run([chosen], fed)
    session.run([chosen, made], fed)
session.run(lengths, {words: ["a", "b"]})
session.run(tf.sparse_tensor_to_dense(sparse), {sparse: ([[0, 1]], [2.], [3, 3])})
print(session.run(sparse, {sparse: ([[0, 1]], [2.], [3, 3])})[1])

# What goes wrong, and how; and that the session goes on.
other = tf.Graph()
with other.as_default():
    elsewhere = tf.constant(1.)
for fetches, fed in (
        (made, None), (made, {x: np.ones((1, 3)), n: 1}), (made, {x: [[1, "a"]], n: 1}), (None, None),
        (made, {x: one, n: 2 ** 40}), (made, {x: one, n: x}), (elsewhere, None),
        ("nothing:0", None), (made, {elsewhere: 1.}), (made, {x: one, n: [1]}), ([made, 1.], None),
        (made, {"nothing:0": 1}), (made, [x]), (chosen, {x: one, n: 1, is_training: 2})):
    for _ in range(2):
        try:
            session.run(fetches, fed)
            print(1)
        except Exception as error:      # by the length of its name
            print(len(type(error).__name__), 2)

# The graph grows, and changes.
for size in range(3):
    more = tf.Variable(float(size)) * 2.
    session.run(tf.global_variables_initializer())
    session.run([more, made], {x: one, n: size})
free = tf.placeholder(tf.float32, None)
twice = free * 2.
session.run(twice, {free: [1., 2.]})
free.set_shape([3])
for value in ([1., 2., 3.], [1., 2.]):
    try:
        session.run(twice, {free: value})
    except ValueError:
        print(3)
tf.get_default_graph().prevent_feeding(free)
tf.get_default_graph().prevent_fetching(twice.op)
for fetches, fed in ((twice, {free: [1., 2., 3.]}), (made, {free: [1., 2., 3.], x: one, n: 1})):
    try:
        session.run(fetches, fed)
        print(4)
    except ValueError:
        print(5)
options, told = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE), tf.RunMetadata()
session.run([made, step], {x: one, n: 1}, options, told)
print(len(told.step_stats.dev_stats) > 0)
print(session.run([w, count]))
session.close()
try:
    session.run(made, {x: one, n: 1})
except RuntimeError:
    print(6)
