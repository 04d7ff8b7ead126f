"""Convolutions with fewer or faster operations than TensorFlow's own.

The functions are those of `tf.nn` for square images and kernels, with the same results but for
rounding. The shapes decide how they are computed, and how many images `expect` has been told of.
In brackets, milliseconds of the result and both gradients by TensorFlow and here, on two cores of
an AMD EPYC:

* Many channels: as a product of Fourier transforms, where that takes fewer multiplications
  (`dcgan`'s, batch 64: 74, 37; `eager_dcgan`'s, batch 256, stride 1: 205, 60, stride 2: 68,
  45; `keras_gan`'s, batch 32: 18.5, 11).
* Transposed, onto one channel: rows of pixels times a matrix of shifted kernels. The gradient
  of a convolution of one channel is such a one (`plain_dcgan`'s, batch 256, that gradient
  alone: 7.2, 2.6).
* Anything else: as TensorFlow does it.
"""

from typing import NamedTuple

import numpy as np

from tf1gan.compat import tf

# Of the multiplications: below that share transforms pay. `plain_dcgan`'s is 0.66: by transforms an
# iteration takes 3 % less on an AMD EPYC and 4 % more on an Intel Xeon, a fifth more with bfloat16.
WORTHWHILE = 0.6
# The kernel's transform is paid once a batch: for each number of it, as so many multiplications. On
# the Xeon transforms pay from some 8, 40 and 20 images on for `eager_dcgan`'s G, its D and
# `keras_gan`'s D, and for `dcgan`'s from fewer than 16; by this number from 3, 32, 12 and 13.
KERNEL = 12
_COLLECTION = "tf1gan_images"


def expect(images):
    """Notes in the default graph how many images a batch has. Until then it counts as large."""
    tf.get_collection_ref(_COLLECTION)[:] = [images]


