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
        scheduled,
        trees,
    )
    names = {}
    for module in (attention, beams, decoding, helpers, losses, mechanisms,
                   scheduled, trees):
        names.update({name: value for name, value in vars(module).items() if name in GIVES.split()})
    # 1.15 had one operation for it.
    trees.as_one = as_operations(given.seeds, trees.as_one)
    return names
