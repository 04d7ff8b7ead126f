"""How many operations 1.15 made in a gradient, for the seeds that are derived from the graph's.

Gradients of many operations take fewer operations today. What 1.15 made is known for each
operation by the shapes of its inputs; today's are counted as they are made. The sums over what was
broadcast are made as they were, so that a gradient of a gradient goes through the same operations.
"""

import weakref

from tf1gan.legacy.names import Instead
from tf1gan.legacy.numbers.gradient_counts import SAME, Then, known_shape
from tf1gan.legacy.numbers.loops import CARRIED, is_compiled, of_loops


def count(seeds):
    """Counts in each gradient function that `tf.gradients` and the optimizers look up."""
    from tensorflow.python.framework import ops
    then, current, otherwise = Then(), [], weakref.WeakKeyDictionary()
    today = ops.get_gradient_function
    _sums(current)
    gated = _gating()

    def get(op):
        function = today(op)
        kind = _kind(op)
        if op.name in otherwise.get(op.graph, ()):
            seeds.inexact_from_here("a gradient of a gradient")
        if function is None or _is_the_scripts(function) or (
                kind in SAME and kind not in (*then.known, *NORMALIZED)):
            return function

        def gradient(op, *gradients):
            before, number = seeds.count(), len(op.graph.get_operations())
            noted, constants, sizes = seeds.noted(), CARRIED.constants, CARRIED.sizes
            current.append(op)
            try:
                result = (LARGER if kind in LARGER else {kind: function})[kind](op, *gradients)
            finally:
                current.pop()
            if kind in OTHERWISE:
                otherwise.setdefault(op.graph, set()).update(
                    made.name for made in op.graph.get_operations()[number:])
            known = kind in then.known and all(map(_is_dense, gradients))
            seeds.of_a_whole(noted, None if known else _words(kind))
            if known:
                made = op.graph.get_operations()[number:]
                of_a_loop = of_loops(made)
                if of_a_loop and (kind in LARGER or _is_of_unknown_shapes(op, kind)):
                    seeds.inexact_from_here(f"a gradient of {kind} in a loop")
                else:
                    seeds.count_more(
                        then.known[kind](op, *gradients) + of_a_loop + CARRIED.constants - constants
                        + CARRIED.sizes - sizes - (seeds.count() - before))
            elif kind in GATHERED and _of_axis_0(op):
                # The shape of what is gathered from was of int64, and cast; on 2.16 it still is.
                made = op.graph.get_operations()[number:]
                seeds.count_more(not any(each.type == "Cast" for each in made))
            elif kind in NORMALIZED:
                # The means had gradients, which an optimizer waits for.
                seeds.count_more(2 * bool(gated and gated[-1] and op.get_attr("is_training")))
            else:
                seeds.inexact_from_here(_words(kind))
            return result
        return gradient
    ops.get_gradient_function = get


# What is differentiated once more takes other operations then.
OTHERWISE = ("BatchMatMulV2", "Max", "Min", "Prod", "SelectV2", "ExtractImagePatches",
             "FusedBatchNormGradV3", "SparseSegmentSum")
ALWAYS = ("RealDiv", "Div", "DivNoNan", "FloorMod", "Complex")


