"""Convolutions with fewer or faster operations than TensorFlow's own.

The functions are those of `tf.nn` for square images and kernels, with the same results but for
rounding. The shapes alone decide how they are computed. In brackets, milliseconds of the result
and both gradients by TensorFlow and here, on two cores of an AMD EPYC:

* Many channels at stride 1: as a product of Fourier transforms (`dcgan`'s, batch 64: 74, 37;
  `eager_dcgan`'s, batch 256: 205, 60; `keras_gan`'s, batch 32: 18.5, 11).
* Transposed, onto one channel: rows of pixels times a matrix of shifted kernels. The gradient
  of a convolution of one channel is such a one (`plain_dcgan`'s, batch 256, that gradient
  alone: 7.2, 2.6).
* Anything else: as TensorFlow does it.
"""

import numpy as np

from tf1gan.compat import tf

SPECTRAL_CHANNELS = 64      # the fewest with which the transforms were seen to pay


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
    if strides == 1 and min(inputs, outputs) >= SPECTRAL_CHANNELS:
        before, new = ((size - 1) // 2, side) if padding == "SAME" else (0, side - size + 1)
        return _by_spectra(x, kernel, size - 1 - before, new, turned=True)
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
    if strides == 1 and min(inputs, outputs) >= SPECTRAL_CHANNELS:
        before = (size - 1) // 2 if padding == "SAME" else 0
        return _by_spectra(x, kernel, before, side, turned=False)
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

def _by_spectra(x, kernel, offset, side, turned):
    """y[o] = sum over i of x[i] * kernel[o + offset - i], both ways, summed over the inputs.

    A convolution is a product of discrete Fourier transforms, one matrix product over the
    channels for each frequency. The transforms are products with constant matrices, too.

    Args:
      x: [batch, old side, old side, inputs].
      kernel: [size, size, outputs, inputs]; `turned`: [size, size, inputs, outputs], and
        turned round, as `conv2d` takes it.
      offset: where in the whole convolution the result begins.
      side: of the result.
    """
    size, _, rows, columns = kernel.shape.as_list()
    old, inputs = x.shape.as_list()[2:]
    of_x, of_kernel, back = _transforms(old, size, offset, side, turned)
    x = tf.transpose(tf.reshape(x, [-1, old * old, inputs]), [1, 0, 2])
    x = tf.reshape(tf.matmul(of_x, tf.reshape(x, [old * old, -1])), [len(of_x), -1, inputs])
    kernel = tf.reshape(tf.matmul(of_kernel, tf.reshape(kernel, [size * size, -1])),
                        [len(of_x), rows, columns])
    y = tf.matmul(x, kernel, transpose_b=not turned)        # [products, batch, outputs]
    outputs = columns if turned else rows
    y = tf.reshape(tf.matmul(back, tf.reshape(y, [len(of_x), -1])), [side * side, -1, outputs])
    return tf.reshape(tf.transpose(y, [1, 0, 2]), [-1, side, side, outputs])


def _transforms(old, size, offset, side, turned):
    """Matrices to the spectra of x and kernel, and back from their products to y.

    Of a frequency and its mirror image one is enough, for all numbers are real. A complex
    product (a + ib)(c + id) takes three real ones: ac, bd and (a + b)(c + d).
    """
    # As small a circle as brings nothing into the result that goes round it.
    n = max(old + size - 1 - offset, offset + side)

    def waves(u, v, first, length):
        at = np.arange(first, first + length)
        return np.exp(-2j * np.pi / n * (u * at[:, None] + v * at[None, :]))

    of_x, of_kernel, back = [], [], []
    for u, v in np.ndindex(n, n):
        mirrored = (-u % n, -v % n)
        if (u, v) > mirrored:
            continue
        x, kernel = waves(u, v, 0, old), waves(u, v, 0, size)
        if turned:
            kernel = kernel[::-1, ::-1]
        y = waves(u, v, offset, side).conj() / n ** 2
        if (u, v) == mirrored:
            of_x += [x.real]
            of_kernel += [kernel.real]
            back += [y.real]
        else:
            of_x += [x.real, x.imag, x.real + x.imag]
            of_kernel += [kernel.real, kernel.imag, kernel.real + kernel.imag]
            back += [2 * (y.real + y.imag), 2 * (y.imag - y.real), -2 * y.imag]
    flat = [np.reshape(waves, [len(of_x), -1]).astype(np.float32)
            for waves in (of_x, of_kernel, back)]
    return flat[0], flat[1], flat[2].T


# -- One channel -------------------------------------------------------------------------------

def _to_image(x, kernel, strides):
    """conv2d_transpose onto one channel, padding "SAME"."""
    @tf.custom_gradient
    def to_image(x, kernel):
        def gradient(dy):
            return conv2d(dy, kernel, strides), _kernel_gradient(dy, kernel, x, strides)
        return _by_rows(x, kernel, strides), gradient
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


def _by_rows(x, kernel, strides):
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
