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


def test_a_pickle_that_grows_is_whole_at_every_moment(tmp_path, monkeypatch):
    path, rs = str(tmp_path / "samples.pkl"), np.random.RandomState(0)
    items = [rs.rand(3, 4).astype(np.float32) if number % 3 else [number, 0.5]
             for number in range(5000)]
    write, seen = pickles._write_at, []

    def looking(*arguments):
        write(*arguments)
        seen.append(len(pickles.load(path)))
    monkeypatch.setattr(pickles, "_write_at", looking)
    file = pickles.Growing(path)
    for count in (0, 1, 2, 2, 1500, 5000):
        file.save(items[:count])
        with open(path, "rb") as opened:
            for read in (pickles.load(path), pickle.load(opened)):      # as the documents read it
                assert len(read) == count
                assert all(np.array_equal(*pair) for pair in zip(read, items))
    assert seen == [0, 1, 1, 2, 2, 1500, 1500, 5000]    # the first byte is written last


def test_a_pickle_that_cannot_grow_is_as_it_was(tmp_path, monkeypatch):
    path = str(tmp_path / "losses.pkl")
    file = pickles.Growing(path)
    file.save([[1.0, 2.0]])

    def full(opened, place, content):
        opened.seek(place)
        opened.write(content[:3])
        raise OSError(28, "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr(pickles, "_write_at", full)
        with pytest.raises(tf1gan.UserError, match="losses.pkl: No space left"):
            file.save([[1.0, 2.0], [3.0, 4.0]])
    assert pickles.load(path) == [[1.0, 2.0]]
    file.save([[1.0, 2.0], [3.0, 4.0]])
    assert pickles.load(path) == [[1.0, 2.0], [3.0, 4.0]]
    pickles.save(path, ["of another"])                  # changed by somebody else
    file.save([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert pickles.load(path) == [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
