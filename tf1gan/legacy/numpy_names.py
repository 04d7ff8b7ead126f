"""NumPy as it was beside TensorFlow 1.15 (1.18): names, arguments and defaults dropped since."""

import builtins
import importlib

import numpy as np

from tf1gan.legacy import numpy_printing
from tf1gan.legacy.names import Later, Restored

# Name -> what it was. Dropped by NumPy 1.24:
_TYPES = dict(bool=builtins.bool, int=builtins.int, float=builtins.float,
              complex=builtins.complex, object=builtins.object, str=builtins.str,
              long=builtins.int, unicode=builtins.str)
# By 1.20 to 2.0:
_TYPES_OF_NUMPY = dict(bool8=np.bool_, float_=np.float64, complex_=np.complex128,
                       int0=np.intp, uint0=np.uintp, object0=np.object_, str0=np.str_,
                       string_=np.bytes_, unicode_=np.str_, singlecomplex=np.complex64,
                       cfloat=np.complex128, longfloat=np.longdouble, typeDict=np.sctypeDict)
# By 2.0:
_NUMBERS = dict(Inf=np.inf, Infinity=np.inf, infty=np.inf, PINF=np.inf, NINF=-np.inf,
                NaN=np.nan, NAN=np.nan, PZERO=0.0, NZERO=-0.0)


def make():
    """`numpy`. What has the old name today is today's, unless it stands in `_changed`."""
    gone = dict(_TYPES, **_TYPES_OF_NUMPY, **_NUMBERS)
    gone.update(
        asscalar=lambda a: a.item(),                                            # 1.23
        alen=lambda a: len(np.array(a, ndmin=1, copy=None)),                    # 1.23
        rank=np.ndim,                                                           # 1.18
        cast=_Cast(),                                                           # 2.0
        product=np.prod, cumproduct=np.cumprod, sometrue=np.any, alltrue=np.all,    # 2.0
        mat=np.asmatrix,                                                        # 2.0
        round_=np.round, msort=lambda a: np.sort(a, axis=0),                    # 2.0
        row_stack=np.vstack, in1d=lambda a, b, *more, **named: np.isin(         # 2.x
            np.ravel(a), b, *more, **named),
        trapz=getattr(np, "trapezoid", None) or getattr(np, "trapz", None),     # 2.x
        find_common_type=lambda arrays, scalars: np.result_type(*arrays, *scalars),
        obj2sctype=lambda rep, default=None: np.dtype(rep).type,
        asfarray=lambda a, dtype=np.float64: np.asarray(a, dtype=dtype),        # 2.0
    )
    present = {name for name in gone if hasattr_quietly(name)} - set(_TYPES)
    restored = {name: value for name, value in gone.items() if name not in present}
    restored.update(_changed(), **numpy_printing.restored())
    restored["random"] = Restored("numpy.random", np.random, dict(
        random_integers=lambda low, high=None, size=None: np.random.randint(    # 2.x
            *((1, low + 1) if high is None else (low, high + 1)), size=size)))
    restored["__version__"] = "1.18.5"
    restored["version"] = Restored("numpy.version", np.version, dict(version="1.18.5"))
    restored["core"] = Later(lambda: importlib.import_module("numpy").core)
    return Restored("numpy", np, restored)


def hasattr_quietly(name):
    """Whether NumPy of today has a name, without the warning that it will go."""
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hasattr(np, name)


class _Cast(dict):
    """`np.cast["float32"](x)`, or by any other name of the type."""

    def __missing__(self, key):
        dtype = np.dtype(getattr(key, "as_numpy_dtype", key))
        return lambda a: np.asarray(a, dtype)


def _changed():
    """Functions that have lost an argument, or do otherwise today."""

    def reshape(a, *shape, **named):                    # newshape=: 2.1 warns, 2.4 refuses
        if "newshape" in named:
            named["shape"] = named.pop("newshape")
        if "shape" in named:
            shape = (named.pop("shape"),) + shape
        return np.reshape(a, *shape, **named)

    def array(object, *arguments, **named):             # 1.24: rows of unequal length
        if named.get("copy", True) is False:            # 2.0: False meant "only if needed"
            named["copy"] = None if _SINCE_2 else False
        return _ragged(np.array, object, *arguments, **named)

    def asarray(a, *arguments, **named):
        return _ragged(np.asarray, a, *arguments, **named)

    def histogram(a, *arguments, normed=None, **named):     # 1.24
        if normed is not None:
            named["density"] = normed
        return np.histogram(a, *arguments, **named)

    def fromstring(string, dtype=float, count=-1, sep=""):      # 2.3, for bytes
        if sep == "":
            raw = string.encode("latin1") if isinstance(string, builtins.str) else string
            return np.frombuffer(raw, dtype, count).copy()
        return np.fromstring(string, dtype, count, sep=sep)

    return dict(reshape=reshape, array=array, asarray=asarray, histogram=histogram,
                fromstring=fromstring)


def _ragged(make, object, *arguments, **named):
    try:
        return make(object, *arguments, **named)
    except ValueError as error:
        if "inhomogeneous" not in builtins.str(error) or arguments or named.get("dtype"):
            raise
        return make(object, dtype=builtins.object, **named)


_SINCE_2 = int(np.__version__.split(".")[0]) >= 2
