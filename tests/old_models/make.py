"""Writes small models as people kept them of TensorFlow 1.15.5, and what they compute.

    python make.py OUT [NAME ...]

OUT/NAME..., and OUT/NAME.json: inputs, as lists, and the outputs that 1.15.5 computes. Run on
1.15.5; those of Keras with Keras 2.2.5 beside it (keras.py).
"""

import base64
import json
import os
import sys

import numpy as np
import tensorflow as tf

RANDOM = np.random.RandomState(7)
layers = tf.layers


def plain(array):
    array = np.asarray(array)
    if array.dtype.kind in "OS":
        return {"bytes": [base64.b64encode(each).decode() for each in array.ravel().tolist()],
                "shape": array.shape}
    return {"dtype": array.dtype.name, "values": array.ravel().tolist(), "shape": array.shape}


def keep(out, name, inputs, outputs):
    with open(os.path.join(out, name + ".json"), "w") as file:
        json.dump({"inputs": {key: plain(value) for key, value in inputs.items()},
                   "outputs": {key: plain(value) for key, value in outputs.items()}}, file)


def started(session):
    """Variables with values of their own, moving statistics among them."""
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    for variable in tf.global_variables():
        shape = variable.shape.as_list()
        if variable.dtype.base_dtype == tf.float32:
            value = RANDOM.uniform(.5, 1.5, shape) if "variance" in variable.name \
                else RANDOM.uniform(-.5, .5, shape)
            variable.load(value.astype("f"), session)


def saved(session, out, name, inputs, outputs, feeds=()):
    """A Saver's checkpoint, with what the outputs are."""
    tf.train.Saver().save(session, os.path.join(out, name), write_state=False)
    found = session.run(outputs, dict({key + ":0": value for key, value in inputs.items()},
                                      **dict(feeds)))
    keep(out, name, inputs, found)
    return found


def dense(out):
    """A GAN of dense layers, as of tutorials: dropout by a placeholder, ref variables, Adam."""
    z = tf.placeholder(tf.float32, [None, 5], name="z")
    real = tf.placeholder(tf.float32, [None, 16], name="real")
    keep_prob = tf.placeholder(tf.float32, name="keep_prob")

    def discriminator(x, reuse):
        with tf.variable_scope("discriminator", reuse=reuse):
            h = tf.nn.leaky_relu(layers.dense(x, 8))
            return layers.dense(tf.nn.dropout(h, keep_prob), 1)
    with tf.variable_scope("generator"):
        h = tf.nn.relu(layers.dense(z, 8))
        h = tf.nn.dropout(h, keep_prob)
        fake = tf.nn.tanh(layers.dense(h, 16), name="digits")
    logits = discriminator(fake, None)
    losses = [tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(
        logits=logits, labels=tf.ones_like(logits))), tf.reduce_mean(tf.square(
            discriminator(real, True)))]
    for loss, scope in zip(losses, ("generator", "discriminator")):
        tf.train.AdamOptimizer().minimize(loss, var_list=tf.trainable_variables(scope))
    tf.summary.merge([tf.summary.scalar("loss", losses[0])])
    with tf.Session() as session:
        started(session)
        saved(session, out, "dense", {"z": RANDOM.randn(3, 5).astype("f")},
              {"digits": "generator/digits:0"}, {"keep_prob:0": 1.})


