"""Eagerly: labels [n] after [n, 1], and what callbacks hear of a batch."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()
K = tf.keras
x, y = np.arange(40, dtype="f").reshape(20, 2) / 40, np.arange(20).astype("f") / 20
w = np.linspace(.1, 2, 20).astype("f")


def show(*values):
    print(["%.4f" % value for value in values])


def dense(name=None):
    return K.layers.Dense(1, kernel_initializer="ones", name=name,
                          kernel_regularizer=K.regularizers.l2(.1))


class Subclassed(K.Model):
    def __init__(self):
        super(Subclassed, self).__init__()
        self.dense = dense()

    def call(self, rows):
        return self.dense(rows)


def tell(name, batch, logs):
    print(name, batch, sorted((key, "%.4f" % value) for key, value in logs.items()))


class Heard(K.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        if self.begins:
            tell("begins", batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        tell("ended", batch, logs)

    def on_test_batch_end(self, batch, logs=None):
        tell("tested", batch, logs)


def compiled(model):
    model.compile(K.optimizers.SGD(.1), "mse", metrics=["mae"])
    return model


def data(labels):
    return tf.data.Dataset.from_tensor_slices((x, labels)).batch(8)


def batches(labels):
    while True:
        for at in range(0, 20, 8):
            yield x[at:at + 8], labels[at:at + 8]


for make in (Subclassed, lambda: K.Sequential([K.layers.InputLayer((2,)), dense()])):
    for first, second in ((y[:, None], y), (y, y[:, None])):
        model = compiled(make())
        for labels in (first, second, first, second):
            show(*model.train_on_batch(x, labels))
            show(*model.evaluate(x, labels, batch_size=20, verbose=0))
    model = compiled(make())
    model.evaluate(data(y[:, None]), verbose=0, steps=1)
    show(*model.evaluate(data(y), verbose=0, steps=1))
    show(*model.evaluate(x, y, sample_weight=w, batch_size=20, verbose=0))
    show(*model.fit_generator(batches(y), steps_per_epoch=3, verbose=0).history["loss"])
    heard = Heard()
    heard.begins, fit = True, dict(verbose=0, shuffle=False, callbacks=[heard])
    model.fit(x, y, batch_size=8, epochs=2, validation_data=(x, y[:, None]), **fit)
    model.fit(x, y, batch_size=8, sample_weight=w, **fit)
    model.fit(data(y).repeat(), steps_per_epoch=2, **fit)
    heard.begins = False
    model.fit_generator(batches(y), steps_per_epoch=3, **fit)

given = K.Input((2,))
model = compiled(K.Model(given, [dense("a")(given), dense("b")(given)]))
for each in range(2):
    history = model.fit(x, [y, y], batch_size=8, shuffle=False, verbose=0, epochs=2).history
    show(*[value for name in sorted(history) for value in history[name]])
    show(*model.train_on_batch(x, [y, y[:, None]]))
    show(*model.test_on_batch(x, [y[:, None], y]))
    show(*model.evaluate(x, [y, y], batch_size=8, verbose=0)[1:])
    show(*model.train_on_batch(x, [y, y], reset_metrics=False))
    show(*model.test_on_batch(x, [y, y]))

np.random.seed(3)
model.compile(tf.train.GradientDescentOptimizer(.1), "mse")
history = model.fit(x, [y, y], batch_size=8, verbose=0, epochs=2, validation_data=(x, [y, y])).history
show(*[value for name in sorted(history) for value in history[name]])


class Predicted(K.callbacks.Callback):
    def on_predict_batch_end(self, batch, logs=None):
        print(batch, logs["batch"], logs["size"], [part.shape for part in logs["outputs"]])


compiled(model).predict(x, batch_size=8, callbacks=[Predicted()])
