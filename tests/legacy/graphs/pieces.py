"""Operations by their kinds, with their gradients; queues, data sets, tables and functions."""

import tensorflow as tf
from nets import images, rows


def gradients(found, x):
    """What of the gradients there is."""
    made = []
    for y in found:
        try:
            made += [g for g in tf.gradients(y, x) if g is not None]
        except LookupError:         # an operation has none
            pass
    return made


def convolutions():
    x = images()
    k = tf.get_variable("k", [3, 3, 2, 2])
    volume = tf.reshape(x, [-1, 4, 4, 2, 1])
    shape = tf.shape(x)
    made = [
        tf.nn.conv2d(x, k, [1, 2, 2, 1], "SAME"), tf.nn.conv2d(x, k, [1, 1, 1, 1], "VALID"),
        tf.nn.atrous_conv2d(x, k, 2, "SAME"), tf.nn.depthwise_conv2d(x, k, [1, 1, 1, 1], "SAME"),
        tf.nn.separable_conv2d(x, k, tf.ones([1, 1, 4, 3]), [1, 1, 1, 1], "SAME"),
        tf.nn.conv2d_transpose(x, k, tf.stack([shape[0], 8, 8, 2]), [1, 2, 2, 1]),
        tf.nn.conv3d(volume, tf.ones([2, 2, 2, 1, 2]), [1, 1, 1, 1, 1], "SAME"),
        tf.nn.conv3d_transpose(volume, tf.ones([2, 2, 2, 3, 1]), [4, 8, 8, 4, 3], [1, 2, 2, 2, 1]),
        tf.nn.conv1d(x[:, 0], tf.ones([2, 2, 3]), 1, "SAME"),
        tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME"),
        tf.nn.avg_pool(x, [1, 2, 2, 1], [1, 1, 1, 1], "VALID"),
        tf.nn.max_pool3d(volume, [1, 2, 2, 2, 1], [1, 2, 2, 1, 1], "SAME"),
        tf.nn.avg_pool3d(volume, [1, 2, 2, 1, 1], [1, 2, 2, 1, 1], "SAME"),
        tf.nn.dilation2d(x, k[..., 0], [1, 1, 1, 1], [1, 1, 1, 1], "SAME"),
        tf.nn.erosion2d(x, k[..., 0], [1, 1, 1, 1], [1, 1, 1, 1], "SAME"),
        tf.nn.lrn(x), tf.space_to_depth(x, 2), tf.depth_to_space(tf.concat([x, x], 3), 2),
        tf.space_to_batch_nd(x, [2, 2], [[0, 0], [0, 0]]),
        tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], "REFLECT"),
        tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]], "SYMMETRIC"), tf.nn.moments(x, [1, 2])[1],
        tf.extract_image_patches(x, [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], "SAME"),
        tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")[0],
        tf.nn.bias_add(x, [1., 2.]), tf.nn.weighted_moments(x, [1, 2], tf.abs(x))[0]]
    return [made, gradients(made, x), gradients(made[:6], k),
            gradients([tf.gradients(y, x)[0] * x for y in made[:2] + made[9:11]], x)]


def of_images():
    x = images(3)
    boxes = [[0., 0., .5, .9], [.2, .1, 1., 1.]]
    image = tf.image
    sizes = (tf.image.ResizeMethod.BILINEAR, 1, 2, 3)
    made = [image.resize_images(x, [6, 5], method) for method in sizes]
    made += [image.resize_images(x, [7, 7], method, align_corners=True) for method in sizes]
    made += [
        image.resize_bilinear(x, [3, 8], half_pixel_centers=True), image.resize_area(x, [2, 3]),
        image.crop_and_resize(x, boxes, [0, 1], [3, 3]), image.adjust_brightness(x, .1),
        image.adjust_contrast(x, 1.5), image.adjust_saturation(x, .5), image.adjust_hue(x, .1),
        image.adjust_gamma(tf.abs(x), .5), image.rgb_to_hsv(tf.sigmoid(x)),
        image.rgb_to_grayscale(x), image.per_image_standardization(x[0]),
        image.central_crop(x[0], .5), image.resize_image_with_crop_or_pad(x, 6, 3),
        image.flip_left_right(x), image.rot90(x), image.total_variation(x),
        image.ssim(tf.tile(x, [1, 4, 4, 1]), tf.tile(x, [1, 4, 4, 1]) + .1, 1.),
        image.random_flip_left_right(x, seed=1), image.random_brightness(x, .2, seed=2),
        image.random_contrast(x, .2, .9, seed=3), image.sobel_edges(x), image.psnr(x, x + .1, 1.),
        image.resize_nearest_neighbor(x, [2, 2]), image.image_gradients(x)[0],
        image.grayscale_to_rgb(x[..., :1]), image.transpose_image(x)]
    whole = tf.cast(tf.sigmoid(x[0]) * 255, tf.uint8)
    others = [
        image.decode_png(image.encode_png(whole)), image.decode_image(image.encode_png(whole)),
        image.non_max_suppression(boxes, [.5, .9], 2), image.draw_bounding_boxes(x, [boxes] * 4),
        image.sample_distorted_bounding_box([4, 4, 3], [boxes], seed=1),
        image.extract_glimpse(x, [2, 2], tf.zeros([4, 2])),
        image.random_jpeg_quality(whole, 40, 41, seed=1), image.convert_image_dtype(whole, tf.float32)]
    return [made, gradients(made, x), others]


