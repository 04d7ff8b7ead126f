import os
import pickle

import numpy as np
import pytest

import tf1gan
from tf1gan import files, pickles


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    path = str(tmp_path / "file")
    with pytest.raises(RuntimeError):
        with files.atomic(path) as file:
            file.write(b"half")
            raise RuntimeError
    assert os.listdir(str(tmp_path)) == []
    with files.atomic(path) as file:
        file.write(b"whole")
    with open(path, "rb") as file:
        assert file.read() == b"whole"
    assert os.listdir(str(tmp_path)) == ["file"]


@pytest.mark.parametrize("protocol", range(5))
def test_the_documents_pickles_are_read(tmp_path, protocol):
    path = str(tmp_path / "losses.pkl")
    value = [[np.float32(1.5), np.float32(2.5)], [np.zeros((2, 3), np.float32), "x", None]]
    with open(path, "wb") as file:
        pickle.dump(value, file, protocol=protocol)
    read = pickles.load(path)
    assert read[0] == [1.5, 2.5] and np.array_equal(read[1][0], np.zeros((2, 3)))


def test_a_torn_pickle_is_refused(tmp_path):
    path = str(tmp_path / "losses.pkl")
    pickles.save(path, [[1.0, 2.0]] * 100)
    with open(path, "r+b") as file:
        file.truncate(50)
    with pytest.raises(tf1gan.UserError, match="losses.pkl"):
        pickles.load(path)
