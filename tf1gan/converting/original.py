"""The original, run as TensorFlow 1 ran it: a graph, a session, what is fed."""

import numpy as np

from tf1gan.compat import tf
from tf1gan.converting.network import INPUT
from tf1gan.errors import UserError, reason

SECONDS = 300       # that a network may take


_OTHERS = "give others with --check FILE.npz, arrays by the names of the inputs"


def run(source, network, held, values, remedy=_OTHERS):
    """What the original computes.

    Args:
      held: weights.Held.
      values: names of arguments -> arrays.
      remedy: what is said where they do not fit.

    Returns:
      {name of a result: array}.

    Raises:
      UserError: TensorFlow cannot run it.
    """
    return run_twice(source, network, held, values, 1, remedy)[0]


def run_twice(source, network, held, values, times=2, remedy=_OTHERS):
    """What the original computes, and what it does when it is asked again: see `run`.

    Returns:
      a list of {name of a result: array}.

    Raises:
      UserError: TensorFlow cannot run it.
    """
    try:
        with tf.Graph().as_default() as graph:
            tf.import_graph_def(network.original, name="")
            present = {node.name: node for node in network.original.node}
            feeds = {INPUT + name + ":0": value for name, value in values.items()
                     if INPUT + name in present}
            feeds.update(network.feeds, **network.idle)
            set_all, arrays = [], {}
            for name, (keys, those) in held.tables.items():
                set_all.append(tf.raw_ops.InitializeTableV2(
                    table_handle=graph.get_tensor_by_name(name + ":0"), keys=keys, values=those))
            for name, value in held.variables.items():
                if name not in present:
                    continue
                variable = graph.get_tensor_by_name(name + ":0")
                given = tf.placeholder(value.dtype, value.shape)
                arrays[given] = value
                set_all.append(
                    tf.raw_ops.AssignVariableOp(resource=variable, value=given)
                    if present[name].op == "VarHandleOp" else
                    tf.raw_ops.Assign(ref=variable, value=given, validate_shape=False).op)
            with tf.Session(config=_as_it_is()) as session:
                session.run(set_all, arrays)
                names = list(network.outputs)
                limit = tf.RunOptions(timeout_in_ms=1000 * SECONDS)
                found = [session.run([network.outputs[name] for name in names], feeds, limit)
                         for _ in range(times)]
        return [dict(zip(names, map(np.asarray, each))) for each in found]
    except (tf.errors.OpError, ValueError, TypeError, LookupError, RuntimeError) as error:
        raise UserError(f"{source.path} cannot be run on these inputs ({reason(error)}): {remedy}"
                        ) from error


def _as_it_is():
    """Settings of a session that does not rewrite its graph: it would die of a very long chain."""
    config = tf.ConfigProto()
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    return config
