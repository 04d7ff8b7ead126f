"""Loops and recurrent networks as 1.15 made them, for the seeds that are derived from counts.

A loop's body is built in the same graph as ever: what is drawn in it takes its seed from the number
of operations that the graph had there. So what differs is put right where it is made, not after.
"""

import importlib
import sys
import weakref

from tf1gan.legacy.names import Restored


def restore(seeds):
    """Rebuilds and counts, in TensorFlow's and Keras's own modules."""
    _sizes_of_arrays()
    _masks_of_cells()
    _masked_steps()
    _gradients_of_writes(seeds)
    _carried(seeds)


def _sizes_of_arrays():
    """The size of a TensorArray was asked of it, known or not; since 2.2 it is remembered."""
    from tensorflow.python.ops import gen_data_flow_ops, tensor_array_ops

    def size(this, name=None):
        return gen_data_flow_ops.tensor_array_size_v3(
            handle=this._handle, flow_in=this.flow, name=name)
    tensor_array_ops._GraphTensorArray.size = size


def _masks_of_cells():
    """Variational dropout's mask was scaled like any uniform draw; since 2.1 from 0 to 1 is not."""
    from tensorflow.python.ops import random_ops
    for name in ("legacy_cell_wrappers", "cell_wrappers"):
        module = importlib.import_module(f"tf_keras.src.layers.rnn.{name}")
        random = Restored("random", module.tf.random, dict(uniform=random_ops.random_uniform))
        module.tf = Restored("tensorflow", module.tf, dict(random=random))


def _masked_steps():
    """A step's mask was repeated to the shape of what it chooses; since 2.5 not along axis 1.

    Today's `tf.where` does without, but Keras's backend has that of 1.15, with its gradients.
    """
    backend = importlib.import_module("tf_keras.src.backend")
    today = backend.tf.tile

    def tile(input, multiples, name=None):
        caller = sys._getframe(1)
        if caller.f_code.co_name == "_expand_mask":     # of the backend's rnn, and knows for what
            sizes = zip(input.shape.as_list(), caller.f_locals["input_t"].shape.as_list())
            multiples = [whole if part == 1 and whole else 1 for part, whole in sizes]
        return today(input, multiples, name=name)
    backend.tf = Restored("tensorflow", backend.tf, dict(tile=tile))


def _gradients_of_writes(seeds):
    """Since 2.4 a gradient waits for the array that it is of: a barrier, and in a loop a stack."""
    from tensorflow.python.framework import ops

    def counted(today):
        def gradient(operation, flow):
            graph = operation.graph
            before = len(graph.get_operations())
            result = today(operation, flow)
            # The trigger of a loop's stacks is one for all of them.
            seeds.count_more(-sum(
                made.type != "ControlTrigger"
                and any(name in ("flow_out", "write_barrier") for name in made.name.split("/"))
                for made in graph.get_operations()[before:]))
            return result
        return gradient
    registry = ops.gradient_registry._registry
    for kind in ("Write", "Scatter", "Split"):
        for version in ("", "V2", "V3"):
            entry = registry.get(f"TensorArray{kind}{version}")
            if entry is not None:
                entry["type"] = counted(entry["type"])


class _Carried:
    """What it took so far to carry values from loops to those of their gradients, beside stacks."""
    constants = 0       # the loop's, which are made again
    sizes = 0           # products, for the stacks of what CompiledWrapper made; today none


CARRIED = _Carried()
_compiled = weakref.WeakKeyDictionary()         # graph -> names of operations


def compiled(graph, operations):
    """Notes that 1.15 marked these operations for XLA."""
    _compiled.setdefault(graph, set()).update(made.name for made in operations)


def is_compiled(operation):
    return operation.name in _compiled.get(operation.graph, ())


def _carried(seeds):
    from tensorflow.python.ops import control_flow_state
    state = control_flow_state._GradLoopState
    value_of, accumulate = state.GetRealValue, state.AddForwardAccumulator

    def real_value(this, value):
        is_new = value.name not in this._history_map
        real = value_of(this, value)
        CARRIED.constants += is_new and real.op.type == "Const"
        return real

    def accumulated(this, value, *more, **named):
        if is_compiled(value.op):
            CARRIED.sizes += 1
            seeds.count_more(1)
        return accumulate(this, value, *more, **named)
    state.GetRealValue, state.AddForwardAccumulator = real_value, accumulated


def constants_of(operation, first):
    """How many inputs from a place on are constants of a loop, and were made again for it."""
    from tensorflow.python.framework import constant_op
    from tensorflow.python.ops import control_flow_util
    context = operation._get_control_flow_context()
    if control_flow_util.GetContainingWhileContext(context) is None:
        return 0
    return sum(constant_op.is_constant(value) for value in operation.inputs[first:])


_OF_LOOPS = ("Enter", "RefEnter", "StackV2", "StackPushV2", "StackPopV2", "ControlTrigger")


def of_loops(operations):
    """How many of a gradient's operations carry values from a loop to the loop of its gradients.

    1.15 made as many, beside those that the gradient takes outside of any loop.
    """
    return sum(made.type in _OF_LOOPS or made.type == "Const" and any(
        reader.type == "StackV2" for reader in made.outputs[0].consumers())
        for made in operations)
