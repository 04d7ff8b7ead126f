"""Cells of several dimensions: the output of one is among what the next one reads."""

import functools

from tensorflow.python.framework import tensor_shape

from tf1gan.legacy.api import slim_repairs


def make(tf):
    """name -> class."""
    cells, layers = tf.nn.rnn_cell, slim_repairs.module("layers")

    class GridRNNCell(cells.RNNCell):
        """A cell of `num_dims` dimensions.

        Args:
          input_dims, output_dims: those that read the input, and that are put out.
          priority_dims: those that come last, and see what the others put out.
          non_recurrent_dims: those that are a layer of `non_recurrent_fn`, and no cell.
          tied: whether all dimensions have the same weights.
          cell_fn: a number of units -> a cell; without it, an LSTMCell.
        """

        def __init__(self, num_units, num_dims=1, input_dims=None, output_dims=None,
                     priority_dims=None, non_recurrent_dims=None, tied=False, cell_fn=None,
                     non_recurrent_fn=None, state_is_tuple=True, output_is_tuple=True):
            if num_dims < 1:
                raise ValueError(f"There is 1 dimension or more, not {num_dims}.")
            self._inputs, self._outputs, self._last, plain = (
                _dims(dims, num_dims) for dims in (input_dims, output_dims, priority_dims,
                                                   non_recurrent_dims))
            self._units, self._number, self._tied = num_units, num_dims, tied
            self._activation = non_recurrent_fn or tf.nn.relu
            self._recurrent = [dim for dim in range(num_dims) if dim not in plain]
            self._is_state_tuple, self._is_output_tuple = state_is_tuple, output_is_tuple
            make_cell = functools.partial(cell_fn, num_units) if cell_fn is not None else \
                functools.partial(cells.LSTMCell, num_units, state_is_tuple=state_is_tuple)
            self._cells = [make_cell()] * num_dims if tied else [
                make_cell() for _ in range(num_dims)]
            first = self._cells[0]
            if not isinstance(first, cells.RNNCell):
                raise TypeError(f"A cell_fn makes a cell, not {type(first)}.")
            self._output_size = tuple([first.output_size] * len(self._outputs)) \
                if output_is_tuple else first.output_size * len(self._outputs)
            self._state_size = tuple([first.state_size] * len(self._recurrent)) \
                if state_is_tuple else self._whole() * len(self._recurrent)

        output_size = property(lambda self: self._output_size)
        state_size = property(lambda self: self._state_size)

        def _whole(self):
            """How many numbers the state of a dimension has."""
            size = self._cells[0].state_size
            return sum(size) if isinstance(size, tuple) else size

        def __call__(self, inputs, state, scope=None):
            memories, before = self._read(state)
            after, states = [None] * self._number, [None] * self._number
            with tf.variable_scope(scope or type(self).__name__):
                self._project(inputs, memories, before)
                rest = [dim for dim in range(self._number) if dim not in self._last]
                for dims, is_first in ((rest, True), (self._last, False)):
                    self._step(dims, memories, before, after, states, is_first)
                outputs = [after[dim] for dim in self._outputs]
                nothing = tf.zeros([0, 0], inputs.dtype) if not (
                    self._is_output_tuple and self._is_state_tuple) else None
                output = tuple(outputs) if self._is_output_tuple else tf.concat(outputs, 1) \
                    if outputs else nothing
                if self._is_state_tuple:
                    return output, tuple(states[dim] for dim in self._recurrent)
                parts = [part for dim in self._recurrent for part in states[dim]]
                return output, tf.concat(parts, 1) if parts else nothing

        def _read(self, state):
            """What each dimension remembers, and has put out: [dims], [dims]."""
            memories, before = [None] * self._number, [None] * self._number
            size = self._whole()
            has_memory = size > self._units
            if self._is_state_tuple:
                if len(self._recurrent) != len(state):
                    raise ValueError(f"The state has {len(self._recurrent)} parts, not "
                                     f"{len(state)}.")
                for dim, part in zip(self._recurrent, state):
                    if has_memory:
                        memories[dim], before[dim] = part
                    else:
                        before[dim] = part
                return memories, before
            for place, dim in enumerate(self._recurrent):
                first = place * size
                if has_memory:
                    memories[dim] = tf.slice(state, [0, first], [-1, self._units])
                    first += self._units
                before[dim] = tf.slice(state, [0, first], [-1, size - self._units
                                                           if has_memory else self._units])
            return memories, before

        def _project(self, inputs, memories, before):
            """Has the dimensions that read the input begin with it."""
            several = isinstance(inputs, tuple)
            if inputs is None or not self._inputs or not several and \
                    not tensor_shape.dimension_value(inputs.shape.with_rank(2)[1]):
                return
            if several and len(inputs) != len(self._inputs):
                raise ValueError(f"The inputs are {len(self._inputs)}, not {len(inputs)}.")
            parts = inputs if several else tf.split(inputs, len(self._inputs), axis=1)
            size = tensor_shape.dimension_value(parts[0].shape.with_rank(2)[1])
            for part, dim in zip(parts, self._inputs):
                for kind, held in (("m", before), ("c", memories)):
                    if kind == "m" or self._whole() > self._units:
                        held[dim] = tf.matmul(part, tf.get_variable(
                            f"project_{kind}_{dim}", [size, self._units], dtype=part.dtype))

        def _step(self, dims, memories, before, after, states, is_first):
            if not dims:
                return
            seen = [old if new is None else new for new, old in zip(after, before)]
            own = seen[-1]
            others = tf.concat(seen[:-1], 1) if self._number > 1 else tf.zeros(
                [own.shape.as_list()[0], 0], own.dtype)
            for dim in dims:
                is_cell = dim in self._recurrent
                scope = "recurrent" if is_cell else "non_recurrent"
                with tf.variable_scope(scope if self._tied else f"{scope}/cell_{dim}"):
                    if self._tied and not (is_first and dim == dims[0]):
                        tf.get_variable_scope().reuse_variables()
                    if is_cell:
                        held = own if memories[dim] is None else (memories[dim], own)
                        after[dim], states[dim] = self._cells[dim](others, held)
                    else:
                        around = tf.get_variable_scope()
                        if around.initializer is None:      # an error on 1.15.5, too
                            raise AttributeError(
                                "A dimension that is no cell takes the initializer of the "
                                "variable_scope around it, and there is none.")
                        after[dim] = layers.fully_connected(
                            tf.concat([others, own], 1) if self._number > 1 else own, self._units,
                            activation_fn=self._activation,
                            weights_initializer=around.initializer,
                            weights_regularizer=around.regularizer)

    def single(cell, **usual):
        """A class of one dimension."""
        def __init__(self, num_units, *arguments, **named):
            named = _named(tuple(usual) + ("state_is_tuple", "output_is_tuple"), arguments, named)
            how = {name: named.pop(name, value) for name, value in usual.items()}
            GridRNNCell.__init__(self, num_units, 1, 0, 0, 0,
                                 cell_fn=lambda n: cell(n, **how), **named)
        return __init__

    def several(number, cell, **usual):
        """A class of `number` dimensions, the first of which has the input, and the output."""
        def __init__(self, num_units, *arguments, **named):
            named = _named(("tied", "non_recurrent_fn") + tuple(usual)
                           + ("state_is_tuple", "output_is_tuple"), arguments, named)
            how = {name: named.pop(name, value) for name, value in usual.items()}
            plain = None if named.get("non_recurrent_fn") is None else 0
            GridRNNCell.__init__(self, num_units, number, 0, 0, 0, plain,
                                 cell_fn=lambda n: cell(n, **how), **named)
        return __init__
    lstm, basic = dict(use_peepholes=False, forget_bias=1.0), dict(forget_bias=1)
    made = {name: type(name, (GridRNNCell,), {"__init__": init}) for name, init in (
        ("Grid1BasicRNNCell", single(cells.BasicRNNCell)),
        ("Grid2BasicRNNCell", several(2, cells.BasicRNNCell)),
        ("Grid1BasicLSTMCell", single(cells.BasicLSTMCell, **basic)),
        ("Grid2BasicLSTMCell", several(2, cells.BasicLSTMCell, **basic)),
        ("Grid1LSTMCell", single(cells.LSTMCell, **lstm)),
        ("Grid2LSTMCell", several(2, cells.LSTMCell, **lstm)),
        ("Grid3LSTMCell", several(3, cells.LSTMCell, **lstm)),
        ("Grid2GRUCell", several(2, cells.GRUCell)))}
    return dict(made, GridRNNCell=GridRNNCell)


def _dims(dims, number):
    dims = [] if dims is None else dims if isinstance(dims, (list, tuple)) else [dims]
    if any(not 0 <= dim < number for dim in dims):
        raise ValueError(f"Dimensions are from 0 to {number - 1}, not {dims}.")
    return sorted(set(dims))


def _named(names, arguments, named):
    """Arguments by their names. Raises TypeError, as Python does, for what is none of these."""
    wrong = set(named) - set(names)
    if wrong or len(arguments) > len(names):
        raise TypeError(f"A cell takes {names}, and no {sorted(wrong) or 'more'}.")
    return dict(zip(names, arguments), **named)
