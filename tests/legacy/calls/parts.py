"""tf.contrib's metrics, losses, data sets, distributions and recurrent networks, and what is left of its layers and framework; feature columns."""

M, D, DATA = "contrib.metrics.", "contrib.distributions.", "contrib.data."
BOTH = ("b(6) | b(N)", "b(6) | b(N)")
SCORED = ("f(6) | f(N)", "b(6) | b(N)")
VALUES = ("f(6) | f(N)", "f(6) | f(N)")
RANKED = ("f(4,5) | f(N,5)", "l(4,2) | l(N,2)")
TOP = ("l(4,3) | l(N,3)", "l(4,2) | l(N,2)")
WEIGHTS = "weights=f(6) | 1. | f(N)"
ROWS_OF_WEIGHTS = "weights=f(4) | f(N)"
LABELS = "l(4) | l(N) | i(4)"
# What is asked of a distribution.
ASKED = ("sample()", "sample(3)", "sample([2, 3])", "sample(i())", "sample(seed=3)", "prob({x})", "log_prob({x})", "cdf({x})", "log_cdf({x})", "survival_function({x})",
         "log_survival_function({x})", "mean()", "mode()", "variance()", "stddev()", "covariance()", "entropy()", "cross_entropy({again})", "kl_divergence({again})",
         "batch_shape_tensor()", "event_shape_tensor()", "quantile({x})", "is_scalar_batch()", "is_scalar_event()")
