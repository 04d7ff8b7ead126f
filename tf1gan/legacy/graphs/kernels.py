"""Which operations of a graph this TensorFlow can compute on a CPU, and why not the others."""

from tf1gan.legacy.graphs import old_graphs

_OF_THE_SYSTEM = ("_Arg", "_Retval", "_Send", "_Recv", "_HostSend", "_HostRecv", "SymbolicGradient")


def lacking(graph_def):
    """{operation: why it cannot be computed}, of a GraphDef and its functions."""
    from tensorflow.python.framework import kernels, op_def_registry, versions
    functions = {function.signature.name for function in graph_def.library.function}
    bodies = [graph_def.node] + [function.node_def for function in graph_def.library.function]
    found, seen, fitting = {}, {}, set()
    for body in bodies:
        for node in body:
            if node.op in functions or node.op in _OF_THE_SYSTEM or node.op in found:
                continue
            if node.op not in seen:
                definition = op_def_registry.get(node.op)
                known = kernels.get_registered_kernels_for_op(node.op).kernel if definition else []
                seen[node.op] = (definition, known, sorted(
                    {each.name for kernel in known for each in kernel.constraint}))
            definition, known, names = seen[node.op]
            kinds = (node.op, *(node.attr[name].SerializeToString() if name in node.attr else None
                                for name in names))
            if kinds in fitting:
                continue
            why = _why(node, definition, known, versions.GRAPH_DEF_VERSION)
            if why:
                found[node.op] = why
            else:
                fitting.add(kinds)
    return found


def _why(node, definition, known, version):
    if definition is None:
        return "TensorFlow of today has no such operation: " + old_graphs.why_gone(node.op)
    if definition.HasField("deprecation") and definition.deprecation.version <= version:
        return "given up: " + definition.deprecation.explanation
    on_cpu = [kernel for kernel in known if kernel.device_type in ("CPU", "DEFAULT")]
    if not on_cpu:
        elsewhere = sorted({kernel.device_type for kernel in known
                            if not kernel.device_type.startswith("XLA_")})
        return "it has no kernel for a CPU" + (f", only for {', '.join(elsewhere)}" if elsewhere
                                                else "")
    if not any(_takes(kernel, node, definition) for kernel in on_cpu):
        return "it has no kernel for a CPU of these types"
    return None


def _takes(kernel, node, definition):
    defaults = {each.name: each.default_value for each in definition.attr}
    for constraint in kernel.constraint:
        value = node.attr[constraint.name] if constraint.name in node.attr else defaults.get(
            constraint.name)
        allowed = constraint.allowed_values.list.type
        if value is None or not allowed:
            continue
        kinds = list(value.list.type) or [value.type]
        if not all(not kind or kind in allowed for kind in kinds):
            return False
    return True


def outputs(node):
    """How many outputs a node has; None where TensorFlow of today does not know its operation."""
    from tensorflow.python.framework import op_def_registry
    definition = op_def_registry.get(node.op)
    if definition is None:
        return None
    values = {each.name: each.default_value for each in definition.attr}
    values.update(node.attr)
    return sum(values[each.number_attr].i if each.number_attr else
               len(values[each.type_list_attr].list.type) if each.type_list_attr else 1
               for each in definition.output_arg)


def misfit(graph_def):
    """What is wrong with the inputs of an operation that is known today, in words; or None."""
    from tensorflow.python.framework import op_def_registry
    definitions = {}
    for body in [graph_def.node] + [function.node_def for function in graph_def.library.function]:
        for node in body:
            if node.op not in definitions:
                definitions[node.op] = op_def_registry.get(node.op)
            if definitions[node.op] is None:
                continue
            wanted = sum(_inputs_of(node, each) for each in definitions[node.op].input_arg)
            there = sum(not value.startswith("^") for value in node.input)
            if wanted != there:
                return f"{node.name} ({node.op}) has {there} inputs, and takes {wanted}"
    return None


def _inputs_of(node, argument):
    name = argument.number_attr or argument.type_list_attr
    if not name:
        return 1
    if name not in node.attr:
        return 0
    return max(node.attr[name].i, 0) if argument.number_attr else len(node.attr[name].list.type)
