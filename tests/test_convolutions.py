"""Every shortcut gives what tf.nn gives: results, gradients, and the gradients' gradients."""

import numpy as np
import pytest
from helpers import slow

from tf1gan import layers, models
from tf1gan.compat import tf
from tf1gan.graph import build_from
from tf1gan.layers import convolutions
from tf1gan.machines.cluster import Cluster
from tf1gan.machines.together import Together

SHAPES = [      # side, inputs, outputs, size, strides, padding
    (7, 64, 66, 4, 1, "VALID"),
    (7, 66, 64, 5, 1, "SAME"),
    (6, 64, 64, 4, 1, "SAME"),
    (14, 64, 64, 5, 1, "VALID"),
    (14, 32, 64, 5, 2, "SAME"),
    (14, 64, 32, 6, 2, "SAME"),
    (7, 32, 64, 5, 2, "SAME"),
    (12, 32, 64, 6, 2, "VALID"),
    (13, 32, 64, 5, 2, "VALID"),
    (28, 1, 5, 5, 2, "SAME"),
    (28, 1, 5, 3, 2, "SAME"),
    (28, 1, 4, 5, 1, "SAME"),
    (14, 1, 3, 4, 2, "SAME"),
    (14, 1, 3, 4, 1, "VALID"),
    (14, 3, 4, 5, 2, "SAME"),
]


def numbers(*shape):
    return np.random.RandomState(sum(shape)).standard_normal(shape).astype(np.float32)


def assert_same(ours, theirs, inputs):
    """Both and their derivatives, to rounding."""
    def with_derivatives(y):
        first = tf.gradients(y, inputs, numbers(*y.shape.as_list()))
        return [y] + first + tf.gradients([tf.square(one) for one in first], inputs)
    with tf.Session() as session:
        for one, other in zip(*session.run([with_derivatives(ours), with_derivatives(theirs)])):
            np.testing.assert_allclose(one, other, atol=3e-5 * other.std(), rtol=0)


@pytest.mark.parametrize("side, inputs, outputs, size, strides, padding", SHAPES)
def test_conv2d_is_tensorflows(side, inputs, outputs, size, strides, padding):
    with tf.Graph().as_default():
        x = tf.constant(numbers(2, side, side, inputs))
        kernel = tf.constant(numbers(size, size, inputs, outputs))
        assert_same(convolutions.conv2d(x, kernel, strides, padding),
                    tf.nn.conv2d(x, kernel, [1, strides, strides, 1], padding), [x, kernel])


