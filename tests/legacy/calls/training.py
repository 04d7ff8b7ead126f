"""tf.train, tf.gradients, tf.data, tf.summary, tf.contrib's layers, slim and framework."""

NETS = "loss('dense') | loss('conv') | loss('resource') || loss('unknown') | loss('gan') | loss('norm') | loss('embedding') | loss('two')"
OPTIMIZERS = [f"tf.train.{name}" for name in (
    "GradientDescentOptimizer(.1)", "AdamOptimizer()", "AdamOptimizer(.1, beta1=.5)", "AdamOptimizer(f())", "MomentumOptimizer(.1, .9)",
    "MomentumOptimizer(.1, .9, use_nesterov=True)", "RMSPropOptimizer(.1)", "RMSPropOptimizer(.1, centered=True)",
    "AdagradOptimizer(.1)", "AdadeltaOptimizer()", "FtrlOptimizer(.1)", "ProximalAdagradOptimizer(.1)",
    "ProximalGradientDescentOptimizer(.1)", "GradientDescentOptimizer(c(.1))", "AdagradDAOptimizer(.1, tf.train.get_or_create_global_step())")]
STEP = "tf.train.get_or_create_global_step() | v(dtype=tf.int32) || l() | 3"
QUEUED = "[f(2)] | [f(2), i()] | {'a': f(2)}"
DATA = "tf.data.Dataset.from_tensor_slices(np.zeros([4, 2], 'float32'))"
SETS = (DATA, "tf.data.Dataset.range(4)", "tf.data.Dataset.from_tensors(f(2))")
MAPS = "f(2,8,8,3) | f(N,8,8,3) | f(N,N,N,3)"
ROWS_OF = "f(2,3) | f(N,3) || f(2,4,3) | f(N,4,3) | f(U)"
ARGS = "activation_fn=None | tf.nn.leaky_relu"
NORMALIZER = "normalizer_fn=contrib.layers.batch_norm | contrib.layers.layer_norm | contrib.layers.instance_norm"
REGULARIZER = "weights_regularizer=contrib.layers.l2_regularizer(.1) | contrib.layers.l1_regularizer(.1)"
INIT = "weights_initializer=tf.random_normal_initializer(stddev=.1) | contrib.layers.variance_scaling_initializer() | tf.zeros_initializer()"