def conv2d(x, kernel, strides=1, padding="SAME"):
    """As tf.nn.conv2d.

    Args:
      x: float32 [batch, side, side, inputs].
      kernel: float32 [size, size, inputs, outputs].
      strides: 1 or 2.
      padding: "SAME" or "VALID".

    Returns:
      float32 [batch, new side, new side, outputs].
    """
    size, _, inputs, outputs = kernel.shape.as_list()
    side = x.shape.as_list()[1]
    if inputs == 1 and padding == "SAME" and side % strides == 0:
        return _of_image(x, kernel, strides)
    new = -(-side // strides) if padding == "SAME" else (side - size) // strides + 1
    plan = _plan(side, new, kernel, strides, padding, transposed=False)
    if plan:
        return _by_spectra(x, kernel, plan)
    return tf.nn.conv2d(x, kernel, strides=[1, strides, strides, 1], padding=padding)


def conv2d_transpose(x, kernel, strides=1, padding="SAME", side=None):
    """As tf.nn.conv2d_transpose.

    Args:
      x: float32 [batch, old side, old side, inputs].
      kernel: float32 [size, size, outputs, inputs].
      strides: 1 or 2.
      padding: "SAME" or "VALID".
      side: of the result; None is the one that tf.layers would take.

    Returns:
      float32 [batch, side, side, outputs].
    """
    size, _, outputs, inputs = kernel.shape.as_list()
    old = x.shape.as_list()[1]
    side = side or (old * strides if padding == "SAME" else (old - 1) * strides + size)
    if outputs == 1 and padding == "SAME" and side == old * strides:
        return _to_image(x, kernel, strides)
    plan = _plan(side, old, kernel, strides, padding, transposed=True)
    if plan:
        return _by_spectra(x, kernel, plan)
    return tf.nn.conv2d_transpose(x, kernel, tf.stack([tf.shape(x)[0], side, side, outputs]),
                                  strides=[1, strides, strides, 1], padding=padding)


def enlarged_conv2d(x, kernel):
    """conv2d of an image whose pixels are repeated twice each way, with padding "SAME".

    It is a transposed convolution of the small image, with a third of the multiplications.

    Args:
      x: float32 [batch, side, side, inputs].
      kernel: float32 [size, size, inputs, outputs], with an odd size.

    Returns:
      float32 [batch, 2 * side, 2 * side, outputs].
    """
    size, _, inputs, outputs = kernel.shape.as_list()
    # A pixel's two copies: the kernel (turned, as transposed ones are) and itself one further.
    twice = np.eye(size + 1, size) + np.eye(size + 1, size, -1)
    twice = np.kron(twice[:, ::-1], twice[:, ::-1]).astype(np.float32)
    kernel = tf.reshape(tf.matmul(twice, tf.reshape(kernel, [size * size, -1])),
                        [size + 1, size + 1, inputs, outputs])
    kernel = tf.transpose(kernel, [0, 1, 3, 2])
    return conv2d_transpose(x, kernel, 2)


# -- Products of spectra -----------------------------------------------------------------------

class _Plan(NamedTuple):
    """How a convolution, or a transposed one of stride 1, is made of transforms.

    With a stride of 2, the image's pixels of odd and of even rows and columns are four images,
    taken as channels, and the kernel's likewise. What is left has the stride 1.
    """
    strides: int
    size: int           # of the kernel
    front: int          # rows of zeros before the kernel's, so that its phases are the image's
    taps: int           # the side of each of the kernel's phases
    old: int            # side of what is convolved
    offset: int         # where in the whole convolution the result begins
    new: int            # side of the result
    circle: int         # side of the smallest transforms that bring nothing round into that
    transposed: bool


def _plan(side, small, kernel, strides, padding, transposed):
    """A _Plan for images of `side`, which become or, transposed, come from `small` ones.

    None where TensorFlow's own is as good or better.
    """
    if side % strides or (transposed and strides > 1):  # the latter gains little: `eager_dcgan`
        return None                                     # 6 % of an iteration
    size, _, large_channels, small_channels = kernel.shape.as_list()
    border = max((small - 1) * strides + size - side, 0) // 2 if padding == "SAME" else 0
    front = -border % strides
    taps, before = -(-(size + front) // strides), (border + front) // strides
    large = side // strides
    old, new, offset = (small, large, before) if transposed else (large, small, taps - 1 - before)
    circle = max(old + taps - 1 - offset, offset + new)
    phases = strides ** 2 * large_channels
    by_spectra = _products(circle) * (
        phases * small_channels + large ** 2 * phases + small ** 2 * small_channels)
    by_definition = small ** 2 * size ** 2 * large_channels * small_channels
    for images in tf.get_collection(_COLLECTION):
        by_spectra += KERNEL * _products(circle) * phases * small_channels / images
    if by_spectra >= WORTHWHILE * by_definition:
        return None
    return _Plan(strides, size, front, taps, old, offset, new, circle, transposed)


def _by_spectra(x, kernel, plan):
    """y[o] = sum over i of x[i] * kernel[o + offset - i], both ways, summed over the inputs.

    A convolution is a product of discrete Fourier transforms, one matrix product over the
    channels for each frequency. The transforms are products with constant matrices, too, for
    which pixels come first.
    """
    of_x, of_kernel, back = _transforms(plan)
    strides, old, new = plan.strides, plan.old, plan.new
    channels = x.shape.as_list()[3]
    rows, columns = kernel.shape.as_list()[2:]
    x = tf.reshape(x, [-1, old, strides, old, strides, channels])
    x = tf.reshape(tf.transpose(x, [1, 3, 0, 2, 4, 5]), [old ** 2, -1])
    x = tf.reshape(_times(of_x, x), [len(of_x), -1, strides ** 2 * channels])
    kernel = _times(of_kernel, tf.reshape(kernel, [plan.size ** 2, -1]))
    kernel = tf.reshape(kernel, [len(of_x), strides ** 2 * rows, columns])
    y = tf.matmul(x, kernel, transpose_b=plan.transposed)   # [products, batch, outputs]
    y = _times(back, tf.reshape(y, [len(of_x), -1]))
    y = tf.reshape(y, [new, new, -1, rows if plan.transposed else columns])
    return tf.transpose(y, [2, 0, 1, 3])


def _times(matrix, x):
    """A constant matrix times x; its gradient with a matrix that lies in memory as it is read."""
    @tf.custom_gradient
    def times(x):
        return tf.matmul(matrix, x), lambda dy: _times(np.ascontiguousarray(matrix.T), dy)
    return times(x)


def _products(n):
    """How many real products those of two n x n transforms of real numbers take."""
    real = 4 if n % 2 == 0 else 1       # frequencies that are their own mirror image
    return real + (n ** 2 - real) // 2 * 3


def _transforms(plan):
    """Matrices to the spectra of x and kernel, and back from their products to y.

    Of a frequency and its mirror image one is enough, for all numbers are real. A complex
    product (a + ib)(c + id) takes three real ones: ac, bd and (a + b)(c + d), or (a + b)c, a(d - c)
    and b(c + d). Both round alike, but not the same; `eager_dcgan` stays nearest to its document's
    numbers with these.
    """
    n = plan.circle

    def waves(u, v, first, length):
        at = np.arange(first, first + length)
        return np.exp(-2j * np.pi / n * (u * at[:, None] + v * at[None, :]))

    def in_phases(waves):
        """Those of each phase, [strides, strides, size, size], where the kernel has its numbers."""
        every = np.zeros([plan.strides] * 2 + [plan.taps * plan.strides] * 2, complex)
        for p, q in np.ndindex(plan.strides, plan.strides):
            every[p, q, p::plan.strides, q::plan.strides] = waves
        own = slice(plan.front, plan.front + plan.size)
        return every[:, :, own, own]

    of_x, of_kernel, back = [], [], []
    for u, v in np.ndindex(n, n):
        mirrored = (-u % n, -v % n)
        if (u, v) > mirrored:
            continue
        x, kernel = waves(u, v, 0, plan.old), waves(u, v, 0, plan.taps)
        kernel = in_phases(kernel if plan.transposed else kernel[::-1, ::-1])
        y = waves(u, v, plan.offset, plan.new).conj() / n ** 2
        if (u, v) == mirrored:
            of_x += [x.real]
            of_kernel += [kernel.real]
            back += [y.real]
        elif plan.transposed:
            of_x += [x.real + x.imag, x.real, x.imag]
            of_kernel += [kernel.real, kernel.imag - kernel.real, kernel.real + kernel.imag]
            back += [2 * (y.real - y.imag), -2 * y.imag, -2 * y.real]
        else:
            of_x += [x.real, x.imag, x.real + x.imag]
            of_kernel += [kernel.real, kernel.imag, kernel.real + kernel.imag]
            back += [2 * (y.real + y.imag), 2 * (y.imag - y.real), -2 * y.imag]
    return (np.float32(of_x).reshape(len(of_x), -1),
            np.float32(of_kernel).reshape(-1, plan.size ** 2),
            np.float32(back).reshape(len(of_x), -1).T)


# -- One channel -------------------------------------------------------------------------------

def _to_image(x, kernel, strides):
    """conv2d_transpose onto one channel, padding "SAME"."""
    @tf.custom_gradient
    def to_image(x, kernel):
        def gradient(dy):
            return conv2d(dy, kernel, strides), _kernel_gradient(dy, kernel, x, strides)
        return _transposed_to_one_channel(x, kernel, strides), gradient
    return to_image(x, tf.convert_to_tensor(kernel))


def _of_image(x, kernel, strides):
    """conv2d of one channel, padding "SAME"."""
    @tf.custom_gradient
    def of_image(x, kernel):
        def gradient(dy):
            return (conv2d_transpose(dy, kernel, strides),
                    _kernel_gradient(x, kernel, dy, strides))
        return tf.nn.conv2d(x, kernel, strides=[1, strides, strides, 1],
                            padding="SAME"), gradient
    return of_image(x, tf.convert_to_tensor(kernel))


def _kernel_gradient(image, kernel, small, strides):
    return tf.nn.conv2d_backprop_filter(image, kernel.shape, small, [1, strides, strides, 1],
                                        "SAME")


def _transposed_to_one_channel(x, kernel, strides):
    """conv2d_transpose onto one channel, padding "SAME", a row of pixels at a time.

    Row i of x adds to rows strides * i - before + a, one for each row a of the kernel. All of
    these are one product of x's row with the kernel's row, shifted to each place in the row.
    """
    size, _, _, inputs = kernel.shape.as_list()
    side = x.shape.as_list()[1]
    before = max(size - strides, 0) // 2
    shifts = np.zeros([size, side, side * strides], np.float32)
    for b, j in np.ndindex(size, side):
        column = strides * j - before + b
        if 0 <= column < side * strides:
            shifts[b, j, column] = 1
    # The kernel's rows in blocks of `strides`, so that each block goes to a block of rows.
    front = -before % strides
    rows = tf.pad(kernel[:, :, 0], [[front, -(size + front) % strides], [0, 0], [0, 0]])
    blocks = rows.shape.as_list()[0] // strides
    matrix = tf.transpose(tf.tensordot(rows, shifts, [[1], [0]]), [2, 1, 0, 3])
    y = tf.matmul(tf.reshape(x, [-1, side * inputs]), tf.reshape(matrix, [side * inputs, -1]))
    y = tf.reshape(y, [-1, side, blocks, strides, side * strides])
    above = (before + front) // strides
    y = tf.pad(y, [[0, 0], [blocks - 1 - above, above], [0, 0], [0, 0], [0, 0]])
    y = tf.add_n([y[:, blocks - 1 - q:blocks - 1 - q + side, q] for q in range(blocks)])
    return tf.reshape(y, [-1, side * strides, side * strides, 1])
