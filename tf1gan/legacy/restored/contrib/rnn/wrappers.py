"""Cells around a cell: projections, embeddings, attention, highways."""

import math

from tensorflow.python.framework import ops
from tensorflow.python.ops import (
    array_ops,
    embedding_ops,
    init_ops,
    math_ops,
    nn_ops,
    variable_scope,
)
from tensorflow.python.util import nest

from tf1gan.legacy.numbers import loops
from tf1gan.legacy.restored.contrib.rnn.linear import Linear, RNNCell


class _Around(RNNCell):
    """A cell with another's state and output."""

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def zero_state(self, batch_size, dtype):
        with ops.name_scope(f"{type(self).__name__}ZeroState"):
            return self._cell.zero_state(batch_size=batch_size, dtype=dtype)


class _Projection:
    """A linear layer, whose weights are made by the first call, in the scope of that."""

    def __init__(self, size, activation=None):
        self.size, self._activation, self._linear = size, activation, None

    def __call__(self, inputs):
        if self._linear is None:
            self._linear = Linear(inputs, self.size, True)
        made = self._linear(inputs)
        return made if self._activation is None else self._activation(made)


class EmbeddingWrapper(_Around):
    """A cell whose input are whole numbers, looked up in `embedding`."""

    def __init__(self, cell, embedding_classes, embedding_size, initializer=None, reuse=None):
        super().__init__(_reuse=reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(f"{embedding_classes} classes and {embedding_size} numbers for each "
                             "make no embedding.")
        self._cell, self._sizes = cell, [embedding_classes, embedding_size]
        self._initializer = initializer

    def call(self, inputs, state):
        dtype = (state[0] if isinstance(state, tuple) else state).dtype
        with ops.device("/cpu:0"):
            rows = embedding_ops.embedding_lookup(self._table(dtype),
                                                  array_ops.reshape(inputs, [-1]))
            return self._cell(rows, state)

    def _table(self, dtype):
        of_scope = variable_scope.get_variable_scope().initializer
        widest = math.sqrt(3)       # numbers whose variance is 1
        initializer = self._initializer or of_scope or init_ops.random_uniform_initializer(
            -widest, widest)
        return variable_scope.get_variable("embedding", self._sizes, dtype, initializer)


class InputProjectionWrapper(_Around):
    """A cell whose input is projected first."""

    def __init__(self, cell, num_proj, activation=None, input_size=None, reuse=None):
        super().__init__(_reuse=reuse)
        self._cell, self._projected = cell, _Projection(num_proj, activation)

    def call(self, inputs, state):
        return self._cell(self._projected(inputs), state)


class OutputProjectionWrapper(_Around):
    """A cell whose output is projected."""

    def __init__(self, cell, output_size, activation=None, reuse=None):
        super().__init__(_reuse=reuse)
        if output_size < 1:
            raise ValueError(f"output_size is {output_size}, not above 0.")
        self._cell, self._projected = cell, _Projection(output_size, activation)

    @property
    def output_size(self):
        return self._projected.size

    def call(self, inputs, state):
        made, after = self._cell(inputs, state)
        return self._projected(made), after


class CompiledWrapper(_Around):
    """A cell that XLA compiled, where there was one to compile it."""

    def __init__(self, cell, compile_stateful=False):
        self._cell = cell

    def __call__(self, inputs, state, scope=None):
        graph = ops.get_default_graph()
        before = len(graph.get_operations())
        result = self._cell(inputs, state, scope=scope)
        loops.compiled(graph, graph.get_operations()[before:])
        return result


class HighwayWrapper(_Around):
    """A cell whose output is mixed with its input, by gates that it learns."""

    def __init__(self, cell, couple_carry_transform_gates=True, carry_bias_init=1.0):
        self._cell, self._coupled = cell, couple_carry_transform_gates
        self._carry_bias_init = carry_bias_init

    def __call__(self, inputs, state, scope=None):
        outputs, state = self._cell(inputs, state, scope=scope)
        nest.assert_same_structure(inputs, outputs)
        nest.map_structure(lambda before, after: before.shape.assert_is_compatible_with(
            after.shape), inputs, outputs)
        return nest.map_structure(self._mixed, inputs, outputs), state

    def _mixed(self, before, after):
        size = before.shape.with_rank(2).dims[1].value

        def gate(name, bias):
            weight = variable_scope.get_variable(name + "_w", [size, size])
            bias = variable_scope.get_variable(
                name + "_b", [size], initializer=init_ops.constant_initializer(bias))
            return math_ops.sigmoid(nn_ops.xw_plus_b(before, weight, bias))
        carry = gate("carry", self._carry_bias_init)
        transform = 1 - carry if self._coupled else gate("transform", -self._carry_bias_init)
        return before * carry + after * transform


class AttentionCellWrapper(RNNCell):
    """A cell that attends to its last outputs, as many as `attn_length`."""

    def __init__(self, cell, attn_length, attn_size=None, attn_vec_size=None, input_size=None,
                 state_is_tuple=True, reuse=None):
        super().__init__(_reuse=reuse)
        if nest.is_nested(cell.state_size) and not state_is_tuple:
            raise ValueError(f"The cell's state is several tensors, {cell.state_size}, for which "
                             "state_is_tuple=True is needed.")
        if attn_length <= 0:
            raise ValueError(f"attn_length is {attn_length}, not above 0.")
        self._cell, self._length = cell, attn_length
        self._size = cell.output_size if attn_size is None else attn_size
        self._vector = self._size if attn_vec_size is None else attn_vec_size
        self._input_size, self._state_is_tuple = input_size, state_is_tuple
        self._of_inputs = self._of_output = self._of_query = None

    @property
    def state_size(self):
        sizes = self._cell.state_size, self._size, self._size * self._length
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._size

    def call(self, inputs, state):
        state, attended, past = state if self._state_is_tuple else self._parts(state)
        past = array_ops.reshape(past, [-1, self._length, self._size])
        if self._of_inputs is None:
            size = self._input_size
            self._of_inputs = Linear(
                [inputs, attended], inputs.shape.as_list()[1] if size is None else size, True)
        output, state = self._cell(self._of_inputs([inputs, attended]), state)
        query = array_ops.concat(nest.flatten(state), 1) if self._state_is_tuple else state
        attended, past = self._attend(query, past)
        with variable_scope.variable_scope("attn_output_projection"):
            if self._of_output is None:
                self._of_output = Linear([output, attended], self._size, True)
            output = self._of_output([output, attended])
        past = array_ops.concat([past, array_ops.expand_dims(output, 1)], 1)
        past = array_ops.reshape(past, [-1, self._length * self._size])
        state = state, attended, past
        return output, state if self._state_is_tuple else array_ops.concat(list(state), 1)

    def _parts(self, states):
        first, parts = 0, []
        for size in (self._cell.state_size, self._size, self._size * self._length):
            parts.append(array_ops.slice(states, [0, first], [-1, size]))
            first += size
        return parts

    def _attend(self, query, past):
        with variable_scope.variable_scope("attention"):
            weights = variable_scope.get_variable("attn_w", [1, 1, self._size, self._vector])
            score = variable_scope.get_variable("attn_v", [self._vector])
            hidden = array_ops.reshape(past, [-1, self._length, 1, self._size])
            features = nn_ops.conv2d(hidden, weights, [1, 1, 1, 1], "SAME")
            if self._of_query is None:
                self._of_query = Linear(query, self._vector, True)
            asked = array_ops.reshape(self._of_query(query), [-1, 1, 1, self._vector])
            scores = math_ops.reduce_sum(score * math_ops.tanh(features + asked), [2, 3])
            shares = array_ops.reshape(nn_ops.softmax(scores), [-1, self._length, 1, 1])
            attended = math_ops.reduce_sum(shares * hidden, [1, 2])
            return array_ops.reshape(attended, [-1, self._size]), \
                array_ops.slice(past, [0, 1, 0], [-1, -1, -1])
