"""Writes more models of TensorFlow 1.15.5, of kinds that are rarer: as make.py.

    python more.py OUT [NAME ...]
"""

import os

import numpy as np
import tensorflow as tf
from make import RANDOM, keep, layers, main, started


def searching(out):
    """A search by beams with attention, a gradient through a loop, and normalization by the batch
    that is not fused; its checkpoint is of the first format, in two parts."""
    words = tf.placeholder(tf.int32, [None, None], name="words")
    lengths = tf.placeholder_with_default(tf.fill([tf.shape(words)[0]], tf.shape(words)[1]),
                                          [None], name="lengths")
    table = tf.get_variable("table", [7, 3])
    h, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), tf.nn.embedding_lookup(table, words),
                                 lengths, dtype=tf.float32)
    kernel = next(v for v in tf.global_variables() if "gates/kernel" in v.op.name)
    tf.identity(tf.gradients(tf.reduce_sum(tf.square(state)), kernel)[0], name="slope")
    of_state = layers.batch_normalization(state, training=True, fused=False)
    tf.identity(layers.dense(of_state, 2), name="classes")
    seq2seq = tf.contrib.seq2seq
    memory, first, sizes = (seq2seq.tile_batch(each, 2) for each in (h, state, lengths))
    cell = seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(4),
                                    seq2seq.BahdanauAttention(3, memory, sizes), 4)
    start = cell.zero_state(2 * tf.shape(words)[0], tf.float32).clone(cell_state=first)
    with tf.device("/cpu:1"):
        last = layers.Dense(7, use_bias=False)
        decoder = seq2seq.BeamSearchDecoder(cell, table, tf.fill([tf.shape(words)[0]], 1), 2, start,
                                            2, last)
        found, _, _ = seq2seq.dynamic_decode(decoder, maximum_iterations=5)
    tf.identity(found.predicted_ids, name="found")
    with tf.Session(config=tf.ConfigProto(device_count={"CPU": 2})) as session:
        started(session)
        values = dict(zip((v.op.name for v in tf.global_variables()),
                          session.run(tf.global_variables())))
        tf.train.Saver(write_version=tf.train.SaverDef.V1, sharded=True).save(
            session, os.path.join(out, "searching"), write_state=False)
        inputs = {"words": RANDOM.randint(2, 7, [2, 4]).astype("i")}
        outputs = session.run({"slope": "slope:0", "found": "found:0", "state": state},
                              {"words:0": inputs["words"]})
    with tf.Graph().as_default(), tf.Session() as session:      # as it is after the training
        given = tf.constant(outputs.pop("state"))
        given = layers.batch_normalization(given, training=False, fused=False)
        given = layers.dense(given, 2)
        for variable in tf.global_variables():
            variable.load(values[variable.op.name], session)
        outputs["classes"] = session.run(given)
    keep(out, "searching", inputs, outputs)


