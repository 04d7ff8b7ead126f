"""Comparisons of shapes, by scripts, as 1.15 made them: an unknown size is equal to none.

    if x.shape != y.shape: x = tf.layers.conv2d(x, ...)     # a projection, if the batch is unknown

TensorFlow's own code relies on today's, where two unknown sizes are equal.
"""

import sys

from tf1gan.legacy.source import promotion

# They compare for whoever called them.
_BETWEEN = (promotion.__name__, "unittest.")


def restore():
    from tensorflow.python.framework import tensor_shape
    shape = tensor_shape.TensorShape
    today = shape.__eq__

    def shape_of(other):
        if isinstance(other, (str, bytes)):
            raise TypeError
        return other if isinstance(other, shape) else shape(other)

    def __eq__(this, other):
        if not _is_asked_by_script(sys._getframe(1)):
            return today(this, other)
        try:
            other = shape_of(other)
        except TypeError:
            return NotImplemented
        return _are_same(this._dims, other._dims)

    def __ne__(this, other):
        if not _is_asked_by_script(sys._getframe(1)):
            result = today(this, other)
            return result if result is NotImplemented else not result
        try:
            other = shape_of(other)
        except TypeError:
            return NotImplemented
        if this._dims is None or other._dims is None:
            raise ValueError("Whether shapes of unknown rank are unequal is not defined.")
        return not _are_same(this._dims, other._dims)
    shape.__eq__, shape.__ne__ = __eq__, __ne__


def _are_same(one, other):
    """Sizes that are unknown are the same only in what is one shape."""
    return one is other or one is not None and other is not None \
        and None not in one and one == other


def _is_asked_by_script(frame):
    while frame is not None and frame.f_globals.get("__name__", "").startswith(_BETWEEN):
        frame = frame.f_back
    return frame is not None and "__tf1gan_legacy__" in frame.f_builtins
