"""Single functions of tf as 1.15 had them, of the same operations."""

import importlib
import numbers
import sys

from tf1gan.legacy.names import Restored
from tf1gan.legacy.numbers.counts import _is_tensor


def restore():
    """In TensorFlow's own modules, which call one another, and in compat.v2, which Keras calls."""
    importlib.import_module("tensorflow.compat.v2")
    _fed_shapes()
    _sparse_inputs()
    ops = {name: importlib.import_module(f"tensorflow.python.ops.{name}")
           for name in ("array_ops", "bincount_ops", "clip_ops", "math_ops")}
    band, xor = ops["array_ops"].matrix_band_part, ops["math_ops"].xor_
    instead = {id(today): then for today, then in (
        (ops["clip_ops"].clip_by_norm, clip_by_norm), (ops["math_ops"].angle, angle),
        (ops["bincount_ops"].bincount_v1, bincount),
        (ops["clip_ops"].clip_by_global_norm, clip_by_global_norm),
        (ops["math_ops"].reduce_variance, reduce_variance),
        (ops["math_ops"].reduce_std, reduce_std),
        (ops["array_ops"].sparse_placeholder, sparse_placeholder), (band, _of_one_type(band)),
        (xor, _of_one_constant(xor)))}
    for path, module in list(sys.modules.items()):
        if path.startswith(("tensorflow.python.ops.", "tensorflow.compat.v2")):
            for name, value in list(vars(module).items()):
                if id(value) in instead:
                    setattr(module, name, instead[id(value)])


def clip_by_norm(t, clip_norm, axes=None, name=None):
    """A norm that is a tensor was not compared with 0."""
    from tensorflow.python.framework import indexed_slices, ops
    from tensorflow.python.ops import array_ops, math_ops
    with ops.name_scope(name, "clip_by_norm", [t, clip_norm]) as name:
        of_rows = isinstance(t, indexed_slices.IndexedSlices)
        values = ops.convert_to_tensor(t.values if of_rows else t, name="t")
        squares = math_ops.reduce_sum(values * values, axes, keepdims=True)
        has_a_root = squares > 0                # and a gradient of it
        roots = math_ops.sqrt(array_ops.where(has_a_root, squares, array_ops.ones_like(squares)))
        norms = array_ops.where(has_a_root, roots, squares)
        scaled = values * clip_norm
        values.shape.merge_with(scaled.shape)
        clipped = array_ops.identity(scaled / math_ops.maximum(norms, clip_norm), name=name)
        return indexed_slices.IndexedSlices(clipped, t.indices, t.dense_shape) if of_rows \
            else clipped


def clip_by_global_norm(t_list, clip_norm, use_norm=None, name=None):
    """A norm that is not finite was chosen NaN for; since 2.1 it is added as nothing."""
    from tensorflow.python.framework import constant_op, indexed_slices, ops
    from tensorflow.python.ops import array_ops, clip_ops, math_ops
    if not isinstance(t_list, (list, tuple)):
        raise TypeError("t_list should be a sequence")
    norm = clip_ops.global_norm(list(t_list), name) if use_norm is None else use_norm
    with ops.name_scope(name, "clip_by_global_norm", [*t_list, clip_norm]) as name:
        shrinking = clip_norm * math_ops.minimum(
            1.0 / norm, constant_op.constant(1.0, dtype=norm.dtype) / clip_norm)
        scale = array_ops.where(math_ops.is_finite(norm), shrinking,
                                constant_op.constant(float("nan"), dtype=norm.dtype))
        values = [part if part is None else ops.convert_to_tensor(
            getattr(part, "values", part), name=f"t_{place}") for place, part in enumerate(t_list)]
        clipped = []
        for place, (part, value) in enumerate(zip(t_list, values)):
            if part is not None:
                with ops.colocate_with(value):
                    value = array_ops.identity(value * scale, name=f"{name}_{place}")
                if isinstance(part, indexed_slices.IndexedSlices):
                    value = indexed_slices.IndexedSlices(value, part.indices, part.dense_shape)
            clipped.append(value)
        return clipped, norm


def reduce_variance(input_tensor, axis=None, keepdims=False, name=None):
    """A variable was read twice, and a list made a constant twice; since 2.4 once."""
    from tensorflow.python.framework import ops
    from tensorflow.python.ops import gen_math_ops, math_ops
    with ops.name_scope(name or "reduce_variance"):
        means = math_ops.reduce_mean(input_tensor, axis=axis, keepdims=True)
        squares = gen_math_ops.square(input_tensor - means)
        return math_ops.reduce_mean(squares, axis=axis, keepdims=keepdims)