def texts(out):
    """A SavedModel as text, of two graphs: pictures and sparse words in texts, and a table in a
    file of words."""
    examples = tf.placeholder(tf.string, [None], name="examples")
    parts = tf.parse_example(examples, {
        "words": tf.VarLenFeature(tf.string), "numbers": tf.VarLenFeature(tf.int64),
        "one": tf.FixedLenFeature([2], tf.float32)})
    path = os.path.join(out, "words.txt")
    with open(path, "w") as file:
        file.write("red\ngreen\nblue\n")
    table = tf.contrib.lookup.index_table_from_file(path, num_oov_buckets=1)
    ids = tf.SparseTensor(parts["words"].indices, table.lookup(parts["words"].values),
                          parts["words"].dense_shape)
    words = tf.nn.embedding_lookup_sparse(tf.get_variable("w", [4, 3]), ids, None, combiner="mean")
    numbers = tf.nn.embedding_lookup_sparse(tf.get_variable("n", [9, 2]), parts["numbers"], None,
                                            combiner="sqrtn")
    y = layers.dense(tf.concat([words, numbers, parts["one"]], 1), 3)
    kind = tf.contrib.lookup.index_to_string_table_from_tensor(["a", "b", "c"]).lookup(
        tf.argmax(y, 1))
    encoded = tf.placeholder(tf.string, [None], name="encoded")
    pictures = tf.map_fn(lambda each: tf.image.resize_images(tf.image.decode_png(each, 3), [4, 4]),
                         encoded, tf.float32)
    of_pictures = tf.reduce_mean(layers.dense(pictures, 2), [1, 2])

    def signature(inputs, outputs):
        return tf.saved_model.build_signature_def(*(
            {key: tf.saved_model.build_tensor_info(value) for key, value in each.items()}
            for each in (inputs, outputs)), "tensorflow/serving/predict")
    with tf.Session() as session:
        started(session)
        session.run(tf.tables_initializer())
        builder = tf.saved_model.builder.SavedModelBuilder(os.path.join(out, "texts"))
        builder.add_meta_graph_and_variables(
            session, ["serve"], {
                "serving_default": signature({"examples": examples}, {"y": y, "kind": kind}),
                "pictures": signature({"encoded": encoded}, {"y": of_pictures})},
            assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
            main_op=tf.tables_initializer())
        builder.add_meta_graph(["serve", "gpu"], {"other": signature({"y": y}, {"kind": kind})})
        builder.save(as_text=True)
        os.remove(path)
        made = []
        for number, some in enumerate(([b"red", b"?"], [b"blue"], [b"green", b"red", b"red"])):
            example = tf.train.Example()
            example.features.feature["words"].bytes_list.value.extend(some)
            example.features.feature["numbers"].int64_list.value.extend([number, 8 - number])
            example.features.feature["one"].float_list.value.extend(RANDOM.randn(2))
            made.append(example.SerializeToString())
        made = np.array(made, object)
        keep(out, "texts", {"examples": made}, session.run({"y": y, "kind": kind},
                                                           {examples: made}))
        pixels = RANDOM.randint(0, 256, [2, 5, 6, 3]).astype(np.uint8)
        made = np.array([session.run(tf.image.encode_png(each)) for each in pixels], object)
        keep(out, "pictures", {"encoded": made},
             {"y": session.run(of_pictures, {encoded: made})})


def arrays(out):
    """Loops whose arrays are as of TensorFlow 0.8 to 1.0, which 1.15.5 computes in old graphs."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    tf.identity(tf.scan(lambda a, b: a * .5 + tf.sin(b), x), name="scanned")
    with tf.name_scope("second"):
        tf.identity(tf.map_fn(lambda row: row * tf.reduce_sum(row), x), name="mapped")
    graph = tf.get_default_graph().as_graph_def()
    graph.versions.producer = 15
    arrays = {}
    for node in graph.node:
        version = "V2" if node.name.startswith("second") else ""
        if node.op.startswith("TensorArray"):
            if node.op == "TensorArrayV3":
                arrays[node.name] = version
                del node.attr["identical_element_shapes"]
            node.op = node.op[:-2] + version
    flow = graph.node.add(name="flow", op="Const")
    flow.attr["dtype"].type = 1
    flow.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(0.))
    for node in graph.node:
        node.input[:] = ["flow" if value.partition(":")[0] in arrays and value.endswith(":1")
                         else value for value in node.input]
        if node.op == "Enter" and node.input[0] in arrays:
            node.attr["T"].type = tf.string.as_datatype_enum
            if not arrays[node.input[0]]:
                node.op = "RefEnter"
    inputs = {"x": RANDOM.randn(4, 3).astype("f")}
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(graph, name="")
        found = session.run({"scanned": "scanned:0", "mapped": "second/mapped:0"},
                            {"x:0": inputs["x"]})
    tf.train.write_graph(graph, out, "arrays.pb", as_text=False)
    keep(out, "arrays", inputs, found)


if __name__ == "__main__":
    main((searching, texts, arrays))
