"""Pictures of a generator that is a file: of any size, grey or coloured."""

import math
import os

import numpy as np

from tf1gan import console, files, plots, randomness
from tf1gan.compat import check_tensorflow_2, tf
from tf1gan.converting import (
    asked,
    conversion,
    ends,
    graphs,
    network,
    original,
    sources,
    values,
    weights,
)
from tf1gan.converting.candidates import shaped
from tf1gan.converting.network import INPUT
from tf1gan.errors import UserError, reason

_BATCH = 64
_REMEDY = "give what is not noise other values with --inputs"
_GAP, _SHADE = 2, 48
_SIDES = (28, 32, 64, 96, 128)      # of grey pictures that are rows of numbers
_NOISES = {"normal": lambda rs, shape: rs.standard_normal(shape),
           "uniform": lambda rs, shape: rs.uniform(-1, 1, shape)}
NOISES = tuple(_NOISES)
MOST = 10000                        # pictures in one


def sample_to_files(path, n=25, seed=None, out=None, npz=None, noise="normal", inputs="",
                    outputs="", signature=None, tags=None, keras_weights=None):
    """Draws pictures from a generator into a picture, an archive, or both.

    Args:
      path, tags, keras_weights, inputs, outputs, signature: as for conversion.convert.
      n, seed: how many, from which noise; without a seed others each time.
      out: a PNG file; npz: an npz file with `images`, float32 [n, height, width] or
        [n, height, width, 3] in [0, 1].
      noise: "normal" or "uniform" in [-1, 1].

    Raises:
      UserError: it is no generator of pictures, or does not say what to feed.
    """
    check_tensorflow_2("drawing from a graph")
    draw, shape, batch, where = _generator(path, inputs, outputs, signature, tags, keras_weights)
    rs, parts = np.random.RandomState(seed), []
    size = shape[0] or batch or _BATCH
    if values.is_too_large([size] + shape[1:]):
        raise UserError(f"{path} takes noise of {[size] + shape[1:]}, which is too large to be "
                        "drawn: name what is noise with --inputs")
    while sum(map(len, parts)) < n:
        parts.append(draw(_NOISES[noise](rs, [size] + shape[1:]).astype(np.float32)))
    drawn = np.concatenate(parts)[:n]
    if not np.isfinite(drawn).all():
        raise UserError(f"{path} draws numbers that are not finite: its weights are damaged, or it "
                        "is fed with what it does not take")
    images, words = in_unit(as_images(path, drawn))
    console.say(f"{where}: {' x '.join(map(str, images.shape[1:]))}, {words}, from {noise} noise")
    if npz:
        with files.atomic(npz) as file:
            np.savez_compressed(file, images=images)
        console.say(f"{n} pictures: {npz}")
    if out:
        plots.save(out, tile(images))
        console.say(f"{n} pictures: {out}")


