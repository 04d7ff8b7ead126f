"""How many operations more or fewer 1.15 made in methods, and in what lies behind several calls."""

from tf1gan.legacy.numbers.counts import _is_tensor, after


def count(seeds):
    """Slices, arguments that are empty lists, what optimizers and savers make."""
    from tensorflow.python.framework import sparse_tensor, tensor
    from tensorflow.python.ops import (
        metrics_impl,
        resource_variable_ops,
        tensor_array_ops,
        tensor_getitem_override,
    )
    from tensorflow.python.training import ftrl, gradient_descent, saver, sync_replicas_optimizer
    after(seeds, tensor_getitem_override, "_slice_helper", _sliced)
    tensor.Tensor._override_operator("__getitem__", tensor_getitem_override._slice_helper)
    _empty_lists(seeds)
    # Ids of one class among those that are no SparseTensor: tf.metrics.recall_at_k and its kin.
    after(seeds, metrics_impl, "_select_class_id",
          lambda ids, selected_id: int(not isinstance(ids, sparse_tensor.SparseTensor)))
    # What is gathered from a resource was passed on.
    after(seeds, resource_variable_ops.BaseResourceVariable, "sparse_read", 1)
    after(seeds, gradient_descent.GradientDescentOptimizer,     # the rate was made a constant
          "_resource_apply_sparse_duplicate_indices",
          lambda this, *_: int(not _is_tensor(this._learning_rate)))
    after(seeds, ftrl.FtrlOptimizer, "apply_gradients", None, "tf.train.FtrlOptimizer")
    _accumulated(seeds)
    after(seeds, tensor_array_ops.TensorArray, "concat", None, "tf.TensorArray.concat")
    after(seeds, saver.Saver, "__init__", lambda this, var_list=None, reshape=False, sharded=False,
          *_, **__: None if sharded else 0, "tf.train.Saver(sharded=True)")
    after(seeds, sync_replicas_optimizer.SyncReplicasOptimizer, "apply_gradients", None,
          "tf.train.SyncReplicasOptimizer")


def _accumulated(seeds):
    """Three gradients and more were one sum by EXPERIMENTAL_ACCUMULATE_N, and are sums of two."""
    from tensorflow.python.framework import tensor
    from tensorflow.python.ops import gradients_util as util
    today = util._AggregatedGrads

    def aggregated(grads, op, uid, loop_state, aggregation_method=None):
        if aggregation_method == util.AggregationMethod.EXPERIMENTAL_ACCUMULATE_N:
            for parts in util._GetGrads(grads, op):
                if (isinstance(parts, list) and len(parts) > 2
                        and all(isinstance(part, tensor.Tensor) for part in parts)
                        and util._AccumulatorShape(parts).is_fully_defined()):
                    seeds.count_more(2 - len(parts))
        return today(grads, op, uid, loop_state, aggregation_method)
    util._AggregatedGrads = aggregated


def _sliced(tensor, spec, var=None):
    """What is left out of a slice beside a tensor is a constant of its own; since 2.3."""
    if getattr(spec, "dtype", None) in (bool,):
        return 0                                # a mask
    then, today, constants = ([], [], []), ([], [], []), 0
    for part in spec if isinstance(spec, (list, tuple)) else [spec]:
        bounds = (part.start, part.stop, part.step) if isinstance(part, slice) else \
            (part, part, None)
        types = [bound.dtype.base_dtype.name if _is_tensor(bound) else None for bound in bounds]
        given = max(filter(None, types), default=None)      # int64 goes before int32
        if not isinstance(part, slice) and given != "int64":
            given = None
        for place, (bound, dtype) in enumerate(zip(bounds, types)):
            left_out = bound is None and given is not None
            constants += left_out
            then[place].append(dtype)
            today[place].append(given if left_out else dtype)
    return _packed(then) - _packed(today) - constants


def _packed(lists):
    """How many operations three lists take, of types of tensors, and None for numbers."""
    made = sum(1 + (len(types) - sum(one is None for one in types) > 0) * types.count(None)
               for types in lists)
    wide = sum("int64" in types for types in lists)
    return made + (len(lists) - wide if wide else 0)


def _empty_lists(seeds):
    """[] for a shape or for axes is made a constant twice, as it is of no whole numbers; 2.3.

    And so are NumPy's floats where only whole numbers are allowed.
    """
    from tensorflow.python.framework import op_def_library
    today = op_def_library._ExtractInputsAndAttrs

    def extract(op_type_name, op_def, allowed, keywords, defaults, attrs, *more):
        twice = [name for name, value in keywords.items()
                 if isinstance(value, (list, tuple)) and len(value) == 0
                 or getattr(getattr(value, "dtype", None), "kind", None) == "f"]
        made = sum(argument.name in twice and argument.type_attr not in attrs
                   and argument.type_attr in defaults and bool(allowed.get(argument.type_attr))
                   and not any(map(_is_floating, allowed[argument.type_attr]))
                   for argument in op_def.input_arg) if twice else 0
        today(op_type_name, op_def, allowed, keywords, defaults, attrs, *more)
        if made:
            seeds.count_more(-made)
    op_def_library._ExtractInputsAndAttrs = extract


def _is_floating(dtype):
    from tensorflow.python.framework import dtypes
    return dtypes.as_dtype(dtype).is_floating
