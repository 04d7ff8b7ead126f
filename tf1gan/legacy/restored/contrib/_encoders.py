"""Encoders of sequences of whole numbers: their embeddings, and the mean of these."""

from tensorflow.python.framework import ops, sparse_tensor
from tensorflow.python.ops import array_ops, embedding_ops, math_ops, sparse_ops, variable_scope

from tf1gan.legacy.api import slim_repairs


def _embeddings(shape, initializer, regularizer, trainable):
    return slim_repairs.module("ops.variables").model_variable(
        "embeddings", shape=shape, initializer=initializer, regularizer=regularizer,
        trainable=trainable)


def embed_sequence(ids, vocab_size=None, embed_dim=None, unique=False, initializer=None,
                   regularizer=None, trainable=True, scope=None, reuse=None):
    """Symbols [batch, time] embedded, [batch, time, embed_dim]."""
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(f"vocab_size is {vocab_size} and embed_dim {embed_dim}: only with reuse "
                         "may one be missing.")
    with variable_scope.variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        shape = None if embed_dim is None or (reuse and vocab_size is None) \
            else [vocab_size, embed_dim]
        embeddings = _embeddings(shape, initializer, regularizer, trainable)
        look_up = embedding_lookup_unique if unique else embedding_ops.embedding_lookup
        return look_up(embeddings, ids)


def bow_encoder(ids, vocab_size, embed_dim, sparse_lookup=True, initializer=None, regularizer=None,
                trainable=True, scope=None, reuse=None):
    """The mean of the embeddings of each row of symbols, [batch, embed_dim]."""
    if not vocab_size or not embed_dim:
        raise ValueError(f"vocab_size is {vocab_size} and embed_dim {embed_dim}: both are needed")
    with variable_scope.variable_scope(scope, "bow_encoder", [ids], reuse=reuse):
        embeddings = _embeddings([vocab_size, embed_dim], initializer, regularizer, trainable)
        is_sparse = isinstance(ids, sparse_tensor.SparseTensor)
        if sparse_lookup:
            ids = ids if is_sparse else sparse_ops.from_dense(ids)
            return embedding_ops.safe_embedding_lookup_sparse([embeddings], ids, combiner="mean",
                                                              default_id=0)
        if is_sparse:
            raise TypeError("With sparse_lookup=False the ids are a dense tensor, not sparse.")
        return math_ops.reduce_mean(embedding_ops.embedding_lookup(embeddings, ids), axis=1)


def embedding_lookup_unique(params, ids, partition_strategy="mod", name=None):
    """tf.nn.embedding_lookup that looks each symbol up once."""
    with ops.name_scope(name, "EmbeddingLookupUnique", [params, ids]):
        ids = ops.convert_to_tensor(ids)
        sizes = array_ops.shape(ids)
        flat = array_ops.reshape(ids, math_ops.reduce_prod(sizes, keepdims=True))
        unique, places = array_ops.unique(flat)
        found = array_ops.gather(embedding_ops.embedding_lookup(
            params, unique, partition_strategy=partition_strategy), places)
        made = array_ops.reshape(found, array_ops.concat(
            [sizes, array_ops.shape(found)[1:]], 0))
        made.set_shape(ids.shape.concatenate(found.shape[1:]))
        return made
