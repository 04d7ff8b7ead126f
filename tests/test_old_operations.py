"""Each operation that old graphs have and TensorFlow of today lacks, beside NumPy's numbers."""

import numpy as np
import pytest

from tf1gan.compat import tf

pytestmark = pytest.mark.skipif(tf.__version__.startswith("1."), reason="needs TensorFlow 2")

RANDOM = np.random.RandomState(2)
F, D, C, N, L, S = "float32", "float64", "complex64", "int32", "int64", "string"


def near(*shape):
    return RANDOM.uniform(-1, 1, shape).astype(F)


def symmetric(*shape):
    """Positive definite."""
    matrix = near(*shape).astype(D)
    return matrix @ np.swapaxes(matrix, -1, -2) + 3 * np.eye(shape[-1])


def transposed(matrix):
    return np.swapaxes(matrix, -1, -2)


def band(matrix, lower, upper):
    return np.triu(np.tril(matrix, upper), -lower)


def with_diagonal(matrix, diagonal):
    matrix = matrix.copy()
    for at in range(diagonal.shape[-1]):
        matrix[..., at, at] = diagonal[..., at]
    return matrix


def of_cholesky(factor, gradient):
    """Murray's formula, made symmetric."""
    inner = np.tril(transposed(factor) @ gradient)
    inner = with_diagonal(inner, np.diagonal(inner, axis1=-2, axis2=-1) / 2)
    inverse = np.linalg.inv(factor)
    found = transposed(inverse) @ inner @ inverse
    return (found + transposed(found)) / 2


def fused(images, kernel, bias, side, scale, side_scale, order="NHWC", kernels="HWIO", stride=1,
          relu=True):
    """scale * (images * kernel) + side_scale * side + bias, of windows that are within."""
    if order == "NCHW":
        images, side = (each.transpose(0, 2, 3, 1) if each.size else each
                        for each in (images, side))
    kernel = kernel.transpose(2, 3, 1, 0) if kernels == "OIHW" else kernel
    height, width = kernel.shape[:2]
    rows, columns = ((size - part) // stride + 1 for size, part in zip(
        images.shape[1:], (height, width)))
    found = np.stack([np.stack([np.tensordot(
        images[:, stride * y:stride * y + height, stride * x:stride * x + width], kernel, 3)
        for x in range(columns)], 1) for y in range(rows)], 1)
    found = found * scale + bias + (side * side_scale if side_scale else 0)
    found = np.maximum(found, 0) if relu else found
    return found.transpose(0, 3, 1, 2) if order == "NCHW" else found


def fused_attributes(order="NHWC", kernels="HWIO", stride=1, relu=True):
    along = [1, stride, stride, 1] if order == "NHWC" else [1, 1, stride, stride]
    return dict(data_format=order, filter_format=kernels, strides=along, padding="VALID",
                activation_mode="Relu" if relu else "None", Tbias=F)


def bilinear(images, places):
    """Pixels at (x, y), 0 outside."""
    padded = np.pad(images, [(0, 0), (1, 2), (1, 2), (0, 0)])
    found = []
    for batch, of_one in zip(padded, places):
        for x, y in of_one + 1:
            left, top = int(x), int(y)
            right, down = x - left, y - top
            found.append((1 - right) * (1 - down) * batch[top, left] + right * (1 - down) * batch[
                top, left + 1] + (1 - right) * down * batch[top + 1, left]
                + right * down * batch[top + 1, left + 1])
    return np.reshape(found, places.shape[:2] + images.shape[3:])


def turned_colours(images, hue, saturation, value):
    to_yiq = np.array([[.299, .587, .114], [.596, -.274, -.322], [.211, -.523, .312]])
    u, w = value * saturation * np.cos(hue), value * saturation * np.sin(hue)
    turn = np.array([[value, 0, 0], [0, u, -w], [0, w, u]])
    return images @ (np.linalg.inv(to_yiq) @ turn @ to_yiq).T


