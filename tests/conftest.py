import gzip
import os
import struct
import subprocess
import sys

import numpy as np
import pytest

from tf1gan.data import formats, load

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MNIST_FOLDER = os.environ.get("TF1GAN_TEST_DATA", os.path.join(ROOT, "mnist_data"))


@pytest.fixture(scope="session")
def mnist():
    """MNIST's training images in file order, uint8 [60000, 28, 28]; fetched where missing."""
    images = load(MNIST_FOLDER)
    assert images.name == "MNIST"
    return images.train_images


def idx(array):
    """A uint8 array as the bytes of an IDX file."""
    header = struct.pack(">" + "I" * (1 + array.ndim), 0x0800 + array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


def small_arrays(count=600):
    """`count` + 60 images of bars whose place depends on the label: a digit for our purposes."""
    rs = np.random.RandomState(0)
    labels = np.arange(count + 60) % 10
    images = rs.randint(0, 60, (count + 60, 28, 28))
    for image, label in zip(images, labels):
        image[4:24, 3 + 2 * label:6 + 2 * label] = 255
    return images[:count], labels[:count], images[count:], labels[count:]


def write_idx(folder, arrays=None, zipped=True):
    """Writes four IDX files into a folder."""
    for file, array in zip(formats.FILES, arrays or small_arrays()):
        path = os.path.join(str(folder), file.name + (".gz" if zipped else ""))
        with (gzip.open if zipped else open)(path, "wb") as out:
            out.write(idx(array))


@pytest.fixture(scope="session")
def small_data(tmp_path_factory):
    """A folder of 600 training and 60 test images that are not MNIST."""
    folder = tmp_path_factory.mktemp("small_data")
    write_idx(folder)
    return str(folder)


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory):
    """The same with 132 training images, of which 11 are held back."""
    folder = tmp_path_factory.mktemp("tiny_data")
    write_idx(folder, small_arrays(132))
    return str(folder)


@pytest.fixture
def script(tmp_path):
    """Runs one of the scripts in a folder of its own, as a user would."""
    def run(name, *arguments, **options):
        command = [options.pop("python", sys.executable), os.path.join(ROOT, "scripts", name)]
        options.setdefault("cwd", str(tmp_path))
        options.setdefault("env", {key: value for key, value in os.environ.items()
                                   if not key.startswith("TF_")})
        return subprocess.run(command + [str(argument) for argument in arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True, timeout=300, **options)
    return run


@pytest.fixture
def other_python():
    """A Python with the other TensorFlow, where TF1GAN_OTHER_PYTHON names one."""
    path = os.environ.get("TF1GAN_OTHER_PYTHON")
    if not path:
        pytest.skip("TF1GAN_OTHER_PYTHON names no Python with the other TensorFlow")
    return path
