"""Images that are moved, turned and warped."""

import functools
import operator

from tensorflow.python.framework import constant_op, dtypes, ops, tensor_util
from tensorflow.python.ops import (
    array_ops,
    check_ops,
    gen_image_ops,
    math_ops,
)

_TYPES = (dtypes.uint8, dtypes.int32, dtypes.int64, dtypes.float16, dtypes.float32, dtypes.float64)


def _batch(images):
    """Images as [batch, height, width, channels]."""
    if images.dtype.base_dtype not in _TYPES:
        raise TypeError(f"Images of {images.dtype.name} cannot be moved.")
    if images.shape.rank not in (2, 3, 4):
        raise TypeError(f"Images have two to four axes, and these have {images.shape.rank}.")
    if images.shape.rank == 2:
        return images[None, :, :, None]
    return images if images.shape.rank == 4 else images[None]


def _as_given(images, rank):
    if rank == 2:
        return images[0, :, :, 0]
    return images[0, :, :, :] if rank == 3 else images


def _one_each(value, axes, what):
    """[...] as [1, ...], where it has `axes` axes, and [batch, ...] as it is."""
    if value.shape.rank not in (axes, axes + 1):
        raise (ValueError if value.shape.rank is None else TypeError)(
            f"{what} have {axes} or {axes + 1} axes, and these have {value.shape.rank}.")
    return value[None] if value.shape.rank == axes else value


def rotate(images, angles, interpolation="NEAREST", name=None):
    """Images turned counterclockwise around their middles, by an angle in radians or one each."""
    with ops.name_scope(name, "rotate"):
        images = ops.convert_to_tensor(images)
        rank, images = images.shape.rank, _batch(images)
        height, width = (math_ops.cast(array_ops.shape(images)[axis], dtypes.float32)[None]
                         for axis in (1, 2))
        return _as_given(transform(
            images, angles_to_projective_transforms(angles, height, width),
            interpolation=interpolation), rank)


def translate(images, translations, interpolation="NEAREST", name=None):
    """Images moved by (dx, dy), or by one such pair each."""
    with ops.name_scope(name, "translate"):
        return transform(images, translations_to_projective_transforms(translations),
                         interpolation=interpolation)


def transform(images, transforms, interpolation="NEAREST", output_shape=None, name=None):
    """Images whose pixel (x, y) is the given one's ((a x + b y + c) / k, (d x + e y + f) / k).

    Args:
      images: [height, width], [height, width, channels] or [batch, height, width, channels].
      transforms: [8] or [batch, 8]: a to f, then g and h of k = g x + h y + 1.
      interpolation: "NEAREST" or "BILINEAR".
      output_shape: height and width.
    """
    if interpolation.upper() not in ("NEAREST", "BILINEAR"):
        raise ValueError(f"Invalid interpolation {interpolation}: NEAREST and BILINEAR are there. "
                         "With another, 1.15.5 ends the process.")
    with ops.name_scope(name, "transform"):
        images = ops.convert_to_tensor(images, name="images")
        transforms = ops.convert_to_tensor(transforms, name="transforms", dtype=dtypes.float32)
        rank, images = images.shape.rank, _batch(images)
        if output_shape is None:
            output_shape = array_ops.shape(images)[1:3]
            known = tensor_util.constant_value(output_shape)
            output_shape = output_shape if known is None else known
        output_shape = ops.convert_to_tensor(output_shape, dtypes.int32, name="output_shape")
        if not output_shape.shape.is_compatible_with([2]):
            raise ValueError(f"output_shape is a height and a width, not {output_shape.shape}")
        transforms = _one_each(transforms, 1, "Transforms")
        return _as_given(gen_image_ops.image_projective_transform_v2(
            images, output_shape=output_shape, transforms=transforms,
            interpolation=interpolation.upper()), rank)


def angles_to_projective_transforms(angles, image_height, image_width, name=None):
    """The transforms that turn images, [batch, 8]."""
    with ops.name_scope(name, "angles_to_projective_transforms"):
        angles = _one_each(ops.convert_to_tensor(angles, name="angles", dtype=dtypes.float32), 0,
                           "Angles")
        cos, sin = math_ops.cos, math_ops.sin

        def shift(size, of_width, of_height, join):
            """What leaves the middle where it is."""
            turned = join(of_width(angles) * (image_width - 1),
                          of_height(angles) * (image_height - 1))
            return (size - 1 - turned) / 2.0
        x = shift(image_width, cos, sin, operator.sub)
        y = shift(image_height, sin, cos, operator.add)
        columns = [cos(angles), -sin(angles), x, sin(angles), cos(angles), y]
        perspective = array_ops.zeros((array_ops.shape(angles)[0], 2), dtypes.float32)
        return array_ops.concat([column[:, None] for column in columns] + [perspective], axis=1)


