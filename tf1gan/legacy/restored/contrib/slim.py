"""`tf.contrib.slim`, which is tf_slim."""

from tf1gan.legacy.api import slim_repairs
from tf1gan.legacy.names import Later
from tf1gan.legacy.restored.contrib import metrics
from tf1gan.legacy.restored.contrib.layers import counted_scale, encoders

DROPPED = "2.0"
GIVES = None            # tf_slim's
NEEDS = ("tf_slim",)
PATHS = ("python.slim",)
REFUSED = {}


def make(given):
    today = slim_repairs.module()
    return dict(vars(today), **encoders(given.tf), scale_gradient=counted_scale(given.seeds, today),
                metrics=metrics.counted(given.seeds),
                nets=Later(lambda: slim_repairs.module("nets")))
