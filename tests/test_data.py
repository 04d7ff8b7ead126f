import gzip
import inspect
import os
import pathlib
import shutil
import urllib.error
import zipfile

import numpy as np
import pytest
from helpers import MNIST_FOLDER, idx, small_arrays, write_idx

import tf1gan
from tf1gan import data
from tf1gan.compat import tf
from tf1gan.data import download, formats


@pytest.fixture(autouse=True)
def no_network_no_cache(monkeypatch, tmp_path):
    """Nothing outside the test's own folders is read or fetched."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for source in ("_from_keras", "_from_torchvision", "_from_wheel"):
        monkeypatch.setattr(download, source, lambda: None)


def test_mnist_divides_as_the_tutorials_input_data_did(mnist, monkeypatch):
    sets = tf1gan.read_data_sets(MNIST_FOLDER, one_hot=True)
    assert [part.num_examples for part in (sets.train, sets.validation, sets.test)] \
        == [55000, 5000, 10000]
    assert sets.name == "MNIST"
    assert sets.train.images.shape == (55000, 784) and sets.train.images.dtype == np.float32
    assert sets.train.images.min() == 0 and sets.train.images.max() == 1
    assert sets.train.labels.shape == (55000, 10)
    # The first 5,000 are the validation images; training begins with the 5,001st.
    assert np.array_equal(np.rint(sets.train.images[0] * 255), mnist[5000].ravel())
    assert np.array_equal(np.rint(sets.validation.images[0] * 255), mnist[0].ravel())


@pytest.mark.parametrize("zipped", [True, False])
def test_a_folder_of_other_images_is_used_as_it_is_with_a_line_that_says_so(
        tmp_path, capfd, zipped):
    write_idx(tmp_path, zipped=zipped)
    sets = tf1gan.read_data_sets(str(tmp_path), validation_size=100)
    images, labels, _, test_labels = small_arrays()
    assert np.array_equal(np.rint(sets.train.images[0] * 255), images[100].ravel())
    assert np.array_equal(sets.train.labels, labels[100:])
    assert np.array_equal(sets.test.labels, test_labels)
    assert "not MNIST" in capfd.readouterr().err


def write_npz(folder, arrays=None):
    """Writes mnist.npz into a folder."""
    arrays = arrays or [array.astype(np.uint8) for array in small_arrays()]
    np.savez(str(folder / "mnist.npz"), **dict(zip(formats.NPZ_KEYS, arrays)))


def test_keras_npz_in_the_folder_is_read(tmp_path):
    write_npz(tmp_path)
    sets = tf1gan.read_data_sets(str(tmp_path), validation_size=0)
    assert sets.train.num_examples == 600 and sets.validation.num_examples == 0


def test_batches_go_through_every_image_once_an_epoch_and_cross_its_end(small_data):
    train = tf1gan.read_data_sets(small_data, validation_size=50, seed=3).train
    rows = np.concatenate([train.stream(start, 40) for start in range(0, 1120, 40)])
    assert sorted(rows[:550]) == list(range(550)) and sorted(rows[550:1100]) == list(range(550))
    assert list(rows[:550]) != list(rows[550:1100]) != list(range(550))
    # One batch holds the end of the first order and the beginning of the second.
    images, labels = train.next_batch(540)
    assert train.epochs_completed == 0
    images, labels = train.next_batch(40)
    assert images.shape == (40, 784) and len(labels) == 40 and train.epochs_completed == 1
    assert np.array_equal(images, train.images[rows[540:580]])


def test_batches_of_the_same_seed_are_the_same_and_of_another_differ(small_data):
    def batch(seed):
        return tf1gan.read_data_sets(small_data, validation_size=0, seed=seed).train.next_batch(64)
    assert np.array_equal(batch(1)[0], batch(1)[0])
    assert not np.array_equal(batch(1)[0], batch(2)[0])


def test_orders_of_the_documents(small_data):
    train = tf1gan.read_data_sets(small_data, validation_size=0, seed=0).train
    assert train.batches(64) == 9 and train.batches(64, "epochs") == 10
    assert list(train.batch_rows(8, 64, "file")) == list(range(512, 576))
    assert list(train.batch_rows(9, 64, "file")) == list(range(64))
    epoch = [train.batch_rows(step, 64, "epochs") for step in range(10)]
    assert len(epoch[-1]) == 24 and sorted(np.concatenate(epoch)) == list(range(600))


@pytest.mark.parametrize("damage, words", [
    (lambda content: content[:-100], "truncated"),
    (lambda content: content[:9], "truncated"),
    (lambda content: content + b"x", "too long"),
    (lambda content: idx(np.zeros(600)), "not an IDX file of images"),
    (lambda content: idx(np.zeros((600, 14, 14))), "14 x 14"),
    (lambda content: b"", "truncated"),
    (lambda content: content[:4] + b"\xff" * 4 + content[8:], "at most 1000000 are allowed"),
    (lambda content: idx(np.zeros((599, 28, 28))), "replace the wrong one"),
])
@pytest.mark.parametrize("zipped", [True, False])
def test_a_damaged_file_is_an_error_that_names_it(tmp_path, damage, words, zipped):
    write_idx(tmp_path, zipped=False)
    path = str(tmp_path / "train-images-idx3-ubyte")
    with open(path, "rb") as file:
        content = damage(file.read())
    os.unlink(path)
    path += ".gz" if zipped else ""
    with (gzip.open if zipped else open)(path, "wb") as file:
        file.write(content)
    with pytest.raises(tf1gan.UserError) as error:
        tf1gan.read_data_sets(str(tmp_path), validation_size=0)
    assert words in str(error.value) and path in str(error.value)


def test_a_torn_gzip_file_is_an_error_that_names_it(tmp_path):
    write_idx(tmp_path)
    path = tmp_path / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(tf1gan.UserError, match="t10k-labels-idx1-ubyte.gz"):
        tf1gan.read_data_sets(str(tmp_path), validation_size=0)


def test_a_damaged_npz_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez(str(path), **dict(zip(formats.NPZ_KEYS, [np.zeros((3, 28, 28))] * 4)))
    with pytest.raises(tf1gan.UserError, match="mnist.npz: x_train is float64"):
        tf1gan.read_data_sets(str(tmp_path), validation_size=0)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(tf1gan.UserError, match="mnist.npz"):
        tf1gan.read_data_sets(str(tmp_path), validation_size=0)


def test_a_missing_file_of_other_images_is_an_error(tmp_path):
    write_idx(tmp_path)
    os.unlink(str(tmp_path / "t10k-images-idx3-ubyte.gz"))
    with pytest.raises(tf1gan.UserError, match="but not t10k-images-idx3-ubyte"):
        tf1gan.read_data_sets(str(tmp_path), validation_size=0)


def test_nothing_to_be_had_is_an_error_that_says_what_to_do(tmp_path):
    with pytest.raises(tf1gan.UserError, match="--data-dir"):
        tf1gan.read_data_sets(str(tmp_path / "none"))


def mnist_contents(mnist):
    return [formats.read_idx(os.path.join(MNIST_FOLDER, file.name + ".gz"), file)
            for file in formats.FILES]


def test_keras_cache_is_used_verified_and_kept_as_idx_files(tmp_path, mnist):
    arrays = [formats.array_of(content, file)
              for content, file in zip(mnist_contents(mnist), formats.FILES)]
    os.makedirs(str(tmp_path / "keras" / "datasets"))
    np.savez_compressed(str(tmp_path / "keras" / "datasets" / "mnist.npz"),
                        **dict(zip(formats.NPZ_KEYS, arrays)))
    sets = tf1gan.read_data_sets(str(tmp_path / "mnist_data"))
    assert sets.name == "MNIST"
    assert sorted(os.listdir(str(tmp_path / "mnist_data"))) \
        == sorted(file.name + ".gz" for file in formats.FILES)
    shutil.rmtree(str(tmp_path / "keras"))      # the folder now does alone
    assert tf1gan.read_data_sets(str(tmp_path / "mnist_data")).name == "MNIST"


def test_other_images_in_keras_cache_are_passed_over(tmp_path, capfd):
    os.makedirs(str(tmp_path / "keras" / "datasets"))
    arrays = [array.astype(np.uint8) for array in small_arrays()]
    np.savez(str(tmp_path / "keras" / "datasets" / "mnist.npz"),
             **dict(zip(formats.NPZ_KEYS, arrays)))
    with pytest.raises(tf1gan.UserError, match="no MNIST"):
        tf1gan.read_data_sets(str(tmp_path / "mnist_data"))
    assert "Skipping Keras's cache" in capfd.readouterr().err


def test_sources_are_tried_in_order_and_a_failing_one_is_passed_over(
        tmp_path, mnist, monkeypatch, capfd):
    def unreachable():
        raise urllib.error.URLError("no such host")

    def wrong():
        return [contents[2]] * 4
    contents = mnist_contents(mnist)
    monkeypatch.setattr(download, "_from_keras", unreachable)
    monkeypatch.setattr(download, "_from_torchvision", wrong)
    monkeypatch.setattr(download, "_from_wheel", lambda: contents)
    assert tf1gan.read_data_sets(str(tmp_path)).name == "MNIST"
    said = capfd.readouterr().err
    assert "tf-keras-datasets/mnist.npz: no such host" in said and "not MNIST's" in said


def test_an_interrupted_fetch_is_completed(tmp_path, mnist, monkeypatch):
    contents = mnist_contents(mnist)
    monkeypatch.setattr(download, "_from_wheel", lambda: contents)
    folder = tmp_path / "mnist_data"
    folder.mkdir()
    with gzip.open(str(folder / "train-labels-idx1-ubyte.gz"), "wb") as file:
        file.write(contents[1])
    assert tf1gan.read_data_sets(str(folder)).name == "MNIST"


def test_an_npz_that_promises_more_than_it_holds_is_refused(tmp_path):
    path = str(tmp_path / "mnist.npz")
    header = {"descr": "|u1", "fortran_order": False, "shape": (10 ** 9, 28, 28)}
    with zipfile.ZipFile(path, "w") as archive:
        with archive.open("x_train.npy", "w") as member:
            np.lib.format.write_array_header_1_0(member, header)
    with pytest.raises(tf1gan.UserError, match="mnist.npz"):
        tf1gan.read_data_sets(str(tmp_path))


@pytest.mark.parametrize("size", [-1, 601, 5000, 10.0, "10", True])
def test_a_validation_size_that_there_is_not_is_refused(small_data, size):
    with pytest.raises(tf1gan.UserError, match="validation_size"):
        tf1gan.read_data_sets(small_data, validation_size=size)


@pytest.mark.parametrize("left", [0, 3])
def test_a_whole_npz_comes_before_what_an_interrupted_download_left(tmp_path, left):
    write_idx(tmp_path)
    for file in formats.FILES[:left] + formats.FILES[left + 1:]:
        os.unlink(str(tmp_path / (file.name + ".gz")))
    write_npz(tmp_path, [array[:100].astype(np.uint8) for array in small_arrays()])
    assert tf1gan.read_data_sets(str(tmp_path), validation_size=0).train.num_examples == 100
    assert len(os.listdir(str(tmp_path))) == 2


def test_what_an_interrupted_download_left_is_named_where_nothing_completes_it(tmp_path, mnist):
    with gzip.open(str(tmp_path / "train-labels-idx1-ubyte.gz"), "wb") as file:
        file.write(mnist_contents(mnist)[1])
    with pytest.raises(tf1gan.UserError) as error:
        tf1gan.read_data_sets(str(tmp_path))
    assert f"but {tmp_path / 'train-labels-idx1-ubyte.gz'}" in str(error.value)
    assert "put train-images-idx3-ubyte.gz, t10k-images-idx3-ubyte.gz" in str(error.value)


# -- The tutorials' loader: what TensorFlow 1.15.5's own was seen to do --------------------------

def ten(**options):
    """Ten images, each of its label's brightness."""
    labels = np.arange(10, dtype=np.uint8)
    return data.DataSet(labels.repeat(784).reshape(10, 28, 28, 1), labels, seed=1, **options)