def of_matrices():
    x = tf.matmul(rows(), rows(), transpose_a=True) + tf.eye(3)
    y = tf.linalg
    made = [
        tf.cholesky(x), tf.matrix_inverse(x), tf.matrix_determinant(x), tf.matrix_diag(x),
        tf.matrix_diag_part(x), tf.matrix_set_diag(x, [1., 2., 3.]), tf.matrix_band_part(x, 1, 0),
        tf.self_adjoint_eig(x)[0], tf.svd(x)[0], tf.qr(x)[1], tf.matrix_solve(x, x),
        tf.matrix_triangular_solve(x, x), tf.cholesky_solve(tf.cholesky(x), x), tf.trace(x),
        tf.einsum("ij,jk->ik", x, x), tf.tensordot(x, x, 1), tf.norm(x), tf.cross(x, x + 1.),
        y.logdet(x), y.slogdet(x)[1], y.expm(x * .1), y.lstsq(x, x), y.lu(x)[0],
        y.tensor_diag(x[0]), y.adjoint(x), tf.batch_to_space(tf.reshape(tf.tile(
            x[:1], [4, 1]), [4, 1, 3, 1]), [[0, 0], [0, 0]], 2), tf.global_norm([x, x])]
    signals = [tf.abs(tf.fft(tf.cast(x, tf.complex64))), tf.abs(tf.spectral.rfft(x)),
               tf.spectral.irfft(tf.spectral.rfft(tf.tile(x, [1, 2]))), tf.abs(tf.fft2d(
                   tf.complex(x, x))), tf.abs(tf.signal.stft(tf.tile(x, [1, 4]), 4, 2)),
               tf.signal.dct(x), tf.real(tf.ifft2d(tf.complex(x, x)))]
    return [made, signals, gradients(made[:4] + made[10:13] + made[14:19] + signals, x)]


