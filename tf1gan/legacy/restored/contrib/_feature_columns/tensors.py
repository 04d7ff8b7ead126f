"""Features as a column wants them: sparse, of a rank, or looked up among what was transformed."""

from tensorflow.python.framework import dtypes, ops, sparse_tensor
from tensorflow.python.ops import array_ops, math_ops
from tensorflow.python.platform import tf_logging as logging

from tf1gan.legacy.api import slim_repairs


def inner_flatten(tensor, rank):
    """The last axes of a dense or sparse tensor made one, so that `rank` remain."""
    return slim_repairs.module("layers.layers")._inner_flatten(tensor, rank)


def of_rank(tensor, rank, column=None):
    """A dense tensor of the rank that a layer wants: flattened, or with an axis more.

    Raises:
      ValueError: two axes or more are missing.
    """
    found = tensor.shape.rank
    if found is not None and rank > found + 1:
        of_column = "" if column is None else f" of the column {column}"
        raise ValueError(f"The tensor{of_column} has rank {found}, where {rank} is needed: usually "
                         "3 for sequences, 2 for others.")
    if found is not None and rank == found + 1:
        logging.warning("A tensor has rank %d, not %d: an axis is added. Better give it that "
                        "shape.", found, rank)
        return array_ops.expand_dims(tensor, -1, name="expand_dims")
    return tensor if found == rank else inner_flatten(tensor, rank)


def sparse_of_dense(tensor, ignore_value=None):
    """A sparse tensor of what is not `ignore_value`: the type's zero, if that is left out."""
    with ops.name_scope("DenseToSparseTensor"):
        tensor = ops.convert_to_tensor(tensor)
        if ignore_value is None:
            is_text = tensor.dtype == dtypes.string
            ignore_value = "" if is_text else tensor.dtype.as_numpy_dtype()
        ignored = math_ops.cast(ignore_value, tensor.dtype, name="ignore_value")
        indices = array_ops.where(math_ops.not_equal(tensor, ignored), name="indices")
        return sparse_tensor.SparseTensor(
            indices=indices, values=array_ops.gather_nd(tensor, indices, name="values"),
            dense_shape=array_ops.shape(tensor, out_type=dtypes.int64, name="dense_shape"))


class Transformed:
    """Features and what columns made of them, in one dictionary that grows."""

    def __init__(self, tensors):
        self._tensors = tensors

    def get(self, key):
        """The tensor of a feature's name, or of a column, which is transformed if need be."""
        if key not in self._tensors:
            if isinstance(key, str):
                raise ValueError(f"There is no feature {key}.")
            if not hasattr(key, "insert_transformed_feature"):
                raise TypeError(f"A feature's name or a column is wanted, not {key}.")
            key.insert_transformed_feature(self._tensors)
        return self._tensors[key]
