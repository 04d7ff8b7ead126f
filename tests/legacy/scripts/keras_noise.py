"""Keras's layers of noise and dropout: seeded by NumPy's generator, by the graph, or by themselves."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

LAYERS = [
    (lambda: layers.Dropout(.4), [2, 6]),
    (lambda: layers.Dropout(.4, noise_shape=(2, 1)), [2, 6]),
    (lambda: layers.Dropout(.4, seed=3), [2, 6]),
    (lambda: layers.SpatialDropout1D(.5), [2, 3, 4]),
    (lambda: layers.SpatialDropout2D(.5), [2, 3, 3, 4]),
    (lambda: layers.SpatialDropout3D(.5), [2, 2, 2, 2, 4]),
    (lambda: layers.AlphaDropout(.3), [2, 6]),
    (lambda: layers.AlphaDropout(.3, seed=4), [2, 6]),
    (lambda: layers.GaussianDropout(.3), [2, 6]),
    (lambda: layers.GaussianNoise(.5), [2, 6]),
]
for seed in (None, 6):
    for make, shape in LAYERS:
        with tf.Graph().as_default() as graph:
            np.random.seed(9)
            tf.set_random_seed(seed)
            layer = make()
            drawn = layer(tf.ones(shape), training=True)
            seeds = [[operation.get_attr("seed"), operation.get_attr("seed2")]
                     for operation in graph.get_operations()
                     if operation.type.startswith("Random")]
            print(seeds, np.random.randint(1000))
            with tf.Session() as session:
                if seeds != [[0, 0]]:           # by no seed at all
                    session.run(drawn)
                session.run(layer(tf.ones(shape), training=False))
