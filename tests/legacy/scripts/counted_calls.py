"""What is drawn by the graph's seed after calls that make other operations today."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import layers, slim


def floats(*shape):
    return tf.placeholder(tf.float32, shape)


def whole(*shape, **type):
    return tf.placeholder(type.get("dtype", tf.int32), shape)


def long():
    return whole(dtype=tf.int64)


def slope(of, x=None, **named):
    x = floats(3) if x is None else x
    return tf.gradients(of(x), x, **named)


CALLS = [
    lambda: slope(lambda x: tf.reduce_sum(x, axis=0)),
    lambda: slope(lambda x: tf.reduce_mean(x, 0), floats(4)),
    lambda: slope(lambda x: tf.reduce_sum(x, axis=[0])),
    lambda: slope(lambda x: tf.reduce_sum(x, axis=-1)),
    lambda: slope(lambda x: tf.reduce_sum(x, 0) + tf.reduce_sum(x, 0)),
    lambda: slope(lambda x: tf.reduce_mean(x, 0), floats(None)),
    lambda: slope(lambda x: tf.reduce_sum(tf.reduce_sum(x, 1), 0), floats(2, 3)),
    lambda: slope(lambda x: tf.nn.softmax(x) * tf.reduce_max(x, 0)),
    lambda: slope(lambda x: x * x + x + tf.sin(x), aggregation_method=2),
    lambda: slope(lambda x: x * x + x + tf.sin(x), floats(None), aggregation_method=2),
    lambda: slope(lambda x: x * x + x + tf.sin(x), aggregation_method=1),
    lambda: slope(lambda x: x * x, grad_ys=[floats(3)]),
    lambda: floats(None, 8, 6)[:whole()],
    lambda: floats(None, 8, 6)[whole():, 1:3],
    lambda: floats(None, 8, 6)[whole():whole():2],
    lambda: floats(None, 8, 6)[..., :whole()],
    lambda: floats(None, 8, 6)[whole(), :whole(), None],
    lambda: floats(None, 8, 6)[:long()],
    lambda: floats(None, 8, 6)[long(), 1],
    lambda: floats(None, 8, 6)[:long(), 2:5],
    lambda: floats(None, 8, 6)[1:-1, 2],
    lambda: floats(4, 2)[np.array([True, False, True, True])],
    lambda: tf.get_variable("a", [5, 3])[:whole()],
    lambda: tf.reshape(floats(1), []),
    lambda: tf.reduce_sum(floats(2), axis=()),
    lambda: tf.one_hot(whole(None), 10, 1., 0.),
    lambda: slim.one_hot_encoding(whole(None), 10),
    lambda: tf.split(floats(4, 6), floats(2).shape[0], 1),
    lambda: tf.tensordot(floats(2, 3), floats(3, 4), 1),
    lambda: tf.tensordot(floats(None, 3), floats(2, 3), [[-1], [1]]),
    lambda: tf.layers.dense(floats(2, 3, 4), 5),
    lambda: layers.fully_connected(floats(None, 3, 4), 5),
    lambda: tf.eye(3),
    lambda: tf.matrix_set_diag(floats(3, 3), floats(3)),
    lambda: tf.trace(floats(3, 3)),
    lambda: tf.get_variable("a", [3, 3], initializer=tf.initializers.identity()),
    lambda: tf.clip_by_norm(floats(3), floats()),
    lambda: tf.image.flip_left_right(floats(None, 8, 8, 3)),
    lambda: tf.image.rgb_to_grayscale(floats(8, 8, 3)),
    lambda: tf.layers.dropout(floats(2), 0., training=True),
    lambda: tf.nn.rnn_cell.LSTMCell(4).zero_state(5, tf.float32),
    lambda: tf.data.Dataset.range(3).make_initializable_iterator().get_next(),
    lambda: tf.parse_example(tf.placeholder(tf.string, [None]), {
        "a": tf.FixedLenFeature([2], tf.float32), "b": tf.VarLenFeature(tf.int64)}),
    lambda: tf.keras.layers.BatchNormalization()(floats(None, 8, 8, 3)),
    lambda: tf.keras.layers.Embedding(10, 3)(whole(None)),
    lambda: tf.keras.layers.Dense(3, "selu", kernel_regularizer=tf.keras.regularizers.l2(.1))(
        floats(None, 4)),
    lambda: tf.keras.activations.softmax(floats(2, 3, 4)),
    lambda: tf.keras.activations.selu(floats(2, 3)),
    lambda: tf.keras.backend.resize_images(floats(None, 3, 8, 8), 2, 2, "channels_first"),
    lambda: tf.keras.layers.UpSampling2D()(floats(None, None, None, 3)),
    lambda: tf.keras.layers.GaussianNoise(.5)(floats(2, 3), training=True),
]
for call in CALLS:
    with tf.Graph().as_default() as graph:
        np.random.seed(3)
        tf.set_random_seed(5)
        call()
        drawn = tf.random_normal([2]), tf.Variable(tf.truncated_normal([3]))
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            print(session.run(drawn))
    print([operation.get_attr("seed2") for operation in graph.get_operations()
           if operation.type == "RandomStandardNormal"])
