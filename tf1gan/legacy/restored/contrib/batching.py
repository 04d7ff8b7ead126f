"""`tf.contrib.batching`."""

DROPPED = "2.0"
GIVES = "batch_function"
NEEDS = ()
PATHS = ("python.ops.batch_ops",)
REFUSED = {}


def make(given):
    return {"batch_function": given.tf.nondifferentiable_batch_function}
