"""Pillow's names of filters that went with Pillow 10."""

import importlib

from tf1gan.legacy.names import Later, Restored


def make():
    """`PIL`, as it was."""
    return Restored("PIL", lambda: importlib.import_module("PIL"), dict(Image=Later(_image)))


def _image():
    image = importlib.import_module("PIL.Image")
    return Restored("PIL.Image", image, dict(
        ANTIALIAS=image.LANCZOS, LINEAR=image.BILINEAR, CUBIC=image.BICUBIC))
