"""MNIST as the tutorials read it: divided, and served in batches.

`read_data_sets` stands in for `tensorflow.examples.tutorials.mnist.input_data`, which
left TensorFlow with version 2. The files are those of http://yann.lecun.com/exdb/mnist.
"""

from typing import NamedTuple

import numpy as np

from tf1gan import randomness
from tf1gan.errors import UserError
from tf1gan.formats import CLASSES, PIXELS
from tf1gan.mnist import load


class DataSets(NamedTuple):
    """The three parts of a data set, each a DataSet, and what it is."""
    train: "DataSet"
    validation: "DataSet"
    test: "DataSet"
    name: str       # "MNIST", or the fingerprint of other images


def read_data_sets(data_dir="mnist_data", one_hot=False, validation_size=5000, seed=None):
    """Finds or fetches the images and divides them as the tutorials' `input_data` did.

    Looks in `data_dir` (four IDX files, gzipped or not, or mnist.npz), then in Keras's
    cache, then downloads. What was not in `data_dir` is verified to be MNIST and kept
    there as the four .gz files.

    Args:
      data_dir: a folder, made where it does not exist.
      one_hot: labels as float64 rows of 10 instead of uint8 digits.
      validation_size: how many of the first training images become `.validation`.
      seed: of the batches' order; None is a fresh one each time.

    Returns:
      DataSets; MNIST gives 55,000 training, 5,000 validation and 10,000 test images.

    Raises:
      UserError: a damaged or missing file, or a validation_size that leaves nothing.
    """
    images = load(data_dir)
    if not 0 <= validation_size < len(images.train_images):
        raise UserError("validation_size must be from 0 to %d, one less than the training "
                        "images in %s, not %r"
                        % (len(images.train_images) - 1, data_dir, validation_size))
    seed = randomness.fresh_seed() if seed is None else randomness.check_seed(seed)
    return split(images, one_hot, validation_size, seed)


def split(images, one_hot, validation_size, seed):
    """Images as DataSets, the first `validation_size` of the training images held back."""
    cut = validation_size
    return DataSets(
        DataSet(images.train_images[cut:], images.train_labels[cut:], one_hot, seed),
        DataSet(images.train_images[:cut], images.train_labels[:cut], one_hot, seed),
        DataSet(images.test_images, images.test_labels, one_hot, seed), images.name)


class DataSet:
    """Images with labels, and an endless stream of batches over them.

    The pixels are kept as bytes; `images` and batches are float32 in [0, 1].
    """

    def __init__(self, pixels, labels, one_hot=False, seed=0):
        """pixels: uint8 [n, 28, 28]; labels: uint8 [n]; seed: of the batches' order."""
        self._pixels = pixels.reshape(-1, PIXELS)
        self._labels = np.eye(CLASSES)[labels] if one_hot else labels
        self._seed = seed
        self._position = 0
        self._orders = {}           # of this epoch and the one before
        self._images = None         # made when first asked for

    @property
    def num_examples(self):
        return len(self._pixels)

    @property
    def images(self):
        """float32 [n, 784] in [0, 1], in file order."""
        if self._images is None:
            self._images = unit(self._pixels)
        return self._images

    @property
    def labels(self):
        """uint8 [n], or float64 [n, 10] with one_hot, in file order."""
        return self._labels

    @property
    def epochs_completed(self):
        """How often `next_batch` has gone through all images."""
        return self._position // self.num_examples if self.num_examples else 0

    def next_batch(self, batch_size):
        """The next images of the stream and their labels.

        The stream runs through all images in a random order, then through all in another,
        without end; a batch may begin in one order and end in the next.

        Returns:
          (float32 [batch_size, 784] in [0, 1], labels [batch_size] or [batch_size, 10])
        """
        rows = self.stream(self._position, batch_size)
        self._position += batch_size
        return self.rows(rows)

    def describe(self):
        """The shapes and the first labels, as document 003 looks at them."""
        shapes = ((self.num_examples, 28, 28), self._labels.shape)
        return "%s\n%r" % (shapes, self._labels[:20])

    def stream(self, start, count):
        """Which images stand at positions `start` to `start + count` of the endless stream.

        A function of the seed and its arguments, so that a continued run finds its place.
        """
        if not self.num_examples:
            raise UserError("there are no images to take a batch from")
        chosen = []
        while count > 0:
            epoch, offset = divmod(start, self.num_examples)
            chosen.append(self._order(epoch)[offset:offset + count])
            start += len(chosen[-1])
            count -= len(chosen[-1])
        return np.concatenate(chosen) if chosen else np.zeros(0, np.int64)

    def batches(self, batch_size, order="stream"):
        """How many batches of that size are an epoch."""
        whole, rest = divmod(self.num_examples, batch_size)
        return whole + bool(rest) if order == "epochs" else whole

    def batch_rows(self, step, batch_size, order="stream"):
        """Which images make the batch of a step, as the documents take them.

        Args:
          step: from 0, through all epochs.
          batch_size: how many.
          order: "stream" is `next_batch`'s; "file" goes through the file in its order and
            begins again, leaving out what does not fill a batch; "epochs" goes through all
            images in a new random order each epoch, its last batch a smaller one.
        """
        if order == "stream":
            return self.stream(step * batch_size, batch_size)
        epoch, batch = divmod(step, self.batches(batch_size, order))
        start = batch * batch_size
        if order == "file":
            return np.arange(start, start + batch_size)
        return self._order(epoch)[start:start + batch_size]

    def rows(self, rows):
        """The images (float32 [n, 784] in [0, 1]) and labels at these places in the file."""
        return unit(self._pixels[rows]), self._labels[rows]

    def _order(self, epoch):
        if epoch not in self._orders:
            rng = randomness.numbers(self._seed, randomness.DATA_ORDER, epoch)
            kept = {e: order for e, order in self._orders.items() if e == epoch - 1}
            self._orders = {epoch: rng.permutation(self.num_examples), **kept}
        return self._orders[epoch]


def unit(pixels):
    """uint8 pixels as float32 in [0, 1]."""
    return np.divide(pixels, 255, dtype=np.float32)
