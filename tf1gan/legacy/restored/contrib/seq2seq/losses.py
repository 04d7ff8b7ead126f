"""The loss of a batch of sequences."""

from tensorflow.python.framework import ops
from tensorflow.python.ops import array_ops, math_ops, nn_ops


def sequence_loss(logits, targets, weights, average_across_timesteps=True,
                  average_across_batch=True, sum_over_timesteps=False, sum_over_batch=False,
                  softmax_loss_function=None, name=None):
    """The weighted cross-entropy of sequences.

    Args:
      logits: [batch, time, classes].
      targets, weights: [batch, time].
      softmax_loss_function: (labels, logits) -> loss of each.

    Returns:
      A number, [time], [batch] or [batch, time], by what is averaged or summed.

    Raises:
      ValueError: of a rank, or of two flags that exclude each other.
    """
    for what, value, rank in (("Logits", logits, 3), ("Targets", targets, 2),
                              ("Weights", weights, 2)):
        if len(value.shape) != rank:
            raise ValueError(f"{what} must have {rank} axes, not the shape {value.shape}")
    for what, average, summed in (("timesteps", average_across_timesteps, sum_over_timesteps),
                                  ("batch", average_across_batch, sum_over_batch)):
        if average and summed:
            raise ValueError(f"average_across_{what} and sum_over_{what} exclude each other.")
    with ops.name_scope(name, "sequence_loss", [logits, targets, weights]):
        rows = array_ops.reshape(logits, [-1, array_ops.shape(logits)[2]])
        loss = (softmax_loss_function or nn_ops.sparse_softmax_cross_entropy_with_logits)(
            labels=array_ops.reshape(targets, [-1]), logits=rows)
        loss *= array_ops.reshape(weights, [-1])
        averages = average_across_timesteps, average_across_batch
        sums = sum_over_timesteps, sum_over_batch
        if all(averages) or all(sums):
            axis = None
        else:
            loss = array_ops.reshape(loss, array_ops.shape(logits)[0:2])
            if not any(averages + sums):
                return loss
            over_batch = average_across_batch if any(averages) else sum_over_batch
            axis = [0] if over_batch else [1]
        by_weight = any(averages) and not all(sums)
        loss = math_ops.reduce_sum(loss, axis=axis)
        if by_weight:
            total = math_ops.reduce_sum(weights, axis=axis)
        else:
            total = math_ops.cast(math_ops.count_nonzero(weights, axis=axis), loss.dtype)
        return math_ops.div_no_nan(loss, total)