def reduce_std(input_tensor, axis=None, keepdims=False, name=None):
    from tensorflow.python.framework import ops
    from tensorflow.python.ops import gen_math_ops
    with ops.name_scope(name or "reduce_std"):
        return gen_math_ops.sqrt(reduce_variance(input_tensor, axis, keepdims))


def sparse_placeholder(dtype, shape=None, name=None):
    """A shape with a size that is not known was fed, and none of its sizes known."""
    from tensorflow.python.eager import context
    from tensorflow.python.framework import dtypes, ops, sparse_tensor
    from tensorflow.python.ops import array_ops
    if context.executing_eagerly():
        raise RuntimeError("A placeholder is of a graph: there is none in eager execution.")

    def fed(dtype, shape, part):
        return array_ops.placeholder(dtype, shape, name=name and f"{name}/{part}")
    if _is_tensor(shape):
        rank = shape.shape[0]
    elif shape is not None:
        rank = len(shape)
        is_known = all(getattr(size, "value", size) is not None for size in shape)
        shape = None if not is_known else ops.convert_to_tensor(
            shape, dtypes.int64, name=name and f"{name}/shape")
    else:
        rank = None
    dense = fed(dtypes.int64, [rank], "shape") if shape is None else shape
    dense._is_fed = True
    return sparse_tensor.SparseTensor(
        values=fed(dtype, [None], "values"), indices=fed(dtypes.int64, [None, rank], "indices"),
        dense_shape=dense)


def _fed_shapes():
    """A constant may not be fed any more once its value is looked at, as a SparseTensor does."""
    from tensorflow.python.framework import ops
    today = ops.Graph.prevent_feeding

    def prevent_feeding(graph, tensor):
        if not hasattr(tensor, "_is_fed"):
            today(graph, tensor)
    ops.Graph.prevent_feeding = prevent_feeding


def _sparse_inputs():
    """Keras's, which are made by tf.compat.v1's."""
    backend = importlib.import_module("tf_keras.src.backend")
    today = backend.tf
    v1 = Restored("tensorflow.compat.v1", today.compat.v1,
                  dict(sparse_placeholder=sparse_placeholder))
    backend.tf = Restored("tensorflow", today, dict(
        compat=Restored("tensorflow.compat", today.compat, dict(v1=v1))))


def angle(input, name=None):
    """That of a real number was 0, below 0, too; since 2.4 it is pi there."""
    from tensorflow.python.framework import ops
    from tensorflow.python.ops import array_ops, gen_math_ops
    with ops.name_scope(name, "Angle", [input]) as name:
        input = ops.convert_to_tensor(input, name="input")
        if not input.dtype.is_complex:
            return array_ops.zeros_like(input)
        return gen_math_ops.angle(input, Tout=input.dtype.real_dtype, name=name)


def bincount(arr, weights=None, minlength=None, maxlength=None, dtype=None):
    """Weights were summed by an operation that has a gradient; since 2.3 by one that has none."""
    from tensorflow.python.framework import constant_op, dtypes, ops
    from tensorflow.python.ops import array_ops, gen_math_ops, math_ops
    with ops.name_scope("bincount"):
        arr = ops.convert_to_tensor(arr, name="arr", dtype=dtypes.int32)
        is_any = math_ops.reduce_prod(array_ops.shape(arr)) > 0
        length = math_ops.cast(is_any, dtypes.int32) * (math_ops.reduce_max(arr) + 1)
        for limit, name, cut in ((minlength, "minlength", gen_math_ops.maximum),
                                 (maxlength, "maxlength", gen_math_ops.minimum)):
            if limit is not None:
                length = cut(ops.convert_to_tensor(limit, name=name, dtype=dtypes.int32), length)
        if weights is None:
            return gen_math_ops.bincount(arr, length, constant_op.constant(
                [], dtype or dtypes.int32))
        return gen_math_ops.unsorted_segment_sum(
            ops.convert_to_tensor(weights, name="weights"), arr, length)


def _of_one_type(today):
    def matrix_band_part(input, num_lower, num_upper, name=None):
        """A number beside a tensor of int64 was of that type, too, in either place."""
        from tensorflow.python.framework import constant_op
        if isinstance(num_lower, numbers.Integral) and _is_tensor(num_upper):
            num_lower = constant_op.constant(num_lower, num_upper.dtype)
        return today(input, num_lower, num_upper, name=name)
    return matrix_band_part


def _of_one_constant(today):
    def xor_(x, y, name=None):
        """What stands beside a tensor, as in `flags ^ True`, became a constant once; now twice."""
        from tensorflow.python.framework import ops
        return today(x, ops.convert_to_tensor(y, dtype=x.dtype.base_dtype, name="y"), name)
    return xor_