def test_the_arguments_are_the_tutorials_in_their_order():
    names = list(inspect.signature(tf1gan.read_data_sets).parameters)
    assert names[:8] == ["train_dir", "fake_data", "one_hot", "dtype", "reshape",
                         "validation_size", "seed", "source_url"]
    assert list(inspect.signature(data.DataSet).parameters)[:7] == [
        "images", "labels", "fake_data", "one_hot", "dtype", "reshape", "seed"]


def test_the_tutorials_positional_call_is_understood(small_data):
    train, validation, test = tf1gan.read_data_sets(small_data, False, True, np.uint8, False, 50)
    assert [len(part.images) for part in (train, validation, test)] == [550, 50, 60]
    assert train.labels.shape == (550, 10) and train.labels.dtype == np.float64
    assert train.images.shape == (550, 28, 28, 1) and train.images.dtype == np.uint8
    images, labels = train.next_batch(8)
    assert images.shape == (8, 28, 28, 1) and images.dtype == np.uint8 and images.max() == 255
    assert labels.shape == (8, 10)


def test_all_images_may_be_held_back(small_data):
    train, validation, _ = tf1gan.read_data_sets(small_data, validation_size=600)
    assert (train.num_examples, validation.num_examples) == (0, 600)
    with pytest.raises(tf1gan.UserError, match="no images"):
        train.next_batch(1)


