"""Property-based: whatever the bytes, a clear error or the right array, and nothing executed."""

import gzip
import io
import os
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest
from helpers import idx
from hypothesis import HealthCheck, given, settings, strategies as st

import tf1gan
from tf1gan import pickles
from tf1gan.data import formats

FAST = settings(max_examples=150, deadline=None,
                suppress_health_check=[HealthCheck.function_scoped_fixture])
IMAGES, LABELS = formats.FILES[0], formats.FILES[1]


def array_of(seed, count):
    return np.random.RandomState(seed).randint(0, 256, (count, 28, 28)).astype(np.uint8)


def damage(content, cuts):
    """Applies (position, what to do, byte) edits to some bytes."""
    content = bytearray(content)
    for position, edit, byte in cuts:
        place = position % (len(content) + 1)
        if edit == "cut":
            del content[place:]
        elif edit == "insert":
            content.insert(place, byte)
        elif place < len(content):
            content[place] = byte
    return bytes(content)


edits = st.lists(st.tuples(st.integers(0, 10 ** 6), st.sampled_from(["cut", "insert", "change"]),
                           st.integers(0, 255)), max_size=4)


@FAST
@given(seed=st.integers(0, 99), count=st.integers(0, 4), zipped=st.booleans())
def test_what_was_written_is_read(tmp_path, seed, count, zipped):
    array = array_of(seed, count)
    path = str(tmp_path / "file")
    with (gzip.open if zipped else open)(path, "wb") as file:
        file.write(idx(array))
    assert np.array_equal(formats.array_of(formats.read_idx(path, IMAGES), IMAGES), array)


@FAST
@given(content=st.one_of(st.binary(max_size=200),
                         st.builds(lambda seed, cuts: damage(idx(array_of(seed, 2)), cuts),
                                   st.integers(0, 9), edits)),
       zipped=st.booleans(), cuts=edits, kind=st.sampled_from([IMAGES, LABELS]))
def test_an_idx_file_is_right_or_refused(tmp_path, content, zipped, cuts, kind):
    path = str(tmp_path / "file")
    packed = damage(gzip.compress(content), cuts) if zipped else content
    with open(path, "wb") as file:
        file.write(packed)
    try:
        read = formats.read_idx(path, kind)
    except tf1gan.UserError as error:
        assert path in str(error)
    else:
        assert zipped or read == content
        formats.array_of(read, kind)


def npz(arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **dict(zip(formats.NPZ_KEYS, arrays)))
    return buffer.getvalue()


@FAST
@given(content=st.one_of(
    st.binary(max_size=200),
    st.builds(lambda cuts: damage(npz([array_of(0, 2), np.arange(2)] * 2), cuts), edits)))
def test_an_npz_file_is_right_or_refused(tmp_path, content):
    path = str(tmp_path / "mnist.npz")
    with open(path, "wb") as file:
        file.write(content)
    try:
        read = formats.read_npz(path)
    except tf1gan.UserError as error:
        assert path in str(error)
    else:
        assert len(read) == 4


def test_an_npz_of_pickled_objects_is_refused(tmp_path):
    path = str(tmp_path / "mnist.npz")
    np.savez(path, **dict(zip(formats.NPZ_KEYS, [np.array([{"a": 1}], object)] * 4)))
    with pytest.raises(tf1gan.UserError, match="mnist.npz"):
        formats.read_npz(path)


def test_a_gzip_bomb_is_not_unpacked(tmp_path):
    path = str(tmp_path / "bomb.gz")
    with gzip.open(path, "wb", 1) as file:
        file.write(idx(array_of(0, 1)))
        for _ in range(200):
            file.write(bytes(2 ** 20))
    with pytest.raises(tf1gan.UserError, match="too long"):
        formats.read_idx(path, IMAGES)


plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(),
              st.builds(np.float32, st.floats(-9, 9, width=32)),
              st.builds(array_of, st.integers(0, 9), st.integers(0, 1))),
    lambda inner: st.one_of(st.lists(inner), st.tuples(inner, inner)), max_leaves=8)


def same(one, other):
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return np.array_equal(one, other)


@FAST
@given(value=plain, protocol=st.integers(0, 4))
def test_plain_pickles_are_read(value, protocol):
    assert same(pickles.loads(io.BytesIO(pickle.dumps(value, protocol))), value)


