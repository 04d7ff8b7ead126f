"""How many operations more or fewer 1.15 made in a call, for the seeds that are derived from it.

Where that is not known, it is said. The rows are what came of comparing calls with 1.15.5.
"""

import importlib
import sys
from typing import Callable, NamedTuple


class Exactly(NamedTuple):
    """How many operations 1.15 made, however many are made today."""
    operations: Callable


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


def _transposed_backwards(a, perm=None, *_, **__):
    """The axes of a tensor of unknown rank were counted down; since 2.0 by one operation less.

    Those of a scalar, which has none, too.
    """
    shape = _shape(a)
    return 0 if perm is not None else 1 if shape is None else 6 * (shape == [])


def _of_a_resource(tensor, *_, **__):
    return int(hasattr(tensor, "handle"))       # it was read


def _gathered(params, indices, name=None, batch_dims=0):
    """Sizes of batches that are not known were looked up otherwise."""
    known = all(shape is not None and None not in shape for shape in map(_shape, (params, indices)))
    return 0 if known or not batch_dims else None


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


def _cropped(image, central_fraction):
    """The part was of Python's own type, in each direction whose size is unknown."""
    shape = _shape(image)
    return 0 if central_fraction == 1 else -sum(size is None for size in shape[-3:-1])


def _resized(images, size, method=None, align_corners=False, preserve_aspect_ratio=False,
             name=None):
    """The new size was looked up in Python."""
    return -6 * bool(preserve_aspect_ratio)


def _decoded(contents, channels=None, dtype=None, name=None, expand_animations=True):
    """What kind of image it is was asked in the graph."""
    dtype = getattr(dtype, "name", dtype or "uint8")
    return {"uint8": 76, "float32": 84}[dtype] + (0 if expand_animations else 3) \
        if dtype in ("uint8", "float32") else None


def _suppressed(boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=-float("inf"),
                *_, **__):
    return 1 + sum(not _is_tensor(value) for value in (
        boxes, scores, max_output_size, iou_threshold, score_threshold))


def _sized(*arguments, **named):
    """A list of numbers and tensors of int64 was tried as int32 first."""
    return _fitted(*arguments[1:2], **named)


def _fitted(sizes=None, *_, **named):
    sizes = named.get("shape", named.get("multiples", named.get("dims"))) \
        if sizes is None else sizes
    mixed = isinstance(sizes, (list, tuple)) and any(_is_tensor(one) for one in sizes) \
        and not all(map(_is_tensor, sizes))
    return None if mixed and any(_is_tensor(one) and one.dtype == "int64" for one in sizes) else 0


def _sorted(values, *_, **__):
    """Whole numbers are turned around otherwise, and so is what nothing is known of."""
    return 0 if _is_tensor(values) and values.dtype.is_floating and values.shape.rank else None


def _windowed(window_length, *_, **__):
    return None if _is_tensor(window_length) else 0


def _embedded(params, sp_ids, sp_weights, *_, **__):
    """Without weights the rows were made whole numbers of 32 bits, which is left out today."""
    return int(sp_weights is None)


def _of_ragged(data, *_, **__):
    return 0 if hasattr(data, "ragged_rank") else None


