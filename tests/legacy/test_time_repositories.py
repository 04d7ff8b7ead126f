"""Other people's scripts are timed on both sides, update by update."""

import os
import subprocess
import sys

import pytest
import time_repositories
from recorded_scripts import Case
from time_repositories import lengths, row

BEGIN = """
import os, time
import tensorflow as tf
x = tf.Variable(1.)
y = tf.placeholder(tf.float32, [])
step = tf.train.GradientDescentOptimizer(.1).minimize(tf.square(x - y))
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
"""
STEADY = BEGIN + """
    assert not os.path.exists("saved")
    open("saved", "w").close()
    for _ in range(100):
        session.run(step, {y: 2.})
        time.sleep(.02)
        session.run(x)
"""
SLOW = BEGIN + """
    while True:
        session.run(step, {y: 2.})
        time.sleep(.4)
"""
CASE = Case("owner/name", "folder", ["main.py", "--a", "1"], None)


def updates(*clocks):
    return dict(status="timed", updates=[clock and [clock, 2 * clock] for clock in clocks])


def test_time_goes_from_one_update_to_the_next():
    assert lengths([(1, 10, False), (3, 11, True), (7, 14, True)]) == [None, [4, 3]]
    assert lengths([]) == []


def test_a_row_has_the_updates_of_which_all_sides_know():
    rounds = [[updates(None, 1.0, 2.0, 3.0), updates(None, .5, 1.0)],
              [updates(None, 1.2, 2.0, 3.0), updates(None, .5, 9.0, None)],
              [updates(None, 1.0, 2.0, 3.0), updates(None, .5, 1.0)]]
    assert row(CASE, rounds) == ("| owner/name | `folder/main.py --a 1` | 2 | 1500.00 | 750.00 | "
                                 "0.50 | 0.50 to 2.97 | 0.50 |")


def test_a_row_says_how_a_case_ended_that_was_not_timed():
    assert row(CASE, [[dict(status=1, updates=[]), updates(None, 1.0)]]).endswith(
        "| not timed: there 1, here timed |")


def told(tmp_path, python, *words):
    repository = tmp_path / "owner+name"
    repository.mkdir()
    for name, text in (("steady.py", STEADY), ("slow.py", SLOW), ("fails.py", "1 / 0")):
        (repository / name).write_text(text)
    (tmp_path / "cases").write_text("owner/name | . | steady.py | --steps 12\n"
                                    "owner/name | . | slow.py | --steps 1000\n"
                                    "owner/name | . | fails.py\n")
    done = subprocess.run(
        [sys.executable, time_repositories.__file__, str(tmp_path / "cases"), str(tmp_path),
         "--other", python, "--rounds", "2", "--seconds", "1", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert sorted(os.listdir(str(repository))) == ["fails.py", "slow.py", "steady.py"]
    return [[cell.strip() for cell in line.split("|")[1:-1]]
            for line in done.stdout.splitlines()[2:]]


@pytest.mark.slow
@pytest.mark.both
def test_scripts_are_timed_on_both_sides(other_python, tmp_path):
    steady, slow, fails = told(tmp_path, other_python)
    assert steady[:3] == ["owner/name", "`steady.py`", "9"]
    assert all(20 < float(cell) < 200 for cell in steady[3:5])
    assert 2 <= int(slow[2]) <= 3       # a second of updates, the last of which is not whole
    assert fails[2] == "not timed: there 1, here 1"
