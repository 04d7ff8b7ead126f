"""`tf.contrib.kernel_methods`: random Fourier features, and a hinge loss of several classes."""

import math

import numpy as np

DROPPED = "2.0"
GIVES = "RandomFourierFeatureMapper sparse_multiclass_hinge_loss"
NEEDS = ()
PATHS = ("python.mappers.random_fourier_features", "python.losses")
REFUSED = {"KernelLinearClassifier": "it was contrib.learn's estimator; a model_fn of tf.estimator "
                                     "with RandomFourierFeatureMapper does the same"}


class InvalidShapeError(Exception):
    """Features of another shape than a mapper takes."""


def make(given):
    tf = given.tf

    class RandomFourierFeatureMapper:
        """Features whose products are near those of a Gaussian kernel.

        As on 1.15.5, `map` seeds NumPy's generator.
        """

        def __init__(self, input_dim, output_dim, stddev=1.0, seed=1, name=None):
            self._input_dim, self._output_dim = input_dim, output_dim
            self._stddev, self._seed, self._name = stddev, seed, name

        name = property(lambda self: self._name or str(id(self)))
        input_dim = property(lambda self: self._input_dim)
        output_dim = property(lambda self: self._output_dim)

        def map(self, input_tensor):
            """[batch, input_dim] -> [batch, output_dim]. Raises InvalidShapeError."""
            shape = input_tensor.shape
            if len(shape) != 2 or shape[1] != self._input_dim:
                raise InvalidShapeError(f"{shape} is not [batch, {self._input_dim}].")
            np.random.seed(self._seed)
            turns = tf.constant(np.random.normal(
                scale=1.0 / self._stddev, size=[self._input_dim, self._output_dim]), tf.float32)
            shifts = tf.constant(np.random.uniform(0.0, 2 * np.pi, [self._output_dim]), tf.float32)
            turned = tf.add(tf.matmul(input_tensor, turns), shifts)
            return math.sqrt(2.0 / self._output_dim) * tf.cos(turned)

    def sparse_multiclass_hinge_loss(
            labels, logits, weights=1.0, scope=None, loss_collection=tf.GraphKeys.LOSSES,
            reduction=tf.losses.Reduction.SUM_BY_NONZERO_WEIGHTS):
        """How far the largest of the other logits comes within 1 of the label's.

        Args:
          labels: [batch] or [batch, 1], of int32 or int64.
          logits: [batch, classes].
        """
        with tf.name_scope(scope, "sparse_multiclass_hinge_loss", (logits, labels)) as scope:
            if logits.shape.rank != 2:
                raise ValueError(f"logits are [batch, classes], not {logits.shape}.")
            sizes = tf.shape(logits)
            batch, classes = sizes[0], sizes[1]
            logits = tf.cast(logits, tf.float32)
            if labels.dtype not in (tf.int32, tf.int64):
                raise ValueError(f"labels are whole numbers, not {labels.dtype.name}.")
            if labels.shape.rank not in (1, 2):
                raise ValueError(f"labels are [batch] or [batch, 1], not {labels.shape}.")
            with tf.control_dependencies([tf.assert_less(labels, tf.cast(classes, labels.dtype))]):
                labels = tf.reshape(labels, [-1])
            weights = tf.convert_to_tensor(weights)
            if weights.shape.rank not in (0, 1, 2):
                raise ValueError(f"weights are [], [batch] or [batch, 1], not {weights.shape}.")
            if weights.shape.rank:
                weights = tf.reshape(weights, [-1])
                weights.shape.assert_is_compatible_with(labels.shape)
            rows = tf.reshape(tf.range(batch), [batch, 1])
            places = tf.concat([rows, tf.reshape(tf.cast(labels, rows.dtype), [batch, 1])], 1)
            of_labels = tf.reshape(tf.gather_nd(logits, places), [batch, 1])
            others = tf.one_hot(labels, classes, on_value=0.0, off_value=1.0)
            loss = tf.reduce_max(tf.nn.relu(logits - of_labels + others), axis=1)
            return tf.losses.compute_weighted_loss(loss, weights, scope, loss_collection,
                                                   reduction=reduction)
    return dict(RandomFourierFeatureMapper=RandomFourierFeatureMapper,
                sparse_multiclass_hinge_loss=sparse_multiclass_hinge_loss)
