"""`Session.run` with less of Python in each run.

What is fetched and what is fed are looked at and checked anew in each run, which takes longer than
what a small graph computes. Here this is done once for each set of fetches, and for each tensor
that is fed. Whatever is unusual, or wrong, goes through TensorFlow's own code, as before.
"""

import collections
from typing import Any, NamedTuple, Optional

import numpy as np
from tensorflow.python.client import session
from tensorflow.python.framework import error_interpolation, ops, tensor
from tensorflow.python.ops import ref_variable, resource_variable_ops

from tf1gan.legacy.names import Instead

_ELEMENTS = (tensor.Tensor, ops.Operation)
_VARIABLES = (ref_variable.RefVariable, resource_variable_ops.ResourceVariable)
_KINDS = (list, tuple)
_NAMED = (dict, collections.OrderedDict)
_MOST = 1000        # sets of fetches that are remembered for a graph


class _Another(Exception):
    """A fetch of a kind that is TensorFlow's to handle."""


class _Plan(NamedTuple):
    """A set of fetches."""
    shape: Any          # how results are put together: see _filled
    outputs: list       # of the graph in C, to be fetched
    targets: list       # and to be run
    operations: list    # the same in Python
    fetched: frozenset  # ids of the tensors
    kept: list          # whatever the plan is found by the id of
    unfetchable: int    # operations, when it was made


class _Feed(NamedTuple):
    """A tensor that is fed."""
    tensor: Any
    output: Any         # of the graph in C
    dtype: np.dtype
    shape: Any          # as TensorFlow has it
    sizes: Optional[tuple]      # of that shape; None where its rank is not known


def restore(before=None):
    """Stands in for TensorFlow's own way of running.

    Args:
      before: called with a graph and the operations that are to be run; may raise.
    """
    base = session.BaseSession
    today = base._run
    session.error_interpolation = Instead(
        error_interpolation, interpolate_graph=_its_own_words_first)

    def _run(this, handle, fetches, feed_dict, options, run_metadata):
        if handle is None and not this._closed:
            graph, known = this._graph, this.__dict__.setdefault("_known_runs", ({}, {}))
            plan = _plan_of(graph, fetches, known[0])
            feeds = plan and (_fed(graph, plan, feed_dict, known[1]) if feed_dict else {})
            if feeds is not None:
                if before is not None:
                    before(graph, plan.operations)
                return _filled(plan.shape, this._do_call(
                    _perform, this, options, feeds, plan, run_metadata))
        return today(this, handle, fetches, feed_dict, options, run_metadata)
    base._run = _run


def _its_own_words_first(message, graph):
    """An error's message begins with what is wrong, as on 1.15; where comes after it."""
    said = error_interpolation.interpolate_graph(message, graph)
    wrong = error_interpolation.parse_message(message)[0].strip()
    header = "Graph execution error:"
    if not (said.startswith(header) and said.endswith(wrong)):
        return said
    return f"{wrong}\n\n{said[len(header):len(said) - len(wrong)].strip()}".rstrip()


def _perform(this, options, feeds, plan, metadata):
    # What has been added to the graph is to be known in C; nothing has where its version is the
    # one that it had before.
    version = this._graph.version
    if this.__dict__.get("_version_in_c") != version:
        this._extend_graph()
        this._version_in_c = version
    return this._call_tf_sessionrun(options, feeds, plan.outputs, plan.targets, metadata)


# -- Fetches ---------------------------------------------------------------------------------

def _plan_of(graph, fetches, known):
    """The _Plan of what is fetched; None where TensorFlow is to see to it."""
    try:
        key = _key(fetches)
    except _Another:
        return None
    plan = known.get(key)
    if plan is None or plan.unfetchable != len(graph._unfetchable_ops):
        plan = _planned(graph, fetches)
        if plan is not None:
            if len(known) >= _MOST:
                known.clear()
            known[key] = plan
    return plan