@pytest.mark.parametrize("dtype", [tf.float32, "float32", np.float32, float])
def test_float32_by_any_name_scales(dtype):
    images, _ = ten(dtype=dtype).next_batch(10, shuffle=False)
    assert images.dtype == np.float32 and np.array_equal(images[9], np.full(784, 9 / 255, "f4"))


@pytest.mark.parametrize("dtype", [tf.uint8, "uint8", np.uint8])
def test_uint8_by_any_name_does_not(dtype):
    assert np.array_equal(ten(dtype=dtype, reshape=False).images[9], np.full((28, 28, 1), 9, "u1"))


@pytest.mark.parametrize("dtype", [np.float64, tf.int32, "brightness", None])
def test_another_dtype_is_refused(small_data, dtype):
    with pytest.raises(TypeError, match="float32 or uint8"):
        tf1gan.read_data_sets(small_data, dtype=dtype)


def test_fake_data_has_no_images_and_gives_batches_of_ones(tmp_path):
    sets = tf1gan.read_data_sets(str(tmp_path / "none"), fake_data=True, one_hot=True)
    assert not (tmp_path / "none").exists()
    for part in sets:
        assert part.num_examples == 10000 and list(part.images) == list(part.labels) == []
        images, labels = part.next_batch(3, fake_data=True)
        assert images == [[1] * 784] * 3 and labels == [[1] + [0] * 9] * 3
        with pytest.raises(tf1gan.UserError, match="fake_data"):
            part.next_batch(3)
    assert ten().next_batch(2, True) == ([[1] * 784] * 2, [0, 0])


