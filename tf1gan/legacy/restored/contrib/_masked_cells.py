"""Long short-term memories whose weights are behind masks."""

from tf1gan.legacy.restored.contrib import _pruning


def make(tf):
    """name -> class."""
    cells = tf.nn.rnn_cell

    def mask(cell, inputs_shape):
        """Makes the mask of a cell whose weights have been made."""
        cell.built = False
        depth, units = inputs_shape.dims[1].value, cell._num_units
        cell._mask = cell.add_variable(
            name="mask", shape=[depth + units, 4 * units], initializer=tf.ones_initializer(),
            trainable=False, dtype=cell.dtype)
        cell._threshold = cell.add_variable(
            name="threshold", shape=[], initializer=tf.zeros_initializer(), trainable=False,
            dtype=cell.dtype)
        cell._masked_kernel = tf.multiply(cell._mask, cell._kernel, _pruning.MASKED_NAME)
        _pruning.note(tf, cell._mask, cell._threshold, cell._masked_kernel, cell._kernel)
        cell.built = True

    class Masked:

        def build(self, inputs_shape):
            super().build(inputs_shape)
            mask(self, inputs_shape)

        def call(self, inputs, state):
            kernel, self._kernel = self._kernel, self._masked_kernel
            try:
                return super().call(inputs, state)
            finally:
                self._kernel = kernel

    class MaskedBasicLSTMCell(Masked, cells.BasicLSTMCell):

        def __init__(self, num_units, forget_bias=1.0, state_is_tuple=True, activation=None,
                     reuse=None, name=None):
            super().__init__(num_units, forget_bias=forget_bias, state_is_tuple=state_is_tuple,
                             activation=activation, reuse=reuse, name=name)

    class MaskedLSTMCell(Masked, cells.LSTMCell):

        def __init__(self, num_units, use_peepholes=False, cell_clip=None, initializer=None,
                     num_proj=None, proj_clip=None, num_unit_shards=None, num_proj_shards=None,
                     forget_bias=1.0, state_is_tuple=True, activation=None, reuse=None):
            super().__init__(
                num_units, use_peepholes=use_peepholes, cell_clip=cell_clip,
                initializer=initializer, num_proj=num_proj, proj_clip=proj_clip,
                num_unit_shards=num_unit_shards, num_proj_shards=num_proj_shards,
                forget_bias=forget_bias, state_is_tuple=state_is_tuple, activation=activation,
                reuse=reuse)
    return dict(MaskedBasicLSTMCell=MaskedBasicLSTMCell, MaskedLSTMCell=MaskedLSTMCell)