def _key(fetches):
    """What a set of fetches is found by: its form, and names or ids in it."""
    kind = type(fetches)
    if kind in _KINDS:
        return (kind, *map(_key, fetches))
    if kind in _NAMED:
        return kind, tuple(fetches), tuple(map(_key, fetches.values()))
    return fetches if kind is str else id(_element(fetches))


def _element(fetch):
    """The tensor or operation that a leaf is or, of a variable, stands for."""
    if isinstance(fetch, _ELEMENTS):
        return fetch
    if isinstance(fetch, _VARIABLES):
        return fetch._as_graph_element()
    raise _Another


def _planned(graph, fetches):
    try:
        handler = session._FetchHandler(graph, fetches, {})
    except Exception:
        return None             # TensorFlow says what is wrong with it, after what is fed
    tensors, targets = handler.fetches(), handler.targets()
    if handler._fetch_handles or not (tensors or targets):
        return None
    places = {id(each): place for place, each in enumerate(tensors)}
    kept = list(tensors)

    def shape(part):
        kind = type(part)
        if kind in _KINDS:
            return kind, None, list(map(shape, part))
        if kind in _NAMED:
            return kind, list(part), list(map(shape, part.values()))
        element = graph.as_graph_element(part) if kind is str else _element(part)
        kept.append(element)
        return None if isinstance(element, ops.Operation) else places[id(element)]
    return _Plan(shape(fetches), [each._as_tf_output() for each in tensors],
                 [each._c_op for each in targets], targets + [each.op for each in tensors],
                 frozenset(places), kept, len(graph._unfetchable_ops))


def _filled(shape, values):
    """Results in the form of the fetches.

    Args:
      shape: a place among the values, None for an operation, or (kind, names, parts).
    """
    if shape is None:
        return None
    if type(shape) is int:
        return values[shape]
    kind, names, parts = shape
    made = [_filled(part, values) for part in parts]
    if kind is list:
        return made
    return tuple(made) if kind is tuple else kind(zip(names, made))


# -- Feeds -----------------------------------------------------------------------------------

def _fed(graph, plan, feed_dict, known):
    """Arrays by the outputs that they are fed to; None where TensorFlow is to see to it."""
    if type(feed_dict) is not dict or graph._handle_feeders:
        return None
    feeds = {}
    for fed, value in feed_dict.items():
        feed = known.get(id(fed))
        if feed is None or feed.tensor is not fed or feed.shape is not fed.shape:
            feed = _feed_of(graph, fed)
            if feed is None:
                return None
            known[id(fed)] = feed
        if id(fed) in plan.fetched or not graph.is_feedable(fed):
            return None
        array = _array(value, feed.dtype)
        if array is None or feed.sizes is not None and not _fits(array.shape, feed.sizes):
            return None
        feeds[feed.output] = array
    return feeds


def _feed_of(graph, element):
    if not isinstance(element, tensor.Tensor) or element.graph is not graph:
        return None
    dtype = np.dtype(element.dtype.as_numpy_dtype)
    if dtype.kind not in "biufc":
        return None
    shape = element.shape
    return _Feed(element, element._as_tf_output(), dtype, shape,
                 None if shape.rank is None else tuple(shape.as_list()))


def _array(value, dtype):
    """A value as TensorFlow would make an array of it; None where it may not be fed."""
    kind = type(value)
    if kind is np.ndarray and value.dtype is dtype:
        return value
    if kind not in _FED and not isinstance(value, np.generic):
        return None
    try:
        if dtype.kind == "b":
            array = np.asarray(value, dtype)
        else:
            array = np.asarray(value).astype(dtype, copy=False)
        if (kind is int or kind is bool) and not array == value:
            return None
    except Exception:
        return None
    return array


_FED = frozenset((np.ndarray, float, int, bool, list, tuple))


def _fits(sizes, wanted):
    if len(sizes) != len(wanted):
        return False
    for size, known in zip(sizes, wanted):
        if size != known and known is not None:
            return False
    return True
