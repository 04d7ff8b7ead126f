"""tf1gan: five TensorFlow 1 GAN tutorials on MNIST, brought back to life.

    with tf.Graph().as_default():
        graph = tf1gan.build("gan", batch_size=64, seed=7)
"""

from tf1gan.data import read_data_sets
from tf1gan.errors import UserError
from tf1gan.graph import GANGraph, build
from tf1gan.models import MODELS, Model
from tf1gan.sampling import Sampler

__version__ = "0.1.0"
__all__ = ["GANGraph", "MODELS", "Model", "Sampler", "UserError", "build", "read_data_sets"]
