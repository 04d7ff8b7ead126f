"""`tf.contrib.crf`: linear chains of tags, their likelihood and their likeliest tags."""

DROPPED = "2.0"
GIVES = """
CrfDecodeBackwardRnnCell CrfDecodeForwardRnnCell CrfForwardRnnCell crf_binary_score crf_decode
crf_log_likelihood crf_log_norm crf_multitag_sequence_score crf_sequence_score crf_unary_score
viterbi_decode
"""
NEEDS = ()
PATHS = ("python.ops.crf",)
REFUSED = {}


def make(given):
    from tf1gan.legacy.restored.contrib import _crf
    return {name: getattr(_crf, name) for name in GIVES.split()}
