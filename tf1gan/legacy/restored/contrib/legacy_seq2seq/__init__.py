"""`tf.contrib.legacy_seq2seq`: sequences to sequences, unrolled step by step in the graph."""

DROPPED = "2.0"
GIVES = """
attention_decoder basic_rnn_seq2seq embedding_attention_decoder embedding_attention_seq2seq
embedding_rnn_decoder embedding_rnn_seq2seq embedding_tied_rnn_seq2seq model_with_buckets
one2many_rnn_seq2seq rnn_decoder sequence_loss sequence_loss_by_example tied_rnn_seq2seq
"""
NEEDS = ()
PATHS = ("python.ops.seq2seq",)
REFUSED = {}


def make(given):
    from tf1gan.legacy.restored.contrib.legacy_seq2seq import decoders, losses, models
    return {name: value for module in (decoders, losses, models)
            for name, value in vars(module).items() if name in GIVES.split()}
