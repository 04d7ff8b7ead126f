"""`tf.contrib.model_pruning`: weights behind masks, which small weights fall behind in training.

How many operations 1.15.5 made of the updates is not counted: seeds after them are said to be
unknown.
"""

from tf1gan.legacy.api import slim_repairs

DROPPED = "2.0"
GIVES = """
MaskedBasicLSTMCell MaskedLSTMCell Pruning apply_mask get_masked_weights get_masks
get_pruning_hparams get_thresholds get_weight_sparsity get_weights graph_def_from_checkpoint
masked_conv2d masked_convolution masked_fully_connected strip_pruning_vars_fn train
"""
NEEDS = ("tf_slim", "tf-keras")
PATHS = ("python.pruning", "python.layers.layers", "python.layers.rnn_cells",
         "python.layers.core_layers", "python.learning", "python.strip_pruning_vars_lib")
REFUSED = {}


def make(given):
    from tf1gan.legacy.restored.contrib import _masked_cells, _masked_layers, _pruning
    return dict(_pruning.make(given), **_masked_layers.make(given.tf),
                **_masked_cells.make(given.tf), train=_train(),
                strip_pruning_vars_fn=strip_pruning_vars_fn,
                graph_def_from_checkpoint=graph_def_from_checkpoint)


def _train():
    learning = slim_repairs.module("learning")

    def train(train_op, logdir, mask_update_op, train_step_fn=learning.train_step, *arguments,
              **named):
        """tf.contrib.slim's loop, which updates the masks after each step."""
        def step(session, *of_step):
            result = train_step_fn(session, *of_step)
            session.run(mask_update_op)
            return result
        return learning.train(train_op, logdir, step, *arguments, **named)
    return train


def strip_pruning_vars_fn(input_graph_def, output_node_names):
    """A frozen graph with the masked weights as constants."""
    import tensorflow.compat.v1 as tf
    stripped = tf.GraphDef()
    with tf.Graph().as_default() as graph, tf.Session() as session:
        tf.import_graph_def(input_graph_def, name="")
        for node in input_graph_def.node:
            kept = stripped.node.add()
            if "masked_weight" not in node.name:
                kept.CopyFrom(node)
                continue
            kept.op, kept.name = "Const", node.name
            kept.attr["dtype"].CopyFrom(node.attr["T"])
            kept.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(
                session.run(graph.get_tensor_by_name(node.name + ":0"))))
    return tf.graph_util.extract_sub_graph(stripped, output_node_names)


def graph_def_from_checkpoint(checkpoint_dir, output_node_names):
    """The graph of a folder's latest checkpoint, frozen. Raises ValueError where there is none."""
    import tensorflow.compat.v1 as tf
    path = tf.train.latest_checkpoint(checkpoint_dir)
    if path is None:
        raise ValueError(f"There is no checkpoint in {checkpoint_dir}.")
    saver = tf.train.import_meta_graph(path + ".meta", clear_devices=True)
    with tf.Session() as session:
        saver.restore(session, path)
        return tf.graph_util.convert_variables_to_constants(
            session, tf.get_default_graph().as_graph_def(), output_node_names)
