"""tf.contrib.model_pruning: masked layers and cells, masks that are updated, frozen graphs."""
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow.contrib.model_pruning.python import pruning
from tensorflow.contrib.model_pruning.python.layers import layers

model_pruning, rs = tf.contrib.model_pruning, np.random.RandomState(0)
images, sequences = rs.rand(6, 8, 8, 3).astype(np.float32), rs.rand(6, 4, 5).astype(np.float32)


def network(x, normal):
    with tf.contrib.framework.arg_scope([layers.masked_conv2d], variables_collections=["mine"]):
        h = layers.masked_conv2d(x, 4, 3, stride=2, scope="conv")
        h = layers.masked_conv2d(h, 6, [3, 2], padding="VALID", weights_regularizer=tf.contrib.
                                 layers.l2_regularizer(0.01), normalizer_fn=tf.contrib.layers.
                                 batch_norm if normal else None, outputs_collections="outputs")
    h = model_pruning.masked_fully_connected(h, 5, activation_fn=None)
    h = layers.masked_fully_connected(tf.contrib.layers.flatten(h), 7)
    weights = tf.get_variable("weights", [7, 6])
    return tf.matmul(h, pruning.apply_mask(weights, "own"), name="logits")


for block in (dict(), dict(block_height=2, block_width=3), dict(
        block_width=2, block_pooling_function="MAX", block_dims_map=["own:3x-1", "fully:2x2"]),
        dict(threshold_decay=0.5, weight_sparsity_map=["conv:0.8"]), dict(cells=True)):
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.set_random_seed(3)
        cells = block.pop("cells", False)
        if cells:
            y = tf.constant(sequences)
            for scope, cell in (("a", model_pruning.MaskedBasicLSTMCell(3)),
                                ("b", model_pruning.MaskedLSTMCell(4, True, 0.5)),
                                ("c", model_pruning.MaskedLSTMCell(3, forget_bias=0.5))):
                y, _ = tf.nn.dynamic_rnn(cell, y, dtype=tf.float32, scope=scope)
        else:
            y = network(tf.constant(images), bool(block))
        following = tf.random_uniform([2])
        step = tf.train.get_or_create_global_step()
        hparams = model_pruning.get_pruning_hparams().parse(
            "begin_pruning_step=2,pruning_frequency=2,sparsity_function_end_step=8,"
            "target_sparsity=0.6,initial_sparsity=0.1")
        for name, value in block.items():
            hparams.set_hparam(name, value)
        pruner = model_pruning.Pruning(hparams, global_step=step)
        loss = tf.reduce_sum(tf.square(y - 0.3))
        train = tf.train.GradientDescentOptimizer(0.01).minimize(loss, step)
        update = pruner.conditional_mask_update_op()
        pruner.add_pruning_summaries()
        print([len(tf.get_collection(key)) for key in (
            "masks", "thresholds", "masked_weights", "kernel", "mine", "outputs", "summaries")],
              [variable.name for variable in model_pruning.get_weights()],
              [one.name for one in model_pruning.get_masked_weights()])
        session.run(tf.global_variables_initializer())
        for number, variable in enumerate(tf.trainable_variables()):
            session.run(variable.assign(np.random.RandomState(number).randn(
                *variable.shape.as_list()) * 0.3))
        session.run(following)
        for _ in range(10):
            session.run(train)
            session.run(update)
            session.run([loss, model_pruning.get_weight_sparsity(),
                         model_pruning.get_thresholds()])
        session.run(model_pruning.get_masks())
        if not cells and not block:
            folder = tempfile.mkdtemp()
            tf.train.Saver().save(session, folder + "/model", step)
with tf.Graph().as_default(), tf.Session() as session:
    frozen = model_pruning.graph_def_from_checkpoint(folder, ["logits"])
    stripped = model_pruning.strip_pruning_vars_fn(frozen, ["logits"])
    print(len(frozen.node) > len(stripped.node), [
        node.name for node in stripped.node if "mask" in node.name])
    session.run(tf.import_graph_def(stripped, return_elements=["logits:0"]))
for wrong in (dict(begin_pruning_step=-1), dict(end_pruning_step=0), dict(target_sparsity=1.0),
              dict(threshold_decay=1.0), dict(sparsity_function_end_step=0),
              dict(block_dims_map=["a:3"]), dict(weight_sparsity_map=["a:1.5"])):
    with tf.Graph().as_default():
        tf.train.get_or_create_global_step()
        hparams = model_pruning.get_pruning_hparams()
        for name, value in wrong.items():
            hparams.set_hparam(name, value)
        try:
            model_pruning.Pruning(hparams)
            print(0)
        except Exception as error:
            print(len(type(error).__name__))
