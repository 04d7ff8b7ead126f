"""More cells that only contrib.rnn had: grouped, independent, simple, and found by search."""

from tensorflow.python.ops import (
    array_ops,
    gen_array_ops,
    init_ops,
    math_ops,
    nn_ops,
    variable_scope,
)

from tf1gan.legacy.restored.contrib.rnn.linear import (
    LayerRNNCell,
    Linear,
    LSTMStateTuple,
    RNNCell,
    Sized,
    known_depth,
)

_sigmoid, _tanh = math_ops.sigmoid, math_ops.tanh


def _parts(value, parts):
    return array_ops.split(value=value, num_or_size_splits=parts, axis=1)


class GLSTMCell(Sized, RNNCell):
    """An LSTM whose units are in groups, which see their own part of the input alone."""

    def __init__(self, num_units, initializer=None, num_proj=None, number_of_groups=1,
                 forget_bias=1.0, activation=_tanh, reuse=None):
        super().__init__(_reuse=reuse)
        if num_units % number_of_groups or (num_proj or 0) % number_of_groups:
            raise ValueError(f"{num_units} units, or {num_proj} projected ones, do not make "
                             f"{number_of_groups} groups.")
        self._units, self._proj, self._groups = num_units, num_proj, number_of_groups
        self._initializer, self._forget_bias, self._activation = (
            initializer, forget_bias, activation)
        self._output_size = num_proj or num_units
        self._state_size = LSTMStateTuple(num_units, self._output_size)
        self._linear = {}

    def call(self, inputs, state):
        c, h = state
        rows = inputs.shape.dims[0].value or array_ops.shape(inputs)[0]
        size = known_depth(inputs)
        if size % self._groups:
            raise ValueError(f"{size} inputs do not make {self._groups} groups.")

        def of_group(value, group, whole):
            width = whole // self._groups
            return array_ops.slice(value, [0, group * width], [rows, width])
        gates = []
        with variable_scope.variable_scope(variable_scope.get_variable_scope(),
                                           initializer=self._initializer):
            for group in range(self._groups):
                with variable_scope.variable_scope(f"group{group}"):
                    both = array_ops.concat([of_group(inputs, group, size),
                                             of_group(h, group, self._output_size)], axis=1)
                    gates.append(_parts(self._of(group, both, 4 * self._units // self._groups), 4))
            biases = [variable_scope.get_variable(
                f"bias_{name}", shape=[self._units], dtype=inputs.dtype,
                initializer=init_ops.constant_initializer(0.0, dtype=inputs.dtype))
                for name in "ijfo"]
            i, j, f, o = (nn_ops.bias_add(array_ops.concat(parts, axis=1), bias)
                          for parts, bias in zip(zip(*gates), biases))
        c = _sigmoid(f + self._forget_bias) * c + _sigmoid(i) * _tanh(j)
        h = _sigmoid(o) * self._activation(c)
        if self._proj is not None:
            with variable_scope.variable_scope("projection"):
                h = self._of("projection", h, self._proj)
        return h, LSTMStateTuple(c, h)

    def _of(self, name, value, size):
        if name not in self._linear:
            self._linear[name] = Linear(value, size, False)
        return self._linear[name](value)


class _Layer(Sized, LayerRNNCell):
    """A cell that makes its variables when it first knows the size of its inputs."""

    def _made(self, name, shape, initializer=None):
        return self.add_weight(name, shape=shape, initializer=initializer)

    def _between(self, low, high):
        return init_ops.random_uniform_initializer(minval=low, maxval=high, dtype=self.dtype)

    def build(self, input_shape):
        size = getattr(input_shape[1], "value", input_shape[1])
        if size is None:
            raise ValueError(f"How many inputs there are is not known of the shape {input_shape}.")
        self._build(size)
        self.built = True


class NASCell(_Layer):
    """The cell that a search found for language models."""

    def __init__(self, num_units, num_proj=None, use_bias=False, reuse=None, **named):
        super().__init__(_reuse=reuse, **named)
        self._units, self._proj, self._use_bias = num_units, num_proj, use_bias
        self._output_size = num_units if num_proj is None else num_proj
        self._state_size = LSTMStateTuple(num_units, self._output_size)

    def _build(self, size):
        wide = 8 * self._units
        self._recurrent = self._made("recurrent_kernel", [self._output_size, wide])
        self._kernel = self._made("kernel", [size, wide])
        if self._use_bias:
            self._bias = self._made("bias", [wide], init_ops.zeros_initializer)
        if self._proj is not None:
            self._projection = self._made("projection_weights", [self._units, self._proj])

    def call(self, inputs, state):
        c, h = state
        of_h = math_ops.matmul(h, self._recurrent)
        of_x = math_ops.matmul(inputs, self._kernel)
        if self._use_bias:
            of_h = nn_ops.bias_add(of_h, self._bias)
        of_h, of_x = _parts(of_h, 8), _parts(of_x, 8)
        first = [function(x * h if place == 3 else x + h) for place, (function, x, h) in enumerate(
            zip((_sigmoid, nn_ops.relu, _sigmoid, nn_ops.relu, _tanh, _sigmoid, _tanh, _sigmoid),
                of_x, of_h))]
        a, b = _tanh(first[0] * first[1]), _tanh(first[2] + first[3])
        d, e = _tanh(first[4] * first[5]), _sigmoid(first[6] + first[7])
        c = _tanh(a + c) * b
        h = _tanh(c * _tanh(d + e))
        if self._proj is not None:
            h = math_ops.matmul(h, self._projection)
        return h, LSTMStateTuple(c, h)


class SRUCell(_Layer):
    """The simple recurrent unit, whose gates do not look back."""

    def __init__(self, num_units, activation=None, reuse=None, name=None, **named):
        super().__init__(_reuse=reuse, name=name, **named)
        self._state_size = self._output_size = num_units
        self._activation = activation or _tanh

    def _build(self, size):
        self._kernel = self._made("kernel", [size, 4 * self._state_size])
        self._bias = self._made("bias", [2 * self._state_size], init_ops.zeros_initializer)

    def call(self, inputs, state):
        new, f, r, passed = _parts(math_ops.matmul(inputs, self._kernel), 4)
        gates = _sigmoid(nn_ops.bias_add(array_ops.concat([f, r], 1), self._bias))
        f, r = _parts(gates, 2)
        c = f * state + (1.0 - f) * new
        return r * self._activation(c) + (1.0 - r) * passed, c


class IndRNNCell(_Layer):
    """A network whose units look back at themselves alone."""

    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None):
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._state_size = self._output_size = num_units
        self._activation = activation or _tanh

    def _build(self, size):
        units = self._state_size
        self._kernel = self._made("kernel_w", [size, units])
        self._back = self._made("kernel_u", [1, units], self._between(-1, 1))
        self._bias = self._made("bias", [units], init_ops.zeros_initializer(dtype=self.dtype))

    def call(self, inputs, state):
        gates = math_ops.matmul(inputs, self._kernel) + state * self._back
        output = self._activation(nn_ops.bias_add(gates, self._bias))
        return output, output


class IndyGRUCell(_Layer):
    """A GRU whose units look back at themselves alone."""

    def __init__(self, num_units, activation=None, reuse=None, kernel_initializer=None,
                 bias_initializer=None, name=None, dtype=None):
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._state_size = self._output_size = num_units
        self._activation = activation or _tanh
        self._of_kernel, self._of_bias = kernel_initializer, bias_initializer

    def _build(self, size):
        def three(name, width, bias, kernel):
            return (self._made(f"{name}/{kernel}", [size, width], self._of_kernel),
                    self._made(f"{name}/kernel_u", [1, width], self._between(-1, 1)),
                    self._made(f"{name}/bias", [width],
                               bias if self._of_bias is None else self._of_bias))
        units = self._state_size
        self._gates = three("gates", 2 * units, init_ops.constant_initializer(
            1.0, dtype=self.dtype), "kernel_w")
        self._candidate = three("candidate", units, init_ops.zeros_initializer(dtype=self.dtype),
                                "kernel")

    def call(self, inputs, state):
        kernel, back, bias = self._gates
        gates = math_ops.matmul(inputs, kernel) + gen_array_ops.tile(state, [1, 2]) * back
        r, u = _parts(_sigmoid(nn_ops.bias_add(gates, bias)), 2)
        kernel, back, bias = self._candidate
        looked_back = r * state
        new = math_ops.matmul(inputs, kernel) + looked_back * back
        new = self._activation(nn_ops.bias_add(new, bias))
        state = u * state + (1 - u) * new
        return state, state


class IndyLSTMCell(_Layer):
    """An LSTM whose units look back at themselves alone."""

    def __init__(self, num_units, forget_bias=1.0, activation=None, reuse=None,
                 kernel_initializer=None, bias_initializer=None, name=None, dtype=None):
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._state_size, self._output_size = LSTMStateTuple(num_units, num_units), num_units
        self._forget_bias, self._activation = forget_bias, activation or _tanh
        self._of_kernel, self._of_bias = kernel_initializer, bias_initializer

    def _build(self, size):
        wide = 4 * self._output_size
        self._kernel = self._made("kernel_w", [size, wide], self._of_kernel)
        self._back = self._made("kernel_u", [1, wide], self._between(-1, 1))
        self._bias = self._made("bias", [wide], init_ops.zeros_initializer(dtype=self.dtype)
                                if self._of_bias is None else self._of_bias)

    def call(self, inputs, state):
        c, h = state
        gates = math_ops.matmul(inputs, self._kernel)
        gates += gen_array_ops.tile(h, [1, 4]) * self._back
        i, j, f, o = _parts(nn_ops.bias_add(gates, self._bias), 4)
        add, multiply = math_ops.add, math_ops.multiply     # whose names are those of 1.15.5
        c = add(multiply(c, _sigmoid(add(f, self._forget_bias))),
                multiply(_sigmoid(i), self._activation(j)))
        h = multiply(self._activation(c), _sigmoid(o))
        return h, LSTMStateTuple(c, h)
