"""`tf.contrib.stateless`, which is `tf.random.stateless_...`."""

DROPPED = "2.0"
GIVES = """
stateless_multinomial stateless_random_normal stateless_random_uniform stateless_truncated_normal
"""
NEEDS = ()
PATHS = ()
REFUSED = {}


def make(given):
    return {name: getattr(given.tf.random, name.replace("_random", "")) for name in GIVES.split()}
