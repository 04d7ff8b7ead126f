"""Mathematics and arrays at the top of tf, tf.math, tf.linalg, and what is drawn."""

FLOATS = "f(2,3) | f(N,3) | f(U) | f() || f(N,N) | f(2,3,4) | d(2,3) | i(2,3) | h(N,3) | v(2,3) | " \
         "f(N,3,4) | 2.0 | [1., 2.] | rv(2,3)"
FEW = "f(2,3) | f(N,3) | f(U) || f()"
SAME = "f(2,3) | f(U) | f() | 2.0 || f(N,3) | f(3) | f(1,3) | c(2.0) | np.ones([2, 3], 'float32')"
SQUARE = "f(3,3) | f(N,N) || f(2,3,3) | f(N,3,3) | f(U)"
AXIS = "1 | c(1) | [0] | i(1) || 0 | -1 | i() | [0, 1] | i(N) | []"
SHAPE = "[2, 3] | [c(2), 3] | i(2) || (2, 3) | [] | [i(), i()] | [i(), 3, i()] | c([2, 3]) | i(N) | " \
        "i(U) | 3 | i() | [l(), 3] | l(2) | [tf.Dimension(2), 3] | f(2, 3).shape | np.array([2, 3]) | " \
        "[np.int64(2), 3] | [tf.shape(f(N,3))[0], 3] | tf.shape(f(N,3))"
ONE = ("abs acos acosh asin asinh atan atanh ceil cos cosh digamma erf erfc exp expm1 floor identity "
       "is_finite is_inf is_nan lgamma log log1p log_sigmoid negative rint round rsqrt sigmoid sign "
       "sin sinh sqrt square stop_gradient tan tanh reciprocal rank size shape zeros_like ones_like "
       "to_float to_double to_int32 to_int64 to_bfloat16 add_n global_norm real imag conj "
       "math.softplus math.softsign math.bessel_i0 math.bessel_i0e math.bessel_i1 math.bessel_i1e "
       "guarantee_const is_strictly_increasing is_non_decreasing shape_n identity_n math.zero_fraction "
       "math.reciprocal_no_nan as_string angle check_numerics squeeze print verify_tensor_all_finite")
TWO = ("add subtract multiply divide div truediv realdiv floordiv floor_div floormod mod truncatediv "
       "truncatemod pow maximum minimum squared_difference equal not_equal greater greater_equal less "
       "less_equal atan2 div_no_nan igamma igammac zeta polygamma math.xdivy math.xlogy "
       "math.multiply_no_nan math.nextafter")
REDUCE = ("reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_logsumexp math.reduce_std "
          "math.reduce_variance math.reduce_euclidean_norm count_nonzero")
