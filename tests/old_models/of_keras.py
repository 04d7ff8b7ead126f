"""Writes models of Keras 2.2.5, or of tf.keras 1.15.5, and what they predict.

    python of_keras.py OUT keras
    python of_keras.py OUT tf.keras
"""

import os
import sys

import numpy as np
import tensorflow as tf
from make import RANDOM, keep

kind = sys.argv[2]
if kind == "keras":
    import keras
else:
    keras = tf.keras
K = keras.layers


def generator():
    inner = keras.models.Sequential([K.Dense(8, input_shape=(6,)), K.PReLU()], name="inner")
    z = K.Input((6,))
    h = K.BatchNormalization()(inner(z))
    h = K.Dropout(.5)(K.Reshape((2, 2, 2))(h))
    h = K.Conv2DTranspose(3, 3, strides=2, padding="same")(K.LeakyReLU(.2)(h))
    h = K.concatenate([K.UpSampling2D()(h), K.UpSampling2D()(h)])
    return keras.models.Model(z, K.Conv2D(1, 3, padding="same", activation="tanh")(h))


def recurrent():
    words = K.Input((None,))
    h = K.Bidirectional(K.LSTM(3, return_sequences=True))(K.Embedding(5, 3)(words))
    return keras.models.Model(words, K.Dense(2, activation="softmax")(K.GRU(2)(h)))


def values(model):
    model.set_weights([RANDOM.uniform(.5, 1.5, w.shape) if "variance" in variable.name else
                       RANDOM.uniform(-.5, .5, w.shape)
                       for w, variable in zip(model.get_weights(), model.weights)])
    return model


def same_names(model, found):
    return dict(zip(model.output_names, found if isinstance(found, list) else [found]))


out = os.path.abspath(sys.argv[1])
name = "keras_generator" if kind == "keras" else "tf_keras_generator"
model = values(generator())
z = RANDOM.randn(3, 6).astype("f")
model.compile("adam", "mse")
model.fit(z, np.zeros([3, 8, 8, 1]), verbose=0)
model.save(os.path.join(out, name + ".h5"), include_optimizer=False)
keep(out, name, {model.input_names[0]: z}, same_names(model, model.predict(z)))

name = name.replace("generator", "recurrent")
model = values(recurrent())
words = np.array([[1, 2, 4], [3, 0, 1]], "f")
with open(os.path.join(out, name + ".json.model"), "w") as file:
    file.write(model.to_json())
os.rename(os.path.join(out, name + ".json.model"), os.path.join(out, name + "_model.json"))
model.save_weights(os.path.join(out, name + "_weights.h5"))
keep(out, name, {model.input_names[0]: words}, same_names(model, model.predict(words)))

lost = keras.models.Sequential([K.Dense(1, input_shape=(1,)), K.Lambda(lambda x: x + 1)])
if kind == "keras":
    lost.save(os.path.join(out, "lambda.h5"), include_optimizer=False)
