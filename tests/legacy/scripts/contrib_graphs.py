"""tf.contrib.copy_graph and the exporter of session_bundle."""
import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.contrib.copy_graph.python.util import copy_elements
from tensorflow.contrib.session_bundle import constants, exporter, gc, manifest_pb2

copying, one, other = tf.contrib.copy_graph, tf.Graph(), tf.Graph()
with one.as_default():
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2), name="w")
    b = tf.Variable([1.0, 2.0], name="b", trainable=False, collections=["variables", "mine"])
    with tf.control_dependencies([tf.no_op(name="first")]):
        y = tf.nn.relu(tf.matmul(x, w) + b, name="y")
    tf.add_to_collection("outputs", y)
for scope in ("", "copied"):
    kept = [copying.copy_variable_to_graph(variable, other, scope) for variable in (w, b)]
    made = copying.copy_op_to_graph(y, other, kept, scope)
    prefix = scope + "/" if scope else ""
    print([variable.name for variable in kept], made.name, made.shape, made.op.control_inputs,
          [len(other.get_collection(prefix + key)) for key in ("outputs", "mine")],
          [len(other.get_collection(key)) for key in ("variables", "trainable_variables")])
    print(copying.get_copied_op(y, other, scope) is made,
          copying.copy_op_to_graph(y, other, kept, scope) is made)
    with other.as_default(), tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(made, {prefix + "x:0": np.eye(3)})
print(len(other.get_operations()))
with one.as_default(), tf.device("/cpu:0"):
    three = tf.constant(3, name="three")
with other.device("/job:worker"):
    print([int(part in copying.copy_op_to_graph(three, other, []).device.lower())
           for part in ("worker", "cpu:0")])
for wrong in (lambda: copying.copy_op_to_graph(3, other, []),
              lambda: copy_elements.copy_variable_to_graph(y, other),
              lambda: copying.get_copied_op(y, other, "nowhere")):
    try:
        wrong()
    except Exception as error:
        print(len(type(error).__name__))

folder = tempfile.mkdtemp()
with open(os.path.join(folder, "words.txt"), "w") as file:
    file.write("a b c")
with tf.Graph().as_default(), tf.Session() as session:
    x = tf.placeholder(tf.float32, [None], name="x")
    w, step = tf.Variable(3.0, name="w"), tf.Variable(7, name="step", trainable=False)
    y = tf.multiply(x, w, name="y")
    words = tf.constant(os.path.join(folder, "words.txt"), name="words")
    session.run(tf.global_variables_initializer())
    export = exporter.Exporter(tf.train.Saver(sharded=True))
    export.init(tf.get_default_graph().as_graph_def(), tf.no_op(name="ready"), True,
                exporter.classification_signature(x, y, y), dict(
                    inputs=exporter.generic_signature({"x": x}),
                    r=exporter.regression_signature(x, y)), [words])
    for version in (7, 8, 12):
        session.run(step.assign(version))
        path = export.export(os.path.join(folder, "out") + "/", step, session,
                             gc.largest_export_versions(2))
    print(os.path.basename(path).decode(), sorted(os.listdir(os.path.join(folder, "out"))),
          len(os.listdir(path.decode())), os.listdir(os.path.join(path.decode(), "assets")))
    for wrong in (lambda: export.export(os.path.join(folder, "out"), step, session), export.init,
                  lambda: exporter.Exporter(tf.train.Saver()).export(folder, step, session),
                  lambda: exporter.Exporter(tf.train.Saver()).init(assets_collection=[x])):
        try:
            wrong()
        except Exception as error:
            print(len(type(error).__name__))
with tf.Graph().as_default() as graph, tf.Session() as session:
    base = os.path.join(path.decode(), constants.EXPORT_BASE_NAME)
    tf.train.import_meta_graph(base + ".meta").restore(session, base + "-00000-of-00001" if
                                                       os.path.exists(base + "-00000-of-00001")
                                                       else base)
    session.run("y:0", {"x:0": [1.0, 2.0]})
    packed, = tf.get_collection(constants.SIGNATURES_KEY)
    signatures = manifest_pb2.Signatures()
    packed.Unpack(signatures)
    print(len(str(signatures)), signatures.default_signature.classification_signature.input,
          sorted(signatures.named_signatures), len(tf.get_collection(constants.GRAPH_KEY)),
          len(packed.SerializeToString()), tf.get_collection(constants.INIT_OP_KEY))
print([[one.export_version for one in keep([gc.Path(str(i), i) for i in (0, 1, 3, 4, 6, 7, 9)])]
       for keep in (gc.largest_export_versions(3), gc.mod_export_version(3), gc.negation(
           gc.mod_export_version(2)), gc.one_of_every_n_export_versions(3), gc.union(
               gc.mod_export_version(4), gc.largest_export_versions(1)),
                    gc.largest_export_versions(9), gc.largest_export_versions(0))])
print([one.export_version for one in gc.largest_export_versions(2)(
    [gc.Path("a", 1), gc.Path("b", None), gc.Path("c", 4)])])
