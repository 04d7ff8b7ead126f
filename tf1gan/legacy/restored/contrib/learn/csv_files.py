"""Tables of numbers in CSV files, as features and a target."""

import csv

import numpy as np
from tensorflow.python.platform import gfile

from tf1gan.legacy.api.input_data import Dataset
from tf1gan.legacy.refusal import refuse


def load_csv_with_header(filename, target_dtype, features_dtype, target_column=-1):
    """A Dataset of a file whose first line begins with the numbers of rows and of features."""
    with gfile.Open(filename) as file:
        rows = csv.reader(file)
        number, width = map(int, next(rows)[:2])
        data = np.zeros((number, width), dtype=features_dtype)
        target = np.zeros((number,), dtype=target_dtype)
        for place, row in enumerate(rows):
            target[place] = np.asarray(row.pop(target_column), dtype=target_dtype)
            data[place] = np.asarray(row, dtype=features_dtype)
    return Dataset(data=data, target=target)


def load_csv_without_header(filename, target_dtype, features_dtype, target_column=-1):
    """The same of a file that has nothing but rows."""
    data, target = [], []
    with gfile.Open(filename) as file:
        for row in csv.reader(file):
            target.append(row.pop(target_column))
            data.append(np.asarray(row, dtype=features_dtype))
    return Dataset(data=np.array(data), target=np.array(target, dtype=target_dtype))


def shrink_csv(filename, ratio):
    """Writes every so many lines of NAME.csv into NAME_small.csv."""
    with gfile.Open(filename) as file, gfile.Open(filename.replace(".", "_small."), "w") as small:
        writer = csv.writer(small)
        for number, row in enumerate(csv.reader(file)):
            if number % ratio == 0:
                writer.writerow(row)


def load_iris(data_path=None):
    """150 flowers, of a file as TensorFlow 1 had it."""
    return _of_a_file("load_iris", data_path, int)


def load_boston(data_path=None):
    """506 houses, of a file as TensorFlow 1 had it."""
    return _of_a_file("load_boston", data_path, float)


def _of_a_file(name, path, target_dtype):
    if path is None:
        refuse(f"tf.contrib.learn.datasets.{name}() is not restored without a file: TensorFlow 1 "
               f"brought one along; {name}(PATH) reads it")
    return load_csv_with_header(path, target_dtype=target_dtype, features_dtype=float)
