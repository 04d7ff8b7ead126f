"""Runs of a session cost little of Python. What they give: scripts/session_runs.py."""

import sys

SCRIPT = """
import sys
import numpy as np
import tensorflow as tf

x, rate = tf.placeholder(tf.float32, [None, 2], "x"), tf.placeholder(tf.float32, [])
w = tf.get_variable("w", [2, 1])
loss = tf.reduce_mean(tf.square(tf.matmul(x, w)) * rate)
step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
session = tf.Session()
session.run(tf.global_variables_initializer())

def calls(*arguments):
    seen = []
    sys.setprofile(lambda frame, event, argument: seen.append(event))
    session.run(*arguments)
    sys.setprofile(None)
    return seen.count("call")

for feed in ({x: np.ones((3, 2)), rate: 0.1}, {x: [[1, 2]], rate: 1}):
    for fetches in ([step, loss], loss, {"loss": loss, "w": [w]}):
        print(calls(fetches, feed), calls(fetches, feed))
"""


def test_a_run_that_was_made_before_calls_little_of_python(script, tmp_path):
    (tmp_path / "small.py").write_text(SCRIPT)
    done = script("run_legacy.py", "small.py", python=sys.executable)
    assert done.returncode == 0, done.stderr
    calls = [line.split() for line in done.stdout.splitlines()]
    assert len(calls) == 6
    # TensorFlow's own way makes 245 to 375.
    assert max(int(again) for _, again in calls) < 60, calls


def test_updates_are_counted_however_a_run_is_made(script, tmp_path):
    (tmp_path / "small.py").write_text(
        SCRIPT + "for i in range(9): session.run([step], {'x:0': [[1, 2]], rate: 1})\n")
    done = script("run_legacy.py", "--steps", "4", "small.py", python=sys.executable)
    assert done.returncode == 0 and "stopped after 4 updates" in done.stderr
    done = script("run_legacy.py", "--steps", "7", "small.py", python=sys.executable)
    assert done.returncode == 0 and "stopped after 7 updates" in done.stderr
    assert "small.py, line 23" in done.stderr


UPDATES = """
import tensorflow as tf

x = tf.placeholder(tf.float32, [])
w = tf.Variable(1.)
loss, added = w * x, w.assign_add(x)
step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
session = tf.Session()
session.run(w.initializer)
for number, fetches in enumerate([step, loss, added, [loss, step], [loss], {"w": added}, (step,)]):
    session.run(fetches, {x: 1.})
    print(number)
"""


def test_of_all_that_a_run_fetches_it_is_the_updates_that_are_counted(script, tmp_path):
    """An operation is one, and so is the tensor that an assignment gives."""
    (tmp_path / "updates.py").write_text(UPDATES)
    done = script("run_legacy.py", "--steps", "4", "updates.py")
    assert done.returncode == 0 and "stopped after 4 updates" in done.stderr, done.stderr
    assert done.stdout.split() == list("012345")


WRONG = """
from __future__ import print_function
import tensorflow as tf

queue = tf.FIFOQueue(2, tf.float32, name="queue")
with tf.Session() as session:
    session.run(queue.close())
    for fetched in (tf.check_numerics(float("inf"), "inverse"), queue.dequeue(),
                    tf.py_func(lambda: None, [], tf.float32),
                    tf.get_variable("v", [2])):
        try:
            session.run(fetched)
        except tf.errors.OpError as error:
            print(error.message.split("(")[0].strip())
"""
# What 1.15.5 prints, but for what it says after that of where the operation is.
WORDS = ["inverse : Tensor had Inf values", "FIFOQueue '_0_queue' is closed and has insufficient "
         "elements", "pyfunc_0 returns 0 values, but expects to see 1 values.",
         "Attempting to use uninitialized value v"]


def test_what_is_wrong_in_a_run_is_said_first(script, tmp_path):
    (tmp_path / "wrong.py").write_text(WRONG)
    done = script("run_legacy.py", "wrong.py")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line in WORDS] == WORDS
    (tmp_path / "wrong.py").write_text(
        "import tensorflow as tf\nx = tf.check_numerics(float('inf'), 'inverse')\n"
        "tf.Session().run(x)\n")
    done = script("run_legacy.py", "wrong.py")
    assert done.returncode == 1 and "InvalidArgumentError: inverse : Tensor had" in done.stderr
    assert "Detected at node" in done.stderr and 'wrong.py", line 2, in <module>' in done.stderr