GIVEN = {
    "Normal(f(2), f(2))": "f(2)", "Normal(0., 1.)": "f(2)", "NormalWithSoftplusScale(f(2), f(2))": "f(2)", "Normal(f(N), 1.)": "f(N)", "Normal(0., 1., True)": ".5",
    "Uniform(f(2), f(2))": "f(2)", "Uniform()": "f(2)", "Laplace(f(2), f(2))": "f(2)", "LaplaceWithSoftplusScale(0., 1.)": "f(2)", "StudentT(f(2), f(2), f(2))": "f(2)",
    "StudentTWithAbsDfSoftplusScale(f(2), f(2), f(2))": "f(2)", "Gamma(f(2), f(2))": "f(2)", "GammaWithSoftplusConcentrationRate(f(2), f(2))": "f(2)", "Exponential(f(2))": "f(2)",
    "ExponentialWithSoftplusRate(f(2))": "f(2)", "Beta(f(2), f(2))": "f(2)", "BetaWithSoftplusConcentration(f(2), f(2))": "f(2)", "Dirichlet(f(2,3))": "f(2,3)", "Dirichlet(f(3), True)": "f(3)",
    "Bernoulli(f(2))": "i(2)", "Bernoulli(probs=f(2))": "i(2)", "Bernoulli(f(N), dtype=tf.float32)": "f(N)", "Categorical(f(2,3))": "i(2)", "Categorical(probs=f(2,3))": "i(2)", "Categorical(f(N,3))": "i(N)",
    "Multinomial(f(), f(2,3))": "f(2,3)", "Multinomial(4., probs=f(3))": "f(3)", "DirichletMultinomial(f(), f(3))": "f(3)",
    "OneHotCategorical(f(2,3))": "i(2,3)", "OneHotCategorical(probs=f(2,3))": "i(2,3)", "OneHotCategorical(f(N,3), dtype=tf.float32)": "f(N,3)",
    "RelaxedOneHotCategorical(.5, f(2,3))": "f(2,3)", "RelaxedOneHotCategorical(.5, logits=[[1., 2., 3.]])": "[[.2, .3, .5]]", "RelaxedOneHotCategorical(f(), probs=f(2,3))": "f(2,3)",
    "RelaxedOneHotCategorical(.5, f(N,3))": "f(N,3)", "ExpRelaxedOneHotCategorical(.5, f(2,3))": "f(2,3)", "ExpRelaxedOneHotCategorical(f(), probs=f(N,3))": "f(N,3)",
    "MultivariateNormalDiag(f(2,3), f(2,3))": "f(2,3)", "MultivariateNormalDiag(f(3))": "f(3)", "MultivariateNormalDiag(scale_diag=f(3))": "f(3)", "MultivariateNormalDiag(f(2,3), scale_identity_multiplier=f(2))": "f(2,3)",
    "MultivariateNormalDiagWithSoftplusScale(f(2,3), f(2,3))": "f(2,3)",
}
# Data sets, by what is applied to one of whole numbers.
APPLIED = [
    ("batch_and_drop_remainder", "2"), ("padded_batch_and_drop_remainder", "2", "[]"), ("enumerate_dataset", "start=3"), ("ignore_errors",), ("unique",),
    ("map_and_batch", "lambda x: x + 1", "2", "drop_remainder=True", "num_parallel_calls=2", "num_parallel_batches=2"), ("parallel_interleave", "lambda x: tf.data.Dataset.range(x)", "2", "block_length=2", "sloppy=True", "buffer_output_elements=3"),
    ("sloppy_interleave", "lambda x: tf.data.Dataset.range(x)", "2"), ("scan", "np.int64(0)", "lambda s, x: (s + x, s)"), ("shuffle_and_repeat", "3", "count=2", "seed=3"),
    ("sliding_window_batch", "2", "window_shift=2", "stride=1", "window_stride=2"), ("prefetch_to_device", "'/cpu:0'", "buffer_size=2"), ("copy_to_device", "'/cpu:0'"), ("assert_element_shape", "[]"),
    ("rejection_resample", "lambda x: tf.cast(x % 2, tf.int32)", "[.5, .5]", "initial_dist=[.6, .4]", "seed=3"), ("group_by_window", "lambda x: x % 2", "lambda k, d: d.batch(2)", "window_size=2"),
    ("group_by_window", "lambda x: x % 2", "lambda k, d: d.batch(2)", "window_size_func=lambda k: k + 1"),
    ("group_by_reducer", "lambda x: x % 2", "contrib.data.Reducer(lambda _: np.int64(0), lambda s, x: s + x, lambda s: s)"),
    ("bucket_by_sequence_length", "lambda x: tf.cast(x, tf.int32)", "[2]", "[2, 2]"),
]
SETS = "dense_to_sparse_batch(2, [6]) | dense_to_sparse_batch(c(2), cl([6])) | unbatch() | bucket_by_sequence_length(tf.size, [2], [2, 2]) | " \
    "bucket_by_sequence_length(tf.size, [2], [2, 2], pad_to_bucket_boundary=True) | padded_batch_and_drop_remainder(2, [None]) | assert_element_shape([6]) | assert_element_shape([None])"
EXPERIMENTAL = (
    "enumerate_dataset(2)", "parallel_interleave(lambda x: tf.data.Dataset.range(x), 2)", "copy_to_device('/cpu:0')", "prefetch_to_device('/cpu:0')", "rejection_resample(lambda x: tf.cast(x % 2, tf.int32), [.5, .5], [.3, .7])",
    "rejection_resample(lambda x: tf.cast(x % 2, tf.int32), [0., 1.], [.5, .5])", "rejection_resample(lambda x: tf.cast(x % 2, tf.int32), [.5, .5])", "map_and_batch(lambda x: x, 2)", "shuffle_and_repeat(3)")
READ = ("", ", num_epochs=1", ", num_epochs=2", ", shuffle=False")
PARALLEL = ("lambda data: data.interleave(lambda x: tf.data.Dataset.range(x), 2, 2, num_parallel_calls=2)", "lambda data: data.interleave(lambda x: tf.data.Dataset.range(x), 2)", "lambda data: data.enumerate(3)")
SPARSE = ("tf.data.Dataset.range(5).map(lambda x: tf.SparseTensor([[0]], [x], [3]))", "tf.data.Dataset.range(5).map(lambda x: tf.SparseTensor([[0]], [x], [3])).batch(2)", "tf.data.Dataset.range(5).map(lambda x: tf.SparseTensor([[0]], [x], tf.stack([x]))).batch(2, drop_remainder=True)",
          "tf.data.Dataset.from_tensor_slices(tf.SparseTensor([[0, 0], [1, 2]], [1., 2.], [3, 4]))", "tf.data.Dataset.range(5).map(lambda x: tf.range(x)).apply(tf.data.experimental.dense_to_sparse_batch(2, [6]))")