def convolutional(out):
    """A generator with batch normalization whose phase is a placeholder; and dropout by it."""
    z = tf.placeholder(tf.float32, [None, 4], name="z")
    phase = tf.placeholder(tf.bool, name="is_training")
    h = layers.batch_normalization(layers.dense(z, 32), training=phase)
    h = tf.reshape(tf.nn.relu(h), [-1, 4, 4, 2])
    h = layers.conv2d_transpose(h, 3, 3, strides=2, padding="same")
    h = tf.nn.relu(layers.batch_normalization(h, training=phase, fused=True))
    h = layers.dropout(h, tf.placeholder_with_default(.4, [], name="rate"), training=phase)
    h = tf.contrib.layers.batch_norm(layers.conv2d(h, 4, 3, padding="same"), is_training=phase,
                                     decay=.9, scale=True)
    images = tf.sigmoid(layers.conv2d_transpose(h, 1, 4, strides=2, padding="same"), name="images")
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        tf.train.RMSPropOptimizer(.1).minimize(tf.reduce_mean(images))
    with tf.Session() as session:
        started(session)
        saved(session, out, "convolutional", {"z": RANDOM.randn(3, 4).astype("f")},
              {"images": "images:0"}, {"is_training:0": False})
        by_batch = session.run("images:0", {"z:0": json_values(out, "convolutional", "z"),
                                            "is_training:0": True, "rate:0": 0.})
        keep(out, "by_batch", {"z": json_values(out, "convolutional", "z")}, {"images": by_batch})


def json_values(out, name, key):
    with open(os.path.join(out, name + ".json")) as file:
        kept = json.load(file)["inputs"][key]
    return np.array(kept["values"], kept["dtype"]).reshape(kept["shape"])


def in_training(out):
    """Batch normalization that is always by the batch, and dropout that is always on."""
    x = tf.placeholder(tf.float32, [None, 6, 6, 2], name="x")
    h = layers.batch_normalization(layers.conv2d(x, 3, 3, use_bias=False), training=True)
    h = tf.nn.dropout(tf.nn.relu(h), rate=.3)
    h = layers.batch_normalization(layers.dense(layers.flatten(h), 4), training=True, fused=False)
    tf.nn.softmax(h, name="classes")
    with tf.Session() as session:
        started(session)
        tf.train.Saver().save(session, os.path.join(out, "in_training"), write_state=False)
        values = dict(zip((v.op.name for v in tf.global_variables()),
                          session.run(tf.global_variables())))
    inputs = {"x": RANDOM.randn(3, 6, 6, 2).astype("f")}
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 6, 6, 2], name="x")
        h = layers.batch_normalization(layers.conv2d(x, 3, 3, use_bias=False), training=False)
        h = layers.batch_normalization(layers.dense(layers.flatten(tf.nn.relu(h)), 4),
                                       training=False, fused=False)
        classes = tf.nn.softmax(h, name="classes")
        for variable in tf.global_variables():
            variable.load(values[variable.op.name], session)
        keep(out, "in_training", inputs, {"classes": session.run(classes, {x: inputs["x"]})})


def recurrent(out):
    """An LSTM in a while loop, with a dropout in it, of sequences of any length."""
    words = tf.placeholder(tf.int32, [None, None], name="words")
    lengths = tf.placeholder(tf.int32, [None], name="lengths")
    kept = tf.placeholder_with_default(1., [], name="kept")
    table = tf.get_variable("table", [7, 3])
    cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True),
                                         output_keep_prob=kept)
    h, state = tf.nn.dynamic_rnn(cell, tf.nn.embedding_lookup(table, words),
                                 sequence_length=lengths, dtype=tf.float32)
    logits = layers.dense(state.h, 2)
    tf.identity(tf.nn.softmax(logits) + tf.reduce_mean(h), name="scores")
    with tf.Session() as session:
        started(session)
        saved(session, out, "recurrent", {"words": RANDOM.randint(0, 7, [2, 5]).astype("i"),
                                          "lengths": np.array([5, 3], "i")}, {"scores": "scores:0"})


