"""NumPy as it was beside TensorFlow 1.15 (1.18): names, arguments and defaults dropped since."""

import ast
import builtins
import importlib
import math
import pickle
import sys
import warnings

import numpy as np

from tf1gan.legacy.names import Later, Restored
from tf1gan.legacy.packages import numpy_printing

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

# What `from numpy import *` takes today, and left to Python or to the script then.
_NOT_OF_A_STAR = frozenset("""
    abs acos acosh asin asinh astype atan atan2 atanh bitwise_count bitwise_invert
    bitwise_left_shift bitwise_right_shift bool broadcast_shapes concat core cumulative_prod
    cumulative_sum dtypes exceptions f2py from_dlpack isdtype lib long matrix_transpose matvec max
    min permute_dims polynomial pow round show_runtime strings test testing trapezoid typing ulong
    unique_all unique_counts unique_inverse unique_values unstack vecdot vecmat""".split())
_NOT_OF_A_STAR_THEN = ("rank", "sys", "warnings")

# Names of lib that stand at the top, too. By 2.0:
_LIB = (
    "angle append apply_along_axis apply_over_axes array_split asarray_chkfinite asfarray asscalar "
    "average bartlett bincount blackman broadcast_arrays broadcast_to c_ column_stack common_type "
    "copy corrcoef cov delete diag diag_indices diag_indices_from diagflat diff digitize dsplit "
    "dstack ediff1d emath expand_dims extract eye fill_diagonal fix flip fliplr flipud fromregex "
    "genfromtxt get_include gradient hamming hanning histogram histogram2d histogram_bin_edges "
    "histogramdd hsplit i0 imag in1d index_exp info insert interp intersect1d iscomplex "
    "iscomplexobj isin isneginf isposinf isreal isrealobj issubclass_ issubdtype issubsctype "
    "iterable ix_ kaiser kron load loads loadtxt mask_indices median meshgrid mgrid mintypecode "
    "msort nan_to_num nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin "
    "nanpercentile nanprod nanquantile nanstd nansum nanvar ndenumerate ndindex ogrid packbits pad "
    "percentile piecewise place poly poly1d polyadd polyder polydiv polyfit polyint polymul "
    "polynomial polysub polyval put_along_axis quantile r_ ravel_multi_index real real_if_close "
    "recfromcsv recfromtxt roots rot90 row_stack s_ save savetxt savez savez_compressed select "
    "setdiff1d setxor1d sinc sort_complex split take_along_axis tile trapz tri tril tril_indices "
    "tril_indices_from trim_zeros triu triu_indices triu_indices_from typename union1d unique "
    "unpackbits unravel_index unwrap vander vectorize vsplit")
