"""Gradients of convolutions whose kernel is as wide as the picture are computed otherwise."""

import sys

SCRIPT = """
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(1)
pictures = rs.randn(2, 7, 6, 3).astype(np.float32)

def made(kernel, padding="VALID", strides=(1, 1), dilations=(1, 1), batch=None, same=False):
    '''The convolution and its gradients, and the same by a picture that is one column wide.'''
    high, wide, channels, filters = kernel
    numbers = rs.randn(*kernel).astype(np.float32)
    of_all = []
    for flat in (False, True) if same else (False,):
        before = len(tf.get_default_graph().get_operations())
        x = tf.placeholder(tf.float32, [batch, 7, 6, channels])
        w = tf.constant(numbers)
        if flat:
            y = tf.nn.conv2d(tf.reshape(x, [-1, 7, 1, 6 * channels]), tf.reshape(
                w, [high, 1, 6 * channels, filters]), [1, *strides, 1], padding)
        else:
            y = tf.nn.conv2d(x, w, [1, *strides, 1], padding, dilations=[1, *dilations, 1])
        first = tf.gradients(tf.square(y), [x, w])
        second = tf.gradients(sum(tf.reduce_sum(tf.square(each)) for each in first), [x, w])
        kinds = [op.type for op in tf.get_default_graph().get_operations()[before:]
                 if op.name.endswith("Conv2DBackpropInput")]
        of_all.append((x, [y] + first + second, kinds))
    return of_all

with tf.Session() as session:
    for channels, strides in ((1, (1, 1)), (3, (2, 2))):
        (x, some, kinds), (z, others, _) = made([3, 6, channels, 4], strides=strides, same=True)
        feed = {each: pictures[..., :channels] for each in (x, z)}
        some, others = session.run([some, others], feed)
        print(kinds, [np.allclose(a, b, 1e-4, 1e-4 * abs(b).max())
                      for a, b in zip(some, others)])
    for words in (dict(kernel=[3, 5, 1, 4]), dict(kernel=[3, 1, 1, 4]),
                  dict(kernel=[3, 6, 1, 4], padding="SAME"), dict(kernel=[3, 6, 16, 4]),
                  dict(kernel=[3, 5, 1, 4], strides=(1, 2))):
        _, _, kinds = made(**words)[0]
        print(set(kinds))
    names = [op.name for op in tf.get_default_graph().get_operations() if "Backprop" in op.name]
    print(names[:2])
"""


UPDATED = """
import numpy as np
import tensorflow as tf

def wrong(shape, kernel, layout):
    # In how many updates the gradients are others than without an update in the same run.
    tf.reset_default_graph()
    x = tf.Variable(tf.random_normal(shape, seed=1))
    w = tf.Variable(tf.random_normal(kernel, seed=2))
    y = tf.nn.conv2d(tf.identity(x) * 1.0, w, [1] * 4, "VALID", data_format=layout)
    optimizer = tf.train.GradientDescentOptimizer(0.5)
    pairs = optimizer.compute_gradients(tf.reduce_sum(y ** 2), [x, w])
    step, gradients = optimizer.apply_gradients(pairs), [each for each, _ in pairs]
    count = 0
    with tf.Session() as session:
        for _ in range(12):
            session.run(tf.global_variables_initializer())
            alone = session.run(gradients)
            together, _ = session.run([gradients, step])
            count += not all(np.allclose(*pair, rtol=1e-3, atol=1e-2)
                             for pair in zip(alone, together))
    return count

print(wrong([6, 30, 16, 1], [3, 16, 1, 8], "NHWC"), wrong([6, 3, 16, 16], [3, 3, 3, 8], "NCHW"))
x = tf.layers.conv2d_transpose(tf.zeros([2, 1, 1, 4]), 3, 5)
print([op.type for op in x.graph.get_operations() if op.name.startswith("conv2d_transpose/conv")])
"""


def test_a_gradient_is_that_of_the_kernel_before_its_update(script, tmp_path):
    """TensorFlow 1's variables are changed in place, and grappler takes calls apart."""
    (tmp_path / "updated.py").write_text(UPDATED)
    done = script("run_legacy.py", "updated.py", python=sys.executable)
    assert done.returncode == 0, done.stderr
    # A transposed convolution that is no gradient stays an operation of its own.
    assert done.stdout.splitlines() == ["0 0", "['Conv2DBackpropInput']"]


def test_columns_are_taken_for_channels_where_the_kernel_has_one_place(script, tmp_path):
    (tmp_path / "wide.py").write_text(SCRIPT)
    done = script("run_legacy.py", "wide.py", python=sys.executable)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 8, done.stdout
    for line in lines[:2]:
        kinds, equal = line.split("] ")
        assert "PartitionedCall" in kinds and "'Conv2DBackpropInput" not in kinds, line
        assert equal == "[True, True, True, True, True]", line
    assert lines[2:7] == ["{'Conv2DBackpropInput'}"] * 5
    assert lines[7] == ("['gradients/Conv2D_grad/Conv2DBackpropInput', "
                        "'gradients/Conv2D_grad/Conv2DBackpropFilter']")