@pytest.mark.parametrize("side, outputs, inputs, size, strides, padding", SHAPES)
def test_conv2d_transpose_is_tensorflows(side, outputs, inputs, size, strides, padding):
    old = -(-side // strides) if padding == "SAME" else (side - size) // strides + 1
    with tf.Graph().as_default():
        x = tf.constant(numbers(2, old, old, inputs))
        kernel = tf.constant(numbers(size, size, outputs, inputs))
        given = side if side % strides and padding == "SAME" else None      # not tf.layers' own
        assert_same(convolutions.conv2d_transpose(x, kernel, strides, padding, given),
                    tf.nn.conv2d_transpose(x, kernel, [2, side, side, outputs],
                                           [1, strides, strides, 1], padding), [x, kernel])


@pytest.mark.parametrize("inputs, outputs", [(3, 1), (64, 32)])
def test_conv2d_transpose_to_a_side_that_is_no_multiple(inputs, outputs):
    with tf.Graph().as_default():
        x = tf.constant(numbers(2, 4, 4, inputs))
        kernel = tf.constant(numbers(5, 5, outputs, inputs))
        assert_same(convolutions.conv2d_transpose(x, kernel, 2, side=7),
                    tf.nn.conv2d_transpose(x, kernel, [2, 7, 7, outputs], [1, 2, 2, 1], "SAME"),
                    [x, kernel])


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("size", [3, 5])
def test_enlarged_conv2d_is_that_of_repeated_pixels(outputs, size):
    with tf.Graph().as_default():
        x, kernel = tf.constant(numbers(2, 7, 7, 6)), tf.constant(numbers(size, size, 6, outputs))
        repeated = tf.reshape(tf.tile(x[:, :, None, :, None], [1, 1, 2, 1, 2, 1]), [2, 14, 14, 6])
        assert_same(convolutions.enlarged_conv2d(x, kernel),
                    tf.nn.conv2d(repeated, kernel, [1, 1, 1, 1], "SAME"), [x, kernel])


def test_layers_have_the_variables_and_results_of_tf_layers():
    pairs = [
        (lambda x, z: layers.conv2d(x, 4, 3, 2),
         lambda x, z: tf.layers.conv2d(x, 4, 3, 2, padding="SAME")),
        (lambda x, z: layers.conv2d_transpose(x, 1, 3, 2),
         lambda x, z: tf.layers.conv2d_transpose(x, 1, 3, 2, padding="SAME")),
        (lambda x, z: layers.conv2d_transpose(x, 1, 4, padding="VALID", use_bias=False),
         lambda x, z: tf.layers.conv2d_transpose(x, 1, 4, use_bias=False)),
        (lambda x, z: layers.dense(z, 6), lambda x, z: tf.layers.dense(z, 6)),
    ]

    def made(layer):
        with tf.Graph().as_default(), tf.Session() as session:
            with tf.variable_scope("a", use_resource=True):
                y = layer(tf.constant(numbers(2, 7, 7, 3)), tf.constant(numbers(2, 5)))
            for variable in tf.trainable_variables():
                variable.load(numbers(*variable.shape.as_list()), session)
            gradients = tf.gradients(y, tf.trainable_variables())
            return ([variable.name for variable in tf.trainable_variables()],
                    session.run([y] + gradients))

    for ours, theirs in pairs:
        (our_names, our_values), (their_names, their_values) = made(ours), made(theirs)
        assert our_names == their_names
        for one, other in zip(our_values, their_values):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_the_first_weights_of_a_layer_are_a_function_of_seed_and_name():
    def first(seed):
        with tf.Graph().as_default(), tf.Session() as session:
            with tf.variable_scope("a", custom_getter=layers.seeded(seed), use_resource=True):
                layers.conv2d(tf.constant(numbers(1, 7, 7, 3)), 4, 3)
            session.run(tf.global_variables_initializer())
            return session.run(tf.trainable_variables())
    assert all(np.array_equal(*pair) for pair in zip(first(1), first(1)))
    assert not np.array_equal(first(1)[0], first(2)[0])


def transforms(graph):
    """How many products of spectra a graph has."""
    return sum(op.type.startswith("BatchMatMul") for op in graph.get_operations())


@pytest.mark.parametrize("images, transformed", [(None, True), (2, False), (16, True)])
def test_few_images_are_not_worth_the_transform_of_a_kernel(images, transformed):
    with tf.Graph().as_default() as graph:
        if images:
            convolutions.expect(1)
            convolutions.expect(images)         # the last counts
        convolutions.conv2d_transpose(tf.ones([4, 7, 7, 256]), tf.ones([5, 5, 128, 256]))
        assert (transforms(graph) > 0) == transformed


def transforms_of(model, size, whose=None):
    with tf.Graph().as_default() as graph:
        recipe = models.resolve(model, {"batch_size": size})
        build_from(recipe, 0, whose)
        return transforms(graph)


@pytest.mark.parametrize("model, few, many", [
    ("eager_dcgan", 2, 8), slow("eager_dcgan", 16, 64), slow("keras_gan", 8, 32),
    slow("dcgan", 8, 16)])
def test_a_models_batch_decides_how_its_convolutions_are_computed(model, few, many):
    assert transforms_of(model, few) < transforms_of(model, many)


def test_of_several_workers_each_ones_rows_decide():
    few, many = (transforms_of("keras_gan", size, Together(Cluster(("a:1", "b:1"), 0)))
                 for size in (16, 32))
    assert few < many