@FAST
@given(content=st.one_of(
    st.binary(max_size=100),
    st.builds(lambda value, protocol, cuts: damage(pickle.dumps(value, protocol), cuts),
              plain, st.integers(0, 4), edits)))
def test_any_bytes_are_a_pickle_or_an_error_that_names_the_file(tmp_path, content):
    path = str(tmp_path / "losses.pkl")
    with open(path, "wb") as file:
        file.write(content)
    try:
        pickles.load(path)
    except tf1gan.UserError as error:
        assert path in str(error)


class Calls:
    def __init__(self, *reduced):
        self.reduced = reduced

    def __reduce__(self):
        return self.reduced


@pytest.mark.parametrize("value", [
    Calls(os.system, ("touch owned",)), Calls(eval, ("open('owned', 'w')",)),
    Calls(os.mkdir, ("owned",)), [np.zeros(2), Calls(exec, ("import owned",))],
    Calls(np.ndarray, ((2 ** 33,),)), Calls(np.load, ("owned",)),
    Calls(np.dtype, ("V2000000000",)), np.array([Calls(os.mkdir, ("owned",))], object),
    Calls(np.zeros(1).__reduce__()[0], (np.ndarray, (2 ** 33,), "b")),
])
def test_a_hostile_pickle_is_refused_and_does_nothing(tmp_path, monkeypatch, value):
    monkeypatch.chdir(tmp_path)
    with open("bad.pkl", "wb") as file:
        pickle.dump(value, file)
    with pytest.raises(tf1gan.UserError, match="bad.pkl"):
        pickles.load("bad.pkl")
    assert os.listdir(".") == ["bad.pkl"]


@pytest.mark.parametrize("content", [
    b"\x80\x02Nr\xff\xff\xff\x7f.",                         # object number 2**31 - 1 is None
    b"\x80\x04\x8e\xff\xff\xff\xff\xff\x00\x00\x00x.",      # 2**40 bytes follow, it says
    b"\x80\x02c_codecs\nencode\nX\x01\x00\x00\x00aX\x03\x00\x00\x00hex\x86R.",
])
def test_a_pickle_that_asks_for_memory_gets_none(tmp_path, content):
    resource = pytest.importorskip("resource")
    path = str(tmp_path / "big.pkl")
    with open(path, "wb") as file:
        file.write(content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        assert pickles.load(path) is None
    except tf1gan.UserError as error:
        assert path in str(error)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_a_zip_member_larger_than_it_says_is_refused(tmp_path):
    path = str(tmp_path / "mnist.npz")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            header, {"descr": "|u1", "fortran_order": False, "shape": (10 ** 6, 28, 28)})
        archive.writestr("x_train.npy", header.getvalue() + b"short")
    with pytest.raises(tf1gan.UserError, match="mnist.npz"):
        formats.read_npz(path)


def npy(shape, content, descr="|u1", fortran=False, header=None):
    """The bytes of an .npy file of version 2.0 that may lie about what it holds."""
    header = header or repr({"descr": descr, "fortran_order": fortran, "shape": shape}).encode()
    return b"\x93NUMPY\x02\x00" + len(header).to_bytes(4, "little") + header + content


def write_npz(path, members, method=zipfile.ZIP_DEFLATED):
    """An npz file of two images in both parts, but for `members`: key -> bytes."""
    right = {"x": npy((2, 28, 28), array_of(0, 2).tobytes()), "y": npy((2,), b"\x03\x04")}
    with zipfile.ZipFile(path, "w", method) as archive:
        for key in formats.NPZ_KEYS:
            archive.writestr(key + ".npy", members.get(key, right[key[0]]))


ZEROS = bytes(2 ** 26)


