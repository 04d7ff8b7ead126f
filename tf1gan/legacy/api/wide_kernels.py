"""Gradients of convolutions whose kernel is as wide as the picture, such as those of sentences.

A network that reads text convolves pictures of one channel, a row of numbers for each word, by
kernels as wide as a row. Of such a convolution oneDNN computes the gradient that goes to the
picture as if the kernel began outside of it, too, column by column, which takes fifty times as
long as on 1.15.5. Here the columns are taken for channels, of a picture that is one column wide:
the same numbers in the same order, so that only shapes differ. As in `nchw`, one call of a function
stands for the operation.
"""

from tf1gan.legacy.api import gpu, nchw

KIND = "Conv2DBackpropInput"
FEW = 16        # channels; with as many or more, oneDNN is as fast by itself


def restore():
    """Sees to such gradients that are made in a graph from now on."""
    from tensorflow.python.eager import execute
    from tensorflow.python.framework import ops
    today = ops.Graph._create_op_internal
    calls = _Calls(today)

    def create(this, op_type, inputs, dtypes=None, input_types=None, name=None, attrs=None,
               op_def=None, compute_device=True):
        if op_type != KIND or not _is_gradient(inputs) or not _is_wide(calls, inputs, attrs) or \
                execute.must_record_gradient() or gpu.is_there():
            return today(this, op_type, inputs, dtypes, input_types, name, attrs, op_def,
                         compute_device)
        return calls.made(this, op_type, inputs, name, attrs, compute_device)
    ops.Graph._create_op_internal = create


def _is_gradient(inputs):
    """Not a transposed convolution, whose operation a script may look at."""
    sizes = getattr(inputs[0], "op", None)
    return sizes is not None and sizes.type in ("Shape", "ShapeN")


def _is_wide(calls, inputs, attrs):
    """Whether the kernel of few channels is known to have one place along the width."""
    kernel, gradient = (getattr(each, "shape", None) for each in inputs[1:])
    if not attrs or None in (kernel, gradient) or kernel.rank != 4 or gradient.rank != 4:
        return False
    wide, channels = kernel.as_list()[1:3]
    return (wide not in (None, 1) and channels is not None and channels < FEW
            and gradient.as_list()[2] == 1 and attrs["padding"].s == b"VALID"
            and attrs["data_format"].s == b"NHWC" and set(attrs["dilations"].list.i) <= {1}
            and calls.itself(KIND, inputs, attrs).outputs[0].shape.as_list()[2] == wide)


class _Calls(nchw.Calls):
    """Makes calls that take columns for channels."""

    def kind(self, itself):
        return None

    def body(self, itself, attrs, kind):
        from tensorflow.python.framework import ops
        from tensorflow.python.ops import array_ops

        def body(sizes, kernel, gradient):
            shape = array_ops.shape(kernel)
            row = shape[1] * shape[2]
            made = nchw.applied(KIND, [
                ops.convert_to_tensor([sizes[0], sizes[1], 1, row]),
                array_ops.reshape(kernel, [shape[0], 1, row, shape[3]]), gradient], attrs)
            return array_ops.reshape(made, sizes)
        return body
