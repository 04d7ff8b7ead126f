"""tf.contrib.factorization: WALSModel and mixtures of normal distributions, step by step."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib.factorization.python.ops import factorization_ops

factorization, rs = tf.contrib.factorization, np.random.RandomState(0)
ROWS, COLS = 7, 5
places = np.array([(i, j) for i in range(ROWS) for j in range(COLS) if rs.rand() < 0.5])
ratings = rs.rand(len(places)).astype(np.float32)
FIRST = rs.randn(ROWS, 3).astype(np.float32), rs.randn(COLS, 3).astype(np.float32)
shards = [FIRST[0][:4], FIRST[0][4:]]

for named in (
        dict(row_init=FIRST[0], col_init=FIRST[1]), dict(regularization=0.01),
        dict(row_init=FIRST[0], col_init=FIRST[1], row_weights=None, col_weights=None,
             regularization=0.1, unobserved_weight=0.3),
        dict(row_init=FIRST[0], col_init=lambda: FIRST[1], row_weights=0.5, col_weights=list(
            np.linspace(0.1, 1.0, COLS)), use_scoped_vars=True, use_gramian_cache=False),
        dict(row_init=shards, col_init=FIRST[1], num_row_shards=2, regularization=0.01,
             row_weights=[[0.1] * 4, [0.7] * 3], use_factors_weights_cache=False)):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(3)
        model = factorization_ops.WALSModel(ROWS, COLS, 3, **named)
        following = tf.random_uniform([2])
        matrix = tf.SparseTensor(places, ratings, [ROWS, COLS])
        part = tf.SparseTensor(places[:6], ratings[:6], [ROWS, COLS])
        turned = tf.sparse_transpose(matrix)
        updates = [model.update_row_factors(sp_input=matrix), model.update_col_factors(matrix),
                   model.update_row_factors(part), model.update_col_factors(turned, True),
                   model.update_row_factors(turned, transpose_input=True)]
        projected = [model.project_row_factors(part), model.project_col_factors(
            matrix, projection_weights=0.2), model.project_row_factors(
                turned, True, np.linspace(0.1, 1.0, ROWS).astype(np.float32))]
        print([one.name for one in tf.global_variables() + tf.local_variables()])
        session.run(model.initialize_op)
        session.run(model.worker_init)
        session.run([model.row_factors, model.col_factors, following])
        for number, (new, update, *losses) in enumerate(updates):
            side = "col" if number in (1, 3) else "row"
            session.run(getattr(model, side + "_update_prep_gramian_op"))
            session.run(getattr(model, f"initialize_{side}_update_op"))
            session.run([new] + losses)
            session.run(update)
            session.run([model.row_factors, model.col_factors])
        session.run(model.row_update_prep_gramian_op)
        session.run(model.initialize_row_update_op)
        session.run([projected[0], projected[2]])
        session.run(model.col_update_prep_gramian_op)
        session.run(model.initialize_col_update_op)
        session.run(projected[1])
for weights in (-1, "wrong"):
    try:
        factorization.WALSModel(3, 4, 2, row_weights=weights, col_weights=weights)
        print(0)
    except Exception as error:
        print(len(type(error).__name__))
for first in (np.ones([4, 2], np.float32), np.ones([2, 2, 2], np.float32), 3, [1.0]):
    try:
        made = factorization.WALSModel(4, 4, 2, num_row_shards=2, row_init=first)
        print(len(made.row_factors))
    except Exception as error:
        print(len(type(error).__name__))

points = np.concatenate([rs.randn(20, 2), rs.randn(15, 2) * 0.5 + 3, rs.randn(12, 2) - [4, 0]])
points = points.astype(np.float32)
MEANS = points[[0, 22, 40]].tolist()
for first, covariances, params, parts in (
        (MEANS, "full", "wmc", 1), (MEANS, "diag", "wmc", 1), (MEANS, "full", "wm", 1),
        (MEANS, "full", "mc", 1), ("random", "full", "wmc", 1), (MEANS, "full", "wmc", 2),
        (MEANS, "wrong", "wmc", 1)):
    with tf.Graph().as_default(), tf.Session() as session:
        data = [tf.constant(part) for part in np.split(points[:46], parts)]
        try:
            likelihood, scores, assignments, train, init, is_begun = factorization.gmm(
                data if parts > 1 else data[0], first, 3, 5, covariances, params)
        except Exception as error:
            print(len(type(error).__name__))
            continue
        print([one.name for one in tf.global_variables()])
        session.run(tf.global_variables_initializer())
        session.run(init)
        for _ in range(4):
            session.run([likelihood, assignments, is_begun] + [scores] * (parts == 1))
            session.run(train)
            session.run(tf.global_variables())