def of_numbers():
    x, p = rows(), tf.abs(rows()) + .5
    one = [tf.abs, tf.acosh, tf.asinh, tf.cos, tf.cosh, tf.digamma, tf.erf, tf.exp, tf.expm1,
           tf.floor, tf.lgamma, tf.log, tf.log1p, tf.negative, tf.reciprocal, tf.rint, tf.round,
           tf.rsqrt, tf.sigmoid, tf.sign, tf.sin, tf.sinh, tf.sqrt, tf.square, tf.tan, tf.tanh,
           tf.atan, tf.nn.softmax, tf.nn.log_softmax, tf.nn.relu, tf.nn.relu6, tf.nn.elu,
           tf.nn.selu, tf.nn.softplus, tf.nn.softsign, tf.nn.crelu, tf.nn.leaky_relu, tf.cumsum,
           tf.cumprod, tf.nn.l2_loss, tf.ceil, tf.math.bessel_i0e, tf.math.softsign, tf.nn.swish,
           tf.reduce_logsumexp, tf.reduce_prod, tf.reduce_max, tf.reduce_mean, tf.reduce_min,
           tf.stop_gradient, tf.invert_permutation, tf.math.reduce_std, tf.nn.l2_normalize]
    made = [make(p + (1. if make is tf.acosh else 0.)) for make in one if make is not
            tf.invert_permutation]
    two = [tf.add, tf.subtract, tf.multiply, tf.divide, tf.div, tf.floordiv, tf.mod, tf.pow,
           tf.maximum, tf.minimum, tf.squared_difference, tf.atan2, tf.igamma, tf.igammac,
           tf.realdiv, tf.truncatemod, tf.div_no_nan, tf.zeta, tf.betainc, tf.polygamma,
           tf.math.xlogy if hasattr(tf.math, "xlogy") else tf.add]
    made += [make(p, p * 1.5 + 1.) for make in two if make not in (tf.betainc,)]
    made += [tf.betainc(p, p, tf.sigmoid(x)), tf.where(x > 0, x, p), tf.clip_by_value(x, -.5, .5),
             tf.clip_by_norm(x, 1.), tf.fake_quant_with_min_max_args(x), tf.add_n([x, p]),
             tf.fake_quant_with_min_max_vars(x, -1., 1.), tf.accumulate_n([x, p])]
    other = [tf.argmax(x, 1), tf.arg_min(x, 0), tf.greater(x, 0.), tf.logical_and(x > 0, x < 1),
             tf.cast(x, tf.int32), tf.is_nan(x), tf.bitcast(x, tf.int32), tf.bincount(
                 tf.cast(p, tf.int32)), tf.histogram_fixed_width(x, [-1., 1.], 4), tf.quantize(
                 x, -1., 1., tf.quint8), tf.reduce_any(x > 0), tf.count_nonzero(x), tf.range(4.),
             tf.linspace(0., 1., 4), tf.to_float(tf.argsort(x)), tf.sort(x), tf.confusion_matrix(
                 [0, 1], [1, 1]), tf.unique([3, 3, 4]), tf.bitwise.bitwise_and(5, 4),
             tf.setdiff1d([1, 2, 3], [2]), tf.nn.in_top_k(x, [0, 1, 2, 0], 2), tf.nn.top_k(x, 2),
             tf.searchsorted([1., 2.], [1.5])]
    return [made, gradients(made, rows()), other]


def of_shapes():
    x = rows()
    made = [
        tf.reshape(x, [-1, 1]), tf.transpose(x), tf.expand_dims(x, 1), tf.squeeze(x[:1]),
        tf.concat([x, x], 0), tf.stack([x, x]), tf.unstack(x, 3, 1)[1], tf.split(x, 3, 1)[0],
        tf.split(x, [1, 2], 1)[1], tf.tile(x, [2, 1]), tf.slice(x, [0, 1], [2, 2]), x[1:, ::2],
        x[..., tf.newaxis], tf.strided_slice(x, [0, 0], [2, 2]), tf.gather(x, [2, 0]),
        tf.gather(x, [1], axis=1), tf.gather_nd(x, [[0, 1]]), tf.batch_gather(x, [[0], [1], [2], [0]]),
        tf.boolean_mask(x, [True, False, True, True]), tf.reverse(x, [1]), tf.roll(x, 1, 0),
        tf.reverse_sequence(x, [1, 2, 3, 1], 1), tf.scatter_nd([[1], [0]], x[:2], [5, 3]),
        tf.one_hot([0, 2], 3) @ tf.transpose(x), tf.sequence_mask([1, 2], 3, tf.float32),
        tf.segment_sum(x, [0, 0, 1, 1]), tf.unsorted_segment_mean(x, [0, 1, 1, 0], 2),
        tf.segment_mean(x, [0, 0, 1, 1]), tf.unsorted_segment_max(x, [0, 1, 1, 0], 2),
        tf.sparse_segment_mean(x, [0, 1], [0, 0]), tf.broadcast_to(x[:1], [2, 3]), tf.identity(x),
        tf.diag(x[0]), tf.diag_part(x[:3]), tf.tensor_scatter_update(x, [[0]], x[1:2]),
        tf.zeros_like(x) + tf.ones(tf.shape(x)), tf.fill([2], x[0, 0]), tf.meshgrid(x[0], x[1])[0],
        tf.manip.roll(x, [1], [0]), tf.sparse_segment_sum(x, [0, 1], [0, 0]), tf.repeat(x, 2, 0),
        tf.placeholder_with_default(x, [None, 3]), tf.ensure_shape(x, [None, 3]),
        tf.parallel_stack([x[0], x[1]]) if False else x, tf.cumsum(x, 1, True)]
    others = [tf.shape(x), tf.size(x), tf.rank(x), tf.shape_n([x, x]), tf.where(x > 0),
              tf.broadcast_dynamic_shape(tf.shape(x), [1, 3]), tf.edit_distance(
                  tf.SparseTensor([[0, 0]], [1], [1, 2]), tf.SparseTensor([[0, 0]], [2], [1, 2]))]
    return [made, gradients(made, x), others]


