import os
import subprocess
import sys

import pytest
from helpers import MNIST_FOLDER, ROOT, small_arrays, write_idx

from tf1gan.data import load


@pytest.fixture(scope="session")
def mnist():
    """MNIST's training images in file order, uint8 [60000, 28, 28]; fetched where missing."""
    images = load(MNIST_FOLDER)
    assert images.name == "MNIST"
    return images.train_images


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
