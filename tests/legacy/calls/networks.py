"""tf.nn, tf.layers, tf.losses, tf.metrics, tf.keras.layers and its backend."""

MAPS = "f(2,8,8,3) | f(N,8,8,3) | f(N,N,N,3) || h(2,8,8,3) | f(U) | v(2,8,8,3)"
ROWS_OF = "f(2,3) | f(N,3) | f(N,N) | f(U) | f(2,4,3) || f(N,4,3) | d(2,3) | v(2,3) | f(3)"
POOL = ("[1, 2, 2, 1]", "[1, 2, 2, 1] | [1, 1, 1, 1]", "'VALID' | 'SAME'")
LABELS = "f(2,3) | f(N,3) | f(U) || i(2,3) | f(N,N)"
PREDICTED = "f(2,3) | f(N,3) | f(U) || f(N,N)"
WEIGHTS = "0.5 | f(2,1) | f() || 1.0 | 0.0 | f(2,3) | f(N,1) | f(N,3) | f(U) | 2 | [[1.], [2.]]"
REDUCTION = "reduction=tf.losses.Reduction.NONE | 'weighted_sum' || 'weighted_mean' | " \
            "'weighted_sum_over_batch_size' | 'weighted_sum_over_nonzero_weights'"
COLLECTION = "loss_collection=None"
INIT = "kernel_initializer=tf.zeros_initializer() | tf.random_normal_initializer(stddev=.1) || None"
REGULARIZER = "kernel_regularizer=tf.nn.l2_loss | tf.keras.regularizers.l2(.1) || tf.keras.regularizers.l1(.1)"
ACTIVATION = "activation=tf.nn.relu || tf.nn.leaky_relu | tf.nn.selu | tf.nn.softmax | tf.tanh"
IDS = "i(2) | l(N) | i(N) || i(U) | i(2,3) | 3 | [1, 2]"

