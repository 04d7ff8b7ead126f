"""SciPy as it was beside TensorFlow 1.15 (1.1): names that have moved, or gone, since.

They need SciPy where it has them today; what was NumPy's all along needs none.
"""

import importlib

import numpy as np

from tf1gan.legacy.names import Later, Restored
from tf1gan.legacy.packages import scipy_misc

# Part -> old names, and where they stand today in SciPy.
MOVED = {
    "misc": "comb=special.comb factorial=special.factorial factorial2=special.factorial2 "  # 1.3
            "factorialk=special.factorialk logsumexp=special.logsumexp pade=interpolate.pade",
    "signal": " ".join(f"{name}=signal.windows.{name}" for name in (                    # 1.13
        "barthann bartlett blackman blackmanharris bohman boxcar chebwin cosine "
        "exponential flattop gaussian general_gaussian hamming hann kaiser nuttall parzen triang "
        "tukey").split())
        + " hanning=signal.windows.hann",
    "integrate": "trapz=integrate.trapezoid cumtrapz=integrate.cumulative_trapezoid",   # 1.14
    "linalg": "pinv2=linalg.pinv",                                                      # 1.9
    "stats": "gilbrat=stats.gibrat",                                                    # 1.11
}
# Functions of NumPy's that SciPy had, too; by 1.13.
_OF_NUMPY = dict(linalg="tri tril triu kron")
# At the top these took negative numbers; by 1.12.
_COMPLEX = "arccos arcsin arctanh log log10 log2 logn power sqrt"


def make(numpy):
    """`scipy`, of today's where it is installed.

    Args:
      numpy: NumPy as the script sees it, whose names stood at SciPy's top.
    """
    def of_scipy(dotted):
        module, _, name = dotted.rpartition(".")
        return Later(lambda: getattr(importlib.import_module(f"scipy.{module}"), name))

    def part(name, more=()):
        names = {old: of_scipy(new) for old, _, new in (
            row.partition("=") for row in MOVED.get(name, "").split())}
        names.update((old, getattr(np, old)) for old in _OF_NUMPY.get(name, "").split())
        return Restored(f"scipy.{name}", lambda: importlib.import_module(f"scipy.{name}"),
                        dict(names, **dict(more)))
    misc = scipy_misc.make()
    misc._restored.update(part("misc")._restored)
    linear = part("sparse.linalg")
    linear._restored["eigen"] = Restored("scipy.sparse.linalg.eigen", linear, dict(      # 1.8
        arpack=Restored("scipy.sparse.linalg.eigen.arpack", linear)))
    parts = dict(
        misc=misc, ndimage=part("ndimage", dict(imread=scipy_misc.imread)),             # 1.2
        signal=part("signal"), stats=part("stats"), linalg=part("linalg"),
        integrate=part("integrate", dict(simps=_simps)),
        sparse=Restored("scipy.sparse", lambda: importlib.import_module("scipy.sparse"),
                        dict(linalg=linear)))
    at_the_top = {name: Later(lambda name=name: getattr(numpy, name)) for name in dir(numpy)
                  if not name.startswith("_") and name not in ("fft", "linalg", "test", "version")}
    at_the_top.update((name, getattr(np.emath, name)) for name in _COMPLEX.split())
    at_the_top.update(rand=np.random.rand, randn=np.random.randn, ifft=np.fft.ifft)
    return Restored("scipy", lambda: importlib.import_module("scipy"), dict(at_the_top, **parts))


def _simps(y, x=None, dx=1, axis=-1, even="avg"):                                       # 1.14
    return importlib.import_module("scipy.integrate").simpson(y, x=x, dx=dx, axis=axis)
