"""What other people's scripts are run with: data as archives held them, and the comparison."""

import os
import pickle
import subprocess
import wave

import count_refused
import make_data
import numpy as np
from compare_scripts import difference
from helpers import ROOT
from recorded_scripts import cases, kept


def test_pickles_are_as_python_2_wrote_them(tmp_path):
    path = str(tmp_path / "py" / "data_batch_1")
    rows = np.arange(6, dtype=np.uint8).reshape(2, 3)
    make_data.python2_pickle(path, dict(data=rows, labels=[3, 200], names=["a.png"]))
    with open(path, "rb") as file:
        as_bytes = pickle.load(file, encoding="bytes")
    with open(path, "rb") as file:
        as_text = pickle.load(file, encoding="latin1")
    assert as_bytes[b"labels"] == as_text["labels"] == [3, 200]
    assert as_bytes[b"names"] == [b"a.png"] and as_text["names"] == ["a.png"]
    for read in (as_bytes[b"data"], as_text["data"]):
        assert read.dtype == np.uint8 and (read == rows).all()


def test_a_kind_of_data_is_the_same_each_time(tmp_path):
    for folder in ("a", "b"):
        make_data.main(str(tmp_path / folder), ["text", "sound", "unpaired"])
    names = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert len(names) == 2 + 8 + 32
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    with wave.open(str(tmp_path / "a" / "sound" / "0.wav")) as file:
        assert file.getparams()[:4] == (1, 2, 16000, 16384)


def test_a_line_of_a_list_is_a_case(tmp_path):
    (tmp_path / "list").write_text("# a comment\nowner/name | a b | 'm n.py' --x 1 | --steps 3\n"
                                   "owner/name | . | two.py | --python2 --tensorflow 0.12\n")
    one, two = cases(str(tmp_path / "list"))
    assert one.command == ["m n.py", "--x", "1"] and one.folder == "a b" and one.flags.steps == 3
    assert two.flags.python2 and two.flags.tensorflow == "0.12" and two.flags.steps is None
    assert one.name() != two.name()


def test_a_difference_is_relative_to_the_largest_number():
    large = np.linspace(-100, 100, 9)
    assert difference(kept(large), kept(large)) == 0
    assert 0.9e-6 < difference(kept([100.0, 0.0]), kept([100.0, 1e-4])) < 1.1e-6
    assert difference(kept([1.0]), kept([1.0, 2.0])) == np.inf
    assert difference(kept([np.nan]), kept([np.nan])) == 0
    assert difference(kept([np.nan]), kept([1.0])) == np.inf


def test_files_count_by_the_flags_that_they_need(tmp_path, forked):
    begin = "import tensorflow as tf\n"
    for name, line in (("plain.py", "tf.contrib.slim.conv2d"), ("old.py", "tf.pack([1, 2])"),
                       ("python2.py", "print 3"),
                       ("refused.py", "tf.contrib.quantize.create_training_graph"),
                       ("exercise.py", "x = ")):
        (tmp_path / name).write_text(begin + line + "\n")
    # In a process of its own, which is TensorFlow 1's from then on.
    said = subprocess.run([forked, count_refused.__file__, str(tmp_path)], check=True,
                          stdout=subprocess.PIPE, universal_newlines=True,
                          env=dict(os.environ, PYTHONPATH=ROOT)).stdout
    assert "all: 5 files, 1 without a flag, 3 with flags\n" in said
    assert "   1  tf.contrib.quantize" in said and "tf.pack" not in said
