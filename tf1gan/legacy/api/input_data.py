"""`tensorflow.examples.tutorials.mnist.input_data` and `tf.contrib.learn.datasets`.

Both left TensorFlow with 2.0. Batches are the loader's own, to the bit: it reseeded NumPy's
generator with the graph's seed whenever a DataSet was made, and shuffled with it.
"""

import collections
import gzip
import os

import numpy as np

from tf1gan import data
from tf1gan.data import formats
from tf1gan.errors import UserError
from tf1gan.images import CLASSES, PIXELS
from tf1gan.legacy.names import Restored

SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"

Datasets = collections.namedtuple("Datasets", ["train", "validation", "test"])
Dataset = collections.namedtuple("Dataset", ["data", "target"])


class Loader:
    """The loader's functions, over the images of one folder."""

    def __init__(self, mnist, get_seed, float32, uint8):
        """Args:
          mnist: a folder, which is used whatever folder the script names; or None.
          get_seed: TensorFlow 1's `get_seed`.
          float32, uint8: TensorFlow's.
        """
        self._mnist = mnist
        loader = self

        class DataSet(_DataSet):
            def __init__(self, images, labels, fake_data=False, one_hot=False, dtype=float32,
                         reshape=True, seed=None):
                loader._reseed(seed, get_seed)
                super().__init__(images, labels, fake_data, one_hot,
                                 _dtype(dtype, float32, uint8), reshape)

        self.DataSet = DataSet

    @staticmethod
    def _reseed(seed, get_seed):
        of_graph, of_operation = get_seed(seed)
        np.random.seed(of_graph if seed is None else of_operation)

    def folder(self, named):
        """Where the images are: --mnist, the folder that the script names, or tf1gan's."""
        if self._mnist:
            return self._mnist
        return named if named and has_images(named) else "mnist_data"

    def _load(self, named):
        try:
            return data.load(self.folder(named))
        except UserError as error:      # of a flag that the other commands have
            raise UserError(str(error).replace("--data-dir", "--mnist")) from error

    def read_data_sets(self, train_dir, fake_data=False, one_hot=False, dtype=np.float32,
                       reshape=True, validation_size=5000, seed=None, source_url=SOURCE_URL):
        """The three data sets, made in the loader's order: each reseeds the generator."""
        if fake_data:
            return Datasets(*[self.DataSet([], [], fake_data=True, one_hot=one_hot, dtype=dtype,
                                           seed=seed) for _ in range(3)])
        images = self._load(train_dir)
        count = len(images.train_images)
        if not 0 <= validation_size <= count:
            raise ValueError(f"Validation size should be between 0 and {count}. "
                             f"Received: {validation_size}.")

        def part(pixels, labels):
            return self.DataSet(pixels[..., np.newaxis],
                                dense_to_one_hot(labels, CLASSES) if one_hot else labels,
                                dtype=dtype, reshape=reshape, seed=seed)
        return Datasets(
            part(images.train_images[validation_size:], images.train_labels[validation_size:]),
            part(images.train_images[:validation_size], images.train_labels[:validation_size]),
            part(images.test_images, images.test_labels))

    def load_mnist(self, train_dir="MNIST-data"):
        return self.read_data_sets(train_dir)

    def load_dataset(self, name, size="small", test_with_fake_data=False):
        if name != "mnist":
            raise UserError(f"contrib.learn's data set {name!r} is not restored: mnist is")
        return self.load_mnist()

    def keras_load_data(self, path="mnist.npz"):
        """`keras.datasets.mnist.load_data`: the same images, in file order."""
        images = self._load(None)
        return ((images.train_images, images.train_labels),
                (images.test_images, images.test_labels))


