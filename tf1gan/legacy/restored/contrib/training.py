"""`tf.contrib.training`: HParams, tf_slim's training and evaluation, queues of batches."""

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.numbers import counts

DROPPED = "2.0"
GIVES = """
FeedingQueueRunner GreedyLoadBalancingStrategy HParams RandomStrategy StopAfterNEvalsHook
SummaryAtEndHook add_gradients_summaries bucket bucket_by_sequence_length byte_size_load_fn
checkpoints_iterator clip_gradient_norms clip_gradient_norms_fn create_train_op evaluate_once
evaluate_repeatedly get_or_create_eval_step multiply_gradients parse_values rejection_sample
resample_at_rate stratified_sample train wait_for_new_checkpoint weighted_resample
"""
NEEDS = ("tf_slim",)
PATHS = ("python.training", "python.training.hparam", "python.training.training",
         "python.training.evaluation", "python.training.device_setter",
         "python.training.bucket_ops", "python.training.sampling_ops", "python.training.resample")
_STATES = "tf.data cuts sequences into pieces, and a variable keeps the state from one to the next"
REFUSED = dict.fromkeys(("NextQueuedSequenceBatch", "SequenceQueueingStateSaver",
                         "batch_sequences_with_states"), _STATES)


def make(given):
    import importlib

    from tf1gan.legacy.restored.contrib import _buckets, _sampling, _training
    names = {}
    for module in ("training.training", "training.evaluation"):
        module = slim_repairs.module(module)
        names.update({name: getattr(module, name) for name in GIVES.split()
                      if hasattr(module, name)})
    for module in (_training, _buckets, _sampling):
        names.update({name: getattr(module, name) for name in GIVES.split()
                      if hasattr(module, name)})
    for name in ("resample_at_rate", "weighted_resample"):
        names[name] = counts.counting(given.seeds, names[name], None,
                                      "tf.contrib.training." + name)
    names["FeedingQueueRunner"] = importlib.import_module(
        "tensorflow.python.training.queue_runner").QueueRunner
    return names