# Names of `tf`, one after another where they are the same function -> how many operations more
# 1.15 made, or a function of the arguments; None: unknown.
COUNTS = {
    "split": _split, "zeros": _sizes_multiplied, "ones": _sizes_multiplied, "one_hot": _one_hot,
    "transpose": _transposed_backwards,
    "matrix_diag linalg.diag": -4, "matrix_diag_part linalg.diag_part": -2,
    "matrix_set_diag linalg.set_diag": -1, "random_gamma random.gamma": -2,
    "zeros_like": _of_a_resource, "gather_nd manip.gather_nd": _gathered,
    "random.stateless_normal": -2, "random.stateless_uniform": -2,
    "random.stateless_truncated_normal": -2,
    "parse_single_example io.parse_single_example": -4,
    "parse_single_sequence_example io.parse_single_sequence_example": None,
    "parse_example io.parse_example": _parsed, "train.polynomial_decay": _decayed,
    "image.central_crop": _cropped,
    "image.resize_images image.resize": _resized,
    "image.decode_image io.decode_image": Exactly(_decoded),
    "image.non_max_suppression_padded": Exactly(_suppressed),
    "fill": _fitted, "reshape manip.reshape": _sized, "tile": _sized, "broadcast_to": _sized,
    "sort": _sorted, "argsort": _sorted,
    "signal.hann_window": _windowed, "signal.hamming_window": _windowed,
    "is_non_decreasing math.is_non_decreasing debugging.is_non_decreasing": 2,
    "is_strictly_increasing math.is_strictly_increasing debugging.is_strictly_increasing": 2,
    "histogram_fixed_width_bins": -6, "math.bessel_i0": None, "math.bessel_i1": None,
    "signal.fftshift": None, "signal.ifftshift": None, "signal.overlap_and_add": None,
    "signal.linear_to_mel_weight_matrix": None,
    "sparse_transpose sparse.transpose": None, "linalg.expm": None,
    "einsum linalg.einsum": None, "repeat": None,
    "confusion_matrix math.confusion_matrix": None,
    "unsorted_segment_mean math.unsorted_segment_mean": None,
    "unsorted_segment_sqrt_n math.unsorted_segment_sqrt_n": None,
    "nn.swish": None, "nn.weighted_moments": None,
    "nn.sufficient_statistics": None, "nn.embedding_lookup_sparse": _embedded,
    "metrics.mean_iou": None, "metrics.mean_per_class_accuracy": None,
    "strings.ngrams": _of_ragged, "ragged.boolean_mask": None,
    "ragged.row_splits_to_segment_ids": None, "strings.unicode_split": None,
    "strings.unicode_split_with_offsets": None,
    "spectral.rfft signal.rfft": None, "spectral.irfft signal.irfft": None,
    "spectral.rfft2d signal.rfft2d": None, "spectral.irfft2d signal.irfft2d": None,
}


# What `expansions`, `images` and `rebuilt` have rebuilt: names of `tf` -> where it stands now.
REBUILT = {
    "random_uniform random.uniform": "random_ops.random_uniform",
    "saturate_cast dtypes.saturate_cast": "math_ops.saturate_cast",
    "image.per_image_standardization": "image_ops_impl.per_image_standardization",
    "image.adjust_jpeg_quality": "image_ops_impl.adjust_jpeg_quality",
    "tensordot linalg.tensordot": "math_ops.tensordot", "angle math.angle": "math_ops.angle",
    "bincount math.bincount": "bincount_ops.bincount_v1",
    "clip_by_norm": "clip_ops.clip_by_norm", "clip_by_global_norm": "clip_ops.clip_by_global_norm",
    "matrix_band_part linalg.band_part": "array_ops.matrix_band_part",
    "sparse_placeholder sparse.placeholder": "array_ops.sparse_placeholder",
    "math.reduce_variance": "math_ops.reduce_variance", "math.reduce_std": "math_ops.reduce_std",
    "linspace lin_space": "gen_math_ops.lin_space",     # one operation, of no gradient
}


def counted(today, seeds):
    """Part of `tf` ("" is `tf` itself) -> name -> function, whose operations are counted.

    The module that defines a function has it counted, too: TensorFlow's own modules call it there,
    and those of compat.v2, where Keras's do.
    """
    from tensorflow.python.ops import nn, standard_ops
    made, of_keras = {}, [module for path, module in list(sys.modules.items())
                          if path.startswith("tensorflow.compat.v2")]
    for names, place in REBUILT.items():
        for name in names.split():
            part, _, last = name.rpartition(".")
            made.setdefault(part, {})[last] = _walk(
                importlib.import_module("tensorflow.python.ops"), place)
    for names, more in COUNTS.items():
        names = names.split()
        function = _walk(today, names[0])
        if names[0] == "random_gamma":
            call = _drawn_otherwise(function, more, seeds)
        else:
            call = counting(seeds, function, more, f"tf.{names[0]}")
        for module in (sys.modules[function.__module__], nn, standard_ops, *of_keras):
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

    `more` is that number, None where it is not known, or a function of the same arguments; or
    Exactly such a function, of how many 1.15 made. Once something is drawn by the count that is
    not known, `name` is said.
    """
    from tensorflow.python.util import tf_decorator

    def call(*arguments, **named):
        exactly, noted = isinstance(more, Exactly), seeds.noted()
        before = seeds.count() if exactly else 0
        result = function(*arguments, **named)
        if exactly:
            made = more.operations(*arguments, **named)
            made = made if made is None else made - (seeds.count() - before)
        else:
            made = more(*arguments, **named) if callable(more) else more
        seeds.of_a_whole(noted, None if exactly and made is not None else name)
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
