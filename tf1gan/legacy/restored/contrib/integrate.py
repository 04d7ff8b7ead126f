"""`tf.contrib.integrate`: ordinary differential equations, solved in the graph.

How many operations 1.15.5 made is not counted: seeds after a call are said to be unknown.
"""

from tf1gan.legacy.numbers import counts

DROPPED = "2.0"
GIVES = "odeint odeint_fixed"
NEEDS = ()
PATHS = ("python.ops.odes", "python.ops")
REFUSED = {}


def make(given):
    from tf1gan.legacy.restored.contrib import _odes
    return {name: counts.counting(given.seeds, getattr(_odes, name), None,
                                  "tf.contrib.integrate." + name) for name in GIVES.split()}
