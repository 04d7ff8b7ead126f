"""Whole models: an encoder, and a decoder that goes on from its state."""

import copy

from tensorflow.python.framework import dtypes
from tensorflow.python.ops import array_ops, cond, embedding_ops, rnn, variable_scope
from tensorflow.python.util import nest

from tf1gan.legacy.restored.contrib.legacy_seq2seq.decoders import (
    embedding_attention_decoder,
    embedding_of_the_likeliest,
    embedding_rnn_decoder,
    fitting,
    rnn_decoder,
)
from tf1gan.legacy.restored.contrib.rnn.wrappers import EmbeddingWrapper, OutputProjectionWrapper

_scope = variable_scope.variable_scope


def basic_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, dtype=dtypes.float32, scope=None):
    """An encoder and a decoder of the same cell, with weights of their own."""
    with _scope(scope or "basic_rnn_seq2seq"):
        _, state = rnn.static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, loop_function=None,
                     dtype=dtypes.float32, scope=None):
    """The same with the same weights."""
    with _scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = rnn.static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        variable_scope.get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function=loop_function, scope=scope)


def _decoded(decode, feed_previous, steps, like):
    """What a decoder gives, if a tensor says whether it is fed its own outputs.

    Args:
      decode: whether it is fed them -> (outputs, state).
      like: a state of the same structure; or a function that gives it.
    """
    if isinstance(feed_previous, bool):
        return decode(feed_previous)

    def flat(feeds):
        with _scope(variable_scope.get_variable_scope(), reuse=None if feeds else True):
            outputs, state = decode(feeds)
            return outputs + (nest.flatten(state) if nest.is_nested(state) else [state])
    both = cond.cond(feed_previous, lambda: flat(True), lambda: flat(False))
    outputs, state = both[:steps], both[steps:]
    like = like() if callable(like) else like
    return outputs, nest.pack_sequence_as(like, state) if nest.is_nested(like) else state[0]


def embedding_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, num_encoder_symbols,
                          num_decoder_symbols, embedding_size, output_projection=None,
                          feed_previous=False, dtype=None, scope=None):
    """Symbols to symbols."""
    with _scope(scope or "embedding_rnn_seq2seq") as own_scope:
        if dtype is not None:
            own_scope.set_dtype(dtype)
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        _, state = rnn.static_rnn(encoder, encoder_inputs, dtype=dtype or own_scope.dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(feeds):
            return embedding_rnn_decoder(
                decoder_inputs, state, cell, num_decoder_symbols, embedding_size,
                output_projection=output_projection, feed_previous=feeds,
                update_embedding_for_previous=isinstance(feed_previous, bool))
        return _decoded(decode, feed_previous, len(decoder_inputs), state)


def embedding_tied_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, num_symbols, embedding_size,
                               num_decoder_symbols=None, output_projection=None,
                               feed_previous=False, dtype=None, scope=None):
    """Symbols to the same symbols, with one embedding and one cell."""
    with _scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as own_scope:
        dtype = own_scope.dtype
        fitting(output_projection, num_symbols, dtype)
        embedding = variable_scope.get_variable("embedding", [num_symbols, embedding_size],
                                                dtype=dtype)
        encoded, decoded = ([embedding_ops.embedding_lookup(embedding, part) for part in parts]
                            for parts in (encoder_inputs, decoder_inputs))
        if output_projection is None:
            cell = OutputProjectionWrapper(
                cell, num_symbols if num_decoder_symbols is None else num_decoder_symbols)

        def decode(feeds):
            loop = embedding_of_the_likeliest(
                embedding, output_projection, isinstance(feed_previous, bool)) if feeds else None
            return tied_rnn_seq2seq(encoded, decoded, cell, loop_function=loop, dtype=dtype)

        def like():
            rows = encoder_inputs[0].shape.dims[0].value
            return cell.zero_state(
                array_ops.shape(encoder_inputs[0])[0] if rows is None else rows, dtype)
        return _decoded(decode, feed_previous, len(decoder_inputs), like)


def embedding_attention_seq2seq(encoder_inputs, decoder_inputs, cell, num_encoder_symbols,
                                num_decoder_symbols, embedding_size, num_heads=1,
                                output_projection=None, feed_previous=False, dtype=None,
                                scope=None, initial_state_attention=False):
    """Symbols to symbols, with attention to the encoder's outputs."""
    with _scope(scope or "embedding_attention_seq2seq", dtype=dtype) as own_scope:
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        outputs, state = rnn.static_rnn(encoder, encoder_inputs, dtype=own_scope.dtype)
        attention_states = array_ops.concat(
            [array_ops.reshape(output, [-1, 1, cell.output_size]) for output in outputs], 1)
        output_size = None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decode(feeds):
            return embedding_attention_decoder(
                decoder_inputs, state, attention_states, cell, num_decoder_symbols,
                embedding_size, num_heads=num_heads, output_size=output_size,
                output_projection=output_projection, feed_previous=feeds,
                update_embedding_for_previous=isinstance(feed_previous, bool),
                initial_state_attention=initial_state_attention)
        return _decoded(decode, feed_previous, len(decoder_inputs), state)


def one2many_rnn_seq2seq(encoder_inputs, decoder_inputs_dict, enc_cell, dec_cells_dict,
                         num_encoder_symbols, num_decoder_symbols_dict, embedding_size,
                         feed_previous=False, dtype=None, scope=None):
    """Symbols to several sequences of symbols, by name: (outputs by name, states by name)."""
    if set(dec_cells_dict) != set(decoder_inputs_dict):
        raise ValueError(f"There are cells for {sorted(dec_cells_dict)}, and inputs for "
                         f"{sorted(decoder_inputs_dict)}.")
    all_outputs, states = {}, {}
    with _scope(scope or "one2many_rnn_seq2seq", dtype=dtype) as own_scope:
        encoder = EmbeddingWrapper(enc_cell, num_encoder_symbols, embedding_size)
        _, state = rnn.static_rnn(encoder, encoder_inputs, dtype=own_scope.dtype)
        for name, inputs in decoder_inputs_dict.items():
            symbols = num_decoder_symbols_dict[name]
            with _scope(f"one2many_decoder_{name}"):
                cell = OutputProjectionWrapper(dec_cells_dict[name], symbols)

                def decode(feeds, inputs=inputs, cell=cell, symbols=symbols):
                    return embedding_rnn_decoder(inputs, state, cell, symbols, embedding_size,
                                                 feed_previous=feeds)
                all_outputs[name], states[name] = _decoded(decode, feed_previous, len(inputs),
                                                           state)
    return all_outputs, states
