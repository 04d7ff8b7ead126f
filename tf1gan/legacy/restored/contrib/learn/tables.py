"""Tables of pandas and dask as arrays."""

import sys

_NUMBERS = {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16",
            "float32", "float64", "bool"}


def extract_pandas_data(data):
    """The numbers of a DataFrame, as float64; what is none comes back as it is."""
    if not _is_frame(data):
        return data
    _check(data, "data")
    return data.values.astype("float")


def extract_pandas_matrix(data):
    """The values of a DataFrame; what is none comes back as it is."""
    return data.values if _is_frame(data) else data


def extract_pandas_labels(labels):
    """The numbers of a DataFrame of one column; what is none comes back as it is."""
    if not _is_frame(labels):
        return labels
    if len(labels.columns) > 1:
        raise ValueError(f"Labels are one column, not {list(labels.columns)}.")
    _check(labels, "labels")
    return labels.values


def extract_dask_data(data):
    """What is no table of dask, as it is."""
    return _without_dask(data)


def extract_dask_labels(labels):
    """What is no table of dask, as it is."""
    return _without_dask(labels)


def _is_frame(data):
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(data, pandas.DataFrame)


def _without_dask(data):
    if type(data).__module__.split(".")[0].startswith("dask"):
        raise TypeError("Tables of dask are not taken: compute() gives one of pandas.")
    return data


def _check(frame, what):
    other = [f"{column} ({frame[column].dtype.name})" for column in frame
             if frame[column].dtype.name not in _NUMBERS]
    if other:
        raise ValueError(f"Only numbers are taken as {what}, not the columns {', '.join(other)}.")