def _sums(current):
    """The gradients of two operands that were broadcast; `current` has the operation last."""
    from tensorflow.python.ops import array_ops, gen_array_ops, math_grad, math_ops

    def reduced(x, y, *gradients):
        known = [known_shape(tensor) for tensor in (x, y)]
        is_always = bool(current) and current[-1].type in ALWAYS
        if is_always or None in known:
            # Where one is not known, both are asked for.
            ask = array_ops.shape if is_always else lambda tensor: array_ops.shape_internal(
                tensor, optimize=False)
            sizes = [ask(tensor) for tensor in (x, y)]
            axes = gen_array_ops.broadcast_gradient_args(*sizes)
            return tuple(gradient if gradient is None else array_ops.reshape(
                math_ops.reduce_sum(gradient, over), shape)
                for gradient, over, shape in zip(gradients, axes, sizes))
        axes = math_grad._InferGradientReductionAxes(x.shape, y.shape)
        return tuple(gradient if gradient is None or known_shape(gradient) == shape
                     else array_ops.reshape(math_ops.reduce_sum(gradient, over), shape)
                     for gradient, over, shape in zip(gradients, axes, known))

    def tiled(gradient, sizes):
        if current and current[-1].get_attr("keep_dims"):
            gradient = array_ops.reshape(gradient, array_ops.shape(gradient))
        return array_ops.tile(gradient, sizes // math_ops.maximum(array_ops.shape(gradient), 1))
    today = math_grad._ReduceGradientArgs

    def of_today_if_eager(x, y, gx, gy):
        return reduced(x, y, gx, gy) if current else today(x, y, gx, gy)
    math_grad._ReduceGradientArgs = of_today_if_eager
    spread = array_ops.broadcast_to
    math_grad.array_ops = Instead(array_ops, broadcast_to=lambda gradient, sizes: tiled(
        gradient, sizes) if current else spread(gradient, sizes))


NORMALIZED = ("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3")


def _gating():
    """Whether the gradients that are being made wait for one another: the last of a list."""
    from tensorflow.python.ops import gradients_util
    today, gated = gradients_util._GradientsHelper, []

    def helper(ys, xs, grad_ys=None, name="gradients", colocate_gradients_with_ops=False,
               gate_gradients=False, *more, **named):
        gated.append(gate_gradients)
        try:
            return today(ys, xs, grad_ys, name, colocate_gradients_with_ops, gate_gradients, *more,
                         **named)
        finally:
            gated.pop()
    gradients_util._GradientsHelper = helper
    return gated


def _of_the_larger(compare):
    """The gradient of the larger, or the smaller, of two: it goes to one of them."""
    def gradient(op, grad):
        from tensorflow.python.ops import array_ops, gen_array_ops, math_ops
        x, y = op.inputs
        sizes = array_ops.shape(x), array_ops.shape(y)
        zeros = array_ops.zeros(array_ops.shape(grad), grad.dtype)
        chosen = getattr(math_ops, compare)(x, y)
        axes = gen_array_ops.broadcast_gradient_args(*sizes)
        return [array_ops.reshape(math_ops.reduce_sum(array_ops.where(chosen, *pair), over), shape)
                for pair, over, shape in zip([(grad, zeros), (zeros, grad)], axes, sizes)]
    return gradient


LARGER = {"Maximum": _of_the_larger("greater_equal"), "Minimum": _of_the_larger("less_equal")}


def _kind(op):
    try:
        kind = op.get_attr("_gradient_op_type")
    except ValueError:
        return op.type
    return kind.decode() if isinstance(kind, bytes) else kind


def _is_the_scripts(function):
    """Registered by it (tf.RegisterGradient): what it calls is counted call by call."""
    package = (getattr(function, "__module__", None) or "").split(".")[0]
    return package not in ("tensorflow", "tf_keras", "keras", "tf_slim", "tf1gan")


def _words(kind):
    if kind in LOOPS:
        return "a gradient through a loop or a condition"
    if kind.startswith("CustomGradient-"):
        return "a gradient of tf.custom_gradient"
    return f"a gradient of {kind}"


def _is_of_unknown_shapes(op, kind):
    """In a loop, what sums over axes, or is CompiledWrapper's, takes more where a size is open."""
    return None in map(known_shape, op.inputs) and (
        kind in ("Sum", "Mean", "Max", "Min", "Prod") or is_compiled(op))


def _is_dense(gradient):
    """Neither None nor slices, which are made dense on the way."""
    return gradient is not None and hasattr(gradient, "op") and not hasattr(gradient, "indices")


LOOPS = "While StatelessWhile If StatelessIf Case".split()

GATHERED = ("GatherV2", "Gather")


def _of_axis_0(op):
    from tensorflow.python.framework import tensor_util
    return len(op.inputs) < 3 or tensor_util.constant_value(op.inputs[2]) == 0
