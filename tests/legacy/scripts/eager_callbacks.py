"""Eagerly: what callbacks find in their parameters, BaseLogger's means, losses of probabilities."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()
K = tf.keras
rs = np.random.RandomState(0)
x, y = np.linspace(0, 1, 40).reshape(20, 2).astype("f"), np.linspace(0, 2, 20).astype("f")[:, None]


class Told(K.callbacks.Callback):
    def on_train_begin(self, logs=None):
        self.tell("begins", ("samples", "batch_size", "epochs", "do_validation"))

    def on_epoch_end(self, epoch, logs=None):
        self.tell("epoch", ("metrics",))

    def tell(self, when, names):
        told = [self.params[name] for name in names]
        print(when, [int(each) if isinstance(each, bool) else each for each in told])


def data():
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(8)


def batches():
    while True:
        yield x[:8], y[:8]


for optimizer in (lambda: K.optimizers.SGD(.1), lambda: tf.train.GradientDescentOptimizer(.1)):
    model = K.Sequential([K.layers.Dense(1, input_shape=(2,), kernel_initializer="ones")])
    model.compile(optimizer(), "mse", metrics=["mae"])
    told = dict(verbose=0, callbacks=[K.callbacks.BaseLogger(), Told()])
    for fit, arguments, named in (
            (model.fit, (x, y), dict(batch_size=8, epochs=2, shuffle=False)),
            (model.fit, (x, y), dict(shuffle=False, validation_data=(x, y))),
            (model.fit, (x, y), dict(shuffle=False, validation_split=.2)),
            (model.fit, (data().repeat(),), dict(steps_per_epoch=2)),
            (model.fit_generator, (batches(),), dict(steps_per_epoch=2))):
        history = fit(*arguments, **dict(named, **told)).history
        print([(name, "%.5f" % history[name][-1]) for name in sorted(history)])
    # A sigmoid's, all but 0 or 1, are rounded otherwise.
    rows, labels = rs.randn(20, 3).astype("f") * 5, rs.randint(0, 3, 20)
    for loss, wanted in (("categorical_crossentropy", K.utils.to_categorical(labels, 3)),
                         ("sparse_categorical_crossentropy", labels)):
        model = K.Sequential([K.layers.Dense(3, input_shape=(3,), activation="softmax")])
        model.set_weights([np.arange(9.).reshape(3, 3) - 3, np.zeros(3)])
        model.compile(optimizer(), loss)
        fit = dict(batch_size=20, verbose=0, shuffle=False)
        print(["%.6f" % each for each in model.fit(rows, wanted, epochs=2, **fit).history["loss"]],
              "%.6f" % model.evaluate(rows, wanted, verbose=0),
              "%.6f" % model.train_on_batch(rows, wanted))