_MODULES_OF_LIB = ("arraypad arraysetops function_base histograms index_tricks nanfunctions npyio "
                   "polynomial shape_base twodim_base type_check ufunclike utils")


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
        issubclass_=_is_subclass, issctype=_is_type,                            # 2.0
        issubsctype=lambda a, b: np.issubdtype(a, b),                           # 2.0
        sctype2char=lambda sctype: np.dtype(sctype).char,                       # 2.0
        maximum_sctype=lambda t: _SCTYPES_BY_KIND.get(np.dtype(t).kind, np.dtype(t).type),  # 2.0
        sctypes=_SCTYPES, nbytes=_Sizes(), longcomplex=np.clongdouble,          # 2.0
        clongfloat=np.clongdouble, bytes0=np.bytes_, void0=np.void,             # 2.0
        disp=_display, safe_eval=ast.literal_eval, loads=pickle.loads,          # 2.0, 1.25
        fastCopyAndTranspose=lambda a: np.array(np.asarray(a).T, copy=True),    # 1.25
        compare_chararrays=np.char.compare_chararrays,                          # 2.0
        format_parser=getattr(np, "rec", None) and np.rec.format_parser,        # 2.0
        recfromcsv=lambda file, **named: np.genfromtxt(                         # 2.0
            file, **dict(dict(delimiter=",", names=True, case_sensitive="lower", dtype=None),
                         **named)).view(np.recarray),
        recfromtxt=lambda file, **named: np.genfromtxt(                         # 2.0
            file, **dict(dict(dtype=None), **named)).view(np.recarray),
        byte_bounds=_of("lib.array_utils", "byte_bounds"),                      # 2.0
        AxisError=_of("exceptions", "AxisError"),                               # 2.0
        ComplexWarning=_of("exceptions", "ComplexWarning"),                     # 2.0
        TooHardError=_of("exceptions", "TooHardError"),                         # 2.0
        RankWarning=_of("exceptions", "RankWarning"),                           # 2.0
        VisibleDeprecationWarning=_of("exceptions", "VisibleDeprecationWarning"),   # 2.0
        ModuleDeprecationWarning=_of("exceptions", "ModuleDeprecationWarning"),     # 2.0
        DataSource=_of("lib.npyio", "DataSource"),                              # 2.0
        math=math, sys=sys, warnings=warnings,                                  # 1.25: its own
    )
    present = {name for name in gone if hasattr_quietly(name)} - set(_TYPES)
    restored = {name: value for name, value in gone.items() if name not in present}
    restored.update(_changed(), **numpy_printing.restored())
    restored["random"] = Restored("numpy.random", np.random, dict(
        random_integers=lambda low, high=None, size=None: np.random.randint(    # 2.x
            *((1, low + 1) if high is None else (low, high + 1)), size=size)))
    restored["__all__"] = sorted(
        (set(np.__all__) - _NOT_OF_A_STAR)
        | (set(gone) - present).difference(_TYPES, _NOT_OF_A_STAR_THEN))
    restored["__version__"] = "1.18.5"
    restored["version"] = Restored("numpy.version", np.version, dict(version="1.18.5"))
    module = Restored("numpy", np, restored)
    # Its parts had the names, too, and lib many that stand at the top.
    again = {name: Later(lambda name=name: getattr(module, name)) for name in gone}
    module._restored.update(
        core=Restored("numpy.core", lambda: importlib.import_module("numpy._core" if _SINCE_2
                                                                    else "numpy.core"), again),
        lib=Restored("numpy.lib", np.lib, dict(
            {name: Later(lambda name=name: getattr(module, name)) for name in _LIB.split()},
            **{old: Restored(f"numpy.lib.{old}", lambda old=old: importlib.import_module(
                f"numpy.lib._{old}_impl" if _SINCE_2 else f"numpy.lib.{old}"), again)
               for old in _MODULES_OF_LIB.split()})))
    return module


def hasattr_quietly(name):
    """Whether NumPy of today has a name, without the warning that it will go."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hasattr(np, name)


def _of(module, name):
    """What has moved into one of NumPy's modules; None where NumPy has it at the top."""
    return None if hasattr_quietly(name) else Later(
        lambda: getattr(importlib.import_module(f"numpy.{module}"), name))


_SCTYPES = {"int": [np.int8, np.int16, np.int32, np.int64],
            "uint": [np.uint8, np.uint16, np.uint32, np.uint64],
            "float": [np.float16, np.float32, np.float64, np.longdouble],
            "complex": [np.complex64, np.complex128, np.clongdouble],
            "others": [builtins.bool, builtins.object, np.bytes_, np.str_, np.void]}
_SCTYPES_BY_KIND = {"i": np.int64, "u": np.uint64, "f": np.longdouble, "c": np.clongdouble}


class _Sizes(dict):
    """`np.nbytes[np.float32]`: an element's bytes."""

    def __missing__(self, key):
        return np.dtype(key).itemsize


def _is_subclass(arg1, arg2):
    return isinstance(arg1, type) and issubclass(arg1, arg2)


def _is_type(rep):
    return isinstance(rep, (type, np.dtype)) and np.dtype(rep).type is not np.object_


def _display(mesg, device=None, linefeed=True):
    (device or sys.stdout).write(f"{mesg}" + "\n" * bool(linefeed))


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