def queue_fed(out):
    """Reads what it is fed from a queue; the variable is partitioned and has an average."""
    queue = tf.FIFOQueue(10, [tf.float32, tf.int32], [[3], []])
    queue_runner = tf.train.QueueRunner(queue, [queue.enqueue([tf.random_normal([3]), 1])])
    tf.train.add_queue_runner(queue_runner)
    x, label = queue.dequeue_many(4, name="batch")
    with tf.variable_scope("net", partitioner=tf.fixed_size_partitioner(2)):
        w = tf.get_variable("w", [3, 6])
    b = tf.get_variable("b", [6], use_resource=True)
    y = tf.nn.elu(tf.matmul(x, w) + b, name="y")
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=y, labels=label))
    average = tf.train.ExponentialMovingAverage(.9)
    with tf.control_dependencies([tf.train.MomentumOptimizer(.1, .9).minimize(
            loss, tf.train.get_or_create_global_step())]):
        average.apply([b])
    with tf.Session() as session:
        started(session)
        x_value = RANDOM.randn(4, 3).astype("f")
        # Saved under a name of its own.
        names = {v.op.name: v for v in tf.global_variables() if "net/w" not in v.op.name}
        names["weights"] = w
        saver = tf.train.Saver(names)
        saver.save(session, os.path.join(out, "queue_fed"), write_state=False)
        keep(out, "queue_fed", {"batch": x_value},
             {"y": session.run("y:0", {"batch:0": x_value})})


def estimator(out):
    """What Estimator.export_saved_model wrote: examples as text, and several signatures."""
    columns = [tf.feature_column.numeric_column("a", shape=(2,)),
               tf.feature_column.embedding_column(
                   tf.feature_column.categorical_column_with_identity("c", 5), 2)]
    made = tf.estimator.DNNClassifier([4], columns, model_dir=os.path.join(out, "training"),
                                      n_classes=3)
    data = {"a": RANDOM.randn(8, 2).astype("f"), "c": RANDOM.randint(0, 5, [8, 1])}
    made.train(tf.estimator.inputs.numpy_input_fn(data, RANDOM.randint(0, 3, 8), shuffle=False),
               steps=2)
    receiver = tf.estimator.export.build_parsing_serving_input_receiver_fn(
        tf.feature_column.make_parse_example_spec(columns))
    path = made.export_saved_model(os.path.join(out, "exported"), receiver)
    os.rename(path.decode(), os.path.join(out, "estimator"))
    examples = []
    for a, c in zip(data["a"][:2], data["c"]):
        example = tf.train.Example()
        example.features.feature["a"].float_list.value.extend(a)
        example.features.feature["c"].int64_list.value.extend(c)
        examples.append(example.SerializeToString())
    with tf.Graph().as_default(), tf.Session() as session:
        signatures = tf.saved_model.loader.load(session, ["serve"], os.path.join(
            out, "estimator")).signature_def
        signature = signatures["predict"]
        outputs = {key: info.name for key, info in signature.outputs.items()}
        examples = np.array(examples, object)
        keep(out, "estimator", {"examples": examples}, session.run(outputs, {
            signature.inputs["examples"].name: examples}))


def frozen(out):
    """A GraphDef whose weights are constants, as it was, and as text."""
    x = tf.placeholder(tf.float32, [None, 3, 3, 1], name="x")
    h = tf.contrib.layers.batch_norm(layers.conv2d(x, 2, 2), is_training=False, scale=True)
    tf.nn.softmax(layers.dense(layers.flatten(h), 3), name="probabilities")
    with tf.Session() as session:
        started(session)
        graph = tf.graph_util.convert_variables_to_constants(
            session, tf.get_default_graph().as_graph_def(), ["probabilities"])
        x_value = RANDOM.randn(2, 3, 3, 1).astype("f")
        found = session.run("probabilities:0", {"x:0": x_value})
    tf.train.write_graph(graph, out, "frozen.pb", as_text=False)
    tf.train.write_graph(graph, out, "frozen.pbtxt")
    keep(out, "frozen", {"x": x_value}, {"probabilities": found})


