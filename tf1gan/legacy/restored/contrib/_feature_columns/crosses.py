"""Hashes of combinations of features, by the two ways of `tf.contrib`.

With a key, TensorFlow's own SparseCross computes them. Without one, contrib's first operation did,
which is gone: it is rebuilt of others, and counts as the one that it was.
"""

from tensorflow.python.framework import constant_op, dtypes, ops, sparse_tensor, tensor as tensors
from tensorflow.python.ops import (
    array_ops,
    bitwise_ops,
    gen_array_ops,
    gen_bitwise_ops,
    gen_sparse_ops,
    math_ops,
)

from tf1gan.legacy.numbers.counts import Exactly, counting

DEFAULT_HASH_KEY = 956888297470
_SEED = 0xDECAFCAFFE
_GOLDEN = 0x9E3779B97F4A7800 - 2 ** 64      # as int64
_LARGEST = 2 ** 63 - 1

seeds = None        # the Seeds that operations are counted in, once the part is made


def crossed(inputs, num_buckets, hash_key=None, name=None):
    """The combinations of the features in each row, as numbers below `num_buckets`.

    Args:
      inputs: sparse and dense tensors of two axes, of strings or whole numbers.
      hash_key: with None or 0 the first of the two ways is taken.

    Returns a sparse tensor of int64.
    """
    if not isinstance(inputs, list):
        raise TypeError("inputs have to be a list.")
    if not all(isinstance(each, (sparse_tensor.SparseTensor, tensors.Tensor)) for each in inputs):
        raise TypeError("inputs have to be sparse and dense tensors.")
    sparse = [each for each in inputs if isinstance(each, sparse_tensor.SparseTensor)]
    indices, shapes = [each.indices for each in sparse], [each.dense_shape for each in sparse]
    values = [_of_a_feature(each.values) for each in sparse]
    dense = [_of_a_feature(each) for each in inputs
             if not isinstance(each, sparse_tensor.SparseTensor)]
    if hash_key:
        is_text = all(each.dtype == dtypes.string for each in values + dense)
        made = gen_sparse_ops.sparse_cross(
            indices, values, shapes, dense, hashed_output=True, num_buckets=num_buckets,
            hash_key=hash_key, out_type=dtypes.int64,
            internal_type=dtypes.string if is_text else dtypes.int64, name=name)
    else:
        made = counting(seeds, _by_the_first_way, Exactly(lambda *_: 1), "")(
            indices, values, shapes, dense, num_buckets, name)
    return sparse_tensor.SparseTensor(*made)


def _of_a_feature(values):
    return values if values.dtype == dtypes.string else math_ops.cast(values, dtypes.int64)


def _by_the_first_way(indices, values, shapes, dense, num_buckets, name):
    """(indices, values, shape) of the crosses: in a row, the last feature changes fastest."""
    with ops.name_scope(name, "SparseFeatureCross"):
        rows = shapes[0][0] if shapes else array_ops.shape(dense[0], out_type=dtypes.int64)[0]
        columns = [(_counted(each[:, 0], rows), _numbers(of_each))
                   for each, of_each in zip(indices, values)]
        columns += [(_width(each), _numbers(array_ops.reshape(each, [-1]))) for each in dense]
        number = array_ops.ones([rows], dtypes.int64)
        for counts, _ in columns:
            number = number * counts
        row = array_ops.repeat(math_ops.range(rows), number)
        place = math_ops.range(math_ops.reduce_sum(number)) - array_ops.gather(
            math_ops.cumsum(number, exclusive=True), row)
        found, rest = [], place
        for counts, numbers in reversed(columns):
            count = array_ops.gather(counts, row)
            begin = array_ops.gather(math_ops.cumsum(counts, exclusive=True), row)
            found.append(array_ops.gather(numbers, begin + math_ops.floormod(rest, count)))
            rest = math_ops.floordiv(rest, count)
        hashed = array_ops.fill(array_ops.shape(row), constant_op.constant(_SEED, dtypes.int64))
        for numbers in reversed(found):
            hashed = _combined(hashed, numbers)
        hashed = _below(hashed, num_buckets or _LARGEST)
        # As one operation's, the shape is known in the graph only where all features are. There
        # may be no rows, whose largest number is a negative one.
        shape = math_ops.maximum(array_ops.stack([rows, math_ops.reduce_max(number)]), 0)
        return array_ops.stack([row, place], 1), hashed, shape


def _counted(rows, number):
    """How many values each row has."""
    return math_ops.unsorted_segment_sum(array_ops.ones_like(rows), rows, number)


def _width(values):
    """The same of a dense tensor."""
    shape = array_ops.shape(values, out_type=dtypes.int64)
    return array_ops.fill(shape[:1], shape[1])


def _numbers(values):
    """int64 of features: whole numbers are their own, texts have their fingerprints."""
    if values.dtype != dtypes.string:
        return values
    return array_ops.bitcast(gen_array_ops.fingerprint(
        values, constant_op.constant("farmhash64")), dtypes.int64)


def _combined(hashed, numbers):
    shifted = (gen_bitwise_ops.left_shift(hashed, constant_op.constant(10, dtypes.int64))
               + gen_bitwise_ops.right_shift(hashed, constant_op.constant(4, dtypes.int64)))
    return bitwise_ops.bitwise_xor(
        hashed, numbers + constant_op.constant(_GOLDEN, dtypes.int64) + shifted)


def _below(hashed, number):
    """The remainder of what is taken for a number without a sign."""
    return math_ops.cast(math_ops.floormod(
        array_ops.bitcast(hashed, dtypes.uint64), constant_op.constant(number, dtypes.uint64)),
        dtypes.int64)
