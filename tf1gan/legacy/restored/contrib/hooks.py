"""`tf.contrib.hooks`."""

DROPPED = "2.0"
GIVES = "ProfilerHook"
NEEDS = ()
PATHS = ("python.training",)
REFUSED = {}


def make(given):
    return {"ProfilerHook": given.tf.train.ProfilerHook}