class _DataSet:
    """Images that are shuffled in place, by NumPy's global generator."""

    def __init__(self, images, labels, fake_data, one_hot, dtype, reshape):
        if fake_data:
            self._num_examples, self.one_hot = 10000, one_hot
        else:
            assert images.shape[0] == labels.shape[0], (
                f"images.shape: {images.shape} labels.shape: {labels.shape}")
            self._num_examples = images.shape[0]
            if reshape:
                assert images.shape[3] == 1
                images = images.reshape(len(images), images.shape[1] * images.shape[2])
            if dtype == np.float32:
                images = np.multiply(images.astype(np.float32), np.float32(1.0 / 255.0))
        self._images, self._labels = images, labels
        self._epochs_completed = self._index_in_epoch = 0

    @property
    def images(self):
        return self._images

    @property
    def labels(self):
        return self._labels

    @property
    def num_examples(self):
        return self._num_examples

    @property
    def epochs_completed(self):
        return self._epochs_completed

    def next_batch(self, batch_size, fake_data=False, shuffle=True):
        """The next images and labels; past the last one, the first of a new order follow."""
        if fake_data:
            return ([[1] * PIXELS for _ in range(batch_size)],
                    [[1] + [0] * 9 if self.one_hot else 0 for _ in range(batch_size)])
        start = self._index_in_epoch
        if self._epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size <= self._num_examples:
            self._index_in_epoch = end = start + batch_size
            return self._images[start:end], self._labels[start:end]
        self._epochs_completed += 1
        last = self._images[start:], self._labels[start:]
        if shuffle:
            self._shuffle()
        # An epoch at most: what a larger batch lacks, the loader left out.
        self._index_in_epoch = end = batch_size - (self._num_examples - start)
        return (np.concatenate((last[0], self._images[:end]), axis=0),
                np.concatenate((last[1], self._labels[:end]), axis=0))

    def _shuffle(self):
        order = np.arange(self._num_examples)
        np.random.shuffle(order)
        self._images, self._labels = self._images[order], self._labels[order]


def has_images(folder):
    """Whether a folder has all that tf1gan.data needs to read it."""
    def has(file):
        return any(os.path.isfile(os.path.join(folder, name) + ending)
                   for name in (file.name, file.name.replace("-idx", ".idx"))
                   for ending in ("", ".gz"))
    return all(map(has, formats.FILES)) or os.path.isfile(os.path.join(folder, "mnist.npz"))


def _dtype(given, float32, uint8):
    """float32 or uint8 of NumPy, of what the script calls them."""
    name = np.dtype(getattr(given, "as_numpy_dtype", given)).name
    if name not in ("float32", "uint8"):
        raise TypeError(f"Invalid image dtype {given!r}, expected uint8 or float32")
    return np.dtype(name)


def dense_to_one_hot(labels_dense, num_classes):
    """float64 rows of 0 with a 1 at each label."""
    rows = np.zeros((len(labels_dense), num_classes))
    rows.flat[np.arange(len(labels_dense)) * num_classes + labels_dense.ravel()] = 1
    return rows


def extract_images(f):
    """uint8 [n, 28, 28, 1] of an open, gzipped IDX file."""
    return _extract(f, 2051, 3)[..., np.newaxis]


def extract_labels(f, one_hot=False, num_classes=10):
    """uint8 [n] of an open, gzipped IDX file, or float64 [n, num_classes]."""
    labels = _extract(f, 2049, 1)
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


def _extract(f, magic, dimensions):
    print("Extracting", f.name)
    with gzip.GzipFile(fileobj=f) as stream:
        found, *shape = np.frombuffer(stream.read(4 + 4 * dimensions), ">u4")
        if found != magic:
            raise ValueError(f"Invalid magic number {found} in MNIST "
                             f"{'image' if dimensions == 3 else 'label'} file: {f.name}")
        return np.frombuffer(stream.read(int(np.prod(shape))), np.uint8).reshape(shape)


def maybe_download(filename, work_directory, source_url):
    """The file's path where it is there already. tf1gan fetches MNIST as a whole instead."""
    path = os.path.join(work_directory, filename)
    if not os.path.exists(path):
        data.load(work_directory)
    return path


def modules(loader):
    """The modules that the loader was imported from, by name."""
    base = Restored("base", restored=dict(Datasets=Datasets, Dataset=Dataset,
                                          maybe_download=maybe_download))
    mnist = Restored("mnist", restored=dict(
        read_data_sets=loader.read_data_sets, load_mnist=loader.load_mnist,
        DataSet=loader.DataSet, dense_to_one_hot=dense_to_one_hot,
        extract_images=extract_images, extract_labels=extract_labels,
        DEFAULT_SOURCE_URL=SOURCE_URL, base=base))
    input_data = Restored("input_data", restored=dict(read_data_sets=loader.read_data_sets))
    examples = _nested("examples", {"tutorials": {"mnist": {"input_data": input_data}}})
    datasets = Restored("datasets", restored=dict(mnist=mnist, base=base,
                                                  load_dataset=loader.load_dataset))
    return examples, datasets


def _nested(name, tree):
    if not isinstance(tree, dict):
        return tree
    return Restored(name, restored={key: _nested(key, value) for key, value in tree.items()})


