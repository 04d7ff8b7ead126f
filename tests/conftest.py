import os

import pytest

from tf1gan import data


@pytest.fixture(scope="session")
def mnist():
    """MNIST's training images in file order, uint8 [60000, 28, 28]."""
    folder = os.environ.get("TF1GAN_TEST_DATA", "mnist_data")
    images = data.load(folder)
    assert images.name == "MNIST"
    return images.train_images
