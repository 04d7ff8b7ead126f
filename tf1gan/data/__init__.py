"""MNIST, or other images in its formats: found, fetched, verified and served in batches."""

from tf1gan.data.dataset import DataSet, DataSets, read_data_sets, split, unit
from tf1gan.data.mnist import Images, is_there, load

__all__ = ["DataSet", "DataSets", "Images", "is_there", "load", "read_data_sets", "split", "unit"]
