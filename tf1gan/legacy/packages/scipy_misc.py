"""The image functions of `scipy.misc`, which SciPy dropped with 1.2 and 1.3, by Pillow.

Pixels are SciPy's: floats are stretched to 0 to 255 from the least to the largest of the picture.
"""

import importlib

import numpy as np

from tf1gan.legacy.extras import needed
from tf1gan.legacy.names import Later, Restored

_FILTERS = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "cubic": 3}


def make():
    """`scipy.misc`: today's where there is one, with these in it."""
    names = dict(imsave=imsave, imread=imread, imresize=imresize, toimage=toimage,
                 fromimage=fromimage, bytescale=bytescale, imrotate=imrotate, imshow=imshow)
    misc = Restored("scipy.misc", lambda: importlib.import_module("scipy.misc"), dict(
        names, pilutil=Later(lambda: misc), __file__=None))
    misc._restored.update(__all__=sorted(names))
    return misc


def bytescale(data, cmin=None, cmax=None, high=255, low=0):
    """An array as uint8, from `low` at `cmin` to `high` at `cmax`. uint8 stays as it is."""
    data = np.asarray(data)
    if data.dtype == np.uint8:
        return data
    if not 0 <= low <= high <= 255:
        raise ValueError("`low` and `high` must be in 0 to 255, `low` the smaller.")
    cmin = data.min() if cmin is None else cmin
    cmax = data.max() if cmax is None else cmax
    span = float(cmax) - float(cmin)
    if span < 0:
        raise ValueError("`cmax` should be larger than `cmin`.")
    scale = float(high - low) / (span or 1)
    scaled = (data - np.asarray(cmin, data.dtype if data.dtype.kind == "f" else None)) * scale
    return (scaled.clip(0, high - low) + low + 0.5).astype(np.uint8)


def toimage(arr, high=255, low=0, cmin=None, cmax=None, pal=None, mode=None, channel_axis=None):
    """A picture of an array of two dimensions, or of three, one of which is 3 or 4 long."""
    Image = _pillow().Image
    data = np.asarray(arr)
    if np.iscomplexobj(data):
        raise ValueError("Cannot convert a complex-valued array.")
    if data.ndim == 2:
        height_width = (data.shape[1], data.shape[0])
        if mode == "F":
            return Image.frombytes("F", height_width, data.astype(np.float32).tobytes())
        if mode == "1":         # `high` is the threshold
            return Image.frombytes("1", height_width, (data > high).tobytes())
        if mode == "I":
            cmin = data.min() if cmin is None else cmin
            cmax = data.max() if cmax is None else cmax
            scaled = (data * 1.0 - cmin) * (high - low) / (cmax - cmin) + low
            return Image.frombytes("I", height_width, scaled.astype(np.uint32).tobytes())
        pixels = bytescale(data, high=high, low=low, cmin=cmin, cmax=cmax)
        image = Image.frombytes("L", height_width, pixels.tobytes())
        if pal is not None:
            image.putpalette(np.asarray(pal, np.uint8).tobytes())
        return image
    if data.ndim != 3 or not {3, 4} & set(data.shape):
        raise ValueError("'arr' does not have a suitable array shape for any mode.")
    if channel_axis is None:
        axes = [axis for axis in range(3) if data.shape[axis] == 3] or \
               [axis for axis in range(3) if data.shape[axis] == 4]
        channel_axis = axes[0]
    pixels = np.moveaxis(bytescale(data, high=high, low=low, cmin=cmin, cmax=cmax),
                         channel_axis, -1)
    mode = mode or ("RGB" if pixels.shape[-1] == 3 else "RGBA")
    return Image.frombytes(mode, (pixels.shape[1], pixels.shape[0]), pixels.tobytes())


def fromimage(im, flatten=False, mode=None):
    """A picture's pixels, uint8; float32 and grey with `flatten`."""
    if mode is not None and mode != im.mode:
        im = im.convert(mode)
    elif im.mode == "P":
        im = im.convert("RGBA" if "transparency" in im.info else "RGB")
    if flatten:
        im = im.convert("F")
    elif im.mode == "1":
        im = im.convert("L")
    return np.array(im)


def imread(name, flatten=False, mode=None):
    return fromimage(_pillow().Image.open(name), flatten=flatten, mode=mode)


def imsave(name, arr, format=None):
    toimage(arr, channel_axis=2).save(name, **({} if format is None else {"format": format})) \
        if np.ndim(arr) == 3 else toimage(arr).save(
            name, **({} if format is None else {"format": format}))


def imresize(arr, size, interp="bilinear", mode=None):
    """A picture in another size: (height, width), a factor, or a percentage."""
    image = toimage(arr, mode=mode)
    if np.issubdtype(np.asarray(size).dtype, np.signedinteger) and np.ndim(size) == 0:
        target = tuple((np.array(image.size) * (size / 100.0)).astype(int))
    elif np.ndim(size) == 0:
        target = tuple((np.array(image.size) * size).astype(int))
    else:
        target = (size[1], size[0])
    return fromimage(image.resize(tuple(int(side) for side in target),
                                  resample=_FILTERS[interp]))


def imrotate(arr, angle, interp="bilinear"):
    return fromimage(toimage(arr).rotate(angle, resample=_FILTERS[interp]))


def imshow(arr):
    """Showed a picture in a window of another program; here it writes one."""
    path = "imshow.png"
    imsave(path, arr)
    print(f"scipy.misc.imshow: {path}")


def _pillow():
    with needed("Pillow", "scipy.misc"):
        import PIL.Image
        return PIL
