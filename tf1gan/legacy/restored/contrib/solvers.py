"""`tf.contrib.solvers`: conjugate gradients, and Lanczos's bidiagonal matrix, of an operator.

How many operations 1.15.5 made is not counted: seeds after a call are said to be unknown.
"""

from tf1gan.legacy import restored
from tf1gan.legacy.numbers import counts

DROPPED = "2.0"
_MODULES = dict(
    lanczos="bidiag_matmul lanczos_bidiag", least_squares="cgls",
    linear_equations="conjugate_gradient",
    util="create_operator dot identity_operator l2norm l2norm_squared l2normalize")
GIVES = "lanczos least_squares linear_equations python util"
NEEDS = ()
PATHS = ("python.ops",)
REFUSED = {}


def make(given):
    from tf1gan.legacy.restored.contrib import _solvers
    made = {}
    for module, names in _MODULES.items():
        made[module] = restored.Part(f"tensorflow.contrib.solvers.{module}", {
            name: getattr(_solvers, name) if module == "util" else counts.counting(
                given.seeds, getattr(_solvers, name), None,
                f"tf.contrib.solvers.{module}.{name}") for name in names.split()}, {})
    return made
