"""Weighted alternating least squares: a sparse matrix as the product of two thin ones."""

import numbers
from collections.abc import Iterable


def make(given):
    """WALSModel."""
    tf = given.tf

    class WALSModel:
        """Factors of rows and columns; each is solved for with the other one fixed.

        Args:
          input_rows, input_cols: of the matrix.
          n_components: how wide the factors are.
          unobserved_weight: of what the matrix does not hold, which counts as 0.
          regularization: of the squares of the factors.
          row_init, col_init: "random", the factors, one for each shard, or a function of none.
          row_weights, col_weights: a number, a list, a list for each shard; or both None.
        """

        def __init__(self, input_rows, input_cols, n_components, unobserved_weight=0.1,
                     regularization=None, row_init="random", col_init="random", num_row_shards=1,
                     num_col_shards=1, row_weights=1, col_weights=1,
                     use_factors_weights_cache=True, use_gramian_cache=True,
                     use_scoped_vars=False):
            assert (row_weights is None) == (col_weights is None)
            self._sizes = dict(row=input_rows, col=input_cols)
            self._shards = dict(row=num_row_shards, col=num_col_shards)
            self._unobserved, self._regularization = unobserved_weight, regularization
            self._eye = None if regularization is None else \
                regularization * tf.eye(n_components)
            self._weights, self._factors, self._gramians = {}, {}, {}
            for held, what, inits in (
                    (self._weights, "weights", (row_weights, col_weights)),
                    (self._factors, "factors", (row_init, col_init))):
                for side, init in zip(("row", "col"), inits):
                    name = f"{side}_{what}"
                    parts = (self._of_weights if what == "weights" else self._of_factors)(
                        init, side, n_components)
                    if parts is None:
                        held[side] = None
                    elif use_scoped_vars:
                        with tf.name_scope(name):
                            held[side] = self._variables(parts, name)
                    else:
                        held[side] = self._variables(parts, name)
            for side in ("row", "col"):
                self._gramians[side] = tf.Variable(
                    tf.zeros([n_components, n_components]), dtype=tf.float32,
                    name=f"{side}_gramian")
            self._prepare = {}
            for side, other in (("row", "col"), ("col", "row")):
                with tf.name_scope(f"{side}_prepare_gramian"):
                    self._prepare[side] = self._products(other)
            with tf.name_scope("transient_vars"):
                self._make_caches(use_factors_weights_cache, use_gramian_cache)

        row_factors = property(lambda self: self._factors["row"])
        col_factors = property(lambda self: self._factors["col"])
        row_weights = property(lambda self: self._weights["row"])
        col_weights = property(lambda self: self._weights["col"])
        worker_init = property(lambda self: self._worker_init)
        row_update_prep_gramian_op = property(lambda self: self._prepare["row"])
        col_update_prep_gramian_op = property(lambda self: self._prepare["col"])
        initialize_row_update_op = property(lambda self: self._begin["row"])
        initialize_col_update_op = property(lambda self: self._begin["col"])

        @property
        def initialize_op(self):
            held = self.row_factors + self.col_factors + list(self._gramians.values())
            if self.row_weights is not None:
                held += self.row_weights + self.col_weights
            return tf.variables_initializer(held)

        def _split(self, side):
            """How many rows each shard has."""
            size, more = divmod(self._sizes[side], self._shards[side])
            return [size + 1] * more + [size] * (self._shards[side] - more)

        def _of_factors(self, init, side, width):
            init = init() if callable(init) else init
            is_random = isinstance(init, str) and init == "random"
            if not is_random and isinstance(init, list):
                assert len(init) == self._shards[side]
            elif not is_random and self._shards[side] == 1:
                init = [init]
            return [lambda place=place, size=size: tf.random_normal([size, width]) if is_random
                    else init[place] for place, size in enumerate(self._split(side))]

        def _of_weights(self, init, side, _):
            if init is None:
                return None
            is_number = not isinstance(init, Iterable)
            if is_number and not (isinstance(init, numbers.Real) and init >= 0):
                raise ValueError(f"Weights are a number of 0 or more, or lists of some: {init}")
            if not is_number:
                if self._shards[side] == 1 and len(init) == self._sizes[side]:
                    init = [init]
                assert len(init) == self._shards[side]
            return [lambda place=place, size=size: init * tf.ones([size]) if is_number
                    else init[place] for place, size in enumerate(self._split(side))]

        @staticmethod
        def _variables(parts, name):
            return [tf.Variable(part, dtype=tf.float32, name=f"{name}_shard_{place}")
                    for place, part in enumerate(parts)]

        def _products(self, side):
            products = []
            for part in self._factors[side]:
                with tf.colocate_with(part):
                    products.append(tf.matmul(part, part, transpose_a=True))
            gramian = self._gramians[side]
            with tf.colocate_with(gramian):
                return tf.assign(gramian, tf.add_n(products)).op

        @staticmethod
        def _cached(held, name, is_cached):
            """(copies of variables, what fills them, what empties them)"""
            if held is None:
                return None, None, None
            if not is_cached:
                return held, tf.no_op(), tf.no_op()
            one = not isinstance(held, list)
            held = [held] if one else held
            caches = [tf.Variable(
                1.0, trainable=False, collections=[tf.GraphKeys.LOCAL_VARIABLES],
                validate_shape=False, name=name if one else f"{name}_shard_{place}")
                for place in range(len(held))]
            filled, emptied = None, []
            for cache, value in zip(caches, held):
                with tf.colocate_with(cache):
                    with tf.control_dependencies([] if filled is None else [filled]):
                        filled = tf.assign(cache, value, validate_shape=False)
                    emptied.append(tf.assign(cache, 1.0, validate_shape=False))
            if one:
                return caches[0], filled, emptied[0]
            return caches, filled, tf.group(*emptied)

        def _make_caches(self, is_cached, is_gramian_cached):
            self._caches, fill, empty = {}, {}, {}
            for what, held, cached in (("factors", self._factors, is_cached),
                                       ("wt", self._weights, is_cached),
                                       ("gramian", self._gramians, is_gramian_cached)):
                for side in ("row", "col"):
                    key = what, side
                    self._caches[key], fill[key], empty[key] = self._cached(
                        held[side], f"{side}_{what}_cache", cached)
            self._begin = {side: tf.group(
                fill["factors", other], empty["factors", side], fill["gramian", other],
                empty["gramian", side]) for side, other in (("row", "col"), ("col", "row"))}
            self._worker_init = tf.no_op(name="worker_init") if self.row_weights is None else \
                tf.group(fill["wt", "row"], fill["wt", "col"], name="worker_init")

        def _update(self, side, ids, values):
            """Puts rows into the factors."""
            shards, name = self._factors[side], f"{side}_update"
            if len(shards) == 1:
                with tf.colocate_with(shards[0]):
                    return tf.scatter_update(shards[0], ids, values, name=name).op
            size, more = divmod(self._sizes[side], len(shards))
            which = tf.maximum(ids // (size + 1), (ids - more) // size)
            own = tf.where_v2(which < more, ids % (size + 1), (ids - more) % size)
            which = tf.cast(which, tf.int32)
            return tf.group(*[tf.scatter_update(shard, at, new) for shard, at, new in zip(
                shards, tf.dynamic_partition(own, which, len(shards)),
                tf.dynamic_partition(values, which, len(shards)))], name=name)

        def update_row_factors(self, sp_input=None, transpose_input=False):
            """(the new factors, what puts them in, the loss, the regularization, the sum of the
            weights) of some rows, a SparseTensor; of columns, where `transpose_input`."""
            return self._solved("row", "col", sp_input, transpose_input)

        def update_col_factors(self, sp_input=None, transpose_input=False):
            """The same of columns."""
            return self._solved("col", "row", sp_input, not transpose_input)

        def project_row_factors(self, sp_input=None, transpose_input=False,
                                projection_weights=None):
            """The factors of rows that the model need not have; it stays as it is."""
            return self._solved("row", "col", sp_input, transpose_input,
                                1 if projection_weights is None else projection_weights)[0]

        def project_col_factors(self, sp_input=None, transpose_input=False,
                                projection_weights=None):
            """The same of columns."""
            return self._solved("col", "row", sp_input, not transpose_input,
                                1 if projection_weights is None else projection_weights)[0]

        def _solved(self, side, other, matrix, is_transposed, weights=None):
            assert isinstance(matrix, tf.SparseTensor)
            given.seeds.inexact_from_here("tf.contrib.factorization.WALSModel")
            columns = [tf.unique(matrix.indices[:, axis]) for axis in (0, 1)]
            (ids, rows), (others, cols) = columns[::-1] if is_transposed else columns
            places = tf.cast(tf.stack([rows, cols], 1), tf.int64)
            number = tf.cast(tf.shape(ids)[0], tf.int64)
            shape = tf.stack([number, tf.cast(tf.shape(others)[0], tf.int64)])
            right = tf.nn.embedding_lookup(self._caches["factors", other], others,
                                           partition_strategy="div")
            gramian, values = self._caches["gramian", other], matrix.values
            left_side = self._unobserved * gramian
            left_side = left_side if self._eye is None else left_side + self._eye
            of_entries = None
            if self.row_weights is None:
                right_side = self._unobserved * _times(tf, places, values, shape, right)
                solved = tf.transpose(tf.matrix_solve(left_side, tf.transpose(right_side)))
            else:
                if weights is None:
                    weights = tf.nn.embedding_lookup(self._caches["wt", side], ids,
                                                     partition_strategy="div")
                else:
                    weights = tf.cast(weights, tf.float32) * tf.ones([number])
                of_columns = tf.nn.embedding_lookup(self._caches["wt", other], others,
                                                    partition_strategy="div")
                of_entries = tf.gather(weights, rows) * tf.gather(of_columns, cols)
                width = tf.shape(right)[1]
                squares = tf.reshape(right[:, :, tf.newaxis] * right[:, tf.newaxis],
                                     [-1, width * width])
                more = tf.reshape(_times(tf, places, of_entries, shape, squares),
                                  [-1, width, width])
                right_side = _times(tf, places, values * (self._unobserved + of_entries), shape,
                                    right)
                solved = tf.squeeze(tf.matrix_solve(left_side + more, right_side[..., tf.newaxis]),
                                    [2])
            factors = self._factors[side][0]
            solved.set_shape([None, factors.shape[1]])
            update = self._update(side, ids, solved)
            return (solved, update) + self._losses(
                side, other, solved, right, rows, cols, values, of_entries, gramian, number)

        def _losses(self, side, other, solved, right, rows, cols, values, of_entries, gramian,
                    number):
            near = tf.reduce_sum(tf.gather(solved, rows) * tf.gather(right, cols), 1)
            away, own = tf.square(values - near), tf.matmul(solved, solved, transpose_a=True)
            scale = self._sizes[side] / tf.cast(number, tf.float32)
            loss = self._unobserved * (tf.reduce_sum(away) - tf.reduce_sum(tf.square(near))
                                       + tf.trace(tf.matmul(own, gramian)))
            total = self._unobserved * tf.cast(self._sizes["row"] * self._sizes["col"],
                                               tf.float32)
            if of_entries is not None:
                loss += tf.reduce_sum(of_entries * away)
                total += tf.reduce_sum(of_entries) * scale
            regularization = tf.constant(0.0) if self._regularization is None else \
                self._regularization * (tf.trace(own) * scale + tf.trace(gramian))
            return loss * scale, regularization, total
    return WALSModel


def _times(tf, places, values, shape, matrix):
    return tf.sparse_tensor_dense_matmul(tf.SparseTensor(places, values, shape), matrix)
