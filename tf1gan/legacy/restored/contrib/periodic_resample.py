"""`tf.contrib.periodic_resample`: channels spread over the pixels of an enlarged picture."""

from tf1gan.legacy.restored.contrib import _functions

DROPPED = "2.0"
GIVES = "periodic_resample"
NEEDS = ()
PATHS = ("python.ops.periodic_resample_op", "python.ops", "python")
REFUSED = {}


def make(given):
    tf = given.tf

    def places(values, *sizes):
        """For each element of the result the index of the one that it is, and the result's shape.

        Where sizes are no multiples, an index can be past the end.
        """
        shape, count = tf.shape(values), len(sizes)
        spread = [index for index, size in enumerate(sizes) if size]
        along, = set(range(count)) - set(spread)
        left = tf.size(values)
        for size in sizes:
            left //= size or 1
        with tf.control_dependencies([
                tf.assert_equal(tf.rank(values), count, ["shape has as many axes as values"]),
                tf.assert_positive(left, ["nothing is left for the axis that is None"]),
                *[tf.assert_less_equal(shape[axis], sizes[axis], ["an axis would be shorter"])
                  for axis in spread]]):
            steps = tf.cumprod(shape, exclusive=True, reverse=True)
        whole = tf.stack([size or left for size in sizes])
        ranges = [tf.reshape(tf.range(whole[axis]), [-1 if axis == other else 1
                                                     for other in range(count)])
                  for axis in range(count)]
        index, period, part = 0, 1, ranges[along]
        for axis in spread:
            times = (sizes[axis] + shape[axis] - 1) // shape[axis]
            index += ranges[axis] // times * steps[axis]
            part += ranges[axis] % times * period * left
            period *= times
        return tf.reshape(index + part * steps[along], [-1]), whole

    def forwards(values, *sizes):
        index, whole = places(values, *sizes)
        number = tf.size(values)
        read = tf.gather(tf.reshape(values, [-1]), tf.minimum(index, tf.maximum(number - 1, 0)))
        return tf.reshape(tf.where(index < number, read, tf.zeros_like(read)), whole)

    def backwards(values, grad, *sizes):
        index, _ = places(values, *sizes)
        # An element that is read several times has the gradient of the last one.
        last = tf.unsorted_segment_max(tf.range(tf.size(index)), index, tf.size(values))
        of_all = tf.gather(tf.reshape(grad, [-1]), tf.maximum(last, 0))
        return tf.reshape(tf.where(last >= 0, of_all, tf.zeros_like(of_all)), tf.shape(values))

    call = _functions.one_operation(given.seeds, "PeriodicResample", 1, forwards, backwards)

    def periodic_resample(values, shape, name=None):
        """Values in another shape, whose pixels take turns in reading the axis that is None.

        Args:
          values: a tensor of any rank.
          shape: as many sizes, none smaller than that axis of `values`, and None once.
        """
        sizes = tuple(size or None for size in tf.TensorShape(shape).as_list())
        if sizes.count(None) != 1:
            raise tf.errors.InvalidArgumentError(
                None, None, f"One size of {list(sizes)} has to be None, which is the one that is "
                "made shorter.")
        values = tf.convert_to_tensor(values, name="values")
        made = call(values, attributes=sizes, name=name)
        if values.shape.is_fully_defined():
            left = values.shape.num_elements()
            for size in sizes:
                left //= size or 1
            sizes = [size or left for size in sizes]
        made.set_shape(sizes)
        return made
    return dict(periodic_resample=periodic_resample)