ROWS = [
    *((f"tf.nn.{name}", ROWS_OF, "name='a'") for name in (
        "relu", "relu6", "elu", "selu", "crelu", "leaky_relu", "sigmoid", "tanh", "softplus",
        "softsign", "swish", "l2_loss", "zero_fraction")),
    ("tf.nn.leaky_relu", ROWS_OF, "alpha=0.1 | f() | c(0.1)"),
    ("tf.nn.crelu", "f(2,3) | f(N,3)", "axis=1"),
    *((f"tf.nn.{name}", ROWS_OF, "axis=-1 | 0 | 1", "dim=-1") for name in ("softmax", "log_softmax")),
    ("tf.nn.l2_normalize", ROWS_OF, "axis=0 | 1 | [0, 1] | c(1)", "epsilon=1e-6 | f()", "dim=1"),
    ("tf.nn.dropout", ROWS_OF, "keep_prob=0.5 | f() | c(0.5) || 1.0", "noise_shape=[2, 1] | [N, 1] | i(2)",
     "seed=3"),
    ("tf.nn.dropout", ROWS_OF, "rate=0.5 | f() | c(0.5) || 0.0 | 0", "noise_shape=[2, 1] | i(2)", "seed=3"),
    ("tf.nn.bias_add", MAPS, "f(3) | v(3)", "data_format='NHWC'"),
    ("tf.nn.bias_add", "f(2,3) | f(N,3)", "f(3)"), ("tf.nn.bias_add", "f(N,3,8,8)", "f(3)", "data_format='NCHW'"),
    ("tf.nn.xw_plus_b", "f(2,3) | f(N,3)", "v(3,4) | f(3,4)", "v(4)"),
    ("tf.nn.relu_layer", "f(2,3) | f(N,3)", "v(3,4)", "v(4)"),
    ("tf.nn.conv2d", MAPS, "v(3,3,3,4) | f(3,3,3,4) | rv(3,3,3,4)", "strides=[1, 2, 2, 1] | 2 | [2, 2]",
     "padding='SAME' | 'VALID' | [[0, 0], [1, 1], [1, 1], [0, 0]]", "dilations=[1, 2, 2, 1]"),
    ("tf.nn.conv2d", "f(2,3,8,8) | f(N,3,8,8)", "v(3,3,3,4)", "[1, 1, 2, 2]", "'SAME'", "data_format='NCHW'"),
    ("tf.nn.conv2d_transpose", "f(2,4,4,3) | f(N,4,4,3) | f(N,N,N,3)", "v(3,3,5,3) | f(3,3,5,3)",
     "[2, 8, 8, 5] | [i(), 8, 8, 5] | i(4) | c([2, 8, 8, 5]) | [tf.shape(f(N,3))[0], 8, 8, 5] | (2, 8, 8, 5)",
     "[1, 2, 2, 1] | 2", "padding='SAME'"),
    ("tf.nn.conv2d_backprop_input", "[2, 8, 8, 3] | i(4)", "v(3,3,3,4)", "f(2,4,4,4)", "[1, 2, 2, 1]", "'SAME'"),
    ("tf.nn.conv2d_backprop_filter", "f(2,8,8,3)", "[3, 3, 3, 4] | i(4)", "f(2,4,4,4)", "[1, 2, 2, 1]", "'SAME'"),
    ("tf.nn.conv1d", "f(2,8,3) | f(N,8,3) | f(N,N,3)", "v(3,3,4)", "2 | 1", "'SAME' | 'VALID'"),
    ("tf.nn.conv1d_transpose", "f(2,4,3) | f(N,4,3)", "v(3,5,3)", "[2, 8, 5] | i(3)", "2"),
    ("tf.nn.conv3d", "f(2,8,8,8,3) | f(N,8,8,8,3) | f(N,N,N,N,3)", "v(3,3,3,3,4)", "[1, 2, 2, 2, 1]", "'SAME' | 'VALID'"),
    ("tf.nn.conv3d_transpose", "f(2,4,4,4,3) | f(N,4,4,4,3)", "v(3,3,3,5,3)", "[2, 8, 8, 8, 5] | i(5)", "[1, 2, 2, 2, 1]"),
    ("tf.nn.atrous_conv2d", MAPS, "v(3,3,3,4)", "2 | 1", "'SAME' | 'VALID'"),
    ("tf.nn.atrous_conv2d_transpose", "f(2,8,8,3) | f(N,8,8,3)", "v(3,3,5,3)", "[2, 8, 8, 5]", "2", "'SAME'"),
    ("tf.nn.convolution", MAPS, "v(3,3,3,4)", "'SAME' | 'VALID'", "strides=[2, 2]", "dilation_rate=[2, 2]"),
    ("tf.nn.convolution", "f(2,8,3) | f(N,N,3)", "v(3,3,4)", "'SAME'", "dilation_rate=[2]"),
    ("tf.nn.depthwise_conv2d", MAPS, "v(3,3,3,2)", "[1, 1, 1, 1]", "'SAME' | 'VALID'", "rate=[2, 2] | [1, 1]"),
    ("tf.nn.depthwise_conv2d_native", MAPS, "v(3,3,3,2)", "[1, 2, 2, 1]", "'SAME'"),
    ("tf.nn.separable_conv2d", MAPS, "v(3,3,3,2)", "v(1,1,6,4)", "[1, 1, 1, 1]", "'SAME'", "rate=[2, 2]"),
    *((f"tf.nn.{name}", MAPS, *POOL) for name in ("max_pool", "avg_pool")),
    ("tf.nn.max_pool", "f(2,8,8,3)", "2 | [2, 2]", "2", "'SAME'"),
    ("tf.nn.max_pool_with_argmax", "f(2,8,8,3) | f(N,8,8,3)", *POOL),
    ("tf.nn.pool", MAPS, "[2, 2]", "'MAX' | 'AVG'", "'SAME' | 'VALID'", "strides=[2, 2]", "dilation_rate=[2, 2]"),
    *((f"tf.nn.{name}", "f(2,8,3) | f(N,N,3)", "2", "2", "'SAME'") for name in ("max_pool1d", "avg_pool1d")),
    *((f"tf.nn.{name}", "f(2,8,8,8,3) | f(N,N,N,N,3)", "[1, 2, 2, 2, 1]", "[1, 2, 2, 2, 1]", "'SAME'")
      for name in ("max_pool3d", "avg_pool3d")),
    ("tf.nn.fractional_max_pool", "f(2,8,8,3)", "[1.0, 1.4, 1.4, 1.0]", "seed=3"),
    ("tf.nn.dilation2d", "f(2,8,8,3)", "v(3,3,3)", "[1, 1, 1, 1]", "[1, 1, 1, 1]", "padding='SAME'"),
    ("tf.nn.lrn", "f(2,8,8,3) | f(N,N,N,3)", "depth_radius=4", "bias=1.", "alpha=.1", "beta=.75"),
    ("tf.nn.moments", ROWS_OF, "[0] | [0, 1] | [-1] | c([0]) | i(1)", "keep_dims=True", "shift=f()"),
    ("tf.nn.moments", MAPS, "[0, 1, 2] | [1, 2]", "keep_dims=True"),
    ("tf.nn.weighted_moments", "f(2,3) | f(N,3)", "[0] | [0, 1]", "f(2,3) | f(2,1) | 1."),
    ("tf.nn.sufficient_statistics", "f(2,3) | f(N,3)", "[0] | [0, 1]", "shift=f()"),
    ("tf.nn.normalize_moments", "f()", "f(3)", "f(3)", "None | f(3)"),
    ("tf.nn.batch_normalization", MAPS, "f(3) | v(3)", "f(3)", "f(3) | None", "f(3) | None", "1e-3 | f()"),
    ("tf.nn.batch_norm_with_global_normalization", "f(2,8,8,3)", "f(3)", "f(3)", "f(3)", "f(3)", "1e-3", "True"),
    ("tf.nn.fused_batch_norm", "f(2,8,8,3) | f(N,8,8,3) | f(N,N,N,3)", "f(3)", "f(3)", "epsilon=1e-4",
     "is_training=True"),
    ("tf.nn.fused_batch_norm", "f(2,8,8,3)", "f(3)", "f(3)", "f(3)", "f(3)", "is_training=False"),
    *((f"tf.nn.{name}", "labels=f(2,3) | f(N,3) | f(U) | tf.one_hot(i(2), 3) | tf.zeros_like(f(2,3))",
       "logits=f(2,3) | f(N,3) | f(U) | f(N,N)") for name in (
        "sigmoid_cross_entropy_with_logits", "softmax_cross_entropy_with_logits",
        "softmax_cross_entropy_with_logits_v2")),
    ("tf.nn.softmax_cross_entropy_with_logits_v2", "labels=f(2,5,3) | f(N,N,3) | i(2,5,3)",
     "logits=f(2,5,3) | f(N,N,3) | h(2,5,3)", "axis=-1 | 1", "dim=-1"),
    ("tf.nn.softmax_cross_entropy_with_logits", "labels=f(2,5,3)", "logits=f(2,5,3)", "dim=1"),
    ("tf.nn.sparse_softmax_cross_entropy_with_logits", "labels=i(2) | i(N) | i(U) | l(N) | i(2,5)",
     "logits=f(2,3) | f(N,3) | f(U) | f(2,5,3) | f(N,N,3) | h(2,3)"),
    ("tf.nn.weighted_cross_entropy_with_logits", "f(2,3) | f(N,3)", "f(2,3) | f(N,3)", "2. | f()"),
    ("tf.nn.log_poisson_loss", "f(2,3)", "f(2,3)", "compute_full_loss=True"),
    ("tf.nn.embedding_lookup", "v(5,3) | rv(5,3) | f(5,3) | [v(5,3), v(5,3)]", IDS, "max_norm=1.",
     "partition_strategy='div'"),
    ("tf.nn.embedding_lookup_sparse", "v(5,3)", "tf.SparseTensor([[0, 0]], [1], [2, 3])", "None", "combiner='sum' | 'mean'"),
    ("tf.nn.safe_embedding_lookup_sparse", "v(5,3)", "tf.SparseTensor([[0, 0]], cl([1]), [2, 3])", "combiner='sum'"),
    ("tf.nn.nce_loss", "v(10,3)", "v(10)", "l(2,1) | l(N,1)", "f(2,3) | f(N,3)", "4", "10", "num_true=1"),
    ("tf.nn.sampled_softmax_loss", "v(10,3)", "v(10)", "l(2,1) | l(N,1)", "f(2,3) | f(N,3)", "4", "10", "seed=3"),
    ("tf.nn.in_top_k", "f(2,3) | f(N,3)", "i(2) | i(N)", "1 | i()"), ("tf.nn.top_k", ROWS_OF, "2 | i() | 1", "sorted=False"),
    ("tf.nn.ctc_loss", "tf.SparseTensor([[0, 0]], [1], [2, 3])", "f(5,2,4) | f(N,2,4)", "i(2)", "time_major=False"),
    ("tf.nn.ctc_greedy_decoder", "f(5,2,4)", "i(2)"), ("tf.nn.ctc_beam_search_decoder", "f(5,2,4)", "i(2)"),
    ("tf.nn.with_space_to_batch", "f(2,8,8,3)", "[2, 2]", "'SAME'", "lambda x, n, p: x", "[3, 3]"),
    *((f"tf.nn.rnn_cell.{cell}(4).zero_state", "2 | i()", "tf.float32") for cell in (
        "BasicRNNCell", "GRUCell", "LSTMCell", "BasicLSTMCell")),
    *((f"tf.nn.rnn_cell.{cell}(4)", "f(2,3) | f(N,3)", "f(2,4)") for cell in ("BasicRNNCell", "GRUCell")),
    *((f"tf.nn.rnn_cell.{cell}(4)", "f(2,3) | f(N,3)", "(f(2,4), f(2,4))") for cell in ("LSTMCell", "BasicLSTMCell")),
    ("tf.nn.dynamic_rnn", "tf.nn.rnn_cell.GRUCell(4)", "f(2,5,3)", "dtype=tf.float32"),
    ("tf.nn.static_rnn", "tf.nn.rnn_cell.GRUCell(4)", "[f(2,3)]", "dtype=tf.float32"),
    # -- layers
    ("tf.layers.dense", ROWS_OF, "5 | 1", ACTIVATION, "use_bias=False", INIT, REGULARIZER, "name='a'",
     "trainable=False", "bias_initializer=tf.ones_initializer()", "kernel_constraint=tf.abs",
     "activity_regularizer=tf.nn.l2_loss"),
    ("tf.layers.flatten", "f(2,3,4) | f(N,3,4) | f(N,N,4) | f(U) | f(2,3) | f(N,3) | f(N,2,3,4) | f(2) | f(N)"),
    ("tf.layers.dropout", ROWS_OF, "rate=0.3 | f() || 0. | 0 | 1.", "training=True | b() | False || c(True)",
     "noise_shape=[2, 1] | (N, 1)", "seed=3"),
    ("tf.layers.batch_normalization", MAPS + " | f(2,3) | f(N,3) | f(2,5,3) | f(N,N,3) | f(2,4,4,4,3)",
     "training=True | b() || False | c(True)", "axis=1 | 3 | -1", "momentum=.9", "center=False", "scale=False", "fused=False | True",
     "renorm=True", "trainable=False", "gamma_initializer=tf.random_normal_initializer(1., .02)",
     "virtual_batch_size=1", "beta_regularizer=tf.nn.l2_loss"),
    ("tf.layers.batch_normalization", "f(2,3) | f(N,3) | f(2,5,3) | f(N,N,3)", "training=True | b() | False", "fused=False"),
    ("tf.layers.conv2d", MAPS, "4", "3 | [3, 3] | (1, 3)", "strides=2 | (2, 2)", "padding='same'", "dilation_rate=2",
     ACTIVATION, "use_bias=False", INIT, REGULARIZER),
    ("tf.layers.conv2d", "f(2,3,8,8) | f(N,3,8,8)", "4", "3", "data_format='channels_first'", "strides=2", "use_bias=False"),
    ("tf.layers.conv2d_transpose", MAPS, "4", "3 | [5, 5] | 2", "strides=2 | (2, 2)", "padding='same'", ACTIVATION,
     "use_bias=False", INIT, REGULARIZER),
    ("tf.layers.conv2d_transpose", "f(2,3,8,8) | f(N,3,8,8)", "4", "3", "strides=2", "data_format='channels_first'"),
    ("tf.layers.conv1d", "f(2,8,3) | f(N,8,3) | f(N,N,3)", "4", "3", "strides=2", "padding='same' | 'causal'", "dilation_rate=2",
     "use_bias=False"),
    ("tf.layers.conv3d", "f(2,8,8,8,3) | f(N,N,N,N,3)", "4", "3", "strides=2", "padding='same'", "dilation_rate=2"),
    ("tf.layers.conv3d_transpose", "f(2,4,4,4,3) | f(N,4,4,4,3) | f(N,N,N,N,3)", "4", "3", "strides=2", "padding='same'"),
    ("tf.layers.separable_conv2d", MAPS, "4", "3", "strides=2", "padding='same'", "depth_multiplier=2", "use_bias=False"),
    ("tf.layers.separable_conv1d", "f(2,8,3) | f(N,8,3)", "4", "3", "padding='same'", "strides=2"),
    *((f"tf.layers.{kind}_pooling2d", MAPS, "2 | [2, 2]", "2", "padding='same'") for kind in ("max", "average")),
    *((f"tf.layers.{kind}_pooling1d", "f(2,8,3) | f(N,8,3)", "2", "2", "padding='same'") for kind in ("max", "average")),
    *((f"tf.layers.{kind}_pooling3d", "f(2,8,8,8,3) | f(N,8,8,8,3)", "2", "2") for kind in ("max", "average")),
    ("tf.layers.max_pooling2d", "f(N,3,8,8)", "2", "2", "data_format='channels_first'"),
    ("tf.layers.Dense(5)", "f(2,3) | f(N,3)"), ("tf.layers.Flatten()", "f(N,3,4)"), ("tf.layers.Dropout(.5)", "f(2,3)", "training=True"),
    # -- losses
    *((f"tf.losses.{name}", LABELS, PREDICTED, f"weights={WEIGHTS}", REDUCTION, COLLECTION) for name in (
        "absolute_difference", "mean_squared_error", "log_loss", "huber_loss", "hinge_loss", "sigmoid_cross_entropy",
        "softmax_cross_entropy")),
    ("tf.losses.mean_pairwise_squared_error", LABELS, PREDICTED, "weights=0.5 | f(2,1)"),
    ("tf.losses.cosine_distance", LABELS, PREDICTED, "axis=1", "weights=0.5", REDUCTION),
    *((f"tf.losses.{name}", "f(2,3) | f(N,3)", "f(2,3) | f(N,3)", "label_smoothing=0.1 | f()") for name in (
        "sigmoid_cross_entropy", "softmax_cross_entropy")),
    ("tf.losses.sparse_softmax_cross_entropy", "i(2) | i(N) | l(N) | i(N,1) | i(U)", "f(2,3) | f(N,3) | f(U)",
     "weights=0.5 | f(2) | f(N)", REDUCTION),
    ("tf.losses.compute_weighted_loss", "f(2,3) | f(N,3) | f(U) | f()", f"weights={WEIGHTS}", REDUCTION),
    ("tf.losses.huber_loss", "f(2,3)", "f(2,3)", "delta=2. | f()"), ("tf.losses.log_loss", "f(2,3)", "f(2,3)", "epsilon=1e-3"),
    ("tf.losses.get_total_loss", "add_regularization_losses=False"), ("tf.losses.get_regularization_loss",),
    ("[tf.losses.mean_squared_error(f(2,3), f(2,3)), tf.losses.get_total_loss()].__getitem__", "1"),
    ("[tf.layers.dense(f(2,3), 4, kernel_regularizer=tf.nn.l2_loss), tf.losses.get_total_loss()].__getitem__", "1"),
    ("[tf.losses.log_loss(f(2,3), f(2,3)), tf.losses.log_loss(f(2,3), f(2,3)), tf.losses.get_total_loss()].__getitem__", "2"),
    # -- metrics
    *((f"tf.metrics.{name}", "f(2,3) | f(N,3) | f(N) | f(U)", "f(2,3) | f(N,3) | f(N)", "weights=f(2,3) | 0.5 | f(N)")
      for name in ("accuracy", "mean_absolute_error", "mean_squared_error", "root_mean_squared_error")),
    *((f"tf.metrics.{name}", "b(2,3) | b(N) | i(N)", "b(2,3) | b(N) | i(N)", "weights=f(N)") for name in (
        "precision", "recall", "true_positives", "false_positives", "false_negatives", "true_negatives")),
    ("tf.metrics.mean", "f(2,3) | f(N) | f() | f(U)", "weights=f() | f(N) | f(2,3)"), ("tf.metrics.mean_tensor", "f(2,3)", "weights=f(2,3)"),
    ("tf.metrics.auc", "b(2,3) | f(N)", "f(2,3) | f(N)", "num_thresholds=10", "curve='PR'", "weights=f(2,3)",
     "summation_method='careful_interpolation'"),
    ("tf.metrics.mean_iou", "i(N) | i(2,3)", "i(N) | i(2,3)", "3", "weights=f(N)"), ("tf.metrics.mean_per_class_accuracy", "i(N)", "i(N)", "3"),
    ("tf.metrics.mean_cosine_distance", "f(2,3)", "f(2,3)", "1"), ("tf.metrics.mean_relative_error", "f(2,3)", "f(2,3)", "f(2,3)"),
    ("tf.metrics.percentage_below", "f(2,3)", "0.5"),
    *((f"tf.metrics.{name}", "b(N)", "f(N)", "[.1, .5]") for name in (
        "precision_at_thresholds", "recall_at_thresholds", "true_positives_at_thresholds", "false_positives_at_thresholds",
        "false_negatives_at_thresholds", "true_negatives_at_thresholds")),
    *((f"tf.metrics.{name}", "b(N)", "f(N)", "0.5") for name in ("sensitivity_at_specificity", "specificity_at_sensitivity")),
    *((f"tf.metrics.{name}", "l(N,1)", "f(N,3)", "1 | 2") for name in ("precision_at_k", "recall_at_k", "average_precision_at_k")),
    *((f"tf.metrics.{name}", "l(N,1)", "l(N,2)") for name in ("precision_at_top_k", "recall_at_top_k")),
    # -- Keras
    ("tf.keras.layers.Dense(5, activation='relu')", ROWS_OF), ("tf.keras.layers.Dense(5, kernel_regularizer=tf.keras.regularizers.l2(.1))", "f(2,3)"),
    ("tf.keras.layers.Conv2D(4, 3, padding='same')", MAPS), ("tf.keras.layers.Conv2DTranspose(4, 3, strides=2, padding='same')", MAPS),
    ("tf.keras.layers.Conv1D(4, 3)", "f(N,8,3)"), ("tf.keras.layers.SeparableConv2D(4, 3)", MAPS), ("tf.keras.layers.DepthwiseConv2D(3)", MAPS),
    ("tf.keras.layers.Conv3D(4, 3)", "f(N,8,8,8,3)"), ("tf.keras.layers.Conv3DTranspose(4, 3)", "f(N,4,4,4,3) | f(2,4,4,4,3)"),
    ("tf.keras.layers.BatchNormalization()", MAPS + " | f(N,3) | f(N,5,3)", "training=True | b() | False"),
    ("tf.keras.layers.LayerNormalization()", "f(2,3) | f(N,8,8,3)"), ("tf.keras.layers.Dropout(.3)", ROWS_OF, "training=True | b() | False"),
    *((f"tf.keras.layers.{layer}", "f(2,3) | f(N,3) | f(N,4,3)", "training=True") for layer in (
        "GaussianNoise(.5)", "GaussianDropout(.5)", "AlphaDropout(.5)", "ActivityRegularization(.1)")),
    *((f"tf.keras.layers.{layer}", "f(2,4,3) | f(N,4,3) | f(N,N,3)") for layer in (
        "LeakyReLU()", "PReLU()", "ELU()", "ReLU()", "ReLU(6.)", "Softmax()", "ThresholdedReLU()", "Flatten()", "Reshape([-1])", "Reshape([3, 4])",
        "Permute([2, 1])", "Activation('softmax')", "Activation('selu')", "Activation('tanh')", "Lambda(lambda x: x + 1.)", "Masking()",
        "UpSampling1D()", "ZeroPadding1D()", "Cropping1D()", "GlobalAveragePooling1D()", "GlobalMaxPooling1D()", "MaxPooling1D()",
        "SpatialDropout1D(.5)", "TimeDistributed(tf.keras.layers.Dense(2))", "LocallyConnected1D(2, 3)", "LSTM(4)", "GRU(4)", "SimpleRNN(4)",
        "Bidirectional(tf.keras.layers.LSTM(4))")),
    ("tf.keras.layers.RepeatVector(3)", "f(N,3)"), ("tf.keras.layers.Embedding(10, 3)", "i(2) | i(N) | i(N,5) | f(N,5)"),
    *((f"tf.keras.layers.{layer}", MAPS) for layer in (
        "UpSampling2D()", "UpSampling2D(interpolation='bilinear')", "ZeroPadding2D()", "Cropping2D()", "GlobalAveragePooling2D()",
        "GlobalMaxPooling2D()", "MaxPooling2D()", "AveragePooling2D()", "SpatialDropout2D(.5)", "PReLU(shared_axes=[1, 2])", "LocallyConnected2D(2, 3)")),
    *((f"tf.keras.layers.{layer}", "[f(2,3), f(2,3)] | [f(N,3), f(N,3)]") for layer in (
        "Add()", "Subtract()", "Multiply()", "Average()", "Maximum()", "Minimum()", "Concatenate()", "Dot(1)", "Attention()")),
    *((f"tf.keras.losses.{name}", "f(2,3) | f(N,3) | f(N,N)", "f(2,3) | f(N,3) | f(U)") for name in (
        "binary_crossentropy", "categorical_crossentropy", "mean_squared_error", "mean_absolute_error", "hinge", "kullback_leibler_divergence",
        "cosine_similarity", "logcosh", "poisson", "squared_hinge", "mean_absolute_percentage_error",
        "mean_squared_logarithmic_error", "categorical_hinge")),
    ("tf.keras.losses.categorical_crossentropy", "f(2,3) | f(N,3)", "tf.nn.softmax(f(N,3))", "from_logits=True", "label_smoothing=.1"),
    ("tf.keras.losses.categorical_crossentropy", "f(2,5,3)", "tf.keras.activations.softmax(f(2,5,3))"),
    ("tf.keras.losses.binary_crossentropy", "f(2,3) | f(N,3)", "tf.nn.sigmoid(f(N,3)) | tf.reshape(tf.nn.sigmoid(f(2,3)), [2, 3])", "from_logits=True"),
    ("tf.keras.losses.MeanSquaredError()", "f(2,3) | f(N,3)", "f(2,3) | f(N,1)", "sample_weight=f(2) | f(N,1) | 2."),
    ("tf.keras.losses.Huber(reduction='none')", "f(2,3)", "f(2,3)"),
    ("tf.keras.losses.sparse_categorical_crossentropy", "i(2) | i(N) | f(N,1)", "f(2,3) | f(N,3)", "from_logits=True"),
    ("tf.keras.losses.binary_crossentropy", "f(2,3)", "f(2,3)", "from_logits=True", "label_smoothing=.1"),
    *((f"tf.keras.metrics.{name}", "f(N,3)", "f(N,3)") for name in (
        "binary_accuracy", "categorical_accuracy", "top_k_categorical_accuracy")),
    ("tf.keras.metrics.sparse_categorical_accuracy", "f(N,1) | i(N) | f(N)", "f(N,3)"),
    *((f"tf.keras.metrics.{name}()", "f(N,3)", "f(N,3)", "sample_weight=f(N)") for name in (
        "BinaryAccuracy", "CategoricalAccuracy", "Accuracy", "MeanSquaredError", "AUC", "Precision", "Recall", "CosineSimilarity")),
    *(("looked", f"lambda model, data, rows: model.{call}") for call in (
        "fit(data.repeat(), steps_per_epoch=2, verbose=0)", "fit(data, epochs=2, verbose=0)", "fit(data.repeat(), steps_per_epoch=2, verbose=0, shuffle=False)", "fit(data.shuffle(3).repeat(), steps_per_epoch=2, verbose=0)",
        "fit(data.repeat(), steps_per_epoch=2, verbose=0, validation_data=data, validation_steps=2)", "fit(rows, rows[:, 0], steps_per_epoch=2, verbose=0)", "evaluate(data, steps=2, verbose=0)",
        "predict(data, steps=2)", "predict(rows, steps=1)", "predict(np.ones([4, 3]))", "predict_on_batch(np.ones([4, 3]))")),
    ("tf.keras.metrics.Mean()", "f(N) | f()"),
    ("compiled", "'one'", " | ".join(f"'{name}'" for name in (
        "mse mae mape msle cosine_proximity cosine_similarity logcosh kld poisson hinge squared_hinge categorical_hinge binary_crossentropy").split())),
    ("compiled", "'one'", "'mse'", " | ".join(f"'{name}'" for name in (
        "adam rmsprop adagrad adadelta adamax nadam").split()) + " | " + " | ".join(f"\"{made}\"" for made in (
            "tf.keras.optimizers.SGD(.1, momentum=.9, nesterov=True, decay=1e-6)", "tf.keras.optimizers.Adam(.01, .5, decay=.1)",
            "tf.keras.optimizers.Adam(clipnorm=1.)", "tf.keras.optimizers.RMSprop(clipvalue=.5, centered=True)",
            "tf.keras.optimizers.Adam(amsgrad=True)", "tf.train.AdamOptimizer(.01)", "tf.keras.optimizers.Ftrl()"))),
    ("compiled", "'one' | 'sigmoid' | 'two_outputs' | 'stacked' | 'penalties' | 'images' | 'mean' | 'selu'", "'mse'", "'adam'",
     "metrics=['accuracy'] | ['mae', 'mse']", "loss_weights=[.5]", "sample_weight_mode='temporal'", "weighted_metrics=['mae']"),
    ("compiled", "'added'", "None", "'adam'", "metrics=['mae']"),
    ("compiled", "'two_outputs'", "['mse', 'mae', 'mse']", "'adam'", "loss_weights=[.5, 1., 2.]"),
    ("compiled", "'three' | 'time' | 'words' | 'selu'", "'categorical_crossentropy' | 'sparse_categorical_crossentropy' | 'kld'", "'adam'",
     "metrics=['accuracy'] | ['top_k_categorical_accuracy'] | [tf.keras.metrics.AUC()] | [tf.keras.metrics.Precision()]"),
    *((f"tf.keras.losses.{name}()", "f(2,3) | f(N,3)", "f(2,3) | f(N,3)") for name in ("BinaryCrossentropy", "MeanSquaredError", "CategoricalCrossentropy", "Huber")),
    *((f"tf.keras.backend.{name}", "f(2,3) | f(N,3) | f(U)") for name in (
        "abs", "square", "sqrt", "exp", "log", "sum", "mean", "max", "std", "var", "argmax", "flatten", "batch_flatten", "zeros_like", "ones_like",
        "relu", "elu", "softmax", "softplus", "sigmoid", "hard_sigmoid", "tanh", "l2_normalize", "round", "sign", "stop_gradient", "logsumexp", "any", "shape")),
    *((f"tf.keras.backend.{name}", "(2, 3) | [2, 3]") for name in (
        "random_normal", "random_uniform", "truncated_normal", "random_binomial", "zeros", "ones", "random_normal_variable")),
    ("tf.keras.backend.random_normal", "tf.shape(f(N,3)) | (tf.shape(f(N,3))[0], 3)", "mean=0.", "stddev=1."),
    ("tf.keras.backend.random_uniform", "tf.shape(f(N,3)) | (tf.shape(f(N,3))[0], 1, 1, 1)", "minval=-1.", "maxval=1."),
    ("tf.keras.backend.dropout", "f(2,3) | f(N,3)", ".5", "seed=3"), ("tf.keras.backend.batch_dot", "f(2,3,4) | f(N,3)", "f(2,4,5) | f(N,3)", "axes=1"),
    ("tf.keras.backend.dot", "f(2,3) | f(N,4,3)", "v(3,4)"), ("tf.keras.backend.in_train_phase", "f(2)", "f(2)", "training=b() | True"),
    ("tf.keras.backend.learning_phase",), ("tf.keras.backend.clip", "f(2)", "0.", "1."), ("tf.keras.backend.gradients", "f(2)", "v(2)"),
    ("tf.keras.backend.repeat_elements", "f(2,3)", "2", "1"), ("tf.keras.backend.repeat", "f(2,3)", "2"), ("tf.keras.backend.one_hot", "i(2)", "3"),
    ("tf.keras.backend.binary_crossentropy", "f(2,3)", "f(2,3)", "from_logits=True"), ("tf.keras.backend.concatenate", "[f(2,3), f(2,3)]", "axis=0"),
    *((name, "v(2,3) | f(2,3) | f(N,3)", "0", "keepdims=True") for name in (
        "tf.keras.backend.var", "tf.keras.backend.std", "tf.math.reduce_variance", "tf.math.reduce_std")),
    *((f"tf.keras.backend.{name}_crossentropy", "v(2,3) | f(2,3)", "v(2,3) | f(2,3)", "from_logits=True") for name in ("binary", "categorical")),
    ("tf.keras.backend.ctc_decode", "v(2,4,3) | f(2,4,3) | f(N,N,3)", "i(2)", "greedy=False"),
    ("tf.keras.backend.moving_average_update", "v(3)", "f(3)", ".9"), ("tf.keras.backend.switch", "b() | b(2)", "f(2)", "f(2)"),
    ("tf.keras.backend.resize_images", "f(N,8,8,3) | f(2,8,8,3) | f(N,N,N,3)", "2", "2", "'channels_last'", "interpolation='bilinear'"),
    ("tf.keras.backend.spatial_2d_padding", "f(N,8,8,3)"), ("tf.keras.backend.bias_add", "f(N,8,8,3)", "v(3)"),
    ("tf.keras.backend.conv2d", "f(N,8,8,3)", "v(3,3,3,4)"), ("tf.keras.backend.pool2d", "f(N,8,8,3)", "(2, 2)"),
    *((f"tf.keras.activations.{name}", "f(2,3) | f(N,3) | f(N,4,3)") for name in (
        "softmax", "selu", "elu", "relu", "tanh", "sigmoid", "hard_sigmoid", "softplus", "softsign", "exponential", "linear")),
    *((f"tf.keras.initializers.{name}()", "[3, 4] | [3, 3, 3, 4]") for name in (
        "glorot_uniform", "he_normal", "RandomNormal", "RandomUniform", "TruncatedNormal", "Orthogonal", "VarianceScaling", "Zeros", "lecun_normal")),
    ("tf.keras.initializers.Identity()", "[3, 3]"), ("tf.keras.regularizers.l1(.1)", "v(2,3)"), ("tf.keras.regularizers.l2(.1)", "v(2,3)"),
    ("tf.keras.regularizers.l1_l2(.1, .2)", "v(2,3)"), ("tf.keras.constraints.max_norm()", "v(2,3)"), ("tf.keras.constraints.unit_norm()", "v(2,3)"),
    ("tf.keras.Input", "(3,)", "batch_size=2", "dtype='int32'"),
    *((f"tf.distributions.{made}.sample", "2 | [2, 3] | []", "seed=3") for made in (
        "Normal(0., 1.)", "Normal(f(3), 1.)", "Uniform(0., 1.)", "Bernoulli(logits=f(3))", "Bernoulli(probs=.5)", "Categorical(logits=f(2,3))",
        "Laplace(0., 1.)", "Exponential(1.)")),
    *((f"tf.distributions.{made}.log_prob", "f(3) | f(N)") for made in (
        "Normal(0., 1.)", "Uniform(0., 1.)", "Bernoulli(logits=f(3))", "Laplace(0., 1.)", "Exponential(1.)")),
    ("tf.distributions.kl_divergence", "tf.distributions.Normal(f(3), 1.)", "tf.distributions.Normal(0., 1.)"),
]
