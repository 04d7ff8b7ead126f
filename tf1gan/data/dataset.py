"""MNIST as the tutorials read it: divided, and served in batches.

`read_data_sets` stands in for `tensorflow.examples.tutorials.mnist.input_data`, which
left TensorFlow with version 2. The files are those of http://yann.lecun.com/exdb/mnist.
"""

from typing import Any, NamedTuple, Optional

import numpy as np

from tf1gan import arguments, randomness
from tf1gan.data.mnist import load
from tf1gan.errors import UserError
from tf1gan.images import CLASSES, EPOCHS, FILE, PIXELS, SIDE, STREAM

FAKE_EXAMPLES = 10000       # how many images the loader said that its fake data has


class DtypeError(UserError, TypeError):
    """Pixels asked for in a type that the loader has not."""


class DataSets(NamedTuple):
    """The three parts of a data set, each a DataSet."""
    train: "DataSet"
    validation: "DataSet"
    test: "DataSet"

    @property
    def name(self):
        """What the images are: "MNIST", or the fingerprint of others."""
        return self.train.name


def read_data_sets(train_dir: Optional[str] = None, fake_data: bool = False,
                   one_hot: bool = False, dtype: Any = np.float32, reshape: bool = True,
                   validation_size: int = 5000, seed: Optional[int] = None,
                   source_url: Optional[str] = None, data_dir: Optional[str] = None) -> DataSets:
    """Finds or fetches the images and divides them as the tutorials' `input_data` did.

    Its arguments are those of TensorFlow 1.15's
    `tensorflow.examples.tutorials.mnist.input_data.read_data_sets`, in their order.

    Looks in `train_dir` (four IDX files, gzipped or not, or mnist.npz), then in Keras's
    cache, then downloads. What was not in `train_dir` is verified to be MNIST and kept
    there as the four .gz files.

    Args:
      train_dir: a folder, made where it does not exist; None is mnist_data.
      fake_data: read nothing, and give data sets without images, for
        `next_batch(n, fake_data=True)`.
      one_hot: labels as float64 rows of 10 instead of uint8 digits.
      dtype: of the pixels: float32 scales them to [0, 1], uint8 leaves them at 0 to 255.
        NumPy's or TensorFlow's, or its name.
      reshape: images as rows of 784; False is [28, 28, 1].
      validation_size: how many of the first training images become `.validation`.
      seed: of the batches' order; None is a fresh one each time.
      source_url: the address, up to the files' names, from which what `train_dir` lacks is
        fetched instead, whatever it is (Fashion-MNIST, say). None or one of MNIST's own
        looks where it says above.
      data_dir: another name for `train_dir`.

    Returns:
      DataSets, a tuple of three; MNIST gives 55,000 training, 5,000 validation and 10,000
      test images.

    Raises:
      UserError: a damaged or missing file, or an argument out of range.
    """
    if train_dir is not None and data_dir is not None:
        raise UserError("train_dir and data_dir are two names for the same folder: give only one "
                        "of them")
    fake_data, one_hot, reshape = (arguments.switch(name, value) for name, value in (
        ("fake_data", fake_data), ("one_hot", one_hot), ("reshape", reshape)))
    seed = randomness.fresh_seed() if seed is None else randomness.check_seed(seed)
    options = {"one_hot": one_hot, "dtype": _dtype(dtype), "reshape": reshape, "seed": seed}
    if fake_data:
        return DataSets(*(DataSet([], [], fake_data=True, **options) for _ in range(3)))
    folder = next((name for name in (train_dir, data_dir) if name is not None), "mnist_data")
    folder = arguments.path("train_dir", folder, of="folder")
    if source_url is not None and not isinstance(source_url, str):
        raise UserError(f"source_url must be an address, not {source_url!r}")
    images = load(folder, source_url)
    count = len(images.train_images)
    validation_size = arguments.integer("validation_size", validation_size)
    if not 0 <= validation_size <= count:
        raise UserError(f"validation_size must be from 0 to {count}, the training images in "
                        f"{folder}, not {validation_size}")
    return split(images, validation_size=validation_size, **options)


