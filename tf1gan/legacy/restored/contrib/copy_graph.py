"""`tf.contrib.copy_graph`: operations and variables of one graph in another."""

DROPPED = "2.0"
GIVES = "copy_op_to_graph copy_variable_to_graph get_copied_op"
NEEDS = ()
PATHS = ("python.util.copy_elements", "python.util")
REFUSED = {}


def make(given):
    tf = given.tf

    def named(instance, scope):
        return f"{scope}/{instance.name}" if scope else instance.name

    def collections_of(instance, scope):
        keys = instance.graph.get_all_collection_keys()
        return [(key, f"{scope}/{key}" if scope else key) for key in keys if any(
            instance is held for held in instance.graph.get_collection_ref(key))]

    def copy_variable_to_graph(org_instance, to_graph, scope=""):
        """A variable of the same value in another graph, under scope/name."""
        if not isinstance(org_instance, tf.Variable):
            raise TypeError(f"{org_instance} is no variable.")
        name = named(org_instance, scope).split(":")[0]
        own = tf.GraphKeys.GLOBAL_VARIABLES, tf.GraphKeys.TRAINABLE_VARIABLES
        found = collections_of(org_instance, scope)
        with org_instance.graph.as_default(), tf.Session() as session:
            value = session.run(org_instance.initialized_value())
        with to_graph.as_default():
            return tf.Variable(
                value, any(key == own[1] for key, _ in found), name=name, validate_shape=False,
                collections=[key if key in own else new for key, new in found])

    def copy_op_to_graph(org_instance, to_graph, variables, scope=""):
        """An operation or a tensor, and what it is computed of, in another graph.

        Args:
          variables: those of the other graph that stand for those of this one.
          scope: what its names begin with.
        """
        name = named(org_instance, scope)
        if any(variable.name == name for variable in variables):
            return to_graph.get_tensor_by_name(name)
        try:
            return to_graph.as_graph_element(name, allow_tensor=True, allow_operation=True)
        except (KeyError, ValueError, TypeError):
            pass        # it is not there yet
        if isinstance(org_instance, tf.Tensor):
            op = copy_op_to_graph(org_instance.op, to_graph, variables, scope)
            tensor = op.outputs[org_instance.value_index]
            for _, key in collections_of(org_instance, scope):
                to_graph.add_to_collection(key, tensor)
            return tensor
        if not isinstance(org_instance, tf.Operation):
            raise TypeError(f"{org_instance} is no operation and no tensor.")
        first = [copy_op_to_graph(op, to_graph, variables, scope)
                 for op in org_instance.control_inputs]
        inputs = [copy_op_to_graph(tensor, to_graph, variables, scope)
                  for tensor in org_instance.inputs]
        with to_graph.as_default(), to_graph.control_dependencies(first):
            return _made(org_instance, to_graph, name, inputs)
    return dict(
        copy_variable_to_graph=copy_variable_to_graph, copy_op_to_graph=copy_op_to_graph,
        get_copied_op=lambda org_instance, graph, scope="": graph.as_graph_element(
            named(org_instance, scope), allow_tensor=True, allow_operation=True))


def _made(op, graph, name, inputs):
    from tensorflow.core.framework import node_def_pb2
    from tensorflow.python.framework import ops
    node = node_def_pb2.NodeDef()
    node.CopyFrom(op.node_def)
    node.name = name
    node.ClearField("input")
    attributes = {key: value for key, value in node.attr.items()}
    attributes.pop("_class", None)
    with graph.as_default(), ops.name_scope(None), graph.device(op.device):
        return graph.create_op(op.type, inputs, [tensor.dtype for tensor in op.outputs],
                               name=name + "/", attrs=attributes, compute_device=True,
                               op_def=op.op_def)