IMAGES, LOWER = near(2, 5, 5, 3), np.tril(near(2, 3, 3).astype(D)) + 2 * np.eye(3)
# Operation -> (inputs, attributes, types that it says, a function of the inputs).
ROWS = {
    **{f"Batch{name}": ([near(2, 4, 4, 4).astype(C)], {}, {}, computes) for name, computes in (
        ("FFT", np.fft.fft), ("IFFT", np.fft.ifft), ("FFT2D", np.fft.fft2),
        ("IFFT2D", np.fft.ifft2))},
    "BatchFFT3D": ([near(2, 4, 4, 4).astype(C)], {}, {}, lambda x: np.fft.fftn(x, axes=(1, 2, 3))),
    "BatchIFFT3D": ([near(2, 4, 4, 4).astype(C)], {}, {},
                    lambda x: np.fft.ifftn(x, axes=(1, 2, 3))),
    "BatchMatrixBandPart": ([near(2, 4, 4), np.int64(1), np.int64(2)], {}, {"T": F}, band),
    "BatchMatrixDiag": ([near(2, 3)], {}, {"T": F}, lambda x: x[..., None] * np.eye(3)),
    "BatchMatrixDiagPart": ([near(2, 3, 3)], {}, {"T": F},
                            lambda x: np.diagonal(x, axis1=1, axis2=2)),
    "BatchMatrixSetDiag": ([near(2, 3, 3), near(2, 3)], {}, {"T": F}, with_diagonal),
    "BatchCholesky": ([symmetric(2, 3, 3)], {}, {"T": D}, np.linalg.cholesky),
    "BatchCholeskyGrad": ([LOWER, np.tril(near(2, 3, 3).astype(D))], {}, {"T": D}, of_cholesky),
    "BatchMatrixDeterminant": ([symmetric(2, 3, 3)], {}, {"T": D}, np.linalg.det),
    "BatchMatrixInverse": ([symmetric(2, 3, 3)], {"adjoint": False}, {"T": D}, np.linalg.inv),
    "BatchMatrixSolve": ([symmetric(2, 3, 3), near(2, 3, 2).astype(D)], {"adjoint": True}, {"T": D},
                         lambda a, b: np.linalg.solve(transposed(a), b)),
    "BatchMatrixSolveLs": ([near(2, 4, 3).astype(D), near(2, 4, 2).astype(D), np.float64(.1)],
                           {"fast": True}, {"T": D}, lambda a, b, c: np.linalg.solve(
                               transposed(a) @ a + c * np.eye(3), transposed(a) @ b)),
    "BatchMatrixTriangularSolve": ([LOWER, near(2, 3, 2).astype(D)],
                                   {"lower": True, "adjoint": False}, {"T": D}, np.linalg.solve),
    "BatchSelfAdjointEigV2": ([symmetric(2, 3, 3)], {"compute_v": False}, {"T": D},
                              np.linalg.eigvalsh),
    "BatchSvd": ([near(2, 3, 4).astype(D)], {"compute_uv": False}, {"T": D},
                 lambda x: np.linalg.svd(x)[1]),
    "AccumulateNV2": ([near(2, 3), near(2, 3)], {"N": 2, "shape": tf.TensorShape([2, 3])}, {"T": F},
                      np.add),
    "BatchNormWithGlobalNormalization": (
        [IMAGES, near(3), near(3) + 2, near(3), near(3)],
        {"variance_epsilon": .01, "scale_after_normalization": True}, {"T": F},
        lambda x, mean, variance, beta, gamma: (x - mean) / np.sqrt(variance + .01) * gamma + beta),
    "ImageProjectiveTransform": (
        [IMAGES, np.array([[1, 0, -1, 0, 1, 2, 0, 0]], F)], {"interpolation": "NEAREST"},
        {"dtype": F}, lambda x, _: np.pad(x, [(0, 0), (0, 2), (1, 0), (0, 0)])[:, 2:, :-1]),
    "GatherTree": ([np.array([[[1, 2]], [[3, 4]]], N), np.array([[[0, 0]], [[1, 0]]], N),
                    np.array([2], N), np.int32(9)], {}, {"T": N},
                   lambda *_: np.array([[[2, 1]], [[3, 4]]])),
    "Resampler": ([IMAGES, np.array([[[.5, 1.25], [-.5, 4.5]], [[3, 2], [4.75, 0]]], F)], {},
                  {"T": F}, bilinear),
    "AdjustHsvInYiq": ([IMAGES, np.float32(.3), np.float32(1.2), np.float32(.9)], {}, {"T": F},
                       turned_colours),
    "BucketizeWithInputBoundaries": (
        [np.array([[-1, 0, .5], [1, 2, 9]], F), np.array([0, 1, 2], F)], {}, {"T": F},
        lambda x, boundaries: np.searchsorted(boundaries, x, "right")),
    "FusedConv2DBiasActivation": ([IMAGES, near(2, 2, 3, 4), near(4), np.zeros(0, F),
                                   np.float32(1.5), np.float32(0)], fused_attributes(), {"T": F},
                                  fused),
}
# The same operation in its other ways.
WAYS = {
    "side": (dict(stride=2, relu=False), near(2, 2, 2, 4), .5),
    "first": (dict(order="NCHW", kernels="OIHW"), near(2, 4, 4, 4), -2.),
}
for way, (how, side, amount) in WAYS.items():
    first = how.get("order") == "NCHW"
    ROWS["FusedConv2DBiasActivation " + way] = (
        [IMAGES.transpose(0, 3, 1, 2) if first else IMAGES,
         near(4, 3, 2, 2) if first else near(2, 2, 3, 4), near(4), side, np.float32(1.5),
         np.float32(amount)], fused_attributes(**how), {"T": F},
        lambda *given, how=how: fused(*given, **how))
TABLES = ("HashTable", "InitializeTable", "InitializeTableFromTextFile", "LookupTableFind",
          "LookupTableSize", "LookupTableImport")


