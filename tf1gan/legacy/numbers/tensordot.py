"""tf.tensordot as 1.15 built it: both factors are transposed and reshaped, needed or not.

Since 2.2 that is left out where it changes nothing. Keras's dense layers of more than two axes, and
so tf.layers', are made of it.
"""

import importlib
import numbers


def restore():
    from tensorflow.python.ops import math_ops, standard_ops
    for module in (math_ops, standard_ops, importlib.import_module("tensorflow.compat.v2")):
        module.tensordot = tensordot


def tensordot(a, b, axes, name=None):
    """The sum of products over `axes`: a number of axes, or the axes of a and those of b."""
    from tensorflow.python.framework import dtypes, ops
    from tensorflow.python.ops import array_ops, math_ops
    with ops.name_scope(name, "Tensordot", [a, b, axes]) as name:
        a, b = ops.convert_to_tensor(a, name="a"), ops.convert_to_tensor(b, name="b")
        axes_of_a, axes_of_b = _axes(a, axes)
        a, of_a, known_of_a = _as_matrix(a, axes_of_a, False)
        b, of_b, known_of_b = _as_matrix(b, axes_of_b, True)
        product = math_ops.matmul(a, b)
        if isinstance(of_a, list) and isinstance(of_b, list):
            return array_ops.reshape(product, of_a + of_b, name=name)
        of_a, of_b = (ops.convert_to_tensor(sizes, dtype=dtypes.int32) for sizes in (of_a, of_b))
        product = array_ops.reshape(product, array_ops.concat([of_a, of_b], 0), name=name)
        if known_of_a is not None and known_of_b is not None:
            product.set_shape(known_of_a + known_of_b)
        return product


def _axes(a, axes):
    """(those of a, those of b)."""
    from tensorflow.python.framework import dtypes, ops
    from tensorflow.python.ops import array_ops, math_ops
    if isinstance(axes, numbers.Integral):
        rank = a.shape.rank
        if axes < 0:
            raise ValueError("'axes' must be at least 0.")
        if rank is None:
            rank = array_ops.rank(a)
            return (math_ops.range(rank - axes, rank, dtype=dtypes.int32),
                    math_ops.range(axes, dtype=dtypes.int32))
        if axes > rank:
            raise ValueError(f"'axes' must not be larger than the number of dimensions of {a}.")
        return list(range(rank - axes, rank)), list(range(axes))
    if not isinstance(axes, (list, tuple)):
        axes = ops.convert_to_tensor(axes, name="axes", dtype=dtypes.int32)
        return axes[0], axes[1]
    if len(axes) != 2:
        raise ValueError("'axes' must be an integer or have length 2.")
    of_a, of_b = ([one] if isinstance(one, numbers.Integral) else one for one in axes)
    if len(of_a) != len(of_b):
        raise ValueError(f"Different number of contraction axes 'a' and 'b', {len(of_a)} != "
                         f"{len(of_b)}.")
    return of_a, of_b


def _as_matrix(tensor, summed, is_second):
    """(a matrix, the sizes of what is not summed over, those of them that are known)."""
    from tensorflow.python.framework import dtypes, ops
    from tensorflow.python.ops import array_ops, array_ops_stack, math_ops
    shape, known = tensor.shape, None

    def in_order(free, summed):
        return [summed, free] if is_second else [free, summed]
    if shape.rank is not None and isinstance(summed, (list, tuple)):
        summed = [axis % shape.rank if axis < 0 else axis for axis in summed]
        free = [axis for axis in range(shape.rank) if axis not in summed]
        known = [shape[axis].value for axis in free]
        if shape.is_fully_defined():
            order = in_order(free, summed)
            matrix = array_ops.reshape(array_ops.transpose(tensor, order[0] + order[1]), [
                shape.__class__([shape[axis] for axis in part]).num_elements() for part in order])
            return matrix, known, known
        summed = ops.convert_to_tensor(summed, dtype=dtypes.int32, name="axes")
        free = ops.convert_to_tensor(free, dtype=dtypes.int32, name="free")
        sizes = array_ops.shape(tensor)
    else:
        sizes, rank = array_ops.shape(tensor), array_ops.rank(tensor)
        summed = ops.convert_to_tensor(summed, dtype=dtypes.int32, name="axes")
        summed = array_ops.where(summed >= 0, summed, summed + rank)
        free, _ = array_ops.setdiff1d(math_ops.range(rank), summed)
    of_free, of_summed = array_ops.gather(sizes, free), array_ops.gather(sizes, summed)
    products = math_ops.reduce_prod(of_free), math_ops.reduce_prod(of_summed)
    order = array_ops.concat(in_order(free, summed), 0)
    matrix = array_ops.reshape(array_ops.transpose(tensor, order),
                               array_ops_stack.stack(in_order(*products)))
    return matrix, of_free, known
