"""Functions of Keras's backend that are given a variable, and the seeds after them."""
import numpy as np
import tensorflow as tf

K = tf.keras.backend
VALUES = np.arange(1., 7).reshape(2, 3).astype("float32") / 10
CALLS = [lambda x: K.var(x), lambda x: K.std(x, 0, keepdims=True), lambda x: tf.math.reduce_std(x, 1),
         lambda x: K.binary_crossentropy(x, x), lambda x: K.categorical_crossentropy(x, x, axis=0),
         lambda x: K.ctc_decode(tf.stack([x, x]), [2, 1])[0][0],
         lambda x: K.ctc_decode(tf.stack([x, x]), [2, 1], False, 10, 2)[0][1],
         lambda x: K.function([x], [x * 2, x]).outputs]
for call in CALLS:
    for made in (K.variable, tf.Variable, tf.constant):
        K.clear_session()
        tf.set_random_seed(3)
        result, drawn = call(made(VALUES)), tf.random_uniform([])
        session = K.get_session()
        session.run(tf.global_variables_initializer())
        session.run([result, drawn])
