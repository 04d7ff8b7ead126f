"""What models of TensorFlow 1 hold: words of tables, weights by any saver, layers of Keras."""

import os

import pytest

from tf1gan import converting
from tf1gan.compat import tf
from tf1gan.converting import sources, tables
from tf1gan.errors import UserError

pytestmark = pytest.mark.skipif(tf.__version__.startswith("1."), reason="needs TensorFlow 2")


@pytest.fixture
def convert(forked, monkeypatch, tmp_path):
    """Converts, and gives the result as a function of arrays by the arguments' names."""
    monkeypatch.setattr("sys.executable", forked)

    def of(path, **asked):
        converting.convert(str(path), str(tmp_path / "converted"), **asked)
        module = tf.compat.v2.saved_model.load(str(tmp_path / "converted"))

        def function(**given):
            found = module.signatures["serving_default"](**{
                name: tf.compat.v2.constant(value) for name, value in given.items()})
            return {name: value.numpy() for name, value in found.items()}
        function.module = module
        return function
    return of


# -- Tables ----------------------------------------------------------------------------------

def table_of(folder, content, key=(tf.string, -2), value=(tf.int64, -1), **more):
    """{key: value} of a table that a file of words fills."""
    os.makedirs(str(folder / "assets"), exist_ok=True)
    (folder / "assets" / "words").write_bytes(content)
    with tf.Graph().as_default() as made:
        table = tf.raw_ops.HashTableV2(key_dtype=key[0], value_dtype=value[0], name="table")
        tf.raw_ops.InitializeTableFromTextFileV2(
            table_handle=table, filename="words", key_index=key[1], value_index=value[1], **more)
    source = sources.Source(str(folder), "", "", tf.MetaGraphDef(graph_def=made.as_graph_def()))
    keys, values = tables.read(source, ["table"])["table"]
    return dict(zip(keys.tolist(), values.tolist()))


def test_words_of_a_file_are_what_1_15_5_reads(tmp_path):
    """What 1.15.5's tables had of the same files."""
    assert table_of(tmp_path, b"the\r\ncat\r\r\ns\rat \r") == {
        b"the": 0, b"cat\r": 1, b"s\rat ": 2}
    assert table_of(tmp_path, b"\xef\xbb\xbfthe\n\xe9\na\0b\x0bc", vocab_size=2) == {
        b"\xef\xbb\xbfthe": 0, b"\xe9": 1}
    assert table_of(tmp_path, b"a, 7 \r\nb,-3,x\r\na,7", (tf.string, 0), (tf.int64, 1),
                    delimiter=",") == {b"a": 7, b"b": -3}
    assert table_of(tmp_path, b"a\nb\na\n", (tf.int64, -1), (tf.string, -2)) == {
        0: b"a", 1: b"b", 2: b"a"}


@pytest.mark.parametrize("content, more, words", [
    (b"a\n\nb\n", {}, "empty line found"), (b"a\r\n\r\n", {}, "empty line found"),
    (b"a\nb\na\n", {}, "different value for same key"), (b"", {}, "Read less bytes"),
    (b"a\nb\n", {"vocab_size": 3}, "expected 3 but got 2"),
    (b"a\n", {"value": (tf.int64, 1), "key": (tf.string, 0)}, "Invalid number of columns"),
    (b"a\t1_0\n", {"value": (tf.int64, 1), "key": (tf.string, 0)}, "not a valid int64")])
def test_files_that_1_15_5_does_not_take_are_refused(content, more, words, tmp_path):
    with pytest.raises(UserError, match="words is not the table .*" + words):
        table_of(tmp_path, content, **more)


def test_a_table_has_the_file_that_the_model_has_for_it(tmp_path):
    """Two files of the same name have two among the assets; the graph has the paths of before."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "words").write_bytes(b"other\n")
    (tmp_path / "assets" / "words_1").write_bytes(b"own\n")
    with tf.Graph().as_default() as made:
        name = tf.identity(tf.constant("b/words", name="path"))
        tf.raw_ops.InitializeTableFromTextFileV2(
            table_handle=tf.raw_ops.HashTableV2(
                key_dtype=tf.string, value_dtype=tf.int64, name="table"),
            filename=name, key_index=-2, value_index=-1)
    asset = tf.MetaGraphDef().asset_file_def.add(filename="words_1")
    asset.tensor_info.name = "path:0"
    listed, packed = (tf.MetaGraphDef(graph_def=made.as_graph_def()) for _ in range(2))
    listed.asset_file_def.append(asset)
    packed.collection_def["saved_model_assets"].any_list.value.add().Pack(asset)
    for meta in (listed, packed):
        found = tables.read(sources.Source(str(tmp_path), "", "", meta), ["table"])["table"]
        assert found[0].tolist() == [b"own"]
