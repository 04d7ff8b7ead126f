"""tf.keras in graph mode, trained by itself and by a session; MNIST by Keras's loader."""
import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Conv2D, Dense, Flatten, LeakyReLU
from tensorflow.python.keras import backend as K

tf.set_random_seed(5)
model = tf.keras.models.Sequential()
model.add(Conv2D(3, (3, 3), padding="same", input_shape=(6, 6, 1)))
model.add(LeakyReLU(alpha=0.2))
model.add(Flatten())
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer=tf.keras.optimizers.Adam(lr=0.001),
              metrics=["accuracy"])
rs = np.random.RandomState(0)
for _ in range(20):
    loss, accuracy = model.train_on_batch(rs.rand(4, 6, 6, 1), rs.randint(0, 2, 4))
    print("%.7f %.4f" % (loss, accuracy))
print(model.predict(rs.rand(2, 6, 6, 1)).shape, model.count_params())
print(model.predict_classes(rs.rand(3, 6, 6, 1)).tolist(), model.predict_proba(rs.rand(2, 6, 6, 1)))
three = tf.keras.Sequential([Dense(3, input_shape=(2,), kernel_initializer="zeros",
                                   bias_initializer=tf.constant_initializer([1., 3., 2.]))])
three.compile("sgd", "mse", metrics=["mae"])
print(three.predict_classes(rs.rand(2, 2)).tolist())
history = three.fit(rs.rand(4, 2), rs.rand(4, 3), epochs=2, verbose=0, shuffle=False)
for name in sorted(history.history):
    print(["%.5f" % value for value in history.history[name]],
          [np.asarray(value).itemsize for value in history.history[name]])
print(three.layers[0].apply(tf.ones([4, 2])).shape)
sess = K.get_session()
x = tf.placeholder(tf.float32, [None, 6, 6, 1])
sess.run(model(x), {x: rs.rand(3, 6, 6, 1)})
