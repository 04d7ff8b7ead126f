"""Passes over shuffled data, eagerly, and the names that Keras gives metrics."""
import tensorflow as tf
tf.enable_eager_execution()
tf.set_random_seed(5)


def range_of(n=8):
    return tf.data.Dataset.range(n)


DATA = [
    range_of().shuffle(8, seed=3),
    range_of().shuffle(3),
    range_of().shuffle(8, seed=3, reshuffle_each_iteration=False),
    range_of().map(lambda x: x * 2).shuffle(8, seed=3).batch(3).prefetch(1),
    range_of(4).shuffle(4, seed=3).batch(2).repeat(2),
    range_of(6).map(lambda x: tf.py_func(lambda y: y * 2, [x], tf.int64)).shuffle(6, seed=3),
    tf.data.Dataset.zip((range_of(5).shuffle(5, seed=1), range_of(5))).map(lambda a, b: a * 10 + b),
    tf.data.Dataset.from_generator(lambda: iter(range(5)), tf.int64, []).shuffle(5, seed=1),
    range_of(4).shuffle(4, seed=3).map(lambda x: tf.cast(x, tf.float32)
                                       + tf.random_uniform([], seed=2)),
]
for data in DATA:
    for _ in range(3):
        print([row.numpy().tolist() for row in data])

model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,), kernel_initializer="ones",
                                                   activation="sigmoid")])
model.compile(tf.train.GradientDescentOptimizer(.1), "mse", metrics=[
    "accuracy", "mae", "mse", "binary_accuracy", tf.keras.metrics.MeanAbsoluteError(name="m")])
x = tf.reshape(tf.range(16.), [8, 2]).numpy() / 16
history = model.fit(x, x[:, 0].round(), epochs=2, batch_size=4, verbose=0, shuffle=False)
print(sorted(history.history) == sorted(
    ["loss", "acc", "mean_absolute_error", "mean_squared_error", "binary_accuracy", "m"]))
for name in sorted(history.history):
    print(name, ["%.5f" % value for value in history.history[name]])
print(model.metrics_names[1:4] == ["acc", "mean_absolute_error", "mean_squared_error"])
print(["%.5f" % value for value in model.predict(x)[:, 0]])