ROWS = [
    *((f"{optimizer}.minimize", NETS, "global_step=tf.train.get_or_create_global_step()", "colocate_gradients_with_ops=True",
       "gate_gradients=0 | 2") for optimizer in OPTIMIZERS[:3]),
    *((f"{optimizer}.minimize", "loss('dense') | loss('embedding') | loss('resource')", "global_step=tf.train.get_or_create_global_step()")
      for optimizer in OPTIMIZERS[3:]),
    *((f"{optimizer}.apply_gradients", "[(f(2), v(2))] | [(f(2), rv(2))] | [(f(2), v(2)), (f(3), v(3))] | [(tf.IndexedSlices(f(1,2), c([0])), v(3,2))] | "
       "[(tf.IndexedSlices(f(1,2), c([0])), rv(3,2))]", "global_step=tf.train.get_or_create_global_step()") for optimizer in OPTIMIZERS),
    ("tf.train.AdamOptimizer().compute_gradients", NETS, "grad_loss=f()"),
    ("clipped", "loss('dense') | loss('conv')"), ("tf.train.AdamOptimizer().variables",),
    ("grad", "loss('dense') | loss('conv') | loss('resource') | loss('unknown') | loss('gan') | loss('norm') | loss('embedding') | loss('two')"),
    ("penalty", "'dense' | 'conv' | 'unknown' | 'norm' | 'pool'"),
    ("tf.gradients", "loss('dense')", "tf.trainable_variables()", "grad_ys=f()", "stop_gradients=[f(2)]", "aggregation_method=2"),
    ("tf.gradients", "v(2) * 2. | [v(2) * 2., v(3)]", "tf.trainable_variables()", "grad_ys=f(2)"),
    ("tf.hessians", "tf.reduce_sum(tf.square(v(2)))", "tf.trainable_variables()"),
    ("tf.train.exponential_decay", "0.1 | f()", STEP, "100 | i() | c(100)", "0.9 | f()", "staircase=True"),
    ("tf.train.natural_exp_decay", "0.1 | f()", STEP, "100 | i()", "0.9 | f()", "staircase=True"),
    ("tf.train.inverse_time_decay", "0.1 | f()", STEP, "100 | i()", "0.9 | f()", "staircase=True"),
    ("tf.train.polynomial_decay", "0.1 | f() | c(.1)", STEP, "100 | i() | c(100)", "end_learning_rate=0.01 | f()", "power=2. | f()", "cycle=True"),
    ("tf.train.piecewise_constant", STEP, "[10, 20] | [cl(10), cl(20)]", "[.1, .2, .3] | [f(), f(), f()]"),
    ("tf.train.cosine_decay", "0.1 | f()", STEP, "100 | i()", "alpha=.1"), ("tf.train.cosine_decay_restarts", "0.1 | f()", STEP, "100 | i()", "t_mul=1.", "alpha=.1"),
    ("tf.train.linear_cosine_decay", "0.1 | f()", STEP, "100"), ("tf.train.noisy_linear_cosine_decay", "0.1", STEP, "100"),
    ("tf.train.get_or_create_global_step",), ("tf.train.create_global_step",),
    ("tf.train.ExponentialMovingAverage(.9).apply", "[v(2)] | [rv(2)] | [f(2) * 2.] | None", ),
    ("tf.train.ExponentialMovingAverage(.9, tf.train.get_or_create_global_step()).apply", "[v(2)]"),
    ("tf.train.ExponentialMovingAverage(.9, zero_debias=True).apply", "[v(2)] | [f(2) * 2.]"),
    ("tf.train.Saver", "[v(2)] | [v(2), v(3)] | {'a': v(2)} | [rv(2)] | None", "max_to_keep=1", "sharded=True", "reshape=True", "save_relative_paths=True",
     "defer_build=True"),
    ("[v(2), tf.train.Saver()].__getitem__", "0"),
    *((f"tf.train.{name}", QUEUED, "2 | i()", "num_threads=2", "capacity=8 | i()", "enqueue_many=True", "allow_smaller_final_batch=True", "dynamic_pad=True")
      for name in ("batch",)),
    ("tf.train.shuffle_batch", QUEUED, "2 | i()", "8 | i()", "4 | i()", "num_threads=2", "seed=3", "enqueue_many=True", "allow_smaller_final_batch=True"),
    ("tf.train.batch_join", "[[f(2)], [f(2)]]", "2", "capacity=8"), ("tf.train.shuffle_batch_join", "[[f(2)], [f(2)]]", "2", "8", "4"),
    ("tf.train.maybe_batch", "[f(2)]", "True | b()", "2"), ("tf.train.maybe_shuffle_batch", "[f(2)]", "2", "8", "4", "True | b()"),
    ("tf.train.string_input_producer", "['a', 'b'] | s(N) | c(['a'])", "num_epochs=2", "shuffle=False", "seed=3", "capacity=4"),
    ("tf.train.input_producer", "f(4,2) | f(N,2)", "element_shape=[2]", "num_epochs=2", "shuffle=False", "seed=3"),
    ("tf.train.slice_input_producer", "[f(4,2)] | [f(4,2), i(4)] | [['a', 'b'], [1, 2]]", "num_epochs=2", "shuffle=False", "seed=3"),
    ("tf.train.range_input_producer", "4 | i()", "num_epochs=2", "shuffle=False"), ("tf.train.limit_epochs", "f(2)", "num_epochs=2"),
    ("tf.train.match_filenames_once", "'a*' | ['a*', 'b*']"), ("tf.train.init_from_checkpoint", "'a'", "{}"),
    *((f"tf.{name}().read", "tf.train.string_input_producer(['a'])") for name in ("WholeFileReader", "TFRecordReader", "TextLineReader", "IdentityReader")),
    ("tf.FixedLengthRecordReader(8).read", "tf.train.string_input_producer(['a'])"), ("tf.TFRecordReader().read_up_to", "tf.train.string_input_producer(['a'])", "2"),
    ("tf.FIFOQueue(4, [tf.float32], [[2]]).enqueue", "[f(2)]"), ("tf.FIFOQueue(4, [tf.float32], [[2]]).dequeue",), ("tf.FIFOQueue(4, [tf.float32], [[2]]).dequeue_many", "2 | i()"),
    ("tf.RandomShuffleQueue(4, 2, [tf.float32], [[2]]).enqueue_many", "[f(3,2)]"), ("tf.RandomShuffleQueue(4, 2, [tf.float32], [[2]], seed=3).dequeue",), ("tf.PaddingFIFOQueue(4, [tf.float32], [[N]]).dequeue_many", "2"),
    # -- data
    *((f"{one}.{what}", ) for one in SETS for what in (
        "batch(2", "batch(2, drop_remainder=True", "batch(i()", "repeat(", "repeat(2", "repeat(i()", "shuffle(4", "shuffle(4, seed=3", "shuffle(i()",
        "shuffle(4, reshuffle_each_iteration=False", "prefetch(1", "prefetch(-1", "take(2", "skip(1", "cache(", "shard(2, 0", "map(lambda x: x", "map(lambda x: x + x, num_parallel_calls=2",
        "map(lambda x: tf.random_uniform([2]) + tf.random_normal([2])", "map(lambda x: (x, tf.random_uniform([2]))", "map(lambda x: tf.reshape(tf.cast(x, tf.float32), [-1]) * tf.random_uniform([1])",
        "filter(lambda x: tf.reduce_all(x > x)", "flat_map(lambda x: tf.data.Dataset.from_tensors(x)", "apply(tf.data.experimental.shuffle_and_repeat(4)",
        "apply(tf.data.experimental.map_and_batch(lambda x: x, 2)", "apply(tf.data.experimental.map_and_batch(lambda x: tf.random_uniform([2]), 2)", "interleave(lambda x: tf.data.Dataset.from_tensors(x), 2", "window(2", "enumerate(",
        "concatenate(tf.data.Dataset.range(3)", "reduce(0, lambda a, x: a", "make_one_shot_iterator().get_next(", "make_initializable_iterator().get_next(",
        "shuffle(4).batch(2).repeat().make_one_shot_iterator().get_next(", "shuffle(4).repeat().batch(2).make_initializable_iterator().get_next(", "padded_batch(2, [N]", "with_options(tf.data.Options()")),
    *(("images_mapped", f"lambda x: {body}") for body in (
        "tf.image.random_flip_left_right(x)", "tf.random_crop(x, [4, 4, 3])", "tf.image.random_brightness(x, .1)", "tf.image.random_flip_left_right(tf.image.resize_images(x, [5, 5]))",
        "tf.image.random_contrast(tf.image.per_image_standardization(x), .5, 1.)", "tf.image.random_saturation(tf.image.random_hue(x, .1), .5, 1.)", "tf.nn.dropout(x, .5)",
        "tf.image.random_crop(tf.image.resize_image_with_crop_or_pad(x, 12, 12), [8, 8, 3])", "tf.image.rot90(x, tf.random_uniform([], 0, 4, tf.int32))")),
    *(("decoded", f"lambda x: {body}") for body in (
        "tf.image.random_flip_left_right(x)", "tf.random_crop(tf.image.resize_images(x, [9, 9]), [4, 4, 3])", "tf.image.crop_to_bounding_box(x, tf.random_uniform([], 0, 4, tf.int32), 0, 4, 4) + tf.cast(tf.random_uniform([]), tf.uint8)",
        "tf.image.random_brightness(tf.image.convert_image_dtype(x, tf.float32), .1)")),
    ("tf.data.Dataset.from_tensor_slices", "np.zeros([4, 2]) | f(4,2) | (f(4,2), i(4)) | {'a': f(4,2)} | ['a', 'b'] | [1, 2]"),
    ("tf.data.Dataset.from_tensors", "1. | f(2) | (1, 2)"), ("tf.data.Dataset.range", "4 | i() | l()", "6"), ("tf.data.Dataset.zip", "(tf.data.Dataset.range(3), tf.data.Dataset.range(3))"),
    ("tf.data.Dataset.list_files", "'a*' | s()", "shuffle=False", "seed=3"), ("tf.data.TFRecordDataset", "'a' | ['a', 'b'] | s(N)", "compression_type='GZIP'", "num_parallel_reads=2"),
    ("tf.data.TextLineDataset", "'a' | s(N)"), ("tf.data.FixedLengthRecordDataset", "'a'", "8", "header_bytes=2"),
    ("tf.data.Dataset.from_generator", "lambda: iter([1])", "tf.int32", "output_shapes=[] | None"), ("tf.data.Iterator.from_structure", "tf.float32", "[2]"),
    ("tf.data.Iterator.from_string_handle", "s()", "tf.float32", "[2]"), ("tf.data.Iterator.from_structure(tf.float32, [2]).make_initializer", DATA),
    # -- summary
    ("tf.summary.scalar", "'a'", "f() | v() | 1. | c(1)"), ("tf.summary.histogram", "'a'", "f(2) | v(2) | f(N)"), ("tf.summary.image", "'a'", "f(2,8,8,3) | f(N,N,N,3) | u(2,8,8,3)", "max_outputs=1 | i()"),
    ("tf.summary.audio", "'a'", "f(2,8)", "10."), ("tf.summary.text", "'a'", "s()"), ("tf.summary.merge_all",), ("tf.summary.merge", "[tf.summary.scalar('a', f()), tf.summary.scalar('b', f())]"),
    ("[tf.summary.scalar('a', f()), tf.summary.scalar('b', f()), tf.summary.merge_all()].__getitem__", "2"), ("tf.summary.tensor_summary", "'a'", "f(2)"),
    # -- contrib
    *((f"contrib.layers.{name}", ROWS_OF, "5", ARGS, NORMALIZER, REGULARIZER, INIT, "biases_initializer=None", "scope='a'") for name in ("fully_connected",)),
    *((f"contrib.layers.{name}", MAPS, "4", "3 | [3, 3]", "stride=2", "padding='VALID'", ARGS, NORMALIZER, REGULARIZER, INIT, "biases_initializer=None") for name in ("conv2d", "conv2d_transpose")),
    ("contrib.layers.conv2d", "f(2,8,8,3)", "4", "3", "rate=2", "data_format='NHWC'"), ("contrib.layers.separable_conv2d", MAPS, "4 | None", "3", "depth_multiplier=1 | 2", "stride=2"),
    ("contrib.layers.conv1d", "f(N,8,3)", "4", "3"), ("contrib.layers.conv3d", "f(N,8,8,8,3)", "4", "3"), ("contrib.layers.conv2d_in_plane", "f(2,8,8,3)", "3"),
    ("contrib.layers.batch_norm", MAPS + " | f(2,3) | f(N,3)", "is_training=True | False | b()", "scale=True", "center=False", "decay=.9", "updates_collections=None",
     "fused=True | False", "activation_fn=tf.nn.relu", "epsilon=1e-5", "zero_debias_moving_mean=True", "renorm=True", "reuse=None"),
    ("contrib.layers.layer_norm", MAPS + " | f(2,3) | f(N,3)", "center=False", "scale=False", "begin_norm_axis=1 | 2"), ("contrib.layers.instance_norm", MAPS, "center=False", "scale=False", "epsilon=1e-3"),
    ("contrib.layers.group_norm", "f(2,8,8,4) | f(N,8,8,4) | f(N,N,N,4)", "groups=2"), ("contrib.layers.dropout", ROWS_OF, "keep_prob=.5 | f() | 1.", "is_training=True | False | b()", "noise_shape=[2, 1]", "seed=3"),
    ("contrib.layers.flatten", "f(2,3,4) | f(N,3,4) | f(N,N,4) | f(2,3) | f(N,N) | f(U)"), ("contrib.layers.max_pool2d", MAPS, "2", "stride=1", "padding='SAME'"), ("contrib.layers.avg_pool2d", MAPS, "2", "stride=1", "padding='SAME'"),
    ("contrib.layers.bias_add", "f(2,3) | f(N,8,8,3)"), ("contrib.layers.one_hot_encoding", "i(2) | i(N)", "5", "on_value=2."), ("contrib.layers.softmax", "f(2,3) | f(N,4,3)"), ("contrib.layers.unit_norm", "f(2,3) | f(N,3)", "1"),
    ("contrib.layers.stack", "f(2,3)", "contrib.layers.fully_connected", "[4, 5]"), ("contrib.layers.repeat", "f(2,3)", "2", "contrib.layers.fully_connected", "4"), ("contrib.layers.embed_sequence", "i(2,3)", "vocab_size=5", "embed_dim=3"),
    ("contrib.layers.apply_regularization", "contrib.layers.l2_regularizer(.1)", "[v(2)]"), ("contrib.layers.l2_regularizer(.1)", "v(2,3)"), ("contrib.layers.l1_regularizer(.1)", "v(2,3)"), ("contrib.layers.l1_l2_regularizer(.1, .2)", "v(2,3)"), ("contrib.layers.sum_regularizer([contrib.layers.l2_regularizer(.1)])", "v(2,3)"),
    ("contrib.layers.optimize_loss", "loss('dense')", "tf.train.get_or_create_global_step()", ".1", "'SGD' | 'Adam'", "clip_gradients=1.", "summaries=[]"), ("contrib.layers.summarize_tensor", "f() | f(2)"), ("contrib.layers.maxout", "f(2,4)", "2"), ("contrib.layers.spatial_softmax", "f(2,8,8,3)"),
    ("contrib.layers.xavier_initializer()", "[3, 4]"), ("contrib.layers.variance_scaling_initializer()", "[3, 4]"), ("contrib.layers.scale_gradient", "f(2)", ".5"), ("contrib.layers.bow_encoder", "i(2,3)", "5", "3"), ("contrib.layers.gdn", "f(2,8,8,3)"),
    ("contrib.slim.fully_connected", "f(N,3)", "4"), ("contrib.slim.conv2d", "f(N,8,8,3)", "4", "3"), ("contrib.slim.dropout", "f(N,3)", ".5"), ("contrib.slim.batch_norm", "f(N,8,8,3)"), ("contrib.slim.flatten", "f(N,3,4)"),
    ("contrib.slim.losses.softmax_cross_entropy", "f(2,3)", "f(2,3)"), ("contrib.slim.model_variable", "'a'", "[2]", "regularizer=contrib.slim.l2_regularizer(.1)"), ("contrib.slim.get_variables",),
    ("contrib.slim.learning.create_train_op", "loss('dense')", "tf.train.AdamOptimizer()", "clip_gradient_norm=1.", "summarize_gradients=True"),
    ("contrib.framework.get_or_create_global_step",), ("contrib.framework.sort", "f(N)"), ("contrib.framework.argsort", "f(N)"), ("contrib.framework.model_variable", "'a'", "[2]"), ("contrib.framework.local_variable", "1."),
    ("contrib.framework.assign_from_values", "{'v1': np.zeros(2, 'float32')}"),
]
ROWS = [(row[0] + ")",) if row[0].count("(") > row[0].count(")") and len(row) == 1 else row for row in ROWS]
