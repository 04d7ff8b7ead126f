"""A session whose operations are all small computes each by one thread."""

import os
import sys

import pytest

from tf1gan import process

SCRIPT = """
import os
import tensorflow as tf

def threads():
    return len(os.listdir("/proc/self/task"))

def picture(batch, side=8):
    return tf.placeholder(tf.float32, [batch, side, side, 3])

def convolution(x, channels=4):
    return tf.layers.conv2d(x, channels, 3)

def transposed(batch, channels):
    return tf.layers.conv2d_transpose(picture(batch), channels, 5)

def with_dense(units):
    return tf.layers.dense(tf.layers.flatten(convolution(picture(2))), units)

def with_gradients(batch, channels):
    loss = tf.reduce_sum(convolution(convolution(picture(batch), channels)))
    return tf.train.AdamOptimizer().minimize(loss)

def with_three_axes():
    tf.layers.conv3d(tf.zeros([1, 4, 4, 4, 1]), 1, 3)
    return convolution(picture(2))

graphs = {
    "small": lambda: convolution(picture(None)),
    "small, with gradients": lambda: with_gradients(None, 4),
    "many channels": lambda: convolution(picture(None, 32), 64),
    "a large batch": lambda: convolution(picture(4096, 16)),
    "many channels of a small batch": lambda: with_gradients(2, 64),
    "pictures of any size": lambda: convolution(picture(2, None)),
    "small transposed": lambda: transposed(2, 4),
    "large transposed": lambda: transposed(256, 64),
    "a small product": lambda: with_dense(10),
    "a large product": lambda: with_dense(10 ** 6),
    "three axes": with_three_axes,
    "a product alone": lambda: tf.layers.dense(tf.zeros([2, 2]), 2),
    "products of batches": lambda: tf.matmul(tf.zeros([8, 4, 4]), tf.zeros([8, 4, 4])),
    "large products of batches": lambda: tf.matmul(
        tf.zeros([64, 256, 64]), tf.zeros([64, 64, 256])),
    "many numbers": lambda: (convolution(picture(2)), tf.zeros([10 ** 4, 10 ** 3])),
    "a number of any shape": lambda: tf.nn.dropout(
        convolution(picture(2)), rate=tf.placeholder(tf.float32)),
    "no product": lambda: tf.zeros([2]) + 1.0,
}
tf.Session(graph=tf.Graph()).close()
kept = []

def show(name, config=None, use=lambda session: session.run(tf.no_op())):
    with tf.Graph().as_default():
        graphs[name.split(": ")[-1]]()
        before = threads()
        session = tf.Session(config=config)
        use(session)
        kept.append(session)
        print("%s = %d" % (name, threads() - before))

for name in graphs:
    show(name)
show("asked for: small", tf.ConfigProto(intra_op_parallelism_threads=3))
show("partial: small", use=lambda session: session.partial_run(
    session.partial_run_setup([tf.zeros([], name="nothing")]), "nothing:0"))
show("callable: small", use=lambda session: session.make_callable(tf.no_op())())
show("eval: small", use=lambda session: tf.zeros([]).eval(session=session))
"""
ONE = {"small", "small, with gradients", "many channels of a small batch", "small transposed",
       "a small product", "a product alone", "products of batches", "a number of any shape",
       "callable: small", "partial: small", "eval: small"}

pytestmark = [
    pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="counts Linux's threads"),
    pytest.mark.skipif(not 2 <= process.cores() <= 16, reason="sizes are for 2 to 16 cores")]


def shown(done):
    assert done.returncode == 0, done.stderr
    return {name: int(count) for name, count in (
        line.split(" = ") for line in done.stdout.splitlines())}


def test_a_session_has_one_thread_for_small_operations_alone(script, tmp_path):
    (tmp_path / "threads.py").write_text(SCRIPT)
    found = shown(script("run_legacy.py", "threads.py", python=sys.executable))
    assert found.pop("asked for: small") == 3
    assert found == {name: 1 if name in ONE else process.cores() for name in found}


@pytest.mark.parametrize("name, value", [
    ("TF_NUM_INTRAOP_THREADS", "3"), ("TF_ENABLE_ONEDNN_OPTS", "0")])
def test_what_the_environment_says_is_heard(name, value, script, tmp_path):
    (tmp_path / "threads.py").write_text(SCRIPT)
    found = shown(script("run_legacy.py", "threads.py", python=sys.executable,
                         env=dict(os.environ, **{name: value})))
    # All sessions share the first one's threads, as TensorFlow has it.
    assert set(found.values()) == {0}, found