def as_images(path, values):
    """Values as pictures, [n, height, width] or [n, height, width, 3]. Raises UserError."""
    shape = values.shape[1:]
    if len(shape) == 3 and shape[0] in (1, 3) and shape[2] not in (1, 3):
        values = values.transpose(0, 2, 3, 1)
        shape = values.shape[1:]
    if len(shape) == 3 and shape[2] in (1, 3):
        return values[..., 0] if shape[2] == 1 else values
    if len(shape) == 2:
        return values
    side = math.isqrt(shape[0]) if len(shape) == 1 else 0
    if len(shape) == 1 and side * side == shape[0] and side >= 4:
        return values.reshape(-1, side, side)
    side = math.isqrt(shape[0] // 3) if len(shape) == 1 else 0
    if side in _SIDES and side * side * 3 == shape[0]:
        return values.reshape(-1, side, side, 3)
    raise UserError(f"{path} gives {list(values.shape)}, which are no pictures: name what draws "
                    "them with --outputs")


def in_unit(values):
    """(Values as float32 in [0, 1], which range they were recognized to have)."""
    values = np.nan_to_num(np.asarray(values, np.float64))
    low, high = (float(values.min()), float(values.max())) if values.size else (0, 1)
    if low < -0.01 and low >= -1.01 and high <= 1.01:
        black, white, words = -1, 1, "-1 is black and 1 white"
    elif low >= -0.01 and high <= 1.01:
        black, white, words = 0, 1, "0 is black and 1 white"
    elif low >= -1 and high <= 256:
        black, white, words = 0, 255, "0 is black and 255 white"
    else:
        black, white, words = low, high, f"{low:.3g} is black and {high:.3g} white"
    unit = np.clip((values - black) / max(white - black, 1e-9), 0, 1)
    return unit.astype(np.float32), words


def tile(images):
    """Pictures row by row: uint8 [height, width] or [height, width, 3]."""
    pixels = np.rint(images * 255).astype(np.uint8)
    count, height, width = pixels.shape[:3]
    enlarge = max(1, 84 // max(height, width))
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    grid = np.full((rows * (height + _GAP) + _GAP, columns * (width + _GAP) + _GAP)
                   + pixels.shape[3:], _SHADE, np.uint8)
    for place in range(rows * columns):
        top = place // columns * (height + _GAP) + _GAP
        left = place % columns * (width + _GAP) + _GAP
        grid[top:top + height, left:left + width] = pixels[place] if place < count else 0
    return grid.repeat(enlarge, axis=0).repeat(enlarge, axis=1)


# -- Generators ------------------------------------------------------------------------------

def _generator(path, inputs, outputs, signature, tags, keras_weights):
    """(A function of noise, the noise's shape with None for any size, how many rows of it go with
    the other inputs' values, what it is in words)."""
    source = sources.opened(path, tags, keras_weights, as_it_is=True)
    if source.meta.HasField("object_graph_def"):
        return _of_objects(source, signature, outputs, inputs)
    source, _ = conversion.mended(source)
    found = ends.find(source, inputs, outputs, signature)
    nodes = graphs.by_name(source.graph_def)
    shapes = {each: _shape(nodes[each.node]) for each in [*found.inputs.values(), *found.fixed]
              if nodes[each.node].op in graphs.PLACEHOLDERS}
    output = next(iter(found.outputs.values()))
    (_, drawn), = shaped(source, [output])
    fixed, batch = _in_rows(found.fixed, shapes, _rows_of(drawn))
    found = found._replace(fixed=fixed)
    cut = network.cut(source, found)
    conversion.refuse_what_has_no_kernel(source, cut)
    network.refuse_draws(cut)
    nodes = graphs.by_name(cut.original)
    name, shape = _noise(source, {name: _shape(nodes[INPUT + name]) for name in found.inputs
                                  if INPUT + name in nodes})
    held = weights.held(source, cut)
    first, tensor = next(iter(found.outputs.items()))
    return (lambda noise: original.run(source, cut, held, {name: noise}, _REMEDY)[first],
            shape, batch, f"{path}, {tensor.name}")


def _in_rows(fixed, shapes, rows):
    """({key: value} of a batch where its shape is, how many rows these have, or None).

    A single label is that of each picture; of a list, each picture has the next.

    Args:
      fixed: {key: value}; shapes: {key: shape} of these and of what is fed.
      rows: how many pictures a graph of a fixed batch gives, or None.
    """
    there = {each: _as_rows(getattr(each, "name", each), np.asarray(value), shapes[each])
             for each, value in fixed.items() if shapes.get(each)}
    of_the_graph = [shape[0] for shape in shapes.values() if shape and shape[0]]
    of_lists = [len(value) for value in there.values() if len(value) > 1]
    batch = (of_the_graph + [rows] * bool(rows) + of_lists + [None])[0]
    filled = {each: value[np.arange(batch or _BATCH) % len(value)]
              for each, value in there.items() if len(value)}
    return {**fixed, **filled}, batch


def _as_rows(name, value, shape):
    """A value as rows of a batch of some shape. Raises UserError where it cannot be these."""
    rank, rest = len(shape), [size or 1 for size in shape[1:]]
    if value.ndim == rank:
        return value
    if value.ndim == rank - 1 and (value.ndim != 1 or rest != [1]):
        return value[np.newaxis]
    if value.ndim <= 1 and np.prod(rest) == 1:
        return value.reshape([-1] + rest)       # a list of classes
    raise UserError(f"--inputs: {name} is {str(shape).replace('None', '?')}, which "
                    f"{value.tolist()} is no row of: give one row, [...], or more, [[...], ...]")


def _rows_of(shape):
    """How many pictures a graph gives at once, where that is fixed."""
    return shape[0] if shape and shape[0] and len(shape) > 1 else None


def _of_objects(source, signature, outputs, inputs):
    """The same of a SavedModel that `tf1gan convert` or TensorFlow 2 wrote."""
    try:
        loaded = tf.compat.v2.saved_model.load(os.path.abspath(source.path))
        names = [name for name in loaded.signatures if name in (
            signature or "serving_default", signature)]
        function = loaded.signatures[names[0]] if names else None
    except Exception as error:      # whatever it makes of what it was not written by
        raise UserError(f"{source.path} does not load: {reason(error)}") from error
    if function is None:
        raise UserError(f"{source.path} has the signatures {', '.join(loaded.signatures)}: name "
                        "one with --signature")
    takes = function.structured_input_signature[1]
    shapes = {key: None if spec.shape.rank is None else spec.shape.as_list()
              for key, spec in takes.items()}
    fixed = asked.values_of_arguments(source, takes, inputs)
    name, shape = _noise(source, {key: shape for key, shape in shapes.items() if key not in fixed})
    key = outputs or sorted(function.structured_outputs)[0]
    if key not in function.structured_outputs:
        raise UserError(f"--outputs: {source.path} has no {key}, but "
                        f"{', '.join(function.structured_outputs)}")
    drawn = function.structured_outputs[key].shape
    fixed, batch = _in_rows(fixed, shapes, _rows_of(
        None if drawn.rank is None else drawn.as_list()))

    def draw(noise):
        try:
            given = dict({name: noise}, **fixed)
            return function(**{key: tf.compat.v2.constant(value, takes[key].dtype)
                               for key, value in given.items()})[key].numpy()
        except (tf.errors.OpError, ValueError, TypeError) as error:
            raise UserError(f"{source.path} cannot be run on these inputs ({reason(error)}): "
                            f"{_REMEDY}") from error
    return draw, shape, batch, f"{source.path}, {key}"


def _shape(node):
    shape = graphs.attribute(node, "shape").shape
    return None if shape.unknown_rank else [
        each.size if each.size >= 0 else None for each in shape.dim]


def _noise(source, shapes):
    """(name, shape) of the one input that is fed with noise."""
    if len(shapes) != 1:
        said = ", ".join(f"{name} {str(shape).replace('None', '?')}"
                         for name, shape in shapes.items()) or "nothing"
        raise UserError(f"{source.path} is fed with {said}: give what is not noise a value, and "
                        "name what is, with --inputs NOISE:0,OTHER:0=[1, 2]")
    (name, shape), = shapes.items()
    if shape is None or len(shape) < 2 or None in shape[1:]:
        raise UserError(f"{source.path} takes noise of an unknown size ({name}): convert it, with "
                        "arrays of your own (--check), and call what comes out")
    return name, list(shape)


def check_request(n, seed, out, npz):
    """Refuses what cannot be done, before there is work. Returns the picture's file, or None."""
    if not 1 <= n <= MOST:
        raise UserError(f"-n must be from 1 to {MOST}, not {n}")
    picture = out if out is not None else None if npz is not None else "pictures.png"
    randomness.check_noise_seed(seed)
    for file in (npz, picture):
        if file is not None:
            files.check_writable(file)
    return picture
