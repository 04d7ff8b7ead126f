"""tf.image as it was built in 1.15, for the seeds that are derived from the number of operations.

What computes otherwise today, and what takes other operations by what is unknown of an image, is
rebuilt from the same operations; where their number alone differs it is counted.
"""

from tf1gan.legacy.names import Instead
from tf1gan.legacy.numbers.counts import _is_tensor


def restore(seeds):
    """In TensorFlow's module of image functions, which call one another."""
    from tensorflow.python.ops import image_ops_impl
    image_ops_impl._CheckAtLeast3DImage = _checked
    image_ops_impl.per_image_standardization = _standardized
    image_ops_impl.adjust_jpeg_quality = _as_jpeg
    image_ops_impl.tf_cond = Instead(image_ops_impl.tf_cond, cond=_three_axes(
        seeds, image_ops_impl.tf_cond.cond))
    image_ops_impl.array_ops_stack = Instead(image_ops_impl.array_ops_stack, stack=_size_of_a_crop(
        seeds, image_ops_impl.array_ops_stack.stack))


def _checked(image, require_static=True):
    """Asserts about the sizes of an image, all of them; since 2.3 the last three alone."""
    from tensorflow.python.ops import array_ops, check_ops
    try:
        shape = image.shape
        shape = shape.with_rank(3) if shape.rank is None else shape.with_rank_at_least(3)
    except ValueError:
        raise ValueError("'image' must be at least three-dimensional.") from None
    if require_static and not shape.is_fully_defined():
        raise ValueError("'image' must be fully defined.")
    if 0 in shape.as_list():
        raise ValueError(f"all dims of 'image.shape' must be > 0: {shape}")
    if shape.is_fully_defined():
        return []
    return [check_ops.assert_positive(array_ops.shape(image),
                                      ["all dims of 'image.shape' must be > 0."]),
            check_ops.assert_greater_equal(
                array_ops.rank(image), 3,
                message="'image' must be at least three-dimensional.")]


def _three_axes(seeds, today):
    """What nothing is known of was an image, not a batch; since 2.3 that is asked in the graph."""
    def cond(pred, *branches, **named):
        if [branch.__name__ for branch in branches] == ["f_rank3", "f_rank4"]:
            seeds.count_more(-3)                # the rank, and that it is 3
            return branches[0]()
        return today(pred, *branches, **named)
    return cond


def _size_of_a_crop(seeds, today):
    """All images of a batch, and all channels, were -1; since 2.4 their number is looked up."""
    def stack(values, *more, **named):
        if len(values) == 4 and all(_is_tensor(value) and value.op.type == "StridedSlice"
                                    for value in (values[0], values[3])):
            seeds.count_more(-10)
            values = [-1, values[1], values[2], -1]
        return today(values, *more, **named)
    return stack


def _standardized(image):
    """In the type of the image, and back to it; since 2.3 the result is of float32."""
    from tensorflow.python.framework import dtypes, ops
    from tensorflow.python.ops import array_ops, image_ops_impl, math_ops
    with ops.name_scope(None, "per_image_standardization", [image]) as scope:
        image = image_ops_impl._AssertAtLeast3DImage(ops.convert_to_tensor(image, name="image"))
        given, axes = image.dtype, [-1, -2, -3]
        if given not in (dtypes.float16, dtypes.float32):
            image = image_ops_impl.convert_image_dtype(image, dtypes.float32)
        pixels = math_ops.reduce_prod(array_ops.shape(image)[-3:])
        mean = math_ops.reduce_mean(image, axis=axes, keepdims=True)
        deviation = math_ops.maximum(math_ops.reduce_std(image, axis=axes, keepdims=True),
                                     math_ops.rsqrt(math_ops.cast(pixels, image.dtype)))
        image = math_ops.div(image - mean, deviation, name=scope)
        return image_ops_impl.convert_image_dtype(image, given, saturate=True)


def _as_jpeg(image, jpeg_quality, name=None):
    """Numbers beyond an image's range were not cut off; since 2.2 they are."""
    from tensorflow.python.framework import dtypes, ops
    from tensorflow.python.ops import gen_image_ops
    from tensorflow.python.ops.image_ops_impl import convert_image_dtype
    with ops.name_scope(name, "adjust_jpeg_quality", [image]):
        image = ops.convert_to_tensor(image, name="image")
        encoded = gen_image_ops.encode_jpeg_variable_quality(
            convert_image_dtype(image, dtypes.uint8),
            ops.convert_to_tensor(jpeg_quality, dtype=dtypes.int32))
        return convert_image_dtype(gen_image_ops.decode_jpeg(encoded), image.dtype)
