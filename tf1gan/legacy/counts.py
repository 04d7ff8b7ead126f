"""How many operations more or fewer 1.15 made in a call, for the seeds that are derived from it.

Where that is not known, it is said. The rows are what came of comparing 1,570 calls with 1.15.5.
"""

import numbers
import sys


def _split(value, num_or_size_splits=None, *_, **__):
    """A number of parts was a constant of the graph; sizes were and are one."""
    from tensorflow.python.framework import tensor_shape
    return int(isinstance(num_or_size_splits, (int, tensor_shape.Dimension)))


def _sizes_multiplied(shape, *_, **__):
    """1.15 multiplied the sizes in the graph, where one is a tensor, to see if they were large."""
    if _is_tensor(shape) or not isinstance(shape, (list, tuple)):
        return 0
    made, is_tensor = 0, None
    for size in shape:
        size_is = _is_tensor(size)
        if is_tensor is not None and (is_tensor or size_is):
            made += 1 if is_tensor and size_is else 2       # a constant of the other
        is_tensor = bool(is_tensor) or size_is
    return made + 2 if is_tensor else 0             # and compared the product


def _one_hot(indices, depth, on_value=None, off_value=None, *_, **__):
    """A value that is given was made a constant twice."""
    return sum(value is not None and not _is_tensor(value) for value in (on_value, off_value))


def contracted(a, b, axes, *_, **__):
    """Where shapes are known, what changed nothing was transposed and reshaped all the same."""
    shapes = [_shape(a), _shape(b)]
    if isinstance(axes, numbers.Integral):
        axes = (list(range(len(shapes[0] or []) - axes, len(shapes[0] or []))),
                list(range(axes)))
    elif not isinstance(axes, (list, tuple)):
        return 0
    made, free_of_both = 0, []
    for shape, summed, is_second in zip(shapes, axes, (False, True)):
        if shape is None or None in shape:
            free_of_both.append(None)
            continue
        summed = [summed] if isinstance(summed, numbers.Integral) else list(summed)
        summed = [axis % len(shape) for axis in summed]
        free = [axis for axis in range(len(shape)) if axis not in summed]
        order = summed + free if is_second else free + summed
        sizes = [_product(shape, part) for part in
                 ((summed, free) if is_second else (free, summed))]
        made += 2 * (order == sorted(order)) + 2 * ([shape[axis] for axis in order] == sizes)
        free_of_both.append([shape[axis] for axis in free])
    if None not in free_of_both:
        result = [_product(shape, range(len(shape))) for shape in free_of_both]
        made += 2 * (result == free_of_both[0] + free_of_both[1])
    return made


def _product(shape, axes):
    result = 1
    for axis in axes:
        result *= shape[axis]
    return result


def _transposed_backwards(a, perm=None, *_, **__):
    """The axes of a tensor of unknown rank were counted down; since 2.0 by one operation less."""
    return int(perm is None and _shape(a) is None)


def _parsed(serialized, features, *_, **__):
    """The kinds of features have a list of keys each, and each key was a constant of its own."""
    from tensorflow.python.ops import parsing_ops
    known = (parsing_ops.FixedLenFeature, parsing_ops.VarLenFeature)
    return len(features) - 3 if all(isinstance(feature, known) for feature in
                                    features.values()) else None


def _decayed(learning_rate, global_step, decay_steps, end_learning_rate=0.0001, power=1.0,
             cycle=False, name=None):
    plain = not cycle and not any(map(_is_tensor, (learning_rate, decay_steps, end_learning_rate)))
    return 1 if plain else None


def _known_image(image, *_, **__):
    """Nothing, where the shape of an image is known."""
    shape = _shape(image)
    return None if shape is None or None in shape else 0


def _padded(image, *_, **__):
    return None if None in (_shape(image) or [None])[-3:] else 0


def _standardized(image, *_, **__):
    from tensorflow.python.framework import dtypes
    return 1 if getattr(image, "dtype", None) == dtypes.float32 else None


def _resized(*_, preserve_aspect_ratio=False, **__):
    return None if preserve_aspect_ratio else 0


def _clipped(t, clip_norm, *_, **__):
    """A tensor's norm was not compared with 0."""
    return -2 if _is_tensor(clip_norm) else 0


