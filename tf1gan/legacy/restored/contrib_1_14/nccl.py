"""`tensorflow.contrib.nccl`: sums and the like over several GPUs, which stand under another name.

Their operations have kernels for GPUs alone, there and here. 1.14.0 had them under the other name
only; scripts that want contrib.gan and these are of the same time.
"""

DROPPED = "1.14"
GIVES = "all_max all_min all_prod all_sum broadcast reduce_sum"
REFUSED = {}
NEEDS = ()
PATHS = ("python.ops.nccl_ops",)


def make(given):
    from tensorflow.python.ops import nccl_ops
    return {name: getattr(nccl_ops, name) for name in GIVES.split()}
