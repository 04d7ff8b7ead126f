"""Cells with cuDNN's numbers."""

from tensorflow.python.ops import array_ops, init_ops, math_ops, nn_ops

from tf1gan.legacy.restored.contrib.rnn.blocks import LSTMBlockCell
from tf1gan.legacy.restored.contrib.rnn.linear import LayerRNNCell, Sized


class CudnnCompatibleLSTMCell(LSTMBlockCell):
    """An LSTM that forgets by no more than it learns to."""

    def __init__(self, num_units, reuse=None):
        super().__init__(num_units, forget_bias=0, cell_clip=None, use_peephole=False,
                         reuse=reuse, name="cudnn_compatible_lstm_cell")


class CudnnCompatibleGRUCell(Sized, LayerRNNCell):
    """A GRU whose reset gate comes after the matrix of the state."""

    def __init__(self, num_units, reuse=None, kernel_initializer=None):
        super().__init__(_reuse=reuse)
        self._state_size = self._output_size = num_units
        self._of_kernel = kernel_initializer

    def build(self, input_shape):
        units, size = self._state_size, getattr(input_shape[1], "value", input_shape[1])
        if size is None:
            raise ValueError(f"How many inputs there are is not known of the shape {input_shape}.")

        def kernel(name, rows, columns):
            return self.add_weight(f"{name}/kernel", shape=[rows, columns],
                                   initializer=self._of_kernel)

        def bias(name, size, start):
            return self.add_weight(f"{name}/bias", shape=[size],
                                   initializer=init_ops.constant_initializer(start))
        self._gates = kernel("gates", size + units, 2 * units), bias("gates", 2 * units, 1.0)
        names = "candidate/input_projection", "candidate/hidden_projection"
        kernels = kernel(names[0], size, units), kernel(names[1], units, units)
        self._candidates = list(zip(kernels, [bias(name, units, 0.0) for name in names]))
        self.built = True

    def call(self, inputs, state):
        gates = math_ops.matmul(array_ops.concat([inputs, state], 1), self._gates[0])
        gates = math_ops.sigmoid(nn_ops.bias_add(gates, self._gates[1]))
        r, u = array_ops.split(value=gates, num_or_size_splits=2, axis=1)
        of_input, of_state = self._candidates
        new = nn_ops.bias_add(math_ops.matmul(inputs, of_input[0]), of_input[1])
        new += r * nn_ops.bias_add(math_ops.matmul(state, of_state[0]), of_state[1])
        state = (1 - u) * math_ops.tanh(new) + u * state
        return state, state