def _embedded(params, sp_ids, sp_weights, *_, **__):
    """Without weights the rows were made whole numbers of 32 bits, which is left out today."""
    return int(sp_weights is None)


def _looked_up(params, *_, **__):
    """Rows of a resource variable were passed on by one operation more."""
    from tensorflow.python.ops.resource_variable_ops import is_resource_variable
    parts = params if isinstance(params, (list, tuple)) else \
        list(params) if type(params).__name__ == "PartitionedVariable" else [params]
    return sum(map(is_resource_variable, parts))


def _sparsely_fed(dtype, shape=None, name=None):
    """What is known of a shape was a constant; since 2.0 it is a placeholder's default, too."""
    return 0 if shape is None or _is_tensor(shape) else -1


# Names of `tf`, one after another where they are the same function -> how many operations more
# 1.15 made, or a function of the arguments; None: unknown.
COUNTS = {
    "split": _split, "zeros": _sizes_multiplied, "ones": _sizes_multiplied, "one_hot": _one_hot,
    "tensordot linalg.tensordot": contracted, "transpose": _transposed_backwards,
    "matrix_diag linalg.diag": -4, "matrix_diag_part linalg.diag_part": -2,
    "matrix_set_diag linalg.set_diag": -1, "clip_by_norm": _clipped,
    "clip_by_global_norm": 1, "random_gamma random.gamma": -2,
    "random.stateless_normal": -2, "random.stateless_uniform": -2,
    "random.stateless_truncated_normal": -2,
    "parse_single_example io.parse_single_example": -4,
    "parse_single_sequence_example io.parse_single_sequence_example": None,
    "parse_example io.parse_example": _parsed, "train.polynomial_decay": _decayed,
    "image.per_image_standardization": _standardized,
    "image.crop_to_bounding_box": _known_image, "image.central_crop": _known_image,
    "image.pad_to_bounding_box": _padded,
    "image.resize_images image.resize": _resized,
    "einsum linalg.einsum": None, "linspace lin_space": None, "repeat": None,
    "map_fn": None, "scan": None, "foldl": None, "foldr": None,
    "confusion_matrix math.confusion_matrix": None, "saturate_cast dtypes.saturate_cast": None,
    "unsorted_segment_mean math.unsorted_segment_mean": None,
    "unsorted_segment_sqrt_n math.unsorted_segment_sqrt_n": None,
    "nn.dynamic_rnn": None, "nn.static_rnn": None, "nn.bidirectional_dynamic_rnn": None,
    "nn.raw_rnn": None, "nn.swish": None, "nn.weighted_moments": None,
    "nn.sufficient_statistics": None, "nn.embedding_lookup_sparse": _embedded,
    "nn.embedding_lookup": _looked_up, "sparse_placeholder sparse.placeholder": _sparsely_fed,
    "image.resize_image_with_crop_or_pad image.resize_with_crop_or_pad": None,
    "image.decode_image io.decode_image": None, "image.random_jpeg_quality": None,
    "metrics.mean_iou": None, "metrics.mean_per_class_accuracy": None,
    "spectral.rfft signal.rfft": None, "spectral.irfft signal.irfft": None,
    "spectral.rfft2d signal.rfft2d": None, "spectral.irfft2d signal.irfft2d": None,
}


def counted(today, seeds):
    """Part of `tf` ("" is `tf` itself) -> name -> function, whose operations are counted.

    The module that defines a function has it counted, too: TensorFlow's own modules call it there.
    """
    from tensorflow.python.ops import nn, standard_ops
    made = {}
    for names, more in COUNTS.items():
        names = names.split()
        function = _walk(today, names[0])
        if names[0] == "random_gamma":
            call = _drawn_otherwise(function, more, seeds)
        else:
            call = counting(seeds, function, more, f"tf.{names[0]}")
        for module in (sys.modules[function.__module__], nn, standard_ops):
            for name, value in list(vars(module).items()):
                if value is function:
                    setattr(module, name, call)
        for name in names:
            part, _, last = name.rpartition(".")
            made.setdefault(part, {})[last] = call
    return made


def _drawn_otherwise(function, more, seeds):
    call = counting(seeds, function, more, "tf.random_gamma")

    def random_gamma(*arguments, **named):
        seeds.draws_otherwise("tf.random_gamma")
        return call(*arguments, **named)
    return random_gamma