def of_losses():
    x = rows()
    labels = tf.constant([0, 2, 1, 0])
    hot = tf.one_hot(labels, 3)
    w = tf.get_variable("w", [6, 3])
    b = tf.get_variable("b", [6], initializer=tf.zeros_initializer())
    wide = tf.placeholder(tf.float32, [None, 5, 3], name="sequences")
    sparse = tf.SparseTensor([[0, 0], [1, 0], [2, 1], [3, 0]], labels, [4, 2])
    made = [
        tf.nn.softmax_cross_entropy_with_logits(labels=hot, logits=x),
        tf.nn.softmax_cross_entropy_with_logits_v2(labels=hot, logits=x),
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x),
        tf.nn.sigmoid_cross_entropy_with_logits(labels=hot, logits=x),
        tf.nn.weighted_cross_entropy_with_logits(hot, x, 2.), tf.losses.hinge_loss(hot, x),
        tf.losses.huber_loss(hot, x), tf.losses.log_loss(hot, tf.sigmoid(x)),
        tf.losses.absolute_difference(hot, x), tf.losses.cosine_distance(hot, x, 1),
        tf.losses.softmax_cross_entropy(hot, x, label_smoothing=.1), tf.nn.log_poisson_loss(hot, x),
        tf.losses.mean_pairwise_squared_error(hot, x), tf.losses.sigmoid_cross_entropy(hot, x),
        tf.nn.ctc_loss(sparse, tf.transpose(wide, [1, 0, 2]) , [5, 5, 5, 5])
        if False else tf.reduce_sum(wide),
        tf.nn.nce_loss(w, b, labels[:, None], x, 2, 6, sampled_values=(
            tf.constant([1, 2], tf.int64), tf.fill([4, 1], .5), tf.fill([2], .3))),
        tf.nn.sampled_softmax_loss(w, b, labels[:, None], x, 2, 6, seed=1),
        tf.nn.embedding_lookup_sparse(w, sparse, None, combiner="mean")]
    metrics = [tf.metrics.accuracy(labels, tf.argmax(x, 1))[1], tf.metrics.auc(hot, tf.sigmoid(x))[1],
               tf.metrics.precision(labels, labels)[1], tf.metrics.mean_iou(labels, labels, 3)[1]]
    return [made, gradients(made, x), metrics, [tf.get_collection("losses")]]


def drawn():
    tf.set_random_seed(7)
    drawn = [
        tf.random_normal([3]), tf.random_uniform([3]), tf.truncated_normal([3], seed=1),
        tf.random_uniform([3], maxval=9, dtype=tf.int32), tf.random_shuffle(tf.range(5)),
        tf.multinomial(tf.zeros([1, 3]), 4), tf.random_poisson(3., [4], seed=2),
        tf.random_crop(tf.reshape(tf.range(16), [4, 4]), [2, 2], seed=4),
        tf.nn.dropout(tf.ones([6]), .5), tf.random.stateless_normal([3], [1, 2]),
        tf.distributions.Normal(0., 1.).sample(3, seed=5), tf.distributions.Bernoulli(
            .5).sample(3, seed=6), tf.nn.uniform_candidate_sampler(
            tf.constant([[1]], tf.int64), 1, 2, True, 9, seed=3)[0]]
    w = tf.get_variable("w", [2, 2], initializer=tf.orthogonal_initializer(seed=1))
    return [drawn, drawn, [w.initializer], [w]]


