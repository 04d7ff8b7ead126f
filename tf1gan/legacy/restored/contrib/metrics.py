"""`tf.contrib.metrics`, which are tf_slim's; sets are `tf.sets`."""

from tf1gan.legacy.api import slim_repairs

DROPPED = "2.0"
GIVES = None            # tf_slim's
NEEDS = ("tf_slim",)
PATHS = ("python.ops.metric_ops",)
REFUSED = {}


def make(given):
    tf = given.tf
    return dict(
        vars(slim_repairs.module("metrics")), confusion_matrix=tf.confusion_matrix,
        set_difference=tf.sets.set_difference, set_intersection=tf.sets.set_intersection,
        set_size=tf.sets.set_size, set_union=tf.sets.set_union)
