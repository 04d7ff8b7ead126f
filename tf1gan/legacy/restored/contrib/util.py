"""`tf.contrib.util`: constants of the graph, and what a graph is made of."""

DROPPED = "2.0"
GIVES = """
constant_value make_ndarray make_tensor_proto ops_used_by_graph_def stripped_op_list_for_graph
"""
NEEDS = ()
PATHS = ()
REFUSED = {"loader": "operations that a script compiled are loaded by tf.load_op_library"}


def make(given):
    from tensorflow.python.framework import meta_graph, tensor_util
    tf = given.tf
    return dict(constant_value=tensor_util.constant_value, make_ndarray=tf.make_ndarray,
                make_tensor_proto=tf.make_tensor_proto,
                ops_used_by_graph_def=meta_graph.ops_used_by_graph_def,
                stripped_op_list_for_graph=meta_graph.stripped_op_list_for_graph)