def sparse_and_strings():
    x = tf.sparse_placeholder(tf.float32, [3, 4], name="sparse")
    dense = tf.sparse_tensor_to_dense(x)
    y = tf.sparse_tensor_dense_matmul(x, tf.ones([4, 2]))
    s = tf.constant(["a b", "c", "long text"])
    return [[dense, y, tf.sparse_reduce_sum(x, 1), tf.sparse_transpose(x).values,
             tf.sparse_add(x, x).values, tf.sparse_softmax(x).values, tf.sparse_concat(
                 0, [x, x]).dense_shape, tf.sparse_to_dense([1], [3], 2.), tf.sparse_retain(
                 x, x.values > 0).values, tf.sparse_slice(x, [0, 0], [2, 2]).values],
            [tf.string_join([s, s], "-"), tf.string_split(s).values, tf.substr(s, 0, 1),
             tf.string_to_hash_bucket_fast(s, 9), tf.string_to_number(["1.5"]), tf.as_string([3]),
             tf.regex_replace(s, "[a-c]", "x"), tf.strings.length(s), tf.decode_raw(s[:1], tf.uint8),
             tf.encode_base64(s), tf.reduce_join(s), tf.string_to_hash_bucket(s, 9),
             tf.strings.upper(s), tf.decode_csv(["1,2.5"], [[0], [0.]]), tf.string_strip(s),
             tf.serialize_tensor(tf.ones([2])), tf.parse_tensor(tf.serialize_tensor(
                 tf.ones([2])), tf.float32)]]


def queues():
    fifo = tf.FIFOQueue(5, [tf.float32], [[2]], name="fifo")
    put, take = fifo.enqueue_many([tf.reshape(tf.range(6.), [3, 2])]), fifo.dequeue()
    mixed = tf.RandomShuffleQueue(9, 0, [tf.int32], [[]], seed=1)
    padded = tf.PaddingFIFOQueue(5, [tf.float32], [[None]])
    more = [mixed.enqueue_many([tf.range(5)]), padded.enqueue([[1., 2.]]), padded.enqueue([[3.]])]
    stage = tf.contrib.staging.StagingArea([tf.float32], [[2]])
    staged = stage.put([tf.constant([1., 2.])])
    priority = tf.PriorityQueue(4, [tf.string], [[]])
    return [[put], [take], [fifo.size()], more[:1], more[1:2], more[2:], [mixed.dequeue_many(3)], [padded.dequeue_many(2)],
            [staged], [stage.get()], [priority.enqueue_many(([3, 1], ["c", "a"]))],
            [priority.dequeue()], [fifo.dequeue_up_to(2)], [fifo.close()]]


def queues_with_threads():
    number, = tf.train.slice_input_producer([tf.range(8.)], shuffle=False)
    name = tf.train.string_input_producer(["a", "b"], shuffle=False).dequeue()
    batch, names = tf.train.batch([number * 2., name], 4, capacity=8)
    grouped = tf.train.shuffle_batch([tf.ones([2])], 2, 10, 1, seed=3)
    return [["threads"], [batch], [tf.shape(names)], [grouped]]


def data_sets():
    def each(x):
        return x * 2 + tf.cast(tf.size(x), tf.int64)
    data = tf.data.Dataset.range(12)
    made = [
        data.map(each).batch(4).repeat(2).prefetch(1), data.map(each, 2).batch(5, True),
        data.shuffle(5, seed=3).batch(4), data.filter(lambda x: x > 4).take(3).skip(1),
        data.interleave(lambda x: tf.data.Dataset.from_tensors(x).repeat(2), 2, 2),
        data.interleave(lambda x: tf.data.Dataset.from_tensors(x), 2, 1, num_parallel_calls=2),
        data.flat_map(lambda x: tf.data.Dataset.range(x)), data.shard(3, 1),
        data.zip((data, data.map(tf.to_float))), data.concatenate(data).batch(6), data.cache(),
        data.map(lambda x: tf.fill([x], x)).padded_batch(3, [None]), data.window(2).flat_map(
            lambda x: x.batch(2)), data.apply(tf.data.experimental.map_and_batch(each, 4)),
        data.apply(tf.data.experimental.ignore_errors()), data.apply(tf.data.experimental.unbatch())
        if False else data, data.apply(tf.data.experimental.group_by_window(
            lambda x: x % 2, lambda k, d: d.batch(3), 3)), data.apply(tf.data.experimental.scan(
                tf.constant(0, tf.int64), lambda a, x: (a + x, a))), data.reduce(
            tf.constant(0, tf.int64), lambda a, x: a + x), tf.data.experimental.sample_from_datasets(
            [data, data], seed=2), data.apply(tf.data.experimental.enumerate_dataset()),
        tf.data.experimental.choose_from_datasets([data, data], data.map(lambda x: x % 2)),
        tf.data.Dataset.from_sparse_tensor_slices(tf.SparseTensor([[0, 1]], [5], [2, 3])).map(
            lambda i, v, s: v), data.apply(tf.data.experimental.dense_to_sparse_batch(
                3, [])) if False else data, data.apply(tf.data.experimental.parallel_interleave(
                    lambda x: tf.data.Dataset.from_tensors(x), 2)), data.apply(
            tf.data.experimental.prefetch_to_device("/cpu:0")) if False else data,
        data.apply(tf.data.experimental.unique()), data.apply(
            tf.data.experimental.take_while(lambda x: x < 3)) if hasattr(
                tf.data.experimental, "take_while") else data]
    sums = [x for x in made if isinstance(x, tf.Tensor)]
    made = [x for x in made if not isinstance(x, tf.Tensor)]
    once = [x.make_one_shot_iterator().get_next() for x in made]
    iterators = [x.make_initializable_iterator() for x in made]
    again = [x.get_next() for x in iterators]
    either = tf.data.Iterator.from_structure(tf.int64, [])
    return [sums, once, once, [x.initializer for x in iterators], again, again,
            [either.make_initializer(made[6])], [either.get_next()]]