def translations_to_projective_transforms(translations, name=None):
    """The transforms that move images, [batch, 8]."""
    with ops.name_scope(name, "translations_to_projective_transforms"):
        translations = ops.convert_to_tensor(translations, name="translations",
                                             dtype=dtypes.float32)
        translations = _one_each(translations, 1, "Translations")
        rows = array_ops.shape(translations)[0]

        def column(make, width=1):
            return make((rows, width), dtypes.float32)
        return array_ops.concat([
            column(array_ops.ones), column(array_ops.zeros), -translations[:, 0, None],
            column(array_ops.zeros), column(array_ops.ones), -translations[:, 1, None],
            column(array_ops.zeros, 2)], axis=1)


def compose_transforms(*transforms):
    """One transform after another, the last first."""
    with ops.name_scope("compose_transforms"):
        return matrices_to_flat_transforms(functools.reduce(
            math_ops.matmul, map(flat_transforms_to_matrices, transforms)))


def flat_transforms_to_matrices(transforms):
    """[batch, 8] as [batch, 3, 3]."""
    with ops.name_scope("flat_transforms_to_matrices"):
        flat = _rows(transforms, 8, (1, 2), "transforms")
        last = array_ops.ones([array_ops.shape(flat)[0], 1])
        whole = array_ops.concat([flat, last], axis=1)
        return array_ops.reshape(whole, constant_op.constant([-1, 3, 3]))


def matrices_to_flat_transforms(transform_matrices):
    """[batch, 3, 3] as [batch, 8]."""
    with ops.name_scope("matrices_to_flat_transforms"):
        flat = _rows(transform_matrices, 9, (2, 3), "transform_matrices")
        return (flat / flat[:, 8:9])[:, :8]


def _rows(transforms, length, ranks, name):
    """Transforms or matrices, one or several, as [batch, length]."""
    given = ops.convert_to_tensor(transforms, name=name)
    if given.shape.rank not in ranks:
        raise ValueError(f"{name} has {ranks[0]} or {ranks[1]} axes, not {given.shape.rank}")
    return array_ops.reshape(given, constant_op.constant([-1, length]))


def dense_image_warp(image, flow, name="dense_image_warp"):
    """Images [batch, height, width, channels], each pixel from where flow (dy, dx) says."""
    with ops.name_scope(name):
        image = ops.convert_to_tensor(image)
        batch, height, width, channels = array_ops.unstack(array_ops.shape(image))
        x, y = array_ops.meshgrid(math_ops.range(width), math_ops.range(height))
        grid = array_ops.expand_dims(math_ops.cast(array_ops.stack([y, x], axis=2), flow.dtype), 0)
        places = array_ops.reshape(grid - flow, [batch, height * width, 2])
        with ops.name_scope("interpolate_bilinear"):
            made = _interpolated(image, places)
        return array_ops.reshape(made, [batch, height, width, channels])


def _interpolated(image, places):
    """Between four pixels, [batch, n, channels], of places (y, x), [batch, n, 2]."""
    least = "Four pixels are 2 high and 2 wide, and the image is less."
    with ops.control_dependencies([
            check_ops.assert_rank(image, 4),
            check_ops.assert_greater_equal(array_ops.shape(image)[1:3], 2, message=least)]):
        batch, height, width, channels = array_ops.unstack(array_ops.shape(image))
    number = array_ops.shape(places)[1]
    flat = array_ops.reshape(image, [batch * height * width, channels])
    floors, shares = [], []
    for axis, size in ((0, height), (1, width)):
        place = places[:, :, axis]
        last = math_ops.cast(size - 2, place.dtype)
        floor = math_ops.minimum(math_ops.maximum(0.0, math_ops.floor(place)), last)
        floors.append(math_ops.cast(floor, dtypes.int32))
        share = math_ops.minimum(math_ops.maximum(0.0, place - floor), 1.0)
        shares.append(array_ops.expand_dims(math_ops.cast(share, image.dtype), 2))
    first = array_ops.reshape(math_ops.range(batch) * height * width, [batch, 1])

    def pixel(down, right):
        index = first + (floors[0] + down) * width + floors[1] + right
        return array_ops.reshape(array_ops.gather(flat, index), [batch, number, channels])
    top = shares[1] * (pixel(0, 1) - pixel(0, 0)) + pixel(0, 0)
    below = shares[1] * (pixel(1, 1) - pixel(1, 0)) + pixel(1, 0)
    return shares[0] * (below - top) + top