def attribute(value):
    if isinstance(value, bool):
        return tf.AttrValue(b=value)
    if isinstance(value, int):
        return tf.AttrValue(i=value)
    if isinstance(value, float):
        return tf.AttrValue(f=value)
    if isinstance(value, list):
        return tf.AttrValue(list=tf.AttrValue.ListValue(i=value))
    return tf.AttrValue(shape=value.as_proto()) if isinstance(value, tf.TensorShape) \
        else tf.AttrValue(s=value.encode())


def add(graph, name, operation, inputs, types=(), **attributes):
    node = graph.node.add(name=name, op=operation, input=inputs)
    for key, kind in dict(types).items():
        node.attr[key].type = tf.as_dtype(kind).as_datatype_enum
    for key, value in attributes.items():
        node.attr[key].CopyFrom(attribute(value))
    return name


def constant(graph, name, value):
    node = graph.node.add(name=name, op="Const")
    node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value))
    node.attr["dtype"].type = node.attr["value"].tensor.dtype
    return name


def of_tables(graph, words):
    """Tables as TensorFlow 1.0 wrote them. Returns what fills them, and what is asked of them."""
    kinds = {"key_dtype": S, "value_dtype": L}
    found = {"Tin": S, "Tout": L}
    for name, text in (("keys", [b"a", b"b"]), ("asked", [b"b", b"?", b"a"]), ("file", words)):
        constant(graph, name, text)
    constant(graph, "numbers", np.array([7, 8], L))
    constant(graph, "default", np.int64(-1))
    for name in ("table", "of_file"):
        add(graph, name, "HashTable", [], kinds, shared_name=name)
    add(graph, "changing", "MutableHashTableV2", [], kinds, shared_name="changing")
    add(graph, "fill", "InitializeTable", ["table", "keys", "numbers"], {"Tkey": S, "Tval": L})
    add(graph, "fill_of_file", "InitializeTableFromTextFile", ["of_file", "file"], key_index=-2,
        value_index=-1)
    add(graph, "import", "LookupTableImport", ["changing", "keys", "numbers"], found)
    for name in ("table", "of_file", "changing"):
        add(graph, "found_" + name, "LookupTableFind", [name, "asked", "default"], found)
        add(graph, "size_" + name, "LookupTableSize", [name])
    return ["fill", "fill_of_file", "import"], [
        kind + name + ":0" for name in ("table", "of_file", "changing")
        for kind in ("found_", "size_")]


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """Operation -> what a graph of all of them computes; and what today lacks, before and after."""
    from tf1gan.legacy.graphs import kernels, old_operations
    path = tmp_path_factory.mktemp("tables") / "words"
    path.write_bytes(b"a\nx\nb\n")
    graph = tf.GraphDef()
    graph.versions.producer = 21
    for name, (inputs, attributes, types, _) in ROWS.items():
        scope = name.replace(" ", "_")
        given = [constant(graph, f"{scope}_{at}", value) for at, value in enumerate(inputs)]
        add(graph, scope, name.split()[0], given, types, **attributes)
    add(graph, "PlaceholderV2", "PlaceholderV2", [], {"dtype": F}, shape=tf.TensorShape([2]))
    fills, asked = of_tables(graph, str(path).encode())
    mended, said = old_operations.mended(graph, everything=True)
    wanted = {name: name.replace(" ", "_") + ":0" for name in list(ROWS) + ["PlaceholderV2"]}
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(mended, name="")
        session.run(fills)
        found = session.run(wanted, {"PlaceholderV2:0": [1., 2.]})
        found["tables"] = [value.tolist() for value in session.run(asked)]
    return found, kernels.lacking(graph), kernels.lacking(mended), said


def test_every_row_of_the_tables_is_here():
    from tf1gan.legacy.graphs import old_operations
    assert {name.split()[0] for name in ROWS} | set(TABLES) | {"PlaceholderV2"} == set(
        old_operations.RENAMED) | set(old_operations.REPLACED)


@pytest.mark.parametrize("name", list(ROWS))
def test_an_operation_that_is_gone_computes_what_it_computed(name, computed):
    inputs, _, _, reference = ROWS[name]
    wanted = reference(*inputs)
    assert computed[0][name].shape == wanted.shape
    np.testing.assert_allclose(computed[0][name], wanted, rtol=0,
                               atol=3e-6 * max(1, np.abs(wanted).max()))


def test_tables_and_placeholders_of_then_are_those_of_today(computed):
    assert computed[0]["PlaceholderV2"].tolist() == [1., 2.]
    assert computed[0]["tables"] == [[8, -1, 7], 2, [2, -1, 0], 3, [8, -1, 7], 2]


def test_nothing_of_it_is_lacking_once_it_is_mended(computed):
    _, before, after, said = computed
    gone = {name.split()[0] for name in ROWS} - {"AccumulateNV2"}
    assert gone <= set(before) and not after, (gone - set(before), after)
    assert "BatchFFT is FFT" in said and any("contrib.fused_conv" in line for line in said)
