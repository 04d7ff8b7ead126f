"""MNIST, or other images in its formats: found, fetched, verified and served in batches."""

from tf1gan.data.dataset import DataSet, DataSets, read_data_sets, split, unit
from tf1gan.data.formats import CLASSES, PIXELS
from tf1gan.data.mnist import Images, load

__all__ = ["CLASSES", "DataSet", "DataSets", "Images", "PIXELS", "load", "read_data_sets",
           "split", "unit"]