ROWS = [
    *((f"tf.{name}", FEW + " | d(2,3) | i(2,3) | v(2,3) | 2.0") for name in ONE.split() if name not in (
        "add_n", "shape_n", "identity_n", "check_numerics", "verify_tensor_all_finite", "global_norm")),
    *((f"tf.{name}", FLOATS, SAME) for name in ("add", "multiply", "pow")),
    *((f"tf.{name}", FEW, SAME) for name in TWO.split()),
    *((f"tf.{name}", FLOATS, f"axis={AXIS}", "keepdims=True") for name in ("reduce_sum", "reduce_mean")),
    *((f"tf.{name}", FEW, "axis=1 | i(1)", "keepdims=True") for name in REDUCE.split()),
    *((f"tf.{name}", "b(2,3) | b(N,3) | b(U) | b()", f"axis={AXIS}", "keepdims=True")
      for name in ("reduce_all", "reduce_any")),
    *((f"tf.{name}", "[f(2,3), f(2,3)] | [f(N,3), f(U)] | [f(), f()] | [f(2), c([1., 2.])] | [f(2)]")
      for name in ("add_n", "accumulate_n", "shape_n", "identity_n", "global_norm", "tuple",
                   "group_")if name != "group_"),
    ("tf.check_numerics", FLOATS, "'a'"), ("tf.verify_tensor_all_finite", FLOATS, "'a'"),
    ("tf.shape", FLOATS, "out_type=tf.int64"), ("tf.size", FLOATS, "out_type=tf.int64"),
    ("tf.zeros_like", FLOATS, "dtype=tf.int32 | tf.float64", "optimize=False"),
    ("tf.ones_like", FLOATS, "dtype=tf.int32 | tf.float64", "optimize=False"),
    ("tf.squeeze", "f(1,3,1) | f(N,3,1) | f(U)", "axis=0 | [0] | [0, 2] | -1", "squeeze_dims=[0]"),
    ("tf.expand_dims", FLOATS, "0 | 1 | -1 | c(0) | i()"),
    *((f"tf.{name}", "b(2,3) | b(N,3) | b()", "b(2,3) | True | b(U)")
      for name in ("logical_and", "logical_or", "logical_xor")),
    ("tf.logical_not", "b(2,3) | b(U) | True"),
    *((f"tf.{name}", FLOATS, "axis=0 | 1 | -1 | c(0) | i()", "output_type=tf.int32")
      for name in ("argmax", "argmin")),
    ("tf.arg_max", "f(2,3) | f(U)", "1 | c(1)"),
    ("tf.argsort", "f(2,3) | f(N,3) | f(N) | f(U) | i(3)", "axis=0 | -1 | 1",
     "direction='DESCENDING' | 'ASCENDING'"),
    ("tf.sort", "f(2,3) | f(N,3) | f(N) | f(U) | i(3)", "axis=0 | -1 | 1",
     "direction='DESCENDING' | 'ASCENDING'"),
    *((f"tf.{name}", "f(2,3) | f(N,3) | f(U)", "axis=1 | c(1) | i()", "exclusive=True",
       "reverse=True") for name in ("cumsum", "cumprod", "math.cumulative_logsumexp")),
    ("tf.cast", FLOATS + " | b(2) | True", "tf.float32 | tf.int32 | tf.float64 | tf.bool | tf.uint8"),
    ("tf.saturate_cast", "f(2,3) | f(N,N) | f(U) | i(2) | d(2) | l(N) | u(2) | h(2) | 2.0",
     "tf.uint8 | tf.int32 | tf.float32 | tf.float64 | tf.int8 | tf.int64 | tf.uint16 | tf.float16"),
    ("tf.bitcast", "f(2,3) | i(N)", "tf.int32 | tf.float32 | tf.uint8"),
    ("tf.clip_by_value", FLOATS, "0. | c(0.) | f() | -1", "1. | c(1.) | f()"),
    ("tf.clip_by_norm", FLOATS, "1. | c(1.) | f() | 2", "axes=[0] | 0 | [1]"),
    ("tf.clip_by_average_norm", FLOATS, "1. | c(1.) | f()"),
    ("tf.clip_by_global_norm", "[f(2,3), f(N)] | [f(2), None] | [f(U)] | [v(2), f(3)]",
     "1. | c(1.) | f() | 5", "use_norm=2. | f()"),
    ("tf.concat", "[f(2,3), f(2,3)] | [f(N,3), f(2,3)] | [f(2,3), f(N,N)] | [f(U), f(2,3)] | [f(2,3)] | "
     "f(2,3) | [i(2,3), c([[1, 2, 3]])] | [[1., 2.], f(2)]", "0 | 1 | -1 | c(0) | i()"),
    ("tf.stack", "[f(2,3), f(2,3)] | [f(N,3), f(2,3)] | [f(U), f(U)] | [f(), 1.] | [1, i()] | [1, 2] | "
     "[i(), i()] | [[1, i()], [2, 3]] | f(2,3) | [f(), c(1.)] | [1., f()]", "axis=0 | 1 | -1"),
    ("tf.parallel_stack", "[f(2,3), f(2,3)] | [1, 2]"),
    ("tf.unstack", "f(2,3) | f(2,N) | f(N,3) | v(2,3) | [1, 2]", "num=2 | 3", "axis=0 | 1 | -1"),
    ("tf.split", "f(4,6) | f(N,6) | f(N,N) | f(U)", "2 | [2, 4] | [-1, 2] | i(2) | c([2, 4]) | "
     "tf.Dimension(2) | np.int64(2) | (2, 4) | [i(), 2]", "axis=1 | -1 | c(1) | i()", "num=2"),
    ("tf.slice", "f(4,6) | f(N,6) | f(U)", "[0, 1] | [i(), 1] | c([0, 1]) | i(2) | (0, 1) | i(N)",
     "[2, 3] | [-1, 3] | [i(), 3] | c([2, 3]) | i(2) | [i(), -1] | [l(), 3]"),
    ("tf.strided_slice", "f(4,6) | f(N,6) | f(U)", "[0, 1] | [i(), 1] | i(2)",
     "[2, 3] | [i(), 3] | i(2)", "strides=[1, 1] | [1, 2]", "begin_mask=1", "shrink_axis_mask=1"),
    *((f"{tensor}[{what}]".replace("[", ".__getitem__((", 1)[:-1] + "))",) for tensor in
      ("f(N,8,6)", "f(U)", "v(4,8,6)") for what in (
          "0,", "i(),", "l(),", "c(0),", "slice(None, i()),", "slice(i(), None),",
          "slice(1, i()), 2", "slice(None, None, -1),", "Ellipsis, slice(None, i())",
          "slice(i(), i(), 2),", "i(), slice(None, i()), None", "slice(None, l()),", "l(), 1",
          "slice(None, l()), slice(2, 5)", "slice(1, -1), 2", "slice(i(), l()),", "None, 0",
          "slice(None, np.int64(2)),", "np.int32(1),", "slice(None, None, i()),",
          "slice(None, tf.Dimension(2)),", "Ellipsis, None", "Ellipsis, i()", "Ellipsis, l()")),
    ("f(4,2).__getitem__", "np.array([True, False, True, True]) | b(4) | 0 | i() | slice(i(), None)"),
    ("tf.boolean_mask", "f(4,6) | f(N,6) | f(N,N) | i(4,6)", "b(4) | b(N) | b(4,6) | b(N,6) | "
     "[True, False, True, True] | np.array([True] * 4)", "axis=0 | 1"),
    ("tf.gather", "f(4,6) | f(N,6) | f(U) | v(4,6) | rv(4,6)", "i(3) | i(N) | i() | [0, 1] | 1 | i(2,3) | "
     "l(3) | i(U)", "axis=0 | 1 | -1 | c(1) | i()", "batch_dims=1 | 0"),
    ("tf.gather_nd", "f(4,6) | f(N,6) | f(U) | rv(4,6)", "i(3,1) | i(N,2) | [[0, 1]] | i(U)",
     "batch_dims=0 | 1"),
    ("tf.batch_gather", "f(4,6) | f(N,6)", "i(4,2) | i(N,2)"),
    ("tf.reshape", FLOATS, "[-1] | [3, 2] | [-1, 3] | [] | [i(), 3] | i(2) | i(N) | c([6]) | (-1,) | "
     "[tf.shape(f(N,3))[0], -1] | [i(), i()] | -1 | [tf.Dimension(2), 3] | [l(), -1] | [np.int64(6)]"),
    ("tf.transpose", FLOATS, "perm=[1, 0] | c([1, 0]) | i(2) | i(N) | [0, 2, 1]", "conjugate=True"),
    ("tf.transpose", "z(2,3)", "perm=[1, 0]", "conjugate=True"),
    ("tf.matrix_transpose", "f(2,3) | f(N,N) | f(2,3,4) | f(U) | f(N,3,4)"),
    ("tf.linalg.adjoint", "f(2,3) | z(2,3) | f(U)"),
    ("tf.tile", FLOATS, "[2, 1] | c([2, 1]) | i(2) | i(N) | [i(), 1] | [1, i(), 1] | [2]"),
    ("tf.repeat", "f(2,3) | f(N,3) | f(U)", "2 | i() | [1, 2] | i(2) | c(2)", "axis=0 | 1 | -1"),
    ("tf.pad", "f(2,3) | f(N,3) | f(U) | i(2,3)", "[[1, 1], [0, 2]] | c([[1, 1], [0, 2]]) | i(2,2) | i(N,2) | "
     "[[i(), 1], [0, 0]] | np.ones([2, 2], 'int64')", "mode='REFLECT' | 'SYMMETRIC' | 'CONSTANT'",
     "constant_values=0 | 1. | f()"),
    ("tf.reverse", "f(2,3) | f(N,3) | f(U)", "[0] | [0, 1] | c([0]) | i(1) | [i()] | [-1]"),
    ("tf.reverse_sequence", "f(2,3) | f(N,3) | f(U)", "i(2) | [1, 2] | l(N)", "seq_axis=1",
     "batch_axis=0"),
    ("tf.roll", "f(2,3) | f(U)", "1 | i() | [1, 2]", "0 | 1 | i() | [0, 1]"),
    ("tf.one_hot", "i(2) | i(N) | i(U) || i(2,N) | 3 | [1, 2] | l(N) | u(3)", "10 | i() || c(10) | "
     "np.int64(10)", "on_value=1. | f() || 2", "off_value=0. | f() || 0", "axis=-1 || 0 | 1",
     "dtype=tf.float32 | tf.int32"),
    ("tf.sequence_mask", "i(2) | i(N) | i(U) | [1, 2] | l(N) | i() | c([1, 2])",
     "maxlen=3 | c(3) | i()", "dtype=tf.float32"),
    ("tf.eye", "3 | c(3) | i()", "num_columns=4 | i()", "batch_shape=[2] | [2, 3] | [i()] | i(1)",
     "dtype=tf.int32"),
    ("tf.zeros", SHAPE, "dtype=tf.int32 | tf.bool | tf.string | tf.float64"),
    ("tf.ones", SHAPE, "dtype=tf.int32 | tf.bool | tf.float64"),
    ("tf.fill", SHAPE, "1. | f() | c(1.) | 2 | 'a'"),
    ("tf.broadcast_to", "f(3) | f(N) | f(U) | 1. | f()", SHAPE),
    ("tf.constant", "1 | 1. | [1, 2] | np.ones([2, 3]) | 'a' | True | [[1., 2.]]",
     "dtype=tf.float32 | tf.float64", "shape=[2] | [2, 3]"),
    ("tf.convert_to_tensor", "1 | [1., 2.] | f(2) | [f(), 1.] | [i(), 1] | v(2) | [[i(), 1], [2, i()]] | "
     "rv(2) | tf.TensorShape([2, 3]) | f(2,3).shape | np.ones(3) | tf.Dimension(3)", "dtype=tf.float32"),
    ("tf.linspace", "0. | f() | c(0.)", "1. | f() | c(1.)", "5 | c(5) | i() | l()"),
    ("tf.lin_space", "0. | f()", "1. | f()", "5 | i()"),
    ("tf.range", "5 | i() | c(5) | 2. | l() | np.int64(5)", "limit=9 | i() | f() | l()",
     "delta=2 | i()", "dtype=tf.float32"),
    ("tf.meshgrid", "f(2) | f(N) | [1, 2] | tf.range(3)", "f(3) | f(N) | [1, 2, 3]",
     "indexing='ij' | 'xy'"),
    ("tf.where", "b(2,3) | b(N,3) | b(2) | b(U) | b()"),
    ("tf.where", "b(2,3) | b(N,3) | b(2) | b(U)", "f(2,3) | f(N,3) | f(U) | tf.zeros([2, 3])",
     "f(2,3) | f(N,3) | f(U) | tf.zeros_like(f(2,3))"),
    ("tf.where_v2", "b(2,3) | b(N,3) | b(U)", "f(2,3) | f() | 1.", "f(2,3) | f() | 0."),
    ("tf.matmul", "f(2,3) | f(N,3) | f(U) | f(5,2,3) | f(N,2,3) | v(2,3) | d(2,3) | np.ones([2, 3], 'float32')",
     "f(3,4) | f(3,N) | f(5,3,4) | f(N,3,4) | f(U) | v(3,4)", "transpose_a=True | False",
     "transpose_b=True", "adjoint_a=True", "a_is_sparse=True"),
    ("tf.linalg.matvec", "f(2,3) | f(N,3) | f(5,2,3)", "f(3) | f(N) | f(5,3)", "transpose_a=True"),
    ("tf.tensordot", "f(2,3) | f(N,3) | f(N,N,3) || f(2,3,4) | f(N,3,4) | f(U) | v(2,3) | f(3)",
     "f(3,4) | f(3,N) | f(3,4,5) || f(U) | v(3,4) | f(4,3,5) | f(3)", "1 | [[1], [0]] | i(2,1) || [[-1], [0]] | 0 | 2 | "
     "[1, 0] | c([[1], [0]]) | i() | [[0], [0]] | ([1], [0]) | [[1, 2], [0, 1]] | i(2,1)"),
    ("tf.einsum", "'ij,jk->ik' | 'ij,jk->ki' | 'ij,jk' | 'ij,kl->ijkl' | 'ij,jk->i'",
     "f(2,3) | f(N,3) | f(U)", "f(3,4) | f(3,N)"),
    ("tf.einsum", "'bij,bjk->bik' | 'bij,bjk->ik' | 'bij,bkj->bik'", "f(2,3,4) | f(N,3,4) | f(N,N,4)",
     "f(2,4,4) | f(N,4,4)"),
    ("tf.einsum", "'ij->ji' | 'ij->' | 'ij->i' | 'ij->j'", "f(2,3) | f(N,3)"),
    *((f"tf.{name}", SQUARE) for name in ("matrix_inverse", "matrix_determinant", "cholesky", "trace",
      "self_adjoint_eigvals", "matrix_diag_part", "diag_part", "linalg.logdet", "linalg.slogdet",
      "linalg.expm", "linalg.sqrtm", "matrix_square_root", "linalg.matrix_rank", "linalg.pinv",
      "qr", "svd", "self_adjoint_eig", "linalg.lu", "linalg.eigh", "linalg.normalize")),
    *((f"tf.{name}", "f(3) | f(N) | f(2,3) | f(N,3) | f(U)") for name in ("matrix_diag", "diag")),
    ("tf.matrix_set_diag", SQUARE, "f(3) | f(N) | f(2,3) | f(U)"),
    ("tf.matrix_band_part", SQUARE, "-1 | i() | c(0)", "0 | l() | i()"),
    *((f"tf.{name}", SQUARE, "f(3,3) | f(N,N) | f(2,3,3)") for name in (
        "matrix_solve", "matrix_triangular_solve", "cholesky_solve", "matrix_solve_ls")),
    ("tf.cross", "f(2,3) | f(N,3)", "f(2,3)"),
    ("tf.norm", FLOATS, "ord='euclidean' | 1 | 2 | np.inf | 'fro' | 3", "axis=0 | 1 | [0, 1] | -1",
     "keepdims=True"),
    ("tf.linalg.norm", "f(2,3) | f(U)", "axis=1"),
    ("tf.confusion_matrix", "i(N) | l(3) | i(3) | [1, 2]", "i(N) | l(3) | [1, 2]",
     "num_classes=4 | i() | c(4)", "weights=f(N) | i(3)", "dtype=tf.float32"),
    ("tf.bincount", "i(N) | i(3) | [1, 2] | i(U)", "weights=f(N)", "minlength=3 | i()", "maxlength=4 | i()"),
    ("tf.histogram_fixed_width", "f(N) | f(3) | f(U)", "[0., 1.] | f(2)", "nbins=5 | i()"),
    ("tf.histogram_fixed_width_bins", "f(N) | f(3)", "[0., 1.] | f(2)", "nbins=5"),
    *((f"tf.{name}", "f(4,6) | f(N,6) | f(U)", "i(4) | [0, 0, 1, 1] | l(N)") for name in
      ("segment_sum", "segment_mean", "segment_max", "segment_min", "segment_prod")),
    *((f"tf.{name}", "f(4,6) | f(N,6) | f(U) | d(4,6)", "i(4) | [0, 0, 1, 1] | l(N) | i(N)",
       "3 | i() | c(3)") for name in ("unsorted_segment_sum", "unsorted_segment_mean",
                                      "unsorted_segment_max", "unsorted_segment_min",
                                      "unsorted_segment_prod", "unsorted_segment_sqrt_n")),
    *((f"tf.{name}", "f(4,6) | f(N,6)", "i(3)", "i(3)", "num_segments=4") for name in (
        "sparse_segment_sum", "sparse_segment_mean", "sparse_segment_sqrt_n")),
    ("tf.dynamic_partition", "f(4,6) | f(N,6)", "i(4) | i(N)", "2"),
    ("tf.dynamic_stitch", "[i(2), i(2)] | [c([0, 1]), i(N)]", "[f(2,3), f(2,3)]"),
    ("tf.invert_permutation", "i(N) | [1, 0]"), ("tf.unique", "i(N) | f(3)"),
    ("tf.unique_with_counts", "i(N) | f(3)"), ("tf.setdiff1d", "i(N) | [1, 2]", "i(3) | [1]"),
    ("tf.searchsorted", "f(5) | f(N) | f(2,5) | f(U)", "f(3) | f(N) | f(2,3)", "side='right'"),
    ("tf.scatter_nd", "i(3,1) | i(N,1) | [[0], [1]]", "f(3,4) | f(N,4) | f(2,4)", "[5, 4] | i(2) | [i(), 4]"),
    *((f"tf.{name}", "f(5,4) | f(N,4)", "i(3,1) | [[0]]", "f(3,4) | f(N,4)") for name in (
        "tensor_scatter_update", "tensor_scatter_add", "tensor_scatter_sub")),
    *((f"tf.{name}", "v(5,4) | rv(5,4)", "i(3) | [0] | 1", "f(3,4) | f(N,4) | f(4)") for name in (
        "scatter_update", "scatter_add", "scatter_sub", "scatter_mul", "scatter_div", "scatter_max",
        "scatter_min")),
    *((f"tf.{name}", "v(5,4) | rv(5,4)", "i(3,1) | [[0]]", "f(3,4)") for name in (
        "scatter_nd_update", "scatter_nd_add", "scatter_nd_sub")),
    *((f"tf.{name}", "v(2,3) | rv(2,3)", "f(2,3) | f(N,3) | np.ones([2, 3], 'float32')",
       "use_locking=True") for name in ("assign", "assign_add", "assign_sub")),
    *((f"v(2,3).{name}", "f(2,3) | np.ones([2, 3], 'float32')") for name in (
        "assign", "assign_add", "assign_sub", "__add__", "__mul__", "__rsub__", "__truediv__", "__pow__")),
    *((f"rv(2,3).{name}", "f(2,3) | np.ones([2, 3], 'float32')") for name in (
        "assign", "assign_add", "assign_sub", "__add__", "__mul__")),
    *((f"{t}.{name}", "f(2,3) | 2. | 2 | np.float32(2) | v(2,3) | c(2.) | np.ones([2, 3], 'float32')")
      for t in ("f(N,3)",) for name in (
        "__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__",
        "__div__", "__floordiv__", "__mod__", "__pow__", "__rpow__", "__lt__", "__ge__")),
    ("i(2).__truediv__", "2 | i(2) | 2."), ("i(2).__div__", "2"), ("i(2).__mul__", "2 | i()"),
    ("i(2).__floordiv__", "2"), ("f(2).__neg__",), ("f(2).__abs__",), ("b(2).__and__", "b(2)"),
    ("b(2).__invert__",), ("f(2,3).__matmul__", "f(3,2)"), ("f(2,3).__eq__", "f(2,3)"),
    ("i(2).__eq__", "1"),
    ("tf.scalar_mul", "2. | f() | c(2.)", FLOATS),
    ("tf.math.polyval", "[1., 2.] | [f(), 1.]", "f(2) | 2."),
    ("tf.lbeta", "f(2,3) | f(N,3) | f(3)"), ("tf.betainc", "f(2)", "f(2)", "f(2)"),
    ("tf.complex", "f(2) | 1.", "f(2)"), ("tf.depth_to_space", "f(2,4,4,4) | f(N,N,N,4)", "2"),
    ("tf.space_to_depth", "f(2,4,4,4) | f(N,N,N,4)", "2"),
    ("tf.space_to_batch", "f(2,4,4,4) | f(N,4,4,4)", "[[0, 0], [0, 0]] | i(2,2)", "2"),
    ("tf.space_to_batch_nd", "f(2,4,4,4)", "[2, 2] | i(2)", "[[0, 0], [0, 0]]"),
    ("tf.batch_to_space", "f(4,4,4,4)", "[[0, 0], [0, 0]]", "2"),
    ("tf.batch_to_space_nd", "f(4,4,4,4)", "[2, 2]", "[[0, 0], [0, 0]] | i(2,2)"),
    ("tf.extract_image_patches", "f(2,8,8,3)", "[1, 2, 2, 1]", "[1, 1, 1, 1]", "[1, 1, 1, 1]", "'SAME'"),
    ("tf.broadcast_dynamic_shape", "i(2) | c([1, 2])", "i(2) | c([1, 2])"),
    ("tf.ensure_shape", "f(N) | f(U)", "[2] | [None, 3]"),
    ("tf.count_up_to", "v(dtype=tf.int32)", "3"),
    ("tf.unravel_index", "i(N) | [1, 2]", "[3, 4] | i(2)"),
    ("tf.edit_distance", "tf.SparseTensor([[0, 0]], ['a'], [1, 1])", "tf.SparseTensor([[0, 0]], ['a'], [1, 1])"),
    *((f"tf.{name}", "z(4) | z(N) | z(4,4,4)") for name in ("fft", "ifft", "fft2d", "fft3d", "spectral.ifft2d")),
    ("tf.spectral.rfft", "f(4) | f(N) | f(U)", "fft_length=[4] | i(1) | [i()]"),
    ("tf.spectral.irfft", "z(4) | z(N)", "fft_length=[4] | i(1)"),
    ("tf.spectral.rfft2d", "f(4,4) | f(N,N)", "fft_length=[4, 4]"),
    ("tf.spectral.irfft2d", "z(4,4) | z(N,N)", "fft_length=[4, 4]"),
    ("tf.spectral.dct", "f(4) | f(N) | f(2,N)", "type=2 | 3 | 1", "norm='ortho'"),
    ("tf.spectral.idct", "f(4) | f(N)", "norm='ortho'"),
    ("tf.signal.stft", "f(20) | f(N) | f(2,N)", "8", "4", "fft_length=8", "pad_end=True", "window_fn=None"),
    ("tf.signal.inverse_stft", "z(5,5) | z(N,5)", "8", "4"),
    ("tf.signal.frame", "f(20) | f(N) | f(U)", "8 | i()", "4 | i()", "pad_end=True"),
    ("tf.signal.hann_window", "8 | i()", "periodic=False"), ("tf.signal.hamming_window", "8 | i()"),
    ("tf.signal.overlap_and_add", "f(3,4) | f(N,4) | f(N,N)", "2 | i()"),
    ("tf.signal.linear_to_mel_weight_matrix", "num_mel_bins=10", "num_spectrogram_bins=20"),
    ("tf.signal.mfccs_from_log_mel_spectrograms", "f(2,10)"), ("tf.signal.fftshift", "f(4) | f(N)", "axes=0"),
    *((f"tf.{name}", "f(2,3) | f(N,3) | i(2) | 1", "f(2,3) | 1. | f()", "message='a'", "data=[f()]")
      for name in ("assert_equal", "assert_greater", "assert_greater_equal", "assert_less",
                   "assert_less_equal", "debugging.assert_none_equal", "debugging.assert_near")),
    *((f"tf.{name}", "f(2,3) | f(N) | i(2) | c(1.)", "message='a'") for name in (
        "assert_negative", "assert_positive", "assert_non_negative", "assert_non_positive",
        "assert_integer", "assert_scalar")),
    *((f"tf.{name}", "f(2,3) | f(N) | f(U)", "2 | i() | c(2)") for name in ("assert_rank", "assert_rank_at_least")),
    ("tf.assert_rank_in", "f(2,3) | f(U)", "[2, 3]"),
    ("tf.assert_type", "f(2)", "tf.float32"), ("tf.Assert", "b() | True", "[f()] | ['a'] | [1, 2]"),
    ("tf.Print", "f(2) | v(2)", "[f()] | ['a', f(2)]", "message='a'"), ("tf.print", "f(2) | 'a'", "'b'"),
    ("tf.cond", "b() | c(True) | f() > 0.", "lambda: f(2) | lambda: c(1.) | lambda: [c(1.), c(2.)]",
     "lambda: f(2) | lambda: c(1.) + 1."),
    ("tf.cond", "b()", "lambda: tf.random_uniform([2])", "lambda: tf.random_uniform([3])"),
    ("tf.case", "[(b(), lambda: c(1.)), (b(), lambda: c(2.))]", "default=lambda: c(3.)", "exclusive=True"),
    ("tf.while_loop", "lambda n: n < 3", "lambda n: [n + 1]", "[c(0)] | [i()]"),
    ("tf.map_fn", "lambda x: x + 1.", "f(2,3) | f(N,3) | f(U)", "dtype=tf.float32", "parallel_iterations=1"),
    ("tf.scan", "lambda a, x: a + x", "f(2,3) | f(N,3)", "initializer=c([0., 0., 0.])"),
    ("tf.foldl", "lambda a, x: a + x", "f(2,3) | f(N,3)"), ("tf.foldr", "lambda a, x: a + x", "f(2,3)"),
    ("tf.py_func", "lambda x: x", "[f(2)] | [v(2), 1.]", "tf.float32 | [tf.float32]", "stateful=False"),
    ("tf.no_op",), ("tf.group", "f(2)", "f(3)"), ("tf.timestamp",),
    ("tf.gradients", "f(2)", "f(2)"),
    ("tf.string_join", "['a', s()]", "separator=' '"), ("tf.string_split", "s(N) | ['a b']", "delimiter=','"),
    ("tf.strings.split", "s(N) | ['a b'] | s()", "sep=','"), ("tf.string_to_number", "s() | s(N)", "tf.int32"),
    ("tf.strings.length", "s(N)", "unit='UTF8_CHAR'"), ("tf.substr", "s()", "0 | i()", "2 | i()"),
    ("tf.regex_replace", "s()", "'a'", "'b'"), ("tf.reduce_join", "s(2,3) | s(N)", "axis=0 | [0, 1]", "separator=','"),
    ("tf.strings.regex_full_match", "s()", "'a'"), ("tf.strings.lower", "s()"), ("tf.strings.format", "'{}'", "f(2)"),
    ("tf.string_to_hash_bucket_fast", "s(N)", "10"), ("tf.strings.unicode_decode", "s() | s(N)", "'UTF-8'"),
    ("tf.decode_raw", "s() | s(N)", "tf.uint8 | tf.float32", "little_endian=False"),
    ("tf.decode_csv", "s() | s(N)", "[[0.], [1]]", "field_delim=';'"),
    ("tf.read_file", "s() | 'a'"), ("tf.write_file", "s() | 'a'", "s()"), ("tf.matching_files", "'a'"),
    ("tf.decode_base64", "s()"), ("tf.encode_base64", "s()"),
    ("tf.parse_single_example", "s()", "{'a': tf.FixedLenFeature([], tf.string)} | "
     "{'a': tf.FixedLenFeature([2], tf.float32), 'b': tf.VarLenFeature(tf.int64)} | "
     "{'a': tf.FixedLenFeature([], tf.int64, default_value=0)} | {'a': tf.FixedLenFeature([], tf.int64), "
     "'b': tf.FixedLenFeature([], tf.string), 'c': tf.FixedLenFeature([3], tf.float32)} | "
     "{'a': tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True)} | "
     "{'a': tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True, default_value=1)}"),
    ("tf.parse_example", "s(N) | s(3)", "{'a': tf.FixedLenFeature([], tf.string)} | "
     "{'a': tf.FixedLenFeature([2], tf.float32), 'b': tf.VarLenFeature(tf.int64)} | "
     "{'a': tf.VarLenFeature(tf.int64)} | {'a': tf.FixedLenFeature([], tf.int64, default_value=0)} | "
     "{'a': tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True)}"),
    ("tf.SparseTensor", "[[0, 0]]", "[1.] | f(1)", "[2, 3]"),
    ("tf.sparse_placeholder", "tf.float32", "shape=[2, 3]"),
    ("tf.sparse_tensor_to_dense", "sparse(2,3) | sp()", "default_value=1."),
    ("tf.sparse_to_dense", "[[0]] | l(N,1)", "[3]", "1. | f(N)", "default_value=1."),
    ("tf.sparse_tensor_dense_matmul", "sparse(2,3) | sp()", "f(3,4) | v(3,4)", "adjoint_a=True"),
    ("tf.sparse_add", "sparse(2,3)", "sparse(2,3) | f(2,3)"),
    ("tf.sparse_reduce_sum", "sparse(2,3) | sp()", "axis=1"), ("tf.sparse_softmax", "sparse(2,3)"),
    ("tf.sparse_concat", "0", "[sparse(2,3), sparse(2,3)]"), ("tf.sparse_reshape", "sparse(2,3)", "[3, 2] | l(2)"),
    ("tf.sparse_reorder", "sp()"), ("tf.sparse_slice", "sparse(2,3)", "[0, 0]", "[1, 1]"),
    ("tf.sparse_split", "sp_input=sparse(2,4)", "num_split=2", "axis=1"),
    ("tf.sparse_transpose", "sparse(2,3) | sp()"), ("tf.sparse_retain", "sparse(2,3)", "b(1)"),
    ("tf.sparse_fill_empty_rows", "sparse(2,3)", "0."), ("tf.sparse_maximum", "sparse(2,3)", "sparse(2,3)"),
    ("tf.sparse.from_dense", "f(2,3) | f(N,3)"), ("tf.sparse_to_indicator", "tf.SparseTensor([[0, 0]], [1], [2, 3])", "4"),
    ("tf.sets.size", "tf.SparseTensor([[0, 0]], [1], [2, 3])"),
    ("tf.fake_quant_with_min_max_args", "f(2)"), ("tf.fake_quant_with_min_max_vars", "f(2)", "0.", "1."),
    ("tf.quantize", "f(2)", "0.", "1.", "tf.quint8"),
    ("tf.placeholder_with_default", "1. | [1., 2.] | f(2)", "[] | [None] | None"),
    ("tf.Variable", "1. | [1., 2.] | np.ones([2, 3], 'float32') | f(2) | tf.zeros([2, 3]) | tf.random_normal([2]) | "
     "lambda: tf.zeros([2])", "trainable=False", "name='a'", "dtype=tf.float32", "validate_shape=False",
     "use_resource=True"),
    ("tf.get_variable", "'a'", "shape=[2, 3] | [] | [tf.Dimension(2)]", "initializer=tf.zeros_initializer() | "
     "tf.constant_initializer(1.) | tf.random_normal_initializer(0., .1) | tf.truncated_normal_initializer(stddev=.1) | "
     "tf.random_uniform_initializer(-1, 1) | tf.orthogonal_initializer() | tf.glorot_normal_initializer() | "
     "tf.variance_scaling_initializer() | tf.uniform_unit_scaling_initializer() | tf.ones_initializer() | "
     "tf.initializers.he_normal() | tf.initializers.identity() | tf.keras.initializers.he_uniform() | "
     "tf.keras.initializers.RandomNormal(stddev=.1)", "dtype=tf.int32 | tf.float64",
     "regularizer=tf.nn.l2_loss | tf.keras.regularizers.l2(.1)", "trainable=False", "use_resource=True",
     "constraint=tf.abs", "partitioner=tf.fixed_size_partitioner(2)"),
    ("tf.get_variable", "'a'", "initializer=1. | np.ones(3, 'float32') | f(2) | tf.zeros([2]) | tf.random_normal([2])"),
    ("tf.global_variables_initializer",), ("tf.initializers.variables", "[v(2)] | [rv(2)] | []"),
    ("tf.report_uninitialized_variables", "[v(2)] | []"), ("tf.is_variable_initialized", "v(2)"),
    ("tf.create_partitioned_variables", "[4, 2]", "[2, 1]", "tf.zeros_initializer()"),
    *((f"tf.{name}", SHAPE, "0. | f() | -1", "1. | f() | 2", "dtype=tf.float64", "seed=3")
      for name in ("random_normal", "truncated_normal")),
    *((f"tf.random.{name}", SHAPE) for name in ("normal", "truncated_normal", "uniform")),
    *((f"tf.{name}", SHAPE, "minval=0 | -1. | f() || 0. | -1 | 1", "maxval=1 | f() || 1. | 10 | None",
       "dtype=tf.float64 || tf.float32 | tf.float16", "seed=3") for name in ("random_uniform",)),
    ("tf.random_uniform", "[2] | i(1)", "0 | i() | -3", "10 | i() | c(9)", "tf.int32 | tf.int64"),
    ("tf.random_shuffle", "f(2,3) | f(N) | f(U) | i(3) | [1, 2, 3] | tf.range(i())", "seed=3"),
    ("tf.multinomial", "f(2,3) | f(N,N)", "3 | i()", "output_dtype=tf.int32", "seed=3"),
    ("tf.random.categorical", "f(2,3) | f(N,N)", "3 | i()", "dtype=tf.int32", "seed=3"),
    ("tf.random_gamma", "[2] | i(1) | []", "1. | f() | f(3) | f(N)", "beta=2. | f()", "seed=3"),
    ("tf.random_poisson", "1. | f() | f(3)", "[2] | i(1)", "seed=3"),
    ("tf.random.stateless_uniform", "[2] | i(1)", "[1, 2] | i(2)", "minval=0 | 1.", "maxval=2. | 10", "dtype=tf.float64"),
    ("tf.random.stateless_normal", "[2] | i(1)", "[1, 2]", "stddev=2. | f()"),
    ("tf.random.stateless_truncated_normal", "[2]", "[1, 2]"),
    ("tf.random.stateless_multinomial", "f(2,3)", "3", "[1, 2]"),
    ("tf.random.all_candidate_sampler", "l(2,1)", "1", "3", "True"),
    *((f"tf.random.{name}", "l(2,1) | l(N,1)", "1", "3", "True", "10", "seed=3") for name in (
        "uniform_candidate_sampler", "log_uniform_candidate_sampler", "learned_unigram_candidate_sampler")),
    ("tf.hessians", "f(2)", "v(2)"), ("tf.norm", "f(2)"),
    ("tf.TensorArray(tf.float32, 3).unstack", "f(3,2) | f(N,2)"), ("tf.TensorArray(tf.float32, 3).write", "0 | i()", "f(2)"),
    ("tf.TensorArray(tf.float32, i()).write(0, f(2)).stack",), ("tf.TensorArray(tf.float32, 3).write(0, f(2)).read", "0"),
    ("tf.TensorArray(tf.float32, 3).write(0, f(2)).gather", "[0]"), ("tf.TensorArray(tf.float32, 3).write(0, f(2)).concat",),
    ("tf.TensorArray(tf.float32, 3).scatter", "[0, 1]", "f(2,3)"), ("tf.TensorArray(tf.float32, 3).split", "f(3,2)", "[1, 1, 1]"),
    *(("ragged", f"lambda rt: {made}") for made in (
        "rt", "rt.to_tensor()", "rt.to_sparse()", "rt.nrows()", "rt.row_lengths()", "rt.value_rowids()", "rt.bounding_shape()", "rt[0]", "rt[1:]", "rt[:, :1]", "rt + 1", "rt + rt", "rt * tf.constant([[1.], [2.], [3.]])", "tf.square(rt)", "rt > 1",
        *(f"tf.reduce_{kind}(rt, {axis})" for kind in ("sum", "mean", "max") for axis in (None, 0, 1)), "tf.concat([rt, rt], 0)", "tf.concat([rt, rt], 1)", "tf.stack([rt, rt])", "tf.gather(rt, [2, 0])", "tf.gather_nd(rt, [[0, 1]])", "tf.tile(rt, [1, 2])",
        "tf.expand_dims(rt, 1)", "tf.where(rt > 1, rt, rt)", "tf.where(rt > 1)", "tf.add_n([rt, rt])", "tf.ragged.map_flat_values(tf.square, rt)", "tf.ragged.boolean_mask([[1, 2], [3, 4]], [[True, False], [True, True]])", "tf.ragged.range([1, 2, 3])",
        *(f"tf.RaggedTensor.{kind}([1, 2], {parts}{more})" for kind, parts in (("from_row_splits", "[0, 1, 2]"), ("from_row_lengths", "[1, 1]"), ("from_value_rowids", "[0, 1]")) for more in ("", ", validate=False")),
        "tf.RaggedTensor.from_tensor([[1, 2], [3, 0]])", "tf.strings.ngrams(['a', 'b', 'c'], 2)", "tf.strings.split(['a b', 'c'])", "tf.strings.split(['a b', 'c'], result_type='RaggedTensor')", "tf.strings.unicode_split(['ab'], 'UTF-8')",
        "tf.strings.unicode_decode(['ab'], 'UTF-8')", "tf.data.Dataset.from_tensors(rt).batch(2).make_initializable_iterator().get_next()")),
]