ITERATORS = "'one_shot' | 'initializable' | 'made'"
CELLS = [f"contrib.rnn.{cell}" for cell in (
    "BasicRNNCell(4)", "GRUCell(4)", "BasicLSTMCell(4)", "LSTMCell(4)", "LSTMCell(4, use_peepholes=True, num_proj=3)", "LSTMCell(4, state_is_tuple=False)", "NASCell(4)", "NASCell(4, num_proj=3)", "UGRNNCell(4)", "IntersectionRNNCell(5)",
    "IntersectionRNNCell(4, num_in_proj=4)", "CoupledInputForgetGateLSTMCell(4)", "CoupledInputForgetGateLSTMCell(4, use_peepholes=True)", "LayerNormBasicLSTMCell(4)", "LayerNormBasicLSTMCell(4, dropout_keep_prob=.5)", "GLSTMCell(4, number_of_groups=1)", "SRUCell(5)", "IndRNNCell(4)",
    "IndyGRUCell(4)", "IndyLSTMCell(4)", "GRUBlockCell(4)", "GRUBlockCellV2(4)", "LSTMBlockCell(4)", "LSTMBlockCell(4, use_peephole=True)",
    "BasicLSTMCell(4, state_is_tuple=False)")]
CELLS += [f"contrib.rnn.{wrapper}" for wrapper in (
    "CompiledWrapper(contrib.rnn.GRUCell(5))", "ResidualWrapper(contrib.rnn.GRUCell(5))", "HighwayWrapper(contrib.rnn.GRUCell(5))", "AttentionCellWrapper(contrib.rnn.GRUCell(5), 3)", "AttentionCellWrapper(contrib.rnn.BasicLSTMCell(4), 3, state_is_tuple=True)",
    "InputProjectionWrapper(contrib.rnn.GRUCell(5), 3)", "OutputProjectionWrapper(contrib.rnn.GRUCell(5), 3)", "MultiRNNCell([contrib.rnn.GRUCell(5), contrib.rnn.BasicLSTMCell(4)])",
    "MultiRNNCell([contrib.rnn.BasicLSTMCell(4, state_is_tuple=False)] * 1, state_is_tuple=False)", "DropoutWrapper(contrib.rnn.BasicLSTMCell(4, state_is_tuple=False), .9, .8)",
    *(f"DropoutWrapper(contrib.rnn.{inner}(5), {options})" for inner in ("GRUCell", "BasicLSTMCell") for options in (
        ".9, .8", "1., .6", "1., 1., .7", "c(.5)", ".5, f()", ".5, .6, .7, seed=3", "1., .6, variational_recurrent=True, dtype=tf.float32", ".5, variational_recurrent=True, input_size=5, dtype=tf.float32",
        ".5, .6, .7, variational_recurrent=True, input_size=5, dtype=tf.float32", "1., 1., .7, variational_recurrent=True, dtype=tf.float32")))]
MECHANISMS = ["LuongAttention", "BahdanauAttention", *(f"{kind}MonotonicAttention:{mode}" for kind in ("Luong", "Bahdanau") for mode in ("recursive", "parallel", "hard"))]
COLUMNS = [
    *(f"identity('i', 4{more})" for more in ("", ", default_value=1")), "hash_bucket('i', 4, tf.int64)", "vocabulary_list('i', [1, 2], tf.int64)", "vocabulary_list('i', [1, 2], num_oov_buckets=2)"]

