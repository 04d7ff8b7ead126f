"""How many threads compute an operation of a session.

Today's TensorFlow hands convolutions and products to oneDNN, which divides most of them among all
threads, however small they are. Waking these can take longer than the operation itself, for which
TensorFlow 1 took one thread. So a session whose graph has only small operations gets one thread for
each; they run side by side as before. Where a script or the environment says how many threads there
are, it is heard.
"""

import os
import threading

import numpy as np
from tensorflow.core.protobuf import config_pb2
from tensorflow.python.client import session

from tf1gan import process
from tf1gan.legacy.api import gpu

# Multiplications and additions of an operation, divided by the cores. On two cores of an AMD EPYC
# one thread is faster up to that; more cores were not measured, and compute a small one sooner.
SMALL = 52e6
NUMBER = 100        # multiplications that take as long as to read a number and to write it
ROWS = 32           # of a batch whose size the graph does not say
CORES = 32          # at most: see below
# Without it, all sessions have the threads of the first one. With it, each has its own, until it is
# closed: with more cores, those of sessions that a notebook never closes would be too many.
_OWN_THREADS = "TF_OVERRIDE_GLOBAL_THREADPOOL"


def restore():
    """Has each session decide when it first runs something."""
    if (not 1 < process.cores() <= CORES or os.environ.get("TF_NUM_INTRAOP_THREADS")
            or os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0"):
        return
    os.environ[_OWN_THREADS] = "1"
    base, deciding = session.BaseSession, threading.RLock()
    extend, set_up = base._extend_graph, base.partial_run_setup

    def decide(this):
        if this.__dict__.get("_threads_are_decided"):
            return
        with deciding:          # a queue's threads may run something at the same moment
            has_begun = "_threads_are_decided" in this.__dict__     # by a signal's handler, or done
            this._threads_are_decided = has_begun
            if not has_begun and _are_open(this) and _is_small(
                    this._graph, SMALL / process.cores()) and not this._threads_are_decided:
                _use_one_thread(this)
            this._threads_are_decided = True

    def _extend_graph(this):
        decide(this)
        return extend(this)

    def partial_run_setup(this, *arguments, **options):
        decide(this)            # it looks at its session before it extends the graph
        return set_up(this, *arguments, **options)
    base._extend_graph, base.partial_run_setup = _extend_graph, partial_run_setup


def _are_open(this):
    """Whether the script has left a session's threads open, and there is no GPU to compute."""
    return not (this._target or this._config.intra_op_parallelism_threads or gpu.is_there())


def _use_one_thread(this):
    """Gives a session that has run nothing yet another session of TensorFlow's."""
    config = config_pb2.ConfigProto()
    config.CopyFrom(this._config)
    config.intra_op_parallelism_threads = 1
    other = session.BaseSession(graph=this._graph, config=config)
    this._session, other._session = other._session, this._session
    other.close()


def _is_small(graph, most):
    """Whether a graph has products, and no operation that is as much work as `most` says."""
    products = False
    for op in graph.get_operations():
        kind = op.type
        if kind.startswith(_OTHERS):
            return False
        if kind in _FACTORS:
            products, work = True, _product(*_FACTORS[kind](op))
            if work is None and kind == "Conv2D":       # pictures of any size
                return False
            work = work and 2 * work
        else:
            work = _product(op.outputs[0], [NUMBER]) if op.outputs else None
        # What has no known size is seldom the largest: a number that is fed, a gradient.
        if work is not None and work > most:
            return False
    return products


_OTHERS = ("Conv3D", "Einsum", "SparseTensorDenseMatMul", "SparseMatMul")     # not looked into
# Of what an operation multiplies: a tensor, each of whose numbers is multiplied with so many as
# these sizes make. Of a convolution, that is the kernel but for its last axis.
_FACTORS = {
    "Conv2D": lambda op: (op.outputs[0], _sizes(op.inputs[1])[:3]),
    "Conv2DBackpropInput": lambda op: (op.inputs[2], _sizes(op.inputs[1])[:3]),
    "MatMul": lambda op: (op.inputs[0], _sizes(op.outputs[0])[-1:]),
}
_FACTORS.update(BatchMatMul=_FACTORS["MatMul"], BatchMatMulV2=_FACTORS["MatMul"])


def _sizes(tensor):
    """Of a tensor's axes, None for each that is not known; [None, None] where no axis is."""
    shape = tensor.shape
    return [None, None] if shape.rank is None else shape.as_list()


def _product(tensor, sizes):
    first, *others = _sizes(tensor) or [1]
    sizes = [ROWS if first is None else first] + others + sizes
    return None if None in sizes else np.prod(sizes, dtype=float)
