"""What is known of features and labels once they were seen, and whether others are the same."""

import collections

from tensorflow.python.framework import sparse_tensor
from tensorflow.python.ops import array_ops

Signature = collections.namedtuple("TensorSignature", "dtype shape is_sparse")


def of(tensors):
    """The signature of a tensor, or of each in a dictionary; None of None."""
    if isinstance(tensors, dict):
        return {name: of(tensor) for name, tensor in tensors.items()}
    if tensors is None:
        return None
    is_sparse = isinstance(tensors, sparse_tensor.SparseTensor)
    return Signature(tensors.dtype, None if is_sparse else tensors.shape, is_sparse)


def agree(tensors, signatures):
    """Whether tensors are of these types and shapes, the size of the batch aside."""
    if tensors is None or signatures is None:
        return tensors is signatures
    if isinstance(tensors, dict) or isinstance(signatures, dict):
        return isinstance(tensors, dict) and isinstance(signatures, dict) and all(
            name in tensors and agree(tensors[name], signature)
            for name, signature in signatures.items())
    found = of(tensors)
    if found.is_sparse != signatures.is_sparse or not found.dtype.is_compatible_with(
            signatures.dtype):
        return False
    return found.is_sparse or _same(found.shape, signatures.shape)


def _same(one, other):
    if one.rank is None or other.rank is None:
        return True
    return one.rank == other.rank and one[1:].is_compatible_with(other[1:])


def placeholders(signatures):
    """A placeholder for each."""
    if isinstance(signatures, dict):
        return {name: placeholders(signature) for name, signature in signatures.items()}
    if signatures is None:
        return None
    if signatures.is_sparse:
        return array_ops.sparse_placeholder(dtype=signatures.dtype)
    return array_ops.placeholder(dtype=signatures.dtype, shape=[None] + list(signatures.shape[1:]))
