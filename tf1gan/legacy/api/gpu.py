"""Scripts that name a GPU, on a machine without one: what they put there is computed by the CPU.

1.15.5 refuses that, unless the session is told `allow_soft_placement`. A machine with a GPU is left
alone.
"""

SAID = ("there is no GPU here: what the script puts on one is computed by the CPU. 1.15.5 does so "
        "only with allow_soft_placement")


def is_there():
    """Whether TensorFlow sees a GPU. It is asked no earlier than need be: that settles which."""
    from tensorflow.python.framework import config
    return bool(config.list_physical_devices("GPU"))


def restore(say):
    """Has sessions place operations where they can be computed, from now on."""
    from tensorflow.core.protobuf import config_pb2
    from tensorflow.python.client import session
    from tensorflow.python.framework import ops
    begin, placed = session.BaseSession.__init__, ops.Graph._apply_device_functions

    def __init__(this, target="", graph=None, config=None):
        if not is_there() and (config is None or isinstance(config, config_pb2.ConfigProto)):
            softly = config_pb2.ConfigProto()
            if config is not None:
                softly.CopyFrom(config)
            softly.allow_soft_placement = True
            config = softly
        begin(this, target, graph, config)

    def apply(this, op):
        placed(this, op)
        if "GPU" in (op.device or "") and not is_there():
            say(SAID)
    session.BaseSession.__init__, ops.Graph._apply_device_functions = __init__, apply
    _sum_without_nccl()


def _sum_without_nccl():
    """The sum of what several GPUs have, each of which gets it: NVIDIA's NCCL is of GPUs alone."""
    from tensorflow.python.framework import ops
    from tensorflow.python.ops import math_ops, nccl_ops
    today = nccl_ops.all_sum

    def all_sum(tensors):
        if is_there():
            return today(tensors)
        sums = []
        for tensor in tensors:
            with ops.device(tensor.device):
                sums.append(math_ops.add_n(tensors))
        return sums
    nccl_ops.all_sum = all_sum
