"""Losses of lists of steps, and models of several lengths."""

from tensorflow.python.framework import ops
from tensorflow.python.ops import array_ops, math_ops, nn_ops, variable_scope


def sequence_loss_by_example(logits, targets, weights, average_across_timesteps=True,
                             softmax_loss_function=None, name=None):
    """The weighted cross-entropy of each sequence, [batch].

    Args:
      logits: a list of [batch, classes].
      targets, weights: lists of [batch].
    """
    if not len(logits) == len(targets) == len(weights):
        raise ValueError(f"There are {len(logits)} logits, {len(targets)} targets and "
                         f"{len(weights)} weights: each step has one of each.")
    step_loss = softmax_loss_function or _cross_entropy
    with ops.name_scope(name, "sequence_loss_by_example", logits + targets + weights):
        total = math_ops.add_n([step_loss(labels=target, logits=logit) * weight
                                for logit, target, weight in zip(logits, targets, weights)])
        # The least number keeps a sequence whose weights are all 0 from being 0 / 0.
        return total / (math_ops.add_n(weights) + 1e-12) if average_across_timesteps else total


def _cross_entropy(labels, logits):
    return nn_ops.sparse_softmax_cross_entropy_with_logits(
        labels=array_ops.reshape(labels, [-1]), logits=logits)


def sequence_loss(logits, targets, weights, average_across_timesteps=True,
                  average_across_batch=True, softmax_loss_function=None, name=None):
    """The same of the batch, a number."""
    with ops.name_scope(name, "sequence_loss", logits + targets + weights):
        total = math_ops.reduce_sum(sequence_loss_by_example(
            logits, targets, weights, average_across_timesteps, softmax_loss_function))
        if not average_across_batch:
            return total
        return total / math_ops.cast(array_ops.shape(targets[0])[0], total.dtype)


def model_with_buckets(encoder_inputs, decoder_inputs, targets, weights, buckets, seq2seq,
                       softmax_loss_function=None, per_example_loss=False, name=None):
    """A model for each pair of lengths, which share their weights.

    Returns:
      (outputs of each, losses of each).
    """
    for what, given, place in (("encoder_inputs", encoder_inputs, 0), ("targets", targets, 1),
                               ("weights", weights, 1)):
        if len(given) < buckets[-1][place]:
            raise ValueError(f"The last bucket wants {buckets[-1][place]} of {what}, and there "
                             f"are {len(given)}.")
    all_outputs, losses = [], []
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    with ops.name_scope(name, "model_with_buckets",
                        encoder_inputs + decoder_inputs + targets + weights):
        for place, (before, after) in enumerate(buckets):
            with variable_scope.variable_scope(variable_scope.get_variable_scope(),
                                               reuse=True if place else None):
                outputs, _ = seq2seq(encoder_inputs[:before], decoder_inputs[:after])
                all_outputs.append(outputs)
                losses.append(loss(outputs, targets[:after], weights[:after],
                                   softmax_loss_function=softmax_loss_function))
    return all_outputs, losses
