"""`tf.contrib.resampler`: pictures read at any places, between their pixels."""

from tf1gan.legacy.restored.contrib import _functions

DROPPED = "2.0"
GIVES = "resampler"
NEEDS = ()
PATHS = ("python.ops.resampler_ops", "python.ops", "ops.gen_resampler_ops")
REFUSED = {}
_TYPES = "float16", "bfloat16", "float32", "float64"


def make(given):
    tf = given.tf

    def corners(data, warp):
        """The four pixels around each place: (index in rows, is there, weight, its two slopes)."""
        batch, height, width, _ = tf.unstack(tf.shape(data), 4)
        places = tf.reshape(warp, [batch, -1, 2])
        x, y = places[..., 0], places[..., 1]
        inside = (x > -1) & (y > -1) & (x < tf.cast(width, x.dtype)) \
            & (y < tf.cast(height, y.dtype))
        # Those outside are put on a pixel, so that none is NaN or too large for a whole number.
        x, y = (tf.where(inside, along, tf.zeros_like(along)) for along in (x, y))
        left, top = tf.floor(x), tf.floor(y)
        right_part, lower_part = x - left, y - top
        found = []
        for to_right in (0, 1):
            for down in (0, 1):
                column, row = tf.cast(left, tf.int32) + to_right, tf.cast(top, tf.int32) + down
                there = inside & (column >= 0) & (column < width) & (row >= 0) & (row < height)
                index = (tf.range(batch)[:, tf.newaxis] * height + row) * width + column
                across = right_part if to_right else 1 - right_part
                along = lower_part if down else 1 - lower_part
                found.append((index, there, across * along, along * (2 * to_right - 1),
                              across * (2 * down - 1)))
        return found, inside

    def checked(data, warp):
        sizes, places = tf.shape(data), tf.shape(warp)
        with tf.control_dependencies([
                tf.assert_equal(tf.rank(data), 4, ["data is [batch, height, width, channels]"]),
                tf.assert_greater_equal(tf.rank(warp), 2, ["warp is [batch, ..., 2]"]),
                tf.assert_equal(sizes[:1], places[:1], ["data and warp are of as many pictures"]),
                tf.assert_equal(places[-1:], 2, ["a place is x and y"])]):
            return tf.identity(data), tf.identity(warp)

    def pixels(data, index, there):
        rows = tf.reshape(data, [-1, tf.shape(data)[3]])
        read = tf.gather(rows, tf.where(there, index, tf.zeros_like(index)))
        is_read = tf.broadcast_to(there[..., tf.newaxis], tf.shape(read))
        return tf.where(is_read, read, tf.zeros_like(read))

    def forwards(data, warp):
        data, warp = checked(data, warp)
        found, inside = corners(data, warp)
        total = tf.add_n([weight[..., tf.newaxis] * pixels(data, index, there)
                          for index, there, weight, _, _ in found])
        inside = tf.broadcast_to(inside[..., tf.newaxis], tf.shape(total))
        total = tf.where(inside, total, tf.zeros_like(total))
        return tf.reshape(total, tf.concat([tf.shape(warp)[:-1], tf.shape(data)[3:]], 0))

    def backwards(data, warp, grad):
        found, inside = corners(data, warp)
        grad = tf.reshape(grad, tf.concat([tf.shape(inside), tf.shape(data)[3:]], 0))
        rows = tf.reduce_prod(tf.shape(data)[:3])
        of_data, slopes = [], [[], []]
        for index, there, weight, *along in found:
            of_data.append(tf.unsorted_segment_sum(
                weight[..., tf.newaxis] * grad, tf.where(there, index, -tf.ones_like(index)),
                rows))
            read = tf.reduce_sum(grad * pixels(data, index, there), -1)
            for of_axis, slope in zip(slopes, along):
                of_axis.append(slope * read)
        of_warp = tf.stack([tf.where(inside, tf.add_n(of_axis), tf.zeros_like(of_axis[0]))
                            for of_axis in slopes], -1)
        return (tf.reshape(tf.add_n(of_data), tf.shape(data)),
                tf.reshape(of_warp, tf.shape(warp)))

    call = _functions.one_operation(given.seeds, "Resampler", 2, forwards, backwards)

    def resampler(data, warp, name="resampler"):
        """Pictures at places, by the four pixels around each; 0 outside of them.

        Args:
          data: [batch, height, width, channels], of floats.
          warp: [batch, ..., 2] of the same type: x, then y.

        Returns [batch, ..., channels].
        """
        with tf.name_scope(name, "resampler", [data, warp]):
            data = tf.convert_to_tensor(data, name="data")
            warp = tf.convert_to_tensor(warp, name="warp")
            if data.dtype.base_dtype.name not in _TYPES:
                raise TypeError(f"data is of {data.dtype.name}, which is none of these: {_TYPES}")
            if warp.dtype.base_dtype != data.dtype.base_dtype:
                raise TypeError(f"warp is of {warp.dtype.name}, and data of {data.dtype.name}.")
            made = call(data, warp)
            made.set_shape(tf.TensorShape(None) if warp.shape.rank is None else
                           warp.shape[:-1].concatenate([data.shape[-1] if data.shape.rank
                                                        else None]))
            return made
    return dict(resampler=resampler)
