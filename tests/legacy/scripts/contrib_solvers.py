"""Small parts of tf.contrib: solvers, kernel_methods, columns of sequences, optimizer_v2."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.solvers.python.ops import lanczos, util

contrib, rs = tf.contrib, np.random.RandomState(0)
solvers = contrib.solvers
for kind in (tf.float32, tf.float64):
    with tf.Graph().as_default(), tf.Session() as session:
        values = rs.randn(8, 5)
        matrix = tf.constant(values, kind)
        definite = tf.constant(values.T.dot(values) + np.eye(5), kind)
        right = tf.constant(rs.randn(8), kind)
        scaled = util.create_operator(tf.diag(1 / tf.diag_part(definite)))
        found = [
            solvers.least_squares.cgls(util.create_operator(matrix), right),
            solvers.linear_equations.conjugate_gradient(util.create_operator(definite), right[:5]),
            solvers.linear_equations.conjugate_gradient(
                util.create_operator(definite), right[:5], scaled, right[:5] * 2, 1e-6, 9),
            solvers.linear_equations.conjugate_gradient(util.identity_operator(definite), right[:5])]
        start = tf.constant(rs.rand(8, 1), kind)
        for whole in (True, False):
            parts = lanczos.lanczos_bidiag(util.create_operator(matrix), 3, whole, start)
            found += [parts, lanczos.bidiag_matmul(parts.u, parts.alpha, parts.beta),
                      solvers.lanczos.bidiag_matmul(parts.v, parts.alpha, parts.beta, True)]
        session.run(found + [util.l2norm(right), util.dot(right, right), util.l2normalize(right)])
with tf.Graph().as_default(), tf.Session() as session:
    tf.set_random_seed(3)
    methods = contrib.kernel_methods
    mapper = methods.RandomFourierFeatureMapper(4, 6, stddev=2.0, seed=3, name="m")
    mapped = mapper.map(tf.constant(rs.randn(5, 4).astype(np.float32)))
    labels = tf.constant([0, 2, 1, 5, 3])
    losses = [methods.sparse_multiclass_hinge_loss(labels, mapped), tf.gradients(
        methods.sparse_multiclass_hinge_loss(tf.cast(labels, tf.int64)[:, None], mapped * 3,
                                             tf.constant([1., 0., 2., 3., 1.])), mapped)]
    session.run([mapped, losses, tf.random_uniform([2]), tf.losses.get_total_loss()])
    print(mapper.name, mapper.input_dim, mapper.output_dim, np.random.rand())
    for wrong in (lambda: mapper.map(tf.ones([5, 3])), lambda: mapper.map(tf.ones([4])),
                  lambda: methods.sparse_multiclass_hinge_loss(labels, mapped[0]),
                  lambda: methods.sparse_multiclass_hinge_loss(tf.ones([5]), mapped)):
        try:
            wrong()
        except Exception as error:
            print(len(type(error).__name__))
with tf.Graph().as_default(), tf.Session() as session:
    tf.set_random_seed(3)
    columns = contrib.feature_column
    ids = columns.sequence_categorical_column_with_identity("ids", 5)
    words = columns.sequence_categorical_column_with_vocabulary_list("words", ["a", "b", "c"])
    hashed = columns.sequence_categorical_column_with_hash_bucket("hashed", 4)
    numbers = columns.sequence_numeric_column("numbers", [2], normalizer_fn=lambda x: x * 2.0)
    places = [[0, 0], [0, 1], [1, 0], [1, 1], [1, 2]]
    features = dict(
        ids=tf.SparseTensor(places, [1, 2, 0, 4, 3], [2, 3]),
        words=tf.SparseTensor(places, ["a", "c", "b", "z", "a"], [2, 3]),
        hashed=tf.SparseTensor(places, ["a", "c", "b", "z", "a"], [2, 3]),
        numbers=tf.SparseTensor([[0, i] for i in range(4)] + [[1, i] for i in range(6)],
                                np.arange(10, dtype=np.float32), [2, 6]))
    made, lengths = columns.sequence_input_layer(features, [
        tf.feature_column.embedding_column(ids, 3), tf.feature_column.indicator_column(words),
        tf.feature_column.indicator_column(hashed), numbers])
    following = tf.random_uniform([2])
    print(made.shape, lengths.shape, tf.feature_column.make_parse_example_spec([numbers]).keys())
    session.run([tf.global_variables_initializer(), tf.tables_initializer()])
    session.run([made, lengths, following])
    for wrong in (lambda: columns.sequence_input_layer(features, [ids]),
                  lambda: columns.sequence_numeric_column("x", dtype=tf.string),
                  lambda: columns.sequence_numeric_column("x", normalizer_fn=3)):
        try:
            wrong()
        except Exception as error:
            print(len(type(error).__name__))
v2 = contrib.optimizer_v2
for optimizer in (v2.AdamOptimizer(0.1), v2.AdadeltaOptimizer(2.0), v2.AdagradOptimizer(0.3),
                  v2.GradientDescentOptimizer(0.2), v2.MomentumOptimizer(0.1, 0.9, False, "M", True),
                  v2.RMSPropOptimizer(0.1, 0.8, 0.5), v2.RMSPropOptimizer(0.1, centered=True)):
    for resource in (False, True):
        with tf.Graph().as_default(), tf.Session() as session:
            table = tf.get_variable("table", use_resource=resource, initializer=tf.constant(
                rs.randn(4, 3).astype(np.float32)))
            rows = tf.nn.embedding_lookup(table, [0, 2, 0])
            scale = tf.get_variable("scale", initializer=[1.0, 2.0, 3.0], use_resource=resource)
            count = tf.train.get_or_create_global_step()
            step = optimizer.minimize(tf.reduce_sum(tf.square(rows * scale - 1.0)), count)
            print(sorted(one.name for one in tf.global_variables()), optimizer.get_slot_names())
            session.run(tf.global_variables_initializer())
            for _ in range(3):
                session.run(step)
            session.run([table, scale, count])