@pytest.mark.parametrize("key, member, words", [
    ("x_train", npy((-1, 28, 28), ZEROS), r"shape \(-1, 28, 28\)"),
    ("x_test", npy((1, 28, 28), ZEROS), "too long"),
    ("y_train", npy((-7,), b"\x01" * 7), r"shape \(-7,\)"),
    ("y_test", npy((10 ** 6 + 1,), ZEROS), "n at most 1000000"),
    ("y_test", npy((2,), ZEROS), "too long"),
    ("x_train", npy((10 ** 6, 28, 28), b"short"), "truncated"),
    ("y_train", npy((10 ** 6,), b"short", "<i8"), "truncated"),
    ("x_train", npy((), b"", header=ZEROS), "header of 67108864 bytes"),
    ("x_train", npy((2 ** 70, 28, 28), b""), "n at most"),
    ("x_train", npy((2, 28, 28), ZEROS, "|O"), "object"),
    ("y_train", npy((2,), ZEROS, "|O"), "object"),
    ("y_train", npy((2,), ZEROS, "|V9999999"), "uint8"),
    ("y_train", npy((), b"", header=b"(" * 4000), "mnist.npz"),
    ("y_train", npy((2,), b"")[:6] + b"\x03\x00" + ZEROS, "version 3.0"),
], ids=range(14))
def test_an_npz_that_lies_is_refused_in_the_memory_of_what_it_should_hold(
        tmp_path, key, member, words):
    path = str(tmp_path / "mnist.npz")
    write_npz(path, {key: member})
    tracemalloc.start()
    try:
        with pytest.raises(tf1gan.UserError, match=words) as error:
            formats.read_npz(path)
        assert tracemalloc.get_traced_memory()[1] < 2 ** 23
    finally:
        tracemalloc.stop()
    assert path in str(error.value)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_npz_packed_by_a_method_that_has_no_bounds_is_refused(tmp_path, method):
    path = str(tmp_path / "mnist.npz")
    write_npz(path, {}, method)
    with pytest.raises(tf1gan.UserError, match="x_train is compressed"):
        formats.read_npz(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("descr", ["|u1", "<i8", ">i4", ">u2"])
@pytest.mark.parametrize("fortran", [False, True])
def test_an_npz_is_read_in_either_order_of_axes_and_of_bytes(tmp_path, descr, fortran, method):
    path = str(tmp_path / "mnist.npz")
    images, labels = array_of(1, 5), np.arange(5).astype(descr)
    write_npz(path, {
        "x_train": npy((5, 28, 28), images.tobytes("F" if fortran else "C"), fortran=fortran),
        "y_train": npy((5,), labels.tobytes(), descr, fortran)}, method)
    read = formats.read_npz(path)
    assert np.array_equal(formats.array_of(read[0], IMAGES), images)
    assert np.array_equal(formats.array_of(read[1], LABELS), np.arange(5))


def test_an_idx_file_that_promises_more_than_it_holds_takes_no_memory_for_it(tmp_path):
    path = str(tmp_path / "file")
    with open(path, "wb") as file:
        file.write(idx(array_of(0, 1))[:4] + (10 ** 6).to_bytes(4, "big") + bytes(100))
    tracemalloc.start()
    try:
        with pytest.raises(tf1gan.UserError):
            formats.read_idx(path, IMAGES)
        assert tracemalloc.get_traced_memory()[1] < 2 ** 23
    finally:
        tracemalloc.stop()


BIG_ENDIAN = {
    "array": np.arange(6, dtype=">f4").reshape(2, 3), "integers": np.array([1, 2 ** 40], ">i8"),
    "columns": np.asfortranarray(np.arange(6, dtype=">f8").reshape(2, 3)),
    "scalar": np.array([1.5], ">f8")[0], "two": [np.arange(3, dtype=">f4")] * 2,
    "mixed": [np.arange(3, dtype=order + "f4") for order in "><=><"],
}


@pytest.mark.parametrize("name", list(BIG_ENDIAN))
@pytest.mark.parametrize("protocol", range(5))
def test_numbers_of_another_byte_order_are_read_as_they_are(name, protocol):
    value = BIG_ENDIAN[name]
    assert same(pickles.loads(io.BytesIO(pickle.dumps(value, protocol))), value)


@pytest.mark.parametrize("state", [
    (3, ">", (np.dtype("f8"), (10 ** 9,)), None, None, -1, -1, 0),      # a subarray
    (3, "|", None, ("a",), {"a": (np.dtype("O"), 0)}, 8, 8, 63),        # fields of objects
    (3, "<", None, None, None, 2 ** 30, 1, 63), (3, "!", None, None, None, -1, -1, 0),
    (3,), 7, {"dtype": 1},
])
def test_a_pickled_dtype_gives_its_byte_order_and_nothing_else(state):
    kept = Calls(np.dtype, ("f8", False, True), state)
    array = Calls(np.zeros(1).__reduce__()[0], (np.ndarray, (0,), b"b"),
                  (1, (1,), kept, False, bytes(8)))
    try:
        read = pickles.loads(io.BytesIO(pickle.dumps(array, 2)))
    except Exception:
        return
    assert read.dtype.kind == "f" and read.dtype.itemsize == 8 and np.array_equal(read, [0])
