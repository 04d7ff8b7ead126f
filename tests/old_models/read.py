"""Reads old models by TensorFlow 1's own functions, and says whether they compute what is kept.

    python read.py FILES

What make.py and more.py wrote on 1.15.5, read by a script of 1.x; and a graph of images with their
channels first, which 1.15.5 computes on a GPU alone, held to the same with the channels last.
"""

import json
import os
import sys

import numpy as np
import tensorflow as tf
from compute import apart, array

tf.logging.set_verbosity(tf.logging.ERROR)
FILES = sys.argv[1]


def kept(name):
    with open(os.path.join(FILES, name + ".json")) as file:
        found = json.load(file)
    return [{key: array(value) for key, value in found[side].items()}
            for side in ("inputs", "outputs")]


def say(name, found, wanted):
    most = max(apart(np.asarray(found[key], wanted[key].dtype), value)
               for key, value in wanted.items())
    print(name, "agrees" if most <= 1e-6 else "differs by %g" % most)


def graph_def(name):
    found = tf.GraphDef()
    with open(os.path.join(FILES, name), "rb") as file:
        found.ParseFromString(file.read())
    return found


for name, scope in (("contrib", "of_contrib"), ("old", ""), ("arrays", "loops"), ("frozen", "")):
    inputs, outputs = kept(name)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(graph_def(name + ".pb"), name=scope)
        prefix = scope and scope + "/"
        names = {key: "second/mapped" if key == "mapped" else key for key in outputs}
        say(name, session.run({key: prefix + each + ":0" for key, each in names.items()},
                              {prefix + key + ":0": value for key, value in inputs.items()}),
            outputs)

inputs, outputs = kept("convolutional")
with tf.Graph().as_default(), tf.Session() as session:
    saver = tf.train.import_meta_graph(os.path.join(FILES, "convolutional.meta"))
    saver.restore(session, os.path.join(FILES, "convolutional"))
    say("convolutional", session.run({"images": "images:0"}, {
        "z:0": inputs["z"], "is_training:0": False}), outputs)

for name, key in (("estimator", "predict"), ("tables", "serving_default"),
                  ("texts", "serving_default")):
    inputs, outputs = kept(name)
    with tf.Graph().as_default(), tf.Session() as session:
        meta = tf.saved_model.loader.load(session, ["serve"], os.path.join(FILES, name))
        signature = meta.signature_def[key]
        say(name, session.run({each: info.name for each, info in signature.outputs.items()},
                              {signature.inputs[each].name: value
                               for each, value in inputs.items()}), outputs)


# -- Channels that come first ----------------------------------------------------------------

RANDOM = np.random.RandomState(4)
PIXELS, KERNEL = RANDOM.randn(2, 3, 6, 6).astype("f"), RANDOM.randn(3, 3, 3, 4).astype("f")


def add(body, name, op, inputs, **attributes):
    node = body.add(name=name, op=op, input=inputs)
    node.attr["T"].type = tf.float32.as_datatype_enum
    for key, value in attributes.items():
        if isinstance(value, list):
            node.attr[key].list.i.extend(value)
        else:
            node.attr[key].s = value.encode()


def network(order):
    """A convolution, a pool, a pool in a function, and the convolution's gradient."""
    made = tf.GraphDef()
    made.versions.producer = 134
    along = (lambda size: [1, size, size, 1]) if order == "NHWC" else (
        lambda size: [1, 1, size, size])
    for name, value in (("kernel", KERNEL), ("bias", np.arange(4, dtype="f"))):
        node = made.node.add(name=name, op="Const")
        node.attr["dtype"].type = tf.float32.as_datatype_enum
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value))
    node = made.node.add(name="x", op="Placeholder")
    node.attr["dtype"].type = tf.float32.as_datatype_enum
    add(made.node, "conv", "Conv2D", ["x", "kernel"], strides=along(2), padding="SAME",
        data_format=order)
    add(made.node, "biased", "BiasAdd", ["conv", "bias"], data_format=order)
    add(made.node, "pool", "MaxPool", ["biased"], ksize=along(2), strides=along(1),
        padding="VALID", data_format=order)
    function = made.library.function.add()
    function.signature.name = "smaller"
    for side, name in ((function.signature.input_arg, "a"), (function.signature.output_arg, "b")):
        side.add(name=name, type=tf.float32.as_datatype_enum)
    add(function.node_def, "mean", "AvgPool", ["a"], ksize=along(2), strides=along(2),
        padding="VALID", data_format=order)
    function.ret["b"] = "mean:output:0"
    node = made.node.add(name="small", op="PartitionedCall", input=["pool"])
    for key in ("Tin", "Tout"):
        node.attr[key].list.type.append(tf.float32.as_datatype_enum)
    node.attr["f"].func.name = "smaller"
    return made


results = []
for order in ("NCHW", "NHWC"):
    turn = (lambda value: value) if order == "NCHW" else (
        lambda value: value.transpose(0, 2, 3, 1))
    with tf.Graph().as_default(), tf.Session() as session:
        x, pool, small = tf.import_graph_def(network(order), return_elements=[
            "x:0", "pool:0", "small:0"], name="")
        slope, = tf.gradients(tf.reduce_sum(tf.square(pool)), x)
        found = session.run([pool, small, slope], {x: turn(PIXELS)})
    results.append(found if order == "NCHW" else [value.transpose(0, 3, 1, 2) for value in found])
say("channels first", dict(enumerate(results[0])), dict(enumerate(results[1])))
