"""`tf.contrib.cudnn_rnn`: the cells that compute what cuDNN does, anywhere."""

DROPPED = "2.0"
GIVES = "CudnnCompatibleGRUCell CudnnCompatibleLSTMCell"
NEEDS = ()
PATHS = ("python.ops.cudnn_rnn_ops",)
_GPU = "it runs on a GPU alone, as it did on 1.15; CudnnCompatibleLSTMCell runs anywhere"
REFUSED = dict.fromkeys((
    "CudnnGRU", "CudnnGRUSaveable", "CudnnLSTM", "CudnnLSTMSaveable",
    "CudnnParamsFormatConverterGRU", "CudnnParamsFormatConverterLSTM",
    "CudnnParamsFormatConverterRelu", "CudnnParamsFormatConverterTanh", "CudnnRNNRelu",
    "CudnnRNNReluSaveable", "CudnnRNNTanh", "CudnnRNNTanhSaveable"), _GPU)


def make(given):
    from tf1gan.legacy.restored.contrib.rnn import cudnn
    return {name: getattr(cudnn, name) for name in GIVES.split()}
