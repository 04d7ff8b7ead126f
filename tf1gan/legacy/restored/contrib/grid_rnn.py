"""`tf.contrib.grid_rnn`: cells of several dimensions, each with a recurrent network of its own."""

DROPPED = "2.0"
_CELLS = """
Grid1BasicLSTMCell Grid1BasicRNNCell Grid1LSTMCell Grid2BasicLSTMCell Grid2BasicRNNCell Grid2GRUCell
Grid2LSTMCell Grid3LSTMCell GridRNNCell
"""
# What 1.15.5 left in the module beside them.
_BESIDE = "array_ops functools layers logging math_ops namedtuple nn rnn tensor_shape vs"
GIVES = _CELLS + "python"
NEEDS = ("tf_slim",)
PATHS = ("python.ops.grid_rnn_cell", "python.ops")
REFUSED = dict.fromkeys(_BESIDE.split(), "it is a module that stood there by the way; tf has it")


def make(given):
    from tf1gan.legacy.restored.contrib import _grids
    return _grids.make(given.tf)