def shuffled_data_sets():
    """`shuffle` right before `repeat`, which was one kernel, and what only looks like it."""
    def shuffled(*more, **named):
        return tf.data.Dataset.range(6).shuffle(4, *more, **named)
    apart = tf.data.Options()
    apart.experimental_optimization.apply_default_optimizations = False
    data = [shuffled(1).map(lambda x: 2 * x).repeat(), shuffled(2).repeat(), shuffled(2).repeat(3),
            shuffled(3, False).repeat(), tf.data.Dataset.range(6).apply(
                tf.data.experimental.shuffle_and_repeat(4, seed=5)),
            shuffled(7).repeat().with_options(apart), tf.data.Dataset.zip((
                tf.data.Dataset.range(6), shuffled(9))).shuffle(3, 2).repeat(),
            tf.data.Dataset.range(2).flat_map(lambda x: shuffled(4).repeat(2))]
    iterators = [each.batch(9).make_initializable_iterator() for each in data]
    once = [each.batch(9).make_one_shot_iterator().get_next() for each in data]
    return [[each.initializer for each in iterators], once] + 2 * [
        [each.get_next() for each in iterators]]


def records():
    def feature(x):
        return tf.train.Feature(int64_list=tf.train.Int64List(value=[x]))
    written = [tf.train.Example(features=tf.train.Features(feature={
        "a": feature(n), "b": feature(n * n)})).SerializeToString() for n in range(3)]
    features = {"a": tf.FixedLenFeature([], tf.int64), "b": tf.VarLenFeature(tf.int64),
                "c": tf.FixedLenFeature([], tf.float32, 2.5)}
    many = tf.parse_example(written, features)
    one = tf.parse_single_example(written[1], features)
    data = tf.data.Dataset.from_tensor_slices(written).map(
        lambda x: tf.parse_single_example(x, {"a": features["a"]})["a"])
    return [[many["a"], many["b"].values, many["c"]], [one["a"], one["b"].values],
            [data.batch(3).make_one_shot_iterator().get_next()]]


def tables():
    from tensorflow.contrib import lookup
    words = tf.constant(["a", "c", "b"])
    index = lookup.index_table_from_tensor(["a", "b"], num_oov_buckets=1)
    back = lookup.index_to_string_table_from_tensor(["x", "y"], default_value="?")
    table = lookup.HashTable(lookup.KeyValueTensorInitializer(["a", "b"], [1., 2.]), -1.)
    later = lookup.MutableHashTable(tf.string, tf.int64, -1, checkpoint=False)
    own = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer([1, 2], [3, 4]), 0)
    dense = lookup.MutableDenseHashTable(tf.int64, tf.int64, -1, 0, deleted_key=-2, checkpoint=False)
    insert = later.insert(words, tf.constant([5, 6, 7], tf.int64))
    return [[tf.tables_initializer()], [index.lookup(words), back.lookup(tf.constant(
        [0, 5], tf.int64)), table.lookup(words), own.lookup(tf.constant([2, 9]))],
        [insert], [later.lookup(words), later.size()],
        [dense.insert(tf.constant([4], tf.int64), tf.constant([8], tf.int64))],
        [dense.lookup(tf.constant([4, 5], tf.int64))]]


