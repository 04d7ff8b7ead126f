"""`tf.contrib.staging`: tensors that wait for the next run."""

DROPPED = "2.0"
GIVES = "StagingArea"
NEEDS = ()
PATHS = ()
REFUSED = {}


def make(given):
    from tensorflow.python.ops import data_flow_ops
    return {"StagingArea": data_flow_ops.StagingArea}