def split(images, one_hot, validation_size, seed, dtype=np.float32, reshape=True):
    """Images as DataSets, the first `validation_size` of the training images held back."""
    def part(pixels, labels):
        return DataSet(pixels[..., np.newaxis], np.eye(CLASSES)[labels] if one_hot else labels,
                       one_hot=one_hot, dtype=dtype, reshape=reshape, seed=seed,
                       name=images.name)
    cut = validation_size
    return DataSets(part(images.train_images[cut:], images.train_labels[cut:]),
                    part(images.train_images[:cut], images.train_labels[:cut]),
                    part(images.test_images, images.test_labels))


class DataSet:
    """Images with labels, and an endless stream of batches over them.

    The loader's own, but for three things: `images` and `labels` stay in file order whatever
    batches are taken, the random orders are tf1gan's: functions of the seed, and a pixel is
    divided by 255, not multiplied by 1 / 255, which may differ in the last bit.
    """

    def __init__(self, images, labels, fake_data=False, one_hot=False, dtype=np.float32,
                 reshape=True, seed=None, name=None):
        """Args:
          images: [n, 28, 28, 1] or [n, 28, 28], from 0 to 255.
          labels: [n] or [n, 10].
          fake_data: have no images, and say that there are 10,000.
          one_hot: the labels of fake batches are rows of 10; `labels` stay as they are.
          dtype, reshape, seed: as for `read_data_sets`.
          name: what the images are.
        """
        self.name = name
        self._fake_data, self._one_hot = fake_data, one_hot
        self._dtype = _dtype(dtype)
        self._seed = randomness.fresh_seed() if seed is None else randomness.check_seed(seed)
        self._position = 0
        self._epoch = None          # whose order `next_batch` is in; None is file order
        self._orders = {}           # of this epoch and the one before
        self._images = None         # made when first asked for
        self._pixels, self._labels = images, labels
        if fake_data:
            return
        if len(images) != len(labels):
            raise UserError(f"there are {len(images)} images but {len(labels)} labels: give one "
                            "label for each image")
        if reshape:
            self._pixels = images.reshape(len(images), PIXELS)

    @property
    def num_examples(self):
        return FAKE_EXAMPLES if self._fake_data else len(self._pixels)

    @property
    def images(self):
        """float32 [n, 784] in [0, 1], in file order, or as `dtype` and `reshape` have it."""
        if self._images is None:
            self._images = self._pixels if self._fake_data else self._converted(self._pixels)
        return self._images

    @property
    def labels(self):
        """uint8 [n], or float64 [n, 10] with one_hot, in file order."""
        return self._labels

    @property
    def epochs_completed(self):
        """How often `next_batch` has gone beyond the last image."""
        return max(self._position - 1, 0) // self.num_examples if self.num_examples else 0

    def next_batch(self, batch_size, fake_data=False, shuffle=True):
        """The next images of the stream and their labels.

        The stream runs through all images in a random order, then through all in another,
        without end; a batch may begin in one order and end in the next, and be larger than
        the data set.

        Args:
          batch_size: how many, from 0.
          fake_data: lists of ones and of the label 0 instead, as the loader gave them; the
            stream stays where it is.
          shuffle: False goes on in the order that there is, which is the file's at the
            beginning, and through it again at its end.

        Returns:
          (images [batch_size, 784], labels [batch_size] or [batch_size, 10]), each as `images`
          and `labels` are.

        Raises:
          UserError: a size that is none, or no images; the next call is not affected.
        """
        batch_size = arguments.integer("batch_size", batch_size, low=0)
        shuffle = arguments.switch("shuffle", shuffle)
        if arguments.switch("fake_data", fake_data):
            return ([[1] * PIXELS for _ in range(batch_size)],
                    [[1] + [0] * (CLASSES - 1) if self._one_hot else 0
                     for _ in range(batch_size)])
        self._check_images()
        # A MemoryError before it fills the memory, if there is none for so many.
        np.empty((batch_size,) + self._pixels.shape[1:], self._dtype)
        position, epoch, chosen = self._position, self._epoch, []
        if position == 0 and shuffle:
            epoch = 0
        end = position + batch_size
        while position < end:
            begun, offset = divmod(position, self.num_examples)
            if offset == 0 and position > 0 and shuffle:
                epoch = begun
            order = np.arange(self.num_examples) if epoch is None else self._order(epoch)
            chosen.append(order[offset:offset + end - position])
            position += len(chosen[-1])
        batch = self.rows(np.concatenate(chosen) if chosen else np.zeros(0, np.int64))
        self._position, self._epoch = position, epoch
        return batch

    def describe(self):
        """The shapes and the first labels, as document 003 looks at them."""
        shapes = ((self.num_examples, SIDE, SIDE), self._labels.shape)
        return f"{shapes}\n{self._labels[:20]!r}"

    def stream(self, start, count):
        """Which images stand at positions `start` to `start + count` of the endless stream.

        A function of the seed and its arguments, so that a continued run finds its place.
        """
        self._check_images()
        chosen = []
        while count > 0:
            epoch, offset = divmod(start, self.num_examples)
            chosen.append(self._order(epoch)[offset:offset + count])
            start += len(chosen[-1])
            count -= len(chosen[-1])
        return np.concatenate(chosen) if chosen else np.zeros(0, np.int64)

    def batches(self, batch_size, order=STREAM):
        """How many batches of that size are an epoch."""
        whole, rest = divmod(self.num_examples, batch_size)
        return whole + bool(rest) if order == EPOCHS else whole

    def batch_rows(self, step, batch_size, order=STREAM):
        """Which images make the batch of a step, as the documents take them.

        Args:
          step: from 0, through all epochs.
          batch_size: how many.
          order: "stream" is `next_batch`'s; "file" goes through the file in its order and
            begins again, leaving out what does not fill a batch; "epochs" goes through all
            images in a new random order each epoch, its last batch a smaller one.
        """
        if order == STREAM:
            return self.stream(step * batch_size, batch_size)
        epoch, batch = divmod(step, self.batches(batch_size, order))
        start = batch * batch_size
        if order == FILE:
            return np.arange(start, start + batch_size)
        return self._order(epoch)[start:start + batch_size]

    def rows(self, rows):
        """The images and labels at these places in the file, each as `images` and `labels` are."""
        return self._converted(self._pixels[rows]), self._labels[rows]

    def _converted(self, pixels):
        return unit(pixels) if self._dtype == np.float32 else pixels

    def _check_images(self):
        if self._fake_data:
            raise UserError("there are no images: take batches with fake_data=True")
        if not self.num_examples:
            raise UserError("there are no images to take a batch from: give the data set some")

    def _order(self, epoch):
        if epoch not in self._orders:
            rng = randomness.numbers(self._seed, randomness.DATA_ORDER, epoch)
            kept = {e: order for e, order in self._orders.items() if e == epoch - 1}
            self._orders = {epoch: rng.permutation(self.num_examples), **kept}
        return self._orders[epoch]


def unit(pixels):
    """uint8 pixels as float32 in [0, 1]."""
    return np.divide(pixels, 255, dtype=np.float32)


def _dtype(given):
    """float32 or uint8, of what NumPy, TensorFlow or Python call them, as a NumPy dtype."""
    try:
        name = np.dtype(np.float32 if given is float
                        else getattr(given, "as_numpy_dtype", given)).name
    except TypeError:
        name = None
    if name not in ("float32", "uint8"):
        raise DtypeError(f"dtype must be float32 or uint8, not {given!r}")
    return np.dtype(name)