def contrib(out):
    """Operations that are gone: contrib's own, and those that graphs of 2015 had."""
    images = tf.placeholder(tf.float32, [None, 5, 5, 2], name="images")
    warp = tf.placeholder(tf.float32, [None, 3, 2], name="warp")
    turned = tf.contrib.image.rotate(images, .5, "BILINEAR")
    from tensorflow.contrib.image.ops import gen_image_ops
    turned = gen_image_ops.image_projective_transform(
        turned, [[1., .1, 0., .2, 1., .5, 0., 0.]], interpolation="BILINEAR")
    sampled = tf.contrib.resampler.resampler(turned, warp)
    from tensorflow.contrib.image.ops import gen_distort_image_ops
    yiq = gen_distort_image_ops.adjust_hsv_in_yiq(
        tf.sigmoid(tf.concat([images, turned], 3)[..., :3]), .3, 1.2, .9)
    tree = tf.contrib.seq2seq.gather_tree(
        tf.cast(tf.round(tf.abs(turned[0, :, :, :] * 3)), tf.int32),
        tf.zeros([5, 5, 2], tf.int32), [5, 4, 3, 2, 5], 9)
    outputs = [tf.identity(sampled, name="sampled"), tf.identity(yiq, name="yiq"),
               tf.identity(tree, name="tree")]
    with tf.Session() as session:
        inputs = {"images": RANDOM.randn(2, 5, 5, 2).astype("f"),
                  "warp": RANDOM.uniform(-1.5, 5.5, [2, 3, 2]).astype("f")}
        found = session.run({each.op.name: each for each in outputs},
                            {key + ":0": value for key, value in inputs.items()})
        tf.train.write_graph(session.graph, out, "contrib.pb", as_text=False)
    keep(out, "contrib", inputs, found)


def old(out):
    """A graph as of 2015 and 2016, with the version that it had."""
    x = tf.placeholder(tf.float32, [2, 3, 3, 2], name="x")
    other = tf.transpose(x, [0, 3, 1, 2])
    inverse = tf.linalg.inv(other + 3 * tf.eye(3))
    graph = tf.get_default_graph().as_graph_def()
    graph.versions.producer = 8
    for node in graph.node:
        if node.op == "MatrixInverse":
            node.op = "BatchMatrixInverse"
    for at, value in enumerate(([.1, -.2], [1.1, .9], [.3, .4], [1.5, .5])):
        node = graph.node.add(name="p%d" % at, op="Const")
        node.attr["dtype"].type = tf.float32.as_datatype_enum
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value, tf.float32))
    node = graph.node.add(name="normal", op="BatchNormWithGlobalNormalization")
    node.input.extend(["x", "p0", "p1", "p2", "p3"])
    node.attr["T"].type = tf.float32.as_datatype_enum
    node.attr["variance_epsilon"].f = .001
    node.attr["scale_after_normalization"].b = True
    inputs = {"x": RANDOM.randn(2, 3, 3, 2).astype("f")}
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(graph, name="")
        found = session.run({"normal": "normal:0", "MatrixInverse": inverse.name}, {
            "x:0": inputs["x"]})
    tf.train.write_graph(graph, out, "old.pb", as_text=False)
    keep(out, "old", inputs, found)


def tables(out):
    """A SavedModel of tf.saved_model.simple_save, with text looked up in a table."""
    text = tf.placeholder(tf.string, [None], name="text")
    table = tf.contrib.lookup.index_table_from_tensor(["a", "b", "c"], num_oov_buckets=1)
    w = tf.get_variable("w", [4, 2])
    y = tf.gather(w, table.lookup(text), name="y")
    with tf.Session() as session:
        started(session)
        session.run(tf.tables_initializer())
        inputs = {"text": np.array([b"b", b"a", b"c", b"?"], object)}
        keep(out, "tables", inputs, {"y": session.run(y, {text: inputs["text"]})})
        tf.saved_model.simple_save(session, os.path.join(out, "tables"), {"text": text}, {"y": y},
                                   legacy_init_op=tf.tables_initializer())


MAKERS = (dense, convolutional, in_training, recurrent, queue_fed, estimator, frozen, contrib, old,
          tables)


def main(makers):
    tf.logging.set_verbosity(tf.logging.ERROR)
    folder = os.path.abspath(sys.argv[1])
    os.makedirs(folder, exist_ok=True)
    for make in makers:
        if len(sys.argv) < 3 or make.__name__ in sys.argv[2:]:
            with tf.Graph().as_default():
                tf.set_random_seed(1)
                make(folder)


if __name__ == "__main__":
    main(MAKERS)
