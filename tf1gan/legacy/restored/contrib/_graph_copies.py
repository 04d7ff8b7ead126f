"""Copies of operations within their graph, which read other tensors."""

from tf1gan.legacy.refusal import refuse

_LOOPS = ("Enter", "RefEnter", "NextIteration", "RefNextIteration", "Exit", "RefExit")


class Copied:
    """What a copy was made of."""

    def __init__(self, of_operations):
        self._transformed_ops = of_operations
        self._originals = {copy: op for op, copy in of_operations.items()}

    def transformed(self, original, missing_fn=None):
        return self._found(self._transformed_ops, original, missing_fn)

    def original(self, transformed, missing_fn=None):
        return self._found(self._originals, transformed, missing_fn)

    def _found(self, known, asked, missing):
        if isinstance(asked, dict):
            return {name: self._found(known, part, missing) for name, part in asked.items()}
        if isinstance(asked, (list, tuple)):
            return type(asked)([self._found(known, part, missing) for part in asked])
        op = asked if hasattr(asked, "node_def") else asked.op
        if op in known:
            return known[op] if op is asked else known[op].outputs[asked.value_index]
        return missing(asked) if missing else None


def make(tf, names):
    """Those of graph_editor, by its other names."""
    def copy_with_input_replacements(sgv, replacement_ts, dst_graph=None, dst_scope="",
                                     src_scope="", reuse_dst_scope=False):
        """Copies operations; what the copies read of others' tensors is what `replacement_ts` has
        for them, if anything. Returns (a SubGraphView of the copies, Copied)."""
        return transformed(sgv, lambda t, _: replacement_ts[t] if t in replacement_ts else t,
                           dst_graph, dst_scope, src_scope, reuse_dst_scope)

    def copy(sgv, dst_graph=None, dst_scope="", src_scope="", reuse_dst_scope=False):
        """The same, where the copies read placeholders in place of others' tensors."""
        def placeholder(t, scope):
            name = t.op.name.rpartition("/")[2]
            name = name if name.startswith("geph__") else f"geph__{name}_{t.value_index}"
            with t.graph.as_default():
                return tf.placeholder(t.dtype, t.shape, f"{scope}/{name}" if scope else name)
        return transformed(sgv, placeholder, dst_graph, dst_scope, src_scope, reuse_dst_scope)

    def transformed(sgv, outside, dst_graph, dst_scope, src_scope, reuse_dst_scope):
        """Args:
          outside: (a tensor of other operations, the copies' scope) -> what a copy reads.
        """
        view = names["make_view"](sgv)
        if dst_graph not in (None, view.graph) or not view.ops:
            refuse("tf.contrib.graph_editor copies within one graph here; tf.import_graph_def "
                   "copies to another")
        graph, inside, made = view.graph, set(view.ops), {}
        dst_scope, held = dst_scope.rstrip("/"), _held(graph)
        if dst_scope and not reuse_dst_scope:
            dst_scope = graph.unique_name(dst_scope)

        def of_copies(t):
            return made[t.op].outputs[t.value_index]

        def collect(one, copy):
            for key in held.get(id(one), ()):
                graph.add_to_collection(key if key in own_keys else name_of(
                    key, dst_scope, src_scope), copy)
        for op in sorted(view.ops, key=lambda op: op._id):
            if op.type in _LOOPS:
                refuse(f"tf.contrib.graph_editor copies no loops of the graph here: {op.name}")
            made[op] = copied(graph, op, name_of(op.name, dst_scope, src_scope), [
                of_copies(t) if t.op in made else t if t.op in inside else outside(t, dst_scope)
                for t in op.inputs])
            for one, copy in [(op, made[op]), *zip(op.outputs, made[op].outputs)]:
                collect(one, copy)
        for op, copy in made.items():
            for place, t in enumerate(op.inputs):
                if t.op in inside and copy.inputs[place] is t:      # what was copied after it
                    copy._update_input(place, of_copies(t))
            copy._add_control_inputs([made.get(before, before) for before in op.control_inputs])
        copies = names["SubGraphView"]([made[op] for op in view.ops])
        shown, copies.inputs = set(copies.outputs), []      # as on 1.15.5, which finds no inputs
        copies.outputs = [of_copies(t) for t in view.outputs if of_copies(t) in shown]
        return copies, Copied(made)
    own_keys = {value for value in vars(tf.GraphKeys).values() if isinstance(value, str)}

    def name_of(name, dst_scope, src_scope):
        if src_scope and name.startswith(src_scope.rstrip("/") + "/"):
            name = name[len(src_scope.rstrip("/")) + 1:]
        return f"{dst_scope}/{name}" if dst_scope else name

    def copied(graph, op, name, inputs):
        attributes = {key: op.node_def.attr[key] for key in op.node_def.attr}
        with graph.as_default(), graph.control_dependencies(None):
            copy = graph._create_op_internal(
                op.type, inputs, dtypes=[t.dtype for t in op.outputs],
                input_types=op._input_types, name=graph.unique_name(name) + "/",
                attrs=attributes, op_def=op.op_def)
        copy._set_device(op.device)
        return copy

    def tensor_of(thing):
        """What the graph reads of a variable is its reference."""
        return thing._variable if hasattr(thing, "_variable") else tf.convert_to_tensor(thing)

    def graph_replace(target_ts, replacement_ts, dst_scope="", src_scope="",
                      reuse_dst_scope=False):
        """The targets as they would be if the keys of `replacement_ts` were its values."""
        replaced = {tensor_of(key): tensor_of(value) for key, value in replacement_ts.items()}
        flat = _flat(target_ts)
        ops = names["get_walks_intersection_ops"](list(replaced), flat, control_ios=True)
        if not ops:
            raise ValueError("No way leads from a replacement to a target.")
        _, info = copy_with_input_replacements(ops, replaced, None, dst_scope, src_scope,
                                               reuse_dst_scope)
        return info.transformed(target_ts, lambda original: original)
    return dict(copy=copy, graph_replace=graph_replace,
                copy_with_input_replacements=copy_with_input_replacements)


def _held(graph):
    """id -> the collections that hold what it is of."""
    held = {}
    for key in graph.get_all_collection_keys():
        for thing in graph.get_collection(key):
            held.setdefault(id(thing), []).append(key)
    return held


def _flat(things):
    if isinstance(things, dict):
        things = list(things.values())
    if isinstance(things, (list, tuple)):
        return [part for thing in things for part in _flat(thing)]
    return [things]
