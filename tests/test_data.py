import gzip
import os
import shutil
import urllib.error
import zipfile

import numpy as np
import pytest

import tf1gan
from conftest import idx, small_arrays, write_idx
from tf1gan import formats, mnist as mnist_files


@pytest.fixture(autouse=True)
def no_network_no_cache(monkeypatch, tmp_path):
    """Nothing outside the test's own folders is read or fetched."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    for source in ("_from_keras", "_from_torchvision", "_from_wheel"):
        monkeypatch.setattr(mnist_files, source, lambda: None)


def test_mnist_divides_as_the_tutorials_input_data_did(mnist, monkeypatch):
    folder = os.environ.get("TF1GAN_TEST_DATA", "mnist_data")
    sets = tf1gan.read_data_sets(folder, one_hot=True)
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


def test_keras_npz_in_the_folder_is_read(tmp_path):
    arrays = [array.astype(np.uint8) for array in small_arrays()]
    np.savez(str(tmp_path / "mnist.npz"), **dict(zip(formats.NPZ_KEYS, arrays)))
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
    (lambda content: content[:4] + b"\xff" * 4 + content[8:], "is the most"),
    (lambda content: idx(np.zeros((599, 28, 28))), "do not belong together"),
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
    folder = os.environ.get("TF1GAN_TEST_DATA", "mnist_data")
    return [formats.read_idx(os.path.join(folder, file.name + ".gz"), file)
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
    assert "Passing over Keras's cache" in capfd.readouterr().err


def test_sources_are_tried_in_order_and_a_failing_one_is_passed_over(
        tmp_path, mnist, monkeypatch, capfd):
    def unreachable():
        raise urllib.error.URLError("no such host")

    def wrong():
        return [contents[2]] * 4
    contents = mnist_contents(mnist)
    monkeypatch.setattr(mnist_files, "_from_keras", unreachable)
    monkeypatch.setattr(mnist_files, "_from_torchvision", wrong)
    monkeypatch.setattr(mnist_files, "_from_wheel", lambda: contents)
    assert tf1gan.read_data_sets(str(tmp_path)).name == "MNIST"
    said = capfd.readouterr().err
    assert "tf-keras-datasets/mnist.npz: no such host" in said and "not MNIST's" in said


def test_an_interrupted_fetch_is_completed(tmp_path, mnist, monkeypatch):
    contents = mnist_contents(mnist)
    monkeypatch.setattr(mnist_files, "_from_wheel", lambda: contents)
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


@pytest.mark.parametrize("size", [-1, 600, 5000])
def test_a_validation_size_that_leaves_nothing_is_refused(small_data, size):
    with pytest.raises(tf1gan.UserError, match="validation_size"):
        tf1gan.read_data_sets(small_data, validation_size=size)
