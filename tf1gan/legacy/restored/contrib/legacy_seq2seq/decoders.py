"""Decoders that are unrolled: a list of inputs in, a list of outputs out."""

from tensorflow.python.framework import dtypes, ops
from tensorflow.python.ops import array_ops, embedding_ops, math_ops, nn_ops, variable_scope
from tensorflow.python.util import nest

from tf1gan.legacy.restored.contrib.rnn.linear import linear

_get, _scope = variable_scope.get_variable, variable_scope.variable_scope


def embedding_of_the_likeliest(embedding, output_projection=None, update_embedding=True):
    """A loop function: (output, step) -> next input."""
    def next_input(output, _):
        if output_projection is not None:
            output = nn_ops.xw_plus_b(output, output_projection[0], output_projection[1])
        embedded = embedding_ops.embedding_lookup(embedding, math_ops.argmax(output, 1))
        return embedded if update_embedding else array_ops.stop_gradient(embedded)
    return next_input


def fitting(projection, symbols, dtype, with_weights=True):
    """Makes sure of the shapes of an output projection, if there is one."""
    if projection is None:
        return
    shapes = [None, symbols], [symbols]
    for part, shape in list(zip(projection, shapes))[0 if with_weights else 1:]:
        ops.convert_to_tensor(part, dtype=dtype).shape.assert_is_compatible_with(shape)


def rnn_decoder(decoder_inputs, initial_state, cell, loop_function=None, scope=None):
    """A cell along its inputs, or along what a function makes of its outputs.

    Returns:
      (outputs, last state).
    """
    with _scope(scope or "rnn_decoder"):
        state, outputs = initial_state, []
        for step, value in enumerate(decoder_inputs):
            if loop_function is not None and outputs:
                with _scope("loop_function", reuse=True):
                    value = loop_function(outputs[-1], step)
            if step > 0:
                variable_scope.get_variable_scope().reuse_variables()
            output, state = cell(value, state)
            outputs.append(output)
    return outputs, state


def embedding_rnn_decoder(decoder_inputs, initial_state, cell, num_symbols, embedding_size,
                          output_projection=None, feed_previous=False,
                          update_embedding_for_previous=True, scope=None):
    """The same of symbols, which are embedded."""
    with _scope(scope or "embedding_rnn_decoder") as own_scope:
        fitting(output_projection, num_symbols, own_scope.dtype)
        embedding = _get("embedding", [num_symbols, embedding_size])
        loop = embedding_of_the_likeliest(
            embedding, output_projection, update_embedding_for_previous) if feed_previous else None
        embedded = (embedding_ops.embedding_lookup(embedding, part) for part in decoder_inputs)
        return rnn_decoder(embedded, initial_state, cell, loop_function=loop)


def attention_decoder(decoder_inputs, initial_state, attention_states, cell, output_size=None,
                      num_heads=1, loop_function=None, dtype=None, scope=None,
                      initial_state_attention=False):
    """A decoder that attends to states, [batch, length, size]."""
    if not decoder_inputs:
        raise ValueError("The attention decoder has no inputs.")
    if num_heads < 1:
        raise ValueError(f"An attention decoder has a head at least, not {num_heads}.")
    size = attention_states.shape.dims[2].value
    if size is None:
        raise ValueError("attention_states has a last axis of unknown size: "
                         f"{attention_states.shape}")
    output_size = cell.output_size if output_size is None else output_size
    with _scope(scope or "attention_decoder", dtype=dtype) as own_scope:
        dtype = own_scope.dtype
        rows = array_ops.shape(decoder_inputs[0])[0]
        length = attention_states.shape.dims[1].value
        if length is None:
            length = array_ops.shape(attention_states)[1]
        hidden = array_ops.reshape(attention_states, [-1, length, 1, size])
        heads = []
        for head in range(num_heads):
            weights = _get(f"AttnW_{head}", [1, 1, size, size], dtype=dtype)
            features = nn_ops.conv2d(hidden, weights, [1, 1, 1, 1], "SAME")
            heads.append((features, _get(f"AttnV_{head}", [size], dtype=dtype)))

        def attend(query):
            if nest.is_nested(query):
                query = array_ops.concat(nest.flatten(query), 1)
            read = []
            for head, (features, score) in enumerate(heads):
                with _scope(f"Attention_{head}"):
                    asked = array_ops.reshape(linear(query, size, True), [-1, 1, 1, size])
                    scores = math_ops.reduce_sum(score * math_ops.tanh(
                        features + math_ops.cast(asked, dtype)), [2, 3])
                    shares = math_ops.cast(nn_ops.softmax(math_ops.cast(scores, dtypes.float32)),
                                           dtype)
                    shares = array_ops.reshape(shares, [-1, length, 1, 1])
                    read.append(array_ops.reshape(
                        math_ops.reduce_sum(shares * hidden, [1, 2]), [-1, size]))
            return read
        state, outputs = initial_state, []
        shape = array_ops.stack([rows, size])

        def nothing():
            made = array_ops.zeros(shape, dtype=dtype)
            made.set_shape([None, size])
            return made
        attended = [nothing() for _ in range(num_heads)]
        if initial_state_attention:
            attended = attend(initial_state)
        for step, value in enumerate(decoder_inputs):
            if step > 0:
                variable_scope.get_variable_scope().reuse_variables()
            if loop_function is not None and outputs:
                with _scope("loop_function", reuse=True):
                    value = loop_function(outputs[-1], step)
            width = value.shape.with_rank(2).dims[1].value
            if width is None:
                raise ValueError(f"The size of {value.name} is not known.")
            both = [math_ops.cast(part, dtype) for part in [value] + attended]
            output, state = cell(linear(both, width, True), state)
            if step == 0 and initial_state_attention:
                with _scope(variable_scope.get_variable_scope(), reuse=True):
                    attended = attend(state)
            else:
                attended = attend(state)
            with _scope("AttnOutputProjection"):
                output = linear([math_ops.cast(output, dtype)] + attended, output_size, True)
            outputs.append(output)
    return outputs, state


def embedding_attention_decoder(
        decoder_inputs, initial_state, attention_states, cell, num_symbols, embedding_size,
        num_heads=1, output_size=None, output_projection=None, feed_previous=False,
        update_embedding_for_previous=True, dtype=None, scope=None,
        initial_state_attention=False):
    """The same of symbols, which are embedded."""
    fitting(output_projection, num_symbols, dtype, with_weights=False)
    with _scope(scope or "embedding_attention_decoder", dtype=dtype):
        embedding = _get("embedding", [num_symbols, embedding_size])
        loop = embedding_of_the_likeliest(
            embedding, output_projection, update_embedding_for_previous) if feed_previous else None
        embedded = [embedding_ops.embedding_lookup(embedding, part) for part in decoder_inputs]
        return attention_decoder(
            embedded, initial_state, attention_states, cell,
            output_size=cell.output_size if output_size is None else output_size,
            num_heads=num_heads, loop_function=loop,
            initial_state_attention=initial_state_attention)