ROWS = [
    *((M + name, *SCORED, WEIGHTS) for name in ("streaming_auc", "streaming_curve_points", "f1_score", "streaming_dynamic_auc", "auc_with_confidence_intervals", "precision_recall_at_equal_thresholds")),
    (M + "streaming_auc", *SCORED, "curve='PR'", "num_thresholds=20"), (M + "streaming_dynamic_auc", "b(6) | b(N)", "f(6) | f(N)", "curve='PR'", WEIGHTS),
    (M + "auc_using_histogram", "b(6) | b(N)", "f(6) | f(N)", "[0., 1.]", "nbins=20", "check_shape=False"),
    (M + "auc_with_confidence_intervals", "b(6) | b(N)", "f(6) | f(N)", WEIGHTS, "logit_transformation=False"),
    *((M + name, "b(6) | b(N)", "f(6) | f(N)", WEIGHTS) for name in ("f1_score", "precision_recall_at_equal_thresholds")),
    *((M + name, "b(6) | b(N)", "f(6) | f(N)", ".6", WEIGHTS) for name in ("precision_at_recall", "recall_at_precision")),
    (M + "recall_at_precision", "b(6)", "f(6)", ".6", "strict_mode=True"),
    *((M + name, *BOTH, WEIGHTS) for name in (
        "streaming_accuracy", "streaming_precision", "streaming_recall", "streaming_false_negative_rate", "streaming_false_negatives", "streaming_false_positive_rate", "streaming_false_positives", "streaming_true_negatives", "streaming_true_positives")),
    *((M + name, *SCORED, "[.3, .6] | [.5]", WEIGHTS) for name in (
        "streaming_false_negative_rate_at_thresholds", "streaming_false_negatives_at_thresholds", "streaming_false_positive_rate_at_thresholds", "streaming_false_positives_at_thresholds", "streaming_precision_at_thresholds",
        "streaming_recall_at_thresholds", "streaming_true_negatives_at_thresholds", "streaming_true_positives_at_thresholds")),
    *((M + name, *SCORED, ".6", WEIGHTS) for name in ("streaming_sensitivity_at_specificity", "streaming_specificity_at_sensitivity")),
    *((M + name, *VALUES, WEIGHTS) for name in ("streaming_covariance", "streaming_pearson_correlation", "streaming_mean_absolute_error", "streaming_mean_squared_error", "streaming_root_mean_squared_error")),
    (M + "streaming_mean_relative_error", *VALUES, "f(6) | f(N)", WEIGHTS), (M + "streaming_mean_cosine_distance", "f(4,3) | f(N,3)", "f(4,3) | f(N,3)", "1", "weights=f(4,1)"),
    (M + "streaming_percentage_less", "f(6) | f(N)", ".5", WEIGHTS), (M + "streaming_mean", "f(6) | f(N)", WEIGHTS), (M + "streaming_mean_tensor", "f(6) | f(2,3)", "weights=f(6)"), (M + "count", "f(6) | f(N)", WEIGHTS),
    (M + "streaming_concat", "f(6) | f(N) | f(4,3) | f(N,3) | i(6)", "axis=0 | -1", "max_size=5"), (M + "streaming_mean_iou", "i(6) | i(N)", "i(6) | i(N)", "3", WEIGHTS),
    (M + "cohen_kappa", "i(6) | i(N) | l(6) | i(6,1)", "i(6) | i(N) | l(6)", "3", WEIGHTS), (M + "accuracy", "i(6) | i(N) | b(6)", "i(6) | i(N)", "weights=f(6)"), (M + "confusion_matrix", "i(6) | i(N)", "i(6)", "num_classes=3", "weights=f(6)"),
    *((M + name, *RANKED, "2", "class_id=1", ROWS_OF_WEIGHTS) for name in ("streaming_sparse_precision_at_k", "streaming_sparse_recall_at_k")), (M + "streaming_recall_at_k", "f(4,5) | f(N,5)", "l(4) | l(N)", "2", ROWS_OF_WEIGHTS),
    (M + "streaming_sparse_average_precision_at_k", *RANKED, "2", ROWS_OF_WEIGHTS), (M + "streaming_sparse_average_precision_at_top_k", *TOP, ROWS_OF_WEIGHTS),
    (M + "streaming_sparse_precision_at_top_k", *TOP, "class_id=1", ROWS_OF_WEIGHTS), (M + "sparse_recall_at_top_k", "l(4,2) | l(N,2)", "l(4,3) | l(N,3)", "class_id=1", ROWS_OF_WEIGHTS),
    *((M + name, "i(2,3)", "i(2,3)", "validate_indices=False") for name in ("set_difference", "set_intersection", "set_union")), (M + "aggregate_metrics", "contrib.metrics.streaming_mean(f(6))", "contrib.metrics.streaming_mean(f(2))"),
    (M + "aggregate_metric_map", "{'a': contrib.metrics.streaming_mean(f(6))}"),
    *((f"contrib.losses.{name}", "f(4,3) | f(N,3) | f(U)", "f(4,3) | f(N,3)", "weights=f(4,1) | 2. | f(4,3) | f()", "scope='a'") for name in ("absolute_difference", "hinge_loss", "log_loss", "mean_pairwise_squared_error", "mean_squared_error")),
    *((f"contrib.losses.{name}", "f(4,3) | f(N,3)", "i(4,3) | f(4,3) | f(N,3)", "weights=f(4) | 2. | f()", "label_smoothing=.1", "scope='a'") for name in ("sigmoid_cross_entropy", "softmax_cross_entropy")),
    ("contrib.losses.sparse_softmax_cross_entropy", "f(4,3) | f(N,3)", "l(4) | l(N) | l(4,1) | i(4)", "weights=f(4) | 2. | f()"), ("contrib.losses.cosine_distance", "f(4,3) | f(N,3)", "f(4,3) | f(N,3)", "1 | 0", "weights=f(4) | 2."),
    ("contrib.losses.compute_weighted_loss", "f(4,3) | f(N,3) | f(U)", "weights=f(4) | 2. | f(4,3) | f()"), ("contrib.losses.get_total_loss", "add_regularization_losses=False"), ("contrib.losses.add_loss", "f()"),
    *((f"contrib.losses.metric_learning.{name}", LABELS, "f(4,3) | f(N,3)", *more) for name, *more in (
        ("triplet_semihard_loss", "margin=.5"), ("lifted_struct_loss", "margin=.5"), ("cluster_loss", "1.", "enable_pam_finetuning=False"), ("npairs_loss", "f(4,3) | f(N,3)", "reg_lambda=.1", "print_losses=True"))),
    ("contrib.losses.metric_learning.contrastive_loss", "f(4) | f(N)", "f(4,3) | f(N,3)", "f(4,3) | f(N,3)", "margin=.5"), ("contrib.losses.metric_learning.npairs_loss_multilabel", "[tf.SparseTensor([[0, 0]], cl([1]), [1, 3])] * 4", "f(4,3)", "f(4,3)"),
    *((f"contrib.layers.{name}", *more) for name, *more in (
        ("avg_pool3d", "f(2,4,4,4,3) | f(N,4,4,4,3)", "2"), ("max_pool3d", "f(2,4,4,4,3) | f(N,4,4,4,3)", "2"), ("conv3d_transpose", "f(2,4,4,4,3) | f(N,4,4,4,3)", "2", "3", "stride=2"), ("convolution1d", "f(2,8,3)", "4", "3", "rate=2"), ("convolution", "f(2,8,8,3)", "4", "3"),
        ("dense_to_sparse", "i(2,3) | f(2,3) | s(2,3)", "eos_token=1"), ("embedding_lookup_unique", "v(5,3)", "i(2,3) | i(N)"), ("images_to_sequence", "f(2,8,8,3) | f(N,8,8,3)"), ("sequence_to_images", "f(8,16,3)", "8", "num_image_batches=2"),
        ("legacy_fully_connected", "f(2,3) | f(N,3)", "4", "activation_fn=tf.nn.relu", "bias_init=None"), ("legacy_linear", "f(2,3) | f(N,3)", "4"), ("legacy_relu", "f(2,3)", "4"), ("linear", "f(2,3)", "4"), ("relu", "f(2,3)", "4"), ("relu6", "f(2,3)", "4"), ("elu", "f(2,3)", "4"),
        ("rev_block", "f(2,3)", "f(2,3)", "lambda x: tf.layers.dense(x, 3)", "lambda x: tf.layers.dense(x, 3)", "num_layers=2"), ("recompute_grad(lambda x: tf.layers.dense(x, 3))", "f(2,3)"), ("safe_embedding_lookup_sparse", "v(5,3) | [v(5,3)]", "tf.SparseTensor([[0, 0]], cl([1]), [2, 3])", "combiner='sum' | 'mean'", "default_id=1"),
        ("summarize_activation", "tf.nn.relu(f(2,3))"), ("summarize_activations",), ("summarize_collection", "tf.GraphKeys.LOSSES"), ("summarize_tensors", "[f(2), f()]"), ("xavier_initializer_conv2d()", "[3, 3, 2, 2]"), ("GDN()", "f(2,8,8,3)"))),
    *((f"contrib.framework.{name}", *more) for name, *more in (
        ("argsort", "f(2,3) | i(4)", "axis=0", "direction='DESCENDING'"), ("sort", "f(2,3) | i(4)", "axis=0", "direction='DESCENDING'"), ("assert_global_step", "tf.train.get_or_create_global_step()"),
        ("create_global_step",),
        ("global_variable", "1."), ("variable", "'a'", "[2]", "initializer=tf.zeros_initializer()", "regularizer=tf.contrib.layers.l2_regularizer(.1)" .replace("tf.contrib", "contrib"), "trainable=False"), ("py_func", "lambda x: x", "[f(2)]", "tf.float32", "stateful=False"),
        ("smart_cond", "b() | True | c(True)", "lambda: f(2)", "lambda: f(2)"),
        ("is_tensor", "f(2)"), ("get_name_scope",))),
    *((D + name + "." + asked.split("(")[0], asked.partition("(")[2][:-1].format(x=x, again=D + name)) for name, x in GIVEN.items() for asked in ASKED),
    ("contrib.distributions.fill_triangular", "f(6) | f(N,6)", "upper=True"), ("contrib.distributions.matrix_diag_transform", "f(2,2)", "transform=tf.nn.softplus"), ("contrib.distributions.reduce_weighted_logsumexp", "f(2,3)", "f(2,3)", "axis=1", "return_sign=True"), ("contrib.distributions.softplus_inverse", "f(2)"),
    *(("applied", f"contrib.data.{name}({', '.join(more[:1])}" + "".join(f", {one}" for one in more[1:place + 1]) + ")", "tf.data.Dataset.range(5)", f"iterator={ITERATORS}") for name, *more in APPLIED for place in range(len(more) or 1)),
    *(("applied", f"contrib.data.{one}", "tf.data.Dataset.range(5).map(lambda x: tf.range(x))", f"iterator={ITERATORS}") for one in SETS.split(" | ")),
    *(("applied", "None", f"contrib.data.{one}", f"iterator={ITERATORS}") for one in (
        "Counter()", "Counter(3, 2)", "Counter(dtype=tf.int32)", "RandomDataset()", "RandomDataset(3)", "CsvDataset('a', [tf.float32])", "CsvDataset(['a', 'b'], [tf.float32, [0]], header=True, select_cols=[0, 2])", "CsvDataset('a', [tf.float32, c([0])], header=True, select_cols=[0, 2])", "CsvDataset('a', [[1.], ['x']], 'GZIP', 100)",
        "CsvDataset(s(N), [tf.string])", "SqlDataset('sqlite', 'a', 'b', (tf.string,))", "LMDBDataset('a')", "choose_from_datasets([tf.data.Dataset.range(3), tf.data.Dataset.range(3)], tf.data.Dataset.range(2))", "sample_from_datasets([tf.data.Dataset.range(3), tf.data.Dataset.range(3)])", "sample_from_datasets([tf.data.Dataset.range(3), tf.data.Dataset.range(3)], [.2, .8])",
        "sample_from_datasets([tf.data.Dataset.range(3), tf.data.Dataset.range(3)], [.2, .8], seed=3)", "sample_from_datasets([tf.data.Dataset.range(3), tf.data.Dataset.range(3)], tf.data.Dataset.from_tensors([.2, .8]).repeat())",
        "make_batched_features_dataset('setup', 2, {'a': tf.FixedLenFeature([], tf.float32)}, num_epochs=1)", "make_batched_features_dataset('setup', 2, {'a': tf.FixedLenFeature([], tf.float32)}, shuffle=False)")),
    *(("applied", change, "tf.data.Dataset.range(5)", f"iterator={ITERATORS}") for change in (*(f"tf.data.experimental.{name}" for name in EXPERIMENTAL), *PARALLEL)),
    *(("applied", "None", f"{part}.{made}{more})", f"iterator={ITERATORS}") for part in ("contrib.data", "tf.data.experimental") for more in READ for made in (
        "make_batched_features_dataset('setup', 2, {'a': tf.FixedLenFeature([], tf.float32), 'b': tf.FixedLenFeature([], tf.int64)}, label_key='b'", "make_csv_dataset(np.__file__, 2, ['a', 'b'], [1., 2], label_name='b'")),
    ("applied", "None", "tf.data.experimental.choose_from_datasets([tf.data.Dataset.range(3), tf.data.Dataset.range(3)], tf.data.Dataset.range(2))", f"iterator={ITERATORS}"),
    *(("applied", "None", data, f"iterator={ITERATORS}") for data in SPARSE),
    ("applied", "contrib.data.parse_example_dataset({'a': tf.FixedLenFeature([], tf.float32)})", "tf.data.Dataset.from_tensors(s(2))"),
    (DATA + "read_batch_features", "'setup'", "2", "{'a': tf.FixedLenFeature([], tf.float32)}", "randomize_input=False", "num_epochs=1"), (DATA + "get_single_element", "tf.data.Dataset.range(1)"), (DATA + "get_next_as_optional", "tf.data.Dataset.range(1).make_initializable_iterator()"),
    (DATA + "reduce_dataset", "tf.data.Dataset.range(3)", "contrib.data.Reducer(lambda _: np.int64(0), lambda s, x: s + x, lambda s: s)"), (DATA + "make_saveable_from_iterator", "tf.data.Dataset.range(1).make_initializable_iterator()"),
    *(("unrolled", cell, "f(3,4,5) | f(N,N,5)") for cell in CELLS), ("unrolled", "contrib.rnn.PhasedLSTMCell(4)", "(f(3,4,1), f(3,4,5))", "sequence_length=i(3)"),
    ("unrolled", "contrib.rnn.GRUCell(4)", "f(3,4,5) | f(N,4,5) | f(N,N,5) | f(3,N,5)", "swap_memory=True", "parallel_iterations=1"), ("unrolled", "contrib.rnn.BasicLSTMCell(4)", "f(3,4,5) | f(N,4,5) | f(N,N,5) | f(3,N,5)", "sequence_length=i(3) | i(N)"),
    *(("static", cell, "4") for cell in CELLS),
    *(("attended", f"'{name}'", "f(3,6,5) || f(N,N,5)", "lengths=i(3)") for name in MECHANISMS), ("attended", "'LuongMonotonicAttention:recursive'", "f(3,6,5)", "cell='lstm'", "history=True", "layer=6", "noise=1."),
    *(("decoded_by", f"'{name}'", "'training' || 'greedy' || 'sample' || 'scheduled'", "lengths=i(3)") for name in MECHANISMS),
    *(("columns", f"tf.feature_column.categorical_column_with_{column}", "i(4) | l(4) | u(4) | i(N,2)", "kind='indicator' | 'embedding' | 'shared' | 'crossed' | 'linear' | 'keras'") for column in COLUMNS),
]
