"""`tensorflow.contrib.nccl`: sums and the like over several GPUs.

The operations have kernels only for GPUs, as they had then. 1.14.0 itself had them under
`tensorflow.python.ops.nccl_ops` alone, but scripts that use contrib.gan use this name as well.
"""

DROPPED = "1.14"
GIVES = "all_max all_min all_prod all_sum broadcast reduce_sum"
REFUSED = {}
NEEDS = ()
PATHS = ("python.ops.nccl_ops",)


def make(given):
    from tensorflow.python.ops import nccl_ops
    return {name: getattr(nccl_ops, name) for name in GIVES.split()}
