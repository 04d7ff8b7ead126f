"""`tf.contrib.training`: HParams, and tf_slim's training and evaluation."""

from tf1gan.legacy.api import slim_repairs

DROPPED = "2.0"
GIVES = """
FeedingQueueRunner GreedyLoadBalancingStrategy HParams RandomStrategy StopAfterNEvalsHook
SummaryAtEndHook add_gradients_summaries byte_size_load_fn checkpoints_iterator
clip_gradient_norms clip_gradient_norms_fn create_train_op evaluate_once evaluate_repeatedly
get_or_create_eval_step multiply_gradients parse_values train wait_for_new_checkpoint
"""
NEEDS = ("tf_slim",)
PATHS = ("python.training", "python.training.hparam", "python.training.training",
         "python.training.evaluation", "python.training.device_setter")
_BATCHES = "tf.data batches by length: tf.data.experimental.bucket_by_sequence_length"
_SAMPLES = "tf.data.experimental.rejection_resample does it for a data set"
REFUSED = dict(
    dict.fromkeys(("NextQueuedSequenceBatch", "SequenceQueueingStateSaver",
                   "batch_sequences_with_states", "bucket", "bucket_by_sequence_length"),
                  _BATCHES),
    **dict.fromkeys(("rejection_sample", "resample_at_rate", "stratified_sample",
                     "weighted_resample"), _SAMPLES))


def make(given):
    import importlib

    from tf1gan.legacy.restored.contrib import _training
    names = {}
    for module in ("training.training", "training.evaluation"):
        module = slim_repairs.module(module)
        names.update({name: getattr(module, name) for name in GIVES.split()
                      if hasattr(module, name)})
    names.update({name: getattr(_training, name) for name in GIVES.split()
                  if hasattr(_training, name)})
    names["FeedingQueueRunner"] = importlib.import_module(
        "tensorflow.python.training.queue_runner").QueueRunner
    return names