def test_without_shuffling_batches_go_through_the_order_that_there_is():
    plain = {"shuffle": False}
    part = ten()
    taken = [list(part.next_batch(4, shuffle=False)[1]) for _ in range(6)]
    assert taken == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 0, 1], [2, 3, 4, 5], [6, 7, 8, 9],
                     [0, 1, 2, 3]]
    part, first, second = ten(), list(ten().stream(0, 10)), list(ten().stream(10, 10))
    taken = [list(part.next_batch(4, **options)[1]) for options in ({}, plain, plain, plain)]
    assert taken == [first[:4], first[4:8], first[8:] + first[:2], first[2:6]]
    # Asked for in the middle of an order, a new one begins where that ends.
    part = ten()
    taken = [list(part.next_batch(4, **options)[1]) for options in (plain, {}, {}, plain)]
    assert taken == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9] + second[:2], second[2:6]]


def test_shuffled_batches_are_those_of_the_stream_that_training_reads(small_data):
    train = tf1gan.read_data_sets(small_data, validation_size=0, seed=3).train
    rows = train.stream(0, 1800)
    taken = np.concatenate([train.next_batch(size)[0] for size in (600, 7, 593, 0, 599, 1)])
    assert np.array_equal(taken, train.images[rows])


def test_an_epoch_is_completed_by_the_batch_that_goes_beyond_it():
    part = ten()
    seen = []
    for size in (0, 5, 5, 0, 1, 9, 10, 1):
        part.next_batch(size)
        seen.append(part.epochs_completed)
    assert seen == [0, 0, 0, 0, 1, 1, 2, 3]


@pytest.mark.parametrize("size", [-1, -10, 2.0, "2", None, True, [2], float("nan")])
def test_a_batch_size_that_is_none_is_refused_and_leaves_the_stream_alone(size):
    part, untouched = ten(), ten()
    for _ in range(4):
        with pytest.raises(tf1gan.UserError, match="batch_size"):
            part.next_batch(size)
        assert np.array_equal(part.next_batch(4)[1], untouched.next_batch(4)[1])
    assert part.epochs_completed == 1


