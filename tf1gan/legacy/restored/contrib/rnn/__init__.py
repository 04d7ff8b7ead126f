"""`tf.contrib.rnn`: `tf.nn.rnn_cell`, what `tf.nn` has of networks, and cells that only it had."""

DROPPED = "2.0"
GIVES = """
AttentionCellWrapper BasicLSTMCell BasicRNNCell CompiledWrapper Conv1DLSTMCell Conv2DLSTMCell
Conv3DLSTMCell ConvLSTMCell CoupledInputForgetGateLSTMCell DeviceWrapper DropoutWrapper
EmbeddingWrapper FusedRNNCell FusedRNNCellAdaptor GLSTMCell GRUBlockCell GRUBlockCellV2 GRUCell
HighwayWrapper IndRNNCell IndyGRUCell IndyLSTMCell InputProjectionWrapper IntersectionRNNCell
LSTMBlockCell LSTMBlockFusedCell LSTMBlockWrapper LSTMCell LSTMStateTuple LayerNormBasicLSTMCell
LayerRNNCell MultiRNNCell NASCell OutputProjectionWrapper PhasedLSTMCell RNNCell ResidualWrapper
SRUCell TimeReversedFusedRNN UGRNNCell best_effort_input_batch_size
stack_bidirectional_dynamic_rnn stack_bidirectional_rnn static_bidirectional_rnn static_rnn
static_state_saving_rnn transpose_batch_time
"""
NEEDS = ("tf_slim",)    # for layer normalization
PATHS = ("python.ops.rnn_cell", "python.ops.rnn", "python.ops.core_rnn_cell", "python.ops.lstm_ops",
         "python.ops.gru_ops", "python.ops.fused_rnn_cell")
_FREQUENCIES = "cells along frequencies are few people's, and were left out"
REFUSED = dict.fromkeys(("BidirectionalGridLSTMCell", "GridLSTMCell", "TimeFreqLSTMCell"),
                        _FREQUENCIES)


def make(given):
    from tensorflow.python.ops import rnn

    from tf1gan.legacy.restored.contrib.rnn import (
        blocks,
        cells,
        more_cells,
        networks,
        wrappers,
    )
    from tf1gan.legacy.restored.contrib.rnn.linear import LayerRNNCell, Linear, linear
    names = {name: getattr(given.tf.nn.rnn_cell, name) for name in (
        "BasicLSTMCell", "BasicRNNCell", "DeviceWrapper", "DropoutWrapper", "GRUCell", "LSTMCell",
        "LSTMStateTuple", "MultiRNNCell", "RNNCell", "ResidualWrapper")}
    for module in (blocks, cells, more_cells, networks, wrappers):
        names.update({name: value for name, value in vars(module).items() if name in GIVES.split()})
    names.update(
        LayerRNNCell=LayerRNNCell, _Linear=Linear, _linear=linear,
        static_rnn=rnn.static_rnn, static_bidirectional_rnn=rnn.static_bidirectional_rnn,
        static_state_saving_rnn=rnn.static_state_saving_rnn,
        transpose_batch_time=rnn._transpose_batch_time,
        best_effort_input_batch_size=rnn._best_effort_input_batch_size)
    return names
