"""How many threads compute an operation of a session.

Today's TensorFlow hands each convolution to oneDNN, which divides it among all threads, however
small it is. Waking them can take longer than the convolution itself, for which TensorFlow 1 took
one thread. So a session whose graph has only small convolutions and products gets one thread for
each operation; operations run side by side as before. Where a script or the environment says how
many threads there are, it is heard.
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
    base, deciding = session.BaseSession, threading.Lock()
    today = base._extend_graph

    def _extend_graph(this):
        with deciding:          # a queue's threads may run something at the same moment
            if "_threads_are_decided" not in this.__dict__:
                if _are_open(this) and _is_small(this._graph, SMALL / process.cores()):
                    _use_one_thread(this)
                this._threads_are_decided = True
        return today(this)
    base._extend_graph = _extend_graph


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
    """Whether a graph has convolutions, and nothing that takes more than so many operations."""
    convolutions = False
    for op in graph.get_operations():
        kind = op.type
        if kind in _FACTORS:
            convolutions = convolutions or kind in _CONVOLUTIONS
            size = _product(*_FACTORS[kind](op))
            # What has no known size is another's gradient, but for pictures of any size.
            if kind == "Conv2D" and size is None or size is not None and 2 * size > most:
                return False
        elif kind.startswith("Conv3D"):
            return False
    return convolutions


# Of what an operation multiplies: a tensor, each of whose numbers is multiplied with so many as
# these sizes make. Of a convolution, that is the kernel but for its last axis.
_CONVOLUTIONS = {
    "Conv2D": lambda op: (op.outputs[0], _sizes(op.inputs[1])[:3]),
    "Conv2DBackpropInput": lambda op: (op.inputs[2], _sizes(op.inputs[1])[:3]),
}
_FACTORS = dict(_CONVOLUTIONS, **{
    kind: lambda op: (op.inputs[0], _sizes(op.outputs[0])[-1:])
    for kind in ("MatMul", "BatchMatMul", "BatchMatMulV2")})


def _sizes(tensor):
    """Of a tensor's axes, None for each that is not known; [None, None] where no axis is."""
    shape = tensor.shape
    return [None, None] if shape.rank is None else shape.as_list()


def _product(tensor, sizes):
    first, *others = _sizes(tensor) or [1]
    sizes = [ROWS if first is None else first] + others + sizes
    return None if None in sizes else np.prod(sizes, dtype=float)
