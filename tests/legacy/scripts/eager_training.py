"""Eagerly: the order of rows in fit, NumPy's numbers, masks; shuffled, then repeated."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()
L, rs = tf.keras.layers, np.random.RandomState(0)
x, y, w = rs.randn(20, 3).astype("f"), rs.randn(20, 1).astype("f"), rs.rand(20).astype("f")
labels = rs.randint(0, 2, 20)
words = np.array([[1, 2, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]])


def model_of(optimizer, loss="mse", **named):
    tf.set_random_seed(5)
    np.random.seed(1)
    model = tf.keras.Sequential([L.Dense(1, input_shape=(3,), kernel_initializer="ones",
                                         activation="tanh")])
    model.compile(optimizer, loss, **named)
    return model


for optimizer in (lambda: tf.train.RMSPropOptimizer(.01), lambda: tf.keras.optimizers.SGD(.1)):
    for named in (dict(), dict(shuffle=False), dict(shuffle="batch"), dict(validation_split=.25),
                  dict(validation_data=(x[:5], y[:5], w[:5])), dict(sample_weight=w),
                  dict(initial_epoch=1)):
        model = model_of(optimizer(), metrics=["mae"], weighted_metrics=["mse"])
        history = model.fit(x, y, epochs=2, verbose=0, batch_size=6, **named).history
        for name in sorted(history):
            print(name, ["%.5f" % value for value in history[name]], type(history[name][0]))
        print("%.6f" % np.random.rand())
    model = model_of(optimizer())
    print(["%.5f" % loss for loss in model.fit(x, y, steps_per_epoch=2, epochs=2, verbose=0)
           .history["loss"]], "%.6f" % np.random.rand())
    model = model_of(optimizer(), "binary_crossentropy", metrics=["accuracy"])
    print(model.train_on_batch(x, labels, class_weight={0: 1., 1: 3.}))
    print(type(model.evaluate(x, labels, verbose=0)[0]), len(model.predict(x)))
    masked = tf.keras.Sequential([L.Embedding(5, 2, mask_zero=True, input_length=4),
                                  L.GRU(3, return_sequences=True)])
    masked.set_weights([rs.randn(*weight.shape) for weight in masked.get_weights()])
    masked.compile(optimizer(), "mse", metrics=["mae"])
    for _ in range(2):
        print(["%.5f" % value for value in masked.train_on_batch(words, np.ones((3, 4, 3)))])


def data(seed=None):
    return tf.data.Dataset.range(6).shuffle(6, seed=seed)


tf.set_random_seed(5)
for each in (data().repeat(2), data(3).repeat(2), data(3).repeat().batch(4).take(5),
             data().batch(2).repeat(2), data(3).repeat(2).shuffle(4, seed=2),
             data().repeat(3).map(lambda row: row * 2)):
    for _ in range(2):
        print([row.numpy().tolist() for row in each])
for count in (0, -2):
    try:
        print(list(data(3).repeat(count)))
    except tf.errors.InvalidArgumentError:
        print("refused")
