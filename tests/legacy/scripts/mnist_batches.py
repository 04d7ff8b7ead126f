"""The tutorials' loader: seeded by the graph, shuffled by NumPy, past the end of an epoch."""
import numpy as np
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data

tf.set_random_seed(3)
mnist = input_data.read_data_sets("MNIST_data/", one_hot=True)
again = tf.contrib.learn.datasets.mnist.read_data_sets("MNIST_data", reshape=False,
                                                       validation_size=1000, seed=4)
x = tf.placeholder(tf.float32, [None, 784])
y = tf.placeholder(tf.float64, [None, 10])
image = tf.placeholder(tf.float32, [None, 28, 28, 1])
label = tf.placeholder(tf.int32, [None])
with tf.Session() as sess:
    for _ in range(4):
        images, labels = mnist.train.next_batch(64)
        sess.run([x, y], {x: images, y: labels})
    for _ in range(3):
        images, labels = mnist.validation.next_batch(2000)
        sess.run([tf.reduce_mean(x, 1), y], {x: images, y: labels})
    images, labels = again.validation.next_batch(700, shuffle=False)
    images, labels = again.validation.next_batch(700)
    sess.run([image[:20], label], {image: images, label: labels})
    sess.run(label, {label: again.test.labels[:50]})
print(mnist.train.num_examples, mnist.validation.epochs_completed, images.dtype, labels.dtype)
print(np.random.rand(3))
print(mnist.train.next_batch(2, fake_data=False)[1].dtype)