def functions():
    from tensorflow.python.framework import function
    from tensorflow.python.ops import functional_ops
    x = rows()

    @function.Defun(tf.float32, tf.float32, func_name="slope")
    def slope(x, dy):
        return dy * 3. * x

    @function.Defun(tf.float32, grad_func=slope, func_name="cube")
    def cube(x):
        return x * x

    @function.Defun(tf.float32, func_name="half")
    def half(x):
        return x / 2.

    @function.Defun(tf.float32, func_name="large")
    def large(x):
        return tf.reduce_sum(x) > 1.

    @tf.function
    def traced(x):
        if tf.reduce_sum(x) > 0:
            return x * 2.
        return x

    @tf.custom_gradient
    def custom(x):
        return tf.exp(x), lambda dy: dy * 7.
    y = [cube(x), half(x), functional_ops.If(tf.reduce_sum(x) > 0, [x], half, cube)[0],
         functional_ops.While([tf.exp(x)], large, half)[0], traced(x), custom(x),
         functional_ops.remote_call([x], [tf.float32], half, "/cpu:0")[0] if False else x]
    return [y, tf.gradients(y[0] + y[1] + y[4] + y[5], x)]


def new_control_flow():
    from tensorflow.python.ops import control_flow_util
    control_flow_util.ENABLE_CONTROL_FLOW_V2 = True
    try:
        x = rows()
        y = tf.cond(tf.reduce_sum(x) > 0, lambda: x * 2, lambda: x * x)
        _, z = tf.while_loop(lambda i, z: i < 3, lambda i, z: (i + 1, z * x), [0, x],
                             maximum_iterations=4)
        w = tf.map_fn(lambda row: row * row, x)
        return [[y, z, w], tf.gradients([y, z, w], x)]
    finally:
        control_flow_util.ENABLE_CONTROL_FLOW_V2 = False


def checks():
    x = rows()
    with tf.control_dependencies([tf.Assert(tf.reduce_all(x < 99.), [x]), tf.assert_rank(x, 2),
                                  tf.assert_equal(tf.shape(x)[1], 3), tf.assert_non_negative(
                                      tf.abs(x))]):
        y = tf.check_numerics(tf.identity(x), "no number")
    printed = tf.verify_tensor_all_finite(y, "no number")
    group = tf.group(y, printed)
    with tf.device("/cpu:0"), tf.colocate_with(x):
        z = tf.tuple([y * 2., printed])
    return [[y, printed, z], [group], [tf.timestamp() > 0], [tf.is_variable_initialized(
        tf.get_variable("v", [2]))], [tf.report_uninitialized_variables()],
        [tf.train.summary_iterator and tf.convert_to_tensor([1, 2])]]


def variables():
    plain = tf.Variable([1., 2.], name="plain", trainable=False)
    own = tf.get_variable("own", [2], use_resource=True, initializer=tf.ones_initializer(),
                          constraint=lambda v: tf.clip_by_norm(v, 1.))
    of_another = tf.Variable(plain.initialized_value() * 2., name="of_another")
    local = tf.get_local_variable("local", initializer=3.)
    summed = tf.Variable(tf.zeros([2]), name="summed", aggregation=tf.VariableAggregation.SUM)
    doubled = tf.get_variable("doubled", dtype=tf.float64, initializer=tf.ones_initializer(),
                              shape=[2])
    flag = tf.Variable(True, trainable=False)
    text = tf.Variable("words", trainable=False)
    unknown = tf.Variable(tf.zeros([2]), validate_shape=False, name="unknown")
    accumulator = tf.ConditionalAccumulator(tf.float32, [2])
    return [[plain.assign_add([1., 1.]), own.assign_sub([.5, .5])], [plain, own, of_another, local],
            [summed.assign([4., 5.]), doubled, flag, text], [tf.scatter_add(plain, [0], [9.])],
            [tf.scatter_nd_update(of_another, [[1]], [7.]), own.scatter_sub(tf.IndexedSlices(
                tf.constant([1.]), tf.constant([0])))], [plain, own, of_another],
            [tf.assign(unknown, [1., 2., 3.], validate_shape=False)],
            [accumulator.apply_grad([1., 2.])], [accumulator.take_grad(1)]]


GRAPHS = [convolutions, of_images, of_matrices, of_numbers, of_shapes, of_losses, drawn,
          sparse_and_strings, queues, queues_with_threads, data_sets, shuffled_data_sets, records,
          tables, functions, new_control_flow, checks, variables]