def counting(seeds, function, more, name):
    """A function that notes how many operations more 1.15 made in it.

    `more` is that number, None where it is not known, or a function of the same arguments. Once
    something is drawn by the count that is not known, `name` is said.
    """
    from tensorflow.python.util import tf_decorator

    def call(*arguments, **named):
        result = function(*arguments, **named)
        made = more(*arguments, **named) if callable(more) else more
        if made is None:
            seeds.inexact_from_here(name)
        elif made:
            seeds.count_more(made)
        return result
    return tf_decorator.make_decorator(function, call)


def after(seeds, owner, method, more, name=None):
    """The same of a method, or of a module's own function, in its place."""
    today = getattr(owner, method)
    # Keras asks for the arguments that a layer takes: they are those of the function inside.
    setattr(owner, method, counting(seeds, today, more, name or getattr(owner, "__name__", method)))


def _is_tensor(value):
    from tensorflow.python.framework import tensor
    return isinstance(value, tensor.Tensor) or hasattr(value, "_as_graph_element")


def _shape(value):
    """The sizes of what may be no tensor, None among them; None of an unknown rank."""
    import numpy as np
    shape = value.shape if hasattr(value, "shape") else np.shape(value)
    return None if getattr(shape, "rank", 0) is None else [
        getattr(size, "value", size) for size in shape]


def _walk(module, dotted):
    for name in dotted.split("."):
        module = getattr(module, name)
    return module


# -- Methods and what lies behind them -------------------------------------------------------

def count_methods(seeds):
    """Slices, arguments that are empty lists, iterators, gradients, asserts of images."""
    from tensorflow.python.data.ops import dataset_ops
    from tensorflow.python.framework import tensor
    from tensorflow.python.ops import (
        gradients_util,
        image_ops_impl,
        tensor_array_ops,
        tensor_getitem_override,
    )
    from tensorflow.python.training import ftrl, saver, sync_replicas_optimizer
    after(seeds, tensor_getitem_override, "_slice_helper", _sliced)
    tensor.Tensor._override_operator("__getitem__", tensor_getitem_override._slice_helper)
    _empty_lists(seeds)
    # The dataset was optimized and modelled, by operations of the graph.
    after(seeds, dataset_ops.DatasetV1, "_make_initializable_iterator", 3)
    after(seeds, image_ops_impl, "_CheckAtLeast3DImage", _images_checked)
    after(seeds, ftrl.FtrlOptimizer, "apply_gradients", None, "tf.train.FtrlOptimizer")
    after(seeds, tensor_array_ops.TensorArray, "concat", None, "tf.TensorArray.concat")
    after(seeds, saver.Saver, "__init__", lambda this, var_list=None, reshape=False, sharded=False,
          *_, **__: None if sharded else 0, "tf.train.Saver(sharded=True)")
    after(seeds, sync_replicas_optimizer.SyncReplicasOptimizer, "apply_gradients", None,
          "tf.train.SyncReplicasOptimizer")
    # Gradients of many operations take fewer operations now.
    after(seeds, gradients_util, "_GradientsHelper", None, "a gradient")


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
    """[] for a shape or for axes is made a constant twice, as it is of no whole numbers; 2.3."""
    from tensorflow.python.framework import op_def_library
    today = op_def_library._ExtractInputsAndAttrs

    def extract(op_type_name, op_def, allowed, keywords, defaults, attrs, *more):
        twice = [name for name, value in keywords.items()
                 if isinstance(value, (list, tuple)) and len(value) == 0]
        made = sum(argument.name in twice and argument.type_attr not in attrs
                   and argument.type_attr in defaults and bool(allowed.get(argument.type_attr))
                   for argument in op_def.input_arg) if twice else 0
        today(op_type_name, op_def, allowed, keywords, defaults, attrs, *more)
        if made:
            seeds.count_more(-made)
    op_def_library._ExtractInputsAndAttrs = extract


def _images_checked(image, *_, **__):
    """Images in a batch of unknown size were checked, although nothing else of them is unknown."""
    shape = image.shape
    return 22 if shape.rank and shape.rank > 3 and not shape.is_fully_defined() \
        and shape[-3:].is_fully_defined() else 0
