"""`tf.contrib.receptive_field`: what part of a picture a network's output looks at."""

DROPPED = "2.0"
GIVES = """
ReceptiveField compute_receptive_field_from_graph_def get_compute_order get_layer_params
parse_graph_nodes
"""
NEEDS = ()
PATHS = ("receptive_field_api", "python.util.receptive_field", "python.util.graph_compute_order",
         "python.util.parse_layer_parameters")
REFUSED = {}


def make(given):
    from tf1gan.legacy.restored.contrib import _receptive_fields as fields

    def compute_receptive_field_from_graph_def(graph_def, input_node, output_node,
                                               stop_propagation=None, input_resolution=None):
        found = fields.between(graph_def, input_node, output_node, stop_propagation or (),
                               input_resolution)
        if found.padding[0] is None:
            given.tf.logging.warning(
                "The padding of %s depends on the size of the picture, and is None: "
                "input_resolution=[height, width] says it.", output_node)
        return found
    return dict(compute_receptive_field_from_graph_def=compute_receptive_field_from_graph_def,
                get_compute_order=fields.get_compute_order, ReceptiveField=fields.ReceptiveField,
                get_layer_params=fields.get_layer_params,
                parse_graph_nodes=fields.parse_graph_nodes)