def test_a_batch_that_no_memory_holds_is_refused_before_it_is_begun():
    part, untouched = ten(), ten()
    with pytest.raises(MemoryError):
        part.next_batch(10 ** 13)
    assert np.array_equal(part.next_batch(4)[1], untouched.next_batch(4)[1])


@pytest.mark.parametrize("given", [
    {"fake_data": "elsewhere"}, {"one_hot": "yes"}, {"one_hot": None}, {"reshape": "no"},
    {"reshape": [28, 28]}, {"source_url": 3}, {"train_dir": b"data"}, {"train_dir": 3}])
def test_an_argument_of_another_kind_is_refused(small_data, given):
    with pytest.raises(tf1gan.UserError, match=next(iter(given)) + " must be "):
        tf1gan.read_data_sets(**{"train_dir": small_data, **given})
    for name in ("fake_data", "shuffle"):
        with pytest.raises(tf1gan.UserError, match=name + " must be True or False"):
            ten().next_batch(2, **{name: "no"})


def test_the_order_of_a_seed_is_the_one_that_runs_were_trained_with(small_data):
    train = tf1gan.read_data_sets(small_data, validation_size=50, seed=3).train
    assert list(train.stream(545, 10)) == [
        116, 332, 203, 188, 487, 513, 352, 239, 63, 462]


def test_the_former_name_of_the_folder_is_understood(small_data):
    assert len(tf1gan.read_data_sets(data_dir=small_data, validation_size=0).train.images) == 600
    with pytest.raises(tf1gan.UserError, match="two names"):
        tf1gan.read_data_sets(small_data, data_dir=small_data)
    with pytest.raises(tf1gan.UserError, match="one_hot must be"):      # where a size once was
        tf1gan.read_data_sets(small_data, False, 100)
    for folder in ("", 5, small_data.encode()):
        with pytest.raises(tf1gan.UserError, match="train_dir must be the name of a folder"):
            tf1gan.read_data_sets(folder)


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_fetched(tmp_path, monkeypatch):
    (tmp_path / "a_file").write_text("")
    monkeypatch.setattr(download, "fetch", lambda: pytest.fail("fetched"))
    with pytest.raises(tf1gan.UserError, match="cannot write .*a_file"):
        tf1gan.read_data_sets(str(tmp_path / "a_file" / "mnist"))


def test_images_are_fetched_from_the_source_url_and_kept(small_data, tmp_path):
    folder = tmp_path / "mnist_data"
    address = pathlib.Path(small_data).as_uri() + "/"
    fetched = tf1gan.read_data_sets(str(folder), source_url=address, validation_size=0)
    assert sorted(os.listdir(str(folder))) == sorted(os.listdir(small_data))
    os.unlink(str(folder / "train-labels-idx1-ubyte.gz"))       # what is there is not fetched
    for source_url in (address, None, ""):
        again = tf1gan.read_data_sets(str(folder), source_url=source_url, validation_size=0)
        assert again.name == fetched.name and again.name.startswith("other images")


def test_a_source_url_without_the_files_is_one_error_that_names_it(tmp_path):
    address = tmp_path.as_uri() + "/none/"
    with pytest.raises(tf1gan.UserError, match="cannot download file://.*train-images"):
        tf1gan.read_data_sets(str(tmp_path / "data"), source_url=address)
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(b"<html>")
    with pytest.raises(tf1gan.UserError, match=r"cannot download file://.* \(it is "):
        tf1gan.read_data_sets(str(tmp_path / "data"), source_url=tmp_path.as_uri() + "/")


@pytest.mark.parametrize("address", ["http://yann.lecun.com/exdb/mnist/",
                                     "https://storage.googleapis.com/cvdf-datasets/mnist/"])
def test_an_address_of_mnists_own_means_wherever_mnist_is(tmp_path, mnist, monkeypatch, address):
    monkeypatch.setattr(download, "_from_wheel", lambda: mnist_contents(mnist))
    assert tf1gan.read_data_sets(str(tmp_path), source_url=address).name == "MNIST"
