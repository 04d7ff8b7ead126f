"""How a Session runs a model: threads, and the precision of the arithmetic."""

import os
import platform
import warnings

from tf1gan.compat import tf
from tf1gan.errors import UserError
from tf1gan.models import LOOP

LARGE_BATCH = 512       # with more images even a small model's products are worth dividing


def make(settings, way=LOOP):
    """A ConfigProto for training by Settings, in one of models.WAYS.

    A small model's operations are too short to be divided among threads, unless a batch is large:
    each runs on one, and several side by side. Compiled, they are divided. A large model's run two
    at a time, each on all threads: what one thread does alone, such as drawing a mask, has another
    at work meanwhile. More of them would only take more memory.

    With bfloat16, convolutions and matrix products take bfloat16 operands (8 bits of mantissa).
    Weights, their updates and the sums stay float32. Raises UserError without a TensorFlow or a CPU
    that has it.
    """
    config = tf.ConfigProto()
    config.gpu_options.allow_growth = True
    # A second round of rewriting the graph gains no speed, and takes a quarter of a run's start.
    rewrites = config.graph_options.rewrite_options
    rewrites.meta_optimizer_iterations = type(rewrites).ONE
    if settings.model.side_by_side:
        if way == LOOP and settings.batch_size <= LARGE_BATCH:
            config.intra_op_parallelism_threads = 1
    else:
        config.inter_op_parallelism_threads = 2
    if settings.bfloat16:
        _check_bfloat16(rewrites)
        rewrites.auto_mixed_precision_onednn_bfloat16 = type(rewrites).ON
    return config


def _check_bfloat16(rewrites):
    if not hasattr(rewrites, "auto_mixed_precision_onednn_bfloat16"):
        raise UserError("bfloat16 (--bfloat16) needs a newer TensorFlow: train without it")
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0":
        raise UserError("bfloat16 (--bfloat16) needs oneDNN: unset TF_ENABLE_ONEDNN_OPTS")
    flags = _cpu_flags()
    if flags is None:
        warnings.warn("cannot tell whether this CPU has bfloat16 arithmetic; without it "
                      "--bfloat16 is slow", stacklevel=3)
    elif not flags & {"avx512_bf16", "amx_bf16", "avx_ne_convert", "bf16"}:
        raise UserError("this CPU has no bfloat16 arithmetic: train without --bfloat16")


def _cpu_flags():
    """What this CPU can do, as a set of Linux's names; None where there is no telling."""
    found = _cpu("flags", "Features")
    return found if found is None else set(found.split())


def processor():
    """The name of this machine's processor; virtual machines tell only some of it."""
    name = _cpu("model name") or platform.processor() or platform.machine()
    family, model = _cpu("cpu family"), _cpu("model\t")
    return f"{name}, family {family}, model {model}" if family and model else name


def _cpu(*names):
    """The first fact of one of these names that Linux knows of the CPU, or None."""
    try:
        with open("/proc/cpuinfo") as lines:
            for line in lines:
                if line.startswith(names):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return None
