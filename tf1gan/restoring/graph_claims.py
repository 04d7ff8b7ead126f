"""What a GraphDef claims, in constants, outputs and calls: small in its file, huge in memory."""

from tf1gan.errors import UserError
from tf1gan.restoring import claims

_LARGEST_CLAIM = 2 ** 28        # bytes of constants that are numbers, repeated
_MOST_CALLED = 1000000          # nodes, when each call of a function is what it calls
_DEEPEST = 100                  # functions that call one another
_HANDLES = (20, 21)             # resources and variants
_MOST_OUTPUTS = 300000          # of all operations
# Attributes that say how many outputs an operation has, when its inputs do not.
_OUTPUTS = ("num", "num_split", "num_splits", "num_partitions", "num_sparse", "num_outputs",
            "num_features", "num_params", "num_params_weights", "num_params_biases",
            "num_replicas", "num_sc_per_chip", "top_paths", "Ncontext_sparse",
            "Nfeature_list_sparse", "Nfeature_list_dense", "output_ragged_rank",
            "OUTPUT_RAGGED_RANK")


def of_constant(node):
    """The bytes of a Const that its graph does not have."""
    value = node.attr["value"].tensor
    size = float(claims.SIZES.get(value.dtype, 4))
    for each in value.tensor_shape.dim:
        size *= max(each.size, 0)
    return claims.excess(size, value.ByteSize())


def check(path, graph_def):
    """Refuses a GraphDef that is small in its file and huge in memory.

    Raises UserError where constants claim more than the file has, operations have very many
    outputs, or functions call one another too often.
    """
    bodies = {function.signature.name: function.node_def for function in graph_def.library.function}
    claimed = outputs = 0
    for body in [graph_def.node] + list(bodies.values()):
        for node in body:
            outputs += _outputs(node)
            if outputs > _MOST_OUTPUTS:
                raise UserError(f"{path}: {node.name}, and the operations before it, have more "
                                f"than {_MOST_OUTPUTS} outputs, which are not computed")
            if node.op == "Const" and node.attr["value"].tensor.dtype in _HANDLES:
                raise UserError(f"{path}: the constant {node.name} is neither numbers nor texts, "
                                "but a handle, which no file can hold")
            if node.op == "Const":
                claimed += of_constant(node)
                if claimed > _LARGEST_CLAIM:
                    raise UserError(f"{path}: the constant {node.name}, and those before it, claim "
                                    f"{claimed / 2 ** 20:.0f} MB, which the file does not hold")
    _check_calls(path, graph_def.node, bodies)


def _outputs(node):
    """How many outputs a node may have, as far as its attributes say it."""
    return sum((max(value.i, 0) if name in _OUTPUTS else 0) + len(value.list.type)
               for name, value in node.attr.items())


def _check_calls(path, nodes, bodies):
    """Functions are put in the place of their calls, which can be many."""
    called = {name: [each for node in body for each in _called(node, bodies)]
              for name, body in bodies.items()}
    sizes, depths = {}, {}
    waiting, open_ones = [each for node in nodes for each in _called(node, bodies)], set()
    while waiting:
        name = waiting[-1]
        missing = [each for each in called[name] if each not in sizes]
        if name in sizes or not missing:
            waiting.pop()
            open_ones.discard(name)
            if name not in sizes:
                sizes[name] = len(bodies[name]) + sum(sizes[each] for each in called[name])
                depths[name] = 1 + max((depths[each] for each in called[name]), default=0)
            continue
        if name in open_ones:
            raise UserError(f"{path} has functions that call themselves, by {name}")
        open_ones.add(name)
        waiting += missing
    whole = len(nodes) + sum(sizes[each] for node in nodes for each in _called(node, bodies))
    if whole > _MOST_CALLED or max(depths.values(), default=0) > _DEEPEST:
        raise UserError(f"{path} has functions that call one another so deeply or so often that "
                        f"it has {min(whole, 10 ** 12)} operations or more, which are not computed")


def _called(node, bodies):
    found = [node.op] if node.op in bodies else []
    for value in node.attr.values():
        found += [name for name in [value.func.name] + [each.name for each in value.list.func]
                  if name in bodies]
    return found
