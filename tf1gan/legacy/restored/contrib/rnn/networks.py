"""Networks of contrib.rnn alone: stacks of bidirectional ones, fused cells."""

from tensorflow.python.ops import array_ops, rnn, variable_scope


def stack_bidirectional_rnn(cells_fw, cells_bw, inputs, initial_states_fw=None,
                            initial_states_bw=None, dtype=None, sequence_length=None, scope=None):
    """Bidirectional networks on one another, of a list of [batch, size].

    Returns:
      outputs, and the last states of each network forwards and backwards.
    """
    def network(cells, states, inputs, own_scope):
        return rnn.static_bidirectional_rnn(
            *cells, inputs, initial_state_fw=states[0], initial_state_bw=states[1],
            sequence_length=sequence_length, dtype=dtype, scope=own_scope)
    return _stacked(network, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw,
                    scope)


def stack_bidirectional_dynamic_rnn(
        cells_fw, cells_bw, inputs, initial_states_fw=None, initial_states_bw=None, dtype=None,
        sequence_length=None, parallel_iterations=None, time_major=False, scope=None,
        swap_memory=False):
    """The same of a tensor [batch, time, size], in loops of the graph."""
    def network(cells, states, inputs, own_scope):
        outputs, (forwards, backwards) = rnn.bidirectional_dynamic_rnn(
            *cells, inputs, initial_state_fw=states[0], initial_state_bw=states[1],
            sequence_length=sequence_length, parallel_iterations=parallel_iterations, dtype=dtype,
            swap_memory=swap_memory, time_major=time_major)
        return array_ops.concat(outputs, 2), forwards, backwards
    return _stacked(network, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw,
                    scope)


def _stacked(network, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw, scope):
    for name, cells in (("fw", cells_fw), ("bw", cells_bw)):
        if not cells or not isinstance(cells, list):
            raise ValueError(f"cells_{name} is a list with a cell for each layer.")
    if len(cells_fw) != len(cells_bw):
        raise ValueError(f"There are {len(cells_fw)} layers forwards, and {len(cells_bw)} "
                         "backwards.")
    for name, states in (("fw", initial_states_fw), ("bw", initial_states_bw)):
        if states is not None and (not isinstance(states, list) or len(states) != len(cells_fw)):
            raise ValueError(f"initial_states_{name} is a list with a state for each layer.")
    nothing = [None] * len(cells_fw)
    ends = []
    with variable_scope.variable_scope(scope or "stack_bidirectional_rnn"):
        for place, layer in enumerate(zip(zip(cells_fw, cells_bw), zip(
                initial_states_fw or nothing, initial_states_bw or nothing))):
            with variable_scope.variable_scope(f"cell_{place}") as own_scope:
                inputs, *end = network(*layer, inputs, own_scope)
            ends.append(end)
    forwards, backwards = zip(*ends)
    return inputs, forwards, backwards


class FusedRNNCell:
    """A network over time, which is called with all of its inputs."""

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        raise NotImplementedError


class FusedRNNCellAdaptor(FusedRNNCell):
    """A cell as a network over time."""

    def __init__(self, cell, use_dynamic_rnn=False):
        self._cell, self._dynamic = cell, use_dynamic_rnn

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        is_list = isinstance(inputs, list)
        named = dict(initial_state=initial_state, dtype=dtype, sequence_length=sequence_length,
                     scope=scope)
        if self._dynamic:
            inputs = array_ops.stack(inputs) if is_list else inputs
            outputs, state = rnn.dynamic_rnn(self._cell, inputs, time_major=True, **named)
            return array_ops.unstack(outputs) if is_list else outputs, state
        inputs = inputs if is_list else array_ops.unstack(inputs)
        outputs, state = rnn.static_rnn(self._cell, inputs, **named)
        return outputs if is_list else array_ops.stack(outputs), state


class TimeReversedFusedRNN(FusedRNNCell):
    """A network that reads its inputs from the last to the first."""

    def __init__(self, cell):
        self._cell = cell

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        outputs, state = self._cell(
            _reversed(inputs, sequence_length), initial_state=initial_state, dtype=dtype,
            sequence_length=sequence_length, scope=scope)
        return _reversed(outputs, sequence_length), state


def _reversed(inputs, lengths):
    if isinstance(inputs, list):
        return inputs[::-1]
    if lengths is None:
        return array_ops.reverse_v2(inputs, [0])
    return array_ops.reverse_sequence(inputs, lengths, 0, 1)
