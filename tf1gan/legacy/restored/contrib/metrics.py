"""`tf.contrib.metrics`, which are tf_slim's; sets are `tf.sets`."""

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.numbers import counts

DROPPED = "2.0"
GIVES = None            # tf_slim's
NEEDS = ("tf_slim",)
PATHS = ("python.ops.metric_ops",)
REFUSED = {}


# Functions of tf_slim's metrics -> how many operations more contrib's made.
_MORE = dict(streaming_concat=6,        # which the dynamic ones are made of
             cohen_kappa=2,
             auc_using_histogram=10)    # it summed up by a convolution


def make(given):
    tf = given.tf
    return dict(
        vars(counted(given.seeds)), confusion_matrix=tf.confusion_matrix,
        set_difference=tf.sets.set_difference, set_intersection=tf.sets.set_intersection,
        set_size=tf.sets.set_size, set_union=tf.sets.set_union)


def counted(seeds):
    """tf_slim.metrics, whose operations are counted as contrib's."""
    module = slim_repairs.module("metrics")
    inside = [module, slim_repairs.module("metrics.metric_ops"),
              slim_repairs.module("metrics.histogram_ops")]
    for name, more in _MORE.items():
        today = getattr(module, name)
        if hasattr(today, "__wrapped__"):
            break                               # it was done before
        call = counts.counting(seeds, today, more, f"tf.contrib.metrics.{name}")
        for each in inside:
            if getattr(each, name, None) is today:
                setattr(each, name, call)
    return module
