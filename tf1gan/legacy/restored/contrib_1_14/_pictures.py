"""Many images laid out as one picture."""


def make(tf):
    def image_grid(input_tensor, grid_shape, image_shape=(32, 32), num_channels=3):
        """Images [rows * columns, height, width, channels] -> [1, rows * height, columns * width,
        channels]. Raises ValueError where there are not as many."""
        rows, columns = grid_shape
        height, width = image_shape
        if rows * columns != int(input_tensor.shape[0]):
            raise ValueError("Grid shape %s incompatible with minibatch size %i." % (
                grid_shape, int(input_tensor.shape[0])))
        if len(input_tensor.shape) == 2:
            if int(input_tensor.shape[1]) != height * width * num_channels:
                raise ValueError("Image shape and number of channels incompatible with input "
                                 "tensor.")
        elif input_tensor.shape.as_list()[1:] != [height, width, num_channels]:
            raise ValueError("Image shape and number of channels incompatible with input tensor.")
        images = tf.reshape(input_tensor, [rows, columns, height, width, num_channels])
        return tf.reshape(tf.transpose(images, [0, 2, 1, 3, 4]),
                          [1, rows * height, columns * width, num_channels])

    def image_reshaper(images, num_cols=None):
        """A list of images, or a batch, in rows of `num_cols`, or all in one; what is wanting
        is black."""
        images = tf.unstack(images) if isinstance(images, tf.Tensor) else list(images)
        columns = num_cols or len(images)
        images += [tf.zeros_like(images[0])] * (-len(images) % columns)
        rows = [tf.concat(images[at:at + columns], 1) for at in range(0, len(images), columns)]
        return tf.expand_dims(tf.concat(rows, 0), 0)
    return dict(image_grid=image_grid, image_reshaper=image_reshaper)
