"""Keras's models, one made after the other was compiled and trained, by the graph's seed."""

import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras import layers, losses, models, optimizers, regularizers

np.random.seed(3)
tf.set_random_seed(7)
images, ones = np.random.rand(6, 4), np.ones((6, 1))


def drawn(*more):
    print(*more, K.get_session().run(tf.random_uniform([2])))


def sampled(parts):
    return parts[0] + K.exp(parts[1] / 2) * K.random_normal(K.shape(parts[0]))


# A GAN: the discriminator is compiled before the generator is made.
critic = models.Sequential([
    layers.Dense(8, input_shape=(4,), kernel_regularizer=regularizers.l2(.01)), layers.LeakyReLU(.2),
    layers.Dropout(.3), layers.Dense(1, activation="sigmoid")])
critic.compile(optimizers.Adam(.01, .5), "binary_crossentropy", metrics=["accuracy"])
drawn()
generator = models.Sequential([layers.Dense(8, activation="selu", input_dim=3),
                               layers.BatchNormalization(momentum=.8),
                               layers.Dense(4, activation="tanh")])
noise = layers.Input((3,))
critic.trainable = False
both = models.Model(noise, critic(generator(noise)))
both.compile("adam", "binary_crossentropy")
for _ in range(2):
    of_noise = np.random.normal(size=(6, 3))
    drawn(critic.train_on_batch(images, ones),
          critic.train_on_batch(generator.predict(of_noise), 0 * ones),
          both.train_on_batch(of_noise, ones))

# A variational autoencoder, whose loss is added to it, and two outputs.
given = layers.Input((4,))
mean, deviation = layers.Dense(2)(given), layers.Dense(2)(given)
result = layers.Dense(4, activation="sigmoid")(layers.Lambda(sampled)([mean, deviation]))
autoencoder = models.Model(given, result)
autoencoder.add_loss(K.mean(losses.binary_crossentropy(given, result)
                            - K.sum(1 + deviation - K.square(mean) - K.exp(deviation), -1)))
autoencoder.compile("rmsprop")
drawn(autoencoder.fit(images, batch_size=3, verbose=0).history["loss"])
hidden = layers.Dense(5)(given)
outputs = [layers.Dense(1)(hidden), layers.Dense(3, activation="softmax")(hidden)]
two = models.Model(given, outputs)
two.compile("adagrad", ["mape", "sparse_categorical_crossentropy"], loss_weights=[.01, 2.],
            metrics=["accuracy"])
drawn(*[two.train_on_batch(images, [ones, np.arange(6) % 3]) for _ in range(2)])

# Losses that are other numbers today.
true, guessed = tf.constant(images, tf.float32), tf.constant(images[::-1].copy(), tf.float32)
masked = models.Sequential([layers.Embedding(3, 2, mask_zero=True, input_length=3), layers.Dense(1)])
masked.compile("sgd", "mse")
drawn(masked.train_on_batch(np.array([[1, 2, 0], [1, 0, 0]]), np.ones((2, 3, 1))))
for loss in (losses.cosine_similarity(true, guessed), losses.CosineSimilarity()(true, guessed),
             losses.Huber(reduction="none")(true, guessed),
             losses.MeanSquaredError()(true[:, 0], guessed[:, :1]),
             losses.categorical_crossentropy(true, tf.nn.softmax(guessed), from_logits=True),
             losses.binary_crossentropy(true, tf.sigmoid(guessed), from_logits=True),
             losses.categorical_hinge(true, guessed), K.batch_dot(true, guessed, 1)):
    drawn(K.eval(loss))
