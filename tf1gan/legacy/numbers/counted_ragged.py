"""Ragged tensors: which of their operations have another number of parts than on 1.15.

They check and broadcast otherwise today. What was compared and has as many parts is left alone; of
the rest it is said that the count is unknown.
"""

from tf1gan.legacy.numbers.counts import Exactly, after, counting

_CHECKED = ("from_value_rowids", "from_row_splits", "from_row_lengths", "from_row_starts",
            "from_row_limits")
_WHOLE = ("bounding_shape", "to_sparse")        # as many, whatever they are made of


def count(seeds):
    """Notes it in TensorFlow's own modules, where functions of ragged tensors lead to."""
    from tensorflow.python.ops.ragged import (
        ragged_array_ops,
        ragged_concat_ops,
        ragged_functional_ops,
        ragged_gather_ops,
        ragged_getitem,
        ragged_math_ops,
        ragged_tensor,
        ragged_tensor_shape,
        ragged_where_op,
    )
    kind = ragged_tensor.RaggedTensor
    for name in _CHECKED:
        setattr(kind, name, classmethod(counting(
            seeds, vars(kind)[name].__func__, _if_checked, f"tf.RaggedTensor.{name}")))
    for name in ("to_tensor", "nrows", "value_rowids"):
        after(seeds, kind, name, None, f"tf.RaggedTensor.{name}")
    after(seeds, kind, "_set_shape", Exactly(lambda *_: 0))     # of what a data set gives
    for name in _WHOLE:
        setattr(kind, name, _whole(seeds, getattr(kind, name)))
    ragged_math_ops.ragged_reduce_aggregate = _whole(
        seeds, ragged_math_ops.ragged_reduce_aggregate, _reduced, "a sum or mean of ragged tensors")
    for owner, name, more, what in (
            (ragged_math_ops, "_ragged_segment_aggregate", None, "a sum or mean of segments"),
            (ragged_concat_ops, "_ragged_stack_concat_helper", _joined, "tf.concat or tf.stack"),
            (ragged_gather_ops, "_gather", None, "tf.gather"),
            (ragged_gather_ops, "gather_nd", None, "tf.gather_nd"),
            (ragged_array_ops, "_tile_ragged_splits", None, "tf.tile"),
            (ragged_array_ops, "expand_dims", None, "tf.expand_dims"),
            (ragged_where_op, "_elementwise_where", None, "tf.where"),
            (ragged_where_op, "_coordinate_where", None, "tf.where"),
            (ragged_getitem, "_ragged_getitem_inner_dimensions", _within, "a slice"),
            (ragged_functional_ops, "_merge_partition_lists", _several, "a function of several"),
            (ragged_tensor, "match_row_splits_dtypes", _operands, "an operation of several"),
            (ragged_tensor_shape, "broadcast_dynamic_shape", None, "an operation of several")):
        after(seeds, owner, name, more, f"{what} of ragged tensors")


def _if_checked(cls, values, *_, **named):
    return 0 if named.get("validate") is False else None


def _within(rt_input, key_list):
    return None if key_list else 0


def _joined(rt_inputs, axis, stack_values):
    return 0 if axis == 0 and not stack_values else None


def _several(partition_lists):
    return None if len(partition_lists) > 1 else 0


def _operands(*tensors, **named):
    """Of two ragged tensors it was seen in the graph whether their rows are as long."""
    several = sum(hasattr(each, "ragged_rank") for each in tensors) > 1
    return None if several and not named else 0


def _reduced(reduce_op, unsorted_segment_op, rt_input, axis, *_, **__):
    return axis == 0


def _whole(seeds, function, is_known=None, name=None):
    """A function of as many operations as on 1.15, whatever has been noted of its parts.

    Args:
      is_known: a function of the same arguments, whether that is so; else `name` is said.
    """
    from tensorflow.python.util import tf_decorator

    def call(*arguments, **named):
        noted = seeds.noted()
        result = function(*arguments, **named)
        known = is_known is None or is_known(*arguments, **named)
        seeds.of_a_whole(noted, None if known else name)
        if not known:
            seeds.inexact_from_here(name)
        return result
    return tf_decorator.make_decorator(function, call)
