"""`tf.contrib.seq2seq`: decoders, helpers, attention, beam search, and a loss of sequences."""

from tf1gan.legacy.restored.contrib._counted import as_operations

DROPPED = "2.0"
GIVES = """
AttentionMechanism AttentionWrapper AttentionWrapperState BahdanauAttention
BahdanauMonotonicAttention BasicDecoder BasicDecoderOutput BeamSearchDecoder
BeamSearchDecoderOutput BeamSearchDecoderState CustomHelper Decoder FinalBeamSearchDecoderOutput
GreedyEmbeddingHelper Helper InferenceHelper LuongAttention LuongMonotonicAttention
SampleEmbeddingHelper ScheduledEmbeddingTrainingHelper ScheduledOutputTrainingHelper
TrainingHelper dynamic_decode gather_tree hardmax monotonic_attention safe_cumprod sequence_loss
tile_batch
"""
# What scripts with mechanisms of their own take from 1.15.5's modules.
_OWN = """
_BaseAttentionMechanism _BaseMonotonicAttentionMechanism _bahdanau_score _compute_attention
_luong_score _maybe_mask_score _monotonic_probability_fn _prepare_memory
"""
NEEDS = ()
PATHS = tuple(f"python.ops.{name}" for name in (
    "attention_wrapper", "basic_decoder", "beam_search_decoder", "beam_search_ops", "decoder",
    "helper", "loss"))
REFUSED = {}


def make(given):
    from tf1gan.legacy.restored.contrib.seq2seq import (
        attention,
        beams,
        decoding,
        helpers,
        losses,
        mechanisms,
        monotonic,
        scheduled,
        trees,
    )
    names = {}
    for module in (attention, beams, decoding, helpers, losses, mechanisms, monotonic,
                   scheduled, trees):
        names.update({name: value for name, value in vars(module).items()
                      if name in GIVES.split() + _OWN.split()})
    # 1.15 had one operation for it.
    trees.as_one = as_operations(given.seeds, trees.walked_back)
    return names
