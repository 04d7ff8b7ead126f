"""`tf.contrib.losses`, which are tf_slim's, with the losses of metric learning."""

from tf1gan.legacy.api import slim_repairs

DROPPED = "2.0"
GIVES = """
absolute_difference add_loss compute_weighted_loss cosine_distance get_losses
get_regularization_losses get_total_loss hinge_loss log_loss mean_pairwise_squared_error
mean_squared_error metric_learning sigmoid_cross_entropy softmax_cross_entropy
sparse_softmax_cross_entropy
"""
NEEDS = ("tf_slim",)
PATHS = ("python.losses", "python.losses.loss_ops")
REFUSED = {}


def make(given):
    today = slim_repairs.module("losses")
    learning = slim_repairs.module("losses.metric_learning")
    return dict({name: getattr(today, name) for name in GIVES.split() if hasattr(today, name)},
                metric_learning=learning)
