"""tf.contrib.receptive_field: fields of small networks, the order of a graph, errors."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import slim
from tensorflow.contrib.receptive_field import receptive_field_api
from tensorflow.contrib.receptive_field.python.util.receptive_field import ReceptiveField

receptive_field = tf.contrib.receptive_field
assert receptive_field_api.get_compute_order is receptive_field.get_compute_order
conv = slim.conv2d


def pool(x, size, stride, padding="SAME"):
    return tf.nn.max_pool(x, [1, size, size, 1], [1, stride, stride, 1], padding)


def residual(x):
    y = pool(conv(x, 4, 7, 2), 3, 2)
    return conv(conv(y, 4, 3), 4, 3, 2) + conv(y, 4, 1, 2)


def branches(x):
    with tf.variable_scope("one"):
        short = conv(x, 4, 1)
    with tf.variable_scope("two"):
        return tf.concat([short, conv(conv(x, 4, 3), 4, 5)], 3)


def order(x):       # which of two of the same order is looked at first decides
    known = conv(x, 4, 5, 2, padding="VALID")
    return tf.concat([conv(x, 4, 3, 2), known], 3)


def shared(x):
    y = conv(x, 3, 3, 2, padding="VALID", scope="a")
    return conv(y, 3, 3, 1, padding="VALID", scope="a", reuse=True)


NETWORKS = {
    "valid": lambda x: conv(conv(x, 4, [3, 5], [2, 3], padding="VALID"), 4, 4, 3, padding="VALID"),
    "same": lambda x: conv(conv(x, 4, [3, 5], [2, 3]), 4, [4, 3], [3, 2]),
    "even": lambda x: pool(pool(conv(x, 4, 4, 2), 2, 2), 2, 3),
    "even, known": lambda x: pool(conv(x, 4, 4, 2), 2, 2), "order": order,
    "one axis": lambda x: conv(x, 4, [3, 3], [1, 2]),
    "padded": lambda x: conv(tf.pad(x, [[0, 0], [1, 2], [3, 8], [0, 0]]), 4, 3, 2),
    "depthwise": lambda x: slim.separable_conv2d(x, 4, [3, 5], 1, 2),
    "dilated": lambda x: tf.nn.conv2d(x, tf.get_variable("w", [3, 3, 3, 4]), [1] * 4, "SAME",
                                      dilations=[1, 2, 3, 1]),
    "constant": lambda x: tf.nn.conv2d(x, tf.identity(tf.zeros([3, 5, 3, 4], name="k"), "k/read"),
                                       [1, 2, 2, 1], "VALID"),
    "branches": branches, "residual": residual,
    "not known last": lambda x: tf.concat([pool(x, 3, 2), conv(
        conv(x, 3, 1, 2, padding="VALID"), 3, 5)], 3),
    "strides differ": lambda x: tf.concat([conv(x, 4, 1, 2), conv(x, 4, 5)], 3),
    "centers differ": lambda x: tf.concat([conv(x, 4, 1), conv(x, 4, 3, padding="VALID")], 3),
    "weights shared": shared,
    "atrous": lambda x: conv(x, 4, 3, rate=2),
    "tanh": lambda x: tf.tanh(conv(x, 4, 3)),
    "no way": lambda x: tf.ones([1, 2, 2, 3]),
}


def plain(values):
    return np.array([-9.0 if value is None else value
                     for value in (values if values is not None else [None])]).tolist()


def numbers(function, *arguments, **named):
    """What a function returns as numbers, -9 where None is; the length of its error's name."""
    try:
        return plain(function(*arguments, **named))
    except Exception as error:
        return [len(type(error).__name__), -1]


for name, network in sorted(NETWORKS.items()):
    graph = tf.Graph()
    with graph.as_default():
        x = tf.placeholder(tf.float32, [1, None, None, 3], name="x")
        out = tf.identity(network(x), name="out")
    for size in (None, [32, 32], [33, 20], [65, 65]):
        print(name, size, numbers(receptive_field.compute_receptive_field_from_graph_def, graph, x,
                                  "out", input_resolution=size))
    for stop in (["two"], ["one", "zz"], ["x"], ["out"]):
        print(stop, numbers(receptive_field.compute_receptive_field_from_graph_def,
                            graph.as_graph_def(), "x", out, stop_propagation=stop))
    try:
        infos, nodes = receptive_field.get_compute_order(graph.as_graph_def(), "x", [40, 33])
    except ValueError:
        continue
    for key in sorted(infos):
        if "Initializer" not in key and nodes[key].op != "Const" and name != "atrous":
            print(key, infos[key].order, plain(infos[key].input_size),
                  plain(infos[key].output_size), nodes[key].op)
for size, stride, padding in (([3, 5], [2, 4], [1, 0]), ([4], [3], [2])):
    field = ReceptiveField(size, stride, padding)
    for axis in (None, [0], [1, 0]):
        for places in ([[0, 1], [2.5, -3]], [7], [[2]]):
            print(numbers(field.compute_input_center_coordinates, places, axis),
                  numbers(field.compute_feature_coordinates, places, axis), list(field))
